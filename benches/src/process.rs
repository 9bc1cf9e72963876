//! What a process of this machine has used, as Linux tells it.

use anyhow::Context as _;

/// Linux counts time of processors in hundredths of a second, on every machine that this runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process holds, in MiB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// All of it.
    pub resident: f64,
    /// What is not of files.
    pub anonymous: f64,
    /// With what is shared divided among those who share it.
    pub proportional: f64,
}

impl Memory {
    /// Reads it.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let read = |file: &str, name: &str| -> anyhow::Result<f64> {
            let path = format!("/proc/{process}/{file}");
            let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let figure = line.and_then(|it| it.trim_end_matches("kB").trim().parse::<f64>().ok());
            Ok(figure.with_context(|| format!("no {name} in {path}"))? / 1024.0)
        };
        Ok(Self {
            resident: read("status", "VmRSS:")?,
            anonymous: read("status", "RssAnon:")?,
            proportional: read("smaps_rollup", "Pss:")?,
        })
    }
}

/// How many seconds of processors a process has used so far, its own and the kernel's for it.
pub fn cpu_seconds(process: u32) -> anyhow::Result<f64> {
    let path = format!("/proc/{process}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    // The name in brackets may hold spaces; behind it, the 12th and 13th figures are the times.
    let (_, figures) = text.rsplit_once(')').context("the process has no name")?;
    let mut figures = figures.split_whitespace().skip(11).map(str::parse::<f64>);
    let mut next = || figures.next().context("the process tells no times")?.context("no number");
    Ok((next()? + next()?) / TICKS_PER_SECOND)
}

/// How fast a figure rises in these samples of time and figure: the line that fits them best.
#[must_use]
pub fn slope(samples: &[(f64, f64)]) -> f64 {
    let len = samples.len().max(1) as f64;
    let mean = |it: fn(&(f64, f64)) -> f64| samples.iter().map(it).sum::<f64>() / len;
    let (time, figure) = (mean(|it| it.0), mean(|it| it.1));
    let along: f64 = samples.iter().map(|it| (it.0 - time) * (it.1 - figure)).sum();
    let spread: f64 = samples.iter().map(|it| (it.0 - time).powi(2)).sum();
    if spread > 0.0 { along / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{cpu_seconds, slope};

    #[test]
    fn the_slope_is_that_of_the_line_and_ignores_what_goes_up_and_down() {
        let line = |rise: f64| -> Vec<(f64, f64)> {
            (0..100).map(|it| (f64::from(it), rise * f64::from(it) + f64::from(it % 2))).collect()
        };
        assert!(slope(&line(0.0)).abs() < 0.01);
        assert!((slope(&line(2.0)) - 2.0).abs() < 0.01);
        assert_eq!(slope(&[]), 0.0);
    }

    #[test]
    fn this_process_has_used_some_time() {
        assert!(cpu_seconds(std::process::id()).unwrap() >= 0.0);
    }
}
