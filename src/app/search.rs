//! One search over what plans hold, what was found, and who there is: whatever the caller may see whose texts hold each word
//! of what is searched for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::contents::measures;
use super::findings::{deficiencies, recommendations};
use super::people::users;
use super::places::{manner_in, path_ids};
use super::reporting::reports;
use super::settings::{goals, indicators};
use crate::domain::manner::Manner;
use crate::domain::text::{capital, composed, folded};
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::queries::{
    DeficiencyFilter, GoalFilter, IndicatorFilter, Listing, Page, PartFilter, PlanFilter, RecommendationFilter,
    RiskFilter, Seen, UserFilter,
};
use crate::storage::records::{Goal, Organisation, Plan, Risk};
use crate::storage::{Id, Reading};

/// What kinds of things are searched, in the order in which they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchKind)]
pub enum Kind {
    Plan,
    Report,
    Risk,
    Control,
    Action,
    Goal,
    Indicator,
    Deficiency,
    Recommendation,
    User,
}

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::Plan,
        Self::Report,
        Self::Risk,
        Self::Control,
        Self::Action,
        Self::Goal,
        Self::Indicator,
        Self::Deficiency,
        Self::Recommendation,
        Self::User,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Report => "report",
            Self::Risk => "risk",
            Self::Control => "control",
            Self::Action => "action",
            Self::Goal => "goal",
            Self::Indicator => "indicator",
            Self::Deficiency => "deficiency",
            Self::Recommendation => "recommendation",
            Self::User => "user",
        }
    }
}

impl FromStr for Kind {
    type Err = ();
    fn from_str(word: &str) -> std::result::Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(())
    }
}

/// What was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchResult)]
pub struct Found {
    /// Each kind that was searched, those too of which nothing was found.
    pub kinds: Vec<OfKind>,
    /// How many there are of all of them.
    #[schema(example = 3)]
    pub total: i64,
}

/// What was found of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchResultOfKind)]
pub struct OfKind {
    pub kind: Kind,
    #[schema(example = 3)]
    pub total: i64,
    /// At most as many as were asked for.
    pub items: Vec<Hit>,
}

/// A thing that was found.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchHit)]
pub struct Hit {
    pub id: Id,
    #[schema(example = "Risk för oegentligheter")]
    pub name: String,
    /// A plan's first diary number, a risk's reference, a goal's number, a recommendation's diary number; the reference of the
    /// risk of a control or an action.
    #[schema(example = "48301")]
    pub reference: Option<String>,
    /// The body, or where it belongs.
    pub organisation_id: Id,
    /// The year of its plan, or its own.
    #[schema(example = 2024)]
    pub year: Option<i32>,
    /// Around the first word, in a text other than its name.
    #[schema(example = "… mutor och jäv vid inköp …")]
    pub excerpt: Option<String>,
}

/// So many words are looked for; nobody writes more on purpose, and each costs a look at every text.
const MOST_WORDS: usize = 8;

/// The words of what is searched for.
fn words(q: &str) -> Vec<String> {
    let mut words: Vec<String> = folded(q).split_whitespace().map(str::to_owned).collect();
    words.dedup();
    words.truncate(MOST_WORDS);
    words
}

/// What the caller may see whose texts hold each of the words: of one kind, or of all. Of nothing, nothing.
pub fn find(r: &mut Reading, caller: &Caller, q: &str, kind: Option<Kind>, listing: &Listing) -> Result<Found> {
    let words = words(q);
    let mut kinds = Vec::new();
    for one in Kind::ALL.into_iter().filter(|one| kind.is_none_or(|kind| kind == *one)) {
        let found = if words.is_empty() { Page::whole(Vec::new()) } else { of_kind(r, caller, one, &words, listing)? };
        kinds.push(OfKind { kind: one, total: found.total, items: found.items });
    }
    Ok(Found { total: kinds.iter().map(|one| one.total).sum(), kinds })
}

fn of_kind(r: &mut Reading, caller: &Caller, kind: Kind, words: &[String], listing: &Listing) -> Result<Page<Hit>> {
    // What was changed last is what one looks for first.
    let listing = &Listing { sort: vec![by(kind)], ..listing.clone() };
    let words = words.to_vec();
    Ok(match kind {
        Kind::Plan => listing.cut(plans_called(r, caller, &words)?),
        Kind::Report => listing.cut(reports_called(r, caller, &words)?),
        Kind::Indicator => {
            let filter = IndicatorFilter { words: words.clone(), ..IndicatorFilter::default() };
            let page = indicators::list(r, &filter, listing)?;
            let goals: Vec<Goal> = r.all(page.items.iter().map(|one| one.goal_id))?;
            let goals: HashMap<Id, Goal> = goals.into_iter().map(|goal| (goal.id, goal)).collect();
            page.map(|one| {
                let goal = goals.get(&one.goal_id);
                let owner = one.organisation_id.or(goal.map(|goal| goal.organisation_id));
                Hit {
                    organisation_id: owner.unwrap_or(one.id),
                    year: goal.map(|goal| goal.year),
                    excerpt: excerpt(&[&one.note], &words),
                    id: one.id,
                    name: one.name,
                    reference: None,
                }
            })
        }
        Kind::Risk => {
            let filter = RiskFilter { words: words.clone(), ..RiskFilter::default() };
            let page = r.risks(&filter, Some(&Seen::of(caller.id(), &caller.scope())), listing)?;
            let plans = plans(r, &page.items)?;
            page.map(|risk| {
                let texts = [&risk.description, &risk.local_goal, &risk.justification];
                let excerpt = excerpt(&texts, &words);
                let (organisation_id, year) = place(&plans, &risk);
                Hit { id: risk.id, reference: Some(risk.reference), name: risk.name, organisation_id, year, excerpt }
            })
        }
        Kind::Control => {
            let filter = PartFilter { words: words.clone(), ..PartFilter::default() };
            let page = measures::controls(r, caller, &filter, listing)?;
            let around = around(r, page.items.iter().map(|one| one.risk_id))?;
            page.map(|one| {
                let excerpt = excerpt(&[&one.description, &one.frequency], &words);
                around.hit(one.id, one.name, one.risk_id, excerpt)
            })
        }
        Kind::Action => {
            let filter = PartFilter { words: words.clone(), ..PartFilter::default() };
            let page = measures::actions(r, caller, &filter, listing)?;
            let around = around(r, page.items.iter().map(|one| one.risk_id))?;
            page.map(|one| {
                let excerpt = excerpt(&[&one.description, &one.end_date_reason], &words);
                around.hit(one.id, one.name, one.risk_id, excerpt)
            })
        }
        Kind::Goal => {
            let filter = GoalFilter { words, ..GoalFilter::default() };
            goals::list(r, &filter, listing)?.map(|goal| Hit {
                id: goal.id,
                name: goal.name,
                reference: goal.number,
                organisation_id: goal.organisation_id,
                year: Some(goal.year),
                excerpt: None,
            })
        }
        Kind::Deficiency => {
            let filter = DeficiencyFilter { words: words.clone(), ..DeficiencyFilter::default() };
            deficiencies::list(r, caller, &filter, listing)?.map(|view| {
                let one = view.deficiency;
                let texts = [&one.description, &one.measures, &one.found_by, &one.closure_reason];
                Hit {
                    excerpt: excerpt(&texts, &words),
                    id: one.id,
                    name: one.title,
                    reference: one.board_diary_number,
                    organisation_id: one.organisation_id,
                    year: None,
                }
            })
        }
        Kind::Recommendation => {
            let filter = RecommendationFilter { words: words.clone(), ..RecommendationFilter::default() };
            recommendations::list(r, caller, &filter, listing)?.map(|one| Hit {
                excerpt: excerpt(&[&Some(one.text)], &words),
                id: one.id,
                name: one.report,
                reference: one.diary_number,
                organisation_id: one.organisation_id,
                year: Some(one.year),
            })
        }
        Kind::User => {
            let filter = UserFilter { words, ..UserFilter::default() };
            users::list(r, caller, filter, listing)?.map(|one| Hit {
                id: one.id,
                name: one.name,
                reference: None,
                organisation_id: one.organisation_id,
                year: None,
                excerpt: Some(one.email),
            })
        }
    })
}

fn by(kind: Kind) -> (String, bool) {
    match kind {
        Kind::Goal => ("year".into(), true),
        Kind::Indicator | Kind::User => ("name".into(), false),
        _ => ("updatedAt".into(), true),
    }
}

/// The plans that the caller sees, the newest first, each with its body and what these call their things.
fn plans_seen(r: &mut Reading, caller: &Caller) -> Result<Vec<(Plan, Organisation, Manner)>> {
    let listing = Listing::by("year", true);
    let plans = super::plans::list(r, caller, &PlanFilter::default(), &listing)?.items;
    let bodies: Vec<Organisation> = r.all(plans.iter().map(|plan| plan.organisation_id))?;
    let said: BTreeSet<Id> = bodies.iter().flat_map(|body| path_ids(&body.path)).map(Id).collect();
    r.wordings_of(&said.into_iter().collect::<Vec<_>>())?;
    let with = |plan: Plan| {
        let body: Organisation = r.linked(plan.organisation_id)?;
        let manner = manner_in(r, &body, plan.year)?;
        Ok((plan, body, manner))
    };
    plans.into_iter().map(with).collect()
}

/// A title is looked for in both; what bodies call their things is Swedish in each.
const LANGUAGES: [Language; 2] = [Language::Sv, Language::En];

/// Whether a title, in one language or the other, holds each of the words.
fn is_called(titles: &[String], words: &[String]) -> bool {
    let titles = folded(&titles.join(" "));
    words.iter().all(|word| titles.contains(word))
}

/// The plans whose title (what the body calls it, the year, the body) holds each of the words.
fn plans_called(r: &mut Reading, caller: &Caller, words: &[String]) -> Result<Vec<Hit>> {
    let mut found = Vec::new();
    for (plan, body, manner) in plans_seen(r, caller)? {
        let title = |language| format!("{} {}, {}", capital(&manner.plan(language)), plan.year, body.name);
        if is_called(&LANGUAGES.map(title), words) {
            found.push(Hit {
                id: plan.id,
                name: title(Language::Sv),
                reference: plan.diary_numbers.first().map(|number| number.0.clone()),
                organisation_id: body.id,
                year: Some(plan.year),
                excerpt: None,
            });
        }
    }
    Ok(found)
}

/// The newest reports that the caller sees of each plan's periods whose title (what the body calls it, the period, the year,
/// the body) holds each of the words.
fn reports_called(r: &mut Reading, caller: &Caller, words: &[String]) -> Result<Vec<Hit>> {
    let plans = plans_seen(r, caller)?;
    r.reports_of_plans(&plans.iter().map(|(plan, ..)| plan.id).collect::<Vec<_>>())?;
    let mut found = Vec::new();
    for (plan, body, manner) in plans {
        let mut newest = BTreeMap::new();
        for report in reports::seen_of(r, caller, &plan, &body)? {
            newest.insert(report.kind, report);
        }
        for report in newest.into_values().rev() {
            let title = |language| {
                let (called, period) = (capital(&manner.report(language)), manner.label(report.kind, language));
                format!("{called}, {period} {}, {}", plan.year, body.name)
            };
            if is_called(&LANGUAGES.map(title), words) {
                found.push(Hit {
                    id: report.id,
                    name: title(Language::Sv),
                    reference: None,
                    organisation_id: body.id,
                    year: Some(plan.year),
                    excerpt: None,
                });
            }
        }
    }
    Ok(found)
}

fn plans(r: &mut Reading, risks: &[Risk]) -> Result<HashMap<Id, Plan>> {
    let plans: Vec<Plan> = r.all(risks.iter().map(|risk| risk.plan_id))?;
    Ok(plans.into_iter().map(|plan| (plan.id, plan)).collect())
}

/// The body and the year of a risk.
fn place(plans: &HashMap<Id, Plan>, risk: &Risk) -> (Id, Option<i32>) {
    let plan = plans.get(&risk.plan_id);
    (plan.map_or(risk.organisation_id, |plan| plan.organisation_id), plan.map(|plan| plan.year))
}

/// The risks that controls and actions belong to, and their plans.
struct Around {
    risks: HashMap<Id, Risk>,
    plans: HashMap<Id, Plan>,
}

fn around(r: &mut Reading, risks: impl Iterator<Item = Id>) -> Result<Around> {
    let risks: Vec<Risk> = r.all(risks)?;
    let plans = plans(r, &risks)?;
    Ok(Around { risks: risks.into_iter().map(|risk| (risk.id, risk)).collect(), plans })
}

impl Around {
    fn hit(&self, id: Id, name: String, risk: Id, excerpt: Option<String>) -> Hit {
        let risk = self.risks.get(&risk);
        let (organisation_id, year) = risk.map_or((id, None), |risk| place(&self.plans, risk));
        Hit { id, name, reference: risk.map(|risk| risk.reference.clone()), organisation_id, year, excerpt }
    }
}

/// So many letters stand before the word in an excerpt, and so many from it on.
const BEFORE: usize = 50;
const FROM: usize = 130;

/// What stands around the first of the words that one of the texts holds.
fn excerpt(texts: &[&Option<String>], words: &[String]) -> Option<String> {
    texts.iter().filter_map(|text| text.as_deref()).find_map(|text| {
        let letters: Vec<char> = composed(text).chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        // A letter that is folded into several is found by its first: where it stands is what counts.
        let small: Vec<char> = letters.iter().map(|c| folded(&c.to_string()).chars().next().unwrap_or(*c)).collect();
        let at = words.iter().find_map(|word| {
            let word: Vec<char> = word.chars().collect();
            small.windows(word.len().max(1)).position(|some| some == word)
        })?;
        let (from, to) = (at.saturating_sub(BEFORE), (at + FROM).min(letters.len()));
        let cut: String = letters[from..to].iter().collect();
        let before = if from > 0 { "… " } else { "" };
        let after = if to < letters.len() { " …" } else { "" };
        Some(format!("{before}{}{after}", cut.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_stands_around_the_word_whatever_its_letters() {
        let text = |text: &str| Some(text.to_owned());
        let told = |all: &[&Option<String>], q: &str| excerpt(all, &words(q));
        assert_eq!(told(&[&None, &text("Mutor och JÄV\nvid inköp")], "jäv"), text("Mutor och JÄV vid inköp"));
        assert_eq!(told(&[&text("Mutor")], "jäv"), None);
        assert_eq!(told(&[&text("Mutor och ja\u{308}\u{ad}v")], "JA\u{308}V"), text("Mutor och jäv"));
        let long = format!("{} ÅTERKÖP {}", "a ".repeat(100), "b ".repeat(200));
        let cut = told(&[&Some(long)], "återköp").expect("it is there");
        assert!(cut.starts_with("… ") && cut.ends_with(" …") && cut.contains("ÅTERKÖP"), "{cut}");
        assert!(cut.chars().count() < 200);
        assert_eq!(words("  Jäv jäv  Mutor "), ["jäv", "mutor"]);
        assert!(words("   ").is_empty());
    }
}
