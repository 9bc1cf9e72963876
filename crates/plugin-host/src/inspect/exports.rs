//! Where a plugin takes part, by what it exports.

use semver::Version;
use serde::Serialize;

use super::capabilities::{CONTRACT_VERSIONS, InterfaceName};
use crate::error::PluginFault;

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
    point("tasks", "does long work on a schedule or by hand", "smartcms:plugin", "tasks", CONTRACT),
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

/// Why an export cannot be called: it is of a place that there is, in a version that this host does not have.
pub fn misfit(export: &str) -> Option<PluginFault> {
    let name = InterfaceName::parse(export);
    let version = name.version?;
    let of_place =
        |it: &&ExtensionPoint| it.package == name.package && it.interface == name.interface;
    let places = EXTENSION_POINTS.iter().filter(of_place);
    let mut lines: Vec<&str> = places.flat_map(|it| it.lines).copied().collect();
    if lines.is_empty() && name.package == "smartcms:plugin" {
        lines.extend(CONTRACT);
    }
    if lines.is_empty() || lines.iter().any(|line| version.starts_with(line)) {
        return None;
    }
    let newest = if name.package == "smartcms:plugin" {
        CONTRACT_VERSIONS.last().and_then(|it| Version::parse(it).ok())
    } else {
        lines.last().and_then(|it| Version::parse(&format!("{it}0")).ok())
    };
    let advice = if Version::parse(version).ok() > newest {
        "update this program, or build the plugin for a version that it has"
    } else {
        "build the plugin again for a version that this host has"
    };
    let offered: Vec<&str> = lines.iter().map(|it| it.trim_end_matches('.')).collect();
    Some(PluginFault::UnknownVersion {
        interface: format!("{}/{}", name.package, name.interface),
        built_for: version.to_owned(),
        offered: offered.join(", "),
        advice,
    })
}

#[cfg(test)]
mod tests {
    use super::{extension_point, misfit};

    #[test]
    fn an_export_of_another_version_is_told_with_both_versions() {
        for (export, words) in [
            ("smartcms:plugin/filters@0.2.0", ["0.2.0", "this host has 0.1", "update"]),
            ("smartcms:plugin/of-tomorrow@0.4.0", ["0.4.0", "this host has 0.1", "update"]),
            ("smartcms:plugin/filters@0.0.3", ["0.0.3", "this host has 0.1", "build the plugin"]),
            ("wasi:cli/run@0.4.0", ["0.4.0", "this host has 0.2, 0.3", "update"]),
        ] {
            let text = misfit(export).unwrap_or_else(|| panic!("{export} fits")).to_string();
            for word in words {
                assert!(text.contains(word), "no {word:?} in {text}");
            }
        }
        for export in
            ["smartcms:plugin/filters@0.1.9", "wasi:cli/run@0.2.3", "acme:a/b@9.0.0", "run"]
        {
            assert!(misfit(export).is_none(), "{export}");
        }
    }

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
