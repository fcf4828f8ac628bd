//! Sees through typing slips: one letter added, dropped, changed or swapped.

use crate::vocabulary::Vocabulary;

/// The shortest word in which a slip is seen through: shorter ones have too many neighbours.
const SHORTEST: usize = 6;

/// The value whose word is one slip away, if the words of no other value are.
pub(super) fn value(vocabulary: &Vocabulary, word: &str) -> Option<usize> {
    if word.len() < SHORTEST || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let is_near = |term: &String| {
        term.len() >= SHORTEST
            && term.bytes().all(|b| b.is_ascii_lowercase())
            && term.len().abs_diff(word.len()) <= 1
            && one_edit_apart(term.as_bytes(), word.as_bytes())
    };
    let values = vocabulary.values.iter().enumerate();
    let mut near = values.filter(|(_, value)| value.terms.iter().any(is_near)).map(|(at, _)| at);
    let value = near.next()?;
    near.next().is_none().then_some(value)
}

/// Whether one letter added, dropped, changed or swapped with its neighbour makes `a` of `b`.
pub(super) fn one_edit_apart(a: &[u8], b: &[u8]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let after = |name: &[u8], letters: usize| name.get(letters..).map(<[u8]>::to_vec);
    let dropped =
        after(a, 1).is_some_and(|rest| rest == b) || after(b, 1).is_some_and(|rest| rest == a);
    let changed = !a.is_empty() && !b.is_empty() && after(a, 1) == after(b, 1);
    let swapped =
        a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && after(a, 2) == after(b, 2);
    dropped || changed || swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_and_no_more() {
        for slipped in ["diazempam", "diazpam", "diazepan", "daizepam"] {
            assert!(one_edit_apart(b"diazepam", slipped.as_bytes()), "{slipped}");
        }
        for other in ["diazepam", "lorazepam", "diazepams2"] {
            assert!(!one_edit_apart(b"diazepam", other.as_bytes()), "{other}");
        }
    }
}
