//! Words to leave out, `-word`, on the command line: where a command takes a query they are words of it, though they
//! begin as options do.

use clap::{Arg, Command};
use std::ffi::OsString;

/// What a command calls the words of its query.
const QUERY: &str = "QUERY";

/// Has words to leave out taken for words: a space before the dash is nothing to a query.
///
/// Left as they are: options and their values, what comes after `--`, and names of long options after one dash, so that
/// these are told as what they are.
pub(super) fn with_words(
    program: impl FnOnce() -> Command,
    mut args: Vec<OsString>,
) -> Vec<OsString> {
    // To make the whole description takes a while, which most command lines need not wait for.
    if !args.iter().any(|arg| arg.to_str().is_some_and(may_be_left_out)) {
        return args;
    }
    let mut program = program();
    program.build();
    let mut command = &program;
    let mut is_value = false;
    for arg in args.iter_mut().skip(1) {
        let Some(text) = arg.to_str().filter(|_| !is_value) else {
            is_value = false;
            continue;
        };
        if text == "--" {
            break;
        }
        if let Some(option) = option(command, text) {
            is_value = takes_value(option) && is_alone(text);
        } else if let Some(of) = command.find_subcommand(text) {
            command = of;
        } else if is_left_out(command, text) {
            *arg = [" ", text].concat().into();
        }
    }
    args
}

/// The option that an argument is, by itself or with its value.
fn option<'c>(command: &'c Command, text: &str) -> Option<&'c Arg> {
    if let Some(long) = text.strip_prefix("--") {
        let name = long.split('=').next();
        return command.get_arguments().find(|arg| arg.get_long() == name);
    }
    let mut letters = text.strip_prefix('-')?.chars();
    let short = letters.next()?;
    let rest = letters.as_str();
    let is_it = |arg: &&Arg| {
        let is_number = takes_value(arg) && rest.trim_start_matches('=').parse::<i64>().is_ok();
        arg.get_short() == Some(short) && (rest.is_empty() || is_number)
    };
    command.get_arguments().find(is_it)
}

fn takes_value(option: &Arg) -> bool {
    option.get_num_args().is_some_and(|values| values.min_values() > 0)
}

/// Whether an option's value, if it takes one, is the next argument.
fn is_alone(text: &str) -> bool {
    if text.starts_with("--") { !text.contains('=') } else { text.len() == 2 }
}

fn may_be_left_out(text: &str) -> bool {
    text.starts_with('-') && !text.starts_with("--") && text.len() > 2
}

fn is_left_out(command: &Command, text: &str) -> bool {
    let word = text.trim_start_matches('-');
    let names = |arg: &Arg| arg.get_value_names().is_some_and(|names| names[0] == *QUERY);
    let is_name = |arg: &Arg| arg.get_long() == Some(word);
    may_be_left_out(text)
        && command.get_positionals().any(names)
        && !command.get_arguments().any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        let query = Arg::new("query").value_name(QUERY).num_args(0..);
        let limit = Arg::new("limit").short('n').long("limit").num_args(1);
        let search =
            Command::new("search").args([query, limit, Arg::new("all").long("all").num_args(0)]);
        Command::new("imr")
            .arg(Arg::new("index").long("index").global(true).num_args(1))
            .subcommand(search)
            .subcommand(Command::new("index").arg(Arg::new("path").num_args(1..)))
    }

    #[test]
    fn words_are_told_from_options() {
        for (typed, read) in [
            ("imr search knee -hip", "imr search knee  -hip"),
            ("imr search -h-wave -x-ray -5mg -(a", "imr search  -h-wave  -x-ray  -5mg  -(a"),
            ("imr search knee -h -n5 -n 5 -n -5", "imr search knee -h -n5 -n 5 -n -5"),
            ("imr search knee -all -help - --all", "imr search knee -all -help - --all"),
            ("imr --index search search -ab", "imr --index search search  -ab"),
            ("imr search --index -old --limit=3 -ab", "imr search --index -old --limit=3  -ab"),
            ("imr search a -- -b", "imr search a -- -b"),
            ("imr index search -foo", "imr index search -foo"),
        ] {
            let args = typed.split(' ').map(OsString::from).collect();
            let words = with_words(command, args);
            let words: Vec<String> =
                words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
            assert_eq!(words.join(" "), read, "{typed}");
        }
    }
}
