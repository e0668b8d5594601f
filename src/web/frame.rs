//! What every page has around it: who is signed in, in which language, where on the site, and what came of a form.
//! Templates ask it for texts, dates, shapes and forms.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use chrono::NaiveDate;
use fluent_bundle::FluentValue;
use riskregister_document::Stretch;

use super::fields::{self, Fields, Required};
use super::texts::{self, Called};
use super::values::{Choice, Html, Label, Labelled, Shown, capital, escaped, long_date, shape_of};
use crate::app::caller::Caller;
use crate::app::documents::Format;
use crate::domain::events::EventKind;
use crate::domain::manner::Manner;
use crate::domain::own_words::usual;
use crate::domain::roles::Holder;
use crate::domain::scoring::is_shipped_english;
use crate::domain::text::small;
use crate::domain::words::{Category, Colour, Language, Recurrence, Word};
use crate::error::MissingItem;
use crate::storage::{Id, Timestamp};

/// One page's surroundings.
pub struct Frame {
    pub language: Language,
    /// The name of who is signed in; nobody on the pages that are for everyone.
    pub user: Option<String>,
    pub csrf: String,
    /// This page, with what is asked of it.
    pub here: String,
    /// The text that is offered for a field, and that the field is to start with: by the id of its box.
    pub start: Option<String>,
    pub today: NaiveDate,
    /// The time that the register is shown as of.
    pub as_of: Option<Timestamp>,
    /// When the register began, where that time lies before it.
    pub before: Option<Timestamp>,
    /// The page asks for the day that it is to show.
    pub asks_for_a_day: bool,
    /// What is told of what has just been done.
    pub notice: Option<String>,
    /// The operation that did it, where nothing else is told.
    pub done: Option<String>,
    /// What it was done to, and its page.
    pub done_to: Option<(String, String)>,
    pub failed: Option<Failed>,
    pub sent: Option<Again>,
    /// What the forms of operations must have; none where there are no such forms.
    pub required: Option<&'static Required>,
    pub held: Roles,
    /// When the account for emergencies was last used, within a day.
    pub emergency: Option<Timestamp>,
    /// A register of made-up values.
    pub demo: bool,
    /// What the fields are called that something is wrong with, by their names, and what is to be done about an empty one:
    /// known when they have been written.
    pub labels: RefCell<HashMap<String, Named>>,
    /// What those are called whom the page speaks of.
    pub spoken: Spoken,
}

/// In whose words a page speaks: those of the whole register, until it knows whose matters it is about.
pub struct Spoken(RefCell<(Manner, Called)>);

impl Spoken {
    pub fn of(manner: Manner, language: Language) -> Self {
        let called = Called::by(&manner, language);
        Self(RefCell::new((manner, called)))
    }
}

/// What the navigation depends on. What anyone may do is decided by the verbs, not here.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roles {
    pub administrator: bool,
    pub head: bool,
    pub controller: bool,
    pub auditor: bool,
    pub reader: bool,
    /// A reader of drafts, too.
    pub drafts: bool,
}

impl Roles {
    pub fn of(caller: &Caller) -> Self {
        let holds = |holder| caller.grants.iter().any(|grant| grant.holder == holder);
        Self {
            administrator: holds(Holder::RegionAdministrator),
            head: holds(Holder::Head),
            controller: holds(Holder::Controller),
            auditor: holds(Holder::Auditor),
            reader: holds(Holder::Reader),
            drafts: caller.grants.iter().any(|grant| grant.holder == Holder::Reader && grant.drafts),
        }
    }

    /// Whoever sees more than what is decided: the follow-up on its way, and the history.
    pub fn follows(&self) -> bool {
        self.administrator || self.head || self.controller || self.auditor || self.drafts
    }

    /// Whoever looks at more than their own tasks.
    pub fn overview(&self) -> bool {
        self.administrator || self.head || self.controller || self.auditor || self.reader
    }
}

/// What came of a form that was not taken: shown again as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    /// The form's own name on the page.
    pub form: String,
    pub typed: Fields,
    /// Where, as a JSON pointer without the first slash, and what.
    pub faults: Vec<(String, String)>,
    /// Whoever is named can be given the role that it takes, in the same step.
    pub role_grantable: bool,
    /// What is missing before it can be done, and where that is mended.
    pub missing: Vec<(Option<String>, MissingItem)>,
    /// What is to be said of the form as a whole.
    pub message: String,
    /// Somebody else has changed the thing meanwhile: both texts are shown.
    pub stale: bool,
    /// The same of rows among many.
    pub stale_rows: Vec<String>,
    /// When it was kept while it was written, where nobody has sent it yet: then nothing is wrong with it.
    pub draft: Option<Timestamp>,
}

/// What the clock shows in Stockholm: "kl. 10.30".
pub fn clock(language: Language, time: &Timestamp) -> String {
    let there = time.utc().with_timezone(&chrono_tz::Europe::Stockholm);
    there.format(if language == Language::Sv { "kl.\u{a0}%H.%M" } else { "%H:%M" }).to_string()
}

impl Failed {
    /// Whether somebody else has changed what a field is of meanwhile.
    pub fn is_stale(&self, field: &str) -> bool {
        let below = |row: &String| field.strip_prefix(row.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.stale || self.stale_rows.iter().any(below)
    }

    /// What a page holds that shows the form again, with its faults.
    pub fn mark(&self) -> String {
        format!("id=\"{}-faults\"", self.form)
    }
}

/// A field with a fault, as it is called above its form.
#[derive(Debug)]
pub struct Named {
    pub label: String,
    /// What is said of it when it was left empty.
    pub empty: String,
    /// It is of a row, and named by the row's thing.
    pub of_thing: bool,
}

/// A form that was sent but is not done by that: only its rows were to change, or only what it would come to be told.
/// Its page shows it again as it was sent.
#[derive(Debug, Clone)]
pub struct Again {
    pub typed: Fields,
    /// What the operation told, as JSON.
    pub answer: Option<Vec<u8>>,
}

/// What the two axes of a scale are called, as a sentence begins with them.
#[derive(Debug, Clone)]
pub struct Axes {
    pub down: String,
    pub across: String,
}

impl Axes {
    /// A text about them.
    pub fn said(&self, p: &Frame, key: &str) -> String {
        p.say_of(key, self, &[])
    }

    /// Of which two steps a score is made.
    pub fn score(&self, p: &Frame, likelihood: &i32, consequence: &i32) -> String {
        p.say_of("score-is", self, &[("likelihood", likelihood), ("consequence", consequence)])
    }

    /// The steps of a risk's first assessment.
    pub fn first(&self, p: &Frame, likelihood: &i32, consequence: &i32) -> String {
        p.say_of("assessed-first", self, &[("likelihood", likelihood), ("consequence", consequence)])
    }

    /// A step that has become another.
    pub fn moved(&self, p: &Frame, key: &str, from: &i32, to: &i32) -> String {
        p.say_of(key, self, &[("from", from), ("to", to)])
    }
}

/// The lists of forms whose rows are told apart by their places, and the key of what a row is called.
const ROWS: [(&str, &str); 6] = [
    ("grants/", "user-role-row"),
    ("items/", "row-outcome"),
    ("definition/likelihoods/", "row-likelihood"),
    ("definition/consequences/", "row-consequence"),
    ("definition/cells/", "row-cell"),
    ("definition/levels/", "row-level"),
];

/// A format as an address holds its media type.
fn in_address(format: Format) -> String {
    form_urlencoded::byte_serialize(format.media_type().as_bytes()).collect()
}

impl Frame {
    /// From here on the page speaks so: it has come to know whose matters it is about.
    pub fn speak(&self, manner: Manner) {
        let called = Called::by(&manner, self.language);
        self.spoken.0.replace((manner, called));
    }

    fn said_with(&self, key: &str, put_in: &[(&str, FluentValue<'_>)]) -> String {
        texts::say_as(self.language, &self.spoken.0.borrow().1, key, put_in)
    }

    /// What happened, by the kind of the event; what is no kind by its name.
    pub fn happened(&self, kind: &str) -> String {
        let manner = &self.spoken.0.borrow().0;
        EventKind::parse(kind).map_or_else(|| kind.to_owned(), |kind| kind.sentence(manner, self.language))
    }

    /// The text with this key.
    pub fn say(&self, key: &str) -> String {
        self.said_with(key, &[])
    }

    /// The text with this key, and one thing put in.
    pub fn say_with(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.said_with(key, &[(name, FluentValue::from(value.to_string()))])
    }

    /// The text with this key, and two things put in.
    pub fn say_two(
        &self,
        key: &str,
        name: &str,
        value: impl std::fmt::Display,
        other: &str,
        second: impl std::fmt::Display,
    ) -> String {
        let put_in = [(name, FluentValue::from(value.to_string())), (other, FluentValue::from(second.to_string()))];
        self.said_with(key, &put_in)
    }

    /// The text with this key for so many: singular and plural are the text's own matter.
    pub fn count(&self, key: &str, count: impl std::fmt::Display) -> String {
        let count: i64 = count.to_string().parse().unwrap_or(i64::MAX);
        self.said_with(key, &[("count", FluentValue::from(count))])
    }

    /// The same, with something put in.
    pub fn count_with(
        &self,
        key: &str,
        count: impl std::fmt::Display,
        name: &str,
        value: impl std::fmt::Display,
    ) -> String {
        let count: i64 = count.to_string().parse().unwrap_or(i64::MAX);
        self.said_with(key, &[("count", FluentValue::from(count)), (name, FluentValue::from(value.to_string()))])
    }

    /// What has just been done, for people to read.
    pub fn told(&self) -> Option<String> {
        let of = |act: &String| {
            let own = format!("done-{act}");
            self.say(if texts::has(self.language, &own) { &own } else { "done" })
        };
        self.notice.clone().or_else(|| self.done.as_ref().map(of))
    }

    /// A sentence about the axes of a scale, and what else is to be put in.
    pub fn say_of(&self, key: &str, axes: &Axes, put_in: &[(&str, &dyn std::fmt::Display)]) -> String {
        let mut all = vec![
            ("down", FluentValue::from(axes.down.clone())),
            ("across", FluentValue::from(axes.across.clone())),
            ("down-in", FluentValue::from(small(&axes.down))),
            ("across-in", FluentValue::from(small(&axes.across))),
        ];
        all.extend(put_in.iter().map(|(name, value)| (*name, FluentValue::from(value.to_string()))));
        self.said_with(key, &all)
    }

    /// A cell of a scale, by its steps.
    pub fn cell_of(&self, axes: &Axes, down: usize, across: usize) -> String {
        self.say_of("row-cell", axes, &[("n", &down), ("m", &across)])
    }

    /// What the axes of the scale are called that a form writes.
    pub fn axes_written(&self, fields: &Fields) -> Axes {
        let named = |field: &str, key: &str| {
            let typed = fields::field(fields, field).map(str::trim).filter(|text| !text.is_empty());
            typed.map_or_else(|| self.say(key), str::to_owned)
        };
        Axes {
            down: named("definition/likelihoodName", "likelihood"),
            across: named("definition/consequenceName", "consequence"),
        }
    }

    /// The label of a field of a row, whose thing stands beside it.
    pub fn of_row(&self, key: &str, name: &str) -> Label {
        Label { text: self.say(key), about: name.to_owned() }
    }

    /// A word of a closed list, as a label.
    pub fn word(&self, word: impl Labelled) -> String {
        capital(&self.in_text(word))
    }

    /// The same as it stands in a page by itself: a body's own word is Swedish, whatever language the page is in.
    pub fn worded(&self, word: impl Labelled) -> Html {
        let own = word.is_own(&self.spoken.0.borrow().0);
        let told = escaped(&self.word(word));
        if own { self.in_swedish(told) } else { Html(told) }
    }

    /// The status that something has; or that nobody has reported any.
    pub fn status(&self, reported: Option<impl Labelled>) -> Html {
        reported.map_or_else(|| Html(escaped(&self.say("status-missing"))), |word| self.worded(word))
    }

    /// The same within a sentence.
    pub fn in_text(&self, word: impl Labelled) -> Cow<'static, str> {
        word.labelled(self.language, &self.spoken.0.borrow().0)
    }

    /// The same of any list.
    pub fn label<W: Word>(&self, word: W) -> Cow<'static, str> {
        self.spoken.0.borrow().0.label(word, self.language)
    }

    /// Whether a word of a closed list is said in the body's own way.
    pub fn says_own<W: Word>(&self, word: W) -> bool {
        self.spoken.0.borrow().0.says_own(word)
    }

    /// Every word of a closed list, to choose from.
    pub fn words<W: Word>(&self) -> Vec<Choice> {
        W::ALL.iter().map(|word| Choice::new(word.as_str(), capital(&self.label(*word)))).collect()
    }

    /// The categories to look for: those of the body's own that count as each of the four, or else the four.
    pub fn categories(&self) -> Vec<Choice> {
        let words = self.spoken.0.borrow().0.words.clone();
        if words.categories().is_empty() {
            return self.words::<Category>();
        }
        let own = |category: Category| {
            let counted = words.categories().iter().filter(|own| own.category == category);
            let names: Vec<&str> = counted.map(|own| own.name.as_str()).collect();
            (!names.is_empty()).then(|| Choice::new(category.as_str(), names.join(", ")))
        };
        Category::ALL.iter().copied().filter_map(own).collect()
    }

    /// How often a control is done: as the body words it, or else what the follow-up goes by, as documents say it. None where
    /// neither is known.
    pub fn how_often(&self, written: &Option<String>, recurrences: &[Recurrence]) -> Option<String> {
        let words: Vec<_> = recurrences.iter().map(|one| self.in_text(one)).collect();
        written.clone().or_else(|| (!words.is_empty()).then(|| capital(&words.join(", "))))
    }

    /// What may be nothing, as a dash.
    pub fn or_dash(&self, value: impl Shown) -> String {
        let text = value.shown();
        if text.is_empty() { "–".into() } else { text }
    }

    /// A name that people have given, of one line. They write Swedish, whatever language the page is in.
    pub fn theirs(&self, text: impl Shown) -> Html {
        self.in_swedish(escaped(&text.shown()))
    }

    fn in_swedish(&self, html: String) -> Html {
        match self.language {
            Language::Sv => Html(html),
            Language::En if html.is_empty() => Html(html),
            Language::En => Html(format!("<span lang=\"sv\">{html}</span>")),
        }
    }

    /// What people have written, with lists where it has them: those that the documents see, too. In spans, since it may stand
    /// within a paragraph.
    pub fn said(&self, text: impl Shown) -> Html {
        self.in_swedish(self.listed(text).0)
    }

    /// A text of a scale: the shipped one is told in the language of the page, another by whoever wrote it.
    pub fn of_scale(&self, text: impl Shown) -> Html {
        let text = text.shown();
        if is_shipped_english(&text) { self.listed(text) } else { self.said(text) }
    }

    /// What is written in the language of the page, with lists where it has them.
    pub fn listed(&self, text: impl Shown) -> Html {
        let text = text.shown();
        let mut html = String::new();
        for stretch in riskregister_document::stretches(&text) {
            match stretch {
                Stretch::Text(text) => html.push_str(&escaped(text)),
                Stretch::List(items) => {
                    html.push_str("<span class=\"list\" role=\"list\">");
                    for item in items {
                        html.push_str(&format!("<span role=\"listitem\">{}</span>", escaped(item)));
                    }
                    html.push_str("</span>");
                }
            }
        }
        Html(html)
    }

    pub fn or_dash_word(&self, word: &Option<impl Labelled>) -> String {
        word.as_ref().map_or_else(|| "–".into(), |word| self.word(word))
    }

    pub fn date(&self, date: &NaiveDate) -> String {
        long_date(self.language, *date)
    }

    pub fn or_dash_date(&self, date: &Option<NaiveDate>) -> String {
        date.map_or_else(|| "–".into(), |date| long_date(self.language, date))
    }

    /// A moment, in Stockholm: "2 maj 2024 kl. 10.30".
    pub fn time(&self, time: &Timestamp) -> String {
        format!("{} {}", long_date(self.language, time.stockholm_date()), clock(self.language, time))
    }

    /// What is wrong with a form that was sent.
    pub fn refused(&self) -> Option<&Failed> {
        self.failed.as_ref().filter(|failed| failed.draft.is_none())
    }

    /// A moment as a field holds it: by the clock in Stockholm.
    pub fn clock(&self, time: &Timestamp) -> String {
        time.utc().with_timezone(&chrono_tz::Europe::Stockholm).format(fields::CLOCK).to_string()
    }

    /// The shape that goes with a colour, for those who do not see it: the word stands beside.
    pub fn shape(&self, name: &str) -> Html {
        let drawn = match name {
            "circle" => r#"<circle cx="8" cy="8" r="6.5"/>"#,
            "triangle" => r#"<path d="M8 1.5 15 14.5H1z"/>"#,
            "square" => r#"<path d="M2 2h12v12H2z"/>"#,
            "ring" => r#"<circle cx="8" cy="8" r="5.5"/>"#,
            _ => r#"<path d="M2 6.5h12v3H2z"/>"#,
        };
        let name = match name {
            "circle" | "triangle" | "square" | "ring" => name,
            _ => "dash",
        };
        Html(format!(
            r#"<svg class="shape shape-{name}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{drawn}</svg>"#
        ))
    }

    /// The shape of a status's colour.
    pub fn mark(&self, colour: &Option<Colour>) -> Html {
        self.shape(shape_of(*colour))
    }

    /// The shape of a colour that is there.
    pub fn coloured(&self, colour: &Colour) -> Html {
        self.shape(shape_of(Some(*colour)))
    }

    /// What the names of our files carry, so that a browser never has an old one.
    pub fn version(&self) -> &'static str {
        super::assets::version()
    }

    /// Where one can go, and the key of what it is called: one's own tasks first, then what one's roles look at.
    pub fn nav(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("/", "nav-home", true),
            ("/tasks", "nav-tasks", true),
            ("/risks", "nav-risks", true),
            ("/matrix", "nav-matrix", true),
            ("/plans", "nav-plans", true),
            ("/follow-up", "nav-follow-up", self.held.follows()),
            ("/deficiencies", "nav-deficiencies", true),
            ("/audit", "nav-audit", self.held.overview()),
            ("/history", "nav-history", self.held.follows()),
            ("/settings", "nav-settings", self.held.administrator || self.held.controller),
        ];
        all.into_iter().filter(|(.., there)| *there).map(|(path, key, _)| (path, key)).collect()
    }

    /// The way to the help for a job, as it is done at a body in a year.
    pub fn help(&self, job: &str, body: &Id, year: &i32) -> Html {
        let title = self.say(&format!("help-{job}-title"));
        let said = escaped(&self.say_with("help-link", "job", title));
        Html(format!("<a href=\"/help/{job}?organisationId={body}&amp;year={year}#here\">{said}</a>"))
    }

    pub fn other_language(&self) -> Language {
        if self.language == Language::Sv { Language::En } else { Language::Sv }
    }

    /// The other language by its own name, as who wants it reads it.
    pub fn other_language_name(&self) -> &'static str {
        if self.language == Language::Sv { "In English" } else { "På svenska" }
    }

    /// Whether this page lies at or below a path.
    pub fn is_at(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here == path || here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether this page belongs to a place of the navigation, by its own path or as one of its things.
    pub fn is_within(&self, path: &str) -> bool {
        let things: &[&str] = match path {
            "/tasks" => &["/status", "/statuses"],
            "/risks" => &["/controls", "/actions"],
            "/follow-up" => &["/compiled-reports", "/outcomes", "/reports"],
            // Whoever follows nothing up finds reports by their plans.
            "/plans" if !self.held.follows() => &["/reports"],
            "/audit" => &["/recommendations", "/opinions"],
            "/history" => &["/erasures"],
            "/settings" => &[
                "/goals",
                "/indicators",
                "/letters",
                "/mandatory",
                "/organisations",
                "/policies",
                "/service-accounts",
                "/standing-texts",
                "/users",
                "/webhooks",
                "/wordings",
            ],
            _ => &[],
        };
        let within = self.is_at(path) || things.iter().any(|thing| self.is_at(thing));
        match path {
            "/plans" => within && !self.follows_up(),
            "/follow-up" => within || self.follows_up(),
            _ => within,
        }
    }

    /// Whether this page is of the follow-up of a plan, for who finds that in the menu.
    fn follows_up(&self) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        let part = here.strip_prefix("/plans/").and_then(|rest| rest.split('/').nth(1)).unwrap_or_default();
        self.held.follows() && ["follow-up", "statuses", "self-assessments", "financial-measures"].contains(&part)
    }

    /// What a field is called, before what is wrong with it, where forms' faults are told together.
    pub fn named(&self, at: &str) -> String {
        let field = at.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default();
        let key = format!("field-{field}");
        let own = || usual(field, self.language).map(capital);
        let field = if texts::has(self.language, &key) { Some(self.say(&key)) } else { own() };
        let names: Vec<String> = self.row(at).into_iter().chain(field).collect();
        if names.is_empty() { String::new() } else { format!("{}: ", names.join(", ")) }
    }

    /// What to do about a field that was left empty.
    pub fn left_empty(&self, kind: &str, label: &str) -> String {
        let key = if ["select", "radios", "checks"].contains(&kind) { "empty-choose" } else { "empty-fill" };
        self.say_with(key, "label", small(label))
    }

    /// Where a fault is told above the form: before its field is written, nobody knows what that is called.
    pub fn fault_at(&self, n: impl std::fmt::Display) -> Html {
        Html(format!("<!--fault {n}-->"))
    }

    /// The page, with its faults told by what their fields are called on it.
    pub fn with_faults(&self, mut page: String) -> String {
        let faults = self.failed.iter().flat_map(|failed| &failed.faults);
        for (n, (at, text)) in faults.enumerate() {
            let labels = self.labels.borrow();
            let told = match labels.get(at).filter(|named| named.of_thing || self.row(at).is_none()) {
                Some(named) if text.is_empty() => named.empty.clone(),
                Some(named) => format!("{}: {text}", named.label),
                None if text.is_empty() => format!("{}{}", self.named(at), self.say("empty-missing")),
                None => format!("{}{text}", self.named(at)),
            };
            page = page.replacen(&self.fault_at(n).0, &escaped(&told), 1);
        }
        page
    }

    /// Which row of a long form a field stands in.
    fn row(&self, at: &str) -> Option<String> {
        let (_, key) = ROWS.iter().find(|(list, _)| at.starts_with(list))?;
        let mut places = at.split('/').filter_map(|step| step.parse::<usize>().ok()).map(|n| n + 1);
        let first = places.next()?;
        let typed = self.failed.as_ref().map(|failed| failed.typed.clone()).unwrap_or_default();
        let second = places.next().unwrap_or_default();
        Some(self.say_of(key, &self.axes_written(&typed), &[("n", &first), ("m", &second)]))
    }

    /// Every word of a closed list to choose from, after an empty first line.
    pub fn choices<W: Word>(&self) -> Vec<Choice> {
        self.or_none(self.words::<W>())
    }

    /// These to choose from, after an empty first line.
    pub fn or_none(&self, choices: impl IntoIterator<Item = Choice>) -> Vec<Choice> {
        std::iter::once(Choice::new("", self.say("choose-none"))).chain(choices).collect()
    }

    /// The formats of a document that people read: what to call each, and its media type as an address holds it.
    pub fn formats(&self) -> [(&'static str, String); 3] {
        [("PDF", Format::Pdf), ("Word", Format::Docx), ("Excel", Format::Xlsx)]
            .map(|(word, format)| (word, in_address(format)))
    }

    /// The one that other systems read.
    pub fn for_systems(&self) -> (&'static str, String) {
        ("JSON", in_address(Format::Json))
    }

    /// Which time the page shows, for people to read: a day as it ended, or a moment.
    pub fn as_it_stood(&self, time: &Timestamp) -> String {
        if let Some(began) = &self.before {
            return self.say_with("as-of-before", "date", self.date(&began.stockholm_date()));
        }
        let day = time.stockholm_date();
        match Timestamp::end_of(day) {
            Some(end) if end == *time => self.say_with("as-of-banner-day", "date", self.date(&day)),
            _ => self.say_with("as-of-banner", "time", self.time(time)),
        }
    }

    /// The day that the page shows, as a field holds it.
    pub fn day_shown(&self) -> String {
        self.as_of.map(|time| time.stockholm_date().to_string()).unwrap_or_default()
    }

    /// This page as it is today.
    pub fn as_today(&self) -> String {
        let (path, _) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let asked = form_urlencoded::Serializer::new(String::new()).extend_pairs(self.asked()).finish();
        if asked.is_empty() { path.to_owned() } else { format!("{path}?{asked}") }
    }

    /// What the address asks for, but the time and what goes on from page to page.
    pub fn asked(&self) -> Vec<(String, String)> {
        let (_, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let kept = form_urlencoded::parse(query.as_bytes()).into_owned();
        kept.filter(|(name, _)| !["asOf", "page", "before"].contains(&name.as_str())).collect()
    }

    /// Whether the page can be written on: not one of the past.
    pub fn is_now(&self) -> bool {
        self.as_of.is_none()
    }
}
