//! What the report of a period must say, and nothing else. As for the plan.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::{Facts, Part, Risk, said};
use super::files::{Piece, plain};
use super::revised::Revised;
use super::spoken::{Moment, Say, Version, decided, effects, line, markings, number, text};
use super::words::{
    self, ACTION, CONTROL, EFFECT, amount, capital, counted, list, long, short_period, shown, tenths, word,
};

/// A report with what was decided before it.
pub struct Told<'m> {
    pub now: &'m Moment,
    /// The plan's adopted versions; the last is the one that is followed.
    pub plans: &'m [Moment],
    /// The decided reports of the periods before, in order.
    pub earlier: &'m [Moment],
    pub seal: &'m Value,
}

/// A control or an action in the order of the document: its risk, whether it is a control, and itself.
type Item<'f> = (&'f Risk, bool, &'f Part);

fn items(f: &Facts) -> Vec<Item<'_>> {
    f.risks
        .iter()
        .flat_map(|risk| {
            let controls = risk.controls.iter().map(move |part| (risk, true, part));
            controls.chain(risk.actions.iter().map(move |part| (risk, false, part)))
        })
        .collect()
}

fn row<const N: usize>(cells: [String; N]) -> Vec<String> {
    cells.map(|cell| plain(&cell)).to_vec()
}

fn head(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn kind(is_control: bool) -> &'static str {
    if is_control { "Kontroll" } else { "Åtgärd" }
}

/// Of each colour, and what is missing.
pub fn sums(view: &Value, of: &str) -> [i64; 5] {
    ["dash", "green", "yellow", "red", "missing"].map(|colour| view[of][colour].as_i64().expect("a sum"))
}

pub const SCALES: [(&str, &str, [&str; 4]); 3] =
    [("Kontroller", "controls", CONTROL), ("Åtgärder", "actions", ACTION), ("Åtgärdernas effekt", "effects", EFFECT)];

pub fn report(told: &Told, version: Version, masked: usize) -> Vec<Piece> {
    let f = &told.now.facts;
    let (period, plan) = (f.period(), &told.plans.last().expect("a plan").decision);
    let mut s = Say { f, version, out: Vec::new() };
    let title = match period.name {
        "t1" => "T1",
        "interim" => "delår",
        _ => "helår",
    };
    let diary =
        |of: &Value| of["diaryNumbers"].as_array().into_iter().flatten().map(text).collect::<Vec<_>>().join(", ");
    let revision = f.plan["adoptedRevision"].as_i64().expect("a revision");
    let which = if revision > 1 { format!(", version {revision} (reviderad)") } else { String::new() };
    let mut rows = vec![
        s.organisation(),
        ["Period".into(), format!("{} – {}", long(&period.is["from"]), long(&period.is["to"]))],
        [
            "Plan".into(),
            format!(
                "Plan för intern kontroll {}{which}, fastställd av {} ({})",
                f.year(),
                decided(plan),
                diary(&f.plan)
            ),
        ],
    ];
    let own = diary(&told.now.decision);
    if !own.is_empty() {
        rows.push(["Diarienummer".into(), own]);
    }
    if !period.report["shownToManagementOn"].is_null() {
        rows.push(["Ledningsgruppen".into(), format!("Visad {}", long(&period.report["shownToManagementOn"]))]);
    }
    rows.extend(s.decision("Beslutad", &told.now.decision));
    s.first_page(format!("Uppföljning av intern kontroll, {title} {}", f.year()), rows, &markings(f), masked);
    s.summary();
    s.compilation();
    s.changes(told);
    s.mandatory();
    s.trend(told);
    s.indicators();
    s.deficiencies();
    s.recommendations();
    s.irregularities();
    s.economy();
    s.components();
    for (name, field) in [("Slutsats", "conclusion"), ("Försäkran", "assurance")] {
        if let Some(written) = period.report[field].as_str() {
            s.say(name);
            s.say(written);
        }
    }
    s.ground(said(plan, "decidedOn"));
    s.say("Intern kontroll enligt planen");
    s.say(format!("Texterna står i planen för intern kontroll {}, fastställd av {}.", f.year(), decided(plan)));
    s.sections();
    s.appendix(true);
    s.checkpoint(said(told.seal, "origin"), &told.seal["size"], said(told.seal, "root"));
    s.out
}

impl Say<'_> {
    fn summary(&mut self) {
        let (f, period) = (self.f, self.f.period());
        self.say("Sammanfattning");
        self.say(said(&period.report, "introduction"));
        let all = items(f);
        let due =
            |is_control: bool| all.iter().filter(|(_, c, part)| *c == is_control && part.stands["due"] == true).count();
        let mut told = vec![format!(
            "Planen omfattar {} med {} och {}.",
            counted(f.risks.len(), "risk", "risker"),
            counted(f.controls().count(), "kontroll", "kontroller"),
            counted(f.actions().count(), "åtgärd", "åtgärder")
        )];
        let mut of = Vec::new();
        of.extend((due(true) > 0).then(|| counted(due(true), "kontroll", "kontroller")));
        of.extend((due(false) > 0).then(|| counted(due(false), "åtgärd", "åtgärder")));
        let until = period.is["deadline"]
            .as_str()
            .map(|_| format!(" senast {}", long(&period.is["deadline"])))
            .unwrap_or_default();
        told.push(format!("I perioden skulle {} rapporteras{until}.", list(&of)));
        // A period is closed when all that is due is reported.
        assert_eq!(period.is["missing"], 0);
        told.push("Allt har rapporterats.".into());
        self.say(told.join(" "));

        self.say("Status i perioden");
        let mut rows = vec![head(&["Status", "Antal", "Risker"])];
        for (name, of, scale) in SCALES {
            rows.push(vec![name.to_owned()]);
            for code in scale {
                let here: Vec<&Item> = all
                    .iter()
                    .filter(|(_, is_control, part)| {
                        let field = if of == "effects" { "effect" } else { "status" };
                        (*is_control == (of == "controls")) && part.stands[field] == code
                    })
                    .collect();
                let numbers: BTreeSet<i64> = here.iter().filter_map(|(risk, ..)| risk.is["number"].as_i64()).collect();
                let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
                rows.push(row([shown(&code.into()), here.len().to_string(), numbers.join(", ")]));
            }
            let total: i64 = sums(&period.is, of).iter().sum();
            let counted = all.iter().filter(|(_, is_control, _)| *is_control == (of == "controls")).count();
            assert_eq!(total, counted as i64, "{of}");
        }
        self.out.push(Piece::Table(rows));

        self.say("Röd status");
        let mut rows = vec![head(&["Risk", "Kontroll eller åtgärd", "Status", "Kommentar"])];
        for (risk, is_control, part) in &all {
            let red: Vec<String> = ["status", "effect"]
                .iter()
                .map(|field| &part.stands[*field])
                .filter(|code| ["notPerformed", "offPlan", "notDesired"].contains(&code.as_str().unwrap_or_default()))
                .map(shown)
                .collect();
            if red.is_empty() {
                continue;
            }
            let mut comment = vec![text(&part.stands["comment"])];
            if self.version == Version::Full && !part.stands["secrecy"].is_null() {
                comment.push(format!("Sekretessmarkering: {}", words::marking(&part.stands["secrecy"])));
            }
            rows.push(row([
                number(&risk.is["number"]),
                self.named(risk, part, Some(kind(*is_control))),
                red.join("\n"),
                line(&comment),
            ]));
        }
        match rows.len() {
            1 => self.say("Ingen kontroll eller åtgärd har röd status."),
            _ => self.out.push(Piece::Table(rows)),
        }
        let mut rows = vec![head(&["Risk", "Åtgärd", "Start", "Slut", "Avvikelse"])];
        for (risk, part) in f.actions().filter(|(_, part)| f.overdue(part)) {
            rows.push(row([
                number(&risk.is["number"]),
                self.named(risk, part, None),
                text(&part.is["startDate"]),
                text(&part.is["endDate"]),
                "Slutdatum har passerat".into(),
            ]));
        }
        if rows.len() > 1 {
            self.say("Åtgärder som ligger efter tidplanen");
            self.table(&[], rows);
        }
    }

    fn named(&self, risk: &Risk, part: &Part, below: Option<&str>) -> String {
        let mut lines = vec![text(&part.is["name"])];
        lines.extend(below.map(str::to_owned));
        lines.extend(self.mark(risk));
        line(&lines)
    }

    fn risk_name(&self, risk: &Risk) -> String {
        let mut lines = vec![text(&risk.is["name"])];
        lines.extend(self.mark(risk));
        line(&lines)
    }

    fn changes(&mut self, told: &Told) {
        let f = self.f;
        self.say("Förändringar");
        let Some(then) = told.earlier.last() else {
            self.say("Det finns ingen tidigare beslutad uppföljning av planen att jämföra med.");
            return;
        };
        let before = &then.facts;
        let name = words::period(before.period().name, f.year());
        self.say(format!("Sedan {name}"));
        self.say(format!("Den förra uppföljningen avsåg {name} och beslutades {}.", long(&then.decision["decidedOn"])));
        let old = |id: &Value| before.risks.iter().find(|risk| risk.is["id"] == *id);
        let revision = |facts: &Facts| facts.plan["adoptedRevision"].as_i64().expect("a revision");
        let revised = (revision(before) < revision(f)).then(|| {
            let [.., earlier, newest] = told.plans else { panic!("two versions of the plan") };
            Revised::between(&earlier.facts, &newest.facts, earlier)
        });
        if let Some(revised) = &revised {
            self.out.extend(revised.told(self.version));
        }
        let mut rows = vec![head(&["Nr", "Risk", "Då", "Nu"])];
        for risk in &f.risks {
            if let Some(old) = old(&risk.is["id"]).filter(|old| old.is["score"] != risk.is["score"]) {
                rows.push(row([
                    number(&risk.is["number"]),
                    self.risk_name(risk),
                    number(&old.is["score"]),
                    number(&risk.is["score"]),
                ]));
            }
        }
        if rows.len() > 1 {
            self.say("Riskvärden som har ändrats:");
            self.out.push(Piece::Table(rows));
        } else if revised.is_some_and(|revised| revised.risks.iter().any(|one| one.what != "changed")) {
            self.say("Inget riskvärde har ändrats för de risker som finns i båda uppföljningarna.");
        } else {
            self.say("Inget riskvärde har ändrats.");
        }
        let mut rows = vec![head(&["Risk", "Kontroll eller åtgärd", "Då", "Nu"])];
        for (risk, is_control, part) in items(f) {
            let changed = |field: &str| !part.before[field].is_null() && part.before[field] != part.stands[field];
            let mut tell = |field: &str, what: &str| {
                if changed(field) {
                    rows.push(row([
                        number(&risk.is["number"]),
                        self.named(risk, part, Some(what)),
                        shown(&part.before[field]),
                        shown(&part.stands[field]),
                    ]));
                }
            };
            tell("status", kind(is_control));
            tell("effect", "Åtgärdens effekt");
        }
        if rows.len() > 1 {
            self.say("Status som har ändrats:");
            self.out.push(Piece::Table(rows));
        } else {
            self.say("Ingen status har ändrats.");
        }
        let known: Vec<&Value> = before.actions().map(|(_, part)| &part.is["id"]).collect();
        let mut rows = vec![head(&["Risk", "Åtgärd", "Ansvarig", "Slut"])];
        for (risk, part) in f.actions().filter(|(_, part)| !known.contains(&&part.is["id"])) {
            rows.push(row([
                number(&risk.is["number"]),
                self.named(risk, part, None),
                text(&f.person(&part.is["responsibleId"])),
                text(&part.is["endDate"]),
            ]));
        }
        if rows.len() > 1 {
            self.say("Nya åtgärder:");
            self.table(&[], rows);
        }
        let done = |part: &Part| !part.stands["completedOn"].is_null();
        let done_then: Vec<&Value> =
            before.actions().filter(|(_, part)| done(part)).map(|(_, part)| &part.is["id"]).collect();
        let mut rows = vec![head(&["Risk", "Åtgärd", "Slutförd"])];
        for (risk, part) in f.actions().filter(|(_, part)| done(part) && !done_then.contains(&&part.is["id"])) {
            rows.push(row([
                number(&risk.is["number"]),
                self.named(risk, part, None),
                text(&part.stands["completedOn"]),
            ]));
        }
        if rows.len() > 1 {
            self.say("Slutförda åtgärder:");
            self.out.push(Piece::Table(rows));
        }
    }

    fn mandatory(&mut self) {
        let f = self.f;
        self.say("Obligatoriska risker");
        let mut rows = vec![head(&["Obligatorisk risk", "Planens risk", "Riskvärde och nivå", "Kontrollernas status"])];
        for one in &f.mandatory {
            let risk = f.risks.iter().find(|risk| risk.is["mandatoryId"] == one["id"]).expect("every plan has it");
            let mut named = vec![format!("{} {}", risk.is["number"], said(&risk.is, "name"))];
            named.extend(self.mark(risk));
            let statuses: Vec<String> = risk.controls.iter().map(|part| shown(&part.stands["status"])).collect();
            rows.push(row([text(&one["name"]), line(&named), self.level_of(risk, true), statuses.join("\n")]));
        }
        self.out.push(Piece::Table(rows));
    }

    fn trend(&mut self, told: &Told) {
        let (f, period) = (self.f, self.f.period());
        let several = told.plans.len() > 1;
        self.say("Utveckling under året");
        if period.sums.len() > 1 {
            self.say("Status period för period");
            for (name, of, _) in SCALES {
                let any = period.sums.iter().any(|(_, view)| sums(view, of).iter().any(|n| *n > 0));
                if any {
                    self.say(name);
                }
            }
            let mut rows = vec![
                [vec!["Status".to_owned()], period.sums.iter().map(|(at, _)| short_period(at).to_owned()).collect()]
                    .concat(),
            ];
            for (name, of, scale) in SCALES {
                rows.push(vec![name.to_owned()]);
                for (at, code) in scale.iter().enumerate() {
                    let counts = period.sums.iter().map(|(_, view)| sums(view, of)[at].to_string());
                    rows.push([shown(&(*code).into())].into_iter().chain(counts).collect());
                }
            }
            self.out.push(Piece::Table(rows));
        }
        self.say("Riskvärden");
        let mut names = head(&["Nr", "Risk"]);
        match several {
            false => names.push(format!("Plan {}", f.year())),
            true => names.extend((1..=told.plans.len()).map(|n| format!("Plan {}, version {n}", f.year()))),
        }
        names.extend(period.sums.iter().map(|(at, _)| short_period(at).to_owned()));
        let mut rows = vec![names];
        for risk in &f.risks {
            let then = |facts: &Facts| {
                facts
                    .risks
                    .iter()
                    .find(|one| one.is["id"] == risk.is["id"])
                    .map_or(Value::Null, |one| one.is["score"].clone())
            };
            let moments = told.plans.iter().chain(told.earlier).map(|moment| &moment.facts).chain([f]);
            rows.push(
                [number(&risk.is["number"]), self.risk_name(risk)]
                    .into_iter()
                    .chain(moments.map(|facts| number(&then(facts))))
                    .collect(),
            );
        }
        self.table(&(2..9).collect::<Vec<_>>(), rows);
    }

    fn indicators(&mut self) {
        let (f, period) = (self.f, self.f.period());
        self.say("Indikatorer som riskerar att inte nå målet");
        let (asked, judged) =
            (f.indicators.len(), period.outcomes.iter().filter(|one| !one["judgement"].is_null()).count());
        let at_risk: Vec<&Value> =
            period.outcomes.iter().filter(|one| one["judgement"] == "atRisk" || one["judgement"] == "missed").collect();
        let of = format!("{judged} av {asked} indikatorer har ett bedömt utfall för perioden.");
        self.say(match (judged, at_risk.is_empty()) {
            (0, _) => format!("Ingen av planens {asked} indikatorer har ett bedömt utfall för perioden."),
            (_, true) if judged < asked => format!("{of} Ingen av dem bedöms riskera att inte nå målet."),
            (_, true) => "Ingen indikator bedöms riskera att inte nå målet.".to_owned(),
            (_, false) if judged < asked => of,
            (_, false) => "Alla indikatorer har ett bedömt utfall för perioden.".to_owned(),
        });
        let mut rows = vec![head(&["Indikator", "Målvärde", "Utfall", "Prognos", "Bedömning", "Orsak och åtgärder"])];
        for outcome in at_risk {
            let indicator = f.indicators.iter().find(|one| one["id"] == outcome["indicatorId"]).expect("the indicator");
            let figure = |field: &str| said(outcome, field).replace('.', ",");
            let mut cause = vec![text(&outcome["cause"])];
            let linked = outcome["actionIds"].as_array().cloned().unwrap_or_default();
            if linked.is_empty() {
                cause.push("Ingen åtgärd är kopplad".into());
            }
            cause.extend(self.actions_named(&linked));
            rows.push(row([
                format!("{}\nMål: {}", said(indicator, "name"), said(&f.goals[said(indicator, "goalId")], "name")),
                text(&indicator["boardTarget"]),
                figure("value"),
                figure("forecast"),
                shown(&outcome["judgement"]),
                line(&cause),
            ]));
        }
        if rows.len() > 1 {
            self.table(&[2, 4], rows);
        }
    }

    fn actions_named(&self, ids: &[Value]) -> Vec<String> {
        let all = ids.iter().filter_map(|id| self.f.actions().find(|(_, part)| part.is["id"] == *id));
        all.flat_map(|(risk, part)| {
            [Some(format!("Åtgärd: {}", said(&part.is, "name"))), self.mark(risk)].into_iter().flatten()
        })
        .collect()
    }

    fn deficiencies(&mut self) {
        let (f, board) = (self.f, self.f.board());
        self.say("Brister i den interna kontrollen");
        let all = &f.period().deficiencies;
        if all.is_empty() {
            self.say("Inga brister har rapporterats.");
            return;
        }
        let open = all.iter().filter(|one| one["closedOn"].is_null()).count();
        let told = match (open, all.len()) {
            (0, 1) => "Den är avslutad".to_owned(),
            (1, 1) => "Den är inte avslutad".to_owned(),
            (0, _) => "Alla är avslutade".to_owned(),
            (n, _) => format!("{n} är inte {}", if n == 1 { "avslutad" } else { "avslutade" }),
        };
        self.say(format!("{} har rapporterats. {told}.", counted(all.len(), "brist", "brister")));
        let mut rows = vec![head(&["Brist", "Upptäckt", "Allvar", "Rapporterad till", "Vad som har gjorts"])];
        for one in all {
            let risk = f.risks.iter().find(|risk| risk.is["id"] == one["riskId"]);
            let mut what = vec![text(&one["title"]), text(&one["description"])];
            what.extend(risk.map(|risk| format!("Risk: {} {}", risk.is["number"], said(&risk.is, "name"))));
            what.extend(risk.and_then(|risk| self.mark(risk)));
            let found = vec![text(&one["foundOn"]), text(&one["foundBy"])];
            let mut told = vec![match one["reportedToBoardOn"].as_str() {
                None => format!("Inte rapporterad till {board}"),
                Some(on) => {
                    let days = (words::day(&one["reportedToBoardOn"]) - words::day(&one["foundOn"])).num_days();
                    let after = match days {
                        0 => "samma dag".to_owned(),
                        1 => "efter 1 dag".to_owned(),
                        n => format!("efter {n} dagar"),
                    };
                    format!("{}: {on}, {after}", capital(board))
                }
            }];
            if let Some(with) = one["regionPeriod"].as_str() {
                told.push(format!(
                    "Regionen: med {}",
                    words::period(with, one["regionYear"].as_i64().expect("a year"))
                ));
            }
            let mut done = vec![text(&one["measures"])];
            done.push(one["closedOn"].as_str().map_or_else(|| "Inte avslutad".into(), |on| format!("Avslutad: {on}")));
            done.push(text(&one["closureReason"]));
            rows.push(row([line(&what), line(&found), capital(word(&one["severity"])), line(&told), line(&done)]));
        }
        self.table(&[], rows);
    }

    fn recommendations(&mut self) {
        let (f, period) = (self.f, self.f.period());
        self.say("Granskning och rekommendationer");
        if period.recommendations.is_empty() {
            self.say("Det finns inga rekommendationer att följa upp.");
        } else {
            self.say("Rekommendationer");
            let mut rows = vec![head(&["Rekommendation", "Ansvarig", "Status", "Dialog och åtgärder"])];
            for one in &period.recommendations {
                let mut source = vec![word(&one["source"]).to_owned(), one["year"].to_string(), text(&one["report"])];
                source.extend(one["diaryNumber"].as_str().map(str::to_owned));
                let mut dialogue = Vec::new();
                for entry in one["entries"].as_array().into_iter().flatten() {
                    let side = if entry["side"] == "auditor" { "granskaren" } else { "verksamheten" };
                    dialogue.extend([format!("{}, {side}", said(entry, "datedOn")), text(&entry["text"])]);
                }
                let linked = one["actionIds"].as_array().cloned().unwrap_or_default();
                dialogue.extend(self.actions_named(&linked));
                let status = if one["closedOn"].is_null() { "Öppen" } else { "Avslutad" };
                rows.push(row([
                    format!("{}\n{}", said(one, "text"), source.join(", ")),
                    text(&f.person(&one["responsibleId"])),
                    status.into(),
                    line(&dialogue),
                ]));
            }
            self.table(&[], rows);
        }
        if !period.opinions.is_empty() {
            self.say("Revisorernas bedömning");
            let mut rows = vec![head(&["År", "Bedömning", "Rapport"])];
            rows.extend(period.opinions.iter().map(|one| {
                let judgement = words::opinion(&one["judgement"]);
                row([one["year"].to_string(), judgement.into(), text(&one["report"])])
            }));
            self.out.push(Piece::Table(rows));
        }
    }

    fn irregularities(&mut self) {
        self.say("Fel och oegentligheter");
        let mut rows = vec![head(&["Nr", "Risk", "Riskvärde och nivå", "Kontroller"])];
        let mut counts = [
            ("stickprover", "samples", None),
            ("fel", "faults", None),
            ("inkomna rapporter", "reportsReceived", None),
            ("utredda rapporter", "reportsInvestigated", None::<i64>),
        ];
        for risk in self.f.risks.iter().filter(|risk| risk.is["irregularity"] == true) {
            let controls: Vec<String> = risk
                .controls
                .iter()
                .map(|part| format!("{}\n{}", said(&part.is, "name"), shown(&part.stands["status"])))
                .collect();
            rows.push(row([
                number(&risk.is["number"]),
                self.risk_name(risk),
                self.level_of(risk, true),
                line(&controls),
            ]));
            for (_, field, sum) in &mut counts {
                for n in risk.controls.iter().filter_map(|part| part.stands["counts"][*field].as_i64()) {
                    *sum = Some(sum.unwrap_or(0) + n);
                }
            }
        }
        if rows.len() == 1 {
            self.say("Ingen risk i planen är märkt som risk för fel och oegentligheter.");
            return;
        }
        self.say("Risker som avser fel och oegentligheter, och de kontroller som täcker dem:");
        self.out.push(Piece::Table(rows));
        let counts: Vec<String> =
            counts.iter().filter_map(|(word, _, sum)| Some(format!("{word} {}", (*sum)?))).collect();
        if !counts.is_empty() {
            self.say(format!("Sammanlagt antal i dessa kontroller: {}.", counts.join(", ")));
        }
    }

    fn economy(&mut self) {
        let (f, period) = (self.f, self.f.period());
        let mut rows: Vec<(Vec<String>, [Option<i64>; 5])> = Vec::new();
        let of = |effect: &Value, realised: &Value| {
            let planned = effects(f.year()).map(|(field, _)| tenths(&effect[field]));
            [planned[0], planned[1], planned[2], planned[3], tenths(realised)]
        };
        for (risk, part) in f.actions() {
            let amounts = of(&part.is["financialEffect"], &part.stands["realisedEffect"]);
            if amounts.iter().any(Option::is_some) {
                rows.push((vec![number(&risk.is["number"]), self.named(risk, part, None)], amounts));
            }
        }
        let here = period.measures.as_ref().is_some_and(|(of, _)| *of == period.name);
        for one in period.measures.iter().flat_map(|(_, all)| all) {
            let effect = &one["financialEffect"];
            let realised = if here { one["realisedEffect"].clone() } else { Value::Null };
            rows.push((vec!["–".into(), line(&[text(&one["name"]), text(&effect["comment"])])], of(effect, &realised)));
        }
        if rows.is_empty() {
            return;
        }
        self.say("Ekonomisk effekt av åtgärder");
        let mut sum = [None::<i64>; 5];
        for (_, amounts) in &rows {
            for (sum, amount) in sum.iter_mut().zip(amounts).filter(|(_, amount)| amount.is_some()) {
                *sum = Some(sum.unwrap_or(0) + amount.expect("one that is there"));
            }
        }
        let (told, all) = (rows.iter().filter(|(_, amounts)| amounts[4].is_some()).count(), rows.len());
        rows.push((vec!["Summa".into(), String::new()], sum));
        let mut names = head(&["Risk", "Åtgärd"]);
        names.extend(effects(f.year()).map(|(_, name)| capital(&name)));
        names.push("Realiserat".into());
        let cells = |(names, amounts): (Vec<String>, [Option<i64>; 5])| -> Vec<String> {
            names.into_iter().chain(amounts.map(|n| n.map(amount).unwrap_or_default())).collect()
        };
        let rows = [names].into_iter().chain(rows.into_iter().map(cells)).collect();
        self.table(&[], rows);
        self.say(match told {
            0 => "Realiserad effekt är inte angiven för någon av åtgärderna.".to_owned(),
            n if n == all => "Realiserad effekt är angiven för alla åtgärderna.".to_owned(),
            n => format!("Realiserad effekt är angiven för {n} av {all} åtgärder, och summan gäller dem."),
        });
        if let Some((then, _)) = period.measures.as_ref().filter(|_| !here) {
            self.say(format!("De åtgärder som inte hör till någon risk är inte följda upp i perioden. Beloppen är de som angavs för {}.", words::period(then, f.year())));
        }
    }

    fn components(&mut self) {
        let judged = &self.f.period().judged;
        if judged.is_empty() {
            return;
        }
        self.say("Egen bedömning av den interna kontrollen");
        let mut rows = vec![head(&["Komponent", "Bedömning", "Motivering"])];
        rows.extend(
            judged
                .iter()
                .map(|one| row([word(&one["component"]).into(), shown(&one["judgement"]), text(&one["reason"])])),
        );
        self.out.push(Piece::Table(rows));
    }
}
