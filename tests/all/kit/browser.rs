//! A real browser: Debian's Chromium without a window, led through WebDriver by its chromedriver, with a profile of its
//! own. What people do by clicking and typing, and what axe-core finds wrong with a page. A machine without them fails
//! the tests; nothing is skipped. This module must not know the register or its pages.
//!
//! Nothing here waits for a time: it asks the browser until something holds, and fails when it has not held for long.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::client::wait;
use super::register::Directory;
use super::times::{Kind, spent};

/// How long something may take to come true on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// axe-core, as it is given out (MPL-2.0; its licence stands at its head).
const AXE: &str = include_str!("../../axe.min.js");

/// The rules of WCAG 2.2 on level AA, and those of the versions before it.
const RULES: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/// Keys that have no letter, as WebDriver names them.
pub const TAB: char = '\u{e004}';
pub const ENTER: char = '\u{e007}';
pub const DOWN: char = '\u{e015}';

/// Whether scripts run on the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    Run,
    Blocked,
}

/// A running browser. It is closed when this is dropped, and what it kept goes with it.
pub struct Browser {
    /// Some until it is dropped.
    client: Option<fantoccini::Client>,
    driver: Child,
    address: String,
    downloads: Directory,
    _profile: Directory,
}

/// Something that chromedriver knows beyond WebDriver: a command of the browser's own protocol.
#[derive(Debug)]
struct OfChromium(Value);

impl WebDriverCompatibleCommand for OfChromium {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (reqwest::Method, Option<String>) {
        (reqwest::Method::POST, Some(self.0.to_string()))
    }
}

/// What axe finds wrong on a page.
#[derive(Debug, Clone)]
pub struct Violation {
    pub rule: String,
    pub impact: String,
    /// What it says, and each element that it says it of.
    pub told: String,
}

impl Browser {
    /// A new browser for the site at this address.
    #[track_caller]
    pub fn start(address: &str, scripts: Scripts) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|fault| panic!("chromedriver (chromium-driver) is needed by these tests: {fault}"));
        let mut lines = BufReader::new(driver.stdout.take().expect("stdout is piped")).lines().map_while(Result::ok);
        let port = lines
            .find_map(|line| Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned()))
            .expect("chromedriver says on which port it listens before it ends");
        // It goes on to write, and must not wait for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let (profile, downloads) = (Directory::new(), Directory::new());
        let options = json!({
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--window-size=1280,900",
                "--hide-scrollbars", "--force-prefers-reduced-motion", "--lang=sv",
                format!("--user-data-dir={}", profile.0.display()),
            ],
            "prefs": {
                "profile.managed_default_content_settings.javascript": if scripts == Scripts::Run { 1 } else { 2 },
                "intl.accept_languages": "sv",
                "download.default_directory": downloads.0,
                "plugins.always_open_pdf_externally": true,
            },
        });
        let mut wanted = Capabilities::new();
        wanted.insert("browserName".into(), json!("chrome"));
        wanted.insert("unhandledPromptBehavior".into(), json!("accept"));
        wanted.insert("goog:chromeOptions".into(), options);
        let at = format!("http://127.0.0.1:{port}/");
        let client = spent(Kind::Browser, || {
            wait(async move { ClientBuilder::new(HttpConnector::new()).capabilities(wanted).connect(&at).await })
        });
        let client = client.unwrap_or_else(|fault| {
            let _ = driver.kill();
            panic!("Chromium (chromium) does not start: {fault}")
        });
        Self { client: Some(client), driver, address: address.into(), downloads, _profile: profile }
    }

    /// Does something with the browser on the thread that carries all requests.
    fn with<F, T>(&self, work: impl FnOnce(fantoccini::Client) -> F) -> Result<T, CmdError>
    where
        F: Future<Output = Result<T, CmdError>> + Send + 'static,
        T: Send + 'static,
    {
        let client = self.client.clone().expect("the browser is open until it is dropped");
        spent(Kind::Browser, || wait(work(client)))
    }

    /// What is on the screen, for whoever reads why a test failed.
    fn scene(&self) -> String {
        let path = self.path();
        let text = self.js("return document.body ? document.body.innerText : ''", &[]);
        let text: String = text.as_str().unwrap_or_default().chars().take(3000).collect();
        format!("on {path}, where it says:\n{text}")
    }

    /// Asks until there is an answer.
    #[track_caller]
    fn until<T>(&self, what: &str, ask: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = ask() {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: never, {}", self.scene());
            wait(async { tokio::time::sleep(Duration::from_millis(25)).await });
        }
    }

    /// Goes to a path of the site.
    #[track_caller]
    pub fn open(&self, path: &str) {
        let url = format!("{}{path}", self.address);
        self.with(|c| async move { c.goto(&url).await }).unwrap_or_else(|fault| panic!("{path}: {fault}"));
    }

    /// Where it is: the path with what is asked of it.
    pub fn path(&self) -> String {
        let url = self.with(|c| async move { c.current_url().await });
        url.map_or_else(|fault| fault.to_string(), |url| url.as_str().replacen(&self.address, "", 1))
    }

    pub fn title(&self) -> String {
        self.with(|c| async move { c.title().await }).expect("a page has a title")
    }

    /// Runs a script past the page's policy, which binds pages and not those who test them.
    #[track_caller]
    pub fn js(&self, script: &str, given: &[Value]) -> Value {
        let (script, given) = (script.to_owned(), given.to_vec());
        self.with(|c| async move { c.execute(&script, given).await })
            .unwrap_or_else(|fault| panic!("a script: {fault}"))
    }

    /// A command of the browser's own protocol.
    #[track_caller]
    fn chromium(&self, command: &str, parameters: Value) {
        let asked = OfChromium(json!({"cmd": command, "params": parameters}));
        self.with(|c| async move { c.issue_cmd(asked).await }).unwrap_or_else(|fault| panic!("{command}: {fault}"));
    }

    /// Takes a cookie, as the site's answer would have set it.
    pub fn take_cookie(&self, name: &str, value: &str) {
        let cookie = json!({"name": name, "value": value, "url": self.address, "path": "/", "secure": true,
            "httpOnly": true, "sameSite": "Lax"});
        self.chromium("Network.setCookie", cookie);
    }

    pub fn forget_cookies(&self) {
        self.chromium("Network.clearBrowserCookies", json!({}));
    }

    /// How wide the page is shown, and whether who looks at it wants it dark.
    pub fn look(&self, width: u32, dark: bool) {
        self.chromium(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}),
        );
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.chromium("Emulation.setEmulatedMedia", features);
    }

    /// The elements that a selector of CSS finds now.
    pub fn all(&self, css: &str) -> Vec<Element> {
        let css = css.to_owned();
        self.with(|c| async move { c.find_all(Locator::Css(&css)).await }).unwrap_or_default()
    }

    pub fn has(&self, css: &str) -> bool {
        !self.all(css).is_empty()
    }

    /// The element that a selector of CSS finds, once it is there.
    #[track_caller]
    pub fn find(&self, css: &str) -> Element {
        self.until(css, || self.all(css).into_iter().next())
    }

    #[track_caller]
    fn at(&self, xpath: &str) -> Element {
        self.until(xpath, || {
            let path = xpath.to_owned();
            self.with(|c| async move { c.find_all(Locator::XPath(&path)).await }).ok()?.into_iter().next()
        })
    }

    /// What stands in an element, as it is seen.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        self.until(css, || {
            let element = self.all(css).into_iter().next()?;
            self.with(|_| async move { element.text().await }).ok()
        })
    }

    /// Clicks on something that leads nowhere else.
    #[track_caller]
    pub fn press(&self, css: &str) {
        let element = self.find(css);
        self.with(|_| async move { element.click().await })
            .unwrap_or_else(|fault| panic!("a click on {css}: {fault}, {}", self.scene()));
    }

    /// Does what leads to another page, and waits until that is there.
    #[track_caller]
    pub fn go(&self, act: impl FnOnce()) {
        let before = self.find("html");
        act();
        self.until("another page", || {
            let before = before.clone();
            // The element of a page that has gone is no longer to be asked.
            self.with(|_| async move { before.tag_name().await }).is_err().then_some(())
        });
        self.until("the whole page", || {
            let ready = self.with(|c| async move { c.execute("return document.readyState", Vec::new()).await });
            (ready.ok()? == "complete").then_some(())
        });
    }

    /// Follows a link, or presses a button, by the words on it.
    #[track_caller]
    pub fn follow(&self, words: &str) {
        self.follow_within("", words);
    }

    /// The same, within an element that XPath finds: `//main`.
    #[track_caller]
    pub fn follow_within(&self, within: &str, words: &str) {
        let words = quoted(words);
        let xpath =
            format!("({within}//a[normalize-space()={words}] | {within}//button[normalize-space()={words}])[1]");
        let element = self.at(&xpath);
        self.go(|| {
            self.with(|_| async move { element.click().await })
                .unwrap_or_else(|fault| panic!("a click on {words}: {fault}, {}", self.scene()));
        });
    }

    /// Opens what is folded under these words.
    #[track_caller]
    pub fn unfold(&self, words: &str) {
        let element = self.at(&format!("//details[not(@open)]/summary[normalize-space()={}]", quoted(words)));
        self.with(|_| async move { element.click().await }).unwrap_or_else(|fault| panic!("{words}: {fault}"));
    }

    /// The id of the field with this label.
    #[track_caller]
    fn labelled(&self, label: &str) -> String {
        let element = self.at(&format!("//label[normalize-space()={}]", quoted(label)));
        self.with(|_| async move { element.attr("for").await })
            .ok()
            .flatten()
            .unwrap_or_else(|| panic!("the label {label} is for no field"))
    }

    /// Types into the field with this label, instead of what stood there.
    #[track_caller]
    pub fn write(&self, label: &str, text: &str) {
        let field = self.find(&format!("[id='{}']", self.labelled(label)));
        let text = text.to_owned();
        self.with(|_| async move {
            field.clear().await?;
            field.send_keys(&text).await
        })
        .unwrap_or_else(|fault| panic!("{label}: {fault}, {}", self.scene()));
    }

    /// Types into the field that a selector of CSS finds.
    #[track_caller]
    pub fn write_in(&self, css: &str, text: &str) {
        let (field, text) = (self.find(css), text.to_owned());
        self.with(|_| async move { field.send_keys(&text).await }).unwrap_or_else(|fault| panic!("{css}: {fault}"));
    }

    /// The same, instead of what stood there.
    #[track_caller]
    pub fn write_over(&self, css: &str, text: &str) {
        let field = self.find(css);
        self.with(|_| async move { field.clear().await }).unwrap_or_else(|fault| panic!("{css}: {fault}"));
        self.write_in(css, text);
    }

    /// Sets the field of a day: how it is typed depends on the browser's own language.
    #[track_caller]
    pub fn set_day(&self, css: &str, day: &str) {
        self.find(css);
        self.js("document.querySelector(arguments[0]).value = arguments[1]", &[css.into(), day.into()]);
        assert_eq!(self.value(css), day, "{css}");
    }

    /// Chooses in the list that a selector of CSS finds, by the word that is sent.
    #[track_caller]
    pub fn choose(&self, css: &str, word: &str) {
        self.press(&format!("{css} option[value='{word}']"));
    }

    /// Opens what is folded under these words within what a selector of CSS finds.
    #[track_caller]
    pub fn unfold_in(&self, css: &str, words: &str) {
        let opened = self.js(
            "for (const s of document.querySelectorAll(arguments[0] + ' details:not([open]) > summary')) \
             if (s.textContent.trim() === arguments[1]) { s.click(); return true } return false",
            &[css.into(), words.into()],
        );
        assert_eq!(opened, true, "{words} in {css}, {}", self.scene());
    }

    /// Opens all that is folded.
    pub fn unfold_all(&self) {
        self.js("for (const folded of document.querySelectorAll('details')) folded.open = true", &[]);
    }

    /// Waits until some text stands there.
    #[track_caller]
    pub fn wait_for_text(&self, css: &str) -> String {
        self.until(&format!("a text in {css}"), || Some(self.text(css)).filter(|text| !text.trim().is_empty()))
    }

    /// Waits until this has the focus, as [`Browser::focus`] tells it.
    #[track_caller]
    pub fn wait_for_focus(&self, reached: impl Fn(&str) -> bool) {
        let begun = Instant::now();
        while !reached(&self.focus()) {
            assert!(begun.elapsed() < PATIENCE, "the focus stays on {}, {}", self.focus(), self.scene());
            wait(async { tokio::time::sleep(Duration::from_millis(25)).await });
        }
    }

    /// Chooses in the list with this label.
    #[track_caller]
    pub fn select(&self, label: &str, choice: &str) {
        let id = self.labelled(label);
        let option = self.at(&format!("//select[@id='{id}']/option[normalize-space()={}]", quoted(choice)));
        self.with(|_| async move { option.click().await }).unwrap_or_else(|fault| panic!("{label}: {fault}"));
    }

    /// What stands in a field.
    #[track_caller]
    pub fn value(&self, css: &str) -> String {
        let field = self.find(css);
        self.with(|_| async move { field.prop("value").await }).expect("a field has a value").unwrap_or_default()
    }

    /// What has the focus, in a few words: its element, id, name and text.
    pub fn focus(&self) -> String {
        let told = self.js(
            "const e = document.activeElement; \
             return [e.localName, e.id, e.name || '', e.className, (e.innerText || '').trim().slice(0, 60)].join('|')",
            &[],
        );
        told.as_str().unwrap_or_default().to_owned()
    }

    /// Presses one key, as on a keyboard.
    #[track_caller]
    pub fn key(&self, key: char) {
        let keys =
            KeyActions::new("keyboard".into()).then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        self.with(|c| async move { c.perform_actions(keys).await }).unwrap_or_else(|fault| panic!("a key: {fault}"));
    }

    /// Types where the focus is.
    #[track_caller]
    pub fn type_in(&self, text: &str) {
        for letter in text.chars() {
            self.key(letter);
        }
    }

    /// Goes forward with the tabulator until this has the focus, as [`Browser::focus`] tells it.
    #[track_caller]
    pub fn tab_to(&self, reached: impl Fn(&str) -> bool) {
        let mut passed = Vec::new();
        for _ in 0..120 {
            self.key(TAB);
            let focus = self.focus();
            if reached(&focus) {
                return;
            }
            passed.push(focus);
        }
        panic!("the tabulator does not get there, but past {passed:#?}");
    }

    /// The bytes of the file that a click downloads, once it is whole.
    #[track_caller]
    pub fn download(&self, css: &str) -> Vec<u8> {
        let files = || std::fs::read_dir(&self.downloads.0).expect("the downloads").flatten().count();
        let before = files();
        self.press(css);
        self.until("a downloaded file", || {
            let found = std::fs::read_dir(&self.downloads.0).expect("the downloads").flatten();
            let mut whole: Vec<_> = found
                .map(|entry| entry.path())
                // Chromium writes under other names until it has all.
                .filter(|path| path.extension().is_none_or(|e| e != "crdownload") && !path.ends_with(".part"))
                .filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')))
                .collect();
            whole.sort_by_key(|path| std::fs::metadata(path).and_then(|about| about.modified()).ok());
            (files() > before && whole.len() == files()).then(|| whole.pop()).flatten()
        });
        let newest = std::fs::read_dir(&self.downloads.0)
            .expect("the downloads")
            .flatten()
            .max_by_key(|entry| entry.metadata().and_then(|about| about.modified()).ok())
            .expect("a downloaded file");
        std::fs::read(newest.path()).expect("the file can be read")
    }

    /// What axe finds wrong with the page as it is shown now.
    #[track_caller]
    pub fn axe(&self) -> Vec<Violation> {
        if self.js("return typeof axe", &[]) != "object" {
            self.js(AXE, &[]);
        }
        let run = "const [rules, done] = arguments; \
             axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}) \
                .then(found => done(found.violations), fault => done(String(fault)))";
        let found = self
            .with(|c| async move { c.execute_async(run, vec![json!(RULES)]).await })
            .unwrap_or_else(|fault| panic!("axe on {}: {fault}", self.path()));
        let found = found.as_array().unwrap_or_else(|| panic!("axe fails on {}: {found}", self.path())).clone();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        found
            .iter()
            .map(|one| {
                let nodes = one["nodes"].as_array().into_iter().flatten();
                let nodes: Vec<String> = nodes
                    .map(|node| {
                        let about = text(&node["failureSummary"]).replace('\n', " ");
                        format!("    {} {}\n      {about}", node["target"], text(&node["html"]))
                    })
                    .collect();
                Violation {
                    rule: text(&one["id"]),
                    impact: text(&one["impact"]),
                    told: format!(
                        "  {} ({}): {}\n{}",
                        text(&one["id"]),
                        text(&one["impact"]),
                        text(&one["help"]),
                        nodes.join("\n")
                    ),
                }
            })
            .collect()
    }

    /// What hinders people on the page that is shown: what axe finds serious or critical, wide and light, wide and dark,
    /// and 320 pixels wide, where nothing may be wider than the window.
    #[track_caller]
    pub fn hindrances(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (width, dark) in [(1280, false), (1280, true), (320, false)] {
            self.look(width, dark);
            let how = format!("{} ({width} wide, {})", self.path(), if dark { "dark" } else { "light" });
            let found = self.axe();
            let grave = found.iter().filter(|one| matches!(one.impact.as_str(), "serious" | "critical"));
            all.extend(grave.map(|one| format!("{how}\n{}", one.told)));
            let wide = self.js(
                "const page = document.documentElement; \
                 if (page.scrollWidth <= page.clientWidth) return null; \
                 const out = [...document.querySelectorAll('body *')].filter(e => \
                     e.getBoundingClientRect().right > page.clientWidth + 1 && !e.closest('.scroll, .seen-not, .skip')); \
                 return `${page.scrollWidth} > ${page.clientWidth}: ` + out.slice(-3).map(e => e.outerHTML.slice(0, 200)).join(' ')",
                &[],
            );
            if let Some(wide) = wide.as_str() {
                all.push(format!("{how}\n  something is wider than the window: {wide}"));
            }
        }
        self.look(1280, false);
        all
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // The browser goes with its session; a test that failed already says enough.
            let _ = wait(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A text as XPath writes it.
fn quoted(text: &str) -> String {
    if text.contains('\'') { format!("\"{text}\"") } else { format!("'{text}'") }
}
