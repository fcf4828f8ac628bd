//! A body that is written on one thread and sent by another, a few chunks ahead of its reader.

use axum::body::Bytes;
use futures_core::Stream;
use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Bytes of a chunk.
const CHUNK: usize = 64 << 10;
/// Chunks that may wait for the reader.
const AHEAD: usize = 4;

/// Where a body is written; waits for the reader.
pub(super) struct Chunks {
    to: mpsc::Sender<io::Result<Bytes>>,
    next: Vec<u8>,
}

/// What is sent.
pub(super) struct Sent(mpsc::Receiver<io::Result<Bytes>>);

/// The two ends of a body.
pub(super) fn channel() -> (Chunks, Sent) {
    let (to, from) = mpsc::channel(AHEAD);
    (Chunks { to, next: Vec::with_capacity(CHUNK) }, Sent(from))
}

impl Chunks {
    fn send(&mut self, chunk: io::Result<Bytes>) -> io::Result<()> {
        self.to.blocking_send(chunk).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Sends the rest.
    pub(super) fn end(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.next);
        if rest.is_empty() { Ok(()) } else { self.send(Ok(rest.into())) }
    }

    /// Ends the connection, so that the reader sees that something is missing.
    pub(super) fn break_off(mut self, error: io::Error) -> io::Result<()> {
        self.send(Err(error))
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.next.extend_from_slice(bytes);
        if self.next.len() >= CHUNK {
            let chunk = std::mem::replace(&mut self.next, Vec::with_capacity(CHUNK));
            self.send(Ok(chunk.into()))?;
        }
        Ok(bytes.len())
    }

    /// Chunks are sent when they are full.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream for Sent {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
