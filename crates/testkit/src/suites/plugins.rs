//! The registry of plugins.

use bytes::Bytes;
use smartcms_app::ports::{
    Digest, EventCursor, KeySpace, KeyValueQuota, KeyValueStore, LogLevel, LogLine, Outbox,
    PluginLog, PluginRecord, PluginStore, ReplacedVersion,
};

use crate::builders::{at, grants, plugin};

/// The promises of [`PluginStore`], also of what goes with a plugin.
pub async fn plugins<S>(store: &S)
where
    S: PluginStore + KeyValueStore + PluginLog + Outbox,
{
    a_record_is_read_back_and_replaced(store).await;
    a_version_that_was_replaced_comes_back(store).await;
    a_plugin_that_goes_takes_its_things_along(store).await;
}

async fn a_record_is_read_back_and_replaced(store: &dyn PluginStore) {
    let (second, first) = (record("toc"), record("reading-time"));
    let before = store.generation().await.unwrap();
    store.save(second.clone()).await.unwrap();
    store.save(first.clone()).await.unwrap();
    assert_eq!(store.list().await.unwrap(), [first.clone(), second.clone()], "sorted by id");
    let saved = store.generation().await.unwrap();
    assert!(saved > before, "a change is seen by its generation");

    let fewer = PluginRecord {
        enabled: false,
        grants: grants(&["fs=./with space:/it's:ro"]),
        version: "2.0.0".to_owned(),
        ..second.clone()
    };
    store.save(fewer.clone()).await.unwrap();
    assert!(store.generation().await.unwrap() > saved);
    assert_eq!(store.find(&fewer.id).await.unwrap(), Some(fewer), "no grant of before is left");
    assert_eq!(store.find(&plugin("unknown")).await.unwrap(), None);
    for id in [first.id, second.id] {
        assert!(store.remove(&id).await.unwrap());
    }
}

async fn a_version_that_was_replaced_comes_back(store: &dyn PluginStore) {
    let old = record("replaced");
    let new = PluginRecord {
        version: "1.1.0".to_owned(),
        digest: Digest::of(b"1.1.0"),
        grants: grants(&["kv"]),
        ..old.clone()
    };
    let id = old.id.clone();
    store.save(old.clone()).await.unwrap();
    assert_eq!(store.replaced(&id).await.unwrap(), None);
    assert_eq!(store.roll_back(&id, old.digest).await.unwrap(), None, "nothing was replaced");

    let before = store.generation().await.unwrap();
    store.upgrade(new.clone(), old.clone()).await.unwrap();
    assert!(store.generation().await.unwrap() > before);
    assert_eq!(store.find(&id).await.unwrap(), Some(new.clone()));
    let kept = |on_trial| Some(ReplacedVersion { record: old.clone(), on_trial });
    assert_eq!(store.replaced(&id).await.unwrap(), kept(true));
    store.end_trial(&id, old.digest).await.unwrap();
    assert_eq!(store.replaced(&id).await.unwrap(), kept(true), "another version is on trial");
    store.end_trial(&id, new.digest).await.unwrap();
    assert_eq!(store.replaced(&id).await.unwrap(), kept(false));

    assert_eq!(store.roll_back(&id, old.digest).await.unwrap(), None, "another is in force");
    assert_eq!(store.roll_back(&id, new.digest).await.unwrap(), Some(old.clone()));
    assert_eq!(store.find(&id).await.unwrap(), Some(old.clone()), "its grants are back");
    assert_eq!(store.roll_back(&id, old.digest).await.unwrap(), None, "only once");

    store.upgrade(new.clone(), old.clone()).await.unwrap();
    let other = PluginRecord { digest: Digest::of(b"other"), ..new };
    store.save(other.clone()).await.unwrap();
    assert_eq!(store.replaced(&id).await.unwrap(), None, "it was not that one which replaced it");
    assert_eq!(store.roll_back(&id, other.digest).await.unwrap(), None);
    assert!(store.remove(&id).await.unwrap());
    store.save(other.clone()).await.unwrap();
    assert_eq!(store.replaced(&id).await.unwrap(), None);
    store.remove(&id).await.unwrap();
}

async fn a_plugin_that_goes_takes_its_things_along<S>(store: &S)
where
    S: PluginStore + KeyValueStore + PluginLog + Outbox,
{
    let visits = record("visits");
    let id = visits.id.clone();
    let space = KeySpace { plugin: id.clone(), bucket: "b".to_owned() };
    let quota = KeyValueQuota { keys_max: 1, bytes_max: 10 };
    let value = vec![("k".to_owned(), Some(Bytes::from_static(b"v")))];
    store.save(visits.clone()).await.unwrap();
    store.apply(&space, value.clone(), quota).await.unwrap();
    store.advance(&id, EventCursor(3), None).await.unwrap();
    store.append(vec![LogLine {
        plugin: id.clone(),
        at: at(1),
        level: LogLevel::Info,
        source: "stdout".to_owned(),
        text: "hello".to_owned(),
    }]);
    assert_eq!(PluginLog::newest(store, &id, 5).await.unwrap().len(), 1);

    let before = store.generation().await.unwrap();
    assert!(store.remove(&id).await.unwrap());
    assert!(store.generation().await.unwrap() > before);
    assert!(!store.remove(&id).await.unwrap(), "it is gone");
    assert_eq!(store.get(&space, "k").await.unwrap(), None);
    assert_eq!(store.heard(&id).await.unwrap(), None);
    assert_eq!(PluginLog::newest(store, &id, 5).await.unwrap(), []);

    store.save(visits).await.unwrap();
    let other = KeySpace { bucket: "other".to_owned(), ..space };
    store.apply(&other, value, quota).await.expect("the quota of one that comes back is whole");
    store.remove(&id).await.unwrap();
}

pub(super) fn record(id: &str) -> PluginRecord {
    PluginRecord {
        id: plugin(id),
        name: format!("Plugin {id}"),
        version: "1.0.0".to_owned(),
        digest: Digest::of(id.as_bytes()),
        enabled: true,
        grants: grants(&["kv", "content:read=posts,pages:drafts"]),
        settings: r#"{"words_per_minute":200}"#.to_owned(),
        added_at: at(1_000),
    }
}
