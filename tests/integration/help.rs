//! The help of each command, and what is made from it: completions and man pages.

use std::path::Path;

use rstest::rstest;

use crate::support::{Told, docproof, program, told};

/// What a command says at a terminal of 80 columns.
fn at_80_columns(arguments: &[&str]) -> Told {
    let told = told(program(Path::new(".")).args(arguments).env("COLUMNS", "80"));
    assert_eq!(told.code, 0, "{arguments:?}: {}", told.err);
    told
}

/// The commands that help lists.
fn commands_of(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        // What is indented further goes on where a line before it ended.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command, as the arguments that name it; the program itself first.
fn commands() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut at = 0;
    while let Some(command) = all.get(at).cloned() {
        at += 1;
        let named: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = at_80_columns(&[named.as_slice(), &["-h"]].concat()).out;
        all.extend(commands_of(&help).into_iter().map(|name| {
            let mut inner = command.clone();
            inner.push(name);
            inner
        }));
    }
    all
}

#[test]
fn the_short_help_of_each_command_fits_a_screen_and_each_option_a_line() {
    let commands = commands();
    assert!(commands.len() > 20, "{commands:?}");
    for command in commands {
        let named: Vec<&str> = command.iter().map(String::as_str).collect();
        let help = at_80_columns(&[named.as_slice(), &["-h"]].concat()).out;
        let lines = help.lines().count();
        assert!(lines < 60, "{command:?} has {lines} lines:\n{help}");
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command:?}: {line}");
            assert!(
                !line.starts_with("           "),
                "{command:?} wraps: {line}"
            );
        }
    }
}

/// What the short help leaves out stands in the long one.
#[rstest]
#[case("--max-writes")]
#[case("--http2-prior-knowledge")]
#[case("DOCPROOF_ENDPOINT")]
#[case("DOCPROOF_CA")]
#[case("130  interrupted")]
fn the_long_help_of_a_run_has_everything(#[case] text: &str) {
    assert!(!at_80_columns(&["run", "-h"]).out.contains(text));
    assert!(at_80_columns(&["run", "--help"]).out.contains(text));
}

#[test]
fn options_of_a_run_stand_in_groups() {
    let help = at_80_columns(&["run", "-h"]).out;
    let groups: Vec<&str> = help
        .lines()
        .filter(|line| line.ends_with(':') && !line.starts_with(' '))
        .collect();
    assert_eq!(
        groups,
        [
            "Arguments:",
            "Options:",
            "Endpoint:",
            "Credentials and headers:",
            "Connection:",
            "Trials:",
            "Verdict and reports:"
        ]
    );
}

#[rstest]
#[case("bash", "complete -F _docproof")]
#[case("zsh", "#compdef docproof")]
#[case("fish", "complete -c docproof")]
#[case("elvish", "edit:completion")]
#[case("powershell", "Register-ArgumentCompleter")]
fn each_shell_has_its_completions(#[case] shell: &str, #[case] sign: &str) {
    let told = docproof(Path::new("."), ["completions", shell]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains(sign), "{}", told.out);
    for option in ["known-findings", "unix-socket", "read-only"] {
        assert!(told.out.contains(option), "{shell}: {option}");
    }
}

#[test]
fn the_man_page_is_printed_and_one_a_command_is_written() {
    let page = docproof(Path::new("."), ["man"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    for part in [".TH docproof 1", ".SH SUBCOMMANDS", "docproof\\-run(1)"] {
        assert!(page.out.contains(part), "{part}: {}", page.out);
    }
    let folder = tempfile::tempdir().unwrap();
    let written = docproof(folder.path(), ["man", "--out", "pages"]);
    assert_eq!((written.code, written.err.as_str()), (0, ""));
    let of_run = std::fs::read_to_string(folder.path().join("pages/docproof-run.1")).unwrap();
    assert!(of_run.contains("unix\\-socket"), "{of_run}");
    for command in commands().iter().filter(|command| command.len() == 1) {
        let file = folder
            .path()
            .join(format!("pages/docproof-{}.1", command[0]));
        assert!(file.is_file(), "{}", file.display());
    }
}

#[test]
fn a_folder_of_pages_that_cannot_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let told = docproof(folder.path(), ["man", "--out", "taken"]);
    assert_eq!(told.code, 2);
    assert!(
        told.err.starts_with("error: cannot write `taken`: "),
        "{}",
        told.err
    );
}
