//! A small region with people in every role.

use std::ops::Deref;
use std::sync::LazyLock;

use riskregister::config::Config;
use riskregister::storage::Id;
use serde_json::{Value, json};

use super::client::Client;
use super::register::{Beginning, Databases, Register, Start};
use super::times::{self, Kind};

/// Somebody with an account, who calls the register as a client does.
pub struct Person {
    pub id: String,
    pub email: String,
    pub client: Client,
    pub session: Id,
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
    fn on(databases: Databases) -> Self {
        Self::with(databases, |_| {})
    }
}

impl World {
    /// One whose register's configuration is not the usual one.
    pub fn with(databases: Databases, configure: impl FnOnce(&mut Config)) -> Self {
        let made = match databases {
            Databases::Sqlite => &*SQLITE,
            Databases::Postgres => &*POSTGRES,
        };
        times::spent(Kind::Start, || made.copy(configure))
    }

    /// Makes one in an empty register, through the API.
    fn make(register: Register) -> Self {
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

/// A world whose register has stopped, to make copies of.
struct Made {
    begin: Beginning,
    /// In the order of the fields of [`World`].
    organisations: [String; 4],
    people: [(String, String, Id); 8],
}

/// Each test's world is a copy of one that is made once: twenty requests cost more than copying.
static SQLITE: LazyLock<Made> = LazyLock::new(|| Made::on(Databases::Sqlite));
static POSTGRES: LazyLock<Made> = LazyLock::new(|| Made::on(Databases::Postgres));

impl Made {
    fn on(databases: Databases) -> Self {
        let World {
            register,
            board,
            division,
            unit,
            other_board,
            controller,
            head,
            risk_owner,
            performer,
            reader,
            draft_reader,
            auditor,
            stranger,
        } = World::make(Register::on(databases));
        let people = [controller, head, risk_owner, performer, reader, draft_reader, auditor, stranger];
        Self {
            begin: register.into_beginning(),
            organisations: [board, division, unit, other_board],
            people: people.map(|person| (person.id, person.email, person.session)),
        }
    }

    fn copy(&self, configure: impl FnOnce(&mut Config)) -> World {
        let register = Register::on_copy(&self.begin, configure);
        // The sessions are the copied ones; a token of the first world would have ended before the last test begins.
        let person = |(id, email, session): &(String, String, Id)| Person {
            client: register.as_user(&register.token_of(id, *session)),
            id: id.clone(),
            email: email.clone(),
            session: *session,
        };
        let [controller, head, risk_owner, performer, reader, draft_reader, auditor, stranger] =
            self.people.each_ref().map(person);
        let [board, division, unit, other_board] = self.organisations.clone();
        World {
            register,
            board,
            division,
            unit,
            other_board,
            controller,
            head,
            risk_owner,
            performer,
            reader,
            draft_reader,
            auditor,
            stranger,
        }
    }
}

/// An address for a name: `carl.controller@example.org`.
pub fn address(name: &str) -> String {
    let plain = name.to_lowercase().replace(' ', ".").replace(['å', 'ä'], "a").replace('ö', "o");
    format!("{plain}@example.org")
}

impl Register {
    /// Makes an organisation below another, through the API; a board or a company with the duty to plan.
    pub fn organisation(&self, parent: &str, kind: &str, name: &str) -> String {
        let form = json!({
            "parentId": parent, "kind": kind, "name": name, "validFrom": "2020-01-01",
            "plans": matches!(kind, "board" | "company" | "federation"),
        });
        self.admin.post("/organisations", form).expect(201).id()
    }

    /// Makes somebody without a role, signed in.
    pub fn person(&self, name: &str, organisation: &str) -> Person {
        let email = address(name);
        let form = json!({"organisationId": organisation, "name": name, "email": email});
        let id = self.admin.post("/users", form).expect(201).id();
        let session = self.session(&id);
        Person { client: self.as_user(&self.token_of(&id, session)), id, email, session }
    }

    /// Makes somebody with a role.
    pub fn person_with(&self, name: &str, home: &str, role: &str, on: &str) -> Person {
        let person = self.person(name, home);
        self.grant(&person.id, json!({"role": role, "organisationId": on}));
        person
    }

    /// Gives a role, as the administrator: `{"role": …, "organisationId": …}`. Answers with the grant's id.
    pub fn grant(&self, user: &str, form: Value) -> String {
        self.admin.post(&format!("/users/{user}/grants"), form).expect(201).id()
    }
}
