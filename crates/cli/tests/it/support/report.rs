//! What the ordinary load felt of each hostile plugin: `target/plugin-cases.md`.

use std::fs;
use std::path::{Path, PathBuf};

use super::load::LoadReport;

/// Writes the line of one case, and the table anew from the lines of all cases so far: each test may run in a
/// process of its own.
pub(crate) fn record(case: &str, load: &LoadReport, resident_bytes: u64) {
    let ms = |it: std::time::Duration| format!("{:.1}", it.as_secs_f64() * 1000.0);
    let line = format!(
        "| {case} | {} | {} | {} | {} | {} | {} |\n",
        load.requests,
        load.failures.len(),
        ms(load.median),
        ms(load.p99),
        ms(load.slowest),
        resident_bytes / (1024 * 1024),
    );
    let folder = target().join("plugin-cases");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(case), line).unwrap();
    let mut names: Vec<PathBuf> =
        fs::read_dir(&folder).unwrap().filter_map(|it| Some(it.ok()?.path())).collect();
    names.sort();
    let lines: String = names.iter().filter_map(|it| fs::read_to_string(it).ok()).collect();
    let head = "| hostile plugin | ordinary requests | failed | median ms | p99 ms | slowest ms | peak MiB |\n\
        |---|---:|---:|---:|---:|---:|---:|\n";
    fs::write(target().join("plugin-cases.md"), format!("{head}{lines}")).unwrap();
    println!("{case}: {} ordinary requests, p99 {} ms", load.requests, ms(load.p99));
}

fn target() -> &'static Path {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary)
}
