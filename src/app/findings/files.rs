//! Files as evidence of controls, actions, what was reported of them in a period, and deficiencies.
//!
//! Whoever sees the thing sees its files; whoever reports on it, or changes it where it is a deficiency, leaves them there and
//! removes them. A file stands beside its thing: it counts in no version, and is taken whatever the plan's life has come to, but
//! that nothing is removed from a closed plan. The reports of its period name it with its SHA-256, their public versions where it
//! was chosen for that. Its bytes lie in a store by that hash, which the history names too, and stay there until they are erased:
//! what was removed can come back, and can be shown.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deficiencies;
use crate::app::caller::Caller;
use crate::app::contents::measures::{self, Part};
use crate::app::places::place;
use crate::app::plan;
use crate::app::sent::{Content, Envelope, Sent};
use crate::domain::roles::{Target, Verb};
use crate::domain::text;
use crate::domain::words::{Period, PlanStatus};
use crate::error::{Error, Result, Violation};
use crate::files::clamd::{Clamd, Word};
use crate::files::kind::{self, Kind};
use crate::files::store::{Naming, Store};
use crate::storage::history::sha256_hex;
use crate::storage::queries::{Any, Listing, Page};
use crate::storage::records::{Action, Control, Deficiency, ERASED, EvidenceFile, EvidenceOf, Organisation, Plan};
use crate::storage::{Id, Place, Reading, Timestamp, Writing};

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// What a file is evidence of, and where it stands.
struct Thing {
    plan: Option<Plan>,
    organisation: Organisation,
    target: Target,
    /// It has left the plan.
    gone: bool,
}

impl Thing {
    fn read(r: &mut Reading, caller: &Caller, of: EvidenceOf) -> Result<Self> {
        match of {
            EvidenceOf::Control(id) => Self::of_part::<Control>(r, caller, id),
            EvidenceOf::Action(id) => Self::of_part::<Action>(r, caller, id),
            EvidenceOf::Deficiency(id) => {
                let found: Deficiency = r.get(id)?;
                let organisation: Organisation = r.linked(found.organisation_id)?;
                let target = deficiencies::target(&found, &organisation);
                Ok(Self { plan: None, organisation, target, gone: false })
            }
        }
    }

    fn of_part<P: Part>(r: &mut Reading, caller: &Caller, id: Id) -> Result<Self> {
        let (part, _, plan, target) = measures::find::<P>(r, caller, id)?;
        let (plan, organisation) = plan::load(r, plan.id)?;
        Ok(Self { plan: Some(plan), organisation, target, gone: part.removed_in().is_some() })
    }

    /// One that the caller may see, and that is there.
    fn seen(r: &mut Reading, caller: &Caller, of: EvidenceOf) -> Result<Self> {
        let thing = Self::read(r, caller, of)?;
        caller.may(thing.seeing(), &thing.target)?;
        if thing.gone { Err(Error::NotFound) } else { Ok(thing) }
    }

    fn seeing(&self) -> Verb {
        if self.plan.is_some() { Verb::SeeRisk } else { Verb::SeeDeficiency }
    }

    fn writing(&self) -> Verb {
        if self.plan.is_some() { Verb::Report } else { Verb::ChangeDeficiency }
    }

    /// Nothing that was left is changed or removed in a closed plan.
    fn is_kept(&self) -> Result<()> {
        if self.plan.as_ref().is_some_and(|plan| plan.status == PlanStatus::Closed) {
            return Err(Error::conflict(
                "planClosed",
                "Planen är avslutad, så dess underlag står som det är.",
                "The plan is closed, so what was left as its evidence stays as it is.",
            ));
        }
        Ok(())
    }

    /// What was reported in a period is seen by those who follow it.
    fn shows(&self, caller: &Caller, file: &EvidenceFile) -> bool {
        file.period.is_none() || caller.sees(Verb::SeeFollowUp, &self.target)
    }

    /// The gate, and the thing as it is then, held.
    fn opened(w: &mut Writing, caller: &Caller, of: EvidenceOf, sent: &Envelope) -> Result<(Self, Place)> {
        let thing = Self::gate(w, caller, of, sent)?;
        // Held, so that it is not deleted meanwhile; the plan itself does not change.
        match (&thing.plan, of) {
            (Some(plan), _) => drop(w.hold::<Plan>(plan.id)?),
            (None, EvidenceOf::Deficiency(id)) => drop(w.hold::<Deficiency>(id)?),
            (None, _) => {}
        }
        let thing = Self::seen(w, caller, of)?;
        let at = place(w, &thing.organisation)?;
        Ok((thing, at))
    }

    fn gate(r: &mut Reading, caller: &Caller, of: EvidenceOf, sent: &Envelope) -> Result<Self> {
        let thing = Self::seen(r, caller, of)?;
        caller.authorize(thing.writing(), &thing.target, sent)?;
        Ok(thing)
    }
}

/// The files of a thing, the newest first; of some periods alone where they are named.
pub fn list(
    r: &mut Reading,
    caller: &Caller,
    of: EvidenceOf,
    period: &Any<Period>,
    listing: &Listing,
) -> Result<Page<EvidenceFile>> {
    let thing = Thing::seen(r, caller, of)?;
    let mut all = r.files_of(of)?;
    all.retain(|file| thing.shows(caller, file) && period.takes_maybe(file.period));
    Ok(listing.cut(all))
}

/// Whether the caller may leave files there, and change or remove some.
pub fn may(r: &mut Reading, caller: &Caller, of: EvidenceOf) -> Result<(bool, bool)> {
    let thing = Thing::read(r, caller, of)?;
    let writes = !thing.gone && caller.sees(thing.writing(), &thing.target);
    Ok((writes, writes && thing.is_kept().is_ok()))
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<EvidenceFile> {
    let file: EvidenceFile = r.get(id)?;
    if file.removed_at.is_some() {
        return Err(Error::NotFound);
    }
    let thing = Thing::seen(r, caller, file.of().ok_or(Error::NotFound)?)?;
    if thing.shows(caller, &file) { Ok(file) } else { Err(Error::NotFound) }
}

/// A file whose bytes are to be fetched: gone, where they have been erased.
pub fn to_fetch(r: &mut Reading, caller: &Caller, id: Id) -> Result<EvidenceFile> {
    let file = get(r, caller, id)?;
    match r.stored_file(&file.sha256)? {
        Some(stored) if stored.erased_at.is_none() && file.name != ERASED => Ok(file),
        _ => Err(Error::gone("Filens innehåll är gallrat.", "What the file held has been erased.")),
    }
}

/// What is said of a file beside its name.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The period whose status it belongs to.
    pub period: Option<Period>,
    /// The public versions of documents name it.
    pub public: bool,
}

/// A file that has come, and may be left where it is to stand.
pub struct Arrived {
    of: EvidenceOf,
    about: About,
    name: String,
    kind: &'static Kind,
    bytes: Bytes,
}

/// Judges a file that was sent as it is: every fault of its name and its content at once.
pub fn receive(
    r: &mut Reading,
    caller: &Caller,
    of: EvidenceOf,
    about: About,
    name: &str,
    sent: &Envelope,
) -> Result<Arrived> {
    let thing = Thing::gate(r, caller, of, sent)?;
    let bytes = match &sent.content {
        Content::Bytes(bytes) => bytes.clone(),
        _ => Bytes::new(),
    };
    let name = name.trim();
    if name.is_empty() && bytes.is_empty() {
        return Err(Error::invalid(Violation::new("", "required", "Välj en fil.", "Choose a file.")));
    }
    let mut faults: Vec<Violation> = name_faults(name);
    let kind = if bytes.is_empty() {
        faults.push(Violation::new("", "empty", "Filen är tom.", "The file is empty."));
        None
    } else {
        Kind::of(&bytes)
    };
    match kind {
        None if bytes.is_empty() => {}
        None => {
            let taken = kind::endings();
            faults.push(Violation::new(
                "",
                "typeNotTaken",
                format!("Innehållet är inte av någon typ som tas emot: {taken}. Text ska vara UTF-8, och inget får ha makron."),
                format!("The content is of no type that is taken: {taken}. Text must be UTF-8, and nothing may hold macros."),
            ));
        }
        Some(kind) if !kind.fits(name) => {
            let endings = kind.endings.join(", ");
            faults.push(Violation::new(
                "?name",
                "otherType",
                format!("Innehållet är {}, så namnet ska sluta på {endings}.", kind.media_type),
                format!("The content is {}, so the name must end in {endings}.", kind.media_type),
            ));
        }
        Some(_) => {}
    }
    let Some(kind) = kind.filter(|_| faults.is_empty()) else { return Err(Error::Invalid(faults)) };
    if let (Some(_), Some(plan)) = (about.period, &thing.plan)
        && plan.adopted_revision.is_none()
    {
        return Err(Error::conflict(
            "notFollowedUp",
            "Planen har aldrig fastställts, så det finns ingen uppföljning som filen kan höra till.",
            "The plan was never adopted, so there is no follow-up that the file could belong to.",
        ));
    }
    Ok(Arrived { of, about, name: name.to_owned(), kind, bytes })
}

/// What is wrong with what a file is called.
fn name_faults(name: &str) -> Vec<Violation> {
    let mut faults = Vec::new();
    let mut fault = |code, sv: String, en: String| faults.push(Violation::new("?name", code, sv, en));
    if name.is_empty() || !text::is_name(name) {
        fault("required", "Filen måste heta något.".into(), "The file must be called something.".into());
    }
    if name.chars().count() > LONGEST_NAME {
        fault(
            "tooLong",
            format!("Namnet får ha högst {LONGEST_NAME} tecken."),
            format!("The name may have {LONGEST_NAME} characters at most."),
        );
    }
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        fault("wrongFormat", "Namnet får inte vara en sökväg.".into(), "The name must not be a path.".into());
    }
    // What turns the direction of writing makes `fdp.exe` of `exe.pdf` to the eye.
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if name.chars().any(|c| c.is_control() || turns(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        fault(
            "controlCharacter",
            "Namnet innehåller ett tecken som styr hur annan text visas.".into(),
            "The name holds a character that steers how other text is shown.".into(),
        );
    }
    faults
}

/// A file that lies in the store, and is to be named.
pub struct Kept {
    arrived: Arrived,
    sha256: String,
    /// Until it is named, or given up.
    _naming: Naming,
}

impl Arrived {
    /// Has the file looked through for viruses where somebody does that, and puts its bytes into the store.
    pub fn kept(self, store: &Store, clamd: Option<&Clamd>) -> Result<Kept> {
        if let Some(clamd) = clamd {
            self.looked_through(clamd)?;
        }
        let sha256 = sha256_hex(&self.bytes);
        let naming = store.name()?;
        store.put(&sha256, self.bytes.clone())?;
        Ok(Kept { arrived: self, sha256, _naming: naming })
    }

    fn looked_through(&self, clamd: &Clamd) -> Result<()> {
        match clamd.ask(&self.bytes) {
            Ok(Word::Clean) => Ok(()),
            Ok(Word::Found(what)) => {
                tracing::warn!(%what, "a file was refused by the word of ClamAV");
                Err(Error::invalid(Violation::new(
                    "",
                    "infected",
                    format!("Virusskyddet säger att filen är skadlig ({what}). Den har inte sparats."),
                    format!("The virus protection says that the file is harmful ({what}). It was not kept."),
                )))
            }
            Err(cause) => Err(Error::away(
                format!("ClamAV: {cause}"),
                "Virusskyddet svarar inte, så filen har inte tagits emot. Försök igen om en stund.",
                "The virus protection does not answer, so the file was not taken. Try again in a moment.",
            )),
        }
    }
}

/// Leaves a file whose bytes lie in the store.
pub fn add(w: &mut Writing, caller: &Caller, sent: &Envelope, kept: &Kept) -> Result<EvidenceFile> {
    let Kept { arrived: Arrived { of, about, name, kind, bytes }, sha256, .. } = kept;
    let (thing, at) = Thing::opened(w, caller, *of, sent)?;
    let size = i64::try_from(bytes.len()).map_err(Error::internal)?;
    w.keep_stored_file(sha256, size)?;
    let named = |is: bool, id: Id| is.then_some(id);
    let (EvidenceOf::Control(id) | EvidenceOf::Action(id) | EvidenceOf::Deficiency(id)) = *of;
    let now = Timestamp::now();
    let made = EvidenceFile {
        id: Id::new(),
        plan_id: thing.plan.as_ref().map(|plan| plan.id),
        control_id: named(matches!(of, EvidenceOf::Control(_)), id),
        action_id: named(matches!(of, EvidenceOf::Action(_)), id),
        deficiency_id: named(matches!(of, EvidenceOf::Deficiency(_)), id),
        period: about.period,
        name: name.clone(),
        media_type: kind.media_type.to_owned(),
        size,
        sha256: sha256.clone(),
        uploaded_by_id: caller.user()?.id,
        created_at: now,
        removed_at: None,
        public_at: about.public.then_some(now),
        version: 1,
    };
    w.create(at, "file.added", &made)?;
    Ok(made)
}

/// What can be changed of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileChange {
    /// Whether the public versions of documents name it.
    pub public: bool,
}

/// Chooses a file for the public versions of documents, or takes that back.
pub fn change(w: &mut Writing, caller: &Caller, id: Id, sent: &Sent<FileChange>) -> Result<EvidenceFile> {
    let (file, at) = open(w, caller, id, sent)?;
    let form = sent.merged(&FileChange { public: file.public_at.is_some() })?;
    let chosen = file.public_at.or_else(|| Some(Timestamp::now())).filter(|_| form.public);
    let mut new = EvidenceFile { public_at: chosen, ..file.clone() };
    w.change(at, "file.changed", &file, &mut new, None)?;
    Ok(new)
}

/// A file that is to be changed or removed, as it is when it is.
fn open(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<(EvidenceFile, Place)> {
    let file = get(w, caller, id)?;
    let (thing, at) = Thing::opened(w, caller, file.of().ok_or(Error::NotFound)?, sent)?;
    let file = get(w, caller, id)?;
    sent.expect_current(&file)?;
    thing.is_kept()?;
    Ok((file, at))
}

/// Removes a file from what it is evidence of. Its history stays, and so do its row, by which that is hidden from who may not see
/// it, and its bytes, until they are erased.
pub fn remove(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<()> {
    let (file, at) = open(w, caller, id, sent)?;
    let mut gone = EvidenceFile { removed_at: Some(Timestamp::now()), ..file.clone() };
    w.change(at, "file.removed", &file, &mut gone, None).map(drop)
}
