//! `docproof mock`: the contract, served.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::exit_code::ExitCode;
use crate::mock::{Mock, MockKeys, MockOptions, faults};

use super::CliError;

/// What `mock` is told.
#[derive(Debug, Args)]
pub(super) struct MockArguments {
    /// The port; 0 takes a free one
    ///
    /// It listens on 127.0.0.1.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The token that `X-Auth-Token` must carry
    ///
    /// If absent, the first token seen is the one.
    #[arg(long, env = "DOCPROOF_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The access key that signs, together with `--sk`
    #[arg(long, value_name = "KEY", env = "DOCPROOF_AK", hide_env_values = true)]
    ak: Option<String>,
    /// The secret key that signs
    ///
    /// With a token too, either is accepted.
    #[arg(long, value_name = "KEY", env = "DOCPROOF_SK", hide_env_values = true)]
    sk: Option<String>,
    /// The token that must come beside the signature
    ///
    /// If absent, any or none does.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "DOCPROOF_SECURITY_TOKEN",
        hide_env_values = true
    )]
    security_token: Option<String>,
    /// Print its resources as `run --set` takes them
    ///
    /// As KEY=VALUE lines, before it listens.
    #[arg(long)]
    print_resources: bool,
    /// Break the contract in this one way
    ///
    /// The ids are those of `--list-faults`.
    #[arg(long, value_name = "ID")]
    fault: Option<String>,
    /// List the faults, and the row that each breaks
    #[arg(long)]
    list_faults: bool,
    /// The suite's folder
    ///
    /// If absent that of `docproof.toml`, else the bundled suite.
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,
    /// Pages and OpenAPI documents to serve, without a suite
    #[arg(value_name = "PAGE", conflicts_with = "suite")]
    pages: Vec<String>,
}

/// Serves until the process ends.
pub(super) fn mock(arguments: MockArguments) -> Result<ExitCode, CliError> {
    let suite = Arc::new(match arguments.pages.as_slice() {
        [] => super::load_suite_here(arguments.suite.as_deref())?,
        [one] => super::load_suite(Some(Path::new(one)))?,
        pages => crate::session::suite_of(pages, &super::tell)?,
    });
    if arguments.list_faults {
        for fault in faults(&suite) {
            let row = fault
                .rows
                .first()
                .map(|row| {
                    let parts = [row.page(), row.table()];
                    let named: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
                    format!("{}, row `{}`", named.join(", "), row.row())
                })
                .unwrap_or_default();
            let note = fault
                .inapplicable
                .map(|reason| format!(" (not applicable: {reason})"))
                .unwrap_or_default();
            outln!("{}\t{}\t{row}{note}", fault.id, fault.kind);
        }
        return Ok(ExitCode::Success);
    }
    let fault = match &arguments.fault {
        Some(id) => {
            let fault = faults(&suite).into_iter().find(|fault| fault.id == *id);
            let problem = match &fault {
                Some(fault) => fault
                    .inapplicable
                    .as_ref()
                    .map(|reason| format!("the fault `{id}` is not applicable: {reason}")),
                None => Some(format!("there is no fault `{id}`")),
            };
            if let Some(problem) = problem {
                return Err(
                    CliError::usage(problem).with_hint("`docproof mock --list-faults` lists them")
                );
            }
            fault
        }
        None => None,
    };
    let given = |key: &Option<String>| key.clone().filter(|key| !key.is_empty());
    let keys = match (given(&arguments.ak), given(&arguments.sk)) {
        (Some(access_key), Some(secret_key)) => Some(MockKeys {
            access_key,
            secret_key,
            security_token: given(&arguments.security_token),
        }),
        (None, None) => None,
        _ => {
            return Err(CliError::usage("a pair of keys has two: `--ak` and `--sk`")
                .with_hint("give both, by the options or by DOCPROOF_AK and DOCPROOF_SK"));
        }
    };
    let options = MockOptions {
        port: arguments.port,
        token: arguments.token.filter(|token| !token.is_empty()),
        keys,
        fault,
        ..MockOptions::default()
    };
    let mock = Mock::start(suite, options).map_err(|error| {
        CliError::usage(error.to_string())
            .with_hint("give another one by `--port`, or 0 for any that is free")
    })?;
    if arguments.print_resources {
        for (key, value) in mock.resources() {
            outln!("{key}={value}");
        }
    }
    outln!("listening {}", mock.url());
    mock.wait();
    Ok(ExitCode::Success)
}
