//! Prints the snapshot of a plan: `cargo run -p riskregister-document --example sample -- in.json out.pdf`.

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("give the snapshot to read and the PDF to write".into());
    };
    let snapshot = serde_json::from_slice(&std::fs::read(from)?)?;
    let start = Instant::now();
    let pdf = riskregister_document::plan_pdf(&snapshot)?;
    println!("{} bytes in {:.2} s", pdf.len(), start.elapsed().as_secs_f64());
    std::fs::write(to, pdf)?;
    Ok(())
}
