//! What somebody does who has the database and knows the program: after an edit, all that follows is made to fit.

use diesel::connection::SimpleConnection;
use riskregister::evidence::checkpoint::{PrivateKey, origin};
use riskregister::evidence::tree::{self, Frontier};
use riskregister::storage::AnyConnection;

use super::edits::{blob, bytes, cell, cells};

/// The events of a log as bytes, in order.
pub fn bodies(c: &mut AnyConnection, log: &str) -> Vec<Vec<u8>> {
    let count: u64 = number(c, &format!("SELECT CAST(count(*) AS TEXT) AS text FROM events WHERE log_id = '{log}'"));
    (0..count).map(|n| bytes(c, "events", "body", &format!("log_id = '{log}' AND n = {n}"))).collect()
}

/// Makes the head and the nodes of a log fit its events.
pub fn fit(c: &mut AnyConnection, log: &str) {
    let (mut tree, mut nodes) = (Frontier::default(), String::new());
    for body in bodies(c, log) {
        tree.push(tree::leaf(&body), |level, position, root| {
            if level > 0 && level.is_multiple_of(8) {
                nodes += &format!("INSERT INTO tree_nodes VALUES ('{log}', {level}, {position}, {});", blob(c, root));
            }
        });
    }
    let frontier = blob(c, &tree.bytes());
    c.batch_execute(&format!(
        "DELETE FROM tree_nodes WHERE log_id = '{log}'; {nodes} \
         UPDATE heads SET size = {0}, frontier = {frontier}, \
         last_time = coalesce((SELECT time FROM events WHERE log_id = '{log}' AND n = {0} - 1), last_time) \
         WHERE log_id = '{log}'",
        tree.size()
    ))
    .expect("a head can be fitted");
}

/// Signs every checkpoint of a log anew, and takes those away that count more events than there are.
pub fn sign(c: &mut AnyConnection, log: &str, key: &PrivateKey) {
    let events = bodies(c, log);
    c.batch_execute(&format!(
        "DELETE FROM checkpoints WHERE log_id = '{log}' AND size > {}; UPDATE heads SET checkpoints = \
         (SELECT count(*) FROM checkpoints WHERE log_id = '{log}') WHERE log_id = '{log}'",
        events.len()
    ))
    .expect("checkpoints can be deleted");
    let mut tree = Frontier::default();
    let sizes = cells(c, &format!("SELECT CAST(size AS TEXT) AS text FROM checkpoints WHERE log_id = '{log}'"));
    for (n, body) in events.iter().enumerate() {
        tree.push(tree::leaf(body), |_, _, _| {});
        let size = n + 1;
        if sizes.contains(&Some(size.to_string())) {
            let note = key.checkpoint(&origin(log, 0), tree.size(), &tree.root());
            let sql = format!("UPDATE checkpoints SET note = '{note}' WHERE log_id = '{log}' AND size = {size}");
            c.batch_execute(&sql).expect("a checkpoint can be written over");
        }
    }
}

/// A number that is asked for as text.
pub fn number(c: &mut AnyConnection, sql: &str) -> u64 {
    cell(c, sql).parse().expect("a number")
}
