//! Where reports go. A path that cannot be written is an error before the first request, and a
//! report is written whole or not at all: beside its file first, then in its place.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::exchange::printable_json;
use crate::file::is_same;

use super::result::Report;

/// The kinds of reports, by the word in `--report KIND=FILE`.
const KINDS: &[(&str, Kind)] = &[
    ("json", Kind::Json),
    ("html", Kind::Html),
    ("junit", Kind::Junit),
    ("markdown", Kind::Markdown),
    ("github", Kind::Github),
    ("sarif", Kind::Sarif),
    ("badge", Kind::Badge),
    ("shields", Kind::Shields),
];

/// A kind of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Html,
    Junit,
    Markdown,
    Github,
    Sarif,
    Badge,
    Shields,
}

/// The reports that a run was asked for.
#[derive(Debug, Default)]
pub struct Sinks(Vec<Sink>);

#[derive(Debug)]
struct Sink {
    kind: Kind,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// Standard output.
    Output,
    /// The end of a file that others write to as well.
    End(PathBuf),
    /// A device or a pipe, which has no place beside it.
    Stream(PathBuf),
    /// A file, and the one beside it that is written first.
    File(PathBuf, PathBuf),
}

/// Why a report cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum SinkError {
    /// Not `KIND=FILE`.
    #[error("`--report {0}` is not KIND=FILE")]
    Form(String),
    /// No such kind.
    #[error("there is no report of the kind `{0}`")]
    Kind(String),
    /// Two reports for one place.
    #[error("two reports go to `{0}`")]
    Twice(String),
    /// The path cannot be written.
    #[error("cannot write the report `{}`: {source}", path.display())]
    Unwritable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The report cannot be made.
    #[error("cannot make the {kind} report: {message}")]
    Unmade {
        /// The kind.
        kind: &'static str,
        /// Why.
        message: String,
    },
}

impl SinkError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Form(text) => {
                let word = text.trim_end_matches('=');
                let kind = KINDS.iter().find(|(known, _)| *known == word);
                let kind = kind.map_or("json", |(known, _)| *known);
                Some(format!("write `--report {kind}=FILE`"))
            }
            Self::Kind(_) => {
                let words: Vec<&str> = KINDS.iter().map(|(word, _)| *word).collect();
                Some(format!("kinds: {}", words.join(", ")))
            }
            Self::Twice(_) => Some("give each report a file of its own".to_owned()),
            Self::Unwritable { .. } => Some(
                "give a file in a folder that is there and can be written to, or `-` for standard output"
                    .to_owned(),
            ),
            Self::Unmade { .. } => None,
        }
    }
}

impl Sinks {
    /// Reads what `--report` was given, and makes sure that each can be written. Nothing that is
    /// there is touched. `github` alone writes its commands to standard output, where GitHub looks
    /// for them; with it, `step_summary` (GitHub's file, if it gives one) gets the Markdown
    /// summary.
    pub fn open(given: &[String], step_summary: Option<&str>) -> Result<Self, SinkError> {
        let mut sinks = Self::default();
        let mut taken: Vec<&str> = Vec::new();
        for text in given {
            let text = if text == "github" { "github=-" } else { text };
            let Some((word, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty())
            else {
                return Err(SinkError::Form(text.to_owned()));
            };
            let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) else {
                return Err(SinkError::Kind(word.to_owned()));
            };
            if taken.contains(&file) {
                return Err(SinkError::Twice(file.to_owned()));
            }
            taken.push(file);
            let place = Place::open(file)?;
            if let Place::File(path, _) = &place
                && sinks.files().any(|known| is_same(known, path))
            {
                return Err(SinkError::Twice(file.to_owned()));
            }
            sinks.0.push(Sink { kind: *kind, place });
            if let (Kind::Github, Some(path)) = (*kind, step_summary) {
                sinks.0.push(Sink {
                    kind: Kind::Markdown,
                    place: Place::append(path)?,
                });
            }
        }
        Ok(sinks)
    }

    /// The files that reports replace.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().filter_map(|sink| match &sink.place {
            Place::File(path, _) => Some(path.as_path()),
            Place::Output | Place::End(_) | Place::Stream(_) => None,
        })
    }

    /// Whether standard output belongs to a report: then what people read goes to standard error.
    pub fn takes_output(&self) -> bool {
        self.0
            .iter()
            .any(|sink| matches!(sink.place, Place::Output))
    }

    /// Writes every report; of several that cannot be written, the first is said, the others are
    /// written all the same.
    pub fn write(&self, report: &Report) -> Result<(), SinkError> {
        let mut outcome = Ok(());
        for sink in &self.0 {
            let written = sink
                .kind
                .render(report)
                .and_then(|text| sink.place.write(&text));
            outcome = outcome.and(written);
        }
        outcome
    }
}

impl Kind {
    fn render(self, report: &Report) -> Result<String, SinkError> {
        let unmade = |message: String| SinkError::Unmade {
            kind: KINDS
                .iter()
                .find(|(_, kind)| *kind == self)
                .map_or("", |(word, _)| word),
            message,
        };
        match self {
            Self::Json => super::json::json(report)
                .map(printable_json)
                .map_err(|error| unmade(error.to_string())),
            Self::Html => super::html::html(report).map_err(|error| unmade(error.to_string())),
            Self::Junit => super::junit::junit(report).map_err(|error| unmade(error.to_string())),
            Self::Markdown => Ok(super::markdown::markdown(report)),
            Self::Github => Ok(super::github::annotations(report)),
            Self::Sarif => super::sarif::sarif(report)
                .map(printable_json)
                .map_err(|error| unmade(error.to_string())),
            Self::Badge => Ok(super::badge::badge(report)),
            Self::Shields => {
                super::badge::shields(report).map_err(|error| unmade(error.to_string()))
            }
        }
    }
}

impl Place {
    fn append(file: &str) -> Result<Self, SinkError> {
        let path = PathBuf::from(file);
        std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .map_err(|source| SinkError::Unwritable {
                path: path.clone(),
                source,
            })?;
        Ok(Self::End(path))
    }

    fn open(file: &str) -> Result<Self, SinkError> {
        if file == "-" {
            return Ok(Self::Output);
        }
        let given = PathBuf::from(file);
        let fail = |source: std::io::Error| SinkError::Unwritable {
            path: given.clone(),
            source,
        };
        // A link stays a link: what it leads to is written.
        let path = given.canonicalize().unwrap_or_else(|_| given.clone());
        if let Ok(known) = std::fs::metadata(&path) {
            if known.is_dir() {
                return Err(fail(std::io::ErrorKind::IsADirectory.into()));
            }
            if !known.is_file() {
                return Ok(Self::Stream(path));
            }
            std::fs::OpenOptions::new()
                .append(true)
                .open(&path)
                .map_err(fail)?;
        }
        let name = path
            .file_name()
            .ok_or_else(|| fail(std::io::ErrorKind::InvalidFilename.into()))?
            .to_string_lossy()
            .into_owned();
        let beside = path.with_file_name(format!(".{name}.{}.partial", std::process::id()));
        std::fs::File::create(&beside)
            .and_then(|_| std::fs::remove_file(&beside))
            .map_err(fail)?;
        Ok(Self::File(path, beside))
    }

    fn write(&self, text: &str) -> Result<(), SinkError> {
        let (path, written) = match self {
            Self::Output => {
                let mut output = std::io::stdout().lock();
                let written = output
                    .write_all(text.as_bytes())
                    .and_then(|()| output.flush());
                // A reader that has seen enough, `head` say, is none that the report failed.
                let is_enough =
                    |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
                if written.as_ref().is_err_and(is_enough) {
                    return Ok(());
                }
                (Path::new("-"), written)
            }
            Self::End(path) => {
                let written = std::fs::OpenOptions::new()
                    .append(true)
                    .open(path)
                    .and_then(|mut file| file.write_all(text.as_bytes()));
                (path.as_path(), written)
            }
            Self::Stream(path) => {
                let written = std::fs::OpenOptions::new()
                    .write(true)
                    .open(path)
                    .and_then(|mut stream| stream.write_all(text.as_bytes()));
                (path.as_path(), written)
            }
            Self::File(path, beside) => {
                let written =
                    std::fs::write(beside, text).and_then(|()| std::fs::rename(beside, path));
                if written.is_err() {
                    // What is left beside is of no use to anybody.
                    let _ = std::fs::remove_file(beside);
                }
                (path.as_path(), written)
            }
        };
        written.map_err(|source| SinkError::Unwritable {
            path: path.to_owned(),
            source,
        })
    }
}
