//! `docproof completions` and `docproof man`: what a package installs beside the program.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::exit_code::ExitCode;

use super::{Cli, CliError};

/// What `completions` prints below its help.
const EXAMPLES: &str = "\
Examples:
  docproof completions bash > ~/.local/share/bash-completion/completions/docproof
  docproof completions zsh > ~/.zfunc/_docproof
  docproof completions fish > ~/.config/fish/completions/docproof.fish";

/// What `completions` is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// What `man` is told.
#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints what completes commands.
pub(super) fn completions(arguments: &CompletionsArguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Cli::command(),
        "docproof",
        &mut script,
    );
    out!("{}", String::from_utf8_lossy(&script));
    ExitCode::Success
}

/// Prints the page of the program, or writes all.
pub(super) fn man(arguments: &ManArguments) -> Result<ExitCode, CliError> {
    let written = if let Some(folder) = &arguments.out {
        std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), folder))
            .map_err(|error| (format!("`{}`", folder.display()), error))
    } else {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
        out!("{}", String::from_utf8_lossy(&page));
        rendered.map_err(|error| ("the page".to_owned(), error))
    };
    match written {
        Ok(()) => Ok(ExitCode::Success),
        Err((what, error)) => Err(CliError::usage(format!("cannot write {what}: {error}"))),
    }
}
