//! Where a plugin takes part, by what it exports.

use serde::Serialize;

use super::capabilities::InterfaceName;

/// A place where plugins take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ExtensionPoint {
    /// The name, as in listings.
    pub name: &'static str,
    /// What the plugin does there, as in "this plugin …".
    pub words: &'static str,
    #[serde(skip)]
    package: &'static str,
    #[serde(skip)]
    interface: &'static str,
    #[serde(skip)]
    lines: &'static [&'static str],
}

const CONTRACT: &[&str] = &["0.1."];

/// Every place, by interface and the beginning of its versions.
pub(crate) const EXTENSION_POINTS: &[ExtensionPoint] = &[
    point(
        "before-save",
        "checks or changes entries before they are stored",
        "smartcms:plugin",
        "before-save",
        CONTRACT,
    ),
    point(
        "before-publish",
        "checks entries before they become public",
        "smartcms:plugin",
        "before-publish",
        CONTRACT,
    ),
    point(
        "before-delete",
        "checks entries before they go to the trash",
        "smartcms:plugin",
        "before-delete",
        CONTRACT,
    ),
    point("events", "is told what happened", "smartcms:plugin", "events", CONTRACT),
    point(
        "filters",
        "changes the HTML of entries when they are shown",
        "smartcms:plugin",
        "filters",
        CONTRACT,
    ),
    point(
        "blocks",
        "brings blocks for rich text and shows them",
        "smartcms:plugin",
        "blocks",
        CONTRACT,
    ),
    point(
        "models",
        "brings models for text and images",
        "smartcms:plugin",
        "ai-provider",
        CONTRACT,
    ),
    point("functions", "brings functions for queries", "smartcms:plugin", "functions", CONTRACT),
    point(
        "routes",
        "answers requests under its own address",
        "wasi:http",
        "incoming-handler",
        &["0.2."],
    ),
    point("routes", "answers requests under its own address", "wasi:http", "handler", &["0.3."]),
    point("command", "runs as a command", "wasi:cli", "run", &["0.2.", "0.3."]),
];

const fn point(
    name: &'static str,
    words: &'static str,
    package: &'static str,
    interface: &'static str,
    lines: &'static [&'static str],
) -> ExtensionPoint {
    ExtensionPoint { name, words, package, interface, lines }
}

/// The place that an export takes, by its full name.
pub fn extension_point(export: &str) -> Option<&'static ExtensionPoint> {
    let name = InterfaceName::parse(export);
    let version = name.version?;
    EXTENSION_POINTS.iter().find(|it| {
        it.package == name.package
            && it.interface == name.interface
            && it.lines.iter().any(|line| version.starts_with(line))
    })
}

#[cfg(test)]
mod tests {
    use super::extension_point;

    #[test]
    fn exports_name_the_places_where_a_plugin_takes_part() {
        let name = |export| extension_point(export).map(|it| it.name);
        assert_eq!(name("smartcms:plugin/filters@0.1.0"), Some("filters"));
        assert_eq!(name("wasi:http/incoming-handler@0.2.10"), Some("routes"));
        assert_eq!(name("wasi:http/handler@0.3.0"), Some("routes"));
        assert_eq!(name("wasi:cli/run@0.3.0"), Some("command"));
        assert_eq!(name("smartcms:plugin/filters@0.2.0"), None);
        assert_eq!(name("greet"), None);
    }
}
