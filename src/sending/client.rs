//! The ways out to webhooks. Nothing is sent to an address that is not public on the internet, unless the operator allowed
//! that very host: a name is looked up once, what it leads to is judged, and that is what is connected to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::authorities::Authorities;
use crate::domain::addresses::is_public;
use crate::domain::words::DeliveryFault;
use crate::error::{Error, Result};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the look-up of the name to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Two ways out: one for the open internet, one for the hosts that the operator named.
pub(super) struct Clients {
    pub(super) guarded: reqwest::Client,
    pub(super) allowed: reqwest::Client,
}

impl Clients {
    pub(super) fn new(authorities: &Authorities) -> Result<Self> {
        let client = |guarded| {
            authorities
                .client()
                .user_agent(concat!("riskregister/", env!("CARGO_PKG_VERSION")))
                .dns_resolver(Arc::new(Lookup { guarded }))
                // A proxy would look the name up anew, and a redirect lead where nobody has looked.
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .timeout(TIMEOUT)
                .build()
                .map_err(Error::internal)
        };
        Ok(Self { guarded: client(true)?, allowed: client(false)? })
    }
}

/// Looks a name up, and lets through only what may be connected to. (An address in place of a name is never looked up:
/// `Destination::parse` judges it.)
struct Lookup {
    guarded: bool,
}

/// Why a name leads nowhere.
#[derive(Debug)]
struct Nowhere(DeliveryFault);

impl std::fmt::Display for Nowhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Nowhere {}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let guarded = self.guarded;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|_| Nowhere(DeliveryFault::NameUnknown))?;
            let open: Vec<SocketAddr> = found.filter(|address| !guarded || is_public(address.ip())).collect();
            if open.is_empty() {
                return Err(Nowhere(DeliveryFault::AddressRefused).into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

/// Why something could not be sent.
pub(super) fn fault_of(error: &reqwest::Error) -> DeliveryFault {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(nowhere) = inner.downcast_ref::<Nowhere>() {
            return nowhere.0;
        }
        cause = inner.source();
    }
    if error.is_timeout() { DeliveryFault::TimedOut } else { DeliveryFault::ConnectionFailed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_up(name: &str, guarded: bool) -> std::result::Result<Vec<SocketAddr>, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let name = name.parse().expect("a name");
        let found = runtime.block_on(Lookup { guarded }.resolve(name));
        found.map(Iterator::collect).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_name_that_leads_home_leads_nowhere() {
        assert_eq!(look_up("localhost", true), Err("addressRefused".into()));
        assert!(look_up("localhost", false).is_ok_and(|found| found.iter().all(|a| a.ip().is_loopback())));
        // Not looked up as a name by the client, but if it were:
        assert_eq!(look_up("169.254.169.254", true), Err("addressRefused".into()));
        assert_eq!(look_up("127.1", true), Err("addressRefused".into()));
        assert!(look_up("8.8.8.8", true).is_ok_and(|found| found.len() == 1));
    }

    #[test]
    fn a_name_that_nobody_has_is_unknown() {
        assert_eq!(look_up("nobody.invalid", true), Err("nameUnknown".into()));
    }
}
