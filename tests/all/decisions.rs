//! What boards decide, and when: before a period's end, with the reason that the document prints.

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::{Client, World, both, pdf};
use crate::reports::{FORMATS, at, closed, document, finalize, judge, served, words};

/// The formats in which the full document of a report does not hold this.
fn lacking(client: &Client, report: &str, told: &str) -> Vec<&'static str> {
    let holds = |media: &str| words(media, &served(client, report, media, "full").body).contains(&pdf::dense(told));
    FORMATS.iter().map(|(media, ..)| *media).filter(|media| !holds(media)).collect()
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
}
