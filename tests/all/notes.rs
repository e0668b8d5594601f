//! Notes about plans, risks, controls and actions: who reads and writes them, whom they tell, and where they never stand.

use riskregister::storage::verification::{Against, verify};
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::office;
use crate::kit::pdf::{dense, pages};
use crate::kit::plans::at_once;
use crate::kit::visitor::{Page, written};
use crate::kit::{Answer, Client, World, both};
use crate::planted;
use crate::reminders::Posting;

const NOWHERE: &str = "0199b1c4-7a44-7c31-a2d5-5f0c1d2e3f40";

/// The four things that a year has notes about.
fn things(year: &Year) -> [String; 4] {
    [
        format!("/plans/{}", year.plan),
        format!("/risks/{}", year.risk),
        format!("/controls/{}", year.always),
        format!("/actions/{}", year.action),
    ]
}

fn say(client: &Client, about: &str, text: &str) -> Answer {
    client.post(&format!("{about}/notes"), json!({"text": text}))
}

fn told(client: &Client, about: &str) -> Vec<String> {
    client.get(&format!("{about}/notes")).expect(200).column("text").into_iter().map(str::to_owned).collect()
}

fn second_administrator(world: &World) -> crate::kit::Person {
    world.person_with("Anna Andra", &world.root, "regionAdministrator", &world.root)
}

both! {
    fn whoever_sees_a_thing_reads_its_notes_and_writes_them(world: &World) {
        let year = Year::drafted(world);
        for (at, about) in things(&year).iter().enumerate() {
            let first = say(&world.controller, about, "Hinner vi det här?").expect(201);
            let path = format!("/notes/{}", first.id());
            assert_eq!(first.header("location"), format!("/api/v1{path}"));
            assert_eq!((&first["writtenById"], &first["mentionedIds"]), (&json!(world.controller.id), &json!([])));
            let names = ["riskId", "controlId", "actionId"].map(|field| !first[field].is_null());
            assert_eq!(names, [at == 1, at == 2, at == 3], "{}", first.json);
            assert_eq!(first["planId"], year.plan.as_str());
            for other in [&world.head.client, &world.risk_owner, &world.draft_reader, &world.admin] {
                say(other, about, "Ja.").expect(201);
                assert_eq!(other.get(&path).expect(200).json, first.json);
            }
            // Whoever is responsible for a part of a risk sees the risk, and no plan.
            let performer = say(&world.performer, about, "Jag tror det.").expect(if at == 0 { 404 } else { 201 });
            assert_eq!(performer.status == 404, world.performer.get(&path).status == 404);
            let all = told(&world.auditor, about);
            assert_eq!((all.len(), all.last().map(String::as_str)), (if at == 0 { 5 } else { 6 }, Some("Hinner vi det här?")));
            assert_eq!(all[0], if at == 0 { "Ja." } else { "Jag tror det." }, "the newest first");
            let few = world.controller.get(&format!("{about}/notes?limit=2&page=2")).expect(200);
            assert_eq!((few.items().len(), &few["total"]), (2, &json!(all.len())));

            world.auditor.get(&path).expect(200);
            say(&world.auditor, about, "Bra.").expect(403);
            for hidden in [&world.reader, &world.stranger] {
                hidden.get(&path).expect(404);
                hidden.get(&format!("{about}/notes")).expect(404);
                say(hidden, about, "Jag också.").expect(404);
            }
            assert_eq!(say(&world.controller, about, "  ").expect(422).faults().len(), 1);
            world.controller.post(&format!("{about}/notes"), json!({})).refused(422, "required");
        }
        world.controller.get(&format!("/notes/{NOWHERE}")).expect(404);
        say(&world.controller, &format!("/risks/{NOWHERE}"), "Hej").expect(404);
    }

    fn talk_goes_on_whatever_the_plan_has_come_to_and_changes_nothing(world: &World) {
        let year = Year::drafted(world);
        let things = things(&year);
        let tags = || things.each_ref().map(|about| world.controller.get(about).expect(200).header("etag").to_owned());
        let talk = |readers: u16, of_plan: u16| {
            let before = tags();
            for (at, about) in things.iter().enumerate() {
                say(&world.controller, about, "Vi talas vid.").expect(201);
                let status = if at == 0 { of_plan } else { readers };
                say(&world.reader, about, "Jag läser.").expect(status);
                world.reader.get(&format!("{about}/notes")).expect(if status == 201 { 200 } else { status });
            }
            assert_eq!(tags(), before);
        };
        talk(404, 404);
        world.propose(&year.plan).expect(200);
        talk(404, 404);
        world.adopt(&year.plan).expect(200);
        talk(201, 201);
        world.revise(&year.plan).expect(200);
        // A reader sees that the plan is there, and what was adopted, and no talk of the draft.
        talk(404, 403);
        world.controller.post_current(&things[0], "/abandonment", json!({"reason": "Behövs inte."})).expect(200);
        talk(201, 201);
        let closure = json!({"reason": "Följdes upp annorstädes."});
        world.controller.post_current(&things[0], "/closure", closure).expect(200);
        talk(201, 201);
    }

    fn names_are_those_of_people_who_see_it(world: &World) {
        let year = Year::drafted(world);
        let [_, risk, control, _] = things(&year);
        let mentioned = |answer: Answer| answer.expect(201)["mentionedIds"].clone();
        let text = format!("@per utförare, hinner du? Och @{}. Annars nagon@example.org, 3 @ 5.", world.head.email);
        assert_eq!(mentioned(say(&world.controller, &risk, &text)), json!([world.performer.id, world.head.id]));
        let form = json!({"text": "@Per Utförare och du", "mentionedIds": [world.risk_owner.id]});
        let both = world.controller.post(&format!("{risk}/notes"), form);
        assert_eq!(mentioned(both), json!([world.risk_owner.id, world.performer.id]));

        // Who is there and may not see it is refused as who is not there: one of another body, one who reads no drafts.
        for name in ["Stina Främling", "Lisa Läsare", "Ingen Alls"] {
            let refused = say(&world.controller, &risk, &format!("Se här @{name}, tack")).expect(422);
            assert_eq!(refused.faults(), [("/text", "mentionUnknown")]);
            let told = refused["errors"][0]["detail"].as_str().expect("a sentence").replace(name, "NN");
            assert!(told.contains("@NN"), "{told}");
        }
        let ids = json!({"text": "Hej", "mentionedIds": [world.stranger.id, NOWHERE, world.head.id, world.head.id]});
        assert_eq!(world.controller.post(&format!("{risk}/notes"), ids).expect(422).faults(), [
            ("/mentionedIds/0", "unknownReference"), ("/mentionedIds/1", "unknownReference"),
            ("/mentionedIds/3", "duplicate"),
        ]);

        let first = world.person_with("Åsa Ek", &world.board, "riskOwner", &world.board);
        let second = world.person_with("Åsa Ek Två", &world.unit, "controller", &world.board);
        assert_eq!(mentioned(say(&world.controller, &risk, "@Åsa Ek Två")), json!([second.id]));
        world.admin.patch_current(&format!("/users/{}", second.id), json!({"name": "Åsa Ek"})).expect(200);
        let refused = say(&world.controller, &risk, "@Åsa Ek och @Ingen").expect(422);
        assert_eq!(refused.faults(), [("/text", "mentionAmbiguous"), ("/text", "mentionUnknown")]);
        let chosen = json!({"text": "@Åsa Ek, ta den", "mentionedIds": [second.id]});
        assert_eq!(mentioned(world.controller.post(&format!("{risk}/notes"), chosen)), json!([second.id]));
        assert_eq!(mentioned(say(&world.controller, &risk, &format!("@{}", first.email))), json!([first.id]));
        world.admin.patch_current(&format!("/users/{}", first.id), json!({"active": false})).expect(200);
        assert_eq!(mentioned(say(&world.controller, &risk, "@Åsa Ek")), json!([second.id]));

        // Who sees no people knows those whom the thing tells of, by name.
        say(&world.performer, &control, "@Carl Controller, går det?").refused(422, "mentionUnknown");
        say(&world.controller, &control, "Hur går det?").expect(201);
        let answer = say(&world.performer, &control, "@Carl Controller, bra.");
        assert_eq!(mentioned(answer), json!([world.controller.id]));
        say(&world.performer, &control, &format!("@{}", world.controller.email)).refused(422, "mentionUnknown");
    }

    fn who_is_named_gets_a_letter(p: &Posting) {
        let year = Year::drafted(p);
        let [plan, risk, control, _] = things(&year);
        p.admin.patch_current(&format!("/users/{}", p.head.id), json!({"language": "en"})).expect(200);
        let form = json!({"text": "@Per Utförare, hinner du?\nOch @Carl Controller.", "mentionedIds": [p.head.id]});
        p.controller.post(&format!("{control}/notes"), form).expect(201);
        let letters = p.settled();
        let mut to: Vec<&str> = letters.iter().flat_map(|letter| &letter.to).map(String::as_str).collect();
        to.sort_unstable();
        assert_eq!(to, [p.head.email.as_str(), &p.performer.email], "and none to oneself");
        let letter = p.letter_to(&p.performer.email);
        assert_eq!(letter.subject(), "Riskregistret: Carl Controller har skrivit till dig");
        assert!(letter.header("List-Unsubscribe").is_empty(), "it has nothing to turn off");
        for said in [
            "Kontrollen Löpande stickprov (", "Brist på scener). Kulturnämnden, 2024.",
            "> @Per Utförare, hinner du?\n> Och @Carl Controller.",
            &format!("https://risk.example.org{control}#notes"),
        ] {
            assert!(letter.text().contains(said), "{said} in {}", letter.text());
        }
        assert!(p.letter_to(&p.head.email).subject().contains("has written to you"));
        let kept = p.admin.get("/mails?kind=note").expect(200);
        assert_eq!(kept.items().len(), 2);
        assert!(kept.items().iter().all(|mail| mail["planId"] == year.plan.as_str() && mail["status"] == "sent"), "{}", kept.json);
        assert!(p.visitor(&p.admin_id).page("/letters?kind=note").text("main table").contains("Anteckning"));

        // Nothing is told of what is marked as secret, nor of a plan that holds it.
        let secrecy = json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-01", "authority": "Nämnden"});
        p.controller.patch_current(&risk, json!({"secrecy": secrecy})).expect(200);
        for about in [&risk, &control, &plan] {
            let form = json!({"text": "Koden är 4711.", "mentionedIds": [p.risk_owner.id]});
            p.controller.post(&format!("{about}/notes"), form).expect(201);
        }
        let all = p.settled();
        let secret: Vec<_> = all.iter().filter(|letter| letter.to.contains(&p.risk_owner.email)).collect();
        assert_eq!(secret.len(), 3);
        for letter in secret {
            for word in ["4711", "scener", "stickprov"] {
                assert!(!letter.text().contains(word) && !letter.html().contains(word), "{word}: {}", letter.text());
            }
            assert!(letter.text().contains("sekretessmarkerat"), "{}", letter.text());
        }
    }

    fn without_a_mail_server_nobody_is_written_to(world: &World) {
        let year = Year::drafted(world);
        say(&world.controller, &format!("/risks/{}", year.risk), "@Per Utförare").expect(201);
        assert_eq!(world.admin.get("/mails").expect(200)["total"], 0);
    }

    fn the_history_tells_them_and_the_past_shows_them(world: &World) {
        let year = Year::adopted(world);
        let [_, risk, ..] = things(&year);
        let first = say(&world.controller, &risk, "Det första. @Per Utförare").expect(201);
        let log = world.auditor.get(&format!("/logs/{}", world.board)).expect(200);
        let time = log.text("lastTime");
        say(&world.performer, &risk, "Det andra.").expect(201);
        assert_eq!(planted::history(world, &first.id()), ["note.written"]);
        let then = world.auditor.get(&format!("{risk}/notes?asOf={time}")).expect(200);
        assert_eq!(then.column("text"), ["Det första. @Per Utförare"]);
        assert_eq!(world.auditor.get(&format!("/notes/{}?asOf={time}", first.id())).expect(200).json, first.json);
        let controller = world.visitor(&world.controller.id);
        let past = controller.page(&format!("{risk}?asOf={time}"));
        let shown: Vec<String> = past.all("#notes ~ ol p.text").iter().map(|one| one.text().collect()).collect();
        assert_eq!(shown, ["Det första. @Per Utförare"]);
        assert!(past.all("form#note").is_empty());
        let event = controller.page(&format!("/history/{}", world.board)).text("main");
        assert!(event.contains("En anteckning skrevs") && event.contains("Brist på scener"), "{event}");
        verify(&world.config.database, &Against::default()).expect("it verifies");
    }

    fn what_was_written_can_be_erased_by_two(world: &World) {
        let year = Year::adopted(world);
        let [_, risk, ..] = things(&year);
        let note = say(&world.controller, &risk, "Namn som inte ska stå här. @Per Utförare").expect(201).id();
        let form = json!({"entity": "note", "entityId": note, "fields": ["text"], "decision": "RS 2026-1, § 4"});
        let asked = world.admin.post("/erasures", form).expect(201).id();
        second_administrator(world).post(&format!("/erasures/{asked}/confirmation"), json!({})).expect(200);
        assert_eq!(told(&world.controller, &risk), ["[gallrad]"]);
        let page = world.visitor(&world.controller.id).page(&risk);
        assert_eq!(page.text("#notes ~ ol p.text"), "[gallrad]");
        assert!(!page.text("main").contains("Namn som"));
        assert_eq!(planted::history(world, &note), ["note.written", "text.erased"]);
        let history = world.visitor(&world.auditor.id).page(&format!("/history/{}", world.board));
        assert!(!history.text("main").contains("Namn som"));
        verify(&world.config.database, &Against::default()).expect("it verifies");
    }

    fn notes_go_with_what_they_are_about_and_come_back_with_it(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        let [high, low] = [("Brist på scener", (3, 4)), ("Låg risk", (2, 2))].map(|(name, score)| world.risk(&plan, &goal, name, score).id());
        let (control, action) = (world.control(&high, "Räkna"), world.action(&high, "Bygg"));
        let of_low = world.control(&low, "Räkna också");
        let [plan, high, low] = [format!("/plans/{plan}"), format!("/risks/{high}"), format!("/risks/{low}")];
        let [control, action, of_low] = [format!("/controls/{control}"), format!("/actions/{action}"), format!("/controls/{of_low}")];
        let notes: Vec<String> =
            [&plan, &high, &low, &control, &action, &of_low].map(|about| say(&world.controller, about, "Hej.").expect(201).id()).into();
        let there = |note: &String| world.auditor.get(&format!("/notes/{note}")).status == 200;

        world.controller.delete_current(&action).expect(204);
        assert_eq!(notes.iter().map(there).collect::<Vec<_>>(), [true, true, true, true, false, true]);
        assert_eq!(planted::history(world, &notes[4]), ["note.written", "note.deleted"]);
        let id = plan.rsplit('/').next().expect("an id");
        world.complete(id);
        world.decide(id);
        world.revise(id).expect(200);
        let since = say(&world.controller, &high, "Sedan.").expect(201).id();
        world.controller.delete_current(&of_low).expect(204);
        world.controller.delete_current(&low).expect(204);
        assert_eq!(notes.iter().map(there).collect::<Vec<_>>(), [true, true, false, true, false, false]);
        world.controller.post_current(&plan, "/abandonment", json!({"reason": "Behövs inte."})).expect(200);
        assert_eq!(notes.iter().map(there).collect::<Vec<_>>(), [true, true, true, true, false, true]);
        assert!(there(&since), "what people wrote is not the revision's");
        assert_eq!(told(&world.controller, &low), ["Hej."]);

        let mistaken = format!("/plans/{}", world.carried(2027, id));
        let note = say(&world.controller, &mistaken, "Den här var ett misstag.").expect(201).id();
        world.controller.post_current(&mistaken, "/deletion", json!({"reason": "Ett misstag."})).expect(204);
        assert!(!there(&note));
        verify(&world.config.database, &Against::default()).expect("it verifies");
    }

    fn nothing_is_deleted_under_a_note_that_is_being_written(world: &World) {
        let goal = world.goal(2026, "En ekonomi i balans");
        let plan = world.plan(2026);
        for round in 0..6 {
            let risk = world.risk(&plan, &goal, &format!("Risk {round}"), (3, 4)).id();
            let about = format!("/controls/{}", world.control(&risk, "Räkna"));
            let gone = if round % 2 == 0 { about.clone() } else { format!("/risks/{risk}") };
            let (deleted, said) =
                at_once(|| world.controller.delete_current(&gone).status, || say(&world.head, &about, "Vänta!").status);
            assert_eq!(deleted, 204);
            assert!(said == 201 || said == 404, "{said}");
            say(&world.head, &about, "Sedan.").expect(404);
        }
        verify(&world.config.database, &Against::default()).expect("it verifies");
    }

    fn no_document_and_no_list_holds_a_note(world: &World) {
        const SAID: &str = "Tal som ingen förseglar";
        let year = Year::drafted(world);
        for about in things(&year) {
            say(&world.controller, &about, SAID).expect(201);
        }
        let c = &world.controller;
        let plan = format!("/plans/{}", year.plan);
        world.decide(&year.plan);
        year.report_all("t1");
        let report = year.report("t1");
        let kinds = [
            "application/json",
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ];
        let text_of = |answer: &Answer| match answer.header("content-type") {
            kind if kind.contains("json") || kind.contains("csv") => String::from_utf8(answer.body.clone()).expect("text"),
            kind if kind.contains("pdf") => dense(&pages(&answer.body).concat()),
            _ => office::text(&answer.body),
        };
        let held = |answer: Answer| {
            let text = text_of(&answer);
            assert!(text.len() > 100, "{}", answer.asked);
            assert!(!text.contains(SAID) && !text.contains(&dense(SAID)), "{} holds a note", answer.asked);
        };
        let documents =
            [format!("{plan}/document"), format!("{plan}/revisions/1/document"), format!("/reports/{report}/document")];
        for path in documents {
            for version in ["full", "public"] {
                for kind in kinds {
                    held(c.with("accept", kind).get(&format!("{path}?version={version}")).expect(200));
                }
            }
        }
        for list in ["/risks", "/controls", "/actions"] {
            for kind in ["text/csv", kinds[3]] {
                held(c.with("accept", kind).get(list).expect(200));
            }
        }
        held(c.with("accept", kinds[3]).get(&format!("/organisations/{}/register", world.board)).expect(200));
        assert_eq!(told(c, &plan), [SAID]);
    }

    fn its_page_shows_and_takes_them(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        for about in things(&year) {
            let page = controller.page(&about);
            let form = page.form("form#note");
            let offered: Vec<&str> = page.all("#note-mentionedIds input[type=checkbox]").iter().filter_map(|one| one.attr("value")).collect();
            assert!(offered.contains(&world.head.id.as_str()) && !offered.contains(&world.controller.id.as_str()), "{offered:?}");
            assert!(!offered.contains(&world.stranger.id.as_str()));
            // A name that is nobody's is told by its field, and what was written stays.
            let wrong = Page::of(&controller.send(&about, &written(&form, "text", "@Ingen Alls, se här")).expect(422));
            assert!(wrong.text("form#note .faults").contains("@Ingen Alls är ingen som kan se det här"), "{}", wrong.text("form#note"));
            assert!(wrong.text("#note-text").contains("@Ingen Alls, se här"));
            assert!(told(&world.controller, &about).is_empty());
            let mut right = written(&form, "text", "Hej @Per <b>Utförare\nrad två");
            let bad = controller.send(&about, &right).expect(422);
            assert!(Page::of(&bad).text(".faults").contains("@Per"));
            right = written(&form, "text", "Hej du & <b>\nrad två");
            right.push(("mentionedIds".into(), world.head.id.clone()));
            let done = controller.send(&about, &right).expect(303);
            assert!(done.header("location").contains("#notes"), "{}", done.header("location"));
            let page = controller.page(&about);
            let shown = page.one("#notes ~ ol li");
            let shown: String = shown.text().collect();
            for part in ["Carl Controller", "Hej du & <b>\nrad två", "Till: Hedda Chef"] {
                assert!(shown.contains(part), "{part} in {shown}");
            }
            assert_eq!(told(&world.controller, &about), ["Hej du & <b>\nrad två"]);
            // Auditors read, and write nothing.
            let auditor = world.visitor(&world.auditor.id).page(&about);
            assert!(auditor.all("form#note").is_empty() && auditor.text("#notes ~ ol").contains("Hej du"));
        }
        // Where there is nothing to read, and nothing to write, nothing is shown.
        let annual = format!("/controls/{}", year.annual);
        assert!(world.visitor(&world.auditor.id).page(&annual).all("#notes").is_empty());

        let risk = format!("/risks/{}", year.risk);
        for n in 0..11 {
            say(&world.performer, &risk, &format!("Nummer {n}.")).expect(201);
        }
        let page = controller.page(&risk);
        assert_eq!(page.all("#notes ~ ol li").len(), 10);
        let next = page.attribute("nav.pages a[rel=next]", "href");
        assert!(next.ends_with("#notes"), "{next}");
        let rest = controller.page(next.trim_end_matches("#notes"));
        assert_eq!(rest.all("#notes ~ ol li").len(), 2);
        assert!(rest.text("#notes ~ ol").contains("Hej du"));
    }

    fn a_performer_is_offered_whom_the_thing_tells_of(world: &World) {
        let year = Year::adopted(world);
        let path = format!("/controls/{}", year.always);
        let offered = || -> Vec<String> {
            let page = world.visitor(&world.performer.id).page(&path);
            let all = page.all("#note-mentionedIds label");
            all.iter().map(|one| one.text().collect::<String>().trim().to_owned()).collect()
        };
        let owner = world.controller.get(&format!("/risks/{}", year.risk)).expect(200)["ownerId"].clone();
        let names: Value = world.admin.get(&format!("/users/{}", owner.as_str().expect("it is owned"))).expect(200).json;
        assert_eq!(json!(offered()), json!([names["name"]]));
        say(&world.head, &path, "Hur går det?").expect(201);
        assert!(offered().contains(&"Hedda Chef".to_owned()), "{:?}", offered());
    }
}
