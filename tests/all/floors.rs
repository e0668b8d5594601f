//! The house stands on its floors: a module uses only what lies above it in the list of its folder, no files go round in
//! a circle, and diesel stays in `storage`.
//!
//! It reads the text itself: every path in the code, whether in a `use`, an expression or an attribute, is followed to the
//! file that it leads to. A parser would not see what stands inside attributes and macros.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// No room of `app` has a file longer than what can be read at one sitting.
const MOST_LINES: usize = 830;

/// A file of a crate.
struct File {
    /// As it is told.
    name: String,
    /// Where it stands in the crate: nothing for the root.
    module: Vec<String>,
    text: String,
    /// The text with spaces for comments and for what stands between quotes.
    code: String,
}

/// The sources of a crate, by the module that each is.
struct Crate {
    files: Vec<File>,
    by_module: BTreeMap<Vec<String>, usize>,
}

/// A path in the code: the steps from the root of the crate, and the line.
struct Named {
    path: Vec<String>,
    line: usize,
}

/// What one file needs of another: which, and the line that says so.
type Needs = BTreeMap<usize, usize>;

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The code alone: comments and the content of strings and characters become spaces, lines stay.
fn bare(text: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    let mut out: Vec<char> = all.clone();
    let at = |i: usize| all.get(i).copied().unwrap_or('\0');
    let mut i = 0;
    while i < all.len() {
        let from = i;
        let word_before = i > 0 && is_word(at(i - 1));
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < all.len() && at(i) != '\n' {
                    i += 1;
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= all.len() {
                        break;
                    }
                }
            }
            'r' if !word_before && (at(i + 1) == '"' || at(i + 1) == '#') => {
                let mut hashes = 0;
                while at(i + 1 + hashes) == '#' {
                    hashes += 1;
                }
                if at(i + 1 + hashes) != '"' {
                    i += 1;
                    continue;
                }
                i += 2 + hashes;
                while i < all.len() && !(at(i) == '"' && (1..=hashes).all(|n| at(i + n) == '#')) {
                    i += 1;
                }
                i += 1 + hashes;
            }
            '"' => {
                i += 1;
                while i < all.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 };
                }
                i += 1;
            }
            // A character, and not a lifetime.
            '\'' if at(i + 1) == '\\' || at(i + 2) == '\'' => {
                i += if at(i + 1) == '\\' { 3 } else { 2 };
                while i < all.len() && at(i) != '\'' {
                    i += 1;
                }
                i += 1;
            }
            _ => {
                i += 1;
                continue;
            }
        }
        for c in out.iter_mut().take(i.min(all.len())).skip(from).filter(|c| **c != '\n') {
            *c = ' ';
        }
    }
    out.into_iter().collect()
}

/// Words and signs of the code, each with its line; `::` is one sign.
fn tokens(code: &str) -> Vec<(&str, usize)> {
    let mut all = Vec::new();
    let mut line = 1;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\n' => {
                line += 1;
                1
            }
            c if is_word(c) => rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        if !token.trim().is_empty() {
            all.push((token, line));
        }
        rest = after;
    }
    all
}

/// The leaves of a `use`: steps, the name that it has here, and whether it is all that is there.
fn leaves(tokens: &[(&str, usize)], at: &mut usize, before: &[String], into: &mut Vec<(Vec<String>, String, bool)>) {
    let mut path = before.to_vec();
    while let Some((token, _)) = tokens.get(*at) {
        match *token {
            "::" => *at += 1,
            "{" => {
                *at += 1;
                while tokens.get(*at).is_some_and(|t| t.0 != "}") {
                    leaves(tokens, at, &path, into);
                    if tokens.get(*at).is_some_and(|t| t.0 == ",") {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            "*" => {
                *at += 1;
                into.push((path, "*".into(), true));
                return;
            }
            "as" => {
                let name = tokens.get(*at + 1).map_or("_", |t| t.0);
                *at += 2;
                into.push((path, name.into(), false));
                return;
            }
            "self" if !path.is_empty() => *at += 1,
            word if word.starts_with(is_word) => {
                path.push(word.into());
                *at += 1;
            }
            _ => break,
        }
    }
    let name = path.last().cloned().unwrap_or_default();
    into.push((path, name, false));
}

/// A path as the crate's root sees it, when it is one of this crate.
fn from_root(path: &[String], here: &[String], root: &str, children: &BTreeSet<String>) -> Option<Vec<String>> {
    let (first, rest) = path.split_first()?;
    let mut base: Vec<String> = match first.as_str() {
        "crate" => Vec::new(),
        first if first == root => Vec::new(),
        "self" => here.to_vec(),
        "super" => here.split_last()?.1.to_vec(),
        first if children.contains(first) => [here, &[first.to_owned()]].concat(),
        _ => return None,
    };
    for step in rest {
        if step == "super" {
            base.pop();
        } else {
            base.push(step.clone());
        }
    }
    Some(base)
}

/// What a file names of its crate, what it hands on (`pub use`), and the modules that it declares, in their order.
#[derive(Default)]
struct Read {
    named: Vec<Named>,
    hands_on: Vec<(String, Vec<String>)>,
    declares: Vec<String>,
}

fn read(file: &File, root: &str) -> Read {
    let tokens = tokens(&file.code);
    let mut found = Read::default();
    for (i, (token, _)) in tokens.iter().enumerate() {
        if *token == "mod" && tokens.get(i + 2).is_some_and(|t| t.0 == ";") {
            found.declares.push(tokens[i + 1].0.to_owned());
        }
    }
    let children: BTreeSet<String> = found.declares.iter().cloned().collect();
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Modules within the file, each with the depth that it ends at.
    let mut within: Vec<(String, usize)> = Vec::new();
    // What is imported is known everywhere in the file: twice through, the first time for the names alone.
    for naming in [true, false] {
        let (mut depth, mut i) = (0, 0);
        within.clear();
        while let Some((token, line)) = tokens.get(i).copied() {
            let mut here = file.module.clone();
            here.extend(within.iter().map(|(name, _)| name.clone()));
            match token {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    within.retain(|(_, ends)| *ends <= depth);
                }
                "mod" if tokens.get(i + 2).is_some_and(|t| t.0 == "{") => {
                    within.push((tokens[i + 1].0.to_owned(), depth + 1));
                    i += 1;
                }
                // Who may see it, `pub(in …)`, is no need.
                "in" if i > 1 && tokens[i - 1].0 == "(" && tokens[i - 2].0 == "pub" => {
                    while tokens.get(i).is_some_and(|t| t.0 != ")") {
                        i += 1;
                    }
                }
                "use" => {
                    let public = i > 0 && (tokens[i - 1].0 == "pub" || tokens[i - 1].0 == ")");
                    let mut all = Vec::new();
                    i += 1;
                    leaves(&tokens, &mut i, &[], &mut all);
                    for (path, name, glob) in all {
                        let Some(path) = from_root(&path, &here, root, &children) else { continue };
                        if naming {
                            if !glob {
                                names.insert(name.clone(), path.clone());
                            }
                            if public {
                                found.hands_on.push((name, path));
                            }
                        } else {
                            found.named.push(Named { path, line });
                        }
                    }
                    continue;
                }
                first if first.starts_with(is_word) && !naming => {
                    let begins = i == 0 || (tokens[i - 1].0 != "::" && tokens[i - 1].0 != ".");
                    let mut path = vec![first.to_owned()];
                    while tokens.get(i + 1).is_some_and(|t| t.0 == "::")
                        && tokens.get(i + 2).is_some_and(|t| t.0.starts_with(is_word))
                    {
                        path.push(tokens[i + 2].0.to_owned());
                        i += 2;
                    }
                    if begins && path.len() > 1 {
                        let full = match names.get(first) {
                            Some(known) => Some([known.as_slice(), &path[1..]].concat()),
                            None => from_root(&path, &here, root, &children),
                        };
                        found.named.extend(full.map(|path| Named { path, line }));
                    }
                }
                _ => {}
            }
            i += 1;
        }
    }
    found
}

impl Crate {
    fn of(files: Vec<(String, String)>) -> Self {
        let file = |(name, text): (String, String)| {
            let inside = name.rsplit_once("src/").map_or(name.as_str(), |(_, inside)| inside).trim_end_matches(".rs");
            let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
            if matches!(module.last().map(String::as_str), Some("mod" | "lib")) {
                module.pop();
            }
            File { name, module, code: bare(&text), text }
        };
        let files: Vec<File> = files.into_iter().map(file).collect();
        let by_module = files.iter().enumerate().map(|(i, file)| (file.module.clone(), i)).collect();
        Self { files, by_module }
    }

    fn read(folder: &str) -> Self {
        fn below(folder: &Path, name: &str, into: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).expect("the folder can be read") {
                let path = entry.expect("the entry can be read").path();
                let inside = format!("{name}/{}", path.file_name().expect("an entry has a name").to_string_lossy());
                if path.is_dir() {
                    below(&path, &inside, into);
                } else if inside.ends_with(".rs") {
                    into.push((inside, std::fs::read_to_string(&path).expect("a source can be read")));
                }
            }
        }
        let mut files = Vec::new();
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), folder, &mut files);
        files.sort();
        Self::of(files)
    }

    /// The file that a path leads to: the last module on its way, or what that module hands on.
    fn leads_to(&self, path: &[String], read: &[Read], steps: usize) -> Option<usize> {
        let at = (0..=path.len()).rev().find(|n| self.by_module.contains_key(&path[..*n]))?;
        let file = self.by_module[&path[..at]];
        let Some(next) = path.get(at) else { return Some(file) };
        let handed = |name: &str| read[file].hands_on.iter().find(|(known, _)| known == name).map(|(_, path)| path);
        if steps > 0
            && let Some(on) = handed(next)
        {
            let further = [on.as_slice(), &path[at + 1..]].concat();
            return self.leads_to(&further, read, steps - 1).or(Some(file));
        }
        Some(file)
    }

    /// What goes up, and what goes round.
    fn faults(&self, root: &str) -> Vec<String> {
        let read: Vec<Read> = self.files.iter().map(|file| read(file, root)).collect();
        let mut needs: Vec<Needs> = Vec::new();
        for (i, read_of_it) in read.iter().enumerate() {
            let mut of_file = Needs::new();
            for named in &read_of_it.named {
                // Whoever passes through the root, or stays in the file, needs nothing of it.
                match self.leads_to(&named.path, &read, 5) {
                    Some(there) if there != i && !self.files[there].module.is_empty() => {
                        of_file.entry(there).or_insert(named.line);
                    }
                    _ => {}
                }
            }
            needs.push(of_file);
        }
        let mut faults = Vec::new();
        for (i, of_file) in needs.iter().enumerate() {
            for (there, line) in of_file {
                if let Some(fault) = self.goes_up(i, *there, &read) {
                    faults.push(format!("{}:{line}: {fault}", self.files[i].name));
                }
            }
        }
        faults.extend(self.circles(&needs));
        faults
    }

    /// The order of a folder is the order in which its file declares its parts. A folder's own file may stand under its
    /// parts, or on them.
    fn goes_up(&self, from: usize, to: usize, read: &[Read]) -> Option<String> {
        let (here, there) = (&self.files[from].module, &self.files[to].module);
        let same = here.iter().zip(there.iter()).take_while(|(a, b)| a == b).count();
        let (one, other) = (here.get(same)?, there.get(same)?);
        let folder = &here[..same];
        let list = &read[*self.by_module.get(folder)?].declares;
        let place = |name: &String| list.iter().position(|known| known == name);
        match (place(one), place(other)) {
            (Some(one_at), Some(other_at)) if other_at > one_at => {
                Some(format!("{one} uses {other}, which lies above it"))
            }
            // The program stands on the library.
            (None, Some(_)) if folder.is_empty() => None,
            (Some(_), Some(_)) => None,
            _ => Some(format!("{one} or {other} is not in the list of {}", folder.join("::"))),
        }
    }

    fn circles(&self, needs: &[Needs]) -> Vec<String> {
        // What can be reached from each file; who reaches itself stands in a circle.
        let mut faults = Vec::new();
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for start in 0..self.files.len() {
            let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
            let mut waiting = vec![start];
            while let Some(at) = waiting.pop() {
                for next in needs[at].keys() {
                    if !came_from.contains_key(next) {
                        came_from.insert(*next, at);
                        waiting.push(*next);
                    }
                }
            }
            if !came_from.contains_key(&start) {
                continue;
            }
            let mut round = vec![start];
            let mut at = came_from[&start];
            while at != start {
                round.push(at);
                at = came_from[&at];
            }
            if round.iter().any(|file| told.contains(file)) {
                continue;
            }
            told.extend(&round);
            round.reverse();
            round.insert(0, *round.last().expect("a circle has files"));
            let told: Vec<String> = round
                .windows(2)
                .map(|pair| format!("{}:{}", self.files[pair[0]].name, needs[pair[0]][&pair[1]]))
                .collect();
            faults.push(format!("files go round in a circle: {} and back", told.join(" needs ")));
        }
        faults
    }
}

#[test]
fn imports_only_go_down_and_never_round() {
    let house = Crate::read("src");
    assert!(house.files.len() > 100, "the sources were not found");
    let document = Crate::read("document/src");
    assert!(document.files.len() > 5, "the sources of the document were not found");
    let workbook = Crate::read("workbook/src");
    assert!(workbook.files.len() > 5, "the sources of the workbook were not found");
    let mut faults = house.faults("riskregister");
    faults.extend(document.faults("riskregister_document"));
    faults.extend(workbook.faults("riskregister_workbook"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_storage_knows_diesel() {
    let house = Crate::read("src");
    let outside = |file: &&File| file.module.first().is_none_or(|floor| floor != "storage");
    let knows = |file: &&File| tokens(&file.code).iter().any(|(word, _)| *word == "diesel");
    let faults: Vec<&str> = house.files.iter().filter(outside).filter(knows).map(|file| file.name.as_str()).collect();
    assert!(faults.is_empty(), "only storage knows diesel: {}", faults.join(", "));
}

#[test]
fn a_room_has_no_file_that_nobody_reads_to_its_end() {
    let house = Crate::read("src");
    let long = |file: &&File| file.module.first().is_some_and(|m| m == "app") && file.text.lines().count() > MOST_LINES;
    let faults: Vec<&str> = house.files.iter().filter(long).map(|file| file.name.as_str()).collect();
    assert!(faults.is_empty(), "more than {MOST_LINES} lines: {}", faults.join(", "));
}

/// A house of three floors, with the given text in its files.
fn planted(floors: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![
        ("src/lib.rs", "pub mod ground;\npub mod first;\npub mod roof;\n"),
        ("src/ground.rs", "pub struct Stone;\n"),
        ("src/first/mod.rs", "pub mod hall;\npub mod stairs;\n"),
        ("src/first/hall.rs", "use crate::ground::Stone;\npub struct Door(Stone);\n"),
        ("src/first/stairs.rs", "use super::hall::{self, Door};\npub fn up(d: Door) { hall::shut(d) }\n"),
        ("src/roof.rs", "use crate::{first::stairs, ground as earth};\nfn f() { stairs::up(earth::Stone) }\n"),
    ];
    for (name, text) in floors {
        files.retain(|(known, _)| known != name);
        files.push((name, text));
    }
    Crate::of(files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()).faults("house")
}

#[test]
fn what_goes_up_or_round_is_seen_wherever_it_stands() {
    assert_eq!(planted(&[]), Vec::<String>::new());
    let ground = |text: &str| planted(&[("src/ground.rs", text)]);
    for up in [
        "use crate::roof::Tile;",
        "use crate::{\n    roof::{Tile, Nail},\n};",
        "fn f() { crate::roof::mend(); }",
        "#[schema(value_type = Vec<crate::roof::Tile>)]\nstruct S;",
        "pub use house::roof as top;",
        "use crate as all;\nfn f() { all::roof::mend(); }",
        "const C: char = '\"';\nuse crate::roof::Tile;\nconst D: char = '\"';",
        "fn f<'a>(_: &'a str) { crate::roof::mend() }",
        "mod tests { use super::super::roof::Tile; }",
        "mod tests { mod deeper { use super::super::super::roof::Tile; } }",
    ] {
        let faults = ground(up);
        assert!(faults.iter().any(|f| f.contains("ground uses roof, which lies above it")), "{up}: {faults:?}");
    }
    for fine in [
        "// use crate::roof::Tile;",
        "/* crate::roof /* and */ crate::roof */",
        "const S: &str = \"crate::roof::Tile\";",
        "const S: &str = r#\"crate::\"roof\"::Tile\"#;",
        "mod tests { use super::*; }",
        "struct roof;",
        "pub(in crate::roof) struct Stone;",
    ] {
        assert_eq!(ground(fine), Vec::<String>::new(), "{fine}");
    }
    // Within a folder, and by way of what its list hands on.
    let hall = planted(&[("src/first/hall.rs", "use super::stairs::up;\n")]);
    assert!(hall.iter().any(|f| f.contains("hall uses stairs")), "{hall:?}");
    let handed = planted(&[
        ("src/first/mod.rs", "pub mod hall;\npub mod stairs;\npub use stairs::up;\n"),
        ("src/first/hall.rs", "pub fn f() { super::up() }\n"),
    ]);
    assert!(handed.iter().any(|f| f.contains("hall uses stairs")), "{handed:?}");
    // A folder's own file may stand on its parts or under them, and not both.
    let both = planted(&[
        ("src/first/mod.rs", "pub mod hall;\npub mod stairs;\nuse hall::Door;\npub struct Plan(Door);\n"),
        ("src/first/hall.rs", "use super::Plan;\npub struct Door(Plan);\n"),
    ]);
    assert!(both.iter().any(|f| f.contains("circle")), "{both:?}");
    let unlisted = planted(&[("src/first/attic.rs", "use super::hall::Door;\n")]);
    assert!(unlisted.iter().any(|f| f.contains("not in the list")), "{unlisted:?}");
}
