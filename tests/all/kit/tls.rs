//! TLS in front of a server that speaks none, by a certificate that an authority of the tests' own has signed.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use riskregister::authorities::Authorities;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::Directory;

/// Listens on loopback as `localhost`, and hands on what it hears. It ends with the process.
pub struct Front {
    pub port: u16,
    /// The authority's certificate (PEM).
    pub authority: PathBuf,
    _directory: Directory,
}

impl Front {
    pub fn before(plain: SocketAddr) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("no names");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let authority = CertifiedIssuer::self_signed(authority, key).expect("a certificate of its own");
        let key = KeyPair::generate().expect("a key");
        let shown = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        let shown = shown.signed_by(&key, &authority).expect("a certificate");
        let directory = Directory::new();
        let file = directory.0.join("authority.pem");
        std::fs::write(&file, authority.pem()).expect("a file");

        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions that there are")
            .with_no_client_auth()
            .with_single_cert(vec![shown.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .expect("a certificate and its key");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it listens").port();
        listener.set_nonblocking(true).expect("it does not hold up");
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let acceptor = TlsAcceptor::from(Arc::new(config));
                let listener = TcpListener::from_std(listener).expect("it listens");
                while let Ok((met, _)) = listener.accept().await {
                    let acceptor = acceptor.clone();
                    tokio::spawn(async move {
                        // Who does not trust the certificate goes.
                        let Ok(mut heard) = acceptor.accept(met).await else { return };
                        let mut behind = TcpStream::connect(plain).await.expect("the server behind it");
                        let _ = tokio::io::copy_bidirectional(&mut heard, &mut behind).await;
                    });
                }
            });
        });
        Self { port, authority: file, _directory: directory }
    }

    pub fn authorities(&self) -> Authorities {
        Authorities::read(&self.authority).expect("a certificate")
    }
}
