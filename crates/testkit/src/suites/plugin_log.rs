//! The log of plugins.

use smartcms_app::ports::{LogLevel, LogLine, PluginLog};
use smartcms_domain::plugins::PluginId;

use crate::builders::{at, plugin};

/// The promises of [`PluginLog`].
pub async fn plugin_log(store: &dyn PluginLog) {
    let (loud, quiet) = (plugin("loud"), plugin("quiet"));
    assert_eq!(store.newest(&loud, 10).await.unwrap(), [], "nobody has said anything");
    let lines: Vec<LogLine> = (0..7).map(|number| line(&loud, number)).collect();
    let (first, last) = lines.split_at(3);
    store.append(first.to_vec());
    store.append(vec![line(&quiet, 100)]);
    store.append(last.to_vec());
    assert_eq!(store.newest(&loud, 10).await.unwrap(), lines, "in the order they were said");
    assert_eq!(store.newest(&loud, 2).await.unwrap(), lines.split_at(5).1, "the newest");
    assert_eq!(store.newest(&quiet, 10).await.unwrap(), [line(&quiet, 100)], "each its own");
}

fn line(plugin: &PluginId, number: usize) -> LogLine {
    LogLine {
        plugin: plugin.clone(),
        at: at(1_000),
        level: *LogLevel::ALL.get(number % LogLevel::ALL.len()).unwrap(),
        source: "stderr".to_owned(),
        text: format!("line {number}: „quoted“ '%_\u{0}"),
    }
}
