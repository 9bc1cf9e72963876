//! Writes the stub's module.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, InstructionSink, Module, NameMap, NameSection,
    TypeSection, ValType,
};

use super::answer::ANSWERS_AT;
use super::plan::{Gives, Plan, Planned, Release};
use crate::room::{NEXT, globals, memory, realloc, value_type, word};

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
                write.i32_store(word());
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
