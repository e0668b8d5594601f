//! What the register must be able to read again and nobody else may: secrets that it signs with for others. They are kept
//! sealed (AES-256-GCM), by a key that is made of the service's own secret and so lies outside the database and its backups.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};
use crate::storage::Id;

/// What a sealed text begins with: how it was sealed.
const SEALED: &str = "sealed1.";
/// What the key is for, so that it is no other's.
const PURPOSE: &[u8] = b"riskregister: secrets at rest, 1";

/// Seals and opens, also what was sealed before the secret was changed.
pub struct Seals {
    now: RandomizedNonceKey,
    before: Option<RandomizedNonceKey>,
}

/// A text that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub text: String,
    /// It was sealed as it would be now.
    pub is_current: bool,
}

impl std::fmt::Debug for Seals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seals").finish_non_exhaustive()
    }
}

/// The key that a secret gives.
fn key(secret: &[u8]) -> Result<RandomizedNonceKey> {
    let mut bytes = [0_u8; 32];
    Salt::new(HKDF_SHA256, &[])
        .extract(secret)
        .expand(&[PURPOSE], HKDF_SHA256)
        .and_then(|made| made.fill(&mut bytes))
        .and_then(|()| RandomizedNonceKey::new(&AES_256_GCM, &bytes))
        .map_err(Error::internal)
}

impl Seals {
    /// By the service's secret, and the one that was used before it, if that is still taken.
    pub fn new(secret: &[u8], before: Option<&[u8]>) -> Result<Self> {
        Ok(Self { now: key(secret)?, before: before.map(key).transpose()? })
    }

    /// A text as it is kept, which can be opened as this thing's alone.
    pub fn seal(&self, of: Id, text: &str) -> Result<String> {
        let mut bytes = text.as_bytes().to_vec();
        let nonce =
            self.now.seal_in_place_append_tag(Aad::from(of.0.as_bytes()), &mut bytes).map_err(Error::internal)?;
        let mut kept = nonce.as_ref().to_vec();
        kept.append(&mut bytes);
        Ok(format!("{SEALED}{}", URL_SAFE_NO_PAD.encode(kept)))
    }

    /// What was kept; nothing where it was sealed by a secret that is not known here, or as another thing's, or was changed. What was
    /// never sealed is what it is.
    pub fn open(&self, of: Id, kept: &str) -> Option<Opened> {
        let Some(sealed) = kept.strip_prefix(SEALED) else {
            return Some(Opened { text: kept.to_owned(), is_current: false });
        };
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let by = |key: &RandomizedNonceKey| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut bytes = sealed.to_vec();
            let text = key.open_in_place(nonce, Aad::from(of.0.as_bytes()), &mut bytes).ok()?;
            String::from_utf8(text.to_vec()).ok()
        };
        if let Some(text) = by(&self.now) {
            return Some(Opened { text, is_current: true });
        }
        self.before.as_ref().and_then(by).map(|text| Opened { text, is_current: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = b"a secret of thirty-two bytes....";
    const TWO: &[u8] = b"another one of thirty-two bytes.";

    #[test]
    fn what_is_sealed_is_opened_by_the_same_secret_as_the_same_things() {
        let (seals, thing) = (Seals::new(ONE, None).unwrap(), Id::new());
        let kept = seals.seal(thing, "whsec_hemligt").unwrap();
        assert!(!kept.contains("hemligt"));
        assert_ne!(kept, seals.seal(thing, "whsec_hemligt").unwrap(), "never twice the same");
        let opened = Opened { text: "whsec_hemligt".into(), is_current: true };
        assert_eq!(seals.open(thing, &kept), Some(opened.clone()));
        assert_eq!(seals.open(Id::new(), &kept), None, "another thing's");
        assert_eq!(Seals::new(TWO, None).unwrap().open(thing, &kept), None, "another secret");
        let changed = Seals::new(TWO, Some(ONE)).unwrap();
        assert_eq!(changed.open(thing, &kept), Some(Opened { is_current: false, ..opened }));
    }

    #[test]
    fn what_was_changed_is_not_opened_and_what_was_never_sealed_is_as_it_is() {
        let (seals, thing) = (Seals::new(ONE, None).unwrap(), Id::new());
        let kept = seals.seal(thing, "hemligt").unwrap();
        for at in SEALED.len()..kept.len() {
            let mut bytes = kept.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            let opened = seals.open(thing, &changed);
            // The last sign has bits that no byte is made of.
            assert!(opened.is_none() || at == kept.len() - 1, "{changed}");
        }
        for short in ["sealed1.", "sealed1.AAAA", "sealed1.å"] {
            assert_eq!(seals.open(thing, short), None, "{short}");
        }
        assert_eq!(seals.open(thing, "whsec_öppet").map(|opened| opened.is_current), Some(false));
    }
}
