//! What the answer of a service that sends mail means, and what of it may stand in a log.

use serde_json::Value;

/// How much of an answer is read.
pub(super) const ANSWER_BYTES_MAX: usize = 4 * 1024;
/// How much of it is shown, in characters.
const SHOWN_CHARS_MAX: usize = 200;
/// The longest word that is shown, in bytes: links and secrets are longer.
const WORD_LEN_MAX: usize = 40;
/// What stands between words.
const BETWEEN_WORDS: &str = "\"<>,;()[]{}";
/// What is shown in the place of what is not.
const HIDDEN: &str = "…";

/// What a status means for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The service has it.
    Taken,
    /// It should be tried again.
    Again,
    /// It would be refused again.
    Refused,
}

/// Judges an answer by its status.
pub(super) fn judge(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Taken,
        // 409 says that the first try of this message is not done yet: it has the same key.
        408 | 409 | 425 | 429 | 500..=599 => Verdict::Again,
        _ => Verdict::Refused,
    }
}

/// What a service says, short and plain. Services repeat what they are sent: `hidden`, whatever looks like an address of
/// mail, and what is as long as a link are left out.
pub(super) fn shown(answer: &[u8], hidden: &[&str]) -> String {
    let mut text = said(answer);
    for it in hidden.iter().filter(|it| !it.is_empty()) {
        text = text.replace(it, HIDDEN);
    }
    let is_between = |it: char| it.is_whitespace() || it.is_control() || BETWEEN_WORDS.contains(it);
    let mut plain = String::new();
    for piece in text.split_inclusive(is_between) {
        let word = piece.trim_end_matches(is_between);
        plain.push_str(if is_private(word) { HIDDEN } else { word });
        let after = piece.strip_prefix(word).unwrap_or_default();
        plain.extend(after.chars().map(|it| if it.is_control() { ' ' } else { it }));
    }
    plain.trim().chars().take(SHOWN_CHARS_MAX).collect()
}

fn is_private(word: &str) -> bool {
    word.contains('@') || word.contains("%40") || word.len() > WORD_LEN_MAX
}

/// `{"message": "…"}`, `{"error": "…"}`, `{"error": {"message": "…"}}`, or the text where it is no JSON. Of other JSON
/// nothing: it may be the message itself.
fn said(answer: &[u8]) -> String {
    let Ok(value) = serde_json::from_slice::<Value>(answer) else {
        return String::from_utf8_lossy(answer).into_owned();
    };
    let error = value.get("error").unwrap_or(&Value::Null);
    let messages = [value.get("message"), error.get("message"), Some(error)];
    let message = messages.into_iter().flatten().find_map(Value::as_str);
    message.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{SHOWN_CHARS_MAX, Verdict, judge, shown};

    #[test]
    fn what_may_change_is_tried_again_and_what_is_refused_is_not() {
        for (statuses, verdict) in [
            (&[200, 201, 202, 299][..], Verdict::Taken),
            (&[408, 409, 425, 429, 500, 503, 599], Verdict::Again),
            (&[199, 301, 302, 307, 400, 401, 403, 404, 413, 422, 600], Verdict::Refused),
        ] {
            for status in statuses {
                assert_eq!(judge(*status), verdict, "{status}");
            }
        }
    }

    #[track_caller]
    fn check(answer: &str, expected: &str) {
        assert_eq!(shown(answer.as_bytes(), &["sesame", "a{b@c.example"]), expected);
    }

    #[test]
    fn what_a_service_says_is_shown() {
        check("", "");
        check("not\tnow\r\n", "not now");
        check(
            r#"{"statusCode":422,"message":"Invalid `from` field.","name":"x"}"#,
            "Invalid `from` field.",
        );
        check(r#"{"error":"no such domain"}"#, "no such domain");
        check(r#"{"error":{"message":"no such domain"}}"#, "no such domain");
        assert_eq!(shown("x ".repeat(999).as_bytes(), &[]).len(), SHOWN_CHARS_MAX);
    }

    #[test]
    fn addresses_secrets_and_links_are_not() {
        check("no ada@example.com, nor <Ada@Example.com>!", "no …, nor <…>!");
        check("the key sesame and a%40b.example and a{b@c.example", "the key … and … and …");
        let link =
            "https://cms.example/admin/password?link=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
        check(&format!("text: {link}\n"), "text: …");
        check(&link.replace("https://cms.example/admin/password?link=", "("), "(…");
        check(&format!(r#"{{"detail":[{{"input":{{"text":"Hello Ada {link}"}}}}]}}"#), "");
    }

    #[test]
    fn an_address_that_is_cut_off_is_not_shown_in_part() {
        let before = "x ".repeat(SHOWN_CHARS_MAX / 2 - 1);
        let answer = format!("{before}ada@example.com");
        assert_eq!(shown(answer.as_bytes(), &[]), format!("{before}…"));
    }
}
