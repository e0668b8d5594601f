//! What indicators came to: everything that an organisation is asked about in a period, in one table; and who has reported.

use askama::Template;

use super::indicators::{figure, judged};
use super::lists::{self, File, files};
use crate::app::caller::Caller;
use crate::app::findings::asked::{self, Answered, Asked};
use crate::app::imports::ground::takes_somewhere;
use crate::app::people::organisations;
use crate::domain::due;
use crate::domain::targets::printed;
use crate::domain::words::{Comparator, ImportKind, Language, OutcomeJudgement, Period};
use crate::error::Result;
use crate::storage::records::{Organisation, Outcome, OwnAction};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::{Choice, Html};

/// A row of the table, with what its fields begin with.
struct Row {
    asked: Asked,
    /// What its fields are named by.
    at: String,
    target: String,
    last_period: String,
    last_year: String,
    value: String,
    forecast: String,
    now: String,
    expected: String,
    judged: Html,
    /// What the register proposes, where that is not what is judged.
    proposed: Option<String>,
    choices: Vec<Choice>,
    /// The actions that it led to and that belong to no risk; where they are written an empty one, too.
    actions: Vec<OwnAction>,
}

impl Row {
    fn action_count(&self) -> usize {
        self.actions.iter().filter(|one| !one.name.is_empty()).count()
    }

    /// The actions of plans that it led to.
    fn linked(&self) -> usize {
        self.asked.now.as_ref().map_or(0, |view| view.outcome.action_ids.len())
    }
}

#[derive(Template)]
#[template(path = "pages/outcomes.html")]
struct OfOrganisation<'a> {
    p: &'a Frame,
    organisation: Organisation,
    year: i32,
    period: Period,
    periods: Vec<(Period, bool)>,
    files: Vec<File>,
    rows: Vec<Row>,
    /// How many of them nobody has told: they come first.
    lacking: usize,
    writes: bool,
    hindrance: Option<String>,
    form: Form<'a>,
    /// Whoever looks may take outcomes in from a file.
    takes_files: bool,
}

#[derive(Template)]
#[template(path = "pages/outcomes_all.html")]
struct OfAll<'a> {
    p: &'a Frame,
    year: i32,
    period: Period,
    periods: Vec<(Period, bool)>,
    files: Vec<File>,
    rows: Vec<Answered>,
    /// Whoever looks may take outcomes in from a file.
    takes_files: bool,
}

/// The year and the period that are asked for; else the newest with goals, and the last period that is asked for by now.
fn when(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<(i32, Period)> {
    let years = r.indicator_years()?;
    let (today, year) = (r.today(), lists::issued_year(r, caller, ask, &years)?);
    let asked = |period: &&Period| due::asked_from(year, **period).is_some_and(|from| from <= today);
    let last = Period::ALL.iter().rev().find(asked).copied();
    Ok((year, ask.q("period").or(last).unwrap_or(Period::T1)))
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let (year, period) = when(r, caller, ask)?;
    let periods = Period::ALL.iter().map(|one| (*one, *one == period)).collect();
    let Some(id) = ask.q::<Id>("organisationId") else {
        let rows = asked::answered(r, caller, year, period)?;
        let files = as_files(ask, year, period)?;
        let takes_files = takes_files(p, caller);
        return ask.write(&OfAll { p, year, period, periods, files, rows, takes_files });
    };
    let organisation = organisations::get(r, caller, id)?;
    let mut all = asked::of(r, caller, &organisation, (year, period))?;
    // What nobody has told is what one has come for.
    all.sort_by_key(Asked::is_answered);
    let lacking = all.iter().filter(|one| !one.is_answered()).count();
    let hindrance = asked::hindrance(r, &organisation, year, period)?.map(|refusal| refusal.text(p.language));
    let may = p.is_now() && hindrance.is_none();
    let writes = may && all.iter().any(|one| one.may_write);
    let hindrance = hindrance.filter(|_| all.iter().any(|one| one.may_write));
    let here = lists::address(ask, &[]);
    let mut form = p.form("writeOutcomes", "outcomes").fixed("acceptProposals", true).to(here);
    let mut rows = Vec::with_capacity(all.len());
    let ids: Vec<String> = all.iter().map(|one| one.indicator.id.to_string()).collect();
    let places = form.places("items", &["indicatorId"], &ids);
    for (n, mut asked) in places.into_iter().zip(all) {
        asked.may_write &= may;
        let at = format!("items/{n}");
        if asked.may_write {
            // One that is there already and is left empty is refused: what was told is not taken back by that.
            let mark = if asked.now.is_some() { "" } else { "!" };
            form = form.fixed(&format!("{at}/indicatorId{mark}"), asked.indicator.id);
            form = form.fixed(&format!("{at}/organisationId{mark}"), organisation.id);
            form = form.fixed(&format!("{at}/period{mark}"), period);
            form = form.fixed(&format!("{at}/version!"), asked.now.as_ref().map_or(0, |view| view.outcome.version));
        }
        // The actions of plans that it led to stay as they are: they are chosen on the indicator's page.
        for view in asked.now.iter().filter(|_| asked.may_write) {
            let ids: Vec<String> = view.outcome.action_ids.iter().map(Id::to_string).collect();
            if !ids.is_empty() {
                form = form.fixed(&format!("{at}/actionIds"), ids.join("\n"));
            }
        }
        rows.push(row(p, asked, at));
    }
    let files = as_files(ask, year, period)?;
    let takes_files = takes_files(p, caller);
    ask.write(&OfOrganisation {
        p,
        organisation,
        year,
        period,
        periods,
        files,
        rows,
        lacking,
        writes,
        hindrance,
        form,
        takes_files,
    })
}

/// Whether the one who looks may take outcomes in from a file.
fn takes_files(p: &Frame, caller: &Caller) -> bool {
    p.is_now() && takes_somewhere(caller, ImportKind::Outcomes)
}

/// The outcomes that are given, as files.
fn as_files(ask: &Ask, year: i32, period: Period) -> Result<Vec<File>> {
    let by_itself = [("year", Some(year.to_string())), ("period", Some(period.to_string()))];
    Ok(files(ask, "outcomes-title", "/outcomes", &ask.call("listOutcomes", 1)?, &by_itself))
}

fn row(p: &Frame, asked: Asked, at: String) -> Row {
    let unit = &asked.indicator.unit;
    let then = |one: &Option<Outcome>| {
        let value = one.as_ref().and_then(|one| one.value.clone());
        figure(p, &value, unit)
    };
    let is_yes = asked.indicator.comparator == Some(Comparator::Yes);
    // As it is typed: with a comma, and in words.
    let typed = |text: &Option<String>| match text {
        Some(word) if is_yes => p.say(word).to_lowercase(),
        Some(number) if p.language == Language::Sv => number.replace('.', ","),
        Some(number) => number.clone(),
        None => String::new(),
    };
    let now = asked.now.as_ref();
    let (value, forecast) =
        now.map(|view| (view.outcome.value.clone(), view.outcome.forecast.clone())).unwrap_or_default();
    let judgement = now.and_then(|view| view.outcome.judgement);
    let proposed = now.and_then(|view| view.proposed_judgement).filter(|own| Some(*own) != judgement);
    let mut choices = vec![Choice::new("", p.say("outcomes-as-proposed"))];
    choices.extend(p.words::<OutcomeJudgement>());
    let mut actions = now.map(|view| view.outcome.actions_of_its_own().to_vec()).unwrap_or_default();
    if asked.may_write {
        actions.push(OwnAction { name: String::new(), end_date: None, completed_on: None });
    }
    Row {
        target: asked.target.as_deref().map_or_else(|| "–".into(), printed),
        last_period: then(&asked.last_period),
        last_year: then(&asked.last_year),
        now: figure(p, &value, unit),
        expected: figure(p, &forecast, unit),
        value: typed(&value),
        forecast: typed(&forecast),
        judged: judged(p, &judgement),
        proposed: proposed.map(|word| p.say_with("outcomes-proposed", "word", p.in_text(word))),
        choices,
        actions,
        at,
        asked,
    }
}
