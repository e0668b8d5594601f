//! One connection that is kept open, and the least that speaks HTTP over it: for many requests a second, and for a
//! register that may fall at any moment, which is an error here and no panic.
//!
//! The benchmark uses this file too, so it must not know the rest of the kit.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Wire {
    stream: TcpStream,
    host: String,
    authorization: String,
    buffer: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

impl Reply {
    /// A text of a body that is a JSON object.
    pub fn text(&self, field: &str) -> String {
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        match value[field].as_str() {
            Some(text) => text.to_owned(),
            None => panic!("no {field} in {} {}", self.status, String::from_utf8_lossy(&self.body)),
        }
    }
}

impl Wire {
    /// `address` is `http://HOST:PORT`.
    pub fn connect(address: &str, token: &str) -> Result<Self> {
        let host = address.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        // A register that hangs fails its test instead of hanging it too.
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { stream, host, authorization: format!("Bearer {token}"), buffer: Vec::with_capacity(64 * 1024) })
    }

    pub fn authorize(&mut self, token: &str) {
        self.authorization = format!("Bearer {token}");
    }

    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.send("GET", path, &[], "")
    }

    pub fn post(&mut self, path: &str, body: &str) -> Result<Reply> {
        self.send("POST", path, &[("content-type", "application/json")], body)
    }

    pub fn patch(&mut self, path: &str, tag: &str, body: &str) -> Result<Reply> {
        self.send("PATCH", path, &[("content-type", "application/merge-patch+json"), ("if-match", tag)], body)
    }

    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Result<Reply> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {}\r\ncontent-length: {}\r\n",
            self.host,
            self.authorization,
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        self.stream.write_all(request.as_bytes())?;
        self.buffer.clear();
        let head = loop {
            self.more()?;
            if let Some(at) = self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let field = |wanted: &str| {
            text.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok());
        let length = field("content-length").and_then(|(_, n)| n.trim().parse().ok());
        let (Some(status), Some(length)) = (status, length.or((status == Some(204)).then_some(0_usize))) else {
            return Err(Error::new(ErrorKind::InvalidData, text));
        };
        while self.buffer.len() < head + length {
            self.more()?;
        }
        let etag = field("etag").map(|(_, tag)| tag.trim().to_owned());
        Ok(Reply { status, etag, body: self.buffer[head..head + length].to_vec() })
    }

    fn more(&mut self) -> Result<()> {
        let mut chunk = [0_u8; 32 * 1024];
        match self.stream.read(&mut chunk)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            n => {
                self.buffer.extend_from_slice(&chunk[..n]);
                Ok(())
            }
        }
    }
}
