//! Functions as queries call them: on the query's thread, which may wait.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use smartcms_app::ports::{
    FunctionCalls, FunctionError, FunctionsAtOnce, LoadedModule, ModuleFunctions, PluginFunction,
    QueryFunction, RowCall, Scalar, ScalarType,
};
use tokio::runtime::Handle;

use crate::module_functions::ModuleFunctionHost;

/// The functions of one plugin for one connection, behind all names that they have in queries.
type Shared = Arc<Mutex<Calls>>;

/// The two ways of a call.
enum Calls {
    AtOnce(Box<dyn FunctionsAtOnce>),
    /// Of a plugin whose calls may have to be awaited.
    Awaited(Box<dyn FunctionCalls>, Handle),
}

/// Makes modules ready on a runtime's threads; who asks waits, so that it may be no thread of the runtime.
pub struct ModulesForQueries {
    host: ModuleFunctionHost,
    threads: Handle,
}

/// Every function of these plugins by its name with its plugin's, and by its own where no other plugin has one like it;
/// with what was declared of it. They are called on a thread that may wait for the runtime, and none of its own.
#[must_use]
pub fn query_functions(
    libraries: Vec<Box<dyn FunctionCalls>>,
    threads: &Handle,
) -> Vec<(QueryFunction, PluginFunction)> {
    let declared: Vec<Vec<PluginFunction>> =
        libraries.iter().map(|it| it.functions().to_vec()).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for function in declared.iter().flatten() {
        *count.entry(&function.name).or_default() += 1;
    }
    let mut found = Vec::new();
    for (calls, functions) in libraries.into_iter().zip(&declared) {
        let calls: Shared = Arc::new(Mutex::new(Calls::of(calls, threads)));
        for (at, function) in functions.iter().enumerate() {
            let is_alone = count.get(function.name.as_str()) == Some(&1);
            let short = is_alone.then(|| function.name.clone());
            for name in short.into_iter().chain([qualified(function)]) {
                let call = row_call(Arc::clone(&calls), at, function.clone());
                found.push((query_function(name, function, call), function.clone()));
            }
        }
    }
    found
}

/// The name that always works: `PLUGIN__function`.
fn qualified(function: &PluginFunction) -> String {
    format!("{}__{}", function.plugin.as_str().replace('-', "_"), function.name)
}

fn query_function(name: String, function: &PluginFunction, call: RowCall) -> QueryFunction {
    QueryFunction {
        name,
        origin: function.plugin.to_string(),
        signature: function.signature(),
        parameters: function.parameters.iter().map(|(_, it)| *it).collect(),
        deterministic: function.deterministic,
        call,
    }
}

impl Calls {
    fn of(calls: Box<dyn FunctionCalls>, threads: &Handle) -> Self {
        match calls.at_once() {
            Some(at_once) => Self::AtOnce(at_once),
            None => Self::Awaited(calls, threads.clone()),
        }
    }

    fn call(
        &mut self,
        at: usize,
        function: &PluginFunction,
        arguments: Vec<Scalar>,
    ) -> Result<Scalar, FunctionError> {
        match self {
            Self::AtOnce(calls) => calls.call(at, arguments),
            Self::Awaited(calls, threads) => {
                to_its_end(threads, calls.call(&function.name, arguments))
            }
        }
    }
}

fn row_call(calls: Shared, at: usize, function: PluginFunction) -> RowCall {
    Box::new(move |mut arguments| {
        for (argument, (_, wanted)) in arguments.iter_mut().zip(&function.parameters) {
            // SQL has no truth values, it has 0 and 1.
            if let (Scalar::Integer(flag @ (0 | 1)), ScalarType::Boolean) = (&*argument, wanted) {
                *argument = Scalar::Boolean(*flag == 1);
            }
        }
        let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.call(at, &function, arguments).map_err(|error| {
            format!("the function {} of the plugin {}: {error}", function.name, function.plugin)
        })
    })
}

/// Waits for a call. Nearly all end where they began, so that they are asked once before anybody waits.
fn to_its_end<T>(threads: &Handle, mut call: Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
    match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => threads.block_on(call),
    }
}

impl ModulesForQueries {
    /// Makes modules ready on these threads.
    #[must_use]
    pub fn new(host: ModuleFunctionHost, threads: Handle) -> Self {
        Self { host, threads }
    }
}

impl ModuleFunctions for ModulesForQueries {
    fn load(&self, name: &str, body: &[u8]) -> Result<LoadedModule, String> {
        let loaded = self.threads.block_on(self.host.load(name, body));
        let mut function = loaded.map_err(|error| error.to_string())?;
        let (signature, parameters) = (function.signature(), function.parameters());
        let call: RowCall =
            Box::new(move |arguments| function.call(&arguments).map_err(|it| it.to_string()));
        Ok(LoadedModule { signature, parameters, call })
    }
}
