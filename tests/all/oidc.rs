//! Tokens of an OIDC issuer: a small real one on this machine, with real keys.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use actix_web::{App, HttpServer, web};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use riskregister::auth::Oidc;
use riskregister::storage::Timestamp;
use serde_json::{Value, json};

use crate::kit::{Databases, Register, Start, both, wait};

const AUDIENCE: &str = "riskregister";
const CLAIM: &str = "employeeId";

/// A signing key, and what the issuer publishes of it.
struct Key {
    kid: &'static str,
    private: Vec<u8>,
    public: Vec<u8>,
}

impl Key {
    fn new(kid: &'static str) -> Self {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        let private = made.as_ref().to_vec();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).expect("a key");
        let public = pair.public_key().as_ref().to_vec();
        Self { kid, private, public }
    }

    fn published(&self) -> Value {
        let (x, y) = (URL_SAFE_NO_PAD.encode(&self.public[1..33]), URL_SAFE_NO_PAD.encode(&self.public[33..]));
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid, "x": x, "y": y})
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.into()), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &EncodingKey::from_ec_der(&self.private)).expect("a token can be signed")
    }
}

#[derive(Default)]
struct Published {
    keys: Vec<Value>,
    asked: usize,
}

/// The issuer, and a register that trusts it.
struct Federation {
    register: Register,
    key: Key,
    issuer: String,
    published: Arc<Mutex<Published>>,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
}

impl Start for Federation {
    fn on(databases: Databases) -> Self {
        let key = Key::new("one");
        let published = Arc::new(Mutex::new(Published { keys: vec![key.published()], asked: 0 }));
        let (sender, receiver) = std::sync::mpsc::channel();
        let shown = published.clone();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = HttpServer::new(move || {
                    let shown = shown.clone();
                    App::new()
                        .route(
                            "/.well-known/openid-configuration",
                            web::get().to(|request: actix_web::HttpRequest| async move {
                                let issuer = format!("http://{}", request.app_config().local_addr());
                                web::Json(json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys")}))
                            }),
                        )
                        .route(
                            "/keys",
                            web::get().to(move || {
                                let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
                                shown.asked += 1;
                                let keys = json!({"keys": shown.keys});
                                async move { web::Json(keys) }
                            }),
                        )
                })
                .workers(1)
                .bind("127.0.0.1:0")
                .expect("a free port");
                let address = server.addrs()[0];
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits for the issuer");
                server.await.expect("the issuer stops in peace");
            });
        });
        let (address, handle) = receiver.recv().expect("the issuer starts");
        let issuer = format!("http://{address}");
        let oidc = Oidc { issuer: issuer.clone(), audience: AUDIENCE.into(), claim: CLAIM.into(), jwks_url: None };
        let register = Register::start(databases, |config| config.oidc = Some(oidc));
        let admin = format!("/users/{}", register.admin_id);
        register.admin.patch_current(&admin, json!({"subject": "ada1"})).expect(200);
        Self { register, key, issuer, published, server: Some((handle, thread)) }
    }
}

impl Drop for Federation {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.server.take() {
            // The register keeps a connection to it, so nobody waits for that.
            wait(async move { handle.stop(false).await });
            let _ = thread.join();
        }
    }
}

impl Federation {
    fn claims(&self) -> Value {
        let now = Timestamp::now().utc().timestamp();
        json!({"iss": self.issuer, "aud": AUDIENCE, "sub": "opaque", CLAIM: "ada1", "iat": now, "exp": now + 600})
    }

    fn with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    fn status(&self, token: &str) -> u16 {
        self.register.as_user(token).get("/me").status
    }

    fn publish(&self, keys: Vec<Value>) {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).keys = keys;
    }

    fn asked(&self) -> usize {
        self.published.lock().unwrap_or_else(PoisonError::into_inner).asked
    }
}

both! {
    fn whom_the_issuer_knows_is_let_in(all: &Federation) {
        let me = all.register.as_user(&all.key.sign(&all.claims())).get("/me").expect(200);
        assert_eq!(me["id"], all.register.admin_id);
        assert_eq!(all.status(&all.key.sign(&all.with("aud", json!([AUDIENCE, "another"])))), 200);
        // The register's own tokens are as good as ever.
        all.register.admin.get("/me").expect(200);
        assert_eq!(all.asked(), 1, "the keys are kept");
        // There is no session here to end.
        all.register.as_user(&all.key.sign(&all.claims())).delete("/sessions/current").expect(204);
        assert_eq!(all.status(&all.key.sign(&all.claims())), 200);
    }

    fn whom_the_register_does_not_know_is_nobody(all: &Federation) {
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, json!("someone")))), 401);
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, json!("")))), 401);
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, json!(7)))), 401);
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, Value::Null))), 401);
        // An address is not a subject.
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, json!(Register::ADMIN)))), 401);

        let reg = &all.register;
        let form = json!({"organisationId": reg.root, "name": "Gusten", "email": "g@example.org", "subject": "gus1"});
        let gusten = reg.admin.post("/users", form).expect(201).id();
        let token = all.key.sign(&all.with(CLAIM, json!("gus1")));
        assert_eq!(all.status(&token), 200);
        reg.admin.patch_current(&format!("/users/{gusten}"), json!({"active": false})).expect(200);
        assert_eq!(all.status(&token), 401);
    }

    fn only_the_issuers_good_tokens_open(all: &Federation) {
        let now = Timestamp::now().utc().timestamp();
        let stranger = Key::new("one");
        let unknown = Key::new("unknown");
        let hs = |secret: &[u8], algorithm, kid: &str| {
            let header = Header { kid: Some(kid.into()), ..Header::new(algorithm) };
            encode(&header, &all.claims(), &EncodingKey::from_secret(secret)).expect("a token can be signed")
        };
        let good = all.key.sign(&all.claims());
        let relabelled = |alg: &str| {
            let head = URL_SAFE_NO_PAD.encode(json!({"alg": alg, "typ": "JWT", "kid": "one"}).to_string());
            format!("{head}.{}", good.split_once('.').expect("three parts").1)
        };
        all.publish(vec![
            all.key.published(),
            // A careless issuer: a shared secret has no place in a public set.
            json!({"kty": "oct", "kid": "shared", "alg": "HS384", "k": URL_SAFE_NO_PAD.encode([7_u8; 48])}),
        ]);
        let bad = [
            ("expired", all.key.sign(&all.with("exp", json!(now - 600)))),
            ("not yet good", all.key.sign(&all.with("nbf", json!(now + 600)))),
            ("without an end", {
                let mut claims = all.claims();
                claims.as_object_mut().expect("claims").remove("exp");
                all.key.sign(&claims)
            }),
            ("for another audience", all.key.sign(&all.with("aud", json!("elsewhere")))),
            ("of another issuer", all.key.sign(&all.with("iss", json!("https://elsewhere.example")))),
            ("of an issuer that begins alike", all.key.sign(&all.with("iss", json!(format!("{}/", all.issuer))))),
            ("signed by a stranger's key", stranger.sign(&all.claims())),
            ("with an unknown key", unknown.sign(&all.claims())),
            ("with the public key as a secret", hs(&all.key.public, Algorithm::HS256, "one")),
            ("with the public key as a longer secret", hs(&all.key.public, Algorithm::HS384, "one")),
            ("with a published secret", hs(&[7; 48], Algorithm::HS384, "shared")),
            ("relabelled ES384", relabelled("ES384")),
            ("relabelled RS256", relabelled("RS256")),
            ("relabelled HS256", relabelled("HS256")),
            ("relabelled none", relabelled("none")),
        ];
        for (what, token) in bad {
            let answer = all.register.as_user(&token).get("/me");
            assert_eq!(answer.status, 401, "a token {what} opened: {}", answer.json);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        assert_eq!(all.status(&good), 200);
    }

    fn a_new_key_of_the_issuer_is_found_and_an_old_one_forgotten(all: &Federation) {
        let old = all.key.sign(&all.claims());
        assert_eq!(all.status(&old), 200);
        let next = Key::new("two");
        all.publish(vec![next.published()]);
        assert_eq!(all.status(&next.sign(&all.claims())), 200);
        assert_eq!(all.status(&old), 401, "a key that is published no more opens nothing");
    }

    fn tokens_with_unknown_keys_do_not_make_the_issuer_run(all: &Federation) {
        for n in 0..20 {
            let header = Header { kid: Some(format!("unknown {n}")), ..Header::new(Algorithm::ES256) };
            let token = encode(&header, &all.claims(), &EncodingKey::from_ec_der(&all.key.private)).expect("a token");
            assert_eq!(all.status(&token), 401);
        }
        assert!(all.asked() <= 6, "asked {} times", all.asked());
        assert_eq!(all.status(&all.key.sign(&all.claims())), 200);
    }

    fn an_issuer_that_is_away_is_not_the_callers_fault(all: &Federation) {
        // It names another issuer than the configured one, so its keys are not taken.
        let elsewhere = Oidc {
            issuer: format!("{}/elsewhere", all.issuer), audience: AUDIENCE.into(), claim: CLAIM.into(), jwks_url: None,
        };
        let register = Register::start(Databases::Sqlite, |config| config.oidc = Some(elsewhere));
        let answer = register.as_user(&all.key.sign(&all.claims())).get("/me").expect(503);
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
        register.admin.get("/me").expect(200);
    }

    fn the_same_key_of_the_same_person_by_either_door(all: &Federation) {
        let form = json!({"organisationId": all.register.root, "name": "En", "email": "en@example.org"});
        let by_session = all.register.admin.with("idempotency-key", "k").post("/users", form.clone()).expect(201);
        let other_door = all.register.as_user(&all.key.sign(&all.claims()));
        assert_eq!(other_door.with("idempotency-key", "k").post("/users", form).expect(201).json, by_session.json);
    }
}

#[test]
fn without_an_issuer_only_our_own_tokens_count() {
    let register = Register::on(Databases::Sqlite);
    let key = Key::new("one");
    register
        .as_user(&key.sign(&json!({"iss": "x", "aud": AUDIENCE, CLAIM: "ada1", "exp": 4_000_000_000_i64})))
        .get("/me")
        .expect(401);
}
