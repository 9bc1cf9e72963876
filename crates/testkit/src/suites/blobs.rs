//! Files by digest.

use std::io::{Read, Seek, SeekFrom};

use bytes::Bytes;
use smartcms_app::ports::{BlobStore, Digest};

/// The promises of [`BlobStore`].
pub async fn blobs(store: &dyn BlobStore) {
    let bytes = Bytes::from_static(b"\0asm and the rest");
    assert_eq!(store.get(&Digest::of(&bytes)).await.unwrap(), None, "nothing is stored yet");
    let digest = store.put(bytes.clone()).await.unwrap();
    assert_eq!(digest, Digest::of(&bytes));
    assert_eq!(store.put(bytes.clone()).await.unwrap(), digest, "the same bytes, once more");
    assert_eq!(store.get(&digest).await.unwrap(), Some(bytes));
    let empty = store.put(Bytes::new()).await.unwrap();
    assert_eq!(store.get(&empty).await.unwrap(), Some(Bytes::new()), "no bytes are bytes too");
    what_comes_in_pieces_is_read_in_pieces(store).await;
    what_is_removed_is_gone(store).await;
}

async fn what_comes_in_pieces_is_read_in_pieces(store: &dyn BlobStore) {
    // Larger than what adapters hold back in memory, and not a multiple of it.
    let bytes: Vec<u8> = (0..1_300_001_u32).map(|it| u8::try_from(it % 251).unwrap()).collect();
    let (first, second) = bytes.split_at(700_003);
    let mut staged = store.stage().await.unwrap();
    for chunk in first.chunks(60_000) {
        staged.write(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    staged.writer().write_all(second).unwrap();
    assert_eq!(staged.bytes_len(), bytes.len() as u64);
    assert_eq!(staged.digest(), Digest::of(&bytes));
    let mut reader = staged.reader().unwrap();
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert!(read == bytes, "a staged file is read back whole");
    reader.seek(SeekFrom::Start(1_200_000)).unwrap();
    read.clear();
    reader.read_to_end(&mut read).unwrap();
    assert!(read == bytes.split_at(1_200_000).1, "and from any place");

    let digest = Digest::of(&bytes);
    assert_eq!(store.get(&digest).await.unwrap(), None, "not stored before it is kept");
    assert_eq!(store.keep(staged).await.unwrap(), digest);
    let stored = store.open(&digest).await.unwrap().unwrap();
    assert_eq!(stored.bytes_len(), bytes.len() as u64);
    assert!(stored.read_at(10, 5).await.unwrap() == bytes.get(10..15).unwrap());
    assert!(stored.read_at(1_300_000, 10).await.unwrap() == bytes.split_at(1_300_000).1);
    assert!(stored.read_at(u64::MAX / 2, 10).await.unwrap().is_empty(), "none at the end");
    read.clear();
    stored.reader().unwrap().read_to_end(&mut read).unwrap();
    assert!(read == bytes);
    assert!(store.open(&Digest::of(b"nowhere")).await.unwrap().is_none());
}

async fn what_is_removed_is_gone(store: &dyn BlobStore) {
    let digest = store.put(Bytes::from_static(b"for a moment")).await.unwrap();
    assert!(store.remove(&digest).await.unwrap());
    assert!(!store.remove(&digest).await.unwrap(), "it is gone");
    assert_eq!(store.get(&digest).await.unwrap(), None);
}
