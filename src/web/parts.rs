//! A form of an operation on a page: its beginning, its fields with what was typed and what is wrong, and what sends it.

use std::cell::{Cell, RefCell};

use askama::Template;
use chrono::NaiveDate;

use super::earlier::{Earlier, EarlierTexts};
use super::fields;
use super::frame::{Failed, Frame, Named};
use super::lacking::{self, Line, Lines};
use super::values::{Choice, Html, Label, Shown, escaped};
use crate::domain::values::Secrecy;
use crate::storage::Id;

/// A form on a page, for one operation.
pub struct Form<'f> {
    frame: &'f Frame,
    /// Its own name on the page; ids of its fields begin with it.
    pub name: String,
    act: &'static str,
    hidden: Vec<(String, String)>,
    /// It is kept while it is written.
    kept: bool,
    /// A file goes along with it.
    with_file: bool,
    /// A field that must be filled in has been written, with its mark.
    marked: Cell<bool>,
    /// The fields that have been written, with what the register holds.
    written: RefCell<Vec<(String, String)>>,
}

#[derive(Template)]
#[template(path = "parts/form_open.html")]
struct Opening<'f> {
    p: &'f Frame,
    name: &'f str,
    hidden: Vec<(String, String)>,
    failed: Option<&'f Failed>,
    /// What is missing before it can be done.
    lacks: Html,
    kept: bool,
    with_file: bool,
    /// What a draft is of has changed since it was begun.
    stale: bool,
}

#[derive(Template)]
#[template(path = "parts/field.html")]
struct Field<'f> {
    p: &'f Frame,
    kind: &'static str,
    id: String,
    name: &'f str,
    label: Html,
    hint: String,
    value: String,
    chosen: Vec<String>,
    /// What the register holds now, where that is not what was typed.
    saved: Option<String>,
    faults: Vec<String>,
    choices: Vec<Choice>,
    required: bool,
}

impl Field<'_> {
    /// Its choices by what they stand under, with how many of each are chosen.
    fn grouped(&self) -> Vec<(&str, usize, Vec<&Choice>)> {
        let mut all: Vec<(&str, usize, Vec<&Choice>)> = Vec::new();
        for choice in &self.choices {
            let chosen = usize::from(self.chosen.contains(&choice.value));
            match all.iter_mut().find(|(group, ..)| *group == choice.group) {
                Some((_, of_them, those)) => {
                    *of_them += chosen;
                    those.push(choice);
                }
                None => all.push((&choice.group, chosen, vec![choice])),
            }
        }
        all
    }
}

#[derive(Template)]
#[template(path = "parts/secrecy.html")]
struct Marking<'m> {
    p: &'m Frame,
    form: &'m Form<'m>,
    at: &'m str,
    marked: bool,
    provision: String,
    date: Option<NaiveDate>,
    authority: String,
}

/// What a board's decision is about, as far as it is known before: what its fields begin with.
pub struct Deciding {
    pub board: String,
    pub diary: Vec<String>,
    /// What was said of the board's own change.
    pub change: Option<String>,
    /// Of the report of a period: its last day.
    pub last: Option<NaiveDate>,
    /// Why the board decides before it.
    pub early: Option<String>,
}

#[derive(Template)]
#[template(path = "parts/decision.html")]
struct Decision<'d> {
    p: &'d Frame,
    form: &'d Form<'d>,
    about: &'d Deciding,
}

fn html(part: &impl Template) -> Html {
    Html(part.render().unwrap_or_else(|fault| {
        tracing::error!(%fault, "a part of a page cannot be written");
        String::new()
    }))
}

impl<'f> Form<'f> {
    pub fn new(frame: &'f Frame, act: &'static str, name: impl Into<String>) -> Self {
        Self {
            frame,
            name: name.into(),
            act,
            hidden: Vec::new(),
            kept: false,
            with_file: false,
            marked: Cell::new(false),
            written: RefCell::default(),
        }
    }

    /// A step of the operation's path.
    pub fn at(mut self, name: &str, value: impl ToString) -> Self {
        self.hidden.push((format!("_at.{name}"), value.to_string()));
        self
    }

    /// The ETag of what the form changes.
    pub fn tagged(mut self, etag: impl Into<String>) -> Self {
        self.hidden.push(("_etag".into(), etag.into()));
        self
    }

    /// What the form makes is not there yet.
    pub fn fresh(mut self) -> Self {
        self.hidden.push(("_new".into(), "1".into()));
        self
    }

    /// Where to go when it is done; `{id}` is the id of what was made.
    pub fn to(mut self, path: impl Into<String>) -> Self {
        self.hidden.push(("_to".into(), path.into()));
        self
    }

    /// What is written in it is kept meanwhile, for its writer alone: on the pages that keep drafts.
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// A file goes along with it.
    pub fn with_file(mut self) -> Self {
        self.with_file = true;
        self
    }

    /// A field that nobody types.
    pub fn fixed(mut self, name: &str, value: impl Shown) -> Self {
        self.hidden.push((name.into(), value.shown()));
        self
    }

    fn failed(&self) -> Option<&'f Failed> {
        self.frame.failed.as_ref().filter(|failed| failed.form == self.name)
    }

    /// Whether it came back with faults.
    pub fn came_back(&self) -> bool {
        self.failed().is_some()
    }

    /// The beginning of the form, with what is wrong with it.
    pub fn open(&self) -> Html {
        let mut hidden = vec![
            ("_csrf".to_owned(), self.frame.csrf.clone()),
            ("_act".to_owned(), self.act.to_owned()),
            ("_form".to_owned(), self.name.clone()),
            ("_key".to_owned(), Id::new().to_string()),
        ];
        hidden.extend(self.hidden.iter().cloned());
        if self.kept {
            hidden.push((fields::KEPT.to_owned(), "1".to_owned()));
        }
        let stale = self.failed().is_some_and(|failed| self.is_old(failed));
        let missing = self.failed().map(|failed| lacking::grouped(self.frame, &failed.missing)).unwrap_or_default();
        let lines: Vec<Line> = missing.into_iter().flat_map(|under| under.lines).collect();
        let lacks = if lines.is_empty() { Html(String::new()) } else { html(&Lines { lines: &lines }) };
        html(&Opening {
            p: self.frame,
            name: &self.name,
            hidden,
            failed: self.failed(),
            lacks,
            kept: self.kept,
            with_file: self.with_file,
            stale,
        })
    }

    /// Whether a draft was begun from another state of the thing than this form is: others have changed it meanwhile.
    fn is_old(&self, failed: &Failed) -> bool {
        let of = |fields: &fields::Fields, name: &str| fields::field(fields, name).map(str::to_owned);
        failed.draft.is_some() && of(&failed.typed, "_etag") != of(&self.hidden, "_etag")
    }

    fn field(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        current: String,
        more: More<'_>,
    ) -> Html {
        // In a row that nobody touched stands what is there now.
        let failed = self.failed().filter(|f| !fields::was_left(&f.typed, name));
        let typed: Option<Vec<String>> =
            failed.map(|f| f.typed.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect());
        let chosen = typed.unwrap_or_else(|| current.lines().map(str::to_owned).collect());
        let value = match failed {
            Some(_) => chosen.last().cloned().unwrap_or_default(),
            None => current.clone(),
        };
        let value = more.start.filter(|_| value.is_empty()).map_or(value, str::to_owned);
        let alike = value.replace("\r\n", "\n").trim() == current.trim();
        let moved = failed.is_some_and(|f| f.is_stale(name) || self.is_old(f));
        let saved = (moved && !alike && kind != "password").then(|| current.clone());
        let held = if kind == "flag" && current == "true" { "false\ntrue".into() } else { current.clone() };
        self.written.borrow_mut().push((name.to_owned(), held));
        // What is chosen from is told by its labels: several, where several are chosen.
        let said = |value: &str| {
            let known = more.choices.iter().find(|choice| choice.value == value);
            known.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
        };
        let saved = saved.map(|text| match kind {
            "checks" | "groups" => text.lines().map(said).collect::<Vec<_>>().join(", "),
            _ => said(&text),
        });
        let label: Label = label.into();
        let faults: Vec<String> = failed
            .into_iter()
            .flat_map(|f| f.faults.iter().filter(|(at, _)| at == name))
            .map(|(_, text)| if text.is_empty() { self.frame.left_empty(kind, &label.text) } else { text.clone() })
            .collect();
        if !faults.is_empty() {
            let of = |text: String| if label.about.is_empty() { text } else { format!("{}: {text}", label.about) };
            let named = Named {
                label: of(label.text.clone()),
                empty: of(self.frame.left_empty(kind, &label.text)),
                of_thing: !label.about.is_empty(),
            };
            self.frame.labels.borrow_mut().insert(name.to_owned(), named);
        }
        // A thing that is chosen now can be kept, whatever there is to choose from otherwise.
        let mut choices = more.choices.to_vec();
        let is_thing = kind == "select" && value.parse::<Id>().is_ok();
        if is_thing && !choices.iter().any(|choice| choice.value == value) {
            choices.push(Choice::new(value.clone(), self.frame.say("choose-as-now")));
        }
        let by_contract =
            self.frame.required.and_then(|all| all.get(self.act)).is_some_and(|names| names.contains(name));
        // A box is ticked or not, and a list without an empty line is always chosen from.
        let required = match kind {
            "flag" | "checks" | "groups" => false,
            "select" => by_contract && choices.first().is_none_or(|first| first.value.is_empty()),
            _ => by_contract || more.required,
        };
        self.marked.set(self.marked.get() || required);
        html(&Field {
            p: self.frame,
            kind,
            id: self.id(name),
            name,
            label: label.html(),
            hint: hint.into(),
            value,
            chosen,
            saved,
            faults,
            choices,
            required,
        })
    }

    /// What is wrong with a row among many as a whole: that another has changed it.
    pub fn row_faults(&self, at: &str) -> Html {
        let faults = self.failed().into_iter().flat_map(|f| f.faults.iter().filter(|(place, _)| place == at));
        let id = self.id(at);
        let told = faults.map(|(_, text)| format!("<p class=\"fault\">{}</p>", escaped(text))).collect::<String>();
        Html(if told.is_empty() {
            told
        } else {
            format!("<div class=\"wrong\" id=\"{id}\" tabindex=\"-1\">{told}</div>")
        })
    }

    /// The end of a row among many: one that is left as it is now is not sent.
    pub fn row_end(&self, at: &str) -> Html {
        let written = self.written.borrow();
        let own = written
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(at)?.strip_prefix('/')?, value.as_str())));
        let mark = fields::mark_of_row(own);
        Html(format!("<input type=\"hidden\" name=\"{}{at}\" value=\"{}\">", fields::WAS, escaped(&mark)))
    }

    /// The things in the rows of a form that came back, by what the fields that name them hold.
    pub fn rows_that_came_back(&self, list: &str, named_by: &[&str]) -> Vec<String> {
        self.failed().map(|f| fields::rows_of(&f.typed, list, named_by).into_keys().collect()).unwrap_or_default()
    }

    /// The places in a list of things that are named by these fields: in a form that came back those that they had in it,
    /// since others may have come or gone in between.
    pub fn places(&self, list: &str, named_by: &[&str], things: &[String]) -> Vec<usize> {
        let typed = self.failed().map(|f| fields::rows_of(&f.typed, list, named_by)).unwrap_or_default();
        let mut next = typed.values().max().map_or(0, |last| last + 1);
        let place = |thing: &String| {
            typed.get(thing).copied().unwrap_or_else(|| {
                next += 1;
                next - 1
            })
        };
        things.iter().map(place).collect()
    }

    /// The id of a field on the page.
    pub fn id(&self, name: &str) -> String {
        field_id(&self.name, name)
    }

    /// One line of text: `kind` is `text`, `date`, `number` (a whole one), `amount`, `email` or `password`.
    pub fn line(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        current: impl Shown,
    ) -> Html {
        self.field(kind, name, label, hint, current.shown(), More::default())
    }

    /// A file, in a form that one goes along with.
    pub fn file(&self, name: &str, label: impl Into<Label>, hint: impl Into<String>) -> Html {
        self.field("file", name, label, hint, String::new(), More { required: true, ..More::default() })
    }

    /// One line of text that must be written.
    pub fn must(
        &self,
        kind: &'static str,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        current: impl Shown,
    ) -> Html {
        self.field(kind, name, label, hint, current.shown(), More { required: true, ..More::default() })
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: impl Into<Label>, hint: impl Into<String>, current: impl Shown) -> Html {
        self.field("area", name, label, hint, current.shown(), More::default())
    }

    /// Several lines of text, with what was written in their place before: to read beside them, and to start with where nothing
    /// is written yet.
    pub fn area_after(
        &self,
        name: &str,
        label: impl Into<String>,
        hint: impl Into<String>,
        current: impl Shown,
        texts: &[Earlier],
    ) -> Html {
        let (label, current, id) = (label.into(), current.shown(), self.id(name));
        let texts: Vec<&Earlier> = texts.iter().filter(|one| !one.text.trim().is_empty()).collect();
        let begun = |n: usize| self.frame.start.as_deref() == Some(EarlierTexts::start(&id, n).as_str());
        let start = texts.iter().enumerate().find(|(n, _)| begun(*n)).map(|(_, one)| one.text.as_str());
        let typed = self.failed().and_then(|failed| fields::field(&failed.typed, name));
        let now = typed.unwrap_or(&current).replace("\r\n", "\n");
        let field = self.field("area", name, label.clone(), hint, current, More { start, ..More::default() });
        if texts.is_empty() {
            return field;
        }
        let beside = html(&EarlierTexts { p: self.frame, id, label, texts, now });
        Html(format!("<div class=\"beside\">{}<div>{}</div></div>", field.0, beside.0))
    }

    /// One of several, in a list; an empty first line is nothing.
    pub fn select(
        &self,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("select", name, label, hint, current.shown(), More { choices, ..More::default() })
    }

    /// One of several, all in sight.
    pub fn radios(
        &self,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("radios", name, label, hint, current.shown(), More { choices, ..More::default() })
    }

    /// Any number of several. `current` has a line for each.
    pub fn checks(
        &self,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("checks", name, label, hint, current.shown(), More { choices, ..More::default() })
    }

    /// The same of many, folded under what they stand under.
    pub fn groups(
        &self,
        name: &str,
        label: impl Into<Label>,
        hint: impl Into<String>,
        choices: &Vec<Choice>,
        current: impl Shown,
    ) -> Html {
        self.field("groups", name, label, hint, current.shown(), More { choices, ..More::default() })
    }

    /// What was typed in a field of several values, where the form came back.
    pub fn typed(&self, name: &str) -> Vec<String> {
        let sent = self.failed().into_iter().flat_map(|failed| &failed.typed).filter(|(typed, _)| typed == name);
        sent.flat_map(|(_, text)| text.lines()).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Yes or no.
    pub fn flag(&self, name: &str, label: impl Into<Label>, hint: impl Into<String>, current: impl Shown) -> Html {
        self.field("flag", name, label, hint, current.shown(), More::default())
    }

    /// Whether whoever is named is to be given the role that it takes: asked where the form came back because they have none,
    /// and whoever sent it may give it.
    pub fn grant_role(&self) -> Html {
        let asked = |f: &Failed| f.role_grantable || f.typed.iter().any(|(name, _)| name == "grantRole");
        match self.failed().is_some_and(asked) {
            true => self.flag("grantRole", self.frame.say("grant-role"), self.frame.say("grant-role-hint"), false),
            false => Html(String::new()),
        }
    }

    /// The marking of secrecy that stands at `at` in the operation's form.
    pub fn secrecy(&self, at: &str, marked: &Option<Secrecy>) -> Html {
        let written = |marked: &Secrecy| (marked.provision.clone(), Some(marked.date), marked.authority.clone());
        let (provision, date, authority) = marked.as_ref().map(written).unwrap_or_default();
        html(&Marking { p: self.frame, form: self, at, marked: marked.is_some(), provision, date, authority })
    }

    /// The fields of a board's decision, on a plan or on a report.
    pub fn decision(&self, about: &Deciding) -> Html {
        html(&Decision { p: self.frame, form: self, about })
    }

    /// What sends it, and its end.
    pub fn send(&self, label: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), false, "")
    }

    /// The same, where several on the page say it: with what it is about for who does not see where it stands.
    pub fn send_about(&self, label: impl AsRef<str>, about: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), false, about.as_ref())
    }

    /// The same, for what is not to be done by mistake, or beside something greater.
    pub fn send_quietly(&self, label: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), true, "")
    }

    /// The same, with what it is about.
    pub fn send_quietly_about(&self, label: impl AsRef<str>, about: impl AsRef<str>) -> Html {
        self.sending(label.as_ref(), true, about.as_ref())
    }

    fn sending(&self, label: &str, quiet: bool, about: &str) -> Html {
        #[derive(Template)]
        #[template(path = "parts/form_end.html")]
        struct Ending<'l> {
            p: &'l Frame,
            label: &'l str,
            quiet: bool,
            about: &'l str,
            marked: bool,
            kept: bool,
            draft: bool,
        }
        let draft = self.failed().is_some_and(|failed| failed.draft.is_some());
        html(&Ending { p: self.frame, label, quiet, about, marked: self.marked.get(), kept: self.kept, draft })
    }
}

#[derive(Default)]
struct More<'f> {
    choices: &'f [Choice],
    required: bool,
    /// What it begins with where nothing is written.
    start: Option<&'f str>,
}

fn field_id(form: &str, name: &str) -> String {
    format!("{form}-{}", name.replace('/', "-"))
}

impl Frame {
    /// A form for an operation, by a name of its own on the page.
    pub fn form(&self, act: &'static str, name: impl Into<String>) -> Form<'_> {
        Form::new(self, act, name)
    }

    pub fn field_id(&self, form: &str, name: &str) -> String {
        field_id(form, name)
    }
}
