//! What the operator decides: every fault is named at once, wherever it was written.

use std::os::unix::fs::PermissionsExt;

use riskregister::auth::Passwords;
use riskregister::config::{Config, Log, NAMES, Settings};
use riskregister::domain::webhooks::Hosts;
use riskregister::limits::Proxies;
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
    assert_eq!(config.trusted_proxies, Proxies::default(), "nobody is believed");
    assert_eq!(with(&[]).log(), Ok(Log { levels: "warn".into(), json: false }));
    assert!(config.oidc.is_none(), "no issuer is asked");
    assert_eq!(*config.webhook_hosts, Hosts::default());
    assert!(config.mail.is_none(), "no mail is sent");
    assert_eq!((config.files.place().to_string(), &config.clamd), ("riskregister-files".into(), &None));
    assert_eq!(config.contact, None);
}

/// Where files go, and who looks through them.
#[test]
fn a_store_of_files_comes_whole() {
    let named = |pairs: &[(&str, &str)]| -> Vec<String> {
        let all = faults(&with(pairs));
        assert!(!all.join("\n").contains("hunter2"), "{all:#?}");
        all.iter().map(|fault| fault.split(':').next().expect("a name").to_owned()).collect()
    };
    let key = [("RISKREGISTER_S3_KEY_ID", "register"), ("RISKREGISTER_S3_KEY", "hunter2")];
    let at = ("RISKREGISTER_S3_ENDPOINT", "https://s3.example.org");
    assert_eq!(named(&key), ["RISKREGISTER_S3_KEY_ID", "RISKREGISTER_S3_KEY"]);
    let bucket = ("RISKREGISTER_FILES", "s3://underlag");
    assert_eq!(named(&[bucket]), ["RISKREGISTER_S3_KEY_ID", "RISKREGISTER_S3_KEY"]);
    let wrong = [("RISKREGISTER_FILES", "s3://"), key[0], key[1], ("RISKREGISTER_S3_ENDPOINT", "s3.example.org")];
    assert_eq!(named(&wrong), ["RISKREGISTER_FILES", "RISKREGISTER_S3_ENDPOINT"]);
    assert_eq!(named(&[("RISKREGISTER_FILES", "https://files.example.org")]), ["RISKREGISTER_FILES"]);
    let config = with(&[("RISKREGISTER_FILES", "s3://underlag/registret/filer"), key[0], key[1], at]);
    let told = format!("{:?}", config.check().expect("no faults").files);
    assert_eq!(told, "Store(s3://underlag/registret/filer at https://s3.example.org)");
    assert_eq!(named(&[("RISKREGISTER_CLAMD", "clamd")]), ["RISKREGISTER_CLAMD"]);
    for good in ["clamd:3310", "/run/clamav/clamd.ctl"] {
        assert!(with(&[("RISKREGISTER_CLAMD", good)]).check().is_ok_and(|config| config.clamd.is_some()), "{good}");
    }
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
        ("RISKREGISTER_OIDC_ACR", "loa3, loa4"),
        ("RISKREGISTER_OIDC_AMR", "mfa"),
        ("RISKREGISTER_PASSWORDS", "off"),
        ("RISKREGISTER_EMERGENCY_ACCOUNT", "Nod@Example.org"),
        ("RISKREGISTER_WEBHOOK_HOSTS", "hooks.example.org, [::1]:8443"),
        ("SMTP_URL", SMTPS),
        ("MAIL_FROM", "Riskregistret <risk@example.org>"),
        ("RISKREGISTER_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::7"),
        ("RISKREGISTER_LOG", "warn,riskregister=debug"),
        ("RISKREGISTER_LOG_FORMAT", "json"),
        ("RISKREGISTER_BACKUPS", "/var/backups/riskregister"),
        ("RISKREGISTER_BACKUP_EVERY", "30m"),
        ("RISKREGISTER_BACKUP_KEEP", "7"),
        ("RISKREGISTER_VERIFY", "off"),
        ("RISKREGISTER_CLOCK_LEAP", "3d"),
        ("RISKREGISTER_OTLP_URL", "http://collector:4318/"),
        ("RISKREGISTER_DRAIN_SECONDS", "5"),
        ("RISKREGISTER_METRICS_LISTEN", "127.0.0.1:9100"),
    ])
    .check()
    .expect("no faults");
    assert_eq!(config.database, Address::Postgres("postgres://r@db/register".into()));
    let backups = config.backups.as_ref().map(|b| (b.into.to_str(), b.every.as_secs(), b.keep));
    assert_eq!(backups, Some((Some("/var/backups/riskregister"), 1800, 7)));
    assert!(!config.verifies);
    assert_eq!(config.clock_leap.as_secs(), 3 * 24 * 3600);
    assert_eq!(config.otlp.as_deref(), Some("http://collector:4318"));
    assert_eq!(config.drain.as_secs(), 5);
    assert_eq!(config.metrics_listen, Some(([127, 0, 0, 1], 9100).into()));
    assert_eq!(config.public_url, "https://risk.example.org");
    assert_ne!(*config.webhook_hosts, Hosts::default());
    assert_ne!(config.trusted_proxies, Proxies::default());
    assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    let mail = config.mail.expect("a mail server");
    assert_eq!((mail.smtp_url.as_str(), mail.from.email.domain()), (SMTPS, "example.org"));
    assert_eq!(config.passwords, Passwords::Off { emergency: Some("nod@example.org".into()) });
    let oidc = config.oidc.expect("an issuer");
    assert_eq!((oidc.demanded.acr.join(" "), oidc.demanded.amr.join(" ")), ("loa3 loa4".into(), "mfa".into()));
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
fn a_secret_that_is_changed_is_another() {
    let same = faults(&with(&[("RISKREGISTER_SECRET_BEFORE", SECRET)]));
    assert!(same.len() == 1 && same[0].starts_with("RISKREGISTER_SECRET_BEFORE:"), "{same:#?}");
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
    let shut = faults(&with(&[issuer, audience, ("RISKREGISTER_PASSWORDS", "off")]));
    assert!(shut.len() == 1 && shut[0].starts_with("RISKREGISTER_OIDC_CLIENT_ID:"), "{shut:#?}");
    let nobody = [("RISKREGISTER_PASSWORDS", "off"), ("RISKREGISTER_EMERGENCY_ACCOUNT", "nöd")];
    let public = ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org");
    let unread = faults(&with(&[issuer, audience, client, public, nobody[0], nobody[1]]));
    assert!(unread.len() == 1 && unread[0].starts_with("RISKREGISTER_EMERGENCY_ACCOUNT:"), "{unread:#?}");
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
    let text = said("colour = \"red\"\nriskregister_loq = 1\nlisten = true\n");
    // Besides, a secret and a key are missing.
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(text.contains("\"colour\"") && text.contains("listen must be"), "{text}");
    assert!(text.contains("is RISKREGISTER_LOG meant?"), "{text}");
    assert!(said("not toml").contains("riskregister.toml"));
    let output =
        binary(&directory.0, &["serve"]).env("RISKREGISTER_CONFIG", "/nowhere.toml").output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("/nowhere.toml"));
}

/// A setting that is none, wrong or half said is refused by its own name, and the service does not start on a guess.
#[test]
fn each_bad_setting_is_refused_by_its_name() {
    let public = ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org");
    let (smtp, from) = (("SMTP_URL", "smtps://mail.example.org"), ("MAIL_FROM", "risk@example.org"));
    let (issuer, audience) =
        (("RISKREGISTER_OIDC_ISSUER", "https://login.example.org"), ("RISKREGISTER_OIDC_AUDIENCE", "r"));
    let backups = ("RISKREGISTER_BACKUPS", "backups");
    let besides: [&[(&str, &str)]; 5] =
        [&[], &[public, from], &[public, smtp, from], &[public, issuer, audience], &[backups]];
    let [alone, sender, mail, oidc, backed_up] = [0, 1, 2, 3, 4];
    let bad = [
        (alone, "DATABASE_URL", "mysql://localhost/risks"),
        (alone, "DATABASE_URL", "register.db"),
        (alone, "DATABASE_URL", "sqlite://"),
        (alone, "DATABASE_URL", "sqlite://:memory:"),
        (alone, "DATABASE_URL_FILE", "/nowhere/url"),
        (alone, "MIGRATION_DATABASE_URL", "sqlite://owner.db"),
        (alone, "MIGRATION_DATABASE_URL", "owner"),
        (alone, "MIGRATION_DATABASE_URL_FILE", "/nowhere/url"),
        (alone, "LISTEN", "somewhere"),
        (alone, "LISTEN", "127.0.0.1"),
        (alone, "LISTEN", "127.0.0.1:99999"),
        (alone, "RISKREGISTER_SECRET", "short"),
        (alone, "RISKREGISTER_SECRET_FILE", "/nowhere/secret"),
        (alone, "RISKREGISTER_SECRET_BEFORE", "short"),
        (alone, "RISKREGISTER_SECRET_BEFORE_FILE", "/nowhere/secret"),
        (alone, "RISKREGISTER_SIGNING_KEY", "short"),
        (alone, "RISKREGISTER_SIGNING_KEY_FILE", "/nowhere/key"),
        (alone, "RISKREGISTER_PUBLIC_URL", "risk.example.org"),
        (alone, "RISKREGISTER_PUBLIC_URL", "ftp://risk.example.org"),
        (alone, "RISKREGISTER_PUBLIC_URL", "httpx://risk.example.org"),
        (alone, "RISKREGISTER_PUBLIC_URL", "https://example.org/risk"),
        (alone, "RISKREGISTER_PUBLIC_URL", "https://example.org/?risk"),
        (alone, "RISKREGISTER_PUBLIC_URL", "https://example.org/#risk"),
        (alone, "RISKREGISTER_PUBLIC_URL", "https://user:password@example.org"),
        (alone, "RISKREGISTER_TRUSTED_PROXIES", "proxy.example.org"),
        (alone, "RISKREGISTER_TRUSTED_PROXIES", "10.0.0.0/33"),
        (alone, "RISKREGISTER_TRUSTED_PROXIES", "0.0.0.0/0"),
        (alone, "RISKREGISTER_TRUSTED_PROXIES", "::/0"),
        (alone, "RISKREGISTER_CONNECTIONS", "0"),
        (alone, "RISKREGISTER_CONNECTIONS", "201"),
        (alone, "RISKREGISTER_CONNECTIONS", "many"),
        (alone, "RISKREGISTER_REQUESTS_PER_MINUTE", "0"),
        (alone, "RISKREGISTER_REQUESTS_PER_MINUTE", "-1"),
        (alone, "RISKREGISTER_REQUESTS_PER_MINUTE", "10000001"),
        (oidc, "RISKREGISTER_OIDC_JWKS_URL", "keys"),
        (oidc, "RISKREGISTER_OIDC_CLIENT_SECRET_FILE", "/nowhere/secret"),
        (alone, "RISKREGISTER_OIDC_CLIENT_SECRET_FILE", "/nowhere/secret"),
        (alone, "RISKREGISTER_OIDC_JWKS_URL", "https://login.example.org/keys"),
        (alone, "RISKREGISTER_OIDC_CLAIM", "sub"),
        (alone, "RISKREGISTER_OIDC_ACR", "loa3"),
        (alone, "RISKREGISTER_OIDC_AMR", "mfa"),
        (oidc, "RISKREGISTER_OIDC_AMR", ", ,"),
        (alone, "RISKREGISTER_PASSWORDS", "never"),
        (alone, "RISKREGISTER_EMERGENCY_ACCOUNT", "nod@example.org"),
        (alone, "RISKREGISTER_WEBHOOK_HOSTS", "https://hooks.example.org"),
        (alone, "RISKREGISTER_WEBHOOK_HOSTS", "hooks.example.org:0"),
        (sender, "SMTP_URL", "https://mail.example.org"),
        (sender, "SMTP_URL", "smtp://u:p@mail.example.org"),
        (sender, "SMTP_URL_FILE", "/nowhere/url"),
        (mail, "SMTP_PASSWORD_FILE", "/nowhere/password"),
        (mail, "MAIL_FROM", "the register"),
        (alone, "RISKREGISTER_CONTACT", "http://region.example"),
        (alone, "RISKREGISTER_STATEMENT_ASSESSED", "2026-02-30"),
        (alone, "RISKREGISTER_STATEMENT_UPDATED", "yesterday"),
        (alone, "RISKREGISTER_LOG", "loud"),
        (alone, "RISKREGISTER_LOG", "warn,loud"),
        (alone, "RISKREGISTER_LOG", "riskregister=loud"),
        (alone, "RISKREGISTER_BACKUP_EVERY", "1h"),
        (alone, "RISKREGISTER_BACKUP_KEEP", "5"),
        (backed_up, "RISKREGISTER_BACKUP_EVERY", "often"),
        (backed_up, "RISKREGISTER_BACKUP_EVERY", "0h"),
        (backed_up, "RISKREGISTER_BACKUP_EVERY", "1å"),
        (backed_up, "RISKREGISTER_BACKUP_KEEP", "0"),
        (alone, "RISKREGISTER_VERIFY", "hourly"),
        (alone, "RISKREGISTER_OTLP_URL", "collector:4317"),
        (oidc, "RISKREGISTER_OIDC_ISSUER", "http://login.example.org"),
        (oidc, "RISKREGISTER_OIDC_JWKS_URL", "http://login.example.org/keys"),
        (alone, "RISKREGISTER_CLOCK_LEAP", "30m"),
        (alone, "RISKREGISTER_CLOCK_LEAP", "off"),
        (alone, "RISKREGISTER_CA_FILE", "/nowhere/ca.pem"),
        (alone, "RISKREGISTER_CA_FILE", "Cargo.toml"),
        (alone, "RISKREGISTER_DRAIN_SECONDS", "-1"),
        (alone, "RISKREGISTER_DRAIN_SECONDS", "601"),
        (alone, "RISKREGISTER_METRICS_LISTEN", "everywhere"),
        (alone, "RISKREGISTER_LOG_FORMAT", "xml"),
        (alone, "RISKREGISTER_COLOUR", "red"),
        (alone, "RISKREGISTER_LISTEN", "127.0.0.1:8080"),
        (alone, "RISKREGISTER_OIDC_ISUER", "https://login.example.org"),
    ];
    assert!(bad.len() >= 40);
    for (with_these, name, value) in bad {
        let mut all: Vec<(&str, &str)> = vec![("RISKREGISTER_SECRET", SECRET), ("RISKREGISTER_SIGNING_KEY", KEY)];
        all.retain(|(known, _)| !name.starts_with(known));
        all.extend(besides[with_these].iter().filter(|(known, _)| *known != name));
        all.push((name, value));
        let told = faults(&Settings::of(&all));
        assert!(told.iter().any(|fault| fault.starts_with(&format!("{name}:"))), "{name}={value}: {told:#?}");
    }
}

#[test]
fn a_misspelt_setting_is_told_with_the_one_that_was_meant() {
    for (name, meant) in [
        ("RISKREGISTER_CHEKPOINTS", "RISKREGISTER_CHECKPOINTS"),
        ("RISKREGISTER_TRUSTED_PROXY", "RISKREGISTER_TRUSTED_PROXIES"),
        ("RISKREGISTER_PUBLIC_URI", "RISKREGISTER_PUBLIC_URL"),
        ("RISKREGISTER_CONFIGS", "RISKREGISTER_CONFIG"),
    ] {
        let all = faults(&with(&[(name, "x"), ("LISTEN", "somewhere")]));
        assert!(all.iter().any(|fault| fault.starts_with(&format!("{name}:")) && fault.contains(meant)), "{all:#?}");
        assert!(all.iter().any(|fault| fault.starts_with("LISTEN:")), "with all else: {all:#?}");
    }
    let strange = faults(&with(&[("RISKREGISTER_FOO", "x")]));
    assert!(strange.len() == 1 && !strange[0].contains("meant"), "{strange:#?}");
    // Others' variables are their own, and what is set to nothing is not set.
    assert!(with(&[("RISKREGISTERED", "x"), ("SMTP_HOST", "x"), ("RISKREGISTER_FOO", "")]).check().is_ok());
}

/// Kubernetes tells every container of the services beside it, in variables that begin as the service is called.
#[test]
fn what_a_cluster_tells_of_its_services_is_no_setting() {
    let told = [
        ("RISKREGISTER_SERVICE_HOST", "10.0.0.1"),
        ("RISKREGISTER_SERVICE_PORT", "80"),
        ("RISKREGISTER_SERVICE_PORT_HTTP", "80"),
        ("RISKREGISTER_PORT", "tcp://10.0.0.1:80"),
        ("RISKREGISTER_PORT_80_TCP", "tcp://10.0.0.1:80"),
        ("RISKREGISTER_PORT_80_TCP_PROTO", "tcp"),
        ("RISKREGISTER_PORT_80_TCP_PORT", "80"),
        ("RISKREGISTER_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("RISKREGISTER_DB_SERVICE_HOST", "10.0.0.2"),
        ("RISKREGISTER_DB_PORT_5432_TCP_ADDR", "10.0.0.2"),
    ];
    assert!(with(&told).check().is_ok());
    for (name, value) in [("RISKREGISTER_PORT", "8080"), ("RISKREGISTER_PORT_80_TCP_NAME", "x")] {
        assert!(faults(&with(&[(name, value)]))[0].starts_with(name));
    }
}

/// Every secret can lie in a file, which nobody else reads; and only one of the two is given.
#[test]
fn a_secret_lies_in_a_file_of_its_own() {
    let directory = Directory::new();
    let public = ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org");
    let (smtp, from) = (("SMTP_URL", "smtps://mail.example.org"), ("MAIL_FROM", "risk@example.org"));
    let oidc = [
        public,
        ("RISKREGISTER_OIDC_ISSUER", "https://login.example.org"),
        ("RISKREGISTER_OIDC_AUDIENCE", "r"),
        ("RISKREGISTER_OIDC_CLIENT_ID", "pages"),
    ];
    let postgres = "postgres://r:hunter2@db/register";
    for (name, value, besides) in [
        ("DATABASE_URL", postgres, &[][..]),
        ("MIGRATION_DATABASE_URL", postgres, &[("DATABASE_URL", "postgres://r@db/register")]),
        ("RISKREGISTER_SECRET", SECRET, &[]),
        ("RISKREGISTER_SECRET_BEFORE", "the secret that was used before this one", &[]),
        ("RISKREGISTER_SIGNING_KEY", KEY, &[]),
        ("RISKREGISTER_OIDC_CLIENT_SECRET", "hunter2", &oidc),
        ("SMTP_URL", "smtps://u:hunter2@mail.example.org", &[public, from]),
        ("SMTP_PASSWORD", "hunter2@/:%", &[public, smtp, from, ("SMTP_USER", "u")]),
    ] {
        let file = directory.0.join(name);
        std::fs::write(&file, format!("{value}\n")).expect("a file can be written");
        let mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("its mode");
        let named = format!("{name}_FILE");
        let mut all = vec![("RISKREGISTER_SECRET", SECRET), ("RISKREGISTER_SIGNING_KEY", KEY)];
        all.retain(|(known, _)| *known != name);
        all.extend(besides);
        let mut itself = all.clone();
        itself.push((name, value));
        all.push((&named, file.to_str().expect("UTF-8")));
        mode(0o600);
        let read = Settings::of(&all);
        let config = read.check().unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        let same = Settings::of(&itself);
        let given = same.check().unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        let secrets = |config: &Config, settings: &Settings| {
            let mail = config.mail.as_ref().map(|mail| (mail.smtp_url.clone(), mail.login.clone()));
            let key = config.signer.key.text();
            (
                config.database.clone(),
                config.secret.clone(),
                config.secret_before.clone(),
                key,
                config.oidc.clone().map(|oidc| (oidc.issuer, oidc.client)),
                mail,
                settings.migration_database(),
            )
        };
        assert_eq!(secrets(&config, &read), secrets(&given, &same), "{name}");
        for open in [0o640, 0o604] {
            mode(open);
            let told = faults(&read);
            assert!(told.len() == 1 && told[0].starts_with(&named) && told[0].contains("chmod 600"), "{told:#?}");
            assert!(!told[0].contains("hunter2"), "{told:#?}");
        }
        // Another's, which we can read by its group; who is not root cannot give a file away.
        if std::os::unix::fs::chown(&file, Some(54321), None).is_ok() {
            mode(0o440);
            assert_eq!(read.check().map(|_| ()), Ok(()), "{name}");
            mode(0o444);
            assert!(faults(&read)[0].contains("chmod 600"));
            std::os::unix::fs::chown(&file, Some(0), None).expect("root can take it back");
        }
        mode(0o600);
        itself.push((&named, file.to_str().expect("UTF-8")));
        let told = faults(&Settings::of(&itself));
        assert!(told.iter().any(|fault| fault.starts_with(&named) && fault.contains("one of them")), "{told:#?}");
        std::fs::write(&file, " \n").expect("a file can be written");
        assert!(faults(&read)[0].contains("holds nothing"));
    }
}

#[test]
fn the_users_password_at_the_mail_server_can_hold_any_sign() {
    let public = ("RISKREGISTER_PUBLIC_URL", "https://risk.example.org");
    let from = ("MAIL_FROM", "risk@example.org");
    let (user, password) = (("SMTP_USER", "risk@example.org"), ("SMTP_PASSWORD", "a@b/c:d%e"));
    let told = |pairs: &[(&str, &str)]| {
        let all = faults(&with(pairs));
        assert!(!all.join("\n").contains("a@b/c:d%e") && !all.join("\n").contains("hunter2"), "{all:#?}");
        all.iter().map(|fault| fault.split(':').next().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    for server in ["smtps://mail.example.org", "smtp://mail.example.org:587?tls=required", "smtp://localhost:25"] {
        let config = with(&[public, from, user, password, ("SMTP_URL", server)]).check().expect("no faults");
        let mail = config.mail.expect("a mail server");
        assert_eq!(mail.login, Some(("risk@example.org".into(), "a@b/c:d%e".into())));
        assert!(mail.transport().is_ok());
        assert!(!format!("{mail:?}").contains("a@b"), "{mail:?}");
    }
    let server = ("SMTP_URL", "smtps://mail.example.org");
    assert_eq!(told(&[public, from, server, user]), ["SMTP_PASSWORD"]);
    assert_eq!(told(&[public, from, server, password]), ["SMTP_USER"]);
    assert_eq!(told(&[public, from, user, password]), ["SMTP_URL"]);
    for both in ["smtps://u:hunter2@mail.example.org", "smtps://u@mail.example.org", "smtp://mail.example.org"] {
        assert_eq!(told(&[public, from, user, password, ("SMTP_URL", both)]), ["SMTP_URL"], "{both}");
    }
}

/// What one gives in the environment takes the place of what the file says of the same, in whichever way.
#[test]
fn a_secret_of_the_environment_comes_before_a_file_that_the_file_names() {
    let directory = Directory::new();
    let file = directory.0.join("riskregister.toml");
    let text = format!("riskregister_secret_file = \"/nowhere\"\nriskregister_signing_key = \"{KEY}\"\n");
    std::fs::write(&file, text).expect("a file can be written");
    let config = ("RISKREGISTER_CONFIG", file.to_str().expect("UTF-8"));
    assert!(faults(&Settings::of(&[config]))[0].starts_with("RISKREGISTER_SECRET_FILE:"));
    assert!(Settings::of(&[config, ("RISKREGISTER_SECRET", SECRET)]).check().is_ok());
}

#[test]
fn the_log_is_as_the_settings_say_from_the_file_too() {
    let directory = Directory::new();
    let file = directory.0.join("riskregister.toml");
    let nowhere = "postgres://nobody@127.0.0.1:1/nothing";
    let told = |settings: &str| {
        std::fs::write(&file, settings).expect("a file can be written");
        let mut command = binary(&directory.0, &["user", "add", "a@example.org", "--name", "A"]);
        let command = command.env("RISKREGISTER_CONFIG", &file).env("DATABASE_URL", nowhere);
        String::from_utf8(command.output().expect("it runs").stderr).expect("text")
    };
    let json = told("riskregister_log = \"warn\"\nriskregister_log_format = \"json\"\n");
    let lines: Vec<serde_json::Value> = json.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(lines.iter().any(|line| line["message"] == "no connection to the database"), "{json}");
    assert!(lines.iter().all(|line| line["level"].is_string() && line["timestamp"].is_string()), "{json}");
    let text = told("");
    assert!(text.contains("WARN") && text.contains("no connection to the database"), "{text}");
    assert!(!told("riskregister_log = \"off\"\n").contains("no connection to the database"));
    let refused = told("riskregister_log = \"loud\"\nriskregister_log_format = \"xml\"\n");
    assert!(refused.contains("RISKREGISTER_LOG:") && refused.contains("RISKREGISTER_LOG_FORMAT:"), "{refused}");
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
    // The file is what names the others.
    let besides = ["RISKREGISTER_CONFIG"];
    let readme = include_str!("../../README.md");
    let words = readme.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let named: Vec<&str> =
        words.filter(|word| word.strip_prefix("RISKREGISTER_").is_some_and(|w| !w.is_empty())).collect();
    assert!(named.len() > 10, "{named:?}");
    for name in named {
        assert!(NAMES.contains(&name) || besides.contains(&name), "nobody reads {name}");
    }
}
