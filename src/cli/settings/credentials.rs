//! Which credential counts. What is carried and a pair of keys exclude each other; of flags,
//! `DOCPROOF_*`, the target's `auth`, and `CLOUD_SDK_*`, the first that gives either counts, and
//! both at once in one of them is an error. A flag may give half of a pair, the environment the
//! rest.

use clap::Args;

use crate::cli::CliError;
use crate::contract::{SecurityScheme, Suite};
use crate::exchange::{
    AwsScope, ClientCredentials, Credentials, KeyPair, Part, Secret, TokenCommand,
};
use crate::generate::TOKEN_HEADER;
use crate::session::{Origin, Settled, Source, variable};
use crate::toml_reader::{Checked, Located};

use super::carried::Carried;
use super::file::FileTarget;
use super::values::Variable;

/// Credentials on the command line.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Credentials and headers")]
pub(crate) struct KeyArguments {
    /// A token, sent as the documentation says
    ///
    /// In the header `X-Auth-Token` where it says nothing. Better given by the environment variable
    /// DOCPROOF_TOKEN.
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// The access key of a pair that signs requests
    ///
    /// By SDK-HMAC-SHA256, or as AWS does it (`--aws`). The environment gives it by DOCPROOF_AK or
    /// CLOUD_SDK_AK, with `--aws` by AWS_ACCESS_KEY_ID too.
    #[arg(long, value_name = "KEY")]
    pub(crate) ak: Option<String>,
    /// The secret key of the pair
    ///
    /// Better given by the environment variable DOCPROOF_SK or CLOUD_SDK_SK.
    #[arg(long, value_name = "KEY")]
    pub(crate) sk: Option<String>,
    /// The token of temporary keys
    ///
    /// It is sent as `X-Security-Token`. The environment gives it by DOCPROOF_SECURITY_TOKEN or
    /// CLOUD_SDK_SECURITY_TOKEN.
    #[arg(long, value_name = "TOKEN", hide_short_help = true)]
    pub(in crate::cli) security_token: Option<String>,
    /// The region and service of AWS that the pair signs for
    ///
    /// By Signature Version 4, `--aws eu-central-1/execute-api`. Keys that nothing else gives are
    /// those of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
    #[arg(long, value_name = "REGION/SERVICE", hide_short_help = true)]
    pub(in crate::cli) aws: Option<String>,
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
        let given = Given {
            origin: Origin::CommandLine,
            ..Given::default()
        };
        Ok(settle(self, given, None)?.map(|settled| settled.value))
    }
}

/// One place that credentials may come from.
#[derive(Default)]
struct Layer {
    /// A token, or who gives one, of which the source says how it is carried.
    token: Option<Settled<Secret>>,
    carried: Vec<Settled<Part>>,
    ak: Option<Settled<String>>,
    sk: Option<Settled<String>>,
    security_token: Option<Settled<String>>,
    aws: Option<Settled<AwsScope>>,
}

impl Layer {
    fn flags(arguments: &KeyArguments, origin: Origin) -> Result<Self, CliError> {
        let flag = |name: &'static str, value: &Option<String>| {
            value
                .clone()
                .filter(|value| !value.is_empty())
                .map(|value| Settled {
                    value,
                    source: origin.source(name),
                })
        };
        Ok(Self {
            token: flag("token", &arguments.token).map(text),
            carried: Vec::new(),
            ak: flag("ak", &arguments.ak),
            sk: flag("sk", &arguments.sk),
            security_token: flag("security-token", &arguments.security_token),
            aws: flag("aws", &arguments.aws).map(scope).transpose()?,
        })
    }

    fn environment(origin: Origin, prefix: &str) -> Self {
        if origin == Origin::Library {
            return Self::default();
        }
        let read = |name: &str| {
            let name = format!("{prefix}_{name}");
            variable(&name).map(|value| Settled {
                value,
                source: Source::Environment(name),
            })
        };
        Self {
            // `CLOUD_SDK_*` is how other tools are given keys; no token is.
            token: (prefix == "DOCPROOF")
                .then(|| read("TOKEN"))
                .flatten()
                .map(text),
            carried: Vec::new(),
            ak: read("AK"),
            sk: read("SK"),
            security_token: read("SECURITY_TOKEN"),
            aws: None,
        }
    }

    /// The keys that tools of AWS are given.
    fn of_aws() -> Self {
        let read = |name: &str| {
            let source = Source::Environment(name.to_owned());
            variable(name).map(|value| Settled { value, source })
        };
        Self {
            ak: read("AWS_ACCESS_KEY_ID"),
            sk: read("AWS_SECRET_ACCESS_KEY"),
            security_token: read("AWS_SESSION_TOKEN"),
            ..Self::default()
        }
    }

    /// What a target names. A variable that is not set is an error: nothing else is meant to take
    /// its place.
    fn file(target: &FileTarget, suite: Option<&Suite>) -> Result<Self, CliError> {
        let Some(Located { value: auth, .. }) = &target.table.auth else {
            return Ok(Self::default());
        };
        let variable_of = |key: &str, Located { value, at }: &Located<Checked<Variable>>| {
            let Checked(name) = value;
            match variable(name) {
                Some(value) => Ok(Settled {
                    value,
                    source: Source::Environment(name.clone()),
                }),
                // Names are in capitals; what is not may be the secret itself.
                None if name.bytes().any(|byte| byte.is_ascii_lowercase()) => Err(target.wrong(
                    *at,
                    &format!(
                        "the environment variable that `auth.{key}` of the target `{}` names is not set",
                        target.name
                    ),
                    "the file holds the name of a variable, such as `STAGING_KEY`, never the secret"
                        .to_owned(),
                )),
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
        let read = |key: &str, entry: &Option<Located<Checked<Variable>>>| {
            entry
                .as_ref()
                .map(|entry| variable_of(key, entry))
                .transpose()
        };
        let mut carried = Carried::default();
        if let Some(Settled { value, source }) = read("bearer_env", &auth.bearer_env)? {
            let value = Part::text(SecurityScheme::Bearer, value);
            carried.parts.push(Settled { value, source });
        }
        if let Some(Settled { value, source }) = read("basic_env", &auth.basic_env)? {
            carried.basic(&value, source)?;
        }
        for (name, entry) in &auth.api_keys {
            let Settled { value, source } = variable_of("api_keys", entry)?;
            if let Some(suite) = suite {
                carried.key(suite, name, &value, source);
            }
        }
        for (name, entry) in &auth.cookies {
            let Settled { value, source } = variable_of("cookies", entry)?;
            let value = Part::text(SecurityScheme::Cookie(name.clone()), value);
            carried.parts.push(Settled { value, source });
        }
        if let Some(url) = &auth.token_url {
            let id = read("client_id_env", &auth.client_id_env)?;
            let secret = read("client_secret_env", &auth.client_secret_env)?;
            if let (Some(id), Some(secret)) = (id, secret) {
                let grant = ClientCredentials {
                    url: url.value.0.clone(),
                    client_id: id.value,
                    client_secret: secret.value,
                    scope: auth.scope.as_ref().map(|scope| scope.value.0.clone()),
                };
                carried.granted(grant, target.source(url.at))?;
            }
        }
        let command = auth.token_command.as_ref().and_then(|entry| {
            let (program, arguments) = entry.value.0.split_first()?;
            Some(Settled {
                value: Secret::Command(command_of(target, program, arguments)),
                source: target.source(entry.at),
            })
        });
        Ok(Self {
            token: read("token_env", &auth.token_env)?.map(text).or(command),
            carried: carried.parts,
            ak: read("ak_env", &auth.ak_env)?,
            sk: read("sk_env", &auth.sk_env)?,
            security_token: read("security_token_env", &auth.security_token_env)?,
            aws: auth.aws.as_ref().map(|entry| Settled {
                value: entry.value.0.clone(),
                source: target.source(entry.at),
            }),
        })
    }

    fn gives_keys(&self) -> bool {
        self.ak.is_some() || self.sk.is_some()
    }

    fn carries(&self) -> bool {
        self.token.is_some() || !self.carried.is_empty()
    }
}

fn text(settled: Settled<String>) -> Settled<Secret> {
    Settled {
        value: Secret::Text(settled.value),
        source: settled.source,
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

/// The credentials that count; `None` where nobody gives any. The project is added by who knows it;
/// `flags` and the environment's are what they give to be carried.
pub(super) fn settle(
    arguments: &KeyArguments,
    given: Given,
    target: Option<&FileTarget>,
) -> Result<Option<Settled<Credentials>>, CliError> {
    let Given {
        suite,
        origin,
        flags: carried,
        environment,
    } = given;
    let mut flags = Layer::flags(arguments, origin)?;
    flags.carried = carried;
    let mut own = Layer::environment(origin, "DOCPROOF");
    own.carried = environment;
    let of_environment = || variable("DOCPROOF_AWS").filter(|_| origin == Origin::CommandLine);
    let aws = match (flags.aws.take(), of_environment()) {
        (Some(given), _) => Some(given),
        (None, Some(value)) => Some(scope(Settled {
            value,
            source: Source::Environment("DOCPROOF_AWS".to_owned()),
        })?),
        (None, None) => None,
    };
    let choose = |mut layer: Layer, suite: Option<&Suite>, place: &str| {
        layer.aws = aws.clone().or(layer.aws);
        choose(layer, suite, place)
    };
    if flags.gives_keys() || (!flags.carries() && flags.security_token.is_some()) {
        // The half that is not on the command line is in the environment.
        let other = if own.gives_keys() {
            own
        } else {
            Layer::environment(origin, "CLOUD_SDK")
        };
        let complete = flags.ak.is_some() && flags.sk.is_some();
        flags.ak = flags.ak.or(other.ak);
        flags.sk = flags.sk.or(other.sk);
        if !complete {
            flags.security_token = flags.security_token.or(other.security_token);
        } else if flags.security_token.is_none() {
            flags.security_token = Layer::environment(origin, "DOCPROOF").security_token;
        }
        return choose(flags, suite, "the command line");
    }
    if flags.carries() {
        return choose(flags, suite, "the command line");
    }
    if own.carries() || own.gives_keys() {
        return choose(own, suite, "the environment");
    }
    if let Some(target) = target {
        let file = Layer::file(target, suite)?;
        if file.carries() || file.gives_keys() {
            return choose(file, suite, "the target");
        }
    }
    let sdk = match &aws {
        Some(_) => Layer::of_aws(),
        None => Layer::environment(origin, "CLOUD_SDK"),
    };
    if sdk.gives_keys() || aws.is_some() {
        return choose(sdk, suite, "the environment");
    }
    Ok(None)
}

/// What is given to be carried, and the suite that says how.
#[derive(Default)]
pub(super) struct Given<'s> {
    /// The suite, where there is one.
    pub(super) suite: Option<&'s Suite>,
    /// Who gives it.
    pub(super) origin: Origin,
    /// By the command line.
    pub(super) flags: Vec<Settled<Part>>,
    /// By the environment.
    pub(super) environment: Vec<Settled<Part>>,
}

/// Reads the region and the service of AWS.
fn scope(text: Settled<String>) -> Result<Settled<AwsScope>, CliError> {
    let Settled { value, source } = text;
    match value.parse() {
        Ok(value) => Ok(Settled { value, source }),
        Err(error) => Err(CliError::usage(format!("{source}: {error}"))),
    }
}

/// How a token is carried of which nobody says how: as the source says.
fn scheme_of_token(suite: Option<&Suite>) -> SecurityScheme {
    let said = suite.map(Suite::security_scheme);
    said.filter(|scheme| *scheme != SecurityScheme::Basic)
        .unwrap_or_else(|| SecurityScheme::Header(TOKEN_HEADER.to_owned()))
}

fn choose(
    layer: Layer,
    suite: Option<&Suite>,
    place: &str,
) -> Result<Option<Settled<Credentials>>, CliError> {
    let gives_keys = layer.gives_keys();
    if let Some(aws) = layer.aws.as_ref().filter(|_| !gives_keys) {
        return Err(CliError::usage(format!(
            "{}: it says what a pair of keys signs for, and there is none",
            aws.source
        ))
        .with_hint(
            "give the pair by `--ak` and `--sk`, by DOCPROOF_AK and DOCPROOF_SK, or by \
             AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ));
    }
    let token = layer.token.map(|token| Settled {
        value: Part {
            scheme: scheme_of_token(suite),
            secret: token.value,
        },
        source: token.source,
    });
    let parts: Vec<Settled<Part>> = token.into_iter().chain(layer.carried).collect();
    if let Some(first) = parts.first()
        && (gives_keys || layer.security_token.is_some())
    {
        let other = [&layer.ak, &layer.sk, &layer.security_token]
            .into_iter()
            .flatten()
            .next()
            .map_or(Source::Default, |one| one.source.clone());
        return Err(CliError::usage(format!(
            "{place} gives a token ({}) and keys ({other})",
            first.source
        ))
        .with_hint("requests are authenticated by one of them: leave the other out"));
    }
    if let Some(carried) = at_once(parts)? {
        return Ok(Some(carried));
    }
    match layer {
        Layer {
            ak: Some(ak),
            sk: Some(sk),
            security_token,
            aws,
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
                aws: aws.map(|scope| scope.value),
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

/// Where a scheme puts its credential: no two of a request stand in one place.
pub(super) fn place(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::Cookie(_) | SecurityScheme::Query(_) => scheme.to_string(),
        scheme => scheme.header().unwrap_or_default().to_ascii_lowercase(),
    }
}

/// Credentials that are carried all at once; `None` where there are none.
pub(super) fn at_once(parts: Vec<Settled<Part>>) -> Result<Option<Settled<Credentials>>, CliError> {
    for (index, part) in parts.iter().enumerate() {
        let mut before = parts.iter().take(index);
        let is_there =
            |twin: &&Settled<Part>| place(&twin.value.scheme) == place(&part.value.scheme);
        if let Some(twin) = before.find(is_there) {
            return Err(CliError::usage(format!(
                "there are two credentials for one place, {}: {} and {}",
                part.value.scheme.in_words(),
                twin.source,
                part.source
            ))
            .with_hint("leave one of them out"));
        }
    }
    let first = parts.first().map(|part| part.source.clone());
    Ok(first.map(|source| Settled {
        source,
        value: Credentials::Carried(parts.into_iter().map(|part| part.value).collect()),
    }))
}
