//! Text of any encoding as UTF-8, without the control characters that no document may hold.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How much of the beginning is looked at for a declaration, in bytes.
const HEAD_BYTES: usize = 1_024;
/// How many bytes are decoded at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// What had to be changed to make text of bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Repairs {
    /// Bytes that are no character of the encoding; each is U+FFFD now.
    pub(crate) malformed: u64,
    /// Control characters that were taken out.
    pub(crate) controls: u64,
    /// The line of the first change.
    pub(crate) line: u64,
}

impl Repairs {
    /// What to say of them; `None` when there were none.
    pub(crate) fn message(&self, encoding: &str) -> Option<String> {
        let bytes = match self.malformed {
            0 => None,
            count => Some(format!("{count} bytes are no {encoding} and became U+FFFD (�)")),
        };
        let controls = match self.controls {
            0 => None,
            count => Some(format!("{count} control characters were taken out")),
        };
        match (bytes, controls) {
            (None, None) => None,
            (Some(it), None) | (None, Some(it)) => Some(it),
            (Some(bytes), Some(controls)) => Some(format!("{bytes}; {controls}")),
        }
    }
}

/// Bytes of a file as UTF-8.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: Decoder,
    encoding: &'static Encoding,
    text: Vec<u8>,
    at: usize,
    line: u64,
    repairs: Repairs,
    is_done: bool,
}

impl<R: BufRead> Decoded<R> {
    /// Looks at the beginning: a byte order mark, or what an XML declaration says. Without both it is UTF-8.
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let encoding = encoding_of(inner.fill_buf()?)?;
        Ok(Self {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            encoding,
            text: Vec::new(),
            at: 0,
            line: 1,
            repairs: Repairs::default(),
            is_done: false,
        })
    }

    /// The name of the encoding.
    pub(crate) fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// What was changed since this was asked last.
    pub(crate) fn take_repairs(&mut self) -> Repairs {
        std::mem::take(&mut self.repairs)
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        let available = self.inner.fill_buf()?;
        let chunk = available.get(..available.len().min(CHUNK_BYTES)).unwrap_or_default();
        let is_last = chunk.is_empty();
        let room = self.decoder.max_utf8_buffer_length_without_replacement(chunk.len());
        let mut out = vec![0_u8; room.unwrap_or(CHUNK_BYTES).max(16)];
        let mut used = 0;
        loop {
            let rest = chunk.get(used..).unwrap_or_default();
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut out, is_last);
            used += read;
            self.text.extend_from_slice(out.get(..written).unwrap_or_default());
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.repairs.malformed += 1;
                    let lines = self.text.iter().filter(|it| **it == b'\n').count() as u64;
                    remember(&mut self.repairs.line, self.line + lines);
                    self.text.extend_from_slice("\u{fffd}".as_bytes());
                }
            }
        }
        self.inner.consume(used);
        self.is_done = is_last;
        self.scrub();
        self.line += self.text.iter().filter(|it| **it == b'\n').count() as u64;
        Ok(())
    }

    /// Takes control characters out. In UTF-8 no other character has bytes like theirs.
    fn scrub(&mut self) {
        let Some(first) = self.text.iter().position(|it| is_control(*it)) else { return };
        let before = self.text.get(..first).unwrap_or_default();
        let lines = before.iter().filter(|it| **it == b'\n').count() as u64;
        remember(&mut self.repairs.line, self.line + lines);
        let len = self.text.len();
        self.text.retain(|it| !is_control(*it));
        self.repairs.controls += (len - self.text.len()) as u64;
    }
}

fn remember(line: &mut u64, found: u64) {
    if *line == 0 {
        *line = found;
    }
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || byte == 0x7f
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.fill_buf()?.read(buffer)?;
        self.consume(len);
        Ok(len)
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.text.len() && !self.is_done {
            self.refill()?;
        }
        Ok(self.text.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.text.len());
    }
}

/// The text of a whole file.
pub(crate) fn decode(bytes: &[u8]) -> io::Result<(String, Option<(u64, String)>)> {
    let mut reader = Decoded::new(bytes)?;
    let mut text = String::with_capacity(bytes.len());
    reader.read_to_string(&mut text)?;
    let repairs = reader.take_repairs();
    let message = repairs.message(reader.encoding());
    Ok((text, message.map(|it| (repairs.line, it))))
}

fn encoding_of(head: &[u8]) -> io::Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    match head {
        [b'<', 0, _, 0, ..] | [b'{', 0, _, 0, ..] => return Ok(UTF_16LE),
        [0, b'<', 0, _, ..] | [0, b'{', 0, _, ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let Some(label) = declared(head) else { return Ok(UTF_8) };
    match Encoding::for_label(label.as_bytes()) {
        // The declaration could be read byte by byte, so this is not what it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "the file says that its encoding is `{label}`, which is not known; save it as UTF-8"
            ),
        )),
    }
}

/// `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn declared(head: &[u8]) -> Option<String> {
    let head = head.get(..head.len().min(HEAD_BYTES))?;
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start().strip_prefix("<?xml")?;
    let (declaration, _) = text.split_once("?>")?;
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let (label, _) = rest.get(1..)?.split_once(quote)?;
    Some(label.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, line: Option<u64>) {
        let (got, repaired) = decode(bytes).unwrap();
        assert_eq!(got, text);
        assert_eq!(repaired.map(|it| it.0), line);
    }

    fn utf16(text: &str, bytes_of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes_of).collect()
    }

    #[test]
    fn every_encoding_becomes_utf_8() {
        check("\u{feff}café".as_bytes(), "café", None);
        check(&utf16("\u{feff}<a>é😀", u16::to_le_bytes), "<a>é😀", None);
        check(&utf16("\u{feff}<a>é😀", u16::to_be_bytes), "<a>é😀", None);
        check(&utf16("<a>é", u16::to_le_bytes), "<a>é", None);
        let latin = b"<?xml version=\"1.0\" encoding='ISO-8859-1' ?>\n<a>caf\xe9 \x80</a>";
        check(latin, "<?xml version=\"1.0\" encoding='ISO-8859-1' ?>\n<a>café €</a>", None);
        let lies = b"<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>\xc3\xa9</a>";
        check(lies, "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>", None);
    }

    #[test]
    fn what_is_no_text_is_repaired_and_told_with_its_line() {
        check(b"a\nb\xff\nc", "a\nb\u{fffd}\nc", Some(2));
        check(b"a\n\nb\x0b\x00c\x7f", "a\n\nbc", Some(3));
        let (_, repaired) = decode(b"\xff\n\x01").unwrap();
        let (line, message) = repaired.unwrap();
        assert_eq!(line, 1);
        assert!(message.contains("1 bytes are no UTF-8"), "{message}");
        assert!(message.contains("1 control characters"), "{message}");
        // A character that is cut by the end of the file, and one that lies over two chunks.
        check(b"ab\xc3", "ab\u{fffd}", Some(1));
        let long = format!("{}é", "x".repeat(64 * 1024 - 1));
        check(long.as_bytes(), &long, None);
    }

    #[test]
    fn an_unknown_encoding_is_refused_by_its_name() {
        let error = decode(b"<?xml version=\"1.0\" encoding=\"klingon\"?><a/>").unwrap_err();
        assert!(error.to_string().contains("`klingon`"), "{error}");
    }
}
