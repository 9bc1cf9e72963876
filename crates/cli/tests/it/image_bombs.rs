//! Images that are small as files and would be huge in memory: a real server refuses them, and stays small.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};
use serde_json::Value;

use crate::support::client::{Answer, Client, Request};
use crate::support::server::Server;
use crate::support::site::Site;

const MIB: usize = 1024 * 1024;
/// How much more memory a server may ever have had for a bomb, in bytes: far less than any of them wants.
const EXTRA_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A chunk of a PNG. Its checksum is not looked at before what is wrong is found.
fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(body);
    let len = u32::try_from(body.len()).unwrap();
    [&len.to_be_bytes(), kind.as_slice(), body, &crc.sum().to_be_bytes()].concat()
}

fn png(width: u32, height: u32, chunks: &[Vec<u8>]) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = chunk(b"IHDR", &[size.as_slice(), &[8, 6, 0, 0, 0]].concat());
    let parts = [b"\x89PNG\r\n\x1a\n".to_vec(), header, chunks.concat(), chunk(b"IEND", b"")];
    parts.concat()
}

/// This many MiB of zeros, deflated: a thousandth of them. The checksum at its end is wrong, and far away.
fn zeros(mib: usize) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(MIB);
    compress.compress_vec(&vec![0; MIB], &mut block, FlushCompress::Full).unwrap();
    [&[0x78, 0xda], block.repeat(mib).as_slice(), &[3, 0, 0, 0, 0, 0]].concat()
}

/// A GIF of 2 × 2 pixels whose every frame says that it is 60,000 × 60,000.
fn gif_of_large_frames(frames: usize) -> Vec<u8> {
    let mut gif = b"GIF89a\x02\0\x02\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    for _ in 0..frames {
        gif.extend_from_slice(b"\x2c\0\0\0\0\x60\xea\x60\xea\0\x02\x02\x4c\x01\0");
    }
    gif.push(0x3b);
    gif
}

/// A GIF of 1,000 × 1,000 pixels with this many frames, each of which changes one of them.
fn gif_of_many_frames(frames: usize) -> Vec<u8> {
    let mut gif = b"GIF89a\xe8\x03\xe8\x03\x80\0\0\0\0\0\xff\xff\xff".to_vec();
    for _ in 0..frames {
        gif.extend_from_slice(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    gif.push(0x3b);
    gif
}

/// A JPEG of one pixel's head with a colour profile of this many segments.
fn jpeg_of_profile(segments: usize) -> Vec<u8> {
    let body = [b"ICC_PROFILE\0\x01\xff".as_slice(), &vec![0; 65_000]].concat();
    let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, 0xe2], len.as_slice(), &body].concat();
    let size = b"\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0";
    [b"\xff\xd8".as_slice(), &segment.repeat(segments), size, b"\xff\xd9"].concat()
}

/// A WebP whose profile says that it has almost 4 GiB.
fn webp_of_profile() -> Vec<u8> {
    let head =
        b"RIFF\xff\xff\xff\xffWEBPVP8X\x0a\0\0\0\x20\0\0\0\x01\0\0\x01\0\0ICCP\xf0\xff\xff\xff";
    [head.as_slice(), &[0; 1000]].concat()
}

fn upload(client: &mut Client, name: &str, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/assets?name={name}");
    client.expect(Request::new("POST", &path).bytes(bytes))
}

/// The most memory that a process ever had, since it was last asked to forget that.
fn peak_bytes(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

fn forget_peak(server: &Server) {
    fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
}

#[test]
fn bombs_are_refused_and_the_server_stays_small() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut client = server.client().with_token(&site.token);
    let small = png(2, 2, &[chunk(b"IDAT", &zeros_of_rows(2, 2))]);
    assert_eq!(upload(&mut client, "small.png", small).status, 201);
    let idat = chunk(b"IDAT", &zeros(16));
    let profile = chunk(b"iCCP", &[b"p\0\0".as_slice(), &zeros(800)].concat());
    let bombs = [
        ("wide.png", png(60_000, 60_000, &[idat]), 413, "asset.too-many-pixels"),
        ("profile.png", png(2, 2, &[profile]), 413, "asset.part-too-large"),
        ("frames.gif", gif_of_large_frames(10_000), 413, "asset.too-many-pixels"),
        ("profile.jpg", jpeg_of_profile(200), 413, "asset.part-too-large"),
        ("profile.webp", webp_of_profile(), 413, "asset.part-too-large"),
    ];
    for (name, bytes, status, code) in bombs {
        assert!(bytes.len() < 16 * MIB, "{name} is a large file");
        forget_peak(&server);
        let before = peak_bytes(&server);
        let answer = upload(&mut client, name, bytes);
        let found = (answer.status, answer.code());
        let extra = peak_bytes(&server).saturating_sub(before);
        assert_eq!(found, (status, code.to_owned()), "{name}: {answer}");
        assert!(extra < EXTRA_BYTES_MAX, "{name} took {extra} bytes");
    }
    let listed = client.get("/api/v1/assets").expect_status(200).json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "nothing of them is kept");
}

#[test]
fn an_image_with_many_frames_costs_no_more_than_one_of_them() {
    let site = Site::new();
    let server = Server::start(&site);
    let mut client = server.client().with_token(&site.token);
    forget_peak(&server);
    let before = peak_bytes(&server);
    let answer = upload(&mut client, "many.gif", gif_of_many_frames(20_000));
    let extra = peak_bytes(&server).saturating_sub(before);
    assert!(extra < EXTRA_BYTES_MAX, "{extra} bytes for {answer}");
    assert_eq!(answer.status, 201, "{answer}");
    assert_eq!(answer.json()["variants"], Value::Array(Vec::new()), "it moves");
}

/// The rows of an image of four bytes a pixel, each with its filter.
fn zeros_of_rows(width: usize, height: usize) -> Vec<u8> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(&vec![0; (width * 4 + 1) * height]).unwrap();
    deflated.finish().unwrap()
}
