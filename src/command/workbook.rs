//! Reads a workbook for the service, in a process of its own. Whoever started it reads the answer, and no message.

use std::process::ExitCode;

use crate::app::imports::child;

pub fn run() -> ExitCode {
    match child::serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
