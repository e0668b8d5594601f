//! Prints the snapshot of a plan or of a report, as its file name's ending says:
//! `cargo run -p riskregister-document --example sample -- in.json out.pdf [public]`.

use std::error::Error;
use std::time::Instant;

use riskregister_document::{Format, Version, plan_document, report_document};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = arguments.as_slice() else {
        return Err("give the snapshot to read and the file to write".into());
    };
    let version = if rest.iter().any(|word| word == "public") { Version::Public } else { Version::Full };
    let format = [Format::Pdf, Format::Docx, Format::Xlsx, Format::Json]
        .into_iter()
        .find(|format| to.ends_with(&format!(".{}", format.extension())))
        .ok_or("the file's name must end with pdf, docx, xlsx or json")?;
    let bytes = std::fs::read(from)?;
    let read: serde_json::Value = serde_json::from_slice(&bytes)?;
    let start = Instant::now();
    let made = if read.get("report").is_some() {
        report_document(&serde_json::from_slice(&bytes)?, format, version)?
    } else {
        plan_document(&serde_json::from_slice(&bytes)?, format, version)?
    };
    println!("{} bytes in {:.2} s", made.len(), start.elapsed().as_secs_f64());
    std::fs::write(to, made)?;
    Ok(())
}
