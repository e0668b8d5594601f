//! What an operation promises: its path, parameters, form and answers. Routes, checks and `openapi.yaml` are all made
//! from the same list of these, so they cannot disagree.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::accept::{self, TABLES};
use super::answer::Answer;
use super::call::{As, Call, MOST_BYTES, PIECE_ROWS};
pub use super::parameter::{Parameter, ParameterKind};
use super::service::Service;
use crate::app::caller::Caller;
use crate::app::documents::{Rendered, Snapshot};
use crate::app::sent::{Condition, Content, Envelope, Form, Sent};
use crate::auth::Bearer;
use crate::error::{Result, Violation};
use crate::storage::{Reading, Writing};

/// How a verb takes what was sent: as the form that it names ([`Sent`]), or, where it has none, as the envelope alone.
pub trait Taken: From<Envelope> + 'static {
    /// The form's schema.
    fn form() -> Option<Shape>;
}

impl<F: Form> Taken for Sent<F> {
    fn form() -> Option<Shape> {
        Some(Shape::of::<F>())
    }
}

impl Taken for Envelope {
    fn form() -> Option<Shape> {
        None
    }
}

/// What runs, and the form that it takes, by the type of the verb itself.
#[derive(Clone)]
pub struct Run {
    pub door: Door,
    form: Option<Shape>,
}

/// Through which door something runs.
#[derive(Clone)]
pub enum Door {
    /// Reads a snapshot on behalf of a caller.
    Read(fn(&mut Reading, &Caller, &Call) -> Result<Answer>),
    /// Changes the register on behalf of a caller.
    Write(Write),
    /// Seals what was decided, on behalf of a caller. Making its files takes seconds, and nobody waits for it: the first
    /// says, by a snapshot that is read, what they are made of; then they are made; the second seals them in its
    /// transaction. Both work the decision out by one function.
    Seal(Prepare, Seal),
    /// As [`Door::Write`], after work that takes too long to hold a transaction open: the first says, by a snapshot that is
    /// read, what is to be done; it is done; and what that gives is put in by the transaction.
    Staged(Stage),
    /// For a caller, with transactions of its own: what takes too long to hold one open.
    Apart(Apart),
    /// For everyone, signed in or not.
    Open(Open),
}

pub type Write = Arc<dyn Fn(&mut Writing, &Caller, &Call, Envelope) -> Result<Answer> + Send + Sync>;
pub type Prepare = Arc<dyn Fn(&mut Reading, &Caller, &Call, Envelope) -> Result<Snapshot> + Send + Sync>;
pub type Seal = Arc<dyn Fn(&mut Writing, &Caller, &Call, Envelope, &Rendered) -> Result<Answer> + Send + Sync>;
pub type Stage = Arc<dyn Fn(&mut Reading, &Caller, &Call, Envelope) -> Result<Work> + Send + Sync>;
/// What is done between the two.
pub type Work = Box<dyn FnOnce(&Service, &Bearer, &Call) -> Result<Finish> + Send>;
/// What the transaction does with what came of it.
pub type Finish = Box<dyn Fn(&mut Writing, &Caller, &Call, Envelope) -> Result<Answer> + Send>;
pub type Apart = Arc<dyn Fn(&Service, &Bearer, &Call, Envelope) -> Result<Answer> + Send + Sync>;
pub type Open = Arc<dyn Fn(&Service, &Call, Envelope) -> Result<Answer> + Send + Sync>;

impl Run {
    /// See [`Door::Read`].
    pub fn read(f: fn(&mut Reading, &Caller, &Call) -> Result<Answer>) -> Self {
        Self { door: Door::Read(f), form: None }
    }

    /// See [`Door::Write`].
    pub fn write<S: Taken>(f: fn(&mut Writing, &Caller, &Call, &S) -> Result<Answer>) -> Self {
        let run: Write = Arc::new(move |w, caller, call, sent| f(w, caller, call, &sent.into()));
        Self { door: Door::Write(run), form: S::form() }
    }

    /// See [`Door::Seal`].
    pub fn seal<S: Taken>(
        prepare: fn(&mut Reading, &Caller, &Call, &S) -> Result<Snapshot>,
        seal: fn(&mut Writing, &Caller, &Call, &S, &Rendered) -> Result<Answer>,
    ) -> Self {
        let prepare: Prepare = Arc::new(move |r, caller, call, sent| prepare(r, caller, call, &sent.into()));
        let seal: Seal = Arc::new(move |w, caller, call, sent, rendered| seal(w, caller, call, &sent.into(), rendered));
        Self { door: Door::Seal(prepare, seal), form: S::form() }
    }

    /// See [`Door::Staged`].
    pub fn staged<S: Taken>(f: fn(&mut Reading, &Caller, &Call, &S) -> Result<Work>) -> Self {
        let stage: Stage = Arc::new(move |r, caller, call, sent| f(r, caller, call, &sent.into()));
        Self { door: Door::Staged(stage), form: S::form() }
    }

    /// See [`Door::Apart`].
    pub fn apart<S: Taken>(f: fn(&Service, &Bearer, &Call, &S) -> Result<Answer>) -> Self {
        let run: Apart = Arc::new(move |service, bearer, call, sent| f(service, bearer, call, &sent.into()));
        Self { door: Door::Apart(run), form: S::form() }
    }

    /// See [`Door::Open`].
    pub fn open<S: Taken>(f: fn(&Service, &Call, &S) -> Result<Answer>) -> Self {
        let run: Open = Arc::new(move |service, call, sent| f(service, call, &sent.into()));
        Self { door: Door::Open(run), form: S::form() }
    }
}

type MakeSchemas = fn(&mut Vec<(String, RefOr<Schema>)>);

/// A schema by name, with all that it refers to.
#[derive(Clone)]
pub struct Shape {
    pub name: String,
    pub collect: MakeSchemas,
    pub list: bool,
    /// What `collect` gives, as JSON: asked for with each form that a browser sends, and always the same.
    made: Arc<OnceLock<BTreeMap<String, Value>>>,
}

impl Shape {
    pub fn of<T: ToSchema>() -> Self {
        Self { name: T::name().into_owned(), collect: collect::<T>, list: false, made: Arc::default() }
    }
    pub fn list_of<T: ToSchema>() -> Self {
        Self { list: true, ..Self::of::<T>() }
    }

    /// The schema and all that it refers to, by name.
    pub fn schemas(&self) -> &BTreeMap<String, Value> {
        self.made.get_or_init(|| {
            let mut parts = Vec::new();
            (self.collect)(&mut parts);
            parts.into_iter().filter_map(|(name, part)| Some((name, serde_json::to_value(part).ok()?))).collect()
        })
    }
}

impl Shape {
    /// The names of the fields of the schema.
    pub fn fields(&self) -> Vec<String> {
        self.properties().into_iter().map(|(name, ..)| name).collect()
    }

    /// The fields of the schema, those of what it is put together of too: what each is called, what it holds, and whether it
    /// is always there.
    pub fn properties(&self) -> Vec<(String, Value, bool)> {
        let mut all = Vec::new();
        self.properties_of(self.schemas().get(&self.name), &mut all);
        all
    }

    fn properties_of(&self, schema: Option<&Value>, all: &mut Vec<(String, Value, bool)>) {
        let Some(schema) = schema else { return };
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            self.properties_of(self.schemas().get(name), all);
        }
        schema["allOf"].as_array().into_iter().flatten().for_each(|part| self.properties_of(Some(part), all));
        let must: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let own = schema["properties"].as_object().into_iter().flatten();
        all.extend(own.map(|(name, schema)| (name.clone(), schema.clone(), must.contains(&name.as_str()))));
    }
}

fn collect<T: ToSchema>(into: &mut Vec<(String, RefOr<Schema>)>) {
    into.push((T::name().into_owned(), <T as PartialSchema>::schema()));
    T::schemas(into);
}

/// One way to answer.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub about: &'static str,
    pub shape: Option<Shape>,
    pub media_types: Vec<&'static str>,
    /// `"` strong, `W` weak, or none.
    pub etag: Option<&'static str>,
    pub location: bool,
    /// A header that some of these answers have, and what it says.
    pub sometimes: Option<(&'static str, &'static str)>,
}

/// An operation of the API.
#[derive(Clone)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub id: &'static str,
    pub tag: &'static str,
    /// What it does, in a few words of each language: Swedish, English.
    pub summary: (&'static str, &'static str),
    pub about: &'static str,
    pub parameters: Vec<Parameter>,
    pub form: Option<Shape>,
    /// The body must be there.
    pub form_required: bool,
    pub merge_patch: bool,
    /// The most that its body may hold, in bytes.
    pub most: usize,
    /// Speaks OAuth (RFC 6749): takes a form in the encoding of HTML, and tells its own refusals, 400 and 401, in that
    /// document's way.
    pub oauth: bool,
    /// Takes a file as it is, and no form.
    pub raw: bool,
    pub condition: Condition,
    pub replies: Vec<Reply>,
    pub idempotent: bool,
    /// Judges a password, or makes the hash of one: who asks stands in line for that.
    pub hashes: bool,
    /// Refused by the register's rules (409), or by what the plan lacks.
    pub rules: bool,
    /// What it asks for can be gone (410).
    pub gone: bool,
    /// Can be read as it stood at an earlier time.
    pub timed: bool,
    /// Tells of other bodies' things than the one in its path.
    pub wide: bool,
    pub door: Door,
}

/// The media type in which a file is sent as it is.
const RAW: &str = "application/octet-stream";

/// What `asOf` means, wherever it is taken.
pub const AS_OF: &str =
    "The register as it stood at this time, deleted things included. Today's roles decide who may read it.";

/// Begins an operation.
pub fn operation(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    summary: (&'static str, &'static str),
    about: &'static str,
    run: Run,
) -> Operation {
    let parameters = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{').and_then(|p| p.strip_suffix('}')))
        .map(|name| Parameter {
            name,
            about: if name == "id" { "Id of the thing." } else { "Which one." },
            form: if name == "id" || name.ends_with("Id") {
                ParameterKind::Id
            } else {
                ParameterKind::Text { most: 100 }
            },
            in_path: true,
            required: true,
        })
        .collect();
    Operation {
        method,
        path,
        id,
        tag,
        summary,
        about,
        parameters,
        form_required: run.form.is_some(),
        merge_patch: run.form.is_some() && method == "patch",
        most: MOST_BYTES,
        form: run.form,
        oauth: false,
        raw: false,
        condition: Condition::None,
        replies: Vec::new(),
        idempotent: method == "post",
        hashes: false,
        rules: false,
        gone: false,
        timed: false,
        wide: false,
        door: run.door,
    }
}

impl Operation {
    pub fn query(mut self, name: &'static str, form: ParameterKind, about: &'static str) -> Self {
        self.parameters.push(Parameter { name, about, form, in_path: false, required: false });
        self
    }

    /// Narrows a list to what has this value, or one of several.
    pub fn filter(self, name: &'static str, form: ParameterKind, about: &'static str) -> Self {
        self.query(name, ParameterKind::Several(Box::new(form)), about)
    }

    /// Narrows a list to what was changed at a time or later.
    pub fn since(self) -> Self {
        self.query("updatedSince", ParameterKind::Time, "Those changed at this time or later.")
    }

    /// Can be asked for as it stood at an earlier time, deleted things included.
    pub fn timed(mut self) -> Self {
        self.timed = true;
        self.query("asOf", ParameterKind::Time, AS_OF)
    }

    /// Tells of other bodies' things than the one that its path names.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Names the form of a step of the path other than an id.
    pub fn path_form(mut self, name: &'static str, form: ParameterKind, about: &'static str) -> Self {
        for p in &mut self.parameters {
            if p.in_path && p.name == name {
                p.form = form.clone();
                p.about = about;
            }
        }
        self
    }

    /// A required query parameter.
    pub fn needs(mut self, name: &'static str, form: ParameterKind, about: &'static str) -> Self {
        self.parameters.push(Parameter { name, about, form, in_path: false, required: true });
        self
    }

    fn reply(mut self, status: u16, about: &'static str, shape: Option<Shape>, etag: Option<&'static str>) -> Self {
        self.replies.push(Reply {
            status,
            about,
            shape,
            media_types: vec!["application/json"],
            etag,
            location: status == 201,
            sometimes: None,
        });
        self
    }

    /// Answers with one resource.
    pub fn gives<T: ToSchema>(self, about: &'static str) -> Self {
        self.reply(200, about, Some(Shape::of::<T>()), Some("\""))
    }

    /// Answers with something computed.
    pub fn computes<T: ToSchema>(self, about: &'static str) -> Self {
        self.reply(200, about, Some(Shape::of::<T>()), Some("W"))
    }

    /// Answers with a page of a list, sorted by these fields on demand; or with all of it as a table.
    pub fn lists<T: ToSchema>(self, about: &'static str, sort: &[&'static str]) -> Self {
        let paged = self.query("page", ParameterKind::PAGE, "Which page, from 1.").query(
            "limit",
            ParameterKind::LIMIT,
            "How many on a page; 20 when not given.",
        );
        let paged = paged
            .query(
                "after",
                ParameterKind::Cursor,
                "Instead of `page`: goes on where a page ended, by the `next` of its `Link`. Nothing is lost or doubled while others write, however long it takes; what has come in since the first page is left to the next reading. (Lists that are put together when they are asked for, and letters sorted by `finishedAt`, go on by where one was.)",
            )
            .query(
                "fields",
                ParameterKind::Fields(Shape::of::<T>().fields()),
                "Which fields of each, parted by commas; ids always come. All when not given.",
            );
        let sorted = if sort.is_empty() {
            paged
        } else {
            paged.query(
                "sort",
                ParameterKind::Sort(sort.to_vec()),
                "Fields to sort by, parted by commas; `-` before a field sorts descending.",
            )
        };
        let mut listed = sorted
            .query(
                "format",
                ParameterKind::Word("TableFormat", vec!["json", "csv", "xlsx"]),
                "As what: a page of the list (`json`), or all of it as a table, whatever `page` and `limit` say: `csv` (UTF-8 with a mark \
                 that says so, parted by semicolons) is sent as it is read, `xlsx` holds at most 100,000 rows. `Accept` says the \
                 same where this does not. A table has a column for each field, named by it, with JSON in it where that holds more than one value, and names beside ids. The lists of \
                 risks, controls, actions, goals, indicators, outcomes, plans, people, deficiencies, recommendations, opinions and \
                 follow-up are told in Swedish, as documents are, unless `fields` are asked for.",
            )
            .reply(200, about, Some(Shape::list_of::<T>()), Some("W"));
        if let Some(last) = listed.replies.last_mut() {
            last.media_types.extend(TABLES.map(|(_, media_type)| media_type));
        }
        listed
    }

    /// Answers 201 with the new thing.
    pub fn makes<T: ToSchema>(self, about: &'static str) -> Self {
        self.reply(201, about, Some(Shape::of::<T>()), Some("\""))
    }

    /// Answers 201 or 200 with something that has no ETag.
    pub fn hands<T: ToSchema>(mut self, status: u16, about: &'static str) -> Self {
        self = self.reply(status, about, Some(Shape::of::<T>()), None);
        if let Some(last) = self.replies.last_mut() {
            last.location = false;
        }
        self
    }

    /// Answers 204.
    pub fn empties(self, about: &'static str) -> Self {
        self.reply(204, about, None, None)
    }

    /// Answers with a file in one of these types.
    pub fn files(mut self, about: &'static str, media_types: &[&'static str]) -> Self {
        self = self.reply(200, about, None, Some("\""));
        if let Some(last) = self.replies.last_mut() {
            last.media_types = media_types.to_vec();
        }
        self
    }

    /// Some of the answers that were last told of have this header.
    pub fn sometimes(mut self, name: &'static str, about: &'static str) -> Self {
        if let Some(last) = self.replies.last_mut() {
            last.sometimes = Some((name, about));
        }
        self
    }

    /// Its form may be left out.
    pub fn optional_form(mut self) -> Self {
        self.form_required = false;
        self
    }

    /// Its body may hold this much beside the usual.
    pub fn takes(mut self, bytes: usize) -> Self {
        self.most += bytes;
        self
    }

    /// Takes a file as it is, of so many bytes at most.
    pub fn raw(mut self, most: usize) -> Self {
        (self.raw, self.form_required, self.most) = (true, true, most);
        self
    }

    /// Takes its form, and refuses, as OAuth says.
    pub fn oauth(mut self) -> Self {
        self.oauth = true;
        self
    }

    /// Needs `If-Match`.
    pub fn guarded(mut self) -> Self {
        self.condition = Condition::IfMatch;
        self
    }

    /// Needs `If-Match`, or `If-None-Match: *` for what is not there yet.
    pub fn guarded_or_new(mut self) -> Self {
        self.condition = Condition::IfMatchOrNew;
        self
    }

    /// Can be refused by the rules of the register.
    pub fn ruled(mut self) -> Self {
        self.rules = true;
        self
    }

    /// What it asks for can be gone.
    pub fn gone(mut self) -> Self {
        self.gone = true;
        self
    }

    pub fn not_idempotent(mut self) -> Self {
        self.idempotent = false;
        self
    }

    /// Judges a password, or makes the hash of one.
    pub fn hashes(mut self) -> Self {
        self.hashes = true;
        self
    }

    pub fn for_everyone(&self) -> bool {
        matches!(self.door, Door::Open(_))
    }

    /// The media type that its form comes in.
    pub fn form_type(&self) -> &'static str {
        match (self.oauth, self.merge_patch) {
            _ if self.raw => RAW,
            (true, _) => "application/x-www-form-urlencoded",
            (_, true) => "application/merge-patch+json",
            _ => "application/json",
        }
    }

    /// Every media type that it answers with.
    pub fn offers(&self) -> Vec<&'static str> {
        self.replies.iter().flat_map(|r| r.media_types.iter().copied()).collect()
    }

    /// Reads the query as the parameters declare it: all faults at once.
    pub fn read_query(&self, raw: &str, call: &mut Call) -> std::result::Result<(), Vec<Violation>> {
        let mut faults = Vec::new();
        call.page = 1;
        call.limit = 20;
        for (name, value) in form_urlencoded::parse(raw.as_bytes()).into_owned() {
            let at = format!("?{name}");
            let Some(parameter) = self.parameters.iter().find(|p| !p.in_path && p.name == name) else {
                faults.push(Violation::new(
                    at,
                    "unknownParameter",
                    "Parametern finns inte här.",
                    "There is no such parameter here.",
                ));
                continue;
            };
            if call.query.contains_key(&name) {
                faults.push(Violation::new(
                    at,
                    "duplicate",
                    "Parametern står två gånger.",
                    "The parameter stands twice.",
                ));
                continue;
            }
            if let Err((sv, en)) = parameter.form.check(&value) {
                faults.push(Violation::new(at, "wrongFormat", sv, en));
                continue;
            }
            match name.as_str() {
                "page" => call.page = value.parse().unwrap_or(1),
                "limit" => call.limit = value.parse().unwrap_or(20),
                "sort" => {
                    call.sort = value
                        .split(',')
                        .map(|f| f.strip_prefix('-').map_or((f.to_owned(), false), |f| (f.to_owned(), true)))
                        .collect();
                }
                "fields" => call.fields = value.split(',').map(str::to_owned).collect(),
                _ => {}
            }
            call.query.insert(name, value);
        }
        for p in self.parameters.iter().filter(|p| p.required && !p.in_path) {
            if !call.query.contains_key(p.name) {
                faults.push(Violation::new(
                    format!("?{}", p.name),
                    "required",
                    "Parametern saknas.",
                    "This parameter is required.",
                ));
            }
        }
        let lists = self.replies.iter().any(|reply| reply.shape.as_ref().is_some_and(|shape| shape.list));
        if let Some(cursor) = call.query.get("after").filter(|_| lists) {
            match super::cursor::read(cursor, &call.path_of(self.path), call) {
                _ if call.query.contains_key("page") => faults.push(Violation::new(
                    "?after",
                    "contradiction",
                    "Ange page eller after, inte båda.",
                    "Give page or after, not both.",
                )),
                Some((page, mark)) => {
                    call.page = page;
                    call.after = Some(mark);
                }
                None => faults.push(Violation::foreign_cursor()),
            }
        }
        call.table = if lists { accept::table(call) } else { None };
        if let Some(wanted) = call.table {
            // As it stood at another time it is read whole.
            let whole = wanted == As::Xlsx || call.query.contains_key("asOf");
            call.limit = if whole { i64::MAX } else { PIECE_ROWS };
            call.page = 1;
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Reads the body, as far as it can be judged before the caller's rights are known.
    pub fn read_body(&self, content_type: Option<&str>, body: &Bytes, too_large: bool) -> Content {
        if too_large {
            return Content::TooLarge(self.most);
        }
        if (self.form.is_none() && !self.raw) || (body.is_empty() && !self.form_required) {
            return Content::Absent;
        }
        let wanted = self.form_type();
        let given = content_type.and_then(|c| c.split(';').next()).map(|c| c.trim().to_ascii_lowercase());
        let fits = match given.as_deref() {
            Some("application/json") => !self.oauth && !self.raw,
            Some(other) => other == wanted,
            None => false,
        };
        if !fits {
            return Content::WrongType(wanted);
        }
        if self.raw {
            return Content::Bytes(body.clone());
        }
        if self.oauth {
            return read_encoded(body);
        }
        super::json::read(body)
    }
}

/// A form in the encoding of HTML, as an object of texts. A field without a value is one that was not sent
/// (RFC 6749, 3.2).
fn read_encoded(body: &[u8]) -> Content {
    let mut fields = serde_json::Map::new();
    for (name, value) in form_urlencoded::parse(body).into_owned().filter(|(_, value)| !value.is_empty()) {
        if fields.contains_key(&name) {
            return Content::Repeated(format!("/{name}"));
        }
        fields.insert(name, value.into());
    }
    Content::Json(fields.into())
}
