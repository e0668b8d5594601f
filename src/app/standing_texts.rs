//! Legal and guideline texts: data, versioned by year, the region's default with the bodies' own in its place.
//!
//! A text holds from its year until a later year brings another with the same key.

use super::region_place;
use crate::domain::words::Language;
use crate::error::Result;
use crate::storage::records::StandingText;
use crate::storage::{Id, Timestamp, Writing};

/// The ground in law of a board's plan; every plan must have it.
pub const LEGAL_GROUND: &str = "legalGround";
/// The ground in law of a company's plan; where there is none, the board's serves.
pub const LEGAL_GROUND_COMPANY: &str = "legalGroundCompany";

/// The first year for which a new register has texts.
const FIRST_YEAR: i32 = 2018;

/// The texts that a new register begins with, in our own words; the region edits them.
pub fn make_standard(w: &mut Writing, root: Id, kind: &str) -> Result<()> {
    let council = if kind == "municipality" { "kommunfullmäktige" } else { "regionfullmäktige" };
    let texts = [
        (
            LEGAL_GROUND,
            "Rättslig grund",
            format!(
                "Varje nämnd ansvarar för att verksamheten inom nämndens område bedrivs enligt de mål och riktlinjer som {council} har beslutat om och enligt de lagar och föreskrifter som gäller för den. Nämnden ska också se till att den interna kontrollen är tillräcklig och att verksamheten i övrigt bedrivs på ett tillfredsställande sätt. Ansvaret kvarstår när skötseln av en uppgift har lämnats över till någon annan.\n\nAnsvaret framgår av 6 kap. 6 § kommunallagen (2017:725)."
            ),
        ),
        (
            LEGAL_GROUND_COMPANY,
            "Rättslig grund",
            format!(
                "Styrelsen svarar för bolagets organisation och för förvaltningen av bolagets angelägenheter. Styrelsen ska se till att organisationen är utformad så att bokföring, medelsförvaltning och ekonomiska förhållanden i övrigt kontrolleras på ett betryggande sätt. Det framgår av 8 kap. 4 § aktiebolagslagen (2005:551).\n\nBolaget följer därutöver de ägardirektiv och riktlinjer som {council} har beslutat om."
            ),
        ),
    ];
    let now = Timestamp::now();
    let at = region_place(w)?;
    for (key, heading, text) in texts {
        let made = StandingText {
            id: Id::new(),
            organisation_id: root,
            year: FIRST_YEAR,
            language: Language::Sv,
            key: key.into(),
            heading: heading.into(),
            text,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        w.create(at, "standingText.created", &made)?;
    }
    Ok(())
}

// TEMPORARY
pub fn in_force(r: &mut crate::storage::Reading, _b: &crate::storage::records::Organisation, _y: i32, _l: Language) -> Result<Vec<StandingText>> {
    Ok(r.standing_texts(&Default::default(), &crate::storage::queries::Listing::all())?.items)
}
