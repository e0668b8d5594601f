//! What the pages say, in both languages: a file an area in `sv/` and the same in `en/`, in Project Fluent's own form,
//! so that a translator needs no Rust. Words of closed lists stand in `domain::words`, with their labels.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::manner::{Manner, Named, Noun};
use crate::domain::text::capital;
use crate::domain::words::{Language, Period};

macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!($language, "/site.ftl")),
            include_str!(concat!($language, "/register.ftl")),
            include_str!(concat!($language, "/follow_up.ftl")),
            include_str!(concat!($language, "/settings.ftl")),
            include_str!(concat!($language, "/goals.ftl")),
            include_str!(concat!($language, "/audit.ftl")),
            include_str!(concat!($language, "/systems.ftl")),
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

/// Whether there is a text with this key.
pub fn has(language: Language, key: &str) -> bool {
    of(language).has_message(key)
}

/// What those are called whom a text may speak of, as the texts put it in: `{ $board }` "nämnden", `{ $board-of }`
/// "nämndens", `{ $a-board }` "nämnd", what a body calls its plan, its reports and its periods (`{ $plan-name }`, `{ $t1 }`), and `{ $Board }`, `{ $Board-of }`, `{ $A-board }` where a sentence begins so.
pub struct Called(FluentArgs<'static>);

impl Called {
    pub fn by(manner: &Manner, language: Language) -> Self {
        let mut all = FluentArgs::new();
        for named in Named::ALL {
            let Noun { plain, definite, genitive } = manner.noun(named, language);
            let (a, the, of, large, large_the, large_of) = keys_of(named);
            all.set(large, capital(&plain));
            all.set(large_the, capital(&definite));
            all.set(large_of, capital(&genitive));
            all.set(a, plain);
            all.set(the, definite);
            all.set(of, genitive);
        }
        for (key, said) in [("plan-name", manner.plan(language)), ("report-name", manner.report(language))] {
            all.set(key, said);
        }
        for (key, said) in [("Plan-name", manner.plan(language)), ("Report-name", manner.report(language))] {
            all.set(key, capital(&said));
        }
        for period in Period::ALL {
            all.set(period.as_str(), manner.label(*period, language));
        }
        Self(all)
    }

    /// What can be put into each text, whatever else is.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let named = Named::ALL.into_iter().flat_map(|named| {
            let (a, the, of, large, large_the, large_of) = keys_of(named);
            [a, the, of, large, large_the, large_of]
        });
        named
            .chain(["plan-name", "Plan-name", "report-name", "Report-name"])
            .chain(Period::ALL.iter().map(|period| period.as_str()))
    }
}

type Keys = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const fn keys_of(named: Named) -> Keys {
    match named {
        Named::Board => ("a-board", "board", "board-of", "A-board", "Board", "Board-of"),
        Named::Body => ("a-body", "the-body", "body-of", "A-body", "The-body", "Body-of"),
        Named::Head => ("a-head", "head", "head-of", "A-head", "Head", "Head-of"),
        Named::Region => ("a-region", "region", "region-of", "A-region", "Region", "Region-of"),
        Named::Office => ("an-office", "office", "office-of", "An-office", "Office", "Office-of"),
        Named::Council => ("a-council", "council", "council-of", "A-council", "Council", "Council-of"),
        Named::Auditors => ("some-auditors", "auditors", "auditors-of", "Some-auditors", "Auditors", "Auditors-of"),
    }
}

/// The text with this key, with what is to be put in, where it is said to nobody in particular.
pub fn say(language: Language, key: &str, put_in: &[(&str, FluentValue<'_>)]) -> String {
    say_as(language, &Called::by(&Manner::default(), language), key, put_in)
}

/// The text with this key, with what is to be put in. The key itself where there is no such text: a test sees to it
/// that none is missing.
pub fn say_as(language: Language, called: &Called, key: &str, put_in: &[(&str, FluentValue<'_>)]) -> String {
    let bundle = of(language);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        tracing::error!(key, "a text of the pages is missing");
        return key.to_owned();
    };
    let mut faults = Vec::new();
    let mut more = None;
    if !put_in.is_empty() {
        let mut all = FluentArgs::with_capacity(64);
        for (name, value) in called.0.iter() {
            all.set(name, value.clone());
        }
        for (name, value) in put_in {
            all.set(*name, value.clone());
        }
        more = Some(all);
    }
    let text = bundle.format_pattern(pattern, Some(more.as_ref().unwrap_or(&called.0)), &mut faults);
    if !faults.is_empty() {
        tracing::error!(key, ?faults, "a text of the pages lacks something");
    }
    text.into_owned()
}
