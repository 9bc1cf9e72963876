//! Whether bytes that come one after the other are text.

/// Text in UTF-8 without control characters other than white space.
#[derive(Debug, Clone, Default)]
pub(super) struct TextCheck {
    is_broken: bool,
    /// The bytes of a character that is not complete yet: at most three.
    rest: Vec<u8>,
}

impl TextCheck {
    /// Looks at more bytes.
    pub(super) fn update(&mut self, chunk: &[u8]) {
        if self.is_broken {
            return;
        }
        // The character that was cut at the edge of two chunks is looked at by itself, so that chunks are not copied.
        let mut chunk = chunk;
        while !self.rest.is_empty() {
            let Some((byte, others)) = chunk.split_first() else { return };
            self.rest.push(*byte);
            chunk = others;
            match std::str::from_utf8(&self.rest) {
                Ok(text) => {
                    self.is_broken |= text.chars().any(is_binary);
                    self.rest.clear();
                }
                Err(error) if error.error_len().is_some() => self.is_broken = true,
                Err(_) => continue,
            }
            if self.is_broken {
                return;
            }
        }
        match std::str::from_utf8(chunk) {
            Ok(text) => self.is_broken = text.chars().any(is_binary),
            Err(error) => {
                let (whole, rest) = chunk.split_at(error.valid_up_to());
                let text = std::str::from_utf8(whole).unwrap_or("\0");
                self.is_broken = error.error_len().is_some() || text.chars().any(is_binary);
                self.rest.extend_from_slice(rest);
            }
        }
    }

    /// Whether everything so far is text.
    pub(super) fn is_text(&self) -> bool {
        !self.is_broken && self.rest.is_empty()
    }
}

fn is_binary(character: char) -> bool {
    character.is_ascii_control() && !matches!(character, '\t' | '\n' | '\r' | '\x0c' | '\x1b')
}

#[cfg(test)]
mod tests {
    use super::TextCheck;

    fn is_text(chunks: &[&[u8]]) -> bool {
        let mut check = TextCheck::default();
        chunks.iter().for_each(|it| check.update(it));
        check.is_text()
    }

    #[test]
    fn text_is_known_however_it_is_cut() {
        let text = "Größe: 1 € 🦀\r\n\t".as_bytes();
        for at in 0..=text.len() {
            let (a, b) = text.split_at(at);
            assert!(is_text(&[a, b]), "cut at {at}");
        }
        assert!(is_text(&text.chunks(1).collect::<Vec<_>>()));
        assert!(is_text(&[]));
    }

    #[test]
    fn what_is_no_text_is_not_taken_for_it() {
        for bytes in [&b"a\0b"[..], b"\xff", b"a\xc3", b"\xc3\x28", b"\x01"] {
            assert!(!is_text(&[bytes]), "{bytes:?}");
            assert!(!is_text(&bytes.chunks(1).collect::<Vec<_>>()), "{bytes:?}");
        }
    }
}
