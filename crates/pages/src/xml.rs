//! Text inside XML.

use std::fmt;

/// Text that stands in an XML document: escaped, and without the characters that XML 1.0 cannot hold.
pub(crate) struct Escaped<'a>(pub(crate) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\t' | '\n' => f.write_char(c)?,
                // A bare carriage return would be read back as a line end.
                '\r' => f.write_str("&#13;")?,
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}')?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn what_xml_cannot_hold_is_replaced() {
        assert_eq!(
            Escaped("a<b>&\"c'\u{0}\u{b}\u{ffff}").to_string(),
            "a&lt;b&gt;&amp;&quot;c&#39;\u{fffd}\u{fffd}\u{fffd}"
        );
    }
}
