//! The faults of `tests/mutants/`, one a patch, that `scripts/mutants` plants to see that some test finds each: here only
//! that each can still be planted, and that the tests that it names are there.

use std::path::Path;
use std::process::Command;

/// What a patch says of itself, and the files that it changes.
struct Mutant {
    name: String,
    what: String,
    catchers: Vec<String>,
    lane: String,
    files: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn mutants() -> Vec<Mutant> {
    let folder = std::fs::read_dir(root().join("tests/mutants")).expect("the folder of patches");
    let mut all: Vec<Mutant> = folder
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8").to_owned();
            let text = std::fs::read_to_string(&path).expect("a patch in UTF-8");
            let (head, _) = text.split_once("\ndiff --git ").unwrap_or_else(|| panic!("{name} has no diff"));
            let told = |key: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(key));
                line.unwrap_or_else(|| panic!("{name} does not say “{key}”")).trim().to_owned()
            };
            Mutant {
                what: head.lines().next().unwrap_or_default().to_owned(),
                catchers: told("Caught by:").split(", ").map(str::to_owned).collect(),
                lane: told("Lane:"),
                files: text.lines().filter_map(|line| line.strip_prefix("+++ b/")).map(str::to_owned).collect(),
                name,
            }
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The code under a folder, as one text.
fn code(folder: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            all += &code(&entry);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            all += &std::fs::read_to_string(&entry).expect("code in UTF-8");
        }
    }
    all
}

#[test]
fn each_can_be_planted_and_names_tests_that_are_there() {
    let listed =
        Command::new(std::env::current_exe().expect("this program")).args(["--list", "--format=terse"]).output();
    let listed = String::from_utf8(listed.expect("its tests").stdout).expect("names in UTF-8");
    let here = |name: &str| listed.lines().any(|line| line.strip_suffix(": test") == Some(name));
    let elsewhere = |folders: &[&str], name: &str| {
        let wanted = format!("fn {}(", name.rsplit("::").next().unwrap_or(name));
        folders.iter().any(|folder| code(&root().join(folder)).contains(&wanted))
    };
    let all = mutants();
    assert!(all.len() >= 20, "there are {}", all.len());
    for Mutant { name, what, catchers, lane, files } in all {
        assert!(what.len() > 20 && what.ends_with('.'), "{name} begins with a sentence that says what it is");
        let (when, why) = lane.split_once(": ").unwrap_or((&lane, ""));
        assert!(matches!((when, why), ("change", "") | ("nightly", _)), "{name}: {lane}");
        assert_eq!(when == "nightly", !why.is_empty(), "{name} says why only the night finds it");
        for catcher in catchers {
            let there = match catcher.split_once(' ') {
                None => here(&catcher),
                Some(("unit", test)) => elsewhere(&["src", "document/src"], test),
                Some(("document", test)) => elsewhere(&["document/tests"], test),
                Some(("contract", database)) => matches!(database, "sqlite" | "postgres"),
                Some(_) => false,
            };
            assert!(there, "{name}: there is no test {catcher}");
        }
        let planted = |file: &String| ["src/", "document/src/", "migrations/"].iter().any(|at| file.starts_with(at));
        assert!(!files.is_empty() && files.iter().all(planted), "{name} changes what runs, and no test: {files:?}");
        // Seen from here alone: a copy without .git may lie inside another repository, whose top is elsewhere.
        let checked = Command::new("git")
            .args(["apply", "--check"])
            .arg(format!("tests/mutants/{name}"))
            .current_dir(root())
            .env("GIT_CEILING_DIRECTORIES", root().parent().unwrap_or(root()))
            .output()
            .expect("git is there");
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{name} does not apply any more; mend it, and see that it is caught: {said}");
    }
}
