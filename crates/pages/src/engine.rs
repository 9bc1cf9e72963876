//! The engine of the templates, as both the admin and themes use it.

use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use crate::theme::write_value;

/// An engine without templates, whose pages may be so much work, in its own units.
///
/// Whoever writes a theme has everything that it can do. In WebAssembly there are no themes but the one that is there: what
/// its templates and those of the admin do not use is left out, which is a third of the engine.
pub(crate) fn engine(fuel_max: u64) -> Environment<'static> {
    let mut engine = if cfg!(target_family = "wasm") { small() } else { Environment::new() };
    engine.set_fuel(Some(fuel_max));
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    engine.set_formatter(write_value);
    engine
}

/// What the embedded templates use of it.
fn small() -> Environment<'static> {
    use minijinja::{filters, tests};
    let mut engine = Environment::empty();
    engine.add_filter("join", filters::join);
    engine.add_filter("length", filters::length);
    engine.add_filter("replace", filters::replace);
    engine.add_filter("safe", filters::safe);
    engine.add_filter("tojson", filters::tojson);
    engine.add_test("defined", tests::is_defined);
    engine.add_test("none", tests::is_none);
    engine
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::small;
    use crate::admin::admin_templates;
    use crate::default_theme_files;

    /// The words that follow one of these in a template's tags.
    fn words_after<'t>(text: &'t str, marks: &[&str], found: &mut BTreeSet<&'t str>) {
        for tag in text.split("{{").skip(1).chain(text.split("{%").skip(1)) {
            let tag = tag.split(['}', '%']).next().unwrap_or_default();
            for part in marks.iter().flat_map(|mark| tag.split(mark).skip(1)) {
                let part = part.trim_start().trim_start_matches("not ");
                let end = part.find(|it: char| !it.is_ascii_lowercase() && it != '_');
                found.insert(&part[..end.unwrap_or(part.len())]);
            }
        }
    }

    #[test]
    fn the_small_engine_has_what_the_embedded_templates_use() {
        let (mut filters, mut tests) = (BTreeSet::new(), BTreeSet::new());
        for (_, text) in admin_templates().chain(default_theme_files()) {
            words_after(text, &["|"], &mut filters);
            words_after(text, &[" is "], &mut tests);
        }
        filters.remove("");
        assert_eq!(
            filters.into_iter().collect::<Vec<_>>(),
            ["join", "length", "replace", "safe", "tojson"]
        );
        assert_eq!(tests.into_iter().collect::<Vec<_>>(), ["defined", "none"]);
        let engine = small();
        let page =
            "{% if a is defined and a is not none %}{{ a|length }} {{ a|join('+') }}{% endif %}";
        let page = engine.render_str(page, minijinja::context! { a => ["x", "y"] }).unwrap();
        assert_eq!(page, "2 x+y");
    }
}
