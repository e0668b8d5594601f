//! A plan beside last year's, or another: what changed first, in words and risk by risk.

use std::collections::HashMap;

use askama::Template;

use super::known::Levels;
use crate::app::caller::Caller;
use crate::app::derived::comparison::{self, ComparedRisk};
use crate::app::derived::differences::{self, Difference, Of};
use crate::app::places::manner_in;
use crate::app::plan::stages::PlanView;
use crate::app::plans;
use crate::domain::words::{Category, Change, LevelKey, Response};
use crate::error::Result;
use crate::storage::records::{Organisation, Plan};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::values::{Shown, capital};

#[derive(Template)]
#[template(path = "pages/comparison.html")]
struct Compared<'a> {
    p: &'a Frame,
    view: PlanView,
    body: Organisation,
    with_year: Option<i32>,
    comparable: bool,
    summary: String,
    /// Those in which something has changed, and the others.
    groups: [(&'static str, Vec<Row>); 2],
    gone: Vec<ComparedRisk>,
}

struct Row {
    risk: ComparedRisk,
    differences: Vec<Told>,
}

/// A difference in words: of what, and how it was and is.
struct Told {
    label: String,
    before: String,
    after: String,
}

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let view = plans::get(r, caller, id)?;
    let body: Organisation = r.linked(view.plan.organisation_id)?;
    p.speak(manner_in(r, &body, view.plan.year)?);
    let held = comparison::comparison(r, caller, id, ask.q("with"), None)?;
    let levels = Levels::read(r, view.plan.policy_version_id, p)?;
    let mut differ: HashMap<Id, Vec<Difference>> = match held.with_plan_id {
        Some(other) => {
            let other: Plan = r.linked(other)?;
            differences::between(r, &view.plan, &other)?
        }
        None => HashMap::new(),
    };
    let mut groups = [("compare-changed", Vec::new()), ("compare-unchanged", Vec::new())];
    for risk in held.risks {
        let found = differ.remove(&risk.risk_id).unwrap_or_default();
        let differences: Vec<Told> = found.into_iter().map(|one| told(p, &levels, one)).collect();
        let moved = risk.change.is_some_and(|change| change != Change::Unchanged)
            || risk.previously_included.is_some_and(|before| before != risk.included);
        groups[usize::from(!moved && differences.is_empty())].1.push(Row { risk, differences });
    }
    ask.write(&Compared {
        p,
        summary: summary(p, &groups, held.gone.len()),
        with_year: held.with_year,
        comparable: held.comparable,
        groups,
        gone: held.gone,
        view,
        body,
    })
}

/// How many have changed, and how, in a sentence.
fn summary(p: &Frame, groups: &[(&'static str, Vec<Row>); 2], gone: usize) -> String {
    let [(_, changed), (_, same)] = groups;
    let of = |wanted: Change| changed.iter().filter(|row| row.risk.change == Some(wanted)).count();
    let (new, raised, lowered) = (of(Change::New), of(Change::Raised), of(Change::Lowered));
    let counts = [
        ("compare-new", new),
        ("compare-raised", raised),
        ("compare-lowered", lowered),
        ("compare-otherwise", changed.len() - new - raised - lowered),
        ("compare-same", same.len()),
        ("compare-left", gone),
    ];
    let told: Vec<String> =
        counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| p.count(key, count)).collect();
    if told.is_empty() { String::new() } else { format!("{}.", capital(&told.join(", "))) }
}

fn told(p: &Frame, levels: &Levels, one: Difference) -> Told {
    let key = match one.of {
        Of::Name => "name",
        Of::Description => "description",
        Of::Goal => "goal",
        Of::LocalGoal => "local-goal",
        Of::Owner => "risk-owner",
        Of::Category => "category",
        Of::Response => "response",
        Of::TargetLevel => "target-level",
        Of::Justification => "justification",
        Of::Control => "control",
        Of::Action => "action",
    };
    let said = |text: Option<String>| {
        let text = text.shown();
        let word = match one.of {
            Of::Category => Category::parse(&text).map(|word| p.word(word)),
            Of::Response => Response::parse(&text).map(|word| p.word(word)),
            Of::TargetLevel => LevelKey::parse(&text).map(|word| levels.label(&word).to_owned()),
            _ => None,
        };
        let text = word.unwrap_or(text);
        if text.is_empty() { "–".to_owned() } else { text }
    };
    Told { label: p.say(key), before: said(one.before), after: said(one.after) }
}
