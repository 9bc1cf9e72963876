//! The world of the switchboard: the site's interface, and each plugin's interfaces under names of their own.

use std::collections::HashMap;

use wit_parser::{
    Function, Interface, InterfaceId, PackageId, Resolve, SourceMap, Type, TypeDef, TypeDefKind,
    TypeId, TypeOwner, WorldId, WorldItem, WorldKey,
};

const CONTENT: &str = include_str!("../../../../wit/content/content.wit");
const PLUGIN: [(&str, &str); 3] = [
    ("plugin.wit", include_str!("../../../../wit/plugin/plugin.wit")),
    ("blocks.wit", include_str!("../../../../wit/plugin/blocks.wit")),
    ("functions.wit", include_str!("../../../../wit/plugin/functions.wit")),
];
const PORTABLE: [(&str, &str); 2] = [
    ("plugins.wit", include_str!("../../../../wit/portable/plugins.wit")),
    ("owner.wit", include_str!("../../../../wit/portable/owner.wit")),
];
const LOGGING: &str = include_str!("../../../../wit/deps/logging/logging.wit");
const CONFIG: &str = include_str!("../../../../wit/deps/config/store.wit");
const GROUND: &str = include_str!("ground.wit");

/// Everything that worlds of this module are made of.
pub(super) struct Contract {
    pub(super) resolve: Resolve,
    plugin: PackageId,
    portable: PackageId,
    made: PackageId,
}

impl Contract {
    pub(super) fn read() -> Result<Self, String> {
        let mut resolve = Resolve::default();
        let mut push = |files: &[(&str, &str)]| {
            let mut map = SourceMap::default();
            files.iter().for_each(|(name, text)| map.push_str(name, *text));
            let group = map.parse().map_err(|(_, error)| error.to_string())?;
            resolve.push_group(group).map_err(|error| error.to_string())
        };
        push(&[("content.wit", CONTENT)])?;
        let plugin = push(&PLUGIN)?;
        let portable = push(&PORTABLE)?;
        push(&[("logging.wit", LOGGING)])?;
        push(&[("store.wit", CONFIG)])?;
        let made = push(&[("ground.wit", GROUND)])?;
        Ok(Self { resolve, plugin, portable, made })
    }

    pub(super) fn world(&self, name: &str) -> Result<WorldId, String> {
        self.resolve.select_world(&[self.made], Some(name)).map_err(|error| error.to_string())
    }

    /// An interface of `smartcms:plugin`.
    pub(super) fn point(&self, name: &str) -> Result<InterfaceId, String> {
        self.interface(self.plugin, name)
    }

    /// The interface of the site, with the key that it is exported by.
    pub(super) fn plugins(&self) -> Result<InterfaceId, String> {
        self.interface(self.portable, "plugins")
    }

    pub(super) fn ground(&self) -> Result<InterfaceId, String> {
        self.interface(self.made, "ground")
    }

    fn interface(&self, package: PackageId, name: &str) -> Result<InterfaceId, String> {
        let package = self.resolve.packages.get(package);
        let found = package.and_then(|it| it.interfaces.get(name)).copied();
        found.ok_or_else(|| format!("the contract has no interface {name}"))
    }

    /// Lets a world import an interface once more, under a name.
    pub(super) fn import(&mut self, world: WorldId, name: String, interface: InterfaceId) {
        let id = self.copied(interface);
        let item = WorldItem::Interface {
            id,
            stability: Default::default(),
            external_id: None,
            docs: Default::default(),
            span: Default::default(),
        };
        if let Some(world) = self.resolve.worlds.get_mut(world) {
            world.imports.insert(WorldKey::Name(name), item);
        }
    }

    /// The same interface without a name. Types that it uses of others stay theirs.
    fn copied(&mut self, id: InterfaceId) -> InterfaceId {
        let Some(original) = self.resolve.interfaces.get(id).cloned() else { return id };
        let bare = Interface {
            name: None,
            types: Default::default(),
            functions: Default::default(),
            ..original.clone()
        };
        let made = self.resolve.interfaces.alloc(bare);
        let mut copy =
            Copy { resolve: &mut self.resolve, from: id, to: made, known: HashMap::new() };
        let types = original.types.iter().map(|(name, id)| (name.clone(), copy.id(*id))).collect();
        let functions = original.functions.iter();
        let functions = functions.map(|(name, it)| (name.clone(), copy.function(it))).collect();
        if let Some(made) = self.resolve.interfaces.get_mut(made) {
            (made.types, made.functions) = (types, functions);
        }
        made
    }
}

/// Copying of the types of one interface.
struct Copy<'a> {
    resolve: &'a mut Resolve,
    from: InterfaceId,
    to: InterfaceId,
    known: HashMap<TypeId, TypeId>,
}

impl Copy<'_> {
    fn function(&mut self, function: &Function) -> Function {
        let mut copy = function.clone();
        copy.params.iter_mut().for_each(|it| it.ty = self.ty(it.ty));
        copy.result = copy.result.map(|it| self.ty(it));
        copy
    }

    fn ty(&mut self, ty: Type) -> Type {
        match ty {
            Type::Id(id) => Type::Id(self.id(id)),
            other => other,
        }
    }

    fn id(&mut self, id: TypeId) -> TypeId {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let Some(TypeDef { owner, mut kind, name, .. }) = self.resolve.types.get(id).cloned()
        else {
            return id;
        };
        let owner = match owner {
            TypeOwner::None => TypeOwner::None,
            TypeOwner::Interface(it) if it == self.from => TypeOwner::Interface(self.to),
            TypeOwner::Interface(_) | TypeOwner::World(_) => return id,
        };
        self.parts(&mut kind);
        let copy = self.resolve.types.alloc(TypeDef {
            name,
            kind,
            owner,
            docs: Default::default(),
            stability: Default::default(),
            span: Default::default(),
            external_id: None,
        });
        self.known.insert(id, copy);
        copy
    }

    /// What a type is made of. Resources, flags and what is asynchronous are in no interface that is copied.
    fn parts(&mut self, kind: &mut TypeDefKind) {
        match kind {
            TypeDefKind::Record(it) => it.fields.iter_mut().for_each(|it| it.ty = self.ty(it.ty)),
            TypeDefKind::Tuple(it) => it.types.iter_mut().for_each(|it| *it = self.ty(*it)),
            TypeDefKind::Variant(it) => {
                it.cases.iter_mut().for_each(|it| it.ty = it.ty.map(|it| self.ty(it)));
            }
            TypeDefKind::Result(it) => {
                it.ok = it.ok.map(|it| self.ty(it));
                it.err = it.err.map(|it| self.ty(it));
            }
            TypeDefKind::Option(it) | TypeDefKind::List(it) | TypeDefKind::Type(it) => {
                *it = self.ty(*it);
            }
            _ => {}
        }
    }
}
