//! Every kind of event, by what it is about: to choose from.

use std::collections::BTreeMap;

use super::event_text::kinds;
use crate::domain::text::by_name;
use crate::web::frame::Frame;
use crate::web::values::Choice;

/// The kinds of events about things of one sort.
pub struct Group {
    /// What they are about.
    pub heading: String,
    /// How their names begin, before the dot.
    begin: Vec<String>,
    pub kinds: Vec<Choice>,
}

/// What events whose kind begins so are about.
fn about(entity: &str) -> String {
    let key = match entity {
        "access" | "session" | "token" => "kinds-sign-in",
        "auditOpinion" => "kinds-opinions",
        "calendar" | "reminders" => "kinds-letters",
        "deadline" => "kinds-deadlines",
        "document" | "log" | "register" => "kinds-out",
        "erasure" | "text" => "erasures",
        "financialMeasures" => "measures-title",
        "selfAssessment" => "coso-title",
        "signingKey" => "kinds-keys",
        other => return format!("thing-{other}"),
    };
    key.to_owned()
}

/// All kinds, group by group, as a Swedish reader orders them.
pub fn groups(p: &Frame) -> Vec<Group> {
    let mut all: BTreeMap<String, Group> = BTreeMap::new();
    for (kind, sentence) in kinds(p) {
        let entity = kind.split('.').next().unwrap_or_default().to_owned();
        let key = about(&entity);
        let group = all.entry(key).or_insert_with_key(|key| Group {
            heading: p.say(key),
            begin: Vec::new(),
            kinds: Vec::new(),
        });
        if !group.begin.contains(&entity) {
            group.begin.push(entity);
        }
        group.kinds.push(Choice::new(kind, sentence));
    }
    let mut all: Vec<Group> = all.into_values().collect();
    all.sort_by(|a, b| by_name(&a.heading, &b.heading));
    all
}

/// The same as boxes to tick: first in each group what stands for all of it, also for what is to come; and last what is ticked
/// and that is none.
pub fn boxes(p: &Frame, ticked: &[String]) -> Vec<Choice> {
    let mut all = Vec::new();
    for Group { heading, begin, kinds } in groups(p) {
        let whole = begin.iter().map(|entity| {
            let name = format!("{entity}.*");
            Choice::new(name.clone(), p.say_with("kinds-whole", "name", name))
        });
        let within = |choice: Choice| Choice { group: heading.clone(), ..choice };
        all.extend(whole.chain(kinds).map(within));
    }
    let unknown: Vec<&String> = ticked.iter().filter(|kind| !all.iter().any(|one| one.value == **kind)).collect();
    let others = p.say("kinds-others");
    all.extend(unknown.into_iter().map(|kind| Choice { group: others.clone(), ..Choice::new(kind, kind) }));
    all
}
