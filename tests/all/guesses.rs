//! Guessing at passwords: how many are let through, and whom that holds up.

use riskregister::limits::Proxies;
use serde_json::json;

use crate::kit::depth::deep;
use crate::kit::visitor::cookie_of;
use crate::kit::{Answer, Client, Databases, Register, Start, World, both};

/// A world behind a proxy on this machine, which says who asks.
struct Behind(World);

impl Start for Behind {
    fn on(databases: Databases) -> Self {
        let proxies = || Proxies::parse("127.0.0.0/8, ::1").expect("networks");
        Self(World::with(databases, |config| config.trusted_proxies = proxies()))
    }
}

impl Behind {
    fn from(&self, place: &str) -> Client {
        self.0.as_nobody().with("x-forwarded-for", place)
    }

    fn sign_in(&self, place: &str, password: &str) -> Answer {
        self.from(place).post("/sessions", json!({"email": EMAIL, "password": password}))
    }

    /// As a browser does, with a cookie that it may have.
    fn enter(&self, place: &str, cookie: Option<&str>, password: &str) -> Answer {
        let form = [("email", EMAIL), ("password", password)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let client = self
            .from(place)
            .with("content-type", "application/x-www-form-urlencoded")
            .with("sec-fetch-site", "same-origin");
        let client = cookie.map_or_else(|| client.clone(), |cookie| client.with("cookie", cookie));
        client.send_outside("POST", "/sign-in", Some(body.into_bytes()))
    }
}

/// The cookie by which a browser is known, as the browser sends it.
fn device_of(answer: &Answer) -> String {
    let mut set = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let device = set.find(|value| value.starts_with("__Host-device=")).expect("a device is known");
    device.split(';').next().expect("a value").to_owned()
}

/// Of somebody with a password.
const EMAIL: &str = "vera.van@example.org";
const HOME: &str = "198.51.100.7";

both! {
    fn who_guesses_elsewhere_holds_nobody_up_who_is_known(behind: &Behind) {
        let person = behind.0.add("Vera Van", &behind.0.root, None);
        behind.sign_in(HOME, Register::PASSWORD).expect(201);
        let entered = behind.enter(HOME, None, Register::PASSWORD).expect(303);
        cookie_of(&entered);
        let device = device_of(&entered);
        // A day has a hundred tries, half of them at once, from wherever they come.
        let (guesses, places) = (deep(400, 100_000), deep(100, 1_000));
        let mut judged = 0;
        for n in 0..guesses {
            let place = format!("203.0.{}.{}", n % places / 250, n % places % 250);
            let answer = behind.sign_in(&place, "fel");
            judged += u32::from(answer.status == 401);
            assert!(matches!(answer.status, 401 | 429), "{}", answer.status);
            if n % (guesses / 10) == 0 {
                behind.sign_in(HOME, Register::PASSWORD).expect(201);
                behind.enter("192.0.2.55", Some(&device), Register::PASSWORD).expect(303);
            }
        }
        assert!((50..=100).contains(&judged), "{judged} guesses were judged");
        let wait: i64 = behind.sign_in("192.0.2.77", Register::PASSWORD).expect(429).header("retry-after").parse().expect("seconds");
        assert!((1..=1728).contains(&wait), "{wait}");
        assert_eq!(behind.enter("192.0.2.77", None, Register::PASSWORD).status, 429);
        // The cookie is one person's, and opens nothing by itself.
        assert_eq!(behind.enter("192.0.2.77", Some(&device), "fel").status, 401);
        let other = json!({"email": behind.0.head.email, "password": "fel"});
        behind.from("192.0.2.77").post("/sessions", other).expect(401);
        behind.0.as_user(device.trim_start_matches("__Host-device=")).get("/me").expect(401);
        // Who guesses where the person sits holds up that place, and not the person's own browser there.
        for _ in 0..5 {
            behind.sign_in(HOME, "fel").expect(401);
        }
        behind.sign_in(HOME, Register::PASSWORD).expect(429);
        behind.enter(HOME, Some(&device), Register::PASSWORD).expect(303);
        // A password that is made for them lets them in from anywhere.
        let path = format!("/users/{person}/one-time-password");
        let made = behind.0.admin.post_nothing(&path).expect(201).text("oneTimePassword");
        let form = json!({"email": EMAIL, "password": made, "newPassword": "en egen lösenordsfras"});
        behind.from("192.0.2.99").post("/sessions", form).expect(201);
    }

    fn guesses_at_who_is_nobody_are_counted_alike(behind: &Behind) {
        let guess = |place: &str| behind.from(place).post("/sessions", json!({"email": "ingen@example.org", "password": "fel"}));
        for _ in 0..5 {
            guess(HOME).expect(401);
        }
        guess(HOME).expect(429);
        for n in 0..45 {
            guess(&format!("203.0.113.{n}")).expect(401);
        }
        guess("192.0.2.1").expect(429);
        // A network of IPv6 is one place.
        for n in 0..5 {
            behind.from(&format!("2001:db8::{n}")).post("/sessions", json!({"email": "annan@example.org", "password": "fel"})).expect(401);
        }
        behind.from("2001:db8::99").post("/sessions", json!({"email": "annan@example.org", "password": "fel"})).expect(429);
    }
}
