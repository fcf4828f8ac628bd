//! Sentences from templates: the files of `prose/`, read once.
//!
//! `[a|b]` chooses, the first more often; `{3-9}` is a number; `{slot}` is a value of the scene, else
//! an entry of the section of that name; `{^slot}` starts with a capital.

use super::random::{Random, Weighted};
use std::collections::HashMap;

/// What a scene knows; returns whether it knows the slot.
pub(crate) trait Slots {
    fn fill(&self, slot: &str, random: &mut Random, out: &mut String) -> bool;
}

/// Sections of templates.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    sections: Vec<Section>,
    names: HashMap<String, usize>,
}

#[derive(Debug)]
struct Section {
    templates: Vec<Template>,
    weights: Weighted,
}

/// A template, ready to be filled in.
#[derive(Debug, Clone)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    Number(u32, u32),
    Slot { name: String, capital: bool },
    Choice(Vec<Template>, Weighted),
}

impl Grammar {
    /// Reads files of sections: `@name exponent`, then a template a line; `#` starts a comment.
    pub(crate) fn read(files: &[&str]) -> Self {
        let mut grammar = Self::default();
        for file in files {
            let mut head = None;
            let mut templates = Vec::new();
            for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                if let Some(next) = line.strip_prefix('@') {
                    grammar.add(head.replace(next), std::mem::take(&mut templates));
                } else {
                    templates.push(Template::read(line));
                }
            }
            grammar.add(head, templates);
        }
        grammar
    }

    fn add(&mut self, head: Option<&str>, templates: Vec<Template>) {
        let Some(head) = head else { return };
        let (name, exponent) = head.split_once(' ').unwrap_or((head, "0"));
        let weights = Weighted::zipf(templates.len(), exponent.parse().expect("a number"));
        self.names.insert(name.to_owned(), self.sections.len());
        self.sections.push(Section { templates, weights });
    }

    /// One entry of a section, by the place in which it stands there.
    pub(crate) fn draw(
        &self,
        section: &str,
        scene: &dyn Slots,
        random: &mut Random,
        out: &mut String,
    ) -> usize {
        let section = &self.sections[*self
            .names
            .get(section)
            .unwrap_or_else(|| panic!("the prose has no section {section}"))];
        let at = section.weights.pick(random);
        self.fill(&section.templates[at], scene, random, out);
        at
    }

    /// As [`Grammar::draw`], as a text of its own.
    pub(crate) fn text(&self, section: &str, scene: &dyn Slots, random: &mut Random) -> String {
        let mut out = String::new();
        self.draw(section, scene, random, &mut out);
        out
    }

    /// Fills a template in.
    pub(crate) fn fill(
        &self,
        template: &Template,
        scene: &dyn Slots,
        random: &mut Random,
        out: &mut String,
    ) {
        for part in &template.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Number(low, high) => {
                    out.push_str(&random.within(*low, *high).to_string());
                }
                Part::Choice(choices, weights) => {
                    self.fill(&choices[weights.pick(random)], scene, random, out);
                }
                Part::Slot { name, capital } => {
                    let start = out.len();
                    if !scene.fill(name, random, out) {
                        self.draw(name, scene, random, out);
                    }
                    if *capital {
                        capitalise(out, start);
                    }
                }
            }
        }
    }
}

/// Makes the letter at a place a capital one.
pub(crate) fn capitalise(text: &mut str, at: usize) {
    if let Some(first) = text.get_mut(at..at + 1) {
        first.make_ascii_uppercase();
    }
}

impl Template {
    pub(crate) fn read(line: &str) -> Self {
        let mut rest = line;
        Self(Self::parts(&mut rest))
    }

    /// Reads up to what ends a choice, or the end.
    fn parts(rest: &mut &str) -> Vec<Part> {
        let mut parts = Vec::new();
        while let Some(first) = rest.chars().next().filter(|first| !matches!(first, '|' | ']')) {
            if first == '[' {
                parts.push(Self::choice(rest));
            } else if first == '{' {
                let (slot, after) = rest[1..].split_once('}').expect("a slot ends");
                parts.push(Part::slot(slot));
                *rest = after;
            } else {
                let end = rest.find(['[', '{', '|', ']']).unwrap_or(rest.len());
                parts.push(Part::Text(rest[..end].to_owned()));
                *rest = &rest[end..];
            }
        }
        parts
    }

    fn choice(rest: &mut &str) -> Part {
        let mut choices = Vec::new();
        while !rest.starts_with(']') {
            *rest = &rest[1..];
            choices.push(Self(Self::parts(rest)));
        }
        *rest = &rest[1..];
        let weights = Weighted::zipf(choices.len(), 0.7);
        Part::Choice(choices, weights)
    }
}

impl Part {
    fn slot(slot: &str) -> Self {
        let range = slot
            .split_once('-')
            .and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match range {
            Some((low, high)) => Part::Number(low, high),
            None => Part::Slot {
                name: slot.trim_start_matches('^').to_owned(),
                capital: slot.starts_with('^'),
            },
        }
    }
}
