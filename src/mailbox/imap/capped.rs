//! A stream that may be read only so far: whatever a server sends, one answer never fills the memory.
//!
//! The codec makes room for a literal as soon as its length is announced, so a length over the bound is stopped here,
//! before the codec sees it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Fails a read once more bytes came, or were announced, than were allowed.
#[derive(Debug)]
pub(super) struct Capped<S> {
    inner: S,
    left: u64,
    /// Bytes of the current literal that are still to come.
    literal: u64,
    /// The end of the current line, as long as `{4294967295}` needs.
    line_end: Vec<u8>,
}

const ENOUGH_FOR_A_LENGTH: usize = 24;

impl<S> Capped<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, left: 0, literal: 0, line_end: Vec::new() }
    }

    pub(super) fn into_inner(self) -> S {
        self.inner
    }

    /// Sets anew how many bytes may come.
    pub(super) fn allow(&mut self, bytes: u64) {
        self.left = bytes;
    }

    /// Follows lines and literals; returns the longest literal announced in these bytes.
    fn longest_announced(&mut self, mut bytes: &[u8]) -> u64 {
        let mut longest = 0;
        while !bytes.is_empty() {
            if self.literal > 0 {
                let within = usize::try_from(self.literal).unwrap_or(usize::MAX).min(bytes.len());
                self.literal -= within as u64;
                bytes = bytes.get(within..).unwrap_or_default();
                continue;
            }
            let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
            self.extend_line(parts.next().unwrap_or_default());
            let Some(rest) = parts.next() else { break };
            self.literal = announced(&self.line_end);
            self.line_end.clear();
            longest = longest.max(self.literal);
            bytes = rest;
        }
        longest
    }

    fn extend_line(&mut self, bytes: &[u8]) {
        let surplus = bytes.len().saturating_sub(ENOUGH_FOR_A_LENGTH);
        self.line_end.extend_from_slice(bytes.get(surplus..).unwrap_or_default());
        let surplus = self.line_end.len().saturating_sub(ENOUGH_FOR_A_LENGTH);
        self.line_end.drain(..surplus);
    }
}

/// The length of the literal that a line ends with (RFC 3501 4.3), 0 for none.
fn announced(line_end: &[u8]) -> u64 {
    let length = || {
        let text = std::str::from_utf8(line_end.strip_suffix(b"}\r")?.rsplit(|byte| *byte == b'{').next()?).ok()?;
        Some(text.parse().unwrap_or(0))
    };
    length().unwrap_or(0)
}

fn too_much<T>() -> Poll<io::Result<T>> {
    Poll::Ready(Err(io::Error::other("more bytes than an answer may have")))
}

impl<S: AsyncRead + Unpin> AsyncRead for Capped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.left == 0 {
            return too_much();
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(context, buffer);
        let came = buffer.filled().get(before..).unwrap_or_default();
        let longest = self.longest_announced(came);
        if longest > self.left {
            return too_much();
        }
        self.left = self.left.saturating_sub(came.len() as u64);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Capped<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_found_in_lines_and_not_in_literals_however_the_bytes_are_cut() {
        let bytes = b"* OK {x}\r\n* 1 FETCH (BODY[] {10}\r\n{99999}\r\n\n UID 1)\r\n* 2 FETCH (BODY[] {4294967295}\r\n";
        for size in 1..bytes.len() {
            let mut capped = Capped::new(());
            let found: Vec<u64> = bytes.chunks(size).map(|chunk| capped.longest_announced(chunk)).collect();
            assert_eq!(found.iter().max(), Some(&4_294_967_295), "{size}");
            assert!(!found.contains(&99_999), "{size}");
        }
    }
}
