//! Backups: a register at one point in time in one file, with what says that it is whole.
//!
//! A ZIP of `manifest.json`, `register.db`, an SQLite file with every row of every table, whichever the register runs
//! on, and `files/`, what people left as evidence. The comment at its end is the SHA-256 of all before it, so that a bit that has turned, a cut and a part of another
//! backup are all found before anything is read. The keys are never in it: the manifest says where they are.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::carry::Which;
use super::connection::{Address, AnyConnection};
use super::db::Db;
use super::files::{self, Passing};
use super::history::sha256_hex;
use super::migrations::{self, LATER, Schema};
use super::reading::Reading;
use super::types::{Id, Timestamp};
use crate::error::{Error, Result};
use crate::evidence::receipt::hex;
use crate::files::store::{Fault, Store};

/// The shape of a backup. A reader that meets another refuses.
pub const FORMAT: &str = "riskregister-backup/2";
/// That of before there were files.
const FORMER: &str = "riskregister-backup/1";

const MANIFEST: &str = "manifest.json";
const REGISTER: &str = "register.db";
/// Where the files lie in it that people left, each by its hash.
const FILES: &str = "files/";

/// What the comment begins with; 64 hexadecimal digits follow.
const SEAL: &str = "sha256:";
const SEALED: u64 = 64;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    pub made_at: String,
    /// The version of the program that made it.
    pub program: String,
    /// The newest migration of the register in it.
    pub schema: String,
    /// What it was made from: `sqlite` or `postgres`.
    pub database: String,
    /// How far each log had come.
    pub logs: Vec<LogAt>,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
    pub parts: Vec<Part>,
    /// What is needed besides, is not here, and where it was when the backup was made.
    pub not_included: BTreeMap<String, String>,
}

/// How far a log had come: what checkpoints that are kept elsewhere are held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogAt {
    pub log: Id,
    pub size: i64,
    /// Hexadecimal.
    pub root: String,
}

/// A file in the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// A backup that has been unpacked, whole as its manifest says, into a folder that is gone when this is dropped.
pub struct Unpacked {
    /// The register in it, brought to the schema of this program.
    pub address: Address,
    /// The files in it that people left.
    pub files: Store,
    _folder: Passing,
}

impl Db {
    /// Makes a backup of the register as it is now. An error leaves no file behind.
    pub fn back_up(&self, file: &Path, files: &Store, not_included: BTreeMap<String, String>) -> Result<Manifest> {
        if file.exists() {
            return Err(Error::internal(format!("{} is there already", file.display())));
        }
        let said = |fault: io::Error| Error::internal(format!("{}: {fault}", file.display()));
        let above = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = Passing::new(above).map_err(said)?;
        let register = folder.0.join(REGISTER);
        let made_at = Timestamp::now();
        let sums = self.write_to_file(&register, Which::All)?;
        let name = register.to_str().ok_or_else(|| Error::internal("the name of the file is not UTF-8"))?;
        let (heads, left) = Self::new(Address::Sqlite(name.to_owned()), 1).read(|r| Ok((r.heads()?, left(r)?)))?;
        let logs =
            heads.iter().map(|head| Ok(LogAt { log: head.log_id, size: head.size, root: hex(&head.tree()?.root()) }));
        let (bytes, sha256) = hashed(&mut File::open(&register).map_err(said)?).map_err(said)?;
        let manifest = Manifest {
            format: FORMAT.into(),
            made_at: made_at.to_string(),
            program: env!("CARGO_PKG_VERSION").into(),
            schema: migrations::newest()?,
            database: match self.address {
                Address::Sqlite(_) => "sqlite".into(),
                Address::Postgres(_) => "postgres".into(),
            },
            logs: logs.collect::<Result<_>>()?,
            rows: sums.into_iter().map(|(table, sum)| (table.to_owned(), sum.rows)).collect(),
            parts: std::iter::once(Part { name: REGISTER.into(), bytes, sha256 }).chain(left).collect(),
            not_included,
        };
        let text = serde_json::to_string_pretty(&manifest).map_err(Error::internal)?;
        files::make_whole(file, |new| {
            pack(new, &text, &register, &manifest.parts, files)?;
            seal(new)
        })
        .map_err(said)?;
        Ok(manifest)
    }
}

/// The files that people left, as the register knows them; none that has been erased.
fn left(r: &mut Reading) -> Result<Vec<Part>> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let rows = r.stored_files_after(&after, 1000)?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.sha256.clone();
        all.extend(rows.into_iter().filter(|row| row.erased_at.is_none()).map(|row| Part {
            name: format!("{FILES}{}", row.sha256),
            bytes: row.size.unsigned_abs(),
            sha256: row.sha256,
        }));
    }
}

fn pack(new: &mut File, manifest: &str, register: &Path, parts: &[Part], files: &Store) -> io::Result<()> {
    let mut zip = ZipWriter::new(new);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    zip.start_file(MANIFEST, options)?;
    zip.write_all(manifest.as_bytes())?;
    zip.start_file(REGISTER, options)?;
    io::copy(&mut File::open(register)?, &mut zip)?;
    // Most of them are packed already.
    let as_it_is = options.compression_method(CompressionMethod::Stored);
    for part in parts.iter().filter(|part| part.name.starts_with(FILES)) {
        zip.start_file(part.name.as_str(), as_it_is)?;
        files.read(&part.sha256, |piece| zip.write_all(piece)).map_err(|fault| match fault {
            Fault::Gone => io::Error::other(format!("the file {} is gone from where files are kept", part.sha256)),
            Fault::Away(cause) => io::Error::other(cause),
        })?;
    }
    // In the place of what is sealed when all else is written.
    zip.set_comment(format!("{SEAL}{}", "0".repeat(SEALED as usize)))?;
    zip.finish()?;
    Ok(())
}

/// Puts the hash of all before it at the end.
fn seal(file: &mut File) -> io::Result<()> {
    let (_, sha256) = hash_before_seal(file)?;
    file.seek(SeekFrom::End(-(SEALED as i64)))?;
    file.write_all(sha256.as_bytes())
}

fn hash_before_seal(file: &mut File) -> io::Result<(u64, String)> {
    let before = file.metadata()?.len().saturating_sub(SEALED);
    file.seek(SeekFrom::Start(0))?;
    hashed(&mut file.take(before))
}

/// How many bytes there are, and their SHA-256.
fn hashed(from: &mut impl Read) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = from.read(&mut piece)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(&piece[..read]);
        bytes += read as u64;
    }
}

/// How old what was left of a backup that was broken off must be before it is taken away.
const LEFT: Duration = Duration::from_secs(24 * 3600);

/// Takes away from a folder what is left of backups that were broken off, as when the machine fell: they hold a copy of the
/// register.
pub fn sweep(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        let named = entry.file_name().to_str().is_some_and(files::is_passing);
        let old = entry
            .metadata()
            .and_then(|about| about.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > LEFT));
        if named && old {
            match entry.path() {
                path if path.is_dir() => std::fs::remove_dir_all(path)?,
                path => std::fs::remove_file(path)?,
            }
        }
    }
    Ok(())
}

/// Whether a file is a backup, or was one before it was damaged: it begins as ZIP files do.
pub fn is_backup(file: &Path) -> bool {
    let mut first = [0; 4];
    File::open(file).and_then(|mut file| file.read_exact(&mut first)).is_ok() && first == *b"PK\x03\x04"
}

/// Unpacks a backup, or says what is wrong with it.
pub fn unpack(file: &Path) -> std::result::Result<Unpacked, String> {
    let damaged = |what: &str| format!("{}: the backup is damaged: {what}", file.display());
    let said = |fault: io::Error| format!("{}: {fault}", file.display());
    let mut whole = File::open(file).map_err(said)?;
    let mut seal = String::new();
    let from = whole.metadata().map_err(said)?.len().saturating_sub(SEALED);
    whole.seek(SeekFrom::Start(from)).map_err(said)?;
    if whole.read_to_string(&mut seal).is_err() || hash_before_seal(&mut whole).map_err(said)?.1 != seal {
        return Err(damaged("it is not what was written, or not all of it"));
    }
    let mut zip = ZipArchive::new(whole).map_err(|fault| damaged(&fault.to_string()))?;
    let mut text = String::new();
    zip.by_name(MANIFEST)
        .map_err(|_| damaged("it has no manifest"))?
        .read_to_string(&mut text)
        .map_err(|fault| damaged(&fault.to_string()))?;
    let shape: serde_json::Value = serde_json::from_str(&text).map_err(|fault| damaged(&fault.to_string()))?;
    if shape["format"] != FORMAT && shape["format"] != FORMER {
        return Err(format!(
            "{}: has the format {}, which this program does not know",
            file.display(),
            shape["format"]
        ));
    }
    let manifest: Manifest = serde_json::from_value(shape).map_err(|fault| damaged(&fault.to_string()))?;
    let other = "its manifest names other parts than the register and its files";
    let [part, left @ ..] = &manifest.parts[..] else { return Err(damaged(other)) };
    let is_file = |part: &Part| part.name.strip_prefix(FILES) == Some(part.sha256.as_str());
    if part.name != REGISTER || !left.iter().all(is_file) || zip.len() != manifest.parts.len() + 1 {
        return Err(damaged(other));
    }
    // Beside the backup, where there was room for it; a medium that nobody writes to has none.
    let beside = file.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = Passing::new(beside).or_else(|_| Passing::new(&std::env::temp_dir())).map_err(said)?;
    let register = folder.0.join(REGISTER);
    let mut packed = zip.by_name(REGISTER).map_err(|_| damaged("it has no register"))?;
    files::make_whole(&register, |new| io::copy(&mut packed, new).map(drop))
        .map_err(|fault| damaged(&fault.to_string()))?;
    drop(packed);
    let files = Store::in_directory(&folder.0.join(FILES));
    for part in left {
        let mut packed = zip.by_name(&part.name).map_err(|_| damaged(&format!("it has no {}", part.name)))?;
        let mut bytes = Vec::new();
        packed.read_to_end(&mut bytes).map_err(|fault| damaged(&fault.to_string()))?;
        if (bytes.len() as u64, sha256_hex(&bytes)) != (part.bytes, part.sha256.clone()) {
            return Err(damaged(&format!("{} is not what its manifest says", part.name)));
        }
        files.put(&part.sha256, bytes.into()).map_err(|fault| damaged(&format!("{fault:?}")))?;
    }
    let (bytes, sha256) = hashed(&mut File::open(&register).map_err(said)?).map_err(said)?;
    if (bytes, &sha256) != (part.bytes, &part.sha256) {
        return Err(damaged("the register in it is not the one of its manifest"));
    }
    let name = register.to_str().ok_or_else(|| damaged("the name of the temporary folder is not UTF-8"))?;
    let address = Address::Sqlite(name.to_owned());
    brought_up(&address).map_err(|fault| damaged(&fault))?;
    Ok(Unpacked { address, files, _folder: folder })
}

impl Unpacked {
    /// Puts the files in it where this register is to keep them. They are put in before the register that names them: who
    /// falls in between leaves nothing that is named and not there.
    pub fn put_files(&self, into: &Store) -> Result<u64> {
        let all = Db::new(self.address.clone(), 1).read(left)?;
        for part in &all {
            let mut bytes = Vec::new();
            self.files.read(&part.sha256, |piece| {
                bytes.extend_from_slice(piece);
                Ok(())
            })?;
            into.put(&part.sha256, bytes.into())?;
        }
        Ok(all.len() as u64)
    }
}

/// Brings a register of an earlier program to this one's schema, as `migrate` does.
fn brought_up(address: &Address) -> std::result::Result<(), String> {
    let mut c: AnyConnection = address.connect_to_read().map_err(|fault| fault.to_string())?;
    match migrations::schema(&mut c).map_err(|fault| format!("{fault:?}"))? {
        Schema::Current => Ok(()),
        Schema::Later(_) => Err(LATER.into()),
        Schema::Pending => Db::new(address.clone(), 1).migrate().map(drop).map_err(|fault| format!("{fault:?}")),
    }
}
