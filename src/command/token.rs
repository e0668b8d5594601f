//! `token`: a bearer token for scripts on this host.

use super::register::{Outcome, known, sentences};
use crate::app::people::guesses::Asking;
use crate::app::people::sessions;
use crate::auth::{self, Keys};
use crate::config::Config;
use crate::error::Error;
use crate::storage::{Db, Id, Origin};

pub fn run(config: &Config, email: &str) -> Outcome {
    known(&config.database)?;
    let db = Db::new(config.database.clone(), 2);
    let keys = Keys::new(&config.secret, None).map_err(sentences)?;
    let session = Id::new();
    let user = db
        .write(&Origin::operator(), |w| {
            let user = w.user_by_email(email)?.filter(|u| u.active).ok_or(Error::NotFound)?;
            sessions::start(w, user.id, session, "host", auth::HOST_TOKEN_SECONDS, &Asking::default())?;
            Ok(user.id)
        })
        .map_err(|e| match e {
            Error::NotFound => vec![format!("there is no active user {email:?}")],
            other => sentences(other),
        })?;
    println!("{}", keys.access(user, session, auth::HOST_TOKEN_SECONDS).map_err(sentences)?);
    Ok(())
}
