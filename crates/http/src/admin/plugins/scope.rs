//! From a form to a grant: its text is made, and read as everywhere.

use smartcms_domain::plugins::Grant;

use super::super::form::Form;

/// The grant that a form describes: of a capability, or as it is typed.
pub(super) fn of_form(form: &Form) -> Result<Grant, String> {
    let (action, rest) = form.action();
    let text = match action {
        "give" => scoped(form, rest)?,
        _ => rest.to_owned(),
    };
    text.parse::<Grant>().map_err(|error| error.reason)
}

/// Grants with spaces between, as at the command line.
pub(super) fn typed(text: &str) -> Result<Vec<Grant>, String> {
    let parse = |it: &str| it.parse::<Grant>().map_err(|error| error.to_string());
    text.split_whitespace().map(parse).collect()
}

fn scoped(form: &Form, capability: &str) -> Result<String, String> {
    let value = |name: &str| form.get(name).trim();
    Ok(match capability {
        "http" => format!("http={}:{}", value("host"), value("port")),
        "fs" => format!("fs={}:{}:{}", value("folder"), value("guest"), value("access")),
        "env" => format!("env={}", value("variable")),
        "content:read" | "content:write" => {
            let words = ["drafts", "own", "drafts_only", "as_itself"].map(value);
            let words: String =
                words.into_iter().filter(|it| !it.is_empty()).map(|it| format!(":{it}")).collect();
            let fields: Vec<&str> = value("fields")
                .split(|it: char| it.is_whitespace() || it == ',' || it == '+')
                .filter(|it| !it.is_empty())
                .collect();
            let fields =
                if fields.is_empty() { String::new() } else { format!(".{}", fields.join("+")) };
            let scopes: Vec<String> =
                form.all("collection").map(|it| format!("{it}{fields}{words}")).collect();
            format!("{capability}={}", scopes.join(","))
        }
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Form, of_form};

    fn check(pairs: &[(&str, &str)], expected: Option<&str>) {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let got = of_form(&Form(pairs.collect())).ok().map(|it| it.to_string());
        assert_eq!(got.as_deref(), expected);
    }

    #[test]
    fn a_form_says_what_is_typed_at_the_command_line() {
        check(&[("do", "grant kv")], Some("kv"));
        check(&[("do", "grant fs=./a folder:/a:ro")], Some("fs=./a folder:/a:ro"));
        let http = [("do", "give http"), ("host", " api.example.com "), ("port", "443")];
        check(&http, Some("http=api.example.com:443"));
        let read = [
            ("do", "give content:read"),
            ("collection", "posts"),
            ("collection", "pages"),
            ("fields", "title, excerpt"),
            ("drafts", "drafts"),
            ("as_itself", "as-itself"),
        ];
        let text = "content:read=posts.excerpt+title:drafts:as-itself,pages.excerpt+title:drafts:as-itself";
        check(&read, Some(text));
        check(&[("do", "give content:read"), ("drafts", "")], None);
        check(&[("do", "give http"), ("host", "a b"), ("port", "x")], None);
        check(&[("do", "give everything")], None);
    }
}
