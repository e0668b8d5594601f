//! The pages over HTTP: signing in and out, forms that must do nothing, what was written and must not be lost, who sees
//! what, and the texts in both languages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use riskregister::config::Settings;
use riskregister::domain::words::{ActionEffect, ActionStatus, ControlStatus, Language, Role};
use riskregister::web::texts;
use scraper::ElementRef;
use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::{Fields, Page, Visitor, cookie_of, every_page, value_of, written};
use crate::kit::{Answer, Databases, Register, Start, World, both, contract, office, signing_key};
use crate::service_accounts::in_days;

/// The ids of what every page can be filled with: an adopted plan, its risk, its parts, its report.
pub struct Filled {
    steps: Vec<(String, String)>,
    pub plan: String,
}

impl Filled {
    /// A register in which every page has something to show.
    pub fn of(world: &World) -> Self {
        let year = Year::adopted(world);
        let status = json!({"status": "performedWithDeviations", "comment": "Två av trettio saknade attest."});
        let path = format!("/controls/{}/reports/t1", year.always);
        world.performer.with("if-none-match", "*").put(&path, status).expect(201);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.report("t1");
        year.report_all("interim");
        let form = json!({"organisationId": world.board, "riskId": year.risk, "title": "Attest saknas",
            "severity": "serious", "foundOn": "2024-05-02", "foundBy": "Stickprov"});
        let deficiency = world.risk_owner.post("/deficiencies", form).expect(201).id();
        let form = json!({"organisationId": world.board, "source": "auditors", "report": "Årlig granskning",
            "year": 2023, "text": "Följ upp avtalstroheten."});
        let recommendation = world.auditor.post("/recommendations", form).expect(201).id();
        let form = json!({"organisationId": world.board, "year": 2023, "judgement": "partly", "report": "Årsrapport 2023",
            "givenOn": "2024-04-12"});
        let opinion = world.auditor.post("/audit-opinions", form).expect(201).id();
        for about in
            ["plans", "risks", "controls", "actions"].iter().zip([&year.plan, &year.risk, &year.always, &year.action])
        {
            let form = json!({"text": "@Hedda Chef, hinner vi det här?"});
            world.controller.post(&format!("/{}/{}/notes", about.0, about.1), form).expect(201);
        }
        let policies = world.controller.get("/scoring-policies").expect(200);
        let policy = policies.items()[0]["id"].as_str().expect("the region has a scale").to_owned();
        // A version of it that moves the risks of the plan.
        let versions = format!("/scoring-policies/{policy}/versions");
        let mut definition = world.admin.get(&format!("{versions}/1")).expect(200)["definition"].clone();
        definition["threshold"] = 20.into();
        world.admin.post(&versions, json!({"definition": definition})).expect(201);
        let goal = world.goal(2031, "Ett mål för sig");
        let form = json!({"organisationId": world.board, "year": 2031, "language": "sv", "key": "guideline",
            "heading": "Nämndens riktlinje", "text": "Nämnden har en egen."});
        let text = world.controller.post("/standing-texts", form).expect(201).id();
        let form = json!({"organisationId": world.board, "year": 2031, "words": {"plan": "Tillsynsplan"}});
        let wording = world.controller.post("/wordings", form).expect(201).id();
        let mandatory = world.issue(2031, "risk", "Risk för oegentligheter", &goal);
        let form = json!({"goalId": goal, "organisationId": world.board, "name": "Andel sjukfrånvaro", "unit": "%",
            "decidedBy": "board", "boardTarget": "<6%"});
        let indicator = world.controller.post("/indicators", form).expect(201).id();
        for (period, value) in [("t1", "6.5"), ("interim", "6"), ("annual", "5.5")] {
            let path = format!("/indicators/{indicator}/outcomes/{}/{period}", world.board);
            world.controller.with("if-none-match", "*").put(&path, json!({"value": value})).expect(201);
        }
        let form = json!({"year": 2024, "kind": "t1"});
        let compiled = world.admin.post("/compiled-reports", form).expect(201).id();
        world.admin.post_current(&format!("/compiled-reports/{compiled}"), "/finalization", json!({})).expect(200);
        let form = json!({"organisationId": world.board, "name": "Analysverktyget", "scopes": ["read"],
            "expiresAt": in_days(365)});
        let account = world.admin.post("/service-accounts", form).expect(201).id();
        world.admin.post_nothing(&format!("/service-accounts/{account}/credentials")).expect(201);
        let form = json!({"organisationId": world.board, "name": "Arkivet", "url": "https://hooks.example.org/r",
            "active": false});
        let webhook = world.admin.post("/webhooks", form).expect(201).id();
        let draft = world.plan(2033);
        let content =
            STANDARD.encode("Referens;Risk;S;K;Riskägare;Åtgärd;Slut\nR-1;Fel i lönesystemet;3;4;HR-chef;Rutin;Q3\n");
        let form = json!({"planId": draft, "kind": "risks", "fileName": "risker.csv", "content": content});
        let import = world.controller.post("/imports", form).expect(201).id();
        let steps = [
            ("imports", import.as_str()),
            ("service-accounts", account.as_str()),
            ("webhooks", &webhook),
            ("compiled-reports", compiled.as_str()),
            ("opinions", opinion.as_str()),
            ("policies", &policy),
            ("versions", "2"),
            ("mandatory", &mandatory),
            ("goals", &goal),
            ("indicators", &indicator),
            ("standing-texts", &text),
            ("wordings", &wording),
            ("{n}", "0"),
            ("risks", year.risk.as_str()),
            ("controls", &year.always),
            ("actions", &year.action),
            ("plans", &year.plan),
            ("reports", &report),
            ("deficiencies", &deficiency),
            ("recommendations", &recommendation),
            ("organisations", &world.board),
            ("history", &world.board),
            ("users", &world.performer.id),
            ("sections", "controlEnvironment"),
            ("self-assessments", "t1"),
            ("financial-measures", "t1"),
            ("periods", "t1"),
            ("status", "control"),
            ("control", &year.always),
            ("help", "report"),
            ("{period}", "interim"),
        ];
        Self { steps: steps.map(|(name, value)| (name.to_owned(), value.to_owned())).into(), plan: year.plan.clone() }
    }

    /// Each page of the list with its path here.
    pub fn pages(&self) -> Vec<(&'static str, String)> {
        let steps: Vec<(&str, &str)> = self.steps.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        every_page(&steps)
    }
}

/// Everyone, by the name of their role.
pub fn everyone(world: &World) -> [(&'static str, Visitor); 9] {
    [
        ("regionAdministrator", &world.admin_id),
        ("controller", &world.controller.id),
        ("head", &world.head.id),
        ("riskOwner", &world.risk_owner.id),
        ("performer", &world.performer.id),
        ("reader", &world.reader.id),
        ("draftReader", &world.draft_reader.id),
        ("auditor", &world.auditor.id),
        ("stranger", &world.stranger.id),
    ]
    .map(|(role, id)| (role, world.visitor(id)))
}

/// Who among [`everyone`] surely sees a page: the controller, and what is the region's own the regional office.
pub fn who_sees<'e>(everyone: &'e [(&'static str, Visitor)], template: &str) -> &'e (&'static str, Visitor) {
    const OFFICE: &[&str] = &["/compiled-reports/{id}", "/webhooks/{id}"];
    &everyone[usize::from(!OFFICE.contains(&template))]
}

/// A draft with one risk, and where it is changed.
fn drafted(world: &World) -> (String, String) {
    let goal = world.goal(2025, "En ekonomi i balans");
    let plan = world.plan(2025);
    let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
    (plan, risk)
}

fn name_of(world: &World, risk: &str) -> String {
    world.controller.get(&format!("/risks/{risk}")).expect(200).text("name")
}

/// Whether an answer sends to the page for signing in.
fn sends_to_sign_in(answer: &Answer) -> bool {
    answer.status == 303 && answer.header("location").starts_with("/sign-in")
}

fn pairs(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

/// What every page must have around it.
#[track_caller]
fn hold_headers(answer: &Answer, language: &str) {
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{}", answer.asked);
    assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.asked);
    assert_eq!(answer.header("content-language"), language, "{}", answer.asked);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{}", answer.asked);
    let policy: BTreeMap<&str, &str> =
        answer.header("content-security-policy").split(';').filter_map(|one| one.trim().split_once(' ')).collect();
    let strict = [
        ("default-src", "'none'"),
        ("style-src", "'self'"),
        ("script-src", "'self'"),
        ("img-src", "'self'"),
        ("connect-src", "'self'"),
        ("form-action", "'self'"),
        ("base-uri", "'none'"),
        ("frame-ancestors", "'none'"),
    ];
    assert_eq!(policy, BTreeMap::from(strict), "{}", answer.asked);
    let page = Page::of(answer);
    assert_eq!(page.attribute("html", "lang"), language, "{}", answer.asked);
    assert_eq!(page.all("h1").len(), 1, "{} has one heading of its own", answer.asked);
    let ids: Vec<&str> = page.all("[id]").iter().filter_map(|one| one.attr("id")).collect();
    let different: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), different.len(), "{}: an id stands twice in {ids:?}", answer.asked);
    // What the policy would keep from working must not be there to miss.
    for element in page.all("*") {
        for (name, _) in element.value().attrs() {
            assert!(!name.starts_with("on") && name != "style", "{}: {}", answer.asked, element.html());
        }
        let inline = matches!(element.value().name(), "style")
            || element.value().name() == "script" && element.attr("src").is_none();
        assert!(!inline, "{}: {}", answer.asked, element.html());
    }
}

both! {
    fn signing_in_sets_a_cookie_for_this_host_alone(reg: &Register) {
        let answer = reg.signs_in(" Admin@Example.ORG ", "/risks?year=2024").expect(303);
        assert_eq!(answer.header("location"), "/risks?year=2024");
        let set = answer.header("set-cookie");
        let parts: Vec<&str> = set.split("; ").collect();
        assert!(parts[0].starts_with("__Host-session="), "{set}");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
            assert!(parts.contains(&part), "{set} lacks {part}");
        }
        // The language, and the browser that is known from now on, are as much for this host alone.
        let all: Vec<&str> = answer.headers.get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()).collect();
        assert!(all.iter().any(|one| one.starts_with("__Host-device=")), "{all:?}");
        for one in &all {
            for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
                assert!(one.contains(part) && !one.contains("Domain"), "{one} lacks {part}");
            }
        }
        let page = reg.bearing(&cookie_of(&answer)).page("/account");
        assert!(page.text("main").contains(Register::ADMIN));
    }

    fn a_cookie_opens_no_api_and_a_token_no_page(reg: &Register) {
        let admin = reg.visitor(&reg.admin_id);
        admin.get("/account").expect(200);
        reg.as_nobody().with("cookie", &format!("__Host-session={}", admin.cookie)).get("/me").expect(401);
        reg.as_user(&admin.cookie).get("/me").expect(401);

        let asked = json!({"email": Register::ADMIN, "password": Register::PASSWORD});
        let tokens = reg.as_nobody().post("/sessions", asked).expect(201);
        for token in [tokens.text("accessToken"), tokens.text("refreshToken")] {
            assert!(sends_to_sign_in(&reg.bearing(&token).get("/account")));
            let bearer = reg.passer_by().with("authorization", &format!("Bearer {token}"));
            assert!(sends_to_sign_in(&bearer.get("/account")));
            // Neither does it open a file.
            assert!(sends_to_sign_in(&bearer.get(&format!("/files/organisations/{}", reg.root))));
        }
    }

    fn a_wrong_password_answers_as_the_api_does_and_keeps_the_address(reg: &Register) {
        for email in [Register::ADMIN, "ingen@example.org", "a\"><b>@example.org"] {
            let asked = json!({"email": email, "password": "fel"});
            let told = reg.as_nobody().with("accept-language", "sv").post("/sessions", asked);
            let fields = pairs(&[("email", email), ("password", "fel"), ("to", "/plans")]);
            let answer = reg.passer_by().with("accept-language", "sv").send("/sign-in", &fields).expect(told.status);
            assert!(answer.maybe_header("set-cookie").is_none());
            hold_headers(&answer, "sv");
            let page = Page::of(&answer);
            assert_eq!(page.text(".faults").trim(), told.text("detail"));
            assert_eq!(page.attribute("#email", "value"), email);
            assert_eq!(page.attribute("input[name=to]", "value"), "/plans");
            assert!(page.one("#password").attr("value").is_none());
        }
        let empty = reg.passer_by().send("/sign-in", &pairs(&[("email", "ada@example.org"), ("password", "")]));
        let empty = Page::of(&empty.expect(422));
        assert_eq!(empty.text(".faults").trim(), texts::say(Language::Sv, "sign-in-empty", &[]));
        assert_eq!(empty.attribute("#email", "value"), "ada@example.org");
    }

    fn a_form_of_another_site_does_nothing_and_loses_nothing(world: &World) {
        let (_, risk) = drafted(world);
        let path = format!("/risks/{risk}/edit");
        let owner = world.visitor(&world.controller.id);
        let form = written(&owner.page(&path).form("form#risk"), "name", "Nytt <namn> & så");
        let elsewhere = [
            ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"),
            ("origin", "https://elsewhere.example"), ("origin", "null"),
        ];
        for (name, value) in elsewhere {
            let answer = owner.with(name, value).send_bare(&path, &form).expect(403);
            hold_headers(&answer, "sv");
            assert!(Page::of(&answer).text("main dl").contains("Nytt <namn> & så"), "{name}: {value}");
            assert_eq!(name_of(world, &risk), "Brist på scener", "{name}: {value}");

            let from = owner.with(name, value);
            let csrf = value_of(&form, "_csrf");
            from.send_bare("/sign-out", &pairs(&[("_csrf", &csrf)])).expect(303);
            from.send_bare("/sign-out-everywhere", &pairs(&[("_csrf", &csrf)])).expect(303);
            owner.get("/account").expect(200);
            let signing = pairs(&[("email", Register::ADMIN), ("password", Register::PASSWORD)]);
            let strange = world.passer_by().with(name, value).send_bare("/sign-in", &signing);
            assert!(strange.maybe_header("set-cookie").is_none(), "{name}: {value}");
            let language = world.passer_by().with(name, value).send_bare("/language", &pairs(&[("language", "en")]));
            assert!(language.maybe_header("set-cookie").is_none(), "{name}: {value}");
        }
        // The very same form, from this site.
        owner.send(&path, &form).expect(303);
        assert_eq!(name_of(world, &risk), "Nytt <namn> & så");
    }

    fn a_form_with_a_wrong_mark_does_nothing_and_loses_nothing(world: &World) {
        let (_, risk) = drafted(world);
        let path = format!("/risks/{risk}/edit");
        let owner = world.visitor(&world.controller.id);
        let form = written(&owner.page(&path).form("form#risk"), "name", "Nytt namn");
        let other = world.visitor(&world.controller.id).page(&path).form("form#risk");
        for wrong in ["", "fel", &value_of(&other, "_csrf")] {
            let answer = owner.send(&path, &written(&form, "_csrf", wrong)).expect(403);
            let again = Page::of(&answer).form("form#risk");
            assert_eq!(value_of(&again, "name"), "Nytt namn");
            assert_eq!(name_of(world, &risk), "Brist på scener");
            // What comes back can be sent as it is.
            assert_eq!(value_of(&again, "_csrf"), value_of(&form, "_csrf"));
        }
        let without: Fields = form.iter().filter(|(name, _)| name != "_csrf").cloned().collect();
        owner.send(&path, &without).expect(403);
        owner.send("/sign-out", &pairs(&[("_csrf", "fel")])).expect(303);
        owner.get("/account").expect(200);
        assert_eq!(name_of(world, &risk), "Brist på scener");
    }

    fn signing_out_ends_the_session_also_for_the_old_cookie(world: &World) {
        let one = world.visitor(&world.controller.id);
        let csrf = value_of(&one.page("/account").form("form[action='/sign-out']"), "_csrf");
        let answer = one.send("/sign-out", &pairs(&[("_csrf", &csrf)])).expect(303);
        assert_eq!(answer.header("location"), "/sign-in");
        let taken = answer.header("set-cookie");
        assert!(taken.starts_with("__Host-session=;") && taken.contains("Max-Age=0"), "{taken}");
        assert!(sends_to_sign_in(&one.get("/account")));

        let (two, three) = (world.visitor(&world.controller.id), world.visitor(&world.controller.id));
        let somebody_else = world.visitor(&world.head.id);
        let csrf = value_of(&two.page("/account").form("form[action='/sign-out-everywhere']"), "_csrf");
        world.controller.get("/me").expect(200);
        two.send("/sign-out-everywhere", &pairs(&[("_csrf", &csrf)])).expect(303);
        assert!(sends_to_sign_in(&two.get("/account")));
        assert!(sends_to_sign_in(&three.get("/account")));
        world.controller.get("/me").expect(401);
        somebody_else.get("/account").expect(200);
    }

    fn a_session_of_ones_own_is_ended_on_ones_page(world: &World) {
        let (here, there) = (world.visitor(&world.controller.id), world.visitor(&world.controller.id));
        let page = here.page("/account");
        assert!(page.text("main").contains("Det är här du är nu."));
        // The other browser came last and stands first.
        let answer = here.send("/account", &page.form("form[id^='end-']")).expect(303);
        assert!(answer.header("location").contains("done=endMySession"), "{}", answer.header("location"));
        assert!(sends_to_sign_in(&there.get("/account")));
        here.get("/account").expect(200);
    }

    /// A browser that somebody signs in with anew is signed in once: the older cookie opens nothing any more, also where it
    /// was another's.
    fn signing_in_ends_the_session_that_the_browser_had(world: &World) {
        let (before, elsewhere) = (world.visitor(&world.head.id), world.visitor(&world.head.id));
        before.get("/account").expect(200);
        let fields = [("email", Register::ADMIN), ("password", Register::PASSWORD), ("to", "/account")];
        let answer = before.send("/sign-in", &pairs(&fields)).expect(303);
        let after = world.bearing(&cookie_of(&answer));
        assert!(after.page("/account").text("main").contains(Register::ADMIN));
        assert!(sends_to_sign_in(&before.get("/account")));
        elsewhere.get("/account").expect(200);
    }

    fn what_was_written_outlives_the_session(world: &World) {
        let (_, risk) = drafted(world);
        let someone = world.add("Karin Kvar", &world.board, Some(Role::Controller));
        let writer = world.visitor(&someone);
        let path = format!("/risks/{risk}/edit");
        let form = written(&writer.page(&path).form("form#risk"), "name", "Skrivet & \"sparat\" +1 %20 å");
        // An administrator ends the person's sessions while they write.
        let at = format!("/users/{someone}");
        world.admin.patch_current(&at, json!({"active": false})).expect(200);
        world.admin.patch_current(&at, json!({"active": true})).expect(200);

        let answer = writer.send(&path, &form).expect(401);
        hold_headers(&answer, "sv");
        let page = Page::of(&answer);
        let mut signing = page.form("form[action='/sign-in']");
        assert_eq!(value_of(&signing, "to"), path);
        signing = written(&signing, "email", "karin.kvar@example.org");
        // A wrong password in between loses nothing either.
        let wrong = world.passer_by().send("/sign-in", &written(&signing, "password", "fel")).expect(401);
        signing = written(&Page::of(&wrong).form("form[action='/sign-in']"), "password", Register::PASSWORD);
        let back = world.passer_by().send("/sign-in", &signing).expect(200);
        let page = Page::of(&back);
        assert_eq!(page.attribute("form#risk", "action"), path, "it goes on to where it was written");
        let again = page.form("form#risk");
        assert_eq!(value_of(&again, "name"), "Skrivet & \"sparat\" +1 %20 å");
        assert_eq!(name_of(world, &risk), "Brist på scener", "nothing is saved unseen");
        world.bearing(&cookie_of(&back)).send(&path, &again).expect(303);
        assert_eq!(name_of(world, &risk), "Skrivet & \"sparat\" +1 %20 å");
    }

    fn the_later_of_two_editors_sees_both_texts(world: &World) {
        let (_, risk) = drafted(world);
        let path = format!("/risks/{risk}/edit");
        let (one, other) = (world.visitor(&world.controller.id), world.visitor(&world.risk_owner.id));
        let (first, second) = (one.page(&path).form("form#risk"), other.page(&path).form("form#risk"));
        let first = written(&written(&first, "name", "Den enas namn"), "description", "Den enas text");
        one.send(&path, &first).expect(303);

        let second = written(&second, "name", "Den andras namn");
        let stale = Page::of(&other.send(&path, &second).expect(412));
        assert_eq!(name_of(world, &risk), "Den enas namn");
        assert!(stale.text("form#risk .faults").contains(&texts::say(Language::Sv, "form-stale", &[])));
        assert_eq!(stale.attribute("#risk-name", "value"), "Den andras namn");
        assert!(stale.text("#risk-name-saved").contains("Den enas namn"));
        assert!(stale.text("#risk-description-saved").contains("Den enas text"));
        assert!(stale.all("#risk-category-saved").is_empty(), "what is alike is not told");

        // Choosing: one's own name, the other's text.
        let chosen = written(&stale.form("form#risk"), "description", "Den enas text");
        other.send(&path, &chosen).expect(303);
        let saved = world.controller.get(&format!("/risks/{risk}")).expect(200);
        assert_eq!((saved.text("name"), saved.text("description")), ("Den andras namn".into(), "Den enas text".into()));
    }

    fn a_form_that_is_sent_twice_makes_one_thing(world: &World) {
        let (plan, _) = drafted(world);
        let path = format!("/plans/{plan}/risks/new");
        let controller = world.visitor(&world.controller.id);
        let form = written(&controller.page(&path).form("form#risk"), "name", "En enda risk");
        let (one, two) = (controller.send(&path, &form).expect(303), controller.send(&path, &form).expect(303));
        assert_eq!(one.header("location"), two.header("location"));
        world.named(&plan, "En enda risk");
        // A page that is opened anew makes another.
        let anew = written(&controller.page(&path).form("form#risk"), "name", "En annan risk");
        let three = controller.send(&path, &anew).expect(303);
        assert_ne!(one.header("location"), three.header("location"));
        assert_eq!(world.risks(&plan).len(), 3);
    }

    fn faults_stand_on_top_and_lead_to_their_fields(world: &World) {
        let (plan, _) = drafted(world);
        let path = format!("/plans/{plan}/risks/new");
        let controller = world.visitor(&world.controller.id);
        // What was just done is not told again by what is sent from there.
        let done = controller.page(&format!("{path}?done=createRisk&x=1"));
        assert_eq!(done.text(".notice"), texts::say(Language::Sv, "done-createRisk", &[]));
        assert_eq!(done.attribute("form#risk", "action"), format!("{path}?x=1"));
        let form = done.form("form#risk");
        let form = written(&written(&form, "name", " "), "description", "Beskrivningen står kvar");
        let form = written(&written(&form, "localGoal", &"å".repeat(501)), "secrecy/provision", "18 kap. 8 § OSL");
        let page = Page::of(&controller.send(&path, &form).expect(422));
        let links: Vec<String> = page.all("form#risk .faults a").iter().filter_map(|a| a.attr("href")).map(str::to_owned).collect();
        assert!(links.len() >= 3, "{links:?}");
        for link in &links {
            let field = page.one(&format!("[id='{}']", link.trim_start_matches('#')));
            assert_eq!(field.attr("aria-invalid"), Some("true"), "{link}");
            let described = field.attr("aria-describedby").unwrap_or_default();
            assert!(described.contains("-fault-1"), "{link}: {described}");
            for id in described.split_whitespace() {
                page.one(&format!("[id='{id}']"));
            }
        }
        assert!(links.contains(&"#risk-name".to_owned()), "{links:?}");
        // What to fill in is said by the field's own label, above and at the field; and above all, for who has no scripts.
        assert_eq!(page.text("a[href='#risk-name']"), "Fyll i riskens namn.");
        assert_eq!(page.text("[id='risk-name-fault-1']"), "Fyll i riskens namn.");
        assert_eq!(page.attribute(".fault-above a", "href"), "#risk-faults");
        page.one("[id='risk-faults']");
        let again = page.form("form#risk");
        assert_eq!(value_of(&again, "description"), "Beskrivningen står kvar");
        assert_eq!(value_of(&again, "localGoal").chars().count(), 501);
        assert_eq!(value_of(&again, "secrecy/provision"), "18 kap. 8 § OSL");
        assert!(page.text("title").trim().starts_with(&texts::say(Language::Sv, "form-title-faults", &[])));
        assert_eq!(world.risks(&plan).len(), 1);
    }

    fn what_a_step_still_lacks_leads_to_where_it_is_mended(world: &World) {
        let controller = world.visitor(&world.controller.id);
        let lacks = |who: &Visitor, path: &str, form: &str| -> Vec<String> {
            let page = Page::of(&who.send(path, &controller.page(path).form(form)).expect(409));
            let found = page.all(&format!("{form} .faults a"));
            let each = page.all(&format!("{form} .faults li")).len() - page.all(&format!("{form} .faults details")).len();
            assert_eq!(found.len(), each, "each leads somewhere");
            found.iter().filter_map(|a| a.attr("href")).map(str::to_owned).collect()
        };
        let year = Year::adopted(world);
        let open = lacks(&controller, &format!("/plans/{}/follow-up", year.plan), "form#close-t1");
        assert_eq!(open.len(), 2, "{open:?}");
        for at in &open {
            assert!(at.starts_with("/status/") && at.ends_with("/t1"), "{at}");
            controller.page(at).one("form#status");
        }
        let (plan, risk) = drafted(world);
        let path = format!("/plans/{plan}");
        let told = |who: &Visitor| -> Vec<String> {
            who.page(&path).all(".lacking a").iter().filter_map(|a| a.attr("href")).map(str::to_owned).collect()
        };
        assert!(told(&controller).contains(&format!("{path}/sections/controlEnvironment")), "{:?}", told(&controller));
        for at in told(&controller) {
            controller.page(at.split('#').next().expect("a path"));
        }
        // A head proposes and does not write: the refusal leads where the list on the page does.
        let head = world.visitor(&world.head.id);
        let refused = Page::of(&head.send(&path, &head.page(&path).form("form#propose")).expect(409));
        let led: Vec<String> =
            refused.all("form#propose .faults a").iter().filter_map(|a| a.attr("href")).map(str::to_owned).collect();
        assert!(!led.is_empty() && led == told(&head), "{led:?}");
        // What is alike is told once, with how many there are, and opens to each by its name.
        let page = controller.page(&path);
        let summed = page.text(".lacking details summary");
        let unwritten = page.all(".lacking details a[href*='/sections/']").len();
        assert_eq!(summed, texts::say(Language::Sv, "lack-sections", &[("count", unwritten.into())]));
        assert!(page.text(".lacking details li").starts_with("Avsnittet ”styr- och kontrollmiljö”"));
        assert_eq!(refused.all("form#propose .faults details").len(), page.all(".lacking details").len());
        assert_eq!(lacks(&controller, &path, "form#propose"), told(&controller));
        // Who cannot mend it is not led to where they may not go.
        let auditor = world.visitor(&world.auditor.id);
        assert!(!told(&auditor).is_empty());
        for at in told(&auditor) {
            assert_eq!(at, format!("/risks/{risk}"));
            auditor.page(&at);
        }
    }

    fn a_page_begins_with_the_year_that_has_begun_and_keeps_what_was_asked(world: &World) {
        let (plan, _) = drafted(world);
        world.plan(2090);
        let controller = world.visitor(&world.controller.id);
        let chosen = |page: &Page, name: &str| page.attribute(&format!("select[name={name}] option[selected]"), "value");
        let shown = |page: &Page| page.text("main").contains("Brist på scener");
        for path in ["/risks", "/matrix"] {
            let page = controller.page(path);
            assert!(chosen(&page, "year") == "2025" && shown(&page), "{path}");
        }
        // A cell of the matrix is among the filters, and stays when another is chosen.
        let cell = controller.page("/risks?year=2025&likelihood=3&consequence=4");
        assert_eq!((chosen(&cell, "likelihood"), chosen(&cell, "consequence"), shown(&cell)), ("3".into(), "4".into(), true));
        assert!(!shown(&controller.page("/risks?year=2025&likelihood=2&consequence=4")));
        assert!(controller.page("/risks").all("select[name=likelihood]").is_empty());
        let one = controller.page(&format!("/risks?planId={plan}"));
        assert_eq!((chosen(&one, "planId"), shown(&one)), (plan.clone(), true));
        // The same body in another year, and a year in which it has no plan.
        let later = controller.page(&format!("/matrix?planId={plan}&year=2090"));
        assert!(!shown(&later) && later.text("h2").contains("2090"));
        let year = Year::adopted(world);
        let other = controller.page(&format!("/matrix?planId={}&year=2025", year.plan));
        assert_eq!(chosen(&other, "planId"), plan);
    }

    fn readers_find_what_is_decided_and_no_doors_that_are_shut(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = year.decided("t1");
        let links = |who: &Visitor, path: &str| -> Vec<String> {
            who.page(path).all("a").iter().filter_map(|a| a.attr("href")).map(str::to_owned).collect()
        };
        let reader = world.visitor(&world.reader.id);
        let there = links(&reader, &format!("/plans/{}", year.plan));
        assert!(there.contains(&format!("/reports/{report}")), "{there:?}");
        assert!(!there.contains(&"/follow-up".to_owned()) && !there.contains(&"/history".to_owned()));
        reader.page(&format!("/reports/{report}"));
        let control = reader.page(&format!("/controls/{}", year.always));
        assert!(!control.text("main").contains("Din roll"), "{}", control.text("main"));
        assert!(links(&world.visitor(&world.draft_reader.id), "/plans").contains(&"/history".to_owned()));
        // A performer sees the risks, but not the plan.
        let performer = world.visitor(&world.performer.id);
        let listed = links(&performer, "/risks?year=2024");
        assert!(listed.contains(&format!("/risks/{}", year.risk)), "{listed:?}");
        assert!(!listed.contains(&format!("/plans/{}", year.plan)), "{listed:?}");
    }

    fn whoever_hands_over_is_told_how_much(world: &World) {
        let year = Year::adopted(world);
        let admin = world.visitor(&world.admin_id);
        let path = format!("/users/{}", world.risk_owner.id);
        let page = admin.page(&path);
        assert!(page.text("main").contains("2 risker. "), "{}", page.text("main"));
        let form = written(&page.form("form#hand-over"), "toUserId", &world.head.id);
        let done = Page::of(&admin.send(&path, &form).expect(200));
        assert!(done.text(".notice").contains("2 risker, "), "{}", done.text(".notice"));
        assert!(done.text("main").contains(&texts::say(Language::Sv, "user-answers-none", &[])));
        let risk = world.controller.get(&format!("/risks/{}", year.risk)).expect(200);
        assert_eq!(risk["ownerId"], world.head.id.as_str());
    }

    fn fields_that_must_be_filled_in_say_so(world: &World) {
        let (plan, risk) = drafted(world);
        let controller = world.visitor(&world.controller.id);
        let new = controller.page(&format!("/plans/{plan}/risks/new"));
        assert_eq!(new.attribute("[id='risk-name']", "aria-required"), "true");
        assert_eq!(new.attribute("label[for='risk-name']", "class"), "must");
        assert!(new.one("[id='risk-description']").attr("aria-required").is_none());
        assert!(new.text("form#risk").contains(&texts::say(Language::Sv, "form-marked", &[])));
        // What must be chosen or written in several lines, too.
        let page = controller.page(&format!("/risks/{risk}"));
        assert_eq!(page.attribute("form#assess [role=radiogroup]", "aria-required"), "true");
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let closed = controller.page(&format!("/plans/{}/follow-up", year.plan));
        assert_eq!(closed.attribute("form#reopen-t1 textarea", "aria-required"), "true");
    }

    fn assessments_are_told_from_the_newest_back(world: &World) {
        let (_, risk) = drafted(world);
        for (likelihood, reason) in [(4, "Värre"), (4, "Likadant"), (2, "Bättre")] {
            let form = json!({"likelihood": likelihood, "consequence": 4, "reason": reason});
            world.controller.post(&format!("/risks/{risk}/assessments"), form).expect(201);
        }
        let page = world.visitor(&world.controller.id).page(&format!("/risks/{risk}"));
        let told: Vec<String> = page.all("#assessment ~ ul.plain > li").iter().map(|one| one.text().collect()).collect();
        let says = [
            ("Sannolikhet 4 → 2. Riskvärde 16 → 8.", "Bättre"), ("Bedömningen står fast.", "Likadant"),
            ("Sannolikhet 3 → 4. Riskvärde 12 → 16.", "Värre"), ("Sannolikhet 3, konsekvens 4. Riskvärde 12.", ""),
        ];
        assert_eq!(told.len(), says.len());
        for (one, (change, reason)) in told.iter().zip(says) {
            let one = one.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(one.contains(change) && one.contains(reason), "{one} does not say: {change} {reason}");
        }
    }

    fn every_page_has_its_headers(world: &World) {
        let filled = Filled::of(world);
        let everyone = everyone(world);
        for (template, path) in filled.pages() {
            let (_, sees) = who_sees(&everyone, template);
            hold_headers(&sees.get(&path).expect(200), "sv");
            hold_headers(&sees.with("accept-language", "en").get(&path).expect(200), "en");
        }
        for path in ["/sign-in", "/password-reset", "/help", "/help/assess", "/accessibility"] {
            hold_headers(&world.passer_by().get(path).expect(200), "sv");
            hold_headers(&world.passer_by().with("accept-language", "en-GB,en;q=0.9").get(path).expect(200), "en");
        }
        // A choice outlives what the browser asks for.
        let chosen = world.passer_by().send("/language", &pairs(&[("language", "en"), ("to", "/help")])).expect(303);
        let set = chosen.header("set-cookie");
        assert!(set.starts_with("__Host-language=en;") && set.contains("Secure"), "{set}");
        let english = world.passer_by().with("cookie", "__Host-language=en").with("accept-language", "sv");
        hold_headers(&english.get("/help").expect(200), "en");
    }

    fn no_address_leads_off_the_site(reg: &Register) {
        let outside = [
            "//evil.example", "///evil.example", "https://evil.example", "HTTPS:evil.example", "/\\evil.example",
            "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example",
            " //evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "", "@evil.example",
            "/\u{0}/evil.example", "/\u{7f}/evil.example", "?x", "#x", ".", "/..//evil.example", "/.//evil.example",
        ];
        let here = url::Url::parse("https://register.example/sign-in").expect("an address");
        for to in outside {
            let leads = |answer: Answer| {
                let location = answer.expect(303).header("location").to_owned();
                let at = here.join(&location).unwrap_or_else(|fault| panic!("{to:?}: {location}: {fault}"));
                assert_eq!(at.origin(), here.origin(), "{to:?} leads to {at}");
            };
            leads(reg.passer_by().send("/language", &pairs(&[("language", "en"), ("to", to)])));
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("to", to).finish();
            let page = Page::of(&reg.passer_by().get(&format!("/sign-in?{query}")).expect(200));
            let shown = page.attribute("input[name=to]", "value");
            assert!(here.join(&shown).is_ok_and(|at| at.origin() == here.origin()), "{to:?}: {shown}");
            // What a form says of where to go on to.
            let visitor = reg.visitor(&reg.admin_id);
            let form = visitor.page("/account").form("form#password");
            leads(visitor.send("/account", &written(&written(&form, "_act", "signOut"), "_to", to)));
            assert!(sends_to_sign_in(&visitor.get("/account")), "the form was done");
        }
        // Signing in itself costs its time: once for what is refused, once for what is not ASCII.
        assert_eq!(reg.signs_in(Register::ADMIN, "/\t/evil.example").expect(303).header("location"), "/");
        let there = reg.signs_in(Register::ADMIN, "/risks?q=å").expect(303).header("location").to_owned();
        assert_eq!(there, "/risks?q=%C3%A5");
    }

    fn unknown_paths_are_a_page_for_people(world: &World) {
        let controller = world.visitor(&world.controller.id);
        for path in ["/nowhere", "/risks/none/of/these", "/assets/nothing.css", "/risks/", "/%00", "/..%2f..%2fetc"] {
            for visitor in [&world.passer_by(), &controller] {
                let answer = visitor.get(path).expect(404);
                hold_headers(&answer, "sv");
                assert_eq!(Page::of(&answer).attribute("main a", "href"), "/");
            }
            // Who is signed in goes on from there as from anywhere.
            let menu = |visitor: &Visitor| Page::of(&visitor.get(path)).all("nav.main a").len();
            assert!(menu(&controller) > 3 && menu(&world.passer_by()) == 0, "{path}");
        }
        for path in ["/risks/none", "/plans/1", "/controls/0", "/files/nothing"] {
            hold_headers(&controller.get(path).expect(404), "sv");
        }
        // A program is told as programs are.
        let program = world.as_nobody().send_outside("GET", "/nowhere", None).expect(404);
        assert_eq!(program.header("content-type"), "application/problem+json");
    }

    fn what_one_may_not_see_is_not_there(world: &World) {
        let (plan, risk) = drafted(world);
        let (control, action) = (world.control(&risk, "Räkna scenerna"), world.action(&risk, "Bygg en scen"));
        let paths = [
            format!("/plans/{plan}"), format!("/plans/{plan}/comparison"), format!("/plans/{plan}/risks/new"),
            format!("/plans/{plan}/sections/background"), format!("/risks/{risk}"), format!("/risks/{risk}/edit"),
            format!("/risks/{risk}/controls/new"), format!("/risks/{risk}/actions/new"), format!("/controls/{control}"),
            format!("/actions/{action}"), format!("/files/plans/{plan}/document?accept=application%2Fpdf"),
        ];
        let (stranger, reader) = (world.visitor(&world.stranger.id), world.visitor(&world.reader.id));
        for path in &paths {
            assert!(sends_to_sign_in(&world.passer_by().get(path)), "{path}");
            hold_headers(&stranger.get(path).expect(404), "sv");
            hold_headers(&reader.get(path).expect(404), "sv");
            world.visitor(&world.controller.id).get(path).expect(200);
        }
        let listed = |visitor: &Visitor, path: &str| visitor.page(path).text("main").contains("Brist på scener");
        for path in ["/risks", "/matrix", "/plans", "/tasks"] {
            assert!(!listed(&stranger, path) && !listed(&reader, path), "{path}");
        }
        assert!(listed(&world.visitor(&world.controller.id), "/risks"));
    }

    fn risks_are_filtered_by_owner_and_by_their_plans_status(world: &World) {
        let (_, risk) = drafted(world);
        let (owner, controller) = (&world.risk_owner, &world.controller);
        let page = |who: &str, asked: &str| world.visitor(who).page(&format!("/risks?{asked}"));
        let names = |page: &Page| -> Vec<String> {
            page.all("select[name=ownerId] option").iter().map(|one| one.text().collect()).collect()
        };
        let chosen = |page: &Page, name: &str| page.attribute(&format!("select[name={name}] option[selected]"), "value");
        let shown = |page: &Page| page.text("main").contains("Brist på scener");

        let all = page(&controller.id, "");
        assert_eq!(names(&all), ["Alla", "Rut Ägare"]);
        assert!(shown(&all));
        let mine = page(&owner.id, &format!("ownerId={}", owner.id));
        assert_eq!((names(&mine).len(), chosen(&mine, "ownerId")), (2, owner.id.clone()));
        assert!(shown(&mine));
        // The choice stays in the addresses that the page leads to.
        let to = mine.attribute("thead a", "href");
        assert!(to.contains(&format!("ownerId={}", owner.id)), "{to}");

        for (status, there) in [("draft", true), ("adopted", false)] {
            let found = page(&controller.id, &format!("status={status}"));
            assert_eq!((chosen(&found, "status").as_str(), shown(&found)), (status, there));
        }
        // Who owns nothing that is shown is chosen all the same, and named to who may know.
        let other_year = page(&controller.id, &format!("year=2024&ownerId={}", owner.id));
        assert_eq!((names(&other_year), shown(&other_year)), (vec!["Alla".into(), "Rut Ägare".into()], false));
        let myself = page(&controller.id, &format!("ownerId={}", controller.id));
        assert_eq!(names(&myself), ["Alla", "Rut Ägare", "Carl Controller"]);
        // The list of owners tells nobody of a risk that the list does not show.
        for who in [&world.reader.id, &world.stranger.id] {
            assert_eq!(names(&page(who, "")), ["Alla"]);
            let asked = page(who, &format!("ownerId={}", owner.id));
            assert_eq!(names(&asked), ["Alla", "Någon annan"]);
            assert_eq!(chosen(&asked, "ownerId"), owner.id);
        }
        world.controller.patch_current(&format!("/risks/{risk}"), json!({"ownerId": null})).expect(200);
        assert_eq!(names(&page(&controller.id, "")), ["Alla"]);
    }

    fn every_role_can_ask_for_every_page(world: &World) {
        let filled = Filled::of(world);
        let everyone = everyone(world);
        let now = riskregister::storage::Timestamp::now();
        for (template, path) in filled.pages() {
            for (role, visitor) in &everyone {
                let status = visitor.get(&path).status;
                assert!(matches!(status, 200 | 403 | 404), "{role} gets {status} for {template}");
                let nonsense = visitor.get(&format!("{path}?year=-2147483648&page=-1&sort=y&ownerId=z&planId=w&level=v&done=u&with=t&asOf=s&kind=r"));
                assert!(matches!(nonsense.status, 200 | 403 | 404), "{role} gets {} for {template} asked nonsense", nonsense.status);
            }
            // What nobody got would not be tried at all.
            let (role, sees) = who_sees(&everyone, template);
            assert_eq!(sees.get(&path).status, 200, "the {role} sees {template}");
            let past = sees.get(&format!("{path}?asOf={now}"));
            assert_eq!(past.status, 200, "{template} as of a while ago");
            hold_headers(&past, "sv");
            let past = Page::of(&past);
            for button in past.all("main form:has(input[name=_act]) button") {
                let within: Vec<_> = button.ancestors().filter_map(ElementRef::wrap).collect();
                let off = within.iter().any(|e| e.value().name() == "fieldset" && e.attr("disabled").is_some());
                assert!(off, "{template} can be written on in the past: {}", button.html());
            }
        }
    }
}

/// The accessibility statement tells where the operator is reached, to everyone; and whom to turn to otherwise.
#[test]
fn the_statement_tells_whom_to_contact() {
    let told = |contact: Option<&str>, language: &str| {
        let settings = [("RISKREGISTER_SECRET", "x".repeat(32)), ("RISKREGISTER_SIGNING_KEY", signing_key().text())];
        let mut settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        settings.extend(contact.map(|contact| ("RISKREGISTER_CONTACT", contact)));
        settings.extend(contact.map(|_| ("RISKREGISTER_OPERATOR", "Region Exempel")));
        settings.extend(contact.map(|_| ("RISKREGISTER_STATEMENT_ASSESSED", "2026-03-31")));
        let checked = Settings::of(&settings).check().expect("no faults");
        let reg = Register::start(Databases::Sqlite, |config| {
            config.contact = checked.contact;
            config.statement = checked.statement;
        });
        let pages = [reg.passer_by(), reg.visitor(&reg.admin_id)]
            .map(|visitor| visitor.with("accept-language", language).page("/accessibility"));
        let links = |page: &Page| -> Vec<(String, String)> {
            let link = |a: &ElementRef| (a.attr("href").unwrap_or_default().to_owned(), a.text().collect());
            // The supervisor's own form is there in any case.
            let (supervisor, others): (Vec<_>, Vec<_>) =
                page.all("main a").iter().map(link).partition(|(to, _)| to == "https://www.digg.se/tdosanmalan");
            assert_eq!(supervisor.len(), 1);
            others
        };
        let [outside, inside] = pages.map(|page| (page.text("main"), links(&page)));
        assert_eq!(outside, inside, "it says the same to who is signed in");
        outside
    };
    for (word, language) in [("sv", Language::Sv), ("en", Language::En)] {
        let (otherwise, at) = ("a11y-tell-about", "a11y-tell-contact");
        let says = |text: &str, key: &str| text.contains(&texts::say(language, key, &[]));
        let (text, links) = told(None, word);
        assert!(says(&text, otherwise) && !says(&text, at) && links.is_empty(), "{text}");
        // Whose it is and when it was assessed only the operator knows.
        let unsaid = ["a11y-operator-unsaid", "a11y-assessed-unsaid", "a11y-updated-unsaid"];
        assert!(says(&text, "a11y-partly") && unsaid.iter().all(|key| says(&text, key)), "{text}");
        for (contact, link) in [
            ("tillganglighet@region.example", "mailto:tillganglighet@region.example"),
            ("https://region.example/kontakt?a=1&b=2", "https://region.example/kontakt?a=1&b=2"),
        ] {
            let (text, links) = told(Some(contact), word);
            assert!(says(&text, at) && !says(&text, otherwise), "{text}");
            assert!(text.contains("Region Exempel") && text.contains("2026") && says(&text, "a11y-updated-unsaid"));
            assert_eq!(links, [(link.to_owned(), contact.to_owned())]);
        }
    }
}

/// A list of more people than anybody reads asks for the organisation first, and is short.
#[test]
fn the_list_of_owners_is_never_long() {
    let world = World::on(Databases::Sqlite);
    let (plan, _) = drafted(&world);
    for number in 0..100 {
        let owner = world.add(&format!("Ägare {number}"), &world.board, Some(Role::RiskOwner));
        let form = json!({"name": format!("Risk {number}"), "ownerId": owner});
        world.controller.post(&format!("/plans/{plan}/risks"), form).expect(201);
    }
    let page = world.visitor(&world.controller.id).page(&format!("/risks?ownerId={}", world.risk_owner.id));
    let options: Vec<String> = page.all("select[name=ownerId] option").iter().map(|one| one.text().collect()).collect();
    assert_eq!(options, [texts::say(Language::Sv, "owners-many", &[]), "Rut Ägare".into()]);
    assert!(page.text("main").contains("Brist på scener"));
}

/// The keys of a language, each with what is put into its text.
fn keys(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for file in files {
        let resource = fluent_syntax::parser::parse(*file).unwrap_or_else(|(_, faults)| panic!("{faults:?}"));
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let mut put_in = BTreeSet::new();
                    let text = message.value.unwrap_or_else(|| panic!("{} says nothing", message.id.name));
                    variables(&text, &mut put_in);
                    let twice = all.insert(message.id.name.to_owned(), put_in);
                    assert!(twice.is_none(), "{} stands twice", message.id.name);
                }
                Entry::Junk { content } => panic!("cannot be read: {content}"),
                _ => {}
            }
        }
    }
    all
}

/// What is put into every text about a scale.
const AXES: [&str; 4] = ["down", "across", "down-in", "across-in"];

fn variables(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                variants.iter().for_each(|variant| variables(&variant.value, found));
                selector
            }
        };
        match inline {
            // What is there for every text says nothing of what is put into this one.
            InlineExpression::VariableReference { id } => {
                let always = texts::Called::names().any(|name| name == id.name) || AXES.contains(&id.name);
                found.extend((!always).then(|| id.name.to_owned()));
            }
            other => panic!("a text of the pages holds nothing but variables: {other:?}"),
        }
    }
}

/// The source of the pages, templates and code.
fn sources() -> Vec<(String, String)> {
    fn read(directory: &Path, all: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
                let text = std::fs::read_to_string(&path).expect("a source in UTF-8");
                all.push((path.display().to_string(), text));
            }
        }
    }
    let mut all = Vec::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web")), &mut all);
    assert!(all.len() > 20, "the pages have sources");
    all
}

/// The arguments of each call of `name`, as they are written.
fn calls(source: &str, name: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (at, _) in source.match_indices(name) {
        let (mut depth, mut in_text, mut arguments, mut one) = (0, false, Vec::new(), String::new());
        for c in source[at + name.len()..].chars() {
            match c {
                '"' => in_text = !in_text,
                '(' | '[' | '{' if !in_text => depth += 1,
                ')' | ']' | '}' if !in_text && depth == 0 => break,
                ')' | ']' | '}' if !in_text => depth -= 1,
                ',' if !in_text && depth == 0 => {
                    arguments.push(std::mem::take(&mut one).trim().to_owned());
                    continue;
                }
                _ => {}
            }
            one.push(c);
        }
        arguments.push(one.trim().to_owned());
        all.push(arguments);
    }
    all
}

fn literal(argument: Option<&String>) -> Option<String> {
    let text = argument?.strip_prefix('"')?.strip_suffix('"')?;
    (!text.contains('"')).then(|| text.to_owned())
}

#[test]
fn both_languages_say_the_same_things() {
    let (swedish, english) = (keys(texts::SV), keys(texts::EN));
    assert_eq!(swedish, english, "the same keys, and the same put into each text");
    assert!(swedish.len() > 200, "{}", swedish.len());
}

#[test]
fn every_text_that_is_asked_for_is_there_and_every_text_is_asked_for() {
    let there = keys(texts::SV);
    let sources = sources();
    let mut asked = BTreeSet::new();
    for (file, source) in &sources {
        for (name, places) in [(".say(", &[][..]), (".say_with(", &[1]), (".say_two(", &[1, 3]), (".count(", &[])] {
            for given in calls(source, name) {
                let Some(key) = literal(given.first()) else { continue };
                let text = there.get(&key).unwrap_or_else(|| panic!("{file} asks for {key}, which is no text"));
                let mut put_in: BTreeSet<String> = places.iter().filter_map(|at| literal(given.get(*at))).collect();
                put_in.extend((name == ".count(").then(|| "count".to_owned()));
                assert_eq!(*text, put_in, "{file} puts these into {key}");
                asked.insert(key);
            }
        }
        for given in calls(source, ".say_of(") {
            let Some(key) = literal(given.first()) else { continue };
            let text = there.get(&key).unwrap_or_else(|| panic!("{file} asks for {key}, which is no text"));
            let put_in = given[2].split('"').skip(1).step_by(2).map(str::to_owned).collect();
            assert_eq!(*text, put_in, "{file} puts these into {key}");
            asked.insert(key);
        }
        for given in calls(source, "texts::say(") {
            let Some(key) = literal(given.get(1)) else { continue };
            assert!(there.contains_key(&key), "{file} asks for {key}, which is no text");
            asked.insert(key);
        }
        // Keys that stand in a table or a condition.
        for (n, text) in source.split('"').enumerate() {
            if n % 2 == 1 && there.contains_key(text) {
                asked.insert(text.to_owned());
            }
        }
    }
    // Keys that are put together.
    let mut made: Vec<String> = Role::ALL.iter().map(|role| format!("help-role-{role}")).collect();
    made.extend(ControlStatus::ALL.iter().map(|value| format!("guide-control-{value}")));
    made.extend(ActionStatus::ALL.iter().map(|value| format!("guide-action-{value}")));
    made.extend(ActionEffect::ALL.iter().map(|value| format!("guide-effect-{value}")));
    for (job, steps) in
        [("report", 5), ("assess", 5), ("plan", 6), ("follow-up", 6), ("read", 4), ("audit", 4), ("issue", 5)]
    {
        made.extend(["title", "lead"].map(|what| format!("help-{job}-{what}")));
        made.extend((1..=steps).map(|step| format!("help-{job}-{step}")));
    }
    made.extend(["full", "public"].map(|version| format!("version-{version}")));
    for key in made {
        assert!(there.contains_key(&key), "{key} is no text");
        asked.insert(key);
    }
    // What has just been done, by the operation that did it.
    let operations: BTreeSet<String> = contract()
        .operations()
        .iter()
        .filter_map(|(_, _, operation)| operation["operationId"].as_str().map(str::to_owned))
        .collect();
    for key in there.keys() {
        if let Some(done) = key.strip_prefix("done-") {
            assert!(operations.contains(done), "{key} tells of no operation");
            asked.insert(key.clone());
        }
    }
    // What the history tells of by the word of a thing or a field.
    let told = |key: &str| ["thing-", "field-", "told-"].iter().any(|kind| key.starts_with(kind));
    let idle: Vec<&String> = there.keys().filter(|key| !asked.contains(*key) && !told(key)).collect();
    assert!(idle.is_empty(), "nobody asks for {idle:?}");
}

both! {
    fn the_scales_mean_what_the_documents_say(world: &World) {
        let year = Year::adopted(world);
        year.report_all("t1");
        year.close("t1").expect(200);
        let report = format!("/reports/{}", year.report("t1"));
        let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        let file = world.controller.with("accept", sheet).get(&format!("{report}/document")).expect(200);
        let printed = office::text(&file.body);
        let help = world.visitor(&world.reader.id).page("/help");
        let shown: Vec<String> = help.all("main td").iter().map(|cell| cell.text().collect()).collect();
        assert_eq!(shown.len(), ControlStatus::ALL.len() + ActionStatus::ALL.len() + ActionEffect::ALL.len());
        for meaning in shown {
            assert!(printed.contains(&meaning), "the documents do not say: {meaning}");
        }
    }
}

both! {
    fn an_organisation_is_made_renamed_moved_and_ended(world: &World) {
        let admin = world.visitor(&world.admin_id);
        let tree = |visitor: &Visitor, path: &str| -> Vec<String> {
            visitor.page(path).all("ul.tree a").iter().map(|one| one.text().collect()).collect()
        };
        let reader = world.visitor(&world.reader.id);
        assert_eq!(tree(&reader, "/organisations").len(), tree(&admin, "/organisations").len());
        assert!(reader.page("/organisations").all("main form").is_empty());
        assert!(reader.page(&format!("/organisations/{}", world.board)).all("main form").is_empty());

        let page = admin.page("/organisations");
        // Each stands below its own: the unit in the division in the board.
        assert!(!page.all("ul.tree ul.tree ul.tree ul.tree").is_empty(), "{:?}", page.text("main"));
        let form = page.form("form#organisation");
        let nameless = Page::of(&admin.send("/organisations", &form).expect(422));
        let told = nameless.text("form#organisation .faults");
        for field in ["Fyll i namn.", "Välj typ av organisation."] {
            assert!(told.contains(field), "{field} in {told}");
        }
        // Nothing is chosen that nobody chose.
        let form = written(&written(&form, "name", "Dansen"), "kind", "unit");
        let homeless = Page::of(&admin.send("/organisations", &form).expect(422));
        assert_eq!(homeless.attribute("#organisation-parentId", "aria-invalid"), "true");
        let form = written(&form, "parentId", &world.division);
        let made = admin.send("/organisations", &form).expect(303);
        let at = made.header("location").split('?').next().expect("a path").to_owned();
        let id = at.trim_start_matches("/organisations/").to_owned();
        let read = || world.admin.get(&at).expect(200);
        assert_eq!((read().text("name"), read().text("parentId")), ("Dansen".into(), world.division.clone()));
        assert!(tree(&admin, "/organisations").contains(&"Dansen".to_owned()));

        let renamed = written(&admin.page(&at).form("form#organisation"), "name", "Dans och cirkus");
        admin.send(&at, &renamed).expect(303);
        let shown = admin.page(&at);
        assert!(shown.text("h1").contains("Dans och cirkus"));
        // Not below itself, nor where it is not.
        let places: Vec<&str> = shown.all("#move-parentId option").iter().filter_map(|one| one.attr("value")).collect();
        assert!(places.contains(&world.board.as_str()) && !places.contains(&id.as_str()), "{places:?}");
        admin.send(&at, &written(&shown.form("form#move"), "parentId", &world.board)).expect(303);
        assert_eq!(read().text("parentId"), world.board);
        assert_eq!(read().text("name"), "Dans och cirkus", "a move is no more than that");

        let shown = admin.page(&at);
        let wrong = written(&shown.form("form#end"), "validTo", "1999-01-01");
        let wrong = Page::of(&admin.send(&at, &wrong).expect(422));
        assert_eq!(wrong.attribute("#end-validTo", "value"), "1999-01-01");
        let yesterday = (chrono::Utc::now() - chrono::Days::new(2)).format("%F").to_string();
        let form = json!({"validFrom": "2020-01-01"});
        world.admin.patch_current(&at, form).expect(200);
        let end = written(&written(&admin.page(&at).form("form#end"), "validTo", &yesterday), "successorId", &world.unit);
        admin.send(&at, &end).expect(303);
        assert_eq!((read().text("validTo"), read().text("successorId")), (yesterday, world.unit.clone()));
        assert!(!tree(&admin, "/organisations").contains(&"Dans och cirkus".to_owned()));
        assert!(tree(&admin, "/organisations?ended=true").contains(&"Dans och cirkus".to_owned()));
        // The region itself neither moves nor ends.
        let root = admin.page(&format!("/organisations/{}", world.root));
        assert!(root.all("form#move").is_empty() && root.all("form#end").is_empty() && !root.all("form#organisation").is_empty());
    }
}
