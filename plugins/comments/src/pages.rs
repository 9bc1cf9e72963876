//! What readers see.

use serde_json::Value as Json;
use smartcms_plugin::html::escape;
use smartcms_plugin::routes::{Response, encoded};

use crate::form::{NAME_CHARACTERS_MAX, Sent, TEXT_CHARACTERS_MAX};
use crate::thread::{Comment, Thread};

/// Plain, and like the site's own pages in the light and in the dark.
const STYLE: &str = "\
:root{color-scheme:light dark;font:1.0625rem/1.6 system-ui,sans-serif}\
body{max-inline-size:36rem;margin:8vh auto 2rem;padding:0 1.25rem}\
h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem;overflow-wrap:anywhere}\
label{display:block;font-weight:600;margin-block-start:1rem}\
input,textarea{box-sizing:border-box;inline-size:100%;font:inherit;padding:.5rem .625rem;border:1px solid GrayText;border-radius:.375rem;background:Field;color:FieldText}\
textarea{min-block-size:10rem;resize:vertical}\
button{font:inherit;font-weight:600;margin-block-start:1rem;padding:.5rem 1.25rem;border:0;border-radius:.375rem;background:CanvasText;color:Canvas;cursor:pointer}\
[role=alert]{border-inline-start:.25rem solid #b3261e;padding-inline-start:.75rem}\
.website{position:absolute;inset-inline-start:-100vw}a{color:inherit}";

/// The comments of an entry, and a link to the form.
pub(crate) fn thread(thread: &Thread, entry: &str, attributes: &str) -> String {
    let attributes: Json = serde_json::from_str(attributes).unwrap_or_default();
    let title = attributes.get("title").and_then(Json::as_str).unwrap_or("Comments");
    let is_closed = attributes.get("closed").and_then(Json::as_bool).unwrap_or_default();
    let mut html = format!("<section>\n<h2 id=\"comments\">{}</h2>\n", escape(title));
    if thread.older > 0 {
        html.push_str(&format!("<p>{} older ones are not shown.</p>\n", thread.older));
    }
    if thread.comments.is_empty() {
        html.push_str("<p>Nobody has said anything yet.</p>\n");
    } else {
        html.push_str("<ol>\n");
        thread.comments.iter().for_each(|it| html.push_str(&comment(it)));
        html.push_str("</ol>\n");
    }
    if is_closed {
        html.push_str("<p>No new comments are taken.</p>\n");
    } else {
        let address = format!("/ext/comments/write?entry={}", encoded(entry));
        html.push_str(&format!("<p><a href=\"{address}\">Write a comment</a></p>\n"));
    }
    html.push_str("</section>");
    html
}

fn comment(comment: &Comment) -> String {
    let day = escape(comment.at.get(..10).unwrap_or(&comment.at));
    format!(
        "<li id=\"comment-{}\">\n<p><strong>{}</strong> · <time datetime=\"{}\">{day}</time></p>\n{}</li>\n",
        escape(&comment.id),
        escape(&comment.name),
        escape(&comment.at),
        paragraphs(&comment.text)
    )
}

fn paragraphs(text: &str) -> String {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|it| !it.is_empty());
    paragraphs.map(|it| format!("<p>{}</p>\n", escape(it).replace('\n', "<br>"))).collect()
}

/// The form, with what was written before and what is to be mended.
pub(crate) fn form(status: u16, title: &str, sent: &Sent, problem: Option<&str>) -> Response {
    let problem =
        problem.map_or_else(String::new, |it| format!("<p role=\"alert\">{}</p>\n", escape(it)));
    let main = format!(
        "<h1>Comment on “{}”</h1>\n{problem}<form method=\"post\" action=\"/ext/comments/write\">\n\
         <input type=\"hidden\" name=\"entry\" value=\"{}\">\n<input type=\"hidden\" name=\"asked\" value=\"{}\">\n\
         <label for=\"name\">Your name</label>\n\
         <input id=\"name\" name=\"name\" required maxlength=\"{NAME_CHARACTERS_MAX}\" autocomplete=\"name\" value=\"{}\">\n\
         <div class=\"website\" aria-hidden=\"true\"><label for=\"website\">Leave this empty</label>\
         <input id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>\n\
         <label for=\"text\">Your comment</label>\n\
         <textarea id=\"text\" name=\"text\" required maxlength=\"{TEXT_CHARACTERS_MAX}\">\n{}</textarea>\n\
         <button>Send</button>\n</form>\n<p>It is shown when somebody has read it.</p>",
        escape(title),
        escape(&sent.entry),
        sent.asked,
        escape(&sent.name),
        escape(&sent.text)
    );
    page(status, "Write a comment", &main)
}

/// What comes after a comment, of a person or of a program.
pub(crate) fn thanks() -> Response {
    let text = "Your comment is here, and will be shown when somebody has read it.";
    message(200, "Thank you", text)
}

/// A page with a sentence.
pub(crate) fn message(status: u16, title: &str, text: &str) -> Response {
    let main = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<p><a href=\"/\">To the first page</a></p>",
        escape(title),
        escape(text)
    );
    page(status, title, &main)
}

fn page(status: u16, title: &str, main: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{main}\n</main>\n</body>\n</html>\n",
        escape(title)
    );
    Response::html(status, &html).with("cache-control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::{form, thread};
    use crate::form::Sent;
    use crate::thread::{Comment, Thread};

    #[test]
    fn what_readers_write_stays_text() {
        let evil = "<script>\"'&</script>";
        let comment = Comment {
            id: evil.to_owned(),
            name: evil.to_owned(),
            text: format!("{evil}\nb\n\n\n\nc"),
            at: "2026-01-02T03:04:05Z".to_owned(),
        };
        let html = thread(&Thread { comments: vec![comment], older: 2 }, "e\"", "{}");
        assert!(!html.contains("<script>") && html.contains("2 older ones"), "{html}");
        assert!(html.contains("&lt;/script&gt;<br>b</p>\n<p>c</p>"), "{html}");
        assert!(html.contains("write?entry=e%22\""), "{html}");
        let sent = Sent {
            entry: evil.to_owned(),
            name: evil.to_owned(),
            text: evil.to_owned(),
            ..Sent::default()
        };
        let page = String::from_utf8(form(422, evil, &sent, Some(evil)).body).unwrap();
        assert!(!page.contains("<script>"), "{page}");
    }

    #[test]
    fn a_closed_thread_has_no_form() {
        let html = thread(&Thread::default(), "e", "{\"closed\":true,\"title\":\"Words\"}");
        assert!(html.contains(">Words</h2>") && !html.contains("<a "), "{html}");
    }
}
