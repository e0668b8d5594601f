//! The SQLite that is in the binary: built as `.cargo/config.toml` says, and opened so that it keeps its word.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use riskregister::storage::{Address, AnyConnection};

use crate::kit::Directory;
use crate::kit::edits::cell;

#[derive(diesel::QueryableByName)]
struct CompileOption {
    #[diesel(sql_type = Text)]
    compile_options: String,
}

/// The library itself is asked: flags that the build did not take would only show as slowness.
#[test]
fn it_is_built_for_one_thread_a_connection_and_statements_that_stay_prepared() {
    let directory = Directory::new();
    let file = directory.0.join("flags.db").to_str().expect("a path in UTF-8").to_owned();
    let mut c = Address::Sqlite(file).connect().expect("a new file");
    let options: Vec<CompileOption> = diesel::sql_query("PRAGMA compile_options").load(&mut c).expect("its options");
    let options: Vec<String> = options.into_iter().map(|o| o.compile_options).collect();
    for wanted in ["ENABLE_QPSG", "THREADSAFE=2", "DEFAULT_MEMSTATUS=0"] {
        assert!(options.iter().any(|o| o == wanted), "{wanted} is not among {options:?}");
    }
    let unwanted = options.iter().find(|o| o.contains("MEMORY_MANAGEMENT"));
    assert_eq!(unwanted, None, "{options:?}");
}

/// A connection as the register opens it is asked: that it does not wait for the disk would show when the power fails, and
/// at no other time.
#[test]
fn each_connection_waits_for_the_disk_and_keeps_the_rules() {
    let directory = Directory::new();
    let file = directory.0.join("opened.db").to_str().expect("a path in UTF-8").to_owned();
    let mut c = Address::Sqlite(file).connect().expect("a new file");
    for (pragma, column, wanted) in [
        ("journal_mode", "journal_mode", "wal"),
        // FULL.
        ("synchronous", "synchronous", "2"),
        ("foreign_keys", "foreign_keys", "1"),
        ("recursive_triggers", "recursive_triggers", "1"),
        ("secure_delete", "secure_delete", "1"),
        ("busy_timeout", "timeout", "10000"),
    ] {
        let asked = format!("SELECT CAST({column} AS TEXT) AS text FROM pragma_{pragma}");
        assert_eq!(cell(&mut c, &asked), wanted, "{pragma}");
    }
}

/// A library without a mutex for each connection asks that no two threads use one at once. A connection may go from
/// one thread to another, as the pool's do, but a reference to it never: if it could be shared, there would be two
/// candidates here, and this would not compile.
const _: fn() = {
    trait Unshared<Candidate> {
        fn is() {}
    }
    struct Always;
    impl<T: ?Sized> Unshared<Always> for T {}
    struct IfShared;
    impl<T: ?Sized + Sync> Unshared<IfShared> for T {}
    <AnyConnection as Unshared<_>>::is
};
