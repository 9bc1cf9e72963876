//! Counts in keys of its own how often it was called, and tells it on the page.

wit_bindgen::generate!({
    path: ["../../../../wit/deps/keyvalue", "../../../../wit/kvstore"],
    inline: "
        package smartcms:counts;

        world counter {
            import wasi:keyvalue/store@0.2.0-draft;
            import wasi:keyvalue/atomics@0.2.0-draft;
            import wasi:keyvalue/batch@0.2.0-draft;
            import component:smartcms/kvstore;
        }
    ",
    world: "smartcms:counts/counter",
    generate_all,
});

use component::smartcms::kvstore;
use smartcms_plugin::html_filter::{self, FilterContext};
use wasi::keyvalue::store::{Bucket, Error};
use wasi::keyvalue::{atomics, batch, store};

struct Counts;

impl html_filter::Guest for Counts {
    fn filter_html(context: FilterContext, html: String) -> Result<String, String> {
        let told = store::open("").and_then(|keys| told(&keys, &context.slug));
        let told = told.unwrap_or_else(|error| format!("{error:?}").replace('"', "'"));
        Ok(format!("{html}<p>counts: {told}.</p>"))
    }
}

html_filter::export!(Counts);

fn told(keys: &Bucket, slug: &str) -> Result<String, Error> {
    // The second page of a title has a number in its address.
    match slug.trim_end_matches(|it: char| it.is_ascii_digit() || it == '-') {
        "too-much" => {
            keys.set("large", &vec![b'x'; 1_100_000])?;
            Ok("kept".to_owned())
        }
        "not-a-number" => {
            keys.set("words", b"many")?;
            atomics::increment(keys, "words", 1).map(|it| it.to_string())
        }
        "many-keys" => many(),
        "its-keys" => {
            let listed = store::open("default")?.list_keys(None)?;
            Ok(format!("{} {:?}", listed.keys.join(" "), listed.cursor))
        }
        _ => {
            let count = atomics::increment(keys, "calls", 1)?;
            kvstore::set("last", slug);
            Ok(format!("{count}, last {}", kvstore::get("last").unwrap_or_default()))
        }
    }
}

/// Several at once, in another bucket, which has nothing of the first one.
fn many() -> Result<String, Error> {
    let other = store::open("other")?;
    batch::set_many(&other, &[("a".to_owned(), b"1".to_vec()), ("b".to_owned(), b"2".to_vec())])?;
    batch::delete_many(&other, &["a".to_owned()])?;
    let found = batch::get_many(&other, &["a".to_owned(), "b".to_owned(), "calls".to_owned()])?;
    let found: Vec<bool> = found.iter().map(Option::is_some).collect();
    Ok(format!("{found:?} {} {}", other.exists("b")?, other.exists("calls")?))
}
