//! The adapters of files by digest.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use bytes::Bytes;
use smartcms_app::ports::{BlobStore as _, Digest};
use smartcms_blob::{FolderBlobs, MemoryBlobs};
use smartcms_testkit::suites;

#[tokio::test]
async fn memory_passes_the_suite() {
    suites::blobs(&MemoryBlobs::default()).await;
}

#[tokio::test]
async fn a_folder_passes_the_suite() {
    let folder = tempfile::tempdir().unwrap();
    suites::blobs(&FolderBlobs::new(folder.path().join("not/yet/there"))).await;
}

#[tokio::test]
async fn a_damaged_file_is_an_error_that_names_it_and_is_mended_by_storing_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FolderBlobs::new(folder.path());
    let bytes = Bytes::from_static(b"\0asm and the rest");
    let digest = blobs.put(bytes.clone()).await.unwrap();
    let path = blobs.path(&digest);
    fs::write(&path, b"\0asm and the rust").unwrap();

    let error = blobs.get(&digest).await.unwrap_err();
    assert_eq!(error.to_string(), format!("could not read the file {}", path.display()));
    assert!(error.source.to_string().contains("do not have the digest"), "{}", error.source);

    blobs.put(bytes.clone()).await.unwrap();
    assert_eq!(blobs.get(&digest).await.unwrap(), Some(bytes));
}

#[tokio::test]
async fn a_file_is_for_its_owner_alone_and_nothing_is_left_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = FolderBlobs::new(folder.path());
    let digest = blobs.put(Bytes::from_static(b"secret")).await.unwrap();
    blobs.put(Bytes::from_static(b"secret")).await.unwrap();
    let path = blobs.path(&digest);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("blobs");
    fs::write(&in_the_way, b"a file, not a folder").unwrap();
    let blobs = FolderBlobs::new(&in_the_way);
    let error = blobs.put(Bytes::from_static(b"x")).await.unwrap_err();
    assert!(error.to_string().contains("could not store the file"), "{error}");
    assert!(blobs.get(&Digest::of(b"x")).await.is_err());
}
