//! Who can be named: owner of a risk, responsible for a control or an action. Only who can do it; and whoever may give the
//! role gives it in the same step.

use serde_json::{Value, json};

use crate::kit::visitor::{Page, written};
use crate::kit::{Answer, Person, World, both};

/// The roles that somebody has on the board.
fn roles(world: &World, person: &Person) -> Vec<String> {
    let grants = world.admin.get(&format!("/users/{}/grants", person.id)).expect(200);
    grants.column("role").into_iter().map(str::to_owned).collect()
}

/// A draft with a risk, a control and an action that lack nothing.
fn drafted(world: &World) -> [String; 4] {
    let (goal, plan) = (world.goal(2024, "En ekonomi i balans"), world.plan(2024));
    let risk = world.risk(&plan, &goal, "Brist på scener", (4, 3)).id();
    let (control, action) = (world.control(&risk, "Stickprov"), world.action(&risk, "Bygg en scen"));
    [plan, risk, control, action]
}

/// What the checks say of people: code, kind of thing, id and field.
fn of_people(world: &World, plan: &str) -> Vec<(String, String, String, String)> {
    let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
    let missing = checks["missing"].as_array().expect("a list").clone();
    let text = |one: &Value, field: &str| one[field].as_str().unwrap_or_default().to_owned();
    missing
        .iter()
        .filter(|one| text(one, "code").ends_with("WithoutRole"))
        .map(|one| (text(one, "code"), text(one, "entity"), text(one, "id"), text(one, "field")))
        .collect()
}

#[track_caller]
fn refused(answer: Answer, at: &str, code: &str) {
    let answer = answer.expect(422);
    assert_eq!(answer.faults(), [(at, code)], "{}", answer.json);
}

both! {
    fn only_who_can_do_it_is_named(world: &World) {
        let [plan, risk, control, action] = drafted(world);
        let (controller, owner) = (&world.controller, &world.risk_owner);
        let risks = format!("/plans/{plan}/risks");
        let of_risk = format!("/risks/{risk}");
        for unable in [&world.reader, &world.draft_reader, &world.auditor] {
            let before = roles(world, unable);
            let named = json!({"name": "Ny", "ownerId": unable.id});
            refused(controller.post(&risks, named), "/ownerId", "roleGrantable");
            refused(controller.patch_current(&of_risk, json!({"ownerId": unable.id})), "/ownerId", "roleGrantable");
            for (kind, id) in [("controls", &control), ("actions", &action)] {
                let named = json!({"name": "Ny", "responsibleId": unable.id});
                let new = format!("{of_risk}/{kind}");
                refused(controller.post(&new, named.clone()), "/responsibleId", "roleGrantable");
                // Who owns the risk names people, and gives no roles; so it does not help to ask for that.
                refused(owner.post(&new, named.clone()), "/responsibleId", "roleMissing");
                let asking = json!({"name": "Ny", "responsibleId": unable.id, "grantRole": true});
                refused(owner.post(&new, asking), "/responsibleId", "roleMissing");
                let named = json!({"responsibleId": unable.id});
                refused(controller.patch_current(&format!("/{kind}/{id}"), named), "/responsibleId", "roleGrantable");
            }
            assert_eq!(roles(world, unable), before);
        }
        // A performer answers for a control, and owns no risk; the sentence says which role it takes.
        let named = controller.patch_current(&of_risk, json!({"ownerId": world.performer.id})).expect(422);
        assert!(named.json.to_string().contains("ingen roll i Kulturnämnden"), "{}", named.json);
        for able in [owner, &world.head, controller] {
            controller.patch_current(&of_risk, json!({"ownerId": able.id})).expect(200);
            controller.patch_current(&format!("/controls/{control}"), json!({"responsibleId": able.id})).expect(200);
            // Whoever owns it assesses it, and words it and what is done about it.
            let form = json!({"likelihood": 2, "consequence": 3, "reason": "Bedömd av ägaren."});
            able.post(&format!("{of_risk}/assessments"), form).expect(201);
            able.patch_current(&of_risk, json!({"description": format!("Som {} ser den.", able.email)})).expect(200);
            able.patch_current(&format!("/controls/{control}"), json!({"frequency": "Ofta"})).expect(200);
        }
        // Somebody who is not there is not told apart from one without a role here.
        let stranger = json!({"ownerId": world.stranger.id, "grantRole": true});
        refused(controller.patch_current(&of_risk, stranger), "/ownerId", "unknownReference");
    }

    fn the_role_is_given_in_the_same_step(world: &World) {
        let [plan, risk, control, action] = drafted(world);
        let controller = &world.controller;
        let (reader, path) = (&world.reader, format!("/risks/{risk}"));
        reader.get(&path).expect(404);
        // What is refused for another reason gives nothing.
        let wrong = json!({"ownerId": reader.id, "grantRole": true, "likelihood": 9, "consequence": 1});
        refused(controller.patch_current(&path, wrong), "/likelihood", "outOfRange");
        assert_eq!(roles(world, reader), ["reader"]);
        let named = controller.patch_current(&path, json!({"ownerId": reader.id, "grantRole": true})).expect(200);
        assert_eq!((&named["ownerId"], named.json.get("grantRole")), (&json!(reader.id), None));
        assert_eq!(roles(world, reader), ["reader", "riskOwner"]);
        reader.get(&path).expect(200);
        // Once more is nothing more.
        let again = json!({"name": "Ännu en", "ownerId": reader.id, "grantRole": true});
        controller.post(&format!("/plans/{plan}/risks"), again).expect(201);
        assert_eq!(roles(world, reader), ["reader", "riskOwner"]);

        let drafts = &world.draft_reader;
        let part = json!({"responsibleId": drafts.id, "grantRole": true});
        controller.patch_current(&format!("/controls/{control}"), part.clone()).expect(200);
        controller.patch_current(&format!("/actions/{action}"), part).expect(200);
        assert_eq!(roles(world, drafts), ["reader", "performer"]);
        // The history tells it as any role that is given.
        let told = world.admin.get(&format!("/logs/{}/events?kind=grant.given&limit=200", world.root)).expect(200);
        assert!(told.items().len() >= 2, "{}", told.json);
        assert_eq!(of_people(world, &plan), []);
    }

    fn whoever_takes_over_can_do_it(world: &World) {
        let [_, risk, control, _] = drafted(world);
        let path = |who: &Person| format!("/users/{}/handover", who.id);
        let to = |who: &Person, grant: bool| json!({"toUserId": who.id, "grantRole": grant});
        let c = &world.controller;
        refused(c.post(&path(&world.risk_owner), to(&world.performer, false)), "/toUserId", "roleGrantable");
        refused(c.post(&path(&world.performer), to(&world.reader, false)), "/toUserId", "roleGrantable");
        c.post(&path(&world.risk_owner), to(&world.performer, true)).expect(200);
        assert_eq!(c.get(&format!("/risks/{risk}")).expect(200)["ownerId"], world.performer.id.as_str());
        assert_eq!(roles(world, &world.performer), ["performer", "riskOwner"]);
        c.post(&path(&world.performer), to(&world.reader, true)).expect(200);
        assert_eq!(c.get(&format!("/controls/{control}")).expect(200)["responsibleId"], world.reader.id.as_str());
        // The role that reaches furthest is enough for the rest, whichever came first.
        assert!(roles(world, &world.reader).contains(&"riskOwner".to_owned()));
    }

    fn the_checks_tell_of_those_who_cannot_any_more(world: &World) {
        let [plan, risk, control, action] = drafted(world);
        world.complete(&plan);
        let grant = |who: &Person| {
            let all = world.admin.get(&format!("/users/{}/grants", who.id)).expect(200);
            format!("/users/{}/grants/{}", who.id, all.column("id")[0])
        };
        for who in [&world.risk_owner, &world.performer] {
            world.admin.with("if-match", "*").delete(&grant(who)).expect(204);
        }
        let told = |code: &str, entity: &str, id: &str, field: &str| {
            (code.to_owned(), entity.to_owned(), id.to_owned(), field.to_owned())
        };
        let expected = [
            told("ownerWithoutRole", "risk", &risk, "ownerId"),
            told("responsibleWithoutRole", "control", &control, "responsibleId"),
            told("responsibleWithoutRole", "action", &action, "responsibleId"),
        ];
        assert_eq!(of_people(world, &plan), expected);
        let proposed = world.propose(&plan).expect(409);
        let sentences = proposed.json["missing"].to_string();
        assert!(sentences.contains("Kontrollen ”Stickprov” har en ansvarig utan någon roll"), "{sentences}");
        // Another change of the risk is no reason to refuse whom nobody names now; asking for the role mends it.
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"localGoal": "Scener"})).expect(200);
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"grantRole": true})).expect(200);
        world.controller.patch_current(&format!("/controls/{control}"), json!({"grantRole": true})).expect(200);
        assert_eq!(of_people(world, &plan), []);
        world.propose(&plan).expect(200);
    }

    fn the_page_offers_the_role_where_it_is_missing(world: &World) {
        let [_, risk, control, _] = drafted(world);
        // To who owns the risk and gives no roles, nothing is offered.
        let owner = world.visitor(&world.risk_owner.id);
        let path = format!("/controls/{control}");
        let form = written(&owner.page(&path).form("form#control"), "responsibleId", &world.reader.id);
        let page = Page::of(&owner.send(&path, &form).expect(422));
        assert!(page.all("input[name=grantRole]").is_empty());
        assert!(page.text(".fault").contains("be samordnaren"), "{}", page.text("main"));
        let controller = world.visitor(&world.controller.id);
        for (path, form, field, role, name) in [
            (format!("/risks/{risk}/edit"), "form#risk", "ownerId", "riskOwner", "Nils Ny"),
            (format!("/controls/{control}"), "form#control", "responsibleId", "performer", "Nora Ny"),
        ] {
            let someone = world.person_with(name, &world.board, "reader", &world.board);
            let page = controller.page(&path);
            assert!(page.all("input[name=grantRole]").is_empty(), "{path} asks before it must");
            let sent = controller.send(&path, &written(&page.form(form), field, &someone.id)).expect(422);
            let page = Page::of(&sent);
            assert!(page.text(".fault").contains("ingen roll i Kulturnämnden"), "{}", page.text("main"));
            let ticked = written(&page.form(form), "grantRole", "true");
            controller.send(&path, &ticked).expect(303);
            assert_eq!(roles(world, &someone), ["reader", role]);
        }
    }
}
