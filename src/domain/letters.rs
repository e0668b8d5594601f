//! What a letter says of what somebody owes, and what it leaves out: mail and calendars lie open to others. Of what is
//! marked as secret it says that it is, and which risk; of a suspicion of crime only that there is something to do.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Stockholm;

use super::manner::{Manner, Named};
use super::text::escaped;
use super::words::{Language, Period, TaskKind};

/// How many things a letter lists, at most.
const MOST: usize = 50;

/// Something that somebody owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub kind: TaskKind,
    pub name: String,
    /// The risk that it stands by, when it is not the risk itself.
    pub risk: Option<String>,
    pub risk_number: Option<i32>,
    /// Its risk carries a marking of secrecy.
    pub secret: bool,
    pub organisation: String,
    pub year: Option<i32>,
    pub period: Option<Period>,
    pub deadline: Option<NaiveDate>,
    pub late: bool,
    /// How many things it is about, where that is told.
    pub count: Option<u32>,
    /// What those are called whom it concerns.
    pub manner: Manner,
    /// The name of its row in the list of tasks; none where that would tell too much.
    pub row: Option<String>,
}

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A text without breaks and signs of control, which could end a line where somebody else's begins.
pub fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Entry {
    /// What is to be done, in a line.
    pub fn title(&self, language: Language) -> String {
        let sv = language == Language::Sv;
        let what = match (self.kind, sv) {
            (TaskKind::BoardNotice, true) if self.secret => return "En uppgift att ta hand om".into(),
            (TaskKind::BoardNotice, false) if self.secret => return "A task to see to".into(),
            (TaskKind::CrimeAlert, true) => return "En uppgift att ta hand om genast".into(),
            (TaskKind::CrimeAlert, false) => return "A task to see to at once".into(),
            (TaskKind::Status, true) => "Rapportera status",
            (TaskKind::Status, false) => "Report the status",
            (TaskKind::Assessment, true) => "Bedöm risken",
            (TaskKind::Assessment, false) => "Assess the risk",
            (TaskKind::OverdueAction, true) if self.late => "Försenad åtgärd",
            (TaskKind::OverdueAction, false) if self.late => "Overdue action",
            (TaskKind::OverdueAction, true) => "Åtgärden ska vara klar",
            (TaskKind::OverdueAction, false) => "The action is to be completed",
            (TaskKind::Reassessment, true) => "Bedöm risken på nytt, åtgärderna är klara",
            (TaskKind::Reassessment, false) => "Assess the risk anew, its actions are completed",
            (TaskKind::Recommendation, true) => "Svara på rekommendationen",
            (TaskKind::Recommendation, false) => "Answer the recommendation",
            (TaskKind::RecommendationUnanswered, true) => "Ange vem som svarar för rekommendationen",
            (TaskKind::RecommendationUnanswered, false) => "Say who answers for the recommendation",
            (TaskKind::AuditorsWord, true) => "Ta ställning till svaret på rekommendationen",
            (TaskKind::AuditorsWord, false) => "Consider the answer to the recommendation",
            (TaskKind::ErasureRequest, true) => "Ta ställning till begäran om gallring",
            (TaskKind::ErasureRequest, false) => "Decide on the request of erasure",
            (TaskKind::BoardNotice, _) => return format!("{}: {}", self.notice(language), self.shown(sv)),
            _ => return self.of_office(language),
        };
        format!("{what}: {}", self.shown(sv))
    }

    fn notice(&self, language: Language) -> String {
        let board = self.manner.the(Named::Board, language);
        match language {
            Language::Sv => format!("Underrätta {board} om bristen"),
            Language::En => format!("Tell {board} of the deficiency"),
        }
    }

    /// What an office asks, of a body or the region as a whole: the place says whose it is.
    fn of_office(&self, language: Language) -> String {
        let sv = language == Language::Sv;
        let office = self.manner.the(Named::Office, language);
        let count = self.count.unwrap_or_default();
        match (self.kind, sv) {
            (TaskKind::PlanMissing, true) => "Skapa årets plan: det finns ingen".into(),
            (TaskKind::PlanMissing, false) => "Make the year's plan: there is none".into(),
            (TaskKind::PlanLacks, true) if count == 1 => "Komplettera planen: en sak saknas".into(),
            (TaskKind::PlanLacks, true) => format!("Komplettera planen: {count} saker saknas"),
            (TaskKind::PlanLacks, false) if count == 1 => "Complete the plan: one thing is missing".into(),
            (TaskKind::PlanLacks, false) => format!("Complete the plan: {count} things are missing"),
            (TaskKind::PlanProposal, true) => "Planen är komplett: lämna den för beslut".into(),
            (TaskKind::PlanProposal, false) => "The plan is complete: propose it".into(),
            (TaskKind::PlanDecision, true) => "Registrera beslutet om planen".into(),
            (TaskKind::PlanDecision, false) => "Record the decision on the plan".into(),
            (TaskKind::PlanDelivery, true) => format!("Lämna in planen till {office}"),
            (TaskKind::PlanDelivery, false) => format!("Deliver the plan to {office}"),
            (TaskKind::PeriodClosure, true) if count == 1 => "Perioden är slut och en status saknas".into(),
            (TaskKind::PeriodClosure, true) if count > 1 => format!("Perioden är slut och {count} statusar saknas"),
            (TaskKind::PeriodClosure, true) => "Stäng perioden: allt är rapporterat".into(),
            (TaskKind::PeriodClosure, false) if count == 1 => "The period has ended and one status is missing".into(),
            (TaskKind::PeriodClosure, false) if count > 1 => {
                format!("The period has ended and {count} statuses are missing")
            }
            (TaskKind::PeriodClosure, false) => "Close the period: everything is reported".into(),
            (TaskKind::ReportDraft, true) => "Skapa periodens rapport".into(),
            (TaskKind::ReportDraft, false) => "Make the report of the period".into(),
            (TaskKind::ReportFinal, true) => "Gör rapporten slutlig".into(),
            (TaskKind::ReportFinal, false) => "Make the report final".into(),
            (TaskKind::ReportDecision, true) => "Registrera beslutet om rapporten".into(),
            (TaskKind::ReportDecision, false) => "Record the decision on the report".into(),
            (TaskKind::ReportDelivery, true) => format!("Lämna in rapporten till {office}"),
            (TaskKind::ReportDelivery, false) => format!("Deliver the report to {office}"),
            (TaskKind::OutcomesMissing, true) if count == 1 => "Rapportera utfallet av en indikator".into(),
            (TaskKind::OutcomesMissing, true) => format!("Rapportera utfallen av {count} indikatorer"),
            (TaskKind::OutcomesMissing, false) if count == 1 => "Report the outcome of one indicator".into(),
            (TaskKind::OutcomesMissing, false) => format!("Report the outcomes of {count} indicators"),
            (TaskKind::IssueMandatory, true) => "Besluta om årets obligatoriska risker".into(),
            (TaskKind::IssueMandatory, false) => "Issue the year's mandatory risks".into(),
            (TaskKind::IssueDeadlines, true) => "Sätt årets sista dagar att rapportera".into(),
            (TaskKind::IssueDeadlines, false) => "Set the year's last days to report".into(),
            (TaskKind::IssueTexts, true) => "Besluta om årets text om den rättsliga grunden".into(),
            (TaskKind::IssueTexts, false) => "Issue the year's text on the legal ground".into(),
            (TaskKind::PlansUndelivered, true) => {
                format!("Årets plan är inte inlämnad från {count} av dem som ska ha en")
            }
            (TaskKind::PlansUndelivered, false) => {
                format!("The year's plan is not delivered by {count} of those who are to have one")
            }
            (TaskKind::ReportsUndelivered, true) => {
                format!("Periodens rapport är inte inlämnad från {count} av dem som ska ha en")
            }
            (TaskKind::ReportsUndelivered, false) => {
                format!("The report of the period is not delivered by {count} of those who are to have one")
            }
            _ => String::new(),
        }
    }

    fn shown(&self, sv: bool) -> String {
        shown(&self.name, self.risk.as_deref(), self.risk_number, self.secret, sv)
    }

    /// A suspicion of crime, or what may be one: that there is something to do is all that is told of it here.
    fn is_hidden(&self) -> bool {
        self.kind == TaskKind::CrimeAlert || (self.kind == TaskKind::BoardNotice && self.secret)
    }

    /// Where it belongs; nothing of a suspicion of crime.
    pub fn place(&self, language: Language) -> Option<String> {
        if self.is_hidden() {
            return None;
        }
        let mut parts = vec![plain(&self.organisation)];
        parts.extend(self.year.map(|year| year.to_string()));
        parts.extend(self.period.map(|period| self.manner.label(period, language).into_owned()));
        Some(parts.join(", "))
    }

    fn line(&self, language: Language) -> String {
        let mut line = self.title(language);
        if let Some(place) = self.place(language) {
            line.push_str(&format!(". {place}"));
        }
        // When a crime was discovered is told to nobody here.
        if let Some(day) = self.deadline.filter(|_| !self.is_hidden()) {
            line.push_str(&match language {
                Language::Sv => format!(". Sista dag {day}"),
                Language::En => format!(". Last day {day}"),
            });
        }
        line + "."
    }
}

/// What a thing is called outside the register: of a secret risk, and what stands by it, its number alone.
fn shown(name: &str, risk: Option<&str>, number: Option<i32>, secret: bool, sv: bool) -> String {
    if secret {
        return match (number, sv) {
            (Some(number), true) => format!("Risk {number} (sekretess)"),
            (Some(number), false) => format!("Risk {number} (secret)"),
            (None, true) => "En risk (sekretess)".into(),
            (None, false) => "A risk (secret)".into(),
        };
    }
    let name = plain(name);
    match (risk, number) {
        (Some(risk), Some(number)) => format!("{name} (risk {number}, {})", plain(risk)),
        (Some(risk), None) => format!("{name} ({})", plain(risk)),
        (None, _) => name,
    }
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talked {
    Plan,
    Risk,
    Control,
    Action,
}

/// A note that names somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Who wrote it.
    pub who: String,
    pub about: Talked,
    /// What that is called; nothing of a plan.
    pub name: String,
    /// The risk that it stands by, when it is not the risk itself.
    pub risk: Option<String>,
    pub risk_number: Option<i32>,
    /// What it is about, or something in it, carries a marking of secrecy.
    pub secret: bool,
    pub organisation: String,
    pub year: i32,
    /// None where it has been erased. Not told where anything is secret.
    pub text: Option<String>,
}

impl Mention {
    /// What it is about, in a line.
    fn line(&self, language: Language) -> String {
        let sv = language == Language::Sv;
        let shown = || shown(&self.name, self.risk.as_deref(), self.risk_number, self.secret, sv);
        let what = match (self.about, sv) {
            (Talked::Plan, true) => "Planen".into(),
            (Talked::Plan, false) => "The plan".into(),
            (Talked::Risk, _) if self.secret => shown(),
            (Talked::Risk, true) => format!("Risken {}", shown()),
            (Talked::Risk, false) => format!("The risk {}", shown()),
            (Talked::Control, true) => format!("Kontrollen {}", shown()),
            (Talked::Control, false) => format!("The control {}", shown()),
            (Talked::Action, true) => format!("Åtgärden {}", shown()),
            (Talked::Action, false) => format!("The action {}", shown()),
        };
        format!("{what}. {}, {}.", plain(&self.organisation), self.year)
    }
}

/// A piece of a letter: both of its forms are made of these, so that they say the same.
enum Piece {
    Text(String),
    /// What somebody wrote, line for line.
    Quote(String),
    Heading(&'static str),
    /// Lines, each with where it leads.
    List(Vec<(String, Option<String>)>),
    Link(&'static str, String),
}

fn written(language: Language, subject: String, pieces: &[Piece]) -> Letter {
    let (mut text, mut html) = (String::new(), String::new());
    for piece in pieces {
        match piece {
            Piece::Text(words) => {
                text.push_str(&format!("{words}\n\n"));
                html.push_str(&format!("<p>{}</p>\n", escaped(words)));
            }
            Piece::Quote(words) => {
                let lines: Vec<String> = words.lines().map(plain).collect();
                text.push_str(&format!(
                    "{}\n\n",
                    lines.iter().map(|l| format!("> {l}")).collect::<Vec<_>>().join("\n")
                ));
                let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                html.push_str(&format!("<blockquote><p>{}</p></blockquote>\n", lines.join("<br>\n")));
            }
            Piece::Heading(words) => {
                text.push_str(&format!("{words}\n"));
                html.push_str(&format!("<h2>{}</h2>\n", escaped(words)));
            }
            Piece::List(lines) => {
                html.push_str("<ul>\n");
                for (line, url) in lines {
                    text.push_str(&format!("- {line}\n"));
                    let line = escaped(line);
                    match url {
                        Some(url) => {
                            text.push_str(&format!("  {url}\n"));
                            html.push_str(&format!("<li><a href=\"{}\">{line}</a></li>\n", escaped(url)));
                        }
                        None => html.push_str(&format!("<li>{line}</li>\n")),
                    }
                }
                text.push('\n');
                html.push_str("</ul>\n");
            }
            Piece::Link(words, url) => {
                text.push_str(&format!("{words}:\n{url}\n\n"));
                html.push_str(&format!("<p><a href=\"{}\">{}</a></p>\n", escaped(url), escaped(words)));
            }
        }
    }
    let title = escaped(&subject);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{html}</body>\n</html>\n",
        language.as_str()
    );
    Letter { subject, text: text.trim_end().to_owned() + "\n", html }
}

fn greeting(language: Language, name: &str) -> Piece {
    Piece::Text(match language {
        Language::Sv => format!("Hej {}!", plain(name)),
        Language::En => format!("Hello {},", plain(name)),
    })
}

fn to_tasks(language: Language, url: &str) -> Piece {
    let words = match language {
        Language::Sv => "Gå till dina uppgifter",
        Language::En => "Go to your tasks",
    };
    Piece::Link(words, url.to_owned())
}

/// The entries as lists, what is late first, each leading to its row among the tasks; the rest is counted when there are too
/// many.
fn lists(language: Language, entries: &[Entry], tasks: &str) -> Vec<Piece> {
    let sv = language == Language::Sv;
    let mut pieces = Vec::new();
    let mut left = MOST;
    for late in [true, false] {
        let some: Vec<&Entry> = entries.iter().filter(|entry| entry.late == late).collect();
        if some.is_empty() || left == 0 {
            continue;
        }
        pieces.push(Piece::Heading(match (late, sv) {
            (true, true) => "Försenat",
            (true, false) => "Late",
            (false, true) => "Att göra",
            (false, false) => "To do",
        }));
        let row = |entry: &Entry| entry.row.as_ref().map(|row| format!("{tasks}?row={row}#{row}"));
        pieces.push(Piece::List(some.iter().take(left).map(|entry| (entry.line(language), row(entry))).collect()));
        left = left.saturating_sub(some.len());
    }
    if entries.len() > MOST {
        let more = entries.len() - MOST;
        pieces.push(Piece::Text(if sv { format!("Och {more} till.") } else { format!("And {more} more.") }));
    }
    pieces
}

/// What is mine and due, once a week. `stop` is where the letters are turned off.
pub fn weekly(language: Language, name: &str, entries: &[Entry], tasks: &str, stop: &str) -> Letter {
    let count = entries.len();
    let late = entries.iter().filter(|entry| entry.late).count();
    let subject = match (language, count, late) {
        (Language::Sv, 1, 0) => "Riskregistret: en uppgift väntar".into(),
        (Language::Sv, 1, _) => "Riskregistret: en försenad uppgift".into(),
        (Language::Sv, _, 0) => format!("Riskregistret: {count} uppgifter väntar"),
        (Language::Sv, _, 1) => format!("Riskregistret: {count} uppgifter väntar, varav en försenad"),
        (Language::Sv, ..) => format!("Riskregistret: {count} uppgifter väntar, varav {late} försenade"),
        (Language::En, 1, 0) => "Risk register: one task waits".into(),
        (Language::En, 1, _) => "Risk register: one late task".into(),
        (Language::En, _, 0) => format!("Risk register: {count} tasks wait"),
        (Language::En, ..) => format!("Risk register: {count} tasks wait, {late} of them late"),
    };
    let (intro, why, off) = match language {
        Language::Sv => (
            "Det här väntar på dig i riskregistret.",
            "Brevet kommer på måndagar, när något väntar på dig.",
            "Stäng av veckobrevet",
        ),
        Language::En => (
            "This waits for you in the risk register.",
            "This letter comes on Mondays, when something waits for you.",
            "Turn the weekly letter off",
        ),
    };
    let mut pieces = vec![greeting(language, name), Piece::Text(intro.into())];
    pieces.extend(lists(language, entries, tasks));
    pieces.extend([to_tasks(language, tasks), Piece::Text(why.into()), Piece::Link(off, stop.to_owned())]);
    written(language, subject, &pieces)
}

/// A controller's reminder of what is missing in a period.
pub fn period(
    language: Language,
    name: &str,
    entries: &[Entry],
    period: Period,
    note: Option<&str>,
    tasks: &str,
) -> Letter {
    let label =
        entries.first().map_or_else(|| period.label(language).into(), |entry| entry.manner.label(period, language));
    let place = entries.first().map(|entry| plain(&entry.organisation)).unwrap_or_default();
    let year = entries.first().and_then(|entry| entry.year).map(|year| format!(" {year}")).unwrap_or_default();
    let (subject, intro) = match language {
        Language::Sv => (
            format!("Påminnelse: rapportera {label}{year}"),
            format!("Det här saknas från dig i uppföljningen av {label}{year}, {place}."),
        ),
        Language::En => (
            format!("Reminder: report {label}{year}"),
            format!("This is missing from you in the follow-up of {label}{year}, {place}."),
        ),
    };
    let mut pieces = vec![greeting(language, name), Piece::Text(intro)];
    pieces.extend(note.map(|note| Piece::Quote(note.to_owned())));
    pieces.extend(lists(language, entries, tasks));
    pieces.push(to_tasks(language, tasks));
    written(language, subject, &pieces)
}

/// That something is to be seen to at once, and nothing of what it is.
pub fn urgent(language: Language, name: &str, tasks: &str) -> Letter {
    let (subject, what) = match language {
        Language::Sv => (
            "Riskregistret: en uppgift att ta hand om genast",
            "Det finns en uppgift i riskregistret som du ska ta hand om genast. Vad den gäller ser du när du har loggat in.",
        ),
        Language::En => (
            "Risk register: a task to see to at once",
            "There is a task in the risk register that you are to see to at once. Sign in to see what it is about.",
        ),
    };
    let pieces = [greeting(language, name), Piece::Text(what.into()), to_tasks(language, tasks)];
    written(language, subject.into(), &pieces)
}

/// That somebody has written a note which names the receiver, with what it says unless anything about it is secret. `url` is
/// where it stands.
pub fn mention(language: Language, name: &str, mention: &Mention, url: &str) -> Letter {
    let who = plain(&mention.who);
    let (subject, what, hidden, read) = match language {
        Language::Sv => (
            format!("Riskregistret: {who} har skrivit till dig"),
            format!("{who} har skrivit en anteckning som nämner dig."),
            "Det den gäller är sekretessmarkerat, så texten står inte här.",
            "Läs och svara",
        ),
        Language::En => (
            format!("Risk register: {who} has written to you"),
            format!("{who} has written a note that names you."),
            "What it is about is marked as secret, so the text is not told here.",
            "Read and answer",
        ),
    };
    let mut pieces = vec![greeting(language, name), Piece::Text(what), Piece::Text(mention.line(language))];
    pieces.extend(match &mention.text {
        _ if mention.secret => Some(Piece::Text(hidden.into())),
        Some(text) => Some(Piece::Quote(text.clone())),
        None => None,
    });
    pieces.push(Piece::Link(read, url.to_owned()));
    written(language, subject, &pieces)
}

/// How somebody gets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entrance {
    /// By a link that works once, until then, to choose a password.
    Link { url: String, until: DateTime<Utc> },
    /// By the organisation's own sign-in, from the page for signing in.
    Issuer { url: String },
}

/// A moment by the clock in Stockholm.
fn moment(language: Language, time: DateTime<Utc>) -> String {
    let form = if language == Language::Sv { "%Y-%m-%d kl.\u{a0}%H.%M" } else { "%Y-%m-%d %H:%M" };
    time.with_timezone(&Stockholm).format(form).to_string()
}

/// Whom to turn to, who the register says that they are.
fn whom(language: Language, contact: Option<&str>) -> Piece {
    Piece::Text(match (language, contact) {
        (Language::Sv, Some(contact)) => format!("Undrar du något, vänd dig till {contact}."),
        (Language::Sv, None) => {
            "Undrar du något, vänd dig till din samordnare för intern kontroll eller registrets administratör.".into()
        }
        (Language::En, Some(contact)) => format!("Questions are answered by {contact}."),
        (Language::En, None) => {
            "Questions are answered by your internal-control coordinator, or the register's administrator.".into()
        }
    })
}

/// The way in, and how long it is open.
fn way_in(language: Language, entrance: &Entrance) -> Vec<Piece> {
    match (entrance, language) {
        (Entrance::Link { url, until }, Language::Sv) => vec![
            Piece::Link("Välj ett lösenord", url.clone()),
            Piece::Text(format!("Länken går att använda en gång, till och med {}.", moment(language, *until))),
        ],
        (Entrance::Link { url, until }, Language::En) => vec![
            Piece::Link("Choose a password", url.clone()),
            Piece::Text(format!("The link can be used once, until {}.", moment(language, *until))),
        ],
        (Entrance::Issuer { url }, Language::Sv) => vec![
            Piece::Text("Du loggar in med organisationens inloggning.".into()),
            Piece::Link("Logga in", url.clone()),
        ],
        (Entrance::Issuer { url }, Language::En) => {
            vec![Piece::Text("You sign in as your organisation signs in.".into()), Piece::Link("Sign in", url.clone())]
        }
    }
}

/// To somebody who has forgotten their password. Nobody but the receiver can know whether they asked.
pub fn forgotten(language: Language, name: &str, register: &str, entrance: &Entrance, contact: Option<&str>) -> Letter {
    let register = plain(register);
    let (subject, what, not_me) = match language {
        Language::Sv => (
            "Riskregistret: välj ett nytt lösenord",
            format!("Någon, förmodligen du, har bett om ett nytt lösenord till ditt konto i Riskregister, {register}."),
            "Var det inte du som bad om det behöver du inte göra något. Ditt lösenord är detsamma tills ett nytt har valts.",
        ),
        Language::En => (
            "Risk register: choose a new password",
            format!(
                "Somebody, you most likely, has asked for a new password to your account in Riskregister, {register}."
            ),
            "If it was not you, you need not do anything. Your password is the same until a new one is chosen.",
        ),
    };
    let mut pieces = vec![greeting(language, name), Piece::Text(what)];
    pieces.extend(way_in(language, entrance));
    pieces.extend([Piece::Text(not_me.into()), whom(language, contact)]);
    written(language, subject.into(), &pieces)
}

/// To somebody new: who invited them, to what, and how they get in.
pub fn invitation(
    language: Language,
    name: &str,
    by: &str,
    register: &str,
    roles: &[String],
    entrance: &Entrance,
    contact: Option<&str>,
) -> Letter {
    let (by, register) = (plain(by), plain(register));
    let (subject, what, yours, later) = match language {
        Language::Sv => (
            format!("Du är inbjuden till Riskregister, {register}"),
            format!(
                "{by} har bjudit in dig till Riskregister. Där håller {register} ordning på riskerna i den interna kontrollen: \
                 vilka de är, hur de kontrolleras och åtgärdas, och hur det går under året."
            ),
            "Dina roller",
            "Har länken slutat gälla? Välj ”Glömt lösenordet?” på sidan där man loggar in, så kommer en ny.",
        ),
        Language::En => (
            format!("You are invited to Riskregister, {register}"),
            format!(
                "{by} has invited you to Riskregister. There {register} keeps the risks of its internal control: which they \
                 are, how they are controlled and acted on, and how that goes during the year."
            ),
            "Your roles",
            "Has the link ceased to hold? Choose “Forgotten your password?” on the page for signing in, and another one comes.",
        ),
    };
    let mut pieces = vec![greeting(language, name), Piece::Text(what)];
    if !roles.is_empty() {
        pieces.extend([Piece::Heading(yours), Piece::List(roles.iter().map(|role| (role.clone(), None)).collect())]);
    }
    pieces.extend(way_in(language, entrance));
    if let Entrance::Link { .. } = entrance {
        pieces.push(Piece::Text(later.into()));
    }
    pieces.push(whom(language, contact));
    written(language, subject, &pieces)
}

/// That the password has become another, to whom it may come as a surprise.
pub fn password_changed(language: Language, name: &str, at: DateTime<Utc>, contact: Option<&str>) -> Letter {
    let time = moment(language, at);
    let (subject, what) = match language {
        Language::Sv => (
            "Riskregistret: ditt lösenord är bytt",
            format!(
                "Lösenordet till ditt konto byttes {time}, och du loggades ut överallt. Var det inte väntat, säg till genast."
            ),
        ),
        Language::En => (
            "Risk register: your password is changed",
            format!(
                "The password of your account was changed {time}, and you were signed out everywhere. If you did not expect it, say so at once."
            ),
        ),
    };
    written(language, subject.into(), &[greeting(language, name), Piece::Text(what), whom(language, contact)])
}

/// That somebody has signed in by the account for emergencies. `account` is whose it is.
pub fn emergency(language: Language, name: &str, account: &str, at: DateTime<Utc>, contact: Option<&str>) -> Letter {
    let (time, account) = (moment(language, at), plain(account));
    let (subject, what) = match language {
        Language::Sv => (
            "Riskregistret: nödkontot användes",
            format!(
                "Någon loggade in med nödkontot ({account}) {time}. Kontot är till för dagar då den vanliga inloggningen inte fungerar. Var det inte väntat, säg till genast: kontots inloggningar avslutas på personens sida, och ett nytt lösenord görs där."
            ),
        ),
        Language::En => (
            "Risk register: the account for emergencies was used",
            format!(
                "Somebody signed in by the account for emergencies ({account}) {time}. It is for days when the usual sign-in does not work. If you did not expect it, say so at once: its sessions are ended on the person's page, and a new password is made there."
            ),
        ),
    };
    written(language, subject.into(), &[greeting(language, name), Piece::Text(what), whom(language, contact)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::OrganisationKind;

    fn entry(kind: TaskKind) -> Entry {
        Entry {
            kind,
            name: "Löpande stickprov".into(),
            risk: Some("Brist på scener".into()),
            risk_number: Some(12),
            secret: false,
            organisation: "Kulturnämnden".into(),
            year: Some(2024),
            period: Some(Period::T1),
            deadline: NaiveDate::from_ymd_opt(2024, 5, 17),
            late: false,
            count: None,
            manner: Manner::default(),
            row: None,
        }
    }

    fn weekly_of(entries: &[Entry], language: Language) -> Letter {
        weekly(
            language,
            "Åsa <b>Ek</b>",
            entries,
            "https://r.example.org/tasks",
            "https://r.example.org/unsubscribe/x?a&b",
        )
    }

    #[test]
    fn it_says_what_where_and_until_when() {
        let letter = weekly_of(&[entry(TaskKind::Status)], Language::Sv);
        let line = "Rapportera status: Löpande stickprov (risk 12, Brist på scener). Kulturnämnden, 2024, T1. Sista dag \
                    2024-05-17.";
        assert!(letter.text.contains(&format!("Att göra\n- {line}\n")), "{}", letter.text);
        assert!(letter.html.contains(&format!("<li>{line}</li>")), "{}", letter.html);
        assert_eq!(letter.subject, "Riskregistret: en uppgift väntar");
        let late = Entry { late: true, ..entry(TaskKind::OverdueAction) };
        let letter = weekly_of(&[late, entry(TaskKind::Status)], Language::En);
        assert_eq!(letter.subject, "Risk register: 2 tasks wait, 1 of them late");
        assert!(letter.text.find("Late\n- Overdue action") < letter.text.find("To do\n- Report the status"));
    }

    #[test]
    fn the_html_is_a_page_in_its_language_and_nobodys_code() {
        let letter = weekly_of(&[entry(TaskKind::Status)], Language::Sv);
        assert!(letter.html.starts_with("<!DOCTYPE html>\n<html lang=\"sv\">"));
        assert!(letter.html.contains("<title>Riskregistret: en uppgift väntar</title>"));
        assert!(letter.html.contains("Hej Åsa &lt;b&gt;Ek&lt;/b&gt;!") && !letter.html.contains("<b>"));
        assert!(letter.html.contains("href=\"https://r.example.org/unsubscribe/x?a&amp;b\""));
    }

    #[test]
    fn what_is_secret_is_a_number() {
        for kind in TaskKind::ALL.iter().copied() {
            for language in [Language::Sv, Language::En] {
                let secret = Entry { secret: true, ..entry(kind) };
                let letter = weekly_of(&[secret], language);
                for told in [&letter.text, &letter.html, &letter.subject] {
                    assert!(!told.contains("stickprov") && !told.contains("scener"), "{told}");
                }
            }
        }
        let secret = Entry { secret: true, ..entry(TaskKind::Status) };
        assert_eq!(secret.title(Language::Sv), "Rapportera status: Risk 12 (sekretess)");
        let unnumbered = Entry { risk_number: None, ..secret };
        assert_eq!(unnumbered.title(Language::En), "Report the status: A risk (secret)");
    }

    #[test]
    fn of_a_crime_there_is_only_a_task() {
        for language in [Language::Sv, Language::En] {
            let letter = weekly_of(&[Entry { late: true, ..entry(TaskKind::CrimeAlert) }], language);
            let notice = weekly_of(&[Entry { secret: true, late: true, ..entry(TaskKind::BoardNotice) }], language);
            let at_once = urgent(language, "Hedda", "https://r.example.org/tasks");
            let notice = [notice.text, notice.html, notice.subject];
            let told = [letter.text, letter.html, letter.subject, at_once.text, at_once.html, at_once.subject];
            for told in told.into_iter().chain(notice) {
                for word in ["stickprov", "scener", "Kulturnämnden", "2024", "brott", "brist", "crime", "deficiency"] {
                    assert!(!told.contains(word), "{word} in {told}");
                }
            }
        }
    }

    #[test]
    fn what_was_written_stays_a_quotation() {
        let note = "Hej!\r\nBcc: x@example.org\n<script>";
        let letter = period(Language::Sv, "Per", &[entry(TaskKind::Status)], Period::T1, Some(note), "https://r/tasks");
        assert_eq!(letter.subject, "Påminnelse: rapportera T1 2024");
        assert!(letter.text.contains("> Hej!\n> Bcc: x@example.org\n> <script>\n"), "{}", letter.text);
        assert!(letter.html.contains("&lt;script&gt;") && !letter.html.contains("<script>"));
    }

    #[test]
    fn a_note_is_quoted_unless_it_is_of_something_secret() {
        let told = Mention {
            who: "Åsa\nEk".into(),
            about: Talked::Control,
            name: "Löpande stickprov".into(),
            risk: Some("Brist på scener".into()),
            risk_number: Some(12),
            secret: false,
            organisation: "Kulturnämnden".into(),
            year: 2024,
            text: Some("@Per, hinner vi?\n<b>".into()),
        };
        let url = "https://r.example.org/controls/1#notes";
        let letter = mention(Language::Sv, "Per", &told, url);
        assert_eq!(letter.subject, "Riskregistret: Åsa Ek har skrivit till dig");
        let text = "Hej Per!\n\nÅsa Ek har skrivit en anteckning som nämner dig.\n\nKontrollen Löpande stickprov (risk 12, Brist på \
                    scener). Kulturnämnden, 2024.\n\n> @Per, hinner vi?\n> <b>\n\nLäs och svara:\n\
                    https://r.example.org/controls/1#notes\n";
        assert_eq!(letter.text, text);
        assert!(letter.html.contains("&lt;b&gt;") && !letter.html.contains("<b>"), "{}", letter.html);
        for about in [Talked::Plan, Talked::Risk, Talked::Control, Talked::Action] {
            for language in [Language::Sv, Language::En] {
                let letter = mention(language, "Per", &Mention { about, secret: true, ..told.clone() }, url);
                for said in [&letter.text, &letter.html, &letter.subject] {
                    for word in ["hinner", "stickprov", "scener"] {
                        assert!(!said.contains(word), "{word} in {said}");
                    }
                }
            }
        }
        let erased = mention(Language::En, "Per", &Mention { text: None, ..told }, url);
        assert!(!erased.text.contains('>') && erased.text.contains("The control Löpande stickprov"), "{}", erased.text);
    }

    #[test]
    fn a_company_and_a_municipality_are_called_what_they_are() {
        let manner = Manner::of(OrganisationKind::Municipality).with(OrganisationKind::Company);
        let told = |kind| Entry { manner: manner.clone(), ..entry(kind) }.title(Language::Sv);
        assert!(told(TaskKind::BoardNotice).starts_with("Underrätta styrelsen om bristen: "));
        assert_eq!(told(TaskKind::PlanDelivery), "Lämna in planen till kommunledningskontoret");
        for kind in TaskKind::ALL {
            let one = Entry { manner: manner.clone(), organisation: "Hamnen AB".into(), ..entry(*kind) };
            for language in [Language::Sv, Language::En] {
                let all = [one.clone()];
                let period = period(language, "Per", &all, Period::T1, None, "https://r/tasks");
                for letter in [weekly_of(&all, language), period, urgent(language, "Per", "https://r/tasks")] {
                    let told = format!("{}{}{}", letter.subject, letter.text, letter.html).to_lowercase();
                    assert!(!told.contains("region") && !told.contains("nämnd"), "{told}");
                }
            }
        }
    }

    #[test]
    fn letters_about_passwords_say_who_what_and_until_when() {
        let until = "2026-11-29T14:30:00Z".parse().expect("a time");
        let link = Entrance::Link { url: "https://r/password-reset/x".into(), until };
        let letter = forgotten(Language::Sv, "Åsa", "Region <Ett>", &link, Some("stod@example.org"));
        assert!(letter.text.contains("till och med 2026-11-29 kl.\u{a0}15.30"), "{}", letter.text);
        assert!(letter.text.contains("vänd dig till stod@example.org."), "{}", letter.text);
        assert!(letter.html.contains("href=\"https://r/password-reset/x\"") && !letter.html.contains("<Ett>"));
        let roles = ["Riskägare, Kulturnämnden".to_owned()];
        let letter = invitation(Language::Sv, "Åsa", "Carl\r\nBcc: x", "Region Ett", &roles, &link, None);
        assert!(
            letter.text.contains("Carl Bcc: x har bjudit in dig")
                && letter.text.contains("- Riskägare, Kulturnämnden\n")
        );
        assert!(letter.text.contains("Glömt lösenordet?"), "{}", letter.text);
        let issuer = Entrance::Issuer { url: "https://r/sign-in".into() };
        let letter = invitation(Language::En, "Åsa", "Carl", "Region Ett", &[], &issuer, None);
        assert!(letter.text.contains("Sign in:\nhttps://r/sign-in"), "{}", letter.text);
        assert!(!letter.text.contains("Your roles") && !letter.text.contains("password"), "{}", letter.text);
        let letter = password_changed(Language::Sv, "Åsa", until, None);
        assert!(letter.text.contains("byttes 2026-11-29 kl.\u{a0}15.30"), "{}", letter.text);
    }

    #[test]
    fn a_long_list_ends() {
        let many: Vec<Entry> = (0..120).map(|i| Entry { late: i < 40, ..entry(TaskKind::Status) }).collect();
        let letter = weekly_of(&many, Language::Sv);
        assert_eq!(letter.text.matches("- Rapportera").count(), MOST);
        assert!(letter.text.contains("Och 70 till."));
    }

    #[test]
    fn names_stay_on_their_line() {
        assert_eq!(plain(" Risk\r\nSubject: x\u{0}\ty "), "Risk Subject: x y");
    }
}
