//! The options that say what to connect to, and the two readings of the command line: the first
//! finds the target, the second takes its values for defaults, so that flags and environment stand
//! above them and every value passes the option's own checks.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::{ArgMatches, Args, Command};

use crate::cli::CliError;
use crate::session::Origin;
use crate::sources::names_source;
use crate::toml_reader::Located;

use super::carried::CarriedArguments;
use super::credentials::KeyArguments;
use super::file::{Configuration, FileTarget};
use super::transport::TransportArguments;

/// What to connect to.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Endpoint")]
pub(crate) struct ConnectionArguments {
    /// Where the service is; the embedded mock if absent
    ///
    /// The path before the documented ones belongs to it. In a suite of several services, each has
    /// its own as `SERVICE=URL`. The environment gives it by DOCPROOF_ENDPOINT.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Vec<String>,
    /// A resource that is there, by its key
    ///
    /// Such as `dcs.instance_id=VALUE`, or `instance_id=VALUE` where no other service has one of that
    /// name.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// A target of `docproof.toml`, with all it says
    ///
    /// Endpoint, resources, credentials and settings in one word.
    #[arg(long, value_name = "NAME", env = "DOCPROOF_TARGET")]
    pub(in crate::cli) target: Option<String>,
    /// The file with the targets
    ///
    /// If absent, `docproof.toml` in the working directory, or in the nearest folder above it.
    #[arg(
        long,
        value_name = "FILE",
        env = "DOCPROOF_CONFIG",
        hide_short_help = true
    )]
    pub(in crate::cli) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) carried: CarriedArguments,
    #[command(flatten)]
    pub(crate) keys: KeyArguments,
    #[command(flatten)]
    pub(in crate::cli) transport: TransportArguments,
    /// Who gives these arguments.
    #[arg(skip = Origin::CommandLine)]
    pub(in crate::cli) origin: Origin,
    /// The target, once it is found.
    #[arg(skip)]
    pub(in crate::cli) chosen: Option<FileTarget>,
    /// The whole file.
    #[arg(skip)]
    pub(in crate::cli) configuration: Option<Configuration>,
}

impl ConnectionArguments {
    /// The files that these arguments name.
    pub(in crate::cli) fn files(&self) -> impl Iterator<Item = &Path> {
        self.config
            .as_deref()
            .into_iter()
            .chain(self.transport.files())
    }

    /// Whether it is said in so many words that no target is meant.
    pub(in crate::cli) fn names_no_target_on_purpose(&self) -> bool {
        self.target.as_ref().is_some_and(String::is_empty)
    }

    /// The targets of the file, and where it is, where it is about this suite and none of them is
    /// taken.
    pub(in crate::cli) fn targets_of(&self, suite: Option<&Path>) -> Option<(String, Vec<&str>)> {
        let file = self.configuration.as_ref()?;
        if self.chosen.is_some()
            || file.targets.is_empty()
            || !suite.is_none_or(|it| file.is_of(it))
        {
            return None;
        }
        let names = file.targets.iter().map(|target| target.name.as_str());
        Some((file.path.display().to_string(), names.collect()))
    }

    /// The suite that is given, else that of the file; the bundled one where there is none.
    pub(in crate::cli) fn suite(&self, given: Option<PathBuf>) -> Option<PathBuf> {
        given.or_else(|| self.configuration.as_ref()?.suite.clone())
    }
}

/// What a reading of the command line comes to.
pub(in crate::cli) struct Parsed {
    /// The arguments.
    pub(in crate::cli) matches: ArgMatches,
    /// The configuration file, where the subcommand takes one and there is one.
    pub(in crate::cli) configuration: Option<Configuration>,
    /// The chosen target.
    pub(in crate::cli) chosen: Option<FileTarget>,
}

/// Why there are no arguments.
pub(in crate::cli) enum ParseError {
    /// The command line is wrong, or asks for help.
    Arguments(clap::Error),
    /// The configuration file is wrong.
    Configuration(CliError),
}

impl From<clap::Error> for ParseError {
    fn from(error: clap::Error) -> Self {
        Self::Arguments(error)
    }
}

/// Reads a command line, the chosen target's values included.
pub(in crate::cli) fn parse(
    command: Command,
    arguments: &[OsString],
) -> Result<Parsed, ParseError> {
    let matches = command
        .clone()
        .try_get_matches_from(arguments)
        .map_err(|error| of_environment(&command, arguments, error))?;
    let Some((name, inner)) = matches.subcommand() else {
        return Ok(Parsed {
            matches,
            configuration: None,
            chosen: None,
        });
    };
    // A subcommand that connects to nothing has no such option.
    let Ok(target) = inner.try_get_one::<String>("target") else {
        return Ok(Parsed {
            matches,
            configuration: None,
            chosen: None,
        });
    };
    // What a file may hold can be asked for beside one that is wrong.
    if matches!(inner.try_get_one::<bool>("schema"), Ok(Some(true))) {
        return Ok(Parsed {
            matches,
            configuration: None,
            chosen: None,
        });
    }
    let named = inner.get_one::<PathBuf>("config").map(PathBuf::as_path);
    let suite = match inner.try_get_one::<PathBuf>("suite") {
        Ok(suite) => suite.map(PathBuf::as_path),
        Err(_) => None,
    };
    let configuration = Configuration::load(named, suite).map_err(ParseError::Configuration)?;
    let by_default = configuration
        .as_ref()
        .filter(|file| target.is_none() && is_of(file, name, inner, suite))
        .and_then(|file| file.default_target.clone());
    let target = target.filter(|target| !target.is_empty());
    let Some(target) = target.or(by_default.as_ref()) else {
        return Ok(Parsed {
            matches,
            configuration,
            chosen: None,
        });
    };
    let Some(file) = configuration else {
        let error = CliError::usage(format!(
            "`--target {target}`: there is no `docproof.toml` in the working directory or above it"
        ))
        .with_hint("go to its folder, or name it by `--config FILE`");
        return Err(ParseError::Configuration(error));
    };
    let chosen = file
        .target(target)
        .map_err(ParseError::Configuration)?
        .clone();
    let name = name.to_owned();
    let matches = with_defaults(command, &name, &chosen).try_get_matches_from(arguments)?;
    Ok(Parsed {
        matches,
        configuration: Some(file),
        chosen: Some(chosen),
    })
}

/// Whether a run is of what a file is about: it names no endpoint, and no other suite.
fn is_of(file: &Configuration, name: &str, inner: &ArgMatches, suite: Option<&Path>) -> bool {
    let names_endpoint = inner.get_many::<String>("endpoint").is_some()
        || std::env::var("DOCPROOF_ENDPOINT").is_ok_and(|text| !text.is_empty());
    let filters = inner.try_get_many::<String>("filter").ok().flatten();
    let has_source = filters.is_some_and(|mut given| given.any(|one| names_source(one)));
    let is_same = |given: &Path| file.is_of(given);
    matches!(name, "run" | "replay") && !names_endpoint && !has_source && suite.is_none_or(is_same)
}

/// The suite of the folder that the program runs in, where a file there or above names one.
pub(in crate::cli) fn suite_here() -> Result<Option<PathBuf>, CliError> {
    let configuration = Configuration::load(None, None)?;
    Ok(configuration.and_then(|configuration| configuration.suite))
}

/// An error about a value that stands in no argument names the variable of the environment that it
/// does stand in.
fn of_environment(command: &Command, arguments: &[OsString], error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let (Some(option), Some(value)) = (
        text(ContextKind::InvalidArg),
        text(ContextKind::InvalidValue),
    ) else {
        return error;
    };
    // Only a command that is built can say how its arguments are spelt.
    let mut command = command.clone();
    command.build();
    let argument = command
        .get_subcommands()
        .filter(|subcommand| {
            arguments
                .get(1)
                .is_some_and(|name| *name == *subcommand.get_name())
        })
        .flat_map(Command::get_arguments)
        .find(|argument| argument.to_string() == option);
    let variable = argument
        .and_then(clap::Arg::get_env)
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| std::env::var(name).is_ok_and(|set| set == value));
    let is_given = arguments.iter().any(|given| {
        let given = given.to_string_lossy();
        argument.is_some_and(|argument| {
            let long = argument.get_long().is_some_and(|long| {
                given
                    .strip_prefix("--")
                    .and_then(|rest| rest.strip_prefix(long))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
            });
            let short = argument.get_short().is_some_and(|short| {
                !given.starts_with("--") && given.starts_with(&format!("-{short}"))
            });
            long || short
        })
    });
    let Some(variable) = variable.filter(|_| !is_given) else {
        return error;
    };
    let (from, tip) = (
        format!("{option}, from the environment's {variable}"),
        format!("unset or change `{variable}`; the option on the command line stands above it"),
    );
    let mut error = error;
    error.insert(ContextKind::InvalidArg, ContextValue::String(from));
    error.insert(
        ContextKind::Suggested,
        ContextValue::StyledStrs(vec![tip.into()]),
    );
    error
}

/// A command whose options take a target's values for defaults. What the subcommand has no option
/// for stays in the file.
pub(in crate::cli) fn with_defaults(
    command: Command,
    subcommand: &str,
    target: &FileTarget,
) -> Command {
    command.mut_subcommand(subcommand, |subcommand| {
        let mut subcommand = subcommand;
        for setting in target.table.settings() {
            let option = setting.option;
            let is_known = subcommand
                .get_arguments()
                .any(|argument| argument.get_id() == option);
            if let Some(Located { value, .. }) = setting.value.filter(|_| is_known) {
                let value = if matches!(option, "ca" | "cert" | "key") {
                    // Beside the file, wherever the program runs.
                    let folder = target.path.parent().unwrap_or(Path::new(""));
                    folder.join(value).display().to_string()
                } else {
                    value
                };
                subcommand = subcommand.mut_arg(option, |argument| argument.default_value(value));
            }
        }
        subcommand
    })
}
