//! Procedures that are only the occasion of what is asked for: before, after or for which something else is.

use super::Cut;
use crate::vocabulary::{Hit, Vocabulary};

/// How many tokens may lie between a procedure and the word that says so: "after total left knee replacement".
const REACH: usize = 6;

/// The words of occasions, which are data.
#[derive(Debug)]
pub(super) struct Words {
    /// What may stand between that word and a study or an injection, numbers aside: other words may be the occasion
    /// themselves, as in "after a fall MRI of the knee".
    details: Vec<String>,
    /// How words begin by which a visit is no more than talk about what it is for.
    talk: Vec<String>,
}

impl Words {
    /// Those of the treatments' vocabulary.
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let group = |name: &str| {
            vocabulary.markers.get(name).into_iter().flatten().map(str::to_owned).collect()
        };
        Self { details: group("details"), talk: group("talk") }
    }

    fn is_detail(&self, token: &str) -> bool {
        token == "-"
            || token.contains(|c: char| c.is_ascii_digit())
            || self.details.iter().any(|word| word == token)
    }
}

/// What a hit names, as far as occasions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What other things are asked for before, after and for.
    Surgery,
    /// The same, but only visits are asked for it.
    Injection,
    /// What other things are asked for before and after.
    Study,
    /// What tests are asked for before.
    Drug,
    Visit,
    Other,
}

/// The procedures of a request that are only occasions.
#[derive(Debug)]
pub(super) struct Occasions(Vec<Hit>);

impl Occasions {
    /// Finds them among the hits in a text. Of general words those for visits are asked for as other things are.
    pub(super) fn new(
        words: &Words,
        text: &Cut<'_>,
        strong: &[Hit],
        weak: &[Hit],
        kind: &dyn Fn(&Hit) -> Kind,
    ) -> Self {
        let visits = weak.iter().filter(|hit| kind(hit) == Kind::Visit);
        let asked: Vec<(&Hit, Kind)> =
            strong.iter().chain(visits).map(|hit| (hit, kind(hit))).collect();
        let found = |of: Kind, is_other: &dyn Fn(Kind) -> bool| {
            let others = asked.iter().filter(|(_, kind)| is_other(*kind)).map(|(hit, _)| *hit);
            let others = others.collect();
            let all: Vec<&Hit> = strong.iter().chain(weak).filter(|hit| kind(hit) == of).collect();
            Request { words, text, of, others }.occasions(&all)
        };
        let is_no_procedure = |kind| matches!(kind, Kind::Visit | Kind::Drug | Kind::Other);
        let mut all = found(Kind::Surgery, &|kind| kind != Kind::Surgery);
        all.extend(found(Kind::Injection, &is_no_procedure));
        all.extend(found(Kind::Study, &is_no_procedure));
        all.extend(found(Kind::Drug, &|kind| {
            matches!(kind, Kind::Visit | Kind::Study | Kind::Other)
        }));
        Self(all)
    }

    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a hit is one of them.
    pub(super) fn hold(&self, hit: &Hit) -> bool {
        self.0.contains(hit)
    }
}

/// A request, and what it names that may be asked for on the occasion of something.
struct Request<'a> {
    words: &'a Words,
    text: &'a Cut<'a>,
    /// What may be the occasion.
    of: Kind,
    others: Vec<&'a Hit>,
}

impl Request<'_> {
    /// Those of some procedures that are occasions.
    fn occasions(&self, procedures: &[&Hit]) -> Vec<Hit> {
        let first = procedures.iter().filter(|hit| self.is_occasion(hit));
        let mut found: Vec<Hit> = first.map(|hit| (*hit).clone()).collect();
        let goes_on = |hit: &&&Hit| {
            found.iter().any(|first| match self.of {
                Kind::Surgery => self.goes_on(first, hit),
                _ => self.is_joined(first, hit),
            })
        };
        let further: Vec<Hit> =
            procedures.iter().filter(goes_on).map(|hit| (*hit).clone()).collect();
        found.extend(further);
        found
    }

    /// What is asked for with a token.
    fn asked(&self, at: usize) -> Option<&Hit> {
        self.others.iter().find(|other| other.tokens.contains(&at)).copied()
    }

    /// Whether something is only talked about what it is for.
    fn is_talk(&self, hit: &Hit) -> bool {
        hit.tokens.clone().any(|at| {
            self.words.talk.iter().any(|start| self.text.token(at).starts_with(start.as_str()))
        })
    }

    /// Whether a procedure is only that before, after or for which one of the others is asked for.
    fn is_occasion(&self, procedure: &Hit) -> bool {
        let from = procedure.tokens.start.saturating_sub(REACH);
        for at in (from..procedure.tokens.start).rev() {
            if self.asked(at).is_some() {
                return false;
            }
            let before = at.checked_sub(1).map_or("", |at| self.text.token(at));
            match (before, self.text.token(at)) {
                (_, "for") => {
                    let led = self.leads_back(at, true);
                    return match self.of {
                        Kind::Surgery => led.is_some(),
                        Kind::Injection => led.is_some_and(|asked| self.is_talk(asked)),
                        _ => false,
                    };
                }
                (_, "after" | "following" | "before" | "post") | ("prior", "to") | ("s", "p") => {
                    return self.leads_back(at, false).is_some();
                }
                // "Before the next refill of".
                (_, "of") if self.of == Kind::Drug => {}
                (_, "," | ";" | ":" | "." | "(" | ")" | "and" | "or" | "with" | "of") => {
                    return false;
                }
                (_, token) if self.of != Kind::Surgery && !self.words.is_detail(token) => {
                    return false;
                }
                _ => {}
            }
        }
        false
    }

    /// What is asked for before a place, with nothing in between that asks for something else; a comma does so before
    /// "for" only.
    fn leads_back(&self, at: usize, at_comma: bool) -> Option<&Hit> {
        for at in (0..at).rev() {
            let token = self.text.token(at);
            let is_surgery = matches!(token, "surgery" | "surgical");
            if let Some(asked) = self.asked(at) {
                return Some(asked).filter(|_| !is_surgery);
            }
            let before = at.checked_sub(1).map_or("", |at| self.text.token(at));
            if token == "." && matches!(before, "dr" | "mr" | "ms" | "mrs") {
                continue;
            }
            if is_surgery
                || matches!(token, "and" | "treat")
                || token == "," && at_comma
                || parts_requests(token)
            {
                return None;
            }
        }
        None
    }

    /// Whether a procedure goes on an occasion that another one begins: "after arthroscopy and meniscectomy".
    fn goes_on(&self, first: &Hit, procedure: &Hit) -> bool {
        let mut between = first.tokens.end..procedure.tokens.start;
        first.tokens.end <= procedure.tokens.start
            && !self.others.iter().any(|other| between.contains(&other.tokens.start))
            && !between.any(|at| parts_requests(self.text.token(at)))
    }

    /// Whether a procedure stands right beside another one, which is no other one of its kind: "after MRI and EMG".
    fn is_joined(&self, first: &Hit, procedure: &Hit) -> bool {
        let between: Vec<&str> =
            (first.tokens.end..procedure.tokens.start).map(|at| self.text.token(at)).collect();
        first.tokens.end <= procedure.tokens.start
            && match between.as_slice() {
                [] | ["/" | "&" | "-"] => true,
                ["and" | "or"] => first.value != procedure.value,
                _ => false,
            }
    }
}

/// Whether a token stands between two requests.
fn parts_requests(token: &str) -> bool {
    matches!(token, ";" | ".") || token.starts_with("request") || token.starts_with("authoriz")
}
