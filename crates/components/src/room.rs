//! The memory of modules that are written here, and the room in it for arguments.

use wasm_encoder::{
    BlockType, ConstExpr, Function, GlobalSection, GlobalType, MemArg, MemArgTarget, MemorySection,
    MemoryType, ValType,
};
use wit_parser::abi::WasmType;

use crate::limits::STUB_PAGES_MAX;

const PAGE_BYTES: u64 = 65_536;

/// The global that says where the next argument is put.
pub(crate) const NEXT: u32 = 0;

/// A memory that begins with so many bytes.
pub(crate) fn memory(free: i32) -> MemorySection {
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

/// Where the next argument is put: behind so many bytes at first.
pub(crate) fn globals(free: i32) -> GlobalSection {
    let mut globals = GlobalSection::new();
    let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
    globals.global(ty, &ConstExpr::i32_const(free));
    globals
}

/// The place of a number of 32 bits.
pub(crate) fn word() -> MemArg {
    MemArg { offset: 0, align: 2, target: MemArgTarget::Memory(0), ordering: None }
}

/// Gives room for arguments, one behind the other. Whoever answers forgets them, by setting the global back.
pub(crate) fn realloc() -> Function {
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

/// How a module writes a type.
pub(crate) fn value_type(ty: &WasmType) -> ValType {
    match ty {
        WasmType::I32 | WasmType::Pointer | WasmType::Length => ValType::I32,
        WasmType::I64 | WasmType::PointerOrI64 => ValType::I64,
        WasmType::F32 => ValType::F32,
        WasmType::F64 => ValType::F64,
    }
}
