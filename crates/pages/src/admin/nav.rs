//! Where one can go in the admin: a table. A new page adds a line here, and a text for it.

use serde::Serialize;

/// Who sees a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Everybody who has signed in.
    Nothing,
    /// Who may see which files there are.
    Media,
    /// Who may arrange menus and redirects.
    Arrange,
    /// Who may set up the site.
    Manage,
    /// Who may see who did what.
    Audit,
    /// Who may move content in and out.
    Move,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct NavEntry {
    /// The key of its text.
    pub text: &'static str,
    /// Where it leads.
    pub url: &'static str,
    /// The name of its icon in `icons.svg`.
    pub icon: &'static str,
    /// Who sees it.
    pub needs: Needs,
    /// Under which heading it stands: the key of a text; empty for above all headings.
    pub group: &'static str,
}

/// The table. Collections stand between the first group and the others.
pub const NAV: &[NavEntry] = &[
    line("nav.dashboard", "/admin", "home", Needs::Nothing, ""),
    line("find.title", "/admin/search", "search", Needs::Nothing, ""),
    line("nav.media", "/admin/media", "image", Needs::Media, "nav.content"),
    line("nav.trash", "/admin/trash", "trash", Needs::Nothing, "nav.content"),
    line("terms.title", "/admin/terms", "tag", Needs::Nothing, "nav.structure"),
    line("menus.title", "/admin/menus", "list", Needs::Arrange, "nav.structure"),
    line("redirects.title", "/admin/redirects", "signpost", Needs::Arrange, "nav.structure"),
    line("collections.title", "/admin/collections", "box", Needs::Manage, "nav.structure"),
    line("webhooks.title", "/admin/webhooks", "bell", Needs::Manage, "nav.structure"),
    line("settings.title", "/admin/settings", "settings", Needs::Manage, "nav.structure"),
    line("nav.users", "/admin/users", "people", Needs::Manage, "nav.people"),
    line("nav.roles", "/admin/roles", "shield", Needs::Manage, "nav.people"),
    line("nav.tokens", "/admin/tokens", "key", Needs::Manage, "nav.people"),
    line("nav.audit", "/admin/audit", "list", Needs::Audit, "nav.people"),
    line("nav.plugins", "/admin/plugins", "plug", Needs::Manage, "nav.operation"),
    line("nav.transfer", "/admin/transfer", "box", Needs::Move, "nav.operation"),
];

const fn line(
    text: &'static str,
    url: &'static str,
    icon: &'static str,
    needs: Needs,
    group: &'static str,
) -> NavEntry {
    NavEntry { text, url, icon, needs, group }
}

/// The navigation of a page.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NavContext {
    /// Its groups.
    pub groups: Vec<NavGroup>,
}

/// Lines under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct NavGroup {
    /// The key of the heading; empty for none.
    pub heading: &'static str,
    /// The lines.
    pub links: Vec<NavLink>,
}

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct NavLink {
    /// The key of its text; empty where `label` says it.
    pub text: &'static str,
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// The name of its icon.
    pub icon: &'static str,
    /// Whether the page is this one or below it.
    pub is_current: bool,
}

/// A collection that the person may see.
#[derive(Debug, Clone)]
pub struct NavCollection {
    /// Its name in addresses.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Whether it is a taxonomy.
    pub is_taxonomy: bool,
}

/// The navigation for somebody who may see these collections and has what lines need.
pub fn navigation(
    path: &str,
    collections: &[NavCollection],
    has: impl Fn(Needs) -> bool,
) -> NavContext {
    let mut groups: Vec<NavGroup> = Vec::new();
    let mut add = |heading: &'static str, link: NavLink| match groups
        .iter_mut()
        .find(|it| it.heading == heading)
    {
        Some(group) => group.links.push(link),
        None => groups.push(NavGroup { heading, links: vec![link] }),
    };
    let (above, below): (Vec<&NavEntry>, Vec<&NavEntry>) =
        NAV.iter().filter(|it| has(it.needs)).partition(|it| it.group.is_empty());
    above.into_iter().for_each(|it| add(it.group, of_entry(it, path)));
    collections.iter().for_each(|it| add("nav.content", of_collection(it, path)));
    below.into_iter().for_each(|it| add(it.group, of_entry(it, path)));
    NavContext { groups }
}

fn of_entry(entry: &NavEntry, path: &str) -> NavLink {
    NavLink {
        text: entry.text,
        label: String::new(),
        url: entry.url.to_owned(),
        icon: entry.icon,
        is_current: is_at_or_below(path, entry.url),
    }
}

fn of_collection(collection: &NavCollection, path: &str) -> NavLink {
    let url = format!("/admin/content/{}", collection.name);
    NavLink {
        text: "",
        label: collection.label.clone(),
        icon: if collection.is_taxonomy { "tag" } else { "file" },
        is_current: is_at_or_below(path, &url),
        url,
    }
}

fn is_at_or_below(path: &str, url: &str) -> bool {
    let below = path.strip_prefix(url);
    below.is_some_and(|it| it.is_empty() || it.starts_with('/') && url != "/admin")
}
