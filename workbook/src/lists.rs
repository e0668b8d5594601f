//! Several things in one cell: by numbers, by marks, by lines, or by semicolons, whichever comes first.

/// The marks that lines of a list begin with.
const MARKS: [char; 13] = ['•', '-', '–', '—', '*', '·', '▪', '■', '●', '○', '◦', '➢', '‣'];

/// The things that a cell lists, in their order. One that lists nothing is one.
pub(crate) fn items(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if let Some(items) = numbered(text) {
        return items;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.iter().filter(|line| marked(line).is_some()).count() > 1 {
        return by_marks(&lines);
    }
    if lines.len() > 1 {
        return lines.into_iter().map(unmarked).collect();
    }
    let one = unmarked(text);
    let parts: Vec<&str> = one.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![one.trim_end_matches(';').trim_end().to_owned()]
}

fn marked(line: &str) -> Option<&str> {
    let rest = line.strip_prefix(MARKS)?;
    let rest = rest.strip_prefix(|c: char| c.is_whitespace())?;
    Some(rest.trim_start())
}

fn unmarked(line: &str) -> String {
    marked(line).unwrap_or(line).to_owned()
}

fn by_marks(lines: &[&str]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut begun = false;
    for line in lines {
        match (marked(line), items.last_mut()) {
            (Some(item), _) => {
                begun = true;
                items.push(item.to_owned());
            }
            // A line without a mark goes on with the item before it.
            (None, Some(before)) if begun => {
                before.push(' ');
                before.push_str(line);
            }
            (None, _) => items.push((*line).to_owned()),
        }
    }
    items
}

/// `1. … 2. …`, on lines of their own or not: the numbers follow upon each other from one.
fn numbered(text: &str) -> Option<Vec<String>> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut next: u32 = 1;
    let mut fresh = true;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if fresh && let Some(length) = marker(rest, next) {
            starts.push((at, at + length));
            next += 1;
            at += length;
            continue;
        }
        let c = rest.chars().next()?;
        fresh = c.is_whitespace() || c == ';';
        at += c.len_utf8();
    }
    let (first, _) = *starts.first()?;
    if starts.len() < 2 {
        return None;
    }
    let mut items = Vec::new();
    let before = text.get(..first).unwrap_or_default().trim();
    if !before.is_empty() {
        items.push(before.to_owned());
    }
    for (n, (_, from)) in starts.iter().enumerate() {
        let to = starts.get(n + 1).map_or(text.len(), |(start, _)| *start);
        let item = text.get(*from..to).unwrap_or_default().trim().trim_end_matches(';').trim_end();
        if !item.is_empty() {
            items.push(item.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    Some(items)
}

/// How long the marker of this number is, with the space after it: `2. `, `2) `, `(2) `.
fn marker(rest: &str, number: u32) -> Option<usize> {
    let digits = number.to_string();
    let (open, inside) = match rest.strip_prefix('(') {
        Some(inside) => (1, inside),
        None => (0, rest),
    };
    let after = inside.strip_prefix(digits.as_str())?;
    let mark = after.chars().next().filter(|c| *c == ')' || (*c == '.' && open == 0))?;
    let space = after.get(mark.len_utf8()..)?.chars().next().filter(|c| c.is_whitespace())?;
    Some(open + digits.len() + mark.len_utf8() + space.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_lists_what_a_person_sees_in_it() {
        for (cell, listed) in [
            ("", vec![]),
            ("One", vec!["One"]),
            ("Control one; control two", vec!["Control one", "control two"]),
            ("First; second; third", vec!["First", "second", "third"]),
            (
                "1. First measure.\n2. Second measure, with its own text.\n3. Third.",
                vec!["First measure.", "Second measure, with its own text.", "Third."],
            ),
            ("1) a 2) b 3) c", vec!["a", "b", "c"]),
            ("(1) a (2) b", vec!["a", "b"]),
            ("Avser: 1. a 2. b", vec!["Avser:", "a", "b"]),
            ("1. ensam", vec!["1. ensam"]),
            ("Version 2. Gäller 3. kvartalet", vec!["Version 2. Gäller 3. kvartalet"]),
            ("• ett\n• två\nsom fortsätter", vec!["ett", "två som fortsätter"]),
            ("- ett\n- två", vec!["ett", "två"]),
            ("- ensam", vec!["ensam"]),
            ("Stickprov\n\nGenomgång", vec!["Stickprov", "Genomgång"]),
            ("HR-chef / Enhetschefer", vec!["HR-chef / Enhetschefer"]),
            ("2 ggr/år;", vec!["2 ggr/år"]),
            ("-5 grader", vec!["-5 grader"]),
            ("1. a; b\n2. c", vec!["a; b", "c"]),
        ] {
            assert_eq!(items(cell), listed, "{cell:?}");
        }
    }
}
