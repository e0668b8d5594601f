//! Pages for other systems, for letters and for the log's growth: what could be done by the API alone.

use chrono::{Duration, Utc};
use riskregister::app::to_do::reminders::decide_weekly;
use riskregister::domain::reminders::weekly;
use riskregister::domain::words::Language;
use riskregister::storage::Origin;
use riskregister::web::texts;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::smtp::monday;
use crate::kit::visitor::{Page, Visitor, written};
use crate::kit::{World, both};
use crate::planted;

fn said(key: &str) -> String {
    texts::say(Language::Sv, key, &[])
}

/// A moment by the clock, so many days from now, as a browser writes it.
fn in_days(days: i64) -> String {
    in_time(Duration::days(days))
}

/// So long from now, to the minute that has begun.
fn in_time(time: Duration) -> String {
    (Utc::now() + time).with_timezone(&chrono_tz::Europe::Stockholm).format("%Y-%m-%dT%H:%M").to_string()
}

/// What a notice tells this once: the word after "är".
fn told_once(page: &Page) -> String {
    let notice = page.text(".notice");
    let word = notice.split(" är ").last().and_then(|rest| rest.split(' ').next());
    word.unwrap_or_else(|| panic!("{notice}")).to_owned()
}

/// Sends a form of a page and gives the page that it leads to.
fn sends(visitor: &Visitor, path: &str, form: &str, fields: &[(&str, &str)]) -> (String, Page) {
    let mut filled = visitor.page(path).form(form);
    for (name, value) in fields {
        filled = written(&filled, name, value);
    }
    let to = visitor.send(path, &filled).expect(303).header("location").to_owned();
    let page = visitor.page(&to);
    (to.split('?').next().unwrap_or_default().to_owned(), page)
}

both! {
    fn an_account_is_made_given_secrets_and_ended_on_its_page(world: &World) {
        let admin = world.visitor(&world.admin_id);
        let list = "/service-accounts";
        let form = admin.page(list).form("form#account");
        let nameless = Page::of(&admin.send(list, &form).expect(422));
        assert_eq!(nameless.attribute("#account-expiresAt", "aria-invalid"), "true");
        let fields = [("name", "Revisorernas verktyg"), ("organisationId", world.board.as_str()), ("expiresAt", &in_days(30))];
        let (at, page) = sends(&admin, list, "form#account", &fields);
        assert_eq!(page.text(".notice"), said("done-createServiceAccount"));
        assert!(page.text("main").contains(&said("secrets-none")));
        let id = at.rsplit('/').next().expect("an id");
        assert_eq!(page.text("dl.facts code"), id);

        // A secret is told this once, and opens.
        let secret = |earlier: &str| -> String {
            let form = written(&admin.page(&at).form("form#secret"), "earlierHoldUntil", earlier);
            let page = Page::of(&admin.send(&at, &form).expect(200));
            told_once(&page)
        };
        let opens = |secret: &str| -> u16 {
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs([("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)])
                .finish();
            let client = world.as_nobody().with("content-type", "application/x-www-form-urlencoded");
            client.send_outside("POST", "/api/v1/oauth/token", Some(body.into_bytes())).status
        };
        let first = secret("");
        assert_eq!(opens(&first), 200, "{first}");
        assert!(!admin.page(&at).text("main").contains(&first));
        let second = secret(&in_days(2));
        let page = admin.page(&at);
        let told: Vec<String> = page.all("main li.card").iter().map(|one| one.text().collect()).collect();
        assert!(told[0].contains(&said("secret-holds")) && told[1].contains("Gäller till "), "{told:?}");
        let far = written(&page.form("form#secret"), "earlierHoldUntil", &in_days(60));
        let far = Page::of(&admin.send(&at, &far).expect(422));
        assert!(far.text("form#secret .faults").contains("högst 30 dagar"), "{}", far.text("form#secret .faults"));

        // The newest is the first, and is revoked.
        let revoke = page.all("form[id^='revoke-']")[0].attr("id").expect("a name").to_owned();
        let (_, page) = sends(&admin, &at, &format!("form[id='{revoke}']"), &[]);
        assert!(page.text("main").contains("Återkallad "));
        assert_eq!((opens(&second), opens(&first)), (401, 200));

        // A new name leaves the end where it was, to the minute.
        let before = world.admin.get(&at).expect(200).text("expiresAt");
        sends(&admin, &at, "form#account", &[("name", "Nytt namn")]);
        let now = world.admin.get(&at).expect(200);
        assert_eq!((now.text("name"), now.text("expiresAt")), ("Nytt namn".into(), before));
        let (_, page) = sends(&admin, &at, "form#end", &[]);
        assert!(page.text("main").contains(&said("secret-not-now")) && page.all("form#secret").is_empty());
        assert_eq!(opens(&first), 401);
        let (_, page) = sends(&admin, &at, "form#end", &[]);
        assert!(!page.all("form#secret").is_empty());
        assert_eq!(opens(&first), 401);

        // Who answers for the body sees it, and the history leads to it.
        let controller = world.visitor(&world.controller.id);
        assert!(controller.page(list).text("main").contains("Nytt namn"));
        assert!(controller.page(&at).all("main form").is_empty());
        world.visitor(&world.reader.id).get(&at).expect(404);
        let history = admin.page(&format!("/history/{}?entityId={id}", world.root));
        assert!(!history.all(&format!("main a[href='{at}']")).is_empty());
        // As it was.
        let past = admin.page(&format!("{at}?asOf={before}", before = riskregister::storage::Timestamp::now()));
        assert!(past.all("main form").is_empty() && past.text("main").contains("Nytt namn"));
    }

    fn a_webhook_is_made_changed_and_removed_on_its_page(world: &World) {
        let admin = world.visitor(&world.admin_id);
        let list = "/webhooks";
        let form = admin.page(list).form("form#webhook");
        // The kinds of events are boxes, by what they are about: each stands for what history can be filtered by.
        let boxes = |page: &Page| -> Vec<String> {
            let all = page.all("form#webhook details input[name=kinds]");
            all.iter().filter_map(|one| one.attr("value").map(str::to_owned)).collect()
        };
        let offered = boxes(&admin.page(list));
        let history = admin.page(&format!("/history/{}", world.root));
        let filter: Vec<String> = history
            .all("#f-kind optgroup option")
            .iter()
            .filter_map(|one| one.attr("value").map(str::to_owned))
            .collect();
        assert!(filter.len() > 150 && filter.iter().all(|kind| offered.contains(kind)), "{offered:?}");
        assert!(offered.contains(&"risk.*".to_owned()));
        let mut form = [("name", "Arkivet"), ("organisationId", world.board.as_str())]
            .iter()
            .fold(form, |form, (name, value)| written(&form, name, value));
        form.extend(["risk.*", "plan.adopted"].map(|kind| ("kinds".to_owned(), kind.to_owned())));
        let wrong = Page::of(&admin.send(list, &written(&form, "url", "http://example.org/")).expect(422));
        assert_eq!(wrong.attribute("#webhook-url", "aria-invalid"), "true");
        assert_eq!(wrong.all("form#webhook details[open] input[name=kinds][checked]").len(), 2, "what was ticked still is");
        // Not sent to: nothing leads out of the tests.
        let form: Vec<_> = form.into_iter().filter(|(name, value)| name != "active" || value == "false").collect();
        let made = Page::of(&admin.send(list, &written(&form, "url", "https://hooks.example.org/r")).expect(200));
        let secret = told_once(&made);
        assert!(secret.starts_with("whsec_"), "{secret}");
        let at = made.attribute("main tbody a", "href");
        let read = || world.admin.get(&at).expect(200);
        assert_eq!(read()["kinds"], json!(["risk.*", "plan.adopted"]));
        let page = admin.page(&at);
        assert!(page.text("dl.facts").contains(&said("webhook-off")) && page.text("main").contains("0 försök"));
        assert!(page.text("dl.facts").contains("Planen fastställdes"));
        assert_eq!(page.all("form#webhook input[name=kinds][checked]").len(), 2);
        // One from before kinds were a closed list stays.
        planted::kinds_of_webhook(world, &at[10..], &["risk.*", "plan.somethingNew"]);
        assert_eq!(admin.page(&at).all("form#webhook input[value='plan.somethingNew'][checked]").len(), 1);
        sends(&admin, &at, "form#webhook", &[("kinds", "")]);
        assert_eq!((read()["kinds"].clone(), read()["active"].clone()), (json!([]), json!(false)));

        let again = written(&admin.page(&at).form("form#secret"), "x", "");
        let anew = told_once(&Page::of(&admin.send(&at, &again).expect(200)));
        assert!(anew.starts_with("whsec_") && anew != secret);
        // What lies ahead of it is in the queue already; what was before is sent again.
        world.risk(&world.plan(2025), &world.goal(2025, "En ekonomi i balans"), "Brist", (2, 2));
        for (from, begins) in [(in_time(Duration::minutes(1)), "Ingen händelse"), ("2020-01-01T00:00".into(), "")] {
            let form = written(&admin.page(&at).form("form#replay"), "from", &from);
            let told = Page::of(&admin.send(&at, &form).expect(200)).text(".notice");
            assert!(told.starts_with(begins) && told.contains("skickas igen"), "{told}");
        }
        for (who, status) in [(&world.auditor.id, 200), (&world.controller.id, 404), (&world.reader.id, 404)] {
            assert_eq!(world.visitor(who).get(&at).status, status);
        }
        assert!(world.visitor(&world.auditor.id).page(&at).all("main form[method=post]").is_empty());
        let (to, page) = sends(&admin, &at, "form#delete", &[]);
        assert_eq!((to.as_str(), page.text(".notice")), (list, said("done-deleteWebhook")));
        admin.get(&at).expect(404);
    }

    fn letters_show_what_became_of_them(world: &World) {
        let week = weekly(monday().utc()).expect("a Monday");
        let letters = world.db.write(&Origin::system(), |w| decide_weekly(w, week)).expect("letters can be decided on");
        let admin = world.visitor(&world.admin_id);
        let count = |who: &Visitor, asked: &str| who.page(&format!("/letters?{asked}")).all("main tbody tr").len();
        assert!(letters > 2);
        assert_eq!((count(&admin, ""), count(&admin, "kind=weekly&status=waiting")), (letters, letters));
        assert_eq!((count(&admin, "status=sent"), count(&admin, "kind=urgent")), (0, 0));
        let mine = world.visitor(&world.reader.id);
        assert_eq!(count(&mine, ""), 1);
        let row = mine.page("/letters").text("main tbody tr");
        assert!(row.contains("Lisa Läsare") && row.contains("Veckobrev") && row.contains("Väntar"), "{row}");
        assert!(!mine.page("/account").all("main a[href='/letters']").is_empty());
    }

    fn a_proof_of_growth_is_made_between_two_checkpoints(world: &World) {
        world.db.make_checkpoints().expect("checkpoints can be made");
        let year = Year::adopted(world);
        world.db.make_checkpoints().expect("checkpoints can be made");
        let auditor = world.visitor(&world.auditor.id);
        let log = format!("/history/{}", world.board);
        assert!(!auditor.page(&log).all(&format!("main a[href='{log}/growth']")).is_empty());
        let page = auditor.page(&format!("{log}/growth"));
        let link = page.attribute("main tbody a", "href");
        let proof = auditor.page(&link);
        let told = world.auditor.get(&link.replace("/history/", "/logs/").replace("/growth", "/consistency")).expect(200);
        for text in [told["fromRoot"].clone(), told["toRoot"].clone(), told["hashes"][0].clone()] {
            assert!(proof.text("dl.facts").contains(text.as_str().expect("a hash")), "{text}");
        }
        let file = auditor.get(&proof.attribute("main a.button", "href")).expect(200);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&file.body).expect("JSON"), told.json);
        let refused = auditor.page(&format!("{log}/growth?from=100000&to=2"));
        assert!(refused.text(".faults").contains("Ska vara 1 till 2"), "{}", refused.text(".faults"));
        world.visitor(&world.stranger.id).get(&format!("{log}/growth")).expect(404);
        drop(year);
    }
}
