//! The plan's life: draft, proposed, adopted, closed, and what each of them refuses.
//!
//! Knows a plan's status and year, nothing of what is in the plan ([`checks`](super::checks)) nor
//! of who asks ([`roles`](super::roles)). Today's date is passed in, as the date in Sweden.

use chrono::NaiveDate;

use super::words::{Language, PlanStatus};

/// What one may want to do with a plan or something in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanVerb {
    /// Propose it to the board; the checks come besides.
    Propose,
    /// Send a proposed plan back (återremiss), with a reason.
    Return,
    /// Record the board's decision; the checks come besides.
    Adopt,
    /// Begin the next revision of an adopted plan.
    Revise,
    /// Give up the revision that is being prepared, with a reason: the plan is again what was adopted.
    Abandon,
    /// Delete a plan that never was adopted, with a reason.
    Delete,
    /// Record that the adopted plan was delivered to the regional office.
    Deliver,
    /// End it: its year is over.
    Close,
    /// Any change of the plan that no other verb names: its own fields, sections, policy version,
    /// fields of risks and controls, inclusion, setting aside, retirement, deletion.
    Edit,
    /// Assess a risk.
    Assess,
    /// Register a new risk. After adoption it is marked as added, and stands outside the plan until a revision takes it in.
    AddRisk,
    /// Add a control. After adoption it is marked as added.
    AddControl,
    /// Add an action. After adoption it is marked as added.
    AddAction,
    /// Change what was added after adoption, while no revision has taken it in.
    ChangeAdded,
    /// Change who owns a risk.
    ChangeOwner,
    /// Change who is responsible for a control or an action.
    ChangeResponsible,
    /// Change an action's end date; after adoption with a reason.
    ChangeEndDate,
    /// Report the status of a control or an action.
    Report,
    /// Set a truth that came late beside what was decided.
    Correct,
}

impl PlanVerb {
    /// Every verb.
    pub const ALL: &'static [Self] = &[
        Self::Propose,
        Self::Return,
        Self::Adopt,
        Self::Revise,
        Self::Abandon,
        Self::Delete,
        Self::Deliver,
        Self::Close,
        Self::Edit,
        Self::Assess,
        Self::AddRisk,
        Self::AddControl,
        Self::AddAction,
        Self::ChangeAdded,
        Self::ChangeOwner,
        Self::ChangeResponsible,
        Self::ChangeEndDate,
        Self::Report,
        Self::Correct,
    ];
}

impl PlanVerb {
    /// What writing a risk, a control or an action asks: the board has not decided on what was added since.
    pub const fn writing(added: bool) -> Self {
        if added { Self::ChangeAdded } else { Self::Edit }
    }
}

/// Where a plan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanState {
    pub status: PlanStatus,
    /// The newest adopted revision, from 1. A draft with one is a revision being prepared.
    pub adopted_revision: Option<i32>,
    /// The plan year.
    pub year: i32,
}

/// A rule of the register that says no (409).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: &'static str,
    pub sv: String,
    pub en: String,
}

impl Refusal {
    pub fn new(code: &'static str, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, sv: sv.into(), en: en.into() }
    }

    /// The refusal as a sentence.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Sv => self.sv.clone(),
            Language::En => self.en.clone(),
        }
    }
}

/// May this be done with a plan that stands so, today?
///
/// Codes of refusal: `planIsDraft`, `planIsProposed`, `planIsAdopted`, `planIsClosed` (the status
/// stands in the way), `planNotAdopted` (no revision is adopted yet), `planWasAdopted` (one is), `yearNotEnded`.
pub fn may(verb: PlanVerb, plan: &PlanState, today: NaiveDate) -> Result<(), Refusal> {
    use PlanStatus::{Adopted, Closed, Draft, Proposed};
    use PlanVerb as V;

    let adopted_once = plan.adopted_revision.is_some();
    match (plan.status, verb) {
        // Everything in a draft may change.
        (
            Draft,
            V::Propose
            | V::Edit
            | V::Assess
            | V::AddRisk
            | V::AddControl
            | V::AddAction
            | V::ChangeAdded
            | V::ChangeOwner
            | V::ChangeResponsible
            | V::ChangeEndDate,
        ) => Ok(()),
        // What was adopted lives on while the next revision is drafted.
        (Draft, V::Deliver | V::Report | V::Correct | V::Abandon) if adopted_once => Ok(()),
        (Draft, V::Deliver | V::Report | V::Correct | V::Abandon) => Err(not_adopted()),
        // What a board has decided on stays, whatever comes after it.
        (Draft, V::Delete) if adopted_once => Err(was_adopted()),
        (Draft, V::Delete) => Ok(()),
        (Draft, V::Return | V::Adopt | V::Revise | V::Close) => Err(is_draft(verb)),

        // What the board sees must be what it decides on.
        (Proposed, V::Return | V::Adopt) => Ok(()),
        // Reports belong to the adopted revision, not to the one before the board.
        (Proposed, V::Report | V::Correct) if adopted_once => Ok(()),
        (Proposed, V::Report | V::Correct) => Err(not_adopted()),
        (Proposed, _) => Err(is_proposed()),

        (
            Adopted,
            V::Revise
            | V::Deliver
            | V::Assess
            | V::AddRisk
            | V::AddControl
            | V::AddAction
            | V::ChangeAdded
            | V::ChangeOwner
            | V::ChangeResponsible
            | V::ChangeEndDate
            | V::Report
            | V::Correct,
        ) => Ok(()),
        (Adopted, V::Close) if year_has_ended(plan.year, today) => Ok(()),
        (Adopted, V::Close) => Err(year_not_ended(plan.year)),
        (Adopted, V::Propose | V::Return | V::Adopt | V::Edit | V::Abandon | V::Delete) => Err(is_adopted(verb)),

        (Closed, V::Correct) => Ok(()),
        (Closed, _) => Err(is_closed()),
    }
}

/// Does the verb take a written reason? Sending a plan back, giving up a revision and deleting a plan always do, and so
/// does moving an action's end date in an adopted plan.
pub fn needs_reason(verb: PlanVerb, status: PlanStatus) -> bool {
    matches!(verb, PlanVerb::Return | PlanVerb::Abandon | PlanVerb::Delete)
        || (verb == PlanVerb::ChangeEndDate && status == PlanStatus::Adopted)
}

/// The status after a verb that was allowed; the same for those that do not move the plan.
pub fn after(verb: PlanVerb, status: PlanStatus) -> PlanStatus {
    match verb {
        PlanVerb::Propose => PlanStatus::Proposed,
        PlanVerb::Return | PlanVerb::Revise => PlanStatus::Draft,
        PlanVerb::Adopt | PlanVerb::Abandon => PlanStatus::Adopted,
        PlanVerb::Close => PlanStatus::Closed,
        _ => status,
    }
}

/// Is the plan year over? From 1 January of the next.
pub fn year_has_ended(year: i32, today: NaiveDate) -> bool {
    chrono::Datelike::year(&today) > year
}

/// A board's decision is recorded after it was taken: its date is today or earlier (`dateInFuture`).
pub fn may_be_decided_on(date: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if date > today {
        return Err(Refusal::new(
            "dateInFuture",
            "Beslutsdatumet ligger i framtiden. Ett beslut registreras när det är fattat.",
            "The date of the decision is in the future. A decision is recorded once it is taken.",
        ));
    }
    Ok(())
}

fn is_draft(verb: PlanVerb) -> Refusal {
    let (sv, en) = match verb {
        PlanVerb::Return => (
            "Planen är ett utkast. Bara en plan som är överlämnad för beslut kan återremitteras.",
            "The plan is a draft. Only a proposed plan can be returned.",
        ),
        PlanVerb::Adopt => (
            "Planen är ett utkast. Den måste lämnas för beslut innan den kan fastställas.",
            "The plan is a draft. It must be proposed before it can be adopted.",
        ),
        PlanVerb::Revise => (
            "Planen är redan ett utkast och kan ändras som den är.",
            "The plan is a draft already and can be changed as it is.",
        ),
        _ => (
            "Planen är ett utkast. Bara en fastställd plan kan avslutas.",
            "The plan is a draft. Only an adopted plan can be closed.",
        ),
    };
    Refusal::new("planIsDraft", sv, en)
}

fn is_proposed() -> Refusal {
    Refusal::new(
        "planIsProposed",
        "Planen är överlämnad för beslut och kan inte ändras. Återremittera den först.",
        "The plan is proposed and cannot be changed. Return it first.",
    )
}

fn is_adopted(verb: PlanVerb) -> Refusal {
    let (sv, en) = match verb {
        PlanVerb::Edit => (
            "Planen är fastställd. Det här kan bara ändras i en revidering.",
            "The plan is adopted. This can only be changed in a revision.",
        ),
        PlanVerb::Return => (
            "Planen är fastställd och kan inte återremitteras. Påbörja en revidering i stället.",
            "The plan is adopted and cannot be returned. Begin a revision instead.",
        ),
        PlanVerb::Abandon => (
            "Planen är fastställd. Det finns ingen påbörjad revidering att avbryta.",
            "The plan is adopted. No revision is being prepared that could be abandoned.",
        ),
        PlanVerb::Delete => {
            ("Planen är fastställd och kan inte tas bort.", "The plan is adopted and cannot be deleted.")
        }
        _ => (
            "Planen är redan fastställd. Påbörja en revidering för att lämna den för beslut på nytt.",
            "The plan is adopted already. Begin a revision to propose it anew.",
        ),
    };
    Refusal::new("planIsAdopted", sv, en)
}

fn is_closed() -> Refusal {
    Refusal::new(
        "planIsClosed",
        "Planen är avslutad och tar bara emot rättelser.",
        "The plan is closed and takes only corrections.",
    )
}

fn not_adopted() -> Refusal {
    Refusal::new("planNotAdopted", "Planen är inte fastställd än.", "The plan is not adopted yet.")
}

fn was_adopted() -> Refusal {
    Refusal::new(
        "planWasAdopted",
        "Planen har fastställts och kan inte tas bort. Den påbörjade revideringen kan avbrytas.",
        "The plan has been adopted and cannot be deleted. The revision that is being prepared can be abandoned.",
    )
}

fn year_not_ended(year: i32) -> Refusal {
    Refusal::new(
        "yearNotEnded",
        format!("Planen kan avslutas först när planåret {year} är slut."),
        format!("The plan can be closed only when its year, {year}, has ended."),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
    }

    fn state(status: PlanStatus, adopted_revision: Option<i32>) -> PlanState {
        PlanState { status, adopted_revision, year: 2024 }
    }

    /// The whole of section 5 at a glance: what each state allows, in the year and after it.
    #[test]
    fn the_table() {
        let mut grid = String::new();
        for verb in PlanVerb::ALL {
            let cells = [
                state(PlanStatus::Draft, None),
                state(PlanStatus::Proposed, None),
                state(PlanStatus::Adopted, Some(1)),
                state(PlanStatus::Draft, Some(1)),
                state(PlanStatus::Proposed, Some(1)),
                state(PlanStatus::Closed, Some(1)),
            ]
            .map(|plan| match may(*verb, &plan, day(2024, 12, 31)) {
                Ok(()) => "yes",
                Err(no) => no.code,
            });
            grid += &format!("{verb:?}: {}\n", cells.join(" "));
        }
        // draft, proposed, adopted, then the next revision as draft and proposed, closed
        assert_eq!(
            grid,
            "\
Propose: yes planIsProposed planIsAdopted yes planIsProposed planIsClosed
Return: planIsDraft yes planIsAdopted planIsDraft yes planIsClosed
Adopt: planIsDraft yes planIsAdopted planIsDraft yes planIsClosed
Revise: planIsDraft planIsProposed yes planIsDraft planIsProposed planIsClosed
Abandon: planNotAdopted planIsProposed planIsAdopted yes planIsProposed planIsClosed
Delete: yes planIsProposed planIsAdopted planWasAdopted planIsProposed planIsClosed
Deliver: planNotAdopted planIsProposed yes yes planIsProposed planIsClosed
Close: planIsDraft planIsProposed yearNotEnded planIsDraft planIsProposed planIsClosed
Edit: yes planIsProposed planIsAdopted yes planIsProposed planIsClosed
Assess: yes planIsProposed yes yes planIsProposed planIsClosed
AddRisk: yes planIsProposed yes yes planIsProposed planIsClosed
AddControl: yes planIsProposed yes yes planIsProposed planIsClosed
AddAction: yes planIsProposed yes yes planIsProposed planIsClosed
ChangeAdded: yes planIsProposed yes yes planIsProposed planIsClosed
ChangeOwner: yes planIsProposed yes yes planIsProposed planIsClosed
ChangeResponsible: yes planIsProposed yes yes planIsProposed planIsClosed
ChangeEndDate: yes planIsProposed yes yes planIsProposed planIsClosed
Report: planNotAdopted planNotAdopted yes yes yes planIsClosed
Correct: planNotAdopted planNotAdopted yes yes yes yes
"
        );
    }

    #[test]
    fn a_plan_closes_when_its_year_is_over() {
        let plan = state(PlanStatus::Adopted, Some(1));
        assert!(may(PlanVerb::Close, &plan, day(2024, 12, 31)).is_err());
        assert_eq!(may(PlanVerb::Close, &plan, day(2025, 1, 1)), Ok(()));
    }

    #[test]
    fn decisions_are_recorded_after_they_were_taken() {
        let today = day(2024, 3, 7);
        assert_eq!(may_be_decided_on(today, today), Ok(()));
        assert_eq!(may_be_decided_on(day(2024, 3, 8), today).map_err(|no| no.code), Err("dateInFuture"));
    }

    proptest! {
        /// However the verbs come: never two steps at once, a closed plan stays closed, adoption
        /// comes only after a proposal, and a proposed plan leaves that status only by a return
        /// or an adoption.
        #[test]
        fn no_way_round(verbs in prop::collection::vec(prop::sample::select(PlanVerb::ALL), 0..60), late: bool) {
            let today = if late { day(2025, 2, 1) } else { day(2024, 2, 1) };
            let mut plan = state(PlanStatus::Draft, None);
            for verb in verbs {
                let before = plan;
                if may(verb, &plan, today).is_err() {
                    continue;
                }
                plan.status = after(verb, plan.status);
                if verb == PlanVerb::Adopt {
                    plan.adopted_revision = Some(plan.adopted_revision.unwrap_or(0) + 1);
                    prop_assert_eq!(before.status, PlanStatus::Proposed);
                }
                // A plan that is deleted goes no further.
                if verb == PlanVerb::Delete {
                    prop_assert_eq!((before.status, before.adopted_revision), (PlanStatus::Draft, None));
                    break;
                }
                match before.status {
                    PlanStatus::Closed => prop_assert_eq!(plan, before),
                    PlanStatus::Proposed => prop_assert!(
                        plan == before || matches!(verb, PlanVerb::Return | PlanVerb::Adopt)
                    ),
                    _ => {}
                }
                if matches!(plan.status, PlanStatus::Adopted | PlanStatus::Closed) {
                    prop_assert!(plan.adopted_revision.is_some());
                }
                if plan.status == PlanStatus::Closed {
                    prop_assert!(late);
                }
            }
        }
    }
}
