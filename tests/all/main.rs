//! The register as its clients meet it: real HTTP, on SQLite and on PostgreSQL, one file a noun.
//!
//! [`kit`] starts a register, calls it as somebody, and holds every answer against the contract.

#[allow(dead_code, unused_imports, reason = "the kit offers more than the tests of today take")]
mod kit;

mod crash;
mod oidc;
mod openapi;
mod organisations;
mod sessions;
mod users;
