//! What each account that the demo prints reaches, and a stranger: asked of the running demo, and drawn as a table in
//! `docs/security.md`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::demo::Place;
use crate::kit::{Client, Databases, Start, contract};
use crate::webhooks::renewed;

/// As many of each kind of thing as are tried.
const TRIED: usize = 4;
/// What everybody has of their own, and what is open to all, tells nothing of a role.
const ONES_OWN: [&str; 5] = ["/me", "/sessions", "/password-resets", "/oauth", "/api-info"];

/// What would end or lock the session of whoever asks, where the thing is themselves.
const OF_OTHERS: &str = "/users/{id}";

/// Who asks, and the things that they are told of, by their list.
pub struct Account {
    client: Client,
    id: String,
    /// Where the first role is held.
    at: Option<String>,
    things: BTreeMap<String, Vec<String>>,
}

impl Account {
    pub fn new(client: Client) -> Self {
        let me = client.get("/me");
        let id = me.json["id"].as_str().unwrap_or_default().to_owned();
        let at = me.json["grants"][0]["organisationId"].as_str().map(str::to_owned);
        Self { client, id, at, things: BTreeMap::new() }
    }

    /// The ids of what a list tells this account of.
    fn listed(&mut self, path: &str) -> Vec<String> {
        if let Some(known) = self.things.get(path) {
            return known.clone();
        }
        let answer = self.client.get(&format!("{path}?limit={TRIED}"));
        let items = answer.json["items"].as_array().cloned().unwrap_or_default();
        // A log is known by its organisation.
        let id = |item: &Value| item["id"].as_str().or(item["organisationId"].as_str()).map(str::to_owned);
        let ids: Vec<String> = items.iter().filter_map(id).take(TRIED).collect();
        self.things.insert(path.to_owned(), ids.clone());
        ids
    }

    /// The path of an operation with what this account knows in the place of its open steps.
    pub fn paths(&mut self, pattern: &str) -> Vec<String> {
        let mut all = vec![String::new()];
        for step in pattern.split('/').skip(1) {
            let values = match step.strip_prefix('{').and_then(|step| step.strip_suffix('}')) {
                None => vec![step.to_owned()],
                Some("period") => vec!["t1".into(), "interim".into(), "annual".into()],
                Some("year") => vec!["2024".into()],
                Some("n" | "number") => vec!["1".into()],
                Some("section") => vec!["summary".into()],
                Some("organisationId") => self.listed("/organisations"),
                // What lies in a list of its own.
                Some(_) => {
                    let lists = all.clone();
                    all = Vec::new();
                    for list in lists {
                        let ids = self.listed(&list);
                        all.extend(ids.into_iter().map(|id| format!("{list}/{id}")));
                    }
                    all.truncate(TRIED * TRIED);
                    continue;
                }
            };
            all = all.iter().flat_map(|path| values.iter().map(move |value| format!("{path}/{value}"))).collect();
        }
        if pattern.starts_with(OF_OTHERS) {
            all.retain(|path| !path.contains(&self.id) || self.id.is_empty());
        }
        all
    }

    /// What an operation must be asked with, by the contract's examples: a query, or nothing.
    pub fn required(&self, operation: &Value) -> String {
        let required = operation["parameters"].as_array().into_iter().flatten();
        let asked: Vec<String> = required
            .filter(|p| p["in"] == "query" && p["required"] == true)
            .map(|p| {
                let example = &p["example"];
                let value = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
                format!("{}={value}", p["name"].as_str().unwrap_or_default())
            })
            .collect();
        if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) }
    }

    /// What the contract shows as an example of a request, with what this account is told of in the place of ids.
    fn example(&mut self, operation: &Value) -> (String, Option<Vec<u8>>) {
        let content = operation["requestBody"]["content"].as_object();
        let Some((kind, media)) = content.and_then(|content| content.iter().next()) else {
            return ("application/json".into(), None);
        };
        let mut example = media["example"].clone();
        for (field, list) in [
            ("organisationId", "/organisations"),
            ("parentId", "/organisations"),
            ("goalId", "/goals"),
            ("planId", "/plans"),
        ] {
            if example.get(field).is_some()
                && let Some(id) =
                    self.at.clone().filter(|_| list == "/organisations").or_else(|| self.listed(list).first().cloned())
            {
                example[field] = json!(id);
            }
        }
        let bytes = if example.is_null() { b"x".to_vec() } else { example.to_string().into_bytes() };
        (kind.clone(), Some(bytes))
    }

    /// Whether anything of an operation is this account's: there is something to read; or it is done, or told what is wrong with
    /// what was asked.
    fn reaches(&mut self, method: &str, pattern: &str, operation: &Value) -> bool {
        let asked = self.required(operation);
        let (kind, body) = self.example(operation);
        self.paths(pattern).iter().any(|path| {
            let at = format!("{path}{asked}");
            if method == "get" {
                let answer = self.client.get(&at);
                // A list of nothing is nothing to read.
                let empty = answer.json["items"].as_array().is_some_and(Vec::is_empty);
                return answer.status == 200 && !empty;
            }
            // Nothing is changed that has a version: there is none of this name.
            let client = self.client.with("content-type", &kind).with("if-match", "\"no such version\"");
            let answer = client.send_bytes(&method.to_uppercase(), &at, body.clone());
            assert!(answer.status < 500, "{method} {at}: {}", answer.json);
            assert_ne!(answer.status, 401, "{method} {at} ended what was asked by");
            !matches!(answer.status, 403 | 404)
        })
    }
}

#[test]
fn what_the_printed_accounts_reach_is_what_the_table_shows() {
    // By what it is about: how many there are to read and to do, and how many of them each account reaches.
    let mut rows: BTreeMap<String, Vec<[usize; 2]>> = BTreeMap::new();
    let mut accounts: Vec<String> = Vec::new();
    let tried = || {
        contract().operations().into_iter().filter(|(_, path, operation)| {
            !ONES_OWN.iter().any(|own| path.starts_with(own)) && operation["security"] != json!([])
        })
    };
    let tag = |operation: &Value| operation["tags"][0].as_str().expect("a tag").to_owned();
    for (method, _, operation) in tried() {
        rows.entry(tag(operation)).or_insert_with(|| vec![[0, 0]])[0][usize::from(method != "get")] += 1;
    }
    loop {
        // Each has a demo of their own, since what is asked may be done.
        let place = Place::on(Databases::Sqlite);
        let demo = place.start(&["demo"]);
        let printed = demo.accounts();
        assert_eq!(printed.len(), 7, "{}", demo.greeting);
        let Some((role, ..)) = printed.get(accounts.len()) else { break };
        let mut account = Account::new(demo.as_role(role));
        rows.values_mut().for_each(|counts| counts.push([0, 0]));
        // What is read first is not changed by what is done.
        for reads in [true, false] {
            for (method, path, operation) in tried().filter(|(method, ..)| (*method == "get") == reads) {
                let reached = usize::from(account.reaches(method, path, operation));
                let counts = rows.get_mut(&tag(operation)).and_then(|counts| counts.last_mut()).expect("a row");
                counts[usize::from(!reads)] += reached;
            }
        }
        if accounts.is_empty() {
            let stranger = Client::new(&demo.address, None);
            for (method, path, operation) in tried() {
                for path in account.paths(path) {
                    let body = account.example(operation).1.filter(|_| method != "get");
                    let answer = stranger.send_bytes(&method.to_uppercase(), &path, body);
                    assert_eq!(answer.status, 401, "a stranger reached {method} {path}");
                }
            }
        }
        accounts.push(role.clone());
    }
    let headings: Vec<&str> = accounts.iter().map(String::as_str).collect();
    let mut table =
        format!("| What | there are | {} |\n|---|:-:|{}\n", headings.join(" | "), ":-:|".repeat(headings.len()));
    for (tag, counts) in &rows {
        let shown = |[reads, writes]: &[usize; 2]| match (reads, writes) {
            (0, 0) => "–".to_owned(),
            _ => format!("{reads} + {writes}"),
        };
        let cells: Vec<String> = counts.iter().map(shown).collect();
        table.push_str(&format!("| {tag} | {} |\n", cells.join(" | ")));
    }

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security.md");
    let page = std::fs::read_to_string(file).expect("the page");
    let made = renewed(&page, "reach", table.trim_end());
    let renews = std::env::var_os("RENEW_PAGES").is_some();
    if renews {
        std::fs::write(file, &made).expect("the page can be written");
    }
    assert!(
        made == page || renews,
        "docs/security.md does not show what the accounts reach. Make it anew, and read the difference like any code:\n\n    \
         RENEW_PAGES=1 cargo test --test all what_the_printed_accounts_reach\n"
    );
}
