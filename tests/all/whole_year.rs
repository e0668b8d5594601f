//! A plan's whole year, and the beginning of the next: from draft to the decided annual report, over REST.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::as_of;
use crate::follow_up::{Year, judged};
use crate::kit::{Client, World, both};

/// What somebody is answered at a path.
type Seen = BTreeMap<String, (u16, Value)>;

/// The year, photographed again and again.
struct Album<'w> {
    world: &'w World,
    plan: String,
    reports: Vec<String>,
    photographs: Vec<(String, [Seen; 3])>,
}

impl Album<'_> {
    fn paths(&self) -> Vec<String> {
        let plan = format!("/plans/{}", self.plan);
        let mut all = vec![
            plan.clone(),
            format!("{plan}/periods"),
            format!("{plan}/reports?limit=200"),
            format!("{plan}/document"),
            "/deadlines?limit=200".into(),
            "/follow-ups?year=2024&period=t1".into(),
            "/follow-ups/matrix?year=2024".into(),
        ];
        for period in ["t1", "interim", "annual"] {
            all.push(format!("{plan}/periods/{period}/statuses?limit=200"));
            all.push(format!("{plan}/self-assessments/{period}"));
        }
        for report in &self.reports {
            all.push(format!("/reports/{report}"));
            all.push(format!("/reports/{report}/document"));
        }
        all
    }

    fn who(&self) -> [&Client; 3] {
        [&self.world.admin, &self.world.controller.client, &self.world.reader.client]
    }

    fn take(&mut self) {
        let seen = self.who().map(|client| seen(client, &self.paths(), None));
        self.photographs.push((as_of::now(), seen));
    }

    /// Asked for later, each moment is as it was.
    fn hold(&self) {
        for (time, then) in &self.photographs {
            for (client, then) in self.who().into_iter().zip(then) {
                let paths: Vec<String> = then.keys().cloned().collect();
                for (path, told) in seen(client, &paths, Some(time)) {
                    assert_eq!(told, then[&path], "{path} as of {time}");
                }
            }
        }
    }
}

fn seen(client: &Client, paths: &[String], time: Option<&str>) -> Seen {
    let client = client.with("accept", "application/json, application/problem+json;q=0.5");
    let ask = |path: &String| {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = client.get(&time.map_or_else(|| path.clone(), |time| format!("{path}{sign}asOf={time}")));
        let told = if answer.status == 200 { answer.json } else { Value::Null };
        (path.clone(), (answer.status, told))
    };
    paths.iter().map(ask).collect()
}

both! {
    fn from_draft_to_the_next_years_plan(world: &World) {
        let year = Year::drafted(world);
        let (c, plan) = (&world.controller, format!("/plans/{}", year.plan));
        let mut album = Album { world, plan: year.plan.clone(), reports: Vec::new(), photographs: Vec::new() };
        album.take();
        year.decide(&year.plan);
        album.take();
        c.post(&format!("{plan}/delivery"), json!({"deliveredOn": "2024-03-15"})).expect(200);
        world.admin.with("if-none-match", "*").put("/deadlines/2024/t1", json!({"dueOn": "2024-05-17"})).expect(201);
        album.take();

        // T1: one control has deviations, and an action is born of them.
        let form = json!({"status": "performedWithDeviations", "comment": "Två av tio."});
        world.performer.with("if-match", "*").put(&format!("/controls/{}/reports/t1", year.always), form).expect(201);
        let born = json!({"name": "Laga taket", "responsibleId": world.performer.id, "fromControlId": year.always});
        c.post(&format!("/risks/{}/actions", year.risk), born).expect(201);
        album.take();
        for kind in ["t1", "interim"] {
            year.report_all(kind);
            year.close(kind).expect(200);
            let report = year.report(kind);
            album.reports.push(report.clone());
            world.head.post_current(&format!("/reports/{report}"), "/finalization", json!({})).expect(200);
            album.take();
            c.post_current(&format!("/reports/{report}"), "/decision", judged()).expect(200);
            album.take();
            // What goes on after it is the next one's to tell.
            let assess = json!({"likelihood": if kind == "t1" { 4 } else { 5 }, "consequence": 4, "reason": "Värre."});
            c.post(&format!("/risks/{}/assessments", year.risk), assess).expect(201);
        }
        let document = |report: &str| {
            c.with("accept", "application/json").get(&format!("/reports/{report}/document")).expect(200).json
        };
        let interim = document(&album.reports[1]);
        assert_eq!((&interim["since"]["kind"], &interim["since"]["version"]), (&json!("t1"), &json!(1)));

        // The year: judged, assured, decided; and the plan is closed.
        year.report_all("annual");
        let keys = ["controlEnvironment", "riskAssessment", "controlActivities", "informationCommunication", "monitoring"];
        let all = keys.map(|key| json!({"component": key, "judgement": "sufficient", "reason": "Det fungerar."}));
        c.with("if-none-match", "*").put(&format!("{plan}/self-assessments/annual"), json!({"components": all})).expect(201);
        year.close("annual").expect(200);
        let report = year.report("annual");
        album.reports.push(report.clone());
        c.patch_current(&format!("/reports/{report}"), json!({"assurance": "Nämnden försäkrar."})).expect(200);
        album.take();
        world.head.post_current(&format!("/reports/{report}"), "/finalization", json!({})).expect(200);
        c.post_current(&format!("/reports/{report}"), "/decision", judged()).expect(200);
        assert_eq!(c.get(&plan).expect(200)["status"], "closed");
        album.take();
        let annual = document(&report);
        assert_eq!(annual["selfAssessment"].as_array().map(Vec::len), Some(5));
        assert_eq!(annual["texts"]["assurance"], "Nämnden försäkrar.");
        // As the scores were when the board decided, period by period.
        let of_risk = annual["trend"]["risks"].as_array().expect("risks").iter()
            .find(|row| row["scores"] == json!([12, 16, 20])).cloned();
        assert_eq!(of_risk.map(|row| row["adopted"].clone()), Some(json!(12)), "{}", annual["trend"]["risks"]);
        let kinds: Vec<&Value> = annual["trend"]["periods"].as_array().expect("periods").iter().map(|p| &p["kind"]).collect();
        assert_eq!(kinds, ["t1", "interim", "annual"]);

        // Next year: what was, and what the region has made mandatory since.
        let old = c.get(&format!("/risks/{}", year.risk)).expect(200);
        let goal = json!({"organisationId": world.root, "year": 2025, "name": "En ekonomi i balans", "continuesId": old["goalId"]});
        let goal = world.admin.post("/goals", goal).expect(201).id();
        let before = world.admin.get("/mandatory-risks?year=2024").expect(200);
        let mut fraud = world.issued(2025, "risk", "Risk för oegentligheter", &goal);
        fraud["continuesId"] = before.items()[0]["id"].clone();
        world.admin.post("/mandatory-risks", fraud).expect(201);
        let area = world.issue(2025, "area", "Felaktiga bidragsutbetalningar", &goal);
        let next = world.carried(2025, &year.plan);
        let came = world.named(&next, "Brist på scener");
        for field in ["identityId", "reference", "likelihood", "consequence", "score"] {
            assert_eq!(came[field], old[field], "{field}");
        }
        assert_eq!((&came["previousId"], &came["confirmed"], &came["goalId"]), (&old["id"], &json!(false), &json!(goal)));
        assert_eq!(world.named(&next, "Risk för oegentligheter")["mandatory"], true);
        let missing = || {
            let checks = c.get(&format!("/plans/{next}/checks")).expect(200);
            let all = checks["missing"].as_array().expect("a list").clone();
            all.iter().map(|one| one["code"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let told = missing();
        assert_eq!(told.iter().filter(|code| *code == "assessmentUnconfirmed").count(), 2, "{told:?}");
        let unanswered = "mandatoryAreaEmpty".to_owned();
        assert!(told.contains(&unanswered), "{told:?}");
        let mut in_area = world.risk_form(&goal, "Bidrag betalas ut två gånger", (2, 3));
        in_area["areaId"] = json!(area);
        let in_area = c.post(&format!("/plans/{next}/risks"), in_area).expect(201).id();
        assert!(!missing().contains(&unanswered), "the area is answered");
        // It is confirmed that it stands as it was decided last.
        let path = format!("/risks/{}/assessments", came["id"].as_str().expect("an id"));
        c.post(&path, json!({"likelihood": 5, "consequence": 4, "reason": "Som förut."})).expect(201);
        world.complete(&next);
        c.delete_current(&format!("/risks/{in_area}")).refused(409, "lastInArea");
        let form = json!({"decidedOn": "2024-12-12", "decidingBoard": "Kulturnämnden", "paragraph": "98"});
        world.propose(&next).expect(200);
        c.post_current(&format!("/plans/{next}"), "/adoption", form).expect(200);
        let sealed = world.reader.with("accept", "application/json").get(&format!("/plans/{next}/document")).expect(200);
        assert_eq!(sealed["comparedWith"]["year"], 2024);
        let risks: Vec<&Value> = sealed["goals"].as_array().expect("goals").iter()
            .flat_map(|goal| goal["risks"].as_array().expect("risks")).collect();
        let change = |name: &str| risks.iter().find(|risk| risk["name"] == name).map(|risk| risk["change"]["kind"].clone());
        // It was assessed anew during the year; what it is held against is what the board adopted.
        assert_eq!(change("Brist på scener"), Some(json!("raised")));
        assert_eq!(change("Bidrag betalas ut två gånger"), Some(json!("new")));
        // A correction of the closed year changes nothing that was decided.
        let late = json!({"reason": "Sent.", "report": {"status": "notPerformed", "comment": "Ingen gjordes."}});
        world.performer.post(&format!("/controls/{}/reports/annual/corrections", year.annual), late).expect(201);
        assert_eq!(document(&report), annual);
        album.hold();
    }
}
