//! What a host says of a link.

use smartcms_plugin::web::{self, Answer, WebError};

use crate::state::Outcome;

/// Enough of a page to see that it comes.
const BODY_BYTES_MAX: usize = 1024;
/// Answers to `HEAD` of hosts that do not know it: they are asked again for the page.
const NOT_FOR_HEAD: [u16; 5] = [400, 403, 404, 405, 501];

/// Asks for an address, and says what came of it.
pub(crate) fn outcome(url: &str) -> Outcome {
    let answer = match web::head(url) {
        Ok(answer) if NOT_FOR_HEAD.contains(&answer.status) => web::get(url, BODY_BYTES_MAX),
        other => other,
    };
    match answer {
        Ok(answer) => judged(&answer),
        Err(WebError::Denied) => Outcome::NotGranted(host(url)),
        Err(error) => Outcome::Broken(error.to_string()),
    }
}

fn judged(answer: &Answer) -> Outcome {
    match answer.status {
        301 | 308 => Outcome::Moved(
            answer.header("location").unwrap_or("an address it does not tell").to_owned(),
        ),
        // Not for everybody, or not now: it is there.
        0..=399 | 401 | 403 | 429 => Outcome::Good,
        status => Outcome::Broken(format!("it answers {status}")),
    }
}

/// A host and its port, as a grant names it.
fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default().to_lowercase();
    let is_with_port =
        authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    match (is_with_port, scheme) {
        (true, _) => authority,
        (false, "http") => format!("{authority}:80"),
        (false, _) => format!("{authority}:443"),
    }
}

#[cfg(test)]
mod tests {
    use smartcms_plugin::testing::set_answer;
    use smartcms_plugin::web::{Answer, WebError};

    use super::{host, outcome};
    use crate::state::Outcome;

    fn answers(status: u16, location: &str) -> Outcome {
        let headers = vec![("location".to_owned(), location.to_owned())];
        set_answer("https://example.com/", Ok(Answer { status, headers, body: Vec::new() }));
        outcome("https://example.com/")
    }

    #[test]
    fn a_link_is_what_its_host_says() {
        assert_eq!(answers(200, ""), Outcome::Good);
        assert_eq!(answers(302, "/login"), Outcome::Good);
        assert_eq!(answers(403, ""), Outcome::Good);
        assert_eq!(answers(404, ""), Outcome::Broken("it answers 404".to_owned()));
        assert_eq!(answers(500, ""), Outcome::Broken("it answers 500".to_owned()));
        assert_eq!(
            answers(301, "https://example.org/"),
            Outcome::Moved("https://example.org/".to_owned())
        );
    }

    #[test]
    fn a_host_that_is_not_granted_is_not_broken() {
        assert_eq!(
            outcome("http://Example.org/a"),
            Outcome::NotGranted("example.org:80".to_owned())
        );
        set_answer(
            "https://example.net/",
            Err(WebError::Failed("the host is not known".to_owned())),
        );
        assert_eq!(
            outcome("https://example.net/"),
            Outcome::Broken("the host is not known".to_owned())
        );
    }

    #[test]
    fn a_host_is_named_as_a_grant_names_it() {
        assert_eq!(host("https://example.com/a:1"), "example.com:443");
        assert_eq!(host("http://example.com?a"), "example.com:80");
        assert_eq!(host("https://u:p@example.com:8443/"), "example.com:8443");
        assert_eq!(host("https://[2001:db8::1]:444/"), "[2001:db8::1]:444");
    }
}
