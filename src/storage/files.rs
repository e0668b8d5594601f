//! Files that the register makes: for their owner alone, whatever the umask says, and whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// What others than the owner may do with a file.
const OTHERS: u32 = 0o077;

/// A new file, that nobody else can read.
fn create(file: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(file)
}

/// Writes a text to a file: whole, or not at all.
pub(super) fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    make_whole(file, |new| new.write_all(text.as_bytes()))
}

/// Makes a file so that nobody ever reads half of it, and so that it stands when this has returned, whatever happens
/// to the power: its bytes are safe before it gets its name, and the name before it is told of.
pub(super) fn make_whole(file: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let unfinished = folder.join(format!(".{}", Uuid::now_v7()));
    let written = create(&unfinished)
        .and_then(|mut new| write(&mut new).and_then(|()| new.sync_all()))
        .and_then(|()| std::fs::rename(&unfinished, file))
        .and_then(|()| sync_folder(folder));
    if written.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    written
}

/// A folder of its owner's alone, which is gone with all that lies in it when this is dropped.
pub(super) struct Passing(pub(super) PathBuf);

impl Passing {
    pub(super) fn new(above: &Path) -> io::Result<Self> {
        let folder = above.join(format!(".{}", Uuid::now_v7()));
        make_folder(&folder)?;
        Ok(Self(folder))
    }
}

/// Whether something is called as what is not finished is: a dot, and an id.
pub(super) fn is_passing(name: &str) -> bool {
    name.strip_prefix('.').is_some_and(|id| id.len() == 36 && Uuid::try_parse(id).is_ok())
}

impl Drop for Passing {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes a folder and those above it that are not there, each safe in the one above it.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().unwrap_or(Path::new("."));
    make_folder(above)?;
    match DirBuilder::new().mode(0o700).create(folder) {
        // Another was faster.
        Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }?;
    sync_folder(above)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()
}

/// Makes an SQLite file that is about to be opened, and what lies beside it, its owner's alone. SQLite gives what it
/// makes beside a file the rights of that file, and takes an empty one for a new database.
///
/// A register from before is not refused, as a key would be: it is mended, and that is told. What others have read of
/// it by then, nobody can take back.
pub(super) fn keep_to_owner(database: &str) {
    let name = database.strip_prefix("file:").map_or(database, |uri| uri.split('?').next().unwrap_or(uri));
    if name.is_empty() || name == ":memory:" {
        return;
    }
    // Where it cannot be made, SQLite says why.
    let _ = create(Path::new(name));
    for beside in ["", "-wal", "-shm", "-journal"] {
        let file = PathBuf::from(format!("{name}{beside}"));
        let Ok(found) = std::fs::metadata(&file) else { continue };
        if !found.is_file() || found.permissions().mode() & OTHERS == 0 {
            continue;
        }
        let mut rights = found.permissions();
        rights.set_mode(rights.mode() & 0o777 & !OTHERS);
        match std::fs::set_permissions(&file, rights) {
            Ok(()) => tracing::warn!(file = %file.display(), "others could read it: it is its owner's alone now"),
            Err(cause) => {
                tracing::warn!(file = %file.display(), %cause, "others can read it: run chmod 600 on it, as its owner");
            }
        }
    }
}
