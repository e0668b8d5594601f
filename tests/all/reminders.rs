//! Letters and the calendar: who is written to, once, and what is left out.

use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calcard::icalendar::ICalendar;
use riskregister::app::to_do::reminders::decide_weekly;
use riskregister::config::{Config, PATIENCE};
use riskregister::domain::reminders::weekly;
use riskregister::domain::words::{Language, MailKind};
use riskregister::pulses::Pulses;
use riskregister::storage::queries::NewMail;
use riskregister::storage::{Db, Id, Origin, Timestamp};
use riskregister::web::texts;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::plans::at_once;
use crate::kit::smtp::{MailServer, Received, monday};
use crate::kit::visitor::Page;
use crate::kit::{Databases, Register, Start, World, both};

/// A world that sends mail, and the server that gets it.
pub struct Posting {
    server: MailServer,
    world: World,
}

impl Deref for Posting {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}

impl Start for Posting {
    fn on(databases: Databases) -> Self {
        Self::with(databases, |_| {})
    }
}

impl Posting {
    /// One whose register's configuration is not the usual one.
    pub fn with(databases: Databases, configure: impl FnOnce(&mut Config)) -> Self {
        let server = MailServer::start();
        let world = World::with(databases, |config| {
            config.mail = Some(server.mail());
            config.public_url = "https://risk.example.org".into();
            configure(config);
        });
        Self { server, world }
    }

    /// Waits until so many letters have come.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        self.server.wait_for(count)
    }

    /// Decides on the letters of this Monday, as the register does by itself. How many it were.
    pub fn monday(&self) -> usize {
        decide(&self.db)
    }

    fn mails(&self, query: &str) -> Vec<Value> {
        self.admin.get(&format!("/mails?limit=200&{query}")).expect(200).items().to_vec()
    }

    /// The letter that somebody got.
    pub fn letter_to(&self, address: &str) -> Received {
        self.server.to(address)
    }

    /// Waits until nothing is waiting any more.
    #[track_caller]
    pub fn settled(&self) -> Vec<Received> {
        let began = Instant::now();
        while !self.mails("status=waiting").is_empty() {
            assert!(began.elapsed() < Duration::from_secs(30), "{:?}", self.mails("status=waiting"));
            std::thread::sleep(Duration::from_millis(20));
        }
        self.server.letters()
    }
}

/// The addresses of those who have something to do, each with how much.
fn owing(world: &World) -> Vec<(String, usize)> {
    let people = [
        &world.controller,
        &world.head,
        &world.risk_owner,
        &world.performer,
        &world.reader,
        &world.draft_reader,
        &world.auditor,
        &world.stranger,
    ];
    let people = people.map(|person| (person.email.as_str(), &person.client));
    let all = people.into_iter().chain([(Register::ADMIN, &world.admin)]).map(|(email, client)| {
        let total = client.get("/me/tasks").expect(200)["total"].as_u64().expect("a count");
        (email.to_owned(), total as usize)
    });
    let mut all: Vec<(String, usize)> = all.filter(|(_, total)| *total > 0).collect();
    all.sort();
    all
}

/// Decides on the letters of a Monday. How many it were.
pub fn decide(db: &Db) -> usize {
    let week = weekly(monday().utc()).expect("a Monday");
    db.write(&Origin::system(), |w| decide_weekly(w, week)).expect("letters can be decided on")
}

/// What stands after the address of the service.
fn path(url: &str) -> String {
    url.strip_prefix("https://risk.example.org").expect("the address of the service").to_owned()
}

/// Asks past the contract, which knows the API alone: status, content type, body.
fn outside(register: &Register, method: &str, path: &str, body: Option<&str>) -> (u16, String, String) {
    let url = format!("{}{path}", register.address);
    let (method, body) = (method.parse().expect("a method"), body.map(str::to_owned));
    crate::kit::wait(async move {
        let mut request = reqwest::Client::new().request(method, url);
        if let Some(body) = body {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        }
        let answer = request.send().await.expect("an answer");
        let kind = answer.headers().get("content-type").map(|v| v.to_str().expect("a text").to_owned());
        (answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await.expect("a body"))
    })
}

both! {
    fn on_monday_each_gets_what_is_theirs(p: &Posting) {
        let year = Year::adopted(p);
        p.admin.patch_current(&format!("/users/{}", p.performer.id), json!({"language": "en"})).expect(200);
        assert!(p.monday() >= 8, "everyone is thought of");
        let letters = p.settled();
        let mut to: Vec<&str> = letters.iter().flat_map(|l| &l.to).map(String::as_str).collect();
        to.sort_unstable();
        let owing = owing(p);
        assert_eq!(to, owing.iter().map(|(email, _)| email.as_str()).collect::<Vec<_>>(), "and who owes nothing hears nothing");
        // What an office asks is told, too: the letter, the list and its page say the same.
        for one in [&p.risk_owner.email, &p.performer.email, &p.controller.email] {
            assert!(to.contains(&one.as_str()), "{one} in {to:?}");
        }
        assert!(!to.contains(&p.reader.email.as_str()) && !to.contains(&p.stranger.email.as_str()), "{to:?}");
        for (email, total) in &owing {
            assert_eq!(p.server.to(email).text().matches("\n- ").count(), *total, "{email}");
        }
        let office = p.server.to(&p.controller.email);
        assert!(office.text().contains("- Lämna in planen till regionledningskontoret. Kulturnämnden, 2024.\n"), "{}", office.text());

        let owner = p.server.to(&p.risk_owner.email);
        assert!(owner.subject().starts_with("Riskregistret: "), "{}", owner.subject());
        assert!(owner.text().contains("Rapportera status: Löpande stickprov (risk "), "{}", owner.text());
        assert!(owner.text().contains("Försenad åtgärd: Bygg en scen"), "{}", owner.text());
        assert!(owner.text().contains("https://risk.example.org/tasks\n"));
        assert!(owner.html().contains("<html lang=\"sv\">") && owner.html().contains(">Rapportera status: Löpande"));
        assert!(owner.html().contains("<a href=\"https://risk.example.org/tasks\">Gå till dina uppgifter</a>"));
        assert_eq!(owner.from, "risk@example.org");
        assert!(owner.header("From").contains("Riskregistret") && owner.header("Content-Type").contains("alternative"));
        assert_eq!(owner.header("Auto-Submitted"), "auto-generated");
        assert!(owner.header("Message-ID").ends_with("@example.org>"));
        assert!(p.server.to(&p.performer.email).text().contains("Report the status: Löpande stickprov (risk "));
        assert!(owner.raw.is_ascii() && owner.raw.lines().all(|line| line.len() <= 998), "any server takes it");

        // Once: after a restart, by another service, and by two at the same moment.
        assert_eq!(p.monday(), 0);
        let newcomer = p.person("Nya Nilsson", &p.board);
        let (one, other) = at_once(|| decide(&p.db), || decide(&p.db));
        assert_eq!(one + other, 1, "the newcomer, once");
        assert_eq!(p.settled().len(), owing.len());
        let told = p.mails(&format!("userId={}", newcomer.id));
        assert_eq!((told.len(), &told[0]["status"]), (1, &json!("notNeeded")));
        assert_eq!(p.mails("status=sent&kind=weekly").len(), owing.len());
        let _ = year;
    }

    fn whoever_reminds_is_told_what_came_of_it(p: &Posting) {
        let year = Year::adopted(p);
        let controller = p.visitor(&p.controller.id);
        let path = format!("/plans/{}/follow-up", year.plan);
        let form = controller.page(&path).form("form#remind-t1");
        let told = |key: &str, count: i64| texts::say(Language::Sv, &format!("told-{key}"), &[("count", count.into())]);
        let page = Page::of(&controller.send(&path, &form).expect(200));
        let notice = page.text(".notice");
        let letters = p.settled().len();
        assert!(letters > 0 && notice.contains(&told("reminded", letters as i64)), "{notice}");
        let again = Page::of(&controller.send(&path, &controller.page(&path).form("form#remind-t1")).expect(200));
        assert!(again.text(".notice").contains(&told("reminded", 0)), "{}", again.text(".notice"));
        assert!(again.text(".notice").contains(&told("already-reminded", letters as i64)));
    }

    fn a_letter_that_cannot_be_written_is_given_up_and_hinders_no_other(p: &Posting) {
        Year::adopted(p);
        let performer: Id = p.performer.id.parse().expect("an id");
        // The register's own fault: a reminder of a period that names none.
        let broken = || vec![NewMail::new(performer, MailKind::Period, "period/none".into(), Timestamp::now())];
        p.db.write(&Origin::system(), |w| w.post(broken())).expect("a letter can be left");
        p.monday();
        assert_eq!(p.settled().len(), owing(p).len(), "the letters behind it are sent");
        let told = p.mails("kind=period");
        assert_eq!((&told[0]["status"], &told[0]["fault"]), (&json!("givenUp"), &json!("notComposed")), "{told:?}");
    }

    fn who_has_turned_it_off_gets_none(p: &Posting) {
        Year::adopted(p);
        assert_eq!(p.performer.get("/me/reminders").expect(200).json, json!({"weekly": true}));
        p.performer.put("/me/reminders", json!({"weekly": false})).expect(428);
        p.performer.put_current("/me/reminders", json!({"weekly": "no", "monthly": true})).expect(422);
        p.performer.put_current("/me/reminders", json!({"weekly": false})).expect(200);
        assert_eq!(p.performer.get("/me/reminders").expect(200).json, json!({"weekly": false}));
        p.monday();
        let letters = p.settled();
        assert_eq!(letters.len(), owing(p).len() - 1);
        assert!(!letters.iter().any(|letter| letter.to == [p.performer.email.as_str()]), "but to who wants none");
        let letter = p.server.to(&p.risk_owner.email);

        // One click, without signing in; following the link asks first.
        assert_eq!(letter.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        let stop = letter.header("List-Unsubscribe");
        let stop = path(stop.trim_matches(['<', '>']));
        assert!(letter.text().contains(&stop) && letter.html().contains(&stop));
        let (status, kind, page) = outside(p, "GET", &stop, None);
        assert_eq!((status, kind.as_str()), (200, "text/html; charset=utf-8"));
        assert!(page.contains("<form method=\"post\">"), "{page}");
        assert_eq!(p.risk_owner.get("/me/reminders").expect(200).json, json!({"weekly": true}), "asked, no more");
        let (status, _, page) = outside(p, "POST", &stop, Some("List-Unsubscribe=One-Click"));
        assert_eq!(status, 200, "{page}");
        assert_eq!(p.risk_owner.get("/me/reminders").expect(200).json, json!({"weekly": false}));
        assert_eq!(outside(p, "POST", &stop, None).0, 200, "again is no fault");
        assert!(outside(p, "GET", &stop, None).2.contains("avstängt"));
        for bad in ["/unsubscribe/x", "/unsubscribe/a.b.c", &stop[..stop.len() - 2]] {
            assert_eq!(outside(p, "POST", bad, None).0, 404, "{bad}");
        }
        // It opens nothing else.
        let token = stop.rsplit('/').next().expect("a token");
        p.as_user(token).get("/me").expect(401);
        // Nor does a token of a session turn anything off.
        let access = p.token(&p.performer.id);
        assert_eq!(outside(p, "POST", &format!("/unsubscribe/{access}"), None).0, 404);
        let kinds = |kind: &str| {
            let log = format!("/logs/{}/events?limit=200&kind={kind}", p.root);
            p.admin.get(&log).expect(200).items().len()
        };
        assert_eq!(kinds("reminders.turnedOff"), 2, "the history knows of both");
    }

    fn nothing_of_a_secret_goes_out(p: &Posting) {
        let year = Year::adopted(p);
        let secret = json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-01", "authority": "Kulturnämnden"});
        let plan = p.revise(&year.plan).expect(200);
        let _ = plan;
        p.controller.patch_current(&format!("/risks/{}", year.risk), json!({"secrecy": secret})).expect(200);
        let found = json!({"organisationId": p.unit, "title": "Kassan stämmer inte", "severity": "serious",
            "foundOn": "2024-05-02", "suspectedCrime": true});
        p.controller.post("/deficiencies", found).expect(201);
        p.monday();
        p.settled();
        p.reminded(&year);
        let letters = p.settled();
        assert!(letters.len() >= 4, "{letters:?}");
        for letter in &letters {
            for told in [letter.subject(), letter.text(), letter.html()] {
                for word in ["Brist på scener", "stickprov", "scen", "Kassan", "Länsteatern", "2024-05-02"] {
                    assert!(!told.contains(word), "{word} in {told}");
                }
            }
        }
        assert!(p.server.to(&p.risk_owner.email).text().contains("Rapportera status: Risk "));
        assert!(p.server.to(&p.risk_owner.email).text().contains("(sekretess)"));

        // The head is told at once that there is something, and on Monday that it waits.
        let urgent: Vec<Received> = letters.iter().filter(|l| l.to == [p.head.email.as_str()]).cloned().collect();
        assert_eq!(urgent.len(), 2);
        assert!(urgent[0].subject().contains("genast"), "{}", urgent[0].subject());
        assert_eq!(urgent[0].header("List-Unsubscribe"), "", "this one cannot be turned off");
        assert!(urgent[1].text().contains("- En uppgift att ta hand om genast.\n"), "{}", urgent[1].text());

        let calendar = p.risk_owner.post_nothing("/me/calendar").expect(201);
        let (_, _, text) = outside(p, "GET", &path(&calendar.text("url")), None);
        assert!(!text.contains("scen") && text.contains("sekretess"), "{text}");
    }

    fn a_controller_reminds_those_who_are_missing(p: &Posting) {
        let year = Year::adopted(p);
        let path = format!("{}/reminders", year.period("annual"));
        p.risk_owner.post(&path, json!({})).expect(403);
        p.stranger.post(&path, json!({})).expect(404);
        p.controller.post(&path, json!({"text": "", "to": []})).expect(422);
        p.controller.post(&format!("/plans/{}/periods/may/reminders", year.plan), json!({})).expect(404);
        let told = p.controller.post(&path, json!({"text": "Nämnden möts\nden 14 februari."})).expect(200);
        assert_eq!(told["remindedIds"], json!([p.performer.id]), "{}", told.json);
        let letter = p.server.wait_for(1).remove(0);
        assert_eq!(letter.to, [p.performer.email.as_str()]);
        assert_eq!(letter.subject(), "Påminnelse: rapportera år 2024");
        assert!(letter.text().contains("> Nämnden möts\n> den 14 februari.\n"), "{}", letter.text());
        assert!(letter.text().contains("- Rapportera status: Årsavstämning"), "{}", letter.text());
        assert!(!letter.text().contains(", T1."), "{}", letter.text());
        assert_eq!(letter.header("List-Unsubscribe"), "");

        let told = p.controller.post_nothing(&path).expect(200);
        assert_eq!(told["remindedIds"], json!([]));
        assert_eq!(told["alreadyRemindedIds"], json!([p.performer.id]), "once a day");
        let events = format!("/logs/{}/events?limit=200&kind=period.reminded", p.board);
        assert_eq!(p.controller.get(&events).expect(200).items().len(), 1);
        // Who has left is told of.
        p.admin.patch_current(&format!("/users/{}", p.performer.id), json!({"active": false})).expect(200);
        let other = format!("{}/reminders", year.period("interim"));
        let told = p.controller.post(&other, json!({})).expect(200);
        assert_eq!(told["unreachableIds"], json!([p.performer.id]), "{}", told.json);
        assert_eq!(p.settled().len(), 1);
        // What the controller wrote is kept no longer than needed.
        let mails = p.admin.get("/mails?kind=period").expect(200);
        assert_eq!((mails["total"].clone(), mails.items()[0]["status"].clone()), (json!(1), json!("sent")));
        assert!(!mails.json.to_string().contains("februari"));
        // A letter is the office's to know of, and the receiver's.
        assert_eq!(p.controller.get("/mails").expect(200)["total"], 0);
    }

    fn addresses_with_other_letters_are_sent_to_as_far_as_the_server_can(p: &Posting) {
        Year::adopted(p);
        let give = |person: &str, email: &str| {
            p.admin.patch_current(&format!("/users/{person}"), json!({"email": email})).expect(200);
        };
        // The server does not speak SMTPUTF8: a domain it can be told of in another way, a name before it not.
        give(&p.performer.id, "åsa@example.org");
        give(&p.risk_owner.id, "rut@örebro.example");
        p.monday();
        let letters = p.settled();
        let to: Vec<&str> = letters.iter().flat_map(|l| &l.to).map(String::as_str).collect();
        assert_eq!(to.len(), owing(p).len() - 1, "{to:?}");
        assert!(to.contains(&"rut@xn--rebro-iua.example") && !to.iter().any(|address| address.contains("sa@")), "{to:?}");
        assert!(letters.iter().all(|letter| letter.raw.is_ascii()));
        let refused = p.mails(&format!("userId={}", p.performer.id));
        let refused: Vec<_> = refused.iter().map(|m| json!([m["status"], m["fault"], m["attempts"]])).collect();
        assert_eq!(refused, [json!(["givenUp", "addressRefused", 1])]);
    }

    fn what_fails_is_tried_again_and_given_up(p: &Posting) {
        Year::adopted(p);
        p.server.refuse(Some("451 later, please"));
        p.monday();
        p.settled();
        let given_up = p.mails("status=givenUp");
        let all = owing(p).len();
        assert_eq!(given_up.len(), all);
        assert!(given_up.iter().all(|m| m["attempts"] == 5 && m["fault"] == "postponed"), "{given_up:?}");
        assert!(given_up.iter().all(|m| m["nextAttemptAt"].is_null() && m["finishedAt"].is_string()));
        assert_eq!(p.server.attempts(), 5 * all);
        p.server.refuse(Some("550 nobody here"));
        let found = json!({"organisationId": p.unit, "title": "X", "severity": "serious", "foundOn": "2024-05-02",
            "suspectedCrime": true});
        p.controller.post("/deficiencies", found.clone()).expect(201);
        p.settled();
        let refused = p.mails("kind=urgent");
        assert_eq!((refused[0]["attempts"].clone(), refused[0]["fault"].clone()), (json!(3), json!("notAccepted")));
        p.server.refuse(None);
        assert_eq!(p.server.letters().len(), 0);
        p.controller.post("/deficiencies", found).expect(201);
        p.server.wait_for(1);
    }

    fn deadlines_are_read_as_a_calendar(p: &Posting) {
        let year = Year::adopted(p);
        p.admin.with("if-none-match", "*").put("/deadlines/2024/annual", json!({"dueOn": "2025-02-14"})).expect(201);
        assert_eq!(p.performer.get("/me/calendar").expect(200).json, json!({"active": false, "createdAt": null}));
        let made = p.performer.post_nothing("/me/calendar").expect(201);
        let at = path(&made.text("url"));
        assert!(at.starts_with("/calendar/") && at.ends_with(".ics") && at.len() > 50, "{at}");
        let (status, kind, text) = outside(p, "GET", &at, None);
        assert_eq!((status, kind.as_str()), (200, "text/calendar; charset=utf-8"));
        assert_eq!(outside(p, "GET", &at, None).2, text, "the same on the same day");
        let parsed = ICalendar::parse(&text).unwrap_or_else(|fault| panic!("{fault:?}: {text}"));
        assert!(parsed.components.len() > 3, "{text}");
        assert!(text.replace("\r\n", "").find(['\r', '\n']).is_none() && text.split("\r\n").all(|l| l.len() <= 75));
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "SUMMARY:Sista dag att rapportera år 2024: Kulturnämnden".to_owned(),
            format!("UID:{}-annual-deadline@riskregister", year.plan),
            format!("UID:{}-annual-status@riskregister", year.annual),
            format!("UID:{}-end@riskregister", year.action),
            "DTSTART;VALUE=DATE:20250214".to_owned(),
            "DTEND;VALUE=DATE:20250215".to_owned(),
            "DTSTART;VALUE=DATE:20240531".to_owned(),
            "X-WR-TIMEZONE:Europe/Stockholm".to_owned(),
        ] {
            assert!(unfolded.split("\r\n").any(|found| found == line), "{line} in {unfolded}");
        }
        let uids: Vec<&str> = unfolded.split("\r\n").filter(|line| line.starts_with("UID:")).collect();
        assert_eq!(uids.iter().collect::<std::collections::BTreeSet<_>>().len(), uids.len(), "{uids:?}");
        // In the person's language.
        p.admin.patch_current(&format!("/users/{}", p.performer.id), json!({"language": "en"})).expect(200);
        assert!(outside(p, "GET", &at, None).2.replace("\r\n ", "").contains("SUMMARY:Last day to report annual 2024"));

        // A head keeps the days of the body; a reader none.
        let of = |url: String| outside(p, "GET", &path(&url), None).2;
        assert!(of(p.head.post_nothing("/me/calendar").expect(201).text("url")).contains("-annual-deadline@"));
        assert!(!of(p.reader.post_nothing("/me/calendar").expect(201).text("url")).contains("BEGIN:VEVENT"));

        // A new address takes the place of the old; taken back, it leads nowhere, nor does that of who has left.
        let again = path(&p.performer.post_nothing("/me/calendar").expect(201).text("url"));
        assert_eq!((outside(p, "GET", &at, None).0, outside(p, "GET", &again, None).0), (404, 200));
        assert_eq!(p.performer.get("/me/calendar").expect(200)["active"], true);
        p.performer.delete("/me/calendar").expect(204);
        p.performer.delete("/me/calendar").expect(204);
        assert_eq!(outside(p, "GET", &again, None).0, 404);
        let last = path(&p.performer.post_nothing("/me/calendar").expect(201).text("url"));
        p.admin.patch_current(&format!("/users/{}", p.performer.id), json!({"active": false})).expect(200);
        assert_eq!(outside(p, "GET", &last, None).0, 404);
        for bad in ["/calendar/x.ics", "/calendar/.ics", "/calendar/%27%20OR%201=1.ics", "/calendar/x"] {
            assert_eq!(outside(p, "GET", bad, None).0, 404, "{bad}");
        }
    }

    /// Without a mail server nothing is decided on, and who asks for letters is told.
    fn a_register_without_mail_says_so(world: &World) {
        let year = Year::adopted(world);
        let path = format!("{}/reminders", year.period("annual"));
        world.controller.post(&path, json!({})).refused(409, "mailNotConfigured");
        let found = json!({"organisationId": world.unit, "title": "X", "severity": "serious", "foundOn": "2024-05-02",
            "suspectedCrime": true});
        world.controller.post("/deficiencies", found).expect(201);
        assert_eq!(world.admin.get("/mails").expect(200)["total"], 0);
    }
}

/// The register itself decides on the letters when it is Monday, two services on one database once.
#[test]
fn two_services_send_each_letter_once() {
    let server = MailServer::start();
    let world = World::with(Databases::Postgres, |config| {
        config.mail = Some(server.mail());
        config.public_url = "https://risk.example.org".into();
    });
    Year::adopted(&world);
    let mut config = world.config.clone();
    config.mail = config.mail.map(|mail| riskregister::config::Mail { clock: monday, ..mail });
    let postmen: Vec<_> = (0..3)
        .map(|_| {
            let db = Db::new(config.database.clone(), 4).signing(config.signer.clone());
            riskregister::sending::letters::start(db, &config, world.keys.clone(), &Arc::new(Pulses::new(PATIENCE)))
                .expect("it starts")
                .expect("it sends")
        })
        .collect();
    let all = owing(&world).len();
    server.wait_for(all);
    std::thread::sleep(Duration::from_millis(600));
    drop(postmen);
    assert_eq!(server.letters().len(), all, "one to each");
    let weekly = world.admin.get("/mails?kind=weekly&status=sent").expect(200);
    assert_eq!(weekly["total"], all);
}

impl Posting {
    /// The controller reminds of the year.
    fn reminded(&self, year: &Year) {
        self.controller.post(&format!("{}/reminders", year.period("annual")), json!({})).expect(200);
    }
}
