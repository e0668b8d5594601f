//! The fonts, in the program and read once: what sets the text and what asks how wide it is have the same ones.

use std::sync::LazyLock;

use typst::foundations::Bytes;
use typst::layout::Abs;
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;

/// Inter for all text; DejaVu Sans only where Inter lacks a letter (Arabic, Hebrew, symbols).
static FONT_FILES: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.otf"),
    include_bytes!("../fonts/Inter-SemiBold.otf"),
    include_bytes!("../fonts/Inter-Bold.otf"),
    include_bytes!("../fonts/DejaVuSans.ttf"),
];

pub(crate) struct Fonts {
    pub(crate) all: Vec<Font>,
    shapes: Vec<FontInstance>,
    pub(crate) book: LazyHash<FontBook>,
}

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let all: Vec<Font> = FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    let shapes = all
        .iter()
        .map(|font| font.clone().instantiate(FontVariant::default(), Abs::pt(10.0), &FontVariations::default()))
        .collect();
    let book = LazyHash::new(FontBook::from_fonts(&all));
    Fonts { all, shapes, book }
});

/// The fonts, for the questions that only they can answer: is there a letter for this, and how wide is it?
pub(crate) fn fonts() -> &'static [FontInstance] {
    &FONTS.shapes
}
