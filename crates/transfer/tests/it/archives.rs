//! Archives that want out of their folder, or to fill the disk.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::Path;

use smartcms_transfer::{SourceError, open_folder, open_wxr, unpack};
use zip::write::SimpleFileOptions;

fn zip_of(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap();
}

/// A tar with names as they are: the library itself would refuse to write some.
fn tar_of(path: &Path, files: &[(&str, tar::EntryType, &[u8])]) {
    let mut tar = tar::Builder::new(File::create(path).unwrap());
    for (name, kind, content) in files {
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        if kind.is_symlink() || kind.is_hard_link() {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        tar.append(&header, Cursor::new(content)).unwrap();
    }
    tar.finish().unwrap();
}

#[track_caller]
fn refused(make: impl FnOnce(&Path), words: &str) {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("archive");
    make(&archive);
    let staging = folder.path().join("inner/staging");
    fs::create_dir_all(&staging).unwrap();
    let error = unpack(&archive, &staging).unwrap_err();
    assert!(!matches!(error, SourceError::Read { .. }), "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert!(error.to_string().contains("archive"), "{error}");
    let outside: Vec<_> = fs::read_dir(folder.path().join("inner")).unwrap().collect();
    assert_eq!(outside.len(), 1, "something left the folder");
}

#[test]
fn no_name_leads_out_of_the_folder() {
    for name in ["../evil.md", "a/../../evil.md", "/tmp/evil.md", "..\\evil.md"] {
        refused(|path| tar_of(path, &[(name, tar::EntryType::Regular, b"x")]), "leads out");
    }
    refused(|path| zip_of(path, &[("../evil.md", b"x")]), "leads out");
}

#[test]
fn links_are_refused() {
    refused(
        |path| tar_of(path, &[("a", tar::EntryType::Symlink, b"")]),
        "neither a file nor a folder",
    );
    refused(
        |path| tar_of(path, &[("a", tar::EntryType::Link, b"")]),
        "neither a file nor a folder",
    );
    for device in [tar::EntryType::Char, tar::EntryType::Block, tar::EntryType::Fifo] {
        refused(|path| tar_of(path, &[("a", device, b"")]), "neither a file nor a folder");
    }
    refused(
        |path| {
            let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
            zip.add_symlink("a", "/etc/passwd", SimpleFileOptions::default()).unwrap();
            zip.finish().unwrap();
        },
        "the link `a`",
    );
}

#[test]
fn no_name_comes_twice() {
    let regular = tar::EntryType::Regular;
    refused(|path| tar_of(path, &[("a.md", regular, b"x"), ("./a.md", regular, b"y")]), "twice");
    refused(|path| zip_of(path, &[("a.md", b"x"), ("A.md", b"y")]), "twice");
    refused(
        |path| {
            // The same name twice in the bytes themselves: the library does not write such an archive.
            zip_of(path, &[("aa.md", b"x"), ("ab.md", b"y")]);
            let bytes = fs::read(path).unwrap();
            let text: Vec<u8> =
                bytes.windows(5).enumerate().fold(bytes.clone(), |mut text, (at, it)| {
                    if it == b"ab.md" {
                        text[at + 1] = b'a';
                    }
                    text
                });
            fs::write(path, text).unwrap();
        },
        "twice",
    );
}

#[test]
fn a_bomb_is_stopped_while_it_unpacks() {
    let zeros = vec![0_u8; 80 * 1024 * 1024];
    refused(|path| zip_of(path, &[("bomb.md", &zeros)]), "the limit is");
    refused(
        |path| {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            let plain = path.with_extension("tar");
            tar_of(&plain, &[("bomb.md", tar::EntryType::Regular, &zeros)]);
            gzip.write_all(&fs::read(&plain).unwrap()).unwrap();
            fs::write(path, gzip.finish().unwrap()).unwrap();
        },
        "the limit is",
    );
}

#[test]
fn a_damaged_archive_is_refused() {
    refused(|path| fs::write(path, b"PK\x03\x04 nothing").unwrap(), "damaged");
    refused(|path| fs::write(path, b"\x1f\x8b nothing").unwrap(), "damaged");
}

#[test]
fn a_good_archive_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("site.zip");
    zip_of(&archive, &[("blog-main/content/posts/a.md", b"---\ntitle: A\n---\nx\n")]);
    let staging = folder.path().join("staging");
    fs::create_dir(&staging).unwrap();
    open_folder(&archive, &staging).unwrap();
    let archive = folder.path().join("wordpress.zip");
    zip_of(&archive, &[("readme.txt", b"x")]);
    let staging = folder.path().join("other");
    fs::create_dir(&staging).unwrap();
    let error = open_wxr(&archive, &staging).unwrap_err().to_string();
    assert!(error.contains("no .xml file"), "{error}");
}
