//! What all requests share: the index, the vocabularies, answers kept, lanes, figures.

use super::guard::Hosts;
use super::living::{Living, Opened};
use super::metrics::Metrics;
use super::problem::Problem;
use super::reading::Reading;
use super::work::Work;
use crate::contain::quietly;
use crate::index::Store;
use crate::search::{Engine, Request, Response};
use crate::vocabulary::Vocabularies;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// How long the answers that are often asked for are computed before a new commit shows.
const WARM_TIME: Duration = Duration::from_mins(1);
/// Downloads at a time.
const MAX_DOWNLOADS: usize = 2;

/// Whether answers name folders of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// File names only.
    Hidden,
    /// Whole paths.
    Shown,
}

/// Is told of requests.
pub type Log = Box<dyn Fn(&str) + Send + Sync>;

/// How the site is served.
pub struct Settings {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// Whether answers name folders.
    pub paths: Paths,
    /// Told of each request, with what was asked; `None` where nothing is to be kept of it.
    pub log: Option<Log>,
}

/// Shared by all requests.
pub(super) struct Site {
    pub(super) living: Living,
    pub(super) vocabularies: Vocabularies,
    pub(super) reading: Reading,
    pub(super) work: Work,
    /// Places for downloads.
    pub(super) downloads: Arc<Semaphore>,
    pub(super) metrics: Metrics,
    pub(super) hosts: Hosts,
    pub(super) settings: Settings,
}

impl Site {
    /// A site over an index; `settings` holds the address as bound.
    pub(super) fn new(store: Store, vocabularies: Vocabularies, settings: Settings) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            living: Living::new(store),
            vocabularies,
            reading: Reading::default(),
            work: Work::new(processors),
            downloads: Arc::new(Semaphore::new(MAX_DOWNLOADS)),
            metrics: Metrics::new(),
            hosts: Hosts::of(settings.address),
            settings,
        }
    }

    /// The index as of now. A new commit shows when what is often asked was computed of it; until then
    /// the one before answers.
    pub(super) fn opened(self: &Arc<Self>) -> Result<Arc<Opened>, Problem> {
        if let Some(turn) = self.living.changed() {
            let site = Arc::clone(self);
            let renew = move || {
                site.renew();
                drop(turn);
            };
            if self.living.held().opened.is_ok() {
                // A thread of its own each time: the system's allocator gives it the memory of the last one.
                // Where there is none to be had, the next look tries again.
                drop(std::thread::Builder::new().name("renew".to_owned()).spawn(renew));
            } else {
                renew();
            }
        }
        self.living.held().opened
    }

    fn renew(&self) {
        let (before, now) = (self.living.held(), self.living.look());
        if let (Ok(before), Ok(opened)) = (&before.opened, &now.opened)
            && !opened.snapshot.is_same_commit(&before.snapshot)
        {
            self.warm(opened, before.answers.favourites());
        }
        self.living.show(now);
    }

    /// Computes the answers that are often asked for. Half of how often they were counts on, so that they
    /// stay known over commits that follow each other.
    fn warm(&self, opened: &Opened, favourites: Vec<(Request, u64)>) {
        let started = Instant::now();
        for (request, again) in favourites {
            if started.elapsed() > WARM_TIME {
                break;
            }
            // What cannot be answered any more, or makes the program fail, is told to whoever asks.
            drop(quietly(|| self.search(opened, &request)));
            opened.answers.count_again(&request, again / 2);
        }
    }

    /// Answers a request on a commit.
    pub(super) fn search(
        &self,
        opened: &Opened,
        request: &Request,
    ) -> Result<Arc<Response>, Problem> {
        let (response, is_kept) = opened.answers.get(request, || {
            let mut response = self
                .engine(opened)
                .search(request)
                .map_err(|error| Problem::search(&error, &request.text))?;
            for hit in &mut response.hits {
                self.hide_path(&mut hit.item.source);
            }
            Ok(response)
        })?;
        self.metrics.answer(is_kept);
        Ok(response)
    }

    /// An engine over a commit.
    pub(super) fn engine<'a>(&'a self, opened: &'a Opened) -> Engine<'a> {
        Engine::new(&opened.snapshot, &self.vocabularies)
    }

    /// Leaves a file's name of its path, unless paths are shown.
    pub(super) fn hide_path(&self, source: &mut String) {
        if self.settings.paths == Paths::Hidden
            && let Some(at) = source.rfind(['/', '\\'])
        {
            source.drain(..=at);
        }
    }

    /// The label of a facet's value.
    pub(super) fn label(&self, facet: &str, path: &str) -> String {
        self.vocabularies.label(facet, path)
    }

    /// What a facet's value means in plain words.
    pub(super) fn plain(&self, facet: &str, path: &str) -> Option<&str> {
        self.vocabularies.facet(facet)?.plain_of(path)
    }
}
