//! Ctrl-C, and the system's request to end: the work at hand is finished and kept.

use crate::output::{Painted, WARN};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of a run that was interrupted.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether the program has been asked to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens from now on. The first request is remembered, the second ends the program at once; where
    /// the system cannot tell of requests, the first does.
    pub(super) fn listen() -> Self {
        let stop = Self::default();
        let asked = stop.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime {
            let (ready, listening) = std::sync::mpsc::channel();
            std::thread::spawn(move || {
                runtime.block_on(async {
                    let Ok(mut requests) = Requests::new() else { return };
                    let _heard = ready.send(());
                    requests.next().await;
                    asked.0.store(true, Ordering::Relaxed);
                    let note = "finishing the letters at hand; Ctrl-C again ends at once";
                    anstream::eprintln!("{}", Painted(WARN, note));
                    requests.next().await;
                    std::process::exit(INTERRUPTED.into());
                });
            });
            // Only then is the usual way of ending replaced.
            let _listens = listening.recv();
        }
        stop
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The requests to stop, as they come.
#[cfg(unix)]
struct Requests(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Requests {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?))
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.0.recv() => {}, _ = self.1.recv() => {} }
    }
}

#[cfg(not(unix))]
struct Requests;

#[cfg(not(unix))]
impl Requests {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
