//! What auditors and other reviewers have recommended, with the dialogue of both sides; and the auditors' opinions of
//! the bodies' years.

use askama::Template;
use chrono::Datelike;

use super::known::{Linked, Names, organisations_for, people_of};
use super::lists::{File, Filter, Pager, all_or, bodies, files, one_of};
use crate::api::recommendations::{filter, opinion_filter};
use crate::app::caller::Caller;
use crate::app::findings::recommendations;
use crate::app::places::{manner_of, path_ids, place};
use crate::app::sent::etag;
use crate::domain::roles::{Target, Verb};
use crate::domain::words::{RecommendationSource, Sufficiency};
use crate::error::Result;
use crate::storage::queries::{Listing, OpinionFilter, RecommendationFilter};
use crate::storage::records::{Action, AuditOpinion, Organisation, Recommendation, RecommendationEntry};
use crate::storage::{Id, Reading};
use crate::web::ask::Ask;
use crate::web::frame::Frame;
use crate::web::parts::Form;
use crate::web::values::Choice;

#[derive(Template)]
#[template(path = "pages/audit.html")]
struct Audit<'a> {
    p: &'a Frame,
    q: &'a str,
    choices: Vec<Filter>,
    files: Vec<File>,
    rows: Vec<Recommendation>,
    opinions: Vec<AuditOpinion>,
    opinion_files: Vec<File>,
    organisations: Names,
    people: Names,
    total: i64,
    pager: Pager,
    new: Option<New<'a>>,
}

/// The forms of those who write.
struct New<'a> {
    recommendation: Form<'a>,
    opinion: Form<'a>,
    organisations: Vec<Choice>,
    bodies: Vec<Choice>,
    sources: Vec<Choice>,
    judgements: Vec<Choice>,
    year: i32,
}

const A_PAGE: i64 = 50;
/// More opinions than bodies and years that anyone looks at together.
const ALL: i64 = 1000;

pub fn show(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let call = ask.call("listRecommendations", A_PAGE)?;
    let wanted = filter(r, &call)?;
    let mut listing = call.listing();
    if listing.sort.is_empty() {
        listing.sort = vec![("year".into(), true)];
    }
    let page = recommendations::list(r, caller, &wanted, &listing)?;
    let opinion_call = ask.call("listAuditOpinions", ALL)?;
    let of_opinions = opinion_filter(r, &opinion_call)?;
    let newest = Listing { sort: vec![("year".into(), true)], ..Listing::first(ALL) };
    let opinions = recommendations::opinions(r, caller, &of_opinions, &newest)?.items;
    let named = page.items.iter().map(|one| one.organisation_id);
    let organisations =
        Names::organisations(r, named.chain(opinions.iter().map(|one| one.organisation_id)).collect::<Vec<_>>())?;
    let people = Names::people(r, page.items.iter().map(|one| one.responsible_id))?;
    let choices = filters(r, caller, ask)?;
    let new = if p.is_now() { new(r, caller, p)? } else { None };
    ask.write(&Audit {
        p,
        q: ask.text("q"),
        choices,
        files: files(ask, "recommendations", "/recommendations", &call, &[("sort", Some("-year".to_owned()))]),
        opinion_files: files(ask, "opinions", "/audit-opinions", &opinion_call, &[("sort", Some("-year".to_owned()))]),
        total: page.total,
        pager: Pager::of(ask, page.total, A_PAGE),
        rows: page.items,
        opinions,
        organisations,
        people,
        new,
    })
}

fn filters(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<Vec<Filter>> {
    let p = &ask.frame;
    let listing = Listing::first(ALL);
    let mut years: Vec<i32> = recommendations::list(r, caller, &RecommendationFilter::default(), &listing)?
        .items
        .iter()
        .map(|one| one.year)
        .collect();
    let opinions = recommendations::opinions(r, caller, &OpinionFilter::default(), &listing)?.items;
    years.extend(opinions.iter().map(|one| one.year));
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    let years = years.into_iter().map(|year| Choice::new(year.to_string(), year.to_string()));
    let open = [Choice::new("false", p.say("open-yes")), Choice::new("true", p.say("open-no"))];
    Ok(vec![
        Filter::of(ask, "year", "year", all_or(p, years)),
        Filter::of(ask, "organisationId", "organisation", all_or(p, bodies(r)?)),
        Filter::of(ask, "source", "source", all_or(p, p.words::<RecommendationSource>())),
        Filter::of(ask, "closed", "status", all_or(p, open)),
        Filter::of(ask, "judgement", "judgement", all_or(p, p.words::<Sufficiency>())),
    ])
}

fn new<'a>(r: &mut Reading, caller: &Caller, p: &'a Frame) -> Result<Option<New<'a>>> {
    let organisations = organisations_for(r, caller, Verb::WriteRecommendation)?;
    if organisations.is_empty() {
        return Ok(None);
    }
    let theirs = |body: &Choice| organisations.iter().any(|one| one.value == body.value);
    let bodies = one_of(p, bodies(r)?.into_iter().filter(theirs).collect());
    Ok(Some(New {
        recommendation: p.form("createRecommendation", "recommend").to("/recommendations/{id}"),
        opinion: p.form("createAuditOpinion", "opinion").to("/opinions/{id}"),
        organisations: one_of(p, organisations),
        bodies,
        sources: p.words::<RecommendationSource>(),
        judgements: p.words::<Sufficiency>(),
        year: r.today().year(),
    }))
}

#[derive(Template)]
#[template(path = "pages/recommendation.html")]
struct RecommendationPage<'a> {
    p: &'a Frame,
    one: Recommendation,
    organisation: Organisation,
    names: Names,
    actions: Vec<Action>,
    /// So many more, that the reader may not see.
    unseen: usize,
    entries: Vec<RecommendationEntry>,
    can: Can,
    forms: Forms<'a>,
    sources: Vec<Choice>,
    people: Vec<Choice>,
    action_choices: Vec<Choice>,
    action_ids: String,
    log: Id,
}

/// What the one who looks may do.
struct Can {
    write: bool,
    answer: bool,
    history: bool,
}

struct Forms<'a> {
    entry: Form<'a>,
    change: Form<'a>,
    close: Form<'a>,
    reopen: Form<'a>,
}

pub fn recommendation(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let one = recommendations::get(r, caller, id)?;
    let organisation: Organisation = r.linked(one.organisation_id)?;
    p.speak(manner_of(r, &organisation)?);
    let on = recommendations::target(&organisation, one.responsible_id);
    let can = Can {
        write: p.is_now() && caller.sees(Verb::WriteRecommendation, &on),
        answer: p.is_now() && caller.sees(Verb::AnswerRecommendation, &on),
        history: caller.sees(Verb::SeeHistory, &Target::Organisation { path: path_ids(&organisation.path) }),
    };
    let listing = Listing::first(ALL);
    let entries = recommendations::entries(r, caller, id, &listing)?.items;
    let people = entries.iter().map(|entry| Some(entry.written_by_id));
    let people = people.chain([one.responsible_id, one.closed_by_id, Some(one.created_by_id)]);
    let names = Names::people(r, people.collect::<Vec<_>>())?;
    let linked = Linked::read(r, caller, &one.action_ids)?;
    let (mut people, mut action_choices) = (Vec::new(), Vec::new());
    let writes = (can.write || can.answer) && one.closed_on.is_none();
    if let Some(body) = organisation.body_id.filter(|_| writes) {
        let body: Organisation = r.linked(body)?;
        people = people_of(r, caller, p, &body, one.responsible_id)?;
        action_choices = linked.choices(r, caller, p, &body, one.year..=one.year + 2)?;
    }
    let tag = etag(&one)?;
    let forms = Forms {
        entry: p.form("addRecommendationEntry", "entry").at("id", id).kept(),
        change: p.form("changeRecommendation", "change").at("id", id).tagged(tag.clone()),
        close: p.form("closeRecommendation", "close").at("id", id).tagged(tag),
        reopen: p.form("reopenRecommendation", "reopen").at("id", id),
    };
    ask.write(&RecommendationPage {
        p,
        log: place(r, &organisation)?.log,
        organisation,
        names,
        unseen: linked.unseen(),
        action_ids: linked.chosen(),
        actions: linked.actions,
        entries,
        can,
        forms,
        sources: p.words::<RecommendationSource>(),
        people,
        action_choices,
        one,
    })
}

#[derive(Template)]
#[template(path = "pages/opinion.html")]
struct Judged<'a> {
    p: &'a Frame,
    one: AuditOpinion,
    organisation: Organisation,
    names: Names,
    judgements: Vec<Choice>,
    /// For who writes opinions.
    forms: Option<(Form<'a>, Form<'a>)>,
    history: bool,
    log: Id,
}

pub fn opinion(r: &mut Reading, caller: &Caller, ask: &Ask) -> Result<String> {
    let p = &ask.frame;
    let id: Id = ask.step("id")?;
    let one = recommendations::opinion(r, caller, id)?;
    let organisation: Organisation = r.linked(one.organisation_id)?;
    p.speak(manner_of(r, &organisation)?);
    let on = recommendations::target(&organisation, None);
    let mut forms = None;
    if p.is_now() && caller.sees(Verb::WriteRecommendation, &on) {
        let tag = etag(&one)?;
        let step = |act: &'static str, name: &str| p.form(act, name).at("id", id).tagged(tag.clone());
        forms =
            Some((step("changeAuditOpinion", "change"), step("deleteAuditOpinion", "delete").to("/audit#opinions")));
    }
    ask.write(&Judged {
        p,
        names: Names::people(r, [Some(one.created_by_id)])?,
        judgements: p.words::<Sufficiency>(),
        forms,
        history: caller.sees(Verb::SeeHistory, &Target::Organisation { path: path_ids(&organisation.path) }),
        log: place(r, &organisation)?.log,
        organisation,
        one,
    })
}
