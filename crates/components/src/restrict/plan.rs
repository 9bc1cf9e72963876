//! Everything that the stub's module holds, decided before any of it is written.

use std::collections::BTreeSet;

use wit_parser::abi::{AbiVariant, FlatTypes, WasmSignature, WasmType};
use wit_parser::{
    Function, Handle, InterfaceId, LiftLowerAbi, ManglingAndAbi, Resolve, ResourceIntrinsic,
    SizeAlign, Type, TypeDefKind, TypeId, TypeOwner, WasmExport, WasmExportKind, WasmImport, World,
    WorldId, WorldItem, WorldKey,
};

use super::answer::{Answer, Answers, Written, base};
use super::{Closed, world::interface};
use crate::limits::{ANSWER_BYTES_MAX, CLOSED_FUNCTIONS_MAX};

/// Functions that are called the ordinary way, by names that every version of the tools knows. An `async` function
/// may be implemented like that too.
const NAMES: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);

/// The stub's module.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) imports: Vec<Intrinsic>,
    pub(super) functions: Vec<Planned>,
    /// The answers, from their beginning on.
    pub(super) data: Vec<u8>,
    /// The closed imports in their order; functions name theirs by its place.
    interfaces: Vec<String>,
}

/// A function that the component model gives to modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Intrinsic {
    pub(super) module: String,
    pub(super) name: String,
    /// Whether it gives a new handle; else it takes one away.
    pub(super) is_new: bool,
}

/// A closed function.
pub(super) struct Planned {
    interface: usize,
    name: String,
    pub(super) export: String,
    pub(super) label: String,
    pub(super) signature: WasmSignature,
    pub(super) drops: Vec<Release>,
    pub(super) gives: Gives,
    answer: Answer,
}

/// A handle among the parameters that has to be given back.
pub(super) struct Release {
    pub(super) parameter: u32,
    /// The parameter that says whether there is one.
    pub(super) only_if: Option<u32>,
    /// The import that takes it.
    pub(super) import: u32,
}

/// What the module's function returns.
pub(super) enum Gives {
    Trap,
    Number(i32),
    Object {
        import: u32,
    },
    /// A place in memory, with places in it that get new objects.
    Memory {
        at: u32,
        objects: Vec<(u32, u32)>,
    },
}

impl Plan {
    /// What was closed, for people.
    pub(super) fn closed(&self) -> Vec<Closed> {
        let functions = |at: usize| {
            let own = self.functions.iter().filter(move |it| it.interface == at);
            own.map(|it| (it.name.clone(), it.answer.clone())).collect()
        };
        let imports = self.interfaces.iter().enumerate();
        imports
            .map(|(at, import)| Closed { import: import.clone(), functions: functions(at) })
            .collect()
    }

    fn import(&mut self, intrinsic: Intrinsic) -> u32 {
        let found = self.imports.iter().position(|it| *it == intrinsic);
        let index = found.unwrap_or_else(|| {
            self.imports.push(intrinsic);
            self.imports.len() - 1
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}

/// Plans the stub; an error says which limit it would pass.
pub(super) fn plan(resolve: &Resolve, world: WorldId) -> Result<Plan, String> {
    let Some(world) = resolve.worlds.get(world) else { return Ok(Plan::default()) };
    let mut sizes = SizeAlign::default();
    sizes.fill(resolve).map_err(|error| error.to_string())?;
    let closed: BTreeSet<InterfaceId> = world.exports.values().filter_map(interface).collect();
    let own = resources(resolve, &closed);
    let mut planner = Planner {
        resolve,
        world,
        closed: &closed,
        plan: Plan::default(),
        answers: Answers::new(resolve, &sizes, &own),
    };
    for (key, item) in &world.exports {
        let name = resolve.name_world_key(key);
        planner.plan.interfaces.push(name.clone());
        match item {
            WorldItem::Interface { id, .. } => {
                let functions = resolve.interfaces.get(*id).map(|it| it.functions.values());
                for function in functions.into_iter().flatten() {
                    planner.add(Some((key, &name)), function)?;
                }
            }
            WorldItem::Function(function) => planner.add(None, function)?,
            WorldItem::Type { .. } => {}
        }
    }
    let Planner { mut plan, answers, .. } = planner;
    plan.data = answers.bytes;
    Ok(plan)
}

fn resources(resolve: &Resolve, closed: &BTreeSet<InterfaceId>) -> BTreeSet<TypeId> {
    let interfaces = closed.iter().filter_map(|id| resolve.interfaces.get(*id));
    let types = interfaces.flat_map(|it| it.types.values().copied());
    let is_resource = |id: &TypeId| {
        resolve.types.get(*id).is_some_and(|it| matches!(it.kind, TypeDefKind::Resource))
    };
    types.filter(is_resource).collect()
}

struct Planner<'a> {
    resolve: &'a Resolve,
    world: &'a World,
    closed: &'a BTreeSet<InterfaceId>,
    plan: Plan,
    answers: Answers<'a>,
}

impl Planner<'_> {
    fn add(&mut self, of: Option<(&WorldKey, &str)>, function: &Function) -> Result<(), String> {
        if self.plan.functions.len() >= CLOSED_FUNCTIONS_MAX {
            return Err(format!("it imports more than {CLOSED_FUNCTIONS_MAX} functions"));
        }
        let key = of.map(|(key, _)| key);
        let signature = self.resolve.wasm_signature(AbiVariant::GuestExport, function);
        let kind = WasmExportKind::Normal;
        let export = WasmExport::Func { interface: key, func: function, kind };
        let full = match of {
            Some((_, interface)) => format!("{interface}#{}", function.name),
            None => function.name.clone(),
        };
        let drops = if signature.indirect_params { Vec::new() } else { self.drops(function) };
        let (gives, answer) = self.gives(of.map(|(_, name)| name), function, &signature)?;
        self.plan.functions.push(Planned {
            interface: self.plan.interfaces.len().saturating_sub(1),
            name: function.name.clone(),
            export: self.resolve.wasm_export_name(NAMES, export),
            label: format!("{full}, which `smartcms component restrict` closed"),
            signature,
            drops,
            gives,
            answer,
        });
        Ok(())
    }

    fn gives(
        &mut self,
        interface: Option<&str>,
        function: &Function,
        signature: &WasmSignature,
    ) -> Result<(Gives, Answer), String> {
        let Some(result) = &function.result else { return Ok((Gives::Trap, Answer::Trap)) };
        let Some(written) = self.written(interface, function, result) else {
            if self.answers.bytes.len() + 64 > ANSWER_BYTES_MAX {
                return Err(format!("its answers take more than {ANSWER_BYTES_MAX} bytes"));
            }
            return Ok((Gives::Trap, Answer::Trap));
        };
        let Written { at, holes, answer } = written;
        let objects: Vec<(u32, u32)> = holes
            .iter()
            .map(|hole| (hole.at, self.intrinsic(hole.resource, ResourceIntrinsic::ExportedNew)))
            .collect();
        if signature.retptr {
            return Ok((Gives::Memory { at, objects }, answer));
        }
        // A value that fits one number: an object, or a result without payloads.
        let gives = match (objects.as_slice(), signature.results.as_slice()) {
            ([(_, import)], [WasmType::I32]) => Gives::Object { import: *import },
            ([], [WasmType::I32]) if matches!(answer, Answer::Denied(_)) => Gives::Number(1),
            _ => return Ok((Gives::Trap, Answer::Trap)),
        };
        Ok((gives, answer))
    }

    fn written(
        &mut self,
        interface: Option<&str>,
        function: &Function,
        result: &Type,
    ) -> Option<Written> {
        let of = |path: &str| interface.is_some_and(|it| it.split('@').next() == Some(path));
        // Programs look for a folder before they open a file. One that denies everything tells them what is the
        // matter; none at all would look like a host that was set up wrongly.
        if of("wasi:filesystem/preopens") && function.name == "get-directories" {
            let folder = self.answers.folder(result);
            if folder.is_some() {
                return folder;
            }
        }
        if of("wasi:filesystem/types") && function.name == "[method]descriptor.get-type" {
            return self.answers.folder_type(result);
        }
        self.answers.refusal(result)
    }

    /// The handles among the parameters. Borrowed ones must be given back before the function returns, and others
    /// would pile up.
    fn drops(&mut self, function: &Function) -> Vec<Release> {
        let mut found = Vec::new();
        let mut at = 0;
        for parameter in &function.params {
            self.drops_of(&parameter.ty, at, None, &mut found);
            at += self.flat(&parameter.ty);
        }
        found
    }

    fn drops_of(&mut self, ty: &Type, at: u32, only_if: Option<u32>, found: &mut Vec<Release>) {
        match self.answers.kind(ty) {
            Some(TypeDefKind::Handle(handle)) => {
                let (id, is_borrowed) = match handle {
                    Handle::Own(id) => (*id, false),
                    Handle::Borrow(id) => (*id, true),
                };
                let resource = base(self.resolve, id);
                let intrinsic = match self.answers.own.contains(&resource) {
                    // What is borrowed of the stub's own comes as it is, not as a handle.
                    true if is_borrowed => return,
                    true => ResourceIntrinsic::ExportedDrop,
                    false => ResourceIntrinsic::ImportedDrop,
                };
                let import = self.intrinsic(resource, intrinsic);
                found.push(Release { parameter: at, only_if, import });
            }
            Some(TypeDefKind::Option(inner)) if only_if.is_none() => {
                self.drops_of(&inner.clone(), at + 1, Some(at), found);
            }
            Some(TypeDefKind::Tuple(it)) => {
                let mut at = at;
                for ty in &it.types {
                    self.drops_of(ty, at, only_if, found);
                    at += self.flat(ty);
                }
            }
            Some(TypeDefKind::Record(it)) => {
                let mut at = at;
                for field in &it.fields {
                    self.drops_of(&field.ty, at, only_if, found);
                    at += self.flat(&field.ty);
                }
            }
            _ => {}
        }
    }

    /// How many parameters of the module's function a value takes.
    fn flat(&self, ty: &Type) -> u32 {
        let mut storage = [WasmType::I32; Resolve::MAX_FLAT_PARAMS + 1];
        let mut types = FlatTypes::new(&mut storage);
        self.resolve.push_flat(ty, &mut types);
        u32::try_from(types.to_vec().len()).unwrap_or(u32::MAX)
    }

    fn intrinsic(&mut self, resource: TypeId, intrinsic: ResourceIntrinsic) -> u32 {
        let owner = match self.resolve.types.get(resource).map(|it| it.owner) {
            Some(TypeOwner::Interface(id)) => Some(id),
            _ => None,
        };
        let items = match owner {
            Some(id) if self.closed.contains(&id) => &self.world.exports,
            _ => &self.world.imports,
        };
        let key = items.iter().find(|(_, item)| owner.is_some() && interface(item) == owner);
        let is_new = matches!(intrinsic, ResourceIntrinsic::ExportedNew);
        let import = WasmImport::ResourceIntrinsic {
            interface: key.map(|(key, _)| key),
            resource,
            intrinsic,
        };
        let (module, name) = self.resolve.wasm_import_name(NAMES, import);
        self.plan.import(Intrinsic { module, name, is_new })
    }
}
