//! The closed lists of words: what the API sends, the database keeps and the pages print.
//!
//! Each list is an enum made by the macro `words!`. The wire word is the glossary's English word; the two
//! labels are for people. Nothing here knows what the words lead to: rules stand in the modules
//! that own them.

/// What every list of words can do, so that storage can keep any of them as text by one
/// implementation and the pages can offer any of them as a choice.
pub trait Word: Sized + Copy + 'static {
    /// What the list is called in code.
    const LIST: &'static str;

    /// Every word of the list, in the order the glossary gives.
    const ALL: &'static [Self];

    /// The wire word, the same in the API and in the database.
    fn as_str(self) -> &'static str;

    /// The word behind a wire word, or nothing: case counts, spaces are not forgiven.
    fn parse(word: &str) -> Option<Self>;

    /// The word as people read it, in lower case.
    fn label(self, language: Language) -> &'static str;
}

/// A wire word that is not in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWord;

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not a word of this list")
    }
}

impl std::error::Error for UnknownWord {}

/// Makes a closed list of words: `Variant = "wireWord" ("svensk etikett", "English label")`.
///
/// The order of the variants is the order of the list, of sorting and of comparison. The word is
/// taken as a token, not as a literal: utoipa does not see through the wrapping of the latter.
macro_rules! words {
    ($(
        $(#[$about:meta])*
        pub enum $Name:ident {
            $( $(#[$note:meta])* $Variant:ident = $word:tt ($sv:literal, $en:literal) ),+ $(,)?
        }
    )+) => {$(
        $(#[$about])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        pub enum $Name {
            $( $(#[$note])* #[serde(rename = $word)] $Variant ),+
        }

        impl $Name {
            /// Every word of the list, in the order the glossary gives.
            pub const ALL: &'static [Self] = &[$( Self::$Variant ),+];

            /// The wire word, the same in the API and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$Variant => $word ),+ }
            }

            /// The word behind a wire word, or nothing.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$Variant), )+ _ => None }
            }

            /// The word as people read it, in lower case.
            pub const fn label(self, language: Language) -> &'static str {
                match (self, language) {
                    $( (Self::$Variant, Language::Sv) => $sv, (Self::$Variant, Language::En) => $en ),+
                }
            }
        }

        impl Word for $Name {
            const LIST: &'static str = stringify!($Name);
            const ALL: &'static [Self] = Self::ALL;
            fn as_str(self) -> &'static str { Self::as_str(self) }
            fn parse(word: &str) -> Option<Self> { Self::parse(word) }
            fn label(self, language: Language) -> &'static str { Self::label(self, language) }
        }

        impl std::str::FromStr for $Name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::parse(word).ok_or(UnknownWord)
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}

words! {
    /// The language of a sentence, a page or a document. Swedish is the first.
    #[derive(Default)]
    pub enum Language {
        #[default]
        Sv = "sv" ("svenska", "Swedish"),
        En = "en" ("engelska", "English"),
    }

    /// What an organisation is. One tree, with the region or municipality at its root.
    pub enum OrganisationKind {
        Region = "region" ("region", "region"),
        Municipality = "municipality" ("kommun", "municipality"),
        Board = "board" ("nämnd", "board"),
        Company = "company" ("bolag", "company"),
        Federation = "federation" ("kommunalförbund", "local federation"),
        Administration = "administration" ("förvaltning", "administration"),
        Division = "division" ("vårdgren", "division"),
        Area = "area" ("närsjukvårdsområde", "area"),
        Support = "support" ("verksamhetsstöd", "support function"),
        Unit = "unit" ("resultatenhet", "unit"),
    }

    /// Where a plan is in its life; see [`life`](super::life).
    pub enum PlanStatus {
        Draft = "draft" ("utkast", "draft"),
        Proposed = "proposed" ("överlämnad för beslut", "proposed"),
        Adopted = "adopted" ("fastställd", "adopted"),
        Closed = "closed" ("avslutad", "closed"),
    }

    /// What a risk threatens.
    pub enum Category {
        Strategic = "strategic" ("strategisk risk", "strategic risk"),
        Financial = "financial" ("ekonomisk risk", "financial risk"),
        Operational = "operational" ("operativ risk", "operational risk"),
        Compliance = "compliance" ("regelefterlevnadsrisk", "compliance risk"),
    }

    /// How the body answers a risk.
    pub enum Response {
        Accept = "accept" ("acceptera", "accept"),
        Limit = "limit" ("begränsa", "limit"),
        Share = "share" ("dela", "share"),
        Eliminate = "eliminate" ("eliminera", "eliminate"),
    }

    /// A risk level, lowest first: the order is the comparison. A policy uses some of them and
    /// gives them its own labels and colours; those here are the guideline's.
    pub enum LevelKey {
        VeryLow = "veryLow" ("mycket låg risk", "very low risk"),
        Low = "low" ("låg risk", "low risk"),
        Medium = "medium" ("medelhög risk", "medium risk"),
        High = "high" ("hög risk", "high risk"),
        VeryHigh = "veryHigh" ("mycket hög risk", "very high risk"),
    }

    /// How often a control is done. A control has a set of them; see [`due`](super::due).
    pub enum Recurrence {
        Continuous = "continuous" ("löpande", "continuous"),
        Weekly = "weekly" ("veckovis", "weekly"),
        Monthly = "monthly" ("månadsvis", "monthly"),
        Quarterly = "quarterly" ("kvartalsvis", "quarterly"),
        Tertial = "tertial" ("varje tertial", "every four months"),
        Semiannual = "semiannual" ("halvårsvis", "semiannual"),
        Annual = "annual" ("årligen", "annual"),
        OneOff = "oneOff" ("en gång", "one-off"),
    }

    /// A follow-up period of the plan year, in the order they close.
    pub enum Period {
        T1 = "t1" ("T1", "T1"),
        Interim = "interim" ("delår", "interim"),
        Annual = "annual" ("år", "annual"),
    }

    /// What the region issued: a risk, or an area under which a body words risks of its own.
    pub enum MandatoryKind {
        Risk = "risk" ("obligatorisk risk", "mandatory risk"),
        Area = "area" ("obligatoriskt riskområde", "mandatory risk area"),
    }

    /// A text of the plan, in the document's order: background, the five COSO components,
    /// compliance with the guideline, handling of deficiencies, assurance.
    pub enum SectionKey {
        Background = "background" ("bakgrund", "background"),
        ControlEnvironment = "controlEnvironment" ("styr- och kontrollmiljö", "control environment"),
        RiskAssessment = "riskAssessment" ("riskbedömning", "risk assessment"),
        ControlActivities = "controlActivities" ("kontrollaktiviteter", "control activities"),
        InformationCommunication = "informationCommunication"
            ("information och kommunikation", "information and communication"),
        Monitoring = "monitoring" ("övervakning och uppföljning", "monitoring"),
        Compliance = "compliance" ("efterlevnad av riktlinjen", "compliance with the guideline"),
        Deficiencies = "deficiencies" ("hantering av brister", "handling of deficiencies"),
        Assurance = "assurance" ("försäkran", "assurance"),
    }

    /// A role, granted on an organisation; see [`roles`](super::roles).
    pub enum Role {
        RegionAdministrator = "regionAdministrator" ("regionadministratör", "region administrator"),
        Head = "head" ("förvaltningschef eller vd", "head of the body"),
        Controller = "controller" ("internkontrollsamordnare", "internal-control coordinator"),
        RiskOwner = "riskOwner" ("riskägare", "risk owner"),
        Performer = "performer" ("utförare", "performer"),
        Reader = "reader" ("läsare", "reader"),
        Auditor = "auditor" ("revisor", "auditor"),
    }

    /// What the token of a service account may be good for.
    pub enum ServiceScope {
        /// Reads what an auditor reads, and writes nothing.
        Read = "read" ("läsa", "read"),
        /// Reads what is adopted and decided, as a reader does.
        ReadAdopted = "read:adopted" ("läsa fastställt", "read what is adopted"),
        /// Reads plans and what is reported in them before the board has decided on it too; neither suspicions of crime, people
        /// nor the history.
        ReadDrafts = "read:drafts" ("läsa utkast", "read drafts"),
        /// Reads who there is: people with their roles, and service accounts.
        ReadPeople = "read:people" ("läsa personer", "read people"),
        /// Reads the history: every event, with what was written.
        ReadHistory = "read:history" ("läsa historiken", "read the history"),
        /// Manages the webhooks of the account itself.
        Webhooks = "webhooks" ("egna webhookar", "its own webhooks"),
        /// Writes the indicators' outcomes, and reads them.
        Outcomes = "outcomes" ("indikatorernas utfall", "outcomes of indicators"),
    }

    /// How an indicator's outcome is held against its target.
    pub enum Comparator {
        AtLeast = "atLeast" ("minst", "at least"),
        AtMost = "atMost" ("högst", "at most"),
        Equal = "equal" ("lika med", "equal to"),
        Above = "above" ("över", "above"),
        Below = "below" ("under", "below"),
        Increase = "increase" ("öka", "increase"),
        Decrease = "decrease" ("minska", "decrease"),
        Keep = "keep" ("bibehålla", "keep"),
        KeepOrIncrease = "keepOrIncrease" ("bibehålla eller öka", "keep or increase"),
        KeepOrDecrease = "keepOrDecrease" ("bibehålla eller minska", "keep or decrease"),
        /// By the target: an amount, or per cent of the baseline.
        IncreaseBy = "increaseBy" ("öka med", "increase by"),
        DecreaseBy = "decreaseBy" ("minska med", "decrease by"),
        /// Set beside the baseline year's, and judged by people.
        BaselineYear = "baselineYear" ("jämfört med basåret", "compared with the baseline year"),
        Yes = "yes" ("ja", "yes"),
    }

    /// Who decided an indicator.
    pub enum DecidedBy {
        Council = "council" ("fullmäktige", "council"),
        Board = "board" ("nämnd", "board"),
    }

    /// Why a risk is in the plan, or that it is not; see [`inclusion`](super::inclusion).
    pub enum InclusionReason {
        Score = "score" ("riskvärdet", "the score"),
        Mandatory = "mandatory" ("obligatorisk", "mandatory"),
        Decision = "decision" ("beslut", "a decision"),
        None = "none" ("ingår inte", "not included"),
    }

    /// How a score stands to last year's.
    pub enum Change {
        New = "new" ("ny", "new"),
        Raised = "raised" ("högre riskvärde", "higher score"),
        Lowered = "lowered" ("lägre riskvärde", "lower score"),
        Unchanged = "unchanged" ("inget förändrat riskvärde", "unchanged score"),
        /// The two were scored by policies with different cells.
        NotComparable = "notComparable" ("inte jämförbart", "not comparable"),
    }

    /// A control's status in a period. In the order dash, green, yellow, red.
    pub enum ControlStatus {
        NotPlanned = "notPlanned" ("ej planerad i perioden", "not planned in the period"),
        Performed = "performed" ("genomförd utan avvikelser", "performed without deviations"),
        PerformedWithDeviations = "performedWithDeviations"
            ("genomförd med avvikelser", "performed with deviations"),
        NotPerformed = "notPerformed" ("inte genomförd", "not performed"),
    }

    /// An action's status in a period. In the order dash, green, yellow, red.
    pub enum ActionStatus {
        NotStarted = "notStarted" ("ej påbörjad", "not started"),
        OnPlan = "onPlan" ("enligt plan", "on plan"),
        MostlyDone = "mostlyDone" ("merparten åtgärdat, delar kvarstår", "mostly done, parts remain"),
        OffPlan = "offPlan" ("ej enligt plan", "off plan"),
    }

    /// An action's effect in a period. In the order dash, green, yellow, red.
    pub enum ActionEffect {
        NotAssessed = "notAssessed" ("ej bedömt", "not assessed"),
        Desired = "desired" ("bedöms ge önskad effekt", "expected to give the desired effect"),
        Uncertain = "uncertain" ("osäkert om önskad effekt nås", "uncertain whether the desired effect is reached"),
        NotDesired = "notDesired" ("bedöms inte få önskad effekt", "not expected to give the desired effect"),
    }

    /// What a status says at a glance, in the order of the reading guide. A status is never told by its colour alone.
    pub enum Colour {
        Dash = "dash" ("streck", "dash"),
        Green = "green" ("grön", "green"),
        Yellow = "yellow" ("gul", "yellow"),
        Red = "red" ("röd", "red"),
    }

    /// Whether statuses are taken for a period.
    pub enum PeriodStatus {
        Open = "open" ("öppen", "open"),
        Closed = "closed" ("stängd", "closed"),
    }

    /// Where the report of a period is in its life.
    pub enum ReportStatus {
        Draft = "draft" ("utkast", "draft"),
        Final = "final" ("slutlig", "final"),
        Decided = "decided" ("beslutad", "decided"),
    }

    /// How serious a deficiency is, least first. Ours: the guideline has no scale.
    pub enum Severity {
        Minor = "minor" ("mindre", "minor"),
        Serious = "serious" ("allvarlig", "serious"),
        Critical = "critical" ("kritisk", "critical"),
    }

    /// Whose recommendation it is.
    pub enum RecommendationSource {
        Auditors = "auditors" ("regionrevisorerna", "the region's auditors"),
        InternalAudit = "internalAudit" ("internrevisionen", "internal audit"),
        External = "external" ("extern granskning", "external review"),
    }

    /// Who speaks in the dialogue about a recommendation.
    pub enum DialogueSide {
        Auditor = "auditor" ("granskaren", "the auditor"),
        Body = "body" ("nämnden eller bolaget", "the body"),
    }

    /// A judgement of internal control, best first: the auditors' of a body's year, and the body's own of each COSO
    /// component.
    pub enum Sufficiency {
        Sufficient = "sufficient" ("tillräcklig", "sufficient"),
        Partly = "partly" ("delvis tillräcklig", "partly sufficient"),
        Insufficient = "insufficient" ("otillräcklig", "insufficient"),
    }

    /// How an indicator's outcome stands to its target.
    pub enum OutcomeJudgement {
        OnTarget = "onTarget" ("målet nås", "on target"),
        AtRisk = "atRisk" ("målet riskerar att inte nås", "at risk"),
        Missed = "missed" ("målet nås inte", "missed"),
    }

    /// What somebody owes.
    pub enum TaskKind {
        /// The status of a control or an action, in an open period.
        Status = "status" ("status att rapportera", "a status to report"),
        /// A risk that is not assessed for its plan, or whose copied assessment nobody has confirmed.
        Assessment = "assessment" ("bedömning att göra eller bekräfta", "an assessment to make or confirm"),
        /// A risk whose last action has been completed, and that nobody has assessed since.
        Reassessment = "reassessment" ("ny bedömning när åtgärderna är klara", "a new assessment now that its actions are completed"),
        /// An action that is past its end and not completed.
        OverdueAction = "overdueAction" ("försenad åtgärd", "an overdue action"),
        /// A suspicion of crime that nobody has acted on.
        CrimeAlert = "crimeAlert" ("misstanke om brott att agera på", "a suspicion of crime to act on"),
        /// A recommendation that the person answers for.
        Recommendation = "recommendation" ("rekommendation att svara på", "a recommendation to answer"),
        /// A recommendation that nobody at the body answers for.
        RecommendationUnanswered = "recommendationUnanswered" ("rekommendation som ingen svarar för", "a recommendation that nobody answers for"),
        /// A recommendation that the body has answered, and that waits for the auditor's word.
        AuditorsWord = "auditorsWord" ("svar på en rekommendation att ta ställning till", "an answer to a recommendation to consider"),
        /// A deficiency that the board has not been told of.
        BoardNotice = "boardNotice" ("brist att underrätta nämnden eller styrelsen om", "a deficiency to tell the board of"),
        /// A body that has no plan of a year.
        PlanMissing = "planMissing" ("plan att skapa", "a plan to make"),
        /// A draft that lacks something.
        PlanLacks = "planLacks" ("plan att komplettera", "a plan to complete"),
        /// A draft that lacks nothing.
        PlanProposal = "planProposal" ("plan att lämna för beslut", "a plan to propose"),
        /// A plan that lies before its board.
        PlanDecision = "planDecision" ("beslut om planen att registrera", "a decision on the plan to record"),
        /// An adopted plan that the regional office has not got.
        PlanDelivery = "planDelivery" ("plan att lämna in", "a plan to deliver"),
        /// A period that has ended and is open.
        PeriodClosure = "periodClosure" ("period att stänga", "a period to close"),
        /// A closed period without a report.
        ReportDraft = "reportDraft" ("rapport att skapa", "a report to make"),
        /// A report that can become final.
        ReportFinal = "reportFinal" ("rapport att göra slutlig", "a report to make final"),
        /// A final report that lies before its board.
        ReportDecision = "reportDecision" ("beslut om rapporten att registrera", "a decision on the report to record"),
        /// A decided report that the regional office has not got.
        ReportDelivery = "reportDelivery" ("rapport att lämna in", "a report to deliver"),
        /// Indicators whose outcomes in a period are asked for and that nobody has told.
        OutcomesMissing = "outcomesMissing" ("utfall att rapportera", "outcomes to report"),
        /// A year for which the regional office has issued no mandatory risk yet.
        IssueMandatory = "issueMandatory" ("obligatoriska risker att besluta om", "mandatory risks to issue"),
        /// A year for which the regional office has not set every last day to report.
        IssueDeadlines = "issueDeadlines" ("sista dagar att sätta", "last days to set"),
        /// A year for which the region has no text of the legal ground.
        IssueTexts = "issueTexts" ("standardtexter att besluta om", "standing texts to issue"),
        /// Bodies whose adopted plan of the year the regional office has not got.
        PlansUndelivered = "plansUndelivered" ("planer som inte är inlämnade", "plans that are not delivered"),
        /// Bodies whose decided report of a period the regional office has not got, after the last day.
        ReportsUndelivered = "reportsUndelivered" ("rapporter som inte är inlämnade", "reports that are not delivered"),
        /// A request of erasure that another administrator has made.
        ErasureRequest = "erasureRequest" ("begäran om gallring att ta ställning till", "a request of erasure to decide on"),
    }

    /// What the rows of a workbook that is taken in are.
    pub enum ImportKind {
        /// Risks with their controls and actions, into a draft plan.
        Risks = "risks" ("risker med kontroller och åtgärder", "risks with controls and actions"),
        /// Users with roles.
        Users = "users" ("användare med roller", "users with roles"),
        /// Parts of the organisation tree.
        Organisations = "organisations" ("organisationer", "organisations"),
        /// Goals and their indicators.
        Goals = "goals" ("mål och indikatorer", "goals and indicators"),
        /// Outcomes of indicators.
        Outcomes = "outcomes" ("utfall", "outcomes"),
    }

    /// What a row of a workbook that is taken in makes or changes.
    pub enum ImportEntity {
        Risk = "risk" ("risk", "risk"),
        User = "user" ("användare", "user"),
        Organisation = "organisation" ("organisation", "organisation"),
        Goal = "goal" ("mål", "goal"),
        Indicator = "indicator" ("indikator", "indicator"),
        Outcome = "outcome" ("utfall", "outcome"),
    }

    /// How far an import has come.
    pub enum ImportStatus {
        /// Nothing is done yet: what it would do is told.
        Waiting = "waiting" ("inte genomförd", "not executed"),
        Executed = "executed" ("genomförd", "executed"),
    }

    /// What a column of a workbook is. Each kind has some of them.
    pub enum ImportField {
        /// Has no field of its own: left, or put into the description.
        Unknown = "unknown" ("inget fält i registret", "no field of the register"),
        Reference = "reference" ("referens", "reference"),
        /// The register's own id of what the row is about, as its lists give it.
        Id = "id" ("registrets id", "the register's id"),
        Name = "name" ("namn", "name"),
        Description = "description" ("beskrivning", "description"),
        Category = "category" ("kategori", "category"),
        Goal = "goal" ("mål", "goal"),
        LocalGoal = "localGoal" ("lokalt mål", "local goal"),
        Process = "process" ("process", "process"),
        Organisation = "organisation" ("organisation", "organisation"),
        OrganisationId = "organisationId" ("organisationens id", "the organisation's id"),
        Owner = "owner" ("riskägare", "risk owner"),
        Likelihood = "likelihood" ("sannolikhet", "likelihood"),
        Consequence = "consequence" ("konsekvens", "consequence"),
        /// Never read, only compared.
        Product = "product" ("riskvärde (jämförs bara)", "score (compared only)"),
        /// Never read, only compared.
        Level = "level" ("risknivå (jämförs bara)", "level (compared only)"),
        Response = "response" ("hantering", "response"),
        Justification = "justification" ("motivering", "justification"),
        /// Of the register's own lists of risks, like what follows: the body whose plan they are in.
        Body = "body" ("organisationen med planen", "the body of the plan"),
        TargetLevel = "targetLevel" ("målnivå", "target level"),
        TakenInBecause = "takenInBecause" ("medtagen därför att", "taken in because"),
        SetAsideBecause = "setAsideBecause" ("bortvald därför att", "set aside because"),
        /// What has left the plan is not taken in.
        RetiredOn = "retiredOn" ("utgått", "retired on"),
        Irregularity = "irregularity" ("fel och oegentligheter", "irregularity"),
        Secrecy = "secrecy" ("sekretessmarkering", "marking of secrecy"),
        Control = "control" ("kontroll", "control"),
        ControlMethod = "controlMethod" ("hur kontrollen görs", "how the control is done"),
        ControlFrequency = "controlFrequency" ("kontrollens frekvens", "the control's frequency"),
        ControlResponsible = "controlResponsible" ("kontrollansvarig", "responsible for the control"),
        Recurrences = "recurrences" ("när kontrollen rapporteras", "when the control is reported"),
        DuePeriod = "duePeriod" ("period för årlig kontroll", "period of an annual control"),
        DueDate = "dueDate" ("kontrollens dag", "the control's day"),
        Action = "action" ("åtgärd", "action"),
        ActionDescription = "actionDescription" ("åtgärdens beskrivning", "the action's description"),
        ActionStart = "actionStart" ("åtgärdens start", "the action's start"),
        ActionEnd = "actionEnd" ("åtgärdens slut", "the action's end"),
        ActionResponsible = "actionResponsible" ("åtgärdsansvarig", "responsible for the action"),
        ActionStatus = "actionStatus" ("åtgärdens status", "the action's status"),
        EndDateReason = "endDateReason" ("skäl till flyttat slutdatum", "reason for a moved end date"),
        FullYear = "fullYear" ("effekt helår", "effect of a full year"),
        PlanYear = "planYear" ("effekt planåret", "effect in the plan's year"),
        NextYear = "nextYear" ("effekt nästa år", "effect in the next year"),
        YearAfterNext = "yearAfterNext" ("effekt året därefter", "effect in the year after next"),
        Email = "email" ("e-postadress", "e-mail address"),
        Role = "role" ("roll", "role"),
        /// Where the roles reach from; where the person works when it says nothing.
        RoleOrganisation = "roleOrganisation" ("organisation där rollen gäller", "organisation of the role"),
        Subject = "subject" ("namn hos inloggningstjänsten", "name at the issuer"),
        Language = "language" ("språk", "language"),
        Number = "number" ("nummer", "number"),
        /// What stands above in the tree.
        Parent = "parent" ("överordnad", "above"),
        ParentId = "parentId" ("den överordnades id", "the id of the one above"),
        GoalId = "goalId" ("målets id", "the goal's id"),
        Indicator = "indicator" ("indikator", "indicator"),
        IndicatorId = "indicatorId" ("indikatorns id", "the indicator's id"),
        Unit = "unit" ("måttenhet", "unit"),
        Comparator = "comparator" ("jämförelse", "comparator"),
        /// Of whoever decides on the indicator.
        Target = "target" ("målvärde", "target"),
        CouncilTarget = "councilTarget" ("fullmäktiges målvärde", "the council's target"),
        BoardTarget = "boardTarget" ("organisationens målvärde", "the organisation's target"),
        DecidedBy = "decidedBy" ("beslutad av", "decided by"),
        Responsible = "responsible" ("ansvarig för utfallen", "responsible for the outcomes"),
        BaselineYear = "baselineYear" ("basår", "baseline year"),
        BaselineValue = "baselineValue" ("basvärde", "baseline value"),
        Note = "note" ("anteckning", "note"),
        Year = "year" ("år", "year"),
        Period = "period" ("period", "period"),
        Value = "value" ("utfall", "outcome"),
        Forecast = "forecast" ("prognos", "forecast"),
        Judgement = "judgement" ("bedömning", "judgement"),
        Cause = "cause" ("orsak eller kommentar", "cause or comment"),
        OrganisationKind = "organisationKind" ("organisationens typ", "the organisation's kind"),
        Abbreviation = "abbreviation" ("förkortning", "abbreviation"),
        ValidFrom = "validFrom" ("gäller från", "valid from"),
        ValidTo = "validTo" ("gäller till", "valid to"),
        Plans = "plans" ("fastställer planer", "adopts plans"),
        /// The name of one at this depth of the tree: such columns stand beside each other.
        Depth = "depth" ("nivå i trädet", "level of the tree"),
    }

    /// Which of a workbook's scorings a column belongs to.
    pub enum ImportScoring {
        /// Before controls and actions.
        Inherent = "inherent" ("före kontroller och åtgärder", "before controls and actions"),
        /// The only one, or one that says nothing of what it counts with.
        Plain = "plain" ("utan angivelse", "not stated"),
        /// As it is with what is done.
        Residual = "residual" ("efter kontroller och åtgärder", "after controls and actions"),
        /// As it shall become.
        Target = "target" ("målet", "the target"),
    }

    /// What words of a workbook are about that somebody has to answer for.
    pub enum ImportAbout {
        Person = "person" ("vem det är", "who it is"),
        Goal = "goal" ("vilket mål", "which goal"),
        Organisation = "organisation" ("vilken del av organisationen", "which part of the organisation"),
        Category = "category" ("vilken kategori", "which category"),
        Response = "response" ("vilken hantering", "which response"),
        Frequency = "frequency" ("hur ofta", "how often"),
        Likelihood = "likelihood" ("vilken sannolikhet", "which likelihood"),
        Consequence = "consequence" ("vilken konsekvens", "which consequence"),
        Date = "date" ("vilken dag", "which day"),
        Role = "role" ("vilken roll", "which role"),
        OrganisationKind = "organisationKind" ("vilken typ av organisation", "which kind of organisation"),
        Comparator = "comparator" ("vilken jämförelse", "which comparator"),
        DecidedBy = "decidedBy" ("vem som beslutar", "who decides"),
        Period = "period" ("vilken period", "which period"),
        Judgement = "judgement" ("vilken bedömning", "which judgement"),
        Language = "language" ("vilket språk", "which language"),
    }

    /// What an import does with what a row is about.
    pub enum ImportResult {
        Made = "made" ("ny", "new"),
        Changed = "changed" ("ändrad", "changed"),
        Left = "left" ("oförändrad", "left as it is"),
    }

    /// What a person is written to about.
    pub enum MailKind {
        /// What is mine and due, on Mondays.
        Weekly = "weekly" ("veckobrev", "weekly letter"),
        /// A controller's reminder of what is missing in a period.
        Period = "period" ("påminnelse om en period", "reminder of a period"),
        /// Something to see to at once.
        Urgent = "urgent" ("något brådskande", "something urgent"),
        /// A note in which one was named.
        Note = "note" ("anteckning", "note"),
        /// To whoever has forgotten their password.
        PasswordLink = "passwordLink" ("glömt lösenord", "forgotten password"),
        /// To somebody new.
        Invitation = "invitation" ("inbjudan", "invitation"),
        /// That the password has become another.
        PasswordChanged = "passwordChanged" ("bytt lösenord", "changed password"),
        /// That somebody has come in by the account for emergencies.
        Emergency = "emergency" ("nödkontot användes", "emergency account used"),
    }

    /// How far a letter has come.
    pub enum MailStatus {
        Waiting = "waiting" ("väntar", "waiting"),
        /// The mail server has taken it.
        Sent = "sent" ("skickat", "sent"),
        /// When its turn came there was nothing to say, or nobody who wanted it.
        NotNeeded = "notNeeded" ("behövdes inte", "not needed"),
        GivenUp = "givenUp" ("gick inte att skicka", "given up"),
    }

    /// Why a letter has not come through.
    pub enum MailFault {
        /// The person's address is none that a letter can be sent to.
        AddressRefused = "addressRefused" ("adressen går inte att använda", "the address cannot be used"),
        ConnectionFailed = "connectionFailed" ("ingen förbindelse med e-postservern", "no connection to the mail server"),
        TimedOut = "timedOut" ("inget svar i tid", "no answer in time"),
        /// The mail server says to try again later.
        Postponed = "postponed" ("e-postservern bad att få det senare", "the mail server asked for it later"),
        /// The mail server says no.
        NotAccepted = "notAccepted" ("e-postservern tog inte emot", "the mail server did not accept"),
        /// The register's own fault; its log says more.
        NotComposed = "notComposed" ("registret kunde inte skriva brevet", "the register could not write the letter"),
    }

    /// Why the register paused a webhook.
    pub enum PauseReason {
        /// The receiver answered 410: it is gone for good.
        Gone = "gone" ("mottagaren finns inte längre", "the receiver is gone"),
        /// The same event failed too many times, over days.
        Failing = "failing" ("leveransen har misslyckats för många gånger", "the delivery failed too many times"),
        /// What it signs with was sealed by a secret of the service that is known no more.
        SecretLost = "secretLost" ("hemligheten kan inte läsas längre: gör en ny", "the secret can no longer be read: make a new one"),
    }

    /// What came of an attempt to deliver.
    pub enum DeliveryOutcome {
        Delivered = "delivered" ("levererad", "delivered"),
        Failed = "failed" ("misslyckad", "failed"),
    }

    /// What went wrong with an attempt to deliver.
    pub enum DeliveryFault {
        /// The webhook's address is one that may not be used, or not any longer.
        UrlRefused = "urlRefused" ("adressen får inte användas", "the address may not be used"),
        NameUnknown = "nameUnknown" ("namnet finns inte", "the name is unknown"),
        /// The name leads nowhere that is public on the internet.
        AddressRefused = "addressRefused" ("namnet leder inte till en öppen adress", "the name leads to no public address"),
        ConnectionFailed = "connectionFailed" ("ingen förbindelse", "no connection"),
        TimedOut = "timedOut" ("inget svar i tid", "no answer in time"),
        /// The receiver pointed elsewhere; that is never followed.
        Redirected = "redirected" ("mottagaren hänvisade vidare", "the receiver pointed elsewhere"),
        /// The receiver answered, but not by 2xx.
        NotAccepted = "notAccepted" ("mottagaren tog inte emot", "the receiver did not accept"),
    }
}

impl OrganisationKind {
    /// A board, a company or a federation (kommunalförbund): what can have the duty to plan.
    pub const fn is_body(self) -> bool {
        matches!(self, Self::Board | Self::Company | Self::Federation)
    }

    /// What a whole register is of: it stands at the top of the tree, and nowhere else.
    pub const fn is_root(self) -> bool {
        matches!(self, Self::Region | Self::Municipality)
    }
}

impl SectionKey {
    /// One of the five COSO components.
    pub const fn is_component(self) -> bool {
        matches!(
            self,
            Self::ControlEnvironment
                | Self::RiskAssessment
                | Self::ControlActivities
                | Self::InformationCommunication
                | Self::Monitoring
        )
    }
}

/// A status of one of the three scales: their values stand in the order of the colours.
pub trait Scale: Word {
    fn colour(self) -> Colour;
}

macro_rules! scales {
    ($($Name:ident),+) => {$(
        impl Scale for $Name {
            fn colour(self) -> Colour {
                Colour::ALL[Self::ALL.iter().position(|word| *word == self).unwrap_or(0)]
            }
        }
    )+};
}
scales!(ControlStatus, ActionStatus, ActionEffect);

impl Colour {
    /// Yellow and red are explained.
    pub const fn needs_comment(self) -> bool {
        matches!(self, Self::Yellow | Self::Red)
    }
}

impl Period {
    /// The period that must be closed before this one can be.
    pub const fn previous(self) -> Option<Self> {
        match self {
            Self::T1 => None,
            Self::Interim => Some(Self::T1),
            Self::Annual => Some(Self::Interim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each word comes back from its text, from serde and from nothing else.
    fn holds_together<W>(expected: &str)
    where
        W: Word
            + PartialEq
            + Ord
            + std::fmt::Debug
            + std::fmt::Display
            + std::str::FromStr
            + serde::Serialize
            + serde::de::DeserializeOwned
            + utoipa::ToSchema,
    {
        let words: Vec<&str> = W::ALL.iter().map(|word| word.as_str()).collect();
        assert_eq!(words.join(" "), expected);
        for word in W::ALL {
            let text = word.as_str();
            assert_eq!(W::parse(text), Some(*word));
            assert_eq!(text.parse::<W>().ok(), Some(*word));
            assert_eq!(word.to_string(), text);
            let json = serde_json::to_string(word).expect("a word is a string");
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<W>(&json).ok(), Some(*word));
            assert_eq!(W::parse(&format!("{text} ")), None);
            assert_eq!(W::parse(&text.to_uppercase()), None);
            for language in [Language::Sv, Language::En] {
                assert!(!word.label(language).is_empty());
            }
        }
        assert!(W::ALL.is_sorted());
        assert!(serde_json::from_str::<W>("\"other\"").is_err());
        let schema = serde_json::to_value(W::schema()).expect("a schema is JSON");
        assert_eq!(schema["enum"], serde_json::json!(words));
    }

    #[test]
    fn the_words_are_the_glossarys() {
        holds_together::<Language>("sv en");
        holds_together::<OrganisationKind>(
            "region municipality board company federation administration division area support unit",
        );
        holds_together::<PlanStatus>("draft proposed adopted closed");
        holds_together::<Category>("strategic financial operational compliance");
        holds_together::<Response>("accept limit share eliminate");
        holds_together::<LevelKey>("veryLow low medium high veryHigh");
        holds_together::<Recurrence>("continuous weekly monthly quarterly tertial semiannual annual oneOff");
        holds_together::<Period>("t1 interim annual");
        holds_together::<MandatoryKind>("risk area");
        holds_together::<SectionKey>(
            "background controlEnvironment riskAssessment controlActivities \
             informationCommunication monitoring compliance deficiencies assurance",
        );
        holds_together::<Role>("regionAdministrator head controller riskOwner performer reader auditor");
        holds_together::<ServiceScope>("read read:adopted read:drafts read:people read:history webhooks outcomes");
        holds_together::<Severity>("minor serious critical");
        holds_together::<RecommendationSource>("auditors internalAudit external");
        holds_together::<DialogueSide>("auditor body");
        holds_together::<Sufficiency>("sufficient partly insufficient");
        holds_together::<OutcomeJudgement>("onTarget atRisk missed");
        holds_together::<Comparator>(
            "atLeast atMost equal above below increase decrease keep keepOrIncrease keepOrDecrease increaseBy decreaseBy \
             baselineYear yes",
        );
        holds_together::<DecidedBy>("council board");
        holds_together::<InclusionReason>("score mandatory decision none");
        holds_together::<PauseReason>("gone failing secretLost");
        holds_together::<DeliveryOutcome>("delivered failed");
        holds_together::<DeliveryFault>(
            "urlRefused nameUnknown addressRefused connectionFailed timedOut redirected notAccepted",
        );
        holds_together::<ImportKind>("risks users organisations goals outcomes");
        holds_together::<ImportEntity>("risk user organisation goal indicator outcome");
        holds_together::<ImportStatus>("waiting executed");
        holds_together::<ImportField>(
            "unknown reference id name description category goal localGoal process organisation organisationId owner \
             likelihood consequence product level response justification body targetLevel takenInBecause setAsideBecause retiredOn \
             irregularity secrecy control controlMethod controlFrequency controlResponsible recurrences duePeriod dueDate action \
             actionDescription actionStart actionEnd actionResponsible actionStatus endDateReason fullYear planYear nextYear \
             yearAfterNext email role \
             roleOrganisation subject language number parent parentId goalId indicator indicatorId unit comparator target \
             councilTarget boardTarget decidedBy responsible baselineYear baselineValue note year period value forecast \
             judgement cause organisationKind abbreviation validFrom validTo plans depth",
        );
        holds_together::<ImportScoring>("inherent plain residual target");
        holds_together::<ImportAbout>(
            "person goal organisation category response frequency likelihood consequence date role organisationKind \
             comparator decidedBy period judgement language",
        );
        holds_together::<ImportResult>("made changed left");
        holds_together::<MailKind>("weekly period urgent note passwordLink invitation passwordChanged emergency");
        holds_together::<MailStatus>("waiting sent notNeeded givenUp");
        holds_together::<MailFault>("addressRefused connectionFailed timedOut postponed notAccepted notComposed");
        holds_together::<TaskKind>(
            "status assessment reassessment overdueAction crimeAlert recommendation recommendationUnanswered \
             auditorsWord boardNotice planMissing planLacks planProposal planDecision planDelivery periodClosure reportDraft \
             reportFinal reportDecision reportDelivery outcomesMissing issueMandatory issueDeadlines issueTexts plansUndelivered \
             reportsUndelivered erasureRequest",
        );
        holds_together::<Colour>("dash green yellow red");
        holds_together::<PeriodStatus>("open closed");
        holds_together::<ReportStatus>("draft final decided");
        holds_together::<Change>("new raised lowered unchanged notComparable");
        holds_together::<ControlStatus>("notPlanned performed performedWithDeviations notPerformed");
        holds_together::<ActionStatus>("notStarted onPlan mostlyDone offPlan");
        holds_together::<ActionEffect>("notAssessed desired uncertain notDesired");
    }

    #[test]
    fn bodies_are_boards_and_companies() {
        let bodies: Vec<_> = OrganisationKind::ALL.iter().filter(|kind| kind.is_body()).collect();
        assert_eq!(bodies, [&OrganisationKind::Board, &OrganisationKind::Company, &OrganisationKind::Federation]);
    }

    #[test]
    fn coso_has_five_components() {
        assert_eq!(SectionKey::ALL.iter().filter(|key| key.is_component()).count(), 5);
    }
}
