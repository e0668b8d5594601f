//! ClamAV's own daemon, with one signature of ours, on a socket in a directory of its own.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use riskregister::files::clamd::{Clamd, Word};

use super::Directory;

/// What every scanner of the world takes for a virus, and which is none. In two parts, so that no scanner takes this file for one.
pub fn eicar() -> String {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// MD5 and size of [`eicar`], as ClamAV's list of hashes has them.
const SIGNATURE: &str = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n";

/// It runs until this is dropped.
pub struct Daemon {
    pub socket: PathBuf,
    process: Child,
    _directory: Directory,
}

impl Daemon {
    /// Starts it, and waits until it answers.
    pub fn start() -> Self {
        let directory = Directory::new();
        let at = |name: &str| directory.0.join(name);
        std::fs::create_dir(at("signatures")).expect("a directory");
        std::fs::write(at("signatures").join("ours.hdb"), SIGNATURE).expect("a signature");
        let socket = at("clamd.socket");
        let user = if rustix::process::geteuid().is_root() { "User root\n" } else { "" };
        let settings = format!(
            "LocalSocket {}\nDatabaseDirectory {}\nTemporaryDirectory {}\nForeground yes\n{user}",
            socket.display(),
            at("signatures").display(),
            directory.0.display()
        );
        std::fs::write(at("clamd.conf"), settings).expect("settings");
        let program = ["/usr/sbin/clamd", "clamd"]
            .into_iter()
            .find(|name| !name.starts_with('/') || PathBuf::from(name).exists());
        let mut process = Command::new(program.unwrap_or("clamd"))
            .arg("--foreground")
            .arg(format!("--config-file={}", at("clamd.conf").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd is there: scripts/test installs it");
        let clamd = Clamd::Socket(socket.clone());
        while clamd.ask(b"something") != Ok(Word::Clean) {
            assert_eq!(process.try_wait().expect("a process"), None, "clamd has ended");
            std::thread::yield_now();
        }
        Self { socket, process, _directory: directory }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
