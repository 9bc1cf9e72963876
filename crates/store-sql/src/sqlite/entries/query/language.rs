//! In which language entries are.

use rusqlite::types::Value as Sql;
use smartcms_app::ports::{EntryQuery, Listing};
use smartcms_domain::locales::Locale;

use super::{Writer, listing};

impl Writer {
    /// In one language, or of each translation group in the best of several.
    pub(super) fn in_language(&mut self, query: &EntryQuery) {
        let Some(locale) = &query.locale else { return };
        if query.fallbacks.is_empty() {
            self.push(" AND locale = ");
            self.bind(Sql::Text(locale.to_string()));
            return;
        }
        let locales: Vec<&Locale> = std::iter::once(locale).chain(&query.fallbacks).collect();
        let mut before = " AND locale IN (";
        for locale in &locales {
            self.push(before);
            self.bind(Sql::Text(locale.to_string()));
            before = ", ";
        }
        // Whether a better one passes the filters is not asked: what is shown is the best one, or nothing.
        let listed = match query.listing {
            Listing::Newest(_) => Listing::Newest(None),
            other => other,
        };
        self.push(&format!(
            ") AND NOT EXISTS (SELECT 1 FROM entries AS better \
             WHERE better.translation_group = entries.translation_group \
             AND better.collection = entries.collection AND {} AND ",
            listing(listed)
        ));
        self.rank("better", &locales);
        self.push(" < ");
        self.rank("entries", &locales);
        self.push(")");
    }

    /// The place of an entry's language among these; null for none of them.
    fn rank(&mut self, of: &str, locales: &[&Locale]) {
        self.push(&format!("CASE {of}.locale"));
        for (at, locale) in locales.iter().enumerate() {
            self.push(" WHEN ");
            self.bind(Sql::Text(locale.to_string()));
            self.push(&format!(" THEN {at}"));
        }
        self.push(" END");
    }
}
