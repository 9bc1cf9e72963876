//! What WordPress stores as a post's text, as HTML.
//!
//! Block comments go, and what they wrap stays; classic text gets its paragraphs; the shortcodes of WordPress itself
//! become what they stand for. Everything else stays, and is named.

mod autop;
mod blocks;
mod gallery;
mod shortcodes;

use crate::note::NoteKind;

/// What the text of a post may ask for about other items.
pub(crate) trait Attachments {
    /// Address, alternative text and caption of an attachment.
    fn find(&self, id: &str) -> Option<Picture>;

    /// The pictures that were uploaded to the post itself.
    fn of_post(&self) -> Vec<Picture>;
}

/// A picture in a gallery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Picture {
    pub(crate) url: String,
    pub(crate) alt: String,
    pub(crate) caption: Option<String>,
}

/// HTML, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Converted {
    pub(crate) html: String,
    pub(crate) notes: Vec<(NoteKind, String)>,
    /// Blocks without HTML of their own, as they were written.
    pub(crate) kept: Vec<String>,
}

/// The text of a post as HTML.
pub(crate) fn to_html(text: &str, attachments: &dyn Attachments) -> Converted {
    let text = text.replace("\r\n", "\n");
    let mut converted = Converted::default();
    let html = if text.contains("<!-- wp:") {
        blocks::to_html(&text, &mut converted)
    } else {
        autop::with_paragraphs(&text)
    };
    converted.html = shortcodes::replaced(&html, attachments, &mut converted.notes);
    let mut seen = std::collections::HashSet::new();
    converted.notes.retain(|note| seen.insert(note.clone()));
    converted
}

#[cfg(test)]
mod tests {
    use super::{Attachments, Picture, to_html};
    use crate::note::NoteKind;

    struct Two;

    impl Attachments for Two {
        fn find(&self, id: &str) -> Option<Picture> {
            let url = format!("https://old.example/{id}.jpg");
            (id != "9").then(|| Picture { url, alt: format!("alt {id}"), caption: None })
        }

        fn of_post(&self) -> Vec<Picture> {
            self.find("7").into_iter().collect()
        }
    }

    #[track_caller]
    fn check(text: &str, html: &str, notes: &[NoteKind]) {
        let got = to_html(text, &Two);
        assert_eq!(got.html.trim(), html, "{text}");
        assert_eq!(got.notes.iter().map(|it| it.0).collect::<Vec<_>>(), notes, "{text}");
    }

    #[test]
    fn classic_text_gets_its_paragraphs() {
        check("One\n\nTwo\nlines", "<p>One</p>\n<p>Two<br>\nlines</p>", &[]);
        check("a\n<h2>b</h2>\nc", "<p>a</p>\n<h2>b</h2>\n<p>c</p>", &[]);
        check("<p>a</p>\n\nb", "<p>a</p>\n<p>b</p>", &[]);
        check(
            "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>",
            "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>",
            &[],
        );
        check("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>", &[]);
        check("<div>a\n\nb</div>", "<div><p>a</p>\n<p>b</p></div>", &[]);
        check("a <b>c\n\nd</b>", "<p>a <b>c</p>\n<p>d</b></p>", &[]);
        check("a\r\n\r\n<!--more-->\r\n\r\nb", "<p>a</p>\n<!--more-->\n<p>b</p>", &[]);
    }

    #[test]
    fn block_comments_go_and_unknown_blocks_are_named() {
        check("<!-- wp:paragraph -->\n<p>a</p>\n<!-- /wp:paragraph -->", "<p>a</p>", &[]);
        check(
            "<!-- wp:acme/box {\"a\":1} -->\n<div>a</div>\n<!-- /wp:acme/box -->",
            "<div>a</div>",
            &[NoteKind::BlockKept],
        );
        check("<p>a</p><!-- wp:latest-posts /-->", "<p>a</p>", &[NoteKind::BlockKept]);
        check(
            "<!-- wp:embed {\"url\":\"https://video.example/1\"} -->\n<figure class=\"wp-block-embed\"><div class=\"w\">\nhttps://video.example/1\n</div></figure>\n<!-- /wp:embed -->",
            "<p><a href=\"https://video.example/1\">https://video.example/1</a></p>",
            &[],
        );
        check(
            "classic\n\n<!-- wp:heading -->\n<h2>b</h2>\n<!-- /wp:heading -->",
            "<p>classic</p>\n\n<h2>b</h2>",
            &[],
        );
    }

    #[test]
    fn shortcodes_of_wordpress_are_understood_and_others_kept() {
        check(
            "[caption id=\"attachment_3\" width=\"10\"]<img src=\"/a.jpg\" /> A <em>bird</em>[/caption]",
            "<figure><img src=\"/a.jpg\" /><figcaption>A <em>bird</em></figcaption></figure>",
            &[],
        );
        check(
            "[gallery ids=\"1,2\"]",
            "<figure><img src=\"https://old.example/1.jpg\" alt=\"alt 1\"></figure>\n<figure><img src=\"https://old.example/2.jpg\" alt=\"alt 2\"></figure>",
            &[],
        );
        check(
            "[gallery ids=\"1,9\"]",
            "<figure><img src=\"https://old.example/1.jpg\" alt=\"alt 1\"></figure>",
            &[NoteKind::BlockLeft],
        );
        check(
            "[gallery]",
            "<figure><img src=\"https://old.example/7.jpg\" alt=\"alt 7\"></figure>",
            &[],
        );
        check(
            "[embed]https://v.example/1[/embed]",
            "<p><a href=\"https://v.example/1\">https://v.example/1</a></p>",
            &[],
        );
        check(
            "[contact-form-7 id=\"1\"]",
            "<p>[contact-form-7 id=\"1\"]</p>",
            &[NoteKind::ShortcodeKept],
        );
        check("so [sic] and a[0] and [[gallery]]", "<p>so [sic] and a[0] and [gallery]</p>", &[]);
    }
}
