//! Signing in and out, and every token that must not open anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use riskregister::auth::{self, ACCESS_SECONDS, Keys};
use riskregister::domain::words::Role;
use riskregister::storage::Id;
use serde_json::{Value, json};

use crate::kit::{Answer, Databases, Register, Start, both};

fn sign_in(reg: &Register, email: &str, password: &str) -> Answer {
    reg.as_nobody().post("/sessions", json!({"email": email, "password": password}))
}

fn refresh(reg: &Register, token: &str) -> Answer {
    reg.as_nobody().post("/sessions/refresh", json!({"refreshToken": token}))
}

/// All of a problem but which request it was.
fn told(answer: &Answer) -> Value {
    let mut problem = answer.json.clone();
    problem["instance"] = Value::Null;
    problem
}

/// What a token says, read without its key.
fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
}

fn signed(algorithm: Algorithm, claims: &Value, key: &[u8]) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(key)).expect("a token can be signed")
}

both! {
    fn whoever_knows_the_password_gets_tokens(reg: &Register) {
        let answer = sign_in(reg, " Admin@Example.ORG ", Register::PASSWORD).expect(201);
        assert_eq!(answer["tokenType"], "Bearer");
        assert_eq!(answer["expiresIn"], ACCESS_SECONDS);
        assert_eq!(answer.header("cache-control"), "no-store");
        let me = reg.as_user(&answer.text("accessToken")).get("/me").expect(200);
        assert_eq!(me["id"], reg.admin_id);
        assert_eq!(me["grants"][0]["role"], "regionAdministrator");
    }

    fn unknown_wrong_and_deactivated_answer_alike(reg: &Register) {
        let gone = reg.add("Gusten Gått", &reg.root, Some(Role::Reader));
        reg.admin.patch_current(&format!("/users/{gone}"), json!({"active": false})).expect(200);
        let fresh = json!({"organisationId": reg.root, "name": "Utan Lösenord", "email": "utan@example.org"});
        reg.admin.post("/users", fresh).expect(201);
        let wrong = sign_in(reg, Register::ADMIN, "fel").expect(401);
        assert_eq!(wrong.header("www-authenticate"), "Bearer");
        for (email, password) in [
            ("ingen@example.org", "fel"), ("gusten.gatt@example.org", Register::PASSWORD), ("utan@example.org", "fel"),
            ("ingen", "fel"),
        ] {
            assert_eq!(told(&sign_in(reg, email, password).expect(401)), told(&wrong), "{email}");
        }
    }

    fn after_five_failures_an_address_waits_known_or_not(reg: &Register) {
        for email in [Register::ADMIN, "ingen@example.org"] {
            for _ in 0..5 {
                sign_in(reg, email, "fel").expect(401);
            }
            let answer = sign_in(reg, email, Register::PASSWORD).expect(429);
            let wait: u64 = answer.header("retry-after").parse().expect("seconds");
            assert!((1..=900).contains(&wait), "{wait}");
            sign_in(reg, &email.to_uppercase(), Register::PASSWORD).expect(429);
        }
        // Who is signed in already stays so, and others are let in.
        reg.admin.get("/me").expect(200);
        reg.add("Annan Annansson", &reg.root, None);
        sign_in(reg, "annan.annansson@example.org", Register::PASSWORD).expect(201);
    }

    fn a_right_password_forgets_the_wrong_ones(reg: &Register) {
        for _ in 0..2 {
            for _ in 0..4 {
                sign_in(reg, Register::ADMIN, "fel").expect(401);
            }
            sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
        }
    }

    fn each_refresh_token_is_good_once(reg: &Register) {
        let first = sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
        let second = refresh(reg, &first.text("refreshToken")).expect(201);
        reg.as_user(&second.text("accessToken")).get("/me").expect(200);
        let third = refresh(reg, &second.text("refreshToken")).expect(201);
        // The first one again: someone has a copy, so nobody keeps the session.
        refresh(reg, &first.text("refreshToken")).expect(401);
        refresh(reg, &third.text("refreshToken")).expect(401);
        for tokens in [&first, &second, &third] {
            reg.as_user(&tokens.text("accessToken")).get("/me").expect(401);
        }
        reg.admin.get("/me").expect(200);
    }

    fn one_refresh_token_used_twice_at_once_ends_the_session(reg: &Register) {
        let tokens = sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
        let token = tokens.text("refreshToken");
        let mut statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..3).map(|_| scope.spawn(|| refresh(reg, &token).status)).collect();
            tries.into_iter().map(|t| t.join().expect("an answer")).collect()
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401, 401]);
        reg.as_user(&tokens.text("accessToken")).get("/me").expect(401);
    }

    fn neither_token_is_good_as_the_other(reg: &Register) {
        let tokens = sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
        reg.as_user(&tokens.text("refreshToken")).get("/me").expect(401);
        refresh(reg, &tokens.text("accessToken")).expect(401);
        refresh(reg, "nonsense").expect(401);
        reg.as_user(&tokens.text("accessToken")).get("/me").expect(200);
    }

    fn signing_out_holds_at_once(reg: &Register) {
        let (one, other) = (reg.token(&reg.admin_id), reg.token(&reg.admin_id));
        reg.as_user(&one).delete("/sessions/current").expect(204);
        reg.as_user(&one).get("/me").expect(401);
        reg.as_user(&one).delete("/sessions/current").expect(401);
        reg.as_user(&other).get("/me").expect(200);
        reg.as_user(&other).delete("/sessions").expect(204);
        reg.as_user(&other).get("/me").expect(401);
        reg.admin.get("/me").expect(401);
    }

    fn one_sees_where_one_is_signed_in_and_ends_what_is_not_known(reg: &Register) {
        let as_program = |agent: &str| {
            let form = json!({"email": Register::ADMIN, "password": Register::PASSWORD});
            let tokens = reg.as_nobody().with("user-agent", agent).post("/sessions", form).expect(201);
            reg.as_user(&tokens.text("accessToken"))
        };
        let here = as_program("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0");
        let there = as_program("python-requests/2.32.3");
        let all = here.get("/me/sessions").expect(200);
        let told: Vec<(&Value, &Value, &Value)> = all["sessions"].as_array().expect("a list").iter()
            .map(|one| (&one["device"], &one["authentication"], &one["current"])).collect();
        let (password, nothing) = (json!("password"), Value::Null);
        assert_eq!(told[..2], [
            (&json!("python-requests"), &password, &json!(false)), (&json!("Firefox, Windows"), &password, &json!(true))]);
        assert_eq!(told.last().map(|one| one.0), Some(&nothing), "the first of all said nothing of itself");
        // Another's is as one that is not there, and one that has ended too.
        let other = all["sessions"][0]["id"].as_str().expect("an id").to_owned();
        let home = reg.organisation(&reg.root, "board", "Kulturnämnden");
        let somebody = reg.person("Stina Främling", &home);
        somebody.delete(&format!("/me/sessions/{other}")).expect(404);
        here.delete(&format!("/me/sessions/{other}")).expect(204);
        there.get("/me").expect(401);
        here.delete(&format!("/me/sessions/{other}")).expect(404);
        here.get("/me").expect(200);
        let left = here.get("/me/sessions").expect(200);
        assert!(left["sessions"].as_array().expect("a list").iter().all(|one| one["id"] != json!(other)));
        // Whoever manages people signs somebody out, and the history tells of both.
        let session = somebody.get("/me/sessions").expect(200)["sessions"][0]["id"].clone();
        assert!(session.is_string());
        here.delete(&format!("/users/{}/sessions", somebody.id)).expect(204);
        somebody.get("/me").expect(401);
        for kind in ["session.ended", "session.endedAll"] {
            assert!(here.get(&format!("/events?kind={kind}")).expect(200)["items"].as_array().is_some_and(|all| !all.is_empty()), "{kind}");
        }
    }

    fn a_new_password_ends_every_session(reg: &Register) {
        let tokens = sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
        let client = reg.as_user(&tokens.text("accessToken"));
        let change = |current: &str, new: &str| {
            client.put("/me/password", json!({"currentPassword": current, "newPassword": new}))
        };
        let new = "  en längre lösenordsfras  ";
        change("fel", new).refused(422, "wrongPassword");
        change(Register::PASSWORD, Register::PASSWORD).refused(422, "samePassword");
        change(Register::PASSWORD, "kort").refused(422, "tooShort");
        change(Register::PASSWORD, "min ADMIN@example.org").refused(422, "containsEmail");
        for known in ["password1234", "Qwertyuiop123", "aaaaaaaaaaaaaaaa", "Sommaren2026!", "Lösenord12345", "adaadminadaadmin", "123456789012"] {
            change(Register::PASSWORD, known).refused(422, "tooEasy");
        }
        let all = change("fel", "fel").expect(422);
        assert_eq!(all.faults(), [("/newPassword", "tooShort")], "the form comes before what it is compared with");
        change(Register::PASSWORD, new).expect(204);
        client.get("/me").expect(401);
        reg.admin.get("/me").expect(401);
        refresh(reg, &tokens.text("refreshToken")).expect(401);
        sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(401);
        sign_in(reg, Register::ADMIN, new.trim()).expect(401);
        sign_in(reg, Register::ADMIN, new).expect(201);
    }

    /// Who has somebody's session cannot guess the password by it, and holds nobody up who signs in.
    fn who_guesses_the_current_password_waits(reg: &Register) {
        let change = |current: &str| {
            reg.admin.put("/me/password", json!({"currentPassword": current, "newPassword": "en längre lösenordsfras"}))
        };
        for _ in 0..auth::FAILURES_BEFORE_LOCK {
            change("fel").refused(422, "wrongPassword");
        }
        for current in ["fel", Register::PASSWORD] {
            let wait: u64 = change(current).expect(429).header("retry-after").parse().expect("seconds");
            assert!((1..=auth::LOCK_SECONDS as u64).contains(&wait), "{wait}");
        }
        sign_in(reg, Register::ADMIN, Register::PASSWORD).expect(201);
    }

    fn who_is_deactivated_refreshes_nothing(reg: &Register) {
        let id = reg.add("Gusten Gått", &reg.root, None);
        let tokens = sign_in(reg, "gusten.gatt@example.org", Register::PASSWORD).expect(201);
        reg.admin.patch_current(&format!("/users/{id}"), json!({"active": false})).expect(200);
        refresh(reg, &tokens.text("refreshToken")).expect(401);
        reg.as_user(&tokens.text("accessToken")).get("/me").expect(401);
    }

    fn only_our_own_tokens_open(reg: &Register) {
        let good = reg.token(&reg.admin_id);
        let said = claims(&good);
        let key = reg.config.secret.clone();
        let with = |name: &str, value: Value| {
            let mut claims = said.clone();
            claims[name] = value;
            signed(Algorithm::HS256, &claims, &key)
        };
        reg.as_user(&signed(Algorithm::HS256, &said, &key)).get("/me").expect(200);
        let long_ago = said["iat"].as_i64().unwrap_or_default() - 100_000;
        let (head, rest) = good.split_once('.').expect("three parts");
        let (body, signature) = rest.split_once('.').expect("three parts");
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let someone_else = reg.add("Någon Annan", &reg.root, None);
        let bad = [
            ("expired", with("exp", json!(long_ago))),
            ("of another issuer", with("iss", json!("someone"))),
            ("for another audience", with("aud", json!("elsewhere"))),
            ("without an end", {
                let mut claims = said.clone();
                claims.as_object_mut().expect("claims").remove("exp");
                signed(Algorithm::HS256, &claims, &key)
            }),
            ("of a session that never was", with("sid", json!(Id::new()))),
            ("of another's session", with("sub", json!(someone_else))),
            ("signed with another key", signed(Algorithm::HS256, &said, b"another secret of thirty-two bytes")),
            ("signed by another algorithm", signed(Algorithm::HS512, &said, &key)),
            ("unsigned", format!("{none}.{body}.")),
            ("unsigned, with a signature", format!("{none}.{body}.{signature}")),
            ("without its signature", format!("{head}.{body}.")),
            ("changed", format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(said.to_string()))),
            ("nonsense", "a.b.c".into()),
            ("empty", String::new()),
        ];
        for (what, token) in bad {
            let answer = reg.as_user(&token).get("/me");
            assert_eq!(answer.status, 401, "a token {what} opened: {}", answer.json);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        let nobody = reg.as_nobody();
        nobody.with("authorization", &format!("Basic {good}")).get("/me").expect(401);
        nobody.with("authorization", &good).get("/me").expect(401);
        nobody.get(&format!("/me?access_token={good}")).expect(401);
        // The scheme's letters are not the point.
        nobody.with("authorization", &format!("bearer {good}")).get("/me").expect(200);
    }

    fn a_host_token_is_told_as_one(reg: &Register) {
        // What is done is recorded with how the caller was known; here only that such a session works.
        let user: Id = reg.admin_id.parse().expect("an id");
        let session = reg.session_by(&reg.admin_id, "host", 60);
        reg.as_user(&reg.keys.access(user, session, 60).expect("a token")).get("/me").expect(200);
        // A session that is over opens nothing, however long its token holds.
        let over = reg.session_by(&reg.admin_id, "host", 0);
        reg.as_user(&reg.keys.access(user, over, 60).expect("a token")).get("/me").expect(401);
    }
}

/// While the secret is changed, what the one before signed is taken still, and signs nothing: what is given out from now on is the new one's.
#[test]
fn a_changed_secret_signs_nobody_out_who_has_the_one_before() {
    let (before, other) = (b"the secret that was used before!", b"a secret that was never used....");
    let reg = Register::start(Databases::Sqlite, |config| config.secret_before = Some(before.to_vec()));
    let user: Id = reg.admin_id.parse().expect("an id");
    let session = reg.session_by(&reg.admin_id, "password", 600);
    let by = |secret: &[u8]| Keys::new(secret, None).expect("keys");
    reg.as_user(&by(before).access(user, session, 60).expect("a token")).get("/me").expect(200);
    reg.as_user(&by(other).access(user, session, 60).expect("a token")).get("/me").expect(401);
    reg.as_user(&by(before).access(user, session, 0).expect("a token")).get("/me").expect(401);
    let old = by(before).refresh(user, session, 1, 600).expect("a token");
    let new = refresh(&reg, &old).expect(201);
    let read = |secret: &[u8], name: &str| by(secret).read_refresh(&new.text(name)).is_ok();
    assert!(read(&reg.config.secret, "refreshToken") && !read(before, "refreshToken"));
    // Without it they are nobody's.
    let without = Register::on(Databases::Sqlite);
    without.as_user(&by(before).access(user, session, 60).expect("a token")).get("/me").expect(401);
}
