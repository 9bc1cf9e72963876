//! Times as machines and people read them.

use serde::Serialize;
use smartcms_domain::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A time for a `<time>` element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Date {
    /// RFC 3339.
    pub machine: String,
    /// `22 November 2026` on English sites, `2026-11-22` on others.
    pub human: String,
}

impl Date {
    /// A time on a site of this language.
    pub fn new(at: Timestamp, language: &str) -> Self {
        let date = at.date();
        let english = language == "en" || language.starts_with("en-");
        let human = if english { in_english(&date) } else { None };
        Self { machine: at.to_string(), human: human.unwrap_or(date) }
    }
}

fn in_english(date: &str) -> Option<String> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{} {month} {year}", day.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::Date;
    use smartcms_domain::Timestamp;

    #[test]
    fn people_read_months_where_we_know_their_names() {
        let at = Timestamp::parse("2026-11-02T10:00:00Z").unwrap();
        assert_eq!(Date::new(at, "en-GB").human, "2 November 2026");
        assert_eq!(Date::new(at, "de").human, "2026-11-02");
        assert_eq!(Date::new(at, "de").machine, "2026-11-02T10:00:00Z");
    }
}
