//! Webhooks: where they may lead, what they are told of, and how long they wait after a failure.

use std::net::IpAddr;
use std::time::Duration;

use url::Url;
use uuid::Uuid;

use super::addresses::is_public;

/// The hosts that the operator allowed by name. They alone may lie at an address that is not public, and be spoken to
/// without TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts(Vec<(String, Option<u16>)>);

impl Hosts {
    /// Reads `HOST` or `HOST:PORT`, parted by commas; an IPv6 address stands in brackets. A host without a port is
    /// allowed on every port. Gives back what cannot be read.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut hosts, mut unread) = (Vec::new(), Vec::new());
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            match host_and_port(entry) {
                Some(found) => hosts.push(found),
                None => unread.push(entry.to_owned()),
            }
        }
        if unread.is_empty() { Ok(Self(hosts)) } else { Err(unread) }
    }

    fn allow(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(name, only)| name == host && only.is_none_or(|only| only == port))
    }
}

/// A host as an URL writes it, so that the two can be compared letter by letter.
fn host_and_port(entry: &str) -> Option<(String, Option<u16>)> {
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, digits)) if !digits.contains(']') => (name, Some(digits.parse().ok().filter(|port| *port > 0)?)),
        _ => (entry, None),
    };
    let url = Url::parse(&format!("https://{name}/")).ok()?;
    let bare = url.username().is_empty() && url.password().is_none() && url.port().is_none() && url.path() == "/";
    let whole = bare && url.query().is_none() && url.fragment().is_none();
    whole.then(|| url.host_str().map(str::to_owned)).flatten().map(|host| (host, port))
}

/// An address that a webhook may lead to, as far as can be told without asking for the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// As it will be used: the host in its one spelling.
    pub url: String,
    /// The operator allowed this very host, so its address is not asked.
    pub allowed: bool,
}

/// Why a webhook may not lead somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrlFault {
    pub code: &'static str,
    pub sv: &'static str,
    pub en: &'static str,
}

const NOT_A_URL: UrlFault =
    UrlFault { code: "wrongFormat", sv: "Det här är ingen https-adress.", en: "This is not an https address." };
const NOT_HTTPS: UrlFault =
    UrlFault { code: "notHttps", sv: "Adressen ska börja med https://.", en: "The address must begin with https://." };
const HAS_USER: UrlFault = UrlFault {
    code: "userInUrl",
    sv: "Adressen får inte innehålla användarnamn eller lösenord.",
    en: "The address must not hold a user name or a password.",
};
const HAS_FRAGMENT: UrlFault = UrlFault {
    code: "fragmentInUrl",
    sv: "Adressen får inte sluta med # och ett fragment: det skickas aldrig.",
    en: "The address must not end with # and a fragment: it is never sent.",
};
const NOT_PUBLIC: UrlFault = UrlFault {
    code: "addressNotPublic",
    sv: "Adressen är inte öppen på internet. Driften kan tillåta just den värden.",
    en: "The address is not public on the internet. The operator can allow this very host.",
};

impl Destination {
    /// Reads a webhook's address; every fault at once.
    pub fn parse(text: &str, hosts: &Hosts) -> Result<Self, Vec<UrlFault>> {
        let Ok(url) = Url::parse(text) else { return Err(vec![NOT_A_URL]) };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(vec![if url.scheme() == "https" { NOT_A_URL } else { NOT_HTTPS }]);
        };
        let allowed = hosts.allow(host, port);
        let mut faults = Vec::new();
        if url.scheme() != "https" && !(allowed && url.scheme() == "http") {
            faults.push(NOT_HTTPS);
        }
        if !url.username().is_empty() || url.password().is_some() {
            faults.push(HAS_USER);
        }
        if url.fragment().is_some() {
            faults.push(HAS_FRAGMENT);
        }
        // Whatever way a number was written, octal or in one piece, the host now has its plain form.
        let literal: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        if !allowed && literal.is_some_and(|address| !is_public(address)) {
            faults.push(NOT_PUBLIC);
        }
        if faults.is_empty() { Ok(Self { url: url.into(), allowed }) } else { Err(faults) }
    }
}

/// Is a webhook that asks for these kinds told of this one? `risk.*` stands for every kind of event about risks; who
/// asks for nothing in particular is told of all.
pub fn wants(kinds: &[String], kind: &str) -> bool {
    let fits = |wanted: &String| match wanted.strip_suffix('*') {
        Some(prefix) => kind.starts_with(prefix),
        None => kind == wanted,
    };
    kinds.is_empty() || kinds.iter().any(fits)
}

/// What names a message: the same each time that it is sent, so that a receiver can tell what it has had. What stands at a
/// position since the register was put back from a backup is another event than what stood there before.
pub fn message_id(webhook: Uuid, log: Uuid, epoch: i64, n: i64) -> String {
    let epoch = if epoch == 0 { String::new() } else { format!("{epoch}-") };
    format!("{}-{}-{epoch}{n}", webhook.simple(), log.simple())
}

/// Where a thing of an event in this log is read, below the base path, by what its fields say; none for what has no
/// address. What is a part of another thing is read there.
pub fn path_of(entity: &str, id: Uuid, log: Uuid, field: impl Fn(&str) -> Option<String>) -> Option<String> {
    let collection = match entity {
        "action" => "actions",
        "auditOpinion" => "audit-opinions",
        "compiledReport" => "compiled-reports",
        "control" => "controls",
        "deficiency" => "deficiencies",
        "erasure" => "erasures",
        "file" => "files",
        "goal" => "goals",
        "indicator" => "indicators",
        "mandatoryRisk" => "mandatory-risks",
        "note" => "notes",
        "organisation" => "organisations",
        "plan" => "plans",
        "recommendation" => "recommendations",
        "report" => "reports",
        "risk" => "risks",
        "scoringPolicy" => "scoring-policies",
        "serviceAccount" => "service-accounts",
        "standingText" => "standing-texts",
        "user" => "users",
        "webhook" => "webhooks",
        "wording" => "wordings",
        part => return part_path(part, id, log, field),
    };
    Some(format!("/{collection}/{id}"))
}

fn part_path(entity: &str, id: Uuid, log: Uuid, field: impl Fn(&str) -> Option<String>) -> Option<String> {
    let path = |collection: &str, whole: &str, parts: &str, part: &str| {
        Some(format!("/{collection}/{}/{parts}/{}", field(whole)?, field(part)?))
    };
    match entity {
        "actionReport" => path("actions", "actionId", "reports", "period"),
        "assessment" => Some(format!("/risks/{}/assessments", field("riskId")?)),
        "controlReport" => path("controls", "controlId", "reports", "period"),
        "deadline" => Some(format!("/deadlines/{}/{}", field("year")?, field("period")?)),
        "financialMeasures" => path("plans", "planId", "financial-measures", "period"),
        "grant" => Some(format!("/users/{}/grants/{id}", field("userId")?)),
        "outcome" => path("indicators", "indicatorId", "outcomes", "organisationId")
            .and_then(|below| Some(format!("{below}/{}", field("period")?))),
        "period" => path("plans", "planId", "periods", "period"),
        "planDeficiency" => path("plans", "planId", "deficiencies", "deficiencyId"),
        "planSection" => path("plans", "planId", "sections", "section"),
        "policyVersion" => path("scoring-policies", "policyId", "versions", "number"),
        "recommendationEntry" => Some(format!("/recommendations/{}/entries/{id}", field("recommendationId")?)),
        "revision" => path("plans", "planId", "revisions", "number"),
        "selfAssessment" => path("plans", "planId", "self-assessments", "period"),
        "serviceCredential" => Some(format!("/service-accounts/{}/credentials/{id}", field("serviceAccountId")?)),
        "signingKey" => Some(format!("/logs/{log}/key")),
        _ => None,
    }
}

/// How a failed delivery is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// The pause after the first failure; each further one doubles it.
    pub first: Duration,
    pub longest: Duration,
    /// How often one event is tried before the webhook is paused.
    pub attempts: i32,
}

impl Default for Retries {
    /// Twenty-one attempts over about four days.
    fn default() -> Self {
        Self { first: Duration::from_secs(5), longest: Duration::from_secs(12 * 3600), attempts: 21 }
    }
}

impl Retries {
    /// How long to wait after this many failures. `chance`, from 0 to 1, spreads what failed together.
    pub fn pause(&self, failures: i32, chance: f64) -> Duration {
        let doublings = u32::try_from(failures - 1).unwrap_or_default().min(30);
        let whole = self.first.saturating_mul(2_u32.saturating_pow(doublings)).min(self.longest);
        whole.mul_f64(0.8 + 0.2 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(text: &str, hosts: &Hosts) -> Vec<&'static str> {
        match Destination::parse(text, hosts) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| fault.code).collect(),
        }
    }

    fn hosts(text: &str) -> Hosts {
        Hosts::parse(text).expect("hosts")
    }

    #[test]
    fn a_webhook_leads_to_https_in_the_open() {
        let none = Hosts::default();
        for good in [
            "https://hooks.example.org/risk?token=1",
            "https://hooks.example.org:8443/",
            "https://räksmörgås.example/",
            "https://8.8.8.8/",
            "https://[2606:4700:4700::1111]/",
            // What a name leads to is known when it is used.
            "https://localhost/",
        ] {
            assert!(codes(good, &none).is_empty(), "{good}: {:?}", codes(good, &none));
        }
        for (bad, code) in [
            ("", "wrongFormat"),
            ("hooks.example.org", "wrongFormat"),
            ("https://", "wrongFormat"),
            ("https://exa mple.org/", "wrongFormat"),
            ("https://[::1/", "wrongFormat"),
            ("http://hooks.example.org/", "notHttps"),
            ("ftp://hooks.example.org/", "notHttps"),
            ("file:///etc/passwd", "notHttps"),
            ("mailto:ada@example.org", "notHttps"),
            ("https://ada:hemligt@hooks.example.org/", "userInUrl"),
            ("https://ada@hooks.example.org/", "userInUrl"),
            ("https://hooks.example.org/#top", "fragmentInUrl"),
        ] {
            assert_eq!(codes(bad, &none), [code], "{bad}");
        }
        assert_eq!(
            codes("http://ada@127.0.0.1/#x", &none),
            ["notHttps", "userInUrl", "fragmentInUrl", "addressNotPublic"],
            "every fault at once"
        );
    }

    #[test]
    fn no_spelling_of_an_address_hides_it() {
        let none = Hosts::default();
        for hidden in [
            "https://127.0.0.1/",
            "https://127.0.0.1./",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://0177.0.0.1/",
            "https://%31%32%37.0.0.1/",
            "https://１２７.０.０.１/",
            "https://127。0。0。1/",
            "https://0/",
            "https://169.254.169.254/latest/meta-data/",
            "https://2852039166/",
            "https://[::1]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fd00:ec2::254]/",
        ] {
            assert_eq!(codes(hidden, &none), ["addressNotPublic"], "{hidden}");
        }
    }

    #[test]
    fn the_operator_allows_the_very_host() {
        let some = hosts("localhost:8080, [::1], Hooks.Internal.Example,räksmörgås.example:443,");
        for good in [
            "http://localhost:8080/x",
            "https://localhost:8080/",
            "http://[::1]:99/",
            "https://[0::1]/",
            "http://hooks.internal.example/",
            "https://HOOKS.internal.example:8443/",
            "https://räksmörgås.example/",
        ] {
            let found = Destination::parse(good, &some).unwrap_or_else(|faults| panic!("{good}: {faults:?}"));
            assert!(found.allowed, "{good}");
        }
        for (bad, code) in [
            ("http://localhost/", "notHttps"),
            ("http://localhost:8081/", "notHttps"),
            ("http://other.internal.example/", "notHttps"),
            ("http://hooks.internal.example.org/", "notHttps"),
            ("ftp://localhost:8080/", "notHttps"),
            ("https://127.0.0.1:8080/", "addressNotPublic"),
        ] {
            assert_eq!(codes(bad, &some), [code], "{bad}");
        }
        assert!(!Destination::parse("https://localhost/", &some).expect("a name").allowed, "another port");
    }

    #[test]
    fn what_is_no_host_is_told() {
        let unread =
            Hosts::parse("good.example, http://x.example, a b, host:0, host:70000, host:x, ::1, x/y, u@h, :80");
        let expected = ["http://x.example", "a b", "host:0", "host:70000", "host:x", "::1", "x/y", "u@h", ":80"];
        assert_eq!(unread.expect_err("faults"), expected);
        assert_eq!(hosts(""), Hosts::default());
    }

    #[test]
    fn kinds_are_wanted_by_name_or_by_what_they_begin_with() {
        let kinds = ["risk.*".to_owned(), "plan.adopted".to_owned()];
        assert!(wants(&[], "session.started"));
        assert!(wants(&kinds, "risk.created") && wants(&kinds, "plan.adopted"));
        assert!(!wants(&kinds, "plan.closed") && !wants(&kinds, "riskier.created") && !wants(&kinds, "risk"));
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let retries = Retries::default();
        let seconds = |failures| retries.pause(failures, 1.0).as_secs();
        assert_eq!([1, 2, 3, 4, 13, 14, 15, 20, 1000].map(seconds), [5, 10, 20, 40, 20480, 40960, 43200, 43200, 43200]);
        assert_eq!(retries.pause(1, 0.0), Duration::from_secs(4));
        let days: u64 = (1..retries.attempts).map(seconds).sum::<u64>() / 86_400;
        assert_eq!(days, 3, "almost four");
        assert_eq!(retries.pause(0, 1.0), retries.pause(1, 1.0));
    }

    #[test]
    fn a_message_has_one_name() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(message_id(a, b, 0, 7), "00000000000000000000000000000001-00000000000000000000000000000002-7");
        assert_eq!(message_id(a, b, 3, 7), "00000000000000000000000000000001-00000000000000000000000000000002-3-7");
        assert!(!message_id(a, b, i64::MAX, i64::MAX).contains('.'), "a dot would part what is signed");
    }

    proptest! {
        /// Whatever is written, what is let through is https, to a name or to an address that is public.
        #[test]
        fn nothing_else_gets_through(text in prop_oneof![
            any::<String>(),
            "https?://[0-9a-fx.:\\[\\]%@/#?]{0,40}",
            "https://[0-9]{1,3}(\\.[0-9]{1,3}){0,3}/",
            "https://\\[[0-9a-f:.]{2,30}\\]/",
        ]) {
            if let Ok(found) = Destination::parse(&text, &Hosts::default()) {
                let url = Url::parse(&found.url).expect("it is kept as an URL");
                prop_assert_eq!(url.scheme(), "https");
                prop_assert!(!found.allowed && url.username().is_empty() && url.password().is_none());
                match url.host() {
                    Some(url::Host::Ipv4(v4)) => prop_assert!(is_public(v4.into())),
                    Some(url::Host::Ipv6(v6)) => prop_assert!(is_public(v6.into())),
                    name => prop_assert!(matches!(name, Some(url::Host::Domain(_)))),
                }
                prop_assert_eq!(Destination::parse(&found.url, &Hosts::default()), Ok(found), "once is enough");
            }
        }
    }
}
