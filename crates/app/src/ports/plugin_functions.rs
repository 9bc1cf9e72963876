//! Pure functions that plugins bring.

use std::collections::BTreeSet;

use async_trait::async_trait;
use smartcms_domain::plugins::PluginId;

use super::PluginFailure;

/// A single value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// No value.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Number(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalarType {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A floating-point number.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A function that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginFunction {
    /// Whose it is.
    pub plugin: PluginId,
    /// Its name.
    pub name: String,
    /// A sentence for people.
    pub description: String,
    /// Its parameters with their types.
    pub parameters: Vec<(String, ScalarType)>,
    /// The type of its result.
    pub result: ScalarType,
    /// Whether equal arguments always give an equal result.
    pub deterministic: bool,
}

/// The most functions of one plugin.
const FUNCTIONS_MAX: usize = 100;
/// The most parameters of one function.
const PARAMETERS_MAX: usize = 16;
/// The longest name, in bytes.
const NAME_LEN_MAX: usize = 64;
/// How much of a name that is none is repeated, in characters.
const SAID_CHARS_MAX: usize = 500;

/// Why a plugin gave no list of functions that could be used: it passes a limit, or has a name that is none.
pub fn misfit_of_functions(functions: &[PluginFunction]) -> Option<String> {
    let count = functions.len();
    if count > FUNCTIONS_MAX {
        return Some(format!("it has {count} functions; {FUNCTIONS_MAX} is the limit"));
    }
    let mut names = BTreeSet::new();
    for function in functions {
        let parameters = function.parameters.iter().map(|(name, _)| name);
        if let Some(odd) = std::iter::once(&function.name).chain(parameters).find(|it| !is_name(it))
        {
            let said: String =
                odd.chars().filter(|it| !it.is_control()).take(SAID_CHARS_MAX).collect();
            return Some(format!("`{said}` is no name"));
        }
        if function.parameters.len() > PARAMETERS_MAX {
            return Some(format!("{} has more than {PARAMETERS_MAX} parameters", function.name));
        }
        if !names.insert(&function.name) {
            return Some(format!("it lists `{}` twice", function.name));
        }
    }
    None
}

fn is_name(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_';
    text.len() <= NAME_LEN_MAX
        && text.starts_with(|it: char| it.is_ascii_lowercase())
        && text.bytes().all(plain)
}

/// Why a function gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// There is no such plugin, or it has no such function.
    #[error("there is no function {function} of a plugin {plugin}{hint}")]
    Unknown {
        /// The plugin.
        plugin: PluginId,
        /// The function.
        function: String,
        /// What there is, beginning with a separator.
        hint: String,
    },
    /// The arguments are not those that the function takes.
    #[error("{0}")]
    Arguments(String),
    /// The function says why.
    #[error("{0}")]
    Refused(String),
    /// The plugin failed.
    #[error(transparent)]
    Failed(#[from] PluginFailure),
}

/// The functions of one plugin for one caller, a connection of a database for instance. One instance of the plugin serves
/// its calls one after the other; a call that fails ends it, and the next call gets another.
#[async_trait]
pub trait FunctionCalls: Send {
    /// The functions.
    fn functions(&self) -> &[PluginFunction];

    /// The same functions for a thread that may wait, in an instance of their own; `None` where calls have to be awaited.
    fn at_once(&self) -> Option<Box<dyn FunctionsAtOnce>> {
        None
    }

    /// Calls one.
    async fn call(
        &mut self,
        function: &str,
        arguments: Vec<Scalar>,
    ) -> Result<Scalar, FunctionError>;
}

/// The functions of one plugin for one thread that waits for each call, as a query does for each row.
pub trait FunctionsAtOnce: Send {
    /// Calls the function that stands at this place of the list. The thread must be none that serves other tasks.
    fn call(&mut self, function: usize, arguments: Vec<Scalar>) -> Result<Scalar, FunctionError>;
}

impl Scalar {
    /// Its type; `None` where there is no value.
    pub fn scalar_type(&self) -> Option<ScalarType> {
        Some(match self {
            Self::Null => return None,
            Self::Boolean(_) => ScalarType::Boolean,
            Self::Integer(_) => ScalarType::Integer,
            Self::Number(_) => ScalarType::Number,
            Self::Text(_) => ScalarType::Text,
            Self::Bytes(_) => ScalarType::Bytes,
        })
    }

    /// The value as one of this type: a whole number is a number too. `None` where it is none.
    pub fn of_type(mut self, wanted: ScalarType) -> Option<Self> {
        self.becomes(wanted).then_some(self)
    }

    /// Makes it one of this type where it is one; whether it is.
    fn becomes(&mut self, wanted: ScalarType) -> bool {
        if let (Self::Integer(whole), ScalarType::Number) = (&*self, wanted) {
            *self = Self::Number(*whole as f64);
        }
        self.scalar_type().is_none_or(|it| it == wanted)
    }
}

impl ScalarType {
    /// The lasting name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }
}

impl PluginFunction {
    /// How it is called: `slugify(text) -> text`.
    pub fn signature(&self) -> String {
        let parameter = |(name, it): &(String, ScalarType)| format!("{name}: {}", it.name());
        let parameters: Vec<String> = self.parameters.iter().map(parameter).collect();
        format!("{}({}) -> {}", self.name, parameters.join(", "), self.result.name())
    }

    /// The arguments as its parameters want them. Where they are, nothing is moved: it is asked for each row of a query.
    pub fn fitting(&self, mut arguments: Vec<Scalar>) -> Result<Vec<Scalar>, FunctionError> {
        let (found, wanted) = (arguments.len(), self.parameters.len());
        if found != wanted {
            let message = format!("{} takes {wanted} arguments, not {found}", self.signature());
            return Err(FunctionError::Arguments(message));
        }
        for (value, (name, wanted)) in arguments.iter_mut().zip(&self.parameters) {
            if !value.becomes(*wanted) {
                let (takes, wanted) = (self.signature(), wanted.name());
                let given = value.scalar_type().map_or("null", ScalarType::name);
                let message =
                    format!("{takes} takes {wanted} as its argument `{name}`, not {given}");
                return Err(FunctionError::Arguments(message));
            }
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::{PluginFunction, Scalar, ScalarType};
    use smartcms_domain::plugins::PluginId;

    #[test]
    fn arguments_are_held_against_the_parameters() {
        let function = PluginFunction {
            plugin: PluginId::parse("p").unwrap(),
            name: "mean".to_owned(),
            description: String::new(),
            parameters: vec![("a".into(), ScalarType::Number), ("b".into(), ScalarType::Number)],
            result: ScalarType::Number,
            deterministic: true,
        };
        let fitting = function.fitting(vec![Scalar::Integer(1), Scalar::Null]);
        assert_eq!(fitting, Ok(vec![Scalar::Number(1.0), Scalar::Null]));
        let error = function.fitting(vec![Scalar::Integer(1)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "mean(a: number, b: number) -> number takes 2 arguments, not 1"
        );
        let error = function.fitting(vec![Scalar::Null, Scalar::Text("1".into())]).unwrap_err();
        assert!(
            error.to_string().ends_with("takes number as its argument `b`, not text"),
            "{error}"
        );
    }
}
