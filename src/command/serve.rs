//! `serve`: the service, until it is told to stop.

use std::io::Write;

use super::register::{Outcome, known, sentences};
use crate::config::Config;
use crate::server;

/// Serves until a signal to stop. `greeting` is printed once the service listens.
pub fn run(config: Config, greeting: &[String]) -> Outcome {
    known(&config.database)?;
    actix_web::rt::System::new().block_on(async {
        let running = server::start(config).map_err(sentences)?;
        let mut told = format!("Riskregister listens on http://{}\n", running.address);
        if !greeting.is_empty() {
            told += &format!("  API documentation   http://{}/api/v1/docs/\n", running.address);
        }
        for line in greeting {
            told += line;
            told.push('\n');
        }
        // Whether anybody hears of it or not, it serves.
        let _ = std::io::stdout().write_all(told.as_bytes());
        running.server.await.map_err(|e| vec![e.to_string()])
    })
}
