//! The ways in which exports write dates.

use smartcms_domain::Timestamp;

/// Reads `2020-01-02`, `2020-1-2`, `2020-01-02 10:00`, with seconds, parts of them, `T`, and a zone such as `Z`,
/// `+02:00`, `+0200` or ` +0200`; a time without a zone is taken as UTC. `None` for zeros and for dates that never were.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let date_end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at(date_end);
    let mut parts = date.splitn(3, ['-', '/']);
    let year: u16 = parts.next().filter(|it| it.len() == 4)?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day: u8 = parts.next()?.parse().ok()?;
    if year == 0 {
        return None;
    }
    let (clock, zone) = split_zone(rest.trim_start_matches(['T', 't', ' ']))?;
    let clock = full_clock(clock)?;
    Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}{zone}")).ok()
}

/// Reads the date of mails and feeds: `Tue, 02 Apr 2013 05:16:20 +0000`.
pub(crate) fn parse_feed_date(text: &str) -> Option<Timestamp> {
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = text.split_ascii_whitespace();
    let day: u8 = parts.next()?.parse().ok()?;
    let month = month_of(parts.next()?)?;
    let year: u16 = parts.next().filter(|it| it.len() == 4)?.parse().ok()?;
    let clock = full_clock(parts.next()?)?;
    let zone = match parts.next() {
        None | Some("GMT" | "UTC" | "Z") => "Z".to_owned(),
        Some(zone) => offset(zone)?,
    };
    if year == 0 {
        return None;
    }
    Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{clock}{zone}")).ok()
}

fn month_of(name: &str) -> Option<usize> {
    let names =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = name.get(..3)?.to_ascii_lowercase();
    names.iter().position(|it| *it == start).map(|at| at + 1)
}

fn split_zone(text: &str) -> Option<(&str, String)> {
    let text = text.trim();
    let upper = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix("UTC"));
    if let Some(clock) = upper.or_else(|| text.strip_suffix("GMT")) {
        return Some((clock.trim(), "Z".to_owned()));
    }
    match text.rfind(['+', '-']) {
        None => Some((text, "Z".to_owned())),
        Some(at) => {
            let (clock, zone) = text.split_at(at);
            Some((clock.trim(), offset(zone)?))
        }
    }
}

/// `+0200`, `+02:00` or `+02` as `+02:00`.
fn offset(zone: &str) -> Option<String> {
    let sign = zone.chars().next().filter(|it| matches!(it, '+' | '-'))?;
    let digits: String = zone.chars().skip(1).filter(|it| *it != ':').collect();
    let valid = digits.chars().all(|it| it.is_ascii_digit());
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "00"),
        4 => digits.split_at(2),
        _ => return None,
    };
    valid.then(|| format!("{sign}{hours}:{minutes}"))
}

fn full_clock(clock: &str) -> Option<String> {
    if clock.is_empty() {
        return Some("00:00:00".to_owned());
    }
    let mut parts = clock.splitn(3, ':');
    let hours: u8 = parts.next()?.parse().ok()?;
    let minutes: u8 = parts.next()?.parse().ok()?;
    let seconds = parts.next().unwrap_or("00");
    let seconds = if seconds.len() == 1 { format!("0{seconds}") } else { seconds.to_owned() };
    Some(format!("{hours:02}:{minutes:02}:{seconds}"))
}

#[cfg(test)]
mod tests {
    use super::{parse_date, parse_feed_date};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let got = parse_date(text).map(|it| it.to_string());
        assert_eq!(got.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        check("2020-01-02", Some("2020-01-02T00:00:00Z"));
        check("2021-9-1", Some("2021-09-01T00:00:00Z"));
        check("2020-01-02 10:20:30", Some("2020-01-02T10:20:30Z"));
        check("2020-01-02T10:20:30.250Z", Some("2020-01-02T10:20:30.25Z"));
        check("2020-01-02T10:20:30+02:00", Some("2020-01-02T08:20:30Z"));
        check("2020-01-02 10:20:30 +0200", Some("2020-01-02T08:20:30Z"));
        check("2020-01-02 10:20 -05", Some("2020-01-02T15:20:00Z"));
        check("1969-12-31 23:59:59", Some("1969-12-31T23:59:59Z"));
    }

    #[test]
    fn a_date_that_never_was_is_none() {
        for text in ["0000-00-00 00:00:00", "2021-02-30", "-0001-11-30 00:00:00", "soon", "", "20"]
        {
            check(text, None);
        }
    }

    #[test]
    fn feed_dates_are_read() {
        let got = parse_feed_date("Tue, 02 Apr 2013 05:16:20 +0000").map(|it| it.to_string());
        assert_eq!(got.as_deref(), Some("2013-04-02T05:16:20Z"));
        assert_eq!(parse_feed_date("Wed, 30 Nov -0001 00:00:00 +0000"), None);
    }
}
