//! What a reader sends, and whether it can be taken.

use smartcms_plugin::routes::Request;

/// The longest name and the longest comment, in characters.
pub(crate) const NAME_CHARACTERS_MAX: usize = 80;
pub(crate) const TEXT_CHARACTERS_MAX: usize = 4000;
/// A comment of that many characters in the longest way that a form can write it.
pub(crate) const BODY_BYTES_MAX: usize = 64 * 1024;
/// Nobody reads a page and writes a comment in less, in seconds.
const SECONDS_MIN: u64 = 3;

/// A comment as it was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) entry: String,
    pub(crate) name: String,
    pub(crate) text: String,
    /// A field that people do not see and programs fill in.
    pub(crate) trap: String,
    /// When the form was asked for, in seconds since 1970.
    pub(crate) asked: u64,
}

/// Why a comment is not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The sender can mend it; a sentence for them.
    Mend(String),
    /// It was sent by a program. That is not told, so that it does not learn.
    Program,
}

impl Sent {
    /// Reads a form.
    pub(crate) fn read(request: &Request) -> Self {
        let field = |name| request.form(name).unwrap_or_default();
        Self {
            entry: field("entry"),
            name: one_line(&field("name")),
            text: field("text").replace("\r\n", "\n").trim().to_owned(),
            trap: field("website"),
            asked: field("asked").parse().unwrap_or_default(),
        }
    }

    /// Whether it can be taken.
    pub(crate) fn check(&self, now: u64, links_max: usize) -> Result<(), Refusal> {
        let mend = |text: String| Err(Refusal::Mend(text));
        if !self.trap.is_empty() || now < self.asked.saturating_add(SECONDS_MIN) {
            return Err(Refusal::Program);
        }
        if self.name.is_empty() {
            return mend("Please say who you are: any name will do.".to_owned());
        }
        if self.name.chars().count() > NAME_CHARACTERS_MAX {
            return mend(format!("The name has more than {NAME_CHARACTERS_MAX} characters."));
        }
        if self.text.is_empty() {
            return mend("Please write something.".to_owned());
        }
        if self.text.chars().count() > TEXT_CHARACTERS_MAX {
            return mend(format!("The comment has more than {TEXT_CHARACTERS_MAX} characters."));
        }
        if self.text.matches("://").count() > links_max {
            return mend(format!("The comment has more than {links_max} links."));
        }
        Ok(())
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::routes::Request;

    use super::{Refusal, Sent};

    fn sent(body: &str) -> Sent {
        let form = "application/x-www-form-urlencoded";
        Sent::read(&Request {
            headers: vec![("content-type".to_owned(), form.to_owned())],
            body: body.as_bytes().to_vec(),
            ..Request::default()
        })
    }

    fn mends(body: &str, words: &str) {
        match sent(body).check(1000, 1) {
            Err(Refusal::Mend(text)) => assert!(text.contains(words), "{text}"),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn what_a_person_wrote_is_taken() {
        let good =
            sent("entry=e&name=+Ada++L.%0A&text=%0D%0AOne%0D%0A%0D%0Atwo+&website=&asked=990");
        assert_eq!((good.name.as_str(), good.text.as_str()), ("Ada L.", "One\n\ntwo"));
        assert_eq!(good.check(1000, 1), Ok(()));
    }

    #[test]
    fn what_can_be_mended_is_told() {
        mends("text=a", "who you are");
        mends("name=A", "write something");
        mends(&format!("name={}&text=a", "n".repeat(81)), "80 characters");
        mends(&format!("name=A&text={}", "ä".repeat(4001)), "4000 characters");
        mends("name=A&text=http://a+http://b", "1 links");
    }

    #[test]
    fn programs_are_known_by_haste_and_by_the_trap() {
        for body in [
            "name=A&text=a&website=x",
            "name=A&text=a&asked=998",
            "name=A&text=a&asked=99999999999999999999",
        ] {
            let refused = sent(body).check(1000, 1);
            assert!(body.ends_with("999") || refused == Err(Refusal::Program), "{body}");
        }
    }
}
