//! What was written in the place of a text before: last year's beside the field, to read or to start with, and what is new
//! since in the field's own words.

use std::time::Duration;

use askama::Template;
use similar::{ChangeTag, TextDiff};

use super::frame::Frame;
use super::values::{Html, escaped};

/// A text that was written in the place of another before: where, for people to read, and what.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub of: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "parts/earlier.html")]
pub struct EarlierTexts<'e> {
    pub p: &'e Frame,
    /// The id of the field.
    pub id: String,
    pub label: String,
    pub texts: Vec<&'e Earlier>,
    /// What stands in the field.
    pub now: String,
}

/// Longer than this nothing is compared: then what is left is told as one change.
const AT_MOST: Duration = Duration::from_millis(300);

impl EarlierTexts<'_> {
    /// The name of one of the texts in an address that starts the field with it.
    pub fn start(id: &str, n: usize) -> String {
        format!("{id}.{n}")
    }

    /// This page, with the field started with one of the texts.
    fn started(&self, n: &usize) -> String {
        let join = if self.p.here.contains('?') { '&' } else { '?' };
        format!("{}{join}start={}#{}", self.p.here, Self::start(&self.id, *n), self.id)
    }

    fn is_same(&self, one: &Earlier) -> bool {
        one.text.trim() == self.now.trim()
    }

    /// What was taken away and what was added since, word by word.
    fn changed(&self, one: &Earlier) -> Html {
        let mut stretches: Vec<(ChangeTag, String)> = Vec::new();
        let compared = TextDiff::configure().timeout(AT_MOST).diff_words(one.text.trim(), self.now.trim());
        for change in compared.iter_all_changes() {
            match stretches.last_mut() {
                Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
                _ => stretches.push((change.tag(), change.value().to_owned())),
            }
        }
        let mut html = String::new();
        for (tag, text) in stretches {
            let marked = |element: &str, key: &str| {
                // Not every screen reader tells of the element itself.
                let before = self.p.say(key);
                let end = self.p.say("earlier-end");
                format!(
                    "<{element}><span class=\"seen-not\"> ({before} </span>{}<span class=\"seen-not\"> {end}) </span></{element}>",
                    escaped(&text)
                )
            };
            html.push_str(&match tag {
                ChangeTag::Equal => escaped(&text),
                ChangeTag::Delete => marked("del", "earlier-removed"),
                ChangeTag::Insert => marked("ins", "earlier-added"),
            });
        }
        Html(html)
    }
}
