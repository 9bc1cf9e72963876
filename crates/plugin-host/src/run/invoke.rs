//! Calls an exported function with values in their text form.

use wasmtime::component::types::ComponentFunc;
use wasmtime::component::wasm_wave::parser::ParserError;
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::{Type, Val};

use super::signature::{self, Function};
use super::{Ready, RunError, RunOutcome};

/// A call that could not be understood or that does not fit the function.
pub(super) struct Misfit(pub(super) String);

/// Calls a function: `name(arguments)`, where the name may be of an exported interface.
pub(super) async fn run(ready: &Ready, text: &str) -> Result<RunOutcome, RunError> {
    let misfit = |Misfit(reason): Misfit| wrong(ready, text, reason);
    let (name, arguments) = split(text).map_err(misfit)?;
    let functions = signature::functions(ready.engine.wasmtime(), ready.pre.component());
    let function =
        signature::find(&functions, name).map_err(|reason| wrong(ready, text, reason))?;
    let types: Vec<Type> = function.ty.params().map(|(_, ty)| ty).collect();
    let parameters =
        parse(arguments, |call| call.to_wasm_params(&types)).map_err(|Misfit(reason)| {
            wrong(ready, text, format!("{reason}; it is {}", function.signature()))
        })?;
    let results = call(ready, &function, parameters).await?;
    let shown = results.iter().map(Val::to_wave).collect::<wasmtime::Result<Vec<String>>>();
    shown
        .map(RunOutcome::Values)
        .map_err(|error| wrong(ready, text, format!("its result cannot be shown: {error}")))
}

/// Calls `run: func() -> string`, the main function of the original system's guests.
pub(super) async fn run_main(ready: &Ready) -> Result<RunOutcome, RunError> {
    let functions = signature::functions(ready.engine.wasmtime(), ready.pre.component());
    let main = functions
        .iter()
        .find(|it| it.interface.is_none() && it.name == "run" && answers_text(&it.ty));
    let Some(main) = main else {
        let reason = format!("{}{}", no_main(&functions), signature::listing(&functions));
        return Err(wrong(ready, "run", reason));
    };
    let results = call(ready, main, Vec::new()).await?;
    match results.into_iter().next() {
        Some(Val::String(text)) => Ok(RunOutcome::Text(text)),
        _ => Err(wrong(ready, "run", "it gave no text".to_owned())),
    }
}

async fn call(
    ready: &Ready,
    function: &Function,
    parameters: Vec<Val>,
) -> Result<Vec<Val>, RunError> {
    let (call, mut store) = ready.begin();
    let pre = ready.pre.clone();
    let Function { index, ty, .. } = function.clone();
    let work = async move {
        let instance = pre.instantiate_async(&mut store).await?;
        let function = instance
            .get_func(&mut store, index)
            .ok_or_else(|| wasmtime::format_err!("the function is gone from its own component"))?;
        let mut results = vec![Val::Bool(false); ty.results().len()];
        function.call_async(&mut store, &parameters, &mut results).await?;
        Ok(results)
    };
    call.guarded(work).await.map_err(|error| ready.failed(error))
}

/// Splits `name(arguments)`; a name alone is a call without arguments.
pub(super) fn split(text: &str) -> Result<(&str, &str), Misfit> {
    let text = text.trim();
    match text.find('(') {
        Some(0) => {
            Err(Misfit("a call is written name(arguments), such as greet(\"Ann\")".to_owned()))
        }
        Some(at) => {
            let (name, arguments) = text.split_at(at);
            Ok((name.trim_end(), arguments))
        }
        None => Ok((text, "()")),
    }
}

/// Reads arguments as the types want them.
pub(super) fn parse<T>(
    arguments: &str,
    convert: impl FnOnce(&UntypedFuncCall<'_>) -> Result<Vec<T>, ParserError>,
) -> Result<Vec<T>, Misfit> {
    // The parser wants a name too, and takes fewer names than components may have.
    let call = format!("call{arguments}");
    let parsed = UntypedFuncCall::parse(&call).and_then(|it| convert(&it));
    parsed.map_err(|error| {
        let at = call.get(error.span()).filter(|it| !it.is_empty());
        let at = at.map_or_else(String::new, |it| format!(" at `{it}`"));
        let detail = error.detail().map_or_else(String::new, |it| format!(": {it}"));
        Misfit(format!("the arguments do not fit ({}{detail}{at})", error.kind()))
    })
}

fn answers_text(ty: &ComponentFunc) -> bool {
    let results: Vec<Type> = ty.results().collect();
    ty.params().len() == 0 && results == [Type::String]
}

fn no_main(functions: &[Function]) -> &'static str {
    let serves = functions
        .iter()
        .any(|it| it.interface.as_deref().is_some_and(|it| it.starts_with("wasi:http/")));
    if serves {
        "it answers requests: run it with --serve ADDRESS"
    } else {
        "it is no command and exports no run: func() -> string; call a function with --invoke 'name(arguments)'"
    }
}

fn wrong(ready: &Ready, call: &str, reason: String) -> RunError {
    RunError::Call { name: ready.name.clone(), call: call.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn a_call_is_a_name_and_arguments() {
        assert_eq!(split("greet(\"Ann\")").ok(), Some(("greet", "(\"Ann\")")));
        assert_eq!(split(" now ").ok(), Some(("now", "()")));
        assert_eq!(split("a:b/c@1.0.0#d ( 1 )").ok(), Some(("a:b/c@1.0.0#d", "( 1 )")));
        assert!(split("(1)").is_err());
    }
}
