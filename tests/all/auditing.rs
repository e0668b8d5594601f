//! What an auditor does on the command line: exports, registers, receipts and checkpoints held against each other.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use riskregister::evidence::checkpoint::{PrivateKey, origin};
use riskregister::storage::Address;
use serde_json::json;

use crate::kit::edits::{cell, unbound};
use crate::kit::{Directory, World, binary, both, signing_key};

/// A register with a decided plan, and a directory to work in.
struct Desk<'w> {
    world: &'w World,
    directory: Directory,
}

impl<'w> Desk<'w> {
    fn new(world: &'w World) -> Self {
        let goal = world.goal(2024, "En ekonomi i balans");
        let plan = world.plan(2024);
        let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
        world.control(&risk, "Räkna scenerna");
        world.complete(&plan);
        world.decide(&plan);
        let reason = json!({"likelihood": 2, "consequence": 4, "reason": "Det har blivit bättre."});
        world.controller.post(&format!("/risks/{risk}/assessments"), reason).expect(201);
        world.db.make_checkpoints().expect("checkpoints can be made");
        Self { world, directory: Directory::new() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.0.join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), content).expect("a file can be written");
    }

    fn url(&self) -> String {
        match &self.world.config.database {
            Address::Sqlite(file) => format!("sqlite://{file}"),
            Address::Postgres(url) => url.clone(),
        }
    }

    /// Status, what was printed, and what was told as an error.
    fn call(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = binary(&self.directory.0, arguments);
        let output = command.env("DATABASE_URL", self.url()).output().expect("the binary runs");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn holds(&self, arguments: &[&str]) -> String {
        let (status, printed, told) = self.call(arguments);
        assert_eq!((status, told.as_str()), (Some(0), ""), "{arguments:?}");
        printed
    }

    /// Ends with this status, and says all of these.
    #[track_caller]
    fn fails(&self, arguments: &[&str], with: i32, said: &[&str]) {
        let (status, printed, told) = self.call(arguments);
        assert_eq!(status, Some(with), "{arguments:?}: {printed}{told}");
        assert!(!printed.contains("OK"), "{arguments:?}: {printed}");
        for words in said {
            assert!(told.contains(words), "{arguments:?}: no {words:?} in {told}");
        }
        assert!(!told.contains("panicked"), "{told}");
    }
}

fn keys_of(world: &World) -> (String, String) {
    let good = signing_key().public();
    (good.text(), good.verifier_key(&origin(&world.board, 0)))
}

both! {
    fn an_export_holds_and_keeps_no_secret(world: &World) {
        let desk = Desk::new(world);
        assert!(desk.holds(&["export", "export.db"]).contains("export.db"));
        for register in [&["verify"][..], &["verify", "export.db"], &["verify", &desk.url()], &["verify", "sqlite://export.db"]] {
            let printed = desk.holds(register);
            assert!(printed.ends_with("OK\n") && printed.contains("sealed files"), "{printed}");
        }
        let bytes = std::fs::read(desk.file("export.db")).expect("the export can be read");
        assert!(!bytes.windows(7).any(|word| word == b"$argon2"), "no password is in it");
        let mut c = unbound(&Address::Sqlite(desk.file("export.db").display().to_string()));
        for table in ["credentials", "sessions", "sign_in_attempts", "idempotency"] {
            let sql = format!("SELECT CAST(count(*) AS TEXT) AS text FROM {table}");
            assert_eq!(cell(&mut c, &sql), "0", "{table}");
        }
        // It is not written over.
        desk.fails(&["export", "export.db"], 1, &["export.db", "there already"]);
        assert!(!Path::new(&desk.file("export.db-journal")).exists());
        // The history tells that it was made.
        let told = "SELECT CAST(count(*) AS TEXT) AS text FROM events WHERE kind = 'register.exported'";
        assert_eq!(cell(&mut world.config.database.connect().expect("the database"), told), "1");
    }

    fn a_damaged_export_is_told_with_log_and_position(world: &World) {
        let desk = Desk::new(world);
        desk.holds(&["export", "export.db"]);
        let board = &world.board;
        let edits = [
            (format!("UPDATE events SET kind = 'risk.lost' WHERE log_id = '{board}' AND n = 3"), Some(3)),
            (format!("UPDATE openings SET value = '\"nej\"' WHERE log_id = '{board}' AND n = 4"), Some(4)),
            (format!("DELETE FROM openings WHERE log_id = '{board}' AND n = 5; \
                      DELETE FROM events WHERE log_id = '{board}' AND n = 5"), Some(5)),
            (format!("UPDATE heads SET size = size + 1 WHERE log_id = '{board}'"), None),
        ];
        for (sql, n) in edits {
            std::fs::copy(desk.file("export.db"), desk.file("damaged.db")).expect("a copy");
            unbound(&Address::Sqlite(desk.file("damaged.db").display().to_string())).batch_execute(&sql).expect("an edit");
            let place = n.map_or(format!("log {board}"), |n| format!("log {board}, event {n}:"));
            desk.fails(&["verify", "damaged.db"], 1, &["DAMAGED", &place]);
        }
        let edit = "UPDATE risks SET name = 'Ingen risk'";
        std::fs::copy(desk.file("export.db"), desk.file("damaged.db")).expect("a copy");
        unbound(&Address::Sqlite(desk.file("damaged.db").display().to_string())).batch_execute(edit).expect("an edit");
        desk.fails(&["verify", "damaged.db"], 1, &["DAMAGED", "risk ", "name is not what its history says"]);
        // Cut short, as by a full disk.
        let whole = std::fs::read(desk.file("export.db")).expect("the export");
        desk.write("damaged.db", &whole[..whole.len() / 2]);
        desk.fails(&["verify", "damaged.db"], 1, &[]);
        desk.holds(&["verify", "export.db"]);
    }

    fn a_receipt_proves_its_event_and_nothing_else(world: &World) {
        let desk = Desk::new(world);
        let (key, verifier_key) = keys_of(world);
        let last = world.auditor.get(&format!("/logs/{}", world.board)).expect(200)["size"].as_i64().expect("a size") - 1;
        for n in [0, last / 2, last] {
            let receipt = world.auditor.get(&format!("/logs/{}/events/{n}/receipt", world.board)).expect(200);
            desk.write("receipt.json", &receipt.body);
            let printed = desk.holds(&["verify", "--receipt", "receipt.json"]);
            assert!(printed.contains(&format!("event {n} of log {}", world.board)) && printed.contains("--key"), "{printed}");
            assert!(!desk.holds(&["verify", "--receipt", "receipt.json", "--key", &key]).contains("--key"));
            desk.holds(&["verify", "--receipt", "receipt.json", "--key", &verifier_key]);
            let stranger = PrivateKey::of([7; 32]).public().text();
            desk.fails(&["verify", "--receipt", "receipt.json", "--key", &stranger], 1, &["receipt.json", "trusted"]);
            let mut other = receipt.json.clone();
            other["n"] = json!(n + 1);
            desk.write("other.json", other.to_string());
            desk.fails(&["verify", "--receipt", "other.json"], 1, &["other.json"]);
            // One that holds does not cover up for one that does not.
            desk.fails(&["verify", "--receipt", "receipt.json", "--receipt", "other.json"], 1, &["other.json"]);
        }
        desk.write("text.json", "inget kvitto");
        desk.fails(&["verify", "--receipt", "text.json"], 1, &["text.json", "is not a receipt"]);
        desk.fails(&["verify", "--receipt", "missing.json"], 1, &["missing.json"]);
        desk.fails(&["verify", "--receipt", "text.json", "--checkpoint", "text.json"], 2, &["cannot be used with"]);
    }

    fn a_checkpoint_that_was_kept_holds_the_register_to_its_past(world: &World) {
        let desk = Desk::new(world);
        desk.holds(&["export", "export.db"]);
        let (key, verifier_key) = keys_of(world);
        let log = &world.board;
        let kept = world.config.signer.directory.join(log);
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(kept).expect("checkpoints are kept outside").map(|f| f.expect("a file").path()).collect();
        files.sort();
        assert!(files.len() >= 2, "one at the decision, and one after it");
        for file in &files {
            let file = file.to_str().expect("a path in UTF-8");
            for register in ["export.db", &desk.url()] {
                desk.holds(&["verify", register, "--checkpoint", file]);
                desk.holds(&["verify", register, "--checkpoint", file, "--key", &key]);
                desk.holds(&["verify", register, "--checkpoint", file, "--key", &verifier_key]);
            }
            let stranger = PrivateKey::of([7; 32]).public().text();
            desk.fails(&["verify", "export.db", "--checkpoint", file, "--key", &stranger], 1, &["not signed by"]);
        }
        // Signed with the very key, but of what never was, or of more than there is.
        let other = signing_key().checkpoint(&origin(log, 0), 5, &[9; 32]);
        desk.write("other.txt", other);
        desk.fails(&["verify", "export.db", "--checkpoint", "other.txt"], 1, &[&format!("log {log}, event 4")]);
        desk.write("later.txt", signing_key().checkpoint(&origin(log, 0), 100_000, &[9; 32]));
        desk.fails(&["verify", "export.db", "--checkpoint", "later.txt"], 1, &[log, "counts 100000"]);
        desk.write("elsewhere.txt", signing_key().checkpoint("riskregister/elsewhere", 5, &[9; 32]));
        desk.fails(&["verify", "export.db", "--checkpoint", "elsewhere.txt"], 1, &["riskregister/elsewhere"]);
        desk.write("forged.txt", PrivateKey::of([7; 32]).checkpoint(&origin(log, 0), 5, &[9; 32]));
        desk.fails(&["verify", "export.db", "--checkpoint", "forged.txt"], 1, &["not signed by"]);
        desk.write("text.txt", "ingen kontrollpunkt");
        desk.fails(&["verify", "export.db", "--checkpoint", "text.txt"], 1, &["text.txt", "is not a checkpoint"]);
        desk.fails(&["verify", "export.db", "--checkpoint", "missing.txt"], 1, &["missing.txt"]);
    }

    fn what_is_asked_in_a_wrong_way_is_told(world: &World) {
        let desk = Desk { world, directory: Directory::new() };
        desk.fails(&["verify", "missing.db"], 1, &["missing.db", "no such file"]);
        desk.fails(&["verify", "mysql://example.org/x"], 1, &["mysql"]);
        desk.fails(&["verify", "sqlite://missing.db"], 1, &["cannot be opened"]);
        assert!(!desk.file("missing.db").exists(), "looking makes no file");
        desk.write("text.db", "ingen databas, men ganska lång ".repeat(100));
        desk.fails(&["verify", "text.db"], 1, &["not a database"]);
        desk.write("empty.db", "");
        desk.fails(&["verify", "empty.db"], 1, &[]);
        desk.fails(&["verify", "--key", "nonsense"], 1, &["--key", "nonsense"]);
        desk.fails(&["verify", "--keys"], 2, &["--keys"]);
        desk.fails(&["export"], 2, &["FILE"]);
        desk.fails(&["export", "nowhere/at/all.db"], 1, &[]);
    }
}
