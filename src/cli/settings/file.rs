//! `docproof.toml`: read by the table of keys, with the line of everything, so that every error says where it is and what to do.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::cli::CliError;

use super::keys::{AUTH, Key, Kind, LITERALS, TARGET, is_variable_name, milliseconds};
use super::resolve::endpoint_problem;

/// The name of the file that is looked for in the working directory.
pub(in crate::cli) const FILE_NAME: &str = "docproof.toml";

/// A configuration file.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Configuration {
    /// The file as it was named.
    pub(in crate::cli) path: PathBuf,
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
    /// What it holds.
    pub(in crate::cli) entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Entry {
    /// The key's path within the target: `timeout`, `auth.token_env`, `endpoint.dcs`, `resources.dcs.instance_id`.
    pub(in crate::cli) key: String,
    /// The value as `run`'s option takes it; a program and its arguments, or one text.
    pub(in crate::cli) value: Vec<String>,
    /// The line.
    pub(in crate::cli) line: usize,
}

/// Something wrong with a file.
struct Problem {
    line: usize,
    message: String,
    hint: String,
}

impl Configuration {
    /// The file that was named, or the one in the working directory; `None` where there is none and none was named.
    pub(in crate::cli) fn load(named: Option<&Path>) -> Result<Option<Self>, CliError> {
        let path = named.unwrap_or(Path::new(FILE_NAME));
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
    pub(in crate::cli) fn read(path: &Path, text: &str) -> Result<Self, CliError> {
        let mut reader = Reader {
            text,
            problems: Vec::new(),
        };
        let targets = reader.file(path);
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| problem.line);
        let more = problems.len().saturating_sub(1);
        match problems.into_iter().next() {
            None => Ok(Self {
                path: path.to_owned(),
                targets,
            }),
            Some(first) => {
                let more = if more == 0 {
                    String::new()
                } else {
                    format!(" ({more} more after this one)")
                };
                Err(CliError::usage(format!(
                    "`{}`, line {}: {}{more}",
                    path.display(),
                    first.line,
                    first.message
                ))
                .with_hint(first.hint))
            }
        }
    }

    /// The target of a name.
    pub(in crate::cli) fn target(&self, name: &str) -> Result<&FileTarget, CliError> {
        let known: Vec<&str> = self
            .targets
            .iter()
            .map(|target| target.name.as_str())
            .collect();
        self.targets
            .iter()
            .find(|target| target.name == name)
            .ok_or_else(|| {
                let hint = match nearest(name, &known) {
                    Some(near) => format!("did you mean `{near}`? It has: {}", known.join(", ")),
                    None if known.is_empty() => format!(
                        "it has no targets: write `[target.{name}]` and an `endpoint` below it"
                    ),
                    None => format!("it has: {}", known.join(", ")),
                };
                CliError::usage(format!("`{}` has no target `{name}`", self.path.display()))
                    .with_hint(hint)
            })
    }
}

impl FileTarget {
    /// The entry of a key.
    pub(in crate::cli) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The entries below a key, each with the rest of its path.
    pub(in crate::cli) fn below<'t>(
        &'t self,
        head: &'t str,
    ) -> impl Iterator<Item = (&'t str, &'t Entry)> {
        self.entries.iter().filter_map(move |entry| {
            let rest = entry.key.strip_prefix(head)?.strip_prefix('.')?;
            Some((rest, entry))
        })
    }
}

impl Entry {
    /// The value as one text.
    pub(in crate::cli) fn text(&self) -> &str {
        self.value.first().map_or("", String::as_str)
    }
}

/// The name that is meant by one that is not known.
pub(in crate::cli) fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = name.to_lowercase().replace('-', "_");
    known
        .iter()
        .map(|known| {
            (
                strsim::damerau_levenshtein(&plain, &known.to_lowercase().replace('-', "_")),
                *known,
            )
        })
        .filter(|(distance, known)| *distance <= (known.len() / 3).clamp(1, 3))
        .min()
        .map(|(_, known)| known)
}

struct Reader<'f> {
    text: &'f str,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text
            .bytes()
            .take(at)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    fn problem(&mut self, at: usize, message: String, hint: impl Into<String>) {
        let line = self.line(at);
        self.problems.push(Problem {
            line,
            message,
            hint: hint.into(),
        });
    }

    fn file(&mut self, path: &Path) -> Vec<FileTarget> {
        let text = self.text;
        let root = match DeTable::parse(text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                // The message alone: the line that it would show may hold what is secret.
                let at = error.span().map_or(0, |span| span.start);
                let message = format!("this is not TOML: {}", error.message().replace('\n', ", "));
                self.problem(at, message, "texts stand in quotation marks, tables in square brackets: `endpoint = \"https://...\"` below `[target.NAME]`");
                return Vec::new();
            }
        };
        let mut targets = Vec::new();
        for (key, value) in &root {
            if key.get_ref().as_ref() != "target" {
                let hint = "the file holds `[target.NAME]` tables and nothing else";
                self.problem(
                    key.span().start,
                    format!("there is no key `{}`", key.get_ref()),
                    hint,
                );
                continue;
            }
            let Some(tables) = self.table_of(value, "target", "write `[target.NAME]`") else {
                continue;
            };
            for (name, value) in tables {
                let label = format!("target.{}", name.get_ref());
                let Some(keys) = self.table_of(
                    value,
                    &label,
                    "a target is a table: write `[target.NAME]`, and its keys below",
                ) else {
                    continue;
                };
                let mut entries = Vec::new();
                let before = self.problems.len();
                self.keys(keys, TARGET, &format!("[{label}]"), "", &mut entries);
                // A key that is not known may be the endpoint, misspelt: one error is enough.
                if !keys.contains_key("endpoint") && self.problems.len() == before {
                    self.problem(name.span().start, format!("`[{label}]` has no `endpoint`"), "write `endpoint = \"https://HOST\"`, or a table with one URL for each service");
                }
                self.auth(&entries, &label);
                targets.push(FileTarget {
                    path: path.to_owned(),
                    name: name.get_ref().to_string(),
                    line: self.line(name.span().start),
                    entries,
                });
            }
        }
        targets.sort_by_key(|target| target.line);
        targets
    }

    fn table_of<'v, 'i>(
        &mut self,
        value: &'v Spanned<DeValue<'i>>,
        label: &str,
        hint: &str,
    ) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{label}` is {}, not a table", described(value));
            self.problem(value.span().start, message, hint);
        }
        table
    }

    /// Reads the keys of a table.
    fn keys(
        &mut self,
        table: &DeTable<'_>,
        known: &[Key],
        label: &str,
        prefix: &str,
        entries: &mut Vec<Entry>,
    ) {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path = format!("{prefix}{name}");
            let Some(one) = known.iter().find(|one| one.name == name) else {
                self.unknown(name, key.span().start, known, label);
                continue;
            };
            self.value(one.kind, &path, label, value, entries);
        }
    }

    fn unknown(&mut self, name: &str, at: usize, known: &[Key], label: &str) {
        let plain = name.to_lowercase().replace('-', "_");
        if let Some((_, instead)) = LITERALS.iter().find(|(literal, _)| *literal == plain) {
            let hint = format!(
                "put the value into an environment variable, or let a command print it, and write under `auth`: {}",
                if *instead == "token_command" {
                    "`token_command = [\"PROGRAM\", \"ARGUMENT\"]`".to_owned()
                } else {
                    format!("`{instead} = \"NAME_OF_THE_VARIABLE\"`")
                }
            );
            self.problem(
                at,
                format!("`{name}` in `{label}`: no secret may stand in this file"),
                hint,
            );
            return;
        }
        let names: Vec<&str> = known.iter().map(|key| key.name).collect();
        let elsewhere = AUTH.iter().any(|key| key.name == plain) && known.len() == TARGET.len();
        let hint = match nearest(name, &names) {
            _ if elsewhere => format!("it stands under `auth`: `auth.{plain} = ...`"),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names.join(", ")),
        };
        self.problem(at, format!("`{label}` has no key `{name}`"), hint);
    }

    /// Reads the value of a key.
    fn value(
        &mut self,
        kind: Kind,
        path: &str,
        label: &str,
        value: &Spanned<DeValue<'_>>,
        entries: &mut Vec<Entry>,
    ) {
        let at = value.span().start;
        let mut keep = |reader: &Self, key: &str, value: Vec<String>, at: usize| {
            entries.push(Entry {
                key: key.to_owned(),
                value,
                line: reader.line(at),
            });
        };
        let expected: String = match (kind, value.get_ref()) {
            (Kind::Endpoint, DeValue::String(url)) => match endpoint_problem(url) {
                None => return keep(self, path, vec![url.to_string()], at),
                Some(problem) => problem.to_owned(),
            },
            (Kind::Endpoint, DeValue::Table(table)) => {
                for (service, url) in table {
                    let one = format!("{path}.{}", service.get_ref());
                    match url.get_ref().as_str().map(|text| (text, endpoint_problem(text))) {
                        Some((text, None)) => {
                            keep(self, &one, vec![text.to_owned()], url.span().start);
                        }
                        Some((_, Some(problem))) => self.mistaken(&one, label, url, problem),
                        None => self.mistaken(&one, label, url, "a URL"),
                    }
                }
                return;
            }
            (Kind::Endpoint, _) => "a URL, or a table of URLs by service".to_owned(),
            (Kind::Text, DeValue::String(text)) if !text.is_empty() => {
                return keep(self, path, vec![text.to_string()], at);
            }
            (Kind::Text, _) => "a text".to_owned(),
            (Kind::Word(words), DeValue::String(text)) => {
                if words.contains(&text.as_ref()) {
                    return keep(self, path, vec![text.to_string()], at);
                }
                let hint = match nearest(text, words) {
                    Some(near) => format!("did you mean `{near}`? There are: {}", words.join(", ")),
                    None => format!("there are: {}", words.join(", ")),
                };
                let message = format!("`{path}` in `{label}` is none of its words");
                return self.problem(at, message, hint);
            }
            (Kind::Word(words), _) => format!("one of the texts {}", words.join(", ")),
            (Kind::Count(least), DeValue::Integer(number)) => {
                let number = integer(number).filter(|number| *number >= least);
                if let Some(number) = number {
                    return keep(self, path, vec![number.to_string()], at);
                }
                format!("a whole number from {least}")
            }
            (Kind::Count(least), _) => format!("a whole number from {least}"),
            (Kind::Rate, other) => match number(other).filter(|number| *number > 0.0) {
                Some(number) => return keep(self, path, vec![number.to_string()], at),
                None => "a number above zero".to_owned(),
            },
            (Kind::Seconds | Kind::Milliseconds, other) => {
                let in_seconds = matches!(kind, Kind::Seconds);
                let unit = if in_seconds { 1_000.0 } else { 1.0 };
                let length = match other {
                    DeValue::String(text) => milliseconds(text),
                    other => number(other).map(|number| number * unit),
                };
                match length.filter(|length| *length > 0.0 && length.is_finite()) {
                    // The option takes whole milliseconds.
                    Some(length) if !in_seconds => {
                        return keep(self, path, vec![format!("{:.0}", length.max(1.0))], at);
                    }
                    Some(length) => {
                        return keep(self, path, vec![(length / unit).to_string()], at);
                    }
                    None => format!(
                        "a number of {}, or a text such as \"500ms\", \"30s\", \"2m\", \"1h\"",
                        if in_seconds { "seconds" } else { "milliseconds" }
                    ),
                }
            }
            (Kind::Variable, DeValue::String(name)) if is_variable_name(name) => {
                return keep(self, path, vec![name.to_string()], at);
            }
            (Kind::Variable, _) => {
                // Whatever stands there may be the secret itself: it is not repeated.
                let message = format!("`{path}` in `{label}` is not the name of an environment variable");
                let hint = format!("write the variable's name, never its value: `{path} = \"STAGING_KEY\"`");
                return self.problem(at, message, hint);
            }
            (Kind::Command, DeValue::Array(items)) if !items.is_empty() => {
                let words: Option<Vec<String>> = items
                    .iter()
                    .map(|item| item.get_ref().as_str().map(str::to_owned))
                    .collect();
                match words {
                    Some(words) if words.first().is_some_and(|program| !program.is_empty()) => {
                        return keep(self, path, words, at);
                    }
                    _ => "an array of texts: the program and its arguments".to_owned(),
                }
            }
            (Kind::Command, _) => "an array of texts, the program and its arguments (no shell takes part): `[\"PROGRAM\", \"ARGUMENT\"]`".to_owned(),
            (Kind::Table(keys), DeValue::Table(table)) => {
                let inner = format!("{}.{path}]", label.trim_end_matches(']'));
                self.keys(table, keys, &inner, &format!("{path}."), entries);
                return;
            }
            (Kind::Table(_), _) => "a table".to_owned(),
            (Kind::Resources, DeValue::Table(table)) => {
                for (key, value) in table {
                    let one = format!("{path}.{}", key.get_ref());
                    match value.get_ref() {
                        DeValue::String(text) if !text.is_empty() => {
                            keep(self, &one, vec![text.to_string()], key.span().start);
                        }
                        // `dcs.instance_id = "..."` without quotation marks is a table of its own.
                        DeValue::Table(inner) => {
                            for (rest, value) in inner {
                                let one = format!("{one}.{}", rest.get_ref());
                                match value.get_ref().as_str().filter(|text| !text.is_empty()) {
                                    Some(text) => keep(self, &one, vec![text.to_owned()], rest.span().start),
                                    None => self.mistaken(&one, label, value, "a text"),
                                }
                            }
                        }
                        _ => self.mistaken(&one, label, value, "a text"),
                    }
                }
                return;
            }
            (Kind::Resources, _) => "a table of texts by the keys of `--set`".to_owned(),
        };
        self.mistaken(path, label, value, &expected);
    }

    fn mistaken(&mut self, path: &str, label: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let message = format!("`{path}` in `{label}` is {}", described(value));
        self.problem(value.span().start, message, format!("it takes {expected}"));
    }

    /// One credential, whole.
    fn auth(&mut self, entries: &[Entry], label: &str) {
        let line = |key: &str| {
            entries
                .iter()
                .find(|entry| entry.key == format!("auth.{key}"))
                .map(|entry| entry.line)
        };
        let mut problem = |line: usize, message: String, hint: &str| {
            self.problems.push(Problem {
                line,
                message: format!("`[{label}.auth]`: {message}"),
                hint: hint.to_owned(),
            });
        };
        let tokens: Vec<usize> = ["token_env", "token_command"]
            .into_iter()
            .filter_map(line)
            .collect();
        let keys = ["ak_env", "sk_env", "security_token_env"];
        let given: Vec<usize> = keys.into_iter().filter_map(line).collect();
        let last = |lines: &[usize]| lines.iter().copied().max().unwrap_or_default();
        if tokens.len() + usize::from(!given.is_empty()) > 1 {
            problem(
                last(&[tokens.clone(), given].concat()),
                "there is more than one credential".to_owned(),
                "keep one of `token_env`, `token_command`, and `ak_env` with `sk_env`",
            );
        } else if let Some(missing) = ["ak_env", "sk_env"]
            .into_iter()
            .find(|key| !given.is_empty() && line(key).is_none())
        {
            problem(
                last(&given),
                format!("`{missing}` is missing"),
                "requests are signed by a pair of keys: `ak_env` and `sk_env` name the variables that hold them",
            );
        }
    }
}

fn integer(number: &toml::de::DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => integer(number).map(|number| {
            #[expect(
                clippy::cast_precision_loss,
                reason = "nobody asks for that many seconds"
            )]
            let number = number as f64;
            number
        }),
        DeValue::Float(number) => number
            .as_str()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// What a value is; texts and the like are not repeated, they may be secret.
fn described(value: &Spanned<DeValue<'_>>) -> String {
    match value.get_ref() {
        DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
        DeValue::String(_) => "a text that does not fit".to_owned(),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(boolean) => format!("`{boolean}`"),
        DeValue::Datetime(_) => "a time".to_owned(),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}
