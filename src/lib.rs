//! Riskregister: the open register of internal-control risks for public bodies.
//!
//! The house, from the ground up; a module uses only those above it in this list:
//! [`domain`] what is true · [`evidence`] what can be proved · [`error`] what can go wrong · [`files`] what people leave
//! as evidence, outside the database · [`storage`] what is kept ·
//! [`authorities`] whose certificates are trusted · [`spans`] what traces are told · [`auth`] who you are · [`seals`] what is read by nobody else · [`limits`] how much one may ask for · [`config`] what the
//! operator decided · [`pulses`] what still goes on · [`app`] what can be done · [`http`] what both faces share ·
//! [`api`] the JSON face · [`web`] the pages · [`sending`] what is sent to webhooks, and letters to people ·
//! [`open`] what opens without signing in · [`rounds`] what the service does by itself · [`server`] all of it, listening ·
//! [`demo`] SLSO's plan for 2024 · [`command`] the jobs of the command line.

// Only the command line speaks to whoever started the process; all else is told in the log.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod domain;
pub mod evidence;
pub mod error;
pub mod files;
pub mod storage;
pub mod authorities;
mod spans;
pub mod auth;
pub mod seals;
pub mod limits;
pub mod config;
pub mod pulses;
pub mod app;
pub mod http;
pub mod api;
pub mod web;
pub mod sending;
mod open;
mod rounds;
pub mod server;
mod demo;
pub mod command;
