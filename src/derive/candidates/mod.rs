//! The places of a page that state a target. A request line inside an example is none, and neither
//! is a mention in prose.

mod choice;
mod finder;
mod prose;

use std::collections::BTreeSet;

use serde_json::Value;

use super::overview::to_sections;
use super::path::{made, shape};
use super::section::{Section, section_of};
use super::target::Stated;
use crate::page::Block;
use choice::chosen;
use finder::Finder;

/// How sure it is that a target is the page's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// With a host before it, as examples are written too.
    Full,
    /// A line that is nothing else.
    Plain,
    /// Markup for it: what other lines of the page show is then written for people.
    Markup,
}

/// A place on the page that states a target.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The place of its block.
    pub at: usize,
    pub line: usize,
    pub stated: Stated,
    /// Whether the request has a body, where the page says so beside the target.
    pub has_body: Option<bool>,
    /// Why no request can be made of it, so that it only parts the operations around it.
    pub unread: Option<&'static str>,
    /// Whether it is a row of an overview whose other rows have sections of their own.
    pub is_overview: bool,
    /// The statuses that it is answered with, where the page says so beside it.
    pub statuses: Vec<u16>,
    /// The bodies that the page shows beside it as what is sent, with their lines.
    pub bodies: Vec<(Value, usize)>,
    /// Whether it is read out of a call with values in it.
    pub is_by_value: bool,
    weight: Weight,
    /// Whether it is a block of code.
    is_code: bool,
    told: Told,
}

/// A place that looks like documentation of an operation, and opens none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Passed {
    pub line: usize,
    pub method: String,
    pub path: String,
    pub why: &'static str,
}

/// What is found of targets on a page.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub candidates: Vec<Candidate>,
    pub passed: Vec<Passed>,
}

/// What the headings and labels above a target say of it.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    /// It stands in a section for it (`URI`).
    in_uri: bool,
    /// The heading above is that of targets and of nothing else: `Endpoints`.
    is_titled: bool,
    /// It is an example of the target: `URL example`.
    is_filled_in: bool,
}

impl Candidate {
    /// Whether the heading above is that of targets and of nothing else.
    pub(super) fn is_titled(&self) -> bool {
        self.told.is_titled
    }

    /// A target that surely is the page's own.
    pub(super) fn plain(at: usize, line: usize, method: &str, path: &str) -> Self {
        let stated = Stated {
            method: method.to_owned(),
            path: path.to_owned(),
            has_host: false,
            has_version: false,
            is_alone: false,
        };
        Self::of(at, line, stated)
    }

    /// A target of which no more is known than what states it.
    fn of(at: usize, line: usize, stated: Stated) -> Self {
        Self {
            at,
            line,
            weight: weight(&stated),
            stated,
            has_body: None,
            unread: None,
            is_overview: false,
            statuses: Vec::new(),
            bodies: Vec::new(),
            is_by_value: false,
            is_code: false,
            told: Told::default(),
        }
    }

    /// A line that looks like a target, and none that can be read.
    fn unread(at: usize, line: usize, stated: Stated) -> Self {
        let own = Self::plain(at, line, &stated.method, &stated.path);
        Self {
            stated,
            unread: Some(UNKNOWN_METHOD),
            ..own
        }
    }
}

phrases! {
    Candidates:

    /// Headings and labels of examples, beside those that open a section.
    static EXAMPLE;

    /// Headings of targets and of nothing else.
    static TITLED;
}

pattern! {
    /// A path with values in it.
    static FILLED = r"/\d+(?:[/?]|$)|[?&][\w.-]+=[\w.%+-]";
}

/// Whether a heading is that of targets and of nothing else.
pub(super) fn titles_targets(heading: &str) -> bool {
    TITLED.is_match(heading.trim())
}

/// The targets of a page in its order, and what looks like one.
pub(super) fn candidates(flat: &[&Block]) -> Found {
    let mut finder = Finder::default();
    for (at, block) in flat.iter().enumerate() {
        finder.block(at, block);
    }
    finder.take_relative();
    finder.take_base();
    let mut unread = std::mem::take(&mut finder.unread);
    let mut passed = std::mem::take(&mut finder.passed);
    let hidden = std::mem::take(&mut finder.hidden);
    let mut candidates = chosen(flat, finder, &mut passed, &mut unread);
    // Where two lines of a block look like one, one of them has been read.
    let known: BTreeSet<usize> = candidates.iter().map(|own| own.at).collect();
    candidates.extend(unread.into_iter().filter(|own| !known.contains(&own.at)));
    let read: BTreeSet<_> = candidates.iter().map(|own| named(&own.stated)).collect();
    passed.extend(hidden.into_iter().filter(|own| {
        let stated = Candidate::plain(0, own.line, &own.method, &own.path).stated;
        !read.contains(&named(&stated))
    }));
    to_sections(flat, &mut candidates);
    candidates.sort_by_key(|own| own.at);
    passed.sort_by_key(|own| own.line);
    Found { candidates, passed }
}

/// What a target is, whatever its parameters are called.
pub(super) fn named(stated: &Stated) -> (String, String) {
    let path = made(&stated.method, &stated.path, 0, "").path;
    (stated.method.clone(), shape(&path))
}

/// Why a line that looks like a target opens no operation.
pub(super) const UNKNOWN_METHOD: &str = "its method is not known, or the line is not understood";

/// The same of a line that a page crosses out.
const STRUCK_OUT: &str = "it is struck out";

/// The same of a target with a host before it.
const HAS_HOST: &str = "a host stands before it, as in an example, and before the others none does";

/// The same of the request of an exchange that nothing else states.
const OF_EXCHANGE: &str = "it is the first line of an example request, and no line states it";

/// The same of a line that stands below a label of examples.
const OF_EXAMPLES: &str = "it stands below a label of examples, and no other line states it";

/// The same of what the page calls a request of the service's own.
const OF_SERVICE: &str = "it is what the service sends, and no operation of its own";

fn weight(stated: &Stated) -> Weight {
    if stated.has_host || stated.has_version {
        Weight::Full
    } else {
        Weight::Plain
    }
}

/// Whether examples or answers stand below a heading or label.
pub(super) fn shows(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '`', ' ']);
    match section_of(text) {
        Some(
            Section::RequestExample
            | Section::ResponseExample
            | Section::Example
            | Section::Response
            | Section::AbnormalResponse
            | Section::StatusCodes
            | Section::ErrorCodes,
        ) => true,
        Some(Section::Uri | Section::Request) => false,
        _ => EXAMPLE.is_match(text),
    }
}
