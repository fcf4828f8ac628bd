//! What was typed for a facet's value where the value has another name: an alias may be narrower or wider than the
//! value that it leads to, so a reader is told.

use crate::query::Node;
use crate::vocabulary::{Facet, Vocabularies, slug};

/// Notes on the values of filters, and of a query, that were typed by an alias.
pub(super) fn readings(
    filters: &[(String, String)],
    root: Option<&Node>,
    vocabularies: &Vocabularies,
) -> Vec<String> {
    let mut typed: Vec<(&str, &str)> = Vec::new();
    typed.extend(filters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    if let Some(root) = root {
        collect(root, &mut typed);
    }
    let mut notes: Vec<String> = Vec::new();
    for (name, value) in typed {
        let value = value.trim_start_matches('!').trim();
        let Some(facet) = vocabularies.facet(name) else { continue };
        let note = other_name(facet, value).map(|label| format!("{name}:{value} read as {label}"));
        let note = note.or_else(|| same_name(facet, value));
        notes.extend(note.filter(|note| !notes.contains(note)));
    }
    notes
}

/// What else has the name typed, where a value's whole path is the last part of another's.
fn same_name(facet: &Facet, typed: &str) -> Option<String> {
    let path = facet.resolve_in_full(typed)?.path;
    let end = format!("/{path}");
    let values = &facet.vocabulary.values;
    let other = values.iter().find_map(|value| {
        let at = value.path.find(&end)? + end.len();
        value.path[at..].starts_with('/').then(|| &value.path[..at])
    })?;
    let (name, label) = (&facet.name, facet.label_of(&path));
    Some(format!("{name}:{typed} read as {label}; there is also {name}:{other}"))
}

/// Whether items are chosen by how they came out.
pub(super) fn by_outcome(
    filters: &[(String, String)],
    root: Option<&Node>,
    vocabularies: &Vocabularies,
) -> bool {
    let mut asked = Vec::new();
    if let Some(root) = root {
        collect(root, &mut asked);
    }
    let names = asked.iter().map(|(name, _)| *name);
    names
        .chain(filters.iter().map(|(name, _)| name.as_str()))
        .any(|name| vocabularies.tells_outcome(name))
}

/// Notes on words of a query that a reader may have meant as something else than words.
pub(super) fn words_read(
    root: Option<&Node>,
    by_outcome: bool,
    vocabularies: &Vocabularies,
) -> Vec<String> {
    let nodes = match root {
        Some(Node::All(nodes)) => nodes.as_slice(),
        Some(node) => std::slice::from_ref(node),
        None => &[],
    };
    let words: Vec<&str> = nodes.iter().filter_map(word).collect();
    let mut told = Vec::new();
    if root.is_some_and(has_or) {
        told.push("\"or\" was read as a word: write OR in capitals for either".to_owned());
    }
    if has_not(nodes, vocabularies) {
        told.push("\"not\" was read as a word: write NOT in capitals to exclude".to_owned());
    }
    let expansions = vocabularies.expansions();
    for word in words.iter().filter(|word| expansions.is_ambiguous(word)) {
        told.push(format!("\"{word}\" is short for several things: it is searched as typed"));
    }
    if nodes.windows(3).any(is_near) {
        told.push(
            "\"near\" was read as a word: write NEAR/5 in capitals for words near each other"
                .to_owned(),
        );
    }
    let Some(outcome) = vocabularies.outcome().filter(|_| !by_outcome) else { return told };
    let verdicts = &vocabularies.verdicts().words;
    let negated = |at: usize| words[at.saturating_sub(2)..at].iter().any(|word| is_not(word));
    for (at, word) in words.iter().enumerate() {
        if negated(at) || !verdicts.contains(&word.to_lowercase()) {
            continue;
        }
        if let Some(value) = outcome.resolve_in_full(word) {
            let (name, path) = (&outcome.name, value.path);
            told.push(format!(
                "\"{word}\" is looked for in the texts: what came out so is {name}:{path}"
            ));
        }
    }
    told
}

fn is_not(word: &str) -> bool {
    word.eq_ignore_ascii_case("not")
}

/// A word that is looked for in all its forms.
fn word(node: &Node) -> Option<&str> {
    match node {
        Node::Word(word) if !word.exact => Some(&word.text),
        _ => None,
    }
}

/// Whether a word "or" stands between others.
fn has_or(node: &Node) -> bool {
    let Node::All(nodes) = node else { return false };
    let is_or = |node: &Node| word(node).is_some_and(|word| word.eq_ignore_ascii_case("or"));
    nodes.windows(3).any(|three| is_or(&three[1])) || nodes.iter().any(has_or)
}

/// Whether a word "not" stands between others, before one that names a value of a facet: "not improved" is no exclusion.
fn has_not(nodes: &[Node], vocabularies: &Vocabularies) -> bool {
    let names_value = |word: &str| {
        vocabularies.facets().iter().any(|facet| facet.resolve_in_full(word).is_some())
    };
    nodes.windows(3).any(|three| {
        word(&three[1]).is_some_and(is_not) && word(&three[2]).is_some_and(names_value)
    })
}

/// Whether a word "near" stands between two others.
fn is_near(three: &[Node]) -> bool {
    matches!(three, [_, near, _] if word(near).is_some_and(|word| word == "near"))
}

/// The label of the value that an alias leads to.
fn other_name(facet: &Facet, typed: &str) -> Option<String> {
    let path = facet.resolve_in_full(typed)?.path;
    let label = facet.label_of(&path);
    let own = slug(typed) == slug(&label)
        || path.eq_ignore_ascii_case(typed)
        || path.rsplit('/').next() == Some(slug(typed).as_str());
    (!own).then_some(label)
}

/// The values of facets that a tree names.
fn collect<'n>(node: &'n Node, typed: &mut Vec<(&'n str, &'n str)>) {
    match node {
        Node::Facet { facet, value, .. } | Node::FacetOrWords { facet, value, .. } => {
            typed.push((facet, value));
        }
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| collect(node, typed)),
        Node::Not(node) | Node::Boost(node, _) | Node::In(_, node) => collect(node, typed),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::unwrap_used)]
    fn words_that_may_be_meant_otherwise() {
        let vocabularies = Vocabularies::load(None).unwrap();
        let told = |text: &str| {
            let query = crate::query::parse(text, &["outcome", "letter-outcome"]).unwrap();
            let root = query.root.as_ref();
            words_read(root, by_outcome(&[], root, &vocabularies), &vocabularies).len()
        };
        for (text, notes) in [
            ("knee or hip", 1),
            ("knee OR hip", 0),
            ("knee or \"low back\"", 1),
            ("gel (knee Or hip)", 1),
            ("partial meniscectomy", 0),
            ("knee not shoulder", 1),
            ("acupuncture not improved", 0),
            ("approved acupuncture", 1),
            ("\"approved\" acupuncture outcome:upheld", 0),
            ("approved outcome:upheld", 0),
            ("approved letter-outcome:mixed", 0),
            ("acupuncture", 0),
            ("knee near hip", 1),
            ("near syncope", 0),
            ("not medically necessary", 0),
            ("medically necessary", 1),
            ("12 visits of PT", 1),
            ("=PT visits", 0),
            ("does it help if", 0),
            ("knee NEAR/3 hip", 0),
        ] {
            assert_eq!(told(text), notes, "{text}");
        }
    }

    #[test]
    #[allow(clippy::unwrap_used)]
    fn only_other_names_are_told() {
        let vocabularies = Vocabularies::load(None).unwrap();
        let told = |value: &str| {
            readings(&[("treatment".to_owned(), value.to_owned())], None, &vocabularies)
        };
        assert_eq!(told("acupuncture"), [""; 0]);
        assert_eq!(told("Acupuncture"), [""; 0]);
        let [note] = &told("!MRI")[..] else { panic!("an alias is told of") };
        assert!(note.starts_with("treatment:MRI read as "), "{note}");
        let guideline = [("guideline".to_owned(), "ACOEM".to_owned())];
        let [note] = &readings(&guideline, None, &vocabularies)[..] else { panic!("two are told") };
        assert!(note.ends_with("there is also guideline:mtus/acoem"), "{note}");
        let query = crate::query::parse("guideline:ACOEM", &["guideline"]).unwrap();
        assert_eq!(readings(&[], query.root.as_ref(), &vocabularies).len(), 1);
    }
}
