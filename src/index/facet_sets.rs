//! Facet values as sets that many items have: an item has about 25 values and seven sets, and to count
//! items by set reads a third of the numbers.
//!
//! A set is a text: the terms of its values, parents included, with marks between them.

/// Facets whose values stand together in one set, because items have few combinations of them. Values
/// of other facets are sets of their own.
const TOGETHER: [&[&str]; 6] = [
    &["outcome", "letter-outcome", "ur-action", "timing", "layout", "sex", "guidelines-agree"],
    &["treatment", "laterality"],
    &["guideline", "denial-guideline"],
    &["region"],
    &["specialty", "state"],
    &["year", "age-band"],
];

/// Stands between the terms of a set.
const MARK: char = '\u{1f}';

/// The sets of an item's facet terms: each term is in one.
pub(super) fn sets(terms: &[String]) -> Vec<String> {
    let mut together = [const { String::new() }; TOGETHER.len()];
    let mut sets = Vec::new();
    for term in terms {
        let facet = term.split(':').next().unwrap_or_default();
        match TOGETHER.iter().position(|facets| facets.contains(&facet)) {
            Some(at) => {
                let set = &mut together[at];
                if !set.is_empty() {
                    set.push(MARK);
                }
                set.push_str(term);
            }
            None => sets.push(term.clone()),
        }
    }
    sets.extend(together.into_iter().filter(|set| !set.is_empty()));
    sets
}

/// The terms of a set.
pub(super) fn terms(set: &str) -> impl Iterator<Item = &str> {
    set.split(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_term_is_in_one_set() {
        let given = [
            "treatment:a",
            "treatment:a/b",
            "guideline-topic:ice",
            "region:x",
            "guideline-topic:heat",
            "outcome:upheld",
        ];
        let given: Vec<String> = given.iter().map(|term| (*term).to_owned()).collect();
        let sets = sets(&given);
        assert_eq!(sets.len(), 5);
        let mut back: Vec<&str> = sets.iter().flat_map(|set| terms(set)).collect();
        back.sort_unstable();
        let mut sorted: Vec<&str> = given.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        assert_eq!(back, sorted);
    }
}
