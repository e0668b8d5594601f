//! What the running service does to its host: the memory and the files that it takes, and what it does when nobody can
//! read what it says.

use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::cli::Host;
use crate::kit::{Client, Databases, Serving, Start, Wire, both};

/// Waits for what another process does.
fn wait(what: &str, done: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < patience, "{what} did not come");
        std::thread::yield_now();
    }
}

/// Every file and folder below a directory, with its rights.
fn below(directory: &Path) -> BTreeMap<PathBuf, u32> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("an entry").path();
        // SQLite takes away what lies beside its file when the last who had it open is done.
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if about.is_dir() {
            all.extend(below(&path));
        }
        all.insert(path, about.permissions().mode() & 0o777);
    }
    all
}

fn nobody_else_reads(host: &Host) {
    let open: Vec<(PathBuf, u32)> =
        below(&host.directory.0).into_iter().filter(|(_, mode)| mode & 0o077 != 0).collect();
    assert!(open.is_empty(), "{open:?}");
}

/// The files of checkpoints, by the size that they are of.
fn checkpoints(host: &Host) -> BTreeMap<u64, PathBuf> {
    let directory = host.directory.0.join("riskregister-checkpoints");
    if !directory.is_dir() {
        return BTreeMap::new();
    }
    let size = |file: &PathBuf| file.file_name()?.to_str()?.strip_suffix(".txt")?.parse().ok();
    below(&directory).into_keys().filter_map(|file| Some((size(&file)?, file))).collect()
}

/// Serves until there are so many checkpoints.
fn serve_until(host: &Host, command: Command, wanted: usize) -> Serving {
    let serving = Serving::start(command);
    wait("a checkpoint", || checkpoints(host).len() >= wanted);
    serving
}

fn add_someone(host: &Host, email: &str) {
    host.run(&["user", "add", email, "--name", "Någon"]);
}

both! {
    fn nobody_else_can_read_what_the_service_makes(host: &Host) {
        host.init();
        let serving = serve_until(host, host.command(&["serve"]), 1);
        host.run(&["export", "export.db"]);
        let made = below(&host.directory.0);
        assert!(made.len() >= 6, "{made:?}");
        // Whatever the umask of the tests is.
        nobody_else_reads(host);
        assert!(serving.stop());
    }

    /// A file that is empty or cut says nothing; it is made again. One that says something else may be all that is
    /// left of what the log once was.
    fn a_checkpoint_that_a_power_failure_cut_is_made_again(host: &Host) {
        host.init();
        for n in 0..4 {
            drop(serve_until(host, host.command(&["serve"]), n + 1));
            add_someone(host, &format!("n{n}@example.org"));
        }
        let files: Vec<PathBuf> = checkpoints(host).into_values().collect();
        let whole: Vec<String> = files.iter().map(|f| std::fs::read_to_string(f).expect("a checkpoint")).collect();
        let mut zeros = whole[2].clone().into_bytes();
        zeros[40..].fill(0);
        let another = whole[0].clone();
        for (file, harm) in files.iter().zip([&b""[..], &whole[1].as_bytes()[..70], &zeros, another.as_bytes()]) {
            std::fs::write(file, harm).expect("the file can be written");
        }
        let mut serve = host.command(&["serve"]);
        serve.stderr(Stdio::piped());
        let serving = serve_until(host, serve, 5);
        wait("the checkpoints", || (0..3).all(|i| std::fs::read_to_string(&files[i]).ok().as_ref() == Some(&whole[i])));
        assert_eq!(std::fs::read_to_string(&files[3]).expect("a file"), another);
        drop(serving);
    }
}

#[test]
fn a_register_that_others_could_read_is_its_owners_alone_from_then_on() {
    let host = Host::on(Databases::Sqlite);
    host.init();
    let file = host.directory.0.join("register.db");
    std::fs::set_permissions(&file, Permissions::from_mode(0o644)).expect("it is ours");
    let added = host.command(&["user", "add", "a@example.org", "--name", "A"]).output().expect("the binary runs");
    assert!(added.status.success());
    let told = String::from_utf8_lossy(&added.stderr).into_owned();
    assert!(told.contains("others could read it") && told.contains("register.db"), "{told}");
    nobody_else_reads(&host);
}

/// The bytes come before the name: what a reader finds under it is whole after any failure of the power. A shim before
/// the C library tells of the calls.
#[test]
fn a_checkpoint_is_safe_on_the_disk_before_it_has_its_name() {
    const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static void tell(const char *what, const char *one, const char *other) {
    char line[9000];
    int length = snprintf(line, sizeof line, "%s %s %s\n", what, one, other);
    int told = open(getenv("SHIM_TELLS"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (told >= 0) { if (write(told, line, length) < 0) abort(); close(told); }
}
int fsync(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    tell("fsync", path, "");
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file);
}
int rename(const char *from, const char *to) {
    tell("rename", from, to);
    return ((int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename"))(from, to);
}
"#;
    let host = Host::on(Databases::Sqlite);
    host.init();
    let at = |name: &str| host.directory.0.join(name);
    std::fs::write(at("shim.c"), SHIM).expect("a file");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(at("shim.so")).arg(at("shim.c")).arg("-ldl");
    assert!(compiler.status().expect("there is a C compiler: SQLite is built by it").success());
    let mut serve = host.command(&["serve"]);
    serve.env("LD_PRELOAD", at("shim.so")).env("SHIM_TELLS", at("told"));
    drop(serve_until(&host, serve, 1));

    let told = std::fs::read_to_string(at("told")).expect("the shim told");
    let lines: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
    let name = |path: &str| Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let named = lines.iter().position(|l| l[0] == "rename" && l[2].ends_with(".txt")).expect("a file gets its name");
    let (unfinished, file) = (lines[named][1], Path::new(lines[named][2]));
    let log = name(file.parent().and_then(Path::to_str).expect("a folder"));
    let safe = |lines: &[Vec<&str>], path: &str| lines.iter().any(|l| l[0] == "fsync" && l[1].ends_with(path));
    assert!(safe(&lines[..named], &name(unfinished)), "{told}");
    assert!(safe(&lines[named..], &log), "{told}");
    // And the folders that are new, in those above them.
    assert!(safe(&lines[..named], "riskregister-checkpoints"), "{told}");
    assert!(safe(&lines[..named], &name(host.directory.0.to_str().expect("UTF-8"))), "{told}");
}

/// What the system says of a process, in KiB.
pub fn memory(serving: &Serving, what: &str) -> u64 {
    let mut text = String::new();
    File::open(format!("/proc/{}/status", serving.id()))
        .expect("the process is there")
        .read_to_string(&mut text)
        .expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_else(|| panic!("no {what} in {text}"));
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number")
}

/// Nobody needs an account to ask for a hash, which takes 19 MiB while it is made.
#[test]
fn a_burst_of_sign_ins_takes_memory_for_as_many_hashes_as_there_are_places() {
    const BURST: usize = 64;
    let host = Host::on(Databases::Sqlite);
    host.init();
    let serving = host.serve();
    let sign_in = |n: usize| {
        let mut wire = Wire::connect(&serving.address, "").expect("it listens");
        let body = json!({"email": format!("n{n}@example.org"), "password": "fel"}).to_string();
        assert_eq!(wire.post("/api/v1/sessions", &body).expect("an answer").status, 401);
    };
    sign_in(BURST);
    let before = memory(&serving, "VmRSS:");
    std::thread::scope(|scope| {
        for n in 0..BURST {
            scope.spawn(move || sign_in(n));
        }
    });
    let places = std::thread::available_parallelism().map_or(2, |n| n.get()) as u64;
    // A hash a place; besides it each waiting request has a thread, and the database some connections more: a MiB a
    // request is far more than that, and far less than a hash.
    let most = before + places * 19 * 1024 + BURST as u64 * 1024;
    for what in ["VmHWM:", "VmRSS:"] {
        let taken = memory(&serving, what);
        assert!(taken <= most, "{what} {taken} KiB, {before} before, and {most} at most");
    }
    assert!(serving.stop());
}

/// With a full disk behind standard error, or nobody at the other end of the pipe, lines are lost and nothing else.
fn serves_although_nobody_hears(standard_error: Stdio) {
    let host = Host::on(Databases::Sqlite);
    host.init();
    // The first that is done with the database is to tell of something: so the thread of the checkpoints tells too.
    std::fs::set_permissions(host.directory.0.join("register.db"), Permissions::from_mode(0o644)).expect("it is ours");
    let mut serve = host.command(&["serve"]);
    serve.env("RISKREGISTER_LOG", "info").stderr(standard_error);
    let serving = serve_until(&host, serve, 1);
    let nobody = Client::new(&serving.address, None);
    for _ in 0..20 {
        nobody.post("/sessions", json!({"email": "nobody@example.org"})).expect(422);
    }
    let (email, password) = ("nobody@example.org", "fel lösenord");
    nobody.post("/sessions", json!({"email": email, "password": password})).expect(401);
    assert!(serving.stop(), "it stops in peace");
}

#[test]
fn a_full_disk_behind_standard_error_ends_nothing() {
    serves_although_nobody_hears(File::options().write(true).open("/dev/full").expect("Linux has it").into());
}

#[test]
fn a_closed_pipe_behind_standard_error_ends_nothing() {
    let (nobody, standard_error) = std::io::pipe().expect("a pipe");
    drop(nobody);
    serves_although_nobody_hears(standard_error.into());
}
