//! Somebody at a browser, without the browser: pages over HTTP, parsed as browsers parse them, and their forms, sent as
//! browsers send them.

use riskregister::app::people::guesses::Asking;
use riskregister::app::people::sessions;
use riskregister::auth::{self, Browser};
use riskregister::storage::Id;
use riskregister::storage::history::Origin;
use riskregister::web::{PAGES, SESSION};
use scraper::{ElementRef, Html, Selector};

use super::client::{Answer, Client};
use super::register::Register;

/// Who looks at pages.
#[derive(Clone)]
pub struct Visitor {
    pub client: Client,
    /// The value of the session's cookie.
    pub cookie: String,
}

/// The fields of a form, in order.
pub type Fields = Vec<(String, String)>;

impl Register {
    /// Who is signed in to the pages, past the password that would cost its time.
    pub fn visitor(&self, user: &str) -> Visitor {
        let session = self.session_by(user, self.way_in(), auth::PAGE_SECONDS);
        let user: Id = user.parse().expect("an id");
        let browser = Browser { user, session, csrf: auth::random_text(18) };
        self.bearing(&self.keys.page(&browser).expect("a cookie can be signed"))
    }

    /// Whoever has this cookie.
    pub fn bearing(&self, cookie: &str) -> Visitor {
        let client = self.passer_by().client.with("cookie", &format!("{SESSION}={cookie}"));
        Visitor { client, cookie: cookie.to_owned() }
    }

    /// Who is not signed in.
    pub fn passer_by(&self) -> Visitor {
        let client = self.as_nobody().with("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        Visitor { client, cookie: String::new() }
    }

    /// The body of `POST /sign-in` with the tests' password.
    pub fn signs_in(&self, email: &str, to: &str) -> Answer {
        let fields = [("email", email), ("password", Self::PASSWORD), ("to", to)];
        self.passer_by().send("/sign-in", &fields.map(|(name, value)| (name.into(), value.into())))
    }
}

impl Visitor {
    /// The same, whose browser sends this header too.
    pub fn with(&self, name: &str, value: &str) -> Self {
        Self { client: self.client.with(name, value), ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.client.send_outside("GET", path, None)
    }

    /// A page, which must be there.
    #[track_caller]
    pub fn page(&self, path: &str) -> Page {
        Page::of(&self.get(path).expect(200))
    }

    /// Sends a form to a path, from a page of the site.
    pub fn send(&self, path: &str, fields: &[(String, String)]) -> Answer {
        self.with("sec-fetch-site", "same-origin").send_bare(path, fields)
    }

    /// Sends a form to a path, without saying from where.
    pub fn send_bare(&self, path: &str, fields: &[(String, String)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let client = self.client.with("content-type", "application/x-www-form-urlencoded");
        client.send_outside("POST", path, Some(body.into_bytes()))
    }
}

/// The value of the session's cookie that an answer sets.
#[track_caller]
pub fn cookie_of(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let start = format!("{SESSION}=");
    let mut value =
        set.filter_map(|one| one.strip_prefix(&start)).map(|rest| rest.split(';').next().unwrap_or_default());
    value.next_back().unwrap_or_else(|| panic!("{} sets no session", answer.asked)).to_owned()
}

/// A page, parsed.
pub struct Page {
    pub html: Html,
    pub asked: String,
}

impl Page {
    pub fn of(answer: &Answer) -> Self {
        let text = std::str::from_utf8(&answer.body).expect("pages are UTF-8");
        Self { html: Html::parse_document(text), asked: answer.asked.clone() }
    }

    pub fn all<'p>(&'p self, css: &str) -> Vec<ElementRef<'p>> {
        self.html.select(&Selector::parse(css).expect("a selector")).collect()
    }

    #[track_caller]
    pub fn one<'p>(&'p self, css: &str) -> ElementRef<'p> {
        self.all(css).into_iter().next().unwrap_or_else(|| panic!("{} has no {css}:\n{}", self.asked, self.html.html()))
    }

    /// All text of an element.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        self.one(css).text().collect()
    }

    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> String {
        let element = self.one(css);
        element.attr(name).unwrap_or_else(|| panic!("{}: {css} has no {name}", self.asked)).to_owned()
    }

    /// The fields of a form as a browser would send them.
    #[track_caller]
    pub fn form(&self, css: &str) -> Fields {
        let form = self.one(css);
        let every = Selector::parse("input, select, textarea").expect("a selector");
        let mut fields = Fields::new();
        for field in form.select(&every) {
            let Some(name) = field.attr("name").map(str::to_owned) else { continue };
            match (field.value().name(), field.attr("type").unwrap_or_default()) {
                ("textarea", _) => fields.push((name, field.text().collect())),
                ("select", _) => {
                    let option = |css: &str| {
                        let found = Selector::parse(css).expect("a selector");
                        field.select(&found).next().map(|o| o.attr("value").unwrap_or_default().to_owned())
                    };
                    let chosen = option("option[selected]").or_else(|| option("option"));
                    fields.extend(chosen.map(|value| (name, value)));
                }
                ("input", "radio" | "checkbox") if field.attr("checked").is_none() => {}
                ("input", "submit") => {}
                _ => fields.push((name, field.attr("value").unwrap_or_default().to_owned())),
            }
        }
        fields
    }
}

/// The fields with one written anew.
pub fn written(fields: &Fields, name: &str, value: &str) -> Fields {
    let mut fields: Fields = fields.iter().filter(|(n, _)| n != name).cloned().collect();
    fields.push((name.into(), value.into()));
    fields
}

/// What stands in a field.
#[track_caller]
pub fn value_of(fields: &Fields, name: &str) -> String {
    let found = fields.iter().find(|(n, _)| n == name);
    found.unwrap_or_else(|| panic!("there is no field {name} in {fields:?}")).1.clone()
}

/// Every page of the site, its open steps filled in by the part of the path before them, `("risks", id)`, or by their own
/// name, `("{period}", "t1")`.
#[track_caller]
pub fn every_page(steps: &[(&str, &str)]) -> Vec<(&'static str, String)> {
    PAGES
        .iter()
        .map(|page| {
            let mut filled: Vec<&str> = Vec::new();
            for step in page.path.split('/') {
                if !step.starts_with('{') {
                    filled.push(step);
                    continue;
                }
                let before = filled.last().copied().unwrap_or_default();
                let found = steps.iter().find(|(name, _)| *name == before);
                let found = found.or_else(|| steps.iter().find(|(name, _)| *name == step));
                let (_, value) = found.unwrap_or_else(|| panic!("tell what {step} is in {}", page.path));
                filled.push(value);
            }
            (page.path, filled.join("/"))
        })
        .collect()
}
