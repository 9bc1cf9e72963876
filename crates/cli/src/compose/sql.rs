//! SQL over a site: the store asks, the plugin host answers for each row.

use std::sync::Arc;

use smartcms_app::App;
use smartcms_app::ports::{FunctionCalls, PluginFunction};
use smartcms_plugin_host::{ModulesForQueries, query_functions};
use smartcms_store_sql::{ConsoleParts, SqlConsole, SqlLimits};
use tokio::runtime::Handle;

use super::{DATABASE_NAME, Running, SQL_NAME, open_running};
use crate::args::Folders;

/// A console, and what plugins brought to it.
pub(crate) struct OpenConsole {
    pub(crate) console: SqlConsole,
    /// With the names that they have in queries.
    pub(crate) brought: Vec<(String, PluginFunction)>,
    /// The operations that plugins stand on; kept while the console is used.
    _app: App,
}

/// Opens SQL over a site. What it answers is to be used on a thread that may wait.
pub(crate) async fn open_console(
    folders: &Folders,
    limits: SqlLimits,
    writes: bool,
) -> anyhow::Result<OpenConsole> {
    let (operator, Running { host, .. }) = open_running(folders).await?;
    let (app, threads) = (operator.app, Handle::current());
    let mut functions = query_functions(libraries(&app).await, &threads);
    let brought = functions.iter().map(|(it, declared)| (it.name.clone(), declared.clone()));
    let brought = brought.collect();
    let data = folders.data();
    let console = SqlConsole::open(ConsoleParts {
        site: &data.join(DATABASE_NAME),
        own: &data.join(SQL_NAME),
        collections: &app.collections.all(),
        functions: functions.drain(..).map(|(it, _)| it).collect(),
        modules: Arc::new(ModulesForQueries::new(host.module_functions(), threads)),
        limits,
        writes,
    })?;
    Ok(OpenConsole { console, brought, _app: app })
}

/// Every plugin's functions. One that cannot be called is left out, and the operator told.
async fn libraries(app: &App) -> Vec<Box<dyn FunctionCalls>> {
    let mut found = Vec::new();
    for id in app.plugins.function_libraries() {
        match app.plugins.functions(&id).await {
            Ok(calls) => found.push(calls),
            Err(error) => {
                tracing::warn!(plugin.id = %id, "its functions are missing in SQL: {error}");
            }
        }
    }
    found
}
