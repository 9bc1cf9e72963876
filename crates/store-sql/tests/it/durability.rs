//! What was acknowledged stays.

use std::sync::Arc;

use smartcms_app::ports::{EntryStore as _, LogLevel, LogLine, Outbox, PluginLog, WriteError};
use smartcms_domain::entries::Revision;
use smartcms_domain::events::EventKind;
use smartcms_testkit::builders::{at, changed, collection, created, draft, plugin};
use tokio::task::JoinSet;

use crate::Folder;

const TASKS: u128 = 32;
const WRITES_OF_A_TASK: u128 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_at_once_lose_nothing_and_answer_only_what_is_stored() {
    let folder = Folder::new().unwrap();
    let store = Arc::new(folder.open().unwrap());
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            for number in 0..WRITES_OF_A_TASK {
                let number = task * 1_000 + number;
                let entry = draft(&collection("posts"), number, &format!("entry-{number}"));
                store.write(created(&entry).into()).await.unwrap();
                assert_eq!(store.find(entry.id).await.unwrap(), Some(entry), "read after write");
            }
        });
    }
    tasks.join_all().await;
    let newest = Outbox::newest(&*store).await;
    assert_eq!(u128::from(newest.unwrap().0), TASKS * WRITES_OF_A_TASK, "an event for each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_saves_from_one_revision_exactly_one_wins() {
    let folder = Folder::new().unwrap();
    let store = Arc::new(folder.open().unwrap());
    let first = draft(&collection("posts"), 1, "a");
    store.write(created(&first).into()).await.unwrap();
    let mut tasks = JoinSet::new();
    for number in 0..i64::try_from(TASKS).unwrap() {
        let (store, first) = (Arc::clone(&store), first.clone());
        tasks.spawn(async move {
            let next = first.clone().publish(at(2_000 + number)).unwrap();
            match store.write(changed(&first, next, EventKind::EntryPublished).into()).await {
                Ok(()) => 1,
                Err(WriteError::Stale(_)) => 0,
                Err(other) => panic!("{other:?}"),
            }
        });
    }
    assert_eq!(tasks.join_all().await.into_iter().sum::<i32>(), 1);
    assert_eq!(store.find(first.id).await.unwrap().unwrap().revision, Revision::new(2));
    assert_eq!(store.revisions(first.id, None, 100).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_store_that_opens_again_has_everything_and_leaves_one_file() {
    let folder = Folder::new().unwrap();
    let store = folder.open().unwrap();
    let entry = draft(&collection("posts"), 1, "a");
    store.write(created(&entry).into()).await.unwrap();
    let line = LogLine {
        plugin: plugin("loud"),
        at: at(1),
        level: LogLevel::Warn,
        source: "host".to_owned(),
        text: "nobody waited for this line".to_owned(),
    };
    store.append(vec![line.clone()]);
    drop(store);
    let files = std::fs::read_dir(folder.path().parent().unwrap()).unwrap();
    let names: Vec<_> = files.map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["smartcms.db"], "the write-ahead log is folded in");

    let store = folder.open().unwrap();
    assert_eq!(store.find(entry.id).await.unwrap(), Some(entry));
    assert_eq!(PluginLog::newest(&store, &plugin("loud"), 10).await.unwrap(), [line]);
}

#[tokio::test]
async fn two_stores_on_one_file_see_each_others_writes() {
    let folder = Folder::new().unwrap();
    let (one, two) = (folder.open().unwrap(), folder.open().unwrap());
    let (a, b) = (draft(&collection("posts"), 1, "a"), draft(&collection("posts"), 2, "b"));
    let (first, second) =
        tokio::join!(one.write(created(&a).into()), two.write(created(&b).into()));
    first.unwrap();
    second.unwrap();
    assert_eq!(one.find(b.id).await.unwrap(), Some(b));
    assert_eq!(two.find(a.id).await.unwrap(), Some(a));
}
