//! An export of WordPress, made up.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use crate::words::Chance;

/// Words of a paragraph, and paragraphs of a post: some 2 KB.
const PARAGRAPH_LEN: usize = 50;
const PARAGRAPHS: usize = 5;

/// Writes an export with so many posts, each with an author, a category and two tags.
pub fn write(path: &Path, posts: usize) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(
        file,
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" \
         xmlns:excerpt=\"http://wordpress.org/export/1.2/excerpt/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel><title>Bench</title>\
         <link>https://old.example</link><wp:wxr_version>1.2</wp:wxr_version>\
         <wp:base_site_url>https://old.example</wp:base_site_url>\
         <wp:base_blog_url>https://old.example</wp:base_blog_url>\
         <wp:author><wp:author_id>1</wp:author_id><wp:author_login>ada</wp:author_login>\
         <wp:author_display_name>Ada</wp:author_display_name></wp:author>"
    )?;
    let mut chance = Chance::new(7);
    for number in 0..posts {
        post(&mut file, number, &mut chance)?;
    }
    writeln!(file, "</channel></rss>")?;
    Ok(file.flush()?)
}

fn post(file: &mut impl std::io::Write, number: usize, chance: &mut Chance) -> anyhow::Result<()> {
    let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 2000 + number / 336 % 25);
    let paragraphs: Vec<String> = (0..PARAGRAPHS)
        .map(|_| {
            let text = chance.text(PARAGRAPH_LEN);
            format!("<!-- wp:paragraph -->\n<p>{text} <strong>and</strong> more.</p>\n<!-- /wp:paragraph -->")
        })
        .collect();
    let date = format!("{year:04}-{month:02}-{day:02} 10:00:00");
    let term = |domain: &str, name: u64| {
        format!(
            "<category domain=\"{domain}\" nicename=\"{domain}-{name}\"><![CDATA[{domain} {name}]]></category>"
        )
    };
    writeln!(
        file,
        "<item><title>{}</title><link>https://old.example/post-{number}/</link>\
         <dc:creator>ada</dc:creator><content:encoded><![CDATA[{}]]></content:encoded>\
         <wp:post_id>{}</wp:post_id><wp:post_date>{date}</wp:post_date>\
         <wp:post_date_gmt>{date}</wp:post_date_gmt><wp:post_name>post-{number}</wp:post_name>\
         <wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{}{}{}</item>",
        chance.text(6),
        paragraphs.join("\n\n"),
        number + 10,
        term("category", chance.below(20)),
        term("post_tag", chance.below(200)),
        term("post_tag", chance.below(200)),
    )?;
    Ok(())
}
