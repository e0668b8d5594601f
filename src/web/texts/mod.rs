//! What the pages say, in both languages: a file an area in `sv/` and the same in `en/`, in Project Fluent's own form,
//! so that a translator needs no Rust. Words of closed lists stand in `domain::words`, with their labels.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::words::Language;

macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!($language, "/site.ftl")),
            include_str!(concat!($language, "/register.ftl")),
            include_str!(concat!($language, "/follow_up.ftl")),
            include_str!(concat!($language, "/settings.ftl")),
            include_str!(concat!($language, "/goals.ftl")),
            include_str!(concat!($language, "/audit.ftl")),
        ]
    };
}

/// The texts themselves, for whoever wants to hold one language against the other.
pub const SV: &[&str] = &files!("sv");
pub const EN: &[&str] = &files!("en");

type Bundle = FluentBundle<FluentResource>;

static SWEDISH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("sv-SE"), SV));
static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("en-GB"), EN));

fn bundle(language: LanguageIdentifier, files: &[&str]) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The marks around what is put in would stand in attributes and file names, too.
    bundle.set_use_isolating(false);
    for text in files {
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, faults)| {
            tracing::error!(?faults, "the texts of the pages cannot be read in full");
            resource
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(?faults, "a text of the pages stands twice");
        }
    }
    bundle
}

fn of(language: Language) -> &'static Bundle {
    match language {
        Language::Sv => &SWEDISH,
        Language::En => &ENGLISH,
    }
}

/// The rest of every key that begins so.
pub fn keys(beginning: &str) -> impl Iterator<Item = &'static str> {
    let lines = SV.iter().flat_map(|text| text.lines());
    lines.filter_map(move |line| line.split_once(" =")?.0.strip_prefix(beginning))
}

/// Whether there is a text with this key.
pub fn has(language: Language, key: &str) -> bool {
    of(language).has_message(key)
}

/// The text with this key, with what is to be put in. The key itself where there is no such text: a test sees to it
/// that none is missing.
pub fn say(language: Language, key: &str, put_in: &[(&str, FluentValue<'_>)]) -> String {
    let bundle = of(language);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "a text of the pages is missing");
        return key.to_owned();
    };
    let mut arguments = FluentArgs::new();
    for (name, value) in put_in {
        arguments.set(Cow::Owned((*name).to_owned()), value.clone());
    }
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults);
    if !faults.is_empty() {
        tracing::error!(key, ?faults, "a text of the pages lacks something");
    }
    text.into_owned()
}
