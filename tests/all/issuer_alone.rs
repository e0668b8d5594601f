//! Where everybody signs in at the issuer: nobody has a password but the account that is kept for emergencies, and everybody
//! is told when that is used.

use std::ops::Deref;

use riskregister::app::people::sessions;
use riskregister::auth::Passwords;
use riskregister::storage::{Id, Origin};
use serde_json::json;

use crate::kit::{Answer, Client, Databases, Person, Register, Start, both, password_hash};
use crate::newcomers::{happened, issuer, link_to, says, sign_in};
use crate::reminders::Posting;

/// A world that sends mail, where passwords are off, and somebody who has the account for emergencies.
struct Alone {
    posting: Posting,
    emergency: Person,
    /// The controller, who came in otherwise than by a password.
    controller: Client,
}

impl Deref for Alone {
    type Target = Posting;
    fn deref(&self) -> &Posting {
        &self.posting
    }
}

fn off() -> Passwords {
    Passwords::Off { emergency: Some("nora.nod@example.org".into()) }
}

fn give_password(reg: &Register, user: &str) {
    let user: Id = user.parse().expect("an id");
    reg.db
        .write(&Origin::operator(), |w| w.set_password(user, password_hash(), None))
        .expect("a password can be given");
}

impl Start for Alone {
    fn on(databases: Databases) -> Self {
        let posting = Posting::with(databases, |config| {
            config.oidc = Some(issuer());
            config.passwords = off();
        });
        let emergency = posting.person_with("Nora Nöd", &posting.root, "regionAdministrator", &posting.root);
        for user in [&emergency.id, &posting.controller.id] {
            give_password(&posting, user);
        }
        let controller = posting.as_user(&posting.token(&posting.controller.id));
        Self { controller, posting, emergency }
    }
}

/// What an answer says, but for what is each answer's own.
fn said(answer: &Answer) -> String {
    let mut said = answer.json.clone();
    for own in ["instance", "requestId", "traceId"] {
        said.as_object_mut().expect("an object").remove(own);
    }
    said.to_string()
}

both! {
    fn a_password_opens_nothing_and_tells_nobody_whose_it_is(all: &Alone) {
        let unknown = said(&sign_in(all, "ingen@example.org", Register::PASSWORD).expect(401));
        assert_eq!(said(&sign_in(all, &all.posting.controller.email, Register::PASSWORD).expect(401)), unknown);
        assert_eq!(said(&sign_in(all, &all.emergency.email, "ett annat lösenord").expect(401)), unknown);
        let form = json!({"currentPassword": Register::PASSWORD, "newPassword": "en helt annan lösenordsfras"});
        all.controller.put("/me/password", form).refused(409, "passwordsOff");
        let one_time = |user: &str| all.admin.post(&format!("/users/{user}/one-time-password"), json!({}));
        one_time(&all.posting.controller.id).refused(409, "passwordsOff");
        // A link that was sent while passwords were taken opens nothing either, and there come no new ones.
        let link = link_to(all, &all.posting.controller.id, 3600);
        let form = json!({"token": link, "newPassword": "en helt annan lösenordsfras"});
        all.as_nobody().post("/password-resets/completion", form).refused(422, "linkNotValid");
        all.as_nobody().post("/password-resets", json!({"email": all.posting.controller.email})).expect(204);
        assert_eq!(happened(all, "user.passwordForgotten"), 0);
        // The one account has a password, and gets another where it is lost.
        one_time(&all.emergency.id).expect(201);
    }

    fn the_account_for_emergencies_lets_in_and_everybody_is_told(all: &Alone) {
        let page = all.visitor(&all.posting.controller.id).page("/plans");
        assert!(page.all(".banner").is_empty(), "{}", page.text("main"));
        let tokens = sign_in(all, &all.emergency.email, Register::PASSWORD).expect(201);
        all.as_user(&tokens.text("accessToken")).get("/me").expect(200);
        assert_eq!(happened(all, "session.emergency"), 1);
        let letter = all.wait_for(1).remove(0);
        assert_eq!((letter.subject().as_str(), &letter.to), ("Riskregistret: nödkontot användes", &vec![Register::ADMIN.to_owned()]));
        assert!(letter.text().contains("nödkontot (Nora Nöd)"), "{}", letter.text());
        for person in [&all.posting.controller, &all.reader] {
            let page = all.visitor(&person.id).page("/plans");
            assert!(page.text(".banner").contains("Nödkontot användes för att logga in"), "{}", page.text("main"));
        }
    }

    fn pages_offer_the_issuer_and_no_passwords(all: &Alone) {
        let page = all.passer_by().page("/sign-in");
        assert!(page.text("main").contains("Logga in med organisationens inloggning"), "{}", page.text("main"));
        assert_eq!(page.all("main > form").len(), 0);
        assert_eq!(page.text("details summary"), "Logga in med nödkontot");
        assert!(page.all("a[href='/password-reset']").is_empty());
        assert!(all.passer_by().page("/password-reset").text("main").contains(&says("forgotten-elsewhere")));
        let admin = all.visitor(&all.admin_id);
        for (path, count) in [
            ("/account".to_owned(), 0),
            (format!("/users/{}", all.posting.controller.id), 0),
            (format!("/users/{}", all.emergency.id), 1),
        ] {
            let page = admin.page(&path);
            assert_eq!(page.all("#password-form, form#password").len(), count, "{path}");
        }
        // Who is invited is led to the issuer, whatever it calls them.
        let form = json!({"organisationId": all.board, "name": "Ny", "email": "ny@example.org", "invite": true});
        all.admin.post("/users", form).expect(201);
        let letter = all.wait_for(1).remove(0);
        assert!(letter.text().contains("https://risk.example.org/sign-in"), "{}", letter.text());
        assert!(!letter.text().contains("password-reset"), "{}", letter.text());
    }

    fn what_passwords_began_ends_when_they_are_turned_off(all: &Alone) {
        let by_password = |user: &str| {
            let session = all.session_by(user, "password", 600);
            let id: Id = user.parse().expect("an id");
            all.as_user(&all.keys.access(id, session, 600).expect("a token"))
        };
        let (controller, emergency) = (by_password(&all.posting.controller.id), by_password(&all.emergency.id));
        all.db.write(&Origin::operator(), |w| sessions::end_untaken(w, &off())).expect("sessions can be ended");
        controller.get("/me").expect(401);
        emergency.get("/me").expect(200);
        // Who came in otherwise goes on.
        all.controller.get("/me").expect(200);
    }
}
