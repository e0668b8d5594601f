//! What one snapshot has read already, so that the same thing is not asked for again. It must not know what it keeps.

use std::any::Any;
use std::collections::HashMap;

use super::types::Id;

/// So many rows at most: whoever goes through a whole register does not take it all into memory. What does not find room
/// is asked for again.
const MOST: usize = 5_000;

/// What a question is about.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::storage) enum About {
    Thing(Id),
    /// What has a hash for a name.
    Sealed(String),
    /// All that there is of a year.
    Year(i32),
    /// The register itself.
    Register,
}

impl From<Id> for About {
    fn from(id: Id) -> Self {
        Self::Thing(id)
    }
}

/// Answers by question and what the question is about.
#[derive(Default)]
pub(in crate::storage) struct Remembered {
    answers: HashMap<(&'static str, About), Box<dyn Any>>,
    rows: usize,
}

impl Remembered {
    pub fn answer<T: Clone + 'static>(&self, question: &'static str, about: impl Into<About>) -> Option<T> {
        self.answers.get(&(question, about.into()))?.downcast_ref::<T>().cloned()
    }

    pub fn knows(&self, question: &'static str, about: impl Into<About>) -> bool {
        self.answers.contains_key(&(question, about.into()))
    }

    /// Keeps an answer that has so many rows.
    pub fn keep<T: 'static>(&mut self, question: &'static str, about: impl Into<About>, rows: usize, answer: T) {
        if self.rows + rows <= MOST {
            self.rows += rows;
            self.answers.insert((question, about.into()), Box::new(answer));
        }
    }
}
