//! What actions, and measures that belong to no risk, have meant for the economy: reported period by period, summed, sealed
//! with the report, and closed with the period.

use serde_json::{Value, json};

use crate::follow_up::{Year, judged};
use crate::kit::visitor::written;
use crate::kit::{World, both};
use crate::reports::{FORMATS, document, finalize, served, words};

/// A year with an action that has a planned effect.
fn planned(world: &World) -> Year<'_> {
    let year = Year::drafted(world);
    let effect = json!({"financialEffect": {"fullYear": "12.5", "planYear": "4", "comment": "Färre vikarier."}});
    world.controller.patch_current(&format!("/actions/{}", year.action), effect).expect(200);
    year.decide(&year.plan);
    year
}

fn measures() -> Value {
    json!({"measures": [
        {"name": "Färre inhyrda konsulter", "realisedEffect": "0.4",
            "financialEffect": {"fullYear": "2", "planYear": "1.1", "nextYear": "2", "yearAfterNext": "2", "comment": "Avtalet löper ut i maj."}},
        {"name": "Gemensam lokalbank", "financialEffect": {"fullYear": "-0.5"}, "realisedEffect": null},
    ]})
}

both! {
    fn what_was_realised_is_reported_summed_and_sealed(world: &World) {
        let year = planned(world);
        let (c, new) = (&world.controller, world.controller.with("if-none-match", "*"));
        let path = format!("/plans/{}/financial-measures", year.plan);
        let status = format!("/actions/{}/reports", year.action);
        new.put(&format!("{path}/t1"), measures()).expect(201);
        let told = |amount: &str| json!({"status": "onPlan", "effect": "desired", "realisedEffect": amount});
        assert_eq!(new.put(&format!("{status}/t1"), told("1,55")).expect(422).faults(), [("/realisedEffect", "wrongFormat")]);
        let made = new.put(&format!("{status}/t1"), told("1.5")).expect(201);
        assert_eq!(made["realisedEffect"], "1.5");
        assert_eq!(c.get(&format!("{status}/t1")).expect(200)["realisedEffect"], "1.5");

        let sums = c.get(&format!("/plans/{}/financial-effects", year.plan)).expect(200);
        assert_eq!(sums["total"]["planYear"], "4.0");
        assert_eq!(sums["measures"], json!({"actions": 2, "fullYear": "1.5", "planYear": "1.1", "nextYear": "2.0", "yearAfterNext": "2.0"}));
        assert_eq!(sums["realised"], json!([{"period": "t1", "count": 2, "actions": "1.5", "measures": "0.4", "total": "1.9"}]));
        let page = world.visitor(&world.controller.id).page(&format!("/plans/{}/financial-effects", year.plan));
        let shown: Vec<String> = page.all("main tbody tr:last-child td:last-child").iter().map(|one| one.text().collect()).collect();
        assert_eq!(shown, ["2.0", "1.9"], "the measures of no risk, and what has come of it all");
        assert!(page.text("main table").contains("4.0"));

        // What is closed takes no more, and is what the report says.
        year.report_all("t1");
        year.close("t1").expect(200);
        c.put_current(&format!("{path}/t1"), json!({"measures": []})).refused(409, "periodClosed");
        c.put_current(&format!("{status}/t1"), told("9")).refused(409, "periodClosed");
        let report = year.report("t1");
        finalize(world, &report).expect(200);
        c.post_current(&format!("/reports/{report}"), "/decision", judged()).expect(200);
        let sealed = document(c, &report);
        let action = sealed["plan"]["goals"].as_array().into_iter().flatten()
            .flat_map(|goal| goal["risks"].as_array().into_iter().flatten())
            .flat_map(|risk| risk["actions"].as_array().into_iter().flatten())
            .find(|action| action["id"] == year.action.as_str()).expect("the action").clone();
        assert_eq!((&action["report"]["realisedEffect"], &action["financialEffect"]["planYear"]), (&json!(15), &json!(40)));
        assert_eq!(sealed["financialMeasures"]["writtenOf"], "t1");
        let told = &sealed["financialMeasures"]["measures"];
        assert_eq!((&told[0]["realised"], &told[0]["effect"]["planYear"], &told[1]["realised"]), (&json!(4), &json!(11), &Value::Null));
        for (media, ..) in FORMATS {
            for version in ["full", "public"] {
                let said = words(media, &served(c, &report, media, version).body);
                for part in ["Färreinhyrdakonsulter", "Gemensamlokalbank", "Avtalet"] {
                    assert!(said.contains(part), "{part} in {media}, {version}");
                }
                if media.contains("pdf") || media.contains("word") {
                    // Full year 12,5 + 2 − 0,5; the plan's year 4 + 1,1; realised 1,5 + 0,4.
                    assert!(said.contains("Summa14,05,12,02,01,9"), "{media}, {version}: {said}");
                    assert!(said.contains("Realiseradeffektärangivenför2av3åtgärder"), "{media}, {version}");
                    assert!(said.contains("Realiseradeffekthittillsiår:1,5Mnkr"), "{media}, {version}");
                }
            }
        }

        // A late truth stands beside.
        let late = json!({"report": {"status": "onPlan", "effect": "desired", "realisedEffect": "1.2"}, "reason": "En faktura kom sent."});
        c.post(&format!("{status}/t1/corrections"), late).expect(201);
        assert_eq!(c.get(&format!("{status}/t1")).expect(200)["realisedEffect"], "1.5");
    }

    /// Where a period says nothing of the measures, its report says that, and does not repeat what was realised before.
    fn a_period_that_says_nothing_says_so(world: &World) {
        let year = planned(world);
        let c = &world.controller;
        let path = format!("/plans/{}/financial-measures", year.plan);
        world.controller.with("if-none-match", "*").put(&format!("{path}/t1"), measures()).expect(201);
        for period in ["t1", "interim"] {
            year.report_all(period);
            year.close(period).expect(200);
        }
        year.decided("t1");
        let report = year.decided("interim");
        let sealed = document(c, &report);
        assert_eq!(sealed["financialMeasures"]["writtenOf"], "t1");
        assert_eq!(sealed["financialMeasures"]["measures"][0]["realised"], Value::Null);
        let said = words(FORMATS[0].0, &served(c, &report, FORMATS[0].0, "full").body);
        assert!(said.contains("Realiseradeffektärinteangivenförnågonavåtgärderna."), "{said}");
        assert!(said.contains("ärintefölj") && said.contains("BeloppenärdesomangavsförT12024."), "{said}");
        c.get(&format!("{path}/interim")).expect(404);
    }

    fn every_fault_of_the_measures_comes_at_once(world: &World) {
        let plan = world.plan(2024);
        let (path, new) = (format!("/plans/{plan}/financial-measures/t1"), world.controller.with("if-none-match", "*"));
        new.put(&path, measures()).refused(409, "planNotAdopted");
        world.complete(&plan);
        world.decide(&plan);
        let wrong = json!({"measures": [{"name": "", "realisedEffect": "1.25"}, {"financialEffect": {"planYear": "en"}}]});
        assert_eq!(new.put(&path, wrong).expect(422).faults(), [
            ("/measures/0/name", "tooShort"), ("/measures/0/realisedEffect", "wrongFormat"),
            ("/measures/1/financialEffect/planYear", "wrongFormat"), ("/measures/1/name", "required"),
        ]);
        let twice = json!({"measures": [{"name": "Ett"}, {"name": "Ett"}]});
        assert_eq!(new.put(&path, twice).expect(422).faults(), [("/measures/1/name", "duplicate")]);
        world.controller.put(&path, measures()).expect(428);
        let made = new.put(&path, measures()).expect(201);
        assert_eq!(made["writtenById"], world.controller.id);
        new.put(&path, measures()).expect(412);
        let same = world.controller.put_current(&path, measures()).expect(200);
        assert_eq!(same.header("etag"), made.header("etag"), "nothing has happened");
        world.head.put_current(&path, measures()).expect(403);
        assert_eq!(world.auditor.get(&path).expect(200).json, made.json);
    }

    fn the_page_writes_them(world: &World) {
        let year = planned(world);
        let (path, controller) = (format!("/plans/{}/financial-measures/t1", year.plan), world.visitor(&world.controller.id));
        let form = controller.page(&path).form("form#measures");
        let form = written(&written(&form, "measures/0/name", "Färre konsulter"), "measures/0/financialEffect/planYear", "1,5");
        controller.send(&path, &written(&form, "measures/0/realisedEffect", "−0,3")).expect(303);
        let made = world.controller.get(&path).expect(200);
        assert_eq!(made["measures"].as_array().map(Vec::len), Some(1), "{}", made.json);
        assert_eq!((&made["measures"][0]["financialEffect"]["planYear"], &made["measures"][0]["realisedEffect"]), (&json!("1.5"), &json!("-0.3")));
        // The next period goes on from what is planned, and says nothing of what is realised.
        let next = controller.page(&path.replace("t1", "interim"));
        assert_eq!(next.attribute("#measures-measures-0-name", "value"), "Färre konsulter");
        assert_eq!(next.attribute("#measures-measures-0-realisedEffect", "value"), "");
        assert!(next.text("main").contains("de som angavs för T1"));
        // Who only reads sees them as a table.
        let seen = world.visitor(&world.auditor.id).page(&path);
        assert!(seen.all("form#measures").is_empty() && seen.text("main table").contains("Färre konsulter"));
    }
}
