//! Notes, and who can be told of them.

use diesel::prelude::*;

use super::listing::at_or_below;
use crate::error::Result;
use crate::storage::connection::MultiBackend;
use crate::storage::reading::Reading;
use crate::storage::records::{About, Grant, Note, Organisation, User};
use crate::storage::schema::{grants, notes, organisations, users};
use crate::storage::types::Id;

impl Reading<'_> {
    /// The notes about a thing, the newest first; of a plan those about itself. Read whole: what people write to each other
    /// about one thing is short.
    pub fn notes_about(&mut self, about: About) -> Result<Vec<Note>> {
        let (About::Plan(id) | About::Risk(id) | About::Control(id) | About::Action(id)) = about;
        self.once("notesAbout", id, |r| {
            let all = notes::table.into_boxed::<MultiBackend>();
            let these = match about {
                About::Plan(id) => all
                    .filter(notes::plan_id.eq(id))
                    .filter(notes::risk_id.is_null())
                    .filter(notes::control_id.is_null())
                    .filter(notes::action_id.is_null()),
                About::Risk(id) => all.filter(notes::risk_id.eq(id)),
                About::Control(id) => all.filter(notes::control_id.eq(id)),
                About::Action(id) => all.filter(notes::action_id.eq(id)),
            };
            let newest = these.order((notes::created_at.desc(), notes::id.desc()));
            Ok(newest.select(Note::as_select()).load(r.c)?)
        })
    }

    /// Every note in a plan: about itself, and about what stands in it.
    pub fn notes_in_plan(&mut self, plan: Id) -> Result<Vec<Note>> {
        let all = notes::table.filter(notes::plan_id.eq(plan)).order((notes::created_at.asc(), notes::id.asc()));
        Ok(all.select(Note::as_select()).load(self.c)?)
    }

    /// The roles of active people on some organisations, and on those at and below a path: who has each, and where it was
    /// given.
    pub fn roles_around(&mut self, above: &[Id], path: &str) -> Result<Vec<(User, Grant, Organisation)>> {
        let (from, to) = at_or_below(path);
        let within = organisations::path.ge(from).and(organisations::path.lt(to));
        let all: Vec<(User, Grant, Organisation)> = grants::table
            .inner_join(users::table.on(users::id.eq(grants::user_id)))
            .inner_join(organisations::table.on(organisations::id.eq(grants::organisation_id)))
            .filter(users::active.eq(true))
            .filter(organisations::id.eq_any(above.to_vec()).or(within))
            .order((users::id.asc(), grants::id.asc()))
            .select((User::as_select(), Grant::as_select(), Organisation::as_select()))
            .load(self.c)?;
        for (user, _, at) in &all {
            self.know(std::slice::from_ref(user));
            self.know(std::slice::from_ref(at));
        }
        Ok(all)
    }
}
