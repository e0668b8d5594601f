//! What pages offer to whom: no link that leads nowhere, no form that is refused whatever one writes, and nothing that a
//! form drops of what the register holds.

use std::collections::BTreeSet;

use riskregister::domain::words::Language;
use riskregister::web::texts;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::visitor::{Page, Visitor, cookie_of, value_of, written};
use crate::kit::{Register, World, both, contract, walks};
use crate::none_said::to_a_board;
use crate::pages::{Filled, everyone};

/// The pages of an adopted plan, and those of a draft on which one writes.
fn every_path(world: &World) -> Vec<String> {
    let filled = Filled::of(world);
    let goal = world.goal(2025, "En ekonomi i balans");
    let plan = world.plan(2025);
    let risk = world.risk(&plan, &goal, "Brist på publik", (3, 4)).id();
    let (control, action) = (world.control(&risk, "Räkna publiken"), world.action(&risk, "Bjud in publiken"));
    let drafts = [
        format!("/plans/{plan}"),
        format!("/plans/{plan}/risks/new"),
        format!("/plans/{plan}/sections/background"),
        format!("/risks/{risk}"),
        format!("/risks/{risk}/edit"),
        format!("/risks/{risk}/controls/new"),
        format!("/risks/{risk}/actions/new"),
        format!("/controls/{control}"),
        format!("/actions/{action}"),
    ];
    let adopted = filled.pages().into_iter().map(|(_, path)| path);
    adopted.chain(drafts).collect()
}

/// The forms for operations on a page: the operation, and the fields as they would be sent.
fn forms(page: &Page) -> Vec<(String, Vec<(String, String)>)> {
    let named = page.all("main form[id]").into_iter().filter_map(|form| form.attr("id").map(str::to_owned));
    let sent = named.map(|id| page.form(&format!("form[id='{id}']")));
    sent.filter_map(|fields| {
        let act = fields.iter().find(|(name, _)| name == "_act")?.1.clone();
        Some((act, fields))
    })
    .collect()
}

/// Whether an operation changes what is there, so that it wants to know what its caller saw.
fn is_guarded(act: &str) -> bool {
    let operations = contract().operations();
    let (.., operation) = operations.iter().find(|(.., one)| one["operationId"] == act).expect("an operation");
    operation["responses"].get("428").is_some()
}

/// The address of a period's status of a control.
fn status_of(control: &str, period: &str) -> String {
    format!("/status/control/{control}/{period}")
}

walks! {
    fn every_form_tells_what_it_changes(world: &World) {
        let paths = every_path(world);
        let mut guarded = BTreeSet::new();
        for (role, visitor) in everyone(world) {
            for path in &paths {
                let answer = visitor.get(path);
                if answer.status != 200 {
                    continue;
                }
                for (act, fields) in forms(&Page::of(&answer)) {
                    if is_guarded(&act) {
                        let told = fields.iter().any(|(name, value)| (name == "_etag" || name == "_new") && !value.is_empty());
                        assert!(told, "{role}: the form {act} on {path} is always refused");
                        guarded.insert(act);
                    }
                }
            }
        }
        for act in ["changeMyReminders", "changeRisk", "changePlan", "reportControl", "closePeriod", "deleteControl"] {
            assert!(guarded.contains(act), "no page had {act}: {guarded:?}");
        }
    }

    fn no_link_leads_where_one_may_not_go(world: &World) {
        let paths = every_path(world);
        for (role, visitor) in everyone(world) {
            let mut followed: BTreeSet<String> = paths.iter().cloned().collect();
            for path in &paths {
                let answer = visitor.get(path);
                if answer.status != 200 {
                    continue;
                }
                // So that the walk cannot come to nothing.
                assert!(path != "/" || !Page::of(&answer).all("nav.main a[href]").is_empty());
                for link in Page::of(&answer).all("main a[href], nav a[href]") {
                    let to = link.attr("href").unwrap_or_default();
                    let to = to.split('#').next().unwrap_or_default();
                    // Documents take their time, and one of each is enough.
                    let heavy = to.starts_with("/files/") && !to.contains("json") || to.contains("asOf=");
                    if !to.starts_with('/') || to.starts_with("//") || heavy || !followed.insert(to.to_owned()) {
                        continue;
                    }
                    let status = visitor.get(to).status;
                    assert_eq!(status, 200, "{role}: {path} leads to {to} ({})", link.text().collect::<String>().trim());
                }
            }
        }
    }

    /// Whoever reads what a board adopted and decided, and whoever works with it, is led to nothing that is shut: while the plan
    /// holds, and while a revision of it is prepared. Of who reads every way is gone to its end.
    fn whatever_one_is_led_to_opens(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.decided("t1");
        let read = [format!("/plans/{}", year.plan), format!("/reports/{report}")];
        for revised in [false, true] {
            if revised {
                world.revise(&year.plan).expect(200);
                world.control(&year.risk, "En kontroll i utkastet");
            }
            for (role, visitor) in everyone(world) {
                let reads = role == "reader" || role == "draftReader";
                let mut ways: Vec<(String, String)> = vec![(String::new(), "/".into())];
                if !reads {
                    let others = ["/plans".into(), format!("/risks/{}", year.risk), format!("/plans/{}/follow-up", year.plan)];
                    ways.extend(others.into_iter().chain(read.clone()).map(|to| (String::new(), to)));
                }
                let mut gone: BTreeSet<String> = ways.iter().map(|(_, to)| to.clone()).collect();
                while let Some((from, path)) = ways.pop() {
                    let answer = visitor.get(&path);
                    // Only where nobody was led may it be shut.
                    assert!(answer.status == 200 || from.is_empty(), "{role}: {from} leads to {path}: {}", answer.status);
                    // What has happened goes on and on, and is looked at elsewhere.
                    let ends = path.starts_with("/files/") || path.starts_with("/history") || path.starts_with("/api/");
                    if answer.status != 200 || ends || (!reads && !from.is_empty()) {
                        continue;
                    }
                    for link in Page::of(&answer).all("main a[href], nav a[href], footer a[href]") {
                        let to = link.attr("href").unwrap_or_default().split('#').next().unwrap_or_default().to_owned();
                        let heavy = to.starts_with("/files/") && !to.contains("json") && role != "reader";
                        if to.starts_with('/') && !to.starts_with("//") && !heavy && gone.insert(to.clone()) {
                            ways.push((path.clone(), to));
                        }
                    }
                }
                for at in read.iter().filter(|_| reads) {
                    assert!(gone.contains(at), "{role} is led to {at}: {gone:?}");
                }
            }
        }
    }

    fn who_may_not_write_is_told_so_and_has_no_form(world: &World) {
        let year = Year::adopted(world);
        let goal = world.goal(2025, "En ekonomi i balans");
        let draft = world.plan(2025);
        let risk = world.risk(&draft, &goal, "Brist på publik", (3, 4)).id();
        let control = world.control(&risk, "Räkna publiken");
        let of_control = [format!("/controls/{control}"), format!("/risks/{risk}/edit"), format!("/risks/{risk}/controls/new")];
        for path in &of_control {
            assert!(!forms(&world.visitor(&world.controller.id).page(path)).is_empty(), "{path}");
            assert!(forms(&world.visitor(&world.auditor.id).page(path)).is_empty(), "{path}");
        }
        // In an adopted plan nothing but who is responsible changes, and an end date; talk goes on.
        let fields = |path: &str| -> Vec<String> {
            let page = world.visitor(&world.controller.id).page(path);
            let mut names: Vec<String> = forms(&page).into_iter().flat_map(|(_, fields)| fields).map(|(name, _)| name).collect();
            names.retain(|name| !name.starts_with('_'));
            names
        };
        assert_eq!(fields(&format!("/controls/{}", year.always)), ["responsibleId", "content", "public", "text", "mentionedIds"]);
        let of_action = ["endDate", "endDateReason", "responsibleId", "content", "public", "text", "mentionedIds"];
        assert_eq!(fields(&format!("/actions/{}", year.action)), of_action);
        assert_eq!(fields(&format!("/risks/{}/edit", year.risk)), ["ownerId"]);
        let controller = world.visitor(&world.controller.id);
        let path = format!("/controls/{}", year.always);
        let form = controller.page(&path).form("form#control");
        controller.send(&path, &written(&form, "responsibleId", &world.risk_owner.id)).expect(303);
        let now = world.controller.get(&path).expect(200);
        assert_eq!((now.text("responsibleId"), now.text("name")), (world.risk_owner.id.clone(), "Löpande stickprov".into()));
    }
}

both! {
    fn reporting_again_drops_nothing(world: &World) {
        let year = Year::adopted(world);
        let api = format!("/controls/{}/reports/t1", year.always);
        let said = json!({"status": "performedWithDeviations", "comment": "Två av trettio saknade attest.",
            "counts": {"samples": 30, "faults": 2},
            "references": [
                {"title": "Protokoll i mars", "address": "https://arkiv.example.org/2024/17", "note": null},
                {"title": "Pärm 3", "address": null, "note": "I arkivet."},
            ],
            "secrecy": {"provision": "18 kap. 8 § OSL", "date": "2024-04-02", "authority": "Kulturnämnden"}});
        world.performer.with("if-none-match", "*").put(&api, said.clone()).expect(201);
        let (path, performer) = (status_of(&year.always, "t1"), world.visitor(&world.performer.id));
        let form = performer.page(&path).form("form#status");
        performer.send(&path, &written(&form, "comment", "Tre av trettio saknade attest.")).expect(303);
        let now = world.performer.get(&api).expect(200).json;
        assert_eq!(now["comment"], "Tre av trettio saknade attest.");
        assert_eq!(now["sequence"], 2);
        for part in ["counts", "references", "secrecy"] {
            assert_eq!(now[part], said[part], "{part}");
        }
        // Another line of what there is to see, and one line less.
        let form = performer.page(&path).form("form#status");
        let form = written(&written(&form, "references/2/title", "Mejl från revisorn"), "references/1/title", "");
        let form = written(&form, "references/1/note", "");
        performer.send(&path, &written(&form, "counts/samples", "31")).expect(303);
        let now = world.performer.get(&api).expect(200).json;
        assert_eq!(now["counts"], json!({"samples": 31, "faults": 2}));
        let titles: Vec<&Value> = now["references"].as_array().expect("a list").iter().map(|one| &one["title"]).collect();
        assert_eq!(titles, ["Protokoll i mars", "Mejl från revisorn"]);

        // What comes after the decision carries as much.
        year.report_all("t1");
        year.close("t1").expect(200);
        let page = performer.page(&path);
        assert!(page.all("form#status, form#correction").is_empty(), "it is closed, and nothing is decided");
        year.decided("t1");
        let page = performer.page(&path);
        assert!(page.all("form#status").is_empty(), "it is decided");
        let form = written(&page.form("form#correction"), "reason", "Räknades två gånger.");
        performer.send(&path, &written(&form, "report/counts/faults", "1")).expect(303);
        let versions = world.performer.get(&format!("{api}/versions")).expect(200);
        let last = versions.items().last().expect("a correction").clone();
        assert_eq!((&last["correctionReason"], &last["counts"]["faults"]), (&json!("Räknades två gånger."), &json!(1)));
        assert_eq!(last["secrecy"], said["secrecy"]);
    }

    fn what_was_done_is_told_with_the_way_to_change_it(world: &World) {
        let year = Year::adopted(world);
        let performer = world.visitor(&world.performer.id);
        let form = performer.page("/tasks").form(&format!("form[id='status-{}-t1']", year.always));
        let done = performer.send("/tasks", &written(&form, "status", "performed")).expect(303);
        let page = performer.page(done.header("location"));
        assert_eq!(page.text(".notice"), texts::say(Language::Sv, "done-reportControl", &[]));
        assert_eq!(page.attribute(".did a", "href"), status_of(&year.always, "t1"));
        assert!(page.text(".did").contains("Löpande stickprov"), "{}", page.text(".did"));
        performer.page(&status_of(&year.always, "t1")).one("form#status");
        // Of what one may not see nothing is told, and nothing leads off the site.
        let stranger = world.visitor(&world.stranger.id);
        for to in [status_of(&year.always, "t1"), "//evil.example/x".into(), "/status/x/y/z".into(), "/plans".into()] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("doneTo", &to).finish();
            let page = stranger.page(&format!("/tasks?done=reportControl&{query}"));
            assert!(page.all(".did").is_empty(), "{to}");
        }
    }

    fn what_was_written_for_a_form_that_is_gone_is_shown(world: &World) {
        let year = Year::adopted(world);
        let performer = world.visitor(&world.performer.id);
        let form = performer.page("/tasks").form(&format!("form[id='status-{}-t1']", year.always));
        let form = written(&written(&form, "status", "performed"), "comment", "Skrivet med möda");
        // Somebody else was faster, and closed the period.
        year.report_all("t1");
        let page = Page::of(&performer.send("/tasks", &form).expect(412));
        assert!(page.text("main").contains("Skrivet med möda"));
        assert_eq!(page.all("nav.main a[href='/tasks']").len(), 1, "it leads on as every page does");
        // In words, with the way to what it was about, and by whom.
        let said = |key: &str| texts::say(Language::Sv, key, &[]);
        let told = page.text("main");
        assert!(told.contains("Genomförd utan avvikelser") && !told.contains("performed"), "{told}");
        assert!(told.contains(&said("form-stale")) && !told.contains(&said("form-stale-own")), "{told}");
        assert_eq!(page.all(&format!("main a[href='{}']", status_of(&year.always, "t1"))).len(), 1);
        year.close("t1").expect(200);
        let page = Page::of(&performer.send("/tasks", &written(&form, "_key", "en-annan")));
        assert!(page.text("main").contains("Skrivet med möda"));
    }

    fn ones_own_second_try_is_not_somebody_elses(world: &World) {
        let year = Year::adopted(world);
        let said = |key: &str| texts::say(Language::Sv, key, &[]);
        let performer = world.visitor(&world.performer.id);
        let form = performer.page("/tasks").form(&format!("form[id='status-{}-t1']", year.always));
        let form = written(&form, "status", "performed");
        performer.send("/tasks", &form).expect(303);
        let again = written(&written(&form, "_key", "en-annan"), "status", "notPerformed");
        let page = Page::of(&performer.send("/tasks", &written(&again, "comment", "Nej.")).expect(412));
        let told = page.text("main");
        assert!(told.contains(&said("form-stale-own")) && !told.contains(&said("form-stale")), "{told}");
        assert!(told.contains("Inte genomförd") && !told.contains("notPerformed"), "{told}");
        // Where the form is still there, it says the same.
        let (path, controller) = (format!("/risks/{}/edit", world.risk(&world.plan(2025), &world.goal(2025, "Mål"), "Risk", (3, 4)).id()), world.visitor(&world.controller.id));
        let form = controller.page(&path).form("form#risk");
        controller.send(&path, &written(&form, "name", "Ett")).expect(303);
        let page = Page::of(&controller.send(&path, &written(&written(&form, "name", "Två"), "_key", "en-till")).expect(412));
        assert!(page.text("form#risk .faults").contains(&said("form-stale-own")));
        // A plan is changed by every part of it: then nobody is named.
        let plan = format!("/plans/{}", year.plan);
        let revised = world.controller.post_current(&plan, "/revision", json!({"reason": "Nytt"})).expect(200);
        assert_eq!(revised["status"], "draft");
        let form = controller.page(&plan).form("form#diary");
        controller.send(&plan, &written(&form, "diaryNumbers", "KN 1")).expect(303);
        let page = Page::of(&controller.send(&plan, &written(&written(&form, "diaryNumbers", "KN 2"), "_key", "en-tredje")).expect(412));
        assert!(page.text("form#diary .faults").contains(&said("form-stale-since")));
    }

    fn what_is_wrong_is_told_as_what_it_should_be(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        let risk = world.risk(&plan, &goal, "Brist på publik", (3, 4)).id();
        let (path, controller) = (format!("/risks/{risk}/actions/new"), world.visitor(&world.controller.id));
        let form = written(&controller.page(&path).form("form#action"), "name", "Bjud in publiken");
        let wrong = written(&written(&form, "startDate", "5/2 2025"), "financialEffect/fullYear", "en miljon");
        let told = Page::of(&controller.send(&path, &wrong).expect(422)).text("form#action .faults");
        assert!(told.contains("ÅÅÅÅ-MM-DD") && told.contains("Ska vara ett tal"), "{told}");
        assert!(!told.contains("fel form") && !told.contains("format"), "{told}");
        let right = written(&written(&form, "startDate", "2025-02-05"), "financialEffect/fullYear", "1,5");
        controller.send(&path, &written(&right, "_key", "en-annan")).expect(303);
        let made = world.controller.get(&format!("/risks/{risk}/actions")).expect(200);
        assert_eq!(made.items()[0]["financialEffect"]["fullYear"], "1.5");
        // A plan that nobody has adopted has no follow-up to tell of.
        world.control(&risk, "Räkna publiken");
        let control = world.controller.get(&format!("/risks/{risk}/controls")).expect(200).column("id")[0].to_owned();
        for path in [format!("/risks/{risk}"), format!("/controls/{control}"), status_of(&control, "t1"), format!("/plans/{plan}/follow-up")] {
            let told = controller.page(&path).text("main").to_lowercase();
            assert!(!told.contains("ej planerad"), "{path}: {told}");
        }
        // One that is not accepted is not told as accepted.
        let bare = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let checks = world.controller.get(&format!("/plans/{plan}/checks")).expect(200);
        let all = checks["missing"].as_array().expect("a list");
        let of_bare = all.iter().find(|one| one["id"] == bare && one["code"] == "justificationMissing").expect("it is asked for");
        assert!(!of_bare["detail"].as_str().expect("a text").contains("accepteras"), "{of_bare}");
    }

    fn readers_of_a_plan_under_revision_see_what_was_adopted(world: &World) {
        let year = Year::adopted(world);
        let path = format!("/plans/{}", year.plan);
        let complete = to_a_board("plan-complete");
        // What is in force is a version like the others: one row.
        for who in [&world.reader.id, &world.controller.id] {
            let page = world.visitor(who).page(&path);
            let names: Vec<String> = page.all("#documents ~ .scroll tbody th").iter().map(|one| one.text().collect()).collect();
            assert!(matches!(&names[..], [one] if one.starts_with("Gällande: version 1, ")), "{names:?}");
            assert_eq!(page.all("#documents ~ .scroll a[href*='json']").len(), 0);
            assert_eq!(page.all("#documents ~ details a[href*='json']").len(), 2, "for other systems, below");
        }
        world.controller.post_current(&path, "/revision", json!({"reason": "Nya risker"})).expect(200);
        let (reader, controller) = (world.visitor(&world.reader.id).page(&path), world.visitor(&world.controller.id).page(&path));
        assert!(controller.text("main").contains(&complete));
        assert!(!reader.text("main").contains(&complete), "nobody has told the reader what a draft lacks");
        let documents = |page: &Page| page.all("#documents ~ .scroll tbody tr").len();
        assert_eq!((documents(&reader), documents(&controller)), (1, 2), "the adopted, and the draft beside it");
    }

    fn retired_risks_are_left_alone(world: &World) {
        let year = Year::adopted(world);
        world.controller.post_current(&format!("/plans/{}", year.plan), "/revision", json!({"reason": "Nytt"})).expect(200);
        let path = format!("/risks/{}", year.risk);
        let controller = world.visitor(&world.controller.id);
        let acts = |page: &Page| -> BTreeSet<String> { forms(page).into_iter().map(|(act, _)| act).collect() };
        let before = acts(&controller.page(&path));
        assert!(before.contains("retireRisk") && before.contains("assessRisk"), "{before:?}");
        controller.send(&path, &written(&controller.page(&path).form("form#retire"), "reason", "Finns inte längre.")).expect(303);
        assert_eq!(acts(&controller.page(&path)), BTreeSet::from(["writeRiskNote".to_owned()]), "but for talk");
    }

    fn the_plan_to_carry_over_is_there_whatever_the_list_shows(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        for asked in ["/plans", "/plans?year=1999", "/plans?status=closed"] {
            let page = controller.page(asked);
            let offered = page.all(&format!("select[name=fromPlanId] option[value='{}']", year.plan)).len();
            assert_eq!(offered, 1, "{asked}");
        }
    }

    fn a_new_password_is_told_of_and_kept_nowhere(world: &World) {
        let someone = world.add("Vera Växel", &world.board, None);
        let visitor = world.visitor(&someone);
        let form = visitor.page("/account").form("form#password");
        let form = written(&written(&form, "currentPassword", Register::PASSWORD), "newPassword", "En alldeles ny fras 7");
        let ended: Visitor = world.visitor(&someone);
        let answer = visitor.send("/account", &form).expect(303);
        assert!(answer.header("set-cookie").starts_with("__Host-session=;"), "the session is over, and so is its cookie");
        let told = Page::of(&world.passer_by().get(answer.header("location")).expect(200));
        assert_eq!(told.text(".notice"), texts::say(Language::Sv, "done-changePassword", &[]));
        // A browser that still has the cookie comes to the same page.
        visitor.get(answer.header("location")).expect(200);
        // The session of another window is over; what it sends is kept, but no password.
        let late = written(&form, "_key", "en-annan");
        let page = ended.send("/account", &late).expect(401);
        let text = String::from_utf8_lossy(&page.body).into_owned();
        assert!(!text.contains("alldeles") && !text.contains(&Register::PASSWORD[..8]), "{text}");
        let signing = [("email", "vera.vaxel@example.org"), ("password", "En alldeles ny fras 7"), ("to", "/account")];
        let signing = signing.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let back = world.passer_by().send("/sign-in", &signing).expect(303);
        world.bearing(&cookie_of(&back)).page("/account");
    }

    fn what_may_be_chosen_is_there_and_what_is_chosen_stays(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let later = world.goal(2025, "Ett mål som tillkom");
        let controller = world.visitor(&world.controller.id);
        let path = format!("/risks/{risk}/edit");
        let page = controller.page(&path);
        assert_eq!(page.all(&format!("#risk-goalId option[value='{later}']")).len(), 1, "the plan is older than the goal");
        // The levels are the plan's own scale's, by its own words.
        let scale = world.controller.get("/scoring-policies").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let scale = world.controller.get(&format!("/scoring-policies/{scale}/versions/1")).expect(200).json;
        let labels: Vec<&str> = scale["definition"]["levels"].as_array().expect("levels").iter().filter_map(|one| one["label"].as_str()).collect();
        let offered: Vec<String> = page.all("#risk-targetLevel option:not([value=''])").iter().map(|one| one.text().collect()).collect();
        assert_eq!(offered, labels);
        // A goal of the region's that continues one of years ago: its name changes, and nothing else.
        let root = world.root.clone();
        let old = world.admin.post("/goals", json!({"organisationId": root, "year": 2021, "name": "Förr"})).expect(201).id();
        let form = json!({"organisationId": root, "year": 2025, "name": "Nu", "continuesId": old});
        let goal = world.admin.post("/goals", form).expect(201).id();
        let (path, admin) = (format!("/goals/{goal}"), world.visitor(&world.admin_id));
        admin.send(&path, &written(&admin.page(&path).form("form#goal"), "name", "Nytt namn")).expect(303);
        let now = world.admin.get(&path).expect(200);
        assert_eq!((now.text("name"), now.text("continuesId")), ("Nytt namn".into(), old));
    }

    fn a_report_waits_for_its_period_and_says_so(world: &World) {
        let year = Year::adopted(world);
        let report = year.report("t1");
        let path = format!("/reports/{report}");
        let head = world.visitor(&world.head.id);
        let page = head.page(&path);
        assert!(page.all("form#finalize").is_empty());
        assert!(page.text("main").contains("Perioden är öppen. Stäng den innan rapporten blir slutlig."));
        year.report_all("t1");
        year.close("t1").expect(200);
        assert_eq!(head.page(&path).all("form#finalize").len(), 1);
    }

    fn reminding_is_offered_where_letters_are_sent(world: &World) {
        let year = Year::adopted(world);
        let page = world.visitor(&world.controller.id).page(&format!("/plans/{}/follow-up", year.plan));
        assert!(world.config.mail.is_none() && page.all("form[id^='remind-']").is_empty());
    }

    fn who_only_reads_sees_all_that_was_reported(world: &World) {
        let year = Year::adopted(world);
        let said = json!({"status": "performed", "comment": "Allt stämde.", "counts": {"samples": 30},
            "references": [{"title": "Protokoll i mars", "address": "https://arkiv.example.org/2024/17"}],
            "secrecy": {"provision": "18 kap. 8 § OSL", "date": "2024-04-02", "authority": "Kulturnämnden"}});
        let auditor = world.visitor(&world.auditor.id);
        let path = status_of(&year.always, "t1");
        assert!(auditor.page(&path).text("main").contains(&texts::say(Language::Sv, "status-missing", &[])));
        world.performer.with("if-none-match", "*").put(&format!("/controls/{}/reports/t1", year.always), said).expect(201);
        let page = auditor.page(&path);
        for told in ["Allt stämde.", "Stickprov: 30", "Protokoll i mars", "Sekretessmarkerad"] {
            assert!(page.text("main").contains(told), "{told}");
        }
        assert_eq!(page.attribute("main li.card a", "href"), "https://arkiv.example.org/2024/17");
    }

    fn people_are_told_by_name_and_no_more(world: &World) {
        let year = Year::adopted(world);
        let reader = world.visitor(&world.reader.id);
        world.reader.get(&format!("/users/{}", world.performer.id)).expect(404);
        reader.get(&format!("/users/{}", world.performer.id)).expect(404);
        let name = world.performer.get("/me").expect(200).text("name");
        for path in [format!("/risks/{}", year.risk), format!("/controls/{}", year.always)] {
            let text = String::from_utf8_lossy(&reader.get(&path).expect(200).body).into_owned();
            assert!(text.contains(&name), "{path} says who is responsible");
            assert!(!text.contains(&world.performer.email), "{path}");
        }
    }

    fn who_is_lost_has_the_menu(world: &World) {
        let controller = world.visitor(&world.controller.id);
        let page = Page::of(&controller.get("/risks/none").expect(404));
        assert_eq!(page.all("nav.main a[href='/plans']").len(), 1);
        let gone = world.visitor(&world.stranger.id);
        let plan = world.plan(2025);
        assert_eq!(Page::of(&gone.get(&format!("/plans/{plan}")).expect(404)).all("nav.main").len(), 1);
    }

    fn a_preview_opens_in_the_browser_and_what_is_no_pdf_is_kept(world: &World) {
        let year = Year::adopted(world);
        let report = year.report("t1");
        let controller = world.visitor(&world.controller.id);
        let page = controller.page(&format!("/reports/{report}"));
        let mut seen = Vec::new();
        for link in page.all("a[href^='/files/']") {
            let to = link.attr("href").unwrap_or_default();
            let wanted = if to.contains("pdf") { "inline" } else { "attachment" };
            if to.contains("version=public") || !(to.contains("pdf") || to.contains("json")) {
                continue;
            }
            let answer = controller.get(to).expect(200);
            assert!(answer.header("content-disposition").starts_with(wanted), "{to}");
            let shut_in = answer.maybe_header("content-security-policy").is_some_and(|policy| policy.contains("sandbox"));
            assert_eq!(shut_in, wanted == "attachment", "{to}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            seen.push(wanted);
        }
        // The way to read it at once, on top, is the PDF too.
        assert_eq!(seen, ["inline", "inline", "attachment"]);
    }

    fn a_file_for_whose_session_is_over_leads_to_signing_in(world: &World) {
        let year = Year::adopted(world);
        let someone = world.visitor(&world.head.id);
        let csrf = value_of(&someone.page("/account").form("form[action='/sign-out']"), "_csrf");
        someone.send("/sign-out", &[("_csrf".to_owned(), csrf)]).expect(303);
        let path = format!("/files/plans/{}/document?accept=application%2Fjson", year.plan);
        let to = someone.get(&path).expect(303).header("location").to_owned();
        assert!(to.starts_with("/sign-in?to=%2Ffiles%2F"), "{to}");
    }
}
