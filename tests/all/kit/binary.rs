//! The real binary, as an operator runs it: in a directory and an environment of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use riskregister::config::NAMES;

/// The binary with these arguments, in `directory`. Nothing of the tests' own environment reaches it.
pub fn binary(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskregister"));
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    for name in NAMES {
        command.env_remove(name);
    }
    command.env_remove("RISKREGISTER_CONFIG");
    command
}

/// A binary that serves. It is stopped when this is dropped.
pub struct Serving {
    child: Child,
    /// Where it listens: `http://127.0.0.1:…`.
    pub address: String,
}

impl Serving {
    /// Starts a command that ends up serving, and waits until it has said where it listens.
    pub fn start(command: Command) -> Self {
        Self::start_unless_it_falls(command).expect("it says where it listens before it ends")
    }

    /// The same for one that may fall before it listens. Where the command does not say, it listens on any free port.
    pub fn start_unless_it_falls(mut command: Command) -> Option<Self> {
        if !command.get_envs().any(|(name, value)| name == "LISTEN" && value.is_some()) {
            command.env("LISTEN", "127.0.0.1:0");
        }
        let mut child =
            command.stdout(Stdio::piped()).spawn().unwrap_or_else(|fault| panic!("the binary does not start: {fault}"));
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        let address = lines.map_while(Result::ok).find_map(|line| line.split("listens on ").nth(1).map(str::to_owned));
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        };
        Some(Self { child, address })
    }

    /// Whether it has ended by itself.
    pub fn has_fallen(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// What it tells on standard error, which was piped.
    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().expect("stderr is piped")
    }

    /// The process, as the system counts it.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as a service manager does, and waits for its end. Whether it ended in peace.
    pub fn stop(mut self) -> bool {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().is_ok_and(|s| s.success());
        asked && self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Serving {
    /// `kill -9`.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.kill();
    }
}
