//! What the operator set, and what the author wrote.

use addresses::Addresses;
use serde_json::Value as Json;
use smartcms_plugin::{log, settings};

/// The title when none is set.
const TITLE_DEFAULT: &str = "Related";
/// How many entries a block lists when its author does not say, and at most.
const LIMIT_DEFAULT: usize = 3;
const LIMIT_MAX: usize = 12;
/// How many entries are looked at when the operator does not say, and at most.
const LOOK_AT_DEFAULT: usize = 300;
const LOOK_AT_MAX: usize = 1000;

/// What the operator set.
pub(crate) struct Options {
    pub(crate) title: String,
    pub(crate) addresses: Addresses,
    pub(crate) look_at: usize,
}

impl Options {
    /// Reads the settings.
    pub(crate) fn read() -> Self {
        let title = settings::get("title").ok().flatten().unwrap_or_default();
        let title = if title.trim().is_empty() { TITLE_DEFAULT.to_owned() } else { title };
        let look_at = settings::get_or("look_at", LOOK_AT_DEFAULT).unwrap_or_else(|error| {
            log::warn(format!("{error}; {LOOK_AT_DEFAULT} is used"));
            LOOK_AT_DEFAULT
        });
        Self { title, addresses: Addresses::read(), look_at: look_at.clamp(1, LOOK_AT_MAX) }
    }
}

/// What the author of a block wrote.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) title: Option<String>,
    pub(crate) limit: usize,
    pub(crate) collection: Option<String>,
}

impl Attributes {
    /// Reads them; what does not fit, because it was stored before the schema was as it is, is as if it were not there.
    pub(crate) fn parse(json: &str) -> Self {
        let value: Json = serde_json::from_str(json).unwrap_or_default();
        let text = |name: &str| value.get(name).and_then(Json::as_str).map(str::to_owned);
        let limit = value.get("limit").and_then(Json::as_u64);
        let limit = limit.and_then(|it| usize::try_from(it).ok()).unwrap_or(LIMIT_DEFAULT);
        Self {
            title: text("title"),
            limit: limit.clamp(1, LIMIT_MAX),
            collection: text("collection"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;

    #[test]
    fn what_does_not_fit_is_as_if_it_were_not_there() {
        for json in ["{}", "", "[]", "{\"limit\":\"many\",\"title\":3}"] {
            let attributes = Attributes::parse(json);
            assert_eq!((attributes.limit, attributes.title), (3, None), "{json}");
        }
        assert_eq!(Attributes::parse("{\"limit\":99}").limit, 12);
    }
}
