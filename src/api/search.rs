//! `/search`.

use crate::app::search::{self, Found, Kind};
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};

const TAG: &str = "Search";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/search",
            "search",
            TAG,
            ("Sök i registret", "Search the register"),
            "Whatever the caller may see whose texts and references hold each word of what is searched for, kind by kind, what was \
             changed last first: plans and reports (by what they are called, the body, the year and the period), risks, controls, \
             actions, goals, indicators, deficiencies, recommendations and people. Without regard to case, å, ä and ö too.",
            Run::read(|r, caller, call| {
                let q: String = call.q("q").unwrap_or_default();
                Answer::view(&search::find(r, caller, &q, call.q("kind"), &call.listing())?)
            }),
        )
        .timed()
        .query("q", ParameterKind::Text { most: 200 }, "The words, parted by blanks. Without any, nothing is found.")
        .query(
            "kind",
            ParameterKind::Word("SearchKind", Kind::ALL.iter().map(|kind| kind.as_str()).collect()),
            "Those of this kind alone.",
        )
        .query("page", ParameterKind::Integer { least: 1, most: 1_000_000 }, "Which page of each kind, from 1.")
        .query("limit", ParameterKind::Integer { least: 1, most: 200 }, "How many of each kind; 20 when not given.")
        .computes::<Found>("What was found."),
    ]
}
