//! The search box.

use super::problem::coded;
use crate::web::params::Params;
use crate::web::problem::Problem;
use crate::web::url::Link;
use maud::{Markup, html};

/// Parameters that the form has fields for.
const FIELDS: [&str; 4] = ["q", "all", "any", "exact"];
/// Ways in which words are matched, with what they mean.
const WAYS: [(&str, &str); 3] = [
    ("all", "Only items with all the words"),
    ("any", "Any of the words is enough"),
    ("exact", "Words as typed: no stems, no other names"),
];

/// The search box with the query in it; a problem with the query stands below.
pub(super) fn form(action: &str, params: &Params, problem: Option<&Problem>) -> Markup {
    let query = params.query();
    html! {
        form.ask role="search" action=(action) method="get" autocomplete="off" data-live {
            label.hidden for="q" { "Words, phrases, or a case number" }
            div.box {
                input #q type="search" name="q" value=(query) maxlength="4000" autocomplete="off"
                    spellcheck="false" placeholder="acupuncture functional improvement"
                    aria-invalid=[problem.and_then(|problem| problem.position).map(|_| "true")]
                    aria-describedby=[problem.map(|_| "problem")];
                button type="submit" { "Search" }
            }
            div #kept { (kept(action, params, &FIELDS)) }
            details #ways .ways open[WAYS.iter().any(|(name, _)| params.get(name).is_some())] {
                summary { "How words are matched" }
                div.choices {
                    @for (name, about) in WAYS {
                        label {
                            input type="checkbox" name=(name) value="true"
                                checked[params.get(name).is_some()];
                            " " (about)
                        }
                    }
                }
                p.note {
                    "Words are searched by their stems, in the request, the reasons, the guidelines and the summary. "
                    a href="/help" { "All of the query language" }
                    " \u{b7} " kbd { "/" } " goes to the box"
                }
            }
        }
        // On paper the box is left out.
        p #printed .printed { @if !query.is_empty() { "Search: " strong { (query) } } }
        @if let Some(problem) = problem { (place(problem, &query)) }
    }
}

/// The rest of a search as fields that are not shown, so that a form keeps it.
pub(super) fn kept(action: &str, params: &Params, but: &[&str]) -> Markup {
    let link = Link::new(action, params);
    html! {
        @for (name, value) in link.pairs() {
            @if !but.contains(&name.as_str()) {
                input type="hidden" name=(name) value=(value);
            }
        }
    }
}

/// What is wrong with a query, and where.
fn place(problem: &Problem, query: &str) -> Markup {
    let chars: Vec<char> = query.chars().collect();
    let part = |from: usize, to: usize| -> String {
        let to = to.min(chars.len());
        chars[from.min(to)..to].iter().collect()
    };
    html! {
        div #problem.problem role="alert" {
            p { strong { (problem.detail) } }
            @if let Some([start, end]) = problem.position.map(|place| place.map(|at| at as usize)) {
                p.place {
                    code {
                        (part(0, start))
                        span.wrong { (part(start, end)) @if start >= chars.len() { "\u{a0}" } }
                        (part(end, usize::MAX))
                    }
                    span.note { " at character " (start + 1) }
                }
            }
            @if let Some(hint) = &problem.hint { p { (coded(hint)) } }
        }
    }
}
