//! What is asked over a network or of a disk without holding a thread, for those who wait for it.

use std::future::Future;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

/// Never dropped: what it does outlives whoever asked. Two threads, so that one slow answer does not hold all others.
static RUNTIME: LazyLock<std::io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).thread_name("files").enable_all().build());

/// Waits for something, on a thread that may be held.
pub(super) fn wait<T>(what: impl Future<Output = T>) -> Result<T, String> {
    match &*RUNTIME {
        Ok(runtime) => Ok(runtime.block_on(what)),
        Err(fault) => Err(format!("no threads for files: {fault}")),
    }
}
