//! What a municipality reads, and a company: `demo --municipality`, walked through page by page and document by document as
//! those who can sign in to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use riskregister::web::SESSION;
use scraper::Node;
use serde_json::{Value, json};

use crate::demo::{Demo, Place};
use crate::kit::visitor::{Page, cookie_of, written};
use crate::kit::{Client, World, both, office, pdf};

/// So many pages of each kind are looked at, by each person.
const OF_EACH: usize = 3;

/// Whose words the company's own people never read on what is the company's.
const NOT_A_COMPANYS: [&str; 2] = ["nämnd", "förvaltningschef"];

/// What is the reader's own body's, and nobody else's.
const OWN: [&str; 17] = [
    "/plans/",
    "/risks/",
    "/controls/",
    "/actions/",
    "/reports/",
    "/status/",
    "/deficiencies/",
    "/recommendations/",
    "/files/plans/",
    "/files/reports/",
    "/files/risks",
    "/files/controls",
    "/files/actions",
    "/files/deficiencies",
    "/files/recommendations",
    "/files/indicators",
    "/files/goals",
];

/// What somebody reads on a page: texts, and what stands for them, but not what is written for machines.
pub fn visible(page: &Page) -> String {
    let mut all = String::new();
    for node in page.html.tree.nodes() {
        let inside = |names: &[&str]| {
            node.ancestors().any(|above| above.value().as_element().is_some_and(|e| names.contains(&e.name())))
        };
        match node.value() {
            Node::Text(text) if !inside(&["code", "pre", "script", "style"]) => all.push_str(text),
            Node::Element(element) => {
                for name in ["aria-label", "title", "placeholder", "alt", "data-label", "data-said"] {
                    all.extend(element.attr(name));
                    all.push('\n');
                }
            }
            _ => {}
        }
    }
    all
}

/// The texts of a JSON, without the names of its fields.
pub fn values(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text}\n"),
        Value::Array(all) => all.iter().map(values).collect(),
        Value::Object(all) => all.values().map(values).collect(),
        _ => String::new(),
    }
}

/// The kind of a page: its path without the ids and numbers in it.
fn kind_of(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let step = |step: &str| if step.chars().any(|c| c.is_ascii_digit()) { "{}".into() } else { step.to_owned() };
    let steps: Vec<String> = path.split('/').map(step).collect();
    format!("{}?{query}", steps.join("/"))
}

/// Somebody who follows every link, and remembers all that they read.
pub struct Reader {
    client: Client,
    /// What was read, by where it stands.
    pub read: BTreeMap<String, String>,
}

impl Reader {
    fn of(demo: &Demo, email: &str, language: &str) -> Self {
        let accounts = demo.accounts();
        let (.., password) = accounts.iter().find(|(_, address, _)| address == email).expect("an account");
        let form = [("email", email), ("password", password), ("to", "/")];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let client = Client::new(&demo.address, None)
            .with("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .with("accept-language", language)
            .with("sec-fetch-site", "same-origin");
        let form = client.with("content-type", "application/x-www-form-urlencoded");
        let signed_in = form.send_outside("POST", "/sign-in", Some(body.into_bytes())).expect(303);
        let cookie = format!("{SESSION}={}", cookie_of(&signed_in));
        Self::over(client.with("cookie", &cookie))
    }

    /// With a client that is signed in as a browser is.
    pub fn over(client: Client) -> Self {
        let mut reader = Self { client, read: BTreeMap::new() };
        reader.walk();
        reader
    }

    /// Follows every link, to so many pages of each kind.
    fn walk(&mut self) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut known: BTreeSet<String> = BTreeSet::from(["/".into()]);
        let mut ahead: VecDeque<String> = known.iter().cloned().collect();
        while let Some(path) = ahead.pop_front() {
            let count = seen.entry(kind_of(&path)).or_default();
            if *count == OF_EACH {
                continue;
            }
            *count += 1;
            let answer = self.client.send_outside("GET", &path, None).expect(200);
            let (media, body) = (answer.header("content-type").to_owned(), &answer.body);
            let text = match media.split(';').next().unwrap_or_default() {
                "text/html" => {
                    let page = Page::of(&answer);
                    for link in page.all("a[href]").iter().filter_map(|link| link.attr("href")) {
                        let link = link.split('#').next().unwrap_or_default();
                        let file = link.starts_with("/files/");
                        let link = if file { link } else { link.split('?').next().unwrap_or_default() };
                        let ours = link.starts_with('/')
                            && !["/api/", "/assets/", "/files/logs/"].iter().any(|at| link.starts_with(at));
                        if ours && known.insert(link.to_owned()) {
                            ahead.push_back(link.to_owned());
                        }
                    }
                    visible(&page)
                }
                "application/pdf" => pdf::pages(body).concat(),
                "text/csv" => String::from_utf8_lossy(body).into_owned(),
                "application/json" => values(&serde_json::from_slice(body).expect("JSON")),
                _ if media.contains("openxmlformats") => office::text(body),
                other => panic!("{path} is {other}"),
            };
            self.read.insert(path, text.to_lowercase());
        }
    }

    fn has_read(&self, beginning: &str) -> usize {
        self.read.keys().filter(|path| path.starts_with(beginning)).count()
    }

    #[track_caller]
    pub fn reads_nowhere(&self, word: &str, among: &[&str]) {
        // What is held about oneself is given to programs, in the words of the API: codes stay what they are.
        let read = self.read.iter().filter(|(path, _)| path.as_str() != "/files/me/data");
        for (path, text) in read.filter(|(path, _)| among.iter().any(|at| path.starts_with(at))) {
            if let Some(at) = text.find(word) {
                let around: String = text[..at].chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
                panic!("{path}: …{around}{}", text[at..].chars().take(60).collect::<String>());
            }
        }
    }
}

both! {
    fn a_municipality_reads_of_no_region_and_a_company_of_no_board_of_politicians(place: &Place) {
        let demo = place.start(&["demo", "--municipality"]);
        assert!(demo.greeting.contains("The plan of Barn- och utbildningsnämnden for 2024 is adopted"), "{}", demo.greeting);
        let office = demo.as_role("regionAdministrator");
        let compiled = office.post("/compiled-reports", json!({"year": 2024, "kind": "annual"})).expect(201).id();
        office.post_current(&format!("/compiled-reports/{compiled}"), "/finalization", json!({})).expect(200);
        for (email, language) in [
            ("kommunadministrator@demo.example", "sv"),
            ("kommunadministrator@demo.example", "en"),
            ("forvaltningschef@demo.example", "sv"),
            ("controller@demo.example", "sv"),
            ("riskagare@demo.example", "sv"),
            ("revisor@demo.example", "sv"),
            ("bolaget@demo.example", "en"),
        ] {
            let reader = Reader::of(&demo, email, language);
            assert!(reader.read.len() > 30, "{email} finds {} pages", reader.read.len());
            reader.reads_nowhere("region", &["/"]);
            if email == "kommunadministrator@demo.example" {
                assert!(reader.has_read("/compiled-reports/") > 0);
                assert!(reader.has_read("/files/compiled-reports/") >= 4, "the compiled report in its formats");
            }
        }
        for email in ["vd@demo.example", "bolaget@demo.example"] {
            let reader = Reader::of(&demo, email, "sv");
            for (at, least) in [("/plans/", 3), ("/risks/", 3), ("/reports/", 1), ("/files/plans/", 4), ("/files/reports/", 4)] {
                assert!(reader.has_read(at) >= least, "{email} finds {} at {at}", reader.has_read(at));
            }
            reader.reads_nowhere("region", &["/"]);
            for word in NOT_A_COMPANYS {
                reader.reads_nowhere(word, &OWN);
            }
            let (plan, _) = reader.read.iter().find(|(path, _)| path.starts_with("/plans/")).expect("a plan");
            assert!(reader.read[plan].contains("styrelse"), "{plan} names its board");
        }
        // Whoever is not signed in reads the same words, and so do machines that write to people.
        let nobody = Client::new(&demo.address, None).with("accept", "text/html");
        for path in ["/sign-in", "/help", "/accessibility"] {
            let text = visible(&Page::of(&nobody.send_outside("GET", path, None).expect(200))).to_lowercase();
            assert!(!text.contains("region"), "{path}: {text}");
        }
        for role in ["regionAdministrator", "head", "controller", "auditor", "riskOwner", "performer"] {
            let client = demo.as_role(role);
            let tasks = client.with("accept-language", "sv").get("/me/tasks?limit=200").expect(200);
            for told in tasks.column("detail") {
                assert!(!told.to_lowercase().contains("region"), "{role}: {told}");
            }
            let calendar = client.post_nothing("/me/calendar").expect(201).text("url");
            let at = calendar.find("/calendar/").expect("the address of a calendar");
            let feed = Client::new(&demo.address, None).send_outside("GET", &calendar[at..], None).expect(200);
            assert!(!String::from_utf8_lossy(&feed.body).to_lowercase().contains("region"), "the calendar of {role}");
        }
        let told = demo.as_role("regionAdministrator").get("/organisations?kind=municipality").expect(200);
        assert_eq!(told.column("name"), ["Ekdala kommun"]);
        demo.stop();
    }
}

both! {
    fn auditors_are_called_what_the_root_calls_them(world: &World) {
        let (admin, root) = (world.visitor(&world.admin_id), format!("/organisations/{}", world.root));
        assert!(admin.page("/audit").text("main").contains("Vad regionrevisorerna och"));
        let form = written(&admin.page(&root).form("form#organisation"), "auditors", "Patientrevisionen");
        admin.send(&root, &form).expect(303);
        assert!(admin.page(&root).text("main dl").contains("Patientrevisionen"));
        let told = admin.page("/audit").text("main");
        assert!(told.contains("Vad patientrevisionen och") && !told.contains("regionrevisorerna"), "{told}");
        // A region that is a municipality, as those were that were made before there was a kind for it, says so itself.
        let form = written(&admin.page(&root).form("form#organisation"), "kind", "municipality");
        admin.send(&root, &form).expect(303);
        let page = admin.page("/help");
        assert!(page.text("main").contains("kommunen") && !visible(&page).contains("region"), "{}", page.text("main"));
    }
}

both! {
    fn what_a_municipality_is_told_when_it_errs(place: &Place) {
        let made = place.run(&["init", "--name", "Provköpings kommun", "--kind", "municipality", "--auditors", "Stadsrevisionen", "--admin", "ada@example.org"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let token = place.run(&["token", "ada@example.org"]);
        let token = String::from_utf8(token.stdout).expect("a token");
        let (serve, _said) = place.serve();
        let admin = Client::new(&serve.address, Some(token.trim())).with("accept-language", "sv");
        let root = admin.get("/organisations").expect(200);
        assert_eq!((root.items()[0]["kind"].as_str(), root.items()[0]["name"].as_str()), (Some("municipality"), Some("Provköpings kommun")));
        let root = root.items()[0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(admin.get(&format!("/organisations/{root}")).expect(200)["auditors"], "Stadsrevisionen");
        let texts = admin.get("/standing-texts").expect(200);
        assert!(texts.items().len() > 2);
        for text in texts.column("text") {
            assert!(!text.to_lowercase().contains("region"), "{text}");
        }
        assert!(texts.column("text").iter().any(|text| text.contains("kommunfullmäktige")));
        // A kommun has neither a kommun nor a region below it, and stays what it is.
        for kind in ["region", "municipality"] {
            let form = json!({"parentId": root, "kind": kind, "name": "En till", "validFrom": "2020-01-01"});
            admin.post("/organisations", form).refused(422, "oneRegion");
        }
        admin.patch_current(&format!("/organisations/{root}"), json!({"kind": "board"})).refused(422, "rootStays");
        let form = json!({"parentId": root, "kind": "company", "name": "Provköpings Hamn AB", "validFrom": "2020-01-01", "plans": true});
        let company = admin.post("/organisations", form).expect(201).id();
        admin.patch_current(&format!("/organisations/{company}"), json!({"auditors": "Andra"})).refused(422, "rootOnly");
        // Its own coordinator is told in its words.
        let form = json!({"organisationId": company, "name": "Bo Lag", "email": "bo@example.org"});
        let user = admin.post("/users", form).expect(201).id();
        admin.post(&format!("/users/{user}/grants"), json!({"role": "controller", "organisationId": company})).expect(201);
        let token = place.run(&["token", "bo@example.org"]);
        let token = String::from_utf8(token.stdout).expect("a token");
        let coordinator = Client::new(&serve.address, Some(token.trim())).with("accept-language", "sv");
        let found = json!({"organisationId": company, "title": "Fel i attest", "severity": "minor", "foundOn": "2024-03-01"});
        let found = coordinator.post("/deficiencies", found).expect(201).id();
        let untold = coordinator.patch_current(&format!("/deficiencies/{found}"), json!({"boardParagraph": "4", "regionYear": 2024}));
        let told = values(&untold.expect(422).json);
        assert!(told.contains("Ange när styrelsen underrättades."), "{told}");
        assert!(told.contains("kommunledningskontoret") && !told.contains("region"), "{told}");
        serve.stop();
    }
}
