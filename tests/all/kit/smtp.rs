//! A mail server on loopback: it speaks as much of SMTP (RFC 5321) as a client needs, and keeps what it gets.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use riskregister::config::Mail;
use riskregister::domain::webhooks::Retries;
use riskregister::storage::Timestamp;

/// A letter as it came.
#[derive(Debug, Clone)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub raw: String,
}

impl Received {
    fn parsed<T>(&self, f: impl FnOnce(&mail_parser::Message) -> T) -> T {
        f(&MessageParser::default().parse(self.raw.as_bytes()).expect("a message that can be read"))
    }

    pub fn subject(&self) -> String {
        self.parsed(|m| m.subject().expect("a subject").to_owned())
    }

    pub fn text(&self) -> String {
        self.parsed(|m| m.body_text(0).expect("a plain part").replace("\r\n", "\n"))
    }

    pub fn html(&self) -> String {
        self.parsed(|m| m.body_html(0).expect("an HTML part").replace("\r\n", "\n"))
    }

    /// A header as it stands there, unfolded; empty when it does not.
    pub fn header(&self, name: &str) -> String {
        self.parsed(|m| m.header_raw(name).unwrap_or_default().replace("\r\n", "").trim().to_owned())
    }
}

#[derive(Default)]
struct Kept {
    letters: Mutex<Vec<Received>>,
    /// What is answered to each receiver instead of yes.
    refusal: Mutex<Option<&'static str>>,
    attempts: Mutex<usize>,
    stopped: AtomicBool,
}

/// A mail server that stops when it is dropped.
pub struct MailServer {
    pub address: SocketAddr,
    kept: Arc<Kept>,
}

impl MailServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let kept = Arc::new(Kept::default());
        let shared = kept.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.stopped.load(Ordering::Relaxed) {
                    return;
                }
                let kept = shared.clone();
                // A client that leaves in the middle is no fault of the server.
                std::thread::spawn(move || connection.and_then(|connection| converse(connection, &kept)));
            }
        });
        Self { address, kept }
    }

    /// How a register sends to it: at once, and on a Sunday, so that no weekly letter comes by itself.
    pub fn mail(&self) -> Mail {
        let from = "Riskregistret <risk@example.org>".parse().expect("an address");
        Mail {
            interval: Duration::from_millis(30),
            retries: Retries { first: Duration::from_millis(20), longest: Duration::from_millis(50), attempts: 5 },
            clock: sunday,
            ..Mail::new(format!("smtp://{}", self.address), from)
        }
    }

    pub fn refuse(&self, answer: Option<&'static str>) {
        *self.kept.refusal.lock().expect("a lock") = answer;
    }

    /// How often a receiver has been named.
    pub fn attempts(&self) -> usize {
        *self.kept.attempts.lock().expect("a lock")
    }

    pub fn letters(&self) -> Vec<Received> {
        self.kept.letters.lock().expect("a lock").clone()
    }

    /// Waits until so many have come.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Received> {
        let began = Instant::now();
        loop {
            let letters = self.letters();
            if letters.len() >= count {
                return letters;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "{} of {count} letters came", letters.len());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The letter to this address, of those that have come.
    #[track_caller]
    pub fn to(&self, address: &str) -> Received {
        let found: Vec<Received> = self.letters().into_iter().filter(|l| l.to == [address]).collect();
        assert_eq!(found.len(), 1, "one letter to {address}: {found:?}");
        found[0].clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.kept.stopped.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

pub fn sunday() -> Timestamp {
    at("2026-11-22T09:00:00Z")
}

pub fn monday() -> Timestamp {
    at("2026-11-23T09:00:00Z")
}

fn at(text: &str) -> Timestamp {
    Timestamp::from(text.parse::<chrono::DateTime<chrono::Utc>>().expect("a time"))
}

fn converse(mut connection: TcpStream, kept: &Kept) -> std::io::Result<()> {
    connection.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut lines = BufReader::new(connection.try_clone()?);
    let mut say = |text: &str| connection.write_all(format!("{text}\r\n").as_bytes());
    say("220 mail.test ESMTP")?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let command = line.trim_end().to_owned();
        let named = || command.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-mail.test\r\n250 8BITMIME")?,
            "HELO" | "NOOP" => say("250 fine")?,
            "RSET" => {
                to.clear();
                say("250 fine")?;
            }
            "MAIL" => {
                from = named();
                to.clear();
                say("250 fine")?;
            }
            "RCPT" => {
                *kept.attempts.lock().expect("a lock") += 1;
                let refusal = *kept.refusal.lock().expect("a lock");
                match refusal {
                    Some(answer) => say(answer)?,
                    None => {
                        to.push(named());
                        say("250 fine")?;
                    }
                }
            }
            "DATA" => {
                say("354 go on")?;
                let mut raw = String::new();
                loop {
                    let mut line = String::new();
                    if lines.read_line(&mut line)? == 0 {
                        return Ok(());
                    }
                    if line == ".\r\n" {
                        break;
                    }
                    raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                let letter = Received { from: from.clone(), to: std::mem::take(&mut to), raw };
                kept.letters.lock().expect("a lock").push(letter);
                say("250 taken")?;
            }
            "QUIT" => {
                say("221 bye")?;
                return Ok(());
            }
            _ => say("502 not known here")?,
        }
    }
}
