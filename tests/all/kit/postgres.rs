//! One PostgreSQL cluster for all tests of this binary, and a database of its own for each test that asks.
//!
//! `scripts/throwaway-postgres` starts the cluster, and stops and removes it when this process ends, in whatever way:
//! it waits for the end of its standard input, which this process alone holds open. A machine without PostgreSQL fails
//! the tests; nothing is skipped. This module must not know the register or its tables.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

struct Cluster {
    /// Never dropped, as statics are not: closing it ends the cluster.
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    _script: Child,
}

/// Started by the first test that asks.
static CLUSTER: LazyLock<Mutex<Cluster>> = LazyLock::new(|| {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/throwaway-postgres");
    let mut child = Command::new(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C and a runner that kills its whole group must not take the script before it has cleaned up.
        .process_group(0)
        .spawn()
        .unwrap_or_else(|fault| panic!("{script}: {fault}"));
    Mutex::new(Cluster {
        requests: child.stdin.take().expect("stdin is piped"),
        answers: BufReader::new(child.stdout.take().expect("stdout is piped")),
        _script: child,
    })
});

/// The URL of a new, empty database.
pub fn fresh_database() -> String {
    copy_of("template1")
}

/// The URL of a new database with all that `template` holds: the name of a database of this cluster, or its URL.
/// Nobody may be connected to the template meanwhile. Quicker than migrating an empty one for each test.
pub fn copy_of(template: &str) -> String {
    let name = template.rsplit('/').next().unwrap_or(template);
    let mut cluster = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut answer = String::new();
    let asked = writeln!(cluster.requests, "{name}").and_then(|()| cluster.answers.read_line(&mut answer));
    let url = answer.trim_end();
    assert!(
        asked.is_ok() && url.starts_with("postgres://"),
        "scripts/throwaway-postgres gave no database: {url} (if it did not start, it said why above)"
    );
    url.to_owned()
}

#[test]
fn each_database_is_a_new_one() {
    let template = fresh_database();
    let copy = copy_of(&template);
    assert_ne!(template, copy);
    assert!(std::panic::catch_unwind(|| copy_of("missing")).is_err(), "an unknown template is refused");
    assert_ne!(copy, fresh_database(), "a refused one does not end the cluster");
}
