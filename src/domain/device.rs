//! By what somebody signed in, as it says of itself: coarse on purpose, for people to know their own by.

/// The longest that is kept of a program's own name, in characters.
const LONGEST: usize = 60;

/// What each says of itself, and how people call it. The first that is there counts: most say that they are others too.
const BROWSERS: [(&str, &str); 8] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// What a `User-Agent` (RFC 9110 10.1.5) tells: `Firefox, Windows` of a browser, and of a program its first word.
pub fn device(user_agent: &str) -> Option<String> {
    let among =
        |all: &[(&str, &'static str)]| all.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name);
    match (among(&BROWSERS), among(&SYSTEMS)) {
        (Some(browser), Some(system)) => return Some(format!("{browser}, {system}")),
        (Some(browser), None) => return Some(browser.to_owned()),
        _ => {}
    }
    let first = user_agent.split(['/', ' ']).next().unwrap_or_default();
    let kept: String = first.chars().filter(|c| c.is_ascii_graphic()).take(LONGEST).collect();
    Some(kept).filter(|kept| !kept.is_empty())
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn browsers_and_programs_are_told_apart() {
        let chromium = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        for (said, told) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox, Windows"),
            (format!("Mozilla/5.0 (X11; Linux x86_64) {chromium}"), "Chrome, Linux"),
            (format!("Mozilla/5.0 (Linux; Android 10; K) {chromium}"), "Chrome, Android"),
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chromium} Edg/140.0.0.0"), "Edge, Windows"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
                    .to_owned(),
                "Safari, iPhone",
            ),
            ("curl/8.14.1".to_owned(), "curl"),
            ("python-requests/2.32.3".to_owned(), "python-requests"),
            (format!("\u{1b}[31m{}", "x".repeat(200)), &format!("[31m{}", "x".repeat(56))),
        ] {
            assert_eq!(device(&said).as_deref(), Some(told), "{said}");
        }
        for nothing in ["", " ", "/1.0", "åäö"] {
            assert_eq!(device(nothing), None, "{nothing:?}");
        }
    }
}
