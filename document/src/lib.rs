//! The documents of the register: a frozen snapshot in, PDF out. Pure: no clock, no database, no network.

pub mod snapshot;
