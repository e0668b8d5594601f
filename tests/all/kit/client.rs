//! Somebody who calls the register. Each answer is held against the contract before the test sees it.

use std::future::Future;
use std::sync::LazyLock;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::contract::contract;
use super::times::{Kind, spent};

/// One thread carries every request of every test.
static CARRIER: LazyLock<tokio::runtime::Handle> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let handle = runtime.handle().clone();
    std::thread::spawn(move || runtime.block_on(std::future::pending::<()>()));
    handle
});

/// No connection is kept: a register that stops would have to wait for it.
static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| {
    reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client can be built")
});

const FORM: &str = "application/x-www-form-urlencoded";

/// An object of texts in the encoding of HTML forms.
fn encoded(form: &Value) -> String {
    let fields = form.as_object().expect("a form is an object").iter();
    let text = |value: &Value| value.as_str().expect("a form has texts").to_owned();
    let pairs = fields.map(|(name, value)| (name.clone(), text(value)));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Waits for what runs on the carrier's thread.
pub fn wait<F>(work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let (sender, receiver) = std::sync::mpsc::channel();
    CARRIER.spawn(async move { sender.send(work.await) });
    receiver.recv().expect("the work was done")
}

/// A caller of one kind, with the headers that it sends each time.
#[derive(Clone)]
pub struct Client {
    address: String,
    headers: HeaderMap,
}

impl Client {
    pub fn new(address: &str, token: Option<&str>) -> Self {
        let client = Self { address: address.into(), headers: HeaderMap::new() };
        match token {
            Some(token) => client.with("authorization", &format!("Bearer {token}")),
            None => client,
        }
    }

    /// The same caller, with this header too.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("the name of a header");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("the value of a header");
        let mut client = self.clone();
        client.headers.insert(name, value);
        client
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body))
    }

    /// POST without a body.
    pub fn post_nothing(&self, path: &str) -> Answer {
        self.send("POST", path, None)
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body))
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// The same caller, who changes what `path` is just now: with its ETag as `If-Match`.
    pub fn current(&self, path: &str) -> Self {
        let answer = self.get(path).expect(200);
        self.with("if-match", answer.header("etag"))
    }

    pub fn patch_current(&self, path: &str, body: Value) -> Answer {
        self.current(path).patch(path, body)
    }

    pub fn put_current(&self, path: &str, body: Value) -> Answer {
        self.current(path).put(path, body)
    }

    pub fn delete_current(&self, path: &str) -> Answer {
        self.current(path).delete(path)
    }

    /// POST of a step in the life of `thing` (`/plans/…`), with the ETag of the thing as it is just now.
    pub fn post_current(&self, thing: &str, step: &str, body: Value) -> Answer {
        self.current(thing).post(&format!("{thing}{step}"), body)
    }

    /// POST of a form in the encoding of HTML: `/oauth/token`.
    pub fn post_form(&self, path: &str, body: Value) -> Answer {
        self.with("content-type", FORM).post(path, body)
    }

    /// A request with JSON or nothing; an object of texts goes as a form, if the caller says so by its type.
    pub fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let is_form = self.headers.get("content-type").is_some_and(|t| t.as_bytes() == FORM.as_bytes());
        let has_type = self.headers.contains_key("content-type");
        let client = match (&body, method) {
            (None, _) => self.clone(),
            _ if has_type => self.clone(),
            (_, "PATCH") => self.with("content-type", "application/merge-patch+json"),
            _ => self.with("content-type", "application/json"),
        };
        let bytes = |body: Value| if is_form { encoded(&body) } else { body.to_string() };
        client.send_bytes(method, path, body.map(|body| bytes(body).into_bytes()))
    }

    /// A request with any bytes, under the base path.
    pub fn send_bytes(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answer {
        let answer = self.send_outside(method, &format!("/api/v1{path}"), body);
        spent(Kind::Contract, || contract().hold(method, path, &answer));
        answer
    }

    /// A request outside what the contract tells of: `/healthz`, the documentation.
    pub fn send_outside(&self, method: &str, path: &str, body: Option<Vec<u8>>) -> Answer {
        let url = format!("{}{path}", self.address);
        let method: Method = method.parse().expect("a method");
        let asked = format!("{method} {path}");
        let has_content = method != Method::HEAD;
        let mut request = HTTP.request(method, url).headers(self.headers.clone());
        if let Some(body) = body {
            request = request.body(body);
        }
        let answered = async move {
            let answer = request.send().await.expect("the register answers");
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            (status, headers, answer.bytes().await.expect("the whole answer comes").to_vec())
        };
        let (status, headers, body) = spent(Kind::Request, || wait(answered));
        let told = |name: &str| headers.get(name).and_then(|t| t.to_str().ok());
        // What comes packed is looked at by its bytes.
        let packed = told("content-encoding").is_some();
        let is_json = has_content && !packed && told("content-type").is_some_and(|t| t.contains("json"));
        let json =
            if is_json { serde_json::from_slice(&body).expect("the answer is JSON as it says") } else { Value::Null };
        Answer { asked, status, headers, body, json }
    }
}

/// What the register answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Null when it is not JSON, or packed.
    pub json: Value,
}

impl Answer {
    /// The answer, which must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, String::from_utf8_lossy(&self.body));
        self
    }

    /// The answer, which must be a problem of this status with this code: the rule's, or one of the faults'.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert!(
            answer.json["code"] == code || answer.faults().iter().any(|(_, c)| *c == code),
            "{} has no {code}: {}",
            answer.asked,
            answer.json
        );
        answer
    }

    /// Pointer and code of each fault, in order.
    pub fn faults(&self) -> Vec<(&str, &str)> {
        let all = self.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        all.iter()
            .map(|f| (f["pointer"].as_str().unwrap_or_default(), f["code"].as_str().unwrap_or_default()))
            .collect()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.maybe_header(name).unwrap_or_else(|| panic!("{} has no {name}", self.asked))
    }

    pub fn maybe_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }

    /// The id of the thing.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// A field that is a text.
    #[track_caller]
    pub fn text(&self, field: &str) -> String {
        self.json[field].as_str().unwrap_or_else(|| panic!("{} has no {field}: {}", self.asked, self.json)).into()
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.json["items"].as_array().unwrap_or_else(|| panic!("{} is no list: {}", self.asked, self.json))
    }

    /// One field of each item of a list.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<&str> {
        self.items().iter().map(|item| item[field].as_str().unwrap_or_default()).collect()
    }
}

impl std::ops::Index<&str> for Answer {
    type Output = Value;
    fn index(&self, field: &str) -> &Value {
        &self.json[field]
    }
}
