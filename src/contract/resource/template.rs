//! The templates of paths: the parts that stand there, and those that parameters fill.

/// The ends of paths that say in which format is answered.
const FORMATS: [&str; 2] = [".json", ".xml"];

/// A part of a path's template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part<'p> {
    /// A part that stands there as it is.
    Fixed(&'p str),
    /// One that a parameter fills.
    Parameter,
}

/// A path without the format of what is answered at its end: `/queues.json`, `/queues/{id}.json`.
pub(super) fn without_format(path: &str) -> &str {
    let bare = FORMATS.iter().find_map(|format| path.strip_suffix(format));
    bare.unwrap_or(path)
}

/// A path without the names of its parameters, and the name of each.
pub(super) fn parts(path: &str) -> (Vec<Part<'_>>, Vec<Option<&str>>) {
    without_format(path.trim_matches('/'))
        .split('/')
        .map(|part| {
            let name = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            match name.filter(|name| !name.contains(['{', '}'])) {
                Some(name) => (Part::Parameter, Some(name)),
                None => (Part::Fixed(part), None),
            }
        })
        .unzip()
}
