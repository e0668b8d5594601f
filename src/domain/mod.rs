//! What is true of a plan for internal control, whoever asks and wherever it is kept.
//!
//! Pure: nothing here knows the clock, the database, the network or the pages. Today's date, the
//! signed-in user and every loaded fact come in as arguments, so each rule can be read, and
//! tested, in one place.
//!
//! In reading order; a file uses only those before it:
//!
//! * [`words`]: the closed lists of words that stand in the API and in the database.
//! * [`text`]: what a line and a paragraph may hold, and the order of names.
//! * [`email`]: what an e-mail address may be, and how it is kept and found.
//! * [`values`]: what stands in columns of JSON: a marking of secrecy, counts, references, effects.
//! * [`own_words`]: what a body calls its own things.
//! * [`manner`]: what things are called in a region and a municipality, for a board and a company.
//! * [`events`]: the kinds of events, each with a sentence.
//! * [`scoring`]: the matrix as data: score and level for each likelihood and consequence.
//! * [`life`]: draft, proposed, adopted, closed, and what each of them refuses.
//! * [`inclusion`]: is the risk in the plan, and why.
//! * [`numbering`]: the risk's place among the included.
//! * [`checks`]: what a plan still lacks before it can be proposed or adopted.
//! * [`due`]: which controls and actions a follow-up asks about.
//! * [`follow_up`]: which statuses may be reported, when a period closes, and the life of its report.
//! * [`coso`]: the five components and their principles, and when they are all judged.
//! * [`figures`]: outcomes and financial effects, in exact decimals.
//! * [`targets`]: what an indicator aims at, and how an outcome stands to it.
//! * [`addresses`]: which addresses of the internet belong to everyone.
//! * [`webhooks`]: where they may lead, what they are told of, how they are tried again.
//! * [`reminders`]: when people are reminded, and how often a letter is tried.
//! * [`letters`]: what a letter says, and what it leaves out.
//! * [`mentions`]: who is named in a note.
//! * [`roles`]: who may see and do what. The only place that decides.

pub mod words;
pub(crate) mod text;
pub(crate) mod email;
pub mod values;
pub mod own_words;
pub mod manner;
pub mod events;
pub mod scoring;
pub(crate) mod life;
pub(crate) mod inclusion;
pub(crate) mod numbering;
pub(crate) mod checks;
pub mod device;
pub mod due;
pub mod follow_up;
pub(crate) mod coso;
pub(crate) mod figures;
pub(crate) mod targets;
pub(crate) mod addresses;
pub mod webhooks;
pub mod reminders;
pub(crate) mod letters;
pub(crate) mod mentions;
pub(crate) mod roles;

pub use words::*;
