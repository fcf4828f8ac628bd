//! Serves connections: how many at a time, for how long, and how it ends.

use super::routes::router;
use super::site::{Settings, Site};
use crate::index::Store;
use crate::vocabulary::Vocabularies;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

/// The most connections at a time; others wait to be accepted.
const MAX_CONNECTIONS: usize = 256;
/// How long a request's head may take to come, and a connection may idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a reader may take nothing of what is sent.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// The longest head of a request, in bytes.
const MAX_HEAD: usize = 32 << 10;
/// How long running answers are waited for at the end.
const STOP_TIME: Duration = Duration::from_secs(5);
/// Threads that compute answers, at most.
const MAX_THREADS: usize = 64;

/// The page and the API, bound to an address.
pub struct Server {
    listener: std::net::TcpListener,
    site: Arc<Site>,
    address: SocketAddr,
}

impl Server {
    /// Takes the address and opens the index. An index that is not there yet, or cannot be used,
    /// is told of on the page.
    ///
    /// # Errors
    /// If the address cannot be taken.
    pub fn bind(
        store: Store,
        vocabularies: Vocabularies,
        mut settings: Settings,
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(settings.address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        settings.address = address;
        Ok(Self { listener, site: Arc::new(Site::new(store, vocabularies, settings)), address })
    }

    /// The address taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the process is asked to end, then lets running answers end.
    ///
    /// # Errors
    /// If the system refuses threads or sockets.
    pub fn run(self) -> io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(MAX_THREADS)
            .build()?;
        let served = runtime.block_on(self.serve());
        // Work that outlasts its limit is not waited for.
        runtime.shutdown_background();
        served
    }

    async fn serve(self) -> io::Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let connections = Connections {
            graceful: GracefulShutdown::new(),
            router: router(&self.site),
            site: self.site,
        };
        let mut stop = pin!(asked_to_end()?);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = accept(&listener, &places) => match accepted {
                    Ok((stream, place)) => connections.serve(stream, place),
                    // Too many open files, or a client that is gone: neither ends the server.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
        drop(listener);
        let ended = connections.graceful.shutdown();
        drop(tokio::time::timeout(STOP_TIME, ended).await);
        Ok(())
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

/// Connections being served.
struct Connections {
    graceful: GracefulShutdown,
    router: Router,
    site: Arc<Site>,
}

impl Connections {
    fn serve(&self, stream: TcpStream, place: OwnedSemaphorePermit) {
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIME));
        let service = TowerToHyperService::new(self.router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(Box::pin(stream)), service);
        let served = self.graceful.watch(connection);
        let site = Arc::clone(&self.site);
        tokio::spawn(async move {
            let open = &site.metrics.connections;
            open.fetch_add(1, Ordering::Relaxed);
            // A client that breaks off or sends no HTTP ends its own connection.
            drop(served.await);
            open.fetch_sub(1, Ordering::Relaxed);
            drop(place);
        });
    }
}

/// Ends when the user or the system asks the process to end.
fn asked_to_end() -> io::Result<Pin<Box<dyn Future<Output = ()> + Send>>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(Box::pin(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        }))
    }
    #[cfg(not(unix))]
    Ok(Box::pin(async {
        drop(tokio::signal::ctrl_c().await);
    }))
}
