//! Builders of segments, each on a thread of its own.

use super::Document;
use super::builder::Builder;
use crate::contain::quietly;
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

/// Builders at work.
pub(crate) struct Builders {
    threads: Vec<At>,
    told: Receiver<Told>,
    /// What is to be handed over next.
    gathered: Vec<Document>,
    /// Who is asked first to take the next documents.
    next: usize,
}

/// A builder's thread and the way to it.
struct At {
    work: SyncSender<Work>,
    thread: JoinHandle<()>,
}

/// What a builder is to do.
enum Work {
    Add(Vec<Document>),
    /// Write what was added.
    Finish,
}

/// What a builder tells.
enum Told {
    /// A segment is written.
    Written(SegmentMeta),
    /// All that was added is written.
    Finished,
    /// It has come to an end.
    Failed(TantivyError),
}

impl Builders {
    /// Starts so many; all together take about so much memory.
    pub(crate) fn new(index: &Index, fields: &Fields, threads: usize, memory: usize) -> Self {
        let (tell, told) = channel();
        let threads = threads.max(1);
        let start = |_| {
            let (work, asked) = sync_channel(WAITING);
            let (builder, tell) = (Builder::new(index, fields), tell.clone());
            let thread = std::thread::spawn(move || run(builder, memory / threads, &asked, &tell));
            At { work, thread }
        };
        Self { threads: (0..threads).map(start).collect(), told, gathered: Vec::new(), next: 0 }
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
        for _ in 0..self.threads.len() {
            self.next = (self.next + 1) % self.threads.len();
            match self.threads[self.next].work.try_send(work) {
                Ok(()) => return Ok(()),
                Err(TrySendError::Full(back)) => work = back,
                Err(TrySendError::Disconnected(_)) => return Err(self.failure()),
            }
        }
        let sent = self.threads[self.next].work.send(work);
        sent.map_err(|_| self.failure())
    }

    /// Has all that was added written; all segments written since the last call.
    pub(crate) fn finish(&mut self) -> tantivy::Result<Vec<SegmentMeta>> {
        self.hand_over()?;
        for builder in &self.threads {
            builder.work.send(Work::Finish).map_err(|_| self.failure())?;
        }
        let (mut segments, mut finished) = (Vec::new(), 0);
        while finished < self.threads.len() {
            match self.told.recv() {
                Ok(Told::Written(segment)) => segments.push(segment),
                Ok(Told::Finished) => finished += 1,
                Ok(Told::Failed(error)) => return Err(error),
                Err(_) => return Err(stopped()),
            }
        }
        Ok(segments)
    }

    /// Why a builder takes nothing.
    fn failure(&self) -> TantivyError {
        let mut failures = self.told.try_iter().filter_map(|told| match told {
            Told::Failed(error) => Some(error),
            Told::Written(_) | Told::Finished => None,
        });
        failures.next().unwrap_or_else(stopped)
    }
}

impl Drop for Builders {
    fn drop(&mut self) {
        for At { work, thread } in self.threads.drain(..) {
            drop(work);
            // It tells what went wrong by itself.
            let _told = thread.join();
        }
    }
}

/// Works until nothing more can come.
fn run(mut builder: Builder, memory: usize, asked: &Receiver<Work>, tell: &Sender<Told>) {
    let mut work = || {
        for work in asked {
            let done = match work {
                Work::Add(documents) => add(&mut builder, &documents, memory, tell),
                Work::Finish => write(&mut builder, tell).map(|()| told(tell, Told::Finished)),
            };
            if let Err(error) = done {
                return told(tell, Told::Failed(error));
            }
        }
    };
    if quietly(&mut work).is_err() {
        told(tell, Told::Failed(stopped()));
    }
}

fn add(
    builder: &mut Builder,
    documents: &[Document],
    memory: usize,
    tell: &Sender<Told>,
) -> tantivy::Result<()> {
    for document in documents {
        builder.add(document)?;
    }
    if builder.is_full(memory) { write(builder, tell) } else { Ok(()) }
}

fn write(builder: &mut Builder, tell: &Sender<Told>) -> tantivy::Result<()> {
    if let Some(segment) = builder.finish()? {
        told(tell, Told::Written(segment));
    }
    Ok(())
}

/// Tells something; nobody may be there to be told.
fn told(tell: &Sender<Told>, what: Told) {
    let _nobody = tell.send(what);
}

fn stopped() -> TantivyError {
    TantivyError::SystemError("a thread that writes the index has stopped".to_owned())
}
