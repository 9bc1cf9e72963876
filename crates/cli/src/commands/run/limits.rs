//! Limits as they are typed: `time=500ms`, `memory=64MiB`, `output=4MiB`, `file=32MiB`.

use std::time::Duration;

use smartcms_plugin_host::{COMPONENT_BYTES_MAX, PluginLimits};

use crate::failure::{Failure, exit};

/// How long a run may take when nothing is said.
const TIME_DEFAULT: Duration = Duration::from_secs(600);
const NAMES: &str =
    "limits are time=500ms, memory=64MiB, output=4MiB, file=32MiB, tables=10000, calls=10000";

/// The limits of one run.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunLimits {
    pub(super) plugin: PluginLimits,
    pub(super) time: Duration,
    /// The largest file.
    pub(super) file_bytes_max: usize,
}

pub(super) fn parse(texts: &[String]) -> anyhow::Result<RunLimits> {
    let mut limits = RunLimits {
        plugin: PluginLimits::default(),
        time: TIME_DEFAULT,
        file_bytes_max: COMPONENT_BYTES_MAX,
    };
    for text in texts {
        let applied =
            text.split_once('=').and_then(|(name, value)| apply(&mut limits, name, value));
        if applied.is_none() {
            return Err(Failure::hinted(format!("`{text}` is not a limit"), NAMES, exit::INVALID));
        }
    }
    Ok(limits)
}

fn apply(limits: &mut RunLimits, name: &str, value: &str) -> Option<()> {
    let call = &mut limits.plugin.call;
    match name {
        "time" => limits.time = duration(value)?,
        "memory" => call.memory_bytes_max = bytes(value)?,
        "output" => call.output_bytes_max = bytes(value)?,
        "file" => limits.file_bytes_max = bytes(value)?,
        "tables" => call.table_elements_max = value.parse().ok()?,
        "calls" => call.host_calls_max = value.parse().ok()?,
        _ => return None,
    }
    limits.plugin.times.request = limits.time.min(limits.plugin.times.request);
    Some(())
}

fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = number_and_unit(text)?;
    let duration = match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "min" => Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    };
    (!duration.is_zero()).then_some(duration)
}

fn bytes(text: &str) -> Option<usize> {
    let (number, unit) = number_and_unit(text)?;
    let factor = match unit {
        "B" | "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    usize::try_from(number.checked_mul(factor)?).ok()
}

fn number_and_unit(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{bytes, duration, parse};

    #[test]
    fn sizes_and_times_have_units() {
        assert_eq!(bytes("64MiB"), Some(64 << 20));
        assert_eq!(bytes("100"), Some(100));
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("2min"), Some(Duration::from_secs(120)));
        for bad in ["", "ms", "-1s", "1.5s", "1h", "0s"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
        assert_eq!(bytes("99999999999999999999GiB"), None);
        assert_eq!(bytes("18446744073709551615GiB"), None);
    }

    #[test]
    fn an_unknown_limit_is_refused_with_the_known_ones() {
        assert!(parse(&["fuel=1".to_owned()]).is_err());
        assert!(parse(&["time".to_owned()]).is_err());
        assert_eq!(parse(&["time=1s".to_owned()]).unwrap().time, Duration::from_secs(1));
    }
}
