//! Lists of controls and of actions over plans: by how they stand, whose they are, and where; over the API and as pages.

use serde_json::json;

use crate::follow_up::Year;
use crate::kit::visitor::{Page, Visitor};
use crate::kit::{Client, World, both};

fn ids(client: &Client, path: &str) -> Vec<String> {
    let answer = client.get(path).expect(200);
    assert_eq!(answer["total"], answer.items().len(), "{path}");
    let mut ids: Vec<String> = answer.column("id").into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}

/// The names that a list shows.
fn names(visitor: &Visitor, path: &str) -> Vec<String> {
    visitor.page(path).all("tbody th[scope=row] a").iter().map(|one| one.text().collect()).collect()
}

fn sorted(ids: &[&String]) -> Vec<String> {
    let mut all: Vec<String> = ids.iter().map(|id| (*id).clone()).collect();
    all.sort();
    all
}

both! {
    fn they_are_chosen_by_how_they_stand(world: &World) {
        let year = Year::adopted(world);
        let asked = |query: &str| ids(&world.controller, &format!("/controls?riskId={}&{query}", year.risk));
        let actions = |query: &str| ids(&world.controller, &format!("/actions?riskId={}&{query}", year.risk));
        let (both, neither) = (sorted(&[&year.always, &year.annual]), sorted(&[]));
        let (always, annual, action) = (sorted(&[&year.always]), sorted(&[&year.annual]), sorted(&[&year.action]));
        assert_eq!(asked(""), both);
        // What is not due has its dash, and lacks nothing.
        assert_eq!((asked("period=t1&reported=false"), asked("period=t1&status=notPlanned")), (always.clone(), annual.clone()));
        assert_eq!(asked("period=annual&reported=false"), both);
        // The first open period, where none is named.
        assert_eq!(asked("reported=false"), always);
        let form = json!({"status": "performedWithDeviations", "comment": "Två av trettio saknade attest."});
        let path = format!("/controls/{}/reports/t1", year.always);
        world.performer.with("if-none-match", "*").put(&path, form).expect(201);
        assert_eq!(asked("status=performedWithDeviations"), always);
        assert_eq!((asked("status=performed"), asked("reported=false"), asked("reported=true")), (neither.clone(), neither.clone(), always.clone()));
        assert_eq!(asked("period=interim&status=performedWithDeviations"), neither);

        // Late by its own end; a control, and a status of an action, by the last day to report.
        assert_eq!((asked("late=true"), asked("late=false")), (neither.clone(), both.clone()));
        assert_eq!((actions("late=true"), actions("late=false")), (action.clone(), neither.clone()));
        let done = json!({"status": "onPlan", "effect": "desired", "completedOn": "2024-04-26"});
        let path = format!("/actions/{}/reports/t1", year.action);
        world.performer.with("if-none-match", "*").put(&path, done).expect(201);
        assert_eq!((actions("late=true"), actions("late=false")), (neither.clone(), action));
        world.admin.with("if-none-match", "*").put("/deadlines/2024/annual", json!({"dueOn": "2025-01-15"})).expect(201);
        assert_eq!((asked("late=true"), asked("late=false")), (both, neither.clone()));
        // The list is cut when it has been chosen from, and put in the order that is asked for.
        let page = world.controller.get(&format!("/controls?riskId={}&late=true&sort=-name&limit=1&page=2", year.risk)).expect(200);
        assert_eq!((page["total"].as_i64(), page.column("id")), (Some(2), vec![year.always.as_str()]));

        // Of a draft nothing is said.
        let risk = world.risk(&world.plan(2025), &world.goal(2025, "Mål"), "Brist på publik", (3, 4)).id();
        let control = world.control(&risk, "Räkna publiken");
        let of = |query: &str| ids(&world.controller, &format!("/controls?riskId={risk}&{query}"));
        assert_eq!((of(""), of("late=false"), of("reported=false")), (vec![control.clone()], vec![control], neither));
        world.controller.get("/controls?status=onPlan").expect(400);
        world.controller.get("/actions?status=performed").expect(400);
    }

    fn how_they_stand_is_told_to_who_may_see_it(world: &World) {
        let year = Year::adopted(world);
        let query = "/controls?year=2024&reported=false&period=t1";
        assert_eq!(ids(&world.performer, query), sorted(&[&year.always]));
        // A reader sees the adopted plan, and what is reported when the board has decided on it.
        assert!(!ids(&world.reader, "/controls?year=2024").is_empty());
        assert!(ids(&world.reader, query).is_empty());
        assert!(ids(&world.stranger, "/controls?year=2024&late=false").is_empty());
        let (reader, performer) = (world.visitor(&world.reader.id), world.visitor(&world.performer.id));
        let cells = |visitor: &Visitor| -> Vec<String> {
            let page = visitor.page("/controls?year=2024&period=t1");
            page.all("td[data-label=Status]").iter().map(|one| one.text().collect::<String>().trim().to_owned()).collect()
        };
        assert!(cells(&reader).iter().all(|cell| cell == "–"), "{:?}", cells(&reader));
        assert!(cells(&performer).iter().any(|cell| cell.starts_with("Rapport saknas")), "{:?}", cells(&performer));
    }

    fn they_are_pages(world: &World) {
        let year = Year::adopted(world);
        let controller = world.visitor(&world.controller.id);
        assert_eq!(names(&controller, &format!("/actions?year=2024&responsibleId={}", world.performer.id)), ["Bygg en scen"]);
        let late = controller.page("/actions?year=2024&late=true");
        assert_eq!(late.text("tbody tr:first-child .tag"), "Försenad");
        assert_eq!(late.attribute("tbody td[data-label=Risk] a", "href"), format!("/risks/{}", year.risk));
        let mine = names(&world.visitor(&world.performer.id), &format!("/controls?responsibleId={}&sort=name", world.performer.id));
        assert_eq!(mine, ["Löpande stickprov", "Stickprov", "Årsavstämning"]);
        assert_eq!(names(&controller, "/controls?q=ÅRSAV"), ["Årsavstämning"]);
        assert!(names(&controller, "/controls?year=2031").is_empty());
        // From the list of risks to theirs, with the year and the body that it was about.
        let there = format!("?year=2024&organisationId={}", world.board);
        let risks = controller.page(&format!("/risks{there}"));
        let to: Vec<&str> = risks.all("nav.acts a").iter().filter_map(|one| one.attr("href")).collect();
        assert_eq!(to, [format!("/risks{there}"), format!("/controls{there}"), format!("/actions{there}")]);
        assert_eq!(risks.text("nav.acts a[aria-current=page]"), "Risker");
        for at in to {
            controller.get(at).expect(200);
        }
        // Who may be chosen among those responsible is told of what the list shows alone.
        let people = |page: Page| -> Vec<String> {
            page.all("select[name=responsibleId] option").iter().map(|one| one.text().collect()).collect()
        };
        let performer = world.controller.get(&format!("/users/{}", world.performer.id)).expect(200).text("name");
        assert!(people(controller.page("/controls?year=2024")).contains(&performer));
        assert_eq!(people(world.visitor(&world.stranger.id).page("/controls?year=2024")), ["Alla"]);
    }
}
