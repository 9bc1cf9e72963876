//! Calls a function of a core module that has no component's types: numbers in, numbers out.

use wasmtime::component::wasm_wave;
use wasmtime::component::wasm_wave::wasm::{DisplayFunc, WasmType, WasmTypeKind};
use wasmtime::{ExternType, FuncType, Instance, Module, Store, Val};

use super::invoke::{Misfit, parse, split};
use super::{RunAction, RunError, RunOutcome, RunRequest};
use crate::compile::ComponentLoader;
use crate::error::{PluginError, PluginFault};
use crate::limits::StoreLimits;

/// Calls a function of the module.
pub(super) async fn run(
    loader: &ComponentLoader,
    request: &RunRequest,
    wasm: &[u8],
) -> Result<RunOutcome, RunError> {
    let failed = |fault: PluginFault| PluginError::new(request.name.clone(), fault);
    let module = loader.module(wasm).await.map_err(|error| failed(error.into()))?;
    if let Some(import) = module.imports().next() {
        let import = format!("{}.{}", import.module(), import.name());
        let hint = "; a core module without a component's types can import nothing".to_owned();
        return Err(failed(PluginFault::UnknownImport { import, hint }).into());
    }
    let text = match &request.action {
        RunAction::Invoke(text) => text.as_str(),
        RunAction::Main { .. } => {
            let reason = "it is a core module without component types; call a function with --invoke 'name(arguments)'";
            return Err(wrong(request, "run", format!("{reason}{}", listing(&module))));
        }
    };
    let (name, ty, parameters) =
        prepare(&module, text).map_err(|Misfit(reason)| wrong(request, text, reason))?;
    let results = call(loader, request, &module, name, parameters, ty.results().len())
        .await
        .map_err(failed)?;
    let shown = results.iter().map(wasm_wave::to_string).collect::<Result<Vec<String>, _>>();
    shown
        .map(RunOutcome::Values)
        .map_err(|error| wrong(request, text, format!("its result cannot be shown: {error}")))
}

fn prepare(module: &Module, text: &str) -> Result<(String, FuncType, Vec<Val>), Misfit> {
    let (name, arguments) = split(text)?;
    let Some(ExternType::Func(ty)) = module.get_export(name) else {
        return Err(Misfit(format!("there is no function of that name{}", listing(module))));
    };
    let is_number = |it: &wasmtime::ValType| it.kind() != WasmTypeKind::Unsupported;
    if !ty.params().chain(ty.results()).all(|it| is_number(&it)) {
        return Err(Misfit(
            "it takes or gives references, and only numbers can be written here".to_owned(),
        ));
    }
    let types: Vec<wasmtime::ValType> = ty.params().collect();
    let parameters =
        parse(arguments, |call| call.to_wasm_params(&types)).map_err(|Misfit(reason)| {
            Misfit(format!("{reason}; it is {name}: {}", DisplayFunc(ty.clone())))
        })?;
    Ok((name.to_owned(), ty, parameters))
}

async fn call(
    loader: &ComponentLoader,
    request: &RunRequest,
    module: &Module,
    name: String,
    parameters: Vec<Val>,
    results: usize,
) -> Result<Vec<Val>, PluginFault> {
    let engine = loader.engine();
    let call = engine.call(request.time);
    let mut store = Store::new(engine.wasmtime(), StoreLimits::new(&request.limits.call));
    store.limiter(|limits| limits);
    call.arm(&mut store);
    let module = module.clone();
    let work = async move {
        let instance = Instance::new_async(&mut store, &module, &[]).await?;
        let function = instance
            .get_func(&mut store, &name)
            .ok_or_else(|| wasmtime::format_err!("the function is gone from its own module"))?;
        let mut results = vec![Val::I32(0); results];
        function.call_async(&mut store, &parameters, &mut results).await?;
        Ok(results)
    };
    call.guarded(work).await.map_err(PluginFault::from)
}

fn listing(module: &Module) -> String {
    let functions = module.exports().filter_map(|export| match export.ty() {
        ExternType::Func(ty) => Some(format!("\n  {}: {}", export.name(), DisplayFunc(ty))),
        _ => None,
    });
    let lines: Vec<String> = functions.take(20).collect();
    if lines.is_empty() {
        "; the module exports no functions".to_owned()
    } else {
        format!("; the module exports:{}", lines.concat())
    }
}

fn wrong(request: &RunRequest, call: &str, reason: String) -> RunError {
    RunError::Call { name: request.name.clone(), call: call.to_owned(), reason }
}
