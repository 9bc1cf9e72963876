//! Files by digest.

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
}
