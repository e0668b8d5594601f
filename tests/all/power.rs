//! The power is cut under the real binary on SQLite, anywhere between two writes to the disk, also while it recovers from
//! the last time. What it was not made to wait for is lost as a disk loses it: all, what came last, or any of it, by
//! sectors. Nothing that was acknowledged may go with it.
//!
//! `tests/power/shim.c` stands between the two and keeps a journal; this makes from it what could be left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::RunQueryDsl;
use rand::RngExt;
use rand::rngs::StdRng;
use riskregister::storage::Address;
use riskregister::storage::verification::{Against, verify};

use crate::crash::command;
use crate::kit::depth::{chance, deep};
use crate::kit::load::{Load, is_whole, is_whole_at_last};
use crate::kit::{Databases, Directory, Serving, Start, World};

const WRITERS: usize = 4;
/// What a disk writes whole.
const SECTOR: usize = 512;

/// The file and what lies beside it, in the order of the shim's numbers.
const BESIDE: [&str; 3] = ["", "-wal", "-journal"];

/// The shim, as a library of its own for each test.
fn shim(directory: &Directory) -> PathBuf {
    let library = directory.0.join("shim.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/power/shim.c");
    let built = Command::new("cc")
        .args(["-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"])
        .arg(&library)
        .args([source, "-ldl", "-lpthread"])
        .status();
    assert!(built.expect("there is a C compiler").success());
    library
}

/// The files by their names, as they stand on the disk.
type Files = BTreeMap<usize, Vec<u8>>;

fn read(database: &Path) -> Files {
    let file = |i: &usize| std::fs::read(format!("{}{}", database.display(), BESIDE[*i])).ok();
    (0..BESIDE.len()).filter_map(|i| Some((i, file(&i)?))).collect()
}

fn put(database: &Path, files: &Files) {
    for (i, beside) in BESIDE.iter().enumerate() {
        let path = format!("{}{beside}", database.display());
        match files.get(&i) {
            Some(bytes) => std::fs::write(&path, bytes).expect("the file can be written"),
            None => drop(std::fs::remove_file(&path)),
        }
    }
    // What processes have in common in memory does not survive.
    let _ = std::fs::remove_file(format!("{}-shm", database.display()));
}

/// An entry of the shim's journal.
enum Entry<'a> {
    Made(usize),
    Removed(usize),
    Written(usize, usize, &'a [u8]),
    Cut(usize, usize),
    Waited(usize),
    FolderWaited,
}

fn entries(mut bytes: &[u8]) -> Vec<Entry<'_>> {
    let mut all = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<18>() {
        let number = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes")) as usize;
        let (file, one, two) = (usize::from(head[1]), number(2), number(10));
        bytes = rest;
        all.push(match head[0] {
            b'C' => Entry::Made(file),
            b'U' => Entry::Removed(file),
            b'T' => Entry::Cut(file, one),
            b'S' => Entry::Waited(file),
            b'D' => Entry::FolderWaited,
            b'W' => {
                let (content, rest) = bytes.split_at(two);
                bytes = rest;
                Entry::Written(file, one, content)
            }
            other => panic!("what is {other}?"),
        });
    }
    assert!(bytes.is_empty(), "the journal ends within an entry");
    all
}

/// A file, whatever it is called just now: what is safe of it, and what came since.
#[derive(Default, Clone)]
struct Content<'a> {
    safe: Vec<u8>,
    since: Vec<(usize, Option<&'a [u8]>)>,
}

fn write_at(bytes: &mut Vec<u8>, at: usize, content: &[u8]) {
    if bytes.len() < at + content.len() {
        bytes.resize(at + content.len(), 0);
    }
    bytes[at..at + content.len()].copy_from_slice(content);
}

impl<'a> Content<'a> {
    fn wait(&mut self) {
        for (at, content) in std::mem::take(&mut self.since) {
            match content {
                Some(content) => write_at(&mut self.safe, at, content),
                None => self.safe.resize(at, 0),
            }
        }
    }

    /// What the disk may hold after a cut.
    fn left(&self, rng: &mut StdRng) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        let how = rng.random_range(0..4);
        let until = match how {
            0 => 0,
            1 => rng.random_range(0..=self.since.len()),
            _ => self.since.len(),
        };
        for (at, content) in &self.since[..until] {
            match content {
                None if how == 1 || rng.random_bool(0.5) => bytes.resize(*at, 0),
                None => {}
                Some(content) if how == 1 || (how == 2 && rng.random_bool(0.5)) => write_at(&mut bytes, *at, content),
                Some(_) if how == 2 => {}
                // Each sector by itself, as they lie on the disk.
                Some(content) => {
                    let mut from = 0;
                    while from < content.len() {
                        let to = content.len().min(from + SECTOR - (at + from) % SECTOR);
                        if rng.random_bool(0.5) {
                            write_at(&mut bytes, at + from, &content[from..to]);
                        }
                        from = to;
                    }
                }
            }
        }
        bytes
    }
}

/// What was lost and what was not, by the number of writes.
#[derive(Default)]
struct Sums {
    unsafe_writes: usize,
    /// How often it had come to listening.
    served: usize,
    points: BTreeMap<&'static str, usize>,
}

/// What is left of `before` and of what the journal says came after it.
fn left(before: &Files, journal: &[u8], rng: &mut StdRng, sums: &mut Sums) -> Files {
    let mut contents: Vec<Content> = Vec::new();
    // Which of them a name stands for: to those that run, and on the disk.
    let mut running: BTreeMap<usize, usize> = BTreeMap::new();
    for (name, bytes) in before {
        running.insert(*name, contents.len());
        contents.push(Content { safe: bytes.clone(), since: Vec::new() });
    }
    let mut names = running.clone();
    let mut unsafe_names: Vec<(usize, Option<usize>)> = Vec::new();
    let all = entries(journal);
    for entry in &all {
        match entry {
            Entry::Made(name) => {
                running.insert(*name, contents.len());
                unsafe_names.push((*name, Some(contents.len())));
                contents.push(Content::default());
            }
            Entry::Removed(name) => {
                running.remove(name);
                unsafe_names.push((*name, None));
            }
            Entry::Written(name, at, bytes) => contents[running[name]].since.push((*at, Some(bytes))),
            Entry::Cut(name, at) => contents[running[name]].since.push((*at, None)),
            Entry::Waited(name) => contents[running[name]].wait(),
            Entry::FolderWaited => {
                for (name, content) in unsafe_names.drain(..) {
                    names.remove(&name);
                    names.extend(content.map(|content| (name, content)));
                }
            }
        }
    }
    let last = match all.last() {
        None | Some(Entry::Waited(_) | Entry::FolderWaited) => "after a wait",
        Some(Entry::Written(0, ..)) => "after a write to the file",
        Some(Entry::Written(..)) => "after a write to the log",
        Some(_) => "after a cut, a making or a removal",
    };
    *sums.points.entry(last).or_default() += 1;
    // A disk keeps names in their order.
    let until = rng.random_range(0..=unsafe_names.len());
    for (name, content) in unsafe_names.drain(..until) {
        names.remove(&name);
        names.extend(content.map(|content| (name, content)));
    }
    sums.unsafe_writes += names.values().map(|content| contents[*content].since.len()).sum::<usize>();
    names.into_iter().map(|(name, content)| (name, contents[content].left(rng))).collect()
}

/// A register in a file of its own, whose power can be cut.
struct Powered {
    world: World,
    directory: Directory,
    file: PathBuf,
    shim: PathBuf,
    journal: PathBuf,
    /// What the disk held when the power came.
    before: Files,
    /// The log is not waited for.
    deaf: bool,
}

impl Powered {
    fn new(deaf: bool) -> (Self, Load) {
        let world = World::on(Databases::Sqlite);
        let load = Load::on(&world, WRITERS);
        let directory = Directory::new();
        let file = std::fs::canonicalize(&directory.0).expect("the folder").join("powered.db");
        let mut original = world.config.database.connect().expect("the register's file can be opened");
        diesel::sql_query(format!("VACUUM INTO '{}'", file.display())).execute(&mut original).expect("a copy");
        // It becomes what it is served as, which is one write to its head.
        drop(address(&file).connect().expect("the copy can be opened"));
        let (shim, journal, before) = (shim(&directory), directory.0.join("journal"), read(&file));
        (Self { world, directory, file, shim, journal, before, deaf }, load)
    }

    /// Serves with the power on, until it is cut before its `cut_at`th entry, if there is one.
    fn serve(&self, load: &Load, cut_at: usize) -> Option<Serving> {
        let _ = std::fs::remove_file(&self.journal);
        let mut command = command(&address(&self.file), &self.directory, &self.world);
        command
            .env("LD_PRELOAD", &self.shim)
            .env("POWER_DATABASE", &self.file)
            .env("POWER_JOURNAL", &self.journal)
            .env("POWER_CUT_AT", cut_at.to_string());
        if self.deaf {
            command.env("POWER_DEAF", "1");
            // They lie outside the file and outlive what it loses: by them it would refuse to serve from the first loss on,
            // before anything that was acknowledged is lost.
            let _ = std::fs::remove_dir_all(self.directory.0.join("riskregister-checkpoints"));
        }
        let serving = Serving::start_unless_it_falls(command);
        if let Some(serving) = &serving {
            load.goes_to(&serving.address);
        }
        serving
    }

    /// Serves until the power is cut: before an entry by its number, or soon after some more were acknowledged. What the
    /// disk holds then is there as a file of its own, for whoever looks.
    fn serve_and_cut(&mut self, load: &Load, rng: &mut StdRng, sums: &mut Sums) -> Address {
        let by_number = rng.random_bool(0.7);
        let cut_at = if by_number { rng.random_range(1..400) } else { 0 };
        let serving = self.serve(load, cut_at);
        sums.served += usize::from(serving.is_some());
        if let Some(mut serving) = serving {
            if by_number {
                load.more_unless(usize::MAX, || serving.has_fallen());
            } else {
                load.more(rng.random_range(1..=20));
                let moment = Instant::now() + Duration::from_micros(rng.random_range(0..4_000));
                while Instant::now() < moment {
                    std::hint::spin_loop();
                }
            }
            drop(serving);
        }
        load.goes_to("");
        let journal = std::fs::read(&self.journal).unwrap_or_default();
        self.before = left(&self.before, &journal, rng, sums);
        put(&self.file, &self.before);
        let looked_at = self.directory.0.join("looked-at.db");
        put(&looked_at, &self.before);
        address(&looked_at)
    }
}

fn address(file: &Path) -> Address {
    Address::Sqlite(file.to_str().expect("a path in UTF-8").to_owned())
}

#[test]
fn sqlite_keeps_every_acknowledged_write_when_the_power_is_cut() {
    let (mut powered, load) = Powered::new(false);
    let mut rng = chance("power");
    let mut sums = Sums::default();
    let cuts = deep(10, 300);
    let serving = load.run(|| {
        for cut in 0..cuts {
            let left = powered.serve_and_cut(&load, &mut rng, &mut sums);
            is_whole(&load, &left, &format!("cut {cut}"));
            verify(&left, &Against::default()).unwrap_or_else(|damage| panic!("cut {cut}: {damage}"));
        }
        powered.serve(&load, 0).expect("it serves")
    });
    drop(serving);
    is_whole_at_last(&load, &address(&powered.file));
    let Sums { unsafe_writes, served, points } = &sums;
    println!(
        "{cuts} cuts, {served} of them while it served, {unsafe_writes} writes that were not safe yet, {points:?}"
    );
    assert!(sums.unsafe_writes > 0, "there was something to lose");
}

/// What tells whether the test above can fail: with `synchronous = NORMAL` the log is not waited for.
#[test]
fn a_log_that_is_not_waited_for_loses_what_was_acknowledged() {
    let (mut powered, load) = Powered::new(true);
    let mut rng = chance("deaf");
    let mut sums = Sums::default();
    let cuts = 30;
    let lost = load.run(|| {
        let lost = (0..cuts).find_map(|cut| {
            let left = powered.serve_and_cut(&load, &mut rng, &mut sums);
            match left.connect() {
                Err(fault) => Some((cut, vec![fault.to_string()])),
                Ok(mut c) => Some((cut, load.wrong(&mut c))).filter(|(_, wrong)| !wrong.is_empty()),
            }
        });
        load.abandon();
        lost
    });
    let (cut, lost) = lost.unwrap_or_else(|| panic!("{cuts} cuts, and nothing was lost"));
    println!("cut {cut} lost {} of what was acknowledged: {:?}", lost.len(), lost.first());
}
