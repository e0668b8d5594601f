//! What a file may hold. The first four are promised to users; the others keep a hostile file from costing more than it
//! weighs, and lie far above what anybody keeps risks in.

/// Bytes of a file.
pub const FILE: usize = 20 * 1024 * 1024;
/// Rows of a sheet.
pub const ROWS: u32 = 10_000;
/// Columns of a sheet.
pub const COLUMNS: u32 = 200;
/// Bytes of everything in a workbook, unpacked.
pub const UNPACKED: u64 = 512 * 1024 * 1024;

/// Risks of a file, and their controls and actions together: each is put into a register one by one, while others wait.
pub const RISKS: usize = 1_000;
pub const MEASURES: usize = 5_000;
/// Rows of all else, for the same reason.
pub const RECORDS: usize = 1_000;
/// How many faults are told, and how many remarks; nobody reads more.
pub const TOLD: usize = 1_000;

/// A part may grow by this much when it is unpacked, if it is larger than [`RATIO_FROM`]: no text that people write packs
/// as well, and rows that are empty but for their style come near a fifth of it.
pub const RATIO: u64 = 200;
/// Smaller parts than this are not asked how well they were packed.
pub const RATIO_FROM: u64 = 4 * 1024 * 1024;
/// Parts of a workbook.
pub const PARTS: usize = 5_000;
/// Sheets of a workbook.
pub const SHEETS: usize = 200;
/// Letters of a sheet's name. Excel itself takes 31.
pub const SHEET_NAME: usize = 200;
/// Bytes of one tag, text or comment between two others.
pub const EVENT: u64 = 1024 * 1024;
/// Bytes of the text of one cell. Excel itself takes 32,767 characters.
pub const CELL: usize = 4 * 32_767;
/// Bytes of all texts that are kept, each cell's counted by itself.
pub const TEXT: usize = 64 * 1024 * 1024;
/// Texts that cells share.
pub const STRINGS: u64 = 1_000_000;
/// Cells and rows, those too that have nothing but a style.
pub const CELLS: u64 = 2_500_000;
/// Formats of cells; Excel itself takes 65,490.
pub const STYLES: u64 = 70_000;
/// Bytes of an attribute in the formats: names of fonts, formats of numbers.
pub const STYLE_NAME: usize = 2_048;
/// Merged regions of a workbook.
pub const MERGED: u64 = 50_000;
/// Cells within merged regions of a sheet, each region's counted by itself: they do not overlap.
pub const MERGED_CELLS: u64 = 2_000_000;
/// How deep tags may stand in each other.
pub const DEPTH: u32 = 128;
