//! Writes the vocabularies of `index_schema/`, which people keep as TOML, as bytes to be compiled in: the program reads
//! them at each start, and bytes take a fraction of the time. The short forms among their words are listed apart, for
//! stemming leaves these as they are.

#[path = "src/vocabulary/model.rs"]
#[allow(unreachable_pub, reason = "the program shows these to others")]
mod model;

use model::{Expansions, FacetsFile, Verdicts, Vocabulary};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=index_schema");
    println!("cargo::rerun-if-changed=src/vocabulary/model.rs");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no folder to write to")?);
    for entry in fs::read_dir("index_schema")? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            write(&path, &folder).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}

/// Writes what a file holds.
fn write(path: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let name = path.file_stem().unwrap_or_default();
    let bytes = match name.to_str() {
        Some("facets") => bytes::<FacetsFile>(&text)?,
        Some("verdicts") => bytes::<Verdicts>(&text)?,
        Some("expansions") => {
            fs::write(folder.join("short_forms.txt"), short_forms(&toml::from_str(&text)?))?;
            bytes::<Expansions>(&text)?
        }
        _ => bytes::<Vocabulary>(&text)?,
    };
    Ok(fs::write(folder.join(Path::new(name).with_extension("bin")), bytes)?)
}

fn bytes<T: DeserializeOwned + Serialize>(text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(postcard::to_allocvec(&toml::from_str::<T>(text)?)?)
}

/// The short forms that are no everyday words, one a line.
fn short_forms(expansions: &Expansions) -> String {
    let short = expansions.abbreviation.iter().map(|entry| entry.short.as_str());
    let short = short.filter(|short| !expansions.everyday.contains(short));
    short.collect::<Vec<_>>().join("\n")
}
