//! E-mail addresses: what may be one, how it is kept, how it is looked for, and how it stands on a letter.
//!
//! One rule for every door that an address comes in by, on the host and over HTTP. Letters of any alphabet may stand on
//! both sides (RFC 6531): there are domains with å, ä and ö, and people's names before them. A domain has two spellings,
//! the one that people read and that of the name system (`örebro.se`, `xn--rebro-iua.se`), and some browsers send the
//! second when the first was typed; so the first is kept, and both are found. Left out are what nobody has an account
//! at: addresses in quotation marks, with comments, or at bare numbers in brackets. Whether it exists only a letter can
//! tell.

use icu_normalizer::ComposingNormalizerBorrowed;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// The longest that a letter can be sent to, in bytes as it stands on the letter (RFC 5321).
pub const MOST: usize = 254;
/// The longest before the `@`.
const MOST_LOCAL: usize = 64;

/// An address as it is compared: without regard to capitals, to the spelling of its domain, and to whether an `å` was
/// typed as one sign or as two.
pub fn fold(written: &str) -> String {
    let small = ComposingNormalizerBorrowed::new_nfc().normalize(&plain(written)).into_owned();
    let Some((local, domain)) = small.rsplit_once('@') else { return small };
    match Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast) {
        (domain, Ok(())) => format!("{local}@{domain}"),
        (_, Err(_)) => small,
    }
}

/// What an issuer calls somebody, as it is kept and looked for: an address (a UPN, say) as addresses are compared, any other name
/// as it stands.
pub fn subject(written: &str) -> String {
    if written.contains('@') { fold(written) } else { written.to_owned() }
}

/// Without the space around it and without capitals: all that was done to an address once.
fn plain(written: &str) -> String {
    written.trim().to_lowercase()
}

/// The address as it is kept; nothing when it is none.
pub fn read(written: &str) -> Option<String> {
    let address = fold(written);
    let (local, domain) = address.rsplit_once('@')?;
    let atoms_hold = local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(may_stand));
    // What is read and what is meant are the same: no sign is in it that the name system would pass over.
    let domain_holds = domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    let fits = local.len() <= MOST_LOCAL && on_a_letter(&address)?.len() <= MOST;
    (atoms_hold && domain_holds && fits).then_some(address)
}

/// What an atom is made of (RFC 5322), and the letters and digits of all alphabets (RFC 6531). Not their spaces, marks
/// and what is not seen at all: two addresses that look alike should be one.
fn may_stand(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// The address as it stands on a letter: its domain as the name system has it, so that every mail server understands
/// it. What stands before the `@` has one spelling alone, and signs beyond ASCII there ask for a server that speaks
/// SMTPUTF8.
pub fn on_a_letter(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let rules = (AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    let domain = Uts46::new().to_ascii(domain.as_bytes(), rules.0, rules.1, rules.2).ok()?;
    Some(format!("{local}@{domain}"))
}

/// Every way in which this address may have been kept, since registers hold some from before there was one rule. As it
/// is written comes first: who could sign in by it still does.
pub fn spellings(written: &str) -> Vec<String> {
    let mut all = vec![plain(written)];
    let address = fold(written);
    for other in [Some(address.clone()), on_a_letter(&address)].into_iter().flatten() {
        if !all.contains(&other) {
            all.push(other);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_people_have_them() {
        for (written, kept) in [
            ("a@b", "a@b"),
            (" Anna.Berg+IK@Region.example\n", "anna.berg+ik@region.example"),
            ("o'hara@a-b.se", "o'hara@a-b.se"),
            ("åsa@example.org", "åsa@example.org"),
            ("ÅSA@ÖREBRO.example", "åsa@örebro.example"),
            // As macOS writes names of files, and as some browsers send what was typed.
            ("a\u{30a}sa@o\u{308}rebro.example", "åsa@örebro.example"),
            ("åsa@xn--rebro-iua.example", "åsa@örebro.example"),
            ("anna@ab--cd.example", "anna@ab--cd.example"),
        ] {
            assert_eq!(read(written).as_deref(), Some(kept), "{written:?}");
        }
    }

    #[test]
    fn nobody_has_these() {
        let long_local = format!("{}@b.se", "a".repeat(65));
        let long_label = format!("a@{}.se", "b".repeat(64));
        let long = format!("a@{}se", format!("{}.", "b".repeat(50)).repeat(5));
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b..c",
            "a@.b",
            "a@b.",
            "a@-b",
            "a@b-",
            "a@b c",
            "a@b\nc",
            "<a@b>",
            "a\0@b",
            ".a@b",
            "a.@b",
            "a..b@c",
            "\"a\"@b",
            "a(b)@c",
            "a@[127.0.0.1]",
            "a@b_c",
            "a@xn--å.se",
            "a\u{202e}b@c",
            "a\u{200b}b@c",
            "a\u{a0}b@c",
            "a@b%2ec",
            "a:b@c",
            "a,b@c",
            &long_local,
            &long_label,
            &long,
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_letter_names_the_domain_as_the_name_system_does() {
        assert_eq!(on_a_letter("åsa@örebro.example").as_deref(), Some("åsa@xn--rebro-iua.example"));
        assert_eq!(on_a_letter("a@example.org").as_deref(), Some("a@example.org"));
    }

    #[test]
    fn an_address_is_found_however_it_was_kept() {
        assert_eq!(spellings("A@example.org"), ["a@example.org"]);
        assert_eq!(spellings("A@Örebro.example"), ["a@örebro.example", "a@xn--rebro-iua.example"]);
        assert_eq!(spellings("a@xn--rebro-iua.example"), ["a@xn--rebro-iua.example", "a@örebro.example"]);
        let two_signs = "a@o\u{308}rebro.example";
        assert_eq!(spellings(two_signs), [two_signs, "a@örebro.example", "a@xn--rebro-iua.example"]);
    }

    proptest! {
        #[test]
        fn what_is_kept_stays_as_it_is(written in any::<String>(), local in "[a-zåäöÅ.+]{1,8}", domain in "[a-zåäöé]{1,8}\\.se") {
            for written in [written, format!("{local}@{domain}")] {
                if let Some(kept) = read(&written) {
                    prop_assert_eq!(read(&kept), Some(kept.clone()));
                    prop_assert!(spellings(&written).contains(&kept));
                }
            }
        }
    }
}
