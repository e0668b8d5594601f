//! A made-up municipality in the middle of its year: boards, a company and a federation at various stages, so that a visitor
//! from a municipality sees a world like their own. It is put in through the register's own verbs; nothing in it is
//! anybody's, and all of it is marked as made up.

use std::collections::HashMap;

use super::plan::{NewAccount, People, YEAR, act, day};
use super::year::{Own, Stage, as_found, deadlines, one};
use crate::app::contents::mandatory::{self, NewMandatoryForm};
use crate::app::findings::deficiencies::{self, DeficiencyChange, DeficiencyForm};
use crate::app::findings::recommendations::{self, EntryForm, OpinionForm, RecommendationForm};
use crate::app::people::organisations::{self, OrganisationForm};
use crate::app::people::setup;
use crate::app::settings::goals::{self, GoalForm};
use crate::app::settings::standing_texts::{self, StandingTextForm};
use crate::domain::words::{
    Category, Language, MandatoryKind, OrganisationKind, Period, RecommendationSource, Role, Severity, Sufficiency,
};
use crate::error::{Error, Result};
use crate::storage::{Id, Writing};

/// What the municipality is called.
const NAME: &str = "Ekdala kommun";

/// The body whose people can sign in, but for the company's.
pub(super) const BODY: &str = "Barn- och utbildningsnämnden";

const COMPANY: &str = "Ekdala Bostäder AB";

/// Who can sign in, with what they are called.
pub(super) const ACCOUNTS: &[NewAccount] = &[
    (Role::RegionAdministrator, "kommunadministrator@demo.example", "Kommunadministratör (demo)"),
    (Role::Head, "forvaltningschef@demo.example", "Förvaltningschef (demo)"),
    (Role::Controller, "controller@demo.example", "Internkontrollsamordnare (demo)"),
    (Role::RiskOwner, "riskagare@demo.example", "Riskägare (demo)"),
    (Role::Performer, "utforare@demo.example", "Utförare (demo)"),
    (Role::Reader, "lasare@demo.example", "Läsare (demo)"),
    (Role::Auditor, "revisor@demo.example", "Förtroendevald revisor (demo)"),
    (Role::Head, "vd@demo.example", "Verkställande direktör (demo)"),
    (Role::Controller, "bolaget@demo.example", "Samordnare i bolaget (demo)"),
];

/// The accounts of the company, among them.
const OF_COMPANY: [&str; 2] = ["vd@demo.example", "bolaget@demo.example"];

const DIARY: &str = "EK (demo)";

const fn own(name: &'static str, category: Category, likelihood: i32, consequence: i32) -> Own {
    Own { name, category, likelihood, consequence, action: None }
}

const fn with_action(risk: Own, action: &'static str) -> Own {
    Own { action: Some(action), ..risk }
}

/// The bodies, each with its kind, how far its year has come, and its own risks.
const BODIES: &[(&str, OrganisationKind, Stage, &[Own])] = &[
    (
        BODY,
        OrganisationKind::Board,
        Stage::Decided,
        &[
            with_action(
                own("Brist på behöriga lärare", Category::Operational, 4, 4),
                "Ta fram en gemensam plan för rekrytering",
            ),
            with_action(
                own("Elever får inte det stöd som de har rätt till", Category::Compliance, 3, 5),
                "Utbilda rektorerna i beslut om särskilt stöd",
            ),
            own("Fristående skolor får bidrag med fel belopp", Category::Financial, 2, 5),
            own("Skyddade personuppgifter lämnas ut", Category::Compliance, 2, 4),
        ],
    ),
    (
        "Socialnämnden",
        OrganisationKind::Board,
        Stage::Reported,
        &[
            own("Beslut om insatser verkställs inte i tid", Category::Compliance, 4, 3),
            own("Föreningsbidrag betalas ut på fel underlag", Category::Financial, 3, 3),
        ],
    ),
    (
        "Kommunstyrelsen",
        OrganisationKind::Board,
        Stage::Adopted,
        &[own("Driften av it-system avbryts under lång tid", Category::Operational, 2, 5)],
    ),
    (
        "Samhällsbyggnadsnämnden",
        OrganisationKind::Board,
        Stage::Proposed,
        &[own("Detaljplaner försenas", Category::Strategic, 3, 4)],
    ),
    (
        "Kultur- och fritidsnämnden",
        OrganisationKind::Board,
        Stage::Draft,
        &[own("Lokaler hyrs ut utan avtal", Category::Financial, 3, 3)],
    ),
    (
        COMPANY,
        OrganisationKind::Company,
        Stage::Decided,
        &[
            own("Underhållet av fastigheterna skjuts upp", Category::Strategic, 3, 4),
            own("Inköp görs utanför avtal", Category::Compliance, 3, 3),
        ],
    ),
    (
        "Räddningstjänsten Mellanbygden",
        OrganisationKind::Federation,
        Stage::Closed,
        &[own("Beredskapen kan inte bemannas", Category::Operational, 2, 5)],
    ),
    ("Överförmyndarnämnden", OrganisationKind::Board, Stage::Nothing, &[]),
];

/// Makes it, with the accounts and the hashes of their passwords.
pub(super) fn make(w: &mut Writing, hashes: &[String]) -> Result<()> {
    let no_account = || Error::internal("the demo lacks an account");
    let mut accounts = ACCOUNTS.iter().zip(hashes);
    let ((_, email, name), hash) = accounts.next().ok_or_else(no_account)?;
    let administrator = setup::NewUser { email, name, password_hash: hash, one_time: false };
    let kind = OrganisationKind::Municipality;
    let root =
        setup::initialise(w, &setup::NewRegister { name: NAME, kind, auditors: None, demo: true, administrator })?;
    setup::take_key(w)?;
    let administrator = w.user_by_email(email)?.ok_or_else(no_account)?.id;
    settings(w, administrator, root)?;
    let mut bodies = HashMap::new();
    for (name, kind, ..) in BODIES {
        let form = OrganisationForm {
            parent_id: Some(root),
            kind: *kind,
            name: (*name).into(),
            abbreviation: None,
            valid_from: day(2011, 1, 1)?,
            valid_to: None,
            successor_id: None,
            auditors: None,
            plans: true,
        };
        bodies.insert(*name, act(w, administrator, form, organisations::create)?.id);
    }
    let at = |name: &str| bodies.get(name).copied().ok_or_else(|| Error::internal("the demo lacks a body"));
    let (main, company) = (at(BODY)?, at(COMPANY)?);
    let mut users = HashMap::new();
    for ((role, email, name), hash) in accounts {
        let home = if OF_COMPANY.contains(email) { company } else { main };
        let user = setup::add_user(w, home, &setup::NewUser { email, name, password_hash: hash, one_time: false })?;
        setup::grant(w, user, *role, if *role == Role::Auditor { root } else { home })?;
        users.insert(*email, user);
    }
    let user = |email: &str| users.get(email).copied().ok_or_else(no_account);
    let mut others = |role, email: &str, name: &str| -> Result<Id> {
        let user = setup::add_user(w, root, &setup::NewUser { email, name, password_hash: "", one_time: false })?;
        setup::grant(w, user, role, root)?;
        Ok(user)
    };
    let others = People {
        administrator,
        head: others(Role::Head, "chefer@demo.example", "Övriga chefer (demo)")?,
        controller: others(Role::Controller, "samordnare@demo.example", "Övriga samordnare (demo)")?,
        performer: user("utforare@demo.example")?,
        owners: HashMap::new(),
        diary: DIARY,
    };
    let of_company = People {
        head: user("vd@demo.example")?,
        controller: user("bolaget@demo.example")?,
        owners: HashMap::new(),
        ..others
    };
    let of_main = People {
        head: user("forvaltningschef@demo.example")?,
        controller: user("controller@demo.example")?,
        owners: HashMap::from([("A".to_owned(), user("riskagare@demo.example")?)]),
        ..of_company
    };
    for (name, _, stage, risks) in BODIES.iter().filter(|(.., stage, _)| *stage > Stage::Nothing) {
        let people = match *name {
            BODY => &of_main,
            COMPANY => &of_company,
            _ => &others,
        };
        let body = at(name)?;
        let plan = one(w, people, body, risks, *stage, YEAR)?;
        if *name == BODY || *name == COMPANY {
            findings(w, people, user("revisor@demo.example")?, body, plan)?;
        }
    }
    Ok(())
}

/// What the municipality decides for all.
fn settings(w: &mut Writing, administrator: Id, root: Id) -> Result<()> {
    let mut first = None;
    for (position, name) in (1..).zip(["En ekonomi i balans", "En likvärdig skola", "En trygg vardag för alla"]) {
        let form = GoalForm {
            organisation_id: root,
            year: YEAR,
            parent_id: None,
            continues_id: None,
            number: Some(position.to_string()),
            name: name.into(),
            position: Some(position),
        };
        let goal = act(w, administrator, form, goals::create)?.id;
        first.get_or_insert(goal);
    }
    let guideline = StandingTextForm {
        organisation_id: root,
        year: YEAR,
        valid_from: None,
        language: Language::Sv,
        key: standing_texts::GUIDELINE.into(),
        heading: "Kommunens riktlinje".into(),
        text: "Kommunfullmäktige har beslutat om en riktlinje för intern kontroll. Den gäller i hela kommunen, och för bolagen genom deras ägardirektiv. (Påhittad riktlinje för demonstration.)".into(),
    };
    act(w, administrator, guideline, standing_texts::create)?;
    deadlines(w, administrator, YEAR)?;
    let required = NewMandatoryForm {
        year: YEAR,
        kind: MandatoryKind::Risk,
        name: "Risk för oegentligheter".into(),
        description: None,
        goal_id: first.ok_or_else(|| Error::internal("the demo has no goal"))?,
        continues_id: None,
    };
    act(w, administrator, required, mandatory::issue)?;
    Ok(())
}

/// What a body has found, and what the auditors have said of it.
fn findings(w: &mut Writing, people: &People, auditor: Id, body: Id, plan: Id) -> Result<()> {
    let risk = w.risks_of_plan(plan)?.first().map(|risk| risk.id);
    let risk = risk.ok_or_else(|| Error::internal("a plan of the demo has no risks"))?;
    let found = DeficiencyForm {
        description: Some("Två attestanter som hade slutat stod kvar i förteckningen. (Illustrativ brist.)".into()),
        ..as_found(body, risk, "Attestförteckningen var inte aktuell", Severity::Minor, day(YEAR, 3, 20)?)
    };
    let minor = act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?.deficiency;
    let told = DeficiencyChange {
        reported_to_board_on: Some(day(YEAR, 4, 23)?),
        reported_to_region_on: Some(day(YEAR, 5, 29)?),
        region_year: Some(YEAR),
        region_period: Some(Period::T1),
        ..DeficiencyChange::of(&minor)
    };
    act(w, people.controller, told, |w, c, sent| deficiencies::change(w, c, minor.id, false, sent))?;
    // One that nobody has told the board of yet.
    let found = as_found(body, risk, "Rutinen för direktupphandling följs inte", Severity::Serious, day(YEAR, 6, 11)?);
    act(w, people.controller, found, |w, c, sent| deficiencies::report(w, c, false, sent))?;
    let report = format!("Granskning av den interna kontrollen {} (illustrativ)", YEAR - 1);
    let advice = RecommendationForm {
        organisation_id: body,
        source: RecommendationSource::Auditors,
        report: report.clone(),
        diary_number: Some(DIARY.into()),
        year: YEAR - 1,
        text: "Kontrollerna bör dokumenteras så att det framgår vad som har granskats.".into(),
        responsible_id: Some(people.head),
        action_ids: Vec::new(),
    };
    let advice = act(w, auditor, advice, recommendations::create)?;
    let answer = EntryForm {
        text: "En gemensam mall för stickproven är beslutad. (Illustrativt svar.)".into(),
        dated_on: Some(day(YEAR, 4, 15)?),
    };
    act(w, people.head, answer, |w, c, sent| recommendations::add_entry(w, c, advice.id, sent))?;
    let opinion = OpinionForm {
        organisation_id: body,
        year: YEAR - 1,
        judgement: Sufficiency::Sufficient,
        report,
        diary_number: None,
        given_on: day(YEAR, 3, 5)?,
        comment: None,
    };
    act(w, auditor, opinion, recommendations::create_opinion)?;
    Ok(())
}
