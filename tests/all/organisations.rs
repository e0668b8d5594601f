//! `/organisations`: one tree, that everyone sees and the regional office keeps.

use riskregister::storage::records::Organisation;
use serde_json::{Value, json};

use crate::kit::{World, both};
use crate::planted;

fn board(parent: &str) -> Value {
    json!({"parentId": parent, "kind": "board", "name": "Miljönämnden", "validFrom": "2024-01-01", "plans": true})
}

fn at(id: &str) -> String {
    format!("/organisations/{id}")
}

both! {
    fn an_organisation_is_added_read_and_changed(world: &World) {
        let made = world.admin.post("/organisations", board(&world.root)).expect(201);
        assert_eq!(made["bodyId"], made["id"], "a board is a body");
        assert_eq!(made.header("location"), format!("/api/v1{}", at(&made.id())));
        let path = at(&made.id());
        let read = world.stranger.get(&path).expect(200);
        assert_eq!((&read.json, read.header("etag")), (&made.json, made.header("etag")));
        let changed = world.admin.patch_current(&path, json!({"abbreviation": "MN"})).expect(200);
        assert_eq!((&changed["abbreviation"], &changed["name"]), (&json!("MN"), &json!("Miljönämnden")));
        let changed = world.admin.patch_current(&path, json!({"abbreviation": null})).expect(200);
        assert!(changed["abbreviation"].is_null());
        // Nothing changes when nothing differs.
        let same = world.admin.patch_current(&path, json!({"name": "Miljönämnden"})).expect(200);
        assert_eq!(same.header("etag"), changed.header("etag"));
    }

    fn only_the_regional_office_keeps_the_tree(world: &World) {
        for person in [&world.controller, &world.head, &world.risk_owner, &world.reader, &world.auditor, &world.stranger] {
            person.post("/organisations", board(&world.root)).expect(403);
            person.patch_current(&at(&world.board), json!({"name": "Min nämnd"})).expect(403);
            person.get(&at(&world.other_board)).expect(200);
            assert_eq!(person.get("/organisations").expect(200)["total"], 5);
        }
    }

    fn the_tree_stays_a_tree(world: &World) {
        let refuse = |path: &str, patch: Value, pointer: &str, code: &str| {
            let answer = world.admin.patch_current(path, patch).expect(422);
            assert_eq!(answer.faults(), [(pointer, code)]);
        };
        refuse(&at(&world.board), json!({"parentId": world.unit}), "/parentId", "circle");
        refuse(&at(&world.board), json!({"parentId": world.board}), "/parentId", "circle");
        refuse(&at(&world.board), json!({"parentId": null}), "/parentId", "required");
        refuse(&at(&world.board), json!({"parentId": uuid::Uuid::now_v7()}), "/parentId", "unknownReference");
        refuse(&at(&world.board), json!({"successorId": world.board}), "/successorId", "unknownReference");
        refuse(&at(&world.board), json!({"validTo": "2019-12-31"}), "/validTo", "beforeStart");
        refuse(&at(&world.unit), json!({"plans": true}), "/plans", "notABody");
        refuse(&at(&world.root), json!({"parentId": world.board}), "/parentId", "rootStays");
        refuse(&at(&world.root), json!({"kind": "administration"}), "/kind", "rootStays");
        refuse(&at(&world.root), json!({"validTo": "2099-12-31"}), "/validTo", "rootStays");
        refuse(&at(&world.board), json!({"kind": "region", "plans": false}), "/kind", "oneRegion");
        world.admin.patch_current(&at(&world.root), json!({"name": "Region Prov"})).expect(200);
        let mut second = board(&world.root);
        second["kind"] = json!("region");
        second["plans"] = json!(false);
        world.admin.post("/organisations", second).refused(422, "oneRegion");
    }

    fn what_moves_takes_along_what_is_below(world: &World) {
        // A role on the other board reaches whatever comes in under it.
        world.grant(&world.stranger.id, json!({"role": "controller", "organisationId": world.other_board}));
        let reader = format!("/users/{}", world.reader.id);
        world.admin.patch_current(&reader, json!({"organisationId": world.unit})).expect(200);
        world.stranger.get(&reader).expect(404);
        world.controller.get(&reader).expect(200);
        world.admin.patch_current(&at(&world.division), json!({"parentId": world.other_board})).expect(200);
        assert_eq!(world.admin.get(&at(&world.unit)).expect(200)["bodyId"], json!(world.other_board));
        world.stranger.get(&reader).expect(200);
        world.controller.get(&reader).expect(404);
    }

    fn what_moves_within_its_body_takes_along_what_is_below_too(world: &World) {
        let office = world.organisation(&world.board, "administration", "Kulturförvaltningen");
        world.admin.patch_current(&at(&world.division), json!({"parentId": office})).expect(200);
        let paths = world.db.read(|r| {
            let unit: Organisation = r.get(planted::id(&world.unit))?;
            Ok(unit.path)
        });
        let way = [&world.root, &world.board, &office, &world.division, &world.unit].map(|id| format!("{id}/"));
        assert_eq!(paths.expect("the unit"), way.concat(), "rights and lists go by the path");
    }

    fn an_organisation_is_ended_and_goes_on_in_another(world: &World) {
        let ended = json!({"validTo": "2024-12-31", "successorId": world.other_board});
        let ended = world.admin.patch_current(&at(&world.board), ended).expect(200);
        assert_eq!(ended["successorId"], json!(world.other_board));
        world.admin.with("if-match", "*").delete(&at(&world.board)).expect(405);
        let on = |day: &str| -> Vec<String> {
            let list = world.reader.get(&format!("/organisations?kind=board&validOn={day}")).expect(200);
            list.column("id").into_iter().map(str::to_owned).collect()
        };
        assert_eq!(on("2019-12-31"), [""; 0]);
        assert_eq!(on("2024-12-31").len(), 2);
        assert_eq!(on("2025-01-01"), [world.other_board.as_str()]);
    }

    fn organisations_are_filtered_and_sorted(world: &World) {
        let ids = |query: &str| -> Vec<String> {
            let list = world.reader.get(&format!("/organisations?{query}")).expect(200);
            list.column("id").into_iter().map(str::to_owned).collect()
        };
        assert_eq!(ids(&format!("parentId={}", world.board)), [world.division.as_str()]);
        assert_eq!(ids("kind=unit"), [world.unit.as_str()]);
        assert_eq!(ids("q=TRAFIKN%C3%84"), [world.other_board.as_str()]);
        assert_eq!(ids("plans=true").len(), 2);
        assert_eq!(ids("sort=-kind,name").len(), 5);
        assert_eq!(ids("plans=true&sort=-name"), [world.other_board.as_str(), world.board.as_str()]);
    }
}
