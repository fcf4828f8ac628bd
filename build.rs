//! Writes the vocabularies of `index_schema/`, which people keep as TOML, as JSON to be compiled in: the program reads
//! them at each start, and JSON takes a fraction of the time. The short forms among their words are listed apart, for
//! stemming leaves these as they are.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=index_schema");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder to write to")?);
    for entry in fs::read_dir("index_schema")? {
        let path = entry?.path();
        if let (Some(name), Some("toml")) = (path.file_stem(), ending(&path)) {
            let text = fs::read_to_string(&path)?;
            let table: toml::Table =
                toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
            let json = folder.join(Path::new(name).with_extension("json"));
            fs::write(json, serde_json::to_string(&table)?)?;
            if let Some(entries) = table.get("abbreviation").and_then(toml::Value::as_array) {
                let everyday = table.get("everyday").and_then(toml::Value::as_array);
                let is_everyday = |short: &&str| {
                    everyday
                        .is_some_and(|words| words.iter().any(|word| word.as_str() == Some(short)))
                };
                let short = entries.iter().filter_map(|entry| entry.get("short")?.as_str());
                let short = short.filter(|short| !is_everyday(short));
                let lines = short.collect::<Vec<_>>().join("\n");
                fs::write(folder.join("short_forms.txt"), lines)?;
            }
        }
    }
    Ok(())
}

fn ending(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}
