//! Outcomes that are asked for and that nobody has given: who is told, on which page, in which letters, and by which operation.

use chrono::Datelike;
use riskregister::storage::Timestamp;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::smtp::Received;
use crate::kit::visitor::Page;
use crate::kit::{Client, World, both};
use crate::reminders::Posting;

/// The year before this one: all of its periods are asked for.
fn last_year() -> i32 {
    Timestamp::now().stockholm_date().year() - 1
}

/// An indicator of the region's that concerns the board, and one of the board's own for which its performer answers.
fn indicators(world: &World, year: i32) -> [String; 2] {
    let goal = world.goal(year, "Friska medarbetare");
    let form = json!({"goalId": goal, "name": "Sjukfrånvaro", "decidedBy": "council", "concerns": [world.board]});
    let regions = world.admin.post("/indicators", form).expect(201).id();
    let form = json!({"goalId": goal, "name": "Frisktal", "decidedBy": "board", "organisationId": world.board,
        "responsibleId": world.performer.id});
    [regions, world.controller.post("/indicators", form).expect(201).id()]
}

/// What somebody is asked to tell: whose, in which period, and how much.
fn owed(client: &Client) -> Vec<Value> {
    let all = client.get("/me/tasks?kind=outcomesMissing&limit=200").expect(200);
    all.items().iter().map(|one| json!([one["organisationId"], one["period"], one["count"]])).collect()
}

fn tell(client: &Client, indicator: &str, organisation: &str, periods: &[&str]) {
    let items = periods.iter().map(
        |period| json!({"indicatorId": indicator, "organisationId": organisation, "period": period, "value": "5"}),
    );
    client.post("/outcomes", json!({"items": items.collect::<Vec<_>>()})).expect(200);
}

both! {
    fn whoever_answers_for_them_is_told(world: &World) {
        let year = last_year();
        let [regions, own] = indicators(world, year);
        let of = |organisation: &str| -> Vec<Value> {
            ["t1", "interim", "annual"].iter().map(|period| json!([organisation, period, 1])).collect()
        };
        let sorted = |mut all: Vec<Value>| {
            all.sort_by_key(|one| ["t1", "interim", "annual"].iter().position(|period| one[1] == *period));
            all
        };
        assert_eq!(sorted(owed(&world.controller)), of(&world.board));
        assert_eq!(sorted(owed(&world.performer)), of(&world.board));
        assert_eq!(sorted(owed(&world.admin)), of(&world.root), "the region for itself");
        // Until it has made its report of the period.
        let made = world.admin.post("/compiled-reports", json!({"year": year, "kind": "annual"})).expect(201);
        assert_eq!(sorted(owed(&world.admin)), of(&world.root));
        world.admin.post_current(&format!("/compiled-reports/{}", made.id()), "/finalization", json!({})).expect(200);
        assert_eq!(sorted(owed(&world.admin)), of(&world.root)[..2]);
        for other in [&world.risk_owner, &world.reader, &world.head, &world.auditor] {
            assert_eq!(owed(other), Vec::<Value>::new());
        }
        // It leads to where they are told.
        let task = world.performer.get("/me/tasks?kind=outcomesMissing").expect(200).items()[0].clone();
        let page = task["page"].as_str().expect("a page");
        assert_eq!(task["detail"], "Rapportera utfallet av en indikator.");
        let visitor = world.visitor(&world.performer.id);
        assert_eq!(visitor.page("/tasks").all(&format!("a[href='{page}']")).len(), 1);
        assert_eq!(visitor.page(page).all("form#outcomes").len(), 1);
        // What is told is asked no more, and one whom it names and who has left tells nothing.
        tell(&world.performer, &own, &world.board, &["t1"]);
        tell(&world.controller, &regions, &world.board, &["t1", "interim"]);
        assert_eq!(owed(&world.controller), [json!([world.board, "annual", 1])]);
        assert_eq!(owed(&world.performer).len(), 2);
        world.admin.patch_current(&format!("/users/{}", world.performer.id), json!({"active": false})).expect(200);
        let left = [json!([world.board, "interim", 1]), json!([world.board, "annual", 2])];
        assert_eq!(sorted(owed(&world.controller)), left);
    }

    fn it_is_listed_of_whom_what_is_missing(world: &World) {
        let year = last_year();
        let [regions, own] = indicators(world, year);
        let path = format!("/missing-outcomes?year={year}&period=annual");
        let listed = |client: &Client, more: &str| -> Vec<Value> {
            let all = client.get(&format!("{path}{more}")).expect(200);
            let of = |one: &Value| json!([one["organisationId"], one["indicatorId"], one["responsibleId"]]);
            all.items().iter().map(of).collect()
        };
        let boards = [json!([world.board, regions, null]), json!([world.board, own, world.performer.id])];
        assert_eq!(listed(&world.controller, ""), boards);
        assert_eq!(listed(&world.auditor, ""), boards);
        let all = listed(&world.admin, "");
        assert_eq!((&all[0], &all[1..]), (&json!([world.root, regions, null]), &boards[..]));
        assert_eq!(listed(&world.admin, &format!("&organisationId={}", world.board)), boards);
        assert_eq!(listed(&world.admin, "&limit=1&page=2").len(), 1);
        assert_eq!(listed(&world.stranger, ""), Vec::<Value>::new());
        tell(&world.controller, &own, &world.board, &["annual"]);
        assert_eq!(listed(&world.controller, ""), boards[..1]);
        world.controller.get("/missing-outcomes?year=2024").expect(400);
    }

    fn nobody_is_asked_in_a_period_that_is_closed(world: &World) {
        let year = last_year();
        indicators(world, year);
        let plan = world.plan(year);
        let risk = world.risk(&plan, &world.goal(year, "En ekonomi i balans"), "Brist på personal", (3, 4)).id();
        let (control, action) = (world.control(&risk, "Följ frånvaron"), world.action(&risk, "Anställ"));
        world.complete(&plan);
        world.decide(&plan);
        let this = Year::of(world, &plan, &risk, &control, &control, &action);
        this.report_all("t1");
        this.close("t1").expect(200);
        let periods: Vec<Value> = owed(&world.controller).iter().map(|one| one[1].clone()).collect();
        assert_eq!(periods, [json!("interim"), json!("annual")]);
    }
}

both! {
    fn letters_that_remind_say_so(post: &Posting) {
        let year = last_year();
        let [regions, _] = indicators(post, year);
        tell(&post.controller, &regions, &post.board, &["t1", "interim", "annual"]);
        assert!(post.monday() > 0);
        let letters = post.settled();
        let to = |email: &str| letters.iter().find(|letter| letter.to.iter().any(|to| to.contains(email))).map(Received::text);
        let told = to(&post.performer.email).expect("a letter");
        assert!(told.contains(&format!("Rapportera utfallet av en indikator. Kulturnämnden, {year}, T1.")), "{told}");
        assert!(to(&post.controller.email).is_none_or(|text| !text.contains("utfallet")));
        let page = Page::of(&post.visitor(&post.performer.id).get("/tasks"));
        assert!(page.text("main").contains("Rapportera utfallet av en indikator"));
    }
}
