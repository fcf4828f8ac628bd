//! Times, sizes and memory, and the tables of them.

use crate::Arguments;
use crate::corpus::Corpus;
use crate::floor::Floor;
use crate::queries::{Asked, Class, FILTER, FloorTask};
use imr_search::index::Snapshot;
use imr_search::search::{Engine, Request};
use imr_search::vocabulary::Vocabularies;
use serde_json::json;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Milliseconds of one query in each program.
#[derive(Debug, Clone, Copy)]
struct Times {
    imr: f64,
    /// What the class names, and no more.
    floor: Option<f64>,
    /// As much as a list of hits shows: also the count, the texts and snippets.
    shown: Option<f64>,
}

/// Measures all classes and prints them.
pub(crate) fn run(
    arguments: &Arguments,
    classes: &[Class],
    snapshot: &Snapshot,
    vocabularies: &Vocabularies,
    floor: &Floor,
) {
    let engine = Engine::new(snapshot, vocabularies);
    println!(
        "\nms {:18} {:>3} {:>8} {:>8}  {:>8} {:>8} {:>6}  {:>8} {:>6}",
        "", "n", "imr p50", "p95", "floor", "p95", "ratio", "shown", "ratio"
    );
    let mut lines = Vec::new();
    let wanted = |class: &&Class| arguments.class.as_ref().is_none_or(|w| class.name.contains(w));
    for class in classes.iter().filter(wanted) {
        let times: Vec<Times> = class
            .queries
            .iter()
            .filter(|asked| is_answered(&engine, asked))
            .map(|asked| times(arguments.rounds, class.floor, asked, &engine, floor))
            .collect();
        lines.push(print(class, &times));
    }
    println!();
    for line in lines {
        println!("{line}");
    }
}

/// Whether a query is answered; what is refused, such as a wildcard of too many words, is told.
fn is_answered(engine: &Engine<'_>, asked: &Asked) -> bool {
    let answer = engine.search(&asked.request);
    if let Err(error) = &answer {
        println!("   {} is refused: {error}", asked.text);
    }
    answer.is_ok()
}

/// The medians of one query, rounds of both programs interleaved, after one round to warm up.
fn times(
    rounds: usize,
    task: FloorTask,
    asked: &Asked,
    engine: &Engine<'_>,
    floor: &Floor,
) -> Times {
    let (mut imr, mut bare, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=rounds {
        imr.push(timed(|| search(engine, &asked.request)));
        bare.extend(floor_task(floor, task, asked).map(timed));
        shown.extend(floor_shown(floor, task, asked).map(timed));
    }
    let median = |times: &mut Vec<f64>| (times.len() > 1).then(|| quantile(&mut times[1..], 0.5));
    Times {
        imr: median(&mut imr).unwrap_or_default(),
        floor: median(&mut bare),
        shown: median(&mut shown),
    }
}

fn search(engine: &Engine<'_>, request: &Request) -> usize {
    engine.search(request).unwrap().hits.len()
}

type Work<'a> = Box<dyn Fn() -> usize + 'a>;

/// What the floor does for a query, reading it included.
fn floor_task<'a>(floor: &'a Floor, task: FloorTask, asked: &'a Asked) -> Option<Work<'a>> {
    use crate::floor::Words::All;
    let text = &asked.text;
    Some(match task {
        FloorTask::Nothing => return None,
        FloorTask::Top(words) => Box::new(move || floor.top(&*floor.query(text, words)).len()),
        FloorTask::Filtered => Box::new(move || floor.top(&*floor.filtered(text, FILTER)).len()),
        FloorTask::Facets => Box::new(move || floor.facets(&*floor.query(text, All))),
        FloorTask::Page(words) => Box::new(move || floor.page(&*floor.query(text, words))),
    })
}

/// The same, with all that a list of hits shows, where the task is less.
fn floor_shown<'a>(floor: &'a Floor, task: FloorTask, asked: &'a Asked) -> Option<Work<'a>> {
    let text = &asked.text;
    Some(match task {
        FloorTask::Top(words) => Box::new(move || floor.shown(&*floor.query(text, words))),
        FloorTask::Filtered => Box::new(move || floor.shown(&*floor.filtered(text, FILTER))),
        _ => return None,
    })
}

fn timed(work: impl Fn() -> usize) -> f64 {
    let started = Instant::now();
    black_box(work());
    started.elapsed().as_secs_f64() * 1e3
}

/// Prints a class; returns its line for programs.
fn print(class: &Class, times: &[Times]) -> serde_json::Value {
    let imr = Spread::of(times.iter().map(|times| times.imr));
    let floor = Spread::of(times.iter().filter_map(|times| times.floor));
    let shown = Spread::of(times.iter().filter_map(|times| times.shown));
    let ratio = |other: fn(&Times) -> Option<f64>| {
        Spread::of(times.iter().filter_map(|times| Some(times.imr / other(times)?))).p50
    };
    let (bare_ratio, shown_ratio) = (ratio(|times| times.floor), ratio(|times| times.shown));
    println!(
        "   {:18} {:>3} {} {}  {} {} {}  {} {}",
        class.name,
        times.len(),
        cell(imr.p50, 8),
        cell(imr.p95, 8),
        cell(floor.p50, 8),
        cell(floor.p95, 8),
        cell(bare_ratio, 6),
        cell(shown.p50, 8),
        cell(shown_ratio, 6)
    );
    json!({
        "class": class.name, "queries": times.len(), "imr_p50_ms": imr.p50, "imr_p95_ms": imr.p95,
        "floor_p50_ms": floor.p50, "floor_p95_ms": floor.p95, "ratio": bare_ratio,
        "floor_shown_p50_ms": shown.p50, "floor_shown_p95_ms": shown.p95, "ratio_shown": shown_ratio,
        "slowest": slowest(class, times),
    })
}

/// The slowest query of a class in imr.
fn slowest(class: &Class, times: &[Times]) -> Option<String> {
    let pairs = class.queries.iter().zip(times);
    let slowest = pairs.max_by(|a, b| a.1.imr.total_cmp(&b.1.imr))?;
    Some(format!("{}: {:.2} ms", slowest.0.text, slowest.1.imr))
}

fn cell(value: Option<f64>, width: usize) -> String {
    value.map_or_else(|| format!("{:>width$}", "-"), |value| format!("{value:>width$.2}"))
}

struct Spread {
    p50: Option<f64>,
    p95: Option<f64>,
}

impl Spread {
    fn of(times: impl Iterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.collect();
        let mut at = |share: f64| (!times.is_empty()).then(|| quantile(&mut times, share));
        Self { p50: at(0.5), p95: at(0.95) }
    }
}

/// The value that such a share of values does not pass.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Prints what building took.
pub(crate) fn print_build(
    program: &str,
    took: Duration,
    folder: &Path,
    peak: &Peak,
    corpus: &Corpus,
) {
    let (seconds, bytes, memory) = (took.as_secs_f64(), size(folder), peak.megabytes());
    println!(
        "{program}: built in {seconds:.2} s, {:.0} MB ({:.2} of the text), peak memory {}",
        bytes / 1e6,
        bytes / corpus.bytes as f64,
        memory.map_or_else(
            || "unknown".to_owned(),
            |(all, own)| format!("{all:.0} MB with mapped pages, {own:.0} MB without")
        )
    );
    let line = json!({
        "build": program, "seconds": seconds, "bytes": bytes, "text_bytes": corpus.bytes,
        "items": corpus.items, "peak_mb": memory.map(|memory| memory.0),
        "peak_own_mb": memory.map(|memory| memory.1),
    });
    println!("{line}");
}

/// The size of all files below a folder, in bytes.
pub(crate) fn size(folder: &Path) -> f64 {
    let files = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let sizes = files.filter_map(|file| Some(file.metadata().ok()?).filter(fs::Metadata::is_file));
    sizes.map(|metadata| metadata.len() as f64).sum()
}

/// The most memory held since it was begun: with the pages of files that are mapped, and without, looked at
/// ten times a second.
pub(crate) struct Peak {
    own: Arc<AtomicU64>,
}

impl Peak {
    pub(crate) fn reset() -> Self {
        let _unknown = fs::write("/proc/self/clear_refs", "5");
        let own = Arc::new(AtomicU64::new(0));
        let kept = Arc::downgrade(&own);
        std::thread::spawn(move || {
            while let Some(own) = kept.upgrade() {
                own.fetch_max(kilobytes("RssAnon:").unwrap_or(0), Ordering::Relaxed);
                drop(own);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Self { own }
    }

    /// With mapped pages, and without, in MB.
    fn megabytes(&self) -> Option<(f64, f64)> {
        let own = self.own.load(Ordering::Relaxed);
        Some((kilobytes("VmHWM:")? as f64 / 1024.0, own as f64 / 1024.0))
    }
}

/// A line of the process' status.
fn kilobytes(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
