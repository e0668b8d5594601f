//! Who is named in a note: `@` and the whole name of somebody, or their address.
//!
//! Somebody is meant when exactly one who may be told has that name. Whoever else there is in the register is not looked at,
//! so a name that is refused tells nobody who exists.

use uuid::Uuid;

/// Somebody who may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nameable {
    pub id: Uuid,
    pub name: String,
    /// None where whoever writes does not know it.
    pub email: Option<String>,
}

/// A name that says nobody, or several: as it was written, with its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    Nobody(String),
    Several(String),
}

/// So much of what was written after the sign is told in a refusal.
const MOST_TOLD: usize = 60;

/// Those whom a text names, each once, in its order; or every name in it that is not clear. Of several with one name whoever
/// was chosen beside the text is meant.
pub fn named_in(text: &str, people: &[Nameable], chosen: &[Uuid]) -> Result<Vec<Uuid>, Vec<Unclear>> {
    let (mut named, mut unclear) = (Vec::new(), Vec::new());
    for rest in after_signs(text) {
        let longest = people.iter().filter_map(|one| said(rest, one)).max();
        let meant: Vec<Uuid> = match longest {
            Some(longest) => people.iter().filter(|one| said(rest, one) == Some(longest)).map(|one| one.id).collect(),
            None => Vec::new(),
        };
        let picked: Vec<Uuid> = meant.iter().copied().filter(|id| chosen.contains(id)).collect();
        match (meant.as_slice(), picked.as_slice()) {
            ([one], _) | (_, [one]) => {
                if !named.contains(one) {
                    named.push(*one);
                }
            }
            ([], _) => unclear.push(Unclear::Nobody(told(rest))),
            _ => unclear.push(Unclear::Several(told(rest))),
        }
    }
    if unclear.is_empty() { Ok(named) } else { Err(unclear) }
}

/// What stands after each sign that begins a name. One within an address, and one by itself, begins none.
fn after_signs(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, sign)| {
        let (before, rest) = (&text[..at], &text[at + sign.len()..]);
        let alone = !before.ends_with(|c: char| c.is_alphanumeric() || "._%+-@".contains(c));
        (alone && rest.starts_with(char::is_alphanumeric)).then_some(rest)
    })
}

/// How many bytes of a text say somebody's name or address, if it begins with one.
fn said(rest: &str, one: &Nameable) -> Option<usize> {
    let name = begins_with(rest, &one.name);
    name.max(one.email.as_deref().and_then(|email| begins_with(rest, email)))
}

/// The same of words, whatever their capitals and the spaces between them.
fn begins_with(text: &str, words: &str) -> Option<usize> {
    let mut rest = text;
    for (n, word) in words.split_whitespace().enumerate() {
        if n > 0 {
            let trimmed = rest.trim_start();
            if trimmed.len() == rest.len() {
                return None;
            }
            rest = trimmed;
        }
        let mut letters = rest.chars();
        for c in word.chars() {
            if !letters.next().is_some_and(|other| other.to_lowercase().eq(c.to_lowercase())) {
                return None;
            }
        }
        rest = letters.as_str();
    }
    // A longer name, or another address, is another's.
    let mut next = rest.chars();
    let goes_on = match next.next() {
        Some(c) if c.is_alphanumeric() => true,
        Some('-' | '.' | '_' | '@' | '\'' | '’') => next.next().is_some_and(char::is_alphanumeric),
        _ => false,
    };
    (rest.len() < text.len() && !goes_on).then(|| text.len() - rest.len())
}

/// A name as it was written: its first word, and those with a capital that follow.
fn told(rest: &str) -> String {
    let mut words = Vec::new();
    for word in rest.split(' ').take(4) {
        let is_name = words.is_empty() || word.starts_with(char::is_uppercase);
        let clean = word.split(|c: char| c.is_whitespace() || c.is_control()).next().unwrap_or_default();
        let bare = clean.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !is_name || bare.is_empty() {
            break;
        }
        words.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    let whole = format!("@{}", words.join(" "));
    whole.chars().take(MOST_TOLD).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn people() -> Vec<Nameable> {
        let one = |n: u128, name: &str, email: Option<&str>| Nameable {
            id: Uuid::from_u128(n),
            name: name.into(),
            email: email.map(str::to_owned),
        };
        vec![
            one(1, "Anna Ek", Some("anna.ek@example.org")),
            one(2, "Anna Ek Larsson", Some("anna.larsson@example.org")),
            one(3, "Åsa Öberg", Some("asa@example.org")),
            one(4, "Per Ek", Some("per.1@example.org")),
            one(5, "Per Ek", Some("per.2@example.org")),
            one(6, "Kim", None),
        ]
    }

    fn named(text: &str) -> Result<Vec<u128>, Vec<Unclear>> {
        named_in(text, &people(), &[]).map(|all| all.iter().map(Uuid::as_u128).collect())
    }

    #[test]
    fn whole_names_and_addresses_are_found() {
        assert_eq!(named("@Anna Ek, hinner vi?"), Ok(vec![1]));
        assert_eq!(named("Hej @ANNA  ek. Och (@åsa öberg)!"), Ok(vec![1, 3]));
        assert_eq!(named("@Anna Ek Larsson kan. @Anna\nEk också, och @Anna Ek igen"), Ok(vec![2, 1]));
        assert_eq!(named("Fråga @per.2@example.org, eller @Kim."), Ok(vec![5, 6]));
        assert_eq!(named("Skriv till anna.ek@example.org, 3 @ 5, @ , a@b och @@"), Ok(vec![]));
    }

    #[test]
    fn what_names_nobody_or_several_is_told_as_it_was_written() {
        let nobody = |text: &str| Err(vec![Unclear::Nobody(text.to_owned())]);
        assert_eq!(named("@Anna kan du?"), nobody("@Anna"));
        assert_eq!(named("@Anna Eklund, kan du?"), nobody("@Anna Eklund"));
        assert_eq!(named("@Anna Ek-Berg kan."), nobody("@Anna Ek-Berg"));
        assert_eq!(named("@okand@example.org"), nobody("@okand@example.org"));
        assert_eq!(named("@asa@example.org.se"), nobody("@asa@example.org.se"));
        let two = vec![Unclear::Several("@Per Ek".into()), Unclear::Nobody("@Ingen".into())];
        assert_eq!(named("@Per Ek, och @Ingen?"), Err(two));
    }

    #[test]
    fn of_several_the_chosen_one_is_meant() {
        let chosen = [Uuid::from_u128(4)];
        assert_eq!(named_in("@Per Ek, se här", &people(), &chosen), Ok(chosen.to_vec()));
        let both = [4, 5].map(Uuid::from_u128);
        assert!(named_in("@Per Ek, se här", &people(), &both).is_err());
    }

    proptest! {
        /// Whatever is written, it is read to its end, and nobody is named who is not there.
        #[test]
        fn any_text_is_read(text in "([@ AaåÅEkPer.\n-]|\\PC){0,80}") {
            match named_in(&text, &people(), &[]) {
                Ok(all) => prop_assert!(all.len() <= text.matches('@').count()),
                Err(unclear) => {
                    for Unclear::Nobody(told) | Unclear::Several(told) in unclear {
                        let whole = told.starts_with('@') && told.chars().count() <= MOST_TOLD;
                        prop_assert!(whole && !told.contains('\n'), "{}", told);
                    }
                }
            }
        }
    }
}
