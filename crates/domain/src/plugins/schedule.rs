//! When a task runs by itself.

use std::fmt;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;

use crate::Timestamp;

/// The longest schedule, in bytes.
pub const SCHEDULE_LEN_MAX: usize = 100;

/// A schedule in the words of cron, in UTC: `30 3 * * 1-5`, `@daily`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    text: String,
    cron: Cron,
}

/// The text is not a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a schedule: {reason}; write minute, hour, day of the month, month and day of the week, like `30 3 * * 1-5`, or @daily"
)]
pub struct ScheduleError {
    /// How the text begins.
    pub text: String,
    /// What is wrong.
    pub reason: String,
}

impl Schedule {
    /// Checks a text.
    pub fn parse(text: &str) -> Result<Self, ScheduleError> {
        let wrong = |reason: String| {
            let shown = text.chars().take(SCHEDULE_LEN_MAX).filter(|c| !c.is_control());
            ScheduleError { text: shown.collect(), reason }
        };
        if text.len() > SCHEDULE_LEN_MAX {
            return Err(wrong(format!("it is longer than {SCHEDULE_LEN_MAX} bytes")));
        }
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed);
        let parsed = parser.build().parse(text);
        let cron =
            parsed.map_err(|error| wrong(error.to_string().trim_end_matches('.').to_owned()))?;
        let schedule = Self { text: text.trim().to_owned(), cron };
        // February the 30th is well written and never comes.
        let comes = schedule.next_after(Timestamp::EPOCH).is_some();
        if comes { Ok(schedule) } else { Err(wrong("such a time never comes".to_owned())) }
    }

    /// The first time after this one; `None` when there is none.
    pub fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        let from = jiff::Timestamp::from_millisecond(time.as_millis()).ok()?;
        let from = from.to_zoned(TimeZone::UTC).datetime();
        let next = self.cron.find_next_occurrence(&from, false).ok()?;
        let next = next.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Timestamp::from_millis(next.as_millisecond()).ok()
    }

    /// The schedule as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::{Schedule, Timestamp};

    #[track_caller]
    fn check(schedule: &str, after: &str, expected: &str) {
        let schedule = Schedule::parse(schedule).unwrap();
        let next = schedule.next_after(Timestamp::parse(after).unwrap()).unwrap();
        assert_eq!(next.to_string(), expected);
    }

    #[test]
    fn the_next_time_is_after_the_one_given_and_in_utc() {
        check("* * * * *", "2026-11-28T10:00:00Z", "2026-11-28T10:01:00Z");
        check("* * * * *", "2026-11-28T10:00:59.999Z", "2026-11-28T10:01:00Z");
        check("30 3 * * MON-FRI", "2026-11-28T10:00:00Z", "2026-11-30T03:30:00Z");
        check("@daily", "2026-11-28T10:00:00Z", "2026-11-29T00:00:00Z");
        check("0 0 29 2 *", "2026-11-28T10:00:00Z", "2028-02-29T00:00:00Z");
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        let long = "1,".repeat(60);
        for bad in [
            "",
            "daily",
            "@sometimes",
            "60 * * * *",
            "* * * *",
            "0 * * * * *",
            "* * * * * 2030",
            &long,
        ] {
            assert!(Schedule::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_time_that_never_comes_is_refused_quickly() {
        let begun = std::time::Instant::now();
        assert!(Schedule::parse("0 0 30 2 *").is_err());
        assert!(Schedule::parse("0 0 31 2,4,6,9,11 *").is_err());
        assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}
