//! Sends letters, one at a time.
//!
//! The weekly letters are decided on once, by the key of person and week. A service that falls between the mail server's
//! yes and its own note sends that letter once more, under the same message id; none is left out. It must not know what
//! the letters say.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::rounds::{Door, Due, Next, Sender, Sending};
use crate::app::people::passwords::Ways;
use crate::app::to_do::reminders::{self, Links, Outgoing};
use crate::auth::{Keys, Passwords};
use crate::config::{self, Config};
use crate::domain::email::on_a_letter;
use crate::domain::reminders::{REFUSALS, Week, weekly};
use crate::domain::words::{MailFault, MailStatus};
use crate::error::{Error, Result};
use crate::pulses::Pulses;
use crate::storage::queries::Mail;
use crate::storage::{Db, Id, Timestamp};

/// From the connection to the mail server's answer.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a letter is held without word from who holds it, in seconds: longer than sending takes.
const LEASE: i64 = 180;
/// How many letters are looked up at a time.
const BATCH: i64 = 50;
/// How long it is known to whom was written, in seconds.
const KEPT: i64 = 90 * 24 * 3600;

/// Sends until what is given back is dropped. Nobody does when the operator has named no mail server.
pub fn start(db: Db, config: &Config, keys: Keys, pulses: &Arc<Pulses>) -> Result<Option<Sender>> {
    let Some(mail) = config.mail.clone() else { return Ok(None) };
    let public_url = config.public_url.clone();
    let contact = config.contact.as_ref().map(ToString::to_string);
    let make = || {
        // Its pool looks after itself on the runtime that it is made on.
        // What is wrong may quote the address, and so the password.
        let builder = mail.transport().map_err(|_| Error::internal("SMTP_URL cannot be used"))?;
        let transport = builder.timeout(Some(TIMEOUT / 2)).build();
        let passwords = config.passwords.clone();
        let door = Door::new(db);
        Ok(Postman { door, mail, keys, passwords, public_url, contact, transport, decided: Mutex::default() })
    };
    Sender::start(pulses, make).map(Some)
}

struct Postman {
    door: Door,
    mail: config::Mail,
    keys: Keys,
    passwords: Passwords,
    public_url: String,
    /// Whom people turn to.
    contact: Option<String>,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    /// The week whose letters are decided on.
    decided: Mutex<Option<Week>>,
}

/// What became of a letter whose turn had come.
enum Outcome {
    Sent,
    NotNeeded,
    Failed(MailFault),
}

impl Sending for Postman {
    type Errand = Mail;
    const NAME: &'static str = "letters";
    const AT_ONCE: usize = 1;

    /// Decides on the weekly letters when it is time.
    async fn look(&self, _: &HashSet<Id>) -> Result<Due> {
        let decided = || self.decided.lock().unwrap_or_else(|fallen| fallen.into_inner());
        let week = weekly((self.mail.clock)().utc());
        if let Some(week) = week.filter(|week| *decided() != Some(*week)) {
            let people = self.door.write(move |w| reminders::decide_weekly(w, week)).await?;
            tracing::info!(%week, people, "the weekly letters are decided on");
            *decided() = Some(week);
        }
        // Those in hand have a lease.
        let ready = self.door.read(|r| r.due_mails(Timestamp::now(), BATCH)).await?;
        Ok(Due { ready, wait: self.mail.interval })
    }

    async fn take(&self, id: Id, lease: Id) -> Result<Option<Mail>> {
        let now = Timestamp::now();
        self.door.write(move |w| w.lease_mail(id, lease, now, now.plus_seconds(LEASE))).await
    }

    async fn send(&self, mail: Mail, lease: Id) -> Result<Next> {
        let id = mail.id;
        let outcome = match self.attempt(&mail).await {
            // The database's trouble is no letter's fault.
            Err(error) if error.is_passing() => return Err(error),
            Err(error) => {
                tracing::error!(mail = %id, ?error, "a letter cannot be written");
                Outcome::Failed(MailFault::NotComposed)
            }
            Ok(outcome) => outcome,
        };
        let fault = if let Outcome::Failed(fault) = outcome { Some(fault) } else { None };
        let noted = self.noted(mail, &outcome);
        let label = fault.map_or(noted.status.as_str(), MailFault::as_str);
        metrics::counter!("riskregister_mails_total", "kind" => noted.kind.as_str(), "outcome" => label).increment(1);
        if !self.door.write(move |w| w.note_mail(&noted, lease)).await? {
            tracing::warn!(mail = %id, "a letter was taken over while it was being sent");
        }
        // A server that cannot be reached is not asked for each letter: the others keep their turn.
        Ok(match fault {
            Some(MailFault::ConnectionFailed | MailFault::TimedOut) => Next::Wait,
            _ => Next::Go,
        })
    }

    async fn tidy(&self) -> Result<()> {
        let before = Timestamp::now().plus_seconds(-KEPT);
        self.door
            .write(move |w| {
                w.forget_links(Timestamp::now())?;
                w.forget_mails(before)
            })
            .await
    }
}

impl Postman {
    /// The letter as it has become.
    fn noted(&self, mail: Mail, outcome: &Outcome) -> Mail {
        let now = Timestamp::now();
        let done = |status| (status, None, Some(now));
        let attempts = mail.attempts + i32::from(!matches!(outcome, Outcome::NotNeeded));
        let (status, next, finished) = match outcome {
            Outcome::Sent => done(MailStatus::Sent),
            Outcome::NotNeeded => done(MailStatus::NotNeeded),
            Outcome::Failed(fault) => {
                let most = match fault {
                    MailFault::AddressRefused => 1,
                    // Tries that failed otherwise are none of its refusals.
                    MailFault::NotAccepted if mail.fault.is_none_or(|before| before == *fault) => {
                        REFUSALS.min(self.mail.retries.attempts)
                    }
                    _ => self.mail.retries.attempts,
                };
                if attempts >= most {
                    done(MailStatus::GivenUp)
                } else {
                    let pause = self.mail.retries.pause(attempts, rand::random());
                    (MailStatus::Waiting, Some(Timestamp::from(now.utc() + pause)), None)
                }
            }
        };
        let fault = if let Outcome::Failed(fault) = outcome { Some(*fault) } else { None };
        Mail { status, attempts, fault, next_attempt_at: next, finished_at: finished, ..mail }
    }

    async fn attempt(&self, mail: &Mail) -> Result<Outcome> {
        let (keys, public_url, read) = (self.keys.clone(), self.public_url.clone(), mail.clone());
        let (contact, passwords) = (self.contact.clone(), self.passwords.clone());
        let composed = self.door.read(move |r| {
            let stop = |user| keys.unsubscribe(user);
            let choose = |link, seconds| keys.password_link(link, seconds);
            let (issuer, contact) = (keys.has_issuer(), contact.as_deref());
            let ways = Ways { public_url: &public_url, choose: &choose, issuer, passwords: &passwords, contact };
            reminders::compose(r, &read, &Links { ways, stop: &stop })
        });
        let composed = composed.await?;
        let Some(outgoing) = composed else { return Ok(Outcome::NotNeeded) };
        let address = on_a_letter(&outgoing.address).and_then(|address| address.parse::<Address>().ok());
        let Some(address) = address else {
            return Ok(Outcome::Failed(MailFault::AddressRefused));
        };
        let plain = address.to_string().is_ascii();
        let message = self.message(mail, outgoing, address)?;
        let sent = match tokio::time::timeout(TIMEOUT, self.transport.send(message)).await {
            Ok(sent) => sent,
            Err(_) => return Ok(Outcome::Failed(MailFault::TimedOut)),
        };
        Ok(match sent {
            Ok(_) => Outcome::Sent,
            // A server that does not speak SMTPUTF8 is not asked at all.
            Err(error) if error.is_client() && !plain => Outcome::Failed(MailFault::AddressRefused),
            Err(error) => {
                // What the server said may quote the address, which is nobody's to read in a log.
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(mail = %mail.id, ?status, "a letter could not be sent");
                Outcome::Failed(fault_of(&error))
            }
        })
    }

    fn message(&self, mail: &Mail, outgoing: Outgoing, address: Address) -> Result<Message> {
        let Outgoing { name, letter, stop, .. } = outgoing;
        let domain = self.mail.from.email.domain();
        let mut builder = Message::builder()
            .from(self.mail.from.clone())
            .to(Mailbox::new(Some(name), address))
            .subject(letter.subject)
            .date(Timestamp::now().utc().into())
            // The same each time that it is sent, so that a second one is known to be none.
            .message_id(Some(format!("<{}@{domain}>", mail.id)))
            // Nobody's absence answers it (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(stop) = stop {
            // One click, without signing in (RFC 8058).
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{stop}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        builder.multipart(MultiPart::alternative_plain_html(letter.text, letter.html)).map_err(Error::internal)
    }
}

/// A header of letters and signs of ASCII, as long as it is: an address is never broken.
fn header(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

fn fault_of(error: &SmtpError) -> MailFault {
    if error.is_permanent() {
        MailFault::NotAccepted
    } else if error.is_transient() {
        MailFault::Postponed
    } else if error.is_timeout() {
        MailFault::TimedOut
    } else {
        MailFault::ConnectionFailed
    }
}
