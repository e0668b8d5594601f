//! Follow-up by two at the same moment: closing and reporting, making final and writing, deciding and everything else.
//!
//! The first three work below HTTP, where a pair costs milliseconds: two threads, each with a transaction of its own. Of
//! a decision the eight files are made, so few are raced to their end.

use riskregister::app::caller::Caller;
use riskregister::app::documents::Rendered;
use riskregister::app::reporting::{periods, reports, status_reports};
use riskregister::app::sent::{Content, Envelope, Form, Sent};
use riskregister::domain::words::{Language, Period, ReportStatus};
use riskregister::error::{Error, Result};
use riskregister::storage::history::Origin;
use riskregister::storage::records::Report;
use riskregister::storage::{Id, Writing};
use serde_json::{Value, json};

use crate::follow_up::{Year, judged};
use crate::kit::depth::deep;
use crate::kit::plans::at_once;
use crate::kit::{Person, World, both};
use crate::planted::id;

/// How many pairs each of the first two tests makes, on each database.
fn pairs() -> usize {
    deep(250, 1000)
}

/// How many decisions are raced to their end, and how many pairs that takes at most.
fn decisions() -> usize {
    deep(2, 4)
}

/// Does it as this person, whatever the version of the thing: `done`, or by which rule it was not.
fn act<F: Form, T>(
    world: &World,
    who: &Person,
    form: Value,
    verb: impl Fn(&mut Writing, &Caller, &Sent<F>) -> Result<T>,
) -> &'static str {
    let who = id(&who.id);
    let any = Some(vec!["*".to_owned()]);
    let sent = Envelope { content: Content::Json(form), if_match: any, ..Envelope::default() }.into();
    // A decision makes eight files, which takes a slow machine as long as others are willing to wait for the one writer;
    // then they are told to come back, and do.
    for _ in 0..20 {
        let outcome = world.db.write(&Origin::operator(), |w| {
            let caller = Caller::on_host(w, who)?;
            verb(w, &caller, &sent)
        });
        match outcome {
            Ok(_) => return "done",
            Err(Error::Conflict { code, .. }) => return code,
            Err(Error::Unavailable { .. }) => {}
            Err(other) => panic!("{} {}", other.status(), other.problem(Language::En, "").detail),
        }
    }
    panic!("the register is busy for ever")
}

/// Which of the two is started first takes turns.
fn in_turn<A: Send, B: Send>(round: usize, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    if round.is_multiple_of(2) {
        at_once(one, other)
    } else {
        let (b, a) = at_once(other, one);
        (a, b)
    }
}

/// T1 of a small plan, in which one control is due, and everything is reported.
struct Ring<'w> {
    world: &'w World,
    year: Year<'w>,
    plan: Id,
    control: Id,
}

impl<'w> Ring<'w> {
    fn new(world: &'w World) -> Self {
        let goal = world.goal(2024, "En ekonomi i balans");
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let form = json!({"name": "Stickprov", "recurrences": ["continuous"], "responsibleId": world.performer.id});
        let control = world.controller.post(&format!("/risks/{risk}/controls"), form).expect(201).id();
        world.complete(&plan);
        world.decide(&plan);
        let year = Year::of(world, &plan, &risk, &control, &control, "");
        year.report_all("t1");
        Self { world, plan: id(&plan), control: id(&control), year }
    }

    fn close(&self) -> &'static str {
        act(self.world, &self.world.controller, json!({}), |w, caller, sent| {
            periods::close(w, caller, self.plan, Period::T1, sent)
        })
    }

    fn reopen(&self) -> &'static str {
        let why = json!({"reason": "Igen."});
        act(self.world, &self.world.controller, why, |w, caller, sent| {
            periods::reopen(w, caller, self.plan, Period::T1, sent)
        })
    }

    fn report(&self, words: &str) -> &'static str {
        let form = json!({"status": "notPerformed", "comment": words});
        act(self.world, &self.world.performer, form, |w, caller, sent| {
            status_reports::report_control(w, caller, self.control, Period::T1, sent)
        })
    }

    /// The comment that counts.
    fn comment(&self) -> Option<String> {
        let all = self.world.db.read(|r| r.reports_of_control(self.control)).expect("they can be read");
        all.last().and_then(|report| report.comment.clone())
    }

    fn finalize(&self, report: Id) -> &'static str {
        act(self.world, &self.world.head, json!({}), |w, caller, sent| reports::finalize(w, caller, report, sent))
    }

    fn send_back(&self, report: Id) -> &'static str {
        let why = json!({"reason": "Igen."});
        act(self.world, &self.world.controller, why, |w, caller, sent| reports::send_back(w, caller, report, sent))
    }

    fn write(&self, report: Id, words: &str) -> &'static str {
        let form = json!({"introduction": words});
        act(self.world, &self.world.controller, form, |w, caller, sent| reports::change(w, caller, report, sent))
    }

    fn decide(&self, report: Id) -> &'static str {
        act(self.world, &self.world.controller, judged(), |w, caller, sent| {
            let files = Rendered::of(reports::prepare_decision(w, caller, report, sent)?)?;
            reports::decide(w, caller, report, sent, &files)
        })
    }

    fn now(&self, report: Id) -> Report {
        self.world.db.read(|r| r.get(report)).expect("it is there")
    }

    /// The introduction that was frozen.
    fn frozen(&self, report: Id) -> Value {
        let sha256 = self.now(report).final_sha256.expect("a final report has a snapshot");
        let bytes = self.world.db.read(|r| r.sealed(&sha256)).expect("it is sealed");
        serde_json::from_slice::<Value>(&bytes).expect("JSON")["texts"]["introduction"].clone()
    }
}

both! {
    /// A thousand pairs in the night.
    fn closing_and_reporting(world: &World) {
        let ring = Ring::new(world);
        let mut both_done = 0;
        for round in 0..pairs() {
            let words = format!("Ord {round}");
            let (closed, reported) = in_turn(round, || ring.close(), || ring.report(&words));
            assert!(matches!((closed, reported), ("done", "done" | "periodClosed")), "{closed} {reported}");
            assert_eq!(ring.comment().is_some_and(|told| told == words), reported == "done");
            // What comes after is refused, whoever was first.
            if round.is_multiple_of(10) {
                assert_eq!((ring.report("Sent."), ring.close()), ("periodClosed", "periodClosed"));
            }
            assert_eq!(ring.reopen(), "done");
            both_done += usize::from(reported == "done");
        }
        println!("{} pairs; in {both_done} the report was first", pairs());
    }

    /// As many: half against a reopening of the period, half against writing in the report.
    fn making_final_and_writing(world: &World) {
        let ring = Ring::new(world);
        assert_eq!(ring.close(), "done");
        let report = id(&ring.year.report("t1"));
        let mut second = 0;
        for round in 0..pairs() {
            if round % 4 < 2 {
                let words = format!("Inledning {round}");
                let (made, written) = in_turn(round, || ring.finalize(report), || ring.write(report, &words));
                assert!(matches!((made, written), ("done", "done" | "reportIsFinal")), "{made} {written}");
                assert_eq!(ring.frozen(report) == json!(words), written == "done", "the frozen words are the written ones");
                assert_eq!(ring.send_back(report), "done");
                second += usize::from(written == "done");
            } else {
                let (made, reopened) = in_turn(round, || ring.finalize(report), || ring.reopen());
                assert!(matches!((made, reopened), ("done" | "periodOpen", "done")), "{made} {reopened}");
                // No report is final whose period is open.
                let now = ring.now(report);
                assert_eq!((now.status, now.final_sha256), (ReportStatus::Draft, None));
                assert_eq!(ring.close(), "done");
                second += usize::from(made != "done");
            }
        }
        println!("{} pairs; in {second} the report became final last", pairs());
    }

    /// Pairs until so many decisions were first: against sending back, and the first against a reopening of the period.
    fn deciding_and_taking_back(world: &World) {
        let ring = Ring::new(world);
        assert_eq!(ring.close(), "done");
        let (mut tried, mut first) = (0, 0);
        let mut report = id(&ring.year.report("t1"));
        while first < decisions() && tried < pairs() {
            assert_eq!(ring.finalize(report), "done");
            let reopening = first == 0;
            let take_back = || if reopening { ring.reopen() } else { ring.send_back(report) };
            // Whoever decides has looked at the report; so it is seldom first, and many pairs are made.
            let decide = || {
                ring.now(report);
                ring.decide(report)
            };
            let (decided, back) = in_turn(tried, decide, take_back);
            let told = if reopening { "reportDecided" } else { "reportIsDecided" };
            tried += 1;
            let now = ring.now(report);
            match decided {
                "done" => {
                    assert_eq!((back, now.status), (told, ReportStatus::Decided));
                    assert_eq!(now.sealed_names().count(), 9);
                    first += 1;
                    report = id(&ring.year.report("t1"));
                }
                refused => {
                    assert_eq!((refused, back, now.status), ("reportIsDraft", "done", ReportStatus::Draft));
                    assert_eq!(now.sealed_names().count(), 0);
                    if reopening {
                        assert_eq!(ring.close(), "done");
                    }
                }
            }
        }
        println!("{tried} pairs; in {first} the decision was first");
    }

    /// Over HTTP, while the eight files of a decision are made: everything that writes, one after another.
    fn deciding_and_writing(world: &World) {
        let ring = Ring::new(world);
        assert_eq!(ring.close(), "done");
        let status = format!("/controls/{}/reports/t1", ring.control);
        let mut tried = 0;
        for _ in 0..2 {
            let report = ring.year.report("t1");
            let path = format!("/reports/{report}");
            world.head.post_current(&path, "/finalization", json!({})).expect(200);
            let frozen = ring.frozen(id(&report));
            let any = world.controller.with("if-match", "*");
            let done = std::sync::atomic::AtomicBool::new(false);
            let decide = || {
                let status = any.post(&format!("{path}/decision"), judged()).status;
                done.store(true, std::sync::atomic::Ordering::SeqCst);
                status
            };
            let write = || {
                let mut told = Vec::new();
                while !done.load(std::sync::atomic::Ordering::SeqCst) || told.is_empty() {
                    told.push(any.patch(&path, json!({"introduction": "Nya ord."})));
                    told.push(any.put(&status, json!({"status": "notPerformed", "comment": "Nya ord."})));
                    told.push(any.delete(&path));
                    told.push(any.post(&format!("{path}/finalization"), json!({})));
                }
                told
            };
            let (decided, told) = at_once(decide, write);
            assert_eq!(decided, 200);
            for answer in &told {
                // Nobody waits for the files: none of them is told to come back later.
                let code = answer.json["code"].as_str().unwrap_or_default();
                assert!(matches!(code, "reportIsFinal" | "reportIsDecided" | "periodClosed"), "{} {}", answer.asked, answer.json);
            }
            tried += told.len();
            let sealed = world.reader.with("accept", "application/json").get(&format!("{path}/document")).expect(200);
            assert_eq!(sealed["texts"]["introduction"], frozen);
            assert!(!String::from_utf8_lossy(&sealed.body).contains("Nya ord."));
        }
        println!("{tried} writes beside two decisions");
    }
}
