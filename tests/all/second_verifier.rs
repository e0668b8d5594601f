//! The two verifiers, `riskregister verify` and `docs/verify.py`, written apart, say the same: of proofs, checkpoints and
//! receipts, whole and damaged, and of registers.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::connection::SimpleConnection;
use rand::RngExt;
use rand::rngs::StdRng;
use riskregister::evidence::checkpoint::{Checkpoint, PrivateKey, PublicKey, origin};
use riskregister::evidence::receipt::Receipt;
use riskregister::evidence::tree::{self, Hash, Subtrees};
use riskregister::storage::carry::Which;
use riskregister::storage::verification::{Against, verify};
use riskregister::storage::{Address, Id};
use serde_json::{Value, json};

use crate::kit::depth::{chance, deep};
use crate::kit::edits::{Edit, Editor, unbound};
use crate::kit::{Databases, Directory, Start, World};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/verify.py");

/// Python with nothing but what it brings along.
pub fn python(arguments: &[&str]) -> Command {
    let mut command = Command::new("python3");
    command.args(["-I", SCRIPT]).args(arguments);
    command
}

/// Whether the second verifier takes a register's file, and what it says.
fn second(register: &Path) -> (bool, String) {
    let output = python(&[register.to_str().expect("a path in UTF-8")]).output().expect("python3 runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)) && told.is_empty(), "{said}{told}");
    (output.status.success(), said)
}

/// One process that judges line by line.
struct Judge {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Judge {
    fn start() -> Self {
        let mut command = python(&["--batch"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3 runs");
        let asks = child.stdin.take().expect("stdin is piped");
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        Self { child, asks, answers }
    }

    fn holds(&mut self, question: &Value) -> bool {
        writeln!(self.asks, "{question}").expect("it listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        match line.trim() {
            "true" => true,
            "false" => false,
            other => panic!("{other:?} is no answer to {question}"),
        }
    }

    /// Both say the same; which is told.
    #[track_caller]
    fn agrees(&mut self, first: bool, question: &Value) -> bool {
        assert_eq!(self.holds(question), first, "the first verifier says {first}: {question}");
        first
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tree in memory.
struct Leaves(Vec<Hash>);

impl Subtrees for Leaves {
    type Error = std::convert::Infallible;
    fn perfect(&mut self, level: u32, position: u64) -> Result<Hash, Self::Error> {
        let first = (position << level) as usize;
        let mut row = self.0[first..first + (1 << level)].to_vec();
        while row.len() > 1 {
            row = row.chunks(2).map(|pair| tree::node(&pair[0], &pair[1])).collect();
        }
        Ok(row[0])
    }
}

fn base64(hash: &Hash) -> String {
    STANDARD.encode(hash)
}

/// Changes one thing of a proof by chance.
fn spoil(rng: &mut StdRng, numbers: &mut [u64], hashes: &mut Vec<Hash>, roots: &mut [Hash]) {
    let bit: usize = rng.random_range(0..256);
    let flip = |hash: &mut Hash| hash[bit / 8] ^= 1 << (bit % 8);
    let at = rng.random_range(0..hashes.len().max(1));
    match rng.random_range(0..8) {
        0 | 1 => {
            let at = rng.random_range(0..numbers.len());
            numbers[at] = match rng.random_range(0..4) {
                0 => numbers[at].saturating_sub(1),
                1 => numbers[at] + 1,
                2 => rng.random_range(0..400),
                _ => u64::MAX >> rng.random_range(0..64),
            };
        }
        2 => {
            let at = rng.random_range(0..roots.len());
            flip(&mut roots[at]);
        }
        3 if !hashes.is_empty() => flip(&mut hashes[at]),
        4 if !hashes.is_empty() => {
            hashes.remove(at);
        }
        5 if hashes.len() > 1 => {
            let other = rng.random_range(0..hashes.len());
            hashes.swap(at, other);
        }
        6 => hashes.insert(at, [7; 32]),
        _ => {
            let root = roots[0];
            hashes.push(root);
        }
    }
}

#[test]
fn the_published_vectors_pass() {
    let output = python(&["--self-test"]).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn proofs_hold_with_both_or_with_neither() {
    let mut rng = chance("proofs");
    let mut judge = Judge::start();
    let mut leaves = Leaves((0..300_u32).map(|i| tree::leaf(&i.to_le_bytes())).collect());
    let (mut held, mut refused) = (0, 0);
    let rounds = deep(1200, 8000);
    for round in 0..rounds {
        // Small trees have the odd corners.
        let size = if round % 2 == 0 { rng.random_range(1..12) } else { rng.random_range(1..300) };
        let Ok(root) = tree::root(&mut leaves, size);
        let holds = if rng.random_range(0..2) == 0 {
            let n = rng.random_range(0..size);
            let Ok(mut hashes) = tree::inclusion(&mut leaves, n, size);
            let (mut numbers, mut hashes_of) = ([n, size], [root, leaves.0[n as usize]]);
            if round % 5 > 0 {
                spoil(&mut rng, &mut numbers, &mut hashes, &mut hashes_of);
            }
            let ([n, size], [root, leaf]) = (numbers, hashes_of);
            let first = tree::includes(&leaf, n, size, &hashes, &root);
            let hashes: Vec<String> = hashes.iter().map(base64).collect();
            let question = json!({
                "kind": "inclusion", "leafHash": base64(&leaf), "index": n, "size": size, "hashes": hashes,
                "root": base64(&root),
            });
            judge.agrees(first, &question)
        } else {
            let from = rng.random_range(1..=size);
            let Ok(from_root) = tree::root(&mut leaves, from);
            let Ok(mut hashes) = tree::consistency(&mut leaves, from, size);
            let (mut numbers, mut roots) = ([from, size], [root, from_root]);
            if round % 5 > 0 {
                spoil(&mut rng, &mut numbers, &mut hashes, &mut roots);
            }
            let ([from, to], [root, from_root]) = (numbers, roots);
            let first = tree::consistent(from, &from_root, to, &root, &hashes);
            let hashes: Vec<String> = hashes.iter().map(base64).collect();
            let question = json!({
                "kind": "consistency", "from": from, "to": to, "fromRoot": base64(&from_root), "toRoot": base64(&root),
                "hashes": hashes,
            });
            judge.agrees(first, &question)
        };
        *if holds { &mut held } else { &mut refused } += 1;
    }
    println!("{held} proofs held and {refused} were refused");
    assert!(held > rounds / 8 && refused > rounds / 4, "{held} held and {refused} were refused");
}

/// Changes a text by chance: a letter, a line, its end.
fn spoil_text(rng: &mut StdRng, text: &str) -> String {
    const OTHERS: [char; 16] =
        ['\n', ' ', '0', '1', '9', 'A', 'b', '+', '/', '=', '\u{2014}', '\r', '\t', '\u{0}', 'é', '-'];
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..rng.random_range(1..3) {
        let at = rng.random_range(0..letters.len());
        let new = OTHERS[rng.random_range(0..OTHERS.len())];
        match rng.random_range(0..4) {
            0 => letters[at] = new,
            1 => letters.insert(at, new),
            2 if letters.len() > 1 => {
                letters.remove(at);
            }
            _ => letters[at] = char::from_u32(letters[at] as u32 ^ (1 << rng.random_range(0..7))).unwrap_or(new),
        }
    }
    letters.into_iter().collect()
}

fn first_takes(note: &str, key: &str) -> bool {
    let Some((name, key)) = PublicKey::of_verifier_key(key) else { return false };
    Checkpoint::read(note).is_some_and(|read| read.origin == name && read.signed_by(&[key]))
}

#[test]
fn checkpoints_hold_with_both_or_with_neither() {
    let mut rng = chance("checkpoints");
    let mut judge = Judge::start();
    let keys = [[1; 32], [2; 32]].map(PrivateKey::of);
    let (mut held, mut refused) = (0, 0);
    let rounds = deep(600, 3000);
    for round in 0..rounds {
        let name = origin(if round % 3 == 0 { "a" } else { "0190c5b2-7f7a-7bb1-8c59-3f0f6a2f6a11" }, 0);
        let size = if round % 7 == 0 { u64::MAX } else { rng.random_range(0..1000) };
        let root: Hash = std::array::from_fn(|_| rng.random());
        let mut note = keys[0].checkpoint(&name, size, &root);
        let mut key = keys[0].public().verifier_key(&name);
        // Others may sign too: their lines are passed over, whatever they look like.
        let more = keys[1].checkpoint(&name, size, &root).lines().last().expect("a line").to_owned();
        let mut cosigned = vec![7; rng.random_range(1..90)];
        cosigned[0] = 1;
        let lines = [
            more.clone(),
            format!("\u{2014} witness.example/{round} {}", STANDARD.encode(&cosigned)),
            format!("\u{2014} {name} {}", STANDARD.encode(&cosigned)),
            keys[0].checkpoint(&name, size.wrapping_add(1), &root).lines().last().expect("a line").to_owned(),
            note.lines().last().expect("a line").to_owned(),
        ];
        if round % 2 == 0 {
            let line = &lines[rng.random_range(0..lines.len())];
            if rng.random_range(0..2) == 0 {
                note += &format!("{line}\n");
            } else {
                let (text, signatures) = note.split_once("\n\n").expect("a note");
                note = format!("{text}\n\n{line}\n{signatures}");
            }
        }
        match round % 5 {
            0 | 1 => note = spoil_text(&mut rng, &note),
            2 => key = spoil_text(&mut rng, &key),
            _ => {}
        }
        let question = json!({"kind": "checkpoint", "note": note, "key": key});
        let holds = judge.agrees(first_takes(&note, &key), &question);
        *if holds { &mut held } else { &mut refused } += 1;
    }
    println!("{held} checkpoints held and {refused} were refused");
    assert!(held * 15 > rounds * 2 && refused * 15 > rounds * 4, "{held} held and {refused} were refused");
}

/// Changes a value somewhere in JSON.
fn spoil_json(rng: &mut StdRng, value: &mut Value) {
    let down = rng.random_range(0..10) > 0;
    match value {
        Value::Object(all) if down && !all.is_empty() => {
            let at = rng.random_range(0..all.len());
            let inner = all.values_mut().nth(at).expect("it is there");
            spoil_json(rng, inner);
        }
        Value::Array(all) if down && !all.is_empty() => {
            let at = rng.random_range(0..all.len());
            spoil_json(rng, &mut all[at]);
        }
        Value::Object(all) => {
            let names: Vec<String> = all.keys().cloned().collect();
            if rng.random_range(0..2) == 0 && !names.is_empty() {
                all.remove(&names[rng.random_range(0..names.len())]);
            } else {
                all.insert("more".into(), json!(1));
            }
        }
        Value::Array(all) => match rng.random_range(0..3) {
            0 => all.clear(),
            1 if !all.is_empty() => {
                let again = all[0].clone();
                all.push(again);
            }
            _ => all.push(json!("x")),
        },
        Value::String(text) if !text.is_empty() && rng.random_range(0..8) > 0 => *text = spoil_text(rng, text),
        Value::Number(number) if rng.random_range(0..3) > 0 => {
            let n = number.as_u64().unwrap_or(0);
            *value = match rng.random_range(0..4) {
                0 => json!(n + 1),
                1 => json!(n as f64),
                2 => json!(n.to_string()),
                _ => json!(-1),
            };
        }
        other => *other = [json!(null), json!(true), json!({}), json!("")][rng.random_range(0..4)].clone(),
    }
}

#[test]
fn receipts_hold_with_both_or_with_neither() {
    let world = World::on(Databases::Sqlite);
    let goal = world.goal(2024, "En ekonomi i balans");
    let plan = world.plan(2024);
    let risk = world.risk(&plan, &goal, "Brist på scener", (3, 4)).id();
    let odd = "Räkna \"scenerna\"\n\u{1F3AD}";
    let control = json!({"name": odd.replace('\n', " "), "description": odd, "recurrences": ["annual"],
        "responsibleId": world.performer.id});
    world.controller.post(&format!("/risks/{risk}/controls"), control).expect(201);
    world.complete(&plan);
    world.decide(&plan);
    let receipt = |n: u64| world.auditor.get(&format!("/logs/{}/events/{n}/receipt", world.board)).expect(200).json;
    let receipts: Vec<Value> = (0..8).map(receipt).collect();
    let mut rng = chance("receipts");
    let mut judge = Judge::start();
    let (mut held, mut refused) = (0, 0);
    let rounds = deep(600, 3000);
    for round in 0..rounds {
        let mut receipt = receipts[round % receipts.len()].clone();
        match round % 10 {
            0 => {}
            // The salt borrows from the value, or lends to it.
            1 if receipt["openings"][0].is_object() => {
                let opening = &mut receipt["openings"][0];
                let mut salt = STANDARD.decode(opening["salt"].as_str().expect("a salt")).expect("base64");
                let mut value = opening["value"].as_str().expect("a value").to_owned();
                if rng.random_range(0..2) == 0 {
                    salt.push(value.remove(0) as u8);
                } else if let Some(byte) = salt.pop_if(|byte| byte.is_ascii()) {
                    value.insert(0, byte as char);
                }
                opening["salt"] = json!(STANDARD.encode(salt));
                opening["value"] = json!(value);
            }
            // Parts of another one.
            2 => {
                let field = ["n", "log", "event", "openings", "proof", "checkpoint", "key"][rng.random_range(0..7)];
                receipt[field] = receipts[rng.random_range(0..receipts.len())][field].clone();
            }
            // One of the texts was erased.
            3 => {
                receipt["openings"].as_array_mut().expect("openings").pop();
            }
            _ => spoil_json(&mut rng, &mut receipt),
        }
        let first = serde_json::from_value::<Receipt>(receipt.clone()).is_ok_and(|read| read.check(&[]).is_ok());
        let holds = judge.agrees(first, &json!({"kind": "receipt", "receipt": receipt}));
        *if holds { &mut held } else { &mut refused } += 1;
    }
    println!("{held} receipts held and {refused} were refused");
    assert!(held * 15 > rounds && refused * 15 > rounds * 6, "{held} held and {refused} were refused");
}

/// Exports from either database hold with both, and damaged ones with neither.
fn registers_hold_with_both_or_with_neither(databases: Databases) {
    let mut rng = chance("exports");
    let world = World::on(databases);
    world.live();
    let directory = Directory::new();
    let whole = directory.0.join("whole.db");
    world.db.write_to_file(&whole, Which::ForAuditors).expect("it can be exported");
    let address = |file: &Path| Address::Sqlite(file.to_str().expect("a path in UTF-8").to_owned());
    let counts = verify(&address(&whole), &Against::default()).expect("it holds");
    let (holds, said) = second(&whole);
    assert!(holds, "{said}");
    for (count, what) in [
        (counts.logs, "logs"),
        (counts.events, "events"),
        (counts.checkpoints, "checkpoints"),
        (counts.commitments, "openings"),
        (counts.things, "things"),
        (counts.files, "sealed files"),
    ] {
        assert!(said.contains(&format!("{count} {what}")), "the first counted {count} {what}: {said}");
    }
    if let Address::Sqlite(file) = &world.config.database {
        // The file of a register that runs.
        let (holds, said) = second(Path::new(file));
        assert!(holds, "{said}");
    }
    let mut found = 0;
    while found < deep(12, 80) {
        let damaged = directory.0.join(format!("{}.db", Id::new()));
        std::fs::copy(&whole, &damaged).expect("a copy");
        let edit = {
            let mut c = unbound(&address(&damaged));
            let mut editor = Editor::new(&mut c, rng.random());
            c.batch_execute("BEGIN").expect("a transaction");
            let edit = editor.edit(&mut c);
            c.batch_execute("COMMIT").expect("it is kept");
            edit
        };
        let first = verify(&address(&damaged), &Against::default());
        let (second, said) = second(&damaged);
        match edit {
            Edit::Done(what) => {
                assert!(first.is_err(), "the first verifier missed {what}; the second: {said}");
                assert!(!second, "the second verifier missed {what}; the first: {first:?}");
                found += 1;
            }
            Edit::Nothing => assert!(first.is_ok() && second, "{first:?}, {said}"),
        }
        std::fs::remove_file(&damaged).expect("it was there");
    }
}

#[test]
fn exports_from_sqlite_hold_with_both_or_with_neither() {
    registers_hold_with_both_or_with_neither(Databases::Sqlite);
}

#[test]
fn exports_from_postgres_hold_with_both_or_with_neither() {
    registers_hold_with_both_or_with_neither(Databases::Postgres);
}
