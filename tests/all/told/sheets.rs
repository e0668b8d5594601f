//! What the sheets of an Excel file must hold, and nothing else, when the register holds these facts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::facts::{Part, Risk, is_added, said};
use super::files::{Row, plain};
use super::revised::Revised;
use super::spoken::{Moment, Version, by_goal, effects, levels_down};
use super::spoken_report::{SCALES, Told, sums};
use super::words::{self, heading, marking, short_period, tenths, word};

pub type Sheets = Vec<(String, Vec<Row>)>;

/// A row, without the cells that hold nothing.
fn row(cells: Vec<(&str, String)>) -> Row {
    cells.into_iter().map(|(head, text)| (head.to_owned(), plain(&text))).filter(|(_, text)| !text.is_empty()).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A status has a column for its shape, and one for its word.
fn status(cells: &mut Vec<(&'static str, String)>, heads: [&'static str; 2], code: &Value) {
    if let Some((shape, word)) = words::status(code) {
        cells.extend([(heads[0], shape.to_owned()), (heads[1], word.to_owned())]);
    }
}

fn yes(holds: bool) -> String {
    if holds { "Ja".into() } else { String::new() }
}

/// Millions as Excel keeps them.
fn millions(amount: &Value) -> String {
    tenths(amount)
        .map(|n| if n % 10 == 0 { (n / 10).to_string() } else { (n as f64 / 10.0).to_string() })
        .unwrap_or_default()
}

struct Sheet<'m> {
    now: &'m Moment,
    version: Version,
}

impl Sheet<'_> {
    /// What carries these markings. A public version prints each where it is masked, and no more.
    fn marked(&self, own: &Value, of: &Value) -> String {
        let mut all: Vec<String> = (!own.is_null()).then(|| marking(own)).into_iter().collect();
        if self.version == Version::Full && !of.is_null() && !all.contains(&marking(of)) {
            all.push(marking(of));
        }
        all.join("\n")
    }

    fn under(&self, risk: &Risk, head: &'static str, part: &Part) -> Vec<(&'static str, String)> {
        vec![
            ("Risk nr", text(&risk.is["number"])),
            (head, text(&part.is["name"])),
            ("Sekretessmarkering", self.marked(&part.stands["secrecy"], &risk.is["secrecy"])),
            ("Referens", text(&risk.is["reference"])),
            ("Risk", text(&risk.is["name"])),
        ]
    }

    fn reported(&self, cells: &mut Vec<(&'static str, String)>, stands: &Value) {
        let f = &self.now.facts;
        cells.push((
            "Skulle rapporteras",
            match (stands["due"] == true, stands["sequence"] != 0) {
                (true, true) => "Ja, rapporterad",
                (true, false) => "Ja, saknas",
                (false, true) => "Nej, men rapporterad",
                (false, false) => "Nej",
            }
            .into(),
        ));
        cells.push(("Kommentar", text(&stands["comment"])));
        if stands["sequence"] != 0 {
            cells.extend([
                ("Rapporterad den", words::day_of(&stands["reportedAt"])),
                ("Rapporterad av", text(&f.person(&stands["reportedById"]))),
                ("För ansvarig", text(&f.person(&stands["onBehalfOfId"]))),
            ]);
        }
    }

    fn risks(&self, told: Option<&Told>) -> Vec<Row> {
        let f = &self.now.facts;
        let definition = &f.policy.0["definition"];
        let threshold = &definition["threshold"];
        let label =
            |of: &str, value: &Value| text(&definition[of][value.as_u64().expect("a step") as usize - 1]["label"]);
        by_goal(f)
            .into_iter()
            .flat_map(|(goal, risks)| risks.into_iter().map(move |risk| (goal.clone(), risk)))
            .map(|(goal, risk)| {
                let is = &risk.is;
                let of = |moment: Option<&Moment>| {
                    moment
                        .and_then(|moment| moment.facts.risks.iter().find(|one| one.is["id"] == is["id"]))
                        .map_or(String::new(), |one| text(&one.is["score"]))
                };
                let why = match said(is, "inclusionReason") {
                    "mandatory" => "Obligatorisk risk. Ingår oavsett riskvärde.".to_owned(),
                    _ if told.is_some() && is["score"].as_i64() <= threshold.as_i64() => {
                        format!("Riskvärdet låg över gränsen {threshold} när planen fastställdes.")
                    }
                    _ => format!("Riskvärdet {} ligger över gränsen {threshold}.", is["score"]),
                };
                row(vec![
                    ("Nr", text(&is["number"])),
                    ("Risk", text(&is["name"])),
                    ("Sekretessmarkering", self.marked(&is["secrecy"], &Value::Null)),
                    ("Referens", text(&is["reference"])),
                    ("Mål", goal),
                    ("Beskrivning", text(&is["description"])),
                    ("Riskägare", text(&f.person(&is["ownerId"]))),
                    ("Kategori", word(&is["category"]).into()),
                    ("Hantering", word(&is["response"]).into()),
                    ("Sannolikhet", text(&is["likelihood"])),
                    ("Sannolikhet i ord", label("likelihoods", &is["likelihood"])),
                    ("Konsekvens", text(&is["consequence"])),
                    ("Konsekvens i ord", label("consequences", &is["consequence"])),
                    ("Riskvärde", text(&is["score"])),
                    ("Risknivå", f.level(said(is, "level"))),
                    ("Riskvärde när planen fastställdes", of(told.and_then(|told| told.plans.last()))),
                    ("Riskvärde i förra uppföljningen", of(told.and_then(|told| told.earlier.last()))),
                    ("Varför risken ingår", why),
                    ("Obligatorisk", yes(is["inclusionReason"] == "mandatory")),
                    ("Avser fel och oegentligheter", yes(is["irregularity"] == true)),
                    ("Motivering", text(&is["justification"])),
                ])
            })
            .collect()
    }

    fn controls(&self, report: bool) -> Vec<Row> {
        let f = &self.now.facts;
        f.controls()
            .map(|(risk, part)| {
                let (is, s) = (&part.is, &part.stands);
                let mut cells = self.under(risk, "Kontroll", part);
                let ids = is["indicatorIds"].as_array().cloned().unwrap_or_default();
                let names: Vec<String> = ids.iter().map(|id| f.indicator(id)).collect();
                cells.extend([
                    ("Beskrivning", text(&is["description"])),
                    ("Frekvens", words::frequency(is)),
                    ("Ansvarig", text(&f.person(&is["responsibleId"]))),
                    ("Tillagd efter fastställande", yes(is_added(is))),
                    ("Indikatorer", names.join("\n")),
                ]);
                if report {
                    status(&mut cells, ["Status, form", "Status"], &s["status"]);
                    status(
                        &mut cells,
                        ["Status i förra uppföljningen, form", "Status i förra uppföljningen"],
                        &part.before["status"],
                    );
                    self.reported(&mut cells, s);
                    for (head, field) in [
                        ("Stickprover", "samples"),
                        ("Fel", "faults"),
                        ("Inkomna rapporter", "reportsReceived"),
                        ("Utredda rapporter", "reportsInvestigated"),
                    ] {
                        cells.push((head, text(&s["counts"][field])));
                    }
                    let outcomes: Vec<String> = ids
                        .iter()
                        .flat_map(|id| f.period().outcomes.iter().filter(move |one| one["indicatorId"] == *id))
                        .map(|one| {
                            let figure = |field: &str| said(one, field).replace('.', ",");
                            let indicator =
                                f.indicators.iter().find(|i| i["id"] == one["indicatorId"]).expect("the indicator");
                            format!(
                                "{}: mål {}, utfall {}, prognos {}. {}.",
                                said(indicator, "name"),
                                said(indicator, "boardTarget"),
                                figure("value"),
                                figure("forecast"),
                                words::status(&one["judgement"]).expect("a judgement").1
                            )
                        })
                        .collect();
                    cells.push(("Utfall", outcomes.join("\n")));
                }
                row(cells)
            })
            .collect()
    }

    fn effects(&self, effect: &Value) -> Vec<(String, String)> {
        let year = self.now.facts.year();
        effects(year)
            .iter()
            .map(|(field, name)| (format!("Ekonomisk effekt {name}, Mnkr"), millions(&effect[field])))
            .chain([("Kommentar till ekonomisk effekt".to_owned(), plain(&text(&effect["comment"])))])
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    fn actions(&self, report: bool) -> Vec<Row> {
        let f = &self.now.facts;
        f.actions()
            .map(|(risk, part)| {
                let (is, s) = (&part.is, &part.stands);
                let mut cells = self.under(risk, "Åtgärd", part);
                cells.extend([
                    ("Beskrivning", text(&is["description"])),
                    ("Start", text(&is["startDate"])),
                    ("Slut", text(&is["endDate"])),
                    ("Ansvarig", text(&f.person(&is["responsibleId"]))),
                    ("Tillagd efter fastställande", yes(is_added(is))),
                ]);
                if report {
                    status(&mut cells, ["Status, form", "Status"], &s["status"]);
                    status(
                        &mut cells,
                        ["Status i förra uppföljningen, form", "Status i förra uppföljningen"],
                        &part.before["status"],
                    );
                    status(&mut cells, ["Effekt, form", "Effekt"], &s["effect"]);
                    status(
                        &mut cells,
                        ["Effekt i förra uppföljningen, form", "Effekt i förra uppföljningen"],
                        &part.before["effect"],
                    );
                    cells.extend([
                        ("Slutförd", text(&s["completedOn"])),
                        ("Slutdatum har passerat", yes(f.overdue(part))),
                        ("Realiserad effekt hittills i år, Mnkr", millions(&s["realisedEffect"])),
                    ]);
                    self.reported(&mut cells, s);
                }
                let mut cells = row(cells);
                cells.extend(self.effects(&is["financialEffect"]));
                cells
            })
            .collect()
    }

    /// How many risks there are of each level, and in a report how many statuses of each kind; and which risks' they are.
    fn counts(&self, report: bool) -> Vec<Row> {
        let f = &self.now.facts;
        let numbers = |all: &[&Risk]| {
            let all: BTreeSet<i64> = all.iter().filter_map(|risk| risk.is["number"].as_i64()).collect();
            all.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
        };
        let mut rows = Vec::new();
        for level in levels_down(&f.policy.0["definition"]) {
            let of: Vec<&Risk> = f.risks.iter().filter(|risk| risk.is["level"] == level["key"]).collect();
            let (count, which) = (of.len().to_string(), numbers(&of));
            rows.push(row(vec![
                ("Avser", "Risknivå".into()),
                ("Värde", text(&level["label"])),
                ("Antal", count),
                ("Risker", which),
            ]));
        }
        rows.push(row(vec![
            ("Avser", "Risknivå".into()),
            ("Värde", "Totalt".into()),
            ("Antal", f.risks.len().to_string()),
        ]));
        for (name, of, scale) in SCALES.into_iter().take_while(|_| report) {
            for code in scale {
                let field = if of == "effects" { "effect" } else { "status" };
                let here = |part: &Part| part.stands[field] == code;
                let all: Vec<&Risk> = match of {
                    "controls" => f.controls().filter(|(_, part)| here(part)).map(|(risk, _)| risk).collect(),
                    _ => f.actions().filter(|(_, part)| here(part)).map(|(risk, _)| risk).collect(),
                };
                let mut cells =
                    vec![("Avser", name.to_owned()), ("Antal", all.len().to_string()), ("Risker", numbers(&all))];
                status(&mut cells, ["Värde, form", "Värde"], &code.into());
                rows.push(row(cells));
            }
        }
        rows
    }

    fn texts(&self, plans: &str, law_of: &str) -> Vec<Row> {
        let f = &self.now.facts;
        let standing = f.in_force(law_of).into_iter().map(|one| (text(&one["heading"]), text(&one["text"])));
        let sections = f.sections.iter().map(|one| (heading(&one["section"]).to_owned(), text(&one["text"])));
        standing
            .chain(sections)
            .map(|(head, said)| row(vec![("Rubrik", format!("{plans}{head}")), ("Text", said)]))
            .collect()
    }
}

fn revision(revised: &Revised) -> Vec<Row> {
    let because = revised.reason.as_ref().map(|reason| format!(". {reason}")).unwrap_or_default();
    let mut rows =
        vec![row(vec![("Ändring", format!("Jämfört med version {}: {}{because}", revised.since, revised.counted()))])];
    let secrecy = |of: &Value| if of.is_null() { String::new() } else { marking(of) };
    rows.extend(revised.risks.iter().map(|one| {
        row(vec![
            ("Ändring", Revised::what_of_risk(one)),
            ("Risk nr", one.number.to_string()),
            ("Typ", "Risk".into()),
            ("Namn", one.name.clone()),
            ("Referens", one.below.clone()),
            ("Sekretessmarkering", secrecy(&one.secrecy)),
        ])
    }));
    rows.extend(revised.parts.iter().map(|one| {
        row(vec![
            ("Ändring", Revised::what_of_part(one)),
            ("Risk nr", one.number.to_string()),
            ("Typ", one.below.clone()),
            ("Namn", one.name.clone()),
            ("Sekretessmarkering", secrecy(&one.secrecy)),
        ])
    }));
    rows.extend(revised.sections.iter().map(|key| {
        row(vec![("Ändring", "Ändrad".into()), ("Typ", "Text".into()), ("Namn", heading(&key.as_str().into()).into())])
    }));
    rows
}

/// The sheets of a plan whose rows are told by facts; the others are the same as in the Word file, or say how to read it.
pub fn plan(now: &Moment, before: Option<&Moment>, version: Version) -> Sheets {
    let s = Sheet { now, version };
    let mut all = vec![
        ("Sammanställning", s.counts(false)),
        ("Risker", s.risks(None)),
        ("Kontroller", s.controls(false)),
        ("Åtgärder", s.actions(false)),
        ("Texter", s.texts("", said(&now.decision, "decidedOn"))),
    ];
    all.extend(before.map(|before| ("Revideringen", revision(&Revised::between(&before.facts, &now.facts, before)))));
    named(all)
}

fn named(all: Vec<(&str, Vec<Row>)>) -> Sheets {
    all.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(name, rows)| (name.to_owned(), rows)).collect()
}

pub fn report(told: &Told, version: Version) -> Sheets {
    let (f, plan) = (&told.now.facts, told.plans.last().expect("a plan"));
    let (s, period) = (Sheet { now: told.now, version }, f.period());
    let here = period.measures.as_ref().is_some_and(|(of, _)| *of == period.name);
    let measures =
        period.measures.iter().flat_map(|(of, all)| all.iter().map(move |one| (of, one))).map(|(of, one)| {
            let realised = if here { millions(&one["realisedEffect"]) } else { String::new() };
            let mut cells = row(vec![
                ("Åtgärd", text(&one["name"])),
                ("Realiserad effekt hittills i år, Mnkr", realised),
                ("Uppgifterna gäller", words::period(of, f.year())),
            ]);
            cells.extend(s.effects(&one["financialEffect"]));
            cells
        });
    let mandatory = f.mandatory.iter().map(|one| {
        let risk = f.risks.iter().find(|risk| risk.is["mandatoryId"] == one["id"]).expect("every plan has it");
        row(vec![
            ("Obligatorisk risk", text(&one["name"])),
            ("Typ", "Risk".into()),
            ("Risker i planen", text(&risk.is["number"])),
            ("Bedömd", "Ja".into()),
            ("Har kontroll", "Ja".into()),
        ])
    });
    let trend = SCALES.iter().flat_map(|(name, of, scale)| {
        let codes =
            scale.iter().map(|code| words::status(&(*code).into()).expect("a status")).chain([("○", "Rapport saknas")]);
        codes.enumerate().map(move |(at, (shape, word))| {
            let mut cells =
                vec![("Skala", (*name).to_owned()), ("Status, form", shape.to_owned()), ("Status", word.to_owned())];
            cells.extend(
                period.sums.iter().map(|(period, view)| (short_period(period), sums(view, of)[at].to_string())),
            );
            row(cells)
        })
    });
    let indicators =
        period.outcomes.iter().filter(|one| one["judgement"] == "atRisk" || one["judgement"] == "missed").map(|one| {
            let indicator = f.indicators.iter().find(|i| i["id"] == one["indicatorId"]).expect("the indicator");
            let ids = one["actionIds"].as_array().cloned().unwrap_or_default();
            let linked: Vec<(&Risk, &Part)> =
                ids.iter().filter_map(|id| f.actions().find(|(_, part)| part.is["id"] == *id)).collect();
            let secret: Vec<String> = linked
                .iter()
                .map(|(risk, _)| s.marked(&Value::Null, &risk.is["secrecy"]))
                .filter(|text| !text.is_empty())
                .collect();
            let names: Vec<String> = linked.iter().map(|(_, part)| text(&part.is["name"])).collect();
            let mut cells = vec![
                ("Indikator", text(&indicator["name"])),
                ("Sekretessmarkering", secret.join("\n")),
                ("Mål", text(&f.goals[said(indicator, "goalId")]["name"])),
                ("Målvärde", text(&indicator["boardTarget"])),
                ("Utfall", text(&one["value"]).replace('.', ",")),
                ("Prognos", text(&one["forecast"]).replace('.', ",")),
                ("Orsak", text(&one["cause"])),
                ("Åtgärder", names.join("\n")),
            ];
            status(&mut cells, ["Bedömning, form", "Bedömning"], &one["judgement"]);
            row(cells)
        });
    let told_to = format!("Rapporterad till {}", f.a_board().0);
    let deficiencies = period.deficiencies.iter().map(|one| {
        let risk = f.risks.iter().find(|risk| risk.is["id"] == one["riskId"]);
        let days = one["reportedToBoardOn"]
            .as_str()
            .map(|_| (words::day(&one["reportedToBoardOn"]) - words::day(&one["foundOn"])).num_days().to_string());
        let with =
            one["regionPeriod"].as_str().map(|kind| words::period(kind, one["regionYear"].as_i64().expect("a year")));
        row(vec![
            ("Brist", format!("{}\n{}", text(&one["title"]), text(&one["description"]))),
            ("Risk nr", risk.map(|risk| text(&risk.is["number"])).unwrap_or_default()),
            ("Upptäckt", text(&one["foundOn"])),
            ("Upptäckt av", text(&one["foundBy"])),
            ("Allvar", word(&one["severity"]).into()),
            (&told_to, text(&one["reportedToBoardOn"])),
            ("Dagar", days.unwrap_or_default()),
            ("Rapporterad till regionen med", with.unwrap_or_default()),
            ("Vad som har gjorts", text(&one["measures"])),
            ("Avslutad", text(&one["closedOn"])),
            ("Skäl till att den är avslutad", text(&one["closureReason"])),
        ])
    });
    let recommendations = period.recommendations.iter().map(|one| {
        let dialogue: Vec<String> = one["entries"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| {
                let side = if entry["side"] == "auditor" { "granskaren" } else { "verksamheten" };
                format!("{}, {side}: {}", said(entry, "datedOn"), said(entry, "text"))
            })
            .collect();
        row(vec![
            ("Rekommendation", text(&one["text"])),
            ("Källa", word(&one["source"]).into()),
            ("År", text(&one["year"])),
            ("Rapport", text(&one["report"])),
            ("Diarienummer", text(&one["diaryNumber"])),
            ("Ansvarig", text(&f.person(&one["responsibleId"]))),
            ("Status", if one["closedOn"].is_null() { "Öppen".into() } else { "Avslutad".into() }),
            ("Dialog", dialogue.join("\n")),
        ])
    });
    let opinions = period.opinions.iter().map(|one| {
        row(vec![
            ("År", text(&one["year"])),
            ("Bedömning", words::opinion(&one["judgement"]).into()),
            ("Rapport", text(&one["report"])),
        ])
    });
    let judged = period.judged.iter().map(|one| {
        let mut cells = vec![("Komponent", word(&one["component"]).to_owned()), ("Motivering", text(&one["reason"]))];
        status(&mut cells, ["Bedömning, form", "Bedömning"], &one["judgement"]);
        row(cells)
    });
    let own = [("Inledning", "introduction"), ("Slutsats", "conclusion"), ("Försäkran", "assurance")]
        .into_iter()
        .filter(|(_, field)| !period.report[*field].is_null())
        .map(|(name, field)| row(vec![("Rubrik", name.into()), ("Text", text(&period.report[field]))]));
    let mut all = vec![
        ("Sammanställning", s.counts(true)),
        ("Risker", s.risks(Some(told))),
        ("Kontroller", s.controls(true)),
        ("Åtgärder", s.actions(true)),
        ("Åtgärder utan risk", measures.collect()),
        ("Obligatoriska risker", mandatory.collect()),
        ("Utveckling", trend.collect()),
        ("Indikatorer", indicators.collect()),
        ("Brister", deficiencies.collect()),
        ("Rekommendationer", recommendations.collect()),
        ("Revisorernas bedömning", opinions.collect()),
        ("Intern kontroll", judged.collect()),
        ("Texter", own.chain(s.texts("Planen: ", said(&plan.decision, "decidedOn"))).collect()),
    ];
    let newer = told.earlier.last().is_none_or(|then| then.facts.plan["adoptedRevision"] != f.plan["adoptedRevision"]);
    if let ([.., before, now], true) = (told.plans, newer) {
        all.push(("Revideringen", revision(&Revised::between(&before.facts, &now.facts, before))));
    }
    named(all)
}
