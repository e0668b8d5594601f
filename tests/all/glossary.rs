//! One word for one thing: the texts of the pages, and all that the register says in Swedish, against docs/words.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use riskregister::domain::words::{Language, PlanStatus, Recurrence, Role, Sufficiency};
use riskregister::web::texts;

/// A row of docs/words.md.
struct Term {
    swedish: String,
    english: String,
    texts: Vec<String>,
    never: Vec<String>,
}

fn terms() -> Vec<Term> {
    let page = include_str!("../../docs/words.md");
    let listed = |cell: &str| -> Vec<String> {
        let parts = cell.split(',').map(|part| part.trim().trim_matches('`').to_owned());
        parts.filter(|part| !part.is_empty()).collect()
    };
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let made = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [swedish, english, _, texts, never] = cells[..] else { panic!("five cells in {row}") };
        Term { swedish: swedish.into(), english: english.into(), texts: listed(texts), never: listed(never) }
    });
    made.collect()
}

/// The texts of one line, as they are written.
fn one_line(files: &[&'static str]) -> BTreeMap<&'static str, &'static str> {
    let lines = files.iter().flat_map(|file| file.lines());
    lines.filter_map(|line| line.split_once(" = ")).filter(|(key, _)| !key.contains([' ', '#', '['])).collect()
}

/// The label of a closed list's word, by a name such as `PlanStatus.proposed`.
fn label(name: &str, language: Language) -> Option<&'static str> {
    let (list, word) = name.split_once('.')?;
    match list {
        "PlanStatus" => PlanStatus::parse(word).map(|word| word.label(language)),
        "Recurrence" => Recurrence::parse(word).map(|word| word.label(language)),
        "Role" => Role::parse(word).map(|word| word.label(language)),
        "Sufficiency" => Sufficiency::parse(word).map(|word| word.label(language)),
        _ => None,
    }
}

/// As within a sentence.
fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What is left of a word when it no longer says how many: "öppen" and "öppna" are one.
fn stem(text: &str) -> String {
    small(text).trim_end_matches(['a', 'e', 'n', 's']).to_owned()
}

#[test]
fn each_term_has_its_texts_and_they_have_no_other() {
    let (swedish, english) = (one_line(texts::SV), one_line(texts::EN));
    let mut taken = BTreeSet::new();
    let mut faults = Vec::new();
    for term in terms() {
        for (language, word) in [("sv", &term.swedish), ("en", &term.english)] {
            if !taken.insert((language, word.clone())) {
                faults.push(format!("{word} is the word for two things"));
            }
        }
        for name in &term.texts {
            if !taken.insert(("text", name.clone())) {
                faults.push(format!("{name} stands in two rows"));
            }
            let said = |texts: &BTreeMap<&str, &'static str>, language| {
                if name.contains('.') { label(name, language) } else { texts.get(name.as_str()).copied() }
            };
            let (sv, en) = (said(&swedish, Language::Sv), said(&english, Language::En));
            if sv.map(small).as_deref() != Some(&term.swedish) || en.map(stem) != Some(stem(&term.english)) {
                faults.push(format!("{name} says {sv:?} and {en:?}: {} and {}", term.swedish, term.english));
            }
        }
        for (key, text) in &swedish {
            if small(text) == term.swedish && !term.texts.iter().any(|name| name == key) {
                faults.push(format!("{key} says {text} and does not stand in its row"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_is_the_same_in_one_language_is_the_same_in_the_other() {
    let (swedish, english) = (one_line(texts::SV), one_line(texts::EN));
    for (these, those) in [(&swedish, &english), (&english, &swedish)] {
        let mut said: BTreeMap<&str, BTreeMap<String, &str>> = BTreeMap::new();
        for (key, text) in these {
            let other = those.get(key).unwrap_or_else(|| panic!("{key} stands in both languages"));
            said.entry(text).or_default().insert(stem(other), key);
        }
        for (text, others) in said {
            assert!(others.len() == 1, "{text} is two things: {others:?}");
        }
    }
}

/// What is said to people stands in these.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry").path());
    let all = entries.flat_map(|path| if path.is_dir() { files(path) } else { vec![path] });
    let spoken =
        |path: &PathBuf| path.extension().is_some_and(|e| ["rs", "ftl", "html", "typ"].iter().any(|x| e == *x));
    all.filter(spoken).collect()
}

#[test]
fn nothing_is_said_in_a_word_that_was_given_up() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let never: Vec<String> = terms().into_iter().flat_map(|term| term.never).collect();
    assert!(never.len() > 20, "docs/words.md says what is never said");
    for file in [top.join("src"), top.join("document/src")].into_iter().flat_map(files) {
        if file.components().any(|part| part.as_os_str() == "en") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("a source is text");
        for (number, line) in text.lines().enumerate() {
            let begins = line.trim_start();
            if begins.starts_with("//") || begins.starts_with('#') {
                continue;
            }
            let low = line.to_lowercase();
            for word in never.iter().filter(|word| low.contains(word.as_str())) {
                faults.push(format!("{}:{}: {word}", file.display(), number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "docs/words.md has another word for it:\n{}", faults.join("\n"));
}
