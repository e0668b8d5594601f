//! A register of one's own for each test, somebody to call it as, and the contract that every answer is held against.
//!
//! ```ignore
//! both! {
//!     fn a_name_can_be_changed(world: &World) {
//!         let path = format!("/organisations/{}", world.board);
//!         world.controller.get(&path).expect(200);
//!         world.admin.patch_current(&path, json!({"name": "Musiknämnden"})).expect(200);
//!     }
//! }
//! ```
//!
//! gives the tests `a_name_can_be_changed::sqlite` and `…::postgres`.

mod binary;
pub mod browser;
pub mod clamd;
mod client;
pub mod cluster;
mod contract;
pub mod depth;
pub mod edits;
pub mod forgery;
mod lived;
pub mod load;
pub mod office;
pub mod pdf;
pub mod plans;
pub mod postgres;
mod register;
pub mod s3;
pub mod smtp;
pub mod times;
pub mod tls;
pub mod visitor;
mod wire;
mod world;

pub use binary::{Serving, binary};
pub use client::{Answer, Client, wait};
pub use contract::contract;
pub use register::{Databases, Directory, Register, Start, password_hash, signing_key};
pub use wire::{Reply, Wire};
pub use world::{Person, World, address};

/// Says that something is over when it is dropped, also where the test falls: others would go on for ever.
pub struct Ends<'a>(pub &'a std::sync::atomic::AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

/// Makes each function a test on both databases. Its argument is what it starts from: a [`Register`] that holds nothing
/// but its administrator, or a [`World`] with bodies and people.
macro_rules! both {
    ($($(#[$about:meta])* fn $name:ident($given:ident: &$kind:ty) $body:block)*) => {$(
        $crate::kit::on_each! { $(#[$about])* fn $name($given: &$kind, sqlite, postgres) $body }
    )*};
}

/// The same for long walks over the pages, which do what other tests hold on both databases by day: on PostgreSQL their
/// names say that they are for the night, and `scripts/test` leaves them to `scripts/nightly`.
macro_rules! walks {
    ($($(#[$about:meta])* fn $name:ident($given:ident: &$kind:ty) $body:block)*) => {$(
        $crate::kit::on_each! { $(#[$about])* fn $name($given: &$kind, sqlite, postgres_nightly) $body }
    )*};
}

macro_rules! on_each {
    ($(#[$about:meta])* fn $name:ident($given:ident: &$kind:ty, $sqlite:ident, $postgres:ident) $body:block) => {
        $(#[$about])*
        mod $name {
            use super::*;

            fn holds($given: &$kind) $body

            #[test]
            fn $sqlite() {
                holds(&<$kind as $crate::kit::Start>::on($crate::kit::Databases::Sqlite));
            }

            #[test]
            fn $postgres() {
                holds(&<$kind as $crate::kit::Start>::on($crate::kit::Databases::Postgres));
            }
        }
    };
}
pub(crate) use {both, on_each, walks};
