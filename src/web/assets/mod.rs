//! The styles, the script and the icon, part of the program.

use super::answer::Answer;
use super::problem::Problem;
use super::routes::Asked;
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("imr.js");
const ICON: &str = include_str!("icon.svg");

/// Changes with the files, so that browsers may keep them.
pub(super) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    for file in [STYLE, SCRIPT, ICON] {
        hasher.update(file.as_bytes());
    }
    hasher.finalize().to_hex()[..10].to_owned()
});

/// The styles.
pub(super) fn style(asked: &mut Asked) -> Result<Answer, Problem> {
    asset(asked, "text/css; charset=utf-8", STYLE)
}

/// The script.
pub(super) fn script(asked: &mut Asked) -> Result<Answer, Problem> {
    asset(asked, "text/javascript; charset=utf-8", SCRIPT)
}

/// The icon.
pub(super) fn icon(asked: &mut Asked) -> Result<Answer, Problem> {
    asset(asked, "image/svg+xml", ICON)
}

fn asset(asked: &mut Asked, kind: &'static str, text: &'static str) -> Result<Answer, Problem> {
    asked.params.take("v")?;
    asked.params.end()?;
    Ok(Answer::asset(kind, text))
}
