//! `/plans/{id}/document` and the documents of its revisions: in which form, marked how, the same bytes for ever, and
//! who gets which.

use riskregister::storage::history::sha256_hex;
use serde_json::{Value, json};

use crate::kit::pdf::{dense, hold_structure, pages};
use crate::kit::plans::EVERY_SECTION;
use crate::kit::{Answer, Client, World, both};

/// A draft that lacks nothing, with one risk. Answers with its path.
fn draft(world: &World) -> String {
    draft_for(world, 2026)
}

fn draft_for(world: &World, year: i32) -> String {
    let c = &world.controller;
    let goal = json!({"organisationId": world.board, "year": year, "number": "1", "name": "Ett levande kulturliv"});
    let goal = c.post("/goals", goal).expect(201).id();
    let form = json!({"organisationId": world.board, "year": year, "diaryNumbers": ["KUN 2025-7"]});
    let plan = format!("/plans/{}", c.post("/plans", form).expect(201).id());
    for section in EVERY_SECTION {
        write(c, &plan, section, "Så arbetar nämnden.");
    }
    let risk = c
        .post(
            &format!("{plan}/risks"),
            json!({
                "name": "Risk för tomma salonger", "goalId": goal, "category": "operational", "response": "limit",
                "ownerId": world.risk_owner.id, "likelihood": 4, "consequence": 3,
            }),
        )
        .expect(201)
        .id();
    c.post(&format!("/risks/{risk}/controls"), json!({"name": "Räkna besökare"})).expect(201);
    plan
}

fn write(c: &Client, plan: &str, section: &str, text: &str) {
    c.with("if-none-match", "*").put(&format!("{plan}/sections/{section}"), json!({"text": text})).expect(201);
}

/// Proposes the draft and records the decision.
fn adopt(world: &World, plan: &str) {
    world.head.post_current(plan, "/proposal", json!({})).expect(200);
    let form = json!({"decidedOn": "2025-12-10", "decidingBoard": "Kulturnämnden", "paragraph": "97"});
    world.controller.post_current(plan, "/adoption", form).expect(200);
}

fn fetch(c: &Client, path: &str, accept: &str) -> Answer {
    c.with("accept", accept).get(path)
}

both! {
    fn the_document_comes_in_the_form_that_is_asked_for(world: &World) {
        let plan = draft(world);
        adopt(world, &plan);
        let c = &world.controller;
        for path in [format!("{plan}/document"), format!("{plan}/revisions/1/document")] {
            for (accept, wanted) in [
                ("*/*", Some("application/pdf")),
                ("application/*", Some("application/pdf")),
                ("application/pdf", Some("application/pdf")),
                ("application/json", Some("application/json")),
                ("APPLICATION/JSON", Some("application/json")),
                ("application/json; charset=utf-8", Some("application/json")),
                // Neither is preferred: the document itself.
                ("application/json, application/pdf", Some("application/pdf")),
                ("application/pdf;q=0.1, application/json;q=0.9", Some("application/json")),
                ("application/json;q=0.1, application/pdf;q=0.9", Some("application/pdf")),
                ("application/json;q=0.1, application/pdf", Some("application/pdf")),
                ("application/json ; q=0.5 , application/pdf ; q=0.4", Some("application/json")),
                ("application/json, */*;q=0.8", Some("application/json")),
                ("application/pdf;q=0.5, */*;q=0.8", Some("application/json")),
                // What is named is wanted before what is only not refused, as clients of JSON send it.
                ("application/json, text/plain, */*", Some("application/json")),
                ("application/pdf;q=0, */*", Some("application/json")),
                ("application/json;q=0, application/*", Some("application/pdf")),
                ("text/html", None),
                ("text/html, image/*;q=0.8", None),
                ("application/pdf;q=0, application/json;q=0.0", None),
                ("*/*;q=0", None),
            ] {
                let answer = fetch(c, &path, accept);
                match wanted {
                    Some(media) => {
                        let answer = answer.expect(200);
                        assert_eq!(answer.header("content-type"), media, "{accept}");
                        let varies = answer.headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
                        assert!(varies.flat_map(|v| v.split(',')).any(|v| v.trim().eq_ignore_ascii_case("accept")));
                    }
                    None => {
                        answer.expect(406);
                    }
                }
            }
            assert_eq!(c.get(&path).expect(200).header("content-type"), "application/pdf", "when nothing is said");
        }
    }

    fn a_draft_is_marked_and_what_is_adopted_is_sealed(world: &World) {
        let plan = draft(world);
        let path = format!("{plan}/document");
        let c = &world.controller;
        let pdf = fetch(c, &path, "application/pdf").expect(200);
        assert_eq!(pdf.header("content-disposition"), "inline; filename=\"plan-for-intern-kontroll-kulturnamnden-2026-1.pdf\"");
        hold_structure(&pdf.body, "Plan för intern kontroll 2026 – Kulturnämnden", false);
        let printed = pages(&pdf.body);
        assert!(printed.iter().all(|page| page.contains("UTKAST")));
        assert!(dense(&printed[0]).contains(&dense("UTKAST – under arbete, planen är inte fastställd")));
        let draft_json = fetch(c, &path, "application/json").expect(200);
        assert_eq!((&draft_json["plan"]["status"], &draft_json["decision"]), (&json!("draft"), &Value::Null));
        assert_ne!(draft_json.header("etag"), pdf.header("etag"));
        c.get(&format!("{plan}/revisions/1/document")).expect(404);

        adopt(world, &plan);
        let sealed = fetch(c, &path, "application/pdf").expect(200);
        let sealed_json = fetch(c, &path, "application/json").expect(200);
        assert!(pages(&sealed.body).iter().all(|page| !page.contains("UTKAST")));
        assert!(dense(&pages(&sealed.body)[0]).contains(&dense("Fastställd av Kulturnämnden 10 december 2025, § 97")));
        assert_eq!(sealed_json["plan"]["status"], "adopted");
        let revision = c.get(&format!("{plan}/revisions/1")).expect(200);
        assert_eq!(revision["documentSha256"], sha256_hex(&sealed.body));
        assert_eq!(revision["snapshotSha256"], sha256_hex(&sealed_json.body));
        let first = format!("{plan}/revisions/1/document");
        for (accept, same) in [("application/pdf", &sealed), ("application/json", &sealed_json)] {
            let again = fetch(c, &first, accept).expect(200);
            assert!(again.body == same.body, "the same bytes by both paths");
            assert_eq!(again.header("etag"), same.header("etag"));
            assert_eq!(again.header("content-disposition"), same.header("content-disposition"));
            // Who has it already is not sent it again.
            for known in [same.header("etag").to_owned(), "*".into(), format!("\"0\", W/{}", same.header("etag"))] {
                let known = c.with("accept", accept).with("if-none-match", &known).get(&first).expect(304);
                assert!(known.body.is_empty());
                assert_eq!(known.header("etag"), same.header("etag"));
            }
            c.with("accept", accept).with("if-none-match", draft_json.header("etag")).get(&first).expect(200);
        }
        assert!(sealed_json.header("content-disposition").ends_with("-2026-1.json\""));

        // A later assessment changes the plan, not what is sealed.
        let risk = c.get(&format!("{plan}/risks")).expect(200).column("id")[0].to_owned();
        c.post(&format!("/risks/{risk}/assessments"), json!({"likelihood": 5, "consequence": 5})).expect(201);
        c.with("accept", "application/pdf").with("if-none-match", sealed.header("etag")).get(&path).expect(304);

        c.post(&format!("{plan}/revision"), json!({"reason": "Något har ändrats."})).expect(200);
        let next = fetch(c, &path, "application/json").expect(200);
        assert_eq!((&next["plan"]["status"], &next["plan"]["revision"]), (&json!("draft"), &json!(2)));
        assert!(next.header("content-disposition").contains("-2026-2.json"));
        assert!(fetch(c, &first, "application/pdf").expect(200).body == sealed.body);
        for wrong in ["0", "2", "x", "-1", "99999999999"] {
            c.get(&format!("{plan}/revisions/{wrong}/document")).expect(404);
        }
    }

    fn the_board_decides_on_what_it_was_given(world: &World) {
        let c = &world.controller;
        let before = draft_for(world, 2025);
        adopt(world, &before);
        let goal = c.get("/goals?year=2025").expect(200).column("id")[0].to_owned();
        let form = json!({
            "organisationId": world.board, "year": 2026, "number": "1", "name": "Ett levande kulturliv", "continuesId": goal,
        });
        c.post("/goals", form).expect(201);
        let from = before.trim_start_matches("/plans/");
        let form = json!({"organisationId": world.board, "year": 2026, "fromPlanId": from});
        let plan = format!("/plans/{}", c.post("/plans", form).expect(201).id());
        for section in EVERY_SECTION {
            let path = format!("{plan}/sections/{section}");
            c.put_current(&path, json!({"text": "Så arbetar nämnden."})).expect(200);
        }
        let risk = |plan: &str| c.get(&format!("{plan}/risks")).expect(200).column("id")[0].to_owned();
        let assess = |plan: &str, consequence: i32| {
            let form = json!({"likelihood": 4, "consequence": consequence});
            c.post(&format!("/risks/{}/assessments", risk(plan)), form).expect(201);
        };
        assess(&plan, 3);
        let path = format!("{plan}/document");
        world.head.post_current(&plan, "/proposal", json!({})).expect(200);
        let given = fetch(c, &path, "application/json").expect(200);
        assert_eq!(given["goals"][0]["risks"][0]["change"], json!({"kind": "unchanged"}));

        // Life goes on while the board reads.
        assess(&before, 5);
        let owner = format!("/users/{}", world.risk_owner.id);
        world.admin.patch_current(&owner, json!({"name": "Rut Nygift"})).expect(200);
        let body = format!("/organisations/{}", world.board);
        world.admin.patch_current(&body, json!({"name": "Nämnden för kultur"})).expect(200);
        assert!(fetch(c, &path, "application/json").expect(200).body == given.body);

        let form = json!({"decidedOn": "2025-12-10", "decidingBoard": "Kulturnämnden", "paragraph": "97"});
        c.post_current(&plan, "/adoption", form).expect(200);
        let sealed = fetch(c, &path, "application/json").expect(200);
        let (mut one, mut other) = (given.json, sealed.json);
        assert!(other["decision"].take().is_object() && one["decision"].take().is_null());
        assert_eq!((one["plan"]["status"].take(), other["plan"]["status"].take()), (json!("proposed"), json!("adopted")));
        // What the log had come to comes with the decision, too.
        assert!(other.as_object_mut().and_then(|all| all.remove("checkpoint")).is_some_and(|c| c["size"].is_u64()));
        assert_eq!(one, other);

        // A plan that comes back is read anew.
        c.post(&format!("{plan}/revision"), json!({"reason": "Något har ändrats."})).expect(200);
        world.head.post_current(&plan, "/proposal", json!({})).expect(200);
        c.post(&format!("{plan}/return"), json!({"reason": "Namnet är gammalt."})).expect(200);
        let anew = fetch(c, &path, "application/json").expect(200);
        assert_eq!(anew["plan"]["organisation"], "Nämnden för kultur");
        assert_eq!(anew["goals"][0]["risks"][0]["owner"], "Rut Nygift");
    }

    fn who_may_see_it_gets_it(world: &World) {
        let plan = draft(world);
        let (now, first) = (format!("{plan}/document"), format!("{plan}/revisions/1/document"));
        let people = [
            ("administrator", &world.admin), ("controller", &world.controller.client), ("head", &world.head.client),
            ("risk owner", &world.risk_owner.client), ("auditor", &world.auditor.client),
            ("reader of drafts", &world.draft_reader.client), ("reader", &world.reader.client),
            ("performer", &world.performer.client), ("stranger", &world.stranger.client),
        ];
        let hold = |path: &str, wanted: [u16; 9]| {
            let found = people.map(|(_, client)| fetch(client, path, "application/json").status);
            assert_eq!(found, wanted, "{path} for {:?}", people.map(|(who, _)| who));
            fetch(&world.as_nobody(), path, "application/json").expect(401);
        };
        // What is not adopted is not there for a reader.
        hold(&now, [200, 200, 200, 200, 200, 200, 404, 404, 404]);
        hold(&first, [404; 9]);
        adopt(world, &plan);
        let everyone = [200, 200, 200, 200, 200, 200, 200, 404, 404];
        hold(&now, everyone);
        hold(&first, everyone);
        // While the next revision is drafted, what holds is what was adopted: a reader gets that one, by its number.
        world.controller.post(&format!("{plan}/revision"), json!({"reason": "Något har ändrats."})).expect(200);
        hold(&now, [200, 200, 200, 200, 200, 200, 403, 404, 404]);
        hold(&first, everyone);
        assert_eq!(fetch(&world.reader, &first, "application/json")["plan"]["status"], "adopted");
    }

    fn a_text_is_a_text_whatever_stands_in_it(world: &World) {
        let c = &world.controller;
        let plan = draft(world);
        let long = "W".repeat(120);
        let address = format!("https://www.example.org/{}", "a/b-c_d.".repeat(14));
        // Each with what is printed, where that differs.
        let texts: [(&str, Option<&str>); 9] = [
            ("#panic(\"x\") #{1+1} $x^2$ [a] \\ <label> `c` *d* _e_ @f // g /* h */ ~ -- --- ... = + - 1.", None),
            ("<script>alert('x')</script> &amp; <b>&lt;</b> <!-- c --> \"q\" 'r' ”s” %00 ${x} {{y}}", None),
            ("'; DROP TABLE risks; -- \\\" \\n", None),
            ("10x20 -> <- => fi ffi ½ ≥ § € å ä ö é – “”", None),
            (&long, None),
            (&address, None),
            ("Ett 😀 i texten", None),
            ("abc\u{202e}def\u{2066}ghi\u{200b}j", Some("abcdefghij")),
            // Letters of a script that runs the other way come out, in whichever order they are read back.
            ("שלום עולם مرحبا", Some("")),
        ];
        let goal = json!({"organisationId": world.board, "year": 2026, "name": texts[1].0});
        let goal = c.post("/goals", goal).expect(201).id();
        let mut ids = Vec::new();
        for (text, _) in texts {
            let risk = c.post(&format!("{plan}/risks"), json!({
                "name": text, "description": text, "localGoal": text, "goalId": goal, "justification": text,
                "likelihood": 4, "consequence": 4,
            })).expect(201);
            assert_eq!(risk["name"], text);
            let id = risk.id();
            c.post(&format!("/risks/{id}/controls"), json!({"name": text, "description": text, "frequency": text})).expect(201);
            c.post(&format!("/risks/{id}/actions"), json!({"name": text, "description": text})).expect(201);
            ids.push(id);
        }
        let path = format!("{plan}/sections/background");
        c.put_current(&path, json!({"text": texts[0].0})).expect(200);
        c.post(&format!("{plan}/risks"), json!({"name": "a\u{7}b"})).refused(422, "controlCharacter");

        let told = fetch(c, &format!("{plan}/document"), "application/json").expect(200);
        let goals = told["goals"].as_array().cloned().unwrap_or_default();
        let goal = goals.iter().find(|g| g["name"] == texts[1].0).expect("the goal");
        assert_eq!(told["sections"][0]["text"], texts[0].0);
        let pdf = fetch(c, &format!("{plan}/document"), "application/pdf").expect(200);
        hold_structure(&pdf.body, "Plan för intern kontroll 2026 – Kulturnämnden", false);
        let printed = dense(&pages(&pdf.body).concat());
        assert!(printed.contains(&dense(&format!("Bakgrund {}", texts[0].0))));
        for ((text, changed), risk) in texts.iter().zip(goal["risks"].as_array().into_iter().flatten()) {
            let (control, action) = (&risk["controls"][0], &risk["actions"][0]);
            let fields = [
                &risk["name"], &risk["description"], &risk["localGoal"], &risk["justification"], &control["name"],
                &control["description"], &control["frequency"], &action["name"], &action["description"],
            ];
            assert!(fields.iter().all(|field| *field == text), "{text} in {risk}");
            // In the list the name and the local goal stand once more.
            let wanted = dense(changed.unwrap_or(text));
            if !wanted.is_empty() {
                assert!(printed.matches(&wanted).count() >= 11, "{wanted} in {printed}");
            }
        }
        assert_eq!(goal["risks"].as_array().map(Vec::len), Some(ids.len()));
    }
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

both! {
    /// A file is sent on without being opened: its name says what is in it.
    fn a_full_document_with_marked_text_says_so_by_its_name(world: &World) {
        let c = &world.controller;
        let plan = draft(world);
        let risk = c.get(&format!("{plan}/risks")).expect(200).column("id")[0].to_owned();
        let name = |path: &str, accept: &str| fetch(c, path, accept).expect(200).header("content-disposition").to_owned();
        let whole = "plan-for-intern-kontroll-kulturnamnden-2026-1";
        let document = format!("{plan}/document");
        assert_eq!(name(&document, DOCX), format!("inline; filename=\"{whole}.docx\""));
        let marking = |provision: &str| json!({"provision": provision, "date": "2025-11-03", "authority": "Kulturnämnden"});
        c.patch_current(&format!("/risks/{risk}"), json!({"secrecy": marking("18 kap. 8 § OSL")})).expect(200);
        adopt(world, &plan);
        let marked = format!("{whole}-sekretess-18-kap-8-osl-2025-11-03-kulturnamnden");
        for path in [document.clone(), format!("{plan}/revisions/1/document")] {
            for (accept, ending) in [("application/pdf", "pdf"), ("application/json", "json"), (DOCX, "docx"), (XLSX, "xlsx")] {
                assert_eq!(name(&path, accept), format!("inline; filename=\"{marked}.{ending}\""));
                let public = format!("{path}?version=public");
                assert_eq!(name(&public, accept), format!("inline; filename=\"{whole}-offentlig.{ending}\""));
            }
            let header = |path: &str, accept: &str| fetch(c, path, accept).maybe_header("x-secrecy-markings").map(str::to_owned);
            let encoded = "18%20kap.%208%20%C2%A7%20OSL%2C%202025-11-03%2C%20Kulturn%C3%A4mnden".to_owned();
            for accept in ["application/pdf", "application/json", DOCX, XLSX] {
                assert_eq!(header(&path, accept), Some(encoded.clone()));
                assert_eq!(header(&format!("{path}?version=public"), accept), None);
            }
            let told = fetch(c, &path, "application/json").expect(200);
            assert_eq!(told["secrecyMarkings"], json!([marking("18 kap. 8 § OSL")]));
            assert_eq!(fetch(c, &format!("{path}?version=public"), "application/json").expect(200)["secrecyMarkings"], Value::Null);
        }
        // What is kept from a page keeps the name, too.
        let page = world.visitor(&c.id).page(&format!("{plan}/proof"));
        for link in page.all("a[href*='/revisions/1/document']") {
            assert_eq!(link.attr("download"), Some(""), "the file's own name");
        }
        // A second marking, and one that does not fit.
        c.post(&format!("{plan}/revision"), json!({"reason": "Något har ändrats."})).expect(200);
        let other = c.post(&format!("{plan}/risks"), json!({"name": "Risk för mörka salonger", "secrecy": marking(&"§".repeat(200))}));
        let other = other.expect(201).id();
        c.post(&format!("/risks/{other}/assessments"), json!({"likelihood": 5, "consequence": 5})).expect(201);
        let now = name(&document, "application/pdf");
        assert!(now.contains("-2026-2-sekretess-18-kap-8-osl-2025-11-03-kulturnamnden-med-flera.pdf"), "{now}");
        assert!(now.is_ascii() && now.len() < 250, "{now}");
    }
}
