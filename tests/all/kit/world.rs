//! A small region with people in every role.

use std::ops::Deref;

use riskregister::domain::words::Role;
use serde_json::{Value, json};

use super::client::Client;
use super::register::{Register, Start};

/// Somebody with an account, who calls the register as a client does.
pub struct Person {
    pub id: String,
    pub email: String,
    pub client: Client,
}

impl Deref for Person {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A region with two boards. Everyone but the administrator and the stranger has one role on `board`.
pub struct World {
    register: Register,
    /// A board with the duty to plan, and below it a division, and below that a unit.
    pub board: String,
    pub division: String,
    pub unit: String,
    /// Another board, where nobody has a role.
    pub other_board: String,
    pub controller: Person,
    pub head: Person,
    pub risk_owner: Person,
    pub performer: Person,
    pub reader: Person,
    pub draft_reader: Person,
    pub auditor: Person,
    /// Has an account at the other board and no role.
    pub stranger: Person,
}

impl Deref for World {
    type Target = Register;
    fn deref(&self) -> &Register {
        &self.register
    }
}

impl Start for World {
    fn of(register: Register) -> Self {
        let r = &register;
        let board = r.organisation(&r.root, "board", "Kulturnämnden");
        let division = r.organisation(&board, "division", "Scenkonst");
        let unit = r.organisation(&division, "unit", "Länsteatern");
        let other_board = r.organisation(&r.root, "board", "Trafiknämnden");
        let with = |name: &str, role: &str| r.person_with(name, &board, role, &board);
        let draft_reader = r.person("Doris Utkast", &board);
        r.grant(&draft_reader.id, json!({"role": "reader", "organisationId": board, "drafts": true}));
        Self {
            controller: with("Carl Controller", "controller"),
            head: with("Hedda Chef", "head"),
            risk_owner: with("Rut Ägare", "riskOwner"),
            performer: with("Per Utförare", "performer"),
            reader: with("Lisa Läsare", "reader"),
            auditor: with("Rolf Revisor", "auditor"),
            stranger: r.person("Stina Främling", &other_board),
            draft_reader,
            board,
            division,
            unit,
            other_board,
            register,
        }
    }
}

impl Register {
    /// Makes an organisation below another, through the API; a board or a company with the duty to plan.
    pub fn organisation(&self, parent: &str, kind: &str, name: &str) -> String {
        let form = json!({
            "parentId": parent, "kind": kind, "name": name, "validFrom": "2020-01-01",
            "plans": matches!(kind, "board" | "company"),
        });
        self.admin.post("/organisations", form).expect(201).id()
    }

    /// Makes somebody without a role, signed in.
    pub fn person(&self, name: &str, organisation: &str) -> Person {
        let id = self.add(name, organisation, None);
        let client = self.as_user(&self.token(&id));
        Person { email: client.get("/me").expect(200)["user"]["email"].as_str().unwrap_or_default().into(), id, client }
    }

    /// Makes somebody with a role.
    pub fn person_with(&self, name: &str, home: &str, role: &str, on: &str) -> Person {
        let person = self.person(name, home);
        self.grant(&person.id, json!({"role": role, "organisationId": on}));
        person
    }

    /// Gives a role, as the administrator.
    pub fn grant(&self, user: &str, form: Value) {
        use riskregister::app::setup;
        use riskregister::storage::history::Origin;
        let role: Role = form["role"].as_str().and_then(|r| r.parse().ok()).expect("a role");
        let at = form["organisationId"].as_str().and_then(|r| r.parse().ok()).expect("an id");
        let user = user.parse().expect("an id");
        self.db.write(&Origin::operator(), |w| setup::grant(w, user, role, at)).expect("a role can be given");
    }
}
