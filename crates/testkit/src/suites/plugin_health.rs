//! How plugins are, told between processes.

use smartcms_app::ports::{
    PluginCondition, PluginHealthStore, PluginMeasures, PluginReport, PluginStore,
};
use uuid::Uuid;

use super::plugins::record;
use crate::builders::{at, plugin};

const FIRST: Uuid = Uuid::from_u128(0x4e_0001);
const SECOND: Uuid = Uuid::from_u128(0x4e_0002);

/// The promises of [`PluginHealthStore`].
pub async fn plugin_health<S: PluginHealthStore + PluginStore>(store: &S) {
    a_process_replaces_its_own_reports_and_old_ones_go(store).await;
    wishes_are_kept_until_they_are_heard(store).await;
}

fn report(id: &str, calls: u64, condition: PluginCondition) -> PluginReport {
    let times = vec![calls, 0, 1];
    let measures = PluginMeasures { calls, times, traps: 1, ..PluginMeasures::default() };
    PluginReport { plugin: plugin(id), condition, measures }
}

async fn a_process_replaces_its_own_reports_and_old_ones_go<S>(store: &S)
where
    S: PluginHealthStore + PluginStore,
{
    let paused = || PluginCondition::Paused("it failed".to_owned());
    let unusable = PluginCondition::Unusable("it lacks kv".to_owned());
    let send = async |process, time, reports: &[PluginReport], before| {
        store.report(process, at(time), reports.to_vec(), at(before)).await.unwrap();
    };
    let first = [report("sick", 1, paused()), report("well", 2, PluginCondition::Ready)];
    send(FIRST, 1_000, &first, 0).await;
    assert_eq!(store.reports(at(1_000)).await.unwrap(), first);
    assert_eq!(store.reports(at(1_001)).await.unwrap(), [], "they are older");
    let fewer = [report("sick", 7, unusable)];
    send(FIRST, 2_000, &fewer, 0).await;
    assert_eq!(store.reports(at(0)).await.unwrap(), fewer, "in the place of the earlier ones");
    let other = [report("sick", 3, paused())];
    send(SECOND, 3_000, &other, 0).await;
    assert_eq!(store.reports(at(0)).await.unwrap().len(), 2, "each process has its own");
    send(SECOND, 4_000, &other, 2_001).await;
    assert_eq!(store.reports(at(0)).await.unwrap(), other, "the first process is gone");
    store.save(record("sick")).await.unwrap();
    assert!(store.remove(&plugin("sick")).await.unwrap());
    assert_eq!(store.reports(at(0)).await.unwrap(), [], "they go with their plugin");
}

async fn wishes_are_kept_until_they_are_heard(store: &dyn PluginHealthStore) {
    let (one, two) = (plugin("resumed"), plugin("resumed-too"));
    store.ask_to_resume(&two, at(5_000)).await.unwrap();
    store.ask_to_resume(&one, at(5_001)).await.unwrap();
    let both = [(two.clone(), at(5_000)), (one.clone(), at(5_001))];
    assert_eq!(store.resumptions(at(4_999)).await.unwrap(), both, "the oldest first");
    assert_eq!(store.resumptions(at(5_000)).await.unwrap(), both.split_at(1).1);
    store.ask_to_resume(&two, at(5_002)).await.unwrap();
    assert_eq!(store.resumptions(at(5_001)).await.unwrap(), [(two, at(5_002))]);
}
