//! No list reads a table whole where an index could serve: SQLite itself is asked how it would answer each statement
//! that the lists of the API send, with each filter, and sorted each way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use riskregister::http::contract::ParameterKind;
use riskregister::storage::{Address, AnyConnection};

use crate::kit::{Client, Databases, Start, World};

/// The statements that were sent to the databases whose files are listened to.
static HEARD: LazyLock<Mutex<BTreeMap<String, BTreeSet<String>>>> = LazyLock::new(Default::default);

/// Hears what a database is asked.
fn hear(address: &Address, statement: &str) {
    if let Address::Sqlite(file) = address
        && let Some(heard) = HEARD.lock().expect("no test falls here").get_mut(file)
    {
        heard.insert(statement.split(" -- binds:").next().unwrap_or_default().to_owned());
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// Sorting and searching that read a table whole, and may: the parameter, and why.
const MAY: &[(&str, &str)] = &[
    ("q", "a search for a part of a text, which no index finds"),
    ("sort=name", "risks, controls and actions are put in this order within a plan, which is found by its index"),
    ("sort=reference", "likewise"),
    ("sort=number", "numbers mean something within a plan alone"),
    ("sort=position", "likewise"),
    ("sort=likelihood", "a handful of values: an index would be read by thousands for a page"),
    ("sort=consequence", "likewise"),
    ("sort=status", "likewise"),
    (
        "sort=-updatedAt",
        "who follows changes asks upwards, from a time on; what ties go by runs the other way than this",
    ),
    ("sort=kind", "likewise"),
    ("sort=active", "likewise"),
    ("sort=decidedOn", "plans, of which there are as many as bodies a year"),
    ("sort=validFrom", "organisations: as many as there are"),
    ("sort=title", "deficiencies, some a body and year"),
    ("sort=report", "recommendations, some a body and year"),
    ("sort=givenOn", "audit opinions, one a body and year"),
    ("sort=finishedAt", "letters of a year at most"),
];

/// Lists of every body of the region, which are looked at together and set side by side.
const OF_ALL_BODIES: &[&str] = &["/follow-ups"];

/// Lists that are in the order of names where nothing else is asked: the Swedish one, which no index of SQLite has. There are as
/// many rows as the region has organisations and people.
const BY_NAME_AT_FIRST: &[&str] = &["/organisations", "/users"];

/// Tables that are short however large the register is.
const SHORT: &[(&str, &str)] = &[
    ("register", "one row"),
    ("goals", "some tens a year"),
    ("indicators", "some tens a year"),
    ("mandatory_risks", "some a year"),
    ("standing_texts", "some a year"),
    ("wordings", "some a body at most"),
    ("scoring_policies", "one a body that has its own"),
    ("policy_versions", "some a policy"),
    ("deadlines", "three a year"),
    ("service_accounts", "one a connected system"),
    ("webhooks", "one a connected system"),
    ("webhook_states", "one a webhook"),
    ("erasures", "one a decision"),
    ("compiled_reports", "three a year"),
    ("signing_keys", "one a key that checkpoints were ever signed with: the minute asks for them beside the lists"),
];

/// A value that a parameter takes.
fn value(form: &ParameterKind, world: &World) -> String {
    match form {
        ParameterKind::Id => world.board.clone(),
        ParameterKind::Integer { least, most } => 3.clamp(*least, *most).to_string(),
        ParameterKind::Flag => "true".into(),
        ParameterKind::Date => "2024-05-01".into(),
        ParameterKind::Time => "2024-05-01T00:00:00Z".into(),
        ParameterKind::Text { .. } => "text".into(),
        ParameterKind::Kinds => "risk.assessed,plan.adopted".into(),
        ParameterKind::Several(form) => value(form, world),
        ParameterKind::Word(_, words) => words[0].into(),
        ParameterKind::Fields(fields) => fields[0].clone(),
        // A list gives its own, and no list takes the name of a file.
        ParameterKind::Sort(_) | ParameterKind::Cursor | ParameterKind::FileName => String::new(),
    }
}

#[test]
fn no_list_reads_a_table_whole() {
    riskregister::storage::connection::listen(hear);
    let world = World::on(Databases::Sqlite);
    let Address::Sqlite(file) = &world.config.database else { unreachable!("SQLite was asked for") };
    let mut faults = BTreeSet::new();
    let mut asked = 0;
    let mut c = world.config.database.connect().expect("the file can be opened");
    let people: [(&str, &Client); 3] =
        [("the administrator", &world.admin), ("a controller", &world.controller), ("a performer", &world.performer)];
    for operation in riskregister::api::operations() {
        let of_list = operation.parameters.iter().any(|p| p.name == "limit");
        if operation.method != "get" || !of_list || operation.parameters.iter().any(|p| p.in_path) {
            continue;
        }
        let required = operation.parameters.iter().filter(|p| p.required);
        let required: String = required.map(|p| format!("{}={}&", p.name, value(&p.form, &world))).collect();
        let mut queries = vec![(String::new(), String::new(), false)];
        for parameter in operation
            .parameters
            .iter()
            .filter(|p| !p.required && !matches!(p.name, "limit" | "page" | "asOf" | "after" | "actorId"))
        {
            match &parameter.form {
                ParameterKind::Sort(fields) => {
                    for field in fields {
                        queries
                            .extend([format!("sort={field}"), format!("sort=-{field}")].map(|s| (s.clone(), s, false)));
                    }
                }
                form => {
                    let selective =
                        matches!(form.each(), ParameterKind::Id | ParameterKind::Text { .. } | ParameterKind::Time);
                    let one = value(form, &world);
                    let ask = |values: &str| (format!("{}={values}", parameter.name), parameter.name.into(), selective);
                    queries.push(ask(&one));
                    if matches!(form, ParameterKind::Several(_)) {
                        queries.push(ask(&format!("{one},{one}")));
                    }
                }
            }
        }
        for (query, may, selective) in queries {
            for (who, client) in people {
                let heard = listen(file, || {
                    let answer = client.get(&format!("{}?{required}{query}", operation.path));
                    assert!(matches!(answer.status, 200 | 403), "{} {query}: {}", operation.path, answer.json);
                });
                asked += heard.len();
                for statement in heard {
                    // To count all, or what has one of a few values, is to read a good part of the rows whichever way;
                    // and what asks for none of no ids reads nothing.
                    let counts = statement.starts_with("SELECT COUNT(") && !selective;
                    if counts || statement.contains("WHERE (1=0)") {
                        continue;
                    }
                    for step in steps(&mut c, &statement) {
                        let Some(table) = whole(&step) else { continue };
                        let short = SHORT.iter().any(|(short, _)| *short == table);
                        let upwards = may.replace("=-", "=");
                        let short = short || (table == "organisations" && OF_ALL_BODIES.contains(&operation.path));
                        let ordered = BY_NAME_AT_FIRST.contains(&operation.path) && statement.contains("COLLATE");
                        if !short && !ordered && !MAY.iter().any(|(p, _)| *p == may || *p == upwards) {
                            faults.insert(format!("{}?{query} as {who}: {step}\n    {statement}", operation.path));
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 500, "only {asked} statements were heard");
    assert!(faults.is_empty(), "{} read a table whole:\n{}", faults.len(), Vec::from_iter(faults).join("\n"));
}

/// What the register asks its database meanwhile.
fn listen(file: &str, act: impl FnOnce()) -> BTreeSet<String> {
    HEARD.lock().expect("no test falls here").insert(file.to_owned(), BTreeSet::new());
    act();
    let heard = HEARD.lock().expect("no test falls here").remove(file).unwrap_or_default();
    heard.into_iter().filter(|statement| statement.starts_with("SELECT")).collect()
}

fn steps(c: &mut AnyConnection, statement: &str) -> Vec<String> {
    let steps: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(c).expect("it can be planned");
    steps.into_iter().map(|step| step.detail).collect()
}

/// The table that a step reads whole, row by row. One that is read along an index is in the order that was asked for,
/// and stops at the end of the page; or the index alone is read, to count.
fn whole(step: &str) -> Option<&str> {
    let table = step.strip_prefix("SCAN ")?.split(' ').next()?;
    let of_its_own = table.starts_with('(') || table == "CONSTANT" || step.contains("SUBQUERY");
    (!of_its_own && !step.contains(" INDEX ")).then_some(table)
}

#[derive(QueryableByName)]
struct Bare {
    #[diesel(sql_type = Text)]
    bare: String,
}

/// What the register deletes: each time the database looks for what points at it.
const DELETED: &[&str] =
    &["actions", "assessments", "controls", "goals", "indicators", "plans", "reports", "risks", "webhooks"];

#[test]
fn what_points_at_things_that_are_deleted_has_an_index() {
    let world = World::on(Databases::Sqlite);
    let mut c = world.config.database.connect().expect("the file can be opened");
    let deleted = DELETED.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
    let bare: Vec<Bare> = diesel::sql_query(format!(
        "SELECT t.name || '.' || f.\"from\" AS bare FROM sqlite_schema t, pragma_foreign_key_list(t.name) f \
         WHERE t.type = 'table' AND f.\"table\" IN ({deleted}) AND NOT EXISTS ( \
             SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) k \
             WHERE k.seqno = 0 AND k.name = f.\"from\")"
    ))
    .load(&mut c)
    .expect("the schema can be read");
    assert_eq!(bare.into_iter().map(|b| b.bare).collect::<Vec<_>>(), Vec::<String>::new());
}
