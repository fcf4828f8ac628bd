//! Downloads of all matching items, as a table or as citations, streamed: an item is read when the reader has taken those before it.

use crate::export::{Citing, Items, chosen, item_id};
use crate::index::StoreError;
use crate::output::{Cites, cite, export_csv, export_jsonl};
use crate::search::{Request, SearchError};
use crate::web::answer::Answer;
use crate::web::living::Opened;
use crate::web::page::cite::FORMS as CITED;
use crate::web::problem::Problem;
use crate::web::routes::Asked;
use crate::web::site::Site;
use crate::web::stream::{Chunks, channel};
use axum::http::header;
use std::io;
use std::sync::{Arc, mpsc};

/// How items are written.
#[derive(Clone, Copy)]
pub(in crate::web) enum Form {
    Csv,
    Jsonl,
    Cited(Cites),
}

/// The forms by name, each with its type of content and a file's name.
pub(in crate::web) const FORMS: [(&str, (Form, &str, &str)); 5] = [
    ("csv", (Form::Csv, "text/csv; charset=utf-8", "imr-items.csv")),
    ("jsonl", (Form::Jsonl, "application/x-ndjson", "imr-items.jsonl")),
    cited(0, "imr-decisions.html"),
    cited(1, "imr-decisions.md"),
    cited(2, "imr-decisions.txt"),
];

const fn cited(at: usize, file: &str) -> (&str, (Form, &str, &str)) {
    let (name, (form, kind)) = CITED[at];
    (name, (Form::Cited(form), kind, file))
}

/// What is to be written.
struct Download {
    request: Request,
    form: Form,
    fields: Vec<String>,
    after: Option<String>,
    limit: usize,
}

/// Tells whether a download begins, before its first byte.
type Begun = mpsc::SyncSender<Result<(), Problem>>;

/// All matching items as CSV or JSON lines.
pub(in crate::web) fn export(asked: &mut Asked) -> Result<Answer, Problem> {
    let params = &mut asked.params;
    let (form, kind, file) = params.take_choice("format", &FORMS)?.unwrap_or(FORMS[0].1);
    let fields = params.take("fields")?.unwrap_or_default();
    let fields = fields.split(',').map(str::trim).filter(|name| !name.is_empty());
    let fields: Vec<String> = fields.map(str::to_owned).collect();
    if matches!(form, Form::Cited(_)) && !fields.is_empty() {
        return Err(Problem::bad("citations have no columns")
            .hint("fields are for the formats csv and jsonl"));
    }
    let known = |typed: String| {
        item_id(&typed).ok_or_else(|| {
            Problem::bad(format!("\"{typed}\" is no item")).hint("write for example CM14-0012345/1")
        })
    };
    let after = params.take("after")?.map(known).transpose()?;
    let limit = params.take_number("limit")?.unwrap_or(usize::MAX);
    let download = Download { request: params.take_request()?, form, fields, after, limit };
    let opened = asked.opened()?;
    let place = Arc::clone(&asked.site.downloads).try_acquire_owned().map_err(|_| {
        let detail = "as many downloads as are allowed are running";
        Problem::too_many(detail).hint("wait for one to end")
    })?;
    let (chunks, body) = channel();
    let (begun, begins) = mpsc::sync_channel(1);
    let site = Arc::clone(&asked.site);
    tokio::task::spawn_blocking(move || {
        // A reader who goes away ends the download.
        drop(download.write(&site, &opened, chunks, &begun));
        drop(place);
    });
    begins.recv().map_err(|_| Problem::internal())??;
    let disposition = format!("attachment; filename=\"{file}\"");
    Ok(Answer::stream(kind, body).header(header::CONTENT_DISPOSITION, disposition))
}

/// Why a download broke off.
enum Broken {
    Search(SearchError),
    Io(io::Error),
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Broken::Search(error.into())
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(error)
    }
}

impl Download {
    fn write(&self, site: &Site, opened: &Opened, mut to: Chunks, begun: &Begun) -> io::Result<()> {
        let said = |problem: Problem| drop(begun.send(Err(problem)));
        let columns = match chosen(&site.vocabularies, &self.fields) {
            Ok(columns) => columns,
            Err(name) => {
                said(
                    Problem::bad(format!("there is no column \"{name}\""))
                        .hint("`imr export --dictionary` lists them"),
                );
                return Ok(());
            }
        };
        let engine = site.engine(opened);
        let wrong = |error: &SearchError| Problem::search(error, &self.request.text);
        let population = match engine.population(&self.request) {
            Ok(population) => population,
            Err(error) => {
                said(wrong(&error));
                return Ok(());
            }
        };
        let items = match Items::new(&population, self.after.as_deref()) {
            Ok(items) => items,
            Err(error) => {
                said(wrong(&error));
                return Ok(());
            }
        };
        drop(begun.send(Ok(())));
        let items = items.take(self.limit).map(|item| {
            let mut item = item.map_err(Broken::Search)?;
            site.hide_path(&mut item.source);
            Ok(item)
        });
        let written = match self.form {
            Form::Csv => export_csv(&mut to, &columns, items),
            Form::Jsonl => export_jsonl(&mut to, &columns, items),
            Form::Cited(form) => {
                let citing = Citing::new(&opened.snapshot, &site.vocabularies, items);
                cite(&mut to, form, citing)
            }
        };
        match written {
            Ok(_) => to.end(),
            // The reader must not take a part for the whole.
            Err(Broken::Search(error)) => to.break_off(io::Error::other(error.to_string())),
            Err(Broken::Io(error)) => Err(error),
        }
    }
}
