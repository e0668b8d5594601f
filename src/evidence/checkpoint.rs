//! Checkpoints: signed notes that say how far a log has come. C2SP *signed-note* and *tlog-checkpoint*, Ed25519.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::tree::Hash;

/// The kind of signature that a key is for, as the first byte of what is hashed and shown of it.
const ED25519: u8 = 1;
/// What begins a signature's line.
const DASH: &str = "\u{2014} ";

/// How the log of an organisation is called in checkpoints and keys. Each epoch has a name of its own: the same size is
/// signed again there, of another tree.
pub fn origin(log: impl fmt::Display, epoch: i64) -> String {
    match epoch {
        0 => format!("riskregister/{log}"),
        _ => format!("riskregister/{log}/epoch-{epoch}"),
    }
}

/// Log and epoch of a name that [`origin`] gives; none of any other.
pub fn read_origin(name: &str) -> Option<(&str, i64)> {
    let rest = name.strip_prefix("riskregister/")?;
    let (log, epoch) = match rest.split_once("/epoch-") {
        Some((log, epoch)) => (log, epoch.parse().ok().filter(|epoch| *epoch > 0)?),
        None => (rest, 0),
    };
    (origin(log, epoch) == name && !log.contains('/')).then_some((log, epoch))
}

/// A private key. It says nothing of itself when it is printed.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey(of {})", self.public().text())
    }
}

impl PrivateKey {
    /// From 32 bytes of chance.
    pub fn of(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// From the seed in base64, as key files hold it.
    pub fn read(text: &str) -> Option<Self> {
        let seed = STANDARD.decode(text.trim()).ok()?;
        Some(Self::of(seed.try_into().ok()?))
    }

    /// The seed in base64.
    pub fn text(&self) -> String {
        STANDARD.encode(self.0.to_bytes())
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The signed note about a log of this size and root.
    pub fn checkpoint(&self, origin: &str, size: u64, root: &Hash) -> String {
        let text = format!("{origin}\n{size}\n{}\n", STANDARD.encode(root));
        let mut signature = self.public().id(origin).to_vec();
        signature.extend(self.0.sign(text.as_bytes()).to_bytes());
        format!("{text}\n{DASH}{origin} {}\n", STANDARD.encode(signature))
    }
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From base64.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().map(Self)
    }

    /// In base64.
    pub fn text(&self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// The id that it has under a name: the first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key).
    pub fn id(&self, name: &str) -> [u8; 4] {
        let mut hash = Sha256::new();
        hash.update(name);
        hash.update([b'\n', ED25519]);
        hash.update(self.0.as_bytes());
        let hash = hash.finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Name, id and key in one line, as other tools read it.
    pub fn verifier_key(&self, name: &str) -> String {
        let mut key = vec![ED25519];
        key.extend(self.0.as_bytes());
        let id: String = self.id(name).iter().map(|b| format!("{b:02x}")).collect();
        format!("{name}+{id}+{}", STANDARD.encode(key))
    }

    /// The key of such a line, with the name that it stands under.
    pub fn of_verifier_key(line: &str) -> Option<(String, Self)> {
        let (name, rest) = line.split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let bytes = STANDARD.decode(key).ok()?;
        let (kind, bytes) = bytes.split_first()?;
        let key = Self(VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?);
        let fits = *kind == ED25519 && key.verifier_key(name).split('+').nth(1) == Some(id);
        fits.then(|| (name.to_owned(), key))
    }
}

/// A checkpoint, read. Its signature is not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    /// What is signed.
    text: String,
    /// Name, key id and signature of each line; those of witnesses may be of other kinds and lengths.
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
    /// All of it, as it was read.
    note: String,
}

impl Checkpoint {
    /// Reads a signed note, letter by letter; none if it is not one of a checkpoint.
    pub fn read(note: &str) -> Option<Self> {
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return None;
        }
        let whole = note.to_owned();
        let (text, signatures) = note.split_once("\n\n")?;
        let text = format!("{text}\n");
        let lines: Vec<&str> = text.strip_suffix('\n')?.split('\n').collect();
        let [origin, size, root] = lines[..] else { return None };
        let number: u64 = size.parse().ok()?;
        let hash: Hash = STANDARD.decode(root).ok()?.try_into().ok()?;
        if origin.is_empty() || number.to_string() != size {
            return None;
        }
        let signatures = signatures
            .strip_suffix('\n')?
            .split('\n')
            .map(|line| {
                let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
                let bytes = STANDARD.decode(signature).ok()?;
                let (id, signature) = bytes.split_first_chunk::<4>()?;
                let fits = !name.is_empty() && !name.contains('+') && !signature.is_empty();
                fits.then(|| (name.to_owned(), *id, signature.to_vec()))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self { origin: origin.to_owned(), size: number, root: hash, text: text.clone(), signatures, note: whole })
    }

    /// The log and the epoch that it is of; none where its name is not one of ours.
    pub fn of(&self) -> Option<(&str, i64)> {
        read_origin(&self.origin)
    }

    /// The note that it was read from.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The root as the note writes it.
    pub fn root_text(&self) -> String {
        STANDARD.encode(self.root)
    }

    /// The id of the origin's key that signed it.
    pub fn key_id(&self) -> Option<[u8; 4]> {
        self.signatures.iter().find(|(name, ..)| *name == self.origin).map(|(_, id, _)| *id)
    }

    /// Whether one of these keys has signed it as the origin's. A line of one of them that does not hold spoils the note;
    /// those of others, such as witnesses, are passed over.
    pub fn signed_by(&self, keys: &[PublicKey]) -> bool {
        let mut held = false;
        for (name, id, signature) in self.signatures.iter().filter(|(name, ..)| *name == self.origin) {
            for key in keys.iter().filter(|key| key.id(name) == *id) {
                let holds = Signature::from_slice(signature)
                    .is_ok_and(|signature| key.0.verify_strict(self.text.as_bytes(), &signature).is_ok());
                if !holds {
                    return false;
                }
                held = true;
            }
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use signed_note::{Note, StandardVerifier, VerifierList};

    use super::*;

    fn made(seed: [u8; 32], size: u64) -> (PrivateKey, String) {
        let key = PrivateKey::of(seed);
        let note = key.checkpoint("riskregister/0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11", size, &[7; 32]);
        (key, note)
    }

    #[test]
    fn a_key_is_read_back_and_kept_to_itself() {
        let key = PrivateKey::of([9; 32]);
        assert_eq!(PrivateKey::read(&key.text()).map(|k| k.public()), Some(key.public()));
        assert!(!format!("{key:?}").contains(&key.text()));
        let line = key.public().verifier_key("riskregister/x");
        assert_eq!(PublicKey::of_verifier_key(&line), Some(("riskregister/x".into(), key.public())));
        assert_eq!(PublicKey::of_verifier_key(&line.replacen("riskregister/x", "riskregister/y", 1)), None);
    }

    #[test]
    fn each_epoch_has_its_name() {
        let log = "0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11";
        for epoch in [0, 1, 17] {
            assert_eq!(read_origin(&origin(log, epoch)), Some((log, epoch)));
        }
        for other in ["riskregister/x/epoch-0", "riskregister/x/epoch-01", "riskregister/x/y", "other/x"] {
            assert_eq!(read_origin(other), None, "{other}");
        }
    }

    #[test]
    fn other_signers_say_nothing_and_a_false_signature_spoils_the_note() {
        let (key, note) = made([3; 32], 7);
        let line = |name: &str, bytes: &[u8]| format!("{DASH}{name} {}\n", STANDARD.encode(bytes));
        let witnessed = format!("{note}{}", line("witness.example.org", &[9; 100]));
        assert!(Checkpoint::read(&witnessed).expect("a note").signed_by(&[key.public()]));
        let origin = Checkpoint::read(&note).expect("a note").origin;
        let mut forged = key.public().id(&origin).to_vec();
        forged.extend([0; 64]);
        let spoilt = format!("{note}{}", line(&origin, &forged));
        assert!(!Checkpoint::read(&spoilt).expect("a note").signed_by(&[key.public()]));
    }

    proptest! {
        #[test]
        fn another_implementation_takes_the_note(seed in any::<[u8; 32]>(), size in any::<u64>()) {
            let (key, note) = made(seed, size);
            let read = Checkpoint::read(&note).expect("a checkpoint");
            prop_assert!(read.signed_by(&[PrivateKey::of([1; 32]).public(), key.public()]));
            prop_assert!(!read.signed_by(&[PrivateKey::of([1; 32]).public()]));
            let verifier = StandardVerifier::new(&key.public().verifier_key(&read.origin)).expect("a verifier's key");
            let theirs = Note::from_bytes(note.as_bytes()).expect("a note");
            let verified = theirs.verify(&VerifierList::new(vec![Box::new(verifier)])).expect("signed");
            prop_assert_eq!(verified.0.len(), 1);
        }

        #[test]
        fn a_note_with_any_bit_flipped_is_refused(size in any::<u64>(), bit in any::<prop::sample::Index>()) {
            let (key, note) = made([3; 32], size);
            let mut bytes = note.into_bytes();
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            let holds = String::from_utf8(bytes)
                .ok()
                .and_then(|text| Checkpoint::read(&text))
                .is_some_and(|c| c.signed_by(&[key.public()]));
            prop_assert!(!holds);
        }
    }
}
