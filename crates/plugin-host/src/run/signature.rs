//! The functions that a component exports, by the names that people may call them by.

use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::wasm_wave::wasm::DisplayType;
use wasmtime::component::{Component, ComponentExportIndex, Type};

/// The most functions that a message names.
const NAMED_MAX: usize = 20;

/// An exported function.
#[derive(Debug, Clone)]
pub(super) struct Function {
    /// The interface that it belongs to, if any.
    pub(super) interface: Option<String>,
    /// Its own name.
    pub(super) name: String,
    /// Its type.
    pub(super) ty: ComponentFunc,
    /// Where it is in the component.
    pub(super) index: ComponentExportIndex,
}

/// Every exported function.
pub(super) fn functions(engine: &Engine, component: &Component) -> Vec<Function> {
    let mut found = Vec::new();
    for (name, export) in component.component_type().exports(engine) {
        match export.ty {
            ComponentItem::ComponentFunc(ty) => {
                let index = component.get_export_index(None, name);
                found.extend(index.map(|index| Function {
                    interface: None,
                    name: name.to_owned(),
                    ty,
                    index,
                }));
            }
            ComponentItem::ComponentInstance(instance) => {
                let Some(parent) = component.get_export_index(None, name) else { continue };
                for (inner, export) in instance.exports(engine) {
                    let ComponentItem::ComponentFunc(ty) = export.ty else { continue };
                    let Some(index) = component.get_export_index(Some(&parent), inner) else {
                        continue;
                    };
                    let interface = Some(name.to_owned());
                    found.push(Function { interface, name: inner.to_owned(), ty, index });
                }
            }
            _ => {}
        }
    }
    found
}

/// The function that is meant by a name; an error says what there is.
pub(super) fn find(functions: &[Function], name: &str) -> Result<Function, String> {
    let fitting: Vec<&Function> = functions.iter().filter(|it| it.answers_to(name)).collect();
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(format!("there is no function of that name{}", listing(functions))),
        several => {
            let names: Vec<String> = several.iter().map(|it| it.full_name()).collect();
            Err(format!("the name fits several functions, call one of {}", names.join(", ")))
        }
    }
}

/// The functions with their types, for the end of a message.
pub(super) fn listing(functions: &[Function]) -> String {
    if functions.is_empty() {
        return "; the component exports no functions".to_owned();
    }
    let lines: Vec<String> =
        functions.iter().take(NAMED_MAX).map(|it| format!("\n  {}", it.signature())).collect();
    let more = functions.len().saturating_sub(NAMED_MAX);
    let rest = if more == 0 { String::new() } else { format!("\n  and {more} more") };
    format!("; the component exports:{}{rest}", lines.concat())
}

impl Function {
    /// The name with its interface.
    pub(super) fn full_name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.name),
            None => self.name.clone(),
        }
    }

    /// The name with the types.
    pub(super) fn signature(&self) -> String {
        let parameters: Vec<String> =
            self.ty.params().map(|(name, ty)| format!("{name}: {}", words(&ty))).collect();
        let result =
            self.ty.results().next().map_or_else(String::new, |ty| format!(" -> {}", words(&ty)));
        format!("{}: func({}){result}", self.full_name(), parameters.join(", "))
    }

    /// Whether this is meant: by `function`, `interface.function`, or with `#` and as much of the interface's
    /// name as one likes to type.
    fn answers_to(&self, name: &str) -> bool {
        let Some(interface) = &self.interface else { return name == self.name };
        let unversioned = interface.split('@').next().unwrap_or_default();
        let short = unversioned.rsplit('/').next().unwrap_or_default();
        let forms = [interface.as_str(), unversioned, short];
        name == self.name
            || forms.iter().any(|form| {
                let rest = name.strip_prefix(form);
                rest.and_then(|it| it.strip_prefix(['#', '.'])) == Some(self.name.as_str())
            })
    }
}

/// A type as it is written; what cannot be written as a value is named all the same.
fn words(ty: &Type) -> String {
    match ty {
        Type::Own(_) | Type::Borrow(_) => "resource".to_owned(),
        Type::Stream(_) => "stream".to_owned(),
        Type::Future(_) => "future".to_owned(),
        other => DisplayType(other).to_string().replace("<<UNSUPPORTED>>", "resource"),
    }
}
