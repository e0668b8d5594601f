//! Taking out of an SQLite file what was deleted, and stands in free parts of it still.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use super::connection::{Address, AnyConnection};
use crate::error::{Error, Result};

/// What the header of an SQLite file says (`user_version`) while texts that were erased, or deleted before files were
/// overwritten at all, may still stand in it. Said in the transaction that erases, so that no fall comes between.
const UNSCOURED: i32 = 1;

#[derive(QueryableByName)]
struct UserVersion {
    #[diesel(sql_type = Integer)]
    user_version: i32,
}

#[derive(QueryableByName)]
struct Cut {
    #[diesel(sql_type = Integer)]
    busy: i32,
}

/// Says that the file must be scoured once this transaction is done. Whether there is a file of ours.
pub(super) fn demand(c: &mut AnyConnection) -> Result<bool> {
    let AnyConnection::Sqlite(c) = c else { return Ok(false) };
    c.batch_execute(&format!("PRAGMA user_version = {UNSCOURED}"))?;
    Ok(true)
}

/// Takes it out, if that is demanded: out of the write-ahead log, and out of the copies that pages keep in their free
/// parts when rows move from one to another, which `secure_delete` knows nothing of. [`Error::Unavailable`] when
/// somebody goes on reading what was there before.
pub(super) fn scour(address: &Address) -> Result<()> {
    if !matches!(address, Address::Sqlite(_)) {
        return Ok(());
    }
    let mut c = address.connect().map_err(Error::internal)?;
    let found: UserVersion = diesel::sql_query("PRAGMA user_version").get_result(&mut c)?;
    if found.user_version != UNSCOURED {
        return Ok(());
    }
    // Others wait while this does.
    c.batch_execute("PRAGMA busy_timeout = 2000; VACUUM")?;
    let cut: Cut = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut c)?;
    if cut.busy != 0 {
        return Err(Error::Unavailable { retry_after: 60 });
    }
    c.batch_execute("PRAGMA user_version = 0")?;
    Ok(())
}
