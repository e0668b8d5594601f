//! A store that speaks S3, over a directory, on a free port of this machine.

use std::path::{Path, PathBuf};

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use riskregister::files::store::{Place, S3, Store};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;

const BUCKET: &str = "underlag";
const KEY_ID: &str = "registret";
const KEY: &str = "nyckeln till registrets filer";

/// The store goes on until the tests end.
pub struct S3Server {
    pub endpoint: String,
    folder: PathBuf,
}

impl S3Server {
    /// Keeps what it is given below a directory.
    pub fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder.join(BUCKET)).expect("a bucket");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket that does not wait");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder).expect("a store over a directory"));
        builder.set_auth(SimpleAuth::from_single(KEY_ID, KEY));
        let service = builder.build();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime can be built");
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                while let Ok((socket, _)) = listener.accept().await {
                    let service = service.clone();
                    tokio::spawn(async move {
                        let http = Builder::new(TokioExecutor::new());
                        let _ = http.serve_connection(TokioIo::new(socket), service).await;
                    });
                }
            });
        });
        Self { endpoint, folder: folder.to_owned() }
    }

    /// The store as a register is told of it.
    pub fn store(&self) -> Store {
        Store::open(Place::S3(S3 {
            bucket: BUCKET.into(),
            prefix: "registret/filer".into(),
            endpoint: Some(self.endpoint.clone()),
            region: "us-east-1".into(),
            key_id: KEY_ID.into(),
            key: KEY.into(),
            authorities: None,
        }))
        .expect("a store")
    }

    /// Where the bytes of a file lie on the disk below it.
    pub fn file(&self, sha256: &str) -> PathBuf {
        self.folder.join(BUCKET).join("registret/filer").join(&sha256[..2]).join(sha256)
    }
}
