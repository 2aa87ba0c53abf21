//! Which credential counts. A token and a pair of keys exclude each other; of flags, `DOCPROOF_*`,
//! the target's `auth`, and `CLOUD_SDK_*`, the first that gives either counts, and both at once in
//! one of them is an error. A flag may give half of a pair, the environment the rest.

use clap::Args;

use crate::cli::CliError;
use crate::exchange::{Credentials, KeyPair, TokenCommand};
use crate::toml_reader::{Checked, Located};

use super::file::FileTarget;
use super::source::{Settled, Source, variable};
use super::values::Variable;

/// Credentials on the command line.
#[derive(Debug, Clone, Default, Args)]
pub(in crate::cli) struct KeyArguments {
    /// The token, sent as `X-Auth-Token`; better given by the environment variable DOCPROOF_TOKEN
    #[arg(long)]
    pub(in crate::cli) token: Option<String>,
    /// The access key of a pair that signs requests (SDK-HMAC-SHA256), or DOCPROOF_AK, or
    /// CLOUD_SDK_AK
    #[arg(long, value_name = "KEY")]
    pub(in crate::cli) ak: Option<String>,
    /// The secret key of the pair; better given by DOCPROOF_SK, or CLOUD_SDK_SK
    #[arg(long, value_name = "KEY")]
    pub(in crate::cli) sk: Option<String>,
    /// The token of temporary keys, sent as `X-Security-Token`, or DOCPROOF_SECURITY_TOKEN, or
    /// CLOUD_SDK_SECURITY_TOKEN
    #[arg(long, value_name = "TOKEN")]
    pub(in crate::cli) security_token: Option<String>,
}

impl KeyArguments {
    /// Whether the command line asks for signed requests.
    pub(in crate::cli) fn signs(&self) -> bool {
        [&self.ak, &self.sk]
            .into_iter()
            .any(|key| key.as_ref().is_some_and(|key| !key.is_empty()))
    }
}

impl KeyArguments {
    /// The credentials of the command line and the environment.
    pub(in crate::cli) fn settle(&self) -> Result<Option<Credentials>, CliError> {
        Ok(settle(self, None)?.map(|settled| settled.value))
    }
}

/// One place that credentials may come from.
#[derive(Default)]
struct Layer {
    token: Option<Settled<String>>,
    command: Option<Settled<TokenCommand>>,
    ak: Option<Settled<String>>,
    sk: Option<Settled<String>>,
    security_token: Option<Settled<String>>,
}

impl Layer {
    fn flags(arguments: &KeyArguments) -> Self {
        let flag = |name: &'static str, value: &Option<String>| {
            value
                .clone()
                .filter(|value| !value.is_empty())
                .map(|value| Settled {
                    value,
                    source: Source::Flag(name),
                })
        };
        Self {
            token: flag("token", &arguments.token),
            command: None,
            ak: flag("ak", &arguments.ak),
            sk: flag("sk", &arguments.sk),
            security_token: flag("security-token", &arguments.security_token),
        }
    }

    fn environment(prefix: &str) -> Self {
        let read = |name: &str| {
            let name = format!("{prefix}_{name}");
            variable(&name).map(|value| Settled {
                value,
                source: Source::Environment(name),
            })
        };
        Self {
            // `CLOUD_SDK_*` is how other tools are given keys; no token is.
            token: (prefix == "DOCPROOF").then(|| read("TOKEN")).flatten(),
            command: None,
            ak: read("AK"),
            sk: read("SK"),
            security_token: read("SECURITY_TOKEN"),
        }
    }

    /// What a target names. A variable that is not set is an error: nothing else is meant to take
    /// its place.
    fn file(target: &FileTarget) -> Result<Self, CliError> {
        let Some(Located { value: auth, .. }) = &target.table.auth else {
            return Ok(Self::default());
        };
        let read = |key: &str, entry: &Option<Located<Checked<Variable>>>| {
            let Some(Located {
                value: Checked(name),
                at,
            }) = entry
            else {
                return Ok(None);
            };
            match variable(name) {
                Some(value) => Ok(Some(Settled {
                    value,
                    source: Source::Environment(name.clone()),
                })),
                None => Err(target.wrong(
                    *at,
                    &format!(
                        "the environment variable `{name}`, which `auth.{key}` of the target `{}` names, is not set",
                        target.name
                    ),
                    format!("set it: `export {name}=...`"),
                )),
            }
        };
        let command = auth.token_command.as_ref().and_then(|entry| {
            let (program, arguments) = entry.value.0.split_first()?;
            Some(Settled {
                value: command_of(target, program, arguments),
                source: target.source(entry.at),
            })
        });
        Ok(Self {
            token: read("token_env", &auth.token_env)?,
            command,
            ak: read("ak_env", &auth.ak_env)?,
            sk: read("sk_env", &auth.sk_env)?,
            security_token: read("security_token_env", &auth.security_token_env)?,
        })
    }

    fn gives_keys(&self) -> bool {
        self.ak.is_some() || self.sk.is_some()
    }
}

/// A program that is a relative path is looked for beside the file, and runs there.
fn command_of(target: &FileTarget, program: &str, arguments: &[String]) -> TokenCommand {
    let folder = target
        .path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let is_path = program.contains('/') || program.contains(std::path::MAIN_SEPARATOR);
    let program = match folder {
        Some(folder) if is_path => {
            std::path::absolute(folder.join(program)).unwrap_or_else(|_| folder.join(program))
        }
        _ if is_path => std::path::absolute(program).unwrap_or_else(|_| program.into()),
        _ => program.into(),
    };
    TokenCommand {
        program,
        arguments: arguments.to_vec(),
        folder: folder.map(std::path::Path::to_owned),
    }
}

/// The credentials that count; `None` where nobody gives any. The project is added by who knows it.
pub(super) fn settle(
    arguments: &KeyArguments,
    target: Option<&FileTarget>,
) -> Result<Option<Settled<Credentials>>, CliError> {
    let mut flags = Layer::flags(arguments);
    let own = Layer::environment("DOCPROOF");
    if flags.gives_keys() || (flags.token.is_none() && flags.security_token.is_some()) {
        // The half that is not on the command line is in the environment.
        let other = if own.gives_keys() {
            own
        } else {
            Layer::environment("CLOUD_SDK")
        };
        let complete = flags.ak.is_some() && flags.sk.is_some();
        flags.ak = flags.ak.or(other.ak);
        flags.sk = flags.sk.or(other.sk);
        if !complete {
            flags.security_token = flags.security_token.or(other.security_token);
        } else if flags.security_token.is_none() {
            flags.security_token = Layer::environment("DOCPROOF").security_token;
        }
        return choose(flags, "the command line");
    }
    if flags.token.is_some() {
        return choose(flags, "the command line");
    }
    if own.token.is_some() || own.gives_keys() {
        return choose(own, "the environment");
    }
    if let Some(target) = target {
        let file = Layer::file(target)?;
        if file.token.is_some() || file.command.is_some() || file.gives_keys() {
            return choose(file, "the target");
        }
    }
    let sdk = Layer::environment("CLOUD_SDK");
    if sdk.gives_keys() {
        return choose(sdk, "the environment");
    }
    Ok(None)
}

fn choose(layer: Layer, place: &str) -> Result<Option<Settled<Credentials>>, CliError> {
    let gives_keys = layer.gives_keys();
    match layer {
        Layer {
            token: Some(token), ..
        } if gives_keys || layer.security_token.is_some() => {
            let other = [&layer.ak, &layer.sk, &layer.security_token]
                .into_iter()
                .flatten()
                .next()
                .map_or(Source::Default, |one| one.source.clone());
            Err(CliError::usage(format!(
                "{place} gives a token ({}) and keys ({other})",
                token.source
            ))
            .with_hint("requests are authenticated by one of them: leave the other out"))
        }
        Layer {
            token: Some(token), ..
        } => Ok(Some(Settled {
            value: Credentials::Token(token.value),
            source: token.source,
        })),
        Layer {
            command: Some(command),
            ..
        } => Ok(Some(Settled {
            value: Credentials::Command(command.value),
            source: command.source,
        })),
        Layer {
            ak: Some(ak),
            sk: Some(sk),
            security_token,
            ..
        } => Ok(Some(Settled {
            source: ak.source,
            value: Credentials::Keys {
                keys: KeyPair {
                    access_key: ak.value,
                    secret_key: sk.value,
                    security_token: security_token.map(|token| token.value),
                },
                project: None,
            },
        })),
        Layer { ak: Some(ak), .. } => Err(CliError::usage(format!(
            "there is an access key ({}) and no secret key",
            ak.source
        ))
        .with_hint("give the secret key by the environment variable DOCPROOF_SK, or by `--sk`")),
        Layer { sk: Some(sk), .. } => Err(CliError::usage(format!(
            "there is a secret key ({}) and no access key",
            sk.source
        ))
        .with_hint("give the access key by the environment variable DOCPROOF_AK, or by `--ak`")),
        _ => Err(CliError::usage(
            "`--security-token` belongs to a pair of keys, and there is none",
        )
        .with_hint("give the pair by `--ak` and `--sk`, or by DOCPROOF_AK and DOCPROOF_SK")),
    }
}
