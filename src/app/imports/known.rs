//! Which risk of a plan each risk of a file is.

use std::collections::{BTreeMap, HashMap, VecDeque};

use riskregister_workbook::rows::Risk as FileRisk;
use riskregister_workbook::{Place, clean};

use super::texts::name_of;
use crate::storage::Id;
use crate::storage::records::Risk;

/// The risk of the plan that each risk of the file is: of its reference, or, where it has none, of its name. Only those that
/// were there before the file, and each once: what two rows of one name say is of two risks. And where a name
/// is that of more risks than the file has of it, so that nobody can know which is meant.
pub fn known(there: Vec<Risk>, risks: &[FileRisk]) -> (Vec<Option<Risk>>, Vec<Place>) {
    let mut ambiguous = Vec::new();
    let mut known: Vec<Option<Risk>> = vec![None; risks.len()];
    let mut left: BTreeMap<Id, Risk> = there.into_iter().map(|risk| (risk.id, risk)).collect();
    let by_reference: HashMap<String, Id> =
        left.values().map(|risk| (clean::folded(&risk.reference), risk.id)).collect();
    for (slot, risk) in known.iter_mut().zip(risks) {
        let Some(reference) = &risk.reference else { continue };
        *slot = by_reference.get(&clean::folded(&reference.text)).and_then(|id| left.remove(id));
    }
    // The ids are in the order in which they were made.
    let mut by_name: HashMap<String, VecDeque<Risk>> = HashMap::new();
    for risk in left.into_values() {
        by_name.entry(clean::folded(&risk.name)).or_default().push_back(risk);
    }
    let unnamed = |risk: &FileRisk| risk.name.as_ref().filter(|_| risk.reference.is_none()).map(name_of);
    let mut times: HashMap<String, usize> = HashMap::new();
    for name in risks.iter().filter_map(unnamed) {
        *times.entry(name).or_default() += 1;
    }
    for (slot, risk) in known.iter_mut().zip(risks) {
        let Some(name) = unnamed(risk) else { continue };
        let Some(named) = by_name.get_mut(&name) else { continue };
        let here = times.entry(name).or_default();
        if named.len() > *here {
            ambiguous.push(risk.place.clone());
        }
        *here -= 1;
        *slot = named.pop_front();
    }
    (known, ambiguous)
}
