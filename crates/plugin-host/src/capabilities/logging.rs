//! `wasi:logging` into the plugin's log, and `wasi:config` from its settings: always there, as both reach
//! nothing but the plugin's own.

use smartcms_app::ports::LogLevel;
use wasmtime::component::{HasSelf, Linker};

use self::bindings::wasi::config::store;
use self::bindings::wasi::logging::logging;
use crate::state::GuestState;

mod bindings {
    wasmtime::component::bindgen!({
        path: ["../../wit/deps/logging", "../../wit/deps/config"],
        inline: "
            package smartcms:host-own;
            world host {
                import wasi:logging/logging@0.1.0-draft;
                import wasi:config/store@0.2.0-rc.1;
            }
        ",
        world: "smartcms:host-own/host",
        imports: { default: trappable },
    });
}

/// Links `wasi:logging`.
pub(crate) fn add_logging(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    logging::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

/// Links `wasi:config`.
pub(crate) fn add_config(linker: &mut Linker<GuestState>) -> wasmtime::Result<()> {
    store::add_to_linker::<_, HasSelf<GuestState>>(linker, |state| state)
}

impl logging::Host for GuestState {
    fn log(
        &mut self,
        level: logging::Level,
        context: String,
        message: String,
    ) -> wasmtime::Result<()> {
        self.count_host_call()?;
        let level = match level {
            logging::Level::Trace | logging::Level::Debug => LogLevel::Debug,
            logging::Level::Info => LogLevel::Info,
            logging::Level::Warn => LogLevel::Warn,
            logging::Level::Error | logging::Level::Critical => LogLevel::Error,
        };
        // The names of other sources are the host's and the streams' own.
        let taken = matches!(context.as_str(), "" | "host" | "stdout" | "stderr");
        let source = if taken { format!("log {context}").trim().to_owned() } else { context };
        for line in message.lines() {
            GuestState::log(self).line(level, &source, line);
        }
        Ok(())
    }
}

impl store::Host for GuestState {
    fn get(&mut self, key: String) -> wasmtime::Result<Result<Option<String>, store::Error>> {
        self.count_host_call()?;
        Ok(settings(self).map(|all| all.into_iter().find(|it| it.0 == key).map(|it| it.1)))
    }

    fn get_all(&mut self) -> wasmtime::Result<Result<Vec<(String, String)>, store::Error>> {
        self.count_host_call()?;
        Ok(settings(self))
    }
}

/// Texts as they are, everything else as JSON.
fn settings(state: &GuestState) -> Result<Vec<(String, String)>, store::Error> {
    let parsed: Result<serde_json::Map<String, serde_json::Value>, _> =
        serde_json::from_str(&state.profile().settings);
    let settings = parsed
        .map_err(|_| store::Error::Upstream("the settings are not a JSON object".to_owned()))?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(settings.into_iter().map(|(key, value)| (key, text(value))).collect())
}
