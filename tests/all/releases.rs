//! What is given out of a version: the Debian package, by `scripts/release package`, as it would be of this binary, and the
//! signature. The whole, with its optimised build, is held by `scripts/nightly`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::kit::Directory;

/// What a program says, if all goes well.
fn told(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|fault| panic!("{command:?}: {fault}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// The package of a program, made by somebody with this umask, in this time zone and language.
fn package(program: &Path, out: &Path, (mask, zone, language): (&str, &str, &str)) -> PathBuf {
    let script = format!("umask {mask}; exec scripts/release package '{}' '{}' none", program.display(), out.display());
    told(
        Command::new("bash")
            .args(["-c", &script])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("SOURCE_DATE_EPOCH", "1800000000")
            .env("CARGO_NET_OFFLINE", "true")
            .env("TZ", zone)
            .env("LC_ALL", language),
    );
    let made = std::fs::read_dir(out).expect("it is made").map(|entry| entry.expect("a file").path());
    made.into_iter().find(|path| path.extension().is_some_and(|e| e == "deb")).expect("a package")
}

#[test]
fn the_package_holds_what_it_should_and_is_the_same_twice() {
    let directory = Directory::new();
    let program = directory.0.join("riskregister");
    // Without what only a debugger reads, which is most of it.
    told(Command::new("strip").arg("-o").args([&program, Path::new(env!("CARGO_BIN_EXE_riskregister"))]));
    let first = package(&program, &directory.0.join("first"), ("022", "UTC", "C.UTF-8"));
    let second = package(&program, &directory.0.join("second"), ("077", "Asia/Tokyo", "C"));
    assert!(std::fs::read(&first).expect("a file") == std::fs::read(&second).expect("a file"), "not the same twice");

    let field = |name: &str| told(Command::new("dpkg-deb").arg("-f").arg(&first).arg(name)).trim().to_owned();
    assert_eq!((field("Package"), field("Version")), ("riskregister".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    assert!(field("Depends").starts_with("libc6 (>= 2."), "{}", field("Depends"));
    assert_eq!(
        told(Command::new("dpkg-deb").arg("-I").arg(&first).arg("conffiles")),
        "/etc/riskregister/riskregister.toml\n"
    );

    // Mode, owner and path; of what lies in a folder of documents, its name.
    let listed = told(Command::new("dpkg-deb").arg("-c").arg(&first).env("TZ", "UTC"));
    let held: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    let has = |mode: &str, path: &str| {
        let found = held.iter().find(|entry| entry[5] == path).unwrap_or_else(|| panic!("{path} is not in\n{listed}"));
        assert_eq!((found[0], found[1], found[3]), (mode, "root/root", "2027-01-15"), "{path}");
    };
    has("-rwxr-xr-x", "./usr/bin/riskregister");
    has("-rw-r--r--", "./usr/lib/systemd/system/riskregister.service");
    has("-rw-r--r--", "./usr/lib/sysusers.d/riskregister.conf");
    has("drwxr-x---", "./etc/riskregister/");
    has("-rw-r-----", "./etc/riskregister/riskregister.toml");
    for name in [
        "README.md",
        "CHANGELOG.md",
        "operations.md",
        "openapi.yaml",
        "verify.py",
        "copyright",
        "THIRD-PARTY-NOTICES.gz",
        "examples/proxy/nginx.conf",
    ] {
        has("-rw-r--r--", &format!("./usr/share/doc/riskregister/{name}"));
    }
    // Nothing lies where it is made while the service runs, and nothing with a mode of its own.
    assert!(held.iter().all(|entry| !entry[5].starts_with("./var")), "{listed}");
    assert!(held.iter().all(|entry| !entry[0].contains(['s', 't'])), "{listed}");

    // What the unit and the settings name is where the package puts it.
    let unit = std::fs::read_to_string("deploy/systemd/riskregister.service").expect("it is there");
    assert!(unit.contains("ExecStart=/usr/bin/riskregister ") && unit.contains("/etc/riskregister/riskregister.toml"));
    let out = directory.0.join("out");
    std::fs::create_dir(&out).expect("a directory");
    let piped = format!("dpkg-deb --fsys-tarfile '{}' | tar -x -C '{}' ./usr/share", first.display(), out.display());
    told(Command::new("bash").args(["-o", "pipefail", "-c", &piped]));
    let copyright = std::fs::read_to_string(out.join("usr/share/doc/riskregister/copyright")).expect("it is text");
    // The licence in full, each line as the format has it: begun by a space, an empty one by a full stop.
    let (_, licence) = copyright.rsplit_once("License: EUPL-1.2\n").expect("it is named");
    let licence: Vec<&str> = licence.lines().map(|line| line.strip_prefix(' ').expect("it is one paragraph")).collect();
    let ours = std::fs::read_to_string("LICENSE").expect("it is there");
    assert_eq!(licence, ours.lines().map(|line| if line.is_empty() { "." } else { line }).collect::<Vec<_>>());
}

#[test]
fn what_is_signed_is_verified_as_the_documentation_says() {
    let directory = Directory::new();
    let out = directory.0.join("out");
    std::fs::create_dir(&out).expect("a directory");
    std::fs::write(out.join("riskregister"), "the program").expect("a file");
    let run = |line: &str| {
        Command::new("bash").args(["-euo", "pipefail", "-c", line]).current_dir(&out).output().expect("it runs")
    };
    assert!(
        run("sha256sum riskregister > SHA256SUMS; openssl genpkey -algorithm ed25519 -out ../key").status.success()
    );
    told(Command::new("scripts/release").arg("sign").args([&out, &directory.0.join("key")]));
    assert!(run("openssl pkey -in ../key -pubout -out riskregister-release.pub").status.success());

    let operations = include_str!("../../docs/operations.md");
    let (_, after) = operations.split_once("the public key of releases:\n\n").expect("it says how");
    let lines: Vec<&str> = after.lines().map_while(|line| line.strip_prefix("    ")).collect();
    assert_eq!(lines.len(), 2);
    let lines = lines.join("\n");
    assert!(run(&lines).status.success(), "{}", String::from_utf8_lossy(&run(&lines).stderr));

    // Another program, and then its own checksum too.
    std::fs::write(out.join("riskregister"), "another program").expect("a file");
    assert!(!run(&lines).status.success(), "another program passes");
    assert!(run("sha256sum riskregister > SHA256SUMS").status.success());
    assert!(!run(&lines).status.success(), "another checksum passes");
}

#[test]
fn nothing_is_made_of_a_tag_that_is_not_there() {
    let directory = Directory::new();
    let out = directory.0.join("out");
    let refused = Command::new("scripts/release").args(["make", "v0.0.0-nobodys"]).arg(&out).output().expect("it runs");
    assert!(!refused.status.success() && !out.exists());
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("there is no tag v0.0.0-nobodys"), "{told}");
}
