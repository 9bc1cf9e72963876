//! What of a component's world is closed, and the world of the stub that answers it.

use std::collections::BTreeSet;

use wit_parser::{
    Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World, WorldId, WorldItem,
    WorldKey,
};

use crate::ComponentFile;
use crate::error::ComponentError;
use crate::limits::CLOSED_FUNCTIONS_MAX;

/// A world in two parts.
pub(super) struct Split {
    /// The stub's world, which exports what is closed; none when nothing is.
    pub(super) stub: Option<WorldId>,
    /// What stays open.
    pub(super) open: Vec<String>,
}

/// What keeps a world from being split.
pub(super) enum Whole {
    /// Something that stays uses types of what was to be closed.
    Entangled { import: String, user: String },
    /// It has too many imports.
    TooMany,
}

impl Whole {
    pub(super) fn of(self, file: &ComponentFile) -> ComponentError {
        let file = file.name.clone();
        match self {
            Self::Entangled { import, user } => ComponentError::Entangled { file, import, user },
            Self::TooMany => {
                let what = format!("it has more than {CLOSED_FUNCTIONS_MAX} imports to close");
                ComponentError::TooMuch { file, what }
            }
        }
    }
}

/// Picks what is closed, and makes the stub's world beside the component's.
pub(super) fn split(
    resolve: &mut Resolve,
    world: WorldId,
    closes: impl Fn(&str) -> bool,
) -> Result<Split, Whole> {
    let Some(whole) = resolve.worlds.get(world).cloned() else {
        return Ok(Split { stub: None, open: Vec::new() });
    };
    let is_closed = |key: &WorldKey, item: &WorldItem| {
        // Types of the world itself are no imports that anybody could answer.
        !matches!(item, WorldItem::Type { .. }) && closes(&resolve.name_world_key(key))
    };
    let closed: Vec<(WorldKey, WorldItem)> = whole
        .imports
        .iter()
        .filter(|(key, item)| is_closed(key, item))
        .map(|(key, item)| (key.clone(), item.clone()))
        .collect();
    if closed.len() > CLOSED_FUNCTIONS_MAX {
        return Err(Whole::TooMany);
    }
    let names: BTreeSet<String> =
        closed.iter().map(|(key, _)| resolve.name_world_key(key)).collect();
    let open = whole.imports.keys().map(|key| resolve.name_world_key(key));
    let open = open.filter(|name| !names.contains(name)).collect();
    if closed.is_empty() {
        return Ok(Split { stub: None, open });
    }
    let interfaces: BTreeSet<InterfaceId> =
        closed.iter().filter_map(|(_, item)| interface(item)).collect();
    check(resolve, &whole, &interfaces)?;
    let needed = Dependencies::of(resolve, closed.iter().map(|(_, item)| item)).interfaces;
    let mut stub = whole;
    stub.name = "denials".to_owned();
    stub.exports.clear();
    stub.imports.retain(|_, item| match interface(item) {
        Some(id) => needed.contains(&id) && !interfaces.contains(&id),
        None => matches!(item, WorldItem::Type { .. }),
    });
    stub.exports.extend(closed);
    let package = stub.package;
    let name = stub.name.clone();
    let stub = resolve.worlds.alloc(stub);
    if let Some(package) = package.and_then(|it| resolve.packages.get_mut(it)) {
        package.worlds.insert(name, stub);
    }
    Ok(Split { stub: Some(stub), open })
}

/// Refuses where an import that stays, or an export, uses types of an interface that is closed.
fn check(resolve: &Resolve, world: &World, closed: &BTreeSet<InterfaceId>) -> Result<(), Whole> {
    let exported: BTreeSet<InterfaceId> = world.exports.values().filter_map(interface).collect();
    let open = world.imports.iter().filter(|(_, item)| match item {
        WorldItem::Interface { id, .. } => !closed.contains(id),
        // Functions of the world carry no types of their own, so that closing one leaves nothing behind.
        WorldItem::Function(_) | WorldItem::Type { .. } => true,
    });
    for (key, item) in open.chain(&world.exports) {
        let used = Dependencies::of(resolve, [item]).interfaces;
        let own = interface(item);
        // What is exported too is used from there.
        let tangled = used
            .iter()
            .find(|id| closed.contains(id) && Some(**id) != own && !exported.contains(id));
        if let Some(id) = tangled {
            let import = resolve.id_of(*id).unwrap_or_default();
            return Err(Whole::Entangled { import, user: resolve.name_world_key(key) });
        }
    }
    Ok(())
}

pub(super) fn interface(item: &WorldItem) -> Option<InterfaceId> {
    match item {
        WorldItem::Interface { id, .. } => Some(*id),
        WorldItem::Function(_) | WorldItem::Type { .. } => None,
    }
}

/// The interfaces whose types something uses, by any number of steps.
struct Dependencies<'a> {
    resolve: &'a Resolve,
    interfaces: BTreeSet<InterfaceId>,
    types: BTreeSet<TypeId>,
}

impl<'a> Dependencies<'a> {
    fn of<'b>(resolve: &'a Resolve, items: impl IntoIterator<Item = &'b WorldItem>) -> Self {
        let mut found = Self { resolve, interfaces: BTreeSet::new(), types: BTreeSet::new() };
        for item in items {
            match item {
                WorldItem::Interface { id, .. } => found.interface(*id),
                WorldItem::Function(function) => {
                    function.parameter_and_result_types().for_each(|it| found.ty(&it));
                }
                WorldItem::Type { id, .. } => found.id(*id),
            }
        }
        found
    }

    fn interface(&mut self, id: InterfaceId) {
        if !self.interfaces.insert(id) {
            return;
        }
        let Some(interface) = self.resolve.interfaces.get(id) else { return };
        interface.types.values().for_each(|it| self.id(*it));
        let functions = interface.functions.values();
        functions
            .flat_map(wit_parser::Function::parameter_and_result_types)
            .for_each(|it| self.ty(&it));
    }

    fn ty(&mut self, ty: &Type) {
        if let Type::Id(id) = ty {
            self.id(*id);
        }
    }

    fn id(&mut self, id: TypeId) {
        if !self.types.insert(id) {
            return;
        }
        let Some(ty) = self.resolve.types.get(id) else { return };
        if let TypeOwner::Interface(owner) = ty.owner {
            self.interface(owner);
        }
        match &ty.kind {
            TypeDefKind::Record(it) => it.fields.iter().for_each(|it| self.ty(&it.ty)),
            TypeDefKind::Tuple(it) => it.types.iter().for_each(|it| self.ty(it)),
            TypeDefKind::Variant(it) => {
                it.cases.iter().filter_map(|it| it.ty.as_ref()).for_each(|it| self.ty(it));
            }
            TypeDefKind::Result(it) => {
                it.ok.iter().chain(&it.err).for_each(|it| self.ty(it));
            }
            TypeDefKind::Handle(Handle::Own(it) | Handle::Borrow(it)) => self.id(*it),
            TypeDefKind::Map(key, value) => {
                self.ty(key);
                self.ty(value);
            }
            TypeDefKind::Option(it)
            | TypeDefKind::List(it)
            | TypeDefKind::FixedLengthList(it, _)
            | TypeDefKind::Future(Some(it))
            | TypeDefKind::Stream(Some(it))
            | TypeDefKind::Type(it) => self.ty(it),
            TypeDefKind::Future(None)
            | TypeDefKind::Stream(None)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Unknown => {}
        }
    }
}
