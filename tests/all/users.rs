//! `/users`: who sees and keeps whom, roles, and what is handed over.

use riskregister::domain::words::PlanStatus;
use riskregister::storage::history::Origin;
use riskregister::storage::records::{Plan, User};
use riskregister::storage::{Id, Place, Timestamp};
use serde_json::{Value, json};

use crate::kit::{Person, Register, World, both};

fn user(person: &Person) -> String {
    format!("/users/{}", person.id)
}

/// Puts a plan where it would take many steps to get to.
fn set_status(world: &World, plan: &str, status: PlanStatus) {
    let id = plan.parse().expect("an id");
    world
        .db
        .write(&Origin::operator(), |w| {
            let old: Plan = w.get(id)?;
            let mut new = Plan { status, ..old.clone() };
            let at = Place { log: old.organisation_id, organisation: old.organisation_id };
            w.change(at, "plan.changed", &old, &mut new, None)
        })
        .expect("the plan can change");
}

fn form(organisation: &str, name: &str) -> Value {
    json!({"organisationId": organisation, "name": name, "email": crate::kit::address(name)})
}

both! {
    fn a_person_is_added_read_and_changed(world: &World) {
        let made = world.controller.post("/users", json!({
            "organisationId": world.unit, "name": "  Nils Ny ", "email": "Nils.NY@Example.org", "subject": "nilny1",
        })).expect(201);
        assert_eq!(made["email"], "nils.ny@example.org", "addresses are kept in small letters");
        assert_eq!(made["name"], "Nils Ny");
        assert_eq!(made["language"], "sv");
        assert_eq!(made["active"], true);
        let path = format!("/users/{}", made.id());
        assert_eq!(made.header("location"), format!("/api/v1{path}"));
        let read = world.controller.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));

        let changed = world.controller.patch_current(&path, json!({"name": "Nils Nyare", "subject": null})).expect(200);
        assert_eq!(changed["name"], "Nils Nyare");
        assert!(changed["subject"].is_null());
        assert_eq!(changed["version"], 2);
        assert_eq!(world.controller.get(&path).header("etag"), changed.header("etag"));
    }

    fn an_address_belongs_to_one_person(world: &World) {
        let taken = json!({"organisationId": world.board, "name": "Tvåan", "email": "CARL.controller@example.org"});
        let answer = world.admin.post("/users", taken).refused(422, "emailTaken");
        assert_eq!(answer.faults(), [("/email", "emailTaken")]);
        let reader = user(&world.reader);
        world.admin.patch_current(&reader, json!({"email": world.head.email})).refused(422, "emailTaken");
        // One's own, written otherwise, is no other's.
        let own = world.reader.email.to_uppercase();
        assert_eq!(world.admin.patch_current(&reader, json!({"email": own})).expect(200)["version"], 1);
        for wrong in ["carl", "aa@", "@b.se", "a b@c.se", "a@b@c.se"] {
            world.admin.patch_current(&reader, json!({"email": wrong})).refused(422, "wrongFormat");
        }
        world.admin.patch_current(&reader, json!({"subject": "lislas"})).expect(200);
        world.admin.patch_current(&user(&world.head), json!({"subject": "lislas"})).refused(422, "subjectTaken");
    }

    fn an_address_has_two_spellings_and_is_one(world: &World) {
        let add = |email: &str| {
            let form = json!({"organisationId": world.board, "name": "Åsa", "email": email});
            world.admin.post("/users", form)
        };
        let made = add("Åsa.Ö@ÖREBRO.example").expect(201);
        assert_eq!(made["email"], "åsa.ö@örebro.example");
        let other = "åsa.ö@xn--rebro-iua.example";
        add(other).refused(422, "emailTaken");
        assert_eq!(world.admin.get(&format!("/users?email={other}")).expect(200).column("id"), [made.id()]);
        let path = format!("/users/{}", made.id());
        let same = world.admin.patch_current(&path, json!({"email": other})).expect(200);
        assert_eq!((&same["email"], &same["version"]), (&json!("åsa.ö@örebro.example"), &json!(1)));
        let password = world.admin.post_nothing(&format!("{path}/one-time-password")).expect(201);
        let password = password["oneTimePassword"].clone();
        let own = json!({"email": other, "password": password, "newPassword": "en egen lösenordsfras"});
        world.as_nobody().post("/sessions", own).expect(201);
        for wrong in ["a..b@example.org", ".a@example.org", "a@[127.0.0.1]", "a@example..org", "a@b_c.se", "a\u{202e}b@c.se"] {
            add(wrong).refused(422, "wrongFormat");
        }
    }

    fn an_address_of_an_older_rule_hinders_no_other_change(world: &World) {
        let reader = user(&world.reader);
        let id: Id = world.reader.id.parse().expect("an id");
        let old = "o(hara)..x@[127.0.0.1]";
        world.db.write(&Origin::operator(), |w| {
            let before: User = w.get(id)?;
            let mut after = User { email: old.into(), ..before.clone() };
            let root = w.root_id()?;
            w.change(Place { log: root, organisation: before.organisation_id }, "user.changed", &before, &mut after, None)
        }).expect("a user can change");
        let changed = world.admin.patch_current(&reader, json!({"name": "Lis Nylund"})).expect(200);
        assert_eq!((&changed["name"], &changed["email"]), (&json!("Lis Nylund"), &json!(old)));
        // A page sends all of its fields.
        world.admin.patch_current(&reader, json!({"name": "Lis", "email": old.to_uppercase()})).expect(200);
        world.admin.patch_current(&reader, json!({"email": "o(hara)@example.org"})).refused(422, "wrongFormat");
        let mended = world.admin.patch_current(&reader, json!({"email": "o.hara@example.org"})).expect(200);
        assert_eq!(mended["email"], "o.hara@example.org");
    }

    fn two_who_take_an_address_at_once_get_one(world: &World) {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4).map(|_| scope.spawn(|| {
                world.admin.post("/users", form(&world.board, "Samma Adress")).status
            })).collect();
            tries.into_iter().map(|t| t.join().expect("an answer")).collect()
        });
        assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|s| matches!(s, 201 | 422)), "{statuses:?}");
    }

    fn of_two_changes_of_the_same_version_one_is_stale(world: &World) {
        let path = user(&world.reader);
        let client = world.admin.current(&path);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..4).map(|n| {
                let (client, path) = (&client, &path);
                scope.spawn(move || client.patch(path, json!({"name": format!("Lisa {n}")})).status)
            }).collect();
            tries.into_iter().map(|t| t.join().expect("an answer")).collect()
        });
        assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|s| matches!(s, 200 | 412)), "{statuses:?}");
        assert_eq!(world.admin.get(&path)["version"], 2);
    }

    fn every_fault_is_told_at_once(world: &World) {
        let answer = world.admin.post("/users", json!({
            "organisationId": "1", "name": "", "language": "no", "active": "ja", "version": 3,
        })).expect(422);
        assert_eq!(answer.faults(), [
            ("/active", "wrongType"), ("/email", "required"), ("/language", "unknownWord"), ("/name", "tooShort"),
            ("/organisationId", "wrongFormat"), ("/version", "unknownField"),
        ]);
    }

    fn people_are_kept_where_the_role_reaches(world: &World) {
        for place in [&world.board, &world.division, &world.unit] {
            world.controller.post("/users", form(place, &format!("Ny {}", &place[30..]))).expect(201);
        }
        for place in [&world.root, &world.other_board] {
            world.controller.post("/users", form(place, "Ingen")).expect(403);
        }
        let nowhere = uuid::Uuid::now_v7().to_string();
        let answer = world.controller.post("/users", form(&nowhere, "Ingen")).expect(422);
        assert_eq!(answer.faults(), [("/organisationId", "unknownReference")]);
        // Nor is anyone moved out of reach.
        let reader = user(&world.reader);
        world.controller.patch_current(&reader, json!({"organisationId": world.other_board})).refused(422, "unknownReference");
        world.controller.patch_current(&reader, json!({"organisationId": world.unit})).expect(200);
        // Who manages nobody is told so, whatever they sent.
        for person in [&world.head, &world.risk_owner, &world.performer, &world.reader, &world.auditor, &world.stranger] {
            person.post("/users", form(&world.board, "Ingen")).expect(403);
            person.post("/users", json!({"nonsense": 1})).expect(403);
        }
    }

    fn an_account_that_can_more_is_not_the_controllers(world: &World) {
        for person in [&world.head, &world.auditor, &world.controller] {
            world.controller.patch_current(&user(person), json!({"name": "Övertagen"})).expect(403);
            world.controller.post_nothing(&format!("{}/one-time-password", user(person))).expect(403);
        }
        for person in [&world.risk_owner, &world.performer, &world.reader] {
            world.controller.patch_current(&user(person), json!({"language": "en"})).expect(200);
        }
        // A role elsewhere counts, too.
        world.grant(&world.reader.id, json!({"role": "reader", "organisationId": world.other_board}));
        world.controller.patch_current(&user(&world.reader), json!({"language": "sv"})).expect(403);
    }

    fn what_is_listed_is_what_can_be_read(world: &World) {
        let everyone = world.admin.get("/users?limit=200").expect(200);
        let all: Vec<&str> = everyone.column("id");
        assert_eq!(all.len(), 9);
        let people = [
            &world.controller, &world.head, &world.risk_owner, &world.performer, &world.reader, &world.draft_reader,
            &world.auditor, &world.stranger,
        ];
        for person in people {
            let list = person.get("/users?limit=200").expect(200);
            let listed = list.column("id");
            assert_eq!(list["total"], listed.len());
            for id in &all {
                let status = person.get(&format!("/users/{id}")).status;
                assert_eq!(status, if listed.contains(id) { 200 } else { 404 }, "{} and {id}", person.email);
                let status = person.get(&format!("/users/{id}/grants")).status;
                assert_eq!(status, if listed.contains(id) { 200 } else { 404 }, "{} and {id}", person.email);
            }
            assert!(listed.contains(&person.id.as_str()), "one sees oneself");
        }
        assert_eq!(world.controller.get("/users").expect(200)["total"], 7, "the body's people, not the region's");
        assert_eq!(world.performer.get("/users").expect(200).column("id"), [&world.performer.id]);
        assert_eq!(world.stranger.get("/users").expect(200).column("id"), [&world.stranger.id]);
    }

    fn people_are_found_filtered_and_sorted(world: &World) {
        let names = |path: &str| -> Vec<String> {
            world.admin.get(path).expect(200).column("name").into_iter().map(str::to_owned).collect()
        };
        assert_eq!(names("/users?q=%C3%84GARE"), ["Rut Ägare"], "å, ä and ö have capitals too");
        assert_eq!(names("/users?q=per.ut"), ["Per Utförare"], "the address is searched too");
        assert_eq!(names("/users?q=%25"), [""; 0], "a wild card is a letter like others");
        assert_eq!(names("/users?email=HEDDA.chef@example.org"), ["Hedda Chef"]);
        assert_eq!(names(&format!("/users?organisationId={}", world.other_board)), ["Stina Främling"]);
        world.admin.patch_current(&user(&world.stranger), json!({"active": false})).expect(200);
        assert_eq!(names("/users?active=false"), ["Stina Främling"]);
        assert_eq!(names("/users?active=true").len(), 8);
        let mut backwards = names("/users?sort=-email");
        backwards.reverse();
        assert_eq!(backwards, names("/users?sort=email"));
        let first = world.admin.get("/users?sort=name&limit=4").expect(200);
        let second = world.admin.get("/users?sort=name&limit=4&page=2").expect(200);
        let both: Vec<&str> = [first.column("name"), second.column("name")].concat();
        assert_eq!(both, names("/users?sort=name")[..8]);
    }

    fn who_is_deactivated_is_out_at_once(world: &World) {
        world.reader.get("/me").expect(200);
        let gone = world.controller.patch_current(&user(&world.reader), json!({"active": false})).expect(200);
        assert_eq!(gone["active"], false);
        world.reader.get("/me").expect(401);
        world.controller.post_nothing(&format!("{}/one-time-password", user(&world.reader))).refused(409, "userInactive");
        // The sessions of before do not come back with the account.
        world.controller.patch_current(&user(&world.reader), json!({"active": true})).expect(200);
        world.reader.get("/me").expect(401);
        world.as_user(&world.token(&world.reader.id)).get("/me").expect(200);
    }

    fn the_last_administrator_stays(world: &World) {
        let admin = format!("/users/{}", world.admin_id);
        let grants = world.admin.get(&format!("{admin}/grants")).expect(200);
        let grant = format!("{admin}/grants/{}", grants.column("id")[0]);
        world.admin.patch_current(&admin, json!({"active": false})).refused(409, "lastAdministrator");
        world.admin.delete_current(&grant).refused(409, "lastAdministrator");
        world.admin.get("/me").expect(200);

        // One who cannot sign in, or who administers a board alone, does not count.
        let second = world.person_with("Tvåan Admin", &world.root, "regionAdministrator", &world.root);
        world.grant(&world.stranger.id, json!({"role": "regionAdministrator", "organisationId": world.board}));
        second.patch_current(&user(&second), json!({"active": false})).expect(200);
        world.admin.delete_current(&grant).refused(409, "lastAdministrator");
        world.admin.patch_current(&user(&second), json!({"active": true})).expect(200);
        let second = world.as_user(&world.token(&second.id));
        world.admin.delete_current(&grant).expect(204);
        world.admin.get("/users").expect(200);
        second.get(&admin).expect(200);
        second.patch_current(&format!("/users/{}", second.get("/me")["id"].as_str().unwrap_or_default()), json!({"active": false}))
            .refused(409, "lastAdministrator");
    }

    fn two_administrators_cannot_remove_each_other(world: &World) {
        let second = world.person_with("Tvåan Admin", &world.root, "regionAdministrator", &world.root);
        let first = format!("/users/{}", world.admin_id);
        let (one, other) = (world.admin.current(&user(&second)), second.current(&first));
        let statuses = std::thread::scope(|scope| {
            let a = scope.spawn(|| one.patch(&user(&second), json!({"active": false})).status);
            let b = scope.spawn(|| other.patch(&first, json!({"active": false})).status);
            [a.join().expect("an answer"), b.join().expect("an answer")]
        });
        assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
        // The other one comes too late: signed out, or the last one left.
        assert!(statuses.iter().any(|s| matches!(s, 401 | 409)), "{statuses:?}");
    }

    fn a_role_is_given_read_and_taken_back(world: &World) {
        let path = format!("{}/grants", user(&world.stranger));
        let given = world.admin.post(&path, json!({"role": "reader", "organisationId": world.board})).expect(201);
        let grant = format!("{path}/{}", given.id());
        assert_eq!(given.header("location"), format!("/api/v1{grant}"));
        assert_eq!(given["drafts"], false);
        assert_eq!(world.admin.get(&grant).expect(200).json, given.json);
        assert_eq!(world.admin.get(&path).expect(200).column("role"), ["reader"]);
        assert_eq!(world.stranger.get("/me").expect(200)["grants"][0]["role"], "reader");
        world.admin.post(&path, json!({"role": "reader", "organisationId": world.board, "drafts": true}))
            .refused(409, "alreadyGranted");
        world.admin.post(&path, json!({"role": "performer", "organisationId": world.board, "drafts": true}))
            .refused(422, "readersAlone");
        world.admin.delete(&grant).expect(428);
        world.admin.with("if-match", "\"stale\"").delete(&grant).expect(412);
        // A grant has its address under its own person alone.
        let elsewhere = format!("{}/grants/{}", user(&world.reader), given.id());
        world.admin.get(&elsewhere).expect(404);
        world.admin.with("if-match", "*").delete(&elsewhere).expect(404);
        world.admin.delete_current(&grant).expect(204);
        world.admin.get(&grant).expect(404);
        assert_eq!(world.stranger.get("/me").expect(200)["grants"], json!([]));
    }

    fn nobody_gives_more_than_they_hold(world: &World) {
        let newcomer = world.person("Nora Ny", &world.unit);
        let path = format!("{}/grants", user(&newcomer));
        let give = |role: &str, at: &str| world.controller.post(&path, json!({"role": role, "organisationId": at}));
        for role in ["riskOwner", "performer", "reader"] {
            give(role, &world.division).expect(201);
            give(role, &world.other_board).expect(403);
            give(role, &world.root).expect(403);
        }
        for role in ["controller", "head", "auditor", "regionAdministrator"] {
            give(role, &world.division).expect(403);
        }
        give("reader", &uuid::Uuid::now_v7().to_string()).refused(422, "unknownReference");
        for person in [&world.head, &world.risk_owner, &world.auditor] {
            person.post(&path, json!({"role": "reader", "organisationId": world.board})).expect(403);
        }
        // Whom one does not see, one gives nothing.
        let hidden = format!("{}/grants", user(&world.stranger));
        world.controller.post(&hidden, json!({"role": "reader", "organisationId": world.board})).expect(404);
        // Nor does one take back what one could not give.
        let head = world.controller.get(&format!("{}/grants", user(&world.head))).expect(200);
        world.controller.delete_current(&format!("{}/grants/{}", user(&world.head), head.column("id")[0])).expect(403);
        let reader = world.controller.get(&format!("{}/grants", user(&world.reader))).expect(200);
        world.controller.delete_current(&format!("{}/grants/{}", user(&world.reader), reader.column("id")[0])).expect(204);
    }

    fn a_one_time_password_opens_the_account_and_ends_its_sessions(world: &World) {
        let path = format!("{}/one-time-password", user(&world.performer));
        let key = world.controller.with("idempotency-key", "once");
        let made = key.post_nothing(&path).expect(201);
        let again = key.post_nothing(&path).expect(201);
        assert_ne!(made.text("oneTimePassword"), again.text("oneTimePassword"), "the answer is not kept");
        assert_eq!(made.header("cache-control"), "no-store");
        world.performer.get("/me").expect(401);
        let email = &world.performer.email;
        let sign_in = |password: &str| world.as_nobody().post("/sessions", json!({"email": email, "password": password}));
        let choose = |password: &str, own: &str| {
            world.as_nobody().post("/sessions", json!({"email": email, "password": password, "newPassword": own}))
        };
        let (old, one_time, own) = (made.text("oneTimePassword"), again.text("oneTimePassword"), "en egen lösenordsfras");
        sign_in(&old).expect(401);
        choose(&old, own).expect(401);
        // It opens nothing but the choice of one's own.
        sign_in(&one_time).refused(409, "passwordMustBeChosen");
        for (wrong, code) in
            [("för kort", "tooShort"), (one_time.as_str(), "samePassword"), (&format!("jag är {email}"), "containsEmail")]
        {
            assert_eq!(choose(&one_time, wrong).expect(422).faults()[0], ("/newPassword", code));
        }
        let tokens = choose(&one_time, own).expect(201);
        world.as_user(&tokens.text("accessToken")).get("/me").expect(200);
        sign_in(&one_time).expect(401);
        sign_in(own).expect(201);
        choose(own, "en helt annan lösenordsfras").refused(422, "notOneTime");
        world.stranger.post_nothing(&path).expect(404);
        world.risk_owner.post_nothing(&path).expect(403);
    }

    fn a_one_time_password_ends_and_unlocks(world: &World) {
        let path = format!("{}/one-time-password", user(&world.performer));
        let id: Id = world.performer.id.parse().expect("an id");
        let sign_in = |password: &str| {
            let form = json!({"email": world.performer.email, "password": password, "newPassword": "en egen lösenordsfras"});
            world.as_nobody().post("/sessions", form)
        };
        let made = world.admin.post_nothing(&path).expect(201).text("oneTimePassword");
        world.db.write(&Origin::operator(), |w| {
            let hash = w.password_hash(id)?.expect("a password");
            w.set_password(id, &hash, Some(Timestamp::now().plus_seconds(-1)))
        }).expect("it can be made older");
        let told = sign_in(&made).expect(401);
        assert!(told.text("detail").contains("gått ut"), "{}", told.text("detail"));
        // Who has been kept out by the guesses of others is let in by a new one.
        for _ in 0..5 {
            sign_in("fel").expect(401);
        }
        sign_in(&made).expect(429);
        let made = world.admin.post_nothing(&path).expect(201).text("oneTimePassword");
        sign_in(&made).expect(201);
    }

    fn a_page_leads_who_comes_by_a_one_time_password_to_the_choice_of_their_own(world: &World) {
        let path = format!("{}/one-time-password", user(&world.performer));
        let made = world.admin.post_nothing(&path).expect(201).text("oneTimePassword");
        let visitor = world.passer_by();
        let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        let entered = visitor.send("/sign-in", &pairs(&[("email", &world.performer.email), ("password", &made)])).expect(303);
        let to = entered.header("location").to_owned();
        assert!(to.starts_with("/password-reset/"), "{to}");
        assert!(entered.maybe_header("set-cookie").is_none_or(|cookie| !cookie.contains("session")), "no session is begun");
        assert!(visitor.page(&to).text("main").contains(&world.performer.email));
        visitor.send(&to, &pairs(&[("newPassword", "en egen lösenordsfras")])).expect(303);
        let form = json!({"email": world.performer.email, "password": "en egen lösenordsfras"});
        world.as_nobody().post("/sessions", form).expect(201);
        // The link is used up, and so is the password.
        visitor.send(&to, &pairs(&[("newPassword", "en annan lösenordsfras")])).expect(404);
        let again = visitor.send("/sign-in", &pairs(&[("email", &world.performer.email), ("password", &made)]));
        again.expect(401);
    }

    fn a_handover_of_nothing_is_one(world: &World) {
        let path = format!("{}/handover", user(&world.risk_owner));
        let answer = world.controller.post(&path, json!({"toUserId": world.reader.id})).expect(200);
        assert_eq!(answer["riskIds"], json!([]));
        let to = |id: &str| world.controller.post(&path, json!({"toUserId": id}));
        to(&world.stranger.id).refused(422, "unknownReference");
        to(&uuid::Uuid::now_v7().to_string()).refused(422, "unknownReference");
        to(&world.risk_owner.id).refused(422, "sameUser");
        world.controller.patch_current(&user(&world.reader), json!({"active": false})).expect(200);
        to(&world.reader.id).refused(422, "userInactive");
        world.risk_owner.post(&path, json!({"toUserId": world.performer.id})).expect(403);
        world.stranger.post(&path, json!({"toUserId": world.performer.id})).expect(404);
    }

    fn what_a_person_has_goes_to_another(world: &World) {
        let plan = |year: i32| {
            let form = json!({"organisationId": world.board, "year": year});
            let plan = world.controller.post("/plans", form).expect(201).id();
            let risk = json!({"name": "Risk för prov", "ownerId": world.risk_owner.id});
            let risk = world.controller.post(&format!("/plans/{plan}/risks"), risk).expect(201).id();
            let part = json!({"name": "Stickprov", "responsibleId": world.risk_owner.id});
            let control = world.controller.post(&format!("/risks/{risk}/controls"), part.clone()).expect(201).id();
            let action = world.controller.post(&format!("/risks/{risk}/actions"), part).expect(201).id();
            [plan, risk, control, action]
        };
        let [this, next, old] = [2024, 2025, 2023].map(plan);
        let others = json!({"name": "En annans", "ownerId": world.head.id});
        let others = world.controller.post(&format!("/plans/{}/risks", this[0]), others).expect(201).id();
        set_status(world, &old[0], PlanStatus::Closed);
        // Whoever takes over can do what they take over.
        world.grant(&world.reader.id, json!({"role": "riskOwner", "organisationId": world.board}));
        let whose = |risk: &str| world.controller.get(&format!("/risks/{risk}")).expect(200)["ownerId"].clone();
        let path = format!("{}/handover", user(&world.risk_owner));
        let hand_over = || world.controller.post(&path, json!({"toUserId": world.reader.id}));

        // A proposed plan is before the board: it refuses, and nothing at all is handed over.
        set_status(world, &next[0], PlanStatus::Proposed);
        let refused = hand_over().refused(409, "planIsProposed");
        assert!(refused.text("detail").contains("Kulturnämnden, 2025"), "{}", refused.json);
        assert_eq!(whose(&this[1]), json!(world.risk_owner.id));

        set_status(world, &next[0], PlanStatus::Draft);
        let before = world.controller.get(&format!("/plans/{}", this[0])).expect(200);
        let done = hand_over().expect(200);
        assert_eq!(done["riskIds"], json!([this[1], next[1]]));
        assert_eq!(done["controlIds"], json!([this[2], next[2]]));
        assert_eq!(done["actionIds"], json!([this[3], next[3]]));
        for [_, risk, control, action] in [&this, &next] {
            assert_eq!(whose(risk), json!(world.reader.id));
            for part in [format!("/controls/{control}"), format!("/actions/{action}")] {
                assert_eq!(world.controller.get(&part).expect(200)["responsibleId"], json!(world.reader.id));
            }
        }
        assert_eq!(whose(&old[1]), json!(world.risk_owner.id), "a closed plan stays as it was");
        assert_eq!(whose(&others), json!(world.head.id));
        let after = world.controller.get(&format!("/plans/{}", this[0])).expect(200);
        assert_ne!(before.header("etag"), after.header("etag"), "the plan has changed with its risks");
        assert_eq!(hand_over().expect(200)["riskIds"], json!([]), "there is nothing left");
    }

    fn the_same_request_again_asks_for_todays_rights(world: &World) {
        let form = form(&world.unit, "Igen Igen");
        let key = world.controller.with("idempotency-key", "k1");
        let made = key.post("/users", form.clone()).expect(201);
        assert_eq!(key.post("/users", form.clone()).expect(201).json, made.json);
        let grants = world.admin.get(&format!("{}/grants", user(&world.controller))).expect(200);
        let grant = format!("{}/grants/{}", user(&world.controller), grants.column("id")[0]);
        world.admin.delete_current(&grant).expect(204);
        key.post("/users", form.clone()).expect(403);
        // A controller of another part may add people, but not there.
        world.grant(&world.controller.id, json!({"role": "controller", "organisationId": world.other_board}));
        key.post("/users", form).expect(403);
    }

    fn on_a_new_register_there_is_one_person(reg: &Register) {
        let list = reg.admin.get("/users").expect(200);
        assert_eq!(list.column("id"), [&reg.admin_id]);
        assert_eq!(list.column("email"), [Register::ADMIN]);
    }
}
