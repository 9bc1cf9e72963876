//! Where plugins take part, and which function of `smartcms:portable/plugins` stands for which one of theirs.

/// Where plugins take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PluginPoint {
    /// The name, as in listings of extension points.
    pub name: &'static str,
    /// The interface of `smartcms:plugin`.
    pub(super) interface: &'static str,
    /// Functions of the site's interface, each with the plugin's function that it stands for.
    pub(super) functions: &'static [(&'static str, &'static str)],
}

/// Every place where a plugin is called that is composed into a site.
pub static PLUGIN_POINTS: [PluginPoint; 7] = [
    point("before-save", "before-save", &[("before-save", "before-save")]),
    point("before-publish", "before-publish", &[("before-publish", "before-publish")]),
    point("before-delete", "before-delete", &[("before-delete", "before-delete")]),
    point("events", "events", &[("on-event", "on-event")]),
    point("filters", "filters", &[("filter-html", "filter-html")]),
    point("blocks", "blocks", &[("list-blocks", "list"), ("render-block", "render")]),
    point("functions", "functions", &[("list-functions", "list"), ("call-function", "call")]),
];

/// The function that every plugin has whose settings and log are supplied, and whose it is.
pub(super) const CONFIGURE: (&str, &str) = ("configure", "ground");

const fn point(
    name: &'static str,
    interface: &'static str,
    functions: &'static [(&'static str, &'static str)],
) -> PluginPoint {
    PluginPoint { name, interface, functions }
}

/// The place of a function of the site's interface.
pub(super) fn of_function(function: &str) -> Option<(&'static PluginPoint, &'static str)> {
    PLUGIN_POINTS.iter().find_map(|point| {
        let found = point.functions.iter().find(|(own, _)| *own == function);
        found.map(|(_, theirs)| (point, *theirs))
    })
}
