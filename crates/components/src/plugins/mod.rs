//! Puts plugins into a site ahead of time.
//!
//! The site imports one interface, `smartcms:portable/plugins`. What exports it is made here: a *switchboard*, which is
//! written for the plugins that there are, each plugin in a component of its own, and beside each the *ground* that it
//! stands on, with its settings and its log, and what keeps its keys, if it has any. Each of them has its own memory, and no
//! plugin imports anything of another.

mod listing;
mod points;
mod switchboard;
#[cfg(test)]
mod tests;
mod world;

use wac_graph::types::are_semver_compatible;

pub use points::{PLUGIN_POINTS, PluginPoint};

use self::points::CONFIGURE;
use self::switchboard::import_name;
use self::world::Contract;
use crate::compose::{Composed, Composition, Match};
use crate::error::ComponentError;
use crate::guard::guarded;
use crate::{ComponentFile, exports, imports};

/// What a site imports that takes plugins.
pub const PLUGINS_INTERFACE: &str = "smartcms:portable/plugins@0.1.0";
/// What a plugin imports of its site, and gets from its ground.
pub const SUPPLIED: [&str; 2] =
    ["wasi:logging/logging@0.1.0-draft", "wasi:config/store@0.2.0-rc.1"];
/// What a plugin is granted that keeps keys.
pub const KEYS_GRANT: &str = "kv";
/// What a component imports that keeps the keys of one plugin.
const OWNER: &str = "smartcms:portable/owner@0.1.0";

/// The version of the contract that the switchboard speaks.
const CONTRACT: &str = "0.1.0";
/// The module of the ground.
const GROUND: &str = include_str!("ground.wat");

/// A plugin that becomes a part of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginPart {
    /// Its component.
    pub file: ComponentFile,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub description: String,
    /// The BLAKE3 of its file, in hexadecimal digits.
    pub digest: String,
    /// What it was granted.
    pub grants: Vec<String>,
}

/// Where a plugin takes part, by what it exports, and what it is supplied with.
struct Seat {
    points: Vec<(&'static PluginPoint, String)>,
    supplied: Vec<String>,
    /// What of its imports reaches its keys.
    keys: Vec<String>,
}

impl Seat {
    /// Whether it stands on a ground.
    fn is_grounded(&self) -> bool {
        !self.supplied.is_empty() || !self.keys.is_empty()
    }

    fn of(part: &PluginPart, keys: Option<&ComponentFile>) -> Result<Self, ComponentError> {
        let (exports, imports) = (exports(&part.file)?, imports(&part.file)?);
        let at = |point: &'static PluginPoint| {
            let wanted = format!("smartcms:plugin/{}@{CONTRACT}", point.interface);
            let export =
                exports.iter().find(|it| **it == wanted || are_semver_compatible(it, &wanted));
            export.map(|it| (point, it.clone()))
        };
        let points: Vec<_> = PLUGIN_POINTS.iter().filter_map(at).collect();
        if points.is_empty() {
            return Err(ComponentError::NoPoint { file: part.file.name.clone() });
        }
        let keeper = keys.filter(|_| part.grants.iter().any(|it| it == KEYS_GRANT));
        let kept = keeper.map(crate::exports).transpose()?.unwrap_or_default();
        let keys = imports.iter().filter(|it| kept.contains(it)).cloned().collect();
        let supplied = imports.into_iter().filter(|it| SUPPLIED.contains(&it.as_str())).collect();
        Ok(Self { points, supplied, keys })
    }
}

/// Whether a component is a site that takes plugins.
pub fn takes_plugins(file: &ComponentFile) -> Result<bool, ComponentError> {
    Ok(imports(file)?.iter().any(|it| it == PLUGINS_INTERFACE))
}

/// Whether a component keeps the keys of a plugin.
pub fn keeps_keys(file: &ComponentFile) -> Result<bool, ComponentError> {
    Ok(imports(file)?.iter().any(|it| it == OWNER))
}

/// Makes the component that a site's plugins are reached by; of none, too. It calls them in the order of the parts. What a
/// plugin imports beside [`SUPPLIED`] stays an import, but for what `keys` exports where the plugin was granted
/// [`KEYS_GRANT`]: it gets an instance of that for itself.
pub fn plugins(
    parts: &[PluginPart],
    keys: Option<&ComponentFile>,
) -> Result<Composed, ComponentError> {
    let seats = parts.iter().map(|it| Seat::of(it, keys)).collect::<Result<Vec<_>, _>>()?;
    let made = guarded(|| {
        let board = switchboard::build(parts, &seats)?;
        Ok::<_, String>((board, ground()?))
    });
    let made = made.unwrap_or_else(|| Err("the contract contradicts itself".to_owned()));
    let (board, ground) = made.map_err(|reason| unmade("the plugins", reason))?;
    let board = ComponentFile { name: "the plugins".to_owned(), bytes: board };
    let ground = ComponentFile { name: "the site".to_owned(), bytes: ground };
    let joined = guarded(|| join(parts, &seats, &board, [Some(&ground), keys]));
    joined.unwrap_or_else(|| {
        let reason = "their types cannot be brought together".to_owned();
        Err(unmade(&board.name, reason))
    })
}

/// Each plugin has up to two parts behind it: its ground, and what keeps its keys.
fn join(
    parts: &[PluginPart],
    seats: &[Seat],
    board: &ComponentFile,
    [ground, keys]: [Option<&ComponentFile>; 2],
) -> Result<Composed, ComponentError> {
    let mut files = vec![board];
    for (part, seat) in parts.iter().zip(seats) {
        files.push(&part.file);
        files.extend(ground.filter(|_| seat.is_grounded()));
        files.extend(keys.filter(|_| !seat.keys.is_empty()));
    }
    let mut composition = Composition::of(&files)?;
    let mut next = 1;
    for (number, seat) in seats.iter().enumerate() {
        let (plugin, ground, keys) = (next, next + 1, next + 2);
        next += 1 + usize::from(seat.is_grounded()) + usize::from(!seat.keys.is_empty());
        let mut join = |at: usize, import: &str, plug: usize, export: &str| {
            let (import, export) = (import.to_owned(), export.to_owned());
            composition.join(at, &Match { import, plug, export })
        };
        for (point, export) in &seat.points {
            join(0, &import_name(number, point.interface), plugin, export)?;
        }
        for import in &seat.supplied {
            join(plugin, import, ground, import)?;
        }
        for import in &seat.keys {
            join(plugin, import, keys, import)?;
        }
        if !seat.keys.is_empty() {
            join(keys, OWNER, ground, OWNER)?;
        }
        if seat.is_grounded() {
            join(0, &import_name(number, CONFIGURE.1), ground, "smartcms:made/ground@0.1.0")?;
        }
    }
    composition.finished()
}

/// The component that supplies one plugin.
fn ground() -> Result<Vec<u8>, String> {
    let contract = Contract::read()?;
    let module = wat::parse_str(GROUND).map_err(|error| error.to_string())?;
    crate::restrict::component(&contract.resolve, contract.world("supplies")?, module)
}

fn unmade(file: &str, reason: String) -> ComponentError {
    ComponentError::Composition { file: file.to_owned(), reason }
}
