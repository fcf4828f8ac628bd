//! Exports and their dictionary, written item by item.

use super::hit_table::csv_error;
use super::json_line;
use crate::export::Column;
use crate::index::ItemDocument;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// Writes items as CSV, a header line first; lists joined by `; `.
pub(crate) fn export_csv<E: From<io::Error>>(
    out: &mut dyn Write,
    columns: &[Column<'_>],
    items: impl Iterator<Item = Result<ItemDocument, E>>,
) -> Result<u64, E> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.iter().map(|column| &column.name)).map_err(csv_error)?;
    let mut written = 0;
    for item in items {
        let item = item?;
        let facets = item.facets();
        let record = columns.iter().map(|column| plain(&column.value(&item, &facets)));
        csv.write_record(record).map_err(csv_error)?;
        written += 1;
    }
    csv.flush()?;
    Ok(written)
}

/// A value in one field of a table.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        value => value.to_string(),
    }
}

/// Writes items as JSON, one a line; what is not known is left out.
pub(crate) fn export_jsonl<E: From<io::Error>>(
    out: &mut dyn Write,
    columns: &[Column<'_>],
    items: impl Iterator<Item = Result<ItemDocument, E>>,
) -> Result<u64, E> {
    let mut written = 0;
    for item in items {
        let item = item?;
        let facets = item.facets();
        let values =
            columns.iter().map(|column| (column.name.clone(), column.value(&item, &facets)));
        let known = values.filter(|(_, value)| !value.is_null());
        json_line(out, &known.collect::<Map<String, Value>>())?;
        written += 1;
    }
    Ok(written)
}

/// Writes what the columns mean, as CSV.
pub(crate) fn dictionary_csv(out: &mut dyn Write, columns: &[Column<'_>]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let mut write = |record: [&str; 4]| csv.write_record(record).map_err(csv_error);
    write(["column", "kind", "about", "values"])?;
    for column in columns {
        let values = column.values.iter().map(|value| format!("{} = {}", value.path, value.label));
        write([&column.name, column.kind, &column.about, &values.collect::<Vec<_>>().join("; ")])?;
    }
    csv.flush()
}
