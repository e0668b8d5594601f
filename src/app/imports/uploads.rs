//! Imports: a workbook uploaded, its columns and words explained, tried, and executed as a whole.
//!
//! A workbook is read and tried outside the transaction that keeps it: reading takes seconds. What it would do is found out by
//! doing it and laying it back, so a trial can say nothing else than the execution does.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use riskregister_workbook::scale::{Level, ScaleCell, Step};
use riskregister_workbook::{Mapping, Notice, Place, Scale, limits};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::{self, Answers, ImportAnswer, same_word};
use super::child::{self, Found, Job, Remarks};
use super::ground::{Ground, takes_somewhere};
use super::kinds;
use super::taking::{ImportItem, ImportNotice, Outcome, Wanted};
use crate::app::caller::{Caller, forbidden};
use crate::app::sent::{Content, Envelope, Sent};
use crate::auth::Bearer;
use crate::domain::scoring::{self, Policy};
use crate::domain::words::{ImportAbout, ImportField, ImportKind, ImportResult, ImportScoring, ImportStatus, Language};
use crate::error::{Error, Result, Violation};
use crate::storage::history::{Origin, sha256_hex};
use crate::storage::queries::ImportRow;
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Db, Id, Reading, Timestamp, Writing};

/// Bytes of the largest file.
pub const LARGEST_FILE: usize = limits::FILE;
/// The same as it is sent, in base64.
pub const MOST_SENT: usize = LARGEST_FILE.div_ceil(3) * 4;
/// So long an import that nobody executes is kept, in seconds.
const KEPT_SECONDS: i64 = 30 * 24 * 3600;
/// So many of one person's wait; the oldest go first.
const MOST_WAITING: i64 = 20;

/// A workbook that is to be taken in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportForm {
    /// What the rows are: risks when not given.
    #[serde(default = "risks")]
    pub kind: ImportKind,
    /// The plan that risks go into: a draft. Of risks alone.
    pub plan_id: Option<Id>,
    /// The organisation that all else goes to: rows name it and those below it, and what names none is its own. Its answers are
    /// kept.
    pub organisation_id: Option<Id>,
    /// What the file is called.
    #[schema(min_length = 1, max_length = 255, format = "name", example = "risker.csv")]
    pub file_name: String,
    /// The file's bytes in base64: an Excel workbook (.xlsx) or separated text (.csv) of at most 20 MiB.
    #[schema(min_length = 1, max_length = 27_962_028, example = "UmlzaztTO0sKRmVsIGkgbMO2bmVzeXN0ZW1ldDszOzQK")]
    pub content: String,
}

fn risks() -> ImportKind {
    ImportKind::Risks
}

/// How a workbook is to be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportChoices {
    /// Of several scorings the one that is the assessment.
    pub assessment: Option<ImportScoring>,
    /// People who are named are given the role that it takes where they have none. Only from whoever may give it.
    #[serde(default)]
    #[schema(example = false)]
    pub grant_roles: bool,
    /// Sheets that are to be understood otherwise; those that are not named stay as they are.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub sheets: Vec<ImportSheetChoice>,
    /// What words mean: all answers.
    #[serde(default)]
    #[schema(max_items = 20_000)]
    pub answers: Vec<ImportAnswer>,
    /// The answers of before that are not among these stay.
    #[serde(default)]
    #[schema(example = false)]
    pub keep_answers: bool,
}

/// A sheet as it is to be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportSheetChoice {
    #[schema(min_length = 1, max_length = 255, example = "Risker")]
    pub sheet: String,
    /// Its rows are taken; as they are when not given.
    pub taken: Option<bool>,
    /// The row of its heading, as Excel counts them: the columns are then recognised anew, whatever `columns` says.
    #[schema(minimum = 1, maximum = 10_000, example = 4)]
    pub heading_row: Option<u32>,
    /// Rows that were passed over and are taken all the same.
    #[serde(default)]
    #[schema(max_items = 10_000, example = json!([]))]
    pub take_rows: Vec<u32>,
    /// Columns that are something else; those that are not named stay as they are.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub columns: Vec<ImportColumnChoice>,
}

/// A column as it is to be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportColumnChoice {
    /// As Excel calls it.
    #[schema(min_length = 1, max_length = 3, pattern = "^[A-Z]{1,3}$", example = "C")]
    pub letters: String,
    pub field: ImportField,
    /// Of a likelihood, consequence, score or level: which scoring it belongs to.
    pub scoring: Option<ImportScoring>,
    /// What has no field of its own goes into the description, with its heading before it.
    #[serde(default)]
    #[schema(example = false)]
    pub into_description: bool,
}

/// What an import's ETag is of.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCore {
    pub id: Id,
    /// The plan that risks go into.
    pub plan_id: Option<Id>,
    /// The organisation that all else goes to.
    pub organisation_id: Option<Id>,
    pub kind: ImportKind,
    pub status: ImportStatus,
    #[schema(example = "risker.csv")]
    pub file_name: String,
    /// Of the file's bytes, in hexadecimal; the history names it when the import is executed.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Bytes of the file.
    #[schema(minimum = 0, example = 48)]
    pub size: i64,
    pub created_by_id: Id,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub executed_at: Option<Timestamp>,
    pub version: i64,
}

/// An import: what was recognised, what must be answered, and what would be or was done.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    #[serde(flatten)]
    pub core: ImportCore,
    pub assessment: Option<ImportScoring>,
    pub grant_roles: bool,
    pub sheets: Vec<ImportSheet>,
    pub questions: Vec<ImportQuestion>,
    /// What would be done with what each row is about, or was done once the import is executed.
    pub items: Vec<ImportItem>,
    /// How many things would be, or were, made, changed and left as they are.
    #[schema(minimum = 0, example = 12)]
    pub made: usize,
    #[schema(minimum = 0, example = 0)]
    pub changed: usize,
    #[schema(minimum = 0, example = 0)]
    pub left: usize,
    /// What keeps the import from being executed.
    pub faults: Vec<ImportNotice>,
    /// What is worth knowing.
    pub remarks: Vec<ImportNotice>,
}

/// A sheet as it was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportSheet {
    #[schema(example = "Risker")]
    pub sheet: String,
    pub taken: bool,
    /// Why its rows are not taken, where they are not.
    pub because: Option<ImportNotice>,
    /// The rows of the heading, as Excel counts them.
    #[schema(example = json!([1]))]
    pub heading: Vec<u32>,
    #[schema(example = 2)]
    pub first_row: u32,
    #[schema(example = 13)]
    pub last_row: u32,
    /// The rows among them that are passed over.
    pub skipped: Vec<ImportSkipped>,
    pub columns: Vec<ImportColumn>,
}

/// A row that is passed over, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportSkipped {
    #[schema(example = 14)]
    pub row: u32,
    pub because: ImportNotice,
}

/// A column as it was understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    #[schema(example = "C")]
    pub letters: String,
    #[schema(example = "Sannolikhet")]
    pub heading: String,
    pub field: ImportField,
    pub scoring: Option<ImportScoring>,
    pub into_description: bool,
    /// How many of its cells have something in them.
    #[schema(minimum = 0, example = 12)]
    pub filled: u32,
    #[schema(example = json!(["3", "4"]))]
    pub examples: Vec<String>,
}

/// Words that somebody has to answer for, once for all the cells that say them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportQuestion {
    pub about: ImportAbout,
    #[schema(example = "HR-chef")]
    pub text: String,
    /// The register's own words that they seem to mean. Only of its closed lists.
    #[schema(example = json!([]))]
    pub proposed: Vec<String>,
    /// How often they stand in the file.
    #[schema(minimum = 1, example = 3)]
    pub times: u32,
    /// The first of the cells.
    pub places: Vec<ImportCell>,
    /// The answer: null where there is none yet, and `none` where the field is left empty.
    pub value: Option<String>,
}

/// A cell of a workbook.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCell {
    #[schema(example = "Risker")]
    pub sheet: Option<String>,
    #[schema(example = "E7")]
    pub cell: Option<String>,
}

/// The choices that are kept beside the mapping.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct KeptAnswers {
    grant_roles: bool,
    answers: Vec<ImportAnswer>,
    /// The scale by which the file's steps were read.
    #[serde(default)]
    policy_version_id: Option<Id>,
}

fn written(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn as_written<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn kind_of(row: &ImportRow) -> Result<ImportKind> {
    ImportKind::parse(&row.kind).ok_or_else(|| Error::internal("an import of no kind"))
}

fn core_of(row: &ImportRow) -> Result<ImportCore> {
    Ok(ImportCore {
        id: row.id,
        plan_id: row.plan_id,
        organisation_id: row.organisation_id,
        kind: kind_of(row)?,
        status: if row.executed_at.is_some() { ImportStatus::Executed } else { ImportStatus::Waiting },
        file_name: row.file_name.clone(),
        sha256: row.sha256.clone(),
        size: row.size,
        created_by_id: row.created_by_id,
        created_at: row.created_at,
        updated_at: row.updated_at,
        executed_at: row.executed_at,
        version: row.version,
    })
}

fn view(row: &ImportRow) -> Result<ImportView> {
    let mapping: Mapping = as_written(&row.mapping)?;
    let found: riskregister_workbook::Interpretation = as_written(&row.found)?;
    let kept: KeptAnswers = as_written(&row.answers)?;
    let outcome: Outcome = as_written(&row.outcome)?;
    let answers = Answers::of(&kept.answers);
    let mut questions = Vec::new();
    for question in &found.questions {
        let Some(about) = answers::asked(question.about) else { continue };
        let answer = answers.to(about, &question.text);
        questions.push(ImportQuestion {
            about,
            text: question.text.clone(),
            proposed: question.proposed.clone(),
            times: question.times,
            places: question
                .places
                .iter()
                .map(|place| ImportCell { sheet: place.sheet.clone(), cell: place.cell.clone() })
                .collect(),
            value: answer.map(|value| value.unwrap_or(answers::NONE).to_owned()),
        });
    }
    let count = |result| outcome.items.iter().filter(|item| item.result == result).count();
    Ok(ImportView {
        core: core_of(row)?,
        assessment: mapping.assessment.map(same_word).transpose()?,
        grant_roles: kept.grant_roles,
        sheets: mapping.sheets.iter().map(sheet_of).collect::<Result<_>>()?,
        questions,
        made: count(ImportResult::Made),
        changed: count(ImportResult::Changed),
        left: count(ImportResult::Left),
        items: outcome.items,
        faults: outcome.faults,
        remarks: outcome.remarks,
    })
}

fn sheet_of(sheet: &riskregister_workbook::SheetMapping) -> Result<ImportSheet> {
    let columns = sheet.columns.iter().map(|column| {
        Ok(ImportColumn {
            letters: column.letters.clone(),
            heading: column.heading.clone(),
            field: same_word(column.field)?,
            scoring: column.scoring.map(same_word).transpose()?,
            into_description: column.into_description,
            filled: column.filled,
            examples: column.examples.clone(),
        })
    });
    Ok(ImportSheet {
        sheet: sheet.sheet.clone(),
        taken: sheet.taken,
        because: sheet.because.as_ref().map(ImportNotice::from),
        heading: sheet.heading.iter().map(|row| row + 1).collect(),
        first_row: sheet.first + 1,
        last_row: sheet.last + 1,
        skipped: sheet
            .skipped
            .iter()
            .map(|one| ImportSkipped { row: one.row + 1, because: ImportNotice::from(&one.because) })
            .collect(),
        columns: columns.collect::<Result<_>>()?,
    })
}

/// The scale of the plan, as the reader needs it, where the file goes into one.
fn scale(ground: &Ground) -> Scale {
    ground.plan().map(|open| Scale { year: Some(open.plan.year), ..scale_of(&open.policy) }).unwrap_or_default()
}

/// The plan's scale, as the reader needs it: with the steps' own words and what the shipped ones are in the other language.
fn scale_of(policy: &Policy) -> Scale {
    let labels = |label: &str| {
        let mut all = vec![label.to_owned()];
        all.extend(scoring::shipped_in_english(label).map(str::to_owned));
        all
    };
    let steps = |steps: &[scoring::Step]| {
        steps.iter().zip(1..).map(|(step, value)| Step { value, labels: labels(&step.label) }).collect()
    };
    let cells = policy.cells.iter().zip(1..).flat_map(|(row, likelihood)| {
        row.iter().zip(1..).map(move |(cell, consequence)| ScaleCell {
            likelihood,
            consequence,
            score: cell.score,
            level: cell.level.as_str().to_owned(),
        })
    });
    Scale {
        likelihood: steps(&policy.likelihoods),
        consequence: steps(&policy.consequences),
        cells: cells.collect(),
        levels: policy
            .levels
            .iter()
            .map(|level| Level { key: level.key.as_str().to_owned(), labels: labels(&level.label) })
            .collect(),
        year: None,
    }
}

/// What is to be read and tried, outside a transaction.
pub struct Asked {
    kind: ImportKind,
    plan_id: Option<Id>,
    organisation_id: Option<Id>,
    /// The import, where it is one that is understood otherwise.
    import: Option<Id>,
    file_name: String,
    bytes: Vec<u8>,
    job: Job,
    /// What was read already, where nothing of the mapping has changed.
    found: Option<Found>,
    kept: KeptAnswers,
}

/// What was read and tried.
pub struct Tried {
    asked: Asked,
    found: Found,
    kept: KeptAnswers,
    outcome: Outcome,
}

/// A workbook is sent: whether it may be, and what it is.
pub fn receive(r: &mut Reading, caller: &Caller, sent: &Sent<ImportForm>) -> Result<Asked> {
    authorize_new(r, caller, sent)?;
    let form = sent.judge()?;
    let mut faults = Vec::new();
    let into_plan = form.kind == ImportKind::Risks;
    for (given, wanted, field) in
        [(form.plan_id, into_plan, "/planId"), (form.organisation_id, !into_plan, "/organisationId")]
    {
        match (given, wanted) {
            (None, true) => faults.push(Violation::missing(field)),
            (Some(_), false) => faults.push(Violation::new(
                field,
                "notOfKind",
                "Risker går in i en plan, och allt annat till en organisation.",
                "Risks go into a plan, and all else to an organisation.",
            )),
            _ => {}
        }
    }
    let text: String = form.content.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(text).unwrap_or_else(|_| {
        faults.push(Violation::new(
            "/content",
            "notBase64",
            "Innehållet är inte base64.",
            "The content is not base64.",
        ));
        Vec::new()
    });
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let ground = Ground::of(r, form.plan_id, form.organisation_id)?;
    ground.hold_open(r)?;
    Ok(Asked {
        kind: form.kind,
        plan_id: form.plan_id,
        organisation_id: form.organisation_id,
        import: None,
        job: Job {
            name: form.file_name.clone(),
            kind: same_word(form.kind)?,
            mapping: None,
            scale: scale(&ground),
            remarks: None,
        },
        file_name: form.file_name,
        bytes,
        found: None,
        kept: KeptAnswers { policy_version_id: ground.scale_version(), ..KeptAnswers::default() },
    })
}

/// Whether what is named may take a file in from the caller. What is hidden, what is not there and what is not theirs are
/// refused alike; a form that names nothing is judged for who may import anywhere.
fn authorize_new(r: &mut Reading, caller: &Caller, sent: &Envelope) -> Result<()> {
    let kind = match &sent.content {
        Content::Json(form) => form.get("kind").and_then(|kind| kind.as_str()).and_then(ImportKind::parse),
        _ => None,
    };
    let kind = kind.unwrap_or(ImportKind::Risks);
    let may = if kind == ImportKind::Risks {
        match sent.named::<Plan>(r, "planId")? {
            Some(plan) => Ground::of(r, Some(plan.id), None)?.takes(caller, kind),
            None => sent.sent_id("planId").is_none() && takes_somewhere(caller, kind),
        }
    } else {
        match sent.named::<Organisation>(r, "organisationId")? {
            Some(organisation) => Ground::Organisation(Box::new(organisation)).takes(caller, kind),
            None => sent.sent_id("organisationId").is_none() && takes_somewhere(caller, kind),
        }
    };
    if may { sent.gate() } else { Err(forbidden()) }
}

/// An import with where it goes, for who may see it.
fn seen(r: &mut Reading, caller: &Caller, id: Id) -> Result<(ImportRow, Ground)> {
    let row = r.import(id)?.ok_or(Error::NotFound)?;
    let ground = Ground::of(r, row.plan_id, row.organisation_id)?;
    // Whoever does not see what is there does not learn that there is something.
    if ground.shows(caller, kind_of(&row)?) { Ok((row, ground)) } else { Err(Error::NotFound) }
}

/// The same for who may execute it.
fn held(r: &mut Reading, caller: &Caller, id: Id, sent: &Envelope) -> Result<(ImportRow, Ground)> {
    let (row, ground) = seen(r, caller, id)?;
    if !ground.takes(caller, kind_of(&row)?) {
        return Err(forbidden());
    }
    sent.gate()?;
    Ok((row, ground))
}

fn hold_waiting(row: &ImportRow) -> Result<()> {
    match row.executed_at {
        None => Ok(()),
        Some(_) => Err(Error::conflict(
            "importExecuted",
            "Importen är redan genomförd. Läs in filen på nytt om den ska tas in igen.",
            "The import is executed already. Upload the file anew if it is to be taken in again.",
        )),
    }
}

pub fn get(r: &mut Reading, caller: &Caller, id: Id) -> Result<ImportView> {
    let (row, _) = seen(r, caller, id)?;
    view(&row)
}

/// A file that is to come back with its remarks.
pub struct Back {
    job: Job,
    bytes: Vec<u8>,
}

/// The file of an import, with what was told of it.
pub fn back(r: &mut Reading, caller: &Caller, id: Id, language: Language) -> Result<Back> {
    let (row, ground) = seen(r, caller, id)?;
    let outcome: Outcome = as_written(&row.outcome)?;
    let told = outcome.faults.into_iter().chain(outcome.remarks).map(|one| Notice {
        code: one.code.into(),
        place: Place { sheet: one.sheet, cell: one.cell },
        sv: one.sv,
        en: one.en,
    });
    let remarks = Remarks { told: told.collect(), in_swedish: language == Language::Sv };
    let bytes = r.import_file(id)?.ok_or(Error::NotFound)?.content;
    let (kind, scale) = (same_word(kind_of(&row)?)?, scale(&ground));
    let mapping = Some(as_written(&row.mapping)?);
    let job = Job { name: row.file_name, kind, mapping, scale, remarks: Some(remarks) };
    Ok(Back { job, bytes })
}

impl Back {
    /// The bytes of an Excel workbook, written in a child of the program.
    pub fn written(&self, program: &Path) -> Result<Vec<u8>> {
        child::ask_back(program, &self.job, &self.bytes)
    }
}

/// An import is to be understood otherwise: whether it may be, and how.
pub fn reconsider(r: &mut Reading, caller: &Caller, id: Id, sent: &Sent<ImportChoices>) -> Result<Asked> {
    let (row, ground) = held(r, caller, id, sent)?;
    sent.expect_current(&core_of(&row)?)?;
    let mapping: Mapping = as_written(&row.mapping)?;
    let kept: KeptAnswers = as_written(&row.answers)?;
    let kept_policy = kept.policy_version_id;
    let now = ImportChoices {
        assessment: mapping.assessment.map(same_word).transpose()?,
        grant_roles: kept.grant_roles,
        sheets: Vec::new(),
        answers: kept.answers,
        keep_answers: false,
    };
    let mut choices = sent.merged(&now)?;
    let mut faults = answers::judge(&choices.answers);
    if choices.keep_answers {
        answers::keep(&mut choices.answers, now.answers);
    }
    let changed = remapped(&mapping, kinds::fields(kind_of(&row)?), &choices, &mut faults)?;
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    hold_waiting(&row)?;
    ground.hold_open(r)?;
    let policy_version_id = ground.scale_version();
    let same = changed == mapping && kept_policy == policy_version_id;
    let found = if same { Some(Found { interpretation: as_written(&row.found)?, mapping }) } else { None };
    let bytes = if same { Vec::new() } else { r.import_file(id)?.ok_or(Error::NotFound)?.content };
    Ok(Asked {
        kind: kind_of(&row)?,
        plan_id: row.plan_id,
        organisation_id: row.organisation_id,
        import: Some(id),
        job: Job {
            name: row.file_name.clone(),
            kind: same_word(kind_of(&row)?)?,
            mapping: Some(changed),
            scale: scale(&ground),
            remarks: None,
        },
        file_name: row.file_name,
        bytes,
        found,
        kept: KeptAnswers { grant_roles: choices.grant_roles, answers: choices.answers, policy_version_id },
    })
}

/// A mapping with what was chosen otherwise.
fn remapped(
    mapping: &Mapping,
    fields: &[ImportField],
    choices: &ImportChoices,
    faults: &mut Vec<Violation>,
) -> Result<Mapping> {
    let mut new = mapping.clone();
    new.assessment = choices.assessment.map(same_word).transpose()?;
    for (i, choice) in choices.sheets.iter().enumerate() {
        let Some(sheet) = new.sheets.iter_mut().find(|sheet| sheet.sheet == choice.sheet) else {
            faults.push(Violation::new(
                format!("/sheets/{i}/sheet"),
                "unknownSheet",
                "Filen har inget sådant blad.",
                "The file has no such sheet.",
            ));
            continue;
        };
        if let Some(taken) = choice.taken {
            sheet.taken = taken;
        }
        if let Some(row) = choice.heading_row.map(|row| row.saturating_sub(1)).filter(|row| sheet.heading != [*row]) {
            (sheet.heading, sheet.columns) = (vec![row], Vec::new());
            continue;
        }
        sheet.skipped.retain(|skipped| !choice.take_rows.contains(&(skipped.row + 1)));
        for (j, choice) in choice.columns.iter().enumerate() {
            let Some(column) = sheet.columns.iter_mut().find(|column| column.letters == choice.letters) else {
                faults.push(Violation::new(
                    format!("/sheets/{i}/columns/{j}/letters"),
                    "unknownColumn",
                    "Bladet har ingen sådan kolumn.",
                    "The sheet has no such column.",
                ));
                continue;
            };
            if !fields.contains(&choice.field) {
                faults.push(Violation::new(
                    format!("/sheets/{i}/columns/{j}/field"),
                    "notOfKind",
                    "En fil av det här slaget har inga sådana uppgifter.",
                    "A file of this kind has nothing of the sort.",
                ));
                continue;
            }
            column.field = same_word(choice.field)?;
            let scoring = choice.scoring.unwrap_or(ImportScoring::Plain);
            column.scoring = Some(scoring).filter(|_| column.field.scored()).map(same_word).transpose()?;
            column.into_description = choice.into_description;
        }
        for (j, column) in choice.columns.iter().enumerate() {
            let twice = sheet
                .columns
                .iter()
                .filter(|other| same_word::<_, ImportField>(other.field).ok() == Some(column.field))
                .filter(|other| !other.field.several())
                .count();
            if twice > 1 {
                faults.push(Violation::new(
                    format!("/sheets/{i}/columns/{j}/field"),
                    "fieldTwice",
                    "En annan kolumn på bladet är redan detta.",
                    "Another column of the sheet is this already.",
                ));
            }
        }
    }
    Ok(new)
}

impl Asked {
    /// Reads the workbook in a child of the program, and finds out what it would do.
    pub fn tried(mut self, db: &Db, program: &Path, bearer: &Bearer, request: Id) -> Result<Tried> {
        let found = match self.found.take() {
            Some(found) => found,
            None => child::ask(program, &self.job, &self.bytes)?.map_err(|refusal| {
                let (code, told) = (child::code(&refusal), refusal.0);
                Error::invalid(Violation::new("/content", code, told.sv, told.en))
            })?,
        };
        let (kept, outcome) = db.tried(&Origin::nobody(request), |w| {
            let caller = Caller::of(w, bearer)?;
            w.set_origin(caller.origin(request));
            let ground = Ground::of(w, self.plan_id, self.organisation_id)?;
            if !ground.takes(&caller, self.kind) {
                return Err(forbidden());
            }
            let ground = ground.locked(w)?;
            ground.hold_open(w)?;
            let filled = answers::filled(w, &caller, &ground, &found.interpretation, &self.kept.answers)?;
            let kept = KeptAnswers { answers: filled, ..self.kept.clone() };
            let wanted = Wanted {
                found: &found.interpretation,
                answers: &Answers::of(&kept.answers),
                grant_roles: kept.grant_roles,
                file_name: &self.file_name,
            };
            let mut outcome = kinds::take_in(w, &caller, self.kind, &ground, &wanted)?;
            // What is made is laid back: its id names nothing.
            for item in outcome.items.iter_mut().filter(|item| item.result == ImportResult::Made) {
                (item.entity_id, item.risk_id) = (None, None);
            }
            Ok((kept, outcome))
        })?;
        Ok(Tried { asked: self, found, kept, outcome })
    }
}

/// Nobody has executed or changed them for long.
pub fn forget_old(w: &mut Writing) -> Result<()> {
    w.forget_imports_before(Timestamp::now().plus_seconds(-KEPT_SECONDS))
}

/// Keeps an import that is new.
pub fn keep(w: &mut Writing, caller: &Caller, sent: &Envelope, tried: &Tried) -> Result<ImportView> {
    let ground = Ground::of(w, tried.asked.plan_id, tried.asked.organisation_id)?;
    if !ground.takes(caller, tried.asked.kind) {
        return Err(forbidden());
    }
    sent.gate()?;
    let now = Timestamp::now();
    forget_old(w)?;
    let bytes = &tried.asked.bytes;
    let row = ImportRow {
        id: Id::new(),
        plan_id: tried.asked.plan_id,
        kind: tried.asked.kind.as_str().to_owned(),
        file_name: tried.asked.file_name.clone(),
        sha256: sha256_hex(bytes),
        size: i64::try_from(bytes.len()).map_err(Error::internal)?,
        mapping: written(&tried.found.mapping)?,
        found: written(&tried.found.interpretation)?,
        answers: written(&tried.kept)?,
        outcome: written(&tried.outcome)?,
        created_by_id: caller.user()?.id,
        created_at: now,
        updated_at: now,
        executed_at: None,
        version: 1,
        organisation_id: tried.asked.organisation_id,
    };
    w.keep_import(row.clone(), bytes.clone())?;
    w.forget_imports_beyond(row.created_by_id, MOST_WAITING)?;
    view(&row)
}

/// Keeps how an import is understood now.
pub fn keep_choices(w: &mut Writing, caller: &Caller, sent: &Envelope, tried: &Tried) -> Result<ImportView> {
    let id = tried.asked.import.ok_or_else(|| Error::internal("no import to change"))?;
    let (mut row, _) = held(w, caller, id, sent)?;
    sent.expect_current(&core_of(&row)?)?;
    hold_waiting(&row)?;
    row.mapping = written(&tried.found.mapping)?;
    row.found = written(&tried.found.interpretation)?;
    row.answers = written(&tried.kept)?;
    row.outcome = written(&tried.outcome)?;
    w.change_import(&mut row)?;
    view(&row)
}

/// Does what an import says, as a whole. With a fault, nothing.
pub fn execute(w: &mut Writing, caller: &Caller, id: Id, sent: &Envelope) -> Result<ImportView> {
    let (mut row, ground) = held(w, caller, id, sent)?;
    sent.expect_current(&core_of(&row)?)?;
    let ground = ground.locked(w)?;
    hold_waiting(&row)?;
    ground.hold_open(w)?;
    let kind = kind_of(&row)?;
    let found: riskregister_workbook::Interpretation = as_written(&row.found)?;
    let kept: KeptAnswers = as_written(&row.answers)?;
    if kept.policy_version_id != ground.scale_version() {
        return Err(Error::conflict(
            "scaleChanged",
            "Planens skala har ändrats sedan filen prövades. Pröva den igen.",
            "The plan's scale has changed since the file was tried. Try it again.",
        ));
    }
    let wanted = Wanted {
        found: &found,
        answers: &Answers::of(&kept.answers),
        grant_roles: kept.grant_roles,
        file_name: &row.file_name,
    };
    let outcome = kinds::take_in(w, caller, kind, &ground, &wanted)?;
    if !outcome.faults.is_empty() {
        return Err(Error::Invalid(outcome.faults.into_iter().map(as_violation).collect()));
    }
    for word in answers::kept(ground.body().id, &found.questions, &kept.answers) {
        w.keep_import_word(word)?;
    }
    let named = format!("{}, SHA-256 {}", row.file_name, row.sha256);
    let (at, name, entity, thing) = ground.event(w, kind)?;
    w.record_because(at, name, entity, thing, Some(&named));
    row.outcome = written(&outcome)?;
    row.executed_at = Some(Timestamp::now());
    w.change_import(&mut row)?;
    view(&row)
}

/// A fault of a cell, as problem details tell it: the cell as Excel would name it.
fn as_violation(fault: ImportNotice) -> Violation {
    let place = match (fault.sheet, fault.cell) {
        (Some(sheet), Some(cell)) => format!("{sheet}!{cell}"),
        (sheet, cell) => sheet.or(cell).unwrap_or_default(),
    };
    Violation::new(place, "cellFault", fault.sv, fault.en)
}
