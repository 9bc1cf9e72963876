//! Functions of version 0.1.0 of the contract, which have to be in a component that reaches nothing.

use smartcms_plugin::function_library::{self, Function, Scalar, ScalarType, parameter};

struct Released;

impl function_library::Guest for Released {
    fn list() -> Vec<Function> {
        let all = [
            ("yes", ScalarType::Boolean),
            ("whole", ScalarType::Integer),
            ("half", ScalarType::Number),
            ("text", ScalarType::Text),
            ("bytes", ScalarType::Bytes),
        ];
        let function = |(name, kind): (&str, ScalarType)| Function {
            name: name.to_owned(),
            description: format!("Gives back {name}."),
            parameters: vec![parameter("value", kind)],
            result: kind,
            deterministic: true,
        };
        all.map(function).to_vec()
    }

    fn call(name: String, arguments: Vec<Scalar>) -> Result<Scalar, String> {
        arguments.into_iter().next().ok_or_else(|| format!("{name} got nothing"))
    }
}

function_library::export!(Released);
