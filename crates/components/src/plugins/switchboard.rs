//! Writes the switchboard: a component that exports the site's interface and hands each call to the plugin that it names.
//!
//! A call's arguments lie in its memory as the plugin wants them, behind the number of the plugin; so they are passed on as
//! they are, and so is the answer. Nothing in it knows a type.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Module, TypeSection, ValType,
};
use wit_parser::abi::{AbiVariant, WasmSignature};
use wit_parser::{
    InterfaceId, LiftLowerAbi, ManglingAndAbi, Resolve, SizeAlign, WasmExport, WasmExportKind,
    WasmImport, WorldId, WorldKey,
};

use super::listing::Listing;
use super::points::{CONFIGURE, of_function};
use super::world::Contract;
use super::{PluginPart, Seat};
use crate::room::{NEXT, globals, memory, realloc, value_type, word};

/// The names of functions that every version of the tools knows.
const NAMES: ManglingAndAbi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
/// Where answers of plugins are put.
const ANSWER_AT: u32 = 16;
/// The largest answer's own bytes; what it points to is elsewhere.
const ANSWER_BYTES_MAX: u32 = 64;
/// The function that needs no plugin.
const LIST: &str = "list";

/// The name by which the switchboard imports what a plugin exports.
pub(super) fn import_name(plugin: usize, interface: &str) -> String {
    format!("p{plugin}-{interface}")
}

/// The component.
pub(super) fn build(parts: &[PluginPart], seats: &[Seat]) -> Result<Vec<u8>, String> {
    let mut contract = Contract::read()?;
    let world = contract.world("switchboard")?;
    for (plugin, seat) in seats.iter().enumerate() {
        for (point, _) in &seat.points {
            let interface = contract.point(point.interface)?;
            contract.import(world, import_name(plugin, point.interface), interface);
        }
        if seat.is_grounded() {
            let interface = contract.ground()?;
            contract.import(world, import_name(plugin, CONFIGURE.1), interface);
        }
    }
    let board = Board::of(&contract, world, seats)?;
    let points: Vec<Vec<&str>> =
        seats.iter().map(|it| it.points.iter().map(|(point, _)| point.name).collect()).collect();
    let (listing, list_at) = Listing::of(parts, &points, ANSWER_AT + ANSWER_BYTES_MAX);
    let module = board.module(&listing, list_at)?;
    crate::restrict::component(&contract.resolve, world, module)
}

/// A function of the site's interface.
struct Call {
    name: String,
    export: String,
    /// What forgets the arguments and the answer, where there is one.
    after: Option<String>,
    signature: WasmSignature,
    answers: Vec<Answer>,
}

/// A plugin that answers a call.
struct Answer {
    plugin: usize,
    /// Its function, as the module imports it.
    module: String,
    function: String,
    signature: WasmSignature,
    /// Where its arguments begin among those of the call, where these lie in memory.
    skipped: u32,
}

struct Board {
    calls: Vec<Call>,
}

impl Board {
    fn of(contract: &Contract, world: WorldId, seats: &[Seat]) -> Result<Self, String> {
        let (resolve, id) = (&contract.resolve, contract.plugins()?);
        let mut sizes = SizeAlign::default();
        sizes.fill(resolve).map_err(|error| error.to_string())?;
        let plugins = resolve.interfaces.get(id).ok_or("the contract has no plugins")?;
        let mut calls = Vec::new();
        for function in plugins.functions.values() {
            let signature = resolve.wasm_signature(AbiVariant::GuestExport, function);
            let key = WorldKey::Interface(id);
            let export = |kind| {
                let export = WasmExport::Func { interface: Some(&key), func: function, kind };
                resolve.wasm_export_name(NAMES, export)
            };
            let bytes = function.result.as_ref().map_or(0, |it| sizes.size(it).size_wasm32());
            if bytes > ANSWER_BYTES_MAX as usize {
                return Err(format!("the answers of {} are too large", function.name));
            }
            let after = signature.retptr.then(|| export(WasmExportKind::PostReturn));
            let mut call = Call {
                name: function.name.clone(),
                export: export(WasmExportKind::Normal),
                after,
                signature,
                answers: Vec::new(),
            };
            for plugin in 0..seats.len() {
                call.answers.extend(answer(resolve, &sizes, world, &call, plugin)?);
            }
            calls.push(call);
        }
        Ok(Self { calls })
    }

    fn module(&self, listing: &Listing, list_at: u32) -> Result<Vec<u8>, String> {
        let end = u64::from(ANSWER_AT + ANSWER_BYTES_MAX) + listing.bytes.len() as u64;
        let free = i32::try_from(end.next_multiple_of(16))
            .map_err(|_| "what the plugins say of themselves takes too much memory".to_owned())?;
        let mut writer = Writer::default();
        for answer in self.calls.iter().flat_map(|it| &it.answers) {
            let ty = writer.ty(&answer.signature);
            writer.imports.import(&answer.module, &answer.function, EntityType::Function(ty));
        }
        writer.next = writer.types.len();
        let mut first = 0;
        for call in &self.calls {
            let body = match call.name.as_str() {
                LIST => listed(list_at),
                _ => handed_on(call, first, free),
            };
            first += u32::try_from(call.answers.len()).unwrap_or(u32::MAX);
            let ty = writer.ty(&call.signature);
            writer.function(ty, &call.export, &body);
            if let Some(after) = &call.after {
                writer.types.ty().function([ValType::I32], []);
                writer.function(writer.types.len() - 1, after, &forgotten(free));
            }
        }
        writer.types.ty().function([ValType::I32; 4], [ValType::I32]);
        writer.function(writer.types.len() - 1, "cabi_realloc", &realloc());
        Ok(writer.finish(listing, free))
    }
}

/// How a plugin answers a call; `None` where it does not take part.
fn answer(
    resolve: &Resolve,
    sizes: &SizeAlign,
    world: WorldId,
    call: &Call,
    plugin: usize,
) -> Result<Option<Answer>, String> {
    let (interface, function) = match of_function(&call.name) {
        Some((point, function)) => (point.interface, function),
        None if call.name == CONFIGURE.0 => (CONFIGURE.1, CONFIGURE.0),
        None => return Ok(None),
    };
    let key = WorldKey::Name(import_name(plugin, interface));
    let Some(id) = imported(resolve, world, &key) else { return Ok(None) };
    let found = resolve.interfaces.get(id).and_then(|it| it.functions.get(function));
    let found = found.ok_or_else(|| format!("{interface} has no function {function}"))?;
    let signature = resolve.wasm_signature(AbiVariant::GuestImport, found);
    if signature.indirect_params != call.signature.indirect_params {
        return Err(format!("the arguments of {function} cannot be passed on as they are"));
    }
    let align = sizes.params(found.params.iter().map(|it| &it.ty)).align.align_wasm32();
    let skipped = size_of::<u32>().next_multiple_of(align.max(1));
    let import = WasmImport::Func { interface: Some(&key), func: found };
    let (module, function) = resolve.wasm_import_name(NAMES, import);
    let skipped = u32::try_from(skipped).unwrap_or(u32::MAX);
    Ok(Some(Answer { plugin, module, function, signature, skipped }))
}

fn imported(resolve: &Resolve, world: WorldId, key: &WorldKey) -> Option<InterfaceId> {
    match resolve.worlds.get(world)?.imports.get(key)? {
        wit_parser::WorldItem::Interface { id, .. } => Some(*id),
        _ => None,
    }
}

/// The list is there from the beginning.
fn listed(at: u32) -> Function {
    let mut function = Function::new([]);
    function.instructions().i32_const(at.cast_signed()).end();
    function
}

fn forgotten(free: i32) -> Function {
    let mut function = Function::new([]);
    function.instructions().i32_const(free).global_set(NEXT).end();
    function
}

/// Looks whose turn it is and calls that plugin's function; the first answer's function has this number.
fn handed_on(call: &Call, first: u32, free: i32) -> Function {
    let mut function = Function::new([]);
    let mut write = function.instructions();
    let params = u32::try_from(call.signature.params.len()).unwrap_or(u32::MAX);
    for (import, answer) in (first..).zip(&call.answers) {
        write.local_get(0);
        if call.signature.indirect_params {
            write.i32_load(word());
        }
        write.i32_const(i32::try_from(answer.plugin).unwrap_or(i32::MAX)).i32_eq();
        write.if_(BlockType::Empty);
        if call.signature.indirect_params {
            write.local_get(0).i32_const(answer.skipped.cast_signed()).i32_add();
        } else {
            for param in 1..params {
                write.local_get(param);
            }
        }
        if answer.signature.retptr {
            write.i32_const(ANSWER_AT.cast_signed());
        }
        write.call(import);
        if call.signature.retptr {
            write.i32_const(ANSWER_AT.cast_signed());
        } else {
            write.i32_const(free).global_set(NEXT);
        }
        write.return_().end();
    }
    if call.name == CONFIGURE.0 {
        // A plugin that asks for neither settings nor a log needs none.
        write.i32_const(free).global_set(NEXT).end();
    } else {
        write.unreachable().end();
    }
    function
}

/// The sections of the module.
#[derive(Default)]
struct Writer {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
    /// The number of the next function.
    next: u32,
}

impl Writer {
    fn ty(&mut self, signature: &WasmSignature) -> u32 {
        let (params, results) = (signature.params.iter(), signature.results.iter());
        self.types.ty().function(params.map(value_type), results.map(value_type));
        self.types.len() - 1
    }

    fn function(&mut self, ty: u32, export: &str, body: &Function) {
        self.functions.function(ty);
        self.exports.export(export, ExportKind::Func, self.next);
        self.code.function(body);
        self.next += 1;
    }

    fn finish(mut self, listing: &Listing, free: i32) -> Vec<u8> {
        self.exports.export("memory", ExportKind::Memory, 0);
        let mut data = DataSection::new();
        let at = ConstExpr::i32_const((ANSWER_AT + ANSWER_BYTES_MAX).cast_signed());
        data.active(0, &at, listing.bytes.iter().copied());
        let mut module = Module::new();
        module.section(&self.types).section(&self.imports).section(&self.functions);
        module.section(&memory(free)).section(&globals(free)).section(&self.exports);
        module.section(&self.code).section(&data);
        module.finish()
    }
}
