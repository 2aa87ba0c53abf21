//! `docproof targets`: what `run` would use, redacted, and where each value comes from.

use std::path::PathBuf;
use std::sync::Arc;

use clap::parser::ValueSource;
use clap::{Args, CommandFactory, ValueEnum};

use crate::contract::Suite;
use crate::exchange::{Credentials, Part, Secret, without_user};
use crate::exit_code::ExitCode;
use crate::generate::Scheme;
use crate::harness::Target;
use crate::session::{Connection, Settled, Source};

use super::settings::{ConnectionArguments, FileTarget, schema, with_defaults};
use super::{Cli, CliError};

/// What `targets` is told.
#[derive(Debug, Args)]
pub(super) struct TargetsArguments {
    #[command(flatten)]
    pub(super) connection: ConnectionArguments,
    /// Print the JSON Schema of `docproof.toml`
    ///
    /// Editors take it.
    #[arg(long)]
    schema: bool,
    /// The suite's folder
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
}

/// A line of the table: what, its value, and where that comes from.
type Line = (String, String, String);

/// Prints the chosen target, or all.
pub(super) fn targets(arguments: &TargetsArguments) -> Result<ExitCode, CliError> {
    if arguments.schema {
        let text = serde_json::to_string_pretty(&schema())
            .map_err(|error| CliError::usage(error.to_string()))?;
        outln!("{text}");
        return Ok(ExitCode::Success);
    }
    let folder = arguments.connection.suite(arguments.suite.clone());
    let suite = super::load_suite(folder.as_deref())?;
    let all = match (
        &arguments.connection.chosen,
        &arguments.connection.configuration,
    ) {
        (Some(chosen), _) => vec![chosen.clone()],
        (None, Some(configuration)) => configuration.targets.clone(),
        (None, None) => {
            return Err(CliError::usage(
                "there is no `docproof.toml` in the working directory or above it",
            )
            .with_hint("write one with a table `[target.NAME]` and an `endpoint` below it, or name one by `--config FILE`; `docproof targets --schema` says what it may hold"));
        }
    };
    for (index, target) in all.iter().enumerate() {
        if index > 0 {
            outln!();
        }
        let (lines, missing) = resolved(&suite, arguments, target)?;
        let width = |column: fn(&Line) -> &str| {
            lines
                .iter()
                .map(|line| column(line).chars().count())
                .max()
                .unwrap_or_default()
        };
        let (first, second) = (width(|line| &line.0), width(|line| &line.1));
        outln!(
            "{} ({}:{})",
            crate::exchange::printable(&target.name),
            target.path.display(),
            target.line
        );
        let configuration = arguments.connection.configuration.as_ref();
        let default = configuration.and_then(|file| file.default_target.as_deref());
        if default == Some(target.name.as_str()) {
            outln!("  the `default_target`: a run that names no target is against it");
        } else {
            outln!(
                "  not the `default_target`: a run is against it with `--target {}`",
                crate::exchange::printable(&target.name)
            );
        }
        for (key, value, source) in &lines {
            let text = format!("  {key:first$}  {value:second$}  {source}");
            outln!("{}", crate::exchange::printable(&text));
        }
        if let Some(missing) = missing {
            outln!("  not usable: {}", crate::exchange::printable(&missing));
        }
    }
    Ok(ExitCode::Success)
}

/// Everything that a run against a target would use, and why it cannot be used, where it cannot.
fn resolved(
    suite: &Suite,
    arguments: &TargetsArguments,
    target: &FileTarget,
) -> Result<(Vec<Line>, Option<String>), CliError> {
    let connection = ConnectionArguments {
        chosen: Some(target.clone()),
        ..arguments.connection.clone()
    };
    let mut lines = Vec::new();
    let settled = Connection::new(suite, &connection);
    let (settled, missing) = match settled {
        Ok(settled) => (settled, None),
        // A variable that is not set is worth a line here, not an end.
        Err(error) => {
            let mut without = target.clone();
            without.table.auth = None;
            let connection = ConnectionArguments {
                chosen: Some(without),
                ..connection
            };
            (Connection::new(suite, &connection)?, Some(error.message))
        }
    };
    let mut add = |key: &str, value: &str, source: &Source| {
        lines.push((key.to_owned(), value.to_owned(), source.to_string()));
    };
    for service in &suite.services {
        let own = settled.endpoints.get(&service.name);
        if let Some(Settled { value, source }) = own.or(settled.default_endpoint.as_ref()) {
            add(&format!("endpoint {}", service.name), value, source);
        }
    }
    match (&settled.credentials, &missing) {
        (Some(credentials), None) => {
            let shown = match &credentials.value {
                Credentials::None => "none".to_owned(),
                Credentials::Carried(parts) => {
                    let all: Vec<String> = parts.iter().map(shown).collect();
                    all.join(", ")
                }
                Credentials::Keys { keys, .. } => {
                    let temporary = if keys.security_token.is_some() {
                        ", security token [redacted]"
                    } else {
                        ""
                    };
                    format!("keys [redacted]{temporary}")
                }
            };
            add("auth", &shown, &credentials.source);
        }
        (None, _) | (_, Some(_)) => add("auth", "none", &Source::Default),
    }
    for (key, Settled { value, source }) in &settled.resources {
        add(key, value, source);
    }
    let endpoints = settled
        .endpoints
        .values()
        .chain(&settled.default_endpoint)
        .map(|endpoint| endpoint.value.as_str())
        .chain(settled.transport.proxy.as_deref());
    let mode = Target::default_mode(endpoints)
        .to_possible_value()
        .map(|mode| mode.get_name().to_owned())
        .unwrap_or_default();
    lines.extend(options(target, &mode)?);
    // What is given on this command line is neither in the file nor in the environment.
    for (option, value) in arguments.connection.transport.named() {
        let value = without_user(&value);
        match lines.iter_mut().find(|line| line.0 == option) {
            Some(line) if line.1 == value => {}
            Some(line) => {
                line.1 = value;
                line.2 = Source::Flag(option).to_string();
            }
            None => lines.push((option.to_owned(), value, Source::Flag(option).to_string())),
        }
    }
    Ok((lines, missing))
}

/// A credential as it may be shown.
fn shown(part: &Part) -> String {
    let scheme = Scheme::Carried(Arc::new([part.scheme.clone()]));
    match &part.secret {
        Secret::Text(_) => format!("{scheme} [redacted]"),
        Secret::Command(command) => {
            format!("{scheme} of the command `{}`", command.program.display())
        }
        Secret::Grant(grant) => {
            format!("{scheme} of the endpoint `{}`", without_user(&grant.url))
        }
    }
}

/// The settings that are options of `run`: as `run` itself would read them from environment and
/// file.
fn options(target: &FileTarget, mode: &str) -> Result<Vec<Line>, CliError> {
    let command = with_defaults(Cli::command(), "run", target);
    let matches = command
        .clone()
        .try_get_matches_from(["docproof", "run"])
        .map_err(|error| {
            CliError::usage(
                error
                    .to_string()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .trim_start_matches("error: ")
                    .to_owned(),
            )
        })?;
    let mut lines = Vec::new();
    let (Some(run), Some((_, matches))) = (command.find_subcommand("run"), matches.subcommand())
    else {
        return Ok(lines);
    };
    for setting in target.table.settings() {
        let option = setting.option;
        let Some(argument) = run
            .get_arguments()
            .find(|argument| argument.get_id() == option)
        else {
            continue;
        };
        let value = matches
            .get_raw(option)
            .and_then(|mut values| values.next())
            .map(|value| value.to_string_lossy().into_owned());
        let source = match (matches.value_source(option), setting.value) {
            (Some(ValueSource::EnvVariable), _) => Source::Environment(
                argument
                    .get_env()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default(),
            ),
            (Some(ValueSource::DefaultValue), Some(given)) => target.source(given.at),
            _ => Source::Default,
        };
        // Who asks a proxy may stand in its URL.
        let value = value.map(|value| match option {
            "proxy" => without_user(&value),
            _ => value,
        });
        let unsaid = if option == "mode" { mode } else { "none" };
        lines.push((
            setting.key.to_owned(),
            value.unwrap_or_else(|| unsaid.to_owned()),
            source.to_string(),
        ));
    }
    Ok(lines)
}
