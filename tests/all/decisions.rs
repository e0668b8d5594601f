//! What boards decide, and when: clauses, receivers, the board's own changes, numbers that come late, deliveries, and
//! decisions before a period's end, with the reason that the document prints.

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::follow_up::{Year, judged};
use crate::kit::plans::decision;
use crate::kit::visitor::written;
use crate::kit::{Client, World, both, pdf};
use crate::reports::{FORMATS, at, closed, document, files, finalize, judge, words};

/// The formats in which the full document of a plan's revision or of a report does not hold this.
fn not_in(client: &Client, document: &str, told: &str) -> Vec<&'static str> {
    let holds = |media: &str| {
        let file = client.with("accept", media).get(document).expect(200);
        words(media, &file.body).contains(&pdf::dense(told))
    };
    FORMATS.iter().map(|(media, ..)| *media).filter(|media| !holds(media)).collect()
}

fn lacking(client: &Client, report: &str, told: &str) -> Vec<&'static str> {
    not_in(client, &format!("/reports/{report}/document"), told)
}

/// The kinds of a thing's events, in order, but for who has looked at what is decided.
fn events(world: &World, thing: &str) -> Vec<String> {
    let all = world.auditor.get(&format!("/logs/{}/events?entityId={thing}&limit=200", world.board)).expect(200);
    let kinds = all.items().iter().map(|event| event["event"]["kind"].as_str().expect("a kind").to_owned());
    kinds.filter(|kind| kind != "document.downloaded").collect()
}

/// A complete plan of 2024, before the board.
fn proposed(world: &World) -> String {
    let plan = world.plan(2024);
    let goal = world.goal(2024, "En ekonomi i balans");
    world.risk(&plan, &goal, "Brist på scener", (3, 4));
    world.complete(&plan);
    world.propose(&plan).expect(200);
    plan
}

/// A decision that says more than it must.
fn told() -> Value {
    let mut form = decision();
    form["clauses"] =
        json!(["Nämnden fastställer planen.", "Nämnden uppdrar åt förvaltningschefen att följa upp den."]);
    form["sentTo"] = json!(["Regionstyrelsen", "Regionrevisorerna"]);
    form
}

/// What a fault says.
fn detail(answer: &Value) -> &str {
    answer["errors"][0]["detail"].as_str().unwrap_or_default()
}

both! {
    fn a_decision_before_the_period_ends_is_explained(world: &World) {
        let (_, report) = closed(world);
        finalize(world, &report).expect(200);
        let decide = |on: &str, reason: Option<&str>| {
            let mut form = json!({"decidedOn": on, "decidingBoard": "Kulturnämnden", "paragraph": "31"});
            if let Some(reason) = reason {
                form["earlyReason"] = json!(reason);
            }
            world.controller.post_current(&at(&report), "/decision", form)
        };
        let unexplained = decide("2024-04-30", None).expect(422);
        assert_eq!(unexplained.faults(), [("/earlyReason", "beforePeriodEnds")]);
        assert!(detail(&unexplained.json).contains("2024-04-30"), "{}", unexplained.json);
        decide("2024-04-30", Some("")).refused(422, "tooShort");
        // After it there is nothing to explain, and nothing untrue is printed.
        let late = decide("2024-05-01", Some("Nämnden möts sällan."));
        assert_eq!(late.expect(422).faults(), [("/earlyReason", "notEarly")]);
        let both = decide("2999-04-30", Some("Nämnden möts sällan.")).expect(422);
        assert_eq!(both.faults(), [("/decidedOn", "dateInFuture"), ("/earlyReason", "notEarly")]);
        let reason = "Nämnden möts sista gången i april.";
        assert_eq!(lacking(&world.controller, &report, reason).len(), FORMATS.len());
        let decided = decide("2024-04-30", Some(reason)).expect(200);
        assert_eq!((&decided["status"], &decided["earlyReason"]), (&json!("decided"), &json!(reason)));
        assert_eq!(document(&world.reader, &report)["decision"]["earlyReason"], reason);
        assert!(lacking(&world.reader, &report, reason).is_empty());
        assert!(document(&world.reader, &report)["report"].get("closedEarly").is_none(), "the period had ended");
        // A plan is adopted for its whole year.
        let plan = world.plan(2025);
        world.goal(2025, "En ekonomi i balans");
        let form = json!({"decidedOn": "2024-12-12", "decidingBoard": "Kulturnämnden", "paragraph": "9", "earlyReason": reason});
        let refused = world.controller.post_current(&format!("/plans/{plan}"), "/adoption", form).expect(422);
        assert_eq!(refused.faults(), [("/earlyReason", "notEarly")]);
    }

    fn a_year_can_be_decided_on_before_it_ends(world: &World) {
        let today = riskregister::storage::Timestamp::now().stockholm_date();
        let goal = world.goal(today.year(), "En ekonomi i balans");
        let plan = world.plan(today.year());
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let control = world.control(&risk, "Stickprov");
        world.complete(&plan);
        world.decide(&plan);
        let year = Year::of(world, &plan, &risk, &control, &control, "");
        let because = "Styrelsen sammanträder sista gången i november.";
        let close = |period: &str, form: Value| world.controller.post_current(&year.period(period), "/closure", form);
        for period in ["t1", "interim", "annual"] {
            year.report_all(period);
            let seen = world.controller.get(&year.period(period)).expect(200);
            let last: NaiveDate = seen["to"].as_str().and_then(|day| day.parse().ok()).expect("a day");
            if last < today {
                assert_eq!(close(period, json!({"reason": because})).expect(422).faults(), [("/reason", "notEarly")]);
                year.close(period).expect(200);
                continue;
            }
            let unexplained = year.close(period).expect(422);
            assert_eq!(unexplained.faults(), [("/reason", "periodNotEnded")]);
            assert!(detail(&unexplained.json).contains(&last.to_string()), "{}", unexplained.json);
            let shut = close(period, json!({"reason": because})).expect(200);
            assert_eq!((&shut["status"], &shut["closingReason"]), (&json!("closed"), &json!(because)));
        }
        // Opened again, it was not closed early.
        let again = world.controller.post(&format!("{}/reopening", year.period("annual")), json!({"reason": "Fel."}));
        assert_eq!(again.expect(200)["closingReason"], Value::Null);
        close("annual", json!({"reason": because})).expect(200);
        let report = year.report("annual");
        world.controller.patch_current(&at(&report), json!({"assurance": "Nämnden försäkrar."})).expect(200);
        judge(world, &plan, "annual");
        finalize(world, &report).expect(200);
        // What the board is given says that the year went on.
        assert_eq!(document(&world.controller, &report)["report"]["closedEarly"]["reason"], because);
        assert!(lacking(&world.controller, &report, because).is_empty());
        let form = |reason: Option<&str>| {
            json!({"decidedOn": today, "decidingBoard": "Kulturnämnden", "paragraph": "98", "earlyReason": reason})
        };
        let decide = |reason| world.controller.post_current(&at(&report), "/decision", form(reason));
        assert_eq!(decide(None).expect(422).faults(), [("/earlyReason", "beforePeriodEnds")]);
        decide(Some("Nämnden möts inte i december.")).expect(200);
        assert!(lacking(&world.reader, &report, "Nämnden möts inte i december.").is_empty());
        assert!(lacking(&world.reader, &report, because).is_empty());
        assert_eq!(world.controller.get(&format!("/plans/{plan}")).expect(200)["status"], "closed");
        world.controller.post(&format!("{}/reopening", year.period("annual")), json!({"reason": "Fel."})).expect(409);
    }

    fn a_decision_tells_its_clauses_and_whom_it_is_sent_to(world: &World) {
        let plan = proposed(world);
        let at_plan = format!("/plans/{plan}");
        let mut wrong = told();
        wrong["clauses"][1] = json!(" ");
        wrong["sentTo"] = json!("Regionstyrelsen");
        let refused = world.controller.post_current(&at_plan, "/adoption", wrong).expect(422);
        assert_eq!(refused.faults(), [("/clauses/1", "tooShort"), ("/sentTo", "wrongType")]);
        world.controller.post_current(&at_plan, "/adoption", told()).expect(200);
        let revision = world.reader.get(&format!("{at_plan}/revisions/1")).expect(200);
        for field in ["clauses", "sentTo"] {
            assert_eq!(revision[field], told()[field], "{field}");
        }
        let printed = format!("{at_plan}/revisions/1/document");
        let all = ["Nämnden fastställer planen.", "Beslutssats 2", "uppdrar åt förvaltningschefen", "Regionrevisorerna"];
        for text in all {
            let lacks = not_in(&world.reader, &printed, text);
            assert!(lacks.iter().all(|media| *media == "application/json" && text.starts_with("Beslutssats")), "{text}: {lacks:?}");
        }
        // Of a report the same.
        let year = Year::of(world, &plan, "", "", "", "");
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        finalize(world, &report).expect(200);
        let mut form = told();
        form["decidedOn"] = judged()["decidedOn"].clone();
        form["diaryNumbers"] = json!(["KN 2025-3"]);
        let decided = world.controller.post_current(&at(&report), "/decision", form).expect(200);
        assert_eq!((&decided["clauses"], &decided["sentTo"]), (&told()["clauses"], &told()["sentTo"]));
        assert_eq!(decided["diaryNumbers"], json!(["KN 2025-3"]));
        for text in [all[0], all[2], all[3], "KN 2025-3"] {
            assert!(lacking(&world.reader, &report, text).is_empty(), "{text}");
        }
        // What is not said leaves no trace: what was sealed before has the same bytes as ever.
        let second = year.report("t1");
        finalize(world, &second).expect(200);
        world.controller.post_current(&at(&second), "/decision", judged()).expect(200);
        let decision = document(&world.reader, &second)["decision"].clone();
        let names: Vec<&String> = decision.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["decidedOn", "decidingBoard", "diaryNumbers", "paragraph"]);
    }

    fn the_boards_own_change_is_no_return(world: &World) {
        let plan = proposed(world);
        let at_plan = format!("/plans/{plan}");
        let c = &world.controller;
        let change = "Nämnden lägger till att scenerna räknas varje månad.";
        let by_board = json!({"reason": change, "byBoard": true});
        world.head.post(&format!("{at_plan}/return"), by_board.clone()).expect(403);
        c.post(&format!("{at_plan}/return"), json!({"byBoard": true})).refused(422, "required");
        let back = c.post(&format!("{at_plan}/return"), by_board.clone()).expect(200);
        assert_eq!((&back["status"], &back["returnReason"], &back["boardChange"]), (&json!("draft"), &Value::Null, &json!(change)));
        // A return is another thing, and then the board has not decided on what it changed.
        world.propose(&plan).expect(200);
        let returned = c.post(&format!("{at_plan}/return"), json!({"reason": "Mer behövs."})).expect(200);
        assert_eq!((&returned["boardChange"], &returned["returnReason"]), (&Value::Null, &json!("Mer behövs.")));
        world.propose(&plan).expect(200);
        c.post(&format!("{at_plan}/return"), by_board.clone()).expect(200);
        let section = format!("{at_plan}/sections/monitoring");
        c.put_current(&section, json!({"text": "Scenerna räknas varje månad."})).expect(200);
        assert_eq!(world.propose(&plan).expect(200)["boardChange"], change);
        // What was said of it goes with the decision, which says the same again or says it better.
        let adopted = c.post_current(&at_plan, "/adoption", decision()).expect(200);
        assert_eq!(adopted["boardChange"], Value::Null, "it is the decision's now");
        assert_eq!(world.reader.get(&format!("{at_plan}/revisions/1")).expect(200)["boardChange"], change);
        assert!(not_in(&world.reader, &format!("{at_plan}/revisions/1/document"), change).is_empty());
        let kinds = events(world, &plan);
        let told: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| !matches!(*kind, "plan.changed" | "plan.sectionWritten")).collect();
        assert_eq!(told, ["plan.created", "plan.proposed", "plan.changedByBoard", "plan.proposed", "plan.returned",
            "plan.proposed", "plan.changedByBoard", "plan.proposed", "plan.adopted"]);
        // Of a report.
        let year = Year::of(world, &plan, "", "", "", "");
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        finalize(world, &report).expect(200);
        let back = c.post(&format!("{}/return", at(&report)), by_board).expect(200);
        assert_eq!((&back["status"], &back["returnReason"], &back["boardChange"]), (&json!("draft"), &Value::Null, &json!(change)));
        assert!(!lacking(c, &report, change).is_empty(), "it is not decided");
        c.patch_current(&at(&report), json!({"introduction": "Scenerna räknas varje månad."})).expect(200);
        finalize(world, &report).expect(200);
        let mut form = judged();
        form["boardChange"] = json!("Nämnden lade till en mening.");
        let decided = c.post_current(&at(&report), "/decision", form).expect(200);
        assert_eq!(decided["boardChange"], "Nämnden lade till en mening.");
        assert!(lacking(&world.reader, &report, "Nämndens ändring").iter().all(|media| *media == "application/json"));
        assert!(lacking(&world.reader, &report, "Nämnden lade till en mening.").is_empty());
        assert_eq!(events(world, &report), ["report.created", "report.finalized", "report.changedByBoard", "report.changed",
            "report.finalized", "report.decided"]);
    }

    fn a_diary_number_that_comes_late_is_added(world: &World) {
        let plan = proposed(world);
        let at_plan = format!("/plans/{plan}");
        let add = |of: &str, number: &str| world.controller.post(&format!("{of}/diary-numbers"), json!({"diaryNumber": number}));
        add(&at_plan, "RS 2024-7").refused(409, "planNotAdopted");
        world.adopt(&plan).expect(200);
        let sealed = |client: &Client| client.get(&format!("{at_plan}/revisions/1/document")).expect(200).body;
        let before = sealed(&world.reader);
        assert_eq!(add(&at_plan, " RS 2024-7 ").expect(200)["diaryNumbers"], json!(["KN 2024-1", "RS 2024-7"]));
        assert_eq!(add(&at_plan, "RS 2024-7").expect(200)["diaryNumbers"], json!(["KN 2024-1", "RS 2024-7"]), "once is enough");
        add(&at_plan, "").refused(422, "tooShort");
        assert!(sealed(&world.reader) == before);
        assert_eq!(world.reader.get(&format!("{at_plan}/revisions/1")).expect(200)["diaryNumbers"], json!(["KN 2024-1"]));
        assert_eq!(events(world, &plan).last().map(String::as_str), Some("plan.diaryNumberAdded"));
        for n in 3..=20 {
            add(&at_plan, &format!("RS 2024-7-{n}")).expect(200);
        }
        add(&at_plan, "RS 2024-8").refused(422, "tooMany");
        let year = Year::of(world, &plan, "", "", "", "");
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        add(&at(&report), "RS 2025-7").refused(409, "reportNotDecided");
        finalize(world, &report).expect(200);
        add(&at(&report), "RS 2025-7").refused(409, "reportNotDecided");
        world.controller.post_current(&at(&report), "/decision", judged()).expect(200);
        let before = files(&world.reader, &report);
        assert_eq!(add(&at(&report), "RS 2025-7").expect(200)["diaryNumbers"], json!(["RS 2025-7"]));
        assert!(files(&world.reader, &report) == before);
        assert_eq!(events(world, &report).last().map(String::as_str), Some("report.diaryNumberAdded"));
        world.head.post(&format!("{}/diary-numbers", at(&report)), json!({"diaryNumber": "X"})).expect(403);
    }

    fn deliveries_are_recorded_and_changed_for_a_reason(world: &World) {
        let (year, report) = closed(world);
        let at_plan = format!("/plans/{}", year.plan);
        let deliver = |of: &str, on: &str| world.controller.post(&format!("{of}/delivery"), json!({"deliveredOn": on}));
        let undelivered = || {
            let path = "/follow-ups?year=2024&period=t1&delivered=false";
            world.admin.get(path).expect(200).column("organisationId").contains(&world.board.as_str())
        };
        let seen = || {
            let all = world.admin.get("/follow-ups?year=2024&period=t1").expect(200);
            let row = all.items().iter().find(|row| row["organisationId"] == world.board).cloned().expect("the board");
            (row["planDelivered"].clone(), row["delivered"].clone(), row["report"]["deliveredOn"].clone())
        };
        assert!(undelivered());
        assert_eq!(seen(), (json!(false), json!(false), Value::Null));
        deliver(&at_plan, "2024-03-15").expect(200);
        assert!(!undelivered());
        deliver(&at(&report), "2025-02-12").refused(409, "reportNotDecided");
        finalize(world, &report).expect(200);
        world.controller.post_current(&at(&report), "/decision", judged()).expect(200);
        assert!(undelivered(), "its report is decided, and stays at home");
        assert_eq!(seen(), (json!(true), json!(false), Value::Null));
        assert_eq!(deliver(&at(&report), "2025-02-10").expect(422).faults(), [("/deliveredOn", "beforeDecision")]);
        assert_eq!(deliver(&at(&report), "2999-02-10").expect(422).faults(), [("/deliveredOn", "dateInFuture")]);
        assert_eq!(deliver(&at(&report), "2025-02-12").expect(200)["deliveredOn"], "2025-02-12");
        assert!(!undelivered());
        assert_eq!(seen(), (json!(true), json!(true), json!("2025-02-12")));
        // The same day says nothing new; another one is explained, of plans as of reports.
        for (of, first, then) in [(at_plan.clone(), "2024-03-15", "2024-03-16"), (at(&report), "2025-02-12", "2025-02-13")] {
            deliver(&of, first).expect(200);
            let unexplained = deliver(&of, then).expect(422);
            assert_eq!(unexplained.faults(), [("/reason", "required")]);
            assert!(detail(&unexplained.json).contains(first), "{}", unexplained.json);
            let form = json!({"deliveredOn": then, "reason": "Fel dag."});
            assert_eq!(world.controller.post(&format!("{of}/delivery"), form).expect(200)["deliveredOn"], then);
        }
        // A revision is delivered anew, and needs no excuse.
        world.revise(&year.plan).expect(200);
        year.decide(&year.plan);
        assert!(undelivered());
        deliver(&at_plan, "2024-04-02").expect(200);
        assert!(!undelivered());
    }

    /// The revised plan tells why; one that was begun before that was asked for is asked when it is proposed.
    fn a_revision_says_why(world: &World) {
        let year = Year::adopted(world);
        let (c, path) = (&world.controller, format!("/plans/{}", year.plan));
        let begin = format!("{path}/revision");
        assert_eq!(c.post(&begin, json!({})).expect(422).faults(), [("/reason", "required")]);
        assert_eq!(c.post(&begin, json!({"reason": ""})).expect(422).faults(), [("/reason", "tooShort")]);
        let begun = c.post(&begin, json!({"reason": "Nämnden har fått ett nytt uppdrag."})).expect(200);
        assert_eq!(begun["revisedBecause"], "Nämnden har fått ett nytt uppdrag.");
        let lacks = || -> Vec<Value> {
            let all = c.get(&format!("{path}/checks")).expect(200)["missing"].as_array().expect("a list").clone();
            all.into_iter().filter(|one| one["code"] == "revisionReasonMissing").collect()
        };
        assert_eq!(lacks(), [Value::Null; 0]);
        // As one that was begun without.
        c.patch_current(&path, json!({"revisedBecause": null})).expect(200);
        let told = lacks().pop().expect("it is missed");
        assert_eq!((&told["entity"], &told["field"], &told["detail"]),
            (&json!("plan"), &json!("revisedBecause"), &json!("Skälet till revideringen är inte skrivet.")));
        world.propose(&year.plan).expect(409);
        let visitor = world.visitor(&c.id);
        let link = visitor.page(&path).attribute(".lacking a[href$='#about']", "href");
        assert_eq!(link, format!("{path}#about"));
        // The page asks for it where the plan's own fields are written.
        let form = written(&visitor.page(&path).form("form#diary"), "revisedBecause", "Uppdraget är nytt.");
        visitor.send(&path, &form).expect(303);
        assert_eq!(lacks(), [Value::Null; 0]);
        year.decide(&year.plan);
        let sealed = c.with("accept", "application/json").get(&format!("{path}/revisions/2/document")).expect(200);
        assert_eq!(sealed["revised"]["reason"], "Uppdraget är nytt.");
        // A plan that nobody has adopted revises nothing.
        let new = format!("/plans/{}", world.plan(2025));
        let refused = c.patch_current(&new, json!({"revisedBecause": "Varför?"})).expect(422);
        assert_eq!(refused.faults(), [("/revisedBecause", "notARevision")]);
        assert_eq!(visitor.page(&new).all("form#diary [name=revisedBecause]").len(), 0);
    }
}
