//! The child process in which workbooks are read: this program itself, with limits of memory, time, files and processes. A
//! workbook of a kilobyte can make a reader ask for gigabytes; whatever comes of it here, the service goes on.
//!
//! The child gets a line of JSON and then the file's bytes, and answers JSON. It knows no settings and no database. It may
//! open nothing at all: it has the three descriptors that it began with, and a socket or file would be a fourth.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Condvar, Mutex, mpsc};
use std::time::{Duration, Instant};

use riskregister_workbook::{
    Interpretation, Kind, Mapping, Notice, Refusal, Scale, Words, interpret, propose, read, recognised, remarked,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The hidden command by which this program becomes the child.
pub const COMMAND: &str = "read-workbook";
/// How long a file may take, in seconds of the clock and of the processor.
const SECONDS: u64 = 10;
/// Bytes that the child may write to in memory.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Bytes that it may address: its own program comes on top of its memory.
const ADDRESSES: u64 = 1024 * 1024 * 1024;
/// Its standard input, output and error.
const DESCRIPTORS: u64 = 3;
/// The largest answer, in bytes: what a thousand risks say, each at length.
const ANSWER: u64 = 16 * 1024 * 1024;
/// The largest file that comes back, in bytes.
const WORKBOOK: u64 = 64 * 1024 * 1024;
/// How many files are read at once; who comes then waits.
const AT_ONCE: usize = 2;

/// What is asked of the child.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Job {
    /// What the file is called.
    pub name: String,
    pub kind: Kind,
    /// How it is to be understood; proposed when nothing is said.
    pub mapping: Option<Mapping>,
    pub scale: Scale,
    /// It is wanted back with these remarks, and is not to be understood anew.
    #[serde(default)]
    pub remarks: Option<Remarks>,
}

/// What is told of a file's cells.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remarks {
    pub told: Vec<Notice>,
    pub in_swedish: bool,
}

/// What was read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Found {
    pub mapping: Mapping,
    pub interpretation: Interpretation,
}

type Answered = std::result::Result<Found, Refusal>;

/// The child's whole life: limits first, then the question, then the answer.
pub fn serve() -> io::Result<()> {
    confine()?;
    let mut input = BufReader::new(io::stdin().lock());
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line)?;
    let job: Job = serde_json::from_slice(&line)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    match &job.remarks {
        None => serde_json::to_writer(&mut output, &understood(&job, &bytes))?,
        Some(remarks) => {
            let workbook = read(&bytes, &job.name).map_err(io::Error::other)?;
            let words = if remarks.in_swedish { Words::Swedish } else { Words::English };
            let mapping = job.mapping.clone().unwrap_or_else(|| propose(&workbook, job.kind));
            output.write_all(&remarked(&workbook, &mapping, &remarks.told, words).map_err(io::Error::other)?)?;
        }
    }
    output.flush()
}

fn understood(job: &Job, bytes: &[u8]) -> Answered {
    let workbook = read(bytes, &job.name)?;
    let mapping = match &job.mapping {
        Some(chosen) => recognised(&workbook, chosen),
        None => propose(&workbook, job.kind),
    };
    let interpretation = interpret(&workbook, &mapping, &job.scale);
    Ok(Found { mapping, interpretation })
}

fn confine() -> io::Result<()> {
    for (what, most) in [
        (Resource::Data, MEMORY),
        (Resource::As, ADDRESSES),
        (Resource::Cpu, SECONDS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nproc, 0),
        (Resource::Nofile, DESCRIPTORS),
    ] {
        setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Reads a file in a child of this program. [`Err`] within where the file is refused, whatever became of the child.
pub fn ask(program: &Path, job: &Job, bytes: &[u8]) -> Result<Answered> {
    Ok(written_by_child(program, job, bytes, ANSWER)?.and_then(|written| {
        serde_json::from_slice(&written).unwrap_or_else(|cause| {
            tracing::warn!(%cause, "a workbook could not be read within its limits");
            Err(too_heavy())
        })
    }))
}

/// A file with its remarks, written by a child of this program.
pub fn ask_back(program: &Path, job: &Job, bytes: &[u8]) -> Result<Vec<u8>> {
    match written_by_child(program, job, bytes, WORKBOOK)? {
        Ok(written) if written.starts_with(b"PK") => Ok(written),
        // It was read before: the machine is busy.
        Err(_) => Err(Error::Unavailable { retry_after: SECONDS }),
        Ok(_) => Err(Error::internal("a workbook that was read could not be written")),
    }
}

fn written_by_child(
    program: &Path,
    job: &Job,
    bytes: &[u8],
    most: u64,
) -> Result<std::result::Result<Vec<u8>, Refusal>> {
    let _place = Place::take()?;
    let child = Command::new(program)
        .arg(COMMAND)
        // Nothing of what the service knows: no address of a database, no secret.
        .env_clear()
        // What the allocator would set aside at once counts as memory, whether or not it is used.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .env("MIMALLOC_ARENA_RESERVE", "0")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(no_room)?;
    let mut child = Reaped(child);
    let line = serde_json::to_vec(job).map_err(Error::internal)?;
    let (Some(mut to), Some(from)) = (child.0.stdin.take(), child.0.stdout.take()) else {
        return Err(Error::internal("a child without pipes"));
    };
    let (sender, answer) = mpsc::channel();
    let answered = std::thread::scope(|scope| {
        // A child that has fallen takes nothing more: its answer says so.
        let give = move || {
            let _ = to.write_all(&line).and_then(|()| to.write_all(b"\n")).and_then(|()| to.write_all(bytes));
        };
        let take = move || {
            let mut written = Vec::new();
            let read = from.take(most + 1).read_to_end(&mut written);
            let _ = sender.send(read.map(|_| written));
        };
        for side in [Box::new(give) as Box<dyn FnOnce() + Send + '_>, Box::new(take)] {
            if let Err(cause) = std::thread::Builder::new().spawn_scoped(scope, side) {
                child.end();
                return Err(no_room(cause));
            }
        }
        let answered = answer.recv_timeout(Duration::from_secs(SECONDS));
        // Whoever waits for the other end of a pipe waits no longer.
        child.end();
        Ok(answered)
    })?;
    Ok(match answered {
        Ok(Ok(written)) => Ok(written),
        Ok(Err(cause)) => return Err(Error::internal(cause)),
        Err(RecvTimeoutError::Timeout) => Err(too_slow()),
        Err(RecvTimeoutError::Disconnected) => return Err(Error::internal("a child that nobody reads from")),
    })
}

/// A machine that has no room for another process or thread has it later.
fn no_room(cause: io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::OutOfMemory => {
            tracing::warn!(%cause, "no process or thread can be started");
            Error::Unavailable { retry_after: SECONDS }
        }
        _ => Error::internal(cause),
    }
}

fn too_heavy() -> Refusal {
    Refusal(Notice::new(
        TOO_HEAVY,
        "Filen kräver mer minne eller tid att läsa än någon riktig arbetsbok. Spara bara bladet som ska tas in i en ny fil.",
        "The file takes more memory or time to read than any real workbook does. Save the sheet that is to be taken in alone in a new file.",
    ))
}

fn too_slow() -> Refusal {
    Refusal(Notice::new(
        TOO_SLOW,
        "Filen tog för lång tid att läsa. Spara bara bladet som ska tas in i en ny fil.",
        "The file took too long to read. Save the sheet that is to be taken in alone in a new file.",
    ))
}

const TOO_HEAVY: &str = "tooHeavy";
const TOO_SLOW: &str = "tooSlow";

/// The code of a refusal, as one of ours.
pub fn code(refusal: &Refusal) -> &'static str {
    let known = Refusal::CODES.iter().chain(&[TOO_HEAVY, TOO_SLOW]);
    known.copied().find(|code| *code == refusal.code()).unwrap_or("unreadable")
}

/// A child that does not outlive who asked it.
struct Reaped(Child);

impl Reaped {
    fn end(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Reaped {
    fn drop(&mut self) {
        self.end();
    }
}

/// One of the places for reading.
struct Place;

static TAKEN: Mutex<usize> = Mutex::new(0);
static GIVEN_BACK: Condvar = Condvar::new();

impl Place {
    /// 503 where others have read for long.
    fn take() -> Result<Self> {
        let until = Instant::now() + Duration::from_secs(2 * SECONDS);
        let mut taken = TAKEN.lock().unwrap_or_else(|e| e.into_inner());
        while *taken >= AT_ONCE {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Unavailable { retry_after: SECONDS });
            }
            taken = GIVEN_BACK.wait_timeout(taken, left).unwrap_or_else(|e| e.into_inner()).0;
        }
        *taken += 1;
        Ok(Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(|e| e.into_inner()) -= 1;
        GIVEN_BACK.notify_one();
    }
}
