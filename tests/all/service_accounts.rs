//! The accounts of other systems: their secrets, their tokens, and what a token that only reads can reach.

use chrono::{SecondsFormat, TimeDelta, Utc};
use diesel::prelude::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use riskregister::storage::history::{Origin, sha256_hex};
use riskregister::storage::records::{ServiceAccount, ServiceCredential};
use riskregister::storage::{Address, Id, Place, Stored, Timestamp};
use serde_json::{Value, json};

use crate::kit::{Answer, Client, World, both, contract};

/// What a body's own system does not see.
const REGIONS_OWN: &str = "/compiled-reports/{id}";

/// A time so many days from now.
pub fn in_days(days: i64) -> String {
    in_seconds(days * 24 * 3600)
}

fn in_seconds(seconds: i64) -> String {
    (Utc::now() + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// An account with one secret.
pub struct System {
    pub id: String,
    path: String,
    pub secret: String,
    credential: String,
}

impl System {
    /// Of the board.
    pub fn new(world: &World, scopes: &[&str]) -> Self {
        Self::at(world, &world.board, scopes)
    }

    pub fn at(world: &World, organisation: &str, scopes: &[&str]) -> Self {
        let form = json!({"organisationId": organisation, "name": "Analysverktyget", "scopes": scopes,
            "expiresAt": in_days(365)});
        let id = world.admin.post("/service-accounts", form).expect(201).id();
        let path = format!("/service-accounts/{id}");
        let made = world.admin.post_nothing(&format!("{path}/credentials")).expect(201);
        assert_eq!(made.text("clientId"), id);
        Self { secret: made.text("clientSecret"), credential: made.id(), id, path }
    }

    fn credential(&self) -> String {
        format!("{}/credentials/{}", self.path, self.credential)
    }

    /// The same account with another secret, got with this form.
    fn rotated(&self, world: &World, form: Value) -> Self {
        let made = world.admin.post(&format!("{}/credentials", self.path), form).expect(201);
        let (id, path) = (self.id.clone(), self.path.clone());
        Self { secret: made.text("clientSecret"), credential: made.id(), id, path }
    }

    fn ask(&self, world: &World) -> Answer {
        ask(world, &self.id, &self.secret)
    }

    pub fn client(&self, world: &World) -> Client {
        world.as_user(&self.ask(world).expect(200).text("access_token"))
    }

    fn client_for(&self, world: &World, scope: &str) -> Client {
        let mut form = request(&self.id, &self.secret);
        form["scope"] = json!(scope);
        world.as_user(&world.as_nobody().post_form("/oauth/token", form).expect(200).text("access_token"))
    }
}

fn request(id: &str, secret: &str) -> Value {
    json!({"grant_type": "client_credentials", "client_id": id, "client_secret": secret})
}

fn ask(world: &World, id: &str, secret: &str) -> Answer {
    world.as_nobody().post_form("/oauth/token", request(id, secret))
}

/// Stores what a thing has become, past the API: time does not pass in tests.
pub fn store<T: Stored>(world: &World, id: &str, change: impl Fn(&mut T)) {
    let root: Id = world.root.parse().expect("an id");
    let id: Id = id.parse().expect("an id");
    let stored = world.db.write(&Origin::operator(), |w| {
        let old: T = w.get(id)?;
        let mut new = old.clone();
        change(&mut new);
        w.change(Place { log: root, organisation: root }, "serviceAccount.changed", &old, &mut new, None)
    });
    assert!(stored.expect("it can be stored"));
}

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = diesel::sql_types::Binary)]
    body: Vec<u8>,
}

/// Every event, as it lies in the database.
fn events(world: &World) -> Vec<Value> {
    // That somebody was refused, or fetched what was decided, is told some moments later.
    let all = "SELECT body FROM events WHERE kind NOT IN ('access.refused', 'document.downloaded') ORDER BY log_id, n";
    let rows: Vec<EventRow> = match &world.config.database {
        Address::Sqlite(file) => {
            let mut c = SqliteConnection::establish(file).expect("the file can be opened");
            diesel::sql_query(all).load(&mut c).expect("the history can be read")
        }
        Address::Postgres(url) => {
            let mut c = PgConnection::establish(url).expect("the database can be reached");
            diesel::sql_query(all).load(&mut c).expect("the history can be read")
        }
    };
    rows.into_iter().map(|row| serde_json::from_slice(&row.body).expect("an event is JSON")).collect()
}

/// A thing of each kind at the board, for every path of the contract.
pub struct Things {
    nouns: Vec<(&'static str, String)>,
    grant: String,
    credential: String,
    taken_in: String,
    set_aside: String,
    entry: String,
}

impl Things {
    pub fn new(world: &World, system: &System) -> Self {
        let board = &world.board;
        let goal = world.goal(2023, "Ekonomi i balans");
        let mandatory = world.issue(2023, "risk", "Risk för oegentligheter", &goal);
        let indicator = json!({"goalId": goal, "name": "Sjukfrånvaro", "decidedBy": "board"});
        let text = json!({"organisationId": board, "year": 2023, "language": "sv", "key": "egen", "heading": "Rubrik",
            "text": "Text."});
        let wording = json!({"organisationId": board, "year": 2023, "words": {"plan": "Tillsynsplan"}});
        let webhook = json!({"organisationId": board, "name": "Arkivet", "url": "https://hooks.example.org/r",
            "active": false});
        let erasure = json!({"entity": "user", "entityId": world.reader.id, "fields": ["name"], "decision": "§ 1"});
        let adopted = world.plan(2023);
        let risk = world.risk(&adopted, &goal, "Risk för avbrott", (4, 4)).id();
        let (control, action) = (world.control(&risk, "Stickprov"), world.action(&risk, "Utbildning"));
        let deficiency = json!({"organisationId": board, "title": "Attest saknas", "severity": "minor",
            "foundOn": "2022-05-02"});
        let deficiency = world.controller.post("/deficiencies", deficiency).expect(201).id();
        let new = world.controller.with("if-none-match", "*");
        let carried = format!("/plans/{adopted}/deficiencies/{deficiency}");
        new.put(&carried, json!({"riskId": risk})).expect(201);
        world.complete(&adopted);
        world.decide(&adopted);
        new.put(&format!("/controls/{control}/reports/annual"), json!({"status": "performed"})).expect(201);
        // The year had ended when the plan was adopted.
        world
            .controller
            .patch_current(&format!("/plans/{adopted}/periods/annual"), json!({"required": true}))
            .expect(200);
        let report = format!("/plans/{adopted}/reports");
        let report = world.controller.post(&report, json!({"kind": "annual"})).expect(201).id();
        world
            .admin
            .with("if-none-match", "*")
            .put("/deadlines/2023/annual", json!({"dueOn": "2024-02-16"}))
            .expect(201);
        new.put(&format!("/plans/{adopted}/self-assessments/annual"), json!({"components": []})).expect(201);
        new.put(&format!("/plans/{adopted}/financial-measures/annual"), json!({"measures": []})).expect(201);
        let compiled = world.admin.post("/compiled-reports", json!({"year": 2023, "kind": "annual"})).expect(201).id();
        let indicator = world.admin.post("/indicators", indicator).expect(201).id();
        new.put(&format!("/indicators/{indicator}/outcomes/{board}/annual"), json!({"value": "5,8"})).expect(201);
        new.put(&format!("/indicators/{indicator}/local-targets/{board}"), json!({"target": "<5,5%"})).expect(201);
        let recommendation = json!({"organisationId": board, "source": "auditors", "report": "Årlig granskning",
            "year": 2023, "text": "Följ upp avtalstroheten."});
        let recommendation = world.auditor.post("/recommendations", recommendation).expect(201).id();
        let entry = format!("/recommendations/{recommendation}/entries");
        let entry = world.auditor.post(&entry, json!({"text": "Vi följer detta."})).expect(201).id();
        let opinion = json!({"organisationId": board, "year": 2023, "judgement": "partly", "report": "Årsrapport",
            "givenOn": "2024-04-01"});
        let draft = world.plan(2024);
        let decided = |name: &str, step: &str, score: Value| {
            let mut form = json!({"name": name});
            form.as_object_mut().expect("a form").extend(score.as_object().cloned().unwrap_or_default());
            let id = world.controller.post(&format!("/plans/{draft}/risks"), form).expect(201).id();
            let client = world.controller.with("if-none-match", "*");
            client.put(&format!("/risks/{id}/{step}"), json!({"reason": "Skäl."})).expect(201);
            id
        };
        world.db.make_checkpoints().expect("checkpoints can be made");
        let grants = world.admin.get(&format!("/users/{}/grants", world.head.id)).expect(200);
        let policies = world.admin.get("/scoring-policies").expect(200);
        Self {
            taken_in: decided("Intagen risk", "inclusion", json!({"likelihood": 1, "consequence": 1})),
            set_aside: decided("Undanlagd risk", "setting-aside", json!({})),
            grant: grants.column("id")[0].into(),
            credential: system.credential.clone(),
            entry,
            nouns: vec![
                (
                    "notes",
                    world
                        .controller
                        .post(&format!("/risks/{risk}/notes"), json!({"text": "Hinner vi?"}))
                        .expect(201)
                        .id(),
                ),
                (
                    "files",
                    world
                        .controller
                        .with("content-type", "application/octet-stream")
                        .send_bytes(
                            "POST",
                            &format!("/controls/{control}/files?name=a.txt"),
                            Some(b"Underlag".to_vec()),
                        )
                        .expect(201)
                        .id(),
                ),
                (
                    "imports",
                    world
                        .controller
                        .post(
                            "/imports",
                            json!({"planId": draft, "kind": "risks", "fileName": "risker.csv",
                            "content": "UmlzaztTO0sKRmVsIGkgbMO2bmVzeXN0ZW1ldDszOzQK"}),
                        )
                        .expect(201)
                        .id(),
                ),
                ("organisations", board.clone()),
                ("users", world.head.id.clone()),
                // Its sessions: refused before anybody looks which.
                ("me", world.head.id.clone()),
                ("service-accounts", system.id.clone()),
                ("goals", goal),
                ("indicators", indicator),
                ("deficiencies", deficiency),
                ("recommendations", recommendation),
                ("audit-opinions", world.auditor.post("/audit-opinions", opinion).expect(201).id()),
                ("standing-texts", world.controller.post("/standing-texts", text).expect(201).id()),
                ("wordings", world.controller.post("/wordings", wording).expect(201).id()),
                ("scoring-policies", policies.column("id")[0].into()),
                ("mandatory-risks", mandatory),
                ("plans", adopted),
                ("reports", report),
                ("compiled-reports", compiled),
                ("risks", risk),
                ("controls", control),
                ("actions", action),
                ("logs", board.clone()),
                ("erasures", world.admin.post("/erasures", erasure).expect(201).id()),
                ("webhooks", world.admin.post("/webhooks", webhook).expect(201).id()),
            ],
        }
    }

    fn id(&self, noun: &str) -> &str {
        let found = self.nouns.iter().find(|(name, _)| *name == noun);
        &found.unwrap_or_else(|| panic!("a new noun: add a thing of {noun} to the walk")).1
    }

    /// A path of the contract, with the ids of things that are there.
    pub fn path(&self, path: &str) -> String {
        let noun = path.split('/').nth(1).unwrap_or_default();
        let id = match path {
            "/risks/{id}/inclusion" => &self.taken_in,
            "/risks/{id}/setting-aside" => &self.set_aside,
            _ if path.contains("{id}") => self.id(noun),
            _ => "",
        };
        let steps = path.split('/').map(|step| match step {
            "{id}" => id,
            "{grantId}" => &self.grant,
            "{credentialId}" => &self.credential,
            "{deficiencyId}" => self.id("deficiencies"),
            "{organisationId}" => self.id("organisations"),
            "{entryId}" => &self.entry,
            "{period}" => "annual",
            "{year}" => "2023",
            "{section}" => "monitoring",
            "{n}" | "{number}" => "1",
            step if step.starts_with('{') => panic!("a new step: say in the walk what {step} of {path} is"),
            step => step,
        });
        steps.collect::<Vec<_>>().join("/")
    }

    /// An example of a form, about the board and its things.
    pub fn form(&self, mut form: Value) -> Value {
        for (field, noun) in [
            ("organisationId", "organisations"),
            ("parentId", "organisations"),
            ("goalId", "goals"),
            ("planId", "plans"),
        ] {
            if let Some(value) = form.get_mut(field) {
                *value = json!(self.id(noun));
            }
        }
        form
    }
}

both! {
    fn from_an_account_to_reading_the_plan(world: &World) {
        let plan = world.plan(2024);
        let form = json!({"organisationId": world.board, "name": "Revisorernas verktyg", "scopes": ["read"],
            "expiresAt": in_days(365)});
        let account = world.admin.post("/service-accounts", form).expect(201);
        let path = format!("/service-accounts/{}", account.id());
        assert_eq!(account.header("location"), format!("/api/v1{path}"));
        assert_eq!(account["active"], true);
        assert_eq!(world.admin.get(&path).expect(200).json, account.json);
        assert_eq!(world.admin.get(&format!("{path}/credentials")).expect(200)["total"], 0);

        // The same request again gives another secret: the answer is not kept.
        let key = world.admin.with("idempotency-key", "once");
        let made = key.post(&format!("{path}/credentials"), json!({})).expect(201);
        let again = key.post(&format!("{path}/credentials"), json!({})).expect(201);
        let secret = made.text("clientSecret");
        assert_ne!(secret, again.text("clientSecret"));
        assert!(secret.len() >= 43, "256 bits");
        assert_eq!(made.header("cache-control"), "no-store");

        let token = ask(world, &account.id(), &secret).expect(200);
        assert_eq!(token["token_type"], "Bearer");
        assert_eq!(token["expires_in"], 900);
        assert_eq!(token["scope"], "read");
        assert_eq!(token.header("cache-control"), "no-store");
        assert_eq!(token.header("pragma"), "no-cache");

        let client = world.as_user(&token.text("access_token"));
        let me = client.get("/me").expect(200);
        assert_eq!(me["serviceAccount"]["id"], account.id());
        assert_eq!(me["scopes"], json!(["read"]));
        assert_eq!(client.get("/plans").expect(200).column("id"), [&plan]);
        client.get(&format!("/plans/{plan}/checks")).expect(200);

        // A secret is told once: no list has it, no event, nor has any event its hash.
        let listed = world.admin.get(&format!("{path}/credentials")).expect(200);
        assert_eq!(listed.column("id"), [again.id(), made.id()], "the newest first");
        let told = |text: &str| text.contains(&secret) || text.contains(&sha256_hex(secret.as_bytes()));
        assert!(!told(&listed.json.to_string()));
        let history = events(world);
        assert!(!history.iter().any(|event| told(&event.to_string())));
        let issued: Vec<&Value> = history.iter().filter(|event| event["kind"] == "token.issued").collect();
        assert_eq!(issued.len(), 1);
        assert_eq!(issued[0]["id"], made.id());
        let actor = json!({"kind": "service", "id": account.id(), "authentication": "clientCredentials"});
        assert_eq!(issued[0]["actor"], actor);
    }

    fn a_token_may_have_fewer_scopes(world: &World) {
        let plan = world.plan(2024);
        let system = System::new(world, &["webhooks", "read"]);
        assert_eq!(system.ask(world).expect(200)["scope"], "read webhooks");
        let narrow = system.client_for(world, "webhooks");
        assert_eq!(narrow.get("/me").expect(200)["scopes"], json!(["webhooks"]));
        narrow.get(&format!("/plans/{plan}")).expect(404);
        assert_eq!(narrow.get("/plans").expect(200)["total"], 0);
        assert_eq!(narrow.get("/users").expect(200)["total"], 0);
        // An account sees itself, and what everyone signed in sees.
        assert_eq!(narrow.get("/service-accounts").expect(200).column("id"), [&system.id]);
        narrow.get(&system.path).expect(200);
        narrow.get("/goals").expect(200);
        system.client_for(world, "read").get(&format!("/plans/{plan}")).expect(200);

        let other = System::new(world, &["read"]);
        narrow.get(&other.path).expect(404);
        system.client_for(world, "read").get(&other.path).expect(200);
        for scope in ["webhooks", "read webhooks", "write", " ", "READ"] {
            let mut form = request(&other.id, &other.secret);
            form["scope"] = json!(scope);
            let refused = world.as_nobody().post_form("/oauth/token", form).expect(400);
            assert_eq!(refused["error"], "invalid_scope", "{scope:?}");
        }
    }

    fn a_scope_may_read_a_part_of_it(world: &World) {
        let year = crate::follow_up::Year::adopted(world);
        let draft = world.plan(2025);
        let reads = |scope: &str| {
            let client = System::new(world, &[scope]).client(world);
            let status = |method: &str, path: &str, form| client.send_outside(method, &format!("/api/v1{path}"), form).status;
            let plan = |id: &str| status("GET", &format!("/plans/{id}"), None) == 200;
            let total = |path: &str| client.get(path).expect(200)["total"].as_u64().expect("a total") > 0;
            let seen = [plan(&year.plan), plan(&draft), total("/risks"), total("/users"), total("/logs")];
            let risks = format!("/plans/{draft}/risks");
            assert!(matches!(status("POST", &risks, Some(json!({"name": "Risk"}).to_string().into_bytes())), 403 | 404), "{scope}");
            client.post("/assessments", json!({"items": [{"riskId": year.risk, "likelihood": 1, "consequence": 1}]})).expect(403);
            (seen, !client.get("/events?kind=risk.created").expect(200).items().is_empty())
        };
        assert_eq!(reads("read"), ([true, true, true, true, true], true));
        assert_eq!(reads("read:adopted"), ([true, false, true, false, false], false));
        assert_eq!(reads("read:drafts"), ([true, true, true, false, false], false));
        assert_eq!(reads("read:people"), ([false, false, false, true, false], false));
        assert_eq!(reads("read:history"), ([false, false, false, false, true], true));
    }

    fn what_an_account_loses_its_tokens_lose(world: &World) {
        let plan = world.plan(2024);
        let system = System::new(world, &["read", "webhooks"]);
        let client = system.client(world);
        client.get(&format!("/plans/{plan}")).expect(200);
        let changed = world.admin.patch_current(&system.path, json!({"scopes": ["webhooks"]})).expect(200);
        assert_eq!(changed["scopes"], json!(["webhooks"]));
        client.get(&format!("/plans/{plan}")).expect(404);
        assert_eq!(client.get("/me").expect(200)["scopes"], json!(["webhooks"]));
        assert_eq!(system.ask(world).expect(200)["scope"], "webhooks");
    }

    fn a_scope_reaches_from_its_organisation_downwards(world: &World) {
        let controller = world.person_with("Tora Annan", &world.other_board, "controller", &world.other_board);
        let own = world.plan(2024);
        let foreign = controller.post("/plans", json!({"organisationId": world.other_board, "year": 2024})).expect(201).id();
        let risk = controller.post(&format!("/plans/{foreign}/risks"), json!({"name": "Risk"})).expect(201).id();
        let part = controller.post(&format!("/risks/{risk}/controls"), json!({"name": "Kontroll"})).expect(201).id();
        let there = System::at(world, &world.other_board, &["read"]);

        let client = System::new(world, &["read"]).client(world);
        for path in [
            format!("/plans/{foreign}"), format!("/plans/{foreign}/document"), format!("/plans/{foreign}/risks"),
            format!("/risks/{risk}"), format!("/controls/{part}"), format!("/users/{}", controller.id),
            format!("/users/{}/grants", controller.id), there.path.clone(), there.credential(),
        ] {
            client.get(&path).expect(404);
        }
        assert_eq!(client.get("/plans").expect(200).column("id"), [&own]);
        assert_eq!(client.get("/risks").expect(200)["total"], 0);
        client.post(&format!("/plans/{foreign}/risks"), json!({"name": "Risk"})).expect(404);

        let regions = System::at(world, &world.root, &["read"]).client(world);
        assert_eq!(regions.get("/plans").expect(200)["total"], 2);
        regions.get(&format!("/risks/{risk}")).expect(200);
        let parts = System::at(world, &world.division, &["read"]).client(world);
        parts.get(&format!("/plans/{own}")).expect(404);
    }

    fn an_account_ends_when_its_time_is_out(world: &World) {
        let system = System::new(world, &["read"]);
        let client = system.client(world);
        client.get("/me").expect(200);
        store(world, &system.id, |a: &mut ServiceAccount| a.expires_at = Timestamp::now().plus_seconds(60));
        let short = system.ask(world).expect(200)["expires_in"].as_i64().expect("seconds");
        assert!((1..=60).contains(&short), "no token outlives its account: {short}");
        store(world, &system.id, |a: &mut ServiceAccount| a.expires_at = Timestamp::now().plus_seconds(-1));
        client.get("/me").expect(401);
        assert_eq!(system.ask(world).expect(401)["error"], "invalid_client");
        world.admin.post_nothing(&format!("{}/credentials", system.path)).refused(409, "serviceAccountExpired");
        // It can be named and ended as it is, and prolonged.
        world.admin.patch_current(&system.path, json!({"name": "Det gamla"})).expect(200);
        world.admin.patch_current(&system.path, json!({"expiresAt": in_days(30)})).expect(200);
        client.get("/me").expect(200);
        system.client(world).get("/me").expect(200);
    }

    fn two_secrets_hold_while_a_system_changes_over(world: &World) {
        let old = System::new(world, &["read"]);
        let before = old.client(world);
        let new = old.rotated(world, json!({"earlierHoldUntil": in_days(2)}));
        assert_ne!(old.secret, new.secret);
        let (from_old, from_new) = (old.client(world), new.client(world));
        for client in [&before, &from_old, &from_new] {
            client.get("/me").expect(200);
        }
        let listed = world.admin.get(&format!("{}/credentials", old.path)).expect(200);
        assert_eq!(listed.column("id"), [&new.credential, &old.credential]);
        assert_eq!(listed.items()[0]["holdsUntil"], json!(null));
        assert!(listed.items()[1]["holdsUntil"].is_string());

        // A later change over does not give the first one more time; one that is nearer takes it away.
        let third = new.rotated(world, json!({}));
        let until = |system: &System| world.admin.get(&system.credential()).expect(200).text("holdsUntil");
        assert!(until(&old) < until(&new));
        let fourth = third.rotated(world, json!({"earlierHoldUntil": in_seconds(100)}));
        assert_eq!(until(&old), until(&third));
        let short = old.ask(world).expect(200)["expires_in"].as_i64().expect("seconds");
        assert!((1..=100).contains(&short), "no token outlives its secret: {short}");

        let over = Timestamp::now().plus_seconds(-1);
        store(world, &old.credential, |c: &mut ServiceCredential| c.holds_until = Some(over));
        old.ask(world).expect(401);
        before.get("/me").expect(401);
        from_old.get("/me").expect(401);
        from_new.get("/me").expect(200);
        fourth.client(world).get("/me").expect(200);
    }

    fn a_revoked_secret_ends_its_tokens_at_once(world: &World) {
        let old = System::new(world, &["read"]);
        let new = old.rotated(world, json!({}));
        let (from_old, from_new) = (old.client(world), new.client(world));
        let revocation = format!("{}/revocation", old.credential());
        let revoked = world.admin.post_nothing(&revocation).expect(200);
        assert!(revoked["revokedAt"].is_string());
        from_old.get("/me").expect(401);
        old.ask(world).expect(401);
        from_new.get("/me").expect(200);
        let count = events(world).len();
        assert_eq!(world.admin.post_nothing(&revocation).expect(200).json, revoked.json);
        assert_eq!(events(world).len(), count, "doing so again changes nothing");
        // A credential has its address under its own account alone.
        let other = System::new(world, &["read"]);
        let elsewhere = format!("{}/credentials/{}", other.path, new.credential);
        world.admin.get(&elsewhere).expect(404);
        world.admin.post_nothing(&format!("{elsewhere}/revocation")).expect(404);
        from_new.get("/me").expect(200);
    }

    fn an_account_that_is_ended_comes_back_without_its_secrets(world: &World) {
        let system = System::new(world, &["read"]);
        let client = system.client(world);
        let ended = world.admin.patch_current(&system.path, json!({"active": false})).expect(200);
        assert_eq!(ended["active"], false);
        client.get("/me").expect(401);
        system.ask(world).expect(401);
        world.admin.post_nothing(&format!("{}/credentials", system.path)).refused(409, "serviceAccountEnded");
        assert!(world.admin.get(&system.credential()).expect(200)["revokedAt"].is_string());
        let told = events(world).into_iter().find(|event| event["kind"] == "serviceAccount.ended");
        assert_eq!(told.expect("an event")["effects"][0]["entity"], "serviceCredential", "what follows stands in the same event");

        world.admin.patch_current(&system.path, json!({"active": true})).expect(200);
        client.get("/me").expect(401);
        system.ask(world).expect(401);
        let new = system.rotated(world, json!({}));
        new.client(world).get("/me").expect(200);
        assert_eq!(world.admin.get("/service-accounts?active=false").expect(200)["total"], 0);
    }

    fn unknown_wrong_and_ended_answer_alike(world: &World) {
        let [known, ended, expired, revoked] = [(); 4].map(|()| System::new(world, &["read"]));
        world.admin.patch_current(&ended.path, json!({"active": false})).expect(200);
        let over = Timestamp::now().plus_seconds(-1);
        store(world, &expired.id, |a: &mut ServiceAccount| a.expires_at = over);
        world.admin.post_nothing(&format!("{}/revocation", revoked.credential())).expect(200);
        let wrong = ask(world, &known.id, "fel").expect(401);
        assert_eq!(wrong["error"], "invalid_client");
        let unknown = Id::new().to_string();
        for (id, secret) in [
            (&unknown, &known.secret), (&known.id, &expired.secret), (&ended.id, &ended.secret),
            (&expired.id, &expired.secret), (&revoked.id, &revoked.secret), (&"ingen".into(), &known.secret),
            (&known.credential, &known.secret),
        ] {
            let answer = ask(world, id, secret).expect(401);
            assert_eq!(answer.json, wrong.json);
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        // A person's address and password are no client.
        ask(world, "admin@example.org", crate::kit::Register::PASSWORD).expect(401);
        let refused = events(world).into_iter().filter(|event| event["kind"] == "token.refused");
        let entities: Vec<Value> = refused.map(|event| event["id"].clone()).collect();
        assert_eq!(entities.iter().filter(|id| **id == known.id).count(), 1, "once a minute");
        assert_eq!(entities.len(), 4, "known accounts alone");
    }

    fn wrong_secrets_hold_nobody_up(world: &World) {
        let system = System::new(world, &["read"]);
        for _ in 0..12 {
            ask(world, &system.id, "fel").expect(401);
        }
        system.ask(world).expect(200);
        ask(world, &Id::new().to_string(), "fel").expect(401);
    }

    fn refusals_speak_oauth(world: &World) {
        let system = System::new(world, &["read"]);
        let right = request(&system.id, &system.secret);
        let nobody = world.as_nobody();
        let without = |field: &str| {
            let mut form = right.clone();
            form.as_object_mut().expect("a form").remove(field);
            nobody.post_form("/oauth/token", form)
        };
        let with = |field: &str, value: &str| {
            let mut form = right.clone();
            form[field] = json!(value);
            nobody.post_form("/oauth/token", form)
        };
        assert_eq!(without("grant_type").expect(400)["error"], "invalid_request");
        assert_eq!(with("grant_type", "").expect(400)["error"], "invalid_request", "empty is not sent");
        assert_eq!(with("grant_type", "password").expect(400)["error"], "unsupported_grant_type");
        assert_eq!(with("client_secret", &"x".repeat(1001)).expect(400)["error"], "invalid_request");
        assert_eq!(without("client_id").expect(401)["error"], "invalid_client");
        assert_eq!(without("client_secret").expect(401)["error"], "invalid_client");
        with("scope", "").expect(200);
        with("audience", "what is not known is let be").expect(200);

        let form = nobody.with("content-type", "application/x-www-form-urlencoded");
        let raw = |path: &str, body: &str| form.send_bytes("POST", path, Some(body.as_bytes().to_vec()));
        let (id, secret) = (&system.id, &system.secret);
        let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        raw("/oauth/token", &body).expect(200);
        let twice = raw("/oauth/token", &format!("{body}&client_id={id}")).expect(400);
        assert_eq!(twice["error"], "invalid_request");
        let broken = raw("/oauth/token", "grant_type=%ff%fe\u{0}").expect(400);
        assert!(broken.text("error_description").is_ascii());
        // Never in the URL, never in a header, never as JSON.
        let in_url = format!("/oauth/token?client_id={id}&client_secret={secret}");
        assert_eq!(raw(&in_url, "grant_type=client_credentials").expect(400)["error"], "invalid_request");
        let basic = form.with("authorization", "Basic YTpi");
        let answer = basic.send_bytes("POST", "/oauth/token", Some(b"grant_type=client_credentials".to_vec())).expect(401);
        assert_eq!(answer["error"], "invalid_client");
        nobody.post("/oauth/token", right.clone()).expect(415);
        nobody.get("/oauth/token").expect(405);
        form.with("accept", "text/html").post("/oauth/token", right).expect(406);
    }

    fn no_token_is_good_as_another(world: &World) {
        let system = System::new(world, &["read"]);
        let token = system.ask(world).expect(200).text("access_token");
        world.as_nobody().post("/sessions/refresh", json!({"refreshToken": token})).expect(401);
        let now = Utc::now().timestamp();
        let signed = |kind: &str, more: Value| {
            let mut claims = json!({"iss": "riskregister", "aud": "riskregister-api", "sub": system.id, "iat": now,
                "exp": now + 60, "use": kind});
            claims.as_object_mut().expect("claims").extend(more.as_object().cloned().unwrap_or_default());
            let key = EncodingKey::from_secret(&world.config.secret);
            world.as_user(&encode(&Header::new(Algorithm::HS256), &claims, &key).expect("a token can be signed"))
        };
        let right = json!({"cid": system.credential, "scope": "read"});
        signed("service", right.clone()).get("/me").expect(200);
        signed("access", right.clone()).get("/me").expect(401);
        signed("access", json!({"sid": system.credential})).get("/me").expect(401);
        signed("refresh", json!({"sid": system.credential, "generation": 1})).get("/me").expect(401);
        signed("other", right).get("/me").expect(401);
        signed("service", json!({"cid": Id::new(), "scope": "read"})).get("/me").expect(401);
        signed("service", json!({"cid": System::new(world, &["read"]).credential, "scope": "read"})).get("/me").expect(401);
        // More than the account has is not had.
        let more = signed("service", json!({"cid": system.credential, "scope": "read webhooks write"}));
        assert_eq!(more.get("/me").expect(200)["scopes"], json!(["read"]));
    }

    fn every_fault_is_told_at_once(world: &World) {
        let post = |form: Value| world.admin.post("/service-accounts", form).expect(422);
        let unknown = Id::new();
        let all = post(json!({"organisationId": unknown, "name": "X", "scopes": ["read", "read"], "expiresAt": in_days(-1)}));
        let faults = [("/organisationId", "unknownReference"), ("/scopes/1", "duplicate"), ("/expiresAt", "notAhead")];
        assert_eq!(all.faults(), faults);
        post(json!({"organisationId": world.board, "name": "X", "scopes": ["read"], "expiresAt": in_days(1097)}))
            .refused(422, "tooFarAhead");
        let all = post(json!({"organisationId": world.board, "name": " ", "scopes": [], "secret": "mitt"}));
        let faults =
            [("/expiresAt", "required"), ("/name", "tooShort"), ("/scopes", "tooFew"), ("/secret", "unknownField")];
        assert_eq!(all.faults(), faults);
        post(json!({"organisationId": world.board, "name": "X", "scopes": ["write"], "expiresAt": in_days(1)}))
            .refused(422, "unknownWord");

        let system = System::new(world, &["read"]);
        let patch = |form: Value| world.admin.patch_current(&system.path, form);
        patch(json!({"organisationId": world.root})).refused(422, "unknownField");
        patch(json!({"scopes": ["read", "read"], "expiresAt": in_days(-1)})).refused(422, "notAhead");
        patch(json!({"expiresAt": null})).refused(422, "required");
        world.admin.patch(&system.path, json!({"name": "Y"})).expect(428);
        let rotate = |form: Value| world.admin.post(&format!("{}/credentials", system.path), form);
        rotate(json!({"earlierHoldUntil": in_days(31)})).refused(422, "tooFarAhead");
        rotate(json!({"earlierHoldUntil": in_days(-1)})).refused(422, "notAhead");
        // Nobody gives more than they hold: who reads as an auditor does gives nothing.
        for person in [&world.controller, &world.head, &world.auditor] {
            let form = json!({"organisationId": world.board, "name": "X", "scopes": ["read"], "expiresAt": in_days(1)});
            person.post("/service-accounts", form).expect(403);
        }
    }

    fn a_key_is_each_callers_own(world: &World) {
        let policy = world.admin.get("/scoring-policies").expect(200).column("id")[0].to_owned();
        let path = format!("/scoring-policies/{policy}");
        let definition = world.admin.get(&format!("{path}/versions/1")).expect(200)["definition"].clone();
        let try_out = |client: &Client, threshold: i32| {
            let mut form = json!({"definition": definition});
            form["definition"]["threshold"] = json!(threshold);
            client.with("idempotency-key", "samma").post(&format!("{path}/preview"), form)
        };
        let client = System::new(world, &["read"]).client(world);
        try_out(&world.auditor, 8).expect(200);
        try_out(&client, 9).expect(200);
        try_out(&client, 9).expect(200);
        try_out(&client, 8).refused(422, "reusedKey");
        try_out(&System::new(world, &["read"]).client(world), 8).expect(200);
    }

    fn accounts_are_found_filtered_and_sorted(world: &World) {
        let board = System::new(world, &["read"]);
        let region = System::at(world, &world.root, &["webhooks"]);
        world.admin.patch_current(&region.path, json!({"name": "Ärendesystemet", "active": false})).expect(200);
        let ids = |path: &str| -> Vec<String> {
            world.admin.get(path).expect(200).column("id").into_iter().map(str::to_owned).collect()
        };
        assert_eq!(ids("/service-accounts?sort=-name"), [region.id.clone(), board.id.clone()]);
        assert_eq!(ids("/service-accounts?sort=active,name"), [region.id.clone(), board.id.clone()]);
        assert_eq!(ids("/service-accounts?q=%C3%84RENDE"), [region.id.as_str()]);
        assert_eq!(ids("/service-accounts?active=true"), [board.id.as_str()]);
        assert_eq!(ids(&format!("/service-accounts?organisationId={}", world.root)), [region.id.as_str()]);
        assert_eq!(world.controller.get("/service-accounts").expect(200).column("id"), [&board.id]);
    }

    fn the_scope_for_webhooks_sees_to_webhooks_and_nothing_else(world: &World) {
        let client = System::new(world, &["webhooks"]).client(world);
        let form = |at: &str| json!({"organisationId": at, "name": "Arkivet", "url": "https://hooks.example.org/r",
            "active": false});
        let made = client.post("/webhooks", form(&world.board)).expect(201);
        let path = format!("/webhooks/{}", made.id());
        client.patch_current(&path, json!({"name": "Arkivets mottagare"})).expect(200);
        client.get(&format!("{path}/deliveries")).expect(200);
        client.post("/webhooks", form(&world.other_board)).expect(403);
        client.get(&format!("/logs/{}", world.board)).expect(404);
        let reader = System::new(world, &["read"]).client(world);
        reader.get(&path).expect(200);
        reader.patch_current(&path, json!({"name": "Annat"})).expect(403);
        client.delete_current(&path).expect(204);
    }

    /// From `openapi.yaml`: a token that reads reads everything of its body, and writes nothing.
    fn a_token_that_reads_gets_every_get_and_no_write(world: &World) {
        let system = System::new(world, &["read"]);
        let things = Things::new(world, &system);
        let client = system.client(world);
        let before = events(world).len();
        let (mut reads, mut refused, mut open) = (0, 0, Vec::new());
        for (method, path, operation) in contract().operations() {
            let id = operation["operationId"].as_str().expect("an operationId");
            let mut at = things.path(path);
            let required = operation["parameters"].as_array().into_iter().flatten();
            for parameter in required.filter(|p| p["in"] == "query" && p["required"] == true) {
                let example = &parameter["example"];
                let value = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
                let sign = if at.contains('?') { '&' } else { '?' };
                at = format!("{at}{sign}{}={value}", parameter["name"].as_str().unwrap_or_default());
            }
            if method == "get" {
                // What has been erased is told to those who see the region's history, and so is what the region compiles.
                let hidden = id == "getErasure" || path.starts_with(REGIONS_OWN);
                // What is held about people is for themselves, and for who administers them.
                let refused = matches!(id, "getMyData" | "getPersonalData" | "getMySessions");
                client.get(&at).expect(if hidden { 404 } else if refused { 403 } else { 200 });
                reads += 1;
                continue;
            }
            if operation["security"] == json!([]) {
                open.push(id);
                continue;
            }
            let content = operation["requestBody"]["content"].as_object();
            let body = content.and_then(|c| c.values().next()).map(|media| things.form(media["example"].clone()));
            let answer = client.with("if-match", "*").send(&method.to_uppercase(), &at, body);
            // Trying a scale writes nothing, so it is a reader's, too.
            if id != "previewPolicyVersion" {
                // The thing is there and seen, so it is the deed that is refused.
                let hidden = matches!(id, "confirmErasure" | "withdrawErasure") || path.starts_with(REGIONS_OWN);
                let expected = if hidden { 404 } else { 403 };
                assert_eq!(answer.status, expected, "{id}: {}", answer.json);
                refused += 1;
            }
        }
        // Whoever knows a password, a refresh token, a secret or a link, or has forgotten one; a token gives nobody anything
        // there.
        open.sort_unstable();
        assert_eq!(open, ["completePasswordReset", "issueToken", "refreshSession", "requestPasswordReset", "signIn"]);
        assert!(reads > 40 && refused > 40, "{reads} reads, {refused} refusals");
        assert_eq!(events(world).len(), before, "nothing has happened in the register");
    }
}
