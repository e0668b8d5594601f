//! Where the bytes of files lie, each under the SHA-256 of what it holds: in a directory, or in a store that speaks S3. The one
//! place that knows `object_store`.

use std::fmt;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use chrono::Utc;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::waiting::wait;
use crate::error::Error;
use crate::evidence::receipt::hex;

/// How old what nobody names must be before it is swept away: longer than any request that is about to name it.
const LEFT: Duration = Duration::from_secs(24 * 3600);

/// How long a store on another machine may be silent.
const SILENT: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(5);
const TRY_FOR: Duration = Duration::from_secs(15);

/// Where files are kept, as the operator has said it.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    Directory(PathBuf),
    S3(S3),
}

/// A bucket of a store that speaks S3, and how it is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct S3 {
    pub bucket: String,
    /// What the names of the files begin with there.
    pub prefix: String,
    /// Where the store is; Amazon's own in the region when not given.
    pub endpoint: Option<String>,
    pub region: String,
    pub key_id: String,
    pub key: String,
    /// Certificates (PEM) of authorities of one's own.
    pub authorities: Option<Vec<u8>>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory(path) => path.display().fmt(f),
            // Neither of the keys.
            Self::S3(S3 { bucket, prefix, endpoint, .. }) => {
                write!(f, "s3://{bucket}/{prefix}")?;
                endpoint.iter().try_for_each(|at| write!(f, " at {at}"))
            }
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a file could not be had or kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Gone,
    /// The store is away, or says no: for the log.
    Away(String),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let cause = match fault {
            Fault::Gone => "a file that is named is not in its place".to_owned(),
            Fault::Away(cause) => cause,
        };
        Self::away(
            cause,
            "Filerna går inte att nå just nu. Försök igen om en stund.",
            "The files cannot be reached just now. Try again in a moment.",
        )
    }
}

impl From<object_store::Error> for Fault {
    fn from(fault: object_store::Error) -> Self {
        match fault {
            object_store::Error::NotFound { .. } => Self::Gone,
            other => Self::Away(other.to_string()),
        }
    }
}

impl From<String> for Fault {
    fn from(cause: String) -> Self {
        Self::Away(cause)
    }
}

/// Files by their SHA-256.
#[derive(Clone)]
pub struct Store {
    /// A directory is opened, and made, when the first file comes.
    inner: Arc<OnceLock<Arc<dyn ObjectStore>>>,
    place: Place,
    /// Held for reading by who puts something in and has not named it yet, for writing by who sweeps.
    naming: Arc<RwLock<()>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.place)
    }
}

/// That something put into the store is not swept away before it is named.
pub type Naming = OwnedRwLockReadGuard<()>;

impl Store {
    /// Opens no connection yet.
    pub fn open(place: Place) -> Result<Self, String> {
        let store = Self { inner: Arc::default(), place, naming: Arc::default() };
        if let Place::S3(s3) = &store.place {
            let opened = s3.open().map_err(|fault| format!("{}: {fault}", store.place))?;
            store.inner.get_or_init(|| Arc::new(opened));
        }
        Ok(store)
    }

    /// The store itself. A directory that is not there holds nothing, and is made for what is `put` in.
    fn inner(&self, put: bool) -> Result<&Arc<dyn ObjectStore>, Fault> {
        let Place::Directory(path) = &self.place else {
            return self.inner.get().ok_or_else(|| Fault::Away("it was never opened".into()));
        };
        if let Some(opened) = self.inner.get() {
            return Ok(opened);
        }
        if put {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(|fault| Fault::Away(format!("{}: {fault}", path.display())))?;
        } else if !path.is_dir() {
            return Err(Fault::Gone);
        }
        let opened = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(self.inner.get_or_init(|| Arc::new(opened)))
    }

    fn prefix(&self) -> &str {
        if let Place::S3(s3) = &self.place { &s3.prefix } else { "" }
    }

    /// In a directory.
    pub fn in_directory(path: &FilePath) -> Self {
        Self { inner: Arc::default(), place: Place::Directory(path.to_owned()), naming: Arc::default() }
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Where a file lies. In folders by its first two digits, so that none holds too many.
    fn path(&self, sha256: &str) -> Path {
        let first = sha256.get(..2).unwrap_or_default();
        Path::from_iter(self.prefix().split('/').filter(|part| !part.is_empty()).chain([first, sha256]))
    }

    /// Keeps others from sweeping away what is put in, until it is named or given up.
    pub fn name(&self) -> Result<Naming, Fault> {
        Ok(wait(Arc::clone(&self.naming).read_owned())?)
    }

    /// Waits for who has put something in and has not named it yet, and keeps others from it.
    pub fn alone(&self) -> Result<OwnedRwLockWriteGuard<()>, Fault> {
        Ok(wait(Arc::clone(&self.naming).write_owned())?)
    }

    /// Puts a file in, under its hash. What lies there already is written anew: so it is as young as whoever names it next.
    pub fn put(&self, sha256: &str, bytes: Bytes) -> Result<(), Fault> {
        wait(self.inner(true)?.put(&self.path(sha256), bytes.into()))??;
        Ok(())
    }

    /// A file, piece by piece.
    pub async fn get(
        &self,
        sha256: &str,
    ) -> Result<impl futures_util::Stream<Item = Result<Bytes, io::Error>> + use<>, Fault> {
        let found = self.inner(false)?.get(&self.path(sha256)).await?;
        Ok(found.into_stream().map_err(io::Error::other))
    }

    /// Gives a file to `take`, piece by piece, on a thread that may be held.
    pub fn read(&self, sha256: &str, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> Result<(), Fault> {
        wait(async {
            let mut pieces = self.inner(false)?.get(&self.path(sha256)).await?.into_stream();
            while let Some(piece) = pieces.next().await {
                take(&piece?).map_err(|fault| Fault::Away(fault.to_string()))?;
            }
            Ok(())
        })?
    }

    /// How many bytes lie there, and the hash that they really have.
    pub fn hold(&self, sha256: &str) -> Result<(i64, String), Fault> {
        let (mut size, mut hash) = (0, Sha256::new());
        self.read(sha256, |piece| {
            size += piece.len() as i64;
            hash.update(piece);
            Ok(())
        })?;
        Ok((size, hex(&hash.finalize())))
    }

    /// Takes a file away. One that is not there is gone already.
    pub fn remove(&self, sha256: &str) -> Result<(), Fault> {
        let removed = match self.inner(false) {
            Ok(inner) => wait(inner.delete(&self.path(sha256)))?.map_err(Fault::from),
            Err(fault) => Err(fault),
        };
        if removed == Err(Fault::Gone) { Ok(()) } else { removed }
    }

    /// Takes away what nobody has named by now: what was put in for a request that failed. How many.
    pub fn sweep(&self, mut is_named: impl FnMut(&str) -> crate::error::Result<bool>) -> crate::error::Result<usize> {
        let old = Utc::now() - LEFT;
        self.sweep_before(old, &mut is_named)
    }

    /// The same of what was put in before a time.
    pub fn sweep_before(
        &self,
        time: chrono::DateTime<Utc>,
        is_named: &mut dyn FnMut(&str) -> crate::error::Result<bool>,
    ) -> crate::error::Result<usize> {
        let inner = match self.inner(false) {
            Err(Fault::Gone) => return Ok(0),
            other => other?,
        };
        let prefix = Some(Path::from(self.prefix())).filter(|prefix| !prefix.as_ref().is_empty());
        let found: Vec<_> =
            wait(inner.list(prefix.as_ref()).try_collect()).map_err(Fault::from)?.map_err(Fault::from)?;
        let mut swept = 0;
        for one in found.into_iter().filter(|one: &object_store::ObjectMeta| one.last_modified < time) {
            // What is called otherwise is not ours.
            let Some(sha256) = one.location.filename().filter(|name| is_hash(name)) else { continue };
            if self.path(sha256) != one.location || is_named(sha256)? {
                continue;
            }
            let _alone = self.alone()?;
            // It may have been put in anew meanwhile, for somebody who has named it, or is about to.
            let now = wait(inner.head(&one.location)).map_err(Fault::from)?.map_err(Fault::from);
            match now {
                Ok(now) if now.last_modified < time && !is_named(sha256)? => {
                    self.remove(sha256)?;
                    swept += 1;
                }
                Ok(_) | Err(Fault::Gone) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
        Ok(swept)
    }
}

impl S3 {
    fn open(&self) -> object_store::Result<object_store::aws::AmazonS3> {
        let mut options = ClientOptions::new().with_timeout(SILENT).with_connect_timeout(CONNECT);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(&self.key)
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: TRY_FOR, backoff: BackoffConfig::default() });
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint);
            options = options.with_allow_http(endpoint.starts_with("http://"));
        }
        if let Some(pem) = &self.authorities {
            for certificate in object_store::Certificate::from_pem_bundle(pem)? {
                options = options.with_root_certificate(certificate);
            }
        }
        builder.with_client_options(options).build()
    }
}

/// Whether this is a SHA-256 in hexadecimal.
fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
