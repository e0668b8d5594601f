//! The house stands on its floors: a module uses only what lies below it, and diesel stays in `storage`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// From the ground up.
const FLOORS: &[&str] = &[
    "domain", "evidence", "error", "storage", "auth", "config", "app", "http", "api", "web", "demo", "delivery",
    "mail", "open", "server", "command", "lib", "main",
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

/// The module at the top of the house that a file belongs to.
fn module(root: &Path, file: &Path) -> String {
    let inside = file.strip_prefix(root).expect("a file of src");
    let first = inside.components().next().expect("a file has a name").as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::NAME` or `riskregister::NAME` of a line of code, and the names of a `use riskregister::{…}`.
fn named(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for prefix in ["crate::", "riskregister::"] {
        for (at, _) in line.match_indices(prefix) {
            let rest = &line[at + prefix.len()..];
            if let Some(list) = rest.strip_prefix('{') {
                names.extend(list.trim_end_matches("};").split(',').map(str::trim));
            } else {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                names.push(&rest[..end]);
            }
        }
    }
    names
}

#[test]
fn imports_only_go_down() {
    let floor: BTreeMap<&str, usize> = FLOORS.iter().enumerate().map(|(i, name)| (*name, i)).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 30, "the sources were not found");
    let mut faults = Vec::new();
    for file in files {
        let own = module(&root, &file);
        let here = *floor.get(own.as_str()).unwrap_or_else(|| panic!("{own} has no floor"));
        let text = std::fs::read_to_string(&file).expect("a source can be read");
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            // Attributes name shapes for the contract; they import nothing.
            if code.starts_with("//") || code.starts_with("#[") {
                continue;
            }
            for name in named(code) {
                if floor.get(name).is_some_and(|there| *there > here) {
                    faults.push(format!("{}:{}: {own} uses {name}, which lies above it", file.display(), number + 1));
                }
            }
            if own != "storage" && code.contains("diesel::") {
                faults.push(format!("{}:{}: only storage knows diesel", file.display(), number + 1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
