//! The filters that are chosen, each with the way to take it back.

use crate::web::site::Site;
use crate::web::url::{Link, is_filter};
use maud::{Markup, html};

/// A filter as chosen.
struct Chip {
    name: String,
    value: String,
    shown: String,
}

/// Whether a search has filters.
pub(super) fn any(link: &Link) -> bool {
    link.pairs().iter().any(|(name, _)| is_filter(name))
}

/// Without any filter.
pub(super) fn cleared(link: &Link) -> Link {
    let names = link.pairs().iter().map(|(name, _)| name.clone());
    let names: Vec<String> = names.filter(|name| is_filter(name)).collect();
    names.iter().fold(link.clone(), |link, name| link.without(name))
}

/// The filters of a search.
pub(super) fn chips(site: &Site, link: &Link) -> Markup {
    let filters = link.pairs().iter().filter(|(name, _)| is_filter(name));
    let chips: Vec<Chip> = filters
        .map(|(name, value)| chip(site, name, value))
        .chain(link.pairs().iter().filter_map(|(name, value)| view(name, value)))
        .collect();
    // Several values of one facet are alternatives, and stand side by side.
    let mut names: Vec<&str> = Vec::new();
    for chip in &chips {
        if !names.contains(&chip.name.as_str()) {
            names.push(&chip.name);
        }
    }
    let place = |chip: &&Chip| names.iter().position(|name| *name == chip.name);
    let mut ordered: Vec<&Chip> = chips.iter().collect();
    ordered.sort_by_key(|chip| (place(chip), chip.excludes()));
    let chips = ordered;
    let or = |at: usize| {
        let before = at.checked_sub(1).map(|before| chips[before]);
        before.is_some_and(|before| {
            before.name == chips[at].name && !before.excludes() && !chips[at].excludes()
        })
    };
    html! {
        @if !chips.is_empty() {
            ul.chips aria-label="Filters" {
                @for (at, Chip { name, value, shown }) in chips.iter().enumerate() {
                    li {
                        @if or(at) { span.note { "or " } }
                        a.chip href=(link.clone().without_values(name, |known| known == value))
                            data-live data-key={ "chip:" (name) ":" (value) } {
                            (shown) " " span aria-hidden="true" { "\u{d7}" }
                            span.hidden { ": remove this filter" }
                        }
                    }
                }
                @if chips.len() > 1 {
                    li { a href=(cleared(link)) data-live { "Clear all" } }
                }
            }
        }
    }
}

impl Chip {
    fn excludes(&self) -> bool {
        self.value.trim().starts_with('!')
    }
}

/// What says how hits are listed, where it is not the usual.
fn view(name: &str, value: &str) -> Option<Chip> {
    let shown = match (name, value) {
        ("no-fold", "false" | "0" | "no" | "off") => return None,
        ("no-fold", _) => "Every item, also of the same reasons",
        ("group", _) => "One hit a letter",
        _ => return None,
    };
    Some(Chip { name: name.to_owned(), value: value.to_owned(), shown: shown.to_owned() })
}

fn chip(site: &Site, name: &str, value: &str) -> Chip {
    let (not, typed) = match value.trim().strip_prefix('!') {
        Some(typed) => ("not ", typed.trim()),
        None => ("", value.trim()),
    };
    let facet = site.vocabularies.facet(name);
    let typed = typed.trim_start_matches('=');
    let label = facet.map_or_else(|| name.replace('-', " "), |facet| facet.label.clone());
    let resolved = facet.and_then(|facet| facet.resolve(typed).ok());
    let shown = resolved.map_or_else(|| typed.to_owned(), |known| site.label(name, &known.path));
    Chip {
        name: name.to_owned(),
        value: value.to_owned(),
        shown: format!("{}: {not}{shown}", capital(&label)),
    }
}

/// With a capital at its start.
pub(super) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
