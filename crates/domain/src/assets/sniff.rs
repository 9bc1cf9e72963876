//! What a file is, by its first bytes.

use super::MediaType;

/// How many bytes from the beginning are looked at.
pub const SNIFFED_BYTES: usize = 4096;

type Signature = (usize, &'static [u8], MediaType);

/// Bytes at a place, and what they mean.
const SIGNATURES: &[Signature] = &[
    (0, b"\xff\xd8\xff", MediaType::Jpeg),
    (0, b"\x89PNG\r\n\x1a\n", MediaType::Png),
    (0, b"GIF87a", MediaType::Gif),
    (0, b"GIF89a", MediaType::Gif),
    (0, b"%PDF-", MediaType::Pdf),
    (0, b"\x1a\x45\xdf\xa3", MediaType::Webm),
    (0, b"ID3", MediaType::Mp3),
    (0, b"\xff\xfb", MediaType::Mp3),
    (0, b"\xff\xf3", MediaType::Mp3),
    (0, b"\xff\xf2", MediaType::Mp3),
    (0, b"OggS", MediaType::Ogg),
    (0, b"fLaC", MediaType::Flac),
    (0, b"wOF2", MediaType::Woff2),
];

/// What stands in an archive's first entries, and what archive it is.
const ARCHIVES: &[(&[u8], MediaType)] = &[
    (b"mimetypeapplication/epub+zip", MediaType::Epub),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", MediaType::Odt),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", MediaType::Ods),
    (b"word/", MediaType::Docx),
    (b"xl/", MediaType::Xlsx),
    (b"ppt/", MediaType::Pptx),
];

/// With what a text begins that a browser takes for a page.
const PAGES: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<iframe",
    "<style",
    "<title",
    "<div",
    "<h1",
    "<p>",
    "<a ",
    "<img",
    "<form",
    "<table",
    "<meta",
    "<link",
    "<br",
    "<object",
    "<embed",
];

impl MediaType {
    /// The type of a file that begins with these bytes (at most [`SNIFFED_BYTES`] count); `is_text` says whether the
    /// whole file is UTF-8 without control characters.
    pub fn sniff(head: &[u8], is_text: bool) -> Self {
        let head = head.get(..SNIFFED_BYTES).unwrap_or(head);
        let has = |(at, bytes, _): &&Signature| {
            head.get(*at..).is_some_and(|rest| rest.starts_with(bytes))
        };
        if let Some((_, _, media_type)) = SIGNATURES.iter().find(has) {
            return *media_type;
        }
        if head.starts_with(b"RIFF") {
            return of_riff(head);
        }
        if head.get(4..8) == Some(b"ftyp") {
            return of_brands(head);
        }
        if head.starts_with(b"PK\x03\x04") {
            let holds = |part: &[u8]| head.windows(part.len()).any(|it| it == part);
            let found = ARCHIVES.iter().find(|(part, _)| holds(part));
            return found.map_or(Self::Zip, |(_, media_type)| *media_type);
        }
        if is_text { of_text(head) } else { Self::Unknown }
    }
}

fn of_riff(head: &[u8]) -> MediaType {
    match head.get(8..12) {
        Some(b"WEBP") => MediaType::Webp,
        Some(b"WAVE") => MediaType::Wav,
        _ => MediaType::Unknown,
    }
}

/// A file of the ISO family says in its first box which family members can read it.
fn of_brands(head: &[u8]) -> MediaType {
    let len = head.first_chunk::<4>().map_or(0, |it| u32::from_be_bytes(*it)) as usize;
    let brands = head.get(8..len.min(head.len())).unwrap_or_default();
    let has = |names: &[&[u8]]| brands.chunks(4).any(|it| names.contains(&it));
    if has(&[b"avif", b"avis"]) {
        MediaType::Avif
    } else if has(&[b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"]) {
        MediaType::Heif
    } else {
        MediaType::Mp4
    }
}

fn of_text(head: &[u8]) -> MediaType {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return MediaType::Text;
    }
    let (root, is_xml) = root(text);
    let root = root.get(..16.min(root.len())).unwrap_or(root).to_ascii_lowercase();
    let is_svg = root.strip_prefix("<svg").is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(|it: char| it.is_whitespace() || it == '>' || it == '/')
    });
    if is_svg {
        MediaType::Svg
    } else if PAGES.iter().any(|it| root.starts_with(it)) {
        MediaType::Html
    } else if is_xml || text.starts_with("<?xml") {
        MediaType::Xml
    } else {
        // A lonely `<` at the beginning: nobody knows what a browser makes of it.
        MediaType::Html
    }
}

/// The text from the first element on, and whether what stands before it is of XML.
fn root(mut text: &str) -> (&str, bool) {
    let mut is_xml = false;
    loop {
        text = text.trim_start();
        let end = if text.starts_with("<?") {
            is_xml = true;
            "?>"
        } else if text.starts_with("<!--") {
            "-->"
        } else if text.get(..9).is_some_and(|it| it.eq_ignore_ascii_case("<!doctype"))
            && text
                .get(9..)
                .is_some_and(|it| !it.trim_start().to_ascii_lowercase().starts_with("html"))
        {
            is_xml = true;
            // A doctype with an inner part ends after it.
            if text.find('[').is_some_and(|at| text.find('>').is_none_or(|end| at < end)) {
                "]>"
            } else {
                ">"
            }
        } else {
            return (text, is_xml);
        };
        match text.split_once(end) {
            Some((_, rest)) => text = rest,
            None => return ("", is_xml),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[track_caller]
    fn check(head: &[u8], expected: MediaType) {
        let is_text = std::str::from_utf8(head).is_ok_and(|it| !it.contains('\0'));
        assert_eq!(MediaType::sniff(head, is_text), expected);
    }

    #[test]
    fn images_sounds_and_archives_are_known_by_their_first_bytes() {
        check(b"\xff\xd8\xff\xe0\0\x10JFIF", MediaType::Jpeg);
        check(b"\x89PNG\r\n\x1a\n\0\0", MediaType::Png);
        check(b"GIF89a\x01\0", MediaType::Gif);
        check(b"RIFF\x10\0\0\0WEBPVP8 ", MediaType::Webp);
        check(b"RIFF\x10\0\0\0WAVEfmt ", MediaType::Wav);
        check(b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", MediaType::Avif);
        check(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", MediaType::Heif);
        check(b"\0\0\0\x18ftypisom\0\0\0\0isommp42", MediaType::Mp4);
        check(b"PK\x03\x04rest", MediaType::Zip);
        check(b"PK\x03\x04....[Content_Types].xml..PK\x03\x04..word/document.xml", MediaType::Docx);
        check(b"PK\x03\x04................mimetypeapplication/epub+zip", MediaType::Epub);
        check(b"\0\x01\x02", MediaType::Unknown);
        check(b"", MediaType::Text);
    }

    #[test]
    fn text_is_told_from_what_a_browser_would_run() {
        check(b"# A note\n", MediaType::Text);
        check(b"{\"a\": 1}", MediaType::Text);
        check(b"  <!DOCTYPE html><p>", MediaType::Html);
        check(b"<ScRiPt>alert(1)</script>", MediaType::Html);
        check(b"<b>x</b>", MediaType::Html);
        check(b"<?xml version=\"1.0\"?><rss/>", MediaType::Xml);
        check(b"<?xml version=\"1.0\"?><html xmlns=\"x\"/>", MediaType::Html);
    }

    #[test]
    fn a_drawing_is_known_behind_whatever_may_stand_before_it() {
        check(b"<svg/>", MediaType::Svg);
        check(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a --><svg xmlns=\"x\">", MediaType::Svg);
        check(b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>", MediaType::Svg);
        check(b"<!DOCTYPE svg PUBLIC \"a\" \"b\"><svg>", MediaType::Svg);
        check(b"<svgx>", MediaType::Html);
        check(b"<!-- never closed <svg>", MediaType::Html);
    }
}
