//! What a module has to be before anything of it runs.

use std::borrow::Cow;

use smartcms_app::ports::{Scalar, ScalarType};
use wasmtime::{ExternType, Module, Val, ValType};

use crate::compile::COMPONENT_BYTES_MAX;

/// Where values other than numbers lie.
pub(super) const MEMORY: &str = "memory";
/// Makes room for an argument.
pub(super) const ALLOCATE: &str = "libsql_malloc";
/// Takes it back, where a module has it.
pub(super) const FREE: &str = "libsql_free";

/// The most arguments of a function.
pub(super) const PARAMETERS_MAX: usize = 16;
/// The largest module in text, in bytes: reading it takes many times as much.
const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most of a complaint about a module's text that is shown, in lines.
const COMPLAINT_LINES: usize = 5;

/// The export that is called.
pub(super) struct Shape {
    pub(super) name: String,
    parameters: Vec<Kind>,
    pub(super) result: Option<Kind>,
}

/// What stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Number,
    Pointer,
}

/// Whether arguments can be passed at all.
pub(super) enum Fitting {
    Call,
    /// A number is missing, which a module cannot be told: the result is missing too, as with SQL's own functions.
    Null,
}

/// The module in binary.
pub(super) fn binary(body: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    let is_text = !body.starts_with(b"\0asm");
    let limit = if is_text { TEXT_BYTES_MAX } else { COMPONENT_BYTES_MAX };
    if body.len() > limit {
        return Err(format!("it has {} bytes; {limit} is the limit", body.len()));
    }
    let parsed = wat::parse_bytes(body).map_err(|error| {
        let complaint = error.to_string();
        let lines: Vec<&str> = complaint.lines().take(COMPLAINT_LINES).collect();
        format!("it is neither a binary module nor the text of one: {}", lines.join("\n"))
    })?;
    if wasmparser::Parser::is_component(&parsed) {
        let hint = "it is a component, and this form takes core modules; `smartcms plugin add` takes components";
        return Err(hint.to_owned());
    }
    Ok(parsed)
}

impl Shape {
    /// Looks at a module.
    pub(super) fn of(module: &Module, name: &str) -> Result<Self, String> {
        if let Some(import) = module.imports().next() {
            return Err(format!(
                "it imports {}.{}, and such a function may import nothing",
                import.module(),
                import.name()
            ));
        }
        let Some(ExternType::Func(found)) = module.get_export(name) else {
            return Err(format!("it exports no function of this name{}", listing(module)));
        };
        let parameters = found.params().map(|it| kind(&it)).collect::<Result<Vec<_>, _>>()?;
        if parameters.len() > PARAMETERS_MAX {
            return Err(format!("the function has more than {PARAMETERS_MAX} parameters"));
        }
        let mut results = found.results().map(|it| kind(&it));
        let result = results.next().transpose()?;
        if results.next().is_some() {
            return Err("the function gives more than one value".to_owned());
        }
        let has_pointers = parameters.contains(&Kind::Pointer);
        if (has_pointers || result == Some(Kind::Pointer)) && !has_memory(module) {
            return Err(format!("text and blobs need an exported memory called `{MEMORY}`"));
        }
        if has_pointers && !has_allocate(module) {
            return Err(format!(
                "text and blobs need an exported function `{ALLOCATE}(i32) -> i32`"
            ));
        }
        Ok(Self { name: name.to_owned(), parameters, result })
    }

    pub(super) fn signature(&self) -> String {
        let parameters: Vec<&str> = self.parameters.iter().map(|it| it.name()).collect();
        let result = self.result.map_or("nothing", Kind::name);
        format!("{}({}) -> {result}", self.name, parameters.join(", "))
    }

    pub(super) fn types(&self) -> Vec<ScalarType> {
        let each = self.parameters.iter().map(|it| match it {
            Kind::Integer => ScalarType::Integer,
            Kind::Number => ScalarType::Number,
            Kind::Pointer => ScalarType::Text,
        });
        each.collect()
    }

    /// Whether the function takes these arguments; the complaint goes on from its signature.
    pub(super) fn fitting(&self, arguments: &[Scalar]) -> Result<Fitting, String> {
        let (found, wanted) = (arguments.len(), self.parameters.len());
        if found != wanted {
            return Err(format!("takes {wanted} arguments, not {found}"));
        }
        let mut fitting = Fitting::Call;
        for (at, (kind, argument)) in self.parameters.iter().zip(arguments).enumerate() {
            let takes = match (kind, argument) {
                (Kind::Integer | Kind::Number, Scalar::Null) => {
                    fitting = Fitting::Null;
                    true
                }
                (Kind::Integer, Scalar::Integer(_) | Scalar::Boolean(_))
                | (Kind::Number, Scalar::Integer(_) | Scalar::Number(_))
                | (Kind::Pointer, Scalar::Null | Scalar::Bytes(_)) => true,
                (Kind::Pointer, Scalar::Text(text)) if text.contains('\0') => {
                    let what = "has a zero in it, where the module would end it";
                    return Err(format!("cannot take argument {}: the text {what}", at + 1));
                }
                (Kind::Pointer, Scalar::Text(_)) => true,
                _ => false,
            };
            if !takes {
                let given = argument.scalar_type().map_or("NULL", |it| it.name());
                return Err(format!("takes {} as argument {}, not {given}", kind.words(), at + 1));
            }
        }
        Ok(fitting)
    }

    /// An argument that is a number; `None` for one that goes into memory.
    pub(super) fn plain(&self, argument: &Scalar, at: usize) -> Option<Val> {
        Some(match (self.parameters.get(at)?, argument) {
            (Kind::Integer, Scalar::Integer(whole)) => Val::I64(*whole),
            (Kind::Integer, Scalar::Boolean(flag)) => Val::I64((*flag).into()),
            (Kind::Number, Scalar::Integer(whole)) => Val::F64((*whole as f64).to_bits()),
            (Kind::Number, Scalar::Number(number)) => Val::F64(number.to_bits()),
            _ => return None,
        })
    }
}

impl Fitting {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Integer => "i64",
            Self::Number => "f64",
            Self::Pointer => "i32",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Pointer => "text, a blob or NULL",
        }
    }
}

fn kind(found: &ValType) -> Result<Kind, String> {
    match found {
        ValType::I64 => Ok(Kind::Integer),
        ValType::F64 => Ok(Kind::Number),
        ValType::I32 => Ok(Kind::Pointer),
        other => Err(format!(
            "the function has a value of type {other}; whole numbers are i64, numbers f64, all else is an i32"
        )),
    }
}

fn has_memory(module: &Module) -> bool {
    matches!(module.get_export(MEMORY), Some(ExternType::Memory(it)) if !it.is_64() && !it.is_shared())
}

fn has_allocate(module: &Module) -> bool {
    let Some(ExternType::Func(found)) = module.get_export(ALLOCATE) else { return false };
    is_one_pointer(found.params()) && is_one_pointer(found.results())
}

fn is_one_pointer(mut found: impl Iterator<Item = ValType>) -> bool {
    matches!((found.next(), found.next()), (Some(ValType::I32), None))
}

fn listing(module: &Module) -> String {
    let functions = module.exports().filter(|it| matches!(it.ty(), ExternType::Func(_)));
    let names: Vec<&str> = functions.map(|it| it.name()).take(20).collect();
    if names.is_empty() {
        "; it exports no function".to_owned()
    } else {
        format!("; it exports {}", names.join(", "))
    }
}
