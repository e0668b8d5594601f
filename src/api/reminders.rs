//! Letters and the calendar: what one wants to be sent, who is reminded, and what became of it.

use crate::app::to_do::calendar::{self, CalendarFeed, NewCalendarFeed};
use crate::app::to_do::reminders::{self, Reminded, ReminderSettings};
use crate::domain::words::{MailKind, MailStatus};
use crate::http::Answer;
use crate::http::contract::{Operation, ParameterKind, Run, operation};
use crate::storage::queries::{Mail, MailFilter};

const TAG: &str = "Reminders";

pub fn operations() -> Vec<Operation> {
    vec![
        operation(
            "get",
            "/me/reminders",
            "getMyReminders",
            TAG,
            ("Läs vad jag vill få", "Get what I want to be sent"),
            "Whether the caller gets the weekly letter: on Monday morning, of what they owe (`/me/tasks`), when there is \
             anything. On from the start. A service account is sent nothing.",
            Run::read(|r, caller, _| Answer::resource(&reminders::settings(r, caller)?)),
        )
        .gives::<ReminderSettings>("What the caller wants to be sent."),
        operation(
            "put",
            "/me/reminders",
            "changeMyReminders",
            TAG,
            ("Välj vad jag vill få", "Choose what I want to be sent"),
            "Turns the weekly letter on or off. Each letter also holds an address that turns it off without signing in.",
            Run::write(|w, caller, _, sent| Answer::resource(&reminders::change_settings(w, caller, sent)?)),
        )
        .guarded()
        .gives::<ReminderSettings>("What the caller wants from now on."),
        operation(
            "get",
            "/me/calendar",
            "getMyCalendar",
            TAG,
            ("Läs om min kalender", "Get what is known of my calendar"),
            "Whether the caller's deadlines can be read as a calendar, and since when. The address itself was told once.",
            Run::read(|r, caller, _| Answer::view(&calendar::state(r, caller)?)),
        )
        .computes::<CalendarFeed>("Whether there is an address."),
        operation(
            "post",
            "/me/calendar",
            "makeMyCalendar",
            TAG,
            ("Skapa en adress till min kalender", "Make an address for my calendar"),
            "Makes an address at which the caller's deadlines are read as a calendar (iCalendar, `text/calendar`), without \
             signing in: whoever knows it reads them. Told this once; one that was made before leads nowhere any more. \
             What is marked as secret stands there by its number alone.",
            Run::write(|w, caller, call, sent| Answer::secret(201, &calendar::open(w, caller, &call.public_url, sent)?)),
        )
        .not_idempotent()
        .hands::<NewCalendarFeed>(201, "The address."),
        operation(
            "delete",
            "/me/calendar",
            "revokeMyCalendar",
            TAG,
            ("Återkalla min kalenderadress", "Revoke the address of my calendar"),
            "The address of the caller's calendar leads nowhere any more, at once. It is no fault that there is none.",
            Run::write(|w, caller, _, sent| calendar::close(w, caller, sent).map(|()| Answer::nothing())),
        )
        .empties("There is no address."),
        super::periods::of_period(
            operation(
                "post",
                "/plans/{id}/periods/{period}/reminders",
                "remindOfPeriod",
                TAG,
                ("Påminn dem som inte har rapporterat", "Remind those who have not reported"),
                "Writes to those who are responsible for something that is due and missing in the period, or to the risk's \
                 owner where nobody is; to each at most once a day. 409 when the period takes no reports, or the register \
                 sends no mail (`mailNotConfigured`).",
                Run::write(|w, caller, call, sent| {
                    let (id, period) = (call.id()?, call.path_word("period")?);
                    Answer::secret(200, &reminders::remind(w, caller, id, period, call.mail, sent)?)
                }),
            )
            .optional_form()
            .ruled()
            .hands::<Reminded>(200, "Who is reminded, and who is not."),
        ),
        operation(
            "get",
            "/mails",
            "listMails",
            TAG,
            ("Lista utskick", "List letters that were sent"),
            "Letters of the last 90 days: to whom, of which kind, and what became of them. The regional office sees all, \
             others those to themselves. What stood in them is kept nowhere.",
            Run::read(|r, caller, call| {
                let filter = MailFilter {
                    user_id: call.any("userId"),
                    kind: call.any("kind"),
                    status: call.any("status"),
                    ..MailFilter::default()
                };
                Answer::list(call, "/mails", reminders::mails(r, caller, filter, &call.listing())?)
            }),
        )
        .filter("userId", ParameterKind::Id, "Those to this person.")
        .filter("kind", ParameterKind::words::<MailKind>(), "Those of this kind.")
        .filter("status", ParameterKind::words::<MailStatus>(), "Those that have come so far.")
        .lists::<Mail>("A page of letters, the newest first.", &["createdAt", "finishedAt"]),
    ]
}
