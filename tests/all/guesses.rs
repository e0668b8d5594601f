//! Guessing at passwords: how many are let through, and whom that holds up.

use std::time::Instant;

use riskregister::limits::Proxies;
use serde_json::json;

use crate::kit::depth::deep;
use crate::kit::visitor::cookie_of;
use crate::kit::{Answer, Client, Databases, Register, Start, World, both};
use crate::newcomers::link_to;

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
        self.sign_in_as(EMAIL, place, password)
    }

    fn sign_in_as(&self, email: &str, place: &str, password: &str) -> Answer {
        self.from(place).post("/sessions", json!({"email": email, "password": password}))
    }

    /// Spends what there is of a day's tries at somebody's password, from many places.
    fn spend(&self, email: &str) {
        for n in 0..50 {
            self.sign_in_as(email, &format!("203.0.113.{}", n / 4), "fel").expect(401);
        }
        self.sign_in_as(email, "203.0.113.99", "fel").expect(429);
    }

    /// As a browser does, with a cookie that it may have.
    fn enter(&self, place: &str, cookie: Option<&str>, password: &str) -> Answer {
        self.send("/sign-in", place, cookie, &[("email", EMAIL), ("password", password)])
    }

    fn send(&self, path: &str, place: &str, cookie: Option<&str>, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let client = self
            .from(place)
            .with("content-type", "application/x-www-form-urlencoded")
            .with("sec-fetch-site", "same-origin");
        let client = cookie.map_or_else(|| client.clone(), |cookie| client.with("cookie", cookie));
        client.send_outside("POST", path, Some(body.into_bytes()))
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
        let (mut judged, begun) = (0, Instant::now());
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
        let begun = begun.elapsed().as_secs() / 1728;
        assert_eq!(u64::from(judged), 50 + begun, "guesses were judged");
        let wait: i64 = behind.sign_in("192.0.2.77", Register::PASSWORD).expect(429).header("retry-after").parse().expect("seconds");
        assert!((1..=1728).contains(&wait), "{wait}");
        assert_eq!(behind.enter("192.0.2.77", None, Register::PASSWORD).status, 429);
        // The cookie is one person's, and opens nothing by itself.
        assert_eq!(behind.enter("192.0.2.77", Some(&device), "fel").status, 401);
        let other = behind.0.add("Olle Annan", &behind.0.root, None);
        behind.spend("olle.annan@example.org");
        let form = [("email", "olle.annan@example.org"), ("password", Register::PASSWORD)];
        assert_eq!(behind.send("/sign-in", "192.0.2.77", Some(&device), &form).status, 429);
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
        // By the old password the browser was theirs, and by the new one nobody has said so.
        behind.spend(EMAIL);
        assert_eq!(behind.enter("192.0.2.77", Some(&device), "en egen lösenordsfras").status, 429);
        // A link of theirs leads in, in the browser where it is followed, however others go on.
        let link = format!("/password-reset/{}", link_to(&behind.0, &other, 3600));
        let chosen = behind.send(&link, "192.0.2.77", None, &[("newPassword", "en tredje lösenordsfras")]).expect(303);
        behind.spend("olle.annan@example.org");
        let form = [("email", "olle.annan@example.org"), ("password", "en tredje lösenordsfras")];
        assert_eq!(behind.send("/sign-in", "192.0.2.77", None, &form).status, 429);
        assert_eq!(behind.send("/sign-in", "192.0.2.77", Some(&device_of(&chosen)), &form).status, 303);
    }

    fn a_right_password_refills_nothing(behind: &Behind) {
        behind.0.add("Vera Van", &behind.0.root, None);
        let device = device_of(&behind.enter(HOME, None, Register::PASSWORD).expect(303));
        for _ in 0..12 {
            for _ in 0..4 {
                behind.sign_in(HOME, "fel").expect(401);
            }
            behind.sign_in(HOME, Register::PASSWORD).expect(201);
        }
        for _ in 0..2 {
            behind.sign_in(HOME, "fel").expect(401);
        }
        behind.sign_in(HOME, Register::PASSWORD).expect(429);
        behind.enter(HOME, Some(&device), Register::PASSWORD).expect(303);
        // Whoever is signed out everywhere is known nowhere.
        let token = behind.0.token(&behind.0.admin_id);
        let id = behind.0.admin.get("/users?email=vera.van@example.org").expect(200).items()[0]["id"].clone();
        behind.0.as_user(&token).delete(&format!("/users/{}/sessions", id.as_str().expect("an id"))).expect(204);
        behind.spend(EMAIL);
        assert_eq!(behind.enter(HOME, Some(&device), Register::PASSWORD).status, 429);
    }

    fn guesses_at_once_are_judged_as_one_after_the_other(behind: &Behind) {
        behind.0.add("Vera Van", &behind.0.root, None);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let tries: Vec<_> = (0..12).map(|_| scope.spawn(|| behind.sign_in(HOME, "fel").status)).collect();
            tries.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 7, "{statuses:?}");
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
