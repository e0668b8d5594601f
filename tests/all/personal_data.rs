//! What the register holds about a person: for the person, and for who administers people.

use std::collections::BTreeSet;

use diesel::prelude::*;
use riskregister::storage::connection::AnyConnection;
use riskregister::storage::queries::columns_of_people;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::visitor::written;
use crate::kit::{Answer, Databases, Start, World, both};

/// What names the person in a file, as `entity.field`.
fn fields(data: &Answer) -> BTreeSet<String> {
    let all = data["namedIn"].as_array().expect("a list").iter();
    all.map(|one| format!("{}.{}", one["entity"].as_str().expect("a thing"), one["field"].as_str().expect("a field")))
        .collect()
}

/// The things of a kind that name the person.
fn things<'d>(data: &'d Answer, entity: &str) -> Vec<&'d Value> {
    data["namedIn"].as_array().expect("a list").iter().filter(|one| one["entity"] == entity).collect()
}

both! {
    fn a_person_gets_all_that_is_held_about_them(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let form = json!({"text": "Hinner du det här?", "mentionedIds": [world.performer.id]});
        world.controller.post(&format!("/controls/{}/notes", year.always), form).expect(201);
        let form = json!({"organisationId": world.board, "title": "Attest saknas", "severity": "serious", "foundOn": "2024-05-02"});
        world.performer.post("/deficiencies", form).expect(201);
        world.performer.post_nothing("/me/calendar").expect(201);
        let email = world.performer.get("/me").expect(200).text("email");
        world.as_nobody().post("/sessions", json!({"email": email, "password": "inte den rätta frasen"})).expect(401);

        let data = world.performer.get("/me/data").expect(200);
        assert_eq!((&data["user"]["id"], data["grants"].as_array().map(Vec::len)), (&json!(world.performer.id), Some(1)));
        assert!(data["calendarSince"].is_string() && !data["sessions"].as_array().expect("a list").is_empty(), "{}", data.json);
        assert_eq!(data["signInAttempts"][0]["failed"], 1, "{}", data.json);
        assert!(data.header("content-disposition").contains(&world.performer.id));
        let named = fields(&data);
        for field in ["control.responsibleId", "action.responsibleId", "deficiency.reportedById", "note.mentionedIds"] {
            assert!(named.contains(field), "{field} is not in {named:?}");
        }
        let control = things(&data, "control")[0];
        assert!(control["name"].is_string() && control["content"]["riskId"] == control["riskId"], "{control}");
        for one in data["namedIn"].as_array().expect("a list").iter().filter(|one| one["content"].is_object()) {
            assert_eq!(world.performer.get(crate::events::path_of(world, &one["link"])).status, 200, "{one}");
        }
        // What they did, each by its place in the history, and as many as are counted.
        let acts = data["acts"].as_array().expect("a list");
        let counted: i64 = data["actsByKind"].as_object().expect("counts").values().filter_map(Value::as_i64).sum();
        assert_eq!(acts.len() as i64, counted);
        assert_eq!(data["actsByKind"]["deficiency.reported"], 1);
        for (log, client) in [(&world.board, &world.controller.client), (&world.root, &world.admin)] {
            let path = format!("/logs/{log}/events?limit=200&actorId={}", world.performer.id);
            let told = client.get(&path).expect(200);
            assert!(told.items().iter().all(|item| item["event"]["actor"]["id"] == json!(world.performer.id)));
            let listed = acts.iter().filter(|act| act["log"] == json!(log)).map(|act| &act["n"]);
            assert_eq!(told.items().iter().map(|item| &item["n"]).collect::<Vec<_>>(), listed.collect::<Vec<_>>());
        }
        // Nothing that opens anything.
        let whole = data.json.to_string();
        for secret in ["$argon2", "refreshToken", "sha256", "passwordHash", "whsec_", ".ics"] {
            assert!(!whole.contains(secret), "{secret} stands in the file");
        }
        // The file of somebody else tells of somebody else.
        let other = world.risk_owner.get("/me/data").expect(200);
        assert!(fields(&other).contains("risk.ownerId") && other["user"]["id"] != data["user"]["id"]);
    }

    fn who_administers_people_gets_the_same_but_what_is_the_writers_alone(world: &World) {
        let year = Year::adopted(world);
        let form = json!({"organisationId": world.board, "planId": year.plan, "riskId": year.risk, "title": "Misstänkt förskingring",
            "severity": "serious", "foundOn": "2024-05-02", "suspectedCrime": true});
        world.performer.post("/deficiencies", form).expect(201);
        let own = world.performer.get("/me/data").expect(200);
        let path = format!("/users/{}/data", world.performer.id);
        let told = world.admin.get(&path).expect(200);
        assert_eq!(fields(&told), fields(&own));
        assert_eq!((&told["acts"], &told["grants"]), (&own["acts"], &own["grants"]));
        // Who may not is not told: who sees the person 403, the others 404.
        world.controller.get(&path).expect(403);
        world.auditor.get(&path).expect(403);
        world.reader.get(&path).expect(404);
        world.as_nobody().get(&path).expect(401);
        world.admin.get(&format!("/users/{}/data", world.board)).expect(404);

        // Whose role has ended is told which things name them, and no more of what they no longer see.
        let grants = world.admin.get(&format!("/users/{}/grants", world.performer.id)).expect(200);
        for grant in grants.column("id") {
            world.admin.delete_current(&format!("/users/{}/grants/{grant}", world.performer.id)).expect(204);
        }
        let left = world.performer.get("/me/data").expect(200);
        assert_eq!(fields(&left), fields(&own));
        for control in things(&left, "control") {
            assert_eq!((&control["name"], &control["content"]), (&Value::Null, &Value::Null), "{control}");
            assert!(control["riskId"].is_string());
        }
        assert_eq!(things(&left, "deficiency")[0]["name"], "Misstänkt förskingring", "their own report they see");
    }

    fn a_draft_is_told_to_its_writer_alone(world: &World) {
        let year = Year::drafted(world);
        let visitor = world.visitor(&world.controller.id);
        let page = format!("/plans/{}/sections/monitoring", year.plan);
        let form = written(&visitor.page(&page).form("form#section"), "text", "Något som ännu ingen ska läsa.");
        visitor.send("/drafts", &written(&form, "_page", &page)).expect(200);
        let own = world.controller.get("/me/data").expect(200);
        let told = world.admin.get(&format!("/users/{}/data", world.controller.id)).expect(200);
        let drafts = |data: &Answer| data["drafts"].as_array().expect("a list").clone();
        assert_eq!((drafts(&own).len(), drafts(&told).len()), (1, 1));
        assert_eq!((&drafts(&own)[0]["page"], &drafts(&told)[0]["page"]), (&json!(page), &json!(page)));
        assert!(own.json.to_string().contains("Något som ännu ingen ska läsa."));
        assert!(!told.json.to_string().contains("ännu ingen ska läsa"));
    }

    fn events_are_asked_for_by_somebody_whom_one_sees(world: &World) {
        let path = format!("/logs/{}/events?actorId=", world.board);
        world.plan(2024);
        let told = world.auditor.get(&format!("{path}{}", world.controller.id)).expect(200);
        assert!(!told.items().is_empty());
        // Whom one does not see is as unknown as who is not there.
        for unseen in [&world.stranger.id, &world.board] {
            let refused = world.controller.get(&format!("{path}{unseen}")).expect(422);
            assert_eq!(refused.faults(), [("?actorId", "unknownReference")]);
        }
        world.controller.get(&format!("{path}x")).expect(400);
        world.performer.get(&format!("{path}{}", world.controller.id)).expect(404);
    }

    fn the_file_is_got_from_the_pages(world: &World) {
        let own = world.visitor(&world.performer.id);
        let page = own.page("/account");
        assert_eq!(page.attribute("a[href='/files/me/data']", "download"), "personuppgifter.json");
        let file = own.get("/files/me/data").expect(200);
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!(file["user"]["id"], world.performer.id);
        let link = format!("/files/users/{}/data", world.performer.id);
        let selector = format!("a[href='{link}']");
        let at = format!("/users/{}", world.performer.id);
        let admin = world.visitor(&world.admin_id);
        assert_eq!(admin.page(&at).all(&selector).len(), 1);
        assert_eq!(admin.get(&link).expect(200)["user"]["id"], world.performer.id);
        assert_eq!(world.visitor(&world.controller.id).page(&at).all(&selector).len(), 0, "who may not is not offered it");
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = diesel::sql_types::Text)]
    table_name: String,
    #[diesel(sql_type = diesel::sql_types::Text)]
    column_name: String,
}

/// By what the database itself says of its columns, and by their names where it says nothing.
#[test]
fn every_column_that_refers_to_people_is_told_or_named() {
    let world = World::on(Databases::Sqlite);
    let mut c = world.config.database.connect().expect("the file can be opened");
    let AnyConnection::Sqlite(c) = &mut c else { unreachable!("SQLite was asked for") };
    let found: Vec<Column> = diesel::sql_query(
        "SELECT m.name AS table_name, f.\"from\" AS column_name FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
         WHERE m.type = 'table' AND f.\"table\" = 'users' \
         UNION SELECT m.name, i.name FROM sqlite_master m, pragma_table_info(m.name) i WHERE m.type = 'table' \
         AND (i.name LIKE '%\\_by\\_id' ESCAPE '\\' OR i.name IN ('user_id', 'owner_id', 'responsible_id', 'actor_id', 'on_behalf_of_id'))",
    )
    .load(c)
    .expect("the columns");
    let there: BTreeSet<(String, String)> = found.into_iter().map(|one| (one.table_name, one.column_name)).collect();
    let known: BTreeSet<(String, String)> =
        columns_of_people().into_iter().map(|(table, column, _)| (table.to_owned(), column.to_owned())).collect();
    assert_eq!(
        there, known,
        "src/storage/queries/personal.rs says of each column that refers to people whether it is told"
    );
    assert!(there.len() > 30, "{there:?}");
    assert!(columns_of_people().iter().all(|(_, _, why)| why.is_none_or(|why| why.len() > 20)), "each with its reason");
}
