//! Telling plugins what happened: each hears its events in their order, and none waits for another plugin.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use smartcms_app::App;
use smartcms_app::events::{Delivered, deliver_events};
use smartcms_domain::plugins::PluginId;
use tokio::sync::Notify;
use tokio::task::{Id, JoinSet};
use tokio::time::MissedTickBehavior;

/// How soon an event of another process, or one whose pause is over, is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Delivers until the server ends. What is under way then is delivered again after the next start.
pub(crate) struct EventDeliverer {
    pub(crate) app: App,
    /// Notified of every event of this process.
    pub(crate) committed: Arc<Notify>,
}

impl EventDeliverer {
    pub(crate) async fn run(self) {
        let mut delivering = JoinSet::new();
        let mut busy: HashMap<Id, PluginId> = HashMap::new();
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                Some(ended) = delivering.join_next_with_id() => {
                    busy.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
                    continue;
                }
                () = self.committed.notified() => {}
                _ = look.tick() => {}
            }
            for plugin in self.app.plugins.listeners() {
                if !busy.values().any(|it| *it == plugin) {
                    let task = delivering.spawn(deliver(self.app.clone(), plugin.clone()));
                    busy.insert(task.id(), plugin);
                }
            }
        }
    }
}

/// Tells one plugin of everything that waits.
async fn deliver(app: App, plugin: PluginId) {
    loop {
        match deliver_events(&app, &plugin).await {
            Ok(Delivered::More) => {}
            Ok(Delivered::UpToDate | Delivered::PutOff) => return,
            Err(error) => {
                tracing::warn!(error = %error.source, plugin.id = %plugin, "could not deliver events");
                return;
            }
        }
    }
}
