//! Who comes in for the first time, or has forgotten how: the page for signing in, passwords by letter, and a new person with
//! roles and an invitation in one form.

use std::ops::Deref;

use riskregister::auth::{Oidc, OidcClient};
use riskregister::authorities::Authorities;
use riskregister::config::Mail;
use riskregister::domain::words::Language;
use riskregister::storage::queries::PasswordLink;
use riskregister::storage::{Id, Origin, Timestamp};
use riskregister::web::texts;
use serde_json::json;

use crate::kit::plans::at_once;
use crate::kit::smtp::{MailServer, Received};
use crate::kit::tls::Front;
use crate::kit::visitor::{Fields, Page, written};
use crate::kit::{Answer, Databases, Register, Start, World, both};
use crate::reminders::Posting;

const NEW: &str = "en helt annan lösenordsfras";

/// The token of a link by which somebody chooses a password, made past the letter; it holds for so many seconds.
pub fn link_to(reg: &Register, user: &str, seconds: i64) -> String {
    let now = Timestamp::now();
    let link = PasswordLink {
        id: Id::new(),
        user_id: user.parse().expect("an id"),
        invited_by_id: None,
        created_at: now.plus_seconds(-3600),
        expires_at: now.plus_seconds(seconds),
    };
    reg.db.write(&Origin::operator(), |w| w.keep_link(link)).expect("a link can be kept");
    reg.keys.password_link(link.id, 3600).expect("a link can be signed")
}

fn choose(reg: &Register, token: &str, password: &str) -> Answer {
    reg.as_nobody().post("/password-resets/completion", json!({"token": token, "newPassword": password}))
}

pub fn sign_in(reg: &Register, email: &str, password: &str) -> Answer {
    reg.as_nobody().post("/sessions", json!({"email": email, "password": password}))
}

fn forgot(reg: &Register, email: &str) -> Answer {
    reg.as_nobody().post("/password-resets", json!({"email": email}))
}

/// Where the link of a letter leads on this site.
#[track_caller]
fn link_in(letter: &Received) -> String {
    let text = letter.text();
    let at = text.lines().find_map(|line| line.strip_prefix("https://risk.example.org/password-reset/"));
    format!("/password-reset/{}", at.unwrap_or_else(|| panic!("no link in {text}")))
}

fn token_in(letter: &Received) -> String {
    link_in(letter).rsplit('/').next().expect("a token").to_owned()
}

/// How often this has happened in the region's log.
pub fn happened(reg: &Register, kind: &str) -> usize {
    reg.admin.get(&format!("/logs/{}/events?limit=200&kind={kind}", reg.root)).expect(200).items().len()
}

/// What a page of a log tells of.
fn kinds(log: &Answer) -> Vec<&str> {
    log.items().iter().filter_map(|item| item["event"]["kind"].as_str()).collect()
}

fn pairs(fields: &[(&str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

pub fn says(key: &str) -> String {
    texts::say(Language::Sv, key, &[])
}

/// An issuer that people can sign in at, and that nobody asks anything.
pub fn issuer() -> Oidc {
    Oidc {
        issuer: "https://issuer.example.org".into(),
        audience: "riskregister".into(),
        claim: "sub".into(),
        demanded: Default::default(),
        jwks_url: None,
        authorities: Default::default(),
        client: Some(OidcClient { id: "riskregister".into(), secret: None }),
    }
}

/// A world that sends mail, whose people can sign in at an issuer.
struct Issuing(Posting);

impl Deref for Issuing {
    type Target = Posting;
    fn deref(&self) -> &Posting {
        &self.0
    }
}

impl Start for Issuing {
    fn on(databases: Databases) -> Self {
        Self(Posting::with(databases, |config| {
            config.oidc = Some(issuer());
        }))
    }
}

both! {
    fn the_page_for_signing_in_says_what_this_is_and_whom_to_ask(world: &World) {
        let page = world.passer_by().page("/sign-in");
        let text = page.text("main");
        assert!(text.contains("Region Exempel står bakom registret."), "{text}");
        assert!(text.contains("Riskregister är regionens register"), "{text}");
        assert!(text.contains(&says("sign-in-ask")), "{text}");
        assert!(page.all("main a[href='/help']").len() == 1 && page.all("footer a[href='/accessibility']").len() == 1);
        // Without letters a forgotten password is a matter of whom one asks.
        assert!(page.all("a[href='/password-reset']").is_empty());
        assert!(world.passer_by().page("/password-reset").text("main").contains(&says("forgotten-off")));
        forgot(world, &world.reader.email).refused(409, "mailNotConfigured");
        // Nothing of what only those see who are signed in.
        for name in ["Kulturnämnden", "Carl Controller", "Scenkonst"] {
            assert!(!text.contains(name), "{name} in {text}");
        }
    }

    fn who_has_forgotten_the_password_chooses_another(p: &Posting) {
        let passer = p.passer_by();
        assert_eq!(passer.page("/sign-in").all("main a[href='/password-reset']").len(), 1);
        assert!(!passer.page("/password-reset").text("main").contains(&says("forgotten-off")));
        let form = passer.page("/password-reset").form("form[action='/password-reset']");
        let asked = passer.send("/password-reset", &written(&form, "email", " ADMIN@example.org ")).expect(303);
        assert_eq!(asked.header("location"), "/password-reset?sent=1");
        assert!(passer.page("/password-reset?sent=1").text("main").contains(&says("forgotten-asked")));
        let empty = passer.send("/password-reset", &written(&form, "email", " ")).expect(422);
        assert_eq!(Page::of(&empty).text(".faults").trim(), says("forgotten-empty"));

        let letter = p.wait_for(1).remove(0);
        assert_eq!(letter.to, [Register::ADMIN]);
        assert_eq!(letter.subject(), "Riskregistret: välj ett nytt lösenord");
        assert!(letter.text().contains("Region Exempel") && letter.html().contains("<html lang=\"sv\">"), "{}", letter.text());
        let link = link_in(&letter);

        // Following it changes nothing, however often.
        let before = p.admin.get("/me").expect(200);
        for _ in 0..2 {
            let page = passer.page(&link);
            assert!(page.text("main").contains(Register::ADMIN));
            assert_eq!(page.attribute("#password", "autocomplete"), "new-password");
        }
        assert_eq!(p.admin.get("/me").expect(200).json, before.json);
        let post = |password: &str| passer.send(&link, &pairs(&[("newPassword", password)]));
        for (bad, told) in [("kort", "12"), ("min admin@example.org är hemlig", "e-postadressen"), ("", "12")] {
            let page = Page::of(&post(bad).expect(422));
            assert!(page.text(".faults").contains(told), "{bad}: {}", page.text(".faults"));
        }
        p.admin.get("/me").expect(200);
        let from_elsewhere = passer.with("sec-fetch-site", "cross-site").send_bare(&link, &pairs(&[("newPassword", NEW)]));
        from_elsewhere.expect(303);
        p.admin.get("/me").expect(200);

        let done = post(NEW).expect(303);
        assert_eq!(done.header("location"), "/sign-in?done=completePasswordReset");
        assert!(passer.page("/sign-in?done=completePasswordReset").text(".notice").contains(&says("done-completePasswordReset")));
        p.admin.get("/me").expect(401);
        sign_in(p, Register::ADMIN, Register::PASSWORD).expect(401);
        let tokens = sign_in(p, Register::ADMIN, NEW).expect(201);

        // Once.
        let again = Page::of(&post("en tredje lösenordsfras").expect(404));
        assert!(again.text("main").contains(&says("choose-over-about")), "{}", again.text("main"));
        assert_eq!(again.all("main a[href='/password-reset']").len(), 1, "with the way on");
        Page::of(&passer.get(&link).expect(404));
        choose(p, &token_in(&letter), "en tredje lösenordsfras").refused(422, "linkNotValid");
        sign_in(p, Register::ADMIN, NEW).expect(201);

        // It was told: to the person, and in the history, and nowhere what the link was.
        let letters = p.wait_for(2);
        assert_eq!((letters[1].subject().as_str(), &letters[1].to), ("Riskregistret: ditt lösenord är bytt", &letter.to));
        let admin = p.as_user(&tokens.text("accessToken"));
        let log = admin.get(&format!("/logs/{}/events?limit=200", p.root)).expect(200);
        let kinds = kinds(&log);
        assert!(kinds.contains(&"user.passwordForgotten") && kinds.contains(&"user.passwordChanged"), "{kinds:?}");
        let mails = admin.get("/mails?kind=passwordLink").expect(200);
        assert_eq!(mails.items().len(), 1);
        let token = token_in(&letter);
        assert!(!log.json.to_string().contains(&token) && !mails.json.to_string().contains(&token));
        let page = p.visitor(&p.admin_id).page("/letters").html.html();
        assert!(page.contains("Glömt lösenord") && !page.contains(&token));
    }

    /// Known, unknown, closed and of another's sign-in: the same bytes, and letters to those alone who can use them.
    fn nobody_learns_who_has_an_account(p: &Issuing) {
        let issued = json!({"organisationId": p.board, "name": "Isa Utfärdad", "email": "isa@example.org", "subject": "isa"});
        p.admin.post("/users", issued).expect(201);
        p.admin.patch_current(&format!("/users/{}", p.stranger.id), json!({"active": false})).expect(200);
        let all = ["ingen@example.org", p.stranger.email.as_str(), "isa@example.org", "inte en adress", p.reader.email.as_str()];
        let answers = all.map(|email| {
            let answer = forgot(p, email).expect(204);
            // When it was, and which request.
            let own = ["date", "x-request-id", "traceparent"];
            let headers = answer.headers.iter().filter(|(name, _)| !own.contains(&name.as_str()));
            let headers: Vec<_> = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
            let page = p.passer_by().send("/password-reset", &pairs(&[("email", email)])).expect(303);
            (headers, answer.body.clone(), page.header("location").to_owned(), page.body.clone())
        });
        for (one, email) in answers.iter().zip(all) {
            assert_eq!(one, &answers[0], "{email}");
        }
        // What is left behind an answer is written in order: the reader's is the last.
        let letters = p.wait_for(1);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].to, [p.reader.email.as_str()]);
        assert_eq!(happened(p, "user.passwordForgotten"), 1);
    }

    fn nobodys_mailbox_is_flooded(p: &Posting) {
        for _ in 0..5 {
            forgot(p, &p.reader.email).expect(204);
        }
        forgot(p, &p.performer.email).expect(204);
        let letters = p.wait_for(2);
        let to: Vec<&str> = letters.iter().flat_map(|l| &l.to).map(String::as_str).collect();
        assert_eq!(to, [p.reader.email.as_str(), p.performer.email.as_str()], "one in ten minutes");
        // It is the person's last wish that counts: a password chosen otherwise ends the link.
        p.admin.post_nothing(&format!("/users/{}/one-time-password", p.reader.id)).expect(201);
        choose(p, &token_in(&letters[0]), NEW).refused(422, "linkNotValid");
        choose(p, &token_in(&letters[1]), NEW).expect(204);
    }

    fn a_link_holds_for_whom_when_and_where_it_was_sent(p: &Posting) {
        let person = |name: &str| p.person(name, &p.board).id;
        let refused = |token: &str| choose(p, token, NEW).refused(422, "linkNotValid");
        // Too old, made up, and of another use.
        let late = person("Lena Sen");
        refused(&link_to(p, &late, -1));
        refused(&p.keys.password_link(Id::new(), 3600).expect("a token"));
        refused(&p.keys.unsubscribe(late.parse().expect("an id")).expect("a token"));
        refused(&p.token(&late));
        refused("nonsens");
        assert_eq!(p.passer_by().get("/password-reset/nonsens").status, 404);
        let good = link_to(p, &late, 3600);
        refused(&good[..good.len() - 3]);
        // It opens nothing else.
        p.as_user(&good).get("/me").expect(401);
        assert_eq!(p.passer_by().get(&format!("/unsubscribe/{good}")).status, 404);
        // Nor does it hold when the account is closed, or has another address.
        let (closed, moved) = (person("Klas Stängd"), person("Maja Flyttad"));
        let (of_closed, of_moved) = (link_to(p, &closed, 3600), link_to(p, &moved, 3600));
        p.admin.patch_current(&format!("/users/{closed}"), json!({"active": false})).expect(200);
        p.admin.patch_current(&format!("/users/{closed}"), json!({"active": true})).expect(200);
        p.admin.patch_current(&format!("/users/{moved}"), json!({"email": "maja.ny@example.org"})).expect(200);
        refused(&of_closed);
        refused(&of_moved);
        p.admin.patch_current(&format!("/users/{late}"), json!({"name": "Lena Senare"})).expect(200);
        choose(p, &good, "kort").refused(422, "tooShort");
        // Of two at once one is first.
        let (one, other) = at_once(|| choose(p, &good, NEW), || choose(p, &good, NEW));
        let mut both = [one.status, other.status];
        both.sort_unstable();
        assert_eq!(both, [204, 422]);
        // Whoever was locked out by wrong guesses gets in.
        let email = "lena.sen@example.org";
        for _ in 0..5 {
            sign_in(p, email, "fel").expect(401);
        }
        sign_in(p, email, NEW).expect(429);
        choose(p, &link_to(p, &late, 3600), "en tredje lösenordsfras").expect(204);
        sign_in(p, email, "en tredje lösenordsfras").expect(201);
    }

    fn somebody_new_is_made_in_one_form_and_invited(p: &Posting) {
        let form = json!({
            "organisationId": p.unit, "name": "Nora Ny", "email": "nora.ny@example.org", "invite": true,
            "grants": [
                {"role": "riskOwner", "organisationId": p.board},
                {"role": "reader", "organisationId": p.division, "drafts": true},
            ],
        });
        let made = p.controller.post("/users", form).expect(201);
        let grants = p.controller.get(&format!("/users/{}/grants", made.id())).expect(200);
        assert_eq!(grants.column("role"), ["riskOwner", "reader"]);
        assert_eq!(grants.items()[1]["drafts"], true);
        assert!(made.json.get("grants").is_none(), "what is answered is the person, as before");
        let about = format!("/logs/{}/events?limit=200&entityId={}", p.root, made.id());
        let told = p.admin.get(&about).expect(200);
        let kinds = kinds(&told);
        assert!(kinds.contains(&"user.created") && kinds.contains(&"user.invited"), "{kinds:?}");
        assert!(happened(p, "grant.given") >= 2);

        let letter = p.wait_for(1).remove(0);
        assert_eq!(letter.subject(), "Du är inbjuden till Riskregister, Region Exempel");
        let text = letter.text();
        for told in ["Carl Controller har bjudit in dig", "- Riskägare, Kulturnämnden\n", "- Läsare, Scenkonst\n", "Glömt lösenordet?"] {
            assert!(text.contains(told), "{told} in {text}");
        }
        p.passer_by().send(&link_in(&letter), &pairs(&[("newPassword", NEW)])).expect(303);
        sign_in(p, "nora.ny@example.org", NEW).expect(201);
        assert_eq!(p.settled().len(), 1, "nobody is told that a first password is another");
        choose(p, &token_in(&letter), NEW).refused(422, "linkNotValid");

        // Without roles and invitation, as ever.
        let bare = json!({"organisationId": p.board, "name": "Bo Bar", "email": "bo.bar@example.org"});
        let bare = p.controller.post("/users", bare).expect(201).id();
        assert_eq!(p.controller.get(&format!("/users/{bare}/grants")).expect(200)["total"], 0);
        assert_eq!(p.settled().len(), 1);
    }

    fn an_invitation_leads_where_one_signs_in(p: &Issuing) {
        let form = json!({"organisationId": p.board, "name": "Isa Utfärdad", "email": "isa@example.org", "subject": "isa",
            "language": "en", "invite": true});
        p.controller.post("/users", form).expect(201);
        let letter = p.wait_for(1).remove(0);
        assert!(letter.text().contains("Sign in:\nhttps://risk.example.org/sign-in\n"), "{}", letter.text());
        assert!(!letter.text().contains("password-reset") && !letter.text().contains("Your roles"), "{}", letter.text());
    }

    fn all_of_somebody_new_or_nothing(p: &Posting) {
        let people = || p.admin.get("/users?limit=1").expect(200)["total"].clone();
        let (before, given) = (people(), happened(p, "grant.given"));
        let nowhere = Id::new().to_string();
        let grants = json!([
            {"role": "controller", "organisationId": p.board},
            {"role": "riskOwner", "organisationId": p.board, "drafts": true},
            {"role": "riskOwner", "organisationId": p.board},
            {"role": "reader", "organisationId": nowhere},
            {"role": "reader", "organisationId": p.other_board},
            {"role": "reader", "organisationId": p.board},
        ]);
        let form = json!({"organisationId": p.board, "name": "Nora Ny", "email": p.reader.email, "grants": grants,
            "active": false, "invite": true});
        let refused = p.controller.post("/users", form.clone()).expect(422);
        let mut faults = refused.faults();
        faults.sort_unstable();
        assert_eq!(faults, [
            ("/email", "emailTaken"), ("/grants/0/role", "roleNotYours"), ("/grants/1/drafts", "readersAlone"),
            ("/grants/2/role", "alreadyGranted"), ("/grants/3/organisationId", "unknownReference"),
            ("/grants/4/role", "roleNotYours"), ("/invite", "userInactive"),
        ]);
        let mut half = form.clone();
        half["grants"] = json!([{"role": "reader"}, {"organisationId": p.board, "role": "king"}]);
        let faults = p.controller.post("/users", half).expect(422);
        assert_eq!(faults.faults(), [("/grants/0/organisationId", "required"), ("/grants/1/role", "unknownWord")]);
        // One fault is enough for nothing to be done.
        let form = json!({"organisationId": p.board, "name": "Nora Ny", "email": "nora.ny@example.org", "invite": true,
            "grants": [{"role": "reader", "organisationId": p.board}, {"role": "auditor", "organisationId": p.board}]});
        assert_eq!(p.controller.post("/users", form).expect(422).faults(), [("/grants/1/role", "roleNotYours")]);
        assert_eq!((people(), happened(p, "grant.given")), (before, given));
        assert!(p.settled().is_empty() && happened(p, "user.invited") == 0);
    }

    fn without_mail_nobody_is_invited(world: &World) {
        let form = json!({"organisationId": world.board, "name": "Nora Ny", "email": "nora.ny@example.org", "invite": true});
        let refused = world.controller.post("/users", form).expect(422);
        assert_eq!(refused.faults(), [("/invite", "mailNotConfigured")]);
        let page = world.visitor(&world.controller.id).page("/users/new");
        assert!(page.all("[name=invite]").is_empty() && page.text("main").contains(&says("user-invite-off")));
    }

    fn the_form_for_somebody_new_needs_no_script(p: &Posting) {
        let controller = p.visitor(&p.controller.id);
        assert_eq!(controller.page("/users").all("main a[href='/users/new']").len(), 1);
        let page = controller.page("/users/new");
        assert!(!page.text("main").contains(&says("user-invite-off")));
        let offered: Vec<&str> = page.all("[name='grants/0/role'] option").iter().filter_map(|o| o.attr("value")).collect();
        assert_eq!(offered, ["", "riskOwner", "performer", "reader"], "nobody gives more than they hold");
        let mut form = page.form("form#user");
        for (name, value) in [
            ("name", "Nora Ny"), ("email", "nora.ny@example.org"), ("organisationId", p.unit.as_str()),
            // The row between them is left empty.
            ("grants/0/role", "riskOwner"), ("grants/0/organisationId", p.board.as_str()), ("grants/0/drafts", "true"),
            ("grants/2/role", "reader"), ("grants/2/organisationId", p.board.as_str()), ("grants/2/drafts", "true"),
        ] {
            form = written(&form, name, value);
        }
        form.push(("invite".into(), "true".into()));
        let back = Page::of(&controller.send("/users/new", &form).expect(422));
        let faults = back.text(".faults");
        assert!(faults.contains("Roll 1") && !faults.contains("Roll 2") && !faults.contains("Roll 3"), "{faults}");
        assert_eq!(back.attribute("#user-grants-0-drafts", "aria-invalid"), "true");
        let kept = written(&back.form("form#user"), "grants/0/drafts", "");
        let done = controller.send("/users/new", &kept).expect(303);
        let at = done.header("location").split('?').next().unwrap_or_default().to_owned();
        let page = controller.page(&at).text("main");
        assert!(page.contains("Nora Ny") && page.contains("Riskägare, Kulturnämnden") && page.contains("ser också utkast"), "{page}");
        assert_eq!(p.wait_for(1)[0].to, ["nora.ny@example.org"]);
        // Who may add nobody has neither link nor page.
        for person in [&p.reader, &p.head, &p.risk_owner] {
            let visitor = p.visitor(&person.id);
            assert!(visitor.page("/users").all("a[href='/users/new']").is_empty());
            visitor.get("/users/new").expect(403);
        }
        let administrator = p.visitor(&p.admin_id).page("/users/new");
        let roles = administrator.all("[name='grants/0/role'] option").len();
        assert_eq!(roles, 8, "every role, and none");
    }
}

/// What the operator says of themselves is shown instead.
#[test]
fn the_operator_and_the_contact_are_shown() {
    let reg = Register::start(Databases::Sqlite, |config| {
        config.statement.operator = Some("Regionens it".into());
        config.contact = Some(riskregister::config::Contact::Mail("stod@example.org".parse().expect("an address")));
    });
    let page = reg.passer_by().with("accept-language", "en").page("/sign-in");
    let text = page.text("main");
    assert!(text.contains("Regionens it is behind the register.") && !text.contains("coordinator"), "{text}");
    assert_eq!(page.attribute("main a[href^='mailto:']", "href"), "mailto:stod@example.org");
}

/// A mail server whose certificate an authority of one's own has signed is written to where that authority is named.
#[test]
fn a_mail_server_of_ones_own_authority_is_trusted_where_it_is_named() {
    let server = MailServer::start();
    let front = Front::before(server.address);
    let posting = |authorities: Authorities| {
        Register::start(Databases::Sqlite, |config| {
            config.mail =
                Some(Mail { smtp_url: format!("smtps://localhost:{}", front.port), authorities, ..server.mail() });
        })
    };
    let unknowing = posting(Authorities::default());
    forgot(&unknowing, Register::ADMIN).expect(204);
    let began = std::time::Instant::now();
    loop {
        let letters = unknowing.admin.get("/mails").expect(200);
        if letters.items().iter().any(|mail| mail["fault"] == "connectionFailed") {
            break;
        }
        assert!(began.elapsed().as_secs() < 60, "the letter was not tried: {:?}", letters.json);
    }
    assert_eq!(server.attempts(), 0);
    drop(unknowing);
    let knowing = posting(front.authorities());
    forgot(&knowing, Register::ADMIN).expect(204);
    assert_eq!(server.wait_for(1)[0].to, [Register::ADMIN]);
}
