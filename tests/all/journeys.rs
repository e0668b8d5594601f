//! What people do, in a real browser: by clicking, by typing, with the keyboard alone, with scripts and without; and what
//! axe finds wrong with each page on the way.

use riskregister::domain::words::Role;
use riskregister::web::SESSION;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::browser::{Browser, DOWN, ENTER, Scripts};
use crate::kit::{Databases, Register, Start, World, pdf};
use crate::newcomers::link_to;
use crate::pages::{Filled, everyone, who_sees};
use crate::reminders::Posting;

/// Signs in by typing.
fn sign_in(browser: &Browser, email: &str) {
    browser.write("E-postadress", email);
    browser.write("Lösenord", Register::PASSWORD);
    browser.follow_within("//main", "Logga in");
}

/// An adopted plan of which somebody owns the risk, who signs in with the password of the tests.
fn owned(world: &World) -> (Year<'_>, &'static str) {
    let owner = world.add("Rakel Riskägare", &world.board, Some(Role::RiskOwner));
    let year = Year::drafted(world);
    world.controller.patch_current(&format!("/risks/{}", year.risk), json!({"ownerId": owner})).expect(200);
    for control in [&year.always, &year.annual] {
        let form = json!({"responsibleId": owner});
        world.controller.patch_current(&format!("/controls/{control}"), form).expect(200);
    }
    year.decide(&year.plan);
    (year, "rakel.riskagare@example.org")
}

/// How many tasks there are on the page.
fn tasks(browser: &Browser) -> usize {
    browser.all("ol.tasks > li").len()
}

/// What opens the row that a form stands in.
fn row_of(form: &str) -> String {
    format!("ol.tasks details:has(> .inside {form}) > summary")
}

/// How a control stands in the first period.
fn status(year: &Year, control: &str) -> (serde_json::Value, serde_json::Value) {
    let answer = year.controller.get(&format!("/controls/{control}/reports/t1")).expect(200);
    (answer["status"].clone(), answer["comment"].clone())
}

/// A risk owner signs in, sees what is to be done, and reports a control; first without the comment that it needs.
fn reports(databases: Databases, scripts: Scripts) {
    let world = World::on(databases);
    let (year, email) = owned(&world);
    let browser = Browser::start(&world.address, scripts);
    browser.open("/");
    assert!(browser.path().starts_with("/sign-in"), "{}", browser.path());
    sign_in(&browser, email);
    assert_eq!(browser.text("h1"), "Översikt");
    browser.follow("Mina uppgifter");
    let before = tasks(&browser);
    assert!(before >= 3, "{before}");
    let form = format!("form[id='status-{}-t1']", year.always);
    assert!(browser.text("main").contains("Löpande stickprov"));

    browser.press(&row_of(&form));
    browser.press(&format!("{form} input[value=performedWithDeviations]"));
    browser.go(|| browser.press(&format!("{form} button")));
    let comment = format!("status-{}-t1-comment", year.always);
    assert!(browser.title().starts_with("Fel:"), "{}", browser.title());
    assert!(browser.text(&format!("{form} .faults")).contains("En uppgift behöver rättas"));
    assert_eq!(browser.all(".faults").len(), 1);
    assert!(browser.has(&format!("{form} input[value=performedWithDeviations]:checked")), "what was chosen is gone");
    browser.press(&format!("{form} .faults a"));
    assert!(browser.path().ends_with(&format!("#{comment}")), "{}", browser.path());
    assert!(browser.focus().contains(&comment), "{}", browser.focus());
    assert_eq!(status(&year, &year.always).0, json!(null), "nothing is saved with a fault");

    browser.write_in(&format!("[id='{comment}']"), "Två av trettio saknade attest.");
    browser.go(|| browser.press(&format!("{form} button")));
    assert_eq!(browser.text(".notice"), "Statusen är rapporterad.");
    assert_eq!(tasks(&browser), before - 1);
    assert!(!browser.has(&form));
    assert_eq!(
        status(&year, &year.always),
        (json!("performedWithDeviations"), json!("Två av trettio saknade attest."))
    );
    // What was done is told once, where scripts run.
    if scripts == Scripts::Run {
        assert!(!browser.path().contains("done="), "{}", browser.path());
    }
    browser.follow("Logga ut");
    assert!(browser.path().starts_with("/sign-in"), "{}", browser.path());
    browser.open("/tasks");
    assert!(browser.path().starts_with("/sign-in"), "{}", browser.path());
}

#[test]
fn a_risk_owner_reports() {
    reports(Databases::Sqlite, Scripts::Run);
}

#[test]
fn a_risk_owner_reports_on_postgres() {
    reports(Databases::Postgres, Scripts::Run);
}

#[test]
fn a_risk_owner_reports_without_scripts() {
    reports(Databases::Sqlite, Scripts::Blocked);
}

#[test]
fn scripts_that_are_blocked_do_not_run() {
    let register = <Register as Start>::on(Databases::Sqlite);
    for (scripts, forgets) in [(Scripts::Run, true), (Scripts::Blocked, false)] {
        let browser = Browser::start(&register.address, scripts);
        browser.open("/help?done=x");
        assert_eq!(!browser.path().contains("done"), forgets, "{scripts:?}: {}", browser.path());
    }
}

#[test]
fn a_risk_owner_reports_with_the_keyboard_alone() {
    let world = World::on(Databases::Sqlite);
    let (year, email) = owned(&world);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open("/");
    // The first stop on each page leads past what all pages have.
    browser.tab_to(|focus| focus.contains("|skip|"));
    browser.tab_to(|focus| focus.starts_with("input|email|"));
    browser.type_in(email);
    browser.tab_to(|focus| focus.starts_with("input|password|"));
    browser.type_in(Register::PASSWORD);
    browser.go(|| browser.key(ENTER));
    assert_eq!(browser.text("h1"), "Översikt");
    browser.open("/tasks");
    browser.tab_to(|focus| focus.contains("|skip|"));
    browser.key(ENTER);
    browser.wait_for_focus(|focus| focus.starts_with("main|content|"));

    let name = format!("status-{}-t1", year.always);
    let form = format!("form[id='{name}']");
    let within = |css: &str| {
        browser.js("return document.activeElement.matches(arguments[0])", &[json!(format!("{form} {css}"))])
            == json!(true)
    };
    let opener =
        |css: &str| browser.js("return document.activeElement.matches(arguments[0])", &[json!(css)]) == json!(true);
    let row = row_of(&form);
    browser.tab_to(|_| opener(&row));
    browser.key(ENTER);
    browser.tab_to(|_| within("input[type=radio]"));
    // The first that the tabulator reaches is the first of the scale; the arrows go on and choose.
    browser.key(DOWN);
    browser.key(DOWN);
    assert!(browser.has(&format!("{form} input[value=performedWithDeviations]:checked")));
    browser.tab_to(|_| within("button"));
    browser.go(|| browser.key(ENTER));
    // The faults have the focus by themselves, and the next stop is the first of them.
    browser.wait_for_focus(|focus| focus.contains("|faults|"));
    browser.tab_to(|_| within(".faults a"));
    browser.key(ENTER);
    browser.wait_for_focus(|focus| focus.starts_with(&format!("textarea|{name}-comment|")));
    browser.type_in("Saknas");
    browser.tab_to(|_| within("button"));
    browser.go(|| browser.key(ENTER));
    browser.wait_for_focus(|focus| focus.contains("|notice|"));
    assert_eq!(status(&year, &year.always), (json!("performedWithDeviations"), json!("Saknas")));
}

/// A register with goals of a year, a mandatory risk, and people who sign in with the password of the tests.
fn with_people(databases: Databases, year: i32) -> World {
    let world = World::on(databases);
    world.goal(year, "En ekonomi i balans");
    world.issue(year, "risk", "Risk för oegentligheter", &world.goal(year, "Förtroende"));
    world.add("Karin Kontroll", &world.board, Some(Role::Controller));
    world.add("Hans Huvud", &world.board, Some(Role::Head));
    world.add("Rakel Riskägare", &world.board, Some(Role::RiskOwner));
    world
}

/// A controller takes the plan of a year from nothing to the board's decision; gives the path of its page.
fn makes_and_adopts(browser: &Browser, year: i32, decided_on: Option<&str>) -> String {
    browser.open("/");
    sign_in(browser, "karin.kontroll@example.org");

    browser.follow("Planer");
    browser.select("Nämnd", "Kulturnämnden");
    browser.write_over("#plan-year", &year.to_string());
    browser.write("Diarienummer", "KUN 7");
    browser.follow("Skapa planen");
    assert_eq!(browser.text(".notice"), "Planen är skapad.");
    assert!(browser.text("h1").contains("Kulturnämnden"));
    let plan = browser.path();
    let at_first = lacking(browser);

    browser.follow("Ny risk");
    browser.write("Riskens namn", "Risk för tomma salonger");
    browser.select("Mål", "En ekonomi i balans");
    browser.select("Kategori", "Operativ risk");
    browser.select("Riskägare", "Rakel Riskägare");
    browser.select("Hantering", "Begränsa");
    browser.press("#risk-likelihood input[value='4']");
    browser.press("#risk-consequence input[value='3']");
    assert!(browser.text("[data-result]").contains("12"), "what the choice comes to is shown");
    browser.follow("Spara");
    assert_eq!(browser.text(".notice"), "Risken är tillagd.");
    assert!(browser.text("dl.facts").contains("12"));
    browser.follow("Ny kontroll");
    browser.write("Kontrollens namn", "Räkna besökare");
    browser.press("#control-recurrences input[value=annual]");
    browser.follow("Spara");
    assert!(browser.text("main").contains("Räkna besökare"));
    browser.open(&plan);

    let left = lacking(browser);
    assert!(left.len() >= 8 && at_first.len() >= 8, "{left:?}");
    let rounds = mend_all(browser, &plan);
    assert!(rounds >= 8, "{rounds}");
    browser.follow("Logga ut");

    sign_in(browser, "hans.huvud@example.org");
    browser.open(&plan);
    browser.follow("Lämna till nämnden för beslut");
    assert_eq!(browser.hindrances(), Vec::<String>::new());
    browser.follow("Ja, lämna planen för beslut");
    assert_eq!(browser.text(".notice"), "Planen är överlämnad för beslut.");
    browser.follow("Logga ut");

    sign_in(browser, "karin.kontroll@example.org");
    browser.open(&plan);
    if let Some(day) = decided_on {
        browser.set_day("#adopt-decidedOn", day);
    }
    // Without the paragraph first: what stands in the other fields stays.
    browser.write("Beslutande nämnd", "Kulturnämnden i Exempel");
    browser.follow("Fastställ planen");
    assert!(browser.title().starts_with("Fel:"), "{}", browser.title());
    assert_eq!(browser.value("#adopt-decidingBoard"), "Kulturnämnden i Exempel");
    browser.write("Paragraf i protokollet", "97");
    browser.follow("Fastställ planen");
    // What will be sealed, before it is: and back to the form, in which nothing is lost.
    assert_eq!(browser.text("h1"), "Kontrollera innan planen fastställs");
    let told = browser.text("dl.facts");
    assert!(told.contains("Kulturnämnden i Exempel") && told.contains("97"), "{told}");
    browser.follow("Tillbaka, för att ändra");
    assert_eq!(browser.value("#adopt-paragraph"), "97");
    browser.follow("Fastställ planen");
    browser.follow("Ja, fastställ planen");
    assert_eq!(browser.text(".notice"), "Beslutet är registrerat och planen förseglad.");
    let facts = browser.text("dl.facts");
    assert!(facts.contains("Fastställd") && facts.contains("§ 97"), "{facts}");
    plan
}

/// A controller takes a plan from nothing to the board's decision, and downloads what the board decided.
#[test]
fn a_controller_makes_a_plan_and_the_board_adopts_it() {
    let this_year = chrono::Datelike::year(&chrono::Utc::now());
    let world = with_people(Databases::Sqlite, this_year);
    let browser = Browser::start(&world.address, Scripts::Run);
    makes_and_adopts(&browser, this_year, None);
    let file = browser.download("#documents ~ .scroll a[href*='accept=application%2Fpdf']");
    let printed = pdf::dense(&pdf::pages(&file).concat());
    for told in ["Risk för tomma salonger", "Räkna besökare", "Kulturnämnden i Exempel", "§ 97"] {
        assert!(printed.contains(&pdf::dense(told)), "the document does not say: {told}");
    }
}

/// The year after: a controller makes the plan from last year's, confirms or changes each assessment that came along, sees
/// it beside last year's, writes what else is missing, and the head lays it before the board.
#[test]
fn a_controller_carries_a_plan_over() {
    let world = World::on(Databases::Sqlite);
    let goal = world.goal(2024, "En ekonomi i balans");
    let fraud = world.issue(2024, "risk", "Risk för oegentligheter", &goal);
    let last = world.plan(2024);
    for (name, score) in [("Risk för tomma salonger", (3, 4)), ("Brist på scener", (3, 3)), ("Trånga foajéer", (1, 2))]
    {
        world.risk(&last, &goal, name, score);
    }
    world.complete(&last);
    world.decide(&last);
    let next = json!({"organisationId": world.root, "year": 2025, "name": "En ekonomi i balans", "continuesId": goal});
    let goal = world.admin.post("/goals", next).expect(201).id();
    let mut form = world.issued(2025, "risk", "Risk för oegentligheter", &goal);
    form["continuesId"] = json!(fraud);
    world.admin.post("/mandatory-risks", form).expect(201);
    world.add("Karin Kontroll", &world.board, Some(Role::Controller));
    world.add("Hans Huvud", &world.board, Some(Role::Head));

    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open("/plans");
    sign_in(&browser, "karin.kontroll@example.org");
    browser.select("Nämnd", "Kulturnämnden");
    assert_eq!(browser.value("#plan-year"), "2025", "the next year stands there already");
    browser.select("För över från", "Kulturnämnden 2024");
    browser.write("Diarienummer", "KUN 8");
    browser.follow("Skapa planen");
    assert_eq!(browser.text(".notice"), "Planen är skapad.");
    let plan = browser.path().split('?').next().expect("a path").to_owned();
    // All came along, and nothing of it is taken for this year's yet.
    let unconfirmed = || lacking(&browser).into_iter().filter(|told| told.contains("inte är bekräftad för 2025"));
    assert_eq!(unconfirmed().count(), 4);
    assert_eq!(browser.all(".read .tag, .beside .tag").len(), 5, "four to confirm, and one that is mandatory");

    let mut changed = 0;
    while let Some(told) = unconfirmed().next() {
        let left = unconfirmed().count();
        browser.follow(&told);
        assert!(browser.path().ends_with("#assessment"), "{}", browser.path());
        // What was assessed last year is chosen already: confirming it is to send it.
        for step in ["likelihood", "consequence"] {
            assert!(browser.has(&format!("#assess-{step} input:checked")), "{told}: {step}");
        }
        let worse = browser.text("h1").contains("Brist på scener");
        if worse {
            browser.press("#assess-likelihood input[value='4']");
            browser.write("Skäl för bedömningen", "En scen till har stängts.");
            changed += 1;
        }
        browser.follow("Spara bedömningen");
        assert_eq!(browser.text(".notice"), "Bedömningen är sparad.");
        let past = browser.text("#assessment ~ ul.plain");
        let newest = if worse { "Sannolikhet 3 → 4. Riskvärde 9 → 12." } else { "Bedömningen står fast." };
        assert!(past.contains(newest) && past.contains("Överförd från förra årets plan"), "{past}");
        browser.open(&plan);
        assert_eq!(unconfirmed().count(), left - 1, "{told}");
    }
    assert_eq!(changed, 1);

    browser.follow("Jämför med förra året");
    assert_eq!(browser.text(".lead"), "Planen för 2025 jämförd med 2024.");
    let rows: Vec<String> = browser
        .js("return [...document.querySelectorAll('main tbody tr')].map(row => [...row.cells].slice(1).map(c => c.innerText.trim()).join('|'))", &[])
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row.as_str().map(str::to_owned))
        .collect();
    for row in [
        "Risk för tomma salonger|Inget förändrat riskvärde|12|12",
        "Brist på scener|Högre riskvärde|9|12",
        "Trånga foajéer|Inget förändrat riskvärde|2|2",
        "Risk för oegentligheter|Inget förändrat riskvärde|4|4",
    ] {
        assert!(rows.iter().any(|shown| shown == row), "{row} is not in {rows:#?}");
    }
    assert_eq!(rows.len(), 4, "{rows:#?}");
    browser.follow("Kulturnämnden 2025");

    // What is left are the texts of the year.
    assert!(mend_all(&browser, &plan) > 0);
    browser.follow("Logga ut");
    sign_in(&browser, "hans.huvud@example.org");
    browser.open(&plan);
    browser.follow("Lämna till nämnden för beslut");
    browser.follow("Ja, lämna planen för beslut");
    assert_eq!(browser.text(".notice"), "Planen är överlämnad för beslut.");
    assert!(browser.text("dl.facts").contains("Överlämnad för beslut"));
}

/// The whole year of a plan, by clicks alone: made, adopted, reported in each period, each period closed, its report made,
/// final and decided; until the decision on the annual report closes the plan.
#[test]
fn a_whole_year_by_clicks() {
    let year = chrono::Datelike::year(&chrono::Utc::now()) - 1;
    let world = with_people(Databases::Sqlite, year);
    let browser = Browser::start(&world.address, Scripts::Run);
    let plan = makes_and_adopts(&browser, year, Some(&format!("{year}-02-20")));
    for (period, decided_on) in [("t1", format!("{year}-05-28")), ("interim", format!("{year}-10-01"))] {
        follows_up(&browser, &plan, period, &decided_on);
    }
    judges(&browser, &plan);
    // The annual report is decided today: the day stands there already.
    follows_up(&browser, &plan, "annual", "");
    browser.open(&plan);
    let facts = browser.text("dl.facts");
    assert!(facts.contains("Avslutad"), "{facts}");
}

/// A period from the first status to the board's decision on its report.
fn follows_up(browser: &Browser, plan: &str, period: &str, decided_on: &str) {
    let missing = format!("{plan}/follow-up?period={period}&only=missing");
    browser.open(&missing);
    let mut left = browser.all("#statuses ~ .scroll tbody tr").len();
    while left > 0 {
        browser.go(|| browser.press("#statuses ~ .scroll tbody th a"));
        let green = "#status-status input[value=performed], #status-status input[value=onPlan]";
        browser.press(green);
        browser.follow("Rapportera");
        assert_eq!(browser.text(".notice"), "Statusen är rapporterad.");
        browser.open(&missing);
        let now = browser.all("#statuses ~ .scroll tbody tr").len();
        assert!(now < left, "{period}: what was reported is still missing");
        left = now;
    }
    browser.open(&format!("{plan}/follow-up"));
    browser.unfold_in(&format!("[id='{period}']"), "Stäng perioden");
    browser.go(|| browser.press(&format!("form[id='close-{period}'] button")));
    assert_eq!(browser.text(".notice"), "Perioden är stängd.");
    browser.unfold_in(&format!("[id='{period}']"), "Skapa periodens rapport");
    browser.go(|| browser.press(&format!("form[id='report-{period}'] button")));
    assert_eq!(browser.text(".notice"), "Rapporten är påbörjad.");
    browser.write("Inledning", "Allt har gått som det skulle.");
    if period == "annual" {
        browser.write("Försäkran", "Nämnden bedömer att den interna kontrollen är tillräcklig.");
    }
    browser.follow("Spara");
    browser.follow("Gör rapporten slutlig");
    browser.follow("Ja, gör rapporten slutlig");
    assert_eq!(browser.text(".notice"), "Rapporten är slutlig.");
    if !decided_on.is_empty() {
        browser.set_day("#decide-decidedOn", decided_on);
    }
    browser.write("Paragraf i protokollet", "12");
    browser.follow("Registrera nämndens beslut");
    browser.follow("Ja, registrera beslutet");
    assert_eq!(browser.text(".notice"), "Beslutet är registrerat och rapporten förseglad.");
    assert!(browser.text("dl.facts").contains("§ 12"));
}

/// The body judges the five components of its own control, as the annual report needs.
fn judges(browser: &Browser, plan: &str) {
    browser.open(&format!("{plan}/self-assessments/annual"));
    for at in 0..5 {
        browser.choose(&format!("#coso-components-{at}-judgement"), "sufficient");
        browser.write_in(&format!("#coso-components-{at}-reason"), "Prövat under året.");
    }
    browser.follow("Spara");
    assert_eq!(browser.text(".notice"), "Bedömningen är sparad.");
}

/// A board member signs in and is at the document of the plan, and at the report that the board decided on, in two clicks each;
/// with one the plan itself is there to read.
#[test]
fn a_board_member_is_at_the_document_in_two_clicks() {
    let world = World::on(Databases::Sqlite);
    let year = Year::adopted(&world);
    year.report_all("t1");
    year.close("t1").expect(200);
    year.decided("t1");
    world.add("Berit Ledamot", &world.board, Some(Role::Reader));
    let browser = Browser::start(&world.address, Scripts::Run);
    // What the board adopted, whether or not the next revision is being prepared.
    for revised in [false, true] {
        if revised {
            world.revise(&year.plan).expect(200);
        }
        browser.forget_cookies();
        browser.open("/");
        sign_in(&browser, "berit.ledamot@example.org");
        assert_eq!(browser.text("h1"), "Översikt");
        browser.follow("Kulturnämnden 2024");
        let read = browser.text(".read");
        for told in ["Bakgrund och rättslig grund", "Brist på scener", "Löpande stickprov", "Bygg en scen"] {
            assert!(read.contains(told), "{told}");
        }
        // On the first screen of a tablet stand the contents and the way to the document.
        browser.look(768, revised);
        let down =
            browser.js("return document.querySelector('main .acts a.button').getBoundingClientRect().bottom", &[]);
        assert!(down.as_f64().is_some_and(|down| down < 1024.0), "{down}");
        let wrong = browser.hindrances();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let file = browser.download("main .acts a.button");
        let printed = pdf::dense(&pdf::pages(&file).concat());
        assert!(printed.contains("Bristpåscener") && !printed.contains("UTKAST"), "the plan that holds");
        let wide =
            browser.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth", &[]);
        assert_eq!(wide, 0, "nothing stands beside the page");

        browser.open("/");
        browser.follow("Kulturnämnden 2024");
        browser.go(|| browser.press("main a[href^='/reports/']"));
        assert!(browser.text(".read").contains("Status i perioden"));
        let wrong = browser.hindrances();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// What is written when the session ends is there again, and can be saved.
#[test]
fn what_was_written_outlives_the_session() {
    let world = World::on(Databases::Sqlite);
    let plan = world.plan(2025);
    let someone = world.add("Karin Kontroll", &world.board, Some(Role::Controller));
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open(&format!("/plans/{plan}/risks/new"));
    sign_in(&browser, "karin.kontroll@example.org");
    assert_eq!(browser.path(), format!("/plans/{plan}/risks/new"));
    browser.write("Riskens namn", "Risk för tomma salonger");
    browser.write("Beskrivning", "En rad.\nOch en till.");
    browser.press("#risk-irregularity");
    let at = format!("/users/{someone}");
    world.admin.patch_current(&at, json!({"active": false})).expect(200);
    world.admin.patch_current(&at, json!({"active": true})).expect(200);
    browser.follow("Spara");
    assert!(browser.text(".faults").contains("Din session har avslutats."));
    sign_in(&browser, "karin.kontroll@example.org");
    assert!(browser.text(".faults").contains("Det du skrev är inte sparat än"));
    assert_eq!(browser.path(), format!("/plans/{plan}/risks/new"), "the page stands at its own address");
    assert_eq!(browser.value("#risk-name"), "Risk för tomma salonger");
    assert_eq!(browser.value("#risk-description"), "En rad.\nOch en till.");
    assert!(browser.has("#risk-irregularity:checked"));
    assert!(world.risks(&plan).is_empty(), "nothing is saved unseen");
    browser.follow("Spara");
    assert_eq!(browser.text(".notice"), "Risken är tillagd.");
    let saved = world.named(&plan, "Risk för tomma salonger");
    assert_eq!((&saved["description"], &saved["irregularity"]), (&json!("En rad.\nOch en till."), &json!(true)));
}

/// The jobs that are done most often, with what is pressed counted, from the page that one stands on when signed in.
#[test]
fn the_jobs_take_few_clicks() {
    let world = World::on(Databases::Sqlite);
    let year = Year::drafted(&world);
    year.propose(&year.plan).expect(200);
    let browser = Browser::start(&world.address, Scripts::Run);
    let clicks = std::cell::Cell::new(0);
    let click = |css: &str| {
        clicks.set(clicks.get() + 1);
        browser.press(css);
    };
    let go = |css: &str| browser.go(|| click(css));
    let signed_in = |user: &str| {
        browser.forget_cookies();
        browser.take_cookie(SESSION, &world.visitor(user).cookie);
        browser.open("/");
        clicks.set(0);
    };

    // The controller records the board's decision.
    signed_in(&world.controller.id);
    let at = format!("[aria-labelledby=to-do] a[href^='/plans/{}']", year.plan);
    go(&at);
    browser.write("Paragraf i protokollet", "97");
    go("form#adopt > .send button");
    go("form#check button[name=_yes]");
    assert_eq!(browser.text(".notice"), "Beslutet är registrerat och planen förseglad.");
    assert!(clicks.get() <= 4, "the decision takes {} clicks", clicks.get());

    // Somebody asks who changed a score, and why.
    let form = json!({"likelihood": 5, "consequence": 4, "reason": "Två scener har stängt."});
    world.risk_owner.post(&format!("/risks/{}/assessments", year.risk), form).expect(201);
    let name = world.admin.get(&format!("/users/{}", world.risk_owner.id)).expect(200).text("name");
    signed_in(&world.controller.id);
    go(&format!("[aria-labelledby=highest] a[href='/risks/{}']", year.risk));
    let told = browser.text("#assessment ~ ul");
    assert!(
        told.contains("Två scener har stängt.") && told.contains(&name) && told.contains("Riskvärde 12 → 20"),
        "{told}"
    );
    assert!(clicks.get() <= 3, "who changed a score takes {} clicks", clicks.get());

    // From the line of a letter to a green status.
    let world = World::on(Databases::Sqlite);
    let year = Year::adopted(&world);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.take_cookie(SESSION, &world.visitor(&world.performer.id).cookie);
    let clicks = std::cell::Cell::new(0);
    let click = |css: &str| {
        clicks.set(clicks.get() + 1);
        browser.press(css);
    };
    let row = format!("status-{}-t1", year.always);
    let line = format!("task-{}-t1", year.always);
    browser.open(&format!("/tasks?row={line}#{line}"));
    click(&format!("form[id='{row}'] input[value=performed]"));
    browser.go(|| click(&format!("form[id='{row}'] .send button")));
    assert_eq!(status(&year, &year.always).0, json!("performed"));
    assert!(clicks.get() <= 2, "a status takes {} clicks", clicks.get());
}

/// What is being written is kept: the page can be left and opened again, and what is saved is no draft any more, however
/// soon it is saved.
#[test]
fn what_is_being_written_is_kept() {
    let world = World::on(Databases::Sqlite);
    let plan = world.plan(2025);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.take_cookie(SESSION, &world.visitor(&world.controller.id).cookie);
    let at = format!("/plans/{plan}/sections/monitoring");
    browser.open(&at);
    let height =
        || browser.js("return document.querySelector('textarea').offsetHeight", &[]).as_i64().expect("a height");
    let empty = height();
    browser.write("Text", "Nämnden följer upp tre gånger om året.\n\nDet gör den i maj, september och februari.");
    assert!(browser.wait_for_text("[data-kept-told]").contains("inte sparat"));
    browser.open(&at);
    assert!(browser.value("#section-text").ends_with("februari."), "{}", browser.value("#section-text"));
    assert!(browser.text("form#section .banner").contains("Bara du ser det."));
    let found = browser.axe();
    assert!(found.is_empty(), "{found:?}");
    for _ in 0..20 {
        browser.write_in("#section-text", "\n- en punkt");
    }
    assert!(height() > empty + 200, "the field grows with its text: {} from {empty}", height());
    // Nothing is asked about a draft, and one that is under way does not come after what is saved.
    browser.write_in("#section-text", "\n- den sista");
    browser.follow("Spara");
    assert!(
        world
            .controller
            .get(&format!("/plans/{plan}/sections/monitoring"))
            .expect(200)
            .text("text")
            .ends_with("den sista")
    );
    browser.open(&at);
    assert!(!browser.has("form#section .banner"));
    browser.write_in("#section-text", "\n- ännu en");
    browser.wait_for_text("[data-kept-told]");
    browser.open(&at);
    browser.follow("Kasta utkastet");
    assert!(!browser.has("form#section .banner"));
    assert!(browser.value("#section-text").ends_with("den sista"));
}

/// What the plan on the page still lacks: the words of the links, of what is folded too.
fn lacking(browser: &Browser) -> Vec<String> {
    browser.unfold_all();
    let each = "[...document.querySelectorAll('.lacking li:not(:has(details))')]";
    let told = browser.js(&format!("return {each}.map(e => e.textContent.replace(/\\s+/g, ' ').trim())"), &[]);
    told.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// What the plan on the page lacks, one after the other, by the very links that tell of it; how many there were.
fn mend_all(browser: &Browser, plan: &str) -> usize {
    let mut left = lacking(browser);
    let mut rounds = 0;
    while let Some(first) = left.first().cloned() {
        mend(browser, &first);
        browser.open(plan);
        let now = lacking(browser);
        assert!(now.len() < left.len(), "{first} does not go away: {now:?}");
        left = now;
        rounds += 1;
    }
    assert!(browser.text("main").contains("Inget saknas."));
    rounds
}

/// Follows what tells that something is missing, and writes it, by what stands on the page that it leads to.
fn mend(browser: &Browser, told: &str) {
    browser.follow(told);
    if browser.has("form#section") {
        browser.write("Text", "Så arbetar nämnden.\n\n- med måtta");
        browser.follow("Spara");
    } else if browser.has("form#risk") {
        let empty =
            |field: &str| browser.has(&format!("#risk-{field}")) && browser.value(&format!("#risk-{field}")).is_empty();
        if empty("ownerId") {
            browser.select("Riskägare", "Rakel Riskägare");
        }
        if empty("category") {
            browser.select("Kategori", "Ekonomisk risk");
        }
        if empty("response") {
            browser.select("Hantering", "Begränsa");
        }
        browser.follow("Spara");
    } else if browser.path().ends_with("#assessment") {
        browser.press("#assess-likelihood input[value='2']");
        browser.press("#assess-consequence input[value='2']");
        browser.follow("Spara bedömningen");
    } else {
        browser.write("Kontrollens namn", "Stickprov");
        browser.press("#control-recurrences input[value=annual]");
        browser.follow("Spara");
    }
}

/// No page hinders anyone, in the view of who sees most and of who has most to do.
#[test]
fn no_page_hinders_anyone() {
    let world = Posting::on(Databases::Sqlite);
    let filled = Filled::of(&world);
    let browser = Browser::start(&world.address, Scripts::Run);
    let mut wrong = Vec::new();
    let link = format!("/password-reset/{}", link_to(&world, &world.reader.id, 3600));
    let outside = [
        "/sign-in",
        "/password-reset",
        "/password-reset?sent=1",
        link.as_str(),
        "/password-reset/over",
        "/help",
        "/help/report",
        "/accessibility",
        "/nowhere",
    ];
    for path in outside {
        browser.open(path);
        wrong.extend(browser.hindrances());
    }
    let everyone = everyone(&world);
    for (role, visitor) in
        everyone.iter().filter(|(role, _)| matches!(*role, "regionAdministrator" | "controller" | "performer"))
    {
        browser.take_cookie(SESSION, &visitor.cookie);
        for (template, path) in filled.pages() {
            if *role == "performer" && !matches!(template, "/tasks" | "/account" | "/risks/{id}") {
                continue;
            }
            if *role == "regionAdministrator" && who_sees(&everyone, template).0 != *role {
                continue;
            }
            browser.open(&path);
            assert!(!browser.path().starts_with("/sign-in"), "{role} is signed in");
            browser.unfold_all();
            wrong.extend(browser.hindrances());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Forms that come back hinder nobody either.
#[test]
fn no_fault_hinders_anyone() {
    let world = World::on(Databases::Sqlite);
    let filled = Filled::of(&world);
    world.revise(&filled.plan).expect(200);
    let goal = world.goal(2025, "En ekonomi i balans");
    let draft = world.plan(2025);
    let risk = world.risk(&draft, &goal, "Brist på scener", (3, 4)).id();
    let (control, action) = (world.control(&risk, "Räkna scenerna"), world.action(&risk, "Bygg en scen"));
    let browser = Browser::start(&world.address, Scripts::Run);
    let mut wrong = Vec::new();

    browser.open("/sign-in?to=/risks");
    browser.write("E-postadress", "ingen@example.org");
    browser.write("Lösenord", "fel");
    browser.follow_within("//main", "Logga in");
    assert!(browser.has(".faults"));
    wrong.extend(browser.hindrances());

    let controller = world.visitor(&world.controller.id);
    browser.take_cookie(SESSION, &controller.cookie);
    let mut faulty = |path: &str, form: &str, write: &dyn Fn()| {
        browser.open(path);
        browser.unfold_all();
        write();
        browser.go(|| browser.press(&format!("form[id='{form}'] button[type=submit]")));
        assert!(
            browser.has(&format!("form[id='{form}'] .faults")),
            "{path}: {form} is taken, and leads to {}",
            browser.path()
        );
        // What a fault leads to is on the page.
        let lost = browser.js(
            "return [...document.querySelectorAll('.faults a')].map(a => a.getAttribute('href')).filter(h => !document.getElementById(h.slice(1)))",
            &[],
        );
        if lost != json!([]) {
            wrong.push(format!("{path}: {form}: the faults lead to {lost}, which are not there"));
        }
        wrong.extend(browser.hindrances());
    };
    let nothing = &|| {};
    faulty("/users/new", "user", &|| browser.press("#user-grants-1-role option[value=reader]"));
    faulty(&format!("/plans/{draft}/risks/new"), "risk", nothing);
    faulty(&format!("/risks/{risk}/edit"), "risk", &|| browser.write("Riskens namn", " "));
    faulty(&format!("/risks/{risk}/controls/new"), "control", nothing);
    faulty(&format!("/risks/{risk}/actions/new"), "action", &|| browser.write("Planåret", "mycket"));
    faulty(&format!("/controls/{control}"), "control", &|| browser.write("Kontrollens namn", " "));
    faulty(&format!("/actions/{action}"), "action", &|| browser.write("Åtgärdens namn", " "));
    faulty(&format!("/plans/{draft}/sections/background"), "section", nothing);
    faulty(&format!("/risks/{risk}"), "includeRisk", nothing);
    let (_, once_adopted) = filled.pages().into_iter().find(|(page, _)| *page == "/risks/{id}").expect("a risk's page");
    faulty(&once_adopted, "retire", nothing);
    faulty(&format!("/risks/{risk}"), "note", &|| browser.write_in("#note-text", "@Ingen Alls, hinner vi?"));
    faulty("/goals", "goal", nothing);
    faulty("/standing-texts", "text", nothing);
    faulty("/wordings", "wording", &|| browser.write_in("#wording-year", "i år"));
    faulty("/plans", "plan", &|| browser.write_in("#plan-year", "i år"));
    faulty("/account", "password", nothing);
    faulty(&format!("/plans/{draft}"), "diary", &|| browser.write("Diarienummer", &"x".repeat(101)));
    // Somebody else was quicker.
    faulty(&format!("/risks/{risk}/edit"), "risk", &|| {
        let form = json!({"name": "Den andras namn", "description": "Den andras text"});
        world.controller.patch_current(&format!("/risks/{risk}"), form).expect(200);
        browser.write("Riskens namn", "Mitt namn");
    });
    // The session ended meanwhile.
    browser.open(&format!("/risks/{risk}/edit"));
    browser.write("Riskens namn", "Skrivet för sent");
    world.admin.patch_current(&format!("/users/{}", world.controller.id), json!({"active": false})).expect(200);
    browser.follow("Spara");
    assert!(browser.has("input[name=kept]"));
    wrong.extend(browser.hindrances());

    browser.take_cookie(SESSION, &world.visitor(&world.performer.id).cookie);
    browser.open("/tasks");
    browser.press("ol.tasks summary");
    browser.go(|| browser.press("ol.tasks form button[type=submit]"));
    assert!(browser.has(".faults"));
    wrong.extend(browser.hindrances());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The documentation is drawn under its policy, which refuses nothing that it needs.
#[test]
fn the_documentation_can_be_read_in_a_browser() {
    let world = World::on(Databases::Sqlite);
    let browser = Browser::start(&world.address, Scripts::Run);
    browser.open("/api/v1/docs/");
    assert!(browser.wait_for_text(".swagger-ui .opblock-summary-path").contains('/'));
    let styled = "return getComputedStyle(document.querySelector('.swagger-ui .opblock-summary-method')).fontWeight";
    assert_eq!(browser.js(styled, &[]), "700", "its style is taken");
}
