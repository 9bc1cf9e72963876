//! Instants.

use std::fmt;

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64); // Invariant: within jiff's range, checked by every constructor.

/// Why a text or number is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time like 2026-11-22T10:00:00Z")]
pub struct TimestampError(String);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The instant this many milliseconds after the epoch.
    pub fn from_millis(millis: i64) -> Result<Self, TimestampError> {
        let in_range = jiff::Timestamp::from_millisecond(millis).is_ok();
        if in_range { Ok(Self(millis)) } else { Err(TimestampError(millis.to_string())) }
    }

    /// Reads RFC 3339; parts of a millisecond are cut off.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let parsed: jiff::Timestamp = text.parse().map_err(|_| TimestampError(text.to_owned()))?;
        Ok(Self(parsed.as_millisecond()))
    }

    /// Milliseconds since the epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// RFC 3339 in UTC with three digits of milliseconds: texts of this form sort as the instants do.
    pub fn sortable(self) -> String {
        let instant = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        format!("{instant:.3}")
    }

    /// The date alone, as `2026-11-22`.
    pub fn date(self) -> String {
        self.to_string().chars().take_while(|&c| c != 'T').collect()
    }
}

/// RFC 3339 in UTC, `2026-11-22T10:00:00.5Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => instant.fmt(f),
            Err(_) => f.write_str("invalid time"), // Unreachable by the invariant.
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn a_time_survives_its_text_form() {
        let time = Timestamp::from_millis(1_790_000_000_250).unwrap();
        assert_eq!(Timestamp::parse(&time.to_string()), Ok(time));
        assert_eq!(time.date(), "2026-09-21");
    }

    #[test]
    fn a_time_out_of_range_is_refused() {
        assert!(Timestamp::from_millis(i64::MAX).is_err());
        assert!(Timestamp::parse("yesterday").is_err());
    }
}
