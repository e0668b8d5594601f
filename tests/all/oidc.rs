//! Tokens of an OIDC issuer: a small real one on this machine, with real keys.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use riskregister::auth::{Demanded, Keys, Oidc, OidcClient};
use riskregister::authorities::Authorities;
use riskregister::config::Config;
use riskregister::storage::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::kit::browser::{Browser, Scripts};
use crate::kit::tls::Front;
use crate::kit::visitor::Visitor;
use crate::kit::{Answer, Databases, Register, Start, both, wait};

pub const AUDIENCE: &str = "riskregister";
pub const CLAIM: &str = "employeeId";
const CLIENT: &str = "riskregister-pages";

/// A signing key, and what the issuer publishes of it.
pub struct Key {
    kid: &'static str,
    pub private: Vec<u8>,
    pub public: Vec<u8>,
}

impl Key {
    pub fn new(kid: &'static str) -> Self {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        let private = made.as_ref().to_vec();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &private).expect("a key");
        let public = pair.public_key().as_ref().to_vec();
        Self { kid, private, public }
    }

    pub fn published(&self) -> Value {
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
    /// How many codes have been given out.
    given: usize,
    /// What was asked when each code was given out.
    codes: BTreeMap<String, BTreeMap<String, String>>,
    /// What the next token says otherwise than it should.
    lie: Option<(&'static str, Value)>,
}

type Shown = web::Data<Mutex<Published>>;

/// Where people sign in: this one always lets Ada in.
async fn authorize(asked: web::Query<BTreeMap<String, String>>, shown: Shown) -> HttpResponse {
    let asked = asked.into_inner();
    for (name, value) in [("response_type", "code"), ("client_id", CLIENT), ("code_challenge_method", "S256")] {
        assert_eq!(asked[name], value, "{name}");
    }
    assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    let code = format!("code-{}", shown.given);
    shown.given += 1;
    let mut back = url::Url::parse(&asked["redirect_uri"]).expect("an address to come back to");
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked["state"]);
    shown.codes.insert(code, asked);
    HttpResponse::Found().insert_header(("location", String::from(back))).finish()
}

/// Changes a code for a token, once, for the client alone whose it is.
async fn token(
    request: HttpRequest,
    form: web::Form<BTreeMap<String, String>>,
    shown: Shown,
    key: web::Data<Key>,
) -> HttpResponse {
    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(asked) = shown.codes.remove(&form["code"]) else { return HttpResponse::BadRequest().finish() };
    // Client id and secret are in the encoding of forms, and then in base64.
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:hemlig+%26+l%C3%A5ng")));
    let given = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let proved = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if given != Some(expected.as_str())
        || proved != asked["code_challenge"]
        || form["redirect_uri"] != asked["redirect_uri"]
        || form["grant_type"] != "authorization_code"
    {
        return HttpResponse::Unauthorized().finish();
    }
    let now = Timestamp::now().utc().timestamp();
    let issuer = format!("http://{}", request.app_config().local_addr());
    let mut claims = json!({"iss": issuer, "aud": CLIENT, "sub": "opaque", CLAIM: "ada1", "iat": now, "exp": now + 600,
        "nonce": asked["nonce"], "sid": form["code"]});
    if let Some((name, lie)) = shown.lie.take() {
        claims[name] = lie;
    }
    HttpResponse::Ok().json(json!({"access_token": "x", "token_type": "Bearer", "id_token": key.sign(&claims)}))
}

/// The issuer, and a register that trusts it.
pub struct Federation {
    pub register: Register,
    pub key: web::Data<Key>,
    pub issuer: String,
    published: Arc<Mutex<Published>>,
    server: Option<(actix_web::dev::ServerHandle, JoinHandle<()>)>,
}

impl Start for Federation {
    fn on(databases: Databases) -> Self {
        Self::start(databases, |_| {})
    }
}

impl Federation {
    fn start(databases: Databases, configure: impl FnOnce(&mut Config)) -> Self {
        let key = web::Data::new(Key::new("one"));
        let published = Arc::new(Mutex::new(Published { keys: vec![key.published()], ..Published::default() }));
        let (sender, receiver) = std::sync::mpsc::channel();
        let (shown, signing) = (published.clone(), key.clone());
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async {
                let server = HttpServer::new(move || {
                    let shown = shown.clone();
                    App::new()
                        .app_data(web::Data::from(shown.clone()))
                        .app_data(signing.clone())
                        .route("/authorize", web::get().to(authorize))
                        .route("/token", web::post().to(token))
                        .route(
                            "/logout",
                            web::get().to(|asked: web::Query<BTreeMap<String, String>>| async move {
                                let gone = format!("<!DOCTYPE html><p id=\"gone\">{}</p>", asked["client_id"]);
                                HttpResponse::Ok().content_type("text/html").body(gone)
                            }),
                        )
                        .route(
                            "/.well-known/openid-configuration",
                            web::get().to(|request: actix_web::HttpRequest| async move {
                                let issuer = format!("http://{}", request.app_config().local_addr());
                                web::Json(json!({"issuer": issuer, "jwks_uri": format!("{issuer}/keys"),
                                    "authorization_endpoint": format!("{issuer}/authorize"),
                                    "token_endpoint": format!("{issuer}/token"),
                                    "end_session_endpoint": format!("{issuer}/logout")}))
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
        let client = Some(OidcClient { id: CLIENT.into(), secret: Some("hemlig & lång".into()) });
        let oidc = Oidc {
            issuer: issuer.clone(),
            audience: AUDIENCE.into(),
            claim: CLAIM.into(),
            demanded: Default::default(),
            jwks_url: None,
            authorities: Default::default(),
            client,
        };
        let register = Register::start(databases, |config| {
            config.oidc = Some(oidc);
            configure(config);
        });
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

/// What an answer puts into a cookie, if it does.
fn set_cookie(answer: &Answer, name: &str) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let found = all.filter_map(|cookie| cookie.split(';').next()?.split_once('=')).find(|(n, _)| *n == name);
    found.map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

impl Federation {
    /// Off to the issuer: its address, and the cookie that waits.
    #[track_caller]
    fn leave(&self, to: &str) -> (String, String) {
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let away = self.register.passer_by().get(&format!("/sign-in/oidc?to={to}")).expect(303);
        let waiting = set_cookie(&away, "__Host-detour").expect("a cookie waits");
        assert!(away.header("set-cookie").contains("HttpOnly") && away.header("set-cookie").contains("Secure"));
        (away.header("location").to_owned(), waiting)
    }

    /// What the issuer does with somebody who comes: where on our site it sends them.
    fn at_issuer(&self, away: &(String, String)) -> String {
        let address = away.0.clone();
        let back = wait(async move {
            let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
            let answer = browser.expect("a client").get(address).send().await.expect("the issuer answers");
            answer.headers()["location"].to_str().expect("an address").to_owned()
        });
        let back = url::Url::parse(&back).expect("an address");
        assert_eq!(back.path(), "/sign-in/callback");
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    fn come_back(&self, away: &(String, String), to: &str) -> Answer {
        self.register.passer_by().with("cookie", &format!("__Host-detour={}", away.1)).get(to)
    }

    /// Ada, signed in to the pages, and what the issuer calls its session.
    fn ada(&self) -> (Visitor, String) {
        let away = self.leave("/");
        let back = self.at_issuer(&away);
        let (_, sid) = url::Url::parse(&format!("http://localhost{back}"))
            .expect("an address")
            .query_pairs()
            .into_owned()
            .find(|(name, _)| name == "code")
            .expect("a code");
        let home = self.come_back(&away, &back).expect(303);
        (self.register.bearing(&set_cookie(&home, riskregister::web::SESSION).expect("a session")), sid)
    }

    pub fn claims(&self) -> Value {
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
        // An address that the issuer calls somebody by is one however it is written; any other name is what it is.
        let form = json!({"organisationId": reg.root, "name": "Upn", "email": "u@example.org", "subject": "Upn.Namn@Exempel.SE"});
        let upn = reg.admin.post("/users", form).expect(201);
        assert_eq!(upn["subject"], "upn.namn@exempel.se");
        assert_eq!(all.status(&all.key.sign(&all.with(CLAIM, json!("UPN.namn@exempel.se")))), 200);
        let form = json!({"organisationId": reg.root, "name": "Två", "email": "t@example.org", "subject": "UPN.NAMN@exempel.se"});
        reg.admin.post("/users", form).refused(422, "subjectTaken");
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
            demanded: Default::default(),
            authorities: Default::default(),
            client: None,
        };
        let register = Register::start(Databases::Sqlite, |config| config.oidc = Some(elsewhere));
        let answer = register.as_user(&all.key.sign(&all.claims())).get("/me").expect(503);
        assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|s| s > 0));
        register.admin.get("/me").expect(200);
    }

    fn people_sign_in_to_the_pages_at_the_issuer(all: &Federation) {
        let page = all.register.passer_by().page("/sign-in?to=/risks");
        assert!(page.text("main").contains("Logga in med organisationens inloggning"), "{}", page.text("main"));
        let away = all.leave("/risks?level=high");
        let back = all.at_issuer(&away);
        let home = all.come_back(&away, &back);
        assert_eq!((home.status, home.header("location")), (303, "/risks?level=high"));
        let ada = all.register.bearing(&set_cookie(&home, riskregister::web::SESSION).expect("a session"));
        assert!(ada.page("/tasks").text("h1").contains("Mina uppgifter"));
        // Used twice, a code is refused by the issuer; without the cookie nobody comes back at all.
        let again = all.come_back(&away, &back);
        assert_eq!((again.status, set_cookie(&again, riskregister::web::SESSION)), (401, None));
        let stranger = all.register.passer_by().get(&all.at_issuer(&away));
        assert_eq!((stranger.status, set_cookie(&stranger, riskregister::web::SESSION)), (401, None));
    }

    fn who_came_in_by_the_issuer_leaves_it_too(all: &Federation) {
        let (ada, _) = all.ada();
        let csrf = ada.page("/account").form("form[action='/sign-out']");
        // No form may lead off the site: the page that says that one is signed out goes on by itself.
        let gone = ada.send("/sign-out", &csrf).expect(200);
        let refresh = gone.header("refresh").strip_prefix("0; url=").expect("it goes on");
        let to = url::Url::parse(refresh).expect("an address");
        assert!(String::from_utf8_lossy(&gone.body).contains("Du är utloggad här"));
        assert_eq!(format!("{}{}", &to[..url::Position::BeforePath], to.path()), format!("{}/logout", all.issuer));
        let asked: BTreeMap<String, String> = to.query_pairs().into_owned().collect();
        assert_eq!(asked["client_id"], CLIENT);
        assert_eq!(asked["post_logout_redirect_uri"], "http://localhost/sign-in");
        ada.get("/tasks").expect(303);
        // Who came in otherwise has nothing to leave there.
        let other = all.register.visitor(&all.register.admin_id);
        let csrf = other.page("/account").form("form[action='/sign-out']");
        assert_eq!(other.send("/sign-out", &csrf).expect(303).header("location"), "/sign-in");
    }

    fn what_ends_at_the_issuer_ends_here(all: &Federation) {
        let tell = |token: &str| {
            let form = [("logout_token".to_owned(), token.to_owned())];
            all.register.passer_by().send_bare("/sign-in/backchannel-logout", &form)
        };
        let now = Timestamp::now().utc().timestamp();
        let events = json!({"http://schemas.openid.net/event/backchannel-logout": {}});
        let (one, sid) = all.ada();
        let (other, _) = all.ada();
        let whole = json!({"iss": all.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": "1", "sub": "opaque",
            "sid": sid, "events": events});
        for (name, wrong) in [
            ("events", Value::Null),
            ("events", json!({})),
            ("events", json!({"http://schemas.openid.net/event/backchannel-logout": true})),
            ("nonce", json!("a")),
            ("aud", json!(AUDIENCE)),
            ("iss", json!("https://elsewhere.example.org")),
            ("exp", json!(now - 600)),
        ] {
            let mut token = whole.clone();
            token[name] = wrong;
            let answer = tell(&all.key.sign(&token)).expect(400);
            assert_eq!((answer.json["error"].as_str(), answer.header("cache-control")), (Some("invalid_request"), "no-store"), "{token}");
        }
        let nobody = json!({"iss": all.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "events": events});
        tell(&all.key.sign(&nobody)).expect(400);
        tell(&Key::new("one").sign(&whole)).expect(400);
        tell("").expect(400);
        for ada in [&one, &other] {
            ada.get("/tasks").expect(200);
        }
        let told = tell(&all.key.sign(&whole)).expect(200);
        assert_eq!(told.header("cache-control"), "no-store");
        one.get("/tasks").expect(303);
        other.get("/tasks").expect(200);
        // All of somebody's; again, there is nothing to end.
        let mut person = whole.clone();
        person.as_object_mut().expect("an object").remove("sid");
        tell(&all.key.sign(&person)).expect(200);
        other.get("/tasks").expect(303);
        tell(&all.key.sign(&person)).expect(200);
        let ended = all.register.admin.get(&format!("/logs/{}/events?kind=session.ended&limit=200", all.register.root)).expect(200);
        assert_eq!(ended.items().len(), 2);
        // What began otherwise goes on.
        all.register.admin.get("/me").expect(200);
    }

    fn what_the_issuer_says_is_held_against_what_was_asked(all: &Federation) {
        for (name, lie) in [
            ("nonce", json!("another")),
            ("aud", json!("another client")),
            ("iss", json!("https://elsewhere.example.org")),
            ("exp", json!(1_600_000_000)),
            (CLAIM, json!("nobody here")),
            (CLAIM, Value::Null),
        ] {
            all.published.lock().unwrap_or_else(PoisonError::into_inner).lie = Some((name, lie.clone()));
            let away = all.leave("/");
            let home = all.come_back(&away, &all.at_issuer(&away));
            assert_eq!((home.status, set_cookie(&home, riskregister::web::SESSION)), (401, None), "{name}: {lie}");
        }
        // A state of somebody else's.
        let (mine, theirs) = (all.leave("/"), all.leave("/"));
        let home = all.come_back(&mine, &all.at_issuer(&theirs));
        assert_eq!((home.status, set_cookie(&home, riskregister::web::SESSION)), (401, None));
        // The person said no there.
        let address = url::Url::parse(&mine.0).expect("an address");
        let (_, state) = address.query_pairs().find(|(name, _)| name == "state").expect("a state");
        let home = all.come_back(&mine, &format!("/sign-in/callback?error=access_denied&state={state}"));
        assert_eq!(home.status, 401);
        // And off the site nobody is led.
        let away = all.leave("https://elsewhere.example.org/");
        let home = all.come_back(&away, &all.at_issuer(&away));
        assert_eq!((home.status, home.header("location")), (303, "/"));
    }

    fn the_same_key_of_the_same_person_by_either_door(all: &Federation) {
        let form = json!({"organisationId": all.register.root, "name": "En", "email": "en@example.org"});
        let by_session = all.register.admin.with("idempotency-key", "k").post("/users", form.clone()).expect(201);
        let other_door = all.register.as_user(&all.key.sign(&all.claims()));
        assert_eq!(other_door.with("idempotency-key", "k").post("/users", form).expect(201).json, by_session.json);
    }
}

/// The issuer's tokens name accounts too, by the keys that are known; what another has signed names nobody.
#[test]
fn tokens_of_the_issuer_have_room_of_their_own() {
    const ROOM: usize = 12;
    let all = Federation::start(Databases::Sqlite, |config| config.requests_per_minute = 12);
    let is_let_in = |token: &str| all.register.as_user(token).send_outside("GET", "/api/v1/me", None).status != 429;
    let room = |token: &str| (0..10 * ROOM).take_while(|_| is_let_in(token)).count();
    let ada = all.key.sign(&all.claims());
    // The first is counted by its address: the keys are not known yet.
    assert_eq!(all.status(&ada), 200);
    for token in [ada, all.key.sign(&all.with(CLAIM, json!("gus1")))] {
        let room = room(&token);
        assert!((ROOM..=ROOM + 2).contains(&room), "{room}");
    }
    let stranger = Key::new("one");
    let forged = |n: usize| stranger.sign(&all.with(CLAIM, json!(format!("n{n}"))));
    let let_in = (0..10 * ROOM).take_while(|n| is_let_in(&forged(*n))).count();
    assert!((ROOM - 1..=ROOM + 2).contains(&let_in), "{let_in}");
}

#[test]
fn an_issuer_can_be_asked_before_anybody_signs_in() {
    let all = Federation::on(Databases::Sqlite);
    let ask = || {
        let keys = Keys::new(&all.register.config.secret, all.register.config.oidc.clone()).expect("keys");
        wait(async move { keys.ask_issuer().await })
    };
    assert_eq!(ask(), Ok("1 of its keys can be used".into()));
    all.publish(Vec::new());
    assert!(ask().is_err_and(|why| why.contains("no key")));
}

/// In a browser, with scripts and without: a click signs out here and at the issuer.
#[test]
fn a_click_signs_out_of_the_issuer_too() {
    for scripts in [Scripts::Run, Scripts::Blocked] {
        let all = Federation::on(Databases::Sqlite);
        let (ada, _) = all.ada();
        let browser = Browser::start(&all.register.address, scripts);
        browser.open("/sign-in");
        browser.take_cookie(riskregister::web::SESSION, &ada.cookie);
        browser.open("/account");
        browser.follow_within("//header", "Logga ut");
        assert_eq!(browser.text("#gone"), CLIENT);
        ada.get("/account").expect(303);
    }
}

/// A token must say that somebody signed in as it is demanded, over the API and on the pages, which ask the issuer for it.
#[test]
fn how_people_sign_in_is_demanded() {
    let words = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    let all = Federation::start(Databases::Sqlite, |config| {
        let oidc = config.oidc.as_mut().expect("an issuer");
        oidc.demanded = Demanded { acr: words(&["loa3", "loa4"]), amr: words(&["mfa", "hwk"]) };
    });
    for (acr, amr, status) in [
        (json!("loa3"), json!(["pwd", "mfa", "hwk"]), 200),
        (json!("loa4"), json!(["hwk", "mfa"]), 200),
        (json!("loa2"), json!(["mfa", "hwk"]), 401),
        (json!("loa3"), json!(["mfa"]), 401),
        (json!("loa3"), json!("mfa hwk"), 401),
        (json!(["loa3"]), json!(["mfa", "hwk"]), 401),
        (Value::Null, Value::Null, 401),
    ] {
        let mut claims = all.claims();
        claims["acr"] = acr;
        claims["amr"] = amr;
        // Asked for anew, and with keys that are known already.
        for _ in 0..2 {
            assert_eq!(all.status(&all.key.sign(&claims)), status, "{claims}");
        }
    }
    let away = all.leave("/");
    let asked = url::Url::parse(&away.0).expect("an address");
    assert!(asked.query_pairs().any(|(name, value)| name == "acr_values" && value == "loa3 loa4"), "{asked}");
    // The issuer says nothing of how Ada signed in.
    let home = all.come_back(&away, &all.at_issuer(&away));
    assert_eq!((home.status, set_cookie(&home, riskregister::web::SESSION)), (401, None));
}

/// What Entra ID's tokens look like: those of version 2 by its own issuer, and those of version 1, which another is named in, where
/// the operator has named that and its keys. Neither is taken for the other.
#[test]
fn tokens_of_entra_are_read_in_either_version() {
    const TENANT: &str = "c5c4d3f2-6d11-4e4b-9a0e-7a0b2f1c9d3e";
    const OBJECT: &str = "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9";
    let all = Federation::on(Databases::Sqlite);
    let now = Timestamp::now().utc().timestamp();
    let second = json!({
        "aud": "6b1f0e0c-8c0d-4f0e-9d55-2a6f3d7c1b42", "iss": format!("https://login.microsoftonline.com/{TENANT}/v2.0"),
        "iat": now, "nbf": now, "exp": now + 4000, "aio": "AXQAi/8WAAAA", "azp": "6b1f0e0c-8c0d-4f0e-9d55-2a6f3d7c1b42",
        "azpacr": "1", "name": "Ada Administratör", "oid": OBJECT, "preferred_username": "Ada@Region.example", "rh": "1.AX0A",
        "scp": "access_as_user", "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": TENANT, "uti": "K1", "ver": "2.0",
    });
    let first = json!({
        "aud": "api://riskregister", "iss": format!("https://sts.windows.net/{TENANT}/"), "iat": now, "nbf": now,
        "exp": now + 4000, "acr": "1", "aio": "AXQAi/8WAAAA", "amr": ["pwd", "mfa"],
        "appid": "6b1f0e0c-8c0d-4f0e-9d55-2a6f3d7c1b42", "appidacr": "1", "family_name": "Administratör", "given_name": "Ada",
        "ipaddr": "192.0.2.1", "name": "Ada Administratör", "oid": OBJECT, "rh": "1.AX0A", "scp": "access_as_user",
        "sub": "Lk3zqFVrSaSaFHy782bbtaQ", "tid": TENANT, "unique_name": "Ada@Region.example", "upn": "Ada@Region.example", "ver": "1.0",
    });
    for (claims, other, amr) in [(&second, &first, &[][..]), (&first, &second, &["mfa"])] {
        for (claim, subject) in
            [("oid", OBJECT), (if amr.is_empty() { "preferred_username" } else { "upn" }, "ada@region.example")]
        {
            let oidc = Oidc {
                issuer: claims["iss"].as_str().expect("a text").into(),
                audience: claims["aud"].as_str().expect("a text").into(),
                claim: claim.into(),
                demanded: Demanded { acr: Vec::new(), amr: amr.iter().map(|one| (*one).to_owned()).collect() },
                jwks_url: Some(format!("{}/keys", all.issuer)),
                authorities: Default::default(),
                client: None,
            };
            let register = Register::start(Databases::Sqlite, |config| config.oidc = Some(oidc));
            register
                .admin
                .patch_current(&format!("/users/{}", register.admin_id), json!({"subject": subject}))
                .expect(200);
            let me = register.as_user(&all.key.sign(claims)).get("/me").expect(200);
            assert_eq!(me["id"], register.admin_id);
            register.as_user(&all.key.sign(other)).get("/me").expect(401);
        }
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

/// An issuer whose certificate an authority of one's own has signed is asked where that authority is named.
#[test]
fn an_issuer_of_ones_own_authority_is_trusted_where_it_is_named() {
    let all = Federation::on(Databases::Sqlite);
    let plain = all.issuer.trim_start_matches("http://").parse().expect("an address");
    let front = Front::before(plain);
    for (authorities, status) in [(Authorities::default(), 503), (front.authorities(), 200)] {
        let oidc = Oidc {
            issuer: all.issuer.clone(),
            audience: AUDIENCE.into(),
            claim: CLAIM.into(),
            demanded: Default::default(),
            jwks_url: Some(format!("https://localhost:{}/keys", front.port)),
            authorities,
            client: None,
        };
        let register = Register::start(Databases::Sqlite, |config| config.oidc = Some(oidc));
        let admin = register.admin.get("/me").expect(200);
        let subject = json!({"subject": "ada1"});
        register.admin.patch_current(&format!("/users/{}", admin.id()), subject).expect(200);
        register.as_user(&all.key.sign(&all.claims())).get("/me").expect(status);
    }
}
