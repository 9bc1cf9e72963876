//! Values that functions of plugins compute from the other values of an entry.

use std::collections::BTreeMap;

use serde_json::Value;
use smartcms_domain::Problem;
use smartcms_domain::collections::{CollectionDefinition, Computed, FieldDefinition, FieldKind};
use smartcms_domain::entries::Fields;
use smartcms_domain::plugins::PluginId;

use crate::App;
use crate::ports::{
    FunctionCalls, FunctionError, PluginFailureKind, PluginFunction, Scalar, ScalarType,
};

/// Functions of the plugins that one save needs, each plugin asked for once.
struct Functions<'a> {
    app: &'a App,
    opened: BTreeMap<PluginId, Result<Box<dyn FunctionCalls>, FunctionError>>,
}

/// Why there is no value.
struct Failure {
    code: &'static str,
    reason: String,
    /// The plugin could not be asked: nothing is known of the value.
    unasked: bool,
}

/// The values with those that are computed, and what is wrong with those. Where a plugin cannot be asked and nothing that
/// a value is computed from differs from `before`, the value stays.
pub(crate) async fn with_computed(
    app: &App,
    definition: &CollectionDefinition,
    before: Option<&Fields>,
    mut fields: Fields,
) -> (Fields, Vec<Problem>) {
    let mut functions = Functions { app, opened: BTreeMap::new() };
    let mut problems = Vec::new();
    for (field, computed) in definition.computed() {
        let name = field.name.as_str();
        match functions.value(field, computed, &fields).await {
            Ok(value) => fields.set(name, field.normalised(value)),
            Err(failure) => {
                let kept = before.filter(|it| failure.unasked && is_same(computed, it, &fields));
                fields.set(name, kept.and_then(|it| it.get(name)).cloned().unwrap_or_default());
                if kept.is_none() {
                    problems.push(failure.problem(field, computed));
                    continue;
                }
            }
        }
        problems.extend(field.problems_of(fields.get(name)));
    }
    (fields, problems)
}

/// What is wrong with how the fields of a definition are computed, as far as plugins can tell.
pub(crate) async fn computing_problems(
    app: &App,
    definition: &CollectionDefinition,
) -> Vec<Problem> {
    let mut functions = Functions { app, opened: BTreeMap::new() };
    let mut problems = Vec::new();
    for (field, computed) in definition.computed() {
        let failure = match functions.declared(computed).await {
            Ok((_, declared)) => declared_problem(definition, field, computed, &declared),
            Err(failure) => Some(failure),
        };
        problems.extend(failure.map(|it| it.problem(field, computed)));
    }
    problems
}

/// Whether a value is computed from the same as before.
fn is_same(computed: &Computed, before: &Fields, now: &Fields) -> bool {
    computed.arguments.iter().all(|it| before.get(it.as_str()) == now.get(it.as_str()))
}

fn declared_problem(
    definition: &CollectionDefinition,
    field: &FieldDefinition,
    computed: &Computed,
    declared: &PluginFunction,
) -> Option<Failure> {
    let arguments = computed.arguments.iter().filter_map(|it| definition.field(it.as_str()));
    let given: Vec<ScalarType> = arguments.map(|it| scalar_type(&it.kind)).collect();
    let takes = |given: ScalarType, wanted: ScalarType| {
        given == wanted || (given == ScalarType::Integer && wanted == ScalarType::Number)
    };
    let fits = given.len() == declared.parameters.len()
        && given.iter().zip(&declared.parameters).all(|(it, (_, wanted))| takes(*it, *wanted));
    let told = declared.signature();
    let reason = if !fits {
        let given: Vec<&str> = given.iter().map(|it| it.name()).collect();
        format!("{told} does not take ({})", given.join(", "))
    } else if !takes(declared.result, scalar_type(&field.kind)) {
        format!("{told} gives no value of the kind {}", field.kind.name())
    } else {
        return None;
    };
    Some(Failure { code: "function-type", reason, unasked: false })
}

/// What a function gets of a field of this kind.
fn scalar_type(kind: &FieldKind) -> ScalarType {
    match kind {
        FieldKind::Boolean => ScalarType::Boolean,
        FieldKind::Integer => ScalarType::Integer,
        FieldKind::Number => ScalarType::Number,
        _ => ScalarType::Text,
    }
}

impl Functions<'_> {
    async fn value(
        &mut self,
        field: &FieldDefinition,
        computed: &Computed,
        fields: &Fields,
    ) -> Result<Value, Failure> {
        let (calls, _) = self.declared(computed).await?;
        let argument = |name: &str| fields.get(name).map_or(Scalar::Null, scalar_of);
        let arguments = computed.arguments.iter().map(|it| argument(it.as_str())).collect();
        let value = calls.call(&computed.function, arguments).await.map_err(Failure::of)?;
        value_of(field, value)
    }

    /// The plugin of a function, and what it declares of it.
    async fn declared(
        &mut self,
        computed: &Computed,
    ) -> Result<(&mut Box<dyn FunctionCalls>, PluginFunction), Failure> {
        if !self.opened.contains_key(&computed.plugin) {
            let opened = self.app.plugins.functions(&computed.plugin).await;
            self.opened.insert(computed.plugin.clone(), opened);
        }
        let calls = match self.opened.get_mut(&computed.plugin) {
            Some(Ok(calls)) => calls,
            Some(Err(error)) => return Err(Failure::of(error.clone())),
            None => {
                return Err(Failure::unasked(format!("there is no plugin {}", computed.plugin)));
            }
        };
        let found = calls.functions().iter().find(|it| it.name == computed.function).cloned();
        let Some(declared) = found else {
            let names: Vec<&str> = calls.functions().iter().map(|it| it.name.as_str()).collect();
            let there = names.join(", ");
            return Err(Failure::unasked(format!(
                "the plugin has no such function; there are {there}"
            )));
        };
        if !declared.deterministic {
            let reason =
                "it is not deterministic, so that its value would not be the entry's".to_owned();
            return Err(Failure { code: "function-impure", reason, unasked: false });
        }
        Ok((calls, declared))
    }
}

impl Failure {
    fn of(error: FunctionError) -> Self {
        let reason = error.to_string();
        match error {
            FunctionError::Unknown { .. } => Self::unasked(reason),
            FunctionError::Failed(failure) => match failure.kind {
                PluginFailureKind::Unavailable
                | PluginFailureKind::Unusable
                | PluginFailureKind::Denied => Self::unasked(reason),
                _ => Self { code: "function-failed", reason, unasked: false },
            },
            FunctionError::Arguments(_) => Self { code: "function-type", reason, unasked: false },
            FunctionError::Refused(_) => Self { code: "function-refused", reason, unasked: false },
        }
    }

    fn unasked(reason: String) -> Self {
        Self { code: "function-missing", reason, unasked: true }
    }

    fn problem(self, field: &FieldDefinition, computed: &Computed) -> Problem {
        let (label, told, reason) = (&field.label, computed.told(), self.reason);
        let message = format!("{label} cannot be computed by {told}: {reason}");
        Problem::field(field.name.as_str(), self.code, message)
    }
}

fn scalar_of(value: &Value) -> Scalar {
    match value {
        Value::Bool(flag) => Scalar::Boolean(*flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Scalar::Integer(whole),
            (None, Some(number)) => Scalar::Number(number),
            (None, None) => Scalar::Null,
        },
        Value::String(text) => Scalar::Text(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => Scalar::Null,
    }
}

fn value_of(field: &FieldDefinition, value: Scalar) -> Result<Value, Failure> {
    let value = match value {
        Scalar::Null => return Ok(Value::Null),
        Scalar::Boolean(flag) => Some(Value::Bool(flag)),
        Scalar::Integer(whole) if field.kind == FieldKind::Number => {
            serde_json::Number::from_f64(whole as f64).map(Value::Number)
        }
        Scalar::Integer(whole) => Some(Value::from(whole)),
        Scalar::Number(number) => serde_json::Number::from_f64(number).map(Value::Number),
        Scalar::Text(text) => Some(Value::String(text)),
        Scalar::Bytes(_) => None,
    };
    value.ok_or_else(|| {
        let reason = "it gave bytes, or a number that is not finite".to_owned();
        Failure { code: "function-type", reason, unasked: false }
    })
}
