//! Brotli, where it is worth its size. In the portable build it is not: it would be larger than everything else that
//! compresses several times over, and each instance would code its pages anew. What stands before the component can code as
//! it likes.

/// Whether `br` is offered.
pub(super) const BROTLI: bool = cfg!(not(target_family = "wasm"));

/// The body in `br`.
#[cfg(not(target_family = "wasm"))]
pub(super) fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Write as _;

    /// Good compression at a few milliseconds per page; pages are compressed once and sent often.
    const QUALITY: u32 = 5;
    const WINDOW_BITS: u32 = 20;
    const BUFFER_BYTES: usize = 16 * 1024;

    let mut coded = Vec::with_capacity(bytes.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut coded, BUFFER_BYTES, QUALITY, WINDOW_BITS);
    writer.write_all(bytes).ok()?;
    // The end of the body is written where it is dropped.
    drop(writer);
    Some(coded)
}

/// Nothing: nobody is offered it.
#[cfg(target_family = "wasm")]
pub(super) fn brotli(_: &[u8]) -> Option<Vec<u8>> {
    None
}
