//! ClamAV's daemon, asked about each file before it is kept (`INSTREAM`), over TCP or a local socket.

use std::path::PathBuf;
use std::time::Duration;

use clamav_client::tokio::{Socket, Tcp, scan_buffer};

use super::waiting::wait;

/// Longer than it takes to look through the largest file.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the daemon listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    /// `HOST:PORT`.
    Tcp(String),
    /// A local socket.
    Socket(PathBuf),
}

/// What the daemon says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    Clean,
    /// By which name it knows what it found.
    Found(String),
}

impl Clamd {
    /// An absolute path, or a host and a port.
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Socket(text.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        let port: u16 = port.parse().ok()?;
        let plain = !host.is_empty() && !host.contains(['/', '@', ' ']);
        (plain && port > 0).then(|| Self::Tcp(text.to_owned()))
    }

    /// Asks about a file. Anything but a clear word is an error: nothing is let through on a guess.
    pub fn ask(&self, bytes: &[u8]) -> Result<Word, String> {
        let said = wait(async {
            let asked = async {
                match self {
                    Self::Tcp(address) => scan_buffer(bytes, Tcp { host_address: address.as_str() }, None).await,
                    Self::Socket(path) => scan_buffer(bytes, Socket { socket_path: path }, None).await,
                }
            };
            tokio::time::timeout(PATIENCE, asked).await
        })?;
        let said = said.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?;
        read(&said.map_err(|fault| fault.to_string())?)
    }
}

/// What an answer says: `stream: OK`, or `stream: NAME FOUND`.
fn read(answer: &[u8]) -> Result<Word, String> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    match text.strip_prefix("stream: ") {
        Some("OK") => Ok(Word::Clean),
        Some(found) if found.ends_with(" FOUND") => Ok(Word::Found(found.trim_end_matches(" FOUND").to_owned())),
        _ => Err(format!("it said {text:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_is_one() {
        assert_eq!(read(b"stream: OK\0"), Ok(Word::Clean));
        assert_eq!(read(b"stream: Eicar-Test FOUND\0"), Ok(Word::Found("Eicar-Test".into())));
        for other in
            ["", "stream: ", "OK", "INSTREAM size limit exceeded. ERROR", "stream: OK FOUND OK", "stream: x ERROR"]
        {
            assert!(read(other.as_bytes()).is_err(), "{other}");
        }
    }

    #[test]
    fn where_it_listens() {
        assert_eq!(Clamd::parse("/run/clamav/clamd.ctl"), Some(Clamd::Socket("/run/clamav/clamd.ctl".into())));
        assert_eq!(Clamd::parse("[::1]:3310"), Some(Clamd::Tcp("[::1]:3310".into())));
        for other in ["", "clamd", "clamd:", ":3310", "tcp://clamd:3310", "clamd:0", "clamd:99999", "run/clamd.ctl"] {
            assert_eq!(Clamd::parse(other), None, "{other}");
        }
    }
}
