//! The year's other half: what is due, what is reported of it, periods that close in order, corrections, and the region's
//! view.

use std::ops::Deref;

use chrono::Datelike;
use serde_json::{Value, json};

use crate::kit::plans::at_once;
use crate::kit::visitor::Page;
use crate::kit::{Answer, Client, World, both};

/// The body's plan of 2024, adopted on 12 March, with a risk that two controls and an action stand by, and a mandatory one.
pub struct Year<'w> {
    world: &'w World,
    pub plan: String,
    pub risk: String,
    /// Continuous.
    pub always: String,
    /// Annual, so due at the end of the year alone.
    pub annual: String,
    /// From January, to be done by the end of May.
    pub action: String,
}

impl Deref for Year<'_> {
    type Target = World;
    fn deref(&self) -> &World {
        self.world
    }
}

impl<'w> Year<'w> {
    pub fn adopted(world: &'w World) -> Self {
        let year = Self::drafted(world);
        year.decide(&year.plan);
        year
    }

    /// A plan that a test has made in another way.
    pub fn of(world: &'w World, plan: &str, risk: &str, always: &str, annual: &str, action: &str) -> Self {
        let [plan, risk, always, annual, action] = [plan, risk, always, annual, action].map(str::to_owned);
        Self { world, plan, risk, always, annual, action }
    }

    pub fn drafted(world: &'w World) -> Self {
        let goal = world.goal(2024, "En ekonomi i balans");
        world.issue(2024, "risk", "Risk för oegentligheter", &goal);
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let control = |name: &str, recurrences: Value| {
            let form = json!({"name": name, "recurrences": recurrences, "responsibleId": world.performer.id});
            world.controller.post(&format!("/risks/{risk}/controls"), form).expect(201).id()
        };
        let (always, annual) = (
            control("Löpande stickprov", json!(["continuous", "annual"])),
            control("Årsavstämning", json!(["annual"])),
        );
        let form = json!({"name": "Bygg en scen", "responsibleId": world.performer.id, "startDate": "2024-01-01",
            "endDate": "2024-05-31"});
        let action = world.controller.post(&format!("/risks/{risk}/actions"), form).expect(201).id();
        world.complete(&plan);
        Self { world, plan, risk, always, annual, action }
    }

    pub fn period(&self, period: &str) -> String {
        format!("/plans/{}/periods/{period}", self.plan)
    }

    pub fn close(&self, period: &str) -> Answer {
        self.controller.post_current(&self.period(period), "/closure", json!({}))
    }

    /// Whatever is due and missing in a period gets a green status.
    pub fn report_all(&self, period: &str) {
        let missing =
            self.controller.get(&format!("{}/statuses?missing=true&limit=200", self.period(period))).expect(200);
        for row in missing.items() {
            let (entity, id) = (row["entity"].as_str().expect("an entity"), row["id"].as_str().expect("an id"));
            let form = match entity {
                "control" => json!({"status": "performed"}),
                _ => json!({"status": "onPlan", "effect": "desired"}),
            };
            let path = format!("/{entity}s/{id}/reports/{period}");
            self.controller.with("if-none-match", "*").put(&path, form).expect(201);
        }
    }

    /// Makes a report of a period, and takes it to the board's decision.
    pub fn decided(&self, kind: &str) -> String {
        let report = self.report(kind);
        let path = format!("/reports/{report}");
        self.head.post_current(&path, "/finalization", json!({})).expect(200);
        self.controller.post_current(&path, "/decision", judged()).expect(200);
        report
    }

    pub fn report(&self, kind: &str) -> String {
        self.controller.post(&format!("/plans/{}/reports", self.plan), json!({"kind": kind})).expect(201).id()
    }

    fn control(&self, control: &str, period: &str) -> Answer {
        self.controller.get(&format!("/controls/{control}/reports/{period}")).expect(200)
    }
}

/// A decision on a report, after all three periods of 2024.
pub fn judged() -> Value {
    json!({"decidedOn": "2025-02-11", "decidingBoard": "Kulturnämnden", "paragraph": "7"})
}

/// Sends a status as it is right now.
fn send(client: &Client, path: &str, form: Value) -> Answer {
    client.put_current(path, form)
}

/// Days, periods and years are Sweden's: two hours before UTC's in summer, one in winter, also in the nights when the
/// clocks are changed.
#[test]
fn a_day_ends_when_it_ends_in_stockholm() {
    use riskregister::domain::due::{period_bounds, period_of};
    use riskregister::domain::follow_up::{PeriodState, PeriodVerb, may};
    use riskregister::domain::words::{Period, PeriodStatus};
    let state = |year, period| PeriodState {
        year,
        period,
        status: PeriodStatus::Open,
        earlier_open: false,
        later_closed: false,
        decided: false,
        report: None,
    };
    let day = |time: &str| {
        let time = chrono::DateTime::parse_from_rfc3339(time).expect("a time");
        riskregister::storage::Timestamp::from(time.to_utc()).stockholm_date()
    };
    for (time, date, period) in [
        // 29 February, and the day after it in years that have it and years that have not.
        ("2024-02-28T22:59:59Z", "2024-02-28", Period::T1),
        ("2024-02-28T23:00:00Z", "2024-02-29", Period::T1),
        ("2024-02-29T22:59:59Z", "2024-02-29", Period::T1),
        ("2024-02-29T23:00:00Z", "2024-03-01", Period::T1),
        ("2025-02-28T23:00:00Z", "2025-03-01", Period::T1),
        // Summer time begins on 31 March 2024 at 01:00 UTC, and ends on 27 October at 01:00 UTC.
        ("2024-03-30T22:59:59Z", "2024-03-30", Period::T1),
        ("2024-03-30T23:00:00Z", "2024-03-31", Period::T1),
        ("2024-03-31T00:59:59Z", "2024-03-31", Period::T1),
        ("2024-03-31T21:59:59Z", "2024-03-31", Period::T1),
        ("2024-03-31T22:00:00Z", "2024-04-01", Period::T1),
        ("2024-10-26T21:59:59Z", "2024-10-26", Period::Annual),
        ("2024-10-26T22:00:00Z", "2024-10-27", Period::Annual),
        ("2024-10-27T22:59:59Z", "2024-10-27", Period::Annual),
        ("2024-10-27T23:00:00Z", "2024-10-28", Period::Annual),
        // The ends of the periods, in summer time.
        ("2024-04-30T21:30:00Z", "2024-04-30", Period::T1),
        ("2024-04-30T22:30:00Z", "2024-05-01", Period::Interim),
        ("2024-08-31T21:59:59Z", "2024-08-31", Period::Interim),
        ("2024-08-31T22:00:00Z", "2024-09-01", Period::Annual),
        // The end of the year, in winter time; in any zone that a time is written in.
        ("2024-12-31T22:30:00Z", "2024-12-31", Period::Annual),
        ("2024-12-31T23:30:00Z", "2025-01-01", Period::T1),
        ("2024-12-31T23:30:00+01:00", "2024-12-31", Period::Annual),
        ("2024-12-31T18:30:00-05:00", "2025-01-01", Period::T1),
    ] {
        assert_eq!((day(time).to_string().as_str(), period_of(day(time))), (date, period), "{time}");
    }
    // A period closes from the first moment after its last day, in Stockholm; its year's statuses are taken as soon.
    for (period, last, first) in [
        (Period::T1, "2024-04-30T21:59:59Z", "2024-04-30T22:00:00Z"),
        (Period::Interim, "2024-08-31T21:59:59Z", "2024-08-31T22:00:00Z"),
        (Period::Annual, "2024-12-31T22:59:59Z", "2024-12-31T23:00:00Z"),
    ] {
        assert_eq!(period_bounds(2024, period).map(|(_, last)| last), Some(day(last)));
        let code = |time| may(PeriodVerb::Close, &state(2024, period), day(time)).err().map(|refusal| refusal.code);
        assert_eq!((code(last), code(first)), (Some("periodNotEnded"), None), "{period}");
    }
    let begun = |time| may(PeriodVerb::Report, &state(2025, Period::T1), day(time)).is_ok();
    assert_eq!((begun("2024-12-31T22:59:59Z"), begun("2024-12-31T23:00:00Z")), (false, true));
}

both! {
    fn what_is_due_and_what_has_its_dash_by_itself(world: &World) {
        let year = Year::adopted(world);
        let seen = |period: &str| world.controller.get(&year.period(period)).expect(200);
        // The mandatory risk's control is annual.
        let counts = |period: &str| {
            let view = seen(period);
            [view["due"].clone(), view["reported"].clone(), view["missing"].clone()]
        };
        assert_eq!(counts("t1"), [2, 0, 2]);
        assert_eq!(counts("interim"), [2, 0, 2]);
        assert_eq!(counts("annual"), [4, 0, 4]);
        let t1 = seen("t1");
        assert_eq!((&t1["from"], &t1["to"]), (&json!("2024-01-01"), &json!("2024-04-30")));
        assert_eq!(t1["controls"], json!({"dash": 2, "green": 0, "yellow": 0, "red": 0, "missing": 1}));
        let dash = year.control(&year.annual, "t1");
        assert_eq!((&dash["due"], &dash["status"], &dash["colour"]), (&json!(false), &json!("notPlanned"), &json!("dash")));
        assert_eq!(year.control(&year.always, "t1")["status"], Value::Null);
        // It is reported, counts, and the earlier one is kept.
        let path = format!("/controls/{}/reports/t1", year.always);
        let first = world.performer.with("if-none-match", "*").put(&path, json!({"status": "performed"})).expect(201);
        assert_eq!((&first["sequence"], &first["colour"]), (&json!(1), &json!("green")));
        world.performer.with("if-none-match", "*").put(&path, json!({"status": "performed"})).expect(412);
        let yellow = json!({"status": "performedWithDeviations", "comment": "Två av tio.",
            "counts": {"samples": 10, "faults": 2}, "references": [{"title": "Protokoll"}]});
        let second = send(&world.risk_owner, &path, yellow.clone()).expect(200);
        assert_eq!((&second["sequence"], &second["onBehalfOfId"]), (&json!(2), &json!(world.performer.id)));
        assert_eq!(second["counts"], json!({"samples": 10, "faults": 2}));
        // Sent again it tells nothing new.
        assert_eq!(send(&world.risk_owner, &path, yellow).expect(200)["sequence"], 2);
        let all = world.auditor.get(&format!("{path}/versions")).expect(200);
        assert_eq!(all.column("status"), ["performed", "performedWithDeviations"]);
        assert_eq!(counts("t1"), [2, 1, 1]);
        assert_eq!(seen("t1")["controls"]["yellow"], 1);
        let rows = world.auditor.get(&format!("{}/statuses?colour=yellow", year.period("t1"))).expect(200);
        assert_eq!(rows.column("name"), ["Löpande stickprov"]);
        let rows = world.auditor.get(&format!("{}/statuses?missing=true", year.period("t1"))).expect(200);
        assert_eq!(rows.column("name"), ["Bygg en scen"]);
    }

    fn yellow_and_red_are_explained(world: &World) {
        let year = Year::adopted(world);
        let control = format!("/controls/{}/reports", year.always);
        let action = format!("/actions/{}/reports", year.action);
        let new = world.performer.with("if-none-match", "*");
        for (status, period, comment, faults) in [
            ("notPlanned", "t1", false, vec![("/comment", "required")]),
            ("notPlanned", "annual", true, vec![("/status", "notOutOfYear")]),
            ("performedWithDeviations", "t1", false, vec![("/comment", "required")]),
            ("notPerformed", "t1", false, vec![("/comment", "required")]),
        ] {
            let form = json!({"status": status, "comment": comment.then_some("Därför.")});
            assert_eq!(new.put(&format!("{control}/{period}"), form).expect(422).faults(), faults);
        }
        for (status, effect, period, faults) in [
            ("mostlyDone", "desired", "t1", vec![("/comment", "required")]),
            ("offPlan", "desired", "t1", vec![("/comment", "required")]),
            ("onPlan", "uncertain", "t1", vec![("/comment", "required")]),
            ("onPlan", "notDesired", "t1", vec![("/comment", "required")]),
            ("offPlan", "notAssessed", "annual", vec![("/comment", "required"), ("/effect", "effectRequired")]),
        ] {
            let form = json!({"status": status, "effect": effect});
            assert_eq!(new.put(&format!("{action}/{period}"), form).expect(422).faults(), faults);
        }
        let late = json!({"status": "notStarted", "completedOn": "2999-01-01"});
        let faults = new.put(&format!("{action}/t1"), late).expect(422);
        assert_eq!(faults.faults(), [("/completedOn", "dateInFuture"), ("/status", "completedNotStarted")]);
        let wrong = json!({"status": "green", "effect": "great", "counts": {}, "references": [{"address": "ftp://x"}]});
        assert_eq!(new.put(&format!("{action}/t1"), wrong).expect(422).faults().len(), 5);
        new.put(&format!("{action}/t2"), json!({"status": "onPlan"})).expect(404);
    }

    fn a_status_and_its_effect_are_counted_apart(world: &World) {
        let year = Year::adopted(world);
        let form = json!({"status": "mostlyDone", "effect": "notDesired", "comment": "Scenen är byggd, men ingen sitter där."});
        send(&world.performer, &format!("/actions/{}/reports/t1", year.action), form).expect(201);
        let counts = |dash: i64, yellow: i64, red: i64, missing: i64| {
            json!({"dash": dash, "green": 0, "yellow": yellow, "red": red, "missing": missing})
        };
        let expected = [counts(2, 0, 0, 1), counts(0, 1, 0, 0), counts(0, 0, 1, 0)];
        let kinds = ["controls", "actions", "effects"];
        let t1 = world.auditor.get(&year.period("t1")).expect(200);
        assert_eq!(kinds.map(|kind| t1[kind].clone()), expected);
        let all = world.admin.get("/follow-ups?year=2024&period=t1").expect(200);
        let body = &all.items()[0];
        assert_eq!((&body["organisation"], kinds.map(|kind| body[kind].clone())), (&json!("Kulturnämnden"), expected));
    }

    fn a_control_is_postponed_within_the_year(world: &World) {
        let year = Year::adopted(world);
        let path = |period: &str| format!("/controls/{}/reports/{period}", year.annual);
        world.controller.patch_current(&format!("/controls/{}", year.annual), json!({"duePeriod": "t1"})).expect(409);
        // Only a revision moves it.
        world.revise(&year.plan).expect(200);
        world.controller.patch_current(&format!("/controls/{}", year.annual), json!({"duePeriod": "t1"})).expect(200);
        year.decide(&year.plan);
        let due = |period: &str| year.control(&year.annual, period)["due"].clone();
        assert_eq!(["t1", "interim", "annual"].map(due), [true, false, false]);
        let form = json!({"status": "notPlanned", "comment": "Personalen är ny."});
        send(&world.performer, &path("t1"), form.clone()).expect(201);
        assert_eq!(["t1", "interim", "annual"].map(due), [true, true, false]);
        send(&world.performer, &path("interim"), form).expect(201);
        assert_eq!(["t1", "interim", "annual"].map(due), [true, true, true]);
        send(&world.performer, &path("annual"), json!({"status": "performed"})).expect(201);
    }

    fn an_action_that_is_completed_is_asked_about_no_more(world: &World) {
        let year = Year::adopted(world);
        let path = |period: &str| format!("/actions/{}/reports/{period}", year.action);
        let seen = |period: &str| world.controller.get(&path(period)).expect(200);
        assert_eq!(seen("interim")["overdue"], true, "its end has passed");
        let form = json!({"status": "notStarted", "effect": "notAssessed"});
        assert_eq!(send(&world.performer, &path("t1"), form).expect(201)["lateToStart"], true);
        let done = json!({"status": "onPlan", "effect": "desired", "completedOn": "2024-04-20"});
        let told = send(&world.performer, &path("t1"), done).expect(200);
        assert_eq!((&told["overdue"], &told["lateToStart"]), (&json!(false), &json!(false)));
        let later = seen("annual");
        assert_eq!((&later["due"], &later["status"], &later["completedOn"]), (&json!(false), &json!("onPlan"), &json!("2024-04-20")));
        // It does not go on into next year's plan.
        let goal = world.goal(2025, "En ekonomi i balans");
        let next = world.carried(2025, &year.plan);
        assert!(!goal.is_empty());
        let actions = world.controller.get(&format!("/actions?planId={next}")).expect(200);
        assert_eq!(actions["total"], 0);
        let controls = world.controller.get(&format!("/controls?planId={next}")).expect(200);
        assert_eq!(controls["total"], 3);
    }

    fn an_action_is_born_of_a_finding(world: &World) {
        let year = Year::adopted(world);
        let form = json!({"name": "Laga taket", "responsibleId": world.performer.id, "fromControlId": year.always});
        let born = world.risk_owner.post(&format!("/risks/{}/actions", year.risk), form).expect(201);
        assert_eq!((&born["addedAfterAdoption"], &born["fromControlId"]), (&json!(true), &json!(year.always)));
        // It began today, long after the periods of its plan: nobody is asked what it was before it was thought of.
        let due = |period: &str| world.controller.get(&format!("/actions/{}/reports/{period}", born.id())).expect(200)["due"].clone();
        assert_eq!(["t1", "interim", "annual"].map(due), [false, false, false]);
        let rows = world.controller.get(&format!("{}/statuses?riskId={}", year.period("annual"), year.risk)).expect(200);
        assert!(rows.column("name").contains(&"Laga taket"));
    }

    fn periods_close_in_order_and_refuse_every_change(world: &World) {
        let year = Year::adopted(world);
        year.close("interim").refused(409, "earlierPeriodOpen");
        let missing = year.close("t1").expect(409);
        let told = missing["missing"].as_array().expect("what is missing");
        let told: Vec<_> = told.iter().map(|m| (m["entity"].as_str().unwrap_or(""), m["code"].as_str().unwrap_or(""))).collect();
        assert_eq!(told, [("control", "statusMissing"), ("action", "statusMissing")]);
        world.controller.post(&format!("{}/closure", year.period("t1")), json!({})).expect(428);
        world.head.post_current(&year.period("t1"), "/closure", json!({})).expect(403);
        let stale = world.controller.current(&year.period("t1"));
        year.report_all("t1");
        stale.post(&format!("{}/closure", year.period("t1")), json!({})).expect(412);
        let closed = year.close("t1").expect(200);
        assert_eq!((&closed["status"], &closed["closedById"]), (&json!("closed"), &json!(world.controller.id)));
        year.close("t1").refused(409, "periodClosed");

        // Every way of writing into it.
        let control = format!("/controls/{}/reports/t1", year.always);
        let action = format!("/actions/{}/reports/t1", year.action);
        for who in [&world.controller, &world.risk_owner, &world.performer] {
            send(who, &control, json!({"status": "notPerformed", "comment": "Nej."})).refused(409, "periodClosed");
            send(who, &action, json!({"status": "offPlan", "comment": "Nej."})).refused(409, "periodClosed");
            let late = json!({"reason": "Sent.", "report": {"status": "performed"}});
            who.post(&format!("{control}/corrections"), late).refused(409, "reportNotDecided");
        }
        world.controller.patch_current(&year.period("t1"), json!({"required": true})).refused(409, "periodClosed");
        // The dash of what was not due is as closed as the rest.
        let dash = format!("/controls/{}/reports/t1", year.annual);
        send(&world.controller, &dash, json!({"status": "performed"})).refused(409, "periodClosed");

        // The controller alone opens it again, with a reason, the latest first.
        let reopen = |who: &Client, period: &str| who.post(&format!("{}/reopening", year.period(period)), json!({"reason": "Fel period."}));
        for who in [&world.head, &world.risk_owner, &world.auditor] {
            reopen(who, "t1").expect(403);
        }
        reopen(&world.admin, "t1").expect(403);
        world.controller.post(&format!("{}/reopening", year.period("t1")), json!({})).expect(422);
        year.report_all("interim");
        year.close("interim").expect(200);
        reopen(&world.controller, "t1").refused(409, "laterPeriodClosed");
        reopen(&world.controller, "interim").expect(200);
        let opened = reopen(&world.controller, "t1").expect(200);
        assert_eq!((&opened["status"], &opened["reopeningReason"]), (&json!("open"), &json!("Fel period.")));
        reopen(&world.controller, "t1").refused(409, "periodOpen");
        send(&world.performer, &control, json!({"status": "notPerformed", "comment": "Nej."})).expect(200);
    }

    fn a_period_that_has_not_ended_stays_open(world: &World) {
        let this_year = riskregister::storage::Timestamp::now().stockholm_date().year();
        let goal = world.goal(this_year, "En ekonomi i balans");
        let plan = world.plan(this_year);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let control = world.control(&risk, "Stickprov");
        world.complete(&plan);
        let path = format!("/controls/{control}/reports/annual");
        send(&world.controller, &path, json!({"status": "performed"})).refused(409, "planNotAdopted");
        world.decide(&plan);
        send(&world.controller, &path, json!({"status": "performed"})).expect(201);
        let period = |period: &str| format!("/plans/{plan}/periods/{period}");
        let close = |at: &str| world.controller.post_current(&period(at), "/closure", json!({}));
        // Unless it is said why; `decisions.rs` does.
        assert_eq!(close("annual").expect(422).faults(), [("/reason", "periodNotEnded")]);
        // Next year's plan is adopted before its year begins, and nothing can be said of it yet.
        let goal = world.goal(this_year + 1, "En ekonomi i balans");
        let next = world.plan(this_year + 1);
        let risk = world.risk(&next, &goal, "Brist på scener", (3, 4)).id();
        let control = world.control(&risk, "Stickprov");
        world.complete(&next);
        world.decide(&next);
        let path = format!("/controls/{control}/reports/annual");
        send(&world.controller, &path, json!({"status": "performed"})).refused(409, "yearNotBegun");
    }

    fn what_ended_before_the_first_adoption_is_not_due(world: &World) {
        let year = Year::drafted(world);
        let late = json!({"decidedOn": "2024-05-01", "decidingBoard": "Kulturnämnden", "paragraph": "1"});
        world.propose(&year.plan).expect(200);
        world.controller.post_current(&format!("/plans/{}", year.plan), "/adoption", late).expect(200);
        let t1 = world.controller.get(&year.period("t1")).expect(200);
        assert_eq!((&t1["applies"], &t1["due"], &t1["missing"]), (&json!(false), &json!(0), &json!(0)));
        world.controller.post(&format!("/plans/{}/reports", year.plan), json!({"kind": "t1"})).refused(409, "periodDoesNotApply");
        // The next one does not wait for it.
        year.report_all("interim");
        year.close("interim").expect(200);
        world.controller.patch_current(&year.period("t1"), json!({"required": true})).refused(409, "laterPeriodClosed");
        let early = format!("/controls/{}/reports/t1", year.always);
        send(&world.controller, &early, json!({"status": "performed"})).refused(409, "laterPeriodClosed");
        world.controller.post(&format!("{}/reopening", year.period("interim")), json!({"reason": "T1 först."})).expect(200);
        // Unless the controller says so.
        let asked = world.controller.patch_current(&year.period("t1"), json!({"required": true})).expect(200);
        assert_eq!((&asked["applies"], &asked["due"]), (&json!(true), &json!(2)));
        year.close("interim").refused(409, "earlierPeriodOpen");
    }

    fn deadlines_are_the_regions_and_a_body_may_be_earlier(world: &World) {
        let year = Year::adopted(world);
        let path = "/deadlines/2024/t1";
        world.admin.get(path).expect(404);
        let new = |who: &Client| who.with("if-none-match", "*").put(path, json!({"dueOn": "2024-05-17"}));
        for who in [&world.controller, &world.head, &world.auditor] {
            new(who).expect(403);
        }
        let early = world.admin.with("if-none-match", "*").put(path, json!({"dueOn": "2024-04-30"})).expect(422);
        assert_eq!(early.faults(), [("/dueOn", "beforePeriodEnds")]);
        new(&world.admin).expect(201);
        new(&world.admin).expect(412);
        let t1 = world.controller.get(&year.period("t1")).expect(200);
        assert_eq!((&t1["deadline"], &t1["regionDeadline"], &t1["late"]), (&json!("2024-05-17"), &json!("2024-05-17"), &json!(true)));
        let set = |day: &str| world.controller.patch_current(&year.period("t1"), json!({"deadline": day}));
        assert_eq!(set("2024-05-18").expect(422).faults(), [("/deadline", "afterRegions")]);
        assert_eq!(set("2024-04-30").expect(422).faults(), [("/deadline", "beforePeriodEnds")]);
        assert_eq!(set("2024-05-10").expect(200)["deadline"], "2024-05-10");
        // The region moves its own before it: then that one holds.
        world.admin.put_current(path, json!({"dueOn": "2024-05-06"})).expect(200);
        let t1 = world.controller.get(&year.period("t1")).expect(200);
        assert_eq!((&t1["deadline"], &t1["regionDeadline"]), (&json!("2024-05-06"), &json!("2024-05-06")));
        assert_eq!(world.stranger.get("/deadlines?year=2024").expect(200).column("dueOn"), ["2024-05-06"]);
    }

    fn the_adopted_revision_is_followed_while_the_next_is_drafted(world: &World) {
        let year = Year::adopted(world);
        world.revise(&year.plan).expect(200);
        let names = || {
            let rows = world.controller.get(&format!("{}/statuses?limit=200", year.period("t1"))).expect(200);
            rows.column("name").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let before = names();
        // What is written for the next one changes nothing of what is followed.
        let added = world.control(&year.risk, "Ny kontroll");
        world.controller.delete_current(&format!("/controls/{}", year.always)).expect(204);
        world.controller.delete_current(&format!("/actions/{}", year.action)).expect(204);
        world.controller.get(&format!("/controls/{}", year.always)).expect(404);
        world.controller.with("if-match", "*").patch(&format!("/controls/{}", year.always), json!({"name": "Igen"})).expect(404);
        assert_eq!(world.controller.get(&format!("/risks/{}/controls", year.risk)).expect(200).column("name"), ["Årsavstämning", "Ny kontroll"]);
        assert_eq!(names(), before);
        let new = world.performer.with("if-none-match", "*");
        new.put(&format!("/controls/{}/reports/t1", year.always), json!({"status": "performed"})).expect(201);
        new.put(&format!("/controls/{added}/reports/t1"), json!({"status": "performed"})).refused(409, "notInAdoptedPlan");
        year.report_all("t1");
        year.close("t1").expect(200);
        // Asked later how it was while the revision was drafted, the register says the same.
        let now = riskregister::storage::Timestamp::now();
        let list = world.admin.get("/follow-ups?year=2024&period=t1").expect(200);
        year.decide(&year.plan);
        let then = world.admin.get(&format!("/follow-ups?year=2024&period=t1&asOf={now}")).expect(200);
        assert_eq!(then.json, list.json);
        // The closed period is about what it was about; those that are open follow the new revision.
        assert_eq!(names(), before);
        let rows = world.controller.get(&format!("{}/statuses?limit=200", year.period("interim"))).expect(200);
        let after: Vec<String> = rows.column("name").into_iter().map(str::to_owned).collect();
        assert!(after.contains(&"Ny kontroll".to_owned()) && !after.contains(&"Löpande stickprov".to_owned()), "{after:?}");
        // The report of what left is kept.
        let kept = world.auditor.get(&format!("/controls/{}/reports/t1/versions", year.always)).expect(200);
        assert_eq!(kept.column("status"), ["performed"]);
    }

    fn a_draft_moves_nothing_of_the_schedule_that_is_followed(world: &World) {
        let year = Year::adopted(world);
        let c = &world.controller;
        let (always, annual, action) =
            (format!("/controls/{}", year.always), format!("/controls/{}", year.annual), format!("/actions/{}", year.action));
        // What an adopted plan takes is followed, too.
        let born = json!({"name": "Laga taket", "startDate": "2024-02-01", "endDate": "2024-04-01", "responsibleId": world.performer.id});
        let born = c.post(&format!("/risks/{}/actions", year.risk), born).expect(201).id();
        c.patch_current(&action, json!({"endDate": "2024-04-30", "endDateReason": "Scenen behövs tidigare."})).expect(200);
        let report = year.report("t1");
        let standing = || {
            let rows = ["t1", "interim", "annual"].map(|period| {
                let rows = c.get(&format!("{}/statuses?limit=200", year.period(period))).expect(200);
                rows.items().iter().map(|row| json!([row["id"], row["due"], row["overdue"], row["lateToStart"]])).collect::<Vec<_>>()
            });
            let one = c.get(&format!("{always}/reports/t1")).expect(200)["due"].clone();
            let tasks: Vec<_> = world_tasks(&world.performer).iter().map(|t| json!([t["id"], t["period"], t["deadline"]])).collect();
            let told = c.with("accept", "application/json").get(&format!("/reports/{report}/document")).expect(200);
            (rows, one, tasks, told["plan"].clone())
        };
        let before = standing();
        world.revise(&year.plan).expect(200);
        assert_eq!(standing(), before, "nothing is drafted yet");
        let late = json!({"recurrences": ["oneOff"], "dueDate": "2024-12-31", "name": "Ett stickprov", "frequency": "En gång"});
        c.patch_current(&always, late).expect(200);
        c.patch_current(&annual, json!({"recurrences": ["annual"], "duePeriod": "interim", "responsibleId": world.performer.id})).expect(200);
        let later = json!({"startDate": "2024-12-01", "endDate": "2025-12-31"});
        c.patch_current(&action, later.clone()).expect(200);
        c.patch_current(&format!("/actions/{born}"), later).expect(200);
        let form = json!({"name": "Brist på allt", "ownerId": world.head.id});
        c.patch_current(&format!("/risks/{}", year.risk), form).expect(200);
        assert_eq!(standing(), before);
        let missing = year.close("t1").expect(409);
        let missing: Vec<&str> = missing["missing"].as_array().expect("what is missing").iter().filter_map(|m| m["id"].as_str()).collect();
        assert_eq!(missing, [&year.always, &year.action, &born]);
        // Completed after its own start date, and before the one that is drafted.
        let done = json!({"status": "onPlan", "effect": "desired", "completedOn": "2024-03-01"});
        world.performer.with("if-none-match", "*").put(&format!("{action}/reports/t1"), done).expect(201);
        // The board decides: now the new schedule holds.
        year.decide(&year.plan);
        let rows = c.get(&format!("{}/statuses?due=true&limit=200", year.period("t1"))).expect(200);
        let due = |id: &str| rows.items().iter().any(|row| row["id"] == id);
        assert_eq!((due(&year.always), due(&born)), (false, false));
        assert_eq!(c.get(&year.period("interim")).expect(200)["due"], 1, "the annual control");
    }

    fn a_revision_between_two_reports(world: &World) {
        let year = Year::drafted(world);
        let goal = world.controller.get(&format!("/risks/{}", year.risk)).expect(200).text("goalId");
        let leaves = world.risk(&year.plan, &goal, "Går ut", (4, 4)).id();
        world.control(&leaves, "Kontroll som går ut");
        world.complete(&year.plan);
        year.decide(&year.plan);
        let born = json!({"name": "Laga taket", "responsibleId": world.performer.id, "fromControlId": year.always});
        let born = world.controller.post(&format!("/risks/{}/actions", year.risk), born).expect(201).id();
        year.report_all("t1");
        year.close("t1").expect(200);
        year.decided("t1");
        // What was decided stays, and what is decided next is of the plan that it has become.
        world.revise(&year.plan).expect(200);
        world.controller.post(&format!("/risks/{leaves}/retirement"), json!({"reason": "Gäller inte."})).expect(200);
        world.controller.delete_current(&format!("/controls/{}", year.always)).expect(204);
        world.complete(&year.plan);
        year.decide(&year.plan);
        let t1 = world.controller.get(&year.period("t1")).expect(200);
        assert_eq!((&t1["missing"], &t1["late"]), (&json!(0), &json!(false)));
        let moved = json!({"endDate": "2024-12-01", "endDateReason": "Taket är större än vi trodde."});
        world.controller.patch_current(&format!("/actions/{born}"), moved).expect(200);
        year.report_all("interim");
        year.close("interim").expect(200);
        let report = year.decided("interim");
        let told = world.controller.with("accept", "application/json").get(&format!("/reports/{report}/document")).expect(200);
        assert!(!told["plan"].to_string().contains("Går ut"));
        // The first follow-up after the revision tells what it changed.
        let revised = &told["since"]["revised"];
        assert_eq!((&revised["since"], &revised["risks"][0]["name"], &revised["risks"][0]["what"]), (&json!(1), &json!("Går ut"), &json!("removed")));
        assert_eq!((&revised["parts"][0]["kind"], &revised["parts"][0]["what"]), (&json!("control"), &json!("removed")));
        assert_eq!(told["trend"]["versions"], json!([1, 2]));
        // An action that begins before the period was closed, and is thought of after it, was not asked about then.
        let late = json!({"name": "Ännu en", "startDate": "2024-02-01", "responsibleId": world.performer.id});
        world.controller.post(&format!("/risks/{}/actions", year.risk), late).expect(201);
        assert_eq!(world.controller.get(&year.period("t1")).expect(200)["missing"], 0);
        assert_ne!(world.controller.get(&year.period("annual")).expect(200)["missing"], 0);
    }

    fn what_comes_after_the_decision_is_a_correction(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        year.decided("t1");
        let path = format!("/controls/{}/reports/t1", year.always);
        world.controller.post(&format!("{}/reopening", year.period("t1")), json!({"reason": "Nej."})).refused(409, "reportDecided");
        send(&world.performer, &path, json!({"status": "notPerformed", "comment": "Nej."})).refused(409, "periodClosed");
        let late = |report: Value| json!({"reason": "Två var fel.", "report": report});
        let correct = |form: Value| world.performer.post(&format!("{path}/corrections"), form);
        assert_eq!(correct(late(json!({"status": "notPerformed"}))).expect(422).faults(), [("/report/comment", "required")]);
        assert_eq!(correct(json!({"report": {"status": "performed"}})).expect(422).faults(), [("/reason", "required")]);
        let made = correct(late(json!({"status": "notPerformed", "comment": "Ingen gjordes."}))).expect(201);
        assert_eq!((&made["sequence"], &made["correctionReason"]), (&json!(2), &json!("Två var fel.")));
        assert_eq!(year.control(&year.always, "t1")["status"], "performed", "what was decided stands");
        // A new version of the report tells it beside.
        let report = year.report("t1");
        let told = world.controller.get(&format!("/reports/{report}")).expect(200);
        assert_eq!(told["number"], 2);
        let draft = world.controller.with("accept", "application/json").get(&format!("/reports/{report}/document")).expect(200);
        assert!(draft.json.to_string().contains("Ingen gjordes."));
        assert_eq!(draft["report"]["replaces"], 1);
    }

    fn tasks_are_what_one_owes(world: &World) {
        let year = Year::adopted(world);
        let tasks = |who: &Client| world_tasks(who);
        // All three periods of 2024 are open, and long begun.
        let mine = tasks(&world.performer);
        let of = |period: &str| mine.iter().filter(|t| t["period"] == period).count();
        assert_eq!([of("t1"), of("interim"), of("annual")], [2, 2, 4], "{mine:?}");
        assert_eq!(mine.iter().filter(|t| t["kind"] == "overdueAction").count(), 1);
        // It leads to where its completion is reported, on the page too.
        let late = mine.iter().find(|t| t["kind"] == "overdueAction").expect("an action is late");
        let path = format!("/status/action/{}/t1", year.action);
        assert_eq!(late["page"], path);
        let visitor = world.visitor(&world.performer.id);
        // Its status is asked for, too: on pages both are one row.
        let (page, home) = (visitor.page("/tasks"), visitor.page("/"));
        let told = page.text(&format!("li.late:has(form[id='status-{}-t1'])", year.action));
        assert!(told.contains("Bygg en scen") && told.contains("Försenad åtgärd"), "{told}");
        assert_eq!(page.all(&format!("form[id='status-{}-t1']", year.action)).len(), 1);
        assert_eq!(page.text(&format!("a[href='/actions/{}']", year.action)), "Öppna åtgärden: Bygg en scen");
        assert_eq!(page.all(&format!("a[href='{path}'].button")).len(), 0);
        assert!(page.text("main").contains(&format!("{} uppgifter väntar på dig", mine.len() - 1)));
        assert!(home.text("main").contains(&format!("{} uppgifter väntar på dig", mine.len() - 1)));
        // One order: what the first page begins with is what the list begins with.
        let names = |page: &Page| -> Vec<String> { page.all("ol.tasks h3").iter().map(|one| one.text().collect()).collect() };
        assert_eq!(names(&home)[..], names(&page)[..names(&home).len()]);
        // A letter's line about the action still leads to its row, open.
        let row = format!("task-{}", year.action);
        let open = visitor.page(&format!("/tasks?row={row}"));
        assert_eq!(open.all(&format!("details[open] [id='{row}']")).len(), 1);
        assert_eq!(tasks(&world.stranger), Vec::<Value>::new());
        assert_eq!(tasks(&world.auditor), Vec::<Value>::new());
        let owner = tasks(&world.risk_owner);
        assert!(owner.iter().any(|t| t["name"] == "Löpande stickprov"));
        year.report_all("t1");
        assert_eq!(tasks(&world.performer).iter().filter(|t| t["period"] == "t1").count(), 0);
        // Next year's copied assessments wait for their owner.
        world.goal(2025, "En ekonomi i balans");
        world.carried(2025, &year.plan);
        let owed = tasks(&world.risk_owner);
        let to_confirm: Vec<_> = owed.iter().filter(|t| t["kind"] == "assessment").map(|t| t["year"].clone()).collect();
        assert_eq!(to_confirm, [2025, 2025]);
        let page = world.risk_owner.get("/me/tasks?kind=assessment&limit=1").expect(200);
        assert_eq!((page.items().len(), &page["total"]), (1, &json!(2)));
    }

    fn the_region_sees_who_has_not_reported(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        let list = |who: &Client, more: &str| who.get(&format!("/follow-ups?year=2024&period=t1{more}")).expect(200);
        let all = list(&world.admin, "");
        assert_eq!(all.column("organisation"), ["Kulturnämnden", "Trafiknämnden"]);
        let [culture, traffic] = all.items() else { panic!("two bodies") };
        assert_eq!((&culture["due"], &culture["reported"], &culture["complete"]), (&json!(2), &json!(2), &json!(true)));
        assert_eq!(culture["mandatory"], json!({"issued": 1, "present": 1, "assessed": 1, "controlled": 1}));
        assert_eq!((&traffic["planId"], &traffic["complete"], &traffic["mandatory"]["present"]), (&Value::Null, &json!(false), &json!(0)));
        assert_eq!(list(&world.admin, "&complete=false").column("organisation"), ["Trafiknämnden"]);
        assert_eq!(list(&world.controller, "").column("organisation"), ["Kulturnämnden"]);
        assert_eq!(list(&world.reader, "").items().len(), 0);
        assert_eq!(list(&world.stranger, "").items().len(), 0);
        world.admin.get("/follow-ups?year=2024").expect(400);
        year.close("t1").expect(200);
        year.decided("t1");
        let decided = list(&world.admin, "&report=decided&periodStatus=closed");
        assert_eq!(decided.items()[0]["report"]["status"], "decided");
        let rolled = world.admin.get("/follow-ups/matrix?year=2024").expect(200);
        let matrix = &rolled["matrices"][0];
        assert_eq!((rolled["matrices"].as_array().map(Vec::len), &matrix["total"]), (Some(1), &json!(2)));
        let cell = matrix["cells"].as_array().expect("cells").iter().find(|c| c["likelihood"] == 3 && c["consequence"] == 4);
        assert_eq!(cell.map(|c| c["count"].clone()), Some(json!(1)));
        assert_eq!(world.stranger.get("/follow-ups/matrix?year=2024").expect(200)["matrices"], json!([]));
    }

    fn closing_and_reporting_at_once(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        let path = format!("/controls/{}/reports/t1", year.always);
        for round in 0..10 {
            let controller = world.controller.current(&year.period("t1"));
            let performer = world.performer.current(&path);
            let words = format!("Ord {round}");
            let close = || controller.post(&format!("{}/closure", year.period("t1")), json!({})).status;
            let report = || performer.put(&path, json!({"status": "notPerformed", "comment": words})).status;
            let (closed, reported) = if round % 2 == 0 { at_once(close, report) } else { let (r, c) = at_once(report, close); (c, r) };
            // Reported first, the controller has seen another period than there is; closed first, nothing is written.
            assert!(matches!((closed, reported), (200, 409 | 200) | (412, 200)), "{closed} {reported}");
            let now = year.control(&year.always, "t1");
            assert_eq!(now["comment"] == words, reported == 200);
            if closed == 200 {
                world.controller.post(&format!("{}/reopening", year.period("t1")), json!({"reason": "Igen."})).expect(200);
            }
        }
    }
}

fn world_tasks(who: &Client) -> Vec<Value> {
    who.get("/me/tasks?limit=200").expect(200).items().to_vec()
}

both! {
    fn controls_recur_weekly_and_every_half_year(world: &World) {
        let year = Year::drafted(world);
        let c = &world.controller;
        let control = |name: &str, recurs: &str| {
            let form = json!({"name": name, "recurrences": [recurs], "responsibleId": world.performer.id});
            c.post(&format!("/risks/{}/controls", year.risk), form).expect(201).id()
        };
        let (weekly, half) = (control("Veckoavstämning", "weekly"), control("Halvårsavstämning", "semiannual"));
        year.decide(&year.plan);
        let due = |control: &str| -> Vec<bool> {
            let at = |period: &str| c.get(&format!("/controls/{control}/reports/{period}")).expect(200)["due"] == true;
            ["t1", "interim", "annual"].map(at).to_vec()
        };
        assert_eq!((due(&weekly), due(&half)), (vec![true; 3], vec![false, true, true]));
        let page = world.visitor(&c.id).page(&format!("/controls/{half}"));
        assert!(page.text("main").contains("halvårsvis"), "{}", page.text("main"));
        // The sealed document holds the words, and is read back.
        let document = c.with("accept", "application/json").get(&format!("/plans/{}/revisions/1/document", year.plan));
        let text = String::from_utf8(document.expect(200).body).expect("JSON");
        assert!(text.contains("semiannual") && text.contains("weekly"));
    }
}
