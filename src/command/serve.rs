//! `serve`: the service, until it is told to stop.

use super::register::{Outcome, told};
use crate::config::Config;
use crate::server;

/// Serves until a signal to stop. `greeting` is printed once the service listens.
pub fn run(config: Config, greeting: &[String]) -> Outcome {
    actix_web::rt::System::new().block_on(async {
        let running = server::start(config).map_err(told)?;
        println!("Riskregister listens on http://{}", running.address);
        if !greeting.is_empty() {
            println!("  API documentation   http://{}/api/v1/docs/", running.address);
        }
        for line in greeting {
            println!("{line}");
        }
        running.server.await.map_err(|e| vec![e.to_string()])
    })
}
