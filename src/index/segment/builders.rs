//! Builders of segments, each on a thread of its own.

use super::Document;
use super::builder::Builder;
use crate::contain::{quietly, reason};
use crate::index::schema::Fields;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::JoinHandle;
use tantivy::index::SegmentMeta;
use tantivy::{Index, TantivyError};

/// About how many documents, or bytes of text, a builder is handed at once: to wake it costs as much as to add some.
const AT_ONCE: usize = 32;
const BYTES_AT_ONCE: usize = 1 << 20;
/// How many times as many may wait for each builder: a bound on memory.
const WAITING: usize = 8;

/// The least memory that a builder does well with: what it keeps for columns alone takes a quarter of that.
const LEAST: usize = 32 << 20;

/// Builders at work.
pub(crate) struct Builders {
    workers: Vec<Worker>,
    reports: Receiver<Report>,
    /// What is to be handed over next.
    gathered: Vec<Document>,
    /// Who is asked first to take the next documents.
    next: usize,
}

/// A builder's thread and the way to it.
struct Worker {
    work: SyncSender<Work>,
    thread: JoinHandle<()>,
}

/// What a builder is to do.
enum Work {
    Add(Vec<Document>),
    /// Write what was added.
    Finish,
}

/// What a builder reports.
enum Report {
    /// A segment is written.
    Written(SegmentMeta),
    /// All that was added is written.
    Finished,
    /// It has come to an end.
    Failed(TantivyError),
}

impl Builders {
    /// Starts so many, or as many as do well with the memory; all together take about that much.
    pub(crate) fn new(index: &Index, fields: &Fields, threads: usize, memory: usize) -> Self {
        let (report, reports) = channel();
        let threads = threads.min(memory / LEAST).max(1);
        let start = |_| {
            let (work, asked) = sync_channel(WAITING);
            let builder = Builder::new(index, fields, memory / threads);
            let report = report.clone();
            let thread = std::thread::spawn(move || run(builder, &asked, &report));
            Worker { work, thread }
        };
        let workers = (0..threads).map(start).collect();
        Self { workers, reports, gathered: Vec::new(), next: 0 }
    }

    /// Has a builder add documents, which stand side by side.
    pub(crate) fn add(&mut self, documents: Vec<Document>) -> tantivy::Result<()> {
        self.gathered.extend(documents);
        let bytes: usize = self.gathered.iter().map(|document| document.text.len()).sum();
        let is_enough = self.gathered.len() >= AT_ONCE || bytes >= BYTES_AT_ONCE;
        if is_enough { self.hand_over() } else { Ok(()) }
    }

    /// Hands over what was gathered: to a builder that is free now, or the one whose turn it is.
    fn hand_over(&mut self) -> tantivy::Result<()> {
        let mut work = Work::Add(std::mem::take(&mut self.gathered));
        for _ in 0..self.workers.len() {
            self.next = (self.next + 1) % self.workers.len();
            match self.workers[self.next].work.try_send(work) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(back)) => work = back,
                Err(TrySendError::Disconnected(_)) => return Err(self.failure()),
            }
        }
        let sent = self.workers[self.next].work.send(work);
        sent.map_err(|_| self.failure())
    }

    /// Has all that was added written; all segments written since the last call.
    pub(crate) fn finish(&mut self) -> tantivy::Result<Vec<SegmentMeta>> {
        self.hand_over()?;
        for builder in &self.workers {
            builder.work.send(Work::Finish).map_err(|_| self.failure())?;
        }
        let (mut segments, mut finished) = (Vec::new(), 0);
        while finished < self.workers.len() {
            match self.reports.recv() {
                Ok(Report::Written(segment)) => segments.push(segment),
                Ok(Report::Finished) => finished += 1,
                Ok(Report::Failed(error)) => return Err(error),
                Err(_) => return Err(stopped()),
            }
        }
        Ok(segments)
    }

    /// Why a builder takes nothing.
    fn failure(&self) -> TantivyError {
        let mut failures = self.reports.try_iter().filter_map(|report| match report {
            Report::Failed(error) => Some(error),
            Report::Written(_) | Report::Finished => None,
        });
        failures.next().unwrap_or_else(stopped)
    }
}

impl Drop for Builders {
    fn drop(&mut self) {
        for Worker { work, thread } in self.workers.drain(..) {
            drop(work);
            // It reports what went wrong by itself.
            let _reported = thread.join();
        }
    }
}

/// Works until nothing more can come.
fn run(mut builder: Builder, asked: &Receiver<Work>, reports: &Sender<Report>) {
    let work = || asked.iter().try_for_each(|work| work.done_by(&mut builder, reports));
    let failed = match quietly(work) {
        Ok(done) => done.err(),
        Err(panic) => Some(TantivyError::SystemError(format!("{STOPPED}: {}", reason(&*panic)))),
    };
    if let Some(error) = failed {
        report(reports, Report::Failed(error));
    }
}

impl Work {
    fn done_by(self, builder: &mut Builder, reports: &Sender<Report>) -> tantivy::Result<()> {
        match self {
            Self::Add(documents) => {
                documents.iter().try_for_each(|document| builder.add(document))?;
                if builder.is_full() { write(builder, reports) } else { Ok(()) }
            }
            Self::Finish => {
                write(builder, reports)?;
                report(reports, Report::Finished);
                Ok(())
            }
        }
    }
}

fn write(builder: &mut Builder, reports: &Sender<Report>) -> tantivy::Result<()> {
    if let Some(segment) = builder.finish()? {
        report(reports, Report::Written(segment));
    }
    Ok(())
}

/// Reports something; nobody may be there to hear it.
fn report(reports: &Sender<Report>, what: Report) {
    let _nobody = reports.send(what);
}

const STOPPED: &str = "a thread that writes the index has stopped";

fn stopped() -> TantivyError {
    TantivyError::SystemError(STOPPED.to_owned())
}
