//! Writes a WordPress export of any size to standard output, to try an import with.
//!
//! `cargo run -p smartcms-transfer --example made_wxr -- POSTS BYTES_PER_POST > made.xml`

use std::io::{self, BufWriter, Write};

const WORDS: &[&str] = &[
    "garden", "kitchen", "winter", "a", "bread", "the", "slow", "light", "river", "morning",
    "with", "and",
];

fn main() -> io::Result<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|it| it.parse::<usize>().ok());
    let (posts, bytes) = (numbers.next().unwrap_or(1_000), numbers.next().unwrap_or(3_000));
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(
        out,
        "<?xml version=\"1.0\"?>\n<rss><channel><title>Made</title><link>https://made.example</link>"
    )?;
    writeln!(out, "<wp:wxr_version>1.2</wp:wxr_version>")?;
    for id in 1..=posts {
        item(&mut out, id, bytes)?;
    }
    writeln!(out, "</channel></rss>")
}

fn item(out: &mut impl Write, id: usize, bytes: usize) -> io::Result<()> {
    let (month, day) = (id % 12 + 1, id % 28 + 1);
    write!(
        out,
        "<item><title>Post {id}</title><link>https://made.example/post-{id}/</link><content:encoded><![CDATA["
    )?;
    let mut written = 0;
    let mut word = id;
    while written < bytes {
        let mut paragraph = String::from("<!-- wp:paragraph -->\n<p>");
        for _ in 0..60 {
            word = word.wrapping_mul(31).wrapping_add(7);
            paragraph.push_str(WORDS.get(word % WORDS.len()).copied().unwrap_or_default());
            paragraph.push(' ');
        }
        paragraph.push_str("</p>\n<!-- /wp:paragraph -->\n\n");
        written += paragraph.len();
        out.write_all(paragraph.as_bytes())?;
    }
    writeln!(
        out,
        "]]></content:encoded><wp:post_id>{id}</wp:post_id><wp:post_date_gmt>2020-{month:02}-{day:02} 10:00:00\
         </wp:post_date_gmt><wp:post_name>post-{id}</wp:post_name><wp:status>publish</wp:status>\
         <wp:post_type>post</wp:post_type></item>"
    )
}
