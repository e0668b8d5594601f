//! The register's default scale.

use riskregister_workbook::Scale;
use riskregister_workbook::scale::{Level, ScaleCell, Step};

/// Five times five, its score the product.
pub fn scale() -> Scale {
    let steps = |labels: [[&str; 2]; 5]| {
        let step = |(at, labels): (usize, [&str; 2])| Step {
            value: i32::try_from(at).expect("small") + 1,
            labels: labels.map(str::to_owned).to_vec(),
        };
        labels.into_iter().enumerate().map(step).collect()
    };
    let level = |score: i32| match score {
        ..=2 => "veryLow",
        3..=4 => "low",
        5..=9 => "medium",
        10..=12 => "high",
        _ => "veryHigh",
    };
    let cells = (1..=5).flat_map(|likelihood| {
        (1..=5).map(move |consequence| {
            let score = likelihood * consequence;
            ScaleCell { likelihood, consequence, score, level: level(score).to_owned() }
        })
    });
    let levels = [
        ("veryLow", ["mycket låg risk", "very low risk"]),
        ("low", ["låg risk", "low risk"]),
        ("medium", ["medelhög risk", "medium risk"]),
        ("high", ["hög risk", "high risk"]),
        ("veryHigh", ["mycket hög risk", "very high risk"]),
    ];
    Scale {
        likelihood: steps([
            ["Mycket låg", "Very low"],
            ["Låg", "Low"],
            ["Medel", "Medium"],
            ["Hög", "High"],
            ["Mycket hög", "Very high"],
        ]),
        consequence: steps([
            ["Begränsad (marginell)", "Limited"],
            ["Mindre (lindrig, uppfattas som liten)", "Minor"],
            ["Signifikant (kännbar, uppfattas som besvärande)", "Significant"],
            ["Kritisk (allvarlig, får helst inte inträffa)", "Critical"],
            ["Katastrofal (mycket allvarlig, får inte inträffa)", "Catastrophic"],
        ]),
        cells: cells.collect(),
        levels: levels
            .map(|(key, labels)| Level { key: key.to_owned(), labels: labels.map(str::to_owned).to_vec() })
            .to_vec(),
        year: None,
    }
}
