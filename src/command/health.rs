//! `health`: whether the service at LISTEN is alive.

use super::register::Outcome;
use crate::config::Settings;

pub fn run(settings: &Settings) -> Outcome {
    let mut address = settings.listen().map_err(|fault| vec![fault])?;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    actix_web::rt::System::new().block_on(async {
        let answer = reqwest::get(format!("http://{address}/healthz")).await.map_err(|e| vec![e.to_string()])?;
        if answer.status().is_success() { Ok(()) } else { Err(vec![format!("answered {}", answer.status())]) }
    })
}
