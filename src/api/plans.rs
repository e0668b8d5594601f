//! `/plans` and what hangs on a plan: sections, life, revisions, documents, checks, matrix, comparison.

use super::documents::{documented, format, sent, version};
use super::tables::listed;
use crate::app::derived::comparison::{self, Comparison};
use crate::app::derived::plan_checks::{self, Checks};
use crate::app::derived::plan_documents;
use crate::app::derived::plan_views::{self, FinancialEffects, Matrix};
use crate::app::plan::stages::PlanView;
use crate::app::plans;
use crate::app::plans::carry_over::{self, TakenOver};
use crate::app::plans::decisions;
use crate::app::plans::sections::{self, ConfirmedSections};
use crate::app::plans::undone;
use crate::app::tables;
use crate::domain::words::{PlanStatus, SectionKey};
use crate::http::contract::{AS_OF, Operation, ParameterKind, Run, operation};
use crate::http::{Answer, dispatch};
use crate::storage::queries::PlanFilter;
use crate::storage::records::{Plan, PlanSection, Revision};

const TAG: &str = "Plans";

fn section_operation(operation: Operation) -> Operation {
    operation.path_form("section", ParameterKind::words::<SectionKey>(), "Which section.")
}

fn revision_operation(operation: Operation) -> Operation {
    operation.path_form("n", ParameterKind::Integer { least: 1, most: 1_000_000 }, "The revision's number, from 1.")
}

pub fn operations() -> Vec<Operation> {
    let mut all = collection();
    all.extend(sections());
    all.extend(life());
    all.extend(documents());
    all.extend(views());
    all
}

fn collection() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans",
            "listPlans",
            TAG,
            ("Lista planer", "List plans"),
            "The plans that the caller may see, over bodies and years.",
            Run::read(|r, caller, call| {
                let filter = PlanFilter {
                    updated_since: call.time("updatedSince"),
                    organisation_id: call.any("organisationId"),
                    year: call.any("year"),
                    status: call.any("status"),
                    delivered: call.q("delivered"),
                };
                let listing = call.listing();
                listed(
                    r,
                    call,
                    |r| Answer::list(call, "/plans", plans::list(r, caller, &filter, &listing)?),
                    |r| tables::plans::plans(r, caller, &filter, &listing),
                )
            }),
        )
        .timed()
        .filter("organisationId", ParameterKind::Id, "Those of this body.")
        .filter("year", ParameterKind::Integer { least: 2000, most: 2100 }, "Those of this year.")
        .filter("status", ParameterKind::words::<PlanStatus>(), "Those with this status.")
        .query("delivered", ParameterKind::Flag, "Those that have, or have not, been delivered to the regional office.")
        .since()
        .lists::<Plan>("A page of plans.", &["year", "status", "decidedOn", "updatedAt"]),
        operation(
            "post",
            "/plans",
            "createPlan",
            TAG,
            ("Skapa en plan", "Create a plan"),
            "Makes the plan of a body for a year, with the year's mandatory risks in it. With `fromPlanId` it is carried \
             over: a new risk for each, same identity and reference, controls and actions along, each assessment to confirm; the \
             order of goals, and the texts, each to confirm or rewrite.",
            Run::write(|w, caller, _, sent| {
                let made = plans::create(w, caller, sent)?;
                Answer::created(format!("/plans/{}", made.plan.id), &made)
            }),
        )
        .ruled()
        .makes::<PlanView>("The new plan, a draft."),
        operation(
            "get",
            "/plans/{id}",
            "getPlan",
            TAG,
            ("Läs en plan", "Get a plan"),
            "One plan. Its ETag changes with any part of it, so it guards proposal and adoption.",
            Run::read(|r, caller, call| Answer::resource(&plans::get(r, caller, call.id()?)?)),
        )
        .timed()
        .gives::<PlanView>("The plan."),
        operation(
            "patch",
            "/plans/{id}",
            "changePlan",
            TAG,
            ("Ändra en plan", "Change a plan"),
            "Changes a draft's own fields. Another version of the scale scores every risk anew; what does not fit is \
             unconfirmed, never clamped.",
            Run::write(|w, caller, call, sent| Answer::resource(&plans::change(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<PlanView>("The plan as it has become."),
        operation(
            "post",
            "/plans/{id}/takeover",
            "takeOverRisks",
            TAG,
            ("Överta risker från en nämnd eller ett bolag som går upp i planens", "Take over risks from a body that merges into the plan's"),
            "Brings the risks of a plan, of this year or an earlier one, of a body that goes on in this plan's own into this draft: \
             same identity and history, controls and actions along, each assessment to confirm. Risks that are there already \
             stay as they are, so that taking over twice adds nothing.",
            Run::write(|w, caller, call, sent| Answer::view(&carry_over::take_over(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .computes::<TakenOver>("The risks that came into the plan."),
        operation(
            "post",
            "/plans/{id}/deletion",
            "deletePlan",
            TAG,
            ("Ta bort en plan", "Delete a plan"),
            "Deletes a plan that never was adopted, with all that is in it, for a reason. Its history stays, and so does the \
             body's duty to have a plan. A later year's plan that was carried over from it goes on.",
            Run::write(|w, caller, call, sent| undone::delete(w, caller, call.id()?, sent).map(|()| Answer::nothing())),
        )
        .guarded()
        .ruled()
        .empties("It is deleted."),
    ]
}

fn sections() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans/{id}/sections",
            "listSections",
            TAG,
            ("Lista planens avsnitt", "List a plan's sections"),
            "The sections that are written, in the order of the document.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let all = sections::sections(r, caller, id)?;
                Answer::list(call, &format!("/plans/{id}/sections"), call.listing().cut(all))
            }),
        )
        .timed()
        .lists::<PlanSection>("The sections.", &[]),
        section_operation(
            operation(
                "get",
                "/plans/{id}/sections/{section}",
                "getSection",
                TAG,
                ("Läs ett avsnitt", "Get a section"),
                "The body's own text under one heading of the plan.",
                Run::read(|r, caller, call| {
                    let key: SectionKey = call.path_word("section")?;
                    Answer::resource(&sections::section(r, caller, call.id()?, key)?)
                }),
            )
            .timed()
            .gives::<PlanSection>("The section."),
        ),
        section_operation(
            operation(
                "put",
                "/plans/{id}/sections/{section}",
                "writeSection",
                TAG,
                ("Skriv ett avsnitt", "Write a section"),
                "Writes a section of a draft: plain paragraphs, parted by blank lines.",
                Run::write(|w, caller, call, sent| {
                    let id = call.id()?;
                    let key: SectionKey = call.path_word("section")?;
                    let (section, new) = sections::write_section(w, caller, id, key, sent)?;
                    if new {
                        Answer::created(format!("/plans/{id}/sections/{key}"), &section)
                    } else {
                        Answer::resource(&section)
                    }
                }),
            )
            .guarded_or_new()
            .ruled()
            .gives::<PlanSection>("The section as it has become.")
            .makes::<PlanSection>("The new section."),
        ),
        operation(
            "post",
            "/plans/{id}/carried-sections",
            "confirmSections",
            TAG,
            ("Bekräfta överförda texter", "Confirm carried texts"),
            "Confirms texts of a draft that were carried over from an earlier plan: those that are named, or all that nobody has \
             confirmed or rewritten yet.",
            Run::write(|w, caller, call, sent| Answer::view(&sections::confirm(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .ruled()
        .computes::<ConfirmedSections>("Which were confirmed."),
    ]
}

fn life() -> Vec<Operation> {
    vec![
        operation(
            "post",
            "/plans/{id}/proposal",
            "proposePlan",
            TAG,
            ("Föreslå planen", "Propose a plan"),
            "Proposes a complete draft to the board. 409 with everything that is missing.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::propose(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .guarded()
        .ruled()
        .gives::<PlanView>("The plan, proposed."),
        operation(
            "post",
            "/plans/{id}/return",
            "returnPlan",
            TAG,
            ("Återremittera planen", "Return a plan"),
            "Sends a proposed plan back to draft, with the reason; or, `byBoard`, makes it a draft for a change that the board \
             itself made at the table and decided on: recorded as the board's change and not as a return.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::send_back(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<PlanView>("The plan, a draft again."),
        operation(
            "post",
            "/plans/{id}/adoption",
            "adoptPlan",
            TAG,
            ("Fastställ planen", "Adopt a plan"),
            "Records the board's decision on a proposed plan, with its clauses, whom it is sent to and what the board itself \
             changed, and seals snapshot and document with their SHA-256. 409 with everything that is missing.",
            Run::seal(
                |r, caller, call, sent| decisions::prepare_adoption(r, caller, call.id()?, sent),
                |w, caller, call, sent, rendered| {
                    Answer::resource(&decisions::adopt(w, caller, call.id()?, sent, rendered)?)
                },
            ),
        )
        .guarded()
        .ruled()
        .gives::<PlanView>("The plan, adopted."),
        operation(
            "post",
            "/plans/{id}/revision",
            "revisePlan",
            TAG,
            ("Börja en revidering", "Begin a revision"),
            "Begins the next revision of an adopted plan, for a reason that the revised plan tells. What was adopted goes on \
             to hold until the next adoption.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::revise(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<PlanView>("The plan, a draft of its next revision."),
        operation(
            "post",
            "/plans/{id}/abandonment",
            "abandonRevision",
            TAG,
            ("Avbryt en revidering", "Abandon a revision"),
            "Gives up the revision that is being prepared, for a reason: the plan is again what was adopted. What an adopted plan \
             takes too stays: assessments, statuses, owners and those responsible, the delivery, diary numbers that came later.",
            Run::write(|w, caller, call, sent| Answer::resource(&undone::abandon(w, caller, call.id()?, sent)?)),
        )
        .guarded()
        .ruled()
        .gives::<PlanView>("The plan, adopted as it was."),
        operation(
            "post",
            "/plans/{id}/delivery",
            "deliverPlan",
            TAG,
            ("Registrera att planen lämnats", "Record that a plan was delivered"),
            "Records that the adopted plan was delivered to the regional office. Another day than the one that is recorded \
             takes a reason.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::deliver(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<PlanView>("The plan, delivered."),
        operation(
            "post",
            "/plans/{id}/diary-numbers",
            "addDiaryNumber",
            TAG,
            ("Lägg till ett diarienummer", "Add a diary number to a plan"),
            "Adds a diary number to a plan that was adopted without it. What was sealed stays as it is; of a draft, the \
             numbers are changed with the plan.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::add_diary_number(w, caller, call.id()?, sent)?)),
        )
        .ruled()
        .gives::<PlanView>("The plan, with the number last."),
        operation(
            "post",
            "/plans/{id}/closure",
            "closePlan",
            TAG,
            ("Avsluta planen", "Close a plan"),
            "Closes an adopted plan once its year is over. One that was never followed up here takes a reason.",
            Run::write(|w, caller, call, sent| Answer::resource(&decisions::close(w, caller, call.id()?, sent)?)),
        )
        .optional_form()
        .guarded()
        .ruled()
        .gives::<PlanView>("The plan, closed."),
    ]
}

fn documents() -> Vec<Operation> {
    vec![
        documented(operation(
            "get",
            "/plans/{id}/document",
            "getPlanDocument",
            TAG,
            ("Hämta plandokumentet", "Get the document of a plan"),
            "The plan document: as it stands now, marked UTKAST, until the plan is adopted; then that of its newest \
             revision. PDF (tagged, PDF/UA-1), Word, Excel, or the same content as JSON, by `Accept`.",
            Run::read(|r, caller, call| {
                Ok(sent(plan_documents::document(r, caller, call.id()?, format(call), version(call))?))
            }),
        )
        .timed(), "The document."),
        operation(
            "get",
            "/plans/{id}/revisions",
            "listRevisions",
            TAG,
            ("Lista planens revideringar", "List a plan's revisions"),
            "The adopted revisions, oldest first: immutable, with the decision and the hashes of what was sealed.",
            Run::read(|r, caller, call| {
                let id = call.id()?;
                let all = decisions::revisions(r, caller, id)?;
                Answer::list(call, &format!("/plans/{id}/revisions"), call.listing().cut(all))
            }),
        )
        .timed()
        .lists::<Revision>("The revisions.", &[]),
        revision_operation(
            operation(
                "get",
                "/plans/{id}/revisions/{n}",
                "getRevision",
                TAG,
                ("Läs en revidering", "Get a revision"),
                "One adopted revision.",
                Run::read(|r, caller, call| {
                    Answer::resource(&decisions::revision(r, caller, call.id()?, call.path_word("n")?)?)
                }),
            )
        .timed()
            .gives::<Revision>("The revision."),
        ),
        revision_operation(
            documented(operation(
                "get",
                "/plans/{id}/revisions/{n}/document",
                "getRevisionDocument",
                TAG,
                ("Hämta en revidering som den fastställdes", "Get a revision as it was adopted"),
                "The very bytes that were sealed at the adoption: the PDF, or the snapshot as canonical JSON, by `Accept`; Word, \
                 Excel and the public version are made of that snapshot.",
                Run::read(|r, caller, call| {
                    let number = call.path_word("n")?;
                    let (format, version) = (format(call), version(call));
                    Ok(sent(plan_documents::sealed_document(r, caller, call.id()?, number, format, version)?))
                }),
            )
            .timed(), "The sealed document."),
        ),
    ]
}

fn views() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/plans/{id}/checks",
            "checkPlan",
            TAG,
            ("Vad saknas i planen", "Get what a plan lacks"),
            "Everything that the rules still miss before the plan can be proposed and adopted.",
            Run::read(|r, caller, call| Answer::view(&plan_checks::checked(r, caller, call.id()?, call.language)?)),
        )
        .timed()
        .computes::<Checks>("What is missing."),
        operation(
            "get",
            "/plans/{id}/matrix",
            "getMatrix",
            TAG,
            ("Läs riskmatrisen", "Get the risk matrix of a plan"),
            "Per cell the included risks, counts per level and in total, and the risks that are not assessed.",
            Run::read(|r, caller, call| {
                let adopted = call.q::<String>("basis").as_deref() == Some("adopted");
                Answer::view(&plan_views::matrix(r, caller, call.id()?, adopted)?)
            }),
        )
        .timed()
        .query("basis", ParameterKind::Word("MatrixBasis", vec!["adopted", "current"]), "As adopted, or as it stands now (default).")
        .computes::<Matrix>("The matrix."),
        operation(
            "get",
            "/plans/{id}/comparison",
            "comparePlan",
            TAG,
            ("Jämför med en annan plan", "Compare a plan with another"),
            "New, changed, unchanged and gone, risk by risk, against last year's plan or the one that is named.",
            Run::read(|r, caller, call| {
                let (id, with) = (call.id()?, call.q("with"));
                let other = with.unwrap_or(id);
                let side = match call.time("withAsOf") {
                    Some(time) => {
                        Some(dispatch::past(r, Some(other), time)?.read(|then| comparison::side(then, caller, other))?)
                    }
                    None => None,
                };
                Answer::view(&match call.time("asOf") {
                    Some(time) => dispatch::past(r, Some(id), time)?
                        .read(|then| comparison::comparison(then, caller, id, with, side))?,
                    None => comparison::comparison(r, caller, id, with, side)?,
                })
            }),
        )
        .query("with", ParameterKind::Id, "The plan to hold it against; last year's when not given.")
        .query("asOf", ParameterKind::Time, AS_OF)
        .query(
            "withAsOf",
            ParameterKind::Time,
            "Hold it against how that plan, or this one when none is named, stood at this time.",
        )
        .computes::<Comparison>("The comparison."),
        operation(
            "get",
            "/plans/{id}/financial-effects",
            "getFinancialEffects",
            TAG,
            ("Summera åtgärdernas ekonomiska effekt", "Get the financial effects of a plan's actions"),
            "The financial effects of the actions of the included risks, in total and goal by goal: Mnkr with one decimal, \
             summed exactly. Negative is a cost.",
            Run::read(|r, caller, call| Answer::view(&plan_views::financial_effects(r, caller, call.id()?)?)),
        )
        .timed()
        .computes::<FinancialEffects>("The sums."),
    ]
}
