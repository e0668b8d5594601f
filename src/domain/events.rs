//! The kinds of events: a closed list, each with a sentence. What is written into the history, told by the feed, asked for by
//! a filter and sent to webhooks is of one of these.

use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::manner::{Manner, Named};
use super::text::capital;
use super::words::Language;

/// A kind of event: its name, and what happened, as a sentence without its full stop.
#[derive(Debug, PartialEq, Eq)]
pub struct EventKind {
    /// Of what, and what was done: `risk.assessed`.
    pub name: &'static str,
    sv: &'static str,
    en: &'static str,
}

const fn kind(name: &'static str, sv: &'static str, en: &'static str) -> EventKind {
    EventKind { name, sv, en }
}

/// What stands in older histories, and is written no more: what was adopted is told by the plan's event.
pub const FORMER: &[&str] = &["action.adopted", "control.adopted", "risk.adopted"];

impl EventKind {
    /// All of them, in the order of their names.
    pub const ALL: &[Self] = KINDS;

    pub fn parse(name: &str) -> Option<&'static Self> {
        KINDS.binary_search_by(|kind| kind.name.cmp(name)).ok().and_then(|at| KINDS.get(at))
    }

    /// What happened, to people of whom those in it are spoken so.
    pub fn sentence(&self, manner: &Manner, language: Language) -> String {
        let mut said = match language {
            Language::Sv => self.sv,
            Language::En => self.en,
        }
        .to_owned();
        for (small, large, named) in [
            ("{board}", "{Board}", Named::Board),
            ("{office}", "{Office}", Named::Office),
            ("{region}", "{Region}", Named::Region),
        ] {
            if said.contains(small) || said.contains(large) {
                let the = manner.noun(named, language).definite;
                said = said.replace(small, &the).replace(large, &capital(&the));
            }
        }
        said
    }
}

/// What can be asked for: one kind, or all of a thing's (`risk.*`).
pub fn wanted() -> impl Iterator<Item = String> {
    let groups = KINDS.chunk_by(|a, b| of(a.name) == of(b.name)).map(|group| format!("{}.*", of(group[0].name)));
    groups.chain(KINDS.iter().map(|kind| kind.name.to_owned()))
}

/// What begins the names of all kinds about one thing.
fn of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(thing, _)| thing)
}

impl PartialSchema for EventKind {
    fn schema() -> RefOr<Schema> {
        let line = |kind: &Self| {
            let [en, sv] = [Language::En, Language::Sv].map(|language| kind.sentence(&Manner::default(), language));
            format!("\n* `{}`: {en}. {sv}.", kind.name)
        };
        let lines: String = KINDS.iter().map(line).collect();
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(KINDS.iter().map(|kind| kind.name)))
            .description(Some(format!("What happened.\n{lines}")))
            .examples([serde_json::json!("risk.assessed")])
            .into()
    }
}

impl ToSchema for EventKind {}

/// In the order of their names, by which they are found.
const KINDS: &[EventKind] = &[
    kind("access.refused", "Någon nekades åtkomst", "Somebody was refused"),
    kind("action.adopted", "Åtgärden fastställdes med planen", "The action was adopted with the plan"),
    kind(
        "action.carriedOver",
        "Åtgärden fördes över från förra planen",
        "The action was carried over from the last plan",
    ),
    kind("action.changed", "Åtgärden ändrades", "The action was changed"),
    kind(
        "action.corrected",
        "Åtgärdens rapport kompletterades med en rättelse",
        "A correction was added to a report on the action",
    ),
    kind("action.created", "Åtgärden lades till", "The action was added"),
    kind("action.deleted", "Åtgärden togs bort", "The action was deleted"),
    kind("action.handedOver", "Åtgärden fick en ny ansvarig", "The action was handed over"),
    kind("action.reported", "Åtgärden rapporterades", "The action was reported on"),
    kind(
        "action.restored",
        "Åtgärden kom tillbaka när revideringen avbröts",
        "The action came back when the revision was abandoned",
    ),
    kind(
        "assessment.changed",
        "Bedömningen hör inte längre till en tidigare plans",
        "The assessment no longer goes back to one of an earlier plan",
    ),
    kind(
        "assessment.copied",
        "Bedömningen fördes över från förra planen",
        "The assessment was carried over from the last plan",
    ),
    kind("assessment.deleted", "Bedömningen togs bort", "The assessment was deleted"),
    kind(
        "assessment.restored",
        "Bedömningen kom tillbaka när revideringen avbröts",
        "The assessment came back when the revision was abandoned",
    ),
    kind("auditOpinion.changed", "Revisorernas bedömning ändrades", "The opinion of the auditors was changed"),
    kind("auditOpinion.created", "Revisorernas bedömning lades in", "The opinion of the auditors was added"),
    kind("auditOpinion.deleted", "Revisorernas bedömning togs bort", "The opinion of the auditors was deleted"),
    kind("calendar.closed", "Kalenderns adress togs bort", "The address of the calendar was taken away"),
    kind("calendar.opened", "En kalender fick en adress", "A calendar got an address"),
    kind("compiledReport.changed", "Den samlade rapporten ändrades", "The compiled report was changed"),
    kind("compiledReport.created", "Den samlade rapporten skapades", "The compiled report was created"),
    kind(
        "compiledReport.discarded",
        "Utkastet till samlad rapport togs bort",
        "The draft of a compiled report was deleted",
    ),
    kind("compiledReport.finalized", "Den samlade rapporten gjordes slutlig", "The compiled report was made final"),
    kind("control.adopted", "Kontrollen fastställdes med planen", "The control was adopted with the plan"),
    kind(
        "control.carriedOver",
        "Kontrollen fördes över från förra planen",
        "The control was carried over from the last plan",
    ),
    kind("control.changed", "Kontrollen ändrades", "The control was changed"),
    kind(
        "control.corrected",
        "Kontrollens rapport kompletterades med en rättelse",
        "A correction was added to a report on the control",
    ),
    kind("control.created", "Kontrollen lades till", "The control was added"),
    kind("control.deleted", "Kontrollen togs bort", "The control was deleted"),
    kind("control.handedOver", "Kontrollen fick en ny ansvarig genom överlämning", "The control was handed over"),
    kind(
        "control.indicatorContinued",
        "Kontrollen följer indikatorns fortsättning",
        "The control follows the indicator that continues its own",
    ),
    kind("control.reported", "Kontrollen rapporterades", "The control was reported on"),
    kind("control.responsibleChanged", "Kontrollen fick en ny ansvarig", "The control was given to somebody else"),
    kind(
        "control.restored",
        "Kontrollen kom tillbaka när revideringen avbröts",
        "The control came back when the revision was abandoned",
    ),
    kind("deadline.changed", "Rapporteringens sista dag ändrades", "The last day to report was changed"),
    kind("deadline.set", "Rapporteringens sista dag bestämdes", "The last day to report was set"),
    kind("deficiency.changed", "Bristen ändrades", "The deficiency was changed"),
    kind("deficiency.closed", "Bristen avslutades", "The deficiency was closed"),
    kind("deficiency.crimeHandled", "Misstanken om brott hanterades", "The suspicion of crime was handled"),
    kind("deficiency.crimeSuspected", "Misstanke om brott anmäldes", "A suspicion of crime was raised"),
    kind("deficiency.reopened", "Bristen öppnades igen", "The deficiency was reopened"),
    kind("deficiency.reported", "Bristen rapporterades", "The deficiency was reported"),
    kind("deficiency.reportedToBoard", "{Board} underrättades om bristen", "The board was told of the deficiency"),
    kind("deficiency.reportedToRegion", "Bristen rapporterades till {office}", "{Office} was told of the deficiency"),
    kind("document.downloaded", "Ett beslutat dokument hämtades", "A decided document was downloaded"),
    kind("erasure.confirmed", "Gallringen bekräftades", "The erasure was confirmed"),
    kind("erasure.requested", "Gallring begärdes", "An erasure was requested"),
    kind("erasure.withdrawn", "Begäran om gallring återkallades", "The request of an erasure was withdrawn"),
    kind("file.added", "En fil lades till", "A file was added"),
    kind("file.changed", "Filen ändrades", "The file was changed"),
    kind("file.deleted", "Filen togs bort med det som den hörde till", "The file was deleted with what it belonged to"),
    kind("file.removed", "Filen togs bort", "The file was removed"),
    kind("file.restored", "Filen kom tillbaka med det som den hör till", "The file came back with what it belongs to"),
    kind(
        "financialMeasures.written",
        "De ekonomiska åtgärderna utan risk skrevs",
        "The financial measures without a risk were written",
    ),
    kind("goal.changed", "Målet ändrades", "The goal was changed"),
    kind("goal.created", "Målet lades till", "The goal was added"),
    kind("goal.deleted", "Målet togs bort", "The goal was deleted"),
    kind("grant.given", "En roll gavs", "A role was given"),
    kind("grant.takenBack", "En roll återkallades", "A role was taken back"),
    kind(
        "indicator.carriedOver",
        "Indikatorn togs över från ett tidigare år",
        "The indicator was taken over from an earlier year",
    ),
    kind("indicator.changed", "Indikatorn ändrades", "The indicator was changed"),
    kind("indicator.created", "Indikatorn lades till", "The indicator was added"),
    kind("indicator.deleted", "Indikatorn togs bort", "The indicator was deleted"),
    kind("log.restored", "Registret återställdes från en säkerhetskopia", "The register was restored from a backup"),
    kind("mandatoryRisk.changed", "Den obligatoriska risken ändrades", "The mandatory risk was changed"),
    kind("mandatoryRisk.issued", "Den obligatoriska risken beslutades", "The mandatory risk was issued"),
    kind("mandatoryRisk.withdrawn", "Den obligatoriska risken återkallades", "The mandatory risk was withdrawn"),
    kind(
        "note.deleted",
        "Anteckningen togs bort med det som den gällde",
        "The note was deleted with what it was about",
    ),
    kind(
        "note.restored",
        "Anteckningen kom tillbaka med det som den gäller",
        "The note came back with what it is about",
    ),
    kind("note.written", "En anteckning skrevs", "A note was written"),
    kind("organisation.changed", "Organisationen ändrades", "The organisation was changed"),
    kind("organisation.created", "Organisationen lades till", "The organisation was added"),
    kind("organisation.ended", "Organisationen upphörde", "The organisation was ended"),
    kind(
        "organisation.goalsImported",
        "Mål och indikatorer togs in ur en fil",
        "Goals and indicators were taken in from a file",
    ),
    kind("organisation.outcomesImported", "Utfall togs in ur en fil", "Outcomes were taken in from a file"),
    kind("organisation.partsImported", "Organisationer togs in ur en fil", "Organisations were taken in from a file"),
    kind("organisation.usersImported", "Användare togs in ur en fil", "Users were taken in from a file"),
    kind("outcome.changed", "Utfallet ändrades", "The outcome was changed"),
    kind("outcome.reported", "Utfallet rapporterades", "The outcome was reported"),
    kind("period.changed", "Perioden ändrades", "The period was changed"),
    kind("period.closed", "Perioden stängdes", "The period was closed"),
    kind(
        "period.reminded",
        "De som inte har rapporterat i perioden påmindes",
        "Those who have not reported in the period were reminded",
    ),
    kind("period.reopened", "Perioden öppnades igen", "The period was reopened"),
    kind("plan.adopted", "Planen fastställdes", "The plan was adopted"),
    kind("plan.changed", "Planen ändrades", "The plan was changed"),
    kind(
        "plan.changedByBoard",
        "Planen ändrades av {board} vid sammanträdet",
        "The plan was changed by the board at its meeting",
    ),
    kind("plan.closed", "Planen avslutades", "The plan was closed"),
    kind("plan.created", "Planen skapades", "The plan was made"),
    kind("plan.deficiencyAnswered", "Planen svarade på en brist", "The plan answered a deficiency"),
    kind(
        "plan.deficiencyUnanswered",
        "Planens svar på en brist återkallades",
        "The answer of the plan to a deficiency was taken back",
    ),
    kind("plan.deleted", "Planen togs bort", "The plan was deleted"),
    kind("plan.delivered", "Planen lämnades in till {region}", "The plan was delivered to {region}"),
    kind("plan.diaryNumberAdded", "Planen fick ett diarienummer till", "The plan got another diary number"),
    kind(
        "plan.goalContinued",
        "Planens målordning följde med till målets fortsättning",
        "The plan's order of goals followed a goal to the one that continues it",
    ),
    kind("plan.needsRevision", "Planen behöver revideras", "The plan needs revision"),
    kind("plan.proposed", "Planen lämnades för beslut", "The plan was proposed to the board"),
    kind("plan.returned", "Planen återremitterades", "The plan was returned"),
    kind("plan.revisionAbandoned", "Revideringen av planen avbröts", "The revision of the plan was abandoned"),
    kind("plan.revisionBegun", "En revidering av planen påbörjades", "A revision of the plan was begun"),
    kind("plan.risksImported", "Risker togs in i planen ur en fil", "Risks were taken into the plan from a file"),
    kind("plan.sealed", "Planen förseglades", "The plan was sealed"),
    kind(
        "plan.sectionCarriedOver",
        "En text fördes över från förra planen",
        "A text was carried over from the last plan",
    ),
    kind("plan.sectionConfirmed", "En överförd text bekräftades", "A text that was carried over was confirmed"),
    kind("plan.sectionDeleted", "En av planens texter togs bort", "A text of the plan was deleted"),
    kind("plan.sectionWritten", "En av planens texter skrevs", "A text of the plan was written"),
    kind("policyVersion.created", "En ny version av skalan beslutades", "A new version of the scale was made"),
    kind("recommendation.changed", "Rekommendationen ändrades", "The recommendation was changed"),
    kind("recommendation.closed", "Rekommendationen avslutades", "The recommendation was closed"),
    kind("recommendation.created", "Rekommendationen lades in", "The recommendation was added"),
    kind("recommendation.entryAdded", "Ett inlägg skrevs i dialogen", "Something was written in the dialogue"),
    kind("recommendation.handedOver", "Rekommendationen fick en ny ansvarig", "The recommendation was handed over"),
    kind("recommendation.reopened", "Rekommendationen öppnades igen", "The recommendation was reopened"),
    kind("register.exported", "Registret exporterades", "The register was exported"),
    kind("reminders.turnedOff", "Veckobrevet stängdes av", "The weekly letter was turned off"),
    kind("reminders.turnedOn", "Veckobrevet sattes på", "The weekly letter was turned on"),
    kind("report.changed", "Uppföljningsrapporten ändrades", "The follow-up report was changed"),
    kind(
        "report.changedByBoard",
        "Uppföljningsrapporten ändrades av {board} vid sammanträdet",
        "The follow-up report was changed by the board at its meeting",
    ),
    kind("report.created", "Uppföljningsrapporten skapades", "The follow-up report was made"),
    kind("report.decided", "Uppföljningsrapporten beslutades", "The follow-up report was decided"),
    kind(
        "report.delivered",
        "Uppföljningsrapporten lämnades in till {region}",
        "The follow-up report was delivered to {region}",
    ),
    kind(
        "report.diaryNumberAdded",
        "Uppföljningsrapporten fick ett diarienummer till",
        "The follow-up report got another diary number",
    ),
    kind("report.discarded", "Utkastet till uppföljningsrapport togs bort", "The follow-up report was discarded"),
    kind("report.finalized", "Uppföljningsrapporten gjordes slutlig", "The follow-up report was made final"),
    kind("report.returned", "Uppföljningsrapporten återremitterades", "The follow-up report was returned"),
    kind("risk.adopted", "Risken fastställdes med planen", "The risk was adopted with the plan"),
    kind("risk.assessed", "Risken bedömdes", "The risk was assessed"),
    kind("risk.carriedOver", "Risken fördes över från förra planen", "The risk was carried over from the last plan"),
    kind("risk.changed", "Risken ändrades", "The risk was changed"),
    kind("risk.created", "Risken lades till", "The risk was added"),
    kind("risk.deleted", "Risken togs bort", "The risk was deleted"),
    kind(
        "risk.goalContinued",
        "Risken följde med till målets fortsättning",
        "The risk followed its goal to the one that continues it",
    ),
    kind("risk.handedOver", "Risken fick en ny ägare genom överlämning", "The risk was handed over"),
    kind("risk.madeMandatory", "Risken blev obligatorisk", "The risk became mandatory"),
    kind("risk.mandatoryNoMore", "Risken är inte längre obligatorisk", "The risk is no longer mandatory"),
    kind("risk.notSetAside", "Risken togs upp igen", "The risk was taken up again"),
    kind(
        "risk.notTakenIn",
        "Beslutet att ta med risken återkallades",
        "The decision to include the risk was taken back",
    ),
    kind("risk.ownerChanged", "Risken fick en ny ägare", "The risk was given to another owner"),
    kind("risk.renumbered", "Risken fick ett nytt nummer", "The risk was renumbered"),
    kind("risk.rescored", "Riskvärdet räknades om", "The risk was scored anew"),
    kind(
        "risk.restored",
        "Risken kom tillbaka när revideringen avbröts",
        "The risk came back when the revision was abandoned",
    ),
    kind("risk.retired", "Risken utgick", "The risk was retired"),
    kind("risk.setAside", "Risken valdes bort", "The risk was set aside"),
    kind("risk.takenIn", "Risken togs med genom beslut", "The risk was included by decision"),
    kind("scoringPolicy.changed", "Skalan ändrades", "The scale was changed"),
    kind("scoringPolicy.created", "Skalan lades till", "The scale was added"),
    kind(
        "selfAssessment.written",
        "Den egna bedömningen av den interna kontrollen skrevs",
        "The own assessment of internal control was written",
    ),
    kind("serviceAccount.changed", "Tjänstekontot ändrades", "The service account was changed"),
    kind("serviceAccount.created", "Tjänstekontot lades till", "The service account was added"),
    kind("serviceAccount.ended", "Tjänstekontot avslutades", "The service account was ended"),
    kind("serviceAccount.reactivated", "Tjänstekontot öppnades igen", "The service account was reactivated"),
    kind("serviceCredential.created", "Tjänstekontot fick en hemlighet", "The service account was given a secret"),
    kind(
        "serviceCredential.replaced",
        "Tjänstekontots hemlighet byttes",
        "The secret of the service account was replaced",
    ),
    kind(
        "serviceCredential.revoked",
        "Tjänstekontots hemlighet återkallades",
        "The secret of the service account was revoked",
    ),
    kind("session.emergency", "Nödkontot användes för att logga in", "The account for emergencies was used to sign in"),
    kind("session.ended", "En inloggning avslutades", "A sign-in was ended"),
    kind("session.endedAll", "Alla inloggningar avslutades", "All sign-ins were ended"),
    kind("session.refused", "En inloggning nekades", "A sign-in was refused"),
    kind("session.started", "Någon loggade in", "Somebody signed in"),
    kind("signingKey.taken", "En ny nyckel togs i bruk", "A new key was taken into use"),
    kind("standingText.changed", "Standardtexten ändrades", "The standing text was changed"),
    kind("standingText.created", "Standardtexten lades till", "The standing text was added"),
    kind("standingText.deleted", "Standardtexten togs bort", "The standing text was deleted"),
    kind("text.erased", "En text gallrades", "A text was erased"),
    kind("token.issued", "Ett annat system loggade in", "Another system signed in"),
    kind("token.refused", "Ett annat systems inloggning nekades", "A sign-in of another system was refused"),
    kind("user.changed", "Användaren ändrades", "The user was changed"),
    kind("user.created", "Användaren lades till", "The user was added"),
    kind("user.deactivated", "Användaren stängdes av", "The user was deactivated"),
    kind("user.invited", "Användaren bjöds in", "The user was invited"),
    kind("user.passwordChanged", "Lösenordet byttes", "The password was changed"),
    kind("user.passwordForgotten", "En länk för ett nytt lösenord skickades", "A link for a new password was sent"),
    kind("user.reactivated", "Användaren öppnades igen", "The user was reactivated"),
    kind("webhook.changed", "Webhooken ändrades", "The webhook was changed"),
    kind("webhook.created", "Webhooken lades till", "The webhook was added"),
    kind("webhook.deleted", "Webhooken togs bort", "The webhook was deleted"),
    kind("webhook.paused", "Webhooken pausades", "The webhook was paused"),
    kind("webhook.replayed", "Händelser skickades om till webhooken", "Events were sent anew to the webhook"),
    kind("webhook.secretChanged", "Webhookens hemlighet byttes", "The secret of the webhook was changed"),
    kind("wording.changed", "De egna orden ändrades", "The own words were changed"),
    kind("wording.created", "Egna ord lades till", "Own words were added"),
    kind("wording.deleted", "De egna orden togs bort", "The own words were deleted"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_stands_once_in_its_place_and_says_what_it_is() {
        assert!(KINDS.is_sorted_by(|a, b| a.name < b.name));
        for kind in KINDS {
            assert_eq!(EventKind::parse(kind.name), Some(kind));
            for language in [Language::Sv, Language::En] {
                let said = kind.sentence(&Manner::default(), language);
                assert!(said.starts_with(char::is_uppercase) && !said.contains(['{', '.']), "{}: {said}", kind.name);
            }
        }
        for former in FORMER {
            assert!(EventKind::parse(former).is_some(), "{former} stands in older histories");
        }
        assert!(EventKind::parse("risk").is_none() && EventKind::parse("risk.*").is_none());
        let wanted: Vec<String> = wanted().collect();
        assert!(wanted.contains(&"risk.*".to_owned()) && wanted.contains(&"risk.assessed".to_owned()));
        assert_eq!(wanted.iter().filter(|one| one.starts_with("plan.*")).count(), 1);
    }
}
