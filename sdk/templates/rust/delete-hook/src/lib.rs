//! Keeps entries that the site cannot do without: those whose slugs are in the setting `keep`.

use smartcms_plugin::content::{Entry, Problem};
use smartcms_plugin::delete_hook;
use smartcms_plugin::{problems, settings};

/// What is kept when the operator does not say: slugs, with commas between them.
const KEEP_DEFAULT: &str = "home, about";

struct Plugin;

impl delete_hook::Guest for Plugin {
    fn before_delete(entry: Entry) -> Result<(), Vec<Problem>> {
        let keep = settings::get_or("keep", KEEP_DEFAULT.to_owned())
            .map_err(|error| vec![problems::of_entry("setting", error.to_string())])?;
        if keep.split(',').any(|slug| slug.trim() == entry.slug) {
            let message = format!("The site needs `{}`; change it instead.", entry.slug);
            return Err(vec![problems::of_entry("protected", message)]);
        }
        Ok(())
    }
}

delete_hook::export!(Plugin);

#[cfg(test)]
mod tests {
    use super::Plugin;
    use smartcms_plugin::delete_hook::Guest;
    use smartcms_plugin::testing::{entry, set_setting};

    #[test]
    fn what_the_operator_names_is_kept() {
        set_setting("keep", "imprint,privacy");
        assert!(Plugin::before_delete(entry("pages", "privacy", [])).is_err());
        assert!(Plugin::before_delete(entry("pages", "home", [])).is_ok());
    }
}
