//! The image can be built: the Dockerfile's own steps, replayed in a bare directory by `scripts/dockerfile`.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::kit::Directory;

/// In cargo's place: asks it to build one program more, that nobody has. Cargo finds that out after it has read every
/// manifest, with every target that it names, and Cargo.lock, and before it builds anything. Then, as if it had built, a
/// program is left. A feature must be there, and is not asked for: what it brings may not lie on this machine. To build
/// takes half an hour: `scripts/dockerfile` by itself does.
const STAND_IN: &str = r#"#!/bin/sh
asked=$1
for word in "$@"; do
    shift
    case $before$word in
    --features) ;;
    --features*) grep -q "^$word = \[" Cargo.toml || { echo "there is no feature $word" >&2; exit 1; } ;;
    *) set -- "$@" "$word" ;;
    esac
    before=
    [ "$word" != --features ] || before=$word
done
[ "$asked" = build ] || exec "$CARGO" "$@"
told=$("$CARGO" "$@" --bin nobodys 2>&1)
case $told in
*"no bin target named \`nobodys\`"*) ;;
*)
    echo "$told" >&2
    exit 1
    ;;
esac
mkdir -p target/release
printf '#!/bin/sh\necho the program\n' >target/release/riskregister
chmod +x target/release/riskregister
"#;

#[test]
fn its_steps_go_through_in_a_bare_directory() {
    let directory = Directory::new();
    let (programs, build) = (directory.0.join("programs"), directory.0.join("build"));
    std::fs::create_dir(&programs).expect("a directory");
    let cargo = programs.join("cargo");
    std::fs::write(&cargo, STAND_IN).expect("a file");
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    let path = std::env::var("PATH").expect("a PATH");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let replayed = Command::new(root.join("scripts/dockerfile"))
        .arg(&build)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("CARGO", env!("CARGO"))
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&replayed.stdout).into_owned();
    let faults = String::from_utf8_lossy(&replayed.stderr);
    assert!(replayed.status.success() && told.ends_with("the program\n"), "{told}{faults}");
    // SQLite is built among the dependencies, so its flags must lie there before them.
    let flags = told.find("COPY .cargo").expect("the flags are copied");
    assert!(flags < told.find("RUN").expect("something is run"), "{told}");
    // What goes into the image with the program: the notices of what others wrote.
    let notices = std::fs::read_to_string(build.join("THIRD-PARTY-NOTICES")).expect("they are written");
    assert!(
        notices.contains("\nsqlite 3.") && notices.contains("\nactix-web 4."),
        "{}",
        &notices[..notices.len().min(2000)]
    );
    // What is only for the tests stays outside; what is built must not.
    assert!(!build.join("tests").exists() && !build.join(".git").exists());
    assert!(build.join("migrations/sqlite").is_dir() && build.join(".cargo/config.toml").is_file());
}

/// What the allocator is told stands in the unit, and the image says the same.
#[test]
fn the_image_and_the_unit_give_memory_back_alike() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = |file: &str| -> Vec<String> {
        let text = std::fs::read_to_string(root.join(file)).expect("a file");
        let words = text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        let ours = words.filter_map(|word| word.find("MIMALLOC_").map(|at| word[at..].to_owned()));
        ours.collect()
    };
    let unit = told("deploy/systemd/riskregister.service");
    assert_eq!(unit.len(), 2);
    assert_eq!(told("Dockerfile"), unit);
}
