//! Receipts: one event with all that proves it, in a file that needs no register to be checked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::checkpoint::{Checkpoint, PublicKey, read_origin};
use super::tree::{self, Hash};

pub const FORMAT: &str = "riskregister-receipt/1";

/// An event with the proof that it stands in its log, to be kept as a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    #[schema(example = "riskregister-receipt/1")]
    pub format: String,
    /// The log's id.
    pub log: String,
    /// The event's position.
    #[schema(example = 17)]
    pub n: u64,
    /// The event's bytes, base64.
    pub event: String,
    /// Those texts of the event that have not been erased.
    pub openings: Vec<Opening>,
    pub proof: Path,
    /// The signed note.
    pub checkpoint: String,
    /// The key that signed it: name, id and key.
    pub key: String,
}

/// What opens a commitment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Opening {
    /// Where in the event the commitment stands (RFC 6901).
    #[schema(example = "/after/name")]
    pub pointer: String,
    /// Base64.
    pub salt: String,
    /// Canonical JSON.
    pub value: String,
}

/// An audit path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Path {
    /// Of the tree that the path leads to the root of.
    pub size: u64,
    /// Base64, from the leaf upwards.
    pub hashes: Vec<String>,
}

/// The hashes of a proof; none if one is not of 32 bytes in base64.
pub fn hashes(all: &[String]) -> Option<Vec<Hash>> {
    all.iter().map(|text| STANDARD.decode(text).ok()?.try_into().ok()).collect()
}

/// How long a salt is.
pub const SALT_BYTES: usize = 32;

/// SHA-256(salt ‖ value), hexadecimal.
pub fn commitment(salt: &[u8], value: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(value);
    hex(&hash.finalize())
}

/// Bytes in hexadecimal, small letters.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

impl Receipt {
    /// Checks all that the receipt says. `trusted` are the keys that may have signed it; with none the receipt's own is
    /// taken, and the answer holds only if that key is known to be the register's. Gives the event, or what is wrong.
    pub fn check(&self, trusted: &[PublicKey]) -> Result<Value, String> {
        if self.format != FORMAT {
            return Err(format!("the format is {:?}, not {FORMAT:?}", self.format));
        }
        let (name, key) = PublicKey::of_verifier_key(&self.key).ok_or("the key cannot be read")?;
        if read_origin(&name).is_none_or(|(log, _)| log != self.log) {
            return Err("the key belongs to another log".into());
        }
        if !trusted.is_empty() && !trusted.contains(&key) {
            return Err("the key is none of those that are trusted".into());
        }
        let checkpoint = Checkpoint::read(&self.checkpoint).ok_or("the checkpoint cannot be read")?;
        if checkpoint.origin != name {
            return Err("the checkpoint is another log's".into());
        }
        if !checkpoint.signed_by(&[key]) {
            return Err("the checkpoint is not signed by the key".into());
        }
        if checkpoint.size != self.proof.size {
            return Err("the proof is for a tree of another size than the checkpoint's".into());
        }
        let bytes = STANDARD.decode(&self.event).map_err(|_| "the event is not base64")?;
        let path = hashes(&self.proof.hashes).ok_or("the proof cannot be read")?;
        if !tree::includes(&tree::leaf(&bytes), self.n, checkpoint.size, &path, &checkpoint.root) {
            return Err("the event does not stand at its position in the log that the checkpoint is of".into());
        }
        let event: Value = serde_json::from_slice(&bytes).map_err(|_| "the event is not JSON")?;
        if event["log"] != self.log || event["n"] != self.n {
            return Err("the event says another log or position than the receipt".into());
        }
        for opening in &self.openings {
            let salt =
                STANDARD.decode(&opening.salt).map_err(|_| format!("{}: the salt is not base64", opening.pointer))?;
            let found = event.pointer(&opening.pointer).and_then(|at| at["commitment"].as_str());
            // Without the length a byte could go over from the value to the salt.
            let whole = salt.len() == SALT_BYTES && serde_json::from_str::<Value>(&opening.value).is_ok();
            if !whole || found != Some(commitment(&salt, &opening.value).as_str()) {
                return Err(format!("{}: the text is not the one that the event commits to", opening.pointer));
            }
        }
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::checkpoint::{PrivateKey, origin};
    use super::*;

    fn receipt() -> (Receipt, PublicKey) {
        let key = PrivateKey::of([4; 32]);
        let log = "0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11";
        let hash = commitment(&[5; SALT_BYTES], "\"Fel\"");
        let event = json!({"log": log, "n": 1, "after": {"name": {"commitment": hash}}}).to_string();
        let other = tree::leaf(b"other");
        let root = tree::node(&other, &tree::leaf(event.as_bytes()));
        let made = Receipt {
            format: FORMAT.into(),
            log: log.into(),
            n: 1,
            event: STANDARD.encode(event),
            openings: vec![Opening {
                pointer: "/after/name".into(),
                salt: STANDARD.encode([5; SALT_BYTES]),
                value: "\"Fel\"".into(),
            }],
            proof: Path { size: 2, hashes: vec![STANDARD.encode(other)] },
            checkpoint: key.checkpoint(&origin(log, 0), 2, &root),
            key: key.public().verifier_key(&origin(log, 0)),
        };
        (made, key.public())
    }

    #[test]
    fn a_receipt_holds_and_only_under_a_trusted_key() {
        let (made, key) = receipt();
        assert!(made.check(&[]).is_ok());
        assert!(made.check(&[key]).is_ok());
        assert!(made.check(&[PrivateKey::of([5; 32]).public()]).is_err());
    }

    proptest! {
        /// Whatever bit of the file is flipped, it is no receipt any more, or still says the very same.
        #[test]
        fn a_receipt_with_any_bit_flipped_is_refused(bit in any::<prop::sample::Index>()) {
            let (made, key) = receipt();
            let mut bytes = serde_json::to_vec(&made).expect("JSON");
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let read = serde_json::from_slice::<Receipt>(&bytes);
            prop_assert!(read.is_err() || read.is_ok_and(|r| r == made || r.check(&[key]).is_err()));
        }
    }
}
