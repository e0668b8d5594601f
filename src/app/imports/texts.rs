//! Names and descriptions as they are kept of what a file says.

use riskregister_workbook::rows::Said;
use riskregister_workbook::{Place, clean};

/// The longest name, in characters; what is longer goes on in the description.
pub const NAME: usize = 500;

/// On one line, and not endless.
pub fn kept_name(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= NAME {
        return line;
    }
    let cut: String = line.chars().take(NAME - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole}…")
}

/// A name as it would be kept, for comparing.
pub fn name_of(said: &Said) -> String {
    clean::folded(&kept_name(&said.text))
}

/// What goes into a description, and where each text stands.
#[derive(Default)]
pub struct Lines {
    /// What the file describes it with.
    own: Vec<(String, Place)>,
    /// Words of other columns, each with its heading.
    rest: Vec<(String, Place)>,
}

impl Lines {
    pub fn describe(&mut self, said: &Said) {
        self.own.push((said.text.clone(), said.place.clone()));
    }

    pub fn add(&mut self, label: Option<&str>, said: &Said) {
        let text = match label {
            Some(label) => format!("{label}: {}", said.text),
            None => said.text.clone(),
        };
        self.rest.push((text, said.place.clone()));
    }

    /// The description and where it begins, where there may be one now: a file that describes nothing itself takes nothing away,
    /// and adds the words that are not there.
    pub fn beside(mut self, now: Option<&str>) -> Option<(String, Place)> {
        let place = self.own.first().or(self.rest.first()).map(|(_, place)| place.clone())?;
        let now = now.filter(|_| self.own.is_empty());
        if let Some(now) = now {
            let lines = format!("\n{now}\n");
            self.rest.retain(|(text, _)| !lines.contains(&format!("\n{text}\n")));
        }
        let texts = now.into_iter().chain(self.own.iter().chain(&self.rest).map(|(text, _)| text.as_str()));
        Some((texts.collect::<Vec<_>>().join("\n\n").trim().to_owned(), place))
    }
}
