//! Authorities of one's own: who signed the certificates of the mail server, of the issuer, and of those whom webhooks lead
//! to, besides those that the system knows.

use std::path::Path;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use reqwest::ClientBuilder;

/// The certificates of authorities, as they are given to those who connect.
#[derive(Clone, Default)]
pub struct Authorities {
    web: Vec<reqwest::Certificate>,
    mail: Vec<Certificate>,
}

impl std::fmt::Debug for Authorities {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Authorities({})", self.web.len())
    }
}

impl Authorities {
    /// Reads a file of certificates (PEM), one or more.
    pub fn read(file: &Path) -> Result<Self, String> {
        let said = |fault: &dyn std::fmt::Display| format!("{}: {fault}", file.display());
        let text = std::fs::read(file).map_err(|fault| said(&fault))?;
        let none = || said(&"holds no certificate (PEM)");
        let web = reqwest::Certificate::from_pem_bundle(&text).map_err(|_| none())?;
        if web.is_empty() {
            return Err(none());
        }
        // Read as those who connect read it: what it holds is one to all of them, or to none.
        let client = reqwest::Client::builder().tls_certs_merge(web.clone()).build();
        client.map_err(|_| said(&"holds a certificate that cannot be used"))?;
        let mail = Certificate::from_pem(&text).map_err(|_| none())?;
        Ok(Self { web, mail: vec![mail] })
    }

    /// A way out by https that trusts them too.
    pub fn client(&self) -> ClientBuilder {
        reqwest::Client::builder().tls_certs_merge(self.web.iter().cloned())
    }

    /// The same, for a thread that waits.
    pub fn blocking_client(&self) -> reqwest::blocking::ClientBuilder {
        reqwest::blocking::Client::builder().tls_certs_merge(self.web.iter().cloned())
    }

    /// TLS to a mail server that trusts them too.
    pub fn tls_to(&self, host: &str) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut parameters = TlsParameters::builder(host.to_owned());
        for certificate in &self.mail {
            parameters = parameters.add_root_certificate(certificate.clone());
        }
        parameters.build_rustls()
    }
}
