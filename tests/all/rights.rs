//! The table of rights, `rights.txt`, held line by line: each yes by a valid request that is answered by 2xx, each no by
//! the same request, answered by the status that the table names.
//!
//! Who may is refused by 412, too, once for each operation that asks for `If-Match`, when the tag is an old one.
//!
//! Refused requests are kept and sent once more, word for word, by someone who may: so what was refused was valid.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Deref;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use riskregister::app::people::guesses::Asking;
use riskregister::app::people::sessions;
use riskregister::config::Mail;
use riskregister::storage::{Id, Origin, Writing};
use serde_json::{Value, json};

use crate::kit::smtp::sunday;
use crate::kit::{Answer, Client, Databases, Register, Start, both, contract};

const TABLE: &str = include_str!("rights.txt");

/// The roles of the table's columns: role, whether it shows drafts, and where it is granted.
const COLUMNS: [(&str, &str, bool, Place); 17] = [
    ("noRole", "", false, Place::Own),
    ("regionAdministrator", "regionAdministrator", false, Place::Region),
    ("bodyAdministrator", "regionAdministrator", false, Place::Own),
    ("head", "head", false, Place::Own),
    ("controller", "controller", false, Place::Own),
    ("riskOwner", "riskOwner", false, Place::Own),
    ("performer", "performer", false, Place::Own),
    ("reader", "reader", false, Place::Own),
    ("draftReader", "reader", true, Place::Own),
    ("auditor", "auditor", false, Place::Own),
    ("partController", "controller", false, Place::Part),
    ("partHead", "head", false, Place::Part),
    ("partRiskOwner", "riskOwner", false, Place::Part),
    ("partPerformer", "performer", false, Place::Part),
    ("partReader", "reader", false, Place::Part),
    ("partDraftReader", "reader", true, Place::Part),
    ("partAuditor", "auditor", false, Place::Part),
];

/// The organisations of the world, as `rights.txt` draws them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Region,
    Parent,
    Own,
    Sibling,
    Child,
    Foreign,
    Part,
    Below,
    OtherPart,
}

const BODIES: [Place; 5] = [Place::Own, Place::Sibling, Place::Parent, Place::Child, Place::Foreign];

impl Place {
    /// The body that plans for it.
    fn body(self) -> Self {
        match self {
            Self::Part | Self::Below | Self::OtherPart => Self::Own,
            other => other,
        }
    }
}

// The table, read.

/// A line of the table.
struct Line {
    operation: &'static str,
    case: &'static str,
    relations: Vec<&'static str>,
    /// Column and cell.
    cells: Vec<(&'static str, &'static str)>,
    /// Tells counts, not rights.
    counts: bool,
}

fn lines() -> Vec<Line> {
    let (mut relations, mut columns, mut counts) = (Vec::new(), Vec::new(), false);
    let mut all = Vec::new();
    for text in TABLE.lines().filter(|text| !text.is_empty() && !text.starts_with('#')) {
        if let Some(names) = text.strip_prefix("@relations") {
            relations = names.split_whitespace().collect();
            continue;
        }
        if text == "@counts" {
            counts = true;
            continue;
        }
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [operation, case, cells] = parts[..] else { panic!("not a line of the table: {text}") };
        let cells: Vec<&str> = cells.split_whitespace().collect();
        if operation == "@columns" {
            columns = cells;
            continue;
        }
        assert_eq!(cells.len(), columns.len(), "one cell for each column: {text}");
        let cells = columns.iter().copied().zip(cells).collect();
        all.push(Line { operation, case, relations: relations.clone(), cells, counts });
    }
    all
}

/// What one sign of a cell says of one place.
struct Expected {
    column: &'static str,
    relation: &'static str,
    place: Place,
    sign: char,
}

impl Line {
    /// Which place a relation means for a column; none where the operation has no object there.
    fn place(&self, column: &str, relation: &str) -> Option<Place> {
        let granted = COLUMNS.iter().find(|(name, ..)| *name == column).map_or(Place::Own, |(.., at)| *at);
        let place = match (granted, relation) {
            (Place::Region, "own") => Place::Region,
            // The five bodies are all alike to the region.
            (Place::Region, "child") => Place::Own,
            (Place::Region, _) => return None,
            (_, "own" | "body") => Place::Own,
            (_, "sibling" | "otherBody") => Place::Sibling,
            (_, "parent") if self.of_region() => Place::Region,
            (_, "parent") => Place::Parent,
            (_, "child") => Place::Child,
            (_, "foreign") => Place::Foreign,
            (_, "part") => Place::Part,
            (_, "below") => Place::Below,
            (_, "otherPart") => Place::OtherPart,
            (_, other) => panic!("{other} is no relation"),
        };
        let has = match kind(self.operation) {
            Some(_) if self.of_region() => place == Place::Region,
            Some(Kind::People) => true,
            Some(Kind::Plan | Kind::Log | Kind::BodyRecord | Kind::Report) => BODIES.contains(&place),
            _ => place != Place::Region,
        };
        has.then_some(place)
    }

    fn of_region(&self) -> bool {
        self.case == "the region's"
    }

    /// Every sign of the line with its place, those that say that there is no object left out.
    fn expected(&self) -> Vec<Expected> {
        let mut all = Vec::new();
        for (column, cell) in &self.cells {
            if cell.len() == 1 {
                let place = if self.of_region() { Place::Region } else { Place::Own };
                all.extend(cell.chars().map(|sign| Expected { column, relation: "own", place, sign }));
                continue;
            }
            for (relation, sign) in self.relations.iter().zip(cell.chars()) {
                if let Some(place) = self.place(column, relation).filter(|_| sign != '.') {
                    all.push(Expected { column, relation, place, sign });
                }
            }
        }
        all
    }
}

/// Which test holds the lines of an operation, and where its objects can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Accounts and the tree: anywhere.
    People,
    /// Goals, policies and the like: the region's, or below it.
    Settings,
    /// A body's.
    Plan,
    /// A body's or one of its parts'.
    Risk,
    /// The region's or a body's.
    Log,
    /// Deficiencies, recommendations, outcomes: a body's or one of its parts'.
    Record,
    /// What goes with plans and bodies of the like.
    BodyRecord,
    /// The periods of a plan, and their reports.
    Report,
    /// What is reported of a control or an action.
    Status,
}

fn kind(operation: &str) -> Option<Kind> {
    Some(match operation {
        "getApiInfo"
        | "signIn"
        | "refreshSession"
        | "requestPasswordReset"
        | "completePasswordReset"
        | "getMe"
        | "getMyData"
        | "changePassword"
        | "getMySessions"
        | "endMySession"
        | "endUserSessions"
        | "signOut"
        | "signOutEverywhere"
        | "listOrganisations"
        | "getOrganisation"
        | "getOpenMatters"
        | "getRegister"
        | "search"
        | "createOrganisation"
        | "changeOrganisation"
        | "listUsers"
        | "createUser"
        | "getUser"
        | "getPersonalData"
        | "changeUser"
        | "makeOneTimePassword"
        | "handOver"
        | "listGrants"
        | "getGrant"
        | "grantRole"
        | "revokeRole"
        | "issueToken"
        | "listServiceAccounts"
        | "createServiceAccount"
        | "getServiceAccount"
        | "changeServiceAccount"
        | "listServiceCredentials"
        | "makeServiceCredential"
        | "getServiceCredential"
        | "revokeServiceCredential"
        | "listWebhooks"
        | "createWebhook"
        | "getWebhook"
        | "changeWebhook"
        | "deleteWebhook"
        | "changeWebhookSecret"
        | "listDeliveries"
        | "replayWebhook"
        | "listMyTasks"
        | "getMyReminders"
        | "changeMyReminders"
        | "getMyCalendar"
        | "makeMyCalendar"
        | "revokeMyCalendar"
        | "listMails"
        | "listFollowUps"
        | "listAllAssessments"
        | "listAllControlReports"
        | "listAllActionReports"
        | "listAllReports"
        | "listAllRevisions"
        | "listAllEvents"
        | "getCombinedMatrix" => Kind::People,
        "listGoals"
        | "getGoal"
        | "createGoal"
        | "changeGoal"
        | "deleteGoal"
        | "listIndicators"
        | "getIndicator"
        | "createIndicator"
        | "changeIndicator"
        | "deleteIndicator"
        | "continueIndicators"
        | "getLocalTarget"
        | "setLocalTarget"
        | "withdrawLocalTarget"
        | "listStandingTexts"
        | "getStandingText"
        | "createStandingText"
        | "changeStandingText"
        | "deleteStandingText"
        | "listWordings"
        | "getWording"
        | "createWording"
        | "changeWording"
        | "deleteWording"
        | "listScoringPolicies"
        | "getScoringPolicy"
        | "listPolicyVersions"
        | "getPolicyVersion"
        | "previewPolicyVersion"
        | "createScoringPolicy"
        | "changeScoringPolicy"
        | "createPolicyVersion"
        | "listMandatoryRisks"
        | "getMandatoryRisk"
        | "getCoverage"
        | "issueMandatoryRisk"
        | "changeMandatoryRisk"
        | "withdrawMandatoryRisk"
        | "listDeadlines"
        | "getDeadline"
        | "setDeadline"
        | "listCompiledReports"
        | "createCompiledReport"
        | "getCompiledReport"
        | "changeCompiledReport"
        | "discardCompiledReport"
        | "finalizeCompiledReport"
        | "getCompiledReportDocument" => Kind::Settings,
        "listPlans"
        | "createPlan"
        | "getPlan"
        | "changePlan"
        | "deletePlan"
        | "setCarriedDates"
        | "confirmAssessments"
        | "assignTogether"
        | "assignSeparately"
        | "takeOverRisks"
        | "confirmSections"
        | "listSections"
        | "getSection"
        | "writeSection"
        | "checkPlan"
        | "getMatrix"
        | "comparePlan"
        | "proposePlan"
        | "returnPlan"
        | "adoptPlan"
        | "revisePlan"
        | "abandonRevision"
        | "deliverPlan"
        | "addDiaryNumber"
        | "closePlan"
        | "getPlanDocument"
        | "listRevisions"
        | "getRevision"
        | "getRevisionDocument"
        | "listRisksOfPlan"
        | "createRisk"
        | "createImport"
        | "getImport"
        | "getImportDocument"
        | "changeImport"
        | "executeImport"
        | "listPlanNotes"
        | "writePlanNote" => Kind::Plan,
        "listRisks"
        | "getRisk"
        | "changeRisk"
        | "deleteRisk"
        | "retireRisk"
        | "listAssessments"
        | "assessRisk"
        | "getInclusion"
        | "includeRisk"
        | "withdrawInclusion"
        | "getSettingAside"
        | "setRiskAside"
        | "withdrawSettingAside"
        | "listControlsOfRisk"
        | "listActionsOfRisk"
        | "listControls"
        | "getControl"
        | "createControl"
        | "changeControl"
        | "deleteControl"
        | "listActions"
        | "getAction"
        | "createAction"
        | "changeAction"
        | "deleteAction"
        | "listRiskNotes"
        | "writeRiskNote"
        | "listControlNotes"
        | "writeControlNote"
        | "listActionNotes"
        | "writeActionNote"
        | "getNote"
        | "listControlFiles"
        | "addControlFile"
        | "listActionFiles"
        | "addActionFile"
        | "getFile"
        | "getFileContent"
        | "changeFile"
        | "removeFile" => Kind::Risk,
        "listLogs"
        | "getLog"
        | "listEvents"
        | "getEvent"
        | "getInclusionProof"
        | "getReceipt"
        | "getConsistencyProof"
        | "listCheckpoints"
        | "getLogKey"
        | "listErasures"
        | "requestErasure"
        | "getErasure"
        | "confirmErasure"
        | "withdrawErasure" => Kind::Log,
        "listDeficiencies"
        | "reportDeficiency"
        | "getDeficiency"
        | "changeDeficiency"
        | "recordCrimeHandling"
        | "closeDeficiency"
        | "reopenDeficiency"
        | "listDeficiencyFiles"
        | "addDeficiencyFile"
        | "listRecommendations"
        | "createRecommendation"
        | "getRecommendation"
        | "changeRecommendation"
        | "closeRecommendation"
        | "reopenRecommendation"
        | "listRecommendationEntries"
        | "getRecommendationEntry"
        | "addRecommendationEntry"
        | "listOutcomes"
        | "listOutcomesOfIndicator"
        | "getOutcome"
        | "writeOutcome"
        | "listMissingOutcomes"
        | "writeOutcomes" => Kind::Record,
        "listDeficienciesOfPlan"
        | "getDeficiencyOfPlan"
        | "answerDeficiency"
        | "withdrawDeficiencyAnswer"
        | "listAuditOpinions"
        | "createAuditOpinion"
        | "getAuditOpinion"
        | "changeAuditOpinion"
        | "deleteAuditOpinion"
        | "getSelfAssessment"
        | "writeSelfAssessment"
        | "getFinancialMeasures"
        | "writeFinancialMeasures"
        | "getFinancialEffects" => Kind::BodyRecord,
        "listPeriods"
        | "getPeriod"
        | "listStatuses"
        | "changePeriod"
        | "closePeriod"
        | "reopenPeriod"
        | "remindOfPeriod"
        | "listReports"
        | "createReport"
        | "getReport"
        | "changeReport"
        | "discardReport"
        | "finalizeReport"
        | "returnReport"
        | "decideReport"
        | "deliverReport"
        | "addReportDiaryNumber"
        | "getReportDocument" => Kind::Report,
        "getControlStatus"
        | "reportControl"
        | "listControlReports"
        | "correctControlReport"
        | "getActionStatus"
        | "reportAction"
        | "listActionReports"
        | "correctActionReport"
        | "assessRisks"
        | "reportStatuses" => Kind::Status,
        _ => return None,
    })
}

/// What an auditor may write, besides what everyone may of themselves. The table is held over HTTP, line by line.
#[test]
fn an_auditor_writes_only_recommendations_and_opinions() {
    let contract = contract().operations();
    let writes: BTreeSet<&str> = contract
        .iter()
        .filter(|(method, _, operation)| *method != "get" && operation["security"] != json!([]))
        .filter_map(|(.., operation)| operation["operationId"].as_str())
        .collect();
    let mut allowed: BTreeSet<&str> = BTreeSet::new();
    for line in lines().iter().filter(|line| !line.counts && writes.contains(line.operation)) {
        let yes = |(column, cell): &&(&str, &str)| column.to_lowercase().ends_with("auditor") && cell.contains('Y');
        if line.cells.iter().any(|cell| yes(&cell)) {
            allowed.insert(line.operation);
        }
    }
    // Of themselves, and what writes nothing.
    for own in [
        "changePassword",
        "signOut",
        "signOutEverywhere",
        "endMySession",
        "changeMyReminders",
        "makeMyCalendar",
        "revokeMyCalendar",
        "previewPolicyVersion",
    ] {
        assert!(allowed.remove(own), "{own}");
    }
    let expected = [
        "addRecommendationEntry",
        "changeAuditOpinion",
        "changeRecommendation",
        "closeRecommendation",
        "createAuditOpinion",
        "createRecommendation",
        "deleteAuditOpinion",
        "reopenRecommendation",
    ];
    assert_eq!(allowed.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn each_operation_stands_in_the_table() {
    let contract: BTreeSet<&str> = contract()
        .operations()
        .into_iter()
        .map(|(.., operation)| operation["operationId"].as_str().expect("an operationId"))
        .collect();
    let table: BTreeSet<&str> = lines().iter().filter(|line| !line.counts).map(|line| line.operation).collect();
    let missing: Vec<_> = contract.difference(&table).collect();
    let unknown: Vec<_> = table.difference(&contract).collect();
    assert!(missing.is_empty(), "rights.txt does not say who may: {missing:?}");
    assert!(unknown.is_empty(), "openapi.yaml has no longer: {unknown:?}");
    for operation in table {
        assert!(kind(operation).is_some(), "no request is made for {operation}");
    }
}

#[test]
fn the_table_is_well_formed() {
    let mut seen = BTreeSet::new();
    for line in lines() {
        let at = format!("{} | {}", line.operation, line.case);
        let first = line.cells[0].0;
        assert!(seen.insert((at.clone(), line.counts, first)), "{at} stands twice");
        let cells = || line.cells.iter().filter(|(column, _)| !matches!(*column, "anonymous" | "noRole"));
        let lengths: BTreeSet<usize> = cells().map(|(_, cell)| cell.len()).collect();
        assert_eq!(lengths.len(), 1, "{at}: an operation has relations for every role, or for none");
        for (column, cell) in &line.cells {
            let known = *column == "anonymous" || COLUMNS.iter().any(|(name, ..)| name == column);
            assert!(known, "{column} is no column");
            let signs = if line.counts { "0123456789." } else { "Y134." };
            assert!(cell.chars().all(|sign| signs.contains(sign)), "{at}, {column}: an unknown sign in {cell}");
            if line.counts || cell.len() == 1 {
                continue;
            }
            assert_eq!(cell.len(), line.relations.len(), "{at}, {column}: a sign for each relation");
            for (relation, sign) in line.relations.iter().zip(cell.chars()) {
                let there = line.place(column, relation).is_some();
                assert_eq!(sign != '.', there, "{at}, {column}, {relation}: `.` stands where there is no object");
            }
        }
    }
}

// The world.

struct Actor {
    column: &'static str,
    id: String,
    client: Client,
}

/// The tree of `rights.txt`, somebody for each column, and somebody who may do everything: the office, which is
/// administrator and controller of the region, and head and auditor too.
struct Stage {
    register: Register,
    organisations: HashMap<Place, String>,
    actors: Vec<Actor>,
    office: Actor,
    definition: Value,
    made: RefCell<HashMap<String, String>>,
    count: Cell<i32>,
    /// The year in which the newest words begin: each wording has one of its own.
    worded: Cell<i32>,
}

impl Deref for Stage {
    type Target = Register;
    fn deref(&self) -> &Register {
        &self.register
    }
}

impl Start for Stage {
    fn on(databases: Databases) -> Self {
        // Whoever may remind others is answered, though nothing is ever sent.
        let r = Register::start(databases, |config| {
            let from = "risk@example.org".parse().expect("an address");
            let mail = Mail::new("smtp://127.0.0.1:1".into(), from);
            config.mail = Some(Mail { interval: Duration::from_secs(3600), clock: sunday, ..mail });
        });
        let parent = r.organisation(&r.root, "board", "Vårdnämnden");
        let branch = r.organisation(&r.root, "board", "Kulturnämnden");
        let own = r.organisation(&parent, "company", "Vårdbolaget");
        let part = r.organisation(&own, "division", "Rehabilitering");
        let organisations = HashMap::from([
            (Place::Region, r.root.clone()),
            (Place::Sibling, r.organisation(&parent, "company", "Tandvårdsbolaget")),
            (Place::Child, r.organisation(&own, "company", "Laboratoriebolaget")),
            (Place::Foreign, r.organisation(&branch, "company", "Teaterbolaget")),
            (Place::Below, r.organisation(&part, "unit", "Hjälpmedel")),
            (Place::OtherPart, r.organisation(&own, "division", "Primärvård")),
            (Place::Parent, parent),
            (Place::Own, own),
            (Place::Part, part),
        ]);
        // Everyone works at the region, so that it is the role that shows people to them, and not the place.
        let somebody = |column: &'static str| {
            let id = r.add(column, &r.root, None);
            Actor { column, client: r.as_user(&r.token(&id)), id }
        };
        let mut actors = vec![Actor { column: "anonymous", id: r.admin_id.clone(), client: r.as_nobody() }];
        for (column, role, drafts, at) in COLUMNS {
            let actor = somebody(column);
            if !role.is_empty() {
                r.grant(&actor.id, json!({"role": role, "organisationId": organisations[&at], "drafts": drafts}));
            }
            actors.push(actor);
        }
        let office = somebody("office");
        for role in ["regionAdministrator", "controller", "head", "auditor"] {
            r.grant(&office.id, json!({"role": role, "organisationId": r.root}));
        }
        let policy = office.client.get("/scoring-policies").expect(200).column("id")[0].to_owned();
        let definition = office.client.get(&format!("/scoring-policies/{policy}/versions/1")).expect(200);
        Self {
            definition: definition["definition"].clone(),
            register: r,
            organisations,
            actors,
            office,
            made: RefCell::default(),
            count: Cell::new(0),
            worded: Cell::new(2000),
        }
    }
}

/// A request, ready to be sent by anybody.
#[derive(Clone)]
struct Ask {
    method: &'static str,
    path: String,
    body: Option<Value>,
    header: Option<(&'static str, &'static str)>,
}

impl Ask {
    fn send(&self, client: &Client) -> Answer {
        let client = match self.header {
            Some((name, value)) => client.with(name, value),
            None => client.clone(),
        };
        client.send(self.method, &self.path, self.body.clone())
    }

    /// Whatever it is now, so long as it is there.
    fn current(mut self) -> Self {
        self.header = Some(("if-match", "*"));
        self
    }

    fn only_new(mut self) -> Self {
        self.header = Some(("if-none-match", "*"));
        self
    }

    fn encoded(mut self) -> Self {
        self.header = Some(("content-type", "application/x-www-form-urlencoded"));
        self
    }

    fn in_json(mut self) -> Self {
        self.header = Some(("accept", "application/json"));
        self
    }
}

/// A file of text, left as evidence of something.
fn leave(of: &str, n: i32) -> Ask {
    let header = Some(("content-type", "application/octet-stream"));
    let body = Some(json!(format!("Underlag {n}.")));
    Ask { method: "POST", path: format!("{of}/files?name=underlag-{n}.txt"), body, header }
}

fn ask(method: &'static str, path: impl Into<String>, body: Option<Value>) -> Ask {
    Ask { method, path: path.into(), body, header: None }
}

fn import_form(plan: &str, n: impl std::fmt::Display) -> Value {
    let content = STANDARD.encode(format!("Risk;Sannolikhet;Konsekvens\nInläst risk {n};3;4\n"));
    json!({"planId": plan, "kind": "risks", "fileName": "risker.csv", "content": content})
}

fn get(path: impl Into<String>) -> Ask {
    ask("GET", path, None)
}

fn post(path: impl Into<String>, body: Value) -> Ask {
    ask("POST", path, Some(body))
}

/// PATCH of what is there, whatever its version.
fn patch(path: impl Into<String>, body: Value) -> Ask {
    ask("PATCH", path, Some(body)).current()
}

fn delete(path: impl Into<String>) -> Ask {
    ask("DELETE", path, None).current()
}

/// What is wanted of a risk: the plan's state, who it is of, and what was decided about it.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    place: Place,
    /// `draft`, `adopted`, `revised`.
    state: &'a str,
    /// `another's`, `owned`, `held`.
    whose: &'a str,
    by: &'a Actor,
    /// `plain`, `taken in`, `set aside`.
    decided: &'a str,
    fresh: bool,
}

impl Stage {
    fn actor(&self, column: &str) -> &Actor {
        self.actors.iter().find(|actor| actor.column == column).expect("somebody for each column")
    }

    fn at(&self, place: Place) -> &str {
        &self.organisations[&place]
    }

    /// Another number each time.
    fn next(&self) -> i32 {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    /// A new thing, or the one that is kept under this name.
    fn kept(&self, name: String, fresh: bool, make: impl FnOnce() -> String) -> String {
        if fresh {
            return make();
        }
        let known = self.made.borrow().get(&name).cloned();
        known.unwrap_or_else(|| {
            let made = make();
            self.made.borrow_mut().insert(name, made.clone());
            made
        })
    }

    fn make(&self, path: &str, body: Value) -> String {
        self.office.client.post(path, body).expect(201).id()
    }

    /// Somebody who works there, with a role there or none. Fresh for what the yes would use up.
    fn person(&self, place: Place, role: &str, fresh: bool) -> String {
        self.kept(format!("person {place:?} {role}"), fresh, || {
            let n = self.next();
            let form = json!({"organisationId": self.at(place), "name": format!("Person {n}"),
                "email": format!("person{n}@example.org")});
            let id = self.make("/users", form);
            if !role.is_empty() {
                self.register.grant(&id, json!({"role": role, "organisationId": self.at(place)}));
            }
            id
        })
    }

    /// Somebody with the role of a column, of whom a request may end every session.
    fn another(&self, actor: &Actor) -> Actor {
        let id = self.register.add(&format!("{} {}", actor.column, self.next()), &self.root, None);
        if let Some((_, role, drafts, at)) =
            COLUMNS.iter().find(|(name, role, ..)| *name == actor.column && !role.is_empty())
        {
            self.register.grant(&id, json!({"role": role, "organisationId": self.at(*at), "drafts": drafts}));
        }
        Actor { column: actor.column, client: self.as_user(&self.token(&id)), id }
    }

    /// An account of another system there, with one secret: its path, and the secret.
    fn service_account(&self, place: Place) -> (String, String) {
        let path = |id: &str| format!("/service-accounts/{id}");
        let id = self.kept(format!("service account {place:?}"), false, || {
            let id = self.make("/service-accounts", self.service_account_form(place));
            let made = self.office.client.post_nothing(&format!("{}/credentials", path(&id))).expect(201);
            self.made.borrow_mut().insert(format!("secret {place:?}"), made.text("clientSecret"));
            id
        });
        let secret = self.made.borrow().get(&format!("secret {place:?}")).expect("the account has a secret").clone();
        (path(&id), secret)
    }

    fn service_account_form(&self, place: Place) -> Value {
        json!({"organisationId": self.at(place), "name": format!("System {}", self.next()), "scopes": ["read"],
            "expiresAt": crate::service_accounts::in_days(30)})
    }

    /// The address of a credential that nothing else is got by, and that a yes revokes.
    fn credential(&self, place: Place, fresh: bool) -> String {
        let (account, _) = self.service_account(place);
        let id = self.kept(format!("credential {place:?}"), fresh, || {
            self.office.client.post_nothing(&format!("{account}/credentials")).expect(201).id()
        });
        format!("{account}/credentials/{id}")
    }

    fn grant_of(&self, user: &str) -> String {
        let list = self.office.client.get(&format!("/users/{user}/grants")).expect(200);
        format!("/users/{user}/grants/{}", list.column("id")[0])
    }

    fn goal(&self, place: Place, year: i32, fresh: bool) -> String {
        self.kept(format!("goal {place:?} {year}"), fresh, || self.make("/goals", self.goal_form(place, year)))
    }

    fn goal_form(&self, place: Place, year: i32) -> Value {
        json!({"organisationId": self.at(place), "year": year, "name": format!("Mål {}", self.next())})
    }

    fn indicator_form(&self, place: Place) -> Value {
        json!({"goalId": self.goal(place, 2030, false), "name": format!("Indikator {}", self.next()),
            "decidedBy": "board"})
    }

    fn text_form(&self, place: Place) -> Value {
        // A key has letters only.
        let key: String = self.next().to_string().chars().map(|c| char::from(b'a' + (c as u8 - b'0'))).collect();
        json!({"organisationId": self.at(place), "year": 2030, "language": "sv", "key": format!("text{key}"),
            "heading": "Rubrik", "text": "Text."})
    }

    fn wording_form(&self, place: Place) -> Value {
        let year = 2000 + (self.worded.get() - 1999) % 100;
        self.worded.set(year);
        json!({"organisationId": self.at(place), "year": year, "words": {"plan": "Internkontrollplan"}})
    }

    fn policy_form(&self, place: Place) -> Value {
        json!({"organisationId": self.at(place), "name": format!("Skala {}", self.next()),
            "definition": self.definition})
    }

    fn mandatory_form(&self) -> Value {
        json!({"year": 2030, "kind": "risk", "name": format!("Obligatorisk risk {}", self.next()),
            "goalId": self.goal(Place::Region, 2030, false)})
    }

    /// A new draft of the body. Each is of a year of its own, and of one that has ended where it is to be closed.
    fn draft(&self, body: Place, ended: bool) -> (String, i32) {
        let mut made = self.made.borrow_mut();
        let counter =
            made.entry(format!("year {body:?} {ended}")).or_insert((if ended { 2020 } else { 2101 }).to_string());
        let year = counter.parse::<i32>().expect("a year") + if ended { 1 } else { -1 };
        *counter = year.to_string();
        drop(made);
        (self.make("/plans", json!({"organisationId": self.at(body), "year": year})), year)
    }

    /// A draft that lacks nothing but what its risks may lack.
    fn complete(&self, body: Place, ended: bool) -> (String, i32) {
        let (plan, year) = self.draft(body, ended);
        for section in crate::kit::plans::SECTIONS {
            let path = format!("/plans/{plan}/sections/{section}");
            self.office.client.with("if-none-match", "*").put(&path, json!({"text": "Beskrivet."})).expect(201);
        }
        (plan, year)
    }

    fn proposed(&self, plan: &str) {
        let propose = || self.office.client.with("if-match", "*").post(&format!("/plans/{plan}/proposal"), json!({}));
        self.with_roles(&self.named(), propose).expect(200);
    }

    fn adopted(&self, plan: &str) {
        self.proposed(plan);
        let adoption = format!("/plans/{plan}/adoption");
        let adopt = || self.office.client.with("if-match", "*").post(&adoption, adoption_form());
        self.with_roles(&self.named(), adopt).expect(200);
    }

    /// A plan of the body in this state. The kept ones that are, or were, adopted hold risks, see [`Self::risk`].
    /// An import into the body's plan, of a risk that is not there yet.
    fn import(&self, body: Place, state: &str, fresh: bool) -> String {
        let made = self.kept(format!("import {body:?} {state}"), fresh, || {
            let form = import_form(&self.plan(body, state, false), self.next());
            self.office.client.post("/imports", form).expect(201).id()
        });
        format!("/imports/{made}")
    }

    fn plan(&self, body: Place, state: &str, fresh: bool) -> String {
        self.kept(format!("plan {body:?} {state}"), fresh, || match state {
            "draft" => self.draft(body, false).0,
            "complete" => self.complete(body, false).0,
            "proposed" => {
                let (plan, _) = self.complete(body, false);
                self.proposed(&plan);
                plan
            }
            "adopted" => {
                // Of a year that has ended, so that it could be closed, too.
                let (plan, year) = self.complete(body, true);
                if !fresh {
                    self.fill(&plan, year, body, "adopted", 1);
                    let within = [Place::Part, Place::Below, Place::OtherPart];
                    let parts: Vec<Place> = within.into_iter().filter(|place| place.body() == body).collect();
                    for place in &parts {
                        self.fill(&plan, year, *place, "adopted", 1);
                    }
                    for whose in ["owned", "held"] {
                        for actor in &self.actors {
                            // Whose role is on a part has risks of their own in each, and in the bodies of their table.
                            let of_part = actor.column.starts_with("part");
                            let bodies = !of_part || matches!(body, Place::Own | Place::Sibling);
                            let places = parts.iter().filter(|_| of_part).chain(Some(&body).filter(|_| bodies));
                            for place in places {
                                let want = Wanted { place: *place, state, whose, by: actor, decided: "plain", fresh };
                                let risk = self.new_risk(&plan, want);
                                self.take_in(&risk, year, body);
                                self.made.borrow_mut().insert(risk_name(want), risk);
                            }
                        }
                    }
                }
                self.adopted(&plan);
                plan
            }
            // With one risk, so that its periods are soon told.
            "reported" => {
                let (plan, year) = self.complete(body, true);
                self.fill(&plan, year, body, state, 1);
                self.adopted(&plan);
                plan
            }
            "revised" => {
                let (plan, year) = self.complete(body, true);
                // One to look at, and some to retire; one that is abandoned has risks that no other line looks at.
                let (state, how_many) = if fresh { ("abandoned", 1) } else { ("revised", 4) };
                self.fill(&plan, year, body, state, how_many);
                self.adopted(&plan);
                self.office
                    .client
                    .post(&format!("/plans/{plan}/revision"), json!({"reason": "Något har ändrats."}))
                    .expect(200);
                plan
            }
            other => panic!("{other} is no state of a plan"),
        })
    }

    /// Puts risks of someone else's into a plan that is to be adopted: complete, and taken in.
    fn fill(&self, plan: &str, year: i32, place: Place, state: &str, how_many: usize) {
        for n in 0..how_many {
            let want = Wanted { place, state, whose: "another's", by: &self.office, decided: "plain", fresh: false };
            let risk = self.new_risk(plan, want);
            self.take_in(&risk, year, place.body());
            let name = if n == 0 { risk_name(want) } else { format!("spare {place:?} {n}") };
            self.made.borrow_mut().insert(name, risk);
        }
    }

    /// Gives a risk what it lacks to be adopted, and takes it in.
    fn take_in(&self, risk: &str, year: i32, body: Place) {
        let goal = self.goal(body, year, false);
        let complete = json!({"goalId": goal, "category": "operational", "response": "accept"});
        self.office.client.with("if-match", "*").patch(&format!("/risks/{risk}"), complete).expect(200);
        let path = format!("/risks/{risk}/inclusion");
        self.office.client.with("if-none-match", "*").put(&path, json!({"reason": "Prov."})).expect(201);
    }

    /// A risk as it is wanted, with one control and one action.
    fn risk(&self, want: Wanted) -> String {
        if want.state == "draft" {
            return self.kept(risk_name(want), want.fresh, || {
                let plan = self.plan(want.place.body(), "draft", false);
                self.new_risk(&plan, want)
            });
        }
        self.plan(want.place.body(), want.state, false);
        if want.fresh {
            let mut made = self.made.borrow_mut();
            let spare = (1..4).find_map(|n| made.remove(&format!("spare {:?} {n}", want.place)));
            return spare.expect("a spare risk of the adopted plan");
        }
        self.made.borrow().get(&risk_name(want)).expect("the adopted plan has a risk for each").clone()
    }

    fn new_risk(&self, plan: &str, want: Wanted) -> String {
        if want.whose == "another's" {
            return self.new_risk_of(plan, want);
        }
        self.made.borrow_mut().insert(format!("named {}", want.by.id), want.by.id.clone());
        self.with_roles(std::slice::from_ref(&want.by.id), || self.new_risk_of(plan, want))
    }

    /// Does something while these own risks by a role. Nobody without one is named, nor does a plan that names them go to its
    /// board; what they have afterwards is what the columns say, and they stay named.
    fn with_roles<T>(&self, users: &[String], then: impl FnOnce() -> T) -> T {
        let role = || json!({"role": "riskOwner", "organisationId": self.root});
        let given: Vec<String> = users.iter().map(|user| self.register.grant(user, role())).collect();
        let done = then();
        for (user, grant) in users.iter().zip(given) {
            let admin = self.register.admin.with("if-match", "*");
            admin.delete(&format!("/users/{user}/grants/{grant}")).expect(204);
        }
        done
    }

    /// Everyone who was named so.
    fn named(&self) -> Vec<String> {
        let made = self.made.borrow();
        made.iter().filter(|(name, _)| name.starts_with("named ")).map(|(_, user)| user.clone()).collect()
    }

    fn new_risk_of(&self, plan: &str, want: Wanted) -> String {
        let owner = if want.whose == "owned" { &want.by.id } else { &self.office.id };
        let responsible = if want.whose == "held" { &want.by.id } else { &self.office.id };
        let mut form =
            json!({"organisationId": self.at(want.place), "name": format!("Risk {}", self.next()), "ownerId": owner});
        if want.decided != "set aside" {
            form["likelihood"] = json!(2);
            form["consequence"] = json!(2);
        }
        let risk = self.make(&format!("/plans/{plan}/risks"), form);
        let parts = [("control", "/controls"), ("action", "/actions")];
        for (name, path) in parts {
            let form = json!({"name": "Stickprov", "responsibleId": responsible});
            let part = self.make(&format!("/risks/{risk}{path}"), form);
            self.made.borrow_mut().insert(format!("{name} {risk}"), part);
        }
        let decision = match want.decided {
            "taken in" => "inclusion",
            "set aside" => "setting-aside",
            _ => return risk,
        };
        let path = format!("/risks/{risk}/{decision}");
        self.office.client.with("if-none-match", "*").put(&path, json!({"reason": "Prov."})).expect(201);
        risk
    }

    fn part_of(&self, risk: &str, part: &str) -> String {
        self.made.borrow().get(&format!("{part} {risk}")).expect("each risk has one").clone()
    }

    /// The request of a line, for this place. `fresh`: it is to succeed, so what it would use up is new.
    fn ask(&self, line: &Line, place: Place, by: &Actor, fresh: bool) -> Ask {
        match kind(line.operation) {
            Some(Kind::People) => self.ask_people(line, place, by, fresh),
            Some(Kind::Settings) => self.ask_settings(line, place, fresh),
            Some(Kind::Plan) => self.ask_plan(line, place, fresh),
            Some(Kind::Risk) => self.ask_risk(line, place, by, fresh),
            Some(Kind::Log) => self.ask_log(line, place, fresh),
            Some(Kind::Record) => self.ask_record(line, place, by),
            Some(Kind::BodyRecord) => self.ask_body_record(line, place, fresh),
            Some(Kind::Report) => self.ask_report(line, place, fresh),
            Some(Kind::Status) => self.ask_status(line, place, by),
            None => panic!("no request is made for {}", line.operation),
        }
    }

    /// Of the region's log the event is about what everyone may see; of a body's, about the body itself.
    fn ask_log(&self, line: &Line, place: Place, fresh: bool) -> Ask {
        let erasure = || {
            // Asked for by the first administrator, so that the office and the others may confirm it.
            let goal = self.goal(Place::Region, 2024, false);
            json!({"entity": "goal", "entityId": goal, "fields": ["name"], "decision": "RS 2024-1, § 1"})
        };
        let asked = |fresh| {
            self.kept("erasure".to_owned(), fresh, || self.register.admin.post("/erasures", erasure()).expect(201).id())
        };
        match line.operation {
            "listErasures" => return get("/erasures"),
            "requestErasure" => return post("/erasures", erasure()),
            "getErasure" => return get(format!("/erasures/{}", asked(false))),
            "confirmErasure" => return post(format!("/erasures/{}/confirmation", asked(fresh)), json!({})),
            "withdrawErasure" => {
                return post(format!("/erasures/{}/withdrawal", asked(fresh)), json!({"reason": "Fel person"}));
            }
            _ => {}
        }
        if place != Place::Region {
            self.plan(place, "draft", false);
        }
        let log = format!("/logs/{}", self.at(place));
        let about = if place == Place::Region { "scoringPolicy" } else { "plan" };
        let found = self.office.client.get(&format!("{log}/events?entity={about}&limit=1")).expect(200);
        let event = format!("{log}/events/{}", found["items"][0]["n"]);
        match line.operation {
            "listLogs" => get("/logs"),
            "getLog" => get(log),
            "listEvents" => get(format!("{log}/events")),
            "getEvent" => get(event),
            "getInclusionProof" => get(format!("{event}/proof")),
            "getReceipt" => {
                self.register.db.make_checkpoints().expect("checkpoints can be made");
                get(format!("{event}/receipt"))
            }
            "getConsistencyProof" => get(format!("{log}/consistency?from=1")),
            "listCheckpoints" => get(format!("{log}/checkpoints")),
            "getLogKey" => get(format!("{log}/key")),
            other => panic!("no request is made for {other}"),
        }
    }

    fn ask_people(&self, line: &Line, place: Place, by: &Actor, fresh: bool) -> Ask {
        let at = self.at(place);
        let n = self.next();
        let role = if line.case.contains("head") { "head" } else { "reader" };
        let someone = || match line.case {
            "oneself" => by.id.clone(),
            _ => self.person(place, role, false),
        };
        match line.operation {
            "getApiInfo" => get("/api-info"),
            "signIn" => {
                let email = match by.column {
                    "anonymous" => Register::ADMIN.to_owned(),
                    column => crate::kit::address(column),
                };
                post("/sessions", json!({"email": email, "password": Register::PASSWORD}))
            }
            "refreshSession" => {
                let sign_in = json!({"email": Register::ADMIN, "password": Register::PASSWORD});
                let tokens = self.as_nobody().post("/sessions", sign_in).expect(201);
                post("/sessions/refresh", json!({"refreshToken": tokens.text("refreshToken")}))
            }
            "requestPasswordReset" => post("/password-resets", json!({"email": Register::ADMIN})),
            "completePasswordReset" => {
                let user = self.add(&format!("Glömsk {n}"), self.at(Place::Region), None);
                let token = crate::newcomers::link_to(self, &user, 3600);
                post(
                    "/password-resets/completion",
                    json!({"token": token, "newPassword": "en helt annan lösenordsfras"}),
                )
            }
            "getMe" => get("/me"),
            "changePassword" => {
                let form = json!({"currentPassword": Register::PASSWORD, "newPassword": "en helt annan lösenordsfras"});
                ask("PUT", "/me/password", Some(form))
            }
            "getMySessions" => get("/me/sessions"),
            "endMySession" => {
                // Another than the one that asks, so that this one goes on.
                let session = Id::new();
                if let Ok(user) = by.id.parse::<Id>() {
                    let start =
                        |w: &mut Writing| sessions::start(w, user, session, "password", 3600, &Asking::default());
                    self.register.db.write(&Origin::operator(), start).expect("a session");
                }
                ask("DELETE", format!("/me/sessions/{session}"), None)
            }
            "endUserSessions" => ask("DELETE", format!("/users/{}/sessions", someone()), None),
            "signOut" => ask("DELETE", "/sessions/current", None),
            "signOutEverywhere" => ask("DELETE", "/sessions", None),
            "listOrganisations" => get("/organisations"),
            "getOrganisation" => get(format!("/organisations/{at}")),
            "createOrganisation" => {
                let form =
                    json!({"parentId": at, "kind": "unit", "name": format!("Enhet {n}"), "validFrom": "2020-01-01"});
                post("/organisations", form)
            }
            "search" => get("/search?q=a"),
            "getRegister" => get(format!("/organisations/{at}/register")),
            "getOpenMatters" => get(format!("/organisations/{at}/open-matters")),
            "changeOrganisation" => patch(format!("/organisations/{at}"), json!({"abbreviation": format!("K{n}")})),
            "listUsers" => get("/users"),
            "createUser" => {
                let form = json!({"organisationId": at, "name": "Ny", "email": format!("ny{n}@example.org")});
                post("/users", form)
            }
            "getPersonalData" => get(format!("/users/{}/data", someone())),
            "getMyData" => get("/me/data"),
            "getUser" => get(format!("/users/{}", someone())),
            "changeUser" => patch(format!("/users/{}", someone()), json!({"subject": format!("s{n}")})),
            "makeOneTimePassword" => ask("POST", format!("/users/{}/one-time-password", someone()), None),
            "handOver" => {
                // To someone whom everyone who may hand over sees, with a role of the lowest kind.
                let to = self.person(place, "performer", false);
                post(format!("/users/{}/handover", someone()), json!({"toUserId": to}))
            }
            "listGrants" => get(format!("/users/{}/grants", someone())),
            "getGrant" => get(self.grant_of(&someone())),
            "grantRole" => {
                let role = line.case.split([',', ' ']).next().unwrap_or_default();
                let home = if line.case.ends_with("to someone there") { place } else { Place::Own };
                let user = match fresh {
                    true => self.person(home, "", true),
                    false => self.kept(format!("to give {home:?} {place:?} {}", line.case), false, || {
                        self.person(home, "", true)
                    }),
                };
                post(format!("/users/{user}/grants"), json!({"role": role, "organisationId": at}))
            }
            "revokeRole" => {
                let user = match fresh {
                    true => self.person(place, role, true),
                    false => self.kept(format!("to take {place:?} {role}"), false, || self.person(place, role, true)),
                };
                delete(self.grant_of(&user))
            }
            "issueToken" => {
                let (account, secret) = self.service_account(Place::Own);
                let client = account.rsplit('/').next().unwrap_or_default();
                let form = json!({"grant_type": "client_credentials", "client_id": client, "client_secret": secret});
                post("/oauth/token", form).encoded()
            }
            "listServiceAccounts" => get("/service-accounts"),
            "listAllRevisions" => get("/revisions"),
            "listAllAssessments" => get("/assessments"),
            "listAllControlReports" => get("/control-reports"),
            "listAllActionReports" => get("/action-reports"),
            "listAllReports" => get("/reports"),
            "listAllEvents" => get("/events"),
            "createServiceAccount" => post("/service-accounts", self.service_account_form(place)),
            "getServiceAccount" => get(self.service_account(place).0),
            "changeServiceAccount" => patch(self.service_account(place).0, json!({"name": format!("System {n}")})),
            "listServiceCredentials" => get(format!("{}/credentials", self.service_account(place).0)),
            "makeServiceCredential" => post(format!("{}/credentials", self.service_account(place).0), json!({})),
            "getServiceCredential" => get(self.credential(place, false)),
            "revokeServiceCredential" => post(format!("{}/revocation", self.credential(place, fresh)), json!({})),
            "listMyTasks" => get("/me/tasks"),
            "getMyReminders" => get("/me/reminders"),
            "changeMyReminders" => ask("PUT", "/me/reminders", Some(json!({"weekly": n % 2 == 0}))).current(),
            "getMyCalendar" => get("/me/calendar"),
            "makeMyCalendar" => ask("POST", "/me/calendar", None),
            "revokeMyCalendar" => ask("DELETE", "/me/calendar", None),
            "listMails" => get("/mails"),
            "listFollowUps" => get("/follow-ups?year=2024&period=t1"),
            "getCombinedMatrix" => get("/follow-ups/matrix?year=2024"),
            "listWebhooks" => get("/webhooks"),
            "createWebhook" => post("/webhooks", self.webhook_form(place)),
            "getWebhook" => get(self.webhook(place, false)),
            "changeWebhook" => patch(self.webhook(place, false), json!({"name": format!("Namn {n}")})),
            "deleteWebhook" => delete(self.webhook(place, fresh)),
            "changeWebhookSecret" => ask("POST", format!("{}/secret", self.webhook(place, false)), None),
            "listDeliveries" => get(format!("{}/deliveries", self.webhook(place, false))),
            "replayWebhook" => {
                let form = json!({"from": "2024-01-01T00:00:00Z"});
                post(format!("{}/replay", self.webhook(place, false)), form)
            }
            other => panic!("no request is made for {other}"),
        }
    }

    /// A webhook of the place. It leads nowhere, and nothing is sent to it.
    fn webhook(&self, place: Place, fresh: bool) -> String {
        let id = self.kept(format!("webhook {place:?}"), fresh, || self.make("/webhooks", self.webhook_form(place)));
        format!("/webhooks/{id}")
    }

    fn webhook_form(&self, place: Place) -> Value {
        json!({"organisationId": self.at(place), "name": format!("Webhook {}", self.next()),
            "url": "https://hooks.invalid/", "active": false})
    }

    fn ask_settings(&self, line: &Line, place: Place, fresh: bool) -> Ask {
        let name = || json!({"name": format!("Namn {}", self.next())});
        let goal = |fresh| format!("/goals/{}", self.goal(place, 2030, fresh));
        let indicator = |fresh| {
            let make = || self.make("/indicators", self.indicator_form(place));
            format!("/indicators/{}", self.kept(format!("indicator {place:?}"), fresh, make))
        };
        let text = |fresh| {
            let make = || self.make("/standing-texts", self.text_form(place));
            format!("/standing-texts/{}", self.kept(format!("text {place:?}"), fresh, make))
        };
        let wording = |fresh| {
            let make = || self.make("/wordings", self.wording_form(place));
            format!("/wordings/{}", self.kept(format!("wording {place:?}"), fresh, make))
        };
        let policy = || {
            let make = || self.make("/scoring-policies", self.policy_form(place));
            format!("/scoring-policies/{}", self.kept(format!("policy {place:?}"), false, make))
        };
        let mandatory = |fresh| {
            let make = || self.make("/mandatory-risks", self.mandatory_form());
            format!("/mandatory-risks/{}", self.kept("mandatory".into(), fresh, make))
        };
        // A body's, of an indicator of the region's; there already or not.
        let local_target = || {
            let make = || self.make("/indicators", self.indicator_form(Place::Region));
            let indicator = self.kept(format!("indicator {:?}", Place::Region), false, make);
            let path = format!("/indicators/{indicator}/local-targets/{}", self.at(place));
            self.office.client.with("if-none-match", "*").put(&path, json!({"target": "5"}));
            path
        };
        match line.operation {
            "listGoals" => get("/goals"),
            "getGoal" => get(goal(false)),
            "createGoal" => post("/goals", self.goal_form(place, 2030)),
            "changeGoal" => patch(goal(false), name()),
            // One that nothing leans on.
            "deleteGoal" => match fresh {
                true => delete(goal(true)),
                false => {
                    let unused = self.kept(format!("unused goal {place:?}"), false, || self.goal(place, 2031, true));
                    delete(format!("/goals/{unused}"))
                }
            },
            "listIndicators" => get("/indicators"),
            "getIndicator" => get(indicator(false)),
            "createIndicator" => post("/indicators", self.indicator_form(place)),
            "changeIndicator" => patch(indicator(false), name()),
            "deleteIndicator" => delete(indicator(fresh)),
            "continueIndicators" => {
                post(format!("/organisations/{}/continued-indicators", self.at(place)), json!({"fromYear": 2031}))
            }
            "getLocalTarget" => get(local_target()),
            "setLocalTarget" => ask("PUT", local_target(), Some(json!({"target": self.next().to_string()}))).current(),
            "withdrawLocalTarget" => delete(local_target()),
            "listStandingTexts" => get("/standing-texts"),
            "getStandingText" => get(text(false)),
            "createStandingText" => post("/standing-texts", self.text_form(place)),
            "changeStandingText" => patch(text(false), json!({"heading": format!("Rubrik {}", self.next())})),
            "deleteStandingText" => delete(text(fresh)),
            "listWordings" => get("/wordings"),
            "getWording" => get(wording(false)),
            "createWording" => post("/wordings", self.wording_form(place)),
            "changeWording" => patch(wording(false), json!({"words": {"plan": format!("Plan {}", self.next())}})),
            "deleteWording" => delete(wording(fresh)),
            "listScoringPolicies" => get("/scoring-policies"),
            "getScoringPolicy" => get(policy()),
            "listPolicyVersions" => get(format!("{}/versions", policy())),
            "getPolicyVersion" => get(format!("{}/versions/1", policy())),
            "previewPolicyVersion" => post(format!("{}/preview", policy()), json!({"definition": self.definition})),
            "createScoringPolicy" => post("/scoring-policies", self.policy_form(place)),
            "changeScoringPolicy" => patch(policy(), name()),
            "createPolicyVersion" => post(format!("{}/versions", policy()), json!({"definition": self.definition})),
            "listCompiledReports" => get("/compiled-reports"),
            "createCompiledReport" => {
                // A year's period has one draft at a time.
                let year = if fresh { 2001 + self.next() % 90 } else { 2000 };
                post("/compiled-reports", json!({"year": year, "kind": "t1"}))
            }
            "getCompiledReport"
            | "changeCompiledReport"
            | "discardCompiledReport"
            | "finalizeCompiledReport"
            | "getCompiledReportDocument" => {
                let used_up = matches!(line.operation, "discardCompiledReport" | "finalizeCompiledReport");
                let id = self.kept("compiled report".into(), fresh && used_up, || {
                    let year = 2001 + self.next() % 90;
                    self.make("/compiled-reports", json!({"year": year, "kind": "interim"}))
                });
                let path = format!("/compiled-reports/{id}");
                match line.operation {
                    "getCompiledReport" => get(path),
                    "getCompiledReportDocument" => get(format!("{path}/document")).in_json(),
                    "changeCompiledReport" => {
                        patch(path, json!({"introduction": format!("Inledning {}", self.next())}))
                    }
                    "discardCompiledReport" => delete(path),
                    _ => post(format!("{path}/finalization"), json!({})).current(),
                }
            }
            "listDeadlines" => get("/deadlines"),
            "getDeadline" | "setDeadline" => {
                let path = "/deadlines/2030/t1";
                let due = |day: i32| json!({"dueOn": format!("2030-05-{:02}", 1 + day % 30)});
                self.kept("deadline".into(), false, || {
                    self.office.client.with("if-none-match", "*").put(path, due(0)).expect(201).id()
                });
                match line.operation {
                    "getDeadline" => get(path),
                    _ => ask("PUT", path, Some(due(self.next()))).current(),
                }
            }
            "listMandatoryRisks" => get("/mandatory-risks"),
            "getMandatoryRisk" => get(mandatory(false)),
            "getCoverage" => get(format!("{}/coverage", mandatory(false))),
            "issueMandatoryRisk" => post("/mandatory-risks", self.mandatory_form()),
            "changeMandatoryRisk" => patch(mandatory(false), name()),
            "withdrawMandatoryRisk" => {
                let path = match fresh {
                    true => mandatory(true),
                    false => {
                        let make = || self.make("/mandatory-risks", self.mandatory_form());
                        format!("/mandatory-risks/{}", self.kept("to withdraw".into(), false, make))
                    }
                };
                post(format!("{path}/withdrawal"), json!({"reason": "Gäller inte längre."}))
            }
            other => panic!("no request is made for {other}"),
        }
    }

    fn ask_plan(&self, line: &Line, place: Place, fresh: bool) -> Ask {
        let state = line.case.split(',').next().unwrap_or_default();
        // Most can be done with the same plan again and again.
        let plan = |fresh| format!("/plans/{}", self.plan(place, state, fresh));
        let n = self.next();
        match line.operation {
            "listPlans" => get("/plans"),
            "createPlan" => {
                let year = self.kept(format!("free year {place:?}"), false, || "2050".into());
                if fresh {
                    let next = year.parse::<i32>().expect("a year") + 1;
                    self.made.borrow_mut().insert(format!("free year {place:?}"), next.to_string());
                }
                let year: i32 = year.parse().expect("a year");
                post("/plans", json!({"organisationId": self.at(place), "year": year}))
            }
            "getPlan" => get(plan(false)),
            "changePlan" => patch(plan(false), json!({"diaryNumbers": [format!("RS 2024-{n}")]})),
            "takeOverRisks" => {
                // A part that becomes one with the body: whoever works on the body's plan sees it.
                let from = self.kept(format!("predecessor {place:?}"), false, || {
                    let at = self.at(place);
                    let form = json!({"parentId": at, "kind": "board", "name": "Uppgången", "validFrom": "1990-01-01",
                        "plans": true, "successorId": at});
                    let body = self.make("/organisations", form);
                    self.make("/plans", json!({"organisationId": body, "year": 2000}))
                });
                post(format!("{}/takeover", plan(false)), json!({"fromPlanId": from}))
            }
            "setCarriedDates" => post(format!("{}/carried-dates", plan(false)), json!({})),
            "assignTogether" => {
                let risk = self.kept(format!("assigned {place:?} {state}"), false, || {
                    self.make(&format!("{}/risks", plan(false)), json!({"name": "Att fördela"}))
                });
                post(format!("{}/assignments", plan(false)), json!({"riskIds": [risk], "category": "financial"}))
            }
            "assignSeparately" => {
                let risk = self.kept(format!("assigned by itself {place:?} {state}"), false, || {
                    self.make(&format!("{}/risks", plan(false)), json!({"name": "Att fördela för sig"}))
                });
                let item = json!({"entity": "risk", "id": risk, "category": "financial"});
                post(format!("{}/own-assignments", plan(false)), json!({"items": [item]}))
            }
            "confirmAssessments" => post(format!("{}/carried-assessments", plan(false)), json!({})),
            "confirmSections" => post(format!("{}/carried-sections", plan(false)), json!({})),
            "listSections" => get(format!("{}/sections", plan(false))),
            "getSection" => {
                if state == "draft" {
                    self.kept(format!("section {place:?}"), false, || {
                        let path = format!("{}/sections/monitoring", plan(false));
                        let office = self.office.client.with("if-none-match", "*");
                        office.put(&path, json!({"text": "Beskrivet."})).expect(201).text("section")
                    });
                }
                get(format!("{}/sections/monitoring", plan(false)))
            }
            "writeSection" => {
                self.kept(format!("written {place:?}"), false, || {
                    let path = format!("{}/sections/background", plan(false));
                    let office = self.office.client.with("if-none-match", "*");
                    office.put(&path, json!({"text": "Bakgrund."})).expect(201).text("section")
                });
                let form = json!({"text": format!("Bakgrund {n}.")});
                ask("PUT", format!("{}/sections/background", plan(false)), Some(form)).current()
            }
            "checkPlan" => get(format!("{}/checks", plan(false))),
            "getMatrix" if line.case.ends_with("as adopted") => get(format!("{}/matrix?basis=adopted", plan(false))),
            "getMatrix" => get(format!("{}/matrix", plan(false))),
            "comparePlan" => get(format!("{}/comparison", plan(false))),
            "proposePlan" => {
                let plan = self.plan(place, "complete", fresh);
                post(format!("/plans/{plan}/proposal"), json!({})).current()
            }
            "returnPlan" => {
                let plan = match fresh {
                    true => plan(true),
                    false => {
                        let make = || self.plan(place, "proposed", true);
                        format!("/plans/{}", self.kept(format!("to return {place:?}"), false, make))
                    }
                };
                post(format!("{plan}/return"), json!({"reason": "Mer behövs."}))
            }
            "adoptPlan" => post(format!("{}/adoption", plan(fresh)), adoption_form()).current(),
            "deletePlan" => {
                let key = format!("to delete {place:?}");
                let draft = self.kept(key, fresh, || self.draft(place, false).0);
                post(format!("/plans/{draft}/deletion"), json!({"reason": "Gjord av misstag."})).current()
            }
            "abandonRevision" => {
                post(format!("{}/abandonment", plan(fresh)), json!({"reason": "Behövs inte."})).current()
            }
            "revisePlan" => post(format!("{}/revision", plan(fresh)), json!({"reason": "Något har ändrats."})),
            "deliverPlan" => post(format!("{}/delivery", plan(false)), json!({"deliveredOn": "2025-03-01"})),
            "addDiaryNumber" => post(format!("{}/diary-numbers", plan(false)), json!({"diaryNumber": "KN 2025-7"})),
            "closePlan" => {
                post(format!("{}/closure", plan(fresh)), json!({"reason": "Följdes upp annorstädes."})).current()
            }
            "getPlanDocument" => get(format!("{}/document", plan(false))).in_json(),
            "listRevisions" => get(format!("{}/revisions", plan(false))),
            "getRevision" => get(format!("{}/revisions/1", plan(false))),
            "getRevisionDocument" => get(format!("{}/revisions/1/document", plan(false))),
            "listRisksOfPlan" => get(format!("{}/risks", plan(false))),
            "createRisk" => post(format!("{}/risks", plan(false)), json!({"name": format!("Risk {n}")})),
            "createImport" => post("/imports", import_form(&self.plan(place, state, false), n)),
            "getImport" => get(self.import(place, state, false)),
            "getImportDocument" => get(format!("{}/document", self.import(place, state, false))),
            "changeImport" => patch(self.import(place, state, false), json!({"grantRoles": n % 2 == 0})),
            "executeImport" => {
                let import = self.import(place, state, fresh);
                post(format!("{import}/execution"), json!({})).current()
            }
            "listPlanNotes" => get(format!("{}/notes", plan(false))),
            "writePlanNote" => post(format!("{}/notes", plan(false)), json!({"text": format!("Anteckning {n}.")})),
            other => panic!("no request is made for {other}"),
        }
    }

    fn ask_risk(&self, line: &Line, place: Place, by: &Actor, fresh: bool) -> Ask {
        let (state, whose) = line.case.split_once(", ").unwrap_or(("draft", "another's"));
        let risk_with = |decided, fresh| self.risk(Wanted { place, state, whose, by, decided, fresh });
        let risk = |fresh| risk_with("plain", fresh);
        let part = |name: &str, fresh| format!("/{name}s/{}", self.part_of(&risk(fresh), name));
        let n = self.next();
        let step = 1 + n % 5;
        let name = json!({"name": format!("Namn {n}")});
        // Someone else each time, whom everyone who may change it sees.
        let responsible = || {
            let person = self.person(place, if n % 2 == 0 { "performer" } else { "riskOwner" }, false);
            json!({"responsibleId": person})
        };
        let reason = || json!({"reason": format!("Skäl {n}.")});
        let note = || json!({"text": format!("Anteckning {n}.")});
        match (line.operation, state) {
            ("listRisks", _) => get("/risks"),
            ("listControls", _) => get("/controls"),
            ("listActions", _) => get("/actions"),
            ("getRisk", _) => get(format!("/risks/{}", risk(false))),
            ("changeRisk", "draft") => patch(format!("/risks/{}", risk(false)), name),
            // In an adopted plan only the owner and the assessment may change.
            ("changeRisk", _) => {
                patch(format!("/risks/{}", risk(false)), json!({"likelihood": step, "consequence": 1}))
            }
            ("deleteRisk", _) => delete(format!("/risks/{}", risk_with("to delete", fresh))),
            ("retireRisk", _) => post(format!("/risks/{}/retirement", risk(fresh)), json!({"reason": "Har upphört."})),
            ("listAssessments", _) => get(format!("/risks/{}/assessments", risk(false))),
            ("assessRisk", _) => {
                post(format!("/risks/{}/assessments", risk(false)), json!({"likelihood": step, "consequence": 1}))
            }
            ("getInclusion", _) => get(format!("/risks/{}/inclusion", risk_with("taken in", false))),
            ("getSettingAside", _) => get(format!("/risks/{}/setting-aside", risk_with("set aside", false))),
            ("includeRisk", _) => {
                ask("PUT", format!("/risks/{}/inclusion", risk_with("to take in", fresh)), Some(reason())).only_new()
            }
            ("setRiskAside", _) => {
                ask("PUT", format!("/risks/{}/setting-aside", risk_with("to set aside", fresh)), Some(reason()))
                    .only_new()
            }
            ("withdrawInclusion", _) => delete(format!("/risks/{}/inclusion", risk_with("taken in", fresh))),
            ("withdrawSettingAside", _) => delete(format!("/risks/{}/setting-aside", risk_with("set aside", fresh))),
            ("listControlsOfRisk", _) => get(format!("/risks/{}/controls", risk(false))),
            ("listActionsOfRisk", _) => get(format!("/risks/{}/actions", risk(false))),
            ("createControl", _) => post(format!("/risks/{}/controls", risk(false)), name),
            ("createAction", _) => post(format!("/risks/{}/actions", risk(false)), name),
            ("getControl", _) => get(part("control", false)),
            ("getAction", _) => get(part("action", false)),
            ("changeControl", "draft") => patch(part("control", false), name),
            ("changeAction", "draft") => patch(part("action", false), name),
            ("changeControl", _) => patch(part("control", false), responsible()),
            ("changeAction", _) => patch(part("action", false), responsible()),
            ("listRiskNotes", _) => get(format!("/risks/{}/notes", risk(false))),
            ("listControlNotes", _) => get(format!("{}/notes", part("control", false))),
            ("listActionNotes", _) => get(format!("{}/notes", part("action", false))),
            ("writeRiskNote", _) => post(format!("/risks/{}/notes", risk(false)), note()),
            ("writeControlNote", _) => post(format!("{}/notes", part("control", false)), note()),
            ("writeActionNote", _) => post(format!("{}/notes", part("action", false)), note()),
            ("getNote", _) => {
                let path = format!("/risks/{}/notes", risk(false));
                let note = self.kept(format!("note {path}"), false, || self.make(&path, note()));
                get(format!("/notes/{note}"))
            }
            ("listControlFiles", _) => get(format!("{}/files", part("control", false))),
            ("listActionFiles", _) => get(format!("{}/files", part("action", false))),
            ("addControlFile", _) => leave(&part("control", false), n),
            ("addActionFile", _) => leave(&part("action", false), n),
            ("getFile" | "getFileContent" | "changeFile" | "removeFile", _) => {
                let control = part("control", false);
                let removes = line.operation == "removeFile";
                let make = || leave(&control, n).send(&self.office.client).expect(201).id();
                let file = self.kept(format!("file {control} {removes}"), fresh && removes, make);
                match line.operation {
                    "getFile" => get(format!("/files/{file}")),
                    "getFileContent" => get(format!("/files/{file}/content")),
                    "changeFile" => patch(format!("/files/{file}"), json!({"public": n % 2 == 0})),
                    _ => delete(format!("/files/{file}")),
                }
            }
            ("deleteControl", _) => delete(self.to_delete("control", place, whose, by, fresh)),
            ("deleteAction", _) => delete(self.to_delete("action", place, whose, by, fresh)),
            (other, _) => panic!("no request is made for {other}"),
        }
    }

    fn deficiency_form(&self, place: Place, crime: bool) -> Value {
        json!({"organisationId": self.at(place), "title": format!("Brist {}", self.next()), "severity": "minor",
            "foundOn": "2025-05-02", "suspectedCrime": crime})
    }

    fn recommendation_form(&self, place: Place) -> Value {
        json!({"organisationId": self.at(place), "source": "auditors", "report": "Årlig granskning", "year": 2024,
            "text": format!("Rekommendation {}.", self.next())})
    }

    fn ask_record(&self, line: &Line, place: Place, by: &Actor) -> Ask {
        let n = self.next();
        let crime = line.case == "crime suspected";
        let reason = || json!({"reason": format!("Skäl {n}.")});
        let deficiency = |fresh| {
            let make = || {
                let id = self.make("/deficiencies", self.deficiency_form(place, crime));
                if line.case == "told to the board" {
                    let told = json!({"reportedToBoardOn": "2025-05-10"});
                    self.office.client.with("if-match", "*").patch(&format!("/deficiencies/{id}"), told).expect(200);
                }
                if line.case == "closed" {
                    let path = format!("/deficiencies/{id}/closure");
                    self.office.client.with("if-match", "*").post(&path, reason()).expect(200);
                }
                id
            };
            format!("/deficiencies/{}", self.kept(format!("deficiency {place:?} {}", line.case), fresh, make))
        };
        let held = line.case.starts_with("held");
        let recommendation = |fresh| {
            let whose = if held { by.column } else { "another's" };
            let make = || {
                let mut form = self.recommendation_form(place);
                form["responsibleId"] = json!(if held { &by.id } else { &self.office.id });
                let id = self.make("/recommendations", form);
                if line.operation == "reopenRecommendation" {
                    let path = format!("/recommendations/{id}/closure");
                    self.office.client.with("if-match", "*").post(&path, reason()).expect(200);
                }
                id
            };
            let name = format!("recommendation {place:?} {whose} {}", line.operation == "reopenRecommendation");
            format!("/recommendations/{}", self.kept(name, fresh, make))
        };
        let indicator = || {
            let make = || self.make("/indicators", self.indicator_form(place));
            self.kept(format!("indicator {place:?}"), false, make)
        };
        let outcome = || {
            let path = format!("/indicators/{}/outcomes/{}/interim", indicator(), self.at(place));
            self.kept(format!("outcome {place:?}"), false, || {
                self.office.client.with("if-none-match", "*").put(&path, json!({"value": "5"})).expect(201).id()
            });
            path
        };
        match line.operation {
            "listDeficiencies" => get("/deficiencies"),
            "reportDeficiency" => post("/deficiencies", self.deficiency_form(place, false)),
            "getDeficiency" => get(deficiency(false)),
            "changeDeficiency" => patch(deficiency(false), json!({"measures": format!("Åtgärd {n}.")})),
            "recordCrimeHandling" => {
                let form = json!({"handling": format!("Polisanmält {n}.")});
                post(format!("{}/crime-handling", deficiency(false)), form).current()
            }
            "listDeficiencyFiles" => get(format!("{}/files", deficiency(false))),
            "addDeficiencyFile" => leave(&deficiency(false), n),
            "closeDeficiency" => post(format!("{}/closure", deficiency(true)), reason()).current(),
            "reopenDeficiency" => post(format!("{}/reopening", deficiency(true)), reason()),
            "listRecommendations" => get("/recommendations"),
            "createRecommendation" => post("/recommendations", self.recommendation_form(place)),
            "getRecommendation" => get(recommendation(false)),
            "changeRecommendation" if line.case.ends_with("words") => {
                patch(recommendation(false), json!({"text": format!("Ny lydelse {n}.")}))
            }
            "changeRecommendation" => patch(recommendation(false), json!({"actionIds": []})),
            "closeRecommendation" => post(format!("{}/closure", recommendation(true)), reason()).current(),
            "reopenRecommendation" => post(format!("{}/reopening", recommendation(true)), reason()),
            "listRecommendationEntries" => get(format!("{}/entries", recommendation(false))),
            "addRecommendationEntry" => {
                post(format!("{}/entries", recommendation(false)), json!({"text": format!("Inlägg {n}.")}))
            }
            "getRecommendationEntry" => {
                let path = format!("{}/entries", recommendation(false));
                let entry = self.kept(format!("entry {path}"), false, || self.make(&path, json!({"text": "Svar."})));
                get(format!("{path}/{entry}"))
            }
            "listOutcomes" => get("/outcomes"),
            "listMissingOutcomes" => get("/missing-outcomes?year=2030&period=annual"),
            "listOutcomesOfIndicator" => get(format!("/indicators/{}/outcomes", indicator())),
            "getOutcome" => get(outcome()),
            "writeOutcome" => ask("PUT", outcome(), Some(json!({"value": n.to_string()}))).current(),
            "writeOutcomes" => {
                let item = json!({"indicatorId": indicator(), "organisationId": self.at(place), "period": "annual",
                    "value": n.to_string()});
                post("/outcomes", json!({"items": [item]}))
            }
            other => panic!("no request is made for {other}"),
        }
    }

    fn opinion_form(&self, place: Place) -> Value {
        let mut made = self.made.borrow_mut();
        let counter = made.entry(format!("opinion year {place:?}")).or_insert("1990".into());
        let year = counter.parse::<i32>().expect("a year") + 1;
        *counter = year.to_string();
        json!({"organisationId": self.at(place), "year": year, "judgement": "sufficient", "report": "Årsrapport",
            "givenOn": "2025-04-01"})
    }

    fn ask_body_record(&self, line: &Line, place: Place, fresh: bool) -> Ask {
        let n = self.next();
        let plan = || format!("/plans/{}", self.plan(place, line.case, false));
        let opinion = |fresh| {
            let make = || self.make("/audit-opinions", self.opinion_form(place));
            format!("/audit-opinions/{}", self.kept(format!("opinion {place:?}"), fresh, make))
        };
        // One that the draft answers, and a new one for each yes that uses it up.
        let answered = |fresh| {
            let make = || self.make("/deficiencies", self.deficiency_form(place, false));
            let id = self.kept(format!("answered {place:?}"), fresh, make);
            let path = format!("{}/deficiencies/{id}", plan());
            let said = json!({"justification": "Åtgärdas i år."});
            self.kept(format!("answer {path}"), false, || {
                self.office.client.with("if-none-match", "*").put(&path, said).expect(201).id()
            });
            path
        };
        match line.operation {
            "listDeficienciesOfPlan" => get(format!("{}/deficiencies", plan())),
            "getDeficiencyOfPlan" => get(answered(false)),
            "answerDeficiency" => {
                ask("PUT", answered(false), Some(json!({"justification": format!("Skäl {n}.")}))).current()
            }
            "withdrawDeficiencyAnswer" => delete(answered(true)),
            "listAuditOpinions" => get("/audit-opinions"),
            "createAuditOpinion" => post("/audit-opinions", self.opinion_form(place)),
            "getAuditOpinion" => get(opinion(false)),
            "changeAuditOpinion" => patch(opinion(false), json!({"comment": format!("Anmärkning {n}.")})),
            "deleteAuditOpinion" => delete(opinion(true)),
            "getSelfAssessment" | "writeSelfAssessment" => {
                let path = format!("{}/self-assessments/annual", plan());
                let form = json!({"components": [{"component": "monitoring", "judgement": "partly",
                    "reason": format!("Skäl {n}.")}]});
                self.kept(format!("assessment {path}"), false, || {
                    self.office.client.with("if-none-match", "*").put(&path, form.clone()).expect(201).id()
                });
                match line.operation {
                    "getSelfAssessment" => get(path),
                    _ => ask("PUT", path, Some(form)).current(),
                }
            }
            "getFinancialMeasures" | "writeFinancialMeasures" => {
                let path = format!("{}/financial-measures/annual", plan());
                let form = json!({"measures": [{"name": format!("Åtgärd {n}"), "realisedEffect": "0.5"}]});
                self.kept(format!("measures {path}"), false, || {
                    self.office.client.with("if-none-match", "*").put(&path, form.clone()).expect(201).id()
                });
                match line.operation {
                    "getFinancialMeasures" => get(path),
                    _ => ask("PUT", path, Some(form)).current(),
                }
            }
            "getFinancialEffects" => get(format!("{}/financial-effects", plan())),
            other => panic!("no request is made for {other} ({fresh})"),
        }
    }

    /// Opens or closes a period of the body's adopted plan, unless it is so already. What is missing in it is reported.
    fn period(&self, plan: &str, period: &str, closed: bool) -> String {
        let path = format!("/plans/{plan}/periods/{period}");
        let office = self.office.client.with("if-match", "*");
        let is_closed = office.get(&path).expect(200)["status"] == "closed";
        if is_closed && !closed {
            office.post(&format!("{path}/reopening"), json!({"reason": "Prov."})).expect(200);
        }
        if !is_closed && closed {
            let missing = office.get(&format!("{path}/statuses?missing=true&limit=200")).expect(200);
            for row in missing.items() {
                let (entity, id) = (row["entity"].as_str().expect("a word"), row["id"].as_str().expect("an id"));
                let status = if entity == "control" { "performed" } else { "onPlan" };
                let new = self.office.client.with("if-none-match", "*");
                new.put(&format!("/{entity}s/{id}/reports/{period}"), json!({"status": status})).expect(201);
            }
            office.post(&format!("{path}/closure"), json!({})).expect(200);
        }
        path
    }

    /// A plan of the body. The report of its first period is decided, its second is closed and wants a report.
    fn followed(&self, body: Place, state: &str) -> String {
        let plan = self.plan(body, state, false);
        self.kept(format!("followed {body:?} {state}"), false, || {
            for period in ["t1", "interim"] {
                let path = format!("/plans/{plan}/periods/{period}");
                self.office.client.with("if-match", "*").patch(&path, json!({"required": true})).expect(200);
                self.period(&plan, period, true);
            }
            let decided = self.report(&plan, "t1", "final");
            self.office.client.with("if-match", "*").post(&format!("{decided}/decision"), adoption_form()).expect(200);
            decided
        });
        plan
    }

    /// The newest report of a period: none that waits for its decision, a draft, or a final one.
    fn report(&self, plan: &str, kind: &str, state: &str) -> String {
        let office = self.office.client.with("if-match", "*");
        let all = format!("/plans/{plan}/reports");
        let newest = office.get(&format!("{all}?kind={kind}&limit=200")).expect(200).items().last().cloned();
        let waiting = newest.filter(|report| report["status"] != "decided");
        let is = waiting.as_ref().map_or("none", |report| report["status"].as_str().expect("a word")).to_owned();
        let id = match waiting {
            Some(report) => report["id"].as_str().expect("an id").to_owned(),
            None if state == "none" => return all,
            None => self.make(&all, json!({"kind": kind})),
        };
        let path = format!("/reports/{id}");
        if is == "final" && state != "final" {
            office.post(&format!("{path}/return"), json!({"reason": "Prov."})).expect(200);
        }
        match state {
            "none" => {
                office.delete(&path).expect(204);
                return all;
            }
            "final" if is != "final" => {
                office.post(&format!("{path}/finalization"), json!({})).expect(200);
            }
            _ => {}
        }
        path
    }

    fn ask_report(&self, line: &Line, place: Place, fresh: bool) -> Ask {
        let n = self.next();
        let state = match line.case.split(", ").next() {
            Some("adopted") | None => "reported",
            Some(state) => state,
        };
        let read = || format!("/plans/{}", self.plan(place, state, false));
        let followed = || self.followed(place, "reported");
        let annual = |closed| self.period(&followed(), "annual", closed);
        // What succeeds leaves the first period's another than it was; what is refused is asked of the second's.
        let kind = if fresh { "t1" } else { "interim" };
        let report = |state| self.report(&followed(), kind, state);
        let seen = || match line.case.rsplit(", ").next() {
            Some("decided") => {
                followed();
                self.kept(format!("followed {place:?} reported"), false, || panic!("it is there"))
            }
            Some("final") => report("final"),
            _ => report("draft"),
        };
        match line.operation {
            "listPeriods" => get(format!("{}/periods", read())),
            "getPeriod" => get(format!("{}/periods/annual", read())),
            "listStatuses" => get(format!("{}/periods/annual/statuses", read())),
            "changePeriod" => patch(annual(false), json!({"deadline": format!("2040-02-{:02}", 1 + n % 28)})),
            "remindOfPeriod" => post(format!("{}/reminders", annual(false)), json!({"text": format!("Text {n}.")})),
            "closePeriod" => post(format!("{}/closure", annual(false)), json!({})).current(),
            "reopenPeriod" => post(format!("{}/reopening", annual(true)), json!({"reason": format!("Skäl {n}.")})),
            "listReports" => get(format!("{}/reports", read())),
            "createReport" => post(report("none"), json!({"kind": kind})),
            "getReport" => get(seen()),
            "getReportDocument" => get(format!("{}/document", seen())).in_json(),
            "changeReport" => patch(report("draft"), json!({"introduction": format!("Inledning {n}.")})),
            "discardReport" => delete(report("draft")),
            "finalizeReport" => post(format!("{}/finalization", report("draft")), json!({})).current(),
            "returnReport" => post(format!("{}/return", report("final")), json!({"reason": format!("Skäl {n}.")})),
            "decideReport" => post(format!("{}/decision", report("final")), adoption_form()).current(),
            "deliverReport" => post(format!("{}/delivery", seen()), json!({"deliveredOn": "2025-06-01"})),
            "addReportDiaryNumber" => post(format!("{}/diary-numbers", seen()), json!({"diaryNumber": "KN 2025-8"})),
            other => panic!("no request is made for {other}"),
        }
    }

    fn ask_status(&self, line: &Line, place: Place, by: &Actor) -> Ask {
        let (state, whose) = line.case.split_once(", ").unwrap_or(("adopted", "another's"));
        let n = self.next();
        let noun = if line.operation.contains("Control") { "control" } else { "action" };
        if state == "adopted" {
            self.followed(place.body(), "adopted");
        }
        let risk = self.risk(Wanted { place, state, whose, by, decided: "plain", fresh: false });
        let reports = format!("/{noun}s/{}/reports", self.part_of(&risk, noun));
        let form = match noun {
            "control" => json!({"status": "performedWithDeviations", "comment": format!("Två av {n}.")}),
            _ => json!({"status": "mostlyDone", "effect": "desired", "comment": format!("Två av {n}.")}),
        };
        match line.operation {
            "getControlStatus" | "getActionStatus" => get(format!("{reports}/t1")),
            "listControlReports" | "listActionReports" => get(format!("{reports}/t1/versions")),
            "reportControl" | "reportAction" => ask("PUT", format!("{reports}/annual"), Some(form)).current(),
            "reportStatuses" => {
                let mut item = form;
                let id = self.part_of(&risk, noun);
                for (field, value) in [("entity", noun), ("id", id.as_str()), ("period", "annual")] {
                    item[field] = value.into();
                }
                post("/status-reports", json!({"items": [item]}))
            }
            "assessRisks" => {
                let item =
                    json!({"riskId": risk, "likelihood": 1 + n % 4, "consequence": 1, "reason": format!("Skäl {n}.")});
                post("/assessments", json!({"items": [item]}))
            }
            "correctControlReport" | "correctActionReport" => {
                post(format!("{reports}/t1/corrections"), json!({"reason": format!("Skäl {n}."), "report": form}))
            }
            other => panic!("no request is made for {other}"),
        }
    }

    /// A control or an action of a risk of its own, which a yes deletes.
    fn to_delete(&self, part: &str, place: Place, whose: &str, by: &Actor, fresh: bool) -> String {
        let decided = if part == "control" { "without control" } else { "without action" };
        let risk = self.risk(Wanted { place, state: "draft", whose, by, decided, fresh });
        format!("/{part}s/{}", self.part_of(&risk, part))
    }

    /// Holds every line of these kinds. Tells all that is not as it should, not the first alone.
    fn hold(&self, kinds: &[Kind]) {
        let mut wrong = Vec::new();
        let mut asked = 0;
        let mut outdated = BTreeSet::new();
        for line in lines().iter().filter(|line| !line.counts) {
            if !kind(line.operation).is_some_and(|kind| kinds.contains(&kind)) {
                continue;
            }
            // What was refused with 403 or 404, once for each place and path.
            let mut refused: HashMap<(Place, String), Ask> = HashMap::new();
            for Expected { column, relation, place, sign } in line.expected() {
                let known = self.actor(column);
                let own = ends_sessions(line.operation).then(|| self.another(known));
                let by = own.as_ref().filter(|_| column != "anonymous").unwrap_or(known);
                let ask = self.ask(line, place, by, sign == 'Y');
                // Once for each operation that asks for it, by somebody who may: what it is made from has changed.
                if sign == 'Y' && ask.header == Some(("if-match", "*")) && outdated.insert(line.operation) {
                    let late = Ask { header: Some(("if-match", "\"outdated\"")), ..ask.clone() };
                    let status = late.send(&by.client).status;
                    if status != 412 {
                        wrong
                            .push(format!("{} | {} | made from what has changed: {status}", line.operation, line.case));
                    }
                }
                let answer = ask.send(&by.client);
                asked += 1;
                let right = match sign {
                    'Y' => (200..300).contains(&answer.status),
                    '1' => answer.status == 401,
                    '3' => answer.status == 403,
                    _ => answer.status == 404,
                };
                if !right {
                    let told = String::from_utf8_lossy(&answer.body);
                    let (operation, case, status) = (line.operation, line.case, answer.status);
                    let text: String = told.chars().take(300).collect();
                    wrong.push(format!("{operation} | {case} | {column}, {relation}: {sign}, but {status} {text}"));
                } else if matches!(sign, '3' | '4') {
                    refused.insert((place, ask.path.clone()), ask);
                }
            }
            // These would end the plan that other lines look at, or cost the making of its document each time: their
            // yes, by the same request, is proof enough.
            let ends = matches!(line.operation, "revisePlan" | "abandonRevision" | "closePlan" | "adoptPlan");
            for ((place, path), ask) in refused.into_iter().filter(|_| !ends) {
                let answer = ask.send(&self.office.client);
                if !(200..300).contains(&answer.status) {
                    let text = String::from_utf8_lossy(&answer.body);
                    wrong.push(format!("{} {path} ({place:?}) was refused, but is not valid: {text}", ask.method));
                }
                // What it was sent for is used up.
                if answer.status == 204 || used_up(line.operation) {
                    self.made.borrow_mut().retain(|_, id| !path.contains(id.as_str()) || id.len() < 30);
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {asked} are not as rights.txt says:\n{}", wrong.len(), wrong.join("\n"));
    }
}

fn ends_sessions(operation: &str) -> bool {
    matches!(operation, "changePassword" | "signOut" | "signOutEverywhere")
}

/// A second request for the same thing would be refused by the register's rules.
fn used_up(operation: &str) -> bool {
    matches!(operation, "proposePlan" | "returnPlan" | "grantRole")
}

fn adoption_form() -> Value {
    json!({"decidedOn": "2025-02-03", "decidingBoard": "Styrelsen", "paragraph": "7"})
}

fn risk_name(want: Wanted) -> String {
    // Someone else's is the same for all.
    let whose = if want.whose == "another's" { "another's" } else { want.by.column };
    format!("risk {:?} {} {} {whose} {}", want.place, want.state, want.whose, want.decided)
}

both! {
    fn people_and_the_tree(stage: &Stage) {
        stage.hold(&[Kind::People]);
    }

    fn what_is_the_regions_and_what_the_bodies(stage: &Stage) {
        stage.hold(&[Kind::Settings]);
    }

    fn plans_and_what_is_in_them(stage: &Stage) {
        stage.hold(&[Kind::Plan, Kind::Risk]);
    }

    fn the_other_records(stage: &Stage) {
        stage.hold(&[Kind::Record, Kind::BodyRecord]);
    }

    fn periods_and_their_reports(stage: &Stage) {
        stage.hold(&[Kind::Report]);
    }

    fn what_is_reported_in_them(stage: &Stage) {
        stage.hold(&[Kind::Status]);
    }

    fn lists_show_what_is_visible(stage: &Stage) {
        let performer = stage.actor("performer");
        for body in BODIES {
            let (draft, _) = stage.draft(body, false);
            for (whose, by) in [("another's", &stage.office), ("held", performer)] {
                let want = Wanted { place: body, state: "draft", whose, by, decided: "plain", fresh: true };
                stage.new_risk(&draft, want);
            }
            for revised in [false, true] {
                let (plan, year) = stage.complete(body, true);
                stage.fill(&plan, year, body, "adopted", 1);
                stage.adopted(&plan);
                if revised {
                    stage.office.client.post(&format!("/plans/{plan}/revision"), json!({"reason": "Något har ändrats."})).expect(200);
                }
            }
            for _ in 0..2 {
                stage.person(body, "", true);
            }
            stage.service_account(body);
        }
        for line in lines().iter().filter(|line| line.counts) {
            let path = match line.operation {
                "listPlans" => "/plans",
                "listRisks" => "/risks",
                "listControls" => "/controls",
                "listActions" => "/actions",
                "listServiceAccounts" => "/service-accounts",
                _ => "/users",
            };
            for (column, cell) in &line.cells {
                let client = &stage.actor(column).client;
                let mut sum = 0;
                for Expected { relation, place, sign, .. } in line.expected().iter().filter(|e| e.column == *column) {
                    let list = client.get(&format!("{path}?organisationId={}", stage.at(*place))).expect(200);
                    let count = i64::from(sign.to_digit(10).expect("a count"));
                    assert_eq!(list["total"], count, "{path}, {column}, {relation}");
                    assert_eq!(list.items().len(), usize::try_from(count).expect("few"), "{path}, {column}, {relation}");
                    sum += count;
                }
                // Nor is there anything else in the whole list, but oneself among people. The region's sees all.
                if *column != "regionAdministrator" {
                    let oneself = i64::from(path == "/users");
                    assert_eq!(client.get(path).expect(200)["total"], sum + oneself, "{path}, {column}, {cell}");
                }
            }
        }
    }
}
