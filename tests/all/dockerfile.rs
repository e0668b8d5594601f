//! The image can be built: the Dockerfile's own steps, replayed in a bare directory by `scripts/dockerfile`.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::kit::Directory;

/// In cargo's place: reads the manifests as `cargo build` does, every target that they name and every version of
/// Cargo.lock, and then, as if it had built, leaves a program. Building takes half an hour: `scripts/nightly` does.
const STAND_IN: &str = r#"#!/bin/sh
set -e
if [ "$1" = build ]; then
    "$CARGO" metadata --locked --offline --format-version 1 --filter-platform "$HOST" >metadata.json
    for word in "$@"; do
        case $before in
        --features) grep -q "\"$word\":\[" metadata.json ;;
        --bin) grep -q "\"kind\":\[\"bin\"\][^}]*\"name\":\"$word\"" metadata.json ;;
        esac
        before=$word
    done
    rm metadata.json
    mkdir -p target/release
    printf '#!/bin/sh\necho the program\n' >target/release/riskregister
    chmod +x target/release/riskregister
else
    exec "$CARGO" "$@"
fi
"#;

#[test]
fn its_steps_go_through_in_a_bare_directory() {
    let directory = Directory::new();
    let (programs, build) = (directory.0.join("programs"), directory.0.join("build"));
    std::fs::create_dir(&programs).expect("a directory");
    let cargo = programs.join("cargo");
    std::fs::write(&cargo, STAND_IN).expect("a file");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let version = Command::new(env!("CARGO")).arg("-vV").output().expect("cargo is there").stdout;
    let version = String::from_utf8(version).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let path = std::env::var("PATH").expect("a PATH");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let replayed = Command::new(root.join("scripts/dockerfile"))
        .arg(&build)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("CARGO", env!("CARGO"))
        .env("HOST", host)
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&replayed.stdout).into_owned();
    let faults = String::from_utf8_lossy(&replayed.stderr);
    assert!(replayed.status.success() && told.ends_with("the program\n"), "{told}{faults}");
    // SQLite is built among the dependencies, so its flags must lie there before them.
    let flags = told.find("COPY .cargo").expect("the flags are copied");
    assert!(flags < told.find("RUN").expect("something is run"), "{told}");
    // What is only for the tests stays outside; what is built must not.
    assert!(!build.join("tests").exists() && !build.join(".git").exists());
    assert!(build.join("migrations/sqlite").is_dir() && build.join(".cargo/config.toml").is_file());
}
