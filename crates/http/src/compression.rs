//! Compressed bodies: what the client takes, and how they are made.

mod enabled;

use std::io::{Read as _, Write as _};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

/// Shorter pages are kept as they are: compression would save less than a packet.
pub(crate) const PAGE_COMPRESSED_FROM_BYTES: usize = 1024;
/// Shorter answers that are made for one request are sent as they are: to compress one costs several times what it
/// takes to make it, and saves two packets.
pub(crate) const ANSWER_COMPRESSED_FROM_BYTES: usize = 4 * 1024;

/// How a body can be coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// As it is.
    Identity,
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

/// The coding that the client likes best; among equals the one that makes the smallest bodies.
pub(crate) fn preferred(headers: &HeaderMap) -> Coding {
    let Some(value) = headers.get(header::ACCEPT_ENCODING) else { return Coding::Identity };
    let (mut brotli, mut gzip, mut identity, mut any) = (None, None, None, None);
    // As bytes: every request is read, and most of what one costs that a cache answers would be the search for characters.
    for part in value.as_bytes().split(|it| *it == b',') {
        let mut pieces = part.split(|it| *it == b';').map(<[u8]>::trim_ascii);
        let name = pieces.next().unwrap_or_default();
        let known = [
            (&b"br"[..], &mut brotli),
            (b"gzip", &mut gzip),
            (b"identity", &mut identity),
            (b"*", &mut any),
        ];
        let known = known.into_iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        if let Some((_, weight)) = known.filter(|(_, weight)| weight.is_none()) {
            *weight = Some(pieces.find_map(weight_of).unwrap_or(1000));
        }
    }
    let any = any.unwrap_or(0);
    let brotli = if enabled::BROTLI { brotli.unwrap_or(any) } else { 0 };
    let brotli = (brotli, Coding::Brotli);
    let gzip = (gzip.unwrap_or(any), Coding::Gzip);
    // Identity is taken unless it is refused, but anything that is asked for comes first.
    let identity = (identity.unwrap_or(1), Coding::Identity);
    let mut best = (0, Coding::Identity);
    for candidate in [brotli, gzip, identity] {
        if candidate.0 > best.0 {
            best = candidate;
        }
    }
    best.1
}

/// The weight that a parameter gives, in thousandths; `None` where it is another one.
fn weight_of(parameter: &[u8]) -> Option<u32> {
    let weight = parameter.strip_prefix(b"q=").or(parameter.strip_prefix(b"Q="))?;
    Some(std::str::from_utf8(weight).map_or(0, thousandths))
}

/// `0.8` is 800; what cannot be read is 0.
fn thousandths(text: &str) -> u32 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = rest.chars().chain("000".chars()).take(3).collect();
    let parse = |it: &str| it.parse::<u32>().ok();
    match (parse(whole), parse(&digits)) {
        (Some(whole @ (0 | 1)), Some(rest)) => (whole * 1000 + rest).min(1000),
        _ => 0,
    }
}

/// The body in `gzip`; `None` when that is no shorter.
pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    encoder.write_all(bytes).ok()?;
    shorter(encoder.finish().ok()?, bytes)
}

/// What a body in `gzip` of our own making holds.
pub(crate) fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    // It was packed when this program was built: nothing of it can fail.
    let _ = GzDecoder::new(bytes).read_to_end(&mut whole);
    whole
}

/// The body in `br`; `None` when that is no shorter.
pub(crate) fn brotli(bytes: &[u8]) -> Option<Bytes> {
    shorter(enabled::brotli(bytes)?, bytes)
}

fn shorter(coded: Vec<u8>, bytes: &[u8]) -> Option<Bytes> {
    (coded.len() < bytes.len()).then(|| Bytes::from(coded))
}

#[cfg(test)]
mod tests {
    use super::{Coding, preferred};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[track_caller]
    fn check(text: &'static str, expected: Coding) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(text));
        assert_eq!(preferred(&headers), expected, "{text}");
    }

    #[test]
    fn the_client_chooses_and_the_smallest_wins_among_equals() {
        check("gzip, deflate, br, zstd", Coding::Brotli);
        check("gzip;q=1.0, br;q=0.5", Coding::Gzip);
        check("GZIP", Coding::Gzip);
        check("br;q=0, gzip;q=0.001", Coding::Gzip);
        check("*", Coding::Brotli);
        check("*;q=0", Coding::Identity);
        check("identity;q=1, gzip;q=0.2", Coding::Identity);
        check("br;q=nonsense", Coding::Identity);
        check("", Coding::Identity);
        check("deflate", Coding::Identity);
    }

    #[test]
    fn without_the_header_bodies_are_sent_as_they_are() {
        assert_eq!(preferred(&HeaderMap::new()), Coding::Identity);
    }
}
