//! A line over periods or years, drawn beside a table that says the same.

use crate::web::values::{Html, escaped};

/// A point of it: how high it stands, what is written over it, and what stands below, line by line.
pub struct Point {
    pub value: f64,
    pub over: String,
    pub below: Vec<String>,
}

/// How far down from the highest to the lowest of some values each lies, from 0 to 1. What never moves lies in the middle.
fn downwards(values: impl Iterator<Item = f64> + Clone) -> impl Fn(f64) -> f64 {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    move |value| if high > low { (high - value) / (high - low) } else { 0.5 }
}

/// A small line in a row that says the same in figures; nothing where there are no two values to join.
pub fn spark(values: &[f64]) -> Html {
    const WIDTH: f64 = 80.0;
    const HEIGHT: f64 = 24.0;
    const ROUND: f64 = 4.0;
    if values.len() < 2 {
        return Html(String::new());
    }
    let down = downwards(values.iter().copied());
    let step = (WIDTH - 2.0 * ROUND) / (values.len() - 1) as f64;
    let at = |(n, value): (usize, &f64)| (ROUND + step * n as f64, ROUND + (HEIGHT - 2.0 * ROUND) * down(*value));
    let points: Vec<(f64, f64)> = values.iter().enumerate().map(at).collect();
    let drawn: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    let (x, y) = points.last().copied().unwrap_or_default();
    Html(format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" aria-hidden=\"true\" focusable=\"false\">\
         <polyline points=\"{}\"/><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/></svg>",
        drawn.join(" ")
    ))
}

/// The line, where there are two points at least. `about` says what it shows to who does not see it.
pub fn line(points: &[Point], about: &str) -> Option<Html> {
    const WIDTH: f64 = 640.0;
    const HEIGHT: f64 = 220.0;
    // Beside the line, and below it for the periods and the years.
    const SIDE: f64 = 48.0;
    const BELOW: f64 = 44.0;
    if points.len() < 2 {
        return None;
    }
    let down = downwards(points.iter().map(|point| point.value));
    let step = (WIDTH - 2.0 * SIDE) / (points.len() - 1) as f64;
    let at = |n: usize, value: f64| (SIDE + step * n as f64, 24.0 + (HEIGHT - BELOW - 40.0) * down(value));
    let mut drawn = String::new();
    let line: Vec<String> =
        points.iter().enumerate().map(|(n, point)| at(n, point.value)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    drawn.push_str(&format!("<polyline points=\"{}\"/>", line.join(" ")));
    for (n, point) in points.iter().enumerate() {
        let (x, y) = at(n, point.value);
        drawn.push_str(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
            y - 9.0,
            escaped(&point.over),
        ));
        let mut below = HEIGHT - BELOW + 18.0;
        for text in &point.below {
            drawn.push_str(&format!("<text x=\"{x:.1}\" y=\"{below:.1}\">{}</text>", escaped(text)));
            below += 18.0;
        }
    }
    let about = escaped(about);
    Some(Html(format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{about}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" focusable=\"false\">{drawn}</svg>"
    )))
}
