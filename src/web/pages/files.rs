//! Files that were left as evidence of a control, an action, what was reported of one, or a deficiency: a part of its page, with
//! the forms that leave one and remove one.

use super::known::Names;
use crate::app::caller::Caller;
use crate::app::findings::files;
use crate::app::sent::etag;
use crate::domain::words::Period;
use crate::error::Result;
use crate::files::kind;
use crate::storage::Reading;
use crate::storage::queries::Listing;
use crate::storage::records::{ERASED, EvidenceFile, EvidenceOf};
use crate::web::ask::Ask;
use crate::web::parts::Form;

/// The files of a thing.
pub struct Files<'a> {
    pub rows: Vec<Row<'a>>,
    /// For who may leave one.
    pub form: Option<Form<'a>>,
    /// Which are taken, by how their names end.
    pub endings: String,
}

pub struct Row<'a> {
    pub file: EvidenceFile,
    pub who: String,
    pub size: String,
    /// Its bytes are there.
    pub there: bool,
    pub remove: Option<Form<'a>>,
    /// Chooses it for public documents, or takes that back.
    pub choose: Option<Form<'a>>,
}

/// Those of a thing that the one who looks may see: of one period, or of all and of none where none is named; none where there is
/// no file, and they may leave none.
pub fn of<'a>(
    r: &mut Reading,
    caller: &Caller,
    ask: &'a Ask,
    of: EvidenceOf,
    period: Option<Period>,
) -> Result<Option<Files<'a>>> {
    let p = &ask.frame;
    let (act, id) = match of {
        EvidenceOf::Control(id) => ("addControlFile", id),
        EvidenceOf::Action(id) => ("addActionFile", id),
        EvidenceOf::Deficiency(id) => ("addDeficiencyFile", id),
    };
    let (add, remove) = files::may(r, caller, of)?;
    let (add, remove) = (add && p.is_now(), remove && p.is_now());
    let found = files::list(r, caller, of, &period.into(), &Listing::all())?.items;
    if found.is_empty() && !add {
        return Ok(None);
    }
    let names = Names::people(r, found.iter().map(|file| Some(file.uploaded_by_id)).collect::<Vec<_>>())?;
    let here = format!("{}#files", p.here);
    let mut rows = Vec::new();
    for file in found {
        let tag = etag(&file)?;
        let form = |act, what: &str| {
            p.form(act, format!("{what}-{}", file.id)).at("id", file.id).tagged(tag.clone()).to(here.clone())
        };
        let choose = || form("changeFile", "choose").fixed("public", file.public_at.is_none());
        rows.push(Row {
            who: names.of(&file.uploaded_by_id).to_owned(),
            size: size(file.size),
            there: file.name != ERASED,
            choose: remove.then(choose),
            remove: remove.then(|| form("removeFile", "remove")),
            file,
        });
    }
    let mut form = p.form(act, "file").with_file().at("id", id).to(here);
    if let Some(period) = period {
        form = form.fixed("period", period.as_str());
    }
    Ok(Some(Files { rows, form: add.then_some(form), endings: kind::endings() }))
}

/// How large a file is, as people say it in both languages.
fn size(bytes: i64) -> String {
    if bytes < 1_000 {
        format!("{bytes} B")
    } else if bytes < 1_000_000 {
        format!("{} kB", (bytes + 500) / 1_000)
    } else {
        format!("{} MB", (bytes + 500_000) / 1_000_000)
    }
}
