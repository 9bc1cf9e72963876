//! Puts plugins into a site ahead of time.
//!
//! The site imports one interface, `smartcms:portable/plugins`. What exports it is made here: a *switchboard*, which is
//! written for the plugins that there are, each plugin in a component of its own, and beside each the *ground* that it
//! stands on, with its settings and its log. Each of them has its own memory, and no plugin imports anything of another.

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
}

impl Seat {
    fn of(part: &PluginPart) -> Result<Self, ComponentError> {
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
        let supplied = imports.into_iter().filter(|it| SUPPLIED.contains(&it.as_str())).collect();
        Ok(Self { points, supplied })
    }
}

/// Whether a component is a site that takes plugins.
pub fn takes_plugins(file: &ComponentFile) -> Result<bool, ComponentError> {
    Ok(imports(file)?.iter().any(|it| it == PLUGINS_INTERFACE))
}

/// Makes the component that a site's plugins are reached by; of none, too. It calls them in the order of the parts. What a
/// plugin imports beside [`SUPPLIED`] stays an import.
pub fn plugins(parts: &[PluginPart]) -> Result<Composed, ComponentError> {
    let seats = parts.iter().map(Seat::of).collect::<Result<Vec<_>, _>>()?;
    let made = guarded(|| {
        let board = switchboard::build(parts, &seats)?;
        Ok::<_, String>((board, ground()?))
    });
    let made = made.unwrap_or_else(|| Err("the contract contradicts itself".to_owned()));
    let (board, ground) = made.map_err(|reason| unmade("the plugins", reason))?;
    let board = ComponentFile { name: "the plugins".to_owned(), bytes: board };
    let ground = ComponentFile { name: "the site".to_owned(), bytes: ground };
    let joined = guarded(|| join(parts, &seats, &board, &ground));
    joined.unwrap_or_else(|| {
        let reason = "their types cannot be brought together".to_owned();
        Err(unmade(&board.name, reason))
    })
}

fn join(
    parts: &[PluginPart],
    seats: &[Seat],
    board: &ComponentFile,
    ground: &ComponentFile,
) -> Result<Composed, ComponentError> {
    let own = parts.iter().flat_map(|part| [&part.file, ground]);
    let used: Vec<bool> = seats.iter().flat_map(|it| [true, !it.supplied.is_empty()]).collect();
    let mut files = vec![board];
    files.extend(own.zip(&used).filter(|(_, used)| **used).map(|(file, _)| file));
    let mut composition = Composition::of(&files)?;
    let mut next = 1;
    for (number, seat) in seats.iter().enumerate() {
        let (plugin, ground) = (next, next + 1);
        next += if seat.supplied.is_empty() { 1 } else { 2 };
        for (point, export) in &seat.points {
            let import = import_name(number, point.interface);
            composition.join(0, &Match { import, plug: plugin, export: export.clone() })?;
        }
        for import in &seat.supplied {
            let (import, export) = (import.clone(), import.clone());
            composition.join(plugin, &Match { import, plug: ground, export })?;
        }
        if !seat.supplied.is_empty() {
            let import = import_name(number, CONFIGURE.1);
            let export = "smartcms:made/ground@0.1.0".to_owned();
            composition.join(0, &Match { import, plug: ground, export })?;
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
