//! `serve`: the service, until it is told to stop.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::register::{Outcome, known, sentences};
use crate::config::Config;
use crate::server;
use crate::spans;
use crate::storage::{hold_alone, refuse_unfit};

/// Serves until a signal to stop. `greeting` is printed once the service listens.
pub fn run(config: Config, greeting: &[String]) -> Outcome {
    let _alone = hold_alone(&config.database).map_err(|why| vec![why])?;
    known(&config.database)?;
    refuse_unfit(&config.database, &config.signer).map_err(|why| vec![why])?;
    let _telling = match &config.otlp {
        Some(collector) => {
            let telling = spans::start(collector, &config.authorities);
            Some(telling.map_err(|fault| vec![format!("RISKREGISTER_OTLP_URL: {fault}")])?)
        }
        None => None,
    };
    actix_web::rt::System::new().block_on(async {
        let drain = config.drain;
        let running = server::start(config).map_err(sentences)?;
        stop_when_told(running.server.handle(), running.stopping.clone(), drain).map_err(|e| vec![e.to_string()])?;
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

/// Stops at SIGTERM and SIGINT: first it says at `/readyz` that it is stopping, so that a proxy sends nobody here any more;
/// then it ends what it has begun. A second signal does not wait.
fn stop_when_told(
    server: actix_web::dev::ServerHandle,
    stopping: Arc<AtomicBool>,
    drain: Duration,
) -> std::io::Result<()> {
    let mut signals = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
    actix_web::rt::spawn(async move {
        any(&mut signals).await;
        stopping.store(true, Ordering::Relaxed);
        let waited = tokio::time::timeout(drain, any(&mut signals)).await;
        server.stop(waited.is_err()).await;
    });
    Ok(())
}

async fn any([one, other]: &mut [Signal; 2]) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}
