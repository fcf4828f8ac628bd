//! One name for a guideline's topic, however it is printed.
//!
//! "3.1 Epidural steroid injections (ESIs)" and "EPIDURAL STEROID INJECTION" are one topic: the number of a section, a
//! short form beside the words that it stands for and the plural are left out.

use crate::vocabulary::slug;

/// The topic as a path's part, such as `epidural-steroid-injection`.
pub(crate) fn topic_path(printed: &str) -> String {
    let named = printed.trim_start();
    let (first, rest) = named.split_once(' ').unwrap_or((named, ""));
    // "3.1" is a section, "3 phase bone scan" a topic.
    let is_section = first.contains('.') && first.chars().all(|c| c.is_ascii_digit() || c == '.');
    let named = if is_section { rest } else { named };
    let is_loud = !named.chars().any(char::is_lowercase);
    let text = without_short_form(named);
    let words = text.split(|c: char| !c.is_alphanumeric() && !is_apostrophe(c));
    let words = words.map(|word| singular(word.trim_matches(is_apostrophe), is_loud));
    slug(&words.collect::<Vec<_>>().join(" "))
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether a word is a short form: `MRI`, `ESIs`.
fn is_short_form(word: &str) -> bool {
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1 && word.chars().all(char::is_alphanumeric) && capitals + 1 >= word.len()
}

/// A text without the bracket that holds a short form of what stands before it, or what one before it stands for.
fn without_short_form(text: &str) -> String {
    let bracket = text.find('(').and_then(|open| Some((open, open + text[open..].find(')')?)));
    let Some((open, close)) = bracket else { return text.to_owned() };
    let before = text[..open].trim();
    let last = before.rsplit(' ').next().unwrap_or_default();
    if is_short_form(text[open + 1..close].trim()) || is_short_form(last) && last == before {
        return format!("{before} {}", text[close + 1..].trim());
    }
    text.to_owned()
}

/// A word without the ending of a plural, where nothing else can be meant: a consonant stands before it.
fn singular(word: &str, is_loud: bool) -> &str {
    let plain = word.strip_suffix("'s").or_else(|| word.strip_suffix("\u{2019}s")).unwrap_or(word);
    let stem = plain.strip_suffix('s').or_else(|| plain.strip_suffix('S').filter(|_| is_loud));
    let is_plural = |stem: &str| {
        let ends = stem.chars().next_back().map(|c| c.to_ascii_lowercase());
        // TENS is a short form.
        stem.len() > 3 && ends.is_some_and(|c| c.is_alphabetic() && !"aeiousxz".contains(c))
            || is_short_form(stem) && plain.ends_with('s')
    };
    stem.filter(|stem| is_plural(stem)).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_topic_has_one_name() {
        for (printed, path) in [
            ("Epidural steroid injections (ESIs)", "epidural-steroid-injection"),
            ("EPIDURAL STEROID INJECTIONS", "epidural-steroid-injection"),
            ("3.1 Epidural steroid injection", "epidural-steroid-injection"),
            ("MRI's", "mri"),
            ("MRIs (magnetic resonance imaging)", "mri"),
            ("MRI", "mri"),
            ("TENS (transcutaneous electrical nerve stimulation)", "tens"),
            ("TENS, chronic pain", "tens-chronic-pain"),
            ("Muscle relaxants (for pain)", "muscle-relaxant-for-pain"),
            ("Diabetes", "diabetes"),
            ("Special studies", "special-studies"),
            ("Weight loss", "weight-loss"),
            ("3 phase bone scan", "3-phase-bone-scan"),
            ("NSAIDS, specific drugs", "nsaids-specific-drug"),
            ("2014", "2014"),
            ("4-methyl", "4-methyl"),
            ("", ""),
        ] {
            assert_eq!(topic_path(printed), path, "{printed}");
        }
        // What is typed for a name in small letters is compared with the name read again.
        assert_eq!(topic_path("nsaids"), "nsaid");
        assert_eq!(topic_path("nsaids-specific-drug"), "nsaid-specific-drug");
    }
}
