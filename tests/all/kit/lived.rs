//! A register with a past: what was made, changed, moved, taken away, proposed and adopted, with checkpoints between.

use serde_json::json;

use super::plans::{SECTIONS, decision};
use super::world::World;

impl World {
    /// Lives for a while: some hundreds of events, more than 256 of them in the board's log, and a checkpoint of all.
    /// Answers with the plan.
    pub fn live(&self) -> String {
        let goal = self.goal(2024, "En ekonomi i balans");
        let other = self.goal(2024, "Nöjda invånare");
        self.admin.patch_current(&format!("/goals/{other}"), json!({"name": "Nöjda besökare"})).expect(200);
        let targets = json!([{"year": 2025, "target": "<5,5%"}, {"year": 2026, "target": "<5%"}]);
        let indicator = json!({
            "goalId": goal, "name": "Andel sjukfrånvaro", "unit": "%", "comparator": "atMost", "decidedBy": "council",
            "councilTarget": "<6%", "baselineYear": 2022, "note": "Mäts per tertial.", "laterTargets": targets,
        });
        let indicator = self.admin.post("/indicators", indicator).expect(201).id();
        let text = json!({
            "organisationId": self.root, "year": 2024, "language": "sv", "key": "egen", "heading": "Rubrik",
            "text": "Så gör vi.",
        });
        let text = format!("/standing-texts/{}", self.admin.post("/standing-texts", text).expect(201).id());
        self.admin.patch_current(&text, json!({"text": "Så gör vi numera."})).expect(200);
        self.admin.delete_current(&text).expect(204);
        let words = json!({"organisationId": self.board, "year": 2031, "words": {"plan": "Tillsynsplan"}});
        let words = format!("/wordings/{}", self.controller.post("/wordings", words).expect(201).id());
        self.controller.patch_current(&words, json!({"words": {"t1": "Deluppföljning 1"}})).expect(200);
        self.controller.delete_current(&words).expect(204);
        self.issue(2024, "risk", "Risk för oegentligheter", &goal);
        self.db.make_checkpoints().expect("checkpoints can be made");

        let plan = self.plan(2024);
        let path = format!("/plans/{plan}");
        let risks: Vec<String> = (0..14)
            .map(|i| {
                let goal = if i % 3 == 0 { &other } else { &goal };
                let risk = self.risk(&plan, goal, &format!("Brist på scener {i}"), (1 + i % 5, 2 + i % 4)).id();
                let control = self.control(&risk, "Räkna scenerna");
                let action = self.action(&risk, "Bygg en scen");
                if i % 4 == 0 {
                    let followed = json!({"indicatorIds": [indicator], "frequency": "Ofta"});
                    self.controller.patch_current(&format!("/controls/{control}"), followed).expect(200);
                    let effect = json!({"startDate": "2024-02-01", "financialEffect": {"fullYear": "12.5"}});
                    self.controller.patch_current(&format!("/actions/{action}"), effect).expect(200);
                }
                risk
            })
            .collect();
        for (i, risk) in risks.iter().enumerate() {
            let assessed = format!("/risks/{risk}/assessments");
            for round in 0..14 {
                let form = json!({
                    "likelihood": 1 + (i + round) % 5, "consequence": 1 + (i * round) % 5,
                    "reason": format!("Omgång {round}"),
                });
                self.controller.post(&assessed, form).expect(201);
            }
            if i == 6 {
                self.db.make_checkpoints().expect("checkpoints can be made");
            }
        }
        let secret = json!({"provision": "18 kap. 8 § OSL", "date": "2024-01-01", "authority": "Nämnden"});
        let form = json!({"description": "Vi har få scener.", "secrecy": secret, "irregularity": true});
        self.controller.patch_current(&format!("/risks/{}", risks[1]), form).expect(200);
        self.controller.patch_current(&format!("/risks/{}", risks[2]), json!({"reference": "S-2"})).expect(200);
        self.controller.delete_current(&format!("/risks/{}", risks[13])).expect(204);
        let again = self.risk(&plan, &goal, "Ångrad risk", (1, 1)).id();
        self.controller.delete_current(&format!("/risks/{again}")).expect(204);

        // People and organisations move, come and go.
        let leaver = self.person("Lena Lämnar", &self.unit);
        let grant = self.grant(&leaver.id, json!({"role": "reader", "organisationId": self.board}));
        self.admin.with("if-match", "*").delete(&format!("/users/{}/grants/{grant}", leaver.id)).expect(204);
        self.admin.patch_current(&format!("/users/{}", leaver.id), json!({"active": false})).expect(200);
        let reader = format!("/users/{}", self.reader.id);
        self.admin.patch_current(&reader, json!({"organisationId": self.unit})).expect(200);
        let below = self.organisation(&self.other_board, "division", "Spårvägen");
        self.organisation(&below, "unit", "Verkstaden");
        let moved = json!({"parentId": self.division});
        self.admin.patch_current(&format!("/organisations/{below}"), moved).expect(200);
        let office = self.organisation(&self.board, "administration", "Kulturförvaltningen");
        self.admin.patch_current(&format!("/organisations/{below}"), json!({"parentId": office})).expect(200);
        self.organisation(&self.root, "company", "Scen AB");
        // Other systems read along and are told of things, and somebody's name is erased by two; another waits, and one is
        // taken back.
        let expires = riskregister::storage::Timestamp::now().plus_seconds(365 * 24 * 3600);
        let account = json!({
            "organisationId": self.board, "name": "Analysverktyget", "scopes": ["read"], "expiresAt": expires,
        });
        let account = self.admin.post("/service-accounts", account).expect(201).id();
        for _ in 0..2 {
            self.admin.post_nothing(&format!("/service-accounts/{account}/credentials")).expect(201);
        }
        let webhook = json!({
            "organisationId": self.board, "name": "Arkivet", "url": "https://hooks.example.org/r", "active": false,
        });
        self.admin.post("/webhooks", webhook).expect(201);
        let second = self.person_with("Anna Andra", &self.root, "regionAdministrator", &self.root);
        for (who, then) in [(&leaver, "confirmation"), (&self.stranger, ""), (&self.stranger, "withdrawal")] {
            let form = json!({"entity": "user", "entityId": who.id, "fields": ["name"], "decision": "RS 2026-1, § 4"});
            let asked = self.admin.post("/erasures", form).expect(201).id();
            if !then.is_empty() {
                let form = if then == "withdrawal" { json!({"reason": "Hon är kvar."}) } else { json!({}) };
                second.post(&format!("/erasures/{asked}/{then}"), form).expect(200);
            }
        }
        self.note_other_records(&plan, &risks[0], &indicator);
        self.as_nobody().post("/sessions", json!({"email": self.reader.email, "password": "fel"})).expect(401);
        self.db.make_checkpoints().expect("checkpoints can be made");

        self.complete(&plan);
        self.decide(&plan);
        // After the decision: somebody else's risk, a new score, a new action, and another year.
        let path_of = format!("/risks/{}", risks[0]);
        self.controller.patch_current(&path_of, json!({"ownerId": self.head.id})).expect(200);
        self.action(&risks[0], "Bygg en till");
        self.revise(&plan).expect(200);
        let section = format!("{path}/sections/{}", SECTIONS[0]);
        self.controller.put_current(&section, json!({"text": "Så arbetar nämnden nu."})).expect(200);
        self.propose(&plan).expect(200);
        let mut again = decision();
        again["paragraph"] = json!("31");
        self.controller.post_current(&path, "/adoption", again).expect(200);
        let assessed = json!({"components": [{"component": "monitoring", "judgement": "partly", "reason": "Sent."}]});
        let new = self.controller.with("if-none-match", "*");
        new.put(&format!("{path}/self-assessments/annual"), assessed).expect(201);
        let measures = json!({"measures": [{"name": "Färre inhyrda", "financialEffect": {"planYear": "0.5"}, "realisedEffect": "0.2"}]});
        new.put(&format!("{path}/financial-measures/annual"), measures).expect(201);
        self.live_on();
        plan
    }

    /// A deficiency that the plan answers, a recommendation with its dialogue, an opinion, an outcome.
    fn note_other_records(&self, plan: &str, risk: &str, indicator: &str) {
        let secrecy = json!({"provision": "18 kap. 8 § OSL", "date": "2023-11-02", "authority": "Nämnden"});
        let deficiency = json!({"organisationId": self.unit, "riskId": risk, "title": "Attest saknas",
            "severity": "serious", "foundOn": "2023-11-02", "foundBy": "Stickprov", "suspectedCrime": true,
            "secrecy": secrecy});
        let deficiency = self.risk_owner.post("/deficiencies", deficiency).expect(201).id();
        let path = format!("/deficiencies/{deficiency}");
        let told = json!({"reportedToBoardOn": "2023-11-06", "boardParagraph": "4"});
        self.controller.patch_current(&path, told).expect(200);
        self.head.post_current(&path, "/crime-handling", json!({"handling": "Polisanmält."})).expect(200);
        let new = self.controller.with("if-none-match", "*");
        new.put(&format!("/plans/{plan}/deficiencies/{deficiency}"), json!({"riskId": risk})).expect(201);
        let recommendation = json!({"organisationId": self.board, "source": "auditors", "report": "Årlig granskning",
            "year": 2023, "text": "Följ upp avtalstroheten.", "diaryNumber": "RK 2023-4"});
        let recommendation = self.auditor.post("/recommendations", recommendation).expect(201).id();
        let path = format!("/recommendations/{recommendation}");
        self.head.patch_current(&path, json!({"responsibleId": self.performer.id})).expect(200);
        self.performer.post(&format!("{path}/entries"), json!({"text": "Vi följer upp."})).expect(201);
        self.auditor.post_current(&path, "/closure", json!({"reason": "Uppföljt."})).expect(200);
        let opinion = json!({"organisationId": self.board, "year": 2023, "judgement": "partly", "report": "Årsrapport",
            "givenOn": "2024-04-01"});
        self.auditor.post("/audit-opinions", opinion).expect(201);
        let control = self.controller.get(&format!("/risks/{risk}/controls")).expect(200);
        let control = control.items().first().map(|one| format!("/controls/{}", one["id"].as_str().expect("an id")));
        for about in [format!("/plans/{plan}"), format!("/risks/{risk}")].into_iter().chain(control) {
            let form = json!({"text": "@Hedda Chef, hinner vi?", "mentionedIds": [self.risk_owner.id]});
            self.controller.post(&format!("{about}/notes"), form).expect(201);
        }
        let outcome = json!({"value": "5,8", "judgement": "atRisk", "cause": "Fler långa fall."});
        new.put(&format!("/indicators/{indicator}/outcomes/{}/t1", self.board), outcome).expect(201);
    }

    /// An ordinary day more, with a checkpoint at its end.
    pub fn live_on(&self) {
        let name = format!("Mål {}", riskregister::storage::Id::new());
        let goal = self.admin.post("/goals", json!({"organisationId": self.root, "year": 2030, "name": name}));
        let goal = format!("/goals/{}", goal.expect(201).id());
        self.admin.patch_current(&goal, json!({"name": "Ett annat mål"})).expect(200);
        self.admin.delete_current(&goal).expect(204);
        let text = json!({
            "organisationId": self.board, "year": 2031, "language": "sv", "key": "dagens", "heading": "Rubrik",
            "text": "Så gör vi.",
        });
        let text = self.controller.post("/standing-texts", text).expect(201).id();
        self.controller.delete_current(&format!("/standing-texts/{text}")).expect(204);
        let year = json!({"year": 2099, "kind": "t1"});
        let compiled = format!("/compiled-reports/{}", self.admin.post("/compiled-reports", year).expect(201).id());
        self.admin.patch_current(&compiled, json!({"introduction": "Så gick perioden."})).expect(200);
        self.admin.delete_current(&compiled).expect(204);
        self.db.make_checkpoints().expect("checkpoints can be made");
    }
}
