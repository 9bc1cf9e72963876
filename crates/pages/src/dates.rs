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
        let human = if is_english(language) { in_english(&date) } else { None };
        Self { machine: at.to_string(), human: human.unwrap_or(date) }
    }
}

impl Date {
    /// A day for samples.
    pub(crate) fn sample(day: u8) -> Self {
        let human = format!("{day} November 2026");
        Self { machine: format!("2026-11-{day:02}T10:00:00Z"), human }
    }
}

/// A month for people: `November 2026` on English sites, `2026-11` on others.
pub(crate) fn month_label(year: i16, month: u8, language: &str) -> String {
    let name = usize::from(month).checked_sub(1).and_then(|it| MONTHS.get(it));
    match name.filter(|_| is_english(language)) {
        Some(name) => format!("{name} {year}"),
        None => format!("{year}-{month:02}"),
    }
}

/// The time as RSS wants it: `Thu, 01 Jan 1970 00:00:00 GMT`.
pub(crate) fn rfc_822(at: Timestamp) -> String {
    // Day 0 of the epoch was a Thursday.
    let days = at.as_millis().div_euclid(86_400_000);
    let weekday = usize::try_from((days + 3).rem_euclid(7)).unwrap_or_default();
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].get(weekday).unwrap_or(&"Mon");
    let (date, text) = (at.date(), at.sortable());
    let time = text.split_once('T').and_then(|(_, it)| it.get(..8)).unwrap_or("00:00:00");
    let mut parts = date.rsplit('-');
    let day = parts.next().unwrap_or("01");
    let month = parts.next().and_then(|it| it.parse::<usize>().ok()).unwrap_or(1);
    let month = month.checked_sub(1).and_then(|it| MONTHS.get(it)).and_then(|it| it.get(..3));
    let year = parts.next().unwrap_or("1970");
    format!("{weekday}, {day} {} {year} {time} GMT", month.unwrap_or("Jan"))
}

fn is_english(language: &str) -> bool {
    language == "en" || language.starts_with("en-")
}

fn in_english(date: &str) -> Option<String> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{} {month} {year}", day.trim_start_matches('0')))
}

#[cfg(test)]
mod tests {
    use super::{Date, month_label, rfc_822};
    use smartcms_domain::Timestamp;

    #[test]
    fn people_read_months_where_we_know_their_names() {
        let at = Timestamp::parse("2026-11-02T10:00:00Z").unwrap();
        assert_eq!(Date::new(at, "en-GB").human, "2 November 2026");
        assert_eq!(Date::new(at, "de").human, "2026-11-02");
        assert_eq!(Date::new(at, "de").machine, "2026-11-02T10:00:00Z");
    }

    #[test]
    fn a_feed_of_1999_could_read_our_dates() {
        let text = |it: &str| rfc_822(Timestamp::parse(it).unwrap());
        assert_eq!(text("2026-11-24T14:05:09.5Z"), "Tue, 24 Nov 2026 14:05:09 GMT");
        assert_eq!(text("1969-12-31T00:00:00Z"), "Wed, 31 Dec 1969 00:00:00 GMT");
        assert_eq!(month_label(2026, 2, "en"), "February 2026");
        assert_eq!(month_label(2026, 2, "fr"), "2026-02");
    }
}
