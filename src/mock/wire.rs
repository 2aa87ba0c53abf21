//! Sockets that an answer can take over: bytes of its own instead of what HTTP would send, or an
//! end without an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What connects a request's handler with the socket that the request came from.
#[derive(Debug, Clone, Default)]
pub(super) struct Link(Arc<Takeover>);

#[derive(Debug, Default)]
struct Takeover {
    is_taken: AtomicBool,
    bytes: Mutex<Vec<u8>>,
}

impl Link {
    /// From now on the socket sends these bytes and nothing else, then it is closed; without bytes
    /// it is reset.
    pub(super) fn take_over(&self, bytes: Vec<u8>) {
        *self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner) = bytes;
        self.0.is_taken.store(true, Ordering::Release);
    }
}

/// A listener whose sockets can be taken over.
#[derive(Debug)]
pub(super) struct Wired(pub(super) TcpListener);

/// A socket that can be taken over.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    link: Link,
}

impl Listener for Wired {
    type Io = Socket;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Socket, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Without it small answers wait for the client's acknowledgement. On a socket that is
        // closed already it fails; so be it.
        let _ = stream.set_nodelay(true);
        let link = Link::default();
        (Socket { stream, link }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Wired>> for Link {
    fn connect_info(stream: IncomingStream<'_, Wired>) -> Self {
        stream.io().link.clone()
    }
}

impl Socket {
    /// Sends what is left of the bytes that took the socket over; ready when there are none left.
    fn poll_takeover(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = self
            .link
            .0
            .bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if bytes.is_empty() {
            // Nothing was to be sent at all: the peer gets a reset rather than an orderly end.
            let _ = self.stream.set_zero_linger();
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        while !bytes.is_empty() {
            match Pin::new(&mut self.stream).poll_write(context, &bytes) {
                Poll::Ready(Ok(count)) if count > 0 => drop(bytes.drain(..count)),
                Poll::Ready(Ok(_)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }

    fn is_taken(&self) -> bool {
        self.link.0.is_taken.load(Ordering::Acquire)
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.is_taken() {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        match self.poll_takeover(context) {
            Poll::Ready(Ok(())) => {
                // Everything is sent: HTTP is told that the connection is gone, so that it sends
                // nothing more and closes.
                self.link.0.is_taken.store(false, Ordering::Release);
                match Pin::new(&mut self.stream).poll_shutdown(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(_) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
                }
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_taken() {
            return self.poll_write(context, &[]);
        }
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
