//! JSON as it comes in. An object that names a field twice says two things at once, and other readers take the other
//! one: it is refused.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::app::sent::Content;

/// Reads a request's bytes.
pub fn read(bytes: &[u8]) -> Content {
    let twice = RefCell::default();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = Once(&twice).deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    match (read, twice.into_inner()) {
        (Ok(value), _) => Content::Json(value),
        (Err(_), Some(pointer)) => Content::Repeated(pointer),
        (Err(fault), None) => Content::Malformed(fault.to_string()),
    }
}

/// Reads a value, or keeps where a field stands twice (RFC 6901).
struct Once<'t>(&'t RefCell<Option<String>>);

impl Once<'_> {
    /// What was found in this step lies below it.
    fn below(&self, step: impl fmt::Display) {
        if let Some(pointer) = &mut *self.0.borrow_mut() {
            pointer.insert_str(0, &format!("/{step}"));
        }
    }
}

fn step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Once(self.0)).inspect_err(|_| self.below(all.len()))? {
            all.push(item);
        }
        Ok(all.into())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if all.contains_key(&name) {
                *self.0.borrow_mut() = Some(format!("/{}", step(&name)));
                return Err(A::Error::custom("a field stands twice"));
            }
            let value = fields.next_value_seed(Once(self.0)).inspect_err(|_| self.below(step(&name)))?;
            all.insert(name, value);
        }
        Ok(all.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(text: &str) -> Option<String> {
        match read(text.as_bytes()) {
            Content::Repeated(pointer) => Some(pointer),
            _ => None,
        }
    }

    #[test]
    fn what_stands_twice_is_found_wherever_and_however_it_is_written() {
        assert_eq!(twice(r#"{"a": 1, "a": 1}"#).as_deref(), Some("/a"));
        assert_eq!(twice(r#"{"name": 1, "n\u0061me": 2}"#).as_deref(), Some("/name"));
        assert_eq!(twice(r#"{"a": [{}, {"b/c": {"d~": null, "d~": 0}}]}"#).as_deref(), Some("/a/1/b~1c/d~0"));
        assert_eq!(twice(r#"{"a": {"b": 1}, "b": [{"a": 1}, {"a": 1}]}"#), None);
    }

    #[test]
    fn all_else_is_read_as_ever() {
        for text in [
            r#"{"a": [1, -2, 18446744073709551615, 2.5, 1e3, "å\n", true, false, null, {}, []]}"#,
            r#""text""#,
            "1e400",
            "{",
            "{} {}",
            "",
            "{\"a\" 1}",
        ] {
            match (serde_json::from_str::<Value>(text), read(text.as_bytes())) {
                (Ok(wanted), Content::Json(value)) => assert_eq!(value, wanted),
                (Err(wanted), Content::Malformed(why)) => assert_eq!(why, wanted.to_string()),
                (wanted, read) => panic!("{text}: {wanted:?}, and {read:?}"),
            }
        }
        let deep = "[".repeat(200) + &"]".repeat(200);
        assert!(matches!(read(deep.as_bytes()), Content::Malformed(_)), "as deep as serde_json goes, and no deeper");
    }
}
