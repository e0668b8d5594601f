//! Whom a request is from, as far as that is known without asking anybody, and how much one may ask for.
//!
//! **The address.** It is that of the connection, unless the operator trusts that as a proxy: then what the proxies say
//! is read from the right, from the nearest on, up to the first address that is not a trusted proxy's
//! ([`Proxies::client`]). What stands further to the left anybody may have written.
//!
//! **The limits.** So many requests a minute, all of which may come at once:
//! * Who shows the cookie of a session or a bearer token whose signature holds is counted by account. Colleagues behind
//!   one address do not take each other's room, nor does a stranger there. Nobody can make up an account, since the
//!   signature is asked and not the text. It is counted by account *and* address: a token that was stolen, or whose
//!   session has ended, would otherwise take the room of the very person that it was stolen from.
//! * All others are counted by address. That is also where one signs in, so that nobody gets more accounts than an
//!   address has room for.
//! * An address has room for [`TOGETHER`] such limits, whoever asks from there: many accounts in one hand, or one program
//!   with many tokens, do not take the service from the rest.
//!
//! An address is a whole network where it is one of IPv6: whoever has one there has 2^64 (a /64).
//!
//! What is refused takes no room. Health, readiness and metrics are never limited: those who look after the service ask
//! them, and most of all when there is much to do.
//!
//! It must not know what is asked for, nor how a refusal looks.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, Mutex};

use actix_web::http::header::HeaderMap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::{IpNet, Ipv4Net};

use crate::auth::{Bearer, random_text};
use crate::domain::addresses::place;
use crate::storage::Id;
use crate::storage::history::sha256_hex;

/// How many times what one account may ask for all of an address may.
const TOGETHER: u32 = 20;
/// How many large answers may be on their way to one address at once: more than a house full of browsers asks for.
pub const ON_THEIR_WAY: usize = 256;
/// What is never limited.
const FREE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The networks of proxies whose word on their clients is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads networks (`10.0.0.0/8`) and addresses, parted by commas; or says which are neither.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match network(part) {
                Some(network) => read.push(network),
                None => unread.push(format!("{part:?}")),
            }
        }
        if unread.is_empty() { Ok(Self(read)) } else { Err(unread) }
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the client behind a connection. A proxy may say it by `Forwarded` (RFC 7239) or by
    /// `X-Forwarded-For`. Where both are there and say different things, one of them came from outside, past a proxy that
    /// does not know it: then neither is taken, nor what cannot be read, and the client is the proxy. So it is where a
    /// proxy keeps its client to itself (`unknown`, `_hidden`).
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let said = |name: &str, read: fn(&str) -> Option<Vec<Option<IpAddr>>>| {
            let mut lines = headers.get_all(name).peekable();
            lines.peek()?;
            let whole: Option<Vec<&str>> = lines.map(|line| line.to_str().ok()).collect();
            let hops = whole.and_then(|lines| read(&lines.join(","))).unwrap_or_default();
            Some(self.nearest(peer, &hops))
        };
        match (said("forwarded", forwarded), said("x-forwarded-for", listed)) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// The first from the right that is no trusted proxy, or the last that is known before one who is not named.
    fn nearest(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            let Some(address) = hop else { break };
            client = *address;
            if !self.trust(client) {
                break;
            }
        }
        client
    }
}

/// A network, or the one of a single address. Not the network of everybody, who would be believed anything.
fn network(text: &str) -> Option<IpNet> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).ok()?;
    // An address of IPv4 in the clothes of IPv6 is one of IPv4 here.
    let network = match network {
        IpNet::V6(v6) => match (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) {
            (Some(v4), Some(length)) => IpNet::V4(Ipv4Net::new(v4, length).ok()?),
            _ => network,
        },
        IpNet::V4(_) => network,
    };
    (network.prefix_len() > 0).then(|| network.trunc())
}

/// What `X-Forwarded-For` says: from the client to the nearest proxy.
fn listed(text: &str) -> Option<Vec<Option<IpAddr>>> {
    Some(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(node).collect())
}

/// What `Forwarded` says in its `for`, in the same order. Nothing when any of it is not as RFC 7239, 4 has it: a quote that
/// is not closed would take in what the nearest proxy wrote.
fn forwarded(text: &str) -> Option<Vec<Option<IpAddr>>> {
    let mut hops = Vec::new();
    let mut rest = text;
    loop {
        let mut hop = None;
        loop {
            rest = rest.trim_start();
            // An element may be empty, and so may a pair.
            if !rest.is_empty() && !rest.starts_with([',', ';']) {
                let (name, after) = rest.split_once('=')?;
                let (value, after) = value(after)?;
                if !name.bytes().all(is_token) || name.is_empty() {
                    return None;
                }
                if name.eq_ignore_ascii_case("for") {
                    hop = node(&value);
                }
                rest = after.trim_start();
            }
            match rest.strip_prefix(';') {
                Some(after) => rest = after,
                None => break,
            }
        }
        hops.push(hop);
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None => return rest.is_empty().then_some(hops),
        }
    }
}

/// A token or a quoted text, and what comes after it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.bytes().position(|b| !is_token(b)).unwrap_or(text.len());
        let (token, after) = text.split_at(end);
        return (!token.is_empty()).then(|| (token.to_owned(), after));
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(letters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The address of a node, which may come with a port. None for `unknown` and for names that a proxy made up.
fn node(text: &str) -> Option<IpAddr> {
    let bracketed = |text: &str| text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    let address = |text: &str| text.parse().ok().or_else(|| bracketed(text).map(IpAddr::from));
    let with_port = || text.parse::<SocketAddr>().ok().map(|a| a.ip());
    // The port may be a made-up name, too.
    let with_name = || address(text.rsplit_once(":_")?.0);
    address(text).or_else(with_port).or_else(with_name).map(|found: IpAddr| found.to_canonical())
}

static SALT: LazyLock<String> = LazyLock::new(|| random_text(16));

/// Whose request it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Account {
    /// A person's or a service account's.
    Known(Id),
    /// That of whom the issuer calls so: the hash of it, with the salt of this process, since it may be an address.
    Issued(String),
}

impl Account {
    pub fn of(bearer: &Bearer) -> Self {
        match bearer {
            Bearer::Session { user, .. } => Self::Known(*user),
            Bearer::Service { account, .. } => Self::Known(*account),
            Bearer::Oidc { subject } => Self::Issued(sha256_hex(format!("{}{subject}", *SALT).as_bytes())),
        }
    }
}

/// A pseudonym.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(id) => id.fmt(f),
            Self::Issued(hash) => write!(f, "issuer:{}", &hash[..16]),
        }
    }
}

/// The limit that a request has met.
#[derive(Debug, PartialEq, Eq)]
pub struct Met {
    /// `account`, `address` or `together`.
    pub limit: &'static str,
    /// In how many seconds there is room.
    pub seconds: u64,
    /// Nobody has been told of it within the last minute.
    pub news: bool,
}

/// A large answer, as long as it is on its way.
pub struct OnItsWay {
    limits: Arc<Limits>,
    place: IpAddr,
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let mut all = self.limits.on_their_way.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(there) = all.get_mut(&self.place) {
            *there -= 1;
            if *there == 0 {
                all.remove(&self.place);
            }
        }
    }
}

/// Counts requests.
pub struct Limits {
    accounts: DefaultKeyedRateLimiter<(Account, IpAddr)>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    together: DefaultKeyedRateLimiter<IpAddr>,
    /// What has been told of in the log: once a minute, or whoever asks in vain could fill a disk.
    told: DefaultKeyedRateLimiter<(&'static str, Option<Account>, IpAddr)>,
    /// How many large answers are on their way to an address.
    on_their_way: Mutex<HashMap<IpAddr, usize>>,
}

impl Limits {
    pub fn new(per_minute: u32) -> Self {
        let quota = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        Self {
            accounts: RateLimiter::keyed(quota(per_minute)),
            addresses: RateLimiter::keyed(quota(per_minute)),
            together: RateLimiter::keyed(quota(per_minute.saturating_mul(TOGETHER))),
            told: RateLimiter::keyed(quota(1)),
            on_their_way: Mutex::default(),
        }
    }

    /// Whether this is never limited.
    pub fn free(path: &str) -> bool {
        FREE.contains(&path)
    }

    /// Counts a request, or says why there is no room for it.
    pub fn enter(&self, client: IpAddr, account: Option<Account>) -> Result<(), Met> {
        let place = place(client);
        let own = match &account {
            Some(account) => ("account", wait(&self.accounts, &(account.clone(), place))),
            None => ("address", wait(&self.addresses, &place)),
        };
        let met = match own {
            (limit, Some(seconds)) => Some((limit, seconds)),
            (_, None) => wait(&self.together, &place).map(|seconds| ("together", seconds)),
        };
        let Some((limit, seconds)) = met else { return Ok(()) };
        let news = self.told.check_key(&(limit, account, place)).is_ok();
        Err(Met { limit, seconds, news })
    }

    /// A large answer sets out to this client, until what is given back is dropped; nothing when too many are on their way
    /// there: whoever asks and does not read holds what they asked for.
    pub fn send(self: &Arc<Self>, client: IpAddr) -> Option<OnItsWay> {
        let place = place(client);
        let mut all = self.on_their_way.lock().unwrap_or_else(|e| e.into_inner());
        let there = all.entry(place).or_default();
        if *there >= ON_THEIR_WAY {
            return None;
        }
        *there += 1;
        Some(OnItsWay { limits: Arc::clone(self), place })
    }

    /// Forgets those who have all their room again.
    pub fn forget_rested(&self) {
        fn forget<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>) {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        forget(&self.accounts);
        forget(&self.addresses);
        forget(&self.together);
        forget(&self.told);
    }
}

/// Takes room; or gives the seconds until there is some.
fn wait<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Option<u64> {
    let until = limiter.check_key(key).err()?;
    let wait = until.wait_time_from(DefaultClock::default().now());
    Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).map(|seconds| seconds.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn headers(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        headers
    }

    const TRUSTED: &str = "10.0.0.0/8, 192.0.2.7,2001:db8:1::/48";

    fn client(peer: &str, lines: &[(&str, &str)]) -> String {
        Proxies::parse(TRUSTED).expect("networks").client(ip(peer), &headers(lines)).to_string()
    }

    #[test]
    fn networks_and_addresses_are_read_and_nothing_else() {
        assert_eq!(Proxies::parse(""), Ok(Proxies::default()));
        assert_eq!(Proxies::parse("10.1.2.3/8"), Proxies::parse("10.0.0.0/8"));
        assert_eq!(Proxies::parse("::ffff:10.0.0.0/104"), Proxies::parse("10.0.0.0/8"));
        for bad in ["10.0.0.0/33", "10.0.0", "proxy.example", "0.0.0.0/0", "::/0", "10.0.0.0/8/8", "[::1]"] {
            assert_eq!(Proxies::parse(&format!("127.0.0.1, {bad}")), Err(vec![format!("{bad:?}")]), "{bad}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for lines in [
            &[("forwarded", "for=203.0.113.9")][..],
            &[("x-forwarded-for", "203.0.113.9")],
            &[("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")],
        ] {
            assert_eq!(client("198.51.100.1", lines), "198.51.100.1");
            assert_eq!(client("10.0.0.1", lines), "203.0.113.9");
            assert_eq!(client("::ffff:10.0.0.1", lines), "203.0.113.9");
        }
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn they_are_read_from_the_right_up_to_the_first_who_is_not_trusted() {
        let forged = "1.1.1.1, 203.0.113.9, 10.0.0.2";
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", forged)]), "203.0.113.9");
        let lines = [("x-forwarded-for", "1.1.1.1, 203.0.113.9"), ("x-forwarded-for", "192.0.2.7")];
        assert_eq!(client("10.0.0.1", &lines), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "10.0.0.3, 10.0.0.2")]), "10.0.0.3");
        let lines =
            [("forwarded", "for=1.1.1.1;x=\"a,b;c\", for=203.0.113.9;proto=https, For=\"[2001:db8:1::5]:443\"")];
        assert_eq!(client("10.0.0.1", &lines), "203.0.113.9");
    }

    #[test]
    fn each_way_to_write_a_node_is_read() {
        for (node, found) in [
            ("203.0.113.9", "203.0.113.9"),
            ("\"203.0.113.9:4711\"", "203.0.113.9"),
            ("\"203.0.113.9:_port\"", "203.0.113.9"),
            ("\"[2001:db8::17]\"", "2001:db8::17"),
            ("\"[2001:db8::17]:4711\"", "2001:db8::17"),
            ("\"[2001:db8::17]:_x\"", "2001:db8::17"),
            ("\"[::ffff:203.0.113.9]\"", "203.0.113.9"),
            ("\"\\2\\03.0.113.9\"", "203.0.113.9"),
            ("unknown", "10.0.0.1"),
            ("\"unknown:4711\"", "10.0.0.1"),
            ("_hidden", "10.0.0.1"),
        ] {
            let line = format!("for=1.1.1.1, by=10.0.0.9;for={node}");
            assert_eq!(client("10.0.0.1", &[("forwarded", &line)]), found, "{line}");
        }
        for (node, found) in [
            ("203.0.113.9:4711", "203.0.113.9"),
            ("2001:db8::17", "2001:db8::17"),
            ("[2001:db8::17]:4711", "2001:db8::17"),
            ("unknown", "10.0.0.1"),
            ("1.2.3", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", &format!("1.1.1.1, {node}"))]), found, "{node}");
        }
    }

    #[test]
    fn what_is_not_written_as_it_should_be_is_nobodys_word() {
        for line in [
            "for=\"",
            "for=1.1.1.1;x=\", for=203.0.113.9",
            "for=1.1.1.1;x=\", for=\"[2001:db8::17]:99\"",
            "for=1.1.1.1 for=2.2.2.2",
            "for = 1.1.1.1",
            "for",
            "=1.1.1.1",
            "proto=https",
            "for=1.1.1.1, proto=https",
            "",
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", line)]), "10.0.0.1", "{line}");
        }
        let unreadable = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "å")];
        assert_eq!(client("10.0.0.1", &unreadable), "10.0.0.1");
    }

    #[test]
    fn one_word_against_the_other_is_none() {
        let lines = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client("10.0.0.1", &lines), "10.0.0.1");
        let lines = [("forwarded", "for=\""), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(client("10.0.0.1", &lines), "10.0.0.1");
    }

    #[test]
    fn accounts_have_room_of_their_own_and_an_address_for_some_of_them() {
        let limits = Limits::new(3);
        let (here, there) = (ip("203.0.113.9"), ip("203.0.113.10"));
        let someone = || Some(Account::Known(Id::new()));
        let one = someone();
        for _ in 0..3 {
            assert_eq!(limits.enter(here, one.clone()), Ok(()));
        }
        let met = limits.enter(here, one.clone()).expect_err("no room");
        assert_eq!((met.limit, met.news), ("account", true));
        assert!((1..=20).contains(&met.seconds), "{met:?}");
        assert!(!limits.enter(here, one.clone()).expect_err("no room").news, "told once");
        assert_eq!(limits.enter(there, one), Ok(()), "the same person elsewhere");
        for _ in 0..3 {
            assert_eq!(limits.enter(here, None), Ok(()));
        }
        assert_eq!(limits.enter(here, None).expect_err("no room").limit, "address");
        let other = someone();
        assert_eq!(limits.enter(here, other), Ok(()), "a colleague");
        let met = (7..).find_map(|n| Some((n, limits.enter(here, someone()).err()?)));
        let (taken, met) = met.expect("no room");
        // Each second there is room for one more.
        assert!((3 * TOGETHER..3 * TOGETHER + 10).contains(&taken), "{taken}");
        assert_eq!(met.limit, "together");
        assert_eq!(limits.enter(there, None), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let limits = Limits::new(1);
        assert_eq!(limits.enter(ip("2001:db8::1"), None), Ok(()));
        assert!(limits.enter(ip("2001:db8::ffff:1"), None).is_err());
        assert_eq!(limits.enter(ip("2001:db8:0:1::1"), None), Ok(()));
    }

    #[test]
    fn who_has_rested_is_forgotten() {
        let limits = Limits::new(60_000);
        for n in 0..1000_u32 {
            assert_eq!(limits.enter(IpAddr::from(n.to_be_bytes()), Some(Account::Known(Id::new()))), Ok(()));
        }
        assert_eq!((limits.accounts.len(), limits.together.len()), (1000, 1000));
        // A thousandth of a second is all that each has taken.
        let patience = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while limits.accounts.len() + limits.together.len() > 0 {
            assert!(std::time::Instant::now() < patience, "they are remembered");
            limits.forget_rested();
        }
    }
}
