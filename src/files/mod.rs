//! Files that people leave as evidence, outside the database: where their bytes are kept, and who looks at them for viruses.

mod waiting;
pub mod clamd;
pub mod kind;
pub mod store;
