//! What is told: why a file is refused, what is wrong in a cell, and what is merely worth knowing. Each with a code that
//! stays, a sentence in Swedish and in English, and its place. The sentences stand where they are needed; those of
//! refusals here, since they are the file's and no cell's.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Where something stands: a sheet, or a cell of it by the name that Excel shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

impl Place {
    pub fn sheet(name: &str) -> Self {
        Self { sheet: Some(name.to_owned()), cell: None }
    }

    /// Row and column are counted from nought.
    pub fn cell(sheet: &str, row: u32, column: u32) -> Self {
        Self { sheet: Some(sheet.to_owned()), cell: Some(cell_name(row, column)) }
    }
}

/// Something that is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub code: Cow<'static, str>,
    #[serde(flatten)]
    pub place: Place,
    pub sv: String,
    pub en: String,
}

impl Notice {
    pub fn new(code: &'static str, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: Cow::Borrowed(code), place: Place::default(), sv: sv.into(), en: en.into() }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}

/// Why a file is not taken. It is about the whole file, though it may have a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Refusal(pub Notice);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.en)?;
        match (&self.0.place.sheet, &self.0.place.cell) {
            (Some(sheet), Some(cell)) => write!(f, " ({sheet}!{cell})"),
            (Some(sheet), None) => write!(f, " ({sheet})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    #[must_use]
    pub fn at(self, place: Place) -> Self {
        Self(self.0.at(place))
    }

    pub fn code(&self) -> &str {
        &self.0.code
    }
}

/// A column's name, from A. Counted from nought.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = u64::from(column) + 1;
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A cell's name, from A1. Row and column are counted from nought.
pub fn cell_name(row: u32, column: u32) -> String {
    format!("{}{}", column_name(column), u64::from(row) + 1)
}

/// Refusals without anything of their own in the sentence: name, code, Swedish, English.
macro_rules! refusals {
    ($( $name:ident $code:literal $sv:literal $en:literal )+) => {
        impl Refusal {
            /// The codes that a file may be refused with.
            pub const CODES: &[&str] = &[$($code),+];
            $(
            pub(crate) fn $name() -> Self { Self(Notice::new($code, $sv, $en)) }
            )+
        }
    };
}

refusals! {
    empty "empty"
        "Filen är tom."
        "The file is empty."
    too_large "tooLarge"
        "Filen är större än 20 MiB. Dela upp den eller ta bort bilder ur den."
        "The file is larger than 20 MiB. Divide it, or take pictures out of it."
    encrypted "encrypted"
        "Filen är skyddad med lösenord. Ta bort skyddet i Excel och spara den igen."
        "The file is protected by a password. Take the protection away in Excel and save it again."
    old_excel "oldExcel"
        "Filen är i ett gammalt format (.xls eller liknande). Spara den som Excel-arbetsbok (.xlsx)."
        "The file is of an old format (.xls or the like). Save it as an Excel workbook (.xlsx)."
    binary_excel "binaryExcel"
        "Filen är en binär arbetsbok (.xlsb). Spara den som Excel-arbetsbok (.xlsx)."
        "The file is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx)."
    open_document "openDocument"
        "Filen är ett OpenDocument (.ods eller liknande). Spara den som Excel-arbetsbok (.xlsx)."
        "The file is an OpenDocument (.ods or the like). Save it as an Excel workbook (.xlsx)."
    macros "macros"
        "Filen innehåller makron, och tas därför inte emot. Spara den som Excel-arbetsbok utan makron (.xlsx)."
        "The file holds macros, and is therefore not taken. Save it as an Excel workbook without macros (.xlsx)."
    not_a_workbook "notAWorkbook"
        "Filen är varken en Excel-arbetsbok (.xlsx) eller en textfil med en rad per post (.csv)."
        "The file is neither an Excel workbook (.xlsx) nor a text file with a row a line (.csv)."
    damaged "damaged"
        "Filen är skadad och kan inte läsas till slutet. Öppna den i Excel, spara den på nytt och försök igen."
        "The file is damaged and cannot be read to its end. Open it in Excel, save it anew and try again."
    unreadable_sheet "unreadableSheet"
        "Bladet innehåller något som inte kan läsas efter den här platsen. Öppna filen i Excel, spara den på nytt och försök igen."
        "The sheet holds something that cannot be read after this place. Open the file in Excel, save it anew and try again."
    too_many_parts "tooManyParts"
        "Filen består av fler än 5 000 delar."
        "The file consists of more than 5,000 parts."
    duplicate_parts "duplicateParts"
        "Filen innehåller två delar med samma namn, så att det inte går att veta vilken som gäller."
        "The file holds two parts of the same name, so that nobody can know which one counts."
    unpacked_too_large "unpackedTooLarge"
        "Filen blir större än 512 MiB när den packas upp."
        "The file becomes larger than 512 MiB when it is unpacked."
    packed_too_tightly "packedTooTightly"
        "En del av filen växer mer än tvåhundra gånger när den packas upp. Så packas ingen arbetsbok med riktigt innehåll."
        "A part of the file grows more than two hundred times when it is unpacked. No workbook of real content does."
    unknown_packing "unknownPacking"
        "En del av filen är packad eller krypterad på ett sätt som Excel inte använder."
        "A part of the file is packed or encrypted in a way that Excel does not use."
    own_entities "ownEntities"
        "Filen definierar egna förkortningar i sin XML (DOCTYPE). Det gör ingen arbetsbok från ett kalkylprogram."
        "The file defines abbreviations of its own in its XML (DOCTYPE). No workbook of a spreadsheet program does."
    bad_reference "badReference"
        "En cell eller ett område har ett läge som inte finns i Excel."
        "A cell or region has a position that does not exist in Excel."
    too_many_strings "tooManyStrings"
        "Filen innehåller eller utger sig för att innehålla fler än en miljon texter."
        "The file holds, or claims to hold, more than a million texts."
    too_many_cells "tooManyCells"
        "Filen innehåller fler än två och en halv miljon celler, tomma med format inräknade."
        "The file holds more than two and a half million cells, those counted that are empty with a format."
    too_many_styles "tooManyStyles"
        "Filen innehåller fler eller längre cellformat än Excel kan ha."
        "The file holds more formats of cells, or longer ones, than Excel can have."
    too_many_merged "tooManyMerged"
        "Filen innehåller fler än 50 000 sammanslagna områden, eller sådana som överlappar varandra."
        "The file holds more than 50,000 merged regions, or such as overlap."
    too_many_sheets "tooManySheets"
        "Filen innehåller fler än 200 blad."
        "The file holds more than 200 sheets."
    sheet_twice "sheetTwice"
        "Filen innehåller två blad med samma namn."
        "The file holds two sheets of the same name."
    no_sheets "noSheets"
        "Filen innehåller inget blad med celler."
        "The file holds no sheet with cells."
    too_long "tooLong"
        "En text eller en tagg i filen är längre än en cell i Excel rymmer."
        "A text or a tag in the file is longer than a cell of Excel takes."
    too_much_text "tooMuchText"
        "Filen innehåller mer än 64 MiB text."
        "The file holds more than 64 MiB of text."
    too_deep "tooDeep"
        "Filens XML är nästlad djupare än någon arbetsbok."
        "The file's XML is nested deeper than in any workbook."
    too_many_rows "tooManyRows"
        "Bladet har innehåll nedanför rad 10 000. Ta bort det eller dela upp filen."
        "The sheet has content below row 10,000. Take it away, or divide the file."
    too_many_columns "tooManyColumns"
        "Bladet har innehåll till höger om kolumn 200 (GR). Ta bort det."
        "The sheet has content to the right of column 200 (GR). Take it away."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_excel_shows_them() {
        for (row, column, name) in
            [(0, 0, "A1"), (3, 25, "Z4"), (0, 26, "AA1"), (9_999, 199, "GR10000"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(cell_name(row, column), name);
        }
        assert_eq!(column_name(u32::MAX), "MWLQKWV");
    }
}
