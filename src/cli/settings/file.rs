//! `docproof.toml`: which file, its targets by name, and what is said of one that is wrong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::CliError;
use crate::nearest::did_you_mean;
use crate::session::Source;
use crate::toml_reader::{Lines, Located, Mistake, Problem, Read, read};

use super::keys::{Auth, File, SECRETS, TargetTable};

/// The name of the file that is looked for in the working directory.
pub(in crate::cli) const FILE_NAME: &str = "docproof.toml";

/// A configuration file.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Configuration {
    /// The file as it was named.
    pub(super) path: PathBuf,
    /// The folder of the suite, where the file names one.
    pub(in crate::cli) suite: Option<PathBuf>,
    /// The target of a run that names none.
    pub(in crate::cli) default_target: Option<String>,
    /// Its targets, in the order of the file.
    pub(in crate::cli) targets: Vec<FileTarget>,
}

/// A target as the file holds it.
#[derive(Debug, Clone)]
pub(in crate::cli) struct FileTarget {
    /// The file.
    pub(in crate::cli) path: PathBuf,
    /// Its name.
    pub(in crate::cli) name: String,
    /// The line of its table.
    pub(in crate::cli) line: usize,
    /// The lines of the file.
    lines: Lines,
    /// What it holds.
    pub(in crate::cli) table: TargetTable,
}

/// A problem as people are told: its line, what is wrong, and what to do.
type Told = (usize, String, Option<String>);

impl Configuration {
    /// Whether a suite is the one that the file names.
    pub(super) fn is_of(&self, suite: &Path) -> bool {
        let own = self.suite.as_deref().map(Path::canonicalize);
        own.is_some_and(|own| own.is_ok_and(|own| suite.canonicalize().is_ok_and(|it| it == own)))
    }

    /// The file that was named, or the nearest one: that in the working directory or above it, else
    /// that of the suite. `None` where there is none and none was named.
    pub(in crate::cli) fn load(
        named: Option<&Path>,
        suite: Option<&Path>,
    ) -> Result<Option<Self>, CliError> {
        let path = named.map_or_else(|| nearest(suite), Path::to_owned);
        let path = path.as_path();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(error) => {
                return Err(
                    CliError::usage(format!("cannot read `{}`: {error}", path.display()))
                        .with_hint("`--config FILE` names a file with `[target.NAME]` tables"),
                );
            }
        };
        Self::read(path, &text).map(Some)
    }

    /// Reads a file's text. Of several errors, the first is said.
    fn read(path: &Path, text: &str) -> Result<Self, CliError> {
        let Read {
            value,
            problems,
            lines,
        } = read::<File>(text);
        let mut told: Vec<Told> = problems.iter().map(tell).collect();
        let mut targets = Vec::new();
        let (suite, default_target, tables) = match value {
            Some(file) => (file.suite, file.default_target, file.target),
            None => (None, None, BTreeMap::new()),
        };
        if let Some(Located { value: name, at }) = &default_target
            && !tables.contains_key(&name.0)
        {
            let known: Vec<&str> = tables.keys().map(String::as_str).collect();
            let message = format!("`default_target`: there is no `[target.{}]`", name.0);
            told.push((lines.of(*at), message, Some(did_you_mean(&name.0, &known))));
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        for (name, Located { value: table, at }) in tables {
            if let Some((at, message, hint)) = table.auth.as_ref().and_then(incomplete) {
                let message = format!("`[target.{name}.auth]`: {message}");
                told.push((lines.of(at), message, Some(hint.to_owned())));
            }
            targets.push(FileTarget {
                path: path.to_owned(),
                name,
                line: lines.of(at),
                lines: lines.clone(),
                table,
            });
        }
        targets.sort_by_key(|target| target.line);
        told.sort_by_key(|(line, ..)| *line);
        let more = match told.len() {
            0 | 1 => String::new(),
            all => format!(" ({} more after this one)", all - 1),
        };
        match told.into_iter().next() {
            None => Ok(Self {
                path: path.to_owned(),
                suite: suite.map(|suite| folder.join(suite.value.0)),
                default_target: default_target.map(|name| name.value.0),
                targets,
            }),
            Some((line, message, hint)) => {
                Err(wrong(path, line, &format!("{message}{more}"), hint))
            }
        }
    }

    /// The target of a name.
    pub(in crate::cli) fn target(&self, name: &str) -> Result<&FileTarget, CliError> {
        let found = self.targets.iter().find(|target| target.name == name);
        found.ok_or_else(|| {
            let known: Vec<&str> = self
                .targets
                .iter()
                .map(|target| target.name.as_str())
                .collect();
            let hint = if known.is_empty() {
                format!("it has no targets: write `[target.{name}]` and an `endpoint` below it")
            } else {
                did_you_mean(name, &known)
            };
            CliError::usage(format!("`{}` has no target `{name}`", self.path.display()))
                .with_hint(hint)
        })
    }
}

/// The file in the working directory, or in the nearest folder above it that has one; else in the
/// suite's folder.
fn nearest(suite: Option<&Path>) -> PathBuf {
    let here = PathBuf::from(FILE_NAME);
    if here.exists() {
        return here;
    }
    let folder = std::env::current_dir().unwrap_or_default();
    let mut above = folder
        .ancestors()
        .skip(1)
        .map(|folder| folder.join(FILE_NAME));
    let of_suite = || {
        suite
            .map(|suite| suite.join(FILE_NAME))
            .filter(|path| path.is_file())
    };
    above
        .find(|path| path.is_file())
        .or_else(of_suite)
        .unwrap_or(here)
}

impl FileTarget {
    /// A place in the file, as where a value comes from.
    pub(in crate::cli) fn source(&self, at: usize) -> Source {
        Source::File {
            path: self.path.display().to_string(),
            line: self.lines.of(at),
        }
    }

    /// An error about a place in the file.
    pub(super) fn wrong(&self, at: usize, message: &str, hint: String) -> CliError {
        wrong(&self.path, self.lines.of(at), message, Some(hint))
    }
}

fn wrong(path: &Path, line: usize, message: &str, hint: Option<String>) -> CliError {
    let error = CliError::usage(format!("`{}`, line {line}: {message}", path.display()));
    match hint {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

/// What is said of a problem; some mistakes have a hint that knows more of this file.
fn tell(problem: &Problem) -> Told {
    let mut message = problem.message();
    let hint = match &problem.mistake {
        Mistake::Syntax(_) => Some(
            "texts stand in quotation marks, tables in square brackets: \
             `endpoint = \"https://...\"` below `[target.NAME]`"
                .to_owned(),
        ),
        Mistake::MissingKey(_) => Some(
            "write `endpoint = \"https://HOST\"`, or a table with one URL for each service"
                .to_owned(),
        ),
        Mistake::Unfit { .. } if problem.path.len() <= 2 => {
            Some("a target is a table: write `[target.NAME]`, and its keys below".to_owned())
        }
        Mistake::Unfit { .. } | Mistake::UnknownWord { .. } => problem.hint(),
        Mistake::UnknownKey { key, known } => {
            let plain = key.to_lowercase().replace('-', "_");
            let is_in_auth = SECRETS.iter().any(|(_, key)| *key == plain);
            if let Some((_, instead)) = SECRETS.iter().find(|(secret, _)| *secret == plain) {
                let table = problem.table();
                message = format!("`{key}` in `{table}`: no secret may stand in this file");
                let example = match *instead {
                    "token_command" => "`token_command = [\"PROGRAM\", \"ARGUMENT\"]`".to_owned(),
                    "api_keys" | "cookies" => {
                        format!("`{instead} = {{ NAME = \"NAME_OF_THE_VARIABLE\" }}`")
                    }
                    variable => format!("`{variable} = \"NAME_OF_THE_VARIABLE\"`"),
                };
                Some(format!(
                    "put the value into an environment variable, or let a command print it, \
                     and write under `auth`: {example}"
                ))
            } else if is_in_auth && known.iter().any(|key| key == "auth") {
                Some(format!("it stands under `auth`: `auth.{plain} = ...`"))
            } else if problem.path.len() == 1 {
                Some("the file holds `suite`, `default_target` and `[target.NAME]` tables, and nothing else".to_owned())
            } else {
                problem.hint()
            }
        }
    };
    (problem.line, message, hint)
}

/// What is wrong with credentials that are not exactly one, whole: where, what, and what to do.
fn incomplete(auth: &Located<Auth>) -> Option<(usize, String, &'static str)> {
    fn at<T>(key: Option<&Located<T>>) -> Option<usize> {
        key.map(|located| located.at)
    }
    let auth = &auth.value;
    let one_of = [
        at(auth.token_env.as_ref()),
        at(auth.token_command.as_ref()),
        at(auth.token_url.as_ref()),
        at(auth.bearer_env.as_ref()),
        at(auth.basic_env.as_ref()),
    ];
    let pair = [
        ("ak_env", at(auth.ak_env.as_ref())),
        ("sk_env", at(auth.sk_env.as_ref())),
    ];
    let aws = auth.aws.as_ref().map(|entry| entry.at);
    let token = at(auth.security_token_env.as_ref());
    let keys = [pair[0].1, pair[1].1, token, aws];
    let has_keys = keys.iter().any(Option::is_some);
    let client = [
        ("token_url", at(auth.token_url.as_ref())),
        ("client_id_env", at(auth.client_id_env.as_ref())),
        ("client_secret_env", at(auth.client_secret_env.as_ref())),
    ];
    let asks = client.iter().any(|(_, at)| at.is_some());
    if let (Some(at), Some((missing, _))) = (
        client.iter().filter_map(|(_, at)| *at).max(),
        client.iter().find(|(_, at)| asks && at.is_none()),
    ) {
        let hint = "a token endpoint is asked by a client: \
                    `client_id_env` and `client_secret_env` name the variables that hold them";
        return Some((at, format!("`{missing}` is missing"), hint));
    }
    let named = auth.api_keys.values().chain(auth.cookies.values());
    let named: Vec<usize> = named.map(|entry| entry.at).collect();
    let last = one_of.iter().chain(&keys).flatten().chain(&named).max();
    let last = *last?;
    let is_both = has_keys && !named.is_empty();
    if one_of.iter().flatten().count() + usize::from(has_keys) > 1 || is_both {
        let hint = "keep one of `token_env`, `token_command`, `token_url`, `bearer_env`, \
                    `basic_env`, and `ak_env` with `sk_env`";
        return Some((last, "there is more than one credential".to_owned(), hint));
    }
    let missing = pair.iter().find(|(_, at)| has_keys && at.is_none())?.0;
    let hint = "requests are signed by a pair of keys: \
                `ak_env` and `sk_env` name the variables that hold them";
    Some((last, format!("`{missing}` is missing"), hint))
}
