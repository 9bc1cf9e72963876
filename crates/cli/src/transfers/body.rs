//! A file that is sent as it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Body, Frame};
use smartcms_app::ports::{BodyError, plugin_body};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// How much of the file is in memory at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The body that a file is. One that cannot be read on breaks off, so that nobody takes a part for the whole.
pub(super) fn of_file(file: File) -> UnsyncBoxBody<Bytes, BodyError> {
    plugin_body(FileBody { file, buffer: vec![0; CHUNK_BYTES] })
}

struct FileBody {
    file: File,
    buffer: Vec<u8>,
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Self { file, buffer } = &mut *self;
        let mut read = ReadBuf::new(buffer);
        if let Err(error) = ready!(Pin::new(file).poll_read(context, &mut read)) {
            return Poll::Ready(Some(Err(error)));
        }
        match read.filled() {
            [] => Poll::Ready(None),
            filled => Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(filled))))),
        }
    }
}
