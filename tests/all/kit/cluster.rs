//! PostgreSQL servers that are there to fall: `scripts/failing-postgres` starts, kills, copies and promotes them as it is
//! told, and leaves nothing when this process ends, in whatever way.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use diesel::connection::SimpleConnection;
use riskregister::storage::Address;

use super::depth::deep;

pub struct Cluster {
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    script: Child,
}

impl Cluster {
    pub fn new() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/failing-postgres");
        let mut command = Command::new(script);
        // By day its disk is memory, where there is one: a server that is killed leaves the same there.
        let memory = Path::new("/dev/shm");
        if deep(memory.is_dir(), false) {
            command.env("TMPDIR", memory);
        }
        let mut script = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|fault| panic!("{script}: {fault}"));
        let answers = BufReader::new(script.stdout.take().expect("stdout is piped"));
        Self { orders: script.stdin.take(), answers, script }
    }

    /// Has it done what it is told; the head of the script says what there is. The answer is the URL of a database, where
    /// the order has one.
    #[track_caller]
    pub fn order(&mut self, order: &str) -> String {
        let mut answer = String::new();
        let orders = self.orders.as_mut().expect("it is open until it is dropped");
        let asked = writeln!(orders, "{order}").and_then(|()| self.answers.read_line(&mut answer));
        let said = answer.trim_end().strip_prefix("ok");
        assert!(asked.is_ok() && said.is_some(), "{order}: {answer}");
        said.unwrap_or_default().trim_start().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.script.wait();
    }
}

/// The URL of a new database in the server of this one.
pub fn new_database(url: &str) -> String {
    let mut c = Address::Postgres(url.to_owned()).connect().expect("the server can be reached");
    c.batch_execute("CREATE DATABASE register").expect("a new database");
    url.strip_suffix("/postgres").expect("the server's own database").to_owned() + "/register"
}
