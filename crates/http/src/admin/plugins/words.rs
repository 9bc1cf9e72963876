//! What grants, capabilities and places are called in the language of the one who looks.

use smartcms_app::ports::PluginReach;
use smartcms_domain::plugins::{
    Access, Drafts, FieldScope, FolderGrant, Grant, HostGrant, ReadScope, WriteScope,
};
use smartcms_pages::admin::Texts;

use super::super::visit::Visit;

/// A size, as people say it.
pub(in crate::admin) fn words_of_bytes(bytes: u64) -> String {
    const UNIT: u64 = 1_024;
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / UNIT),
        1_048_576..1_073_741_824 => tenths(bytes, UNIT * UNIT, "MB"),
        _ => tenths(bytes, UNIT * UNIT * UNIT, "GB"),
    }
}

fn tenths(bytes: u64, unit: u64, name: &str) -> String {
    let tenths = bytes.saturating_mul(10) / unit;
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    }
}

/// What a grant allows, as in "it can …".
pub(super) fn of_grant(visit: &Visit, grant: &Grant) -> String {
    match grant {
        Grant::KeyValue => visit.say("grant.kv", &[]),
        Grant::Http(HostGrant { host, port }) => {
            visit.say("grant.http", &[("host", host), ("port", &port.to_string())])
        }
        Grant::Folder(FolderGrant { host_path, access, .. }) => {
            let key = if *access == Access::ReadOnly { "grant.fs_ro" } else { "grant.fs_rw" };
            visit.say(key, &[("folder", host_path)])
        }
        Grant::Environment(name) => visit.say("grant.env", &[("name", name)]),
        Grant::ContentRead(scopes) => {
            scopes.iter().map(|it| of_read(visit, it)).collect::<Vec<_>>().join("; ")
        }
        Grant::ContentWrite(scopes) => {
            scopes.iter().map(|it| of_write(visit, it)).collect::<Vec<_>>().join("; ")
        }
        Grant::Model(name) => visit.say("grant.nn", &[("name", name)]),
        Grant::TrustedHtml => visit.say("grant.html", &[]),
        Grant::ActorRead => visit.say("grant.actor", &[]),
    }
}

fn of_read(visit: &Visit, scope: &ReadScope) -> String {
    let key = match scope.drafts {
        Drafts::None => "grant.read",
        Drafts::Own => "grant.read_own",
        Drafts::All => "grant.read_all",
    };
    let said = visit.say(key, &[("collection", scope.collection.as_str())]);
    narrowed(visit, said, &scope.fields, false, scope.as_itself)
}

fn of_write(visit: &Visit, scope: &WriteScope) -> String {
    let key = if scope.drafts_only { "grant.write_drafts" } else { "grant.write" };
    let said = visit.say(key, &[("collection", scope.collection.as_str())]);
    narrowed(visit, said, &scope.fields, scope.own, scope.as_itself)
}

fn narrowed(
    visit: &Visit,
    said: String,
    fields: &FieldScope,
    own: bool,
    as_itself: bool,
) -> String {
    let mut parts = vec![said];
    if own {
        parts.push(visit.say("grant.own", &[]));
    }
    if let FieldScope::Named(names) = fields {
        let names: Vec<&str> =
            names.iter().map(smartcms_domain::collections::FieldName::as_str).collect();
        parts.push(visit.say("grant.fields", &[("fields", &names.join(", "))]));
    }
    if as_itself {
        parts.push(visit.say("grant.as_itself", &[]));
    }
    parts.join(", ")
}

/// What a capability allows.
pub(super) fn of_reach(visit: &Visit, reach: &PluginReach) -> String {
    of_capability(visit, &reach.capability).unwrap_or_else(|| reach.words.clone())
}

/// The same by the name of the capability alone.
pub(super) fn of_capability(visit: &Visit, name: &str) -> Option<String> {
    known(visit, &format!("capability.{name}"))
}

/// Where a plugin takes part.
pub(super) fn of_point(visit: &Visit, name: &str) -> String {
    known(visit, &format!("point.{name}")).unwrap_or_else(|| name.to_owned())
}

fn known(visit: &Visit, key: &str) -> Option<String> {
    Texts::of(visit.language).get(key).map(str::to_owned)
}
