//! Writes the stub's module.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink, MemArg,
    MemArgTarget, MemorySection, MemoryType, Module, NameMap, NameSection, TypeSection, ValType,
};
use wit_parser::abi::WasmType;

use super::answer::ANSWERS_AT;
use super::plan::{Gives, Plan, Planned, Release};
use crate::limits::STUB_PAGES_MAX;

const PAGE_BYTES: u64 = 65_536;

/// The global that says where the next argument is put.
const NEXT: u32 = 0;

/// What an object of the stub stands for: nothing, because every method is closed.
const NO_OBJECT: i32 = 1;

/// Writes the module.
pub(super) fn build(plan: &Plan) -> Result<Vec<u8>, String> {
    let free = (u64::from(ANSWERS_AT) + plan.data.len() as u64).next_multiple_of(16);
    let free = i32::try_from(free).map_err(|_| "its answers take too much memory".to_owned())?;
    let mut types = TypeSection::new();
    let mut imports = ImportSection::new();
    for import in &plan.imports {
        let results: &[ValType] = if import.is_new { &[ValType::I32] } else { &[] };
        types.ty().function([ValType::I32], results.iter().copied());
        imports.import(&import.module, &import.name, EntityType::Function(types.len() - 1));
    }
    let imported = types.len();
    let mut functions = FunctionSection::new();
    let mut exports = ExportSection::new();
    let mut code = CodeSection::new();
    let mut names = NameMap::new();
    for (index, planned) in (imported..).zip(&plan.functions) {
        types.ty().function(
            planned.signature.params.iter().map(value_type),
            planned.signature.results.iter().map(value_type),
        );
        functions.function(types.len() - 1);
        exports.export(&planned.export, ExportKind::Func, index);
        names.append(index, &planned.label);
        code.function(&body(planned, free));
    }
    types.ty().function([ValType::I32; 4], [ValType::I32]);
    functions.function(types.len() - 1);
    exports.export("cabi_realloc", ExportKind::Func, types.len() - 1);
    exports.export("memory", ExportKind::Memory, 0);
    names.append(types.len() - 1, "cabi_realloc");
    code.function(&realloc());
    let mut named = NameSection::new();
    named.functions(&names);
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const(ANSWERS_AT as i32), plan.data.iter().copied());
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&memory(free));
    module.section(&globals(free)).section(&exports).section(&code).section(&data).section(&named);
    Ok(module.finish())
}

fn memory(free: i32) -> MemorySection {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(free.unsigned_abs()).div_ceil(PAGE_BYTES).max(1),
        maximum: Some(STUB_PAGES_MAX),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    memories
}

fn globals(free: i32) -> GlobalSection {
    let mut globals = GlobalSection::new();
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(ty, &ConstExpr::i32_const(free));
    globals
}

/// Gives handles back, makes the objects of the answer, forgets the arguments, and answers.
fn body(planned: &Planned, free: i32) -> Function {
    let mut function = Function::new([]);
    let mut write = function.instructions();
    if let Gives::Trap = planned.gives {
        write.unreachable().end();
        return function;
    }
    planned.drops.iter().for_each(|it| release(&mut write, it));
    write.i32_const(free).global_set(NEXT);
    match &planned.gives {
        Gives::Trap => {}
        Gives::Number(number) => {
            write.i32_const(*number);
        }
        Gives::Object { import } => {
            write.i32_const(NO_OBJECT).call(*import);
        }
        Gives::Memory { at, objects } => {
            for (place, import) in objects {
                write.i32_const(place.cast_signed()).i32_const(NO_OBJECT).call(*import);
                write.i32_store(MemArg {
                    offset: 0,
                    align: 2,
                    target: MemArgTarget::Memory(0),
                    ordering: None,
                });
            }
            write.i32_const(at.cast_signed());
        }
    }
    write.end();
    function
}

fn release(write: &mut InstructionSink<'_>, release: &Release) {
    if let Some(parameter) = release.only_if {
        write.local_get(parameter).if_(BlockType::Empty);
    }
    write.local_get(release.parameter).call(release.import);
    if release.only_if.is_some() {
        write.end();
    }
}

/// Gives room for arguments, one behind the other. Each function forgets them when it answers.
fn realloc() -> Function {
    let [old, old_bytes, align, bytes, at, end] = [0, 1, 2, 3, 4, 5];
    let mut function = Function::new([(2, ValType::I32)]);
    let mut write = function.instructions();
    // at = (next + align - 1) & -align
    write.global_get(NEXT).local_get(align).i32_add().i32_const(1).i32_sub();
    write.i32_const(0).local_get(align).i32_sub().i32_and().local_tee(at);
    // end = at + bytes, which must not wrap around
    write.local_get(bytes).i32_add().local_tee(end);
    write.local_get(at).i32_lt_u().if_(BlockType::Empty).unreachable().end();
    // as many pages more as are missing
    write.local_get(end).memory_size(0).i32_const(16).i32_shl().i32_gt_u().if_(BlockType::Empty);
    write.local_get(end).memory_size(0).i32_const(16).i32_shl().i32_sub();
    write.i32_const(65_535).i32_add().i32_const(16).i32_shr_u().memory_grow(0);
    write.i32_const(-1).i32_eq().if_(BlockType::Empty).unreachable().end().end();
    write.local_get(old_bytes).if_(BlockType::Empty);
    write.local_get(at).local_get(old).local_get(old_bytes).memory_copy(0, 0).end();
    write.local_get(end).global_set(NEXT).local_get(at).end();
    function
}

fn value_type(ty: &WasmType) -> ValType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    }
}
