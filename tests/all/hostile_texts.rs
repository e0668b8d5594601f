//! Whatever people write is text on every page: each page with hostile texts is, element by element, the page with harmless
//! ones, but for the words.

use std::collections::{BTreeMap, BTreeSet};

use riskregister::storage::Address;
use scraper::ElementRef;
use scraper::node::Node;
use serde_json::{Value, json};

use crate::follow_up::Year;
use crate::kit::visitor::{Page, Visitor, written};
use crate::kit::{Client, World, both, walks};

/// What stands in every field before: a word that no page has by itself.
const HARMLESS: &str = "Oförargligt";

/// Texts that mean something to some program on the way.
fn hostile() -> Vec<String> {
    let mut all: Vec<String> = [
        // Elements, whole and in pieces.
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<body onload=alert(1)>",
        "<iframe src=javascript:alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<object data=data:text/html,x>",
        "<embed src=x>",
        "<link rel=stylesheet href=//evil.example>",
        "<style>*{display:none}</style>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "<base href=//evil.example/>",
        "<form action=//evil.example><input>",
        "<button form=risk formaction=//evil.example>x</button>",
        "<input autofocus onfocus=alert(1)>",
        "<details open ontoggle=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "<marquee onstart=alert(1)>",
        "<video><source onerror=alert(1)></video>",
        "<math><mtext></p><script>alert(1)</script>",
        "<template><script>alert(1)</script></template>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<plaintext>",
        "<xmp><script>alert(1)</script></xmp>",
        "<listing>&lt;img src=x&gt;",
        "<frameset><frame src=x>",
        "<table><tr><td>",
        "<!-- ",
        "-->",
        "--!><script>alert(1)</script>",
        "<![CDATA[x]]>",
        "<?php echo 1 ?>",
        "<?xml version=\"1.0\"?>",
        "<!DOCTYPE html>",
        "<",
        ">",
        "</",
        "/>",
        "<>",
        "< script>",
        "<\u{a0}script>",
        "</p></div></main></body></html>",
        "<b",
        "<b>bold",
        "</b>",
        // The elements that texts stand in.
        "</textarea><script>alert(1)</script>",
        "</TEXTAREA >x",
        "</title><script>alert(1)</script>",
        "</option></select><b>x</b>",
        "</td></tr></table><b>x</b>",
        "</dd></dl><b>x</b>",
        "</li></ul><b>x</b>",
        "</a></h1><b>x</b>",
        "</span></p><b>x</b>",
        "</summary></details>",
        "</form><form action=//evil.example>",
        "</legend></fieldset>",
        "</style>",
        "</script>",
        "</svg><b>x</b>",
        // Out of attributes.
        "\"><script>alert(1)</script>",
        "'><script>alert(1)</script>",
        "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)",
        "\" autofocus onfocus=alert(1) x=\"",
        "` onmouseover=alert(1)",
        "x\" style=\"position:fixed",
        "\"",
        "'",
        "`",
        "\"\"\"",
        "'''",
        "\\\"",
        "\\'",
        "\"\\",
        "=",
        "x=y",
        "\"/>",
        "'/>",
        // Entities, once, twice and broken.
        "&amp;",
        "&amp;amp;",
        "&amp;amp;amp;lt;",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;",
        "&#x3c;script&#x3e;",
        "&#0000060",
        "&lt",
        "&quot;&#39;&apos;",
        "&",
        "&&",
        "&;",
        "&#;",
        "&#x;",
        "&#0;",
        "&nbsp;",
        "&notit;",
        "&ampere",
        "&zwj;",
        "&#1234567890;",
        "AT&T",
        "a & b < c > d",
        // Templates of several engines.
        "{{ 7*7 }}",
        "{{",
        "}}",
        "{% raw %}",
        "{% endblock %}",
        "{# #}",
        "{{ p.csrf }}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{{constructor.constructor('alert(1)')()}}",
        "[[${7*7}]]",
        "@(1+1)",
        "%{7*7}",
        "{{{x}}}",
        "*{7*7}",
        "$!{x}",
        "{$x}",
        "{ $count }",
        "{ $count -> [one] x *[other] y }",
        "{\"x\"}",
        "-term = x",
        "\\{",
        "{}",
        "{0}",
        "%s%n%x",
        "%(x)s",
        // Scripts as addresses.
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\u{ad}script:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "//evil.example",
        "https://evil.example/?a=b&c=d#e",
        "\\\\evil.example\\x",
        "mailto:x@example.org?bcc=y",
        // What databases and shells read.
        "'; DROP TABLE risks; --",
        "' OR '1'='1",
        "\" OR \"\"=\"",
        "1; SELECT pg_sleep(9)",
        "x' UNION SELECT 1 --",
        "%",
        "_",
        "100 %_\\",
        "$$x$$",
        "$1",
        "?",
        ":x",
        "/* x */",
        "-- x",
        "\\x00",
        "\\u0000",
        "`id`",
        "$(id)",
        "; rm -rf ~",
        "| x",
        "&& x",
        "../../etc/passwd",
        "..\\..\\x",
        "file:///etc/passwd",
        "C:\\x",
        // What spreadsheets read.
        "=1+1",
        "=HYPERLINK(\"//evil.example\")",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "=cmd|' /C calc'!A0",
        ";=1",
        "x,y;z",
        "\"x\",\"y\"",
        // Nothing, as programs write it.
        "null",
        "NULL",
        "nil",
        "None",
        "undefined",
        "NaN",
        "true",
        "false",
        "0",
        "-0",
        "1e309",
        "[]",
        "{\"a\":1}",
        "[object Object]",
        "Infinity",
        "0x1",
        "–",
        "-",
        ".",
        "N/A",
        "test",
        // Signs that are not what they look like, or are not seen.
        "\u{202e}txet desrever",
        "\u{202d}x\u{202c}",
        "\u{2066}x\u{2069}",
        "\u{200f}שלום\u{200e}",
        "مرحبا",
        "a\u{200b}b\u{200c}c\u{200d}d",
        "\u{feff}x",
        "x\u{2060}y",
        "soft\u{ad}hyphen",
        "z\u{351}\u{36b}\u{343}a\u{30a}\u{308}l\u{35c}g\u{361}o",
        "a\u{30a}a\u{308}o\u{308}",
        "ﬁ ﬂ ﬃ",
        "Ｆｕｌｌｗｉｄｔｈ ＜script＞",
        "‹script›",
        "＂＇",
        "ſcript",
        "İıſK",
        "ẞß",
        "\u{e000}x",
        "\u{fffd}",
        "\u{fdd0}x",
        "\u{10ffff}x",
        "😀",
        "👩‍👩‍👧‍👦",
        "🇸🇪",
        "🏳️‍🌈",
        "👍🏽",
        "å\u{20dd}",
        "𝕳𝖊𝖏",
        "𠜎𠜱",
        "漢字",
        "ไทย",
        "ᚱᛁᛋᚴ",
        "½ × 2 = 1",
        "a\u{a0}b",
        "x\u{3000}y",
        "«»„”’",
        "…",
        "\\n",
        "\\r\\n",
        "%0d%0aset-cookie:x=y",
        "%3Cscript%3E",
        "+ADw-script+AD4-",
        // What pages write themselves.
        "id=\"content\"",
        "#content",
        "_csrf",
        "_act=signOut",
        "__Host-session=x",
        "class=\"c-red\"",
        "riskregister",
        "aria-hidden",
        "&laquo;",
        "http-equiv",
    ]
    .map(str::to_owned)
    .into();
    all.extend([
        "å".repeat(490),
        "W".repeat(490),
        "<".repeat(480),
        "&".repeat(400),
        "\"'".repeat(200),
        "<b>".repeat(160),
        "😀".repeat(300),
        "a\u{301}".repeat(200),
        "&amp;".repeat(90),
        "{{".repeat(200),
        "ord ".repeat(120).trim().to_owned(),
        format!("{}.example/{}", "x".repeat(200), "y/".repeat(100)),
    ]);
    // The register keeps no space around a text.
    all.iter().map(|text| text.trim().to_owned()).collect()
}

/// Many texts in one, as long as a name may be.
fn bundled(texts: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        match all.last_mut() {
            Some(last) if last.chars().count() + text.chars().count() < 485 => {
                last.push(' ');
                last.push_str(text);
            }
            _ => all.push(text.clone()),
        }
    }
    all
}

/// As much of a text as a short field holds.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect::<String>().trim().to_owned()
}

/// Where a page shows the content of a document, laid out as documents lay texts out: with their own lines and lists, and
/// without what only steers.
const READ: &str = ".read, .noted, nav.contents";

/// A page as a list of its elements with their attributes, and its texts between; but for what it shows of a document, of
/// which [`hold_read`] asks.
fn flat(page: &Page) -> Vec<Piece> {
    let mut all = Vec::new();
    let read: BTreeSet<_> = page.all(READ).iter().map(|one| one.id()).collect();
    for node in page.html.tree.root().descendants() {
        if std::iter::once(node).chain(node.ancestors()).any(|one| read.contains(&one.id())) {
            continue;
        }
        match node.value() {
            Node::Element(element) => {
                let attributes = element.attrs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                all.push(Piece::Element(element.name().to_owned(), attributes));
            }
            Node::Text(text) => all.push(Piece::Text(text.to_string())),
            Node::Comment(comment) => panic!("{}: a comment: {}", page.asked, &**comment),
            _ => {}
        }
    }
    all
}

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Element(String, BTreeMap<String, String>),
    Text(String),
}

/// Fails unless a page is the harmless one with other words in the places of the harmless ones. Answers in how many
/// places those stand.
#[track_caller]
fn hold_alike(asked: &str, harmless: &[Piece], found: &[Piece], hostile: &str) -> usize {
    let mut places = 0;
    for (n, (before, now)) in harmless.iter().zip(found).enumerate() {
        match (before, now) {
            (Piece::Text(before), Piece::Text(now)) => {
                places += usize::from(before.contains(HARMLESS));
                hold_text(&format!("{asked}, at {n}, after {:?}", harmless.get(n - 1)), before, now, hostile);
            }
            (Piece::Element(one, before), Piece::Element(other, now)) => {
                let names = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<Vec<_>>();
                assert_eq!((one, names(before)), (other, names(now)), "{asked}, at {n}");
                let changing = before.get("name").is_some_and(|name| matches!(name.as_str(), "_key" | "_etag"));
                for (name, value) in before {
                    if changing && name == "value" {
                        continue;
                    }
                    places += usize::from(value.contains(HARMLESS));
                    hold_text(&format!("{asked}, at {n}: {name} of {one}"), value, &now[name], hostile);
                }
            }
            (before, now) => panic!("{asked}, at {n}: {now:?} is not {before:?} (with {hostile})"),
        }
    }
    assert_eq!(harmless.len(), found.len(), "{asked} with {hostile}: {:?}", found.get(harmless.len()));
    places
}

/// Fails unless a text is text where a page shows the content of a document, and leads nowhere: nothing stands there but what
/// the page is made of, and every sign that one can see of it.
#[track_caller]
fn hold_read(page: &Page, hostile: &str) {
    let ours = [
        "class",
        "id",
        "href",
        "lang",
        "scope",
        "colspan",
        "tabindex",
        "role",
        "aria-label",
        "aria-labelledby",
        "data-label",
    ];
    for element in page.all(".read *, .noted *, nav.contents *") {
        assert!(OURS.contains(&element.value().name()), "{}: {}", page.asked, element.html());
        for (name, value) in
            element.value().attrs().filter(|_| element.value().name() != "svg" && element.value().name() != "rect")
        {
            assert!(ours.contains(&name) || name == "aria-hidden", "{}: {}", page.asked, element.html());
            assert!(name != "href" || value.starts_with(['/', '#']), "{}: {}", page.asked, element.html());
        }
    }
    let signs = |text: &str| text.chars().filter(char::is_ascii_graphic).collect::<String>();
    let shown = signs(&page.text(".read"));
    assert!(shown.contains(&signs(hostile)), "{} does not show {hostile:?}: {shown}", page.asked);
}

/// Fails unless a text is the harmless one with the hostile one, or as much of it as the field holds, in its place.
#[track_caller]
fn hold_text(place: &str, before: &str, now: &str, hostile: &str) {
    let alike = [usize::MAX, 50, 100, 200].iter().any(|most| now == before.replace(HARMLESS, &cut(hostile, *most)));
    assert!(alike, "{place}: {now:?} is not {before:?} with {hostile:?}");
}

/// Where a text can be written again and again.
struct Fields<'w> {
    year: Year<'w>,
    goal: String,
    account: String,
    policy: String,
}

impl Fields<'_> {
    /// Writes the same text into every field.
    fn write(&self, text: &str) {
        let (year, c): (&Year, &Client) = (&self.year, &self.year.controller.client);
        let risk = json!({"name": text, "description": text, "localGoal": text, "justification": text,
            "secrecy": {"provision": cut(text, 200), "date": "2024-01-01", "authority": text}});
        let path = format!("/risks/{}", year.risk);
        c.patch_current(&path, risk).expect(200);
        put(c, &format!("{path}/inclusion"), json!({"reason": text}));
        let control = json!({"name": text, "description": text, "frequency": text});
        c.patch_current(&format!("/controls/{}", year.always), control).expect(200);
        let action = json!({"name": text, "description": text, "endDateReason": text, "financialEffect": {"fullYear": "1.5", "comment": text}});
        c.patch_current(&format!("/actions/{}", year.action), action).expect(200);
        put(c, &format!("/plans/{}/sections/background", year.plan), json!({"text": text}));
        c.patch_current(&format!("/plans/{}", year.plan), json!({"diaryNumbers": [cut(text, 100)]})).expect(200);
        put(
            &year.performer,
            &format!("/controls/{}/reports/t1", year.always),
            json!({"status": "notPerformed", "comment": text, "references": [{"title": text, "note": text}],
                "secrecy": {"provision": cut(text, 200), "date": "2024-01-01", "authority": text}}),
        );
        put(
            &year.performer,
            &format!("/actions/{}/reports/t1", year.action),
            json!({"status": "offPlan", "comment": text}),
        );
        let measure = json!({"name": text, "financialEffect": {"fullYear": "1.5", "comment": text}});
        put(c, &format!("/plans/{}/financial-measures/t1", year.plan), json!({"measures": [measure]}));
        // Where lists are in the order of names, the order stays.
        let admin = &year.admin;
        admin
            .patch_current(&format!("/users/{}", self.account), json!({"name": format!("Carl {}", cut(text, 100))}))
            .expect(200);
        admin.patch_current(&format!("/scoring-policies/{}", self.policy), json!({"name": cut(text, 200)})).expect(200);
        let after = |first: &str| json!({"name": format!("{first} {}", cut(text, 200))});
        admin.patch_current(&format!("/organisations/{}", year.board), after("Kulturnämnden")).expect(200);
        admin.patch_current(&format!("/goals/{}", self.goal), after("Mål")).expect(200);
    }

    fn pages(&self) -> Vec<String> {
        let year = &self.year;
        let (plan, risk) = (&year.plan, &year.risk);
        [
            format!("/risks/{risk}"),
            format!("/risks/{risk}/edit"),
            format!("/controls/{}", year.always),
            format!("/actions/{}", year.action),
            format!("/risks/{risk}/controls/new"),
            format!("/risks/{risk}/actions/new"),
            format!("/plans/{plan}"),
            format!("/plans/{plan}/sections/background"),
            format!("/plans/{plan}/financial-measures/t1"),
            format!("/plans/{plan}/risks/new"),
            format!("/plans/{plan}/comparison"),
            "/plans".into(),
            "/risks?year=2024".into(),
            format!("/matrix?planId={plan}"),
            "/account".into(),
            "/organisations".into(),
            format!("/organisations/{}", year.board),
            format!("/policies/{}", self.policy),
            format!("/policies/{}/versions/2", self.policy),
            format!("/policies/{}/versions/new", self.policy),
        ]
        .into()
    }
}

/// PUT of what may be there already.
fn put(client: &Client, path: &str, form: Value) {
    if client.with("if-none-match", "*").put(path, form.clone()).status != 201 {
        client.put_current(path, form).expect(200);
    }
}

/// The region's scale, with a second version that has another limit.
fn tried_scale(world: &World, limit: i32) -> String {
    let policies = world.admin.get("/scoring-policies").expect(200);
    let policy = policies.items()[0]["id"].as_str().expect("an id").to_owned();
    let versions = format!("/scoring-policies/{policy}/versions");
    let mut definition = world.admin.get(&format!("{versions}/1")).expect(200)["definition"].clone();
    definition["threshold"] = limit.into();
    world.admin.post(&versions, json!({"definition": definition})).expect(201);
    policy
}

/// The elements that pages are made of.
const OURS: &[&str] = &[
    "a", "button", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "h4", "input",
    "label", "legend", "li", "main", "nav", "ol", "optgroup", "option", "p", "path", "rect", "circle", "section",
    "select", "small", "span", "strong", "summary", "svg", "table", "tbody", "td", "textarea", "th", "thead", "tr",
    "ul", "br", "code", "pre", "time",
];

/// Fails unless a page has these texts as they are, and nothing that one of ours has not.
#[track_caller]
fn hold_shown(page: &Page, texts: &[&str]) {
    let shown = page.text("main");
    for text in texts {
        assert!(shown.contains(*text), "{} does not show {text:?}", page.asked);
    }
    for element in page.all("main, main *") {
        assert!(OURS.contains(&element.value().name()), "{}: {}", page.asked, element.html());
        let foreign =
            element.value().attrs().find(|(name, _)| name.starts_with("on") || *name == "style" || *name == "srcdoc");
        assert!(foreign.is_none(), "{}: {}", page.asked, element.html());
    }
    let led = page.all("main a[href], main form[action]");
    let to = led.iter().filter_map(|one| one.attr("href").or(one.attr("action")));
    for to in to {
        assert!(to.starts_with(['/', '#']), "{} leads to {to}", page.asked);
    }
}

fn seen(visitor: &Visitor, path: &str) -> Vec<Piece> {
    flat(&visitor.page(path))
}

walks! {
    fn what_is_written_is_text_on_every_page(world: &World) {
        let year = Year::adopted(world);
        world.revise(&year.plan).expect(200);
        let goal = world.controller.get("/goals?year=2024").expect(200).items()[0]["id"].as_str().expect("an id").to_owned();
        let policy = tried_scale(world, 20);
        let fields = Fields { goal, account: world.controller.id.clone(), policy, year };
        fields.write(HARMLESS);
        let (visitor, performer) = (world.visitor(&world.controller.id), world.visitor(&world.performer.id));
        let pages = fields.pages();
        let read = || -> Vec<(String, Vec<Piece>)> {
            let mut all: Vec<_> = pages.iter().map(|path| (path.clone(), seen(&visitor, path))).collect();
            all.push(("/tasks".into(), seen(&performer, "/tasks")));
            all
        };
        let harmless = read();
        let texts = hostile();
        assert!(texts.len() >= 200, "{}", texts.len());
        // All of them, many in one text; and every eighth alone, with nothing before and after it.
        let mut all = bundled(&texts);
        all.extend(texts.into_iter().step_by(8));
        // What each database keeps is the same, and what it is that renders it too: one of the two is asked for all.
        let each = if matches!(world.config.database, Address::Sqlite(_)) { 1 } else { 6 };
        for (n, text) in all.iter().enumerate().step_by(each) {
            fields.write(text);
            hold_read(&visitor.page(&format!("/plans/{}", fields.year.plan)), text);
            let mut places = 0;
            for ((path, before), (_, now)) in harmless.iter().zip(read()) {
                let shown = hold_alike(path, before, &now, text);
                assert!(n > 0 || shown > 0, "{path} shows nothing of what people write");
                places += shown;
            }
            assert!(places > 60, "{places}");
        }
    }

    fn reasons_that_are_only_ever_added_are_text_too(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        world.complete(&plan);
        let visitor = world.visitor(&world.controller.id);
        let texts = bundled(&hostile());
        let each = if matches!(world.config.database, Address::Sqlite(_)) { 1 } else { 6 };
        let texts: Vec<&String> = texts.iter().step_by(each).collect();

        // An assessment a text: each is an item of one list, made of the same elements.
        let assess = |reason: &str| {
            let form = json!({"likelihood": 3, "consequence": 4, "reason": reason});
            world.controller.post(&format!("/risks/{risk}/assessments"), form).expect(201);
        };
        assess(HARMLESS);
        texts.iter().for_each(|text| assess(text));
        let page = visitor.page(&format!("/risks/{risk}"));
        let items = page.all("#assessment ~ ul.plain > li");
        assert_eq!(items.len(), texts.len() + 2, "the newest first, and the first of all without a reason");
        let parts = |item: &ElementRef| -> Vec<String> {
            item.descendent_elements().map(|e| format!("{} {:?}", e.value().name(), e.value().attrs().map(|(name, _)| name).collect::<Vec<_>>())).collect()
        };
        let harmless = parts(&items[texts.len()]);
        for (item, text) in items.iter().zip(texts.iter().rev()) {
            assert_eq!(parts(item), harmless, "{text}");
            let shown: String = item.descendent_elements().filter(|e| e.attr("class") == Some("text")).flat_map(|e| e.text()).collect();
            assert_eq!(shown, **text);
        }

        // A plan that is sent back with each.
        let path = format!("/plans/{plan}");
        let send_back = |reason: &str| {
            world.propose(&plan).expect(200);
            world.controller.post_current(&path, "/return", json!({"reason": reason})).expect(200);
            seen(&visitor, &path)
        };
        let harmless = send_back(HARMLESS);
        for text in &texts {
            assert_eq!(hold_alike(&path, &harmless, &send_back(text), text), 1);
        }
    }
}

both! {
    fn a_scale_that_is_tried_is_text_too(world: &World) {
        world.plan(2025);
        let path = format!("/policies/{}/versions/new", tried_scale(world, 9));
        let visitor = world.visitor(&world.admin_id);
        let form = visitor.page(&path).form("form#version");
        let long = ["likelihoods/0/description", "consequences/4/description", "levels/2/demand"];
        let short = ["likelihoods/0/label", "consequences/4/label", "levels/2/label"];
        let tried = |text: &str| {
            let form = long.iter().fold(form.clone(), |form, name| written(&form, &format!("definition/{name}"), text));
            let label = cut(text, 100);
            let form = short.iter().fold(form, |form, name| written(&form, &format!("definition/{name}"), &label));
            flat(&Page::of(&visitor.send(&path, &form).expect(200)))
        };
        let harmless = tried(HARMLESS);
        let texts = bundled(&hostile());
        let each = if matches!(world.config.database, Address::Sqlite(_)) { 1 } else { 6 };
        for text in texts.iter().step_by(each) {
            // In the picture of the scale, in the form, and in the fields that keep what was tried.
            assert!(hold_alike(&path, &harmless, &tried(text), text) > 30);
        }
    }

    /// No name can have such a line break, but a text can.
    fn line_breaks_of_all_kinds_are_text(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let risk = world.risk(&world.plan(2025), &goal, "Brist på scener", (3, 4)).id();
        let path = format!("/risks/{risk}");
        let text = "x\u{2028}y\u{2029}z";
        world.controller.patch_current(&path, json!({"description": text})).expect(200);
        hold_shown(&world.visitor(&world.controller.id).page(&path), &[text]);
        world.controller.patch_current(&path, json!({"name": text})).refused(422, "wrongFormat");
    }

    /// Bullets are a list, whoever's they are; what stands around them is as it was written.
    fn a_list_is_a_list_on_pages_too(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let risk = world.risk(&world.plan(2025), &goal, "Brist på scener", (3, 4)).id();
        let path = format!("/risks/{risk}");
        let text = "Vi ska\n- räkna <b>allt</b>\n\u{f0b7}\tväga\noch sedan\nvila.";
        world.controller.patch_current(&path, json!({"description": text})).expect(200);
        let page = world.visitor(&world.controller.id).page(&path);
        let lead: String = page.all("p.lead").iter().flat_map(|p| p.text()).collect();
        assert_eq!(lead, "Vi skaräkna <b>allt</b>vägaoch sedan\nvila.");
        let items = page.all("p.lead [role=list] > [role=listitem]");
        let items: Vec<String> = items.iter().map(|item| item.text().collect()).collect();
        assert_eq!(items, ["räkna <b>allt</b>", "väga"]);
    }

    fn what_is_written_once_is_text_too(world: &World) {
        let goal = world.goal(2025, "En ekonomi i balans");
        let plan = world.plan(2025);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        let low = world.risk(&plan, &goal, "Brist på pausmusik", (1, 2)).id();
        let (visitor, c) = (world.visitor(&world.controller.id), &world.controller);
        let texts = bundled(&hostile());
        let each = if matches!(world.config.database, Address::Sqlite(_)) { 1 } else { 6 };
        // What a plan meets once, as much of all texts as each field holds.
        let all: String = texts.join(" ");
        let long = cut(&all, 3900);
        world.complete(&plan);
        world.propose(&plan).expect(200);
        let decided = json!({"decidedOn": "2024-12-12", "decidingBoard": texts[0], "paragraph": cut(&texts[1], 50)});
        c.post_current(&format!("/plans/{plan}"), "/adoption", decided).expect(200);
        hold_shown(&visitor.page(&format!("/plans/{plan}")), &[&texts[0], &cut(&texts[1], 50)]);
        c.post_current(&format!("/plans/{plan}"), "/revision", json!({"reason": long})).expect(200);
        hold_shown(&visitor.page(&format!("/plans/{plan}")), &[]);
        c.post(&format!("/risks/{risk}/retirement"), json!({"reason": long})).expect(200);
        hold_shown(&visitor.page(&format!("/risks/{risk}")), &[&long]);

        for text in texts.iter().step_by(each) {
            // What looks like somebody's name is refused, so here it is none.
            let noted = text.replace("@SUM", "@ SUM");
            c.post(&format!("/risks/{low}/notes"), json!({"text": noted})).expect(201);
            c.patch_current(&format!("/risks/{low}"), json!({"reference": cut(text, 50)})).expect(200);
            put(c, &format!("/risks/{low}/setting-aside"), json!({"reason": text}));
            hold_shown(&visitor.page(&format!("/risks/{low}")), &[text, &cut(text, 50), &noted]);
            let form = json!({"organisationId": world.board, "source": "auditors", "report": text, "diaryNumber": cut(text, 100),
                "year": 2023, "text": text});
            let at = world.auditor.post("/recommendations", form).expect(201).id();
            c.post(&format!("/recommendations/{at}/entries"), json!({"text": text})).expect(201);
            hold_shown(&visitor.page(&format!("/recommendations/{at}")), &[text, &cut(text, 100)]);
            let form = json!({"organisationId": world.board, "title": text, "description": text, "foundBy": text, "measures": text,
                "severity": "serious", "foundOn": "2024-05-02"});
            let at = c.post("/deficiencies", form).expect(201).id();
            hold_shown(&visitor.page(&format!("/deficiencies/{at}")), &[text]);
        }
        hold_shown(&visitor.page("/audit"), &[]);
        hold_shown(&visitor.page("/deficiencies"), &[]);

        hold_shown(&visitor.page(&format!("/history/{}", world.board)), &[]);
    }
}
