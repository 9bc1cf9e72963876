//! What WordPress stores as a post's text, as HTML.
//!
//! Block comments go, and what they wrap stays; classic text gets its paragraphs; the shortcodes of WordPress itself
//! become what they stand for. Everything else stays, and is named.

mod autop;
mod blocks;
mod finish;
mod gallery;
mod shortcodes;

use crate::html::{escape_attribute, escape_text};
use crate::note::NoteKind;

/// What the text of a post may ask for about other items.
pub(crate) trait Attachments {
    /// Address, alternative text and caption of an attachment.
    fn find(&self, id: &str) -> Option<Picture>;

    /// The pictures that were uploaded to the post itself.
    fn of_post(&self) -> Vec<Picture>;

    /// The text of a reusable block.
    fn fragment(&self, id: &str) -> Option<String>;
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
pub(crate) fn to_html(
    text: &str,
    footnotes: &[(String, String)],
    attachments: &dyn Attachments,
) -> Converted {
    let text = shortcodes::with_code(&text.replace("\r\n", "\n"));
    let mut converted = Converted::default();
    if text.contains("<!--nextpage-->") {
        let message = "its pages (`<!--nextpage-->`) are one page now";
        converted.notes.push((NoteKind::TextRepaired, message.to_owned()));
    }
    let html = if text.contains("<!-- wp:") {
        let reused_bytes = &std::cell::Cell::new(0);
        let blocks = blocks::Blocks { attachments, footnotes, depth: 0, reused_bytes };
        blocks.to_html(&text, &mut converted)
    } else {
        autop::with_paragraphs(&text)
    };
    let html = finish::references(&html);
    converted.html = shortcodes::replaced(&html, attachments, &mut converted.notes);
    let mut seen = std::collections::HashSet::new();
    converted.notes.retain(|note| seen.insert(note.clone()));
    converted
}

/// What an address shows is for the site to decide: here it is a link.
pub(crate) fn embedded(url: &str) -> String {
    let url = url.trim();
    format!(
        "<figure class=\"embed\"><a href=\"{}\">{}</a></figure>",
        escape_attribute(url),
        escape_text(url)
    )
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

        fn fragment(&self, id: &str) -> Option<String> {
            match id {
                "1" => Some("<!-- wp:paragraph --><p>Shared</p><!-- /wp:paragraph -->".to_owned()),
                "2" => Some("<!-- wp:block {\"ref\":2} /-->".to_owned()),
                _ => None,
            }
        }
    }

    #[track_caller]
    fn check(text: &str, html: &str, notes: &[NoteKind]) {
        let notes_below = [("n-1".to_owned(), "A <em>note</em>.".to_owned())];
        let got = to_html(text, &notes_below, &Two);
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
            "<figure class=\"embed\"><a href=\"https://video.example/1\">https://video.example/1</a></figure>",
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
            "<figure class=\"embed\"><a href=\"https://v.example/1\">https://v.example/1</a></figure>",
            &[],
        );
        check(
            "[contact-form-7 id=\"1\"]",
            "<p>[contact-form-7 id=\"1\"]</p>",
            &[NoteKind::ShortcodeKept],
        );
        check("so [sic] and a[0] and [[gallery]]", "<p>so [sic] and a[0] and [gallery]</p>", &[]);
    }

    #[test]
    fn shortcodes_inside_unknown_ones_are_understood() {
        check(
            "[row][gallery ids=\"1\"][/row]",
            "<p>[row]<figure><img src=\"https://old.example/1.jpg\" alt=\"alt 1\"></figure>[/row]</p>",
            &[NoteKind::ShortcodeKept],
        );
        check(
            "[playlist ids=\"3\"]",
            "<figure><audio controls src=\"https://old.example/3.jpg\"></audio></figure>",
            &[],
        );
        check("[see Bob's [sic] post]", "<p>[see Bob's [sic] post]</p>", &[]);
        check(
            "[sourcecode language=\"php\"]\n&lt;?php\n\necho [1];\n[/sourcecode]",
            "<pre><code class=\"language-php\">&lt;?php\n\necho &#91;1];</code></pre>",
            &[],
        );
        check(
            "[youtube https://youtu.be/x?a=1&amp;b=2]",
            "<figure class=\"embed\"><a href=\"https://youtu.be/x?a=1&amp;b=2\">https://youtu.be/x?a=1&amp;b=2</a></figure>",
            &[],
        );
    }

    #[test]
    fn blocks_show_what_wordpress_showed() {
        check("<!-- wp:block {\"ref\":1} /-->", "<p>Shared</p>", &[]);
        check("<!-- wp:block {\"ref\":9} /-->", "", &[NoteKind::BlockKept]);
        check("<!-- wp:block {\"ref\":2} /-->", "", &[NoteKind::BlockKept]);
        check(
            "<!-- wp:paragraph -->\n<p>a<sup data-fn=\"n-1\" class=\"fn\"><a href=\"#n-1\" id=\"n-1-link\">1</a></sup></p>\n<!-- /wp:paragraph -->\n<!-- wp:footnotes /-->",
            "<p>a<sup class=\"footnote-ref\"><a href=\"#fn-n-1\">1</a></sup></p>\n<section class=\"footnotes\"><ol><li id=\"fn-n-1\"><p>A <em>note</em>.</p></li></ol></section>",
            &[],
        );
        check(
            "<!-- wp:freeform -->\nOne\n\nTwo\n<!-- /wp:freeform -->",
            "<p>One</p>\n<p>Two</p>",
            &[],
        );
        check(
            "<!-- wp:verse -->\n<pre class=\"wp-block-verse\">a\n<em>b</em></pre>\n<!-- /wp:verse -->",
            "<p>a<br><em>b</em></p>",
            &[],
        );
        check(
            "<!-- wp:cover {\"url\":\"/c.jpg\"} -->\n<div class=\"wp-block-cover\" style=\"background-image:url(/c.jpg)\"><p>T</p></div>\n<!-- /wp:cover -->",
            "<figure><img src=\"/c.jpg\" alt=\"\"></figure>\n<div class=\"wp-block-cover\" style=\"background-image:url(/c.jpg)\"><p>T</p></div>",
            &[],
        );
        check(
            "<!-- wp:file -->\n<div class=\"wp-block-file\"><a href=\"/f.pdf\">F</a><a href=\"/f.pdf\" class=\"wp-block-file__button\" download>Download</a></div>\n<!-- /wp:file -->",
            "<div class=\"wp-block-file\"><a href=\"/f.pdf\">F</a></div>",
            &[],
        );
    }
}
