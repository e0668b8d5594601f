//! What things are called where a register is of a region or of a municipality, and a plan of a board, a company or a
//! federation. The one place that says it: pages, errors, letters, calendars and documents ask here, so that nothing is
//! told to a company about its board, or to a municipality about its region.
//!
//! A federation (kommunalförbund) is led by its direktion and its förbundsdirektör: what the law calls the first, and what
//! most of them call the second.

use std::borrow::Cow;
use std::sync::Arc;

use super::own_words::OwnWords;
use super::text::small;
use super::words::{DecidedBy, DialogueSide, Language, OrganisationKind, RecommendationSource, Role, TaskKind, Word};

/// Whom or what a sentence names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Who adopts the plan: nämnden, styrelsen, direktionen.
    Board,
    /// Whose plan it is: nämnden, bolaget, förbundet.
    Body,
    /// Who leads the work: förvaltningschefen, verkställande direktören, förbundsdirektören.
    Head,
    /// Whose register it is: regionen, kommunen.
    Region,
    /// What answers for the register: regionledningskontoret, kommunledningskontoret.
    Office,
    /// regionfullmäktige, kommunfullmäktige.
    Council,
    /// regionrevisorerna, revisorerna.
    Auditors,
}

impl Named {
    pub const ALL: [Self; 7] =
        [Self::Board, Self::Body, Self::Head, Self::Region, Self::Office, Self::Council, Self::Auditors];
}

/// A word in the forms that sentences need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noun {
    /// "nämnd", "board".
    pub plain: Said,
    /// "nämnden", "the board".
    pub definite: Said,
    /// "nämndens", "the board's".
    pub genitive: Said,
}

/// A word of ours, or somebody's own.
type Said = Cow<'static, str>;

const fn noun(plain: &'static str, definite: &'static str, genitive: &'static str) -> Noun {
    Noun { plain: Cow::Borrowed(plain), definite: Cow::Borrowed(definite), genitive: Cow::Borrowed(genitive) }
}

/// A name of one's own, as "Stadsrevisionen": it has one form, and stands small within a sentence.
fn own(name: &str) -> Noun {
    let definite = small(name.trim());
    let ending = if definite.ends_with('s') { "" } else { "s" };
    let genitive = format!("{definite}{ending}");
    Noun { plain: definite.clone().into(), definite: definite.into(), genitive: genitive.into() }
}

/// How one speaks: of which root, and of which body where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// [`OrganisationKind::Region`] or [`OrganisationKind::Municipality`].
    pub root: OrganisationKind,
    /// None where what is said is to several bodies, or it is not known to which: both words are said then.
    pub body: Option<OrganisationKind>,
    /// What the root calls its auditors, where not as usual.
    pub auditors: Option<String>,
    /// What the body, or everyone, calls its own things.
    pub words: Arc<OwnWords>,
}

impl Default for Manner {
    fn default() -> Self {
        Self { root: OrganisationKind::Region, body: None, auditors: None, words: Arc::default() }
    }
}

impl Manner {
    /// Of everyone's matters in a register of this kind.
    pub fn of(root: OrganisationKind) -> Self {
        Self { root, ..Self::default() }
    }

    /// Of one body's matters.
    pub fn with(&self, body: OrganisationKind) -> Self {
        Self { body: Some(body).filter(|kind| kind.is_body()), ..self.clone() }
    }

    /// What is called so, in the forms of a language.
    pub fn noun(&self, named: Named, language: Language) -> Noun {
        use OrganisationKind as Kind;
        let municipal = self.root == Kind::Municipality;
        match (language, named) {
            (Language::Sv, Named::Board) => match self.body {
                Some(Kind::Company) => noun("styrelse", "styrelsen", "styrelsens"),
                Some(Kind::Federation) => noun("direktion", "direktionen", "direktionens"),
                Some(_) => noun("nämnd", "nämnden", "nämndens"),
                None => noun("nämnd eller styrelse", "nämnden eller styrelsen", "nämndens eller styrelsens"),
            },
            (Language::En, Named::Board) => noun("board", "the board", "the board's"),
            (Language::Sv, Named::Body) => match self.body {
                Some(Kind::Company) => noun("bolag", "bolaget", "bolagets"),
                Some(Kind::Federation) => noun("kommunalförbund", "kommunalförbundet", "kommunalförbundets"),
                Some(_) => noun("nämnd", "nämnden", "nämndens"),
                None => noun("nämnd eller bolag", "nämnden eller bolaget", "nämndens eller bolagets"),
            },
            (Language::En, Named::Body) => match self.body {
                Some(Kind::Company) => noun("company", "the company", "the company's"),
                Some(Kind::Federation) => noun("federation", "the federation", "the federation's"),
                Some(_) => noun("board", "the board", "the board's"),
                None => noun("body", "the body", "the body's"),
            },
            (Language::Sv, Named::Head) => match self.body {
                Some(Kind::Company) => {
                    noun("verkställande direktör", "verkställande direktören", "verkställande direktörens")
                }
                Some(Kind::Federation) => noun("förbundsdirektör", "förbundsdirektören", "förbundsdirektörens"),
                Some(_) => noun("förvaltningschef", "förvaltningschefen", "förvaltningschefens"),
                None => {
                    noun("förvaltningschef eller vd", "förvaltningschefen eller vd", "förvaltningschefens eller vd:s")
                }
            },
            (Language::En, Named::Head) => noun("head of the body", "the head of the body", "the head of the body's"),
            (Language::Sv, Named::Region) if municipal => noun("kommun", "kommunen", "kommunens"),
            (Language::Sv, Named::Region) => noun("region", "regionen", "regionens"),
            (Language::En, Named::Region) if municipal => {
                noun("municipality", "the municipality", "the municipality's")
            }
            (Language::En, Named::Region) => noun("region", "the region", "the region's"),
            (Language::Sv, Named::Office) if municipal => {
                noun("kommunledningskontor", "kommunledningskontoret", "kommunledningskontorets")
            }
            (Language::Sv, Named::Office) => {
                noun("regionledningskontor", "regionledningskontoret", "regionledningskontorets")
            }
            (Language::En, Named::Office) if municipal => {
                noun("municipal executive office", "the municipal executive office", "the municipal executive office's")
            }
            (Language::En, Named::Office) => noun("regional office", "the regional office", "the regional office's"),
            (Language::Sv, Named::Council) if municipal => {
                noun("kommunfullmäktige", "kommunfullmäktige", "kommunfullmäktiges")
            }
            (Language::Sv, Named::Council) => noun("regionfullmäktige", "regionfullmäktige", "regionfullmäktiges"),
            (Language::En, Named::Council) if municipal => {
                noun("municipal council", "the municipal council", "the municipal council's")
            }
            (Language::En, Named::Council) => {
                noun("regional council", "the regional council", "the regional council's")
            }
            // Its name is the same in both languages.
            (_, Named::Auditors) if self.auditors.is_some() => own(self.auditors.as_deref().unwrap_or_default()),
            (Language::Sv, Named::Auditors) if municipal => noun("revisorer", "revisorerna", "revisorernas"),
            (Language::Sv, Named::Auditors) => noun("regionrevisorer", "regionrevisorerna", "regionrevisorernas"),
            (Language::En, Named::Auditors) if municipal => {
                noun("auditors of the municipality", "the auditors of the municipality", "the municipality's auditors'")
            }
            (Language::En, Named::Auditors) => {
                noun("auditors of the region", "the region's auditors", "the region's auditors'")
            }
        }
    }

    /// The same as sentences most often name it: "nämnden", "the board".
    pub fn the(&self, named: Named, language: Language) -> Said {
        self.noun(named, language).definite
    }

    /// What a plan is called, before its year, as it stands within a sentence. Who has a name of their own for it says the
    /// same in both languages, as of all own words.
    pub fn plan(&self, language: Language) -> Said {
        match (&self.words.plan, language) {
            (Some(own), _) => Cow::Owned(small(own)),
            (None, Language::Sv) => Cow::Borrowed("plan för intern kontroll"),
            (None, Language::En) => Cow::Borrowed("internal control plan"),
        }
    }

    /// What the report of a period is called, before the period and its year.
    pub fn report(&self, language: Language) -> Said {
        match (&self.words.report, language) {
            (Some(own), _) => Cow::Owned(small(own)),
            (None, Language::Sv) => Cow::Borrowed("rapport om intern kontroll"),
            (None, Language::En) => Cow::Borrowed("report on internal control"),
        }
    }

    /// Whether the body says a word of a closed list in its own way.
    pub fn says_own<W: Word>(&self, word: W) -> bool {
        self.words.label(W::LIST, word.as_str()).is_some()
    }

    /// A word of a closed list, in lower case, as it is said here.
    pub fn label<W: Word>(&self, word: W, language: Language) -> Said {
        if let Some(own) = self.words.label(W::LIST, word.as_str()) {
            return Cow::Owned(small(own));
        }
        let said = |named, form: fn(Noun) -> Said| form(self.noun(named, language));
        let is = |list: &str, one: &str| list == W::LIST && one == word.as_str();
        let sv = language == Language::Sv;
        if is(Role::LIST, Role::Head.as_str()) {
            return said(Named::Head, |noun| noun.plain);
        }
        if is(Role::LIST, Role::RegionAdministrator.as_str()) && self.root == OrganisationKind::Municipality {
            return Cow::Borrowed(if sv { "kommunadministratör" } else { "municipality administrator" });
        }
        if is(RecommendationSource::LIST, RecommendationSource::Auditors.as_str()) {
            return said(Named::Auditors, |noun| noun.definite);
        }
        if is(DialogueSide::LIST, DialogueSide::Body.as_str()) {
            return said(Named::Body, |noun| noun.definite);
        }
        if is(DecidedBy::LIST, DecidedBy::Board.as_str()) {
            return said(Named::Board, |noun| noun.plain);
        }
        if is(TaskKind::LIST, TaskKind::BoardNotice.as_str()) {
            let board = self.the(Named::Board, language);
            return Cow::Owned(match language {
                Language::Sv => format!("brist att underrätta {board} om"),
                Language::En => format!("a deficiency to tell {board} of"),
            });
        }
        Cow::Borrowed(word.label(language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::words::{Period, Response};

    const BODIES: [OrganisationKind; 3] =
        [OrganisationKind::Board, OrganisationKind::Company, OrganisationKind::Federation];

    #[test]
    fn a_company_has_no_board_of_politicians_and_no_head_of_administration() {
        for root in [OrganisationKind::Region, OrganisationKind::Municipality] {
            for named in Named::ALL {
                let Noun { plain, definite, genitive } =
                    Manner::of(root).with(OrganisationKind::Company).noun(named, Language::Sv);
                for said in [plain, definite, genitive] {
                    assert!(!said.contains("nämnd") && !said.contains("förvaltningschef"), "{named:?}: {said}");
                }
            }
        }
        let company = Manner::default().with(OrganisationKind::Company);
        assert_eq!(company.label(Role::Head, Language::Sv), "verkställande direktör");
        assert_eq!(company.label(TaskKind::BoardNotice, Language::Sv), "brist att underrätta styrelsen om");
        assert_eq!(company.label(DialogueSide::Body, Language::En), "the company");
    }

    #[test]
    fn a_municipality_has_no_region() {
        let municipality = Manner::of(OrganisationKind::Municipality);
        for manner in BODIES.map(|body| municipality.with(body)).into_iter().chain([municipality]) {
            for language in [Language::Sv, Language::En] {
                for named in Named::ALL {
                    let Noun { plain, definite, genitive } = manner.noun(named, language);
                    for said in [plain, definite, genitive] {
                        assert!(!said.contains("region"), "{said}");
                    }
                }
                for word in Role::ALL {
                    assert!(!manner.label(*word, language).contains("region"), "{word}");
                }
                for word in RecommendationSource::ALL {
                    assert!(!manner.label(*word, language).contains("region"), "{word}");
                }
                for word in TaskKind::ALL {
                    assert!(!manner.label(*word, language).contains("region"), "{word}");
                }
            }
        }
    }

    #[test]
    fn a_unit_is_no_body_and_of_nobody_known_both_words_are_said() {
        let unit = Manner::default().with(OrganisationKind::Unit);
        assert_eq!(unit, Manner::default());
        assert_eq!(unit.the(Named::Board, Language::Sv), "nämnden eller styrelsen");
        assert_eq!(unit.label(Role::Head, Language::Sv), Role::Head.label(Language::Sv));
        assert_eq!(unit.label(RecommendationSource::Auditors, Language::En), "the region's auditors");
    }

    #[test]
    fn own_words_are_said_in_place_of_everyones() {
        let words = OwnWords {
            plan: Some("Kontrollplan".into()),
            limit: Some("Granskning".into()),
            t1: Some("Deluppföljning 1".into()),
            ..OwnWords::default()
        };
        let manner = Manner { words: Arc::new(words), ..Manner::default() }.with(OrganisationKind::Board);
        assert_eq!(manner.plan(Language::Sv), "kontrollplan");
        assert_eq!(manner.label(Response::Limit, Language::En), "granskning");
        assert_eq!(manner.label(Response::Share, Language::Sv), "dela");
        assert_eq!(manner.label(Period::T1, Language::Sv), "deluppföljning 1");
        assert_eq!(manner.label(Period::Annual, Language::Sv), "år");
        assert_eq!(Manner::default().report(Language::Sv), "rapport om intern kontroll");
    }

    #[test]
    fn auditors_are_called_what_they_call_themselves() {
        for (name, definite, genitive) in [
            ("Stadsrevisionen", "stadsrevisionen", "stadsrevisionens"),
            ("PKR", "PKR", "PKRs"),
            ("Revision Väs", "revision Väs", "revision Väs"),
        ] {
            let manner = Manner { auditors: Some(name.into()), ..Manner::of(OrganisationKind::Municipality) };
            let noun = manner.with(OrganisationKind::Board).noun(Named::Auditors, Language::Sv);
            assert_eq!((&*noun.definite, &*noun.genitive), (definite, genitive));
            assert_eq!(manner.label(RecommendationSource::Auditors, Language::En), definite);
        }
    }
}
