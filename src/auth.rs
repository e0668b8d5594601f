//! Who are you: passwords, tokens and the keys behind them. It must not know what anyone may do.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Argon2, Block, Params, RECOMMENDED_SALT_LEN, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use rand::TryRng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::authorities::Authorities;
use crate::domain::addresses::place;
use crate::domain::email;
use crate::domain::words::ServiceScope;
use crate::error::{Bilingual, Error, Result};
use crate::storage::history::sha256_hex;
use crate::storage::{Id, Timestamp};

/// How long an access token holds, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a session can be refreshed, in seconds.
pub const SESSION_SECONDS: i64 = 14 * 24 * 3600;
/// How long a sign-in to the pages lasts: a working day.
pub const PAGE_SECONDS: i64 = 12 * 3600;
/// How long a browser is known as one of somebody's, in seconds: as long as browsers keep a cookie.
pub const DEVICE_SECONDS: i64 = 400 * 24 * 3600;
/// How many people a browser is known to be theirs of: a ward's computer has many.
const MOST_KNOWN: usize = 8;
/// How long a token printed on the host holds, in seconds.
pub const HOST_TOKEN_SECONDS: i64 = 24 * 3600;
/// How long a letter can be used to turn letters off, in seconds: letters are kept long.
const UNSUBSCRIBE_SECONDS: i64 = 400 * 24 * 3600;
/// How long a letter can be used to choose a password by who has forgotten theirs, in seconds.
pub const RESET_SECONDS: i64 = 3600;
/// How long by who is invited, in seconds.
pub const INVITATION_SECONDS: i64 = 3 * 24 * 3600;
/// How long a password that was made for somebody lets them choose their own, in seconds.
pub const ONE_TIME_SECONDS: i64 = 3 * 24 * 3600;
/// Nobody who has forgotten their password is written to more often than this, in seconds.
pub const RESET_EVERY: i64 = 10 * 60;
/// Wrong passwords in a row before the address must wait.
pub const FAILURES_BEFORE_LOCK: i32 = 5;
/// How long it must wait, in seconds.
pub const LOCK_SECONDS: i64 = 15 * 60;

const ISSUER: &str = "riskregister";
const AUDIENCE: &str = "riskregister-api";

/// One hash at a time a core.
static HASHING: LazyLock<Places> = LazyLock::new(|| Places::new(places()));

/// How many passwords are judged at a time.
pub fn places() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get())
}

/// Gives back the memory that passwords were judged in, where nobody judges one just now.
pub fn rest() {
    HASHING.rest();
}

/// Lets a few threads hash at a time, each in memory that is used again by the next, until it is given back: 19 MiB a place.
/// Memory asked for anew each time would stay with the allocator, once for each of its arenas.
struct Places {
    free: Mutex<Vec<Vec<Block>>>,
    opened: std::sync::Condvar,
}

impl Places {
    fn new(places: usize) -> Self {
        Self { free: Mutex::new(vec![Vec::new(); places]), opened: std::sync::Condvar::new() }
    }

    fn rest(&self) {
        let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
        free.iter_mut().for_each(|memory| *memory = Vec::new());
    }

    /// Fills `out` with the hash, when there is a place.
    fn hash(&self, argon2: &Argon2, password: &str, salt: &[u8], out: &mut [u8]) -> argon2::Result<()> {
        let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
        let mut memory = loop {
            match free.pop() {
                Some(memory) => break memory,
                None => free = self.opened.wait(free).unwrap_or_else(|e| e.into_inner()),
            }
        };
        drop(free);
        let blocks = argon2.params().block_count();
        if memory.len() < blocks {
            memory.resize(blocks, Block::new());
        }
        let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory);
        self.free.lock().unwrap_or_else(|e| e.into_inner()).push(memory);
        self.opened.notify_one();
        done
    }
}

/// The Argon2id hash of a password, as a PHC string. Takes tens of milliseconds: never inside a transaction.
pub fn hash_password(password: &str) -> Result<String> {
    let argon2 = Argon2::default();
    let salt = random_bytes();
    let salt = Salt::new(&salt[..RECOMMENDED_SALT_LEN]).map_err(Error::internal)?;
    let mut hash = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    HASHING.hash(&argon2, password, &salt, &mut hash).map_err(Error::internal)?;
    let hash = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params()).map_err(Error::internal)?,
        salt: Some(salt),
        hash: Some(Output::new(&hash).map_err(Error::internal)?),
    };
    Ok(hash.to_string())
}

/// Whether the password is the hash's. Without a hash it takes as long, and is never right.
pub fn password_matches(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password(&random_text(18)).unwrap_or_default());
    let known = hash.is_some();
    PasswordHash::new(hash.unwrap_or(&NOBODY)).is_ok_and(|hash| is_of(password, &hash)) && known
}

/// Whether the password has this hash, made as the hash itself says. Compared in the same time whichever bytes differ.
fn is_of(password: &str, hash: &PasswordHash) -> bool {
    let (Some(salt), Some(right)) = (&hash.salt, &hash.hash) else { return false };
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from);
    let (Ok(algorithm), Ok(version), Ok(params)) =
        (argon2::Algorithm::try_from(hash.algorithm.as_str()), version, Params::try_from(hash))
    else {
        return false;
    };
    let mut made = vec![0_u8; right.len()];
    HASHING.hash(&Argon2::new(algorithm, version, params), password, salt, &mut made).is_ok()
        && Output::new(&made).is_ok_and(|made| made == *right)
}

/// 32 bytes of chance.
pub fn random_bytes() -> [u8; 32] {
    let mut buffer = [0_u8; 32];
    rand::rngs::SysRng.try_fill_bytes(&mut buffer).expect("the system gives random bytes");
    buffer
}

/// `bytes` of chance as text that can be typed and put in a URL.
pub fn random_text(bytes: usize) -> String {
    let mut buffer = vec![0_u8; bytes];
    rand::rngs::SysRng.try_fill_bytes(&mut buffer).expect("the system gives random bytes");
    URL_SAFE_NO_PAD.encode(buffer)
}

/// A new secret of a service account: 256 bits of chance.
pub fn new_secret() -> String {
    random_text(32)
}

/// What is kept of such a secret. Argon2 is for what people think up; 256 bits of chance cannot be guessed at any speed,
/// so one round of SHA-256 hides them as well, and a client that asks often costs nothing.
pub fn secret_hash(secret: &str) -> String {
    sha256_hex(secret.as_bytes())
}

/// Whether a secret has this hash, in the same time whichever letters differ. Without a hash it takes as long, and is
/// never right.
pub fn secret_matches(secret: &str, hash: Option<&str>) -> bool {
    let given = secret_hash(secret);
    let kept = hash.unwrap_or("");
    let differs = given.bytes().enumerate().fold(0, |d, (i, b)| d | (b ^ kept.as_bytes().get(i).copied().unwrap_or(0)));
    differs == 0 && given.len() == kept.len()
}

/// Who a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    /// A session of this service.
    Session { user: Id, session: Id },
    /// Someone whom the OIDC issuer knows.
    Oidc { subject: String },
    /// A service account, which got its token by one of its credentials.
    Service { account: Id, credential: Id, scopes: Vec<ServiceScope> },
}

/// What our own tokens say.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Id,
    iat: i64,
    exp: i64,
    #[serde(flatten)]
    kind: TokenUse,
}

/// Which kind of token, and what that kind says: none can be used as another.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "use", rename_all = "camelCase")]
enum TokenUse {
    /// Of a session.
    Access { sid: Id },
    /// Of a session, and which of its refresh tokens.
    Refresh { sid: Id, generation: i32 },
    /// Of a service account, with the credential that it was got by and its scopes, parted by spaces.
    Service { cid: Id, scope: String },
    /// The cookie of a browser. Nothing else takes it: what a page holds opens no API.
    Page { sid: Id, csrf: String },
    /// The cookie of a browser by which people have signed in. It opens nothing: guesses from elsewhere hold up nobody who has it.
    Devices { of: Vec<Device> },
    /// Of a browser whose person is away to sign in at the OIDC issuer.
    Detour(Detour),
    /// Of a letter: turns the weekly letter off, and nothing else.
    Unsubscribe,
    /// Of a letter: lets whoever it was sent to choose a password, while the register keeps the link.
    Password,
}

/// How long a person may take to sign in at the issuer, in seconds.
pub const DETOUR_SECONDS: i64 = 15 * 60;

/// What a refresh token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refresh {
    pub user: Id,
    pub session: Id,
    pub generation: i32,
}

/// A browser by which somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    pub user: Id,
    /// Which of theirs.
    pub id: Id,
    /// When they last did: seconds since 1970.
    pub since: i64,
}

/// Who is signed in to the pages of a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser {
    pub user: Id,
    pub session: Id,
    pub csrf: String,
}

/// Whose passwords are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Passwords {
    /// Everybody's who has one.
    #[default]
    On,
    /// Everybody signs in at the issuer, but for one account at most, by its address as it is kept: for the day when the issuer
    /// is away.
    Off { emergency: Option<String> },
}

impl Passwords {
    /// Whether the account with this address, as it is kept, may have a password and sign in by it.
    pub fn take(&self, address: &str) -> bool {
        match self {
            Self::On => true,
            Self::Off { emergency } => emergency.as_deref() == Some(email::fold(address).as_str()),
        }
    }

    /// Whether people have passwords at all.
    pub fn are_on(&self) -> bool {
        *self == Self::On
    }

    /// The address of the account that is kept for emergencies.
    pub fn emergency(&self) -> Option<&str> {
        match self {
            Self::On => None,
            Self::Off { emergency } => emergency.as_deref(),
        }
    }
}

/// The one OIDC issuer whose tokens are taken.
#[derive(Debug, Clone)]
pub struct Oidc {
    pub issuer: String,
    pub audience: String,
    /// Which claim is the user's `subject` here.
    pub claim: String,
    /// How people must have signed in there, where that is demanded.
    pub demanded: Demanded,
    /// Where its keys are; found through discovery when not given.
    pub jwks_url: Option<String>,
    /// Whose certificates are trusted when it is asked, besides those that the system knows.
    pub authorities: Authorities,
    /// What the pages are called there, when people sign in to them through it.
    pub client: Option<OidcClient>,
}

/// What the tokens of the issuer must say of how somebody signed in (OpenID Connect Core, 2). Nothing is demanded where both are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Demanded {
    /// `acr` is one of these.
    pub acr: Vec<String>,
    /// `amr` has all of these.
    pub amr: Vec<String>,
}

impl Demanded {
    /// Which of the two a token does not have.
    fn lacking(&self, claims: &HashMap<String, serde_json::Value>) -> Option<&'static str> {
        let said = claims.get("acr").and_then(serde_json::Value::as_str);
        if !self.acr.is_empty() && !said.is_some_and(|said| self.acr.iter().any(|one| one == said)) {
            return Some("acr");
        }
        let said = claims.get("amr").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let has = |one: &String| said.iter().any(|said| said.as_str() == Some(one));
        (!self.amr.iter().all(has)).then_some("amr")
    }
}

/// The pages, as a client of the OIDC issuer: authorization code with PKCE.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcClient {
    pub id: String,
    /// None for a public client, which PKCE alone keeps safe.
    pub secret: Option<String>,
}

impl std::fmt::Debug for OidcClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcClient").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a browser holds while its person signs in at the issuer, and what is held against what comes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detour {
    pub state: String,
    nonce: String,
    /// What proves that whoever brings the code is who asked for it (PKCE, RFC 7636).
    verifier: String,
    /// Where the person was going.
    pub to: String,
}

/// Who has signed in at the issuer, and in which session of its own; or whose session has ended there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issued {
    /// `sub`.
    pub subject: Option<String>,
    /// `sid`.
    pub session: Option<String>,
}

impl Issued {
    fn of(claims: &HashMap<String, serde_json::Value>) -> Self {
        // So long a `sub` may be at most (OpenID Connect Core, 2).
        let short = |claim| named(claims, claim).filter(|text| text.len() <= 255);
        Self { subject: short("sub"), session: short("sid") }
    }
}

/// What tells that a token is for ending sessions (OpenID Connect Back-Channel Logout 1.0, 2.4).
const LOGGED_OUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What an issuer says of itself (OpenID Connect Discovery), as far as it is of use here.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
}

/// Where the issuer is signed in at, and where its codes are changed for tokens.
#[derive(Clone)]
struct Endpoints {
    /// Where one signs out of it, if it says so.
    end_session: Option<String>,
    authorization: String,
    token: String,
}

/// The keys that tokens are made and checked with.
#[derive(Clone)]
pub struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// Reads what was signed before the secret was changed, and signs nothing.
    before: Option<DecodingKey>,
    oidc: Option<Arc<Issuer>>,
}

struct Issuer {
    about: Oidc,
    client: reqwest::Client,
    keys: tokio::sync::Mutex<Known>,
    /// And when they were asked for.
    endpoints: tokio::sync::Mutex<Option<(Endpoints, Instant)>>,
    /// Tokens that name keys nobody has heard of must not make us a nuisance to the issuer.
    questions: governor::DefaultDirectRateLimiter,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, (Algorithm, DecodingKey)>,
    fetched: Option<Instant>,
}

/// How often the issuer is asked for its keys, in the long run; a few times in a row are allowed.
const ASK_EVERY: Duration = Duration::from_secs(10);
const ASK_IN_A_ROW: NonZeroU32 = NonZeroU32::new(5).unwrap();
/// How long keys are good without asking, so that one that the issuer has withdrawn does not live on.
const KEYS_HOLD: Duration = Duration::from_secs(15 * 60);

/// Scopes as OAuth writes them: parted by spaces.
pub fn scope_text(scopes: &[ServiceScope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whose token it was, as the log tells it.
const OWN: &str = "own token";
const ISSUERS: &str = "token of the issuer";
const UNKNOWN_KEY: &str = "the issuer publishes no such key";

/// What the kinds of tokens of the issuer call themselves, where they say (RFC 8725, 3.11): for the API (RFC 9068, 2.1), of a sign-in, and of the
/// end of a session.
const ACCESS: &[&str] = &["jwt", "at+jwt"];
const ID: &[&str] = &["jwt"];
const LOGOUT: &[&str] = &["jwt", "logout+jwt"];

/// Whether a token is of one of these kinds, as far as it says, and asks for nothing that is not known here (RFC 7515, 4.1.11).
fn is_of_kind(header: &Header, kinds: &[&str]) -> bool {
    let said = header.typ.as_deref().map(str::to_ascii_lowercase);
    let said = said.as_deref().map(|said| said.strip_prefix("application/").unwrap_or(said));
    header.crit.is_none() && said.is_none_or(|said| kinds.contains(&said))
}

/// Whether a token says of itself, not by its kind, that it tells of a sign-in or of an event, and is not for the API.
fn is_of_another_use(claims: &HashMap<String, serde_json::Value>) -> bool {
    ["events", "at_hash", "c_hash", "s_hash"].iter().any(|claim| claims.contains_key(*claim))
}

/// Which check a token did not pass: never anything of the token, as the library's own words can be.
fn check_of(fault: &jsonwebtoken::errors::Error) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match fault.kind() {
        ErrorKind::InvalidToken => "it is no token",
        ErrorKind::InvalidSignature => "signature",
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it does not hold yet",
        ErrorKind::InvalidIssuer => "issuer",
        ErrorKind::InvalidAudience => "audience",
        ErrorKind::InvalidSubject => "subject",
        ErrorKind::InvalidAlgorithm => "algorithm",
        ErrorKind::MissingRequiredClaim(_) => "a claim is missing",
        ErrorKind::Base64(_) | ErrorKind::Json(_) | ErrorKind::Utf8(_) => "it cannot be read",
        _ => "another check",
    }
}

/// Refuses a token, and says in the log and in a count which check it did not pass.
fn refused_by(what: &'static str, check: &'static str) -> Error {
    tracing::info!(what, check, "a token was refused");
    metrics::counter!("riskregister_tokens_refused_total", "what" => what, "check" => check).increment(1);
    refused()
}

/// Nobody whom we know asks.
pub fn refused() -> Error {
    Error::Unauthenticated(Bilingual::new(
        "Logga in, eller förnya sessionen: token saknas, har gått ut eller gäller inte här.",
        "Sign in, or refresh the session: the token is missing, expired or not valid here.",
    ))
}

impl Keys {
    /// `secret` is at least 32 bytes; the configuration has checked it.
    pub fn new(secret: &[u8], oidc: Option<Oidc>) -> Result<Self> {
        let oidc = match oidc {
            None => None,
            Some(about) => Some(Arc::new(Issuer {
                client: about
                    .authorities
                    .client()
                    .timeout(Duration::from_secs(10))
                    .redirect(reqwest::redirect::Policy::none())
                    .build()
                    .map_err(Error::internal)?,
                about,
                keys: Default::default(),
                endpoints: Default::default(),
                questions: governor::RateLimiter::direct(
                    governor::Quota::with_period(ASK_EVERY).expect("ten seconds is a period").allow_burst(ASK_IN_A_ROW),
                ),
            })),
        };
        let (encoding, decoding) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        Ok(Self { encoding, decoding, before: None, oidc })
    }

    /// The same, which take what was signed by the secret of before too.
    #[must_use]
    pub fn after(mut self, secret: Option<&[u8]>) -> Self {
        self.before = secret.map(DecodingKey::from_secret);
        self
    }

    fn sign(&self, sub: Id, kind: TokenUse, seconds: i64) -> Result<String> {
        let now = Timestamp::now().utc().timestamp();
        let claims = Claims { iss: ISSUER.into(), aud: AUDIENCE.into(), sub, iat: now, exp: now + seconds, kind };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(Error::internal)
    }

    /// An access token of a session.
    pub fn access(&self, user: Id, session: Id, seconds: i64) -> Result<String> {
        self.sign(user, TokenUse::Access { sid: session }, seconds)
    }

    /// A refresh token of a session, which makes the earlier ones worthless.
    pub fn refresh(&self, user: Id, session: Id, generation: i32, seconds: i64) -> Result<String> {
        self.sign(user, TokenUse::Refresh { sid: session, generation }, seconds)
    }

    /// An access token of a service account, got by this credential.
    pub fn service(&self, account: Id, credential: Id, scopes: &[ServiceScope], seconds: i64) -> Result<String> {
        self.sign(account, TokenUse::Service { cid: credential, scope: scope_text(scopes) }, seconds)
    }

    /// What the cookie of a browser holds: the session, and a word that the forms on its pages carry too, so that no
    /// other site can send them.
    pub fn page(&self, browser: &Browser) -> Result<String> {
        let kind = TokenUse::Page { sid: browser.session, csrf: browser.csrf.clone() };
        self.sign(browser.user, kind, PAGE_SECONDS)
    }

    /// The session behind a browser's cookie; whether it still lives, the database knows.
    pub fn read_page(&self, cookie: &str) -> Option<Browser> {
        match self.own(cookie)? {
            Claims { sub, kind: TokenUse::Page { sid, csrf }, .. } => Some(Browser { user: sub, session: sid, csrf }),
            _ => None,
        }
    }

    /// The cookie by which a browser is known, once more with somebody who has just shown who they are.
    pub fn know(&self, mut known: Vec<Device>, user: Id) -> Result<String> {
        let id = known.iter().find(|one| one.user == user).map_or_else(Id::new, |one| one.id);
        known.retain(|one| one.user != user);
        known.insert(0, Device { user, id, since: Timestamp::now().utc().timestamp() });
        known.truncate(MOST_KNOWN);
        self.sign(user, TokenUse::Devices { of: known }, DEVICE_SECONDS)
    }

    /// Whose device a browser is.
    pub fn read_devices(&self, cookie: &str) -> Vec<Device> {
        match self.own(cookie) {
            Some(Claims { kind: TokenUse::Devices { of }, .. }) => of,
            _ => Vec::new(),
        }
    }

    /// What tells a place again, an address or a network of IPv6, and without the secret nothing else of it.
    pub fn place(&self, client: IpAddr) -> Result<String> {
        let signed = encode(&Header::new(Algorithm::HS256), &place(client), &self.encoding).map_err(Error::internal)?;
        Ok(sha256_hex(signed.as_bytes()))
    }

    /// Whether there is an issuer whose tokens are taken.
    pub fn knows_issuer(&self) -> bool {
        self.oidc.is_some()
    }

    /// Whether people can sign in to the pages through the issuer.
    pub fn has_issuer(&self) -> bool {
        self.oidc.as_ref().is_some_and(|issuer| issuer.about.client.is_some())
    }

    /// Where a person goes to sign in at the issuer, and the cookie that waits for them to come back to `redirect`.
    /// [`Error::NotFound`] when there is no issuer to sign in at.
    pub async fn leave(&self, redirect: &str, to: &str) -> Result<(String, String)> {
        let (issuer, client) = self.issuer()?;
        let endpoints = issuer.endpoints().await?;
        let detour =
            Detour { state: random_text(24), nonce: random_text(24), verifier: random_text(48), to: to.to_owned() };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(detour.verifier.as_bytes()));
        let mut url = url::Url::parse(&endpoints.authorization).map_err(Error::internal)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", redirect)
            .append_pair("scope", "openid profile email")
            .append_pair("state", &detour.state)
            .append_pair("nonce", &detour.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if !issuer.about.demanded.acr.is_empty() {
            url.query_pairs_mut().append_pair("acr_values", &issuer.about.demanded.acr.join(" "));
        }
        Ok((url.into(), self.sign(Id::new(), TokenUse::Detour(detour), DETOUR_SECONDS)?))
    }

    /// What a browser's cookie says of its detour.
    pub fn read_detour(&self, cookie: &str) -> Option<Detour> {
        match self.own(cookie)? {
            Claims { kind: TokenUse::Detour(detour), .. } => Some(detour),
            _ => None,
        }
    }

    /// Who came back from the issuer with this code: the issuer's name for the person.
    pub async fn arrive(&self, detour: &Detour, code: &str, redirect: &str) -> Result<(String, Issued)> {
        let (issuer, client) = self.issuer()?;
        issuer.exchange(client, detour, code, redirect).await
    }

    /// Where somebody signs out of the issuer too, to come back to `redirect`; nowhere where it does not say (OpenID Connect
    /// RP-Initiated Logout 1.0).
    pub async fn depart(&self, redirect: &str) -> Option<String> {
        let (issuer, client) = self.issuer().ok()?;
        let mut url = url::Url::parse(&issuer.endpoints().await.ok()?.end_session?).ok()?;
        url.query_pairs_mut().append_pair("client_id", &client.id).append_pair("post_logout_redirect_uri", redirect);
        Some(url.into())
    }

    /// Whose session has ended at the issuer, as a token of it tells (OpenID Connect Back-Channel Logout 1.0, 2.6).
    /// [`Error::Unauthenticated`] for what is no such token.
    pub async fn logged_out(&self, token: &str) -> Result<Issued> {
        let (issuer, client) = self.issuer()?;
        let head = decode_header(token).map_err(|fault| refused_by(ISSUERS, check_of(&fault)))?;
        let claims = issuer.claims(token, head.kid.as_deref().unwrap_or_default(), &client.id, LOGOUT).await?;
        let is_event =
            claims.get("events").is_some_and(|events| events.get(LOGGED_OUT).is_some_and(|one| one.is_object()));
        let ended = Issued::of(&claims);
        if !is_event || claims.contains_key("nonce") || ended == Issued::default() {
            return Err(refused_by(ISSUERS, "it ends no session"));
        }
        Ok(ended)
    }

    fn issuer(&self) -> Result<(&Issuer, &OidcClient)> {
        let issuer = self.oidc.as_deref().ok_or(Error::NotFound)?;
        Ok((issuer, issuer.about.client.as_ref().ok_or(Error::NotFound)?))
    }

    /// What stands in the address by which a person turns the weekly letter off without signing in.
    pub fn unsubscribe(&self, user: Id) -> Result<String> {
        self.sign(user, TokenUse::Unsubscribe, UNSUBSCRIBE_SECONDS)
    }

    /// Whose weekly letter such an address turns off.
    pub fn read_unsubscribe(&self, token: &str) -> Option<Id> {
        match self.own(token) {
            Some(Claims { sub, kind: TokenUse::Unsubscribe, .. }) => Some(sub),
            _ => None,
        }
    }

    /// What stands in the address by which somebody chooses a password.
    pub fn password_link(&self, link: Id, seconds: i64) -> Result<String> {
        self.sign(link, TokenUse::Password, seconds)
    }

    /// Which link such an address is; whether it still holds, the database knows.
    pub fn read_password_link(&self, token: &str) -> Option<Id> {
        match self.own(token) {
            Some(Claims { sub, kind: TokenUse::Password, .. }) => Some(sub),
            _ => None,
        }
    }

    fn own(&self, token: &str) -> Option<Claims> {
        self.judge_own(token).ok()
    }

    fn judge_own(&self, token: &str) -> std::result::Result<Claims, jsonwebtoken::errors::Error> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // On its second it has ended (RFC 7519, 4.1.4).
        rules.leeway = 0;
        rules.reject_tokens_expiring_in_less_than = 1;
        let read = match (decode::<Claims>(token, &self.decoding, &rules), &self.before) {
            (Err(fault), Some(before)) if matches!(fault.kind(), jsonwebtoken::errors::ErrorKind::InvalidSignature) => {
                decode(token, before, &rules)?
            }
            (read, _) => read?,
        };
        if is_of_kind(&read.header, &["jwt"]) && read.header.typ.is_some() {
            Ok(read.claims)
        } else {
            Err(jsonwebtoken::errors::ErrorKind::InvalidToken.into())
        }
    }

    /// Reads a refresh token. [`Error::Unauthenticated`] if it is not one of ours or too old.
    pub fn read_refresh(&self, token: &str) -> Result<Refresh> {
        match self.own(token) {
            Some(Claims { sub, kind: TokenUse::Refresh { sid, generation }, .. }) => {
                Ok(Refresh { user: sub, session: sid, generation })
            }
            _ => Err(refused()),
        }
    }

    /// Who an `Authorization` header speaks for. Whether the session or the credential still holds, the database knows.
    pub async fn bearer(&self, header: Option<&str>) -> Result<Bearer> {
        let token = header.and_then(token_of).ok_or_else(refused)?;
        // The algorithm decides nothing but which of the two issuers to hold the token against.
        let head = decode_header(token).map_err(|fault| refused_by(OWN, check_of(&fault)))?;
        if head.alg == Algorithm::HS256 {
            return self.own_bearer(token).ok_or_else(|| match self.judge_own(token) {
                Err(fault) => refused_by(OWN, check_of(&fault)),
                Ok(_) => refused_by(OWN, "it is for something else"),
            });
        }
        let issuer = self.oidc.as_ref().ok_or_else(|| refused_by(ISSUERS, "there is no issuer"))?;
        issuer.subject(token, head.kid.as_deref().unwrap_or_default()).await.map(|subject| Bearer::Oidc { subject })
    }

    /// The same, as far as it can be said at once: by a signature of ours, or by a key of the issuer's that is known
    /// already. Asks neither the database nor the issuer.
    pub fn bearer_at_once(&self, header: &str) -> Option<Bearer> {
        let token = token_of(header)?;
        let head = decode_header(token).ok()?;
        if head.alg == Algorithm::HS256 {
            return self.own_bearer(token);
        }
        let issuer = self.oidc.as_ref()?;
        let subject = issuer.subject_at_once(token, head.kid.as_deref().unwrap_or_default())?;
        Some(Bearer::Oidc { subject })
    }

    /// Asks the issuer for its keys and, where people sign in through it, where they do: what it said, or why that will
    /// not do.
    pub async fn ask_issuer(&self) -> std::result::Result<String, String> {
        let issuer = self.oidc.as_ref().ok_or("there is none")?;
        let keys = issuer.fetch().await.map_err(|cause| format!("its keys cannot be fetched: {cause}"))?;
        if keys.is_empty() {
            return Err("it publishes no key that tokens can be checked with".into());
        }
        if issuer.about.client.is_some() {
            let found = issuer.discovery().await?;
            if found.authorization_endpoint.is_none() || found.token_endpoint.is_none() {
                return Err("it does not say where to sign in".into());
            }
        }
        Ok(format!("{} of its keys can be used", keys.len()))
    }

    fn own_bearer(&self, token: &str) -> Option<Bearer> {
        let claims = self.own(token)?;
        match claims.kind {
            TokenUse::Access { sid } => Some(Bearer::Session { user: claims.sub, session: sid }),
            TokenUse::Service { cid, scope } => {
                let scopes = scope.split(' ').filter_map(ServiceScope::parse).collect();
                Some(Bearer::Service { account: claims.sub, credential: cid, scopes })
            }
            TokenUse::Refresh { .. }
            | TokenUse::Page { .. }
            | TokenUse::Unsubscribe
            | TokenUse::Password
            | TokenUse::Devices { .. }
            | TokenUse::Detour(_) => None,
        }
    }
}

/// The token of an `Authorization` header that holds one.
fn token_of(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A claim that is a text.
fn named(claims: &HashMap<String, serde_json::Value>, claim: &str) -> Option<String> {
    // No name has a NUL in it, and PostgreSQL none in a text.
    claims.get(claim)?.as_str().filter(|text| !text.is_empty() && !text.contains('\0')).map(Into::into)
}

impl Issuer {
    async fn subject(&self, token: &str, kid: &str) -> Result<String> {
        let claims = self.claims(token, kid, &self.about.audience, ACCESS).await?;
        self.caller(&claims).map_err(|check| refused_by(ISSUERS, check))
    }

    /// Whom a token for the API is of; or which check it does not pass.
    fn caller(&self, claims: &HashMap<String, serde_json::Value>) -> std::result::Result<String, &'static str> {
        if is_of_another_use(claims) { Err("it is for something else") } else { self.person(claims) }
    }

    /// Whom a token is of, who has signed in as it is demanded; or which check it does not pass.
    fn person(&self, claims: &HashMap<String, serde_json::Value>) -> std::result::Result<String, &'static str> {
        match self.about.demanded.lacking(claims) {
            Some(lacking) => Err(lacking),
            None => named(claims, &self.about.claim).ok_or("it does not name the person"),
        }
    }

    /// The same, by a key that is known and fresh.
    fn subject_at_once(&self, token: &str, kid: &str) -> Option<String> {
        let found = {
            let known = self.keys.try_lock().ok()?;
            known.fetched.filter(|fetched| fetched.elapsed() < KEYS_HOLD)?;
            known.keys.get(kid)?.clone()
        };
        let claims = self.read(token, found, &self.about.audience, ACCESS).ok()?;
        self.caller(&claims).ok()
    }

    /// What a token of the issuer says, if it is for this audience and holds.
    async fn claims(
        &self,
        token: &str,
        kid: &str,
        audience: &str,
        kinds: &[&str],
    ) -> Result<HashMap<String, serde_json::Value>> {
        let key = self.key(kid).await?;
        self.read(token, key, audience, kinds).map_err(|fault| refused_by(ISSUERS, check_of(&fault)))
    }

    fn read(
        &self,
        token: &str,
        (algorithm, key): (Algorithm, DecodingKey),
        audience: &str,
        kinds: &[&str],
    ) -> std::result::Result<HashMap<String, serde_json::Value>, jsonwebtoken::errors::Error> {
        let mut rules = Validation::new(algorithm);
        rules.set_issuer(&[&self.about.issuer]);
        rules.set_audience(&[audience]);
        rules.set_required_spec_claims(&["exp", "iss", "aud"]);
        rules.validate_nbf = true;
        rules.leeway = 30;
        let read = decode(token, &key, &rules)?;
        if is_of_kind(&read.header, kinds) {
            Ok(read.claims)
        } else {
            Err(jsonwebtoken::errors::ErrorKind::InvalidToken.into())
        }
    }

    /// What the issuer says of itself.
    async fn discovery(&self) -> std::result::Result<Discovery, String> {
        let said = |e: reqwest::Error| e.without_url().to_string();
        let at = format!("{}/.well-known/openid-configuration", self.about.issuer.trim_end_matches('/'));
        let found: Discovery = self.client.get(at).send().await.map_err(said)?.json().await.map_err(said)?;
        if found.issuer != self.about.issuer {
            return Err(format!("the discovery document names another issuer, {:?}", found.issuer));
        }
        Ok(found)
    }

    /// Where people sign in, and where codes are changed; asked for as seldom as the keys are.
    async fn endpoints(&self) -> Result<Endpoints> {
        let mut known = self.endpoints.lock().await;
        if let Some((found, _)) = known.as_ref().filter(|(_, asked)| asked.elapsed() < KEYS_HOLD) {
            return Ok(found.clone());
        }
        let away = Error::Unavailable { retry_after: ASK_EVERY.as_secs() };
        if self.questions.check().is_err() {
            return Err(away);
        }
        let endpoints = match self.discovery().await {
            Ok(Discovery {
                authorization_endpoint: Some(authorization),
                token_endpoint: Some(token),
                end_session_endpoint: end_session,
                ..
            }) => Endpoints { end_session, authorization, token },
            Ok(_) => {
                tracing::warn!("the OIDC issuer does not say where to sign in");
                return Err(away);
            }
            Err(cause) => {
                tracing::warn!(%cause, "the OIDC issuer cannot be asked where to sign in");
                return Err(away);
            }
        };
        *known = Some((endpoints.clone(), Instant::now()));
        Ok(endpoints)
    }

    /// Changes a code for the issuer's word on who has signed in, and holds that against the detour.
    async fn exchange(
        &self,
        client: &OidcClient,
        detour: &Detour,
        code: &str,
        redirect: &str,
    ) -> Result<(String, Issued)> {
        #[derive(Deserialize)]
        struct Given {
            id_token: String,
        }
        let endpoints = self.endpoints().await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("client_id", client.id.as_str()),
            ("code_verifier", detour.verifier.as_str()),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = self
            .client
            .post(endpoints.token)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .body(body);
        if let Some(secret) = &client.secret {
            // RFC 6749, 2.3.1: both in the encoding of forms.
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            request = request.basic_auth(encoded(&client.id), Some(encoded(secret)));
        }
        let refusal = |cause: String| {
            tracing::warn!(%cause, "the OIDC issuer's word was not taken");
            refused()
        };
        let answer = request.send().await.map_err(|e| refusal(e.without_url().to_string()))?;
        if !answer.status().is_success() {
            return Err(refusal(format!("it answered {}", answer.status())));
        }
        let given: Given = answer.json().await.map_err(|e| refusal(e.without_url().to_string()))?;
        let head = decode_header(&given.id_token).map_err(|fault| refused_by(ISSUERS, check_of(&fault)))?;
        let claims = self.claims(&given.id_token, head.kid.as_deref().unwrap_or_default(), &client.id, ID).await?;
        if named(&claims, "nonce").as_deref() != Some(detour.nonce.as_str()) {
            return Err(refusal("the token answers another request".into()));
        }
        let person = self.person(&claims).map_err(|check| refused_by(ISSUERS, check))?;
        Ok((person, Issued::of(&claims)))
    }

    async fn key(&self, kid: &str) -> Result<(Algorithm, DecodingKey)> {
        let mut known = self.keys.lock().await;
        let fresh = known.fetched.is_some_and(|t| t.elapsed() < KEYS_HOLD);
        if let Some(found) = known.keys.get(kid).filter(|_| fresh) {
            return Ok(found.clone());
        }
        let come_back = Err(Error::Unavailable { retry_after: ASK_EVERY.as_secs() });
        if self.questions.check().is_err() {
            // Asked often enough just now: then the key is unknown, unless nobody has answered.
            return if fresh { Err(refused_by(ISSUERS, UNKNOWN_KEY)) } else { come_back };
        }
        match self.fetch().await {
            Ok(keys) => *known = Known { keys, fetched: Some(Instant::now()) },
            Err(cause) => {
                tracing::warn!(%cause, "the keys of the OIDC issuer cannot be fetched");
                return come_back;
            }
        }
        known.keys.get(kid).cloned().ok_or_else(|| refused_by(ISSUERS, UNKNOWN_KEY))
    }

    /// The issuer's signing keys, each with the one algorithm it may be used with.
    async fn fetch(&self) -> std::result::Result<HashMap<String, (Algorithm, DecodingKey)>, String> {
        let said = |e: reqwest::Error| e.without_url().to_string();
        let url = match &self.about.jwks_url {
            Some(url) => url.clone(),
            None => self.discovery().await?.jwks_uri,
        };
        let set: JwkSet = self.client.get(url).send().await.map_err(said)?.json().await.map_err(said)?;
        Ok(set
            .keys
            .iter()
            .filter(|jwk| jwk.common.public_key_use != Some(PublicKeyUse::Encryption))
            .filter_map(|jwk| {
                let named = jwk.common.key_algorithm.and_then(|a| a.to_string().parse::<Algorithm>().ok());
                let algorithm = match (&jwk.algorithm, named) {
                    (AlgorithmParameters::RSA(_), None) => Algorithm::RS256,
                    (AlgorithmParameters::EllipticCurve(k), None) if k.curve == EllipticCurve::P384 => Algorithm::ES384,
                    (AlgorithmParameters::EllipticCurve(_), None) => Algorithm::ES256,
                    (_, Some(a)) => a,
                    _ => return None,
                };
                // A shared secret has no place in a public set.
                if matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
                    return None;
                }
                let key = DecodingKey::from_jwk(jwk).ok()?;
                Some((jwk.common.key_id.clone().unwrap_or_default(), (algorithm, key)))
            })
            .collect())
    }
}
