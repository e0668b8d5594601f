//! What the operator decides: every fault is named at once, wherever it was written.

use std::os::unix::fs::PermissionsExt;

use riskregister::config::{NAMES, Settings};
use riskregister::domain::webhooks::Hosts;
use riskregister::storage::Address;

use crate::kit::{Directory, binary};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const SMTPS: &str = "smtps://register:hunter2@mail.example.org";
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Settings that hold, and these besides.
fn with(pairs: &[(&str, &str)]) -> Settings {
    let mut all = vec![("RISKREGISTER_SECRET", SECRET), ("RISKREGISTER_SIGNING_KEY", KEY)];
    all.extend(pairs);
    Settings::of(&all)
}

#[track_caller]
fn faults(settings: &Settings) -> Vec<String> {
    settings.check().expect_err("the settings have faults")
}

#[test]
fn little_needs_to_be_said() {
    let config = with(&[]).check().expect("a secret is enough");
    assert_eq!(config.database, Address::Sqlite("riskregister.db".into()));
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    assert_eq!((config.connections, config.requests_per_minute), (8, 6000));
    assert_eq!(config.oidc, None);
    assert_eq!(*config.webhook_hosts, Hosts::default());
    assert!(config.mail.is_none(), "no mail is sent");
    assert_eq!(config.contact, None);
}

/// Mail is sent when all of it is said, and never with a password that others on the way could read.
#[test]
fn a_mail_server_comes_whole_and_keeps_its_password() {
    let public = ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org");
    let from = ("MAIL_FROM", "risk@example.org");
    let named = |pairs: &[(&str, &str)]| -> Vec<String> {
        let all = faults(&with(pairs));
        assert!(!all.join("\n").contains("hunter2"), "{all:#?}");
        all.iter().map(|fault| fault.split(':').next().expect("a name").to_owned()).collect()
    };
    assert_eq!(named(&[("SMTP_URL", SMTPS)]), ["MAIL_FROM", "RISKREGISTER_PUBLIC_URL"]);
    assert_eq!(named(&[from]), ["SMTP_URL", "RISKREGISTER_PUBLIC_URL"]);
    for bad in ["the register", "risk@[127.0.0.1]", "Risk <r..k@example.org>"] {
        assert_eq!(named(&[public, ("SMTP_URL", SMTPS), ("MAIL_FROM", bad)]), ["MAIL_FROM"]);
    }
    // Every mail server can be told of a domain with other letters.
    let settings = with(&[public, ("SMTP_URL", SMTPS), ("MAIL_FROM", "Risk <risk@Örebro.example>")]);
    let mail = settings.check().expect("no faults").mail.expect("a mail server");
    assert_eq!(mail.from.to_string(), "Risk <risk@xn--rebro-iua.example>");
    for bad in [
        "mail.example.org",
        "mail.example.org:25",
        "https://mail.example.org",
        "smtp://u:hunter2@mail.example.org",
        "smtp://u:hunter2@mail.example.org?tls=opportunistic",
        "smtp://u:hunter2@mail.example.org?tls=please",
        "smtps://u:hunter2@",
    ] {
        assert_eq!(named(&[public, from, ("SMTP_URL", bad)]), ["SMTP_URL"], "{bad}");
    }
    for good in [
        SMTPS,
        "smtps://u:hunter2@mail.example.org:465",
        "smtp://u:hunter2@mail.example.org:587?tls=required",
        "smtp://mail.example.org",
        "smtp://u:hunter2@localhost:2525",
    ] {
        assert!(with(&[public, from, ("SMTP_URL", good)]).check().is_ok_and(|c| c.mail.is_some()), "{good}");
    }
}

/// The operator's contact is one that people can use from a page, and nothing that a page should not show.
#[test]
fn a_contact_is_an_address_for_mail_or_of_a_page() {
    let contact = |text: &str| with(&[("RISKREGISTER_CONTACT", text)]).check().map(|config| config.contact);
    for (text, link) in [
        ("tillganglighet@region.example", "mailto:tillganglighet@region.example"),
        ("a&b?c@region.example", "mailto:a%26b%3Fc@region.example"),
        ("https://region.example/kontakt?om=risk", "https://region.example/kontakt?om=risk"),
    ] {
        let found = contact(text).expect("no faults").expect("a contact");
        assert_eq!((found.to_string().as_str(), found.link().as_str()), (text, link));
    }
    for bad in [
        "region.example",
        "Regionen <a@region.example>",
        "a..b@region.example",
        "mailto:a@region.example",
        "http://region.example/kontakt",
        "https://user:hunter2@region.example/",
        "javascript:alert(1)",
        "/kontakt",
    ] {
        let all = contact(bad).expect_err(bad);
        assert!(all.len() == 1 && all[0].starts_with("RISKREGISTER_CONTACT:"), "{bad}: {all:#?}");
        assert!(!all[0].contains("hunter2"));
    }
}

#[test]
fn all_that_is_said_counts() {
    let config = with(&[
        ("DATABASE_URL", "postgres://r@db/register"),
        ("LISTEN", "0.0.0.0:80"),
        ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org/"),
        ("RISKREGISTER_CONNECTIONS", "3"),
        ("RISKREGISTER_REQUESTS_PER_MINUTE", "60"),
        ("RISKREGISTER_OIDC_ISSUER", "https://login.example.org/"),
        ("RISKREGISTER_OIDC_AUDIENCE", "riskregister"),
        ("RISKREGISTER_OIDC_CLAIM", "employeeId"),
        ("RISKREGISTER_OIDC_CLIENT_ID", "riskregister-pages"),
        ("RISKREGISTER_OIDC_CLIENT_SECRET", "hunter2"),
        ("RISKREGISTER_WEBHOOK_HOSTS", "hooks.example.org, [::1]:8443"),
        ("SMTP_URL", SMTPS),
        ("MAIL_FROM", "Riskregistret <risk@example.org>"),
    ])
    .check()
    .expect("no faults");
    assert_eq!(config.database, Address::Postgres("postgres://r@db/register".into()));
    assert_eq!(config.public_url, "https://risk.example.org");
    assert_ne!(*config.webhook_hosts, Hosts::default());
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    let mail = config.mail.expect("a mail server");
    assert_eq!((mail.smtp_url.as_str(), mail.from.email.domain()), (SMTPS, "example.org"));
    let oidc = config.oidc.expect("an issuer");
    assert_eq!((oidc.issuer.as_str(), oidc.claim.as_str()), ("https://login.example.org/", "employeeId"));
}

#[test]
fn every_fault_is_named_at_once() {
    let all = faults(&Settings::of(&[
        ("DATABASE_URL", "mysql://localhost/risks"),
        ("LISTEN", "somewhere"),
        ("RISKREGISTER_SECRET", "short"),
        ("RISKREGISTER_SIGNING_KEY", "short too"),
        ("RISKREGISTER_PUBLIC_URL", "risk.example.org"),
        ("RISKREGISTER_CONNECTIONS", "0"),
        ("RISKREGISTER_REQUESTS_PER_MINUTE", "many"),
        ("RISKREGISTER_OIDC_ISSUER", "login"),
        ("RISKREGISTER_WEBHOOK_HOSTS", "good.example, https://bad.example, bad.example:0"),
    ]));
    for name in [
        "DATABASE_URL",
        "LISTEN",
        "RISKREGISTER_SECRET",
        "RISKREGISTER_SIGNING_KEY",
        "RISKREGISTER_PUBLIC_URL",
        "RISKREGISTER_CONNECTIONS",
        "RISKREGISTER_REQUESTS_PER_MINUTE",
        "RISKREGISTER_OIDC_ISSUER",
        "RISKREGISTER_OIDC_AUDIENCE",
        "RISKREGISTER_WEBHOOK_HOSTS",
    ] {
        let named = all.iter().filter(|fault| fault.starts_with(&format!("{name}:"))).count();
        assert_eq!(named, 1, "{name} in {all:#?}");
    }
    assert_eq!(all.len(), 10, "{all:#?}");
}

#[test]
fn a_fault_never_prints_the_secret_or_a_password() {
    let all = faults(&Settings::of(&[
        ("DATABASE_URL", "mysql://user:hunter2@localhost/risks"),
        ("RISKREGISTER_SECRET", "hunter2"),
        ("RISKREGISTER_SIGNING_KEY", "hunter2"),
    ]));
    assert!(!all.join("\n").contains("hunter2"), "{all:#?}");
}

#[test]
fn a_register_is_never_in_memory_alone() {
    for url in ["sqlite://", "sqlite://:memory:"] {
        assert!(faults(&with(&[("DATABASE_URL", url)]))[0].starts_with("DATABASE_URL:"));
    }
}

#[test]
fn an_issuer_comes_whole_or_not_at_all() {
    let issuer = ("RISKREGISTER_OIDC_ISSUER", "https://login.example.org");
    assert!(faults(&with(&[issuer]))[0].starts_with("RISKREGISTER_OIDC_AUDIENCE:"));
    assert!(faults(&with(&[("RISKREGISTER_OIDC_AUDIENCE", "r")]))[0].starts_with("RISKREGISTER_OIDC_ISSUER:"));
    for name in ["RISKREGISTER_OIDC_CLAIM", "RISKREGISTER_OIDC_CLIENT_ID", "RISKREGISTER_OIDC_CLIENT_SECRET"] {
        assert!(faults(&with(&[(name, "sub")])).iter().any(|fault| fault.starts_with(&format!("{name}:"))), "{name}");
    }
    let audience = ("RISKREGISTER_OIDC_AUDIENCE", "r");
    let client = ("RISKREGISTER_OIDC_CLIENT_ID", "pages");
    let lost = faults(&with(&[issuer, audience, client]));
    assert!(lost.len() == 1 && lost[0].starts_with("RISKREGISTER_PUBLIC_URL:"), "{lost:#?}");
    let nameless = faults(&with(&[issuer, audience, ("RISKREGISTER_OIDC_CLIENT_SECRET", "hunter2")]));
    assert!(nameless.len() == 1 && nameless[0].starts_with("RISKREGISTER_OIDC_CLIENT_ID:"), "{nameless:#?}");
}

#[test]
fn the_secret_lies_in_a_file_that_others_cannot_read() {
    let directory = Directory::new();
    let file = directory.0.join("secret");
    let settings =
        Settings::of(&[("RISKREGISTER_SECRET_FILE", file.to_str().expect("UTF-8")), ("RISKREGISTER_SIGNING_KEY", KEY)]);
    let missing = faults(&settings);
    assert!(missing[0].starts_with("RISKREGISTER_SECRET_FILE:") && missing.len() == 1, "{missing:#?}");

    settings.make_secrets().expect("a secret can be made");
    let made = std::fs::read(&file).expect("it was made");
    let mode = |file: &std::path::Path| file.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(settings.check().expect("no faults").secret, made);
    settings.make_secrets().expect("it is left as it is");
    assert_eq!(std::fs::read(&file).expect("it is there"), made);

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("its mode can change");
    assert!(faults(&settings)[0].contains("chmod 600"));
}

#[test]
fn the_signing_key_lies_in_a_file_that_others_cannot_read() {
    let directory = Directory::new();
    let file = directory.0.join("key");
    let name = file.to_str().expect("UTF-8");
    let settings = Settings::of(&[("RISKREGISTER_SECRET", SECRET), ("RISKREGISTER_SIGNING_KEY_FILE", name)]);
    let missing = faults(&settings);
    assert!(missing[0].starts_with("RISKREGISTER_SIGNING_KEY_FILE:") && missing.len() == 1, "{missing:#?}");
    assert!(missing[0].contains("riskregister key"), "it says what makes one: {missing:#?}");

    settings.make_secrets().expect("a key can be made");
    let made = settings.check().expect("no faults").signer.key.public();
    assert_eq!(file.metadata().expect("it is there").permissions().mode() & 0o777, 0o600);
    settings.make_secrets().expect("it is left as it is");
    assert_eq!(settings.check().expect("no faults").signer.key.public(), made);

    std::fs::write(&file, "no key").expect("it can be spoilt");
    assert!(faults(&settings)[0].starts_with("RISKREGISTER_SIGNING_KEY:"));
}

#[test]
fn the_environment_comes_before_the_file() {
    let directory = Directory::new();
    let file = directory.0.join("riskregister.toml");
    let register = format!("sqlite://{}", directory.0.join("r.db").display());
    std::fs::write(&file, format!("database_url = \"sqlite:///nowhere/r.db\"\nriskregister_secret = \"{SECRET}\"\nriskregister_signing_key = \"{KEY}\"\n"))
        .expect("a file can be written");
    let migrate = |database: Option<&str>| {
        let mut command = binary(&directory.0, &["migrate"]);
        command.env_remove("DATABASE_URL").env("RISKREGISTER_CONFIG", &file);
        if let Some(url) = database {
            command.env("DATABASE_URL", url);
        }
        command.output().expect("the binary runs").status.success()
    };
    assert!(!migrate(None), "the file's database is nowhere");
    assert!(migrate(Some(&register)));
    assert!(!migrate(Some("")), "empty is as good as not said");
}

#[test]
fn a_file_is_held_to_the_same_rules() {
    let directory = Directory::new();
    let file = directory.0.join("riskregister.toml");
    let said = |text: &str| {
        std::fs::write(&file, text).expect("a file can be written");
        let output = binary(&directory.0, &["serve"]).env("RISKREGISTER_CONFIG", &file).output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).expect("text")
    };
    let text = said("colour = \"red\"\nshape = 1\nlisten = true\n");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("\"colour\"") && text.contains("\"shape\"") && text.contains("listen must be"), "{text}");
    assert!(said("not toml").contains("riskregister.toml"));
    let output =
        binary(&directory.0, &["serve"]).env("RISKREGISTER_CONFIG", "/nowhere.toml").output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere.toml"));
}

#[test]
fn the_help_names_every_setting() {
    let directory = Directory::new();
    let output = binary(&directory.0, &["--help"]).output().expect("it runs");
    let help = String::from_utf8(output.stdout).expect("text");
    for name in NAMES {
        let short = name.trim_start_matches("RISKREGISTER_OIDC");
        assert!(help.contains(name) || help.contains(short), "{name} is not in the help");
    }
}

/// What the README tells of is read: a setting by another name would do nothing, and say nothing.
#[test]
fn the_readme_names_no_setting_that_is_not_read() {
    // The log is set up before anything else is read, and the file is what names the others.
    let besides = ["RISKREGISTER_LOG", "RISKREGISTER_CONFIG"];
    let readme = include_str!("../../README.md");
    let words = readme.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    let named: Vec<&str> = words.filter(|word| word.starts_with("RISKREGISTER_")).collect();
    assert!(named.len() > 10, "{named:?}");
    for name in named {
        assert!(NAMES.contains(&name) || besides.contains(&name), "nobody reads {name}");
    }
}
