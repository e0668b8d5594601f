//! The register as its clients meet it: real HTTP, on SQLite and on PostgreSQL, one file a noun.
//!
//! [`kit`] starts a register, calls it as somebody, and holds every answer against the contract.

#[allow(dead_code, unused_imports, reason = "the kit offers more than the tests of today take")]
mod kit;

mod auditing;
mod as_of;
mod cli;
mod config;
mod crash;
mod damage;
mod deficiencies;
mod decisions;
mod demo;
mod dockerfile;
mod documents;
mod finality;
mod financial_effects;
mod erasures;
mod faces;
mod floors;
mod follow_up;
mod follow_up_races;
mod goals;
mod journeys;
mod ground_rules;
mod hostile_texts;
mod indicators;
mod life;
mod lives;
mod logs;
mod mandatory_risks;
mod mutants;
mod names;
mod none_said;
mod offers;
mod oidc;
mod openapi;
mod organisations;
mod outcomes;
mod pages;
mod planted;
mod query_plans;
mod races;
mod recommendations;
mod reminders;
mod reports;
mod rights;
mod risks;
mod scales;
mod scoring_policies;
mod second_body;
mod second_verifier;
mod self_assessments;
mod service_accounts;
mod serving;
mod sessions;
mod sqlite;
mod standing_texts;
mod statements;
mod three_bodies;
mod told;
mod upgrade;
mod users;
mod webhooks;
mod whole_year;
