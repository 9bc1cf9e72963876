//! A package of WIT as names and texts, so that two versions of it can be compared.

use std::collections::BTreeMap;

use wit_parser::{
    AstItem, Function, Handle, InterfaceId, SourceMap, Type, TypeDefKind, TypeId, TypeOwner,
    UnresolvedPackage, World, WorldItem, WorldKey,
};

use crate::tidy::tree::{Finding, Tree};

/// A package.
pub(super) struct Shape {
    pub(super) version: Option<Vec<u64>>,
    pub(super) interfaces: BTreeMap<String, InterfaceShape>,
    /// What each world imports and exports, as `import NAME` and `export NAME`.
    pub(super) worlds: BTreeMap<String, Vec<String>>,
}

/// An interface.
#[derive(Default)]
pub(super) struct InterfaceShape {
    pub(super) types: BTreeMap<String, TypeShape>,
    /// Each function's type as text.
    pub(super) functions: BTreeMap<String, String>,
}

/// A type of an interface.
#[derive(PartialEq, Eq)]
pub(super) struct TypeShape {
    /// What kind of type it is, and what its parts are called.
    pub(super) kind: &'static str,
    pub(super) part: &'static str,
    /// The parts in their order.
    pub(super) parts: Vec<String>,
}

impl Shape {
    /// Reads the files of one folder.
    pub(super) fn of(tree: &Tree, folder: &str) -> Result<Self, Finding> {
        let mut sources = SourceMap::default();
        for file in tree.ending(".wit") {
            let name = file.path.strip_prefix(folder).and_then(|it| it.strip_prefix('/'));
            if name.is_some_and(|it| !it.contains('/')) {
                sources.push_str(&file.path, file.text.as_str());
            }
        }
        let group = sources.parse().map_err(|(sources, error)| {
            Finding::error(folder, 0, format!("cannot be read as WIT: {}", error.render(&sources)))
        })?;
        Ok(Reader::new(&group.main).shape())
    }
}

struct Reader<'a> {
    package: &'a UnresolvedPackage,
    /// The names of interfaces, of this package and of others.
    names: BTreeMap<InterfaceId, String>,
}

impl<'a> Reader<'a> {
    fn new(package: &'a UnresolvedPackage) -> Self {
        let mut names = BTreeMap::new();
        for (id, interface) in &package.interfaces {
            names.insert(id, interface.name.clone().unwrap_or_default());
        }
        for (name, items) in &package.foreign_deps {
            for (item, (id, _)) in items {
                if let AstItem::Interface(id) = id {
                    names.insert(*id, format!("{}:{}/{item}", name.namespace, name.name));
                }
            }
        }
        Self { package, names }
    }

    fn shape(&self) -> Shape {
        let own = |id: &InterfaceId| self.names.get(id).is_some_and(|it| !it.contains(':'));
        let interfaces = self.package.interfaces.iter().filter(|(id, _)| own(id));
        let interfaces = interfaces.filter_map(|(_, it)| {
            let types =
                it.types.iter().filter_map(|(name, id)| Some((name.clone(), self.ty(*id)?)));
            let functions = it.functions.iter().map(|(name, it)| (name.clone(), self.function(it)));
            let shape = InterfaceShape { types: types.collect(), functions: functions.collect() };
            Some((it.name.clone()?, shape))
        });
        let version = self.package.name.version.as_ref();
        Shape {
            version: version.map(|it| vec![it.major, it.minor, it.patch]),
            interfaces: interfaces.collect(),
            worlds: self
                .package
                .worlds
                .iter()
                .map(|(_, it)| (it.name.clone(), self.world(it)))
                .collect(),
        }
    }

    fn world(&self, world: &World) -> Vec<String> {
        let imports = world.imports.iter().map(|it| ("import", it));
        let items = imports.chain(world.exports.iter().map(|it| ("export", it)));
        let mut lines: Vec<String> =
            items.map(|(word, (key, item))| format!("{word} {}", self.item(key, item))).collect();
        lines.sort();
        lines
    }

    fn item(&self, key: &WorldKey, item: &WorldItem) -> String {
        match (key, item) {
            (WorldKey::Interface(id), _) => self.names.get(id).cloned().unwrap_or_default(),
            (WorldKey::Name(name), WorldItem::Function(it)) => {
                format!("{name}: {}", self.function(it))
            }
            (WorldKey::Name(name), _) => name.clone(),
        }
    }

    fn function(&self, function: &Function) -> String {
        let parameters: Vec<String> = function
            .params
            .iter()
            .map(|it| format!("{}: {}", it.name, self.text(&it.ty)))
            .collect();
        let result =
            function.result.map_or_else(String::new, |it| format!(" -> {}", self.text(&it)));
        let kind = if function.kind.is_async() { "async func" } else { "func" };
        format!("{kind}({}){result}", parameters.join(", "))
    }

    fn ty(&self, id: TypeId) -> Option<TypeShape> {
        let shape = |kind, part, parts| Some(TypeShape { kind, part, parts });
        let payload = |name: &str, ty: Option<Type>| match ty {
            Some(ty) => format!("{name}({})", self.text(&ty)),
            None => name.to_owned(),
        };
        match &self.package.types.get(id)?.kind {
            TypeDefKind::Record(it) => {
                let fields = it.fields.iter();
                let fields = fields.map(|it| format!("{}: {}", it.name, self.text(&it.ty)));
                shape("record", "field", fields.collect())
            }
            TypeDefKind::Variant(it) => {
                let cases = it.cases.iter().map(|it| payload(&it.name, it.ty));
                shape("variant", "case", cases.collect())
            }
            TypeDefKind::Enum(it) => {
                shape("enum", "case", it.cases.iter().map(|it| it.name.clone()).collect())
            }
            TypeDefKind::Flags(it) => {
                shape("flags", "flag", it.flags.iter().map(|it| it.name.clone()).collect())
            }
            TypeDefKind::Resource => shape("resource", "part", Vec::new()),
            kind => shape("type", "part", vec![self.kind(kind)]),
        }
    }

    /// A type where it is used: by its name, when it has one.
    fn text(&self, ty: &Type) -> String {
        match ty {
            Type::Id(id) => match self.package.types.get(*id) {
                Some(it) => it.name.clone().unwrap_or_else(|| self.kind(&it.kind)),
                None => String::new(),
            },
            plain => format!("{plain:?}").to_lowercase(),
        }
    }

    fn kind(&self, kind: &TypeDefKind) -> String {
        let optional = |ty: &Option<Type>| ty.map_or_else(|| "_".to_owned(), |it| self.text(&it));
        match kind {
            TypeDefKind::Option(it) => format!("option<{}>", self.text(it)),
            TypeDefKind::List(it) => format!("list<{}>", self.text(it)),
            TypeDefKind::FixedLengthList(it, length) => {
                format!("list<{}, {length}>", self.text(it))
            }
            TypeDefKind::Map(key, value) => {
                format!("map<{}, {}>", self.text(key), self.text(value))
            }
            TypeDefKind::Result(it) => {
                format!("result<{}, {}>", optional(&it.ok), optional(&it.err))
            }
            TypeDefKind::Future(it) => format!("future<{}>", optional(it)),
            TypeDefKind::Stream(it) => format!("stream<{}>", optional(it)),
            TypeDefKind::Tuple(it) => {
                let types: Vec<String> = it.types.iter().map(|it| self.text(it)).collect();
                format!("tuple<{}>", types.join(", "))
            }
            TypeDefKind::Handle(Handle::Own(id)) => self.text(&Type::Id(*id)),
            TypeDefKind::Handle(Handle::Borrow(id)) => {
                format!("borrow<{}>", self.text(&Type::Id(*id)))
            }
            // A type that is taken from elsewhere, under its own name or another.
            TypeDefKind::Type(Type::Id(id)) => self.from(*id),
            TypeDefKind::Type(it) => self.text(it),
            other => other.as_str().to_owned(),
        }
    }

    fn from(&self, id: TypeId) -> String {
        let name = self.text(&Type::Id(id));
        match self.package.types.get(id).map(|it| it.owner) {
            Some(TypeOwner::Interface(owner)) => {
                format!("{}.{name}", self.names.get(&owner).cloned().unwrap_or_default())
            }
            _ => name,
        }
    }
}
