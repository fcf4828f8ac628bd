//! Figures about the server in the text form of Prometheus.

use super::routes::ROUTES;
use super::site::Site;
use super::work::Lane;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper ends of the classes of time, in milliseconds.
const BOUNDS: [u64; 9] = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

/// Figures of one route.
#[derive(Default)]
struct RouteFigures {
    /// Answers by the hundreds of their status: 2, 3, 4, 5.
    statuses: [AtomicU64; 4],
    /// Answers by time; the last class is open.
    times: [AtomicU64; BOUNDS.len() + 1],
    microseconds: AtomicU64,
}

/// Figures since the start.
pub(super) struct Metrics {
    routes: Vec<RouteFigures>,
    refused: AtomicU64,
    answers_kept: AtomicU64,
    answers_computed: AtomicU64,
    /// Open connections.
    pub(super) connections: AtomicU64,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let routes = ROUTES.iter().map(|_| RouteFigures::default()).collect();
        let zero = || AtomicU64::new(0);
        Self {
            routes,
            refused: zero(),
            answers_kept: zero(),
            answers_computed: zero(),
            connections: zero(),
        }
    }

    /// Counts an answer.
    pub(super) fn answered(&self, route: usize, status: u16, took: Duration) {
        let figures = &self.routes[route];
        let class = usize::from(status / 100).clamp(2, 5) - 2;
        figures.statuses[class].fetch_add(1, Ordering::Relaxed);
        let place = BOUNDS.iter().position(|bound| took <= Duration::from_millis(*bound));
        figures.times[place.unwrap_or(BOUNDS.len())].fetch_add(1, Ordering::Relaxed);
        figures.microseconds.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
    }

    /// Counts an answer to a search.
    pub(super) fn answer(&self, is_kept: bool) {
        let counter = if is_kept { &self.answers_kept } else { &self.answers_computed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a request that was not let through.
    pub(super) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}

/// All figures as text.
pub(super) fn text(site: &Arc<Site>) -> String {
    let mut page = Page(String::new());
    page.routes(&site.metrics);
    let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    page.one(
        "imr_refused_total",
        "counter",
        "Requests not let through.",
        value(&site.metrics.refused),
    );
    page.one("imr_connections", "gauge", "Open connections.", value(&site.metrics.connections));
    page.lanes(site);
    let opened = site.opened();
    let kept = opened.as_ref().map_or(0, |opened| opened.answers.len());
    page.one("imr_answers_kept", "gauge", "Answers kept.", kept as u64);
    page.one(
        "imr_answers_found_total",
        "counter",
        "Asks answered from what is kept.",
        value(&site.metrics.answers_kept),
    );
    page.one(
        "imr_answers_computed_total",
        "counter",
        "Asks computed.",
        value(&site.metrics.answers_computed),
    );
    page.one("imr_index_up", "gauge", "Whether there is an index.", u64::from(opened.is_ok()));
    if let Ok(opened) = opened {
        let updated = opened.snapshot.meta.updated;
        page.one("imr_index_updated_seconds", "gauge", "Last update of the index.", updated);
        let segments = opened.snapshot.segments().0 as u64;
        page.one("imr_index_segments", "gauge", "Parts of the index.", segments);
    }
    if let Some(bytes) = resident() {
        page.one("process_resident_memory_bytes", "gauge", "Resident memory.", bytes);
    }
    page.0
}

/// A page of figures; writing to a string cannot fail.
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, about: &str) {
        let _ = writeln!(self.0, "# HELP {name} {about}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, about: &str, value: u64) {
        self.head(name, kind, about);
        self.line(name, "", value);
    }

    fn routes(&mut self, metrics: &Metrics) {
        let all = || ROUTES.iter().zip(&metrics.routes);
        self.head("imr_http_requests_total", "counter", "Answers by route and class of status.");
        for (route, figures) in all() {
            for (class, count) in (2..).zip(&figures.statuses) {
                let labels = format!("{{route=\"{}\",status=\"{class}xx\"}}", route.path);
                self.line("imr_http_requests_total", &labels, count.load(Ordering::Relaxed));
            }
        }
        self.head("imr_http_request_seconds", "histogram", "Time to answer by route.");
        for (route, figures) in all() {
            let path = route.path;
            let mut sum = 0;
            let bounds = BOUNDS.iter().map(|bound| (*bound as f64 / 1e3).to_string());
            for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(&figures.times) {
                sum += count.load(Ordering::Relaxed);
                let labels = format!("{{route=\"{path}\",le=\"{bound}\"}}");
                self.line("imr_http_request_seconds_bucket", &labels, sum);
            }
            let labels = format!("{{route=\"{path}\"}}");
            let seconds = figures.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
            self.line("imr_http_request_seconds_sum", &labels, seconds);
            self.line("imr_http_request_seconds_count", &labels, sum);
        }
    }

    fn lanes(&mut self, site: &Site) {
        let lanes = [("quick", Lane::Quick), ("costly", Lane::Costly)];
        self.head("imr_work_waiting", "gauge", "Asks that wait, by lane.");
        for (name, lane) in lanes {
            self.line("imr_work_waiting", &format!("{{lane=\"{name}\"}}"), site.work.load(lane).0);
        }
        self.head("imr_work_running", "gauge", "Asks at work, by lane.");
        for (name, lane) in lanes {
            self.line("imr_work_running", &format!("{{lane=\"{name}\"}}"), site.work.load(lane).1);
        }
    }
}

/// Resident memory of this process, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1_024)
}
