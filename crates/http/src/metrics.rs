//! `GET /metrics`: what the plugins did and how far the measuring of meanings is, in the text format of Prometheus.
//!
//! For the bearer of any token, a viewer's suffices: it tells the ids of plugins and how much they do, nothing of content.

use std::fmt::Write;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use smartcms_app::App;
use smartcms_app::meaning::{MeaningStatus, meaning_status};
use smartcms_app::ports::{PluginCondition, PluginMeasures, PluginReport, TIME_BOUNDS_US};

use crate::caller::Caller;
use crate::problem::HttpProblem;
use crate::reply;

const MEDIA_TYPE: HeaderValue =
    HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// A counter: its name, what it counts, and how it is read.
type Counter = (&'static str, &'static str, fn(&PluginMeasures) -> u64);

const COUNTERS: [Counter; 7] = [
    ("calls_total", "Calls that ended, however they did.", |it| it.calls),
    ("host_calls_total", "Host functions called that do work.", |it| it.host_calls),
    ("traps_total", "Calls that ended in a trap.", |it| it.traps),
    ("timeouts_total", "Calls that passed their time.", |it| it.timeouts),
    ("limit_hits_total", "Calls that passed another limit.", |it| it.limits),
    ("denials_total", "Calls and requests that lacked a grant.", |it| it.denials),
    ("turned_away_total", "Calls not made: paused, busy, or over a budget.", |it| it.turned_away),
];

pub(crate) async fn plugins(
    State(app): State<App>,
    caller: Caller,
) -> Result<Response, HttpProblem> {
    caller.require_credentials()?;
    let mut text = text(&app.plugins.reports());
    match meaning_status(&app).await {
        Ok(status) => add_meaning(&mut text, &status),
        Err(error) => tracing::warn!(%error, "the metrics say nothing of meanings"),
    }
    let mut response = reply::whole(StatusCode::OK, MEDIA_TYPE, Bytes::from(text));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Every metric of every plugin. Ids of plugins need no escaping, and writing to a string cannot fail.
fn text(reports: &[PluginReport]) -> String {
    let mut text = String::new();
    for (name, help, read) in COUNTERS {
        begin(&mut text, name, help, "counter");
        for it in reports {
            line(&mut text, name, it, read(&it.measures));
        }
    }
    begin(&mut text, "memory_peak_bytes", "The most memory that one call had.", "gauge");
    for it in reports {
        line(&mut text, "memory_peak_bytes", it, it.measures.memory_peak_bytes);
    }
    begin(&mut text, "ready", "Whether it can be called: not paused, not unusable.", "gauge");
    for it in reports {
        line(&mut text, "ready", it, u64::from(it.condition == PluginCondition::Ready));
    }
    begin(&mut text, "call_duration_seconds", "How long calls took.", "histogram");
    for it in reports {
        histogram(&mut text, it);
    }
    text
}

/// How far the measuring is.
fn add_meaning(text: &mut String, status: &MeaningStatus) {
    let MeaningStatus { model, counts, measured, unchanged, failures } = status;
    for (name, kind, help, value) in [
        ("entries", "gauge", "Public entries that are measured.", counts.entries),
        ("vectors", "gauge", "Vectors of these entries.", counts.vectors),
        ("waiting", "gauge", "Entries that wait to be measured.", counts.waiting),
        ("measured_total", "counter", "Entries that were measured.", *measured),
        ("unchanged_total", "counter", "Entries whose text was the same.", *unchanged),
        ("failures_total", "counter", "Times that nothing could be measured.", *failures),
    ] {
        let _ = writeln!(text, "# HELP smartcms_meaning_{name} {help}");
        let _ = writeln!(text, "# TYPE smartcms_meaning_{name} {kind}");
        // Names of models have no control characters; these two have a meaning here.
        let model = model.replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "smartcms_meaning_{name}{{model=\"{model}\"}} {value}");
    }
}

fn begin(text: &mut String, name: &str, help: &str, kind: &str) {
    let _ = writeln!(text, "# HELP smartcms_plugin_{name} {help}");
    let _ = writeln!(text, "# TYPE smartcms_plugin_{name} {kind}");
}

fn line(text: &mut String, name: &str, of: &PluginReport, value: u64) {
    let _ = writeln!(text, "smartcms_plugin_{name}{{plugin=\"{}\"}} {value}", of.plugin);
}

fn histogram(text: &mut String, of: &PluginReport) {
    let (name, plugin) = ("smartcms_plugin_call_duration_seconds", &of.plugin);
    let mut counted = 0;
    for (bound, count) in TIME_BOUNDS_US.iter().zip(&of.measures.times) {
        counted += count;
        let bound = seconds(*bound);
        let _ = writeln!(text, "{name}_bucket{{plugin=\"{plugin}\",le=\"{bound}\"}} {counted}");
    }
    let all: u64 = of.measures.times.iter().sum();
    let sum = seconds(of.measures.time_us);
    let _ = writeln!(text, "{name}_bucket{{plugin=\"{plugin}\",le=\"+Inf\"}} {all}");
    let _ = writeln!(text, "{name}_sum{{plugin=\"{plugin}\"}} {sum}");
    let _ = writeln!(text, "{name}_count{{plugin=\"{plugin}\"}} {all}");
}

/// Microseconds as seconds, exactly.
fn seconds(microseconds: u64) -> String {
    format!("{}.{:06}", microseconds / 1_000_000, microseconds % 1_000_000)
}

#[cfg(test)]
mod tests {
    use smartcms_domain::plugins::PluginId;

    use super::{PluginCondition, PluginMeasures, PluginReport, text};

    #[test]
    fn a_plugin_is_told_with_every_count_and_its_times_add_up() {
        let mut times = vec![0; 17];
        (times[0], times[4], times[16]) = (2, 1, 1);
        let measures = PluginMeasures {
            calls: 4,
            time_us: 1_500_000,
            times,
            traps: 3,
            ..PluginMeasures::default()
        };
        let plugin = PluginId::parse("toc").unwrap();
        let condition = PluginCondition::Paused("it failed".to_owned());
        let text = text(&[PluginReport { plugin, condition, measures }]);
        for line in [
            "# TYPE smartcms_plugin_calls_total counter",
            "smartcms_plugin_calls_total{plugin=\"toc\"} 4",
            "smartcms_plugin_traps_total{plugin=\"toc\"} 3",
            "smartcms_plugin_ready{plugin=\"toc\"} 0",
            "smartcms_plugin_call_duration_seconds_bucket{plugin=\"toc\",le=\"0.000050\"} 2",
            "smartcms_plugin_call_duration_seconds_bucket{plugin=\"toc\",le=\"0.001000\"} 3",
            "smartcms_plugin_call_duration_seconds_bucket{plugin=\"toc\",le=\"+Inf\"} 4",
            "smartcms_plugin_call_duration_seconds_sum{plugin=\"toc\"} 1.500000",
            "smartcms_plugin_call_duration_seconds_count{plugin=\"toc\"} 4",
        ] {
            assert!(text.lines().any(|it| it == line), "no {line} in {text}");
        }
    }
}
