//! Which import needs which capability: the one table that inspecting, granting and linking share.
//!
//! An interface that is missing here is never linked.

use semver::Version;
use serde::Serialize;

/// Something that a plugin can reach, in words for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Capability {
    /// The name, as in grants.
    pub name: &'static str,
    /// What it allows, as in "this plugin can …".
    pub words: &'static str,
    /// A grant as it is typed.
    pub example: &'static str,
    /// What happens to a plugin that imports it and does not have it.
    #[serde(skip)]
    pub without: Without,
}

/// What happens to a plugin that imports a capability that it was not granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// It is refused before it runs.
    Refused,
    /// It runs and finds nothing there. Language runtimes import these whether they use them or not, and
    /// without a grant there is no folder to open and no variable to read.
    Empty,
    /// It is refused, and no grant can change that.
    Never,
}

/// What an import asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing that could do harm: types, clocks, random numbers, output to the plugin's own log.
    Free(&'static str),
    /// A capability.
    Needs(&'static Capability),
    /// An interface that this host has in other versions.
    OtherVersion {
        /// Package and interface.
        interface: String,
        /// What the plugin was built for.
        built_for: String,
        /// What this host has, newest last.
        offered: String,
        /// Whether the plugin is the newer side.
        plugin_is_newer: bool,
    },
    /// Nothing that this host knows.
    Unknown,
}

/// A line of the table. An empty interface stands for all of the package.
struct Rule {
    package: &'static str,
    interface: &'static str,
    versions: &'static [&'static str],
    asks: Asks,
}

enum Asks {
    Free(&'static str),
    For(&'static Capability),
}

/// Its own keys.
pub(crate) const KEY_VALUE: Capability = Capability {
    name: "kv",
    words: "keep and read its own keys, and no others",
    example: "kv",
    without: Without::Refused,
};

/// Requests to other hosts.
pub(crate) const HTTP: Capability = Capability {
    name: "http",
    words: "send requests to the hosts that are named",
    example: "http=api.example.com:443",
    without: Without::Refused,
};

/// Folders.
pub(crate) const FILES: Capability = Capability {
    name: "fs",
    words: "use folders that are named; without a grant it sees none",
    example: "fs=./stories:/stories:ro",
    without: Without::Empty,
};

/// Variables.
pub(crate) const ENVIRONMENT: Capability = Capability {
    name: "env",
    words: "read variables that are named; without a grant it sees none",
    example: "env=TZ",
    without: Without::Empty,
};

/// Reading entries.
pub(crate) const CONTENT_READ: Capability = Capability {
    name: "content:read",
    words: "read entries of the collections that are named",
    example: "content:read=posts",
    without: Without::Refused,
};

/// Writing entries.
pub(crate) const CONTENT_WRITE: Capability = Capability {
    name: "content:write",
    words: "create, change and publish entries of the collections that are named",
    example: "content:write=posts",
    without: Without::Refused,
};

/// Models.
pub(crate) const MODELS: Capability = Capability {
    name: "nn",
    words: "compute with the models that are named",
    example: "nn=storyteller",
    without: Without::Refused,
};

/// Connections of any kind.
pub(crate) const SOCKETS: Capability = Capability {
    name: "sockets",
    words: "open network connections of any kind, which this host never allows",
    example: "",
    without: Without::Never,
};

/// Every capability that an import may need.
pub const CAPABILITIES: &[&Capability] =
    &[&KEY_VALUE, &HTTP, &FILES, &ENVIRONMENT, &CONTENT_READ, &CONTENT_WRITE, &MODELS, &SOCKETS];

/// The versions of the contract that this host has, newest last.
pub(crate) const CONTRACT_VERSIONS: &[&str] = &["0.1.0"];

const WASI: &[&str] = &["0.2.12", "0.3.0"];
const WASI_2: &[&str] = &["0.2.12"];
const WASI_3: &[&str] = &["0.3.0"];
const KEY_VALUE_DRAFT: &[&str] = &["0.2.0-draft"];
const CONFIG: &[&str] = &["0.2.0-rc.1"];
const LOGGING: &[&str] = &["0.1.0-draft"];
const NEURAL: &[&str] = &["0.2.0-rc-2024-10-28"];
const CONTENT: &[&str] = CONTRACT_VERSIONS;
const UNVERSIONED: &[&str] = &[];

/// The table. The first line that fits decides, so that narrower lines come first.
const RULES: &[Rule] = &[
    rule("wasi:cli", "environment", WASI, Asks::For(&ENVIRONMENT)),
    rule("wasi:cli", "", WASI, Asks::Free("arguments, exit code, output to its log")),
    rule("wasi:clocks", "", WASI, Asks::Free("clocks")),
    rule("wasi:random", "", WASI, Asks::Free("random numbers")),
    rule("wasi:io", "", WASI_2, Asks::Free("streams")),
    rule("wasi:logging", "logging", LOGGING, Asks::Free("lines in its log")),
    rule("wasi:filesystem", "", WASI, Asks::For(&FILES)),
    rule("wasi:config", "store", CONFIG, Asks::Free("its own settings")),
    rule("wasi:keyvalue", "", KEY_VALUE_DRAFT, Asks::For(&KEY_VALUE)),
    rule("wasi:http", "types", WASI, Asks::Free("types of requests and responses")),
    rule("wasi:http", "outgoing-handler", WASI_2, Asks::For(&HTTP)),
    rule("wasi:http", "client", WASI_3, Asks::For(&HTTP)),
    rule("wasi:nn", "", NEURAL, Asks::For(&MODELS)),
    rule("wasi:sockets", "", WASI, Asks::For(&SOCKETS)),
    rule("component:smartcms", "kvstore", UNVERSIONED, Asks::For(&KEY_VALUE)),
    rule("smartcms:content", "types", CONTENT, Asks::Free("types of content")),
    rule("smartcms:content", "reader", CONTENT, Asks::For(&CONTENT_READ)),
    rule("smartcms:content", "writer", CONTENT, Asks::For(&CONTENT_WRITE)),
    rule("smartcms:plugin", "task-progress", CONTENT, Asks::Free("how far its tasks are")),
    rule("smartcms:plugin", "", CONTENT, Asks::Free("types of the places where it takes part")),
];

const fn rule(
    package: &'static str,
    interface: &'static str,
    versions: &'static [&'static str],
    asks: Asks,
) -> Rule {
    Rule { package, interface, versions, asks }
}

/// What an import asks for, by its full name.
pub fn requirement(import: &str) -> Requirement {
    let name = InterfaceName::parse(import);
    let fits = |it: &&Rule| {
        it.package == name.package && (it.interface.is_empty() || it.interface == name.interface)
    };
    let Some(rule) = RULES.iter().find(fits) else { return Requirement::Unknown };
    if !rule.offers(name.version) {
        return rule.other_version(&name);
    }
    match rule.asks {
        Asks::Free(words) => Requirement::Free(words),
        Asks::For(capability) => Requirement::Needs(capability),
    }
}

impl Rule {
    fn offers(&self, version: Option<&str>) -> bool {
        match version {
            None => self.versions.is_empty(),
            Some(version) => self.versions.iter().any(|offered| compatible(offered, version)),
        }
    }

    fn other_version(&self, name: &InterfaceName<'_>) -> Requirement {
        let built_for = name.version.unwrap_or("no version");
        let newest = self.versions.last().and_then(|it| Version::parse(it).ok());
        let wanted = Version::parse(built_for).ok();
        Requirement::OtherVersion {
            interface: format!("{}/{}", name.package, name.interface),
            built_for: built_for.to_owned(),
            offered: if self.versions.is_empty() {
                "no version".to_owned()
            } else {
                self.versions.join(", ")
            },
            plugin_is_newer: wanted > newest,
        }
    }
}

/// An interface's name in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InterfaceName<'a> {
    /// `namespace:name`; empty for a name without one.
    pub(crate) package: &'a str,
    /// The interface's own name.
    pub(crate) interface: &'a str,
    /// What stands behind `@`.
    pub(crate) version: Option<&'a str>,
}

impl<'a> InterfaceName<'a> {
    pub(crate) fn parse(name: &'a str) -> Self {
        let (path, version) = match name.split_once('@') {
            Some((path, version)) => (path, Some(version)),
            None => (name, None),
        };
        let (package, interface) = path.split_once('/').unwrap_or(("", path));
        Self { package, interface, version }
    }
}

/// Whether a plugin built for one version runs with the other: the same rule as the linker's. Before 1.0 the second
/// number counts, and drafts fit only themselves.
pub(super) fn compatible(offered: &str, built_for: &str) -> bool {
    let (Ok(offered), Ok(built_for)) = (Version::parse(offered), Version::parse(built_for)) else {
        return false;
    };
    if !offered.pre.is_empty() || !built_for.pre.is_empty() {
        return offered == built_for;
    }
    let same = offered.major == built_for.major;
    match offered.major {
        0 if offered.minor == 0 => same && built_for.minor == 0 && offered.patch == built_for.patch,
        0 => same && offered.minor == built_for.minor,
        _ => same,
    }
}

#[cfg(test)]
mod tests {
    use super::{CONTENT_READ, FILES, HTTP, KEY_VALUE, MODELS, Requirement, requirement};

    #[track_caller]
    fn check(import: &str, expected: &Requirement) {
        assert_eq!(requirement(import), *expected, "{import}");
    }

    #[test]
    fn imports_need_the_capability_that_the_contract_names() {
        for import in [
            "wasi:keyvalue/store@0.2.0-draft",
            "wasi:keyvalue/atomics@0.2.0-draft",
            "wasi:keyvalue/batch@0.2.0-draft",
            "component:smartcms/kvstore",
        ] {
            check(import, &Requirement::Needs(&KEY_VALUE));
        }
        check("wasi:http/outgoing-handler@0.2.0", &Requirement::Needs(&HTTP));
        check("wasi:http/client@0.3.0", &Requirement::Needs(&HTTP));
        check("wasi:filesystem/preopens@0.2.6", &Requirement::Needs(&FILES));
        check("wasi:nn/graph@0.2.0-rc-2024-10-28", &Requirement::Needs(&MODELS));
        check("smartcms:content/reader@0.1.0", &Requirement::Needs(&CONTENT_READ));
        assert!(matches!(requirement("wasi:clocks/wall-clock@0.2.3"), Requirement::Free(_)));
        assert!(matches!(requirement("wasi:clocks/system-clock@0.3.0"), Requirement::Free(_)));
    }

    #[test]
    fn an_interface_in_another_version_is_not_the_same_interface() {
        let Requirement::OtherVersion { interface, built_for, offered, plugin_is_newer } =
            requirement("smartcms:content/reader@0.9.0")
        else {
            panic!("the version should not fit");
        };
        assert_eq!((interface.as_str(), built_for.as_str()), ("smartcms:content/reader", "0.9.0"));
        assert_eq!(offered, "0.1.0");
        assert!(plugin_is_newer);
        assert!(matches!(requirement("wasi:io/poll@0.3.0"), Requirement::OtherVersion { .. }));
        assert!(matches!(
            requirement("wasi:keyvalue/store@0.2.0-draft2"),
            Requirement::OtherVersion { .. }
        ));
    }

    #[test]
    fn what_the_table_lacks_is_unknown() {
        for import in ["", "print", "wasi:http/handler@0.2.0", "evil:package/all", "@", "/@/"] {
            check(import, &Requirement::Unknown);
        }
    }
}
