//! How much one may ask for: by account where one is known, else by address, and whose address that is behind a proxy.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Instant;

use riskregister::auth::{Browser, Keys};
use riskregister::config::Config;
use riskregister::limits::{ON_THEIR_WAY, Proxies};
use riskregister::storage::Id;
use riskregister::web::SESSION;

use crate::cli::Host;
use crate::kit::{Answer, Client, Databases, Register, Start};

/// So much room that it can be used up.
const ROOM: u32 = 5;

fn limited(configure: impl FnOnce(&mut Config)) -> Register {
    Register::start(Databases::Sqlite, |config| {
        config.requests_per_minute = ROOM;
        configure(config);
    })
}

/// Behind a proxy on this machine.
fn behind_a_proxy() -> Register {
    limited(|config| config.trusted_proxies = Proxies::parse("127.0.0.0/8, ::1").expect("networks"))
}

/// How often somebody is let in before there is no room, and what is said then.
fn room(client: &Client, path: &str) -> (u32, Answer) {
    for asked in 0..10 * ROOM {
        let answer = client.send_outside("GET", path, None);
        if answer.status == 429 {
            return (asked, answer);
        }
    }
    panic!("there is room without end");
}

/// There is room for so many, or for one more where a slow machine has let time pass.
#[track_caller]
fn holds(client: &Client, path: &str) -> Answer {
    let (let_in, refused) = room(client, path);
    assert!((ROOM..=ROOM + 2).contains(&let_in), "{let_in} were let in");
    refused
}

#[track_caller]
fn has_no_room(client: &Client, path: &str) {
    let (let_in, _) = room(client, path);
    assert!(let_in <= 1, "{let_in} were let in");
}

const ME: &str = "/api/v1/me";

fn seconds(refused: &Answer) -> u64 {
    refused.header("retry-after").parse().expect("seconds")
}

#[test]
fn accounts_behind_one_address_do_not_take_each_others_room() {
    let reg = limited(|_| {});
    let carl = reg.add("Carl", &reg.root, None);
    let (ada, carl) = (&reg.admin, reg.as_user(&reg.token(&carl)));
    let refused = holds(ada, ME);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused["type"], "urn:riskregister:problem:too-many-requests");
    // A fifth of a minute makes room for one.
    assert!((1..=12).contains(&seconds(&refused)), "{}", seconds(&refused));
    has_no_room(&reg.as_user(&reg.token(&reg.admin_id)), ME);
    assert_eq!(carl.send_outside("GET", ME, None).status, 200, "a colleague");
    holds(&reg.as_nobody(), "/sign-in");
    assert_eq!(carl.send_outside("GET", ME, None).status, 200, "still");
    has_no_room(&reg.as_nobody(), "/sign-in?to=/");
    has_no_room(&reg.as_nobody(), ME);
}

/// Pages and API are asked by one person, and are one limit.
#[test]
fn the_cookie_of_a_session_names_the_account_on_pages() {
    let reg = limited(|_| {});
    let visitor = reg.visitor(&reg.admin_id);
    holds(&visitor.client, "/accessibility");
    has_no_room(&reg.admin, ME);
    assert_eq!(reg.passer_by().get("/sign-in").status, 200);
}

/// Anybody can write a token down; only what we have signed names an account.
#[test]
fn whoever_makes_up_accounts_is_counted_by_address() {
    let reg = limited(|_| {});
    let forger = Keys::new(b"a secret that is not the secret of the service", None).expect("keys");
    let mut let_in = 0;
    for n in 0..3 * ROOM {
        let user: Id = Id::new();
        let client = if n % 2 == 0 {
            reg.as_user(&forger.access(user, Id::new(), 600).expect("a token"))
        } else {
            let browser = Browser { user, session: Id::new(), csrf: "x".into() };
            let cookie = forger.page(&browser).expect("a cookie");
            reg.as_nobody().with("cookie", &format!("{SESSION}={cookie}"))
        };
        let path = if n % 2 == 0 { ME } else { "/accessibility" };
        let_in += u32::from(client.send_outside("GET", path, None).status != 429);
    }
    assert!((ROOM..=ROOM + 2).contains(&let_in), "{let_in} were let in");
    // A cookie opens no API, so there it names nobody either.
    let cookie = reg.visitor(&reg.admin_id).cookie;
    has_no_room(&reg.as_nobody().with("cookie", &format!("{SESSION}={cookie}")), ME);
}

#[test]
fn those_who_look_after_the_service_are_never_refused() {
    let reg = limited(|_| {});
    holds(&reg.as_nobody(), "/sign-in");
    for path in ["/healthz", "/readyz", "/metrics"] {
        for _ in 0..3 * ROOM {
            reg.as_nobody().send_outside("GET", path, None).expect(200);
        }
    }
    let told = reg.as_nobody().send_outside("GET", "/metrics", None);
    let told = String::from_utf8(told.body).expect("text");
    let counted = told.lines().find(|line| line.starts_with("riskregister_requests_limited_total{limit=\"address\"}"));
    assert!(counted.is_some_and(|line| !line.ends_with(" 0")), "{told}");
}

#[test]
fn people_are_told_by_a_page_and_programs_by_a_problem() {
    let reg = limited(|_| {});
    for (language, title, wait) in [("sv", "För många försök", "Vänta "), ("en", "Too many attempts", "Wait ")] {
        let person = reg.passer_by().with("accept-language", language);
        let (_, refused) = room(&person.client, "/sign-in");
        assert_eq!(refused.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(refused.header("content-language"), language);
        assert!(refused.maybe_header("content-security-policy").is_some());
        let body = String::from_utf8_lossy(&refused.body).into_owned();
        assert!(body.contains(&format!("<h1>{title}</h1>")), "{body}");
        let told = if seconds(&refused) == 1 { wait.to_owned() } else { format!("{wait}{} ", seconds(&refused)) };
        assert!(body.contains(&told), "{body}");
        // A browser that asks the API is answered as all who ask it.
        let (_, refused) = room(&person.client, ME);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.text("detail").contains(wait), "{}", refused.json);
    }
}

#[test]
fn a_trusted_proxy_is_believed_of_its_clients() {
    let reg = behind_a_proxy();
    let from = |name: &str, value: &str| reg.as_nobody().with(name, value);
    holds(&from("x-forwarded-for", "203.0.113.9"), "/sign-in");
    // Whatever the client has written to the left of what the proxy saw.
    has_no_room(&from("x-forwarded-for", "1.1.1.1, 203.0.113.9"), "/sign-in");
    has_no_room(&from("forwarded", "for=1.1.1.1, for=\"203.0.113.9:4711\";proto=https"), "/sign-in");
    has_no_room(&from("x-forwarded-for", "203.0.113.9, 127.0.0.7"), "/sign-in");
    holds(&from("x-forwarded-for", "203.0.113.10"), "/sign-in");
    holds(&from("forwarded", "for=\"[2001:db8::17]:4711\""), "/sign-in");
    has_no_room(&from("x-forwarded-for", "2001:db8::18"), "/sign-in");
    // One account is another's at another address: a stolen token takes nobody's room.
    let ada = reg.admin.with("x-forwarded-for", "203.0.113.9");
    holds(&ada, ME);
    assert_eq!(reg.admin.with("x-forwarded-for", "203.0.113.11").send_outside("GET", ME, None).status, 200);
    // What contradicts itself, or keeps its client to itself, is the proxy's own.
    holds(&from("forwarded", "for=unknown"), "/sign-in");
    has_no_room(&from("forwarded", "for=1.1.1.1").with("x-forwarded-for", "2.2.2.2"), "/sign-in");
    has_no_room(&from("forwarded", "for=\""), "/sign-in");
}

#[test]
fn nobody_else_is_believed() {
    let reg = limited(|config| config.trusted_proxies = Proxies::parse("10.0.0.0/8").expect("a network"));
    let mut let_in = 0;
    for n in 0..3 * ROOM {
        let client = reg.as_nobody().with("x-forwarded-for", &format!("203.0.113.{n}"));
        let client = client.with("forwarded", &format!("for=203.0.113.{n}"));
        let_in += u32::from(client.send_outside("GET", "/sign-in", None).status != 429);
    }
    assert!((ROOM..=ROOM + 2).contains(&let_in), "{let_in} were let in");
}

/// It is told which limit, of whom, and once; never the token.
#[test]
fn a_refusal_stands_in_the_log_once() {
    let host = Host::on(Databases::Sqlite);
    host.init();
    let token = host.run(&["token", "admin@example.org"]);
    let mut serve = host.command(&["serve"]);
    serve.env("RISKREGISTER_REQUESTS_PER_MINUTE", ROOM.to_string()).stderr(Stdio::piped());
    serve.env("RISKREGISTER_TRUSTED_PROXIES", "127.0.0.1");
    let mut serving = crate::kit::Serving::start(serve);
    let mut heard = serving.stderr();
    let client = Client::new(&serving.address, Some(token.trim())).with("x-forwarded-for", "203.0.113.9");
    for _ in 0..4 * ROOM {
        client.send_outside("GET", ME, None);
    }
    assert!(serving.stop());
    let mut told = String::new();
    heard.read_to_string(&mut told).expect("text");
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("too many requests")).collect();
    assert_eq!(lines.len(), 1, "{told}");
    assert!(lines[0].contains("WARN") && lines[0].contains("limit=\"account\""), "{told}");
    assert!(lines[0].contains("client=203.0.113.9"), "with all that is told of the request: {told}");
    assert!(!told.contains(token.trim()) && !told.contains("admin@example.org"), "{told}");
}

#[test]
fn who_comes_over_tls_comes_so_for_a_year() {
    for (public_url, sent) in [("https://risk.example.org", Some("max-age=31536000")), ("http://localhost", None)] {
        let reg = Register::start(Databases::Sqlite, |config| config.public_url = public_url.into());
        for path in
            ["/healthz", "/metrics", "/sign-in", "/nowhere", "/api/v1/me", "/api/v1/docs/", "/api/v1/openapi.yaml"]
        {
            let answer = reg.passer_by().get(path);
            assert_eq!(answer.maybe_header("strict-transport-security"), sent, "{path}");
        }
    }
}

/// Who asks for what is large and lets it lie holds so much, and no more; others are not held up, and it ends with them.
#[test]
fn who_lets_large_answers_lie_is_sent_no_more_of_them() {
    let reg = Register::on(Databases::Sqlite);
    let asked = "GET /api/v1/openapi.yaml HTTP/1.1\r\nhost: x\r\n\r\n";
    let host = reg.address.trim_start_matches("http://");
    let lie = |_| {
        let mut stream = TcpStream::connect(host).expect("it listens");
        stream.write_all(asked.as_bytes()).expect("it hears");
        // Its answer has set out: what is asked for below does not come before it.
        stream.read_exact(&mut [0]).expect("it answers");
        stream
    };
    let lying: Vec<TcpStream> = (0..ON_THEIR_WAY).map(lie).collect();
    let fetch = || reg.as_nobody().send_outside("GET", "/api/v1/openapi.yaml", None);
    let began = Instant::now();
    while fetch().status != 429 {
        assert!(began.elapsed().as_secs() < 60, "there is room without end");
    }
    assert!(fetch().header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    // What is small is answered as ever.
    reg.admin.get("/me").expect(200);
    drop(lying);
    while fetch().status != 200 {
        assert!(began.elapsed().as_secs() < 120, "there is no room again");
    }
}
