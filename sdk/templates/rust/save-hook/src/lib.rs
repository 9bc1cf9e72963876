//! Tidies titles, and refuses those that are longer than the setting `longest` says.

use smartcms_plugin::content::{Field, Problem};
use smartcms_plugin::save_hook::{self, Draft};
use smartcms_plugin::{fields, problems, settings};

/// How many characters a title may have when the operator does not say.
const LONGEST_DEFAULT: usize = 80;

struct Plugin;

impl save_hook::Guest for Plugin {
    fn before_save(draft: Draft) -> Result<Vec<Field>, Vec<Problem>> {
        let Some(title) = fields::text(&draft.fields, "title") else { return Ok(Vec::new()) };
        let longest = settings::get_or("longest", LONGEST_DEFAULT)
            .map_err(|error| vec![problems::of_entry("setting", error.to_string())])?;
        let tidy = tidied(title);
        if tidy.chars().count() > longest {
            let message = format!("This title has more than {longest} characters.");
            return Err(vec![problems::of_field("title", "too-long", message)]);
        }
        Ok(if tidy == title { Vec::new() } else { vec![fields::field("title", tidy)] })
    }
}

save_hook::export!(Plugin);

/// A title without spaces around it, and with single ones inside.
fn tidied(title: &str) -> String {
    title.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Plugin, tidied};
    use smartcms_plugin::save_hook::Guest;
    use smartcms_plugin::testing::{draft, set_setting};

    #[test]
    fn spaces_are_tidied() {
        assert_eq!(tidied("  A \t walk\n"), "A walk");
        assert_eq!(tidied(""), "");
    }

    #[test]
    fn the_setting_decides_what_is_too_long() {
        set_setting("longest", "6");
        let refused = Plugin::before_save(draft("posts", [("title", "A walk.".into())]));
        assert_eq!(refused.unwrap_err()[0].code, "too-long");
        assert!(Plugin::before_save(draft("posts", [("title", "A walk".into())])).is_ok());
    }
}
