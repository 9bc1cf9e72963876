//! Reading a file in parts, and writing some of them.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use smartcms_app::ports::{ImageError, ReadSeek};
use smartcms_domain::assets::MediaType;

use crate::limits::damaged;

const BUFFERED_BYTES: usize = 64 * 1024;

/// A file that is walked through, and where its copy goes.
pub(super) struct Input<'a> {
    media_type: MediaType,
    source: BufReader<Box<dyn ReadSeek>>,
    target: &'a mut (dyn Write + Send),
}

impl<'a> Input<'a> {
    pub(super) fn new(
        media_type: MediaType,
        source: Box<dyn ReadSeek>,
        target: &'a mut (dyn Write + Send),
    ) -> Self {
        Self { media_type, source: BufReader::with_capacity(BUFFERED_BYTES, source), target }
    }

    /// The next bytes, exactly as many.
    pub(super) fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn byte(&mut self) -> io::Result<u8> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    /// The next bytes; the caller has checked that they are few.
    pub(super) fn bytes(&mut self, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        self.source.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The next bytes up to a byte that is looked for, which stays; at most what is buffered.
    pub(super) fn until(&mut self, stop: u8) -> io::Result<(usize, bool)> {
        let buffered = self.source.fill_buf()?;
        if buffered.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let found = buffered.iter().position(|it| *it == stop);
        let count = found.unwrap_or(buffered.len());
        self.target.write_all(buffered.get(..count).unwrap_or_default())?;
        self.source.consume(count);
        Ok((count, found.is_some()))
    }

    /// Copies the next bytes.
    pub(super) fn copy(&mut self, len: u64) -> io::Result<()> {
        let copied = io::copy(&mut (&mut self.source).take(len), &mut self.target)?;
        if copied == len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Passes over the next bytes.
    pub(super) fn skip(&mut self, len: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.source).take(len), &mut io::sink())?;
        if skipped == len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Begins again after this many bytes.
    pub(super) fn rewind_to(&mut self, at: u64) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(at)).map(drop)
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.target.write_all(bytes)
    }

    /// What is wrong with the file.
    pub(super) fn damaged(&self, problem: impl Into<String>) -> ImageError {
        damaged(self.media_type, problem)
    }
}
