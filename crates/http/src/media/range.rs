//! Which part of a file is asked for.

use axum::http::{HeaderMap, HeaderValue, header};

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) start: u64,
    pub(super) len: u64,
}

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it; also when the header cannot be understood, or names several parts.
    Whole,
    /// One part.
    Part(Range),
    /// A part that is not there.
    Nothing,
}

/// Reads `Range`, unless `If-Range` names another state of the file.
pub(super) fn asked(headers: &HeaderMap, tag: &HeaderValue, len: u64) -> Asked {
    // A date cannot be compared: files have none.
    if headers.get(header::IF_RANGE).is_some_and(|it| it != tag) {
        return Asked::Whole;
    }
    let value = headers.get(header::RANGE).and_then(|it| it.to_str().ok());
    value.map_or(Asked::Whole, |text| parse(text, len))
}

fn parse(text: &str, len: u64) -> Asked {
    let one = text.strip_prefix("bytes=").map(str::trim).filter(|it| !it.contains(','));
    let Some((first, last)) = one.and_then(|it| it.split_once('-')) else { return Asked::Whole };
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        plain.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (None, Some(count)) if first.is_empty() => {
            let count = count.min(len);
            part(len - count, count)
        }
        (Some(start), None) if last.is_empty() => part(start, len.saturating_sub(start)),
        (Some(start), Some(last)) if start <= last => {
            part(start, last.min(len.saturating_sub(1)).saturating_sub(start).saturating_add(1))
                .within(len)
        }
        _ => Asked::Whole,
    }
}

fn part(start: u64, len: u64) -> Asked {
    if len == 0 { Asked::Nothing } else { Asked::Part(Range { start, len }) }
}

impl Asked {
    /// A part that begins behind the end is not there.
    fn within(self, len: u64) -> Self {
        match self {
            Self::Part(range) if range.start >= len => Self::Nothing,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Range, parse};

    #[test]
    fn one_part_is_understood_in_its_three_forms() {
        let part = |start, len| Asked::Part(Range { start, len });
        assert_eq!(parse("bytes=0-0", 10), part(0, 1));
        assert_eq!(parse("bytes=2-5", 10), part(2, 4));
        assert_eq!(parse("bytes=2-99999999999999999999", 10), part(2, 8));
        assert_eq!(parse("bytes=4-", 10), part(4, 6));
        assert_eq!(parse("bytes=-3", 10), part(7, 3));
        assert_eq!(parse("bytes=-99", 10), part(0, 10));
    }

    #[test]
    fn what_is_not_there_is_told_and_what_is_not_understood_is_ignored() {
        for text in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=18446744073709551615-"] {
            assert_eq!(parse(text, 10), Asked::Nothing, "{text}");
        }
        assert_eq!(parse("bytes=0-0", 0), Asked::Nothing);
        for text in
            ["bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "bytes=-", "items=0-1", "bytes=+1-2"]
        {
            assert_eq!(parse(text, 10), Asked::Whole, "{text}");
        }
    }
}
