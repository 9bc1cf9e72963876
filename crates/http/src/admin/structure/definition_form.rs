//! From the pairs of a form to a definition.

use std::collections::HashMap;

use super::super::form::Form;
use super::definition_draft::{DefinitionDraft, FieldDraft};
use super::nested::ITEMS_MAX;

/// How deep fields are read.
const DEPTH_MAX: usize = 6;

impl DefinitionDraft {
    /// What a form says. A field that was given another name is followed by what names it.
    pub(super) fn of_form(form: &Form) -> Self {
        let values = Values(form.0.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect());
        let fields = values.fields("fields", 1);
        let followed = |key: &str| {
            let named = values.trimmed(key);
            let field = fields.iter().find(|it| !named.is_empty() && it.shown == named);
            field.map_or(named, |it| it.name.clone())
        };
        let label = values.trimmed("label");
        let name = values.trimmed("name");
        Self {
            name: if name.is_empty() { name_from(&label) } else { name },
            label_one: values.trimmed("label_one"),
            url: values.trimmed("url"),
            title: followed("title"),
            body: followed("body"),
            image: followed("image"),
            taxonomy: values.trimmed("taxonomy"),
            listed: values.flag("listed"),
            drafts: values.flag("drafts"),
            label,
            fields,
        }
    }
}

/// The values of a form by their names.
struct Values<'a>(HashMap<&'a str, &'a str>);

impl Values<'_> {
    fn text(&self, name: &str) -> String {
        self.0.get(name).copied().unwrap_or_default().replace("\r\n", "\n")
    }

    fn trimmed(&self, name: &str) -> String {
        self.text(name).trim().to_owned()
    }

    fn flag(&self, name: &str) -> bool {
        self.0.get(name) == Some(&"true")
    }

    fn fields(&self, place: &str, depth: usize) -> Vec<FieldDraft> {
        if depth > DEPTH_MAX {
            return Vec::new();
        }
        let places = (0..ITEMS_MAX).map(|number| format!("{place}.{number}"));
        let there = places.take_while(|it| self.0.contains_key(format!("{it}._").as_str()));
        there.map(|it| self.field(&it, depth)).collect()
    }

    fn field(&self, place: &str, depth: usize) -> FieldDraft {
        let text = |key: &str| self.trimmed(&format!("{place}.{key}"));
        let flag = |key: &str| self.flag(&format!("{place}.{key}"));
        let (name, label) = (text("name"), text("label"));
        FieldDraft {
            was: text("was"),
            shown: text("_"),
            name: if name.is_empty() { name_from(&label) } else { name },
            kind: text("kind"),
            label,
            help: text("help"),
            to: text("to"),
            many: flag("many"),
            on_delete: text("on_delete"),
            required: flag("required"),
            unique: flag("unique"),
            indexed: flag("indexed"),
            localized: flag("localized"),
            choices: text("choices"),
            min: text("min"),
            max: text("max"),
            pattern: text("pattern"),
            default: text("default"),
            read: text("read"),
            write: text("write"),
            computed: text("computed"),
            arguments: text("arguments"),
            fields: self.fields(&format!("{place}.fields"), depth + 1),
        }
    }
}

/// A name that fits what people call it: `reading_list` for `Reading list`.
pub(super) fn name_from(label: &str) -> String {
    let mut name = String::new();
    for letter in label.trim().to_lowercase().chars() {
        match letter {
            'a'..='z' => name.push(letter),
            '0'..='9' if !name.is_empty() => name.push(letter),
            _ if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            _ => {}
        }
    }
    name.trim_end_matches('_').chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::name_from;

    #[test]
    fn names_are_made_of_labels() {
        for (label, name) in [
            ("Reading list", "reading_list"),
            ("  2 Äpfel & Birnen! ", "pfel_birnen"),
            ("日本", ""),
            ("A-1", "a_1"),
        ] {
            assert_eq!(name_from(label), name);
        }
    }
}
