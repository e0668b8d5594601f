//! Tokens that nobody gave: a hundred kinds and more, as the register's own and as the issuer's, and none opens anything.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use riskregister::storage::{Id, Timestamp};
use serde_json::{Value, json};

use crate::kit::{Register, both};
use crate::oidc::{AUDIENCE, CLAIM, Federation, Key};

/// A token of these bytes, whatever they are.
fn written(head: &[u8], claims: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(head), URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn by_hmac(algorithm: hmac::Algorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, key), text).as_ref().to_vec()
}

fn by_curve(key: &Key, text: &[u8]) -> Vec<u8> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.private).expect("a key");
    pair.sign(&SystemRandom::new(), text).expect("a signature").as_ref().to_vec()
}

/// The same value with a field that is another, or is not there.
fn with(value: &Value, name: &str, other: Value) -> Value {
    let mut changed = value.clone();
    let fields = changed.as_object_mut().expect("an object");
    match other {
        Value::Null => drop(fields.remove(name)),
        other => drop(fields.insert(name.to_owned(), other)),
    }
    changed
}

/// What a head says of how it is signed that it is not, and what nobody here knows.
fn labels(right: &str) -> Vec<Value> {
    let all = [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256", "RS384",
        "RS512", "PS256", "PS384", "PS512", "EdDSA", "ES256K", "dir", "es256", "hs256",
    ];
    let texts = all.into_iter().filter(|label| *label != right).map(Value::from);
    texts.chain([Value::Null, json!(0), json!([right]), json!({"alg": right})]).collect()
}

/// Heads that would be another token's.
fn heads(right: &Value) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for alg in labels(right["alg"].as_str().expect("an algorithm")) {
        all.push(("alg", with(right, "alg", alg)));
    }
    for typ in [json!("logout+jwt"), json!("secevent+jwt"), json!("JWE"), json!("at+jwt+x"), json!(""), json!(7)] {
        all.push(("typ", with(right, "typ", typ)));
    }
    // What is critical must be understood (RFC 7515, 4.1.11).
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("b64")] {
        all.push(("crit", with(&with(right, "b64", json!(false)), "crit", crit)));
    }
    all
}

/// Signatures that are no signature of it, made of a right one.
fn signatures(right: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let flipped = |at: usize| {
        let mut other = right.to_vec();
        other[at] ^= 1;
        other
    };
    let half = right.len() / 2;
    vec![
        ("none at all", Vec::new()),
        ("a bit of its first byte", flipped(0)),
        ("a bit of its last byte", flipped(right.len() - 1)),
        ("nothing but noughts", vec![0; right.len()]),
        ("its halves the other way round", [&right[half..], &right[..half]].concat()),
        ("a byte less", right[..right.len() - 1].to_vec()),
        ("a byte more", [right, &[0]].concat()),
        ("the half of it", right[..half].to_vec()),
        ("it twice", [right, right].concat()),
    ]
}

/// Texts that are no token, made of a right one.
fn shapes(good: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let [head, claims, signature] = parts[..] else { panic!("three parts") };
    let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let listed = json!({"payload": claims, "signatures": [{"protected": head, "signature": signature}]}).to_string();
    let flat = json!({"payload": claims, "protected": head, "signature": signature}).to_string();
    vec![
        ("two parts", format!("{head}.{claims}")),
        ("one part", head.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("five parts, as what is encrypted has", format!("{head}..{claims}.{signature}.{signature}")),
        ("a dot more at the end", format!("{good}.")),
        ("a dot more at the beginning", format!(".{good}")),
        ("no head", format!(".{claims}.{signature}")),
        ("nothing said", format!("{head}..{signature}")),
        ("a head that is no JSON", format!("{}.{claims}.{signature}", encoded("alg"))),
        ("a head that is a list", format!("{}.{claims}.{signature}", encoded("[]"))),
        ("JSON as such", flat),
        ("JSON with several signatures", listed),
        ("padding", format!("{head}.{claims}.{signature}==")),
        ("a space within", format!("{head}. {claims}.{signature}")),
        ("a quote around", format!("\"{good}\"")),
        ("twice", format!("{good},{good}")),
        ("in base64 once more", STANDARD.encode(good)),
        ("dots as an address writes them", good.replace('.', "%2E")),
    ]
}

/// Holds that none of these opens anything.
fn all_refused(register: &Register, forged: Vec<(String, String)>) {
    assert!(forged.len() >= 60, "{}", forged.len());
    for (what, token) in &forged {
        let answer = register.as_user(token).get("/me");
        assert_eq!(answer.status, 401, "a token with {what} opened: {token}");
        // Nor a page, in the place of a session.
        let page = register.bearing(token).get("/tasks");
        assert_eq!(page.status, 303, "a cookie with {what} opened: {token}");
    }
}

both! {
    fn none_that_is_like_our_own_opens(register: &Register) {
        let secret = register.config.secret.clone();
        let ours = |text: &[u8]| by_hmac(hmac::HMAC_SHA256, &secret, text);
        let good = register.token(&register.admin_id);
        let part = |at: usize| -> Value {
            let part = good.split('.').nth(at).expect("a part");
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
        };
        let (head, claims) = (part(0), part(1));
        let token = |head: &Value, claims: &Value| written(head.to_string().as_bytes(), claims.to_string().as_bytes(), ours);
        register.as_user(&token(&head, &claims)).get("/me").expect(200);
        let mut forged = Vec::new();
        for (what, other) in heads(&head).into_iter().chain([("typ", with(&head, "typ", Value::Null)), ("typ", with(&head, "typ", json!("at+jwt")))]) {
            forged.push((format!("{what} {}", other[what]), token(&other, &claims)));
        }
        let now = Timestamp::now().utc().timestamp();
        let somebody = register.person("Sam Annan", &register.root);
        let claimed: [(&str, &[Value]); 7] = [
            // On the second, too: nothing is let be.
            ("exp", &[Value::Null, json!(now), json!(now - 1), json!(0), json!(-1), json!("2099-01-01"), json!([]), json!({}), json!(true)]),
            ("iss", &[Value::Null, json!(""), json!("Riskregister"), json!("riskregister/"), json!(7), json!(["riskregister"])]),
            ("aud", &[Value::Null, json!(""), json!("riskregister"), json!([]), json!(["riskregister"]), json!(1)]),
            ("sub", &[Value::Null, json!(""), json!(somebody.id), json!(Id::new()), json!("*"), json!(1), json!([register.admin_id])]),
            ("sid", &[Value::Null, json!(""), json!(Id::new()), json!(somebody.session), json!("%"), json!(0)]),
            ("use", &[Value::Null, json!(""), json!("ACCESS"), json!("refresh"), json!("unsubscribe"), json!("password"), json!("service"), json!("devices"), json!(["access"])]),
            ("iat", &[Value::Null, json!("now"), json!([])]),
        ];
        for (name, others) in claimed {
            for other in others {
                forged.push((format!("{name} {other}"), token(&head, &with(&claims, name, other.clone()))));
            }
        }
        let (head, claims) = (head.to_string(), claims.to_string());
        for (what, other) in signatures(&ours(good.rsplit_once('.').expect("a signature").0.as_bytes())) {
            forged.push((what.into(), written(head.as_bytes(), claims.as_bytes(), |_| other.clone())));
        }
        let wrong: [(&str, Vec<u8>); 6] = [
            ("no key", Vec::new()),
            ("a key of noughts", vec![0; 32]),
            ("half the key", secret[..16].to_vec()),
            ("the key and more", [&secret[..], b"!"].concat()),
            ("the key's digest", digest::digest(&digest::SHA256, &secret).as_ref().to_vec()),
            ("a key that is guessed", b"riskregister".to_vec()),
        ];
        for (what, key) in wrong {
            forged.push((what.into(), written(head.as_bytes(), claims.as_bytes(), |text| by_hmac(hmac::HMAC_SHA256, &key, text))));
        }
        for (label, algorithm) in [("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)] {
            let head = json!({"typ": "JWT", "alg": label}).to_string();
            forged.push((format!("the right key by {label}"), written(head.as_bytes(), claims.as_bytes(), |text| by_hmac(algorithm, &secret, text))));
        }
        for claims in ["[]", "null", "", "7", "\"x\"", "{", "\u{feff}{}"] {
            forged.push((format!("claims {claims:?}"), written(head.as_bytes(), claims.as_bytes(), ours)));
        }
        forged.extend(shapes(&good).into_iter().map(|(what, token)| (what.into(), token)));
        all_refused(register, forged);
    }

    fn none_that_is_like_the_issuers_opens(all: &Federation) {
        let key = &all.key;
        let issuers = |text: &[u8]| by_curve(key, text);
        let head = json!({"typ": "JWT", "alg": "ES256", "kid": "one"});
        let claims = all.claims();
        let token = |head: &Value, claims: &Value| written(head.to_string().as_bytes(), claims.to_string().as_bytes(), issuers);
        for typ in [json!("JWT"), json!("at+jwt"), json!("application/AT+JWT"), Value::Null] {
            all.register.as_user(&token(&with(&head, "typ", typ), &claims)).get("/me").expect(200);
        }
        let mut forged = Vec::new();
        let mut others = heads(&head);
        let names = ["", "two", "../one", "one ", "ONE", "one\u{0}", "one' OR '1'='1", "https://elsewhere.example.org/keys"];
        others.extend(names.map(|name| ("kid", with(&head, "kid", json!(name)))));
        others.extend([Value::Null, json!(1), json!(["one"])].map(|name| ("kid", with(&head, "kid", name))));
        for (what, other) in others {
            forged.push((format!("{what} {}", other[what]), token(&other, &claims)));
        }
        let now = Timestamp::now().utc().timestamp();
        let issuer = all.issuer.as_str();
        let claimed: [(&str, &[Value]); 5] = [
            ("exp", &[Value::Null, json!(now - 31), json!(0), json!(-1), json!("2099-01-01"), json!([]), json!(true)]),
            ("nbf", &[json!(now + 60), json!(4_000_000_000_i64)]),
            ("iss", &[Value::Null, json!(""), json!(issuer.to_uppercase()), json!(format!("{issuer}/")), json!(format!("{issuer}.example.org")), json!(7), json!(["https://elsewhere.example.org"])]),
            ("aud", &[Value::Null, json!(""), json!([]), json!(["elsewhere"]), json!(AUDIENCE.to_uppercase()), json!(format!("{AUDIENCE}2")), json!(1), json!({AUDIENCE: true})]),
            (CLAIM, &[Value::Null, json!(""), json!(7), json!([]), json!(["ada1"]), json!({"ada1": 1}), json!(true), json!("ADA1"), json!("ada1 "), json!(" ada1"), json!("ada1\u{0}"), json!("*"), json!("%"), json!("ada_")]),
        ];
        for (name, others) in claimed {
            for other in others {
                forged.push((format!("{name} {other}"), token(&head, &with(&claims, name, other.clone()))));
            }
        }
        // Keys that the token itself brings, or says where to find, are not looked at.
        let stranger = Key::new("one");
        for (what, value) in [
            ("jwk", stranger.published()),
            ("jku", json!("https://elsewhere.example.org/keys")),
            ("x5u", json!("https://elsewhere.example.org/certificates")),
            ("x5c", json!([STANDARD.encode(&stranger.public)])),
        ] {
            for head in [with(&head, what, value.clone()), with(&with(&head, what, value.clone()), "kid", Value::Null)] {
                let made = written(head.to_string().as_bytes(), claims.to_string().as_bytes(), |text| by_curve(&stranger, text));
                forged.push((format!("{what} of its own"), made));
            }
        }
        // What is published is no secret.
        let published = key.published().to_string();
        for secret in [&key.public[..], &key.public[1..33], published.as_bytes(), b"one"] {
            let head = json!({"typ": "JWT", "alg": "HS256", "kid": "one"}).to_string();
            let made = written(head.as_bytes(), claims.to_string().as_bytes(), |text| by_hmac(hmac::HMAC_SHA256, secret, text));
            forged.push(("the public key as a secret".into(), made));
        }
        let good = token(&head, &claims);
        let signed = good.rsplit_once('.').expect("a signature").0.as_bytes().to_vec();
        let in_asn1 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key.private).expect("a key");
        let in_asn1 = in_asn1.sign(&SystemRandom::new(), &signed).expect("a signature").as_ref().to_vec();
        let other = by_curve(key, b"another.token");
        let mut wrong = signatures(&issuers(&signed));
        wrong.extend([("another form", in_asn1), ("that of another token", other), ("infinity", vec![0xff; 64])]);
        for (what, signature) in wrong {
            forged.push((what.into(), written(head.to_string().as_bytes(), claims.to_string().as_bytes(), |_| signature.clone())));
        }
        forged.extend(shapes(&good).into_iter().map(|(what, token)| (what.into(), token)));
        all_refused(&all.register, forged);
    }
}
