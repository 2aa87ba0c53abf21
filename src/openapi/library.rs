//! The files of a document: the one that was given, and those in its folder that it refers to.
//! Nothing outside the folder is read, and nothing is fetched.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::error::{OpenApiError, Place, Problem};
use super::lines::{self, Lines};
use super::spot::Spot;
use super::yaml;
use crate::contract::{Malformed, escape_token, parse_strict, too_deep_from};

/// The largest file that is read, in bytes.
pub(super) const LARGEST: usize = 32 << 20;

/// The most files that one document may consist of.
const MOST_FILES: usize = 2_000;

/// One file, read.
#[derive(Debug, Clone)]
pub(super) struct File {
    /// Its name in what is found: of the document itself as it was given, of others their path from
    /// its folder.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) value: Value,
    pub(super) lines: Lines,
}

/// The files of a document by their paths from its folder.
#[derive(Debug, Clone)]
pub(super) struct Library {
    /// The path of the document itself.
    pub(super) root: String,
    files: BTreeMap<String, File>,
    lists_required: OnceLock<bool>,
    /// The schemas that have an `$id` of their own, by it: the path of the file and the pointer.
    ids: OnceLock<BTreeMap<String, (String, String)>>,
}

impl Library {
    /// Reads a document, and the files of its folder that it refers to. Without a folder it stands
    /// alone.
    pub(super) fn load(
        name: &str,
        bytes: &[u8],
        path: Option<&Path>,
    ) -> Result<Self, OpenApiError> {
        let own = path.and_then(Path::file_name).map_or_else(
            || name.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let folder = path.map(|path| match path.parent() {
            Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
            Some(parent) => parent,
            None => Path::new("."),
        });
        let mut library = Self {
            root: own.clone(),
            files: BTreeMap::new(),
            lists_required: OnceLock::new(),
            ids: OnceLock::new(),
        };
        let root = read(name, bytes)?;
        let mut open = referred(&own, &root.value);
        library.files.insert(own, root);
        while let Some(path) = open.pop() {
            let is_known = library.files.contains_key(&path);
            let Some(folder) = folder.filter(|_| !is_known && library.files.len() < MOST_FILES)
            else {
                continue;
            };
            // What cannot be read is told of where it is needed.
            let Some(bytes) =
                within(folder, &path).and_then(|path| crate::file::read_found(&path).ok())
            else {
                continue;
            };
            let file = read(&path, &bytes)?;
            open.extend(referred(&path, &file.value));
            library.files.insert(path, file);
        }
        Ok(library)
    }

    /// The whole of the document.
    pub(super) fn document(&self) -> Option<Spot<'_>> {
        self.files
            .get(&self.root)
            .map(|file| Spot::of(&self.root, file))
    }

    /// The files by their paths from the folder.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, file)| (path.as_str(), file.bytes.as_slice()))
    }

    /// Whether any schema of the document lists what is required.
    pub(super) fn lists_required(&self) -> bool {
        fn has_list(value: &Value) -> bool {
            match value {
                Value::Object(map) => {
                    let list = map.get("required").and_then(Value::as_array);
                    list.is_some_and(|list| !list.is_empty()) || map.values().any(has_list)
                }
                Value::Array(items) => items.iter().any(has_list),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            }
        }
        let look = || self.files.values().any(|file| has_list(&file.value));
        *self.lists_required.get_or_init(look)
    }

    /// What a reference that stands at a spot leads to.
    pub(super) fn target<'l>(
        &'l self,
        spot: &Spot<'l>,
        reference: &str,
    ) -> Result<Spot<'l>, OpenApiError> {
        let fail = |message: String| spot.error(Problem::Reference, message);
        let missing = || fail(format!("refers to `{reference}`, which is not there"));
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        if path.is_empty() {
            let file = self.files.get_key_value(spot.path).ok_or_else(missing)?;
            let root = Spot::of(file.0, file.1);
            // Within a schema of an `$id` of its own a reference is one to a part of that.
            let own = (!self.ids().is_empty())
                .then(|| embedding(&root, &spot.pointer))
                .flatten();
            let own = own.and_then(|own| part(&own, &fragment));
            return own.or_else(|| part(&root, &fragment)).ok_or_else(missing);
        }
        let file = join(spot.path, path).filter(|_| !is_remote(path));
        let file = file.and_then(|path| self.files.get_key_value(&path));
        if let Some((path, file)) = file {
            return part(&Spot::of(path, file), &fragment).ok_or_else(missing);
        }
        if let Some(root) = self.named(path) {
            return part(&root, &fragment).ok_or_else(missing);
        }
        Err(fail(if is_remote(path) {
            format!("refers to `{reference}`, which is not in the document's folder")
        } else if let Some(path) = join(spot.path, path) {
            format!("refers to `{reference}`: no file `{path}` in the document's folder")
        } else {
            format!("refers to `{reference}`, outside the document's folder")
        }))
    }

    /// The schema that calls itself so by its `$id`.
    fn named(&self, id: &str) -> Option<Spot<'_>> {
        let (path, pointer) = self.ids().get(id)?;
        let (path, file) = self.files.get_key_value(path)?;
        Spot::of(path, file).at(pointer)
    }

    fn ids(&self) -> &BTreeMap<String, (String, String)> {
        self.ids.get_or_init(|| {
            let mut found = BTreeMap::new();
            for (path, file) in &self.files {
                let mut note = |id: &str, pointer: &str| {
                    let place = (path.clone(), pointer.to_owned());
                    let id = id.trim_end_matches('#').to_owned();
                    found.entry(id).or_insert(place);
                };
                note_ids(&file.value, &mut String::new(), &mut note);
            }
            found
        })
    }
}

/// Tells the `$id` of each part of a value that has one, and the pointer to it.
fn note_ids(value: &Value, pointer: &mut String, note: &mut impl FnMut(&str, &str)) {
    let mut below = |token: &str, value: &Value, note: &mut _| {
        if value.is_object() || value.is_array() {
            let length = pointer.len();
            pointer.push('/');
            pointer.push_str(token);
            note_ids(value, pointer, note);
            pointer.truncate(length);
        }
    };
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                below(&escape_token(name), value, note);
            }
            if let Some(Value::String(id)) = map.get("$id") {
                note(id, pointer);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                below(&index.to_string(), value, note);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a fragment names of a schema, or of a file: the whole, what a pointer leads to, or an anchor.
fn part<'l>(root: &Spot<'l>, fragment: &str) -> Option<Spot<'l>> {
    if fragment.is_empty() || fragment.starts_with('/') {
        root.at(fragment)
    } else {
        anchored(root, fragment, 0)
    }
}

/// The innermost schema with an `$id` of its own that a place of a file stands in.
fn embedding<'l>(root: &Spot<'l>, pointer: &str) -> Option<Spot<'l>> {
    let ends = pointer.match_indices('/').map(|(at, _)| at).skip(1);
    let ends = ends.chain([pointer.len()]);
    let around = ends.filter_map(|end| root.at(pointer.get(..end)?));
    around.filter(|spot| spot.text("$id").is_some()).last()
}

/// The schema of an `$anchor`.
fn anchored<'l>(spot: &Spot<'l>, name: &str, depth: usize) -> Option<Spot<'l>> {
    if depth > 64 {
        return None;
    }
    if spot.text("$anchor") == Some(name) {
        return Some(spot.clone());
    }
    spot.members()
        .chain(spot.items())
        .find_map(|child| anchored(&child, name, depth + 1))
}

/// Whether a path is that of another host.
fn is_remote(path: &str) -> bool {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    path.starts_with("//")
        || scheme.is_some_and(|scheme| {
            scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

/// Reads a file.
fn read(name: &str, bytes: &[u8]) -> Result<File, OpenApiError> {
    let fail = |problem, line, message: String| OpenApiError {
        place: Place {
            document: name.to_owned(),
            pointer: None,
            line,
        },
        problem,
        message,
    };
    if bytes.len() > LARGEST {
        let message = format!("larger than {} MiB", LARGEST >> 20);
        return Err(fail(Problem::Size, None, message));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        fail(Problem::Text, Some(line), "is not UTF-8".to_owned())
    })?;
    let is_json = text.trim_start().starts_with(['{', '[']);
    if text.trim_start().starts_with("//") || text.trim_start().starts_with("/*") {
        let line = text
            .lines()
            .take_while(|line| line.trim().is_empty())
            .count()
            + 1;
        let message = "is JSON with comments, which JSON does not have: take them out";
        return Err(fail(Problem::Text, Some(line), message.to_owned()));
    }
    let (value, lines) = if is_json {
        let value = parse_strict(bytes).map_err(|problem| {
            let twice = matches!(problem, Malformed::DuplicateKey(_));
            if let Some((line, pointer)) = twice.then(|| lines::twice_in_json(text)).flatten() {
                let mut error = fail(Problem::Text, Some(line), problem.to_string());
                error.place.pointer = Some(pointer);
                return error;
            }
            let line = match &problem {
                Malformed::Syntax(told) | Malformed::Trailing(told) => line_of(told),
                Malformed::TooDeep(_) => {
                    let from = too_deep_from(bytes);
                    let before = from.and_then(|from| bytes.get(..from));
                    before.map(|before| before.split(|byte| *byte == b'\n').count())
                }
                Malformed::ByteOrderMark | Malformed::NotUtf8(_) | Malformed::DuplicateKey(_) => {
                    None
                }
            };
            fail(Problem::Text, line, problem.to_string())
        })?;
        let lines = lines::of_json(text);
        (value, lines)
    } else {
        yaml::read(text).map_err(|error| {
            let message = format!("is no YAML that is read: {}", error.message);
            let mut told = fail(Problem::Text, Some(error.line), message);
            told.place.pointer = error.pointer;
            told
        })?
    };
    Ok(File {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
        value,
        lines,
    })
}

/// The line that `serde_json` tells in its message.
fn line_of(message: &str) -> Option<usize> {
    let (_, rest) = message.rsplit_once(" at line ")?;
    rest.split(' ').next()?.parse().ok()
}

/// The files that a file refers to, by their paths from the folder.
fn referred(path: &str, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(target)) = map.get("$ref") {
                    let file = target.split('#').next().unwrap_or_default();
                    if !file.is_empty() && !is_remote(file) {
                        found.extend(join(path, file));
                    }
                }
                open.extend(map.values());
            }
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// A path that stands in a file, from the folder; none for one that leads outside.
fn join(base: &str, target: &str) -> Option<String> {
    if target.starts_with('/') || target.contains('\\') {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(target)
        .decode_utf8()
        .ok()?;
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    for part in decoded.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The file of a path below a folder; none where links lead outside.
fn within(folder: &Path, path: &str) -> Option<PathBuf> {
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !Path::new(path).components().all(is_plain) {
        return None;
    }
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(path).canonicalize().ok()?;
    let length = file.metadata().ok()?.len();
    let is_small = usize::try_from(length).is_ok_and(|length| length <= LARGEST);
    (file.starts_with(&folder) && is_small).then_some(file)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("openapi.yaml", "schemas/a.yaml", Some("schemas/a.yaml"))]
    #[case("schemas/a.yaml", "../b.yaml", Some("b.yaml"))]
    #[case("schemas/a.yaml", "./b%20c.yaml", Some("schemas/b c.yaml"))]
    #[case("openapi.yaml", "../b.yaml", None)]
    #[case("openapi.yaml", "/etc/passwd", None)]
    #[case("openapi.yaml", "..\\b.yaml", None)]
    fn a_path_leads_to_the_folder_or_nowhere(
        #[case] base: &str,
        #[case] target: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(join(base, target).as_deref(), expected);
    }

    #[rstest]
    #[case("https://example.com/a.yaml", true)]
    #[case("//example.com/a.yaml", true)]
    #[case("file:a.yaml", true)]
    #[case("a.yaml", false)]
    #[case("a/b:c.yaml", false)]
    fn another_host_is_remote(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(is_remote(path), expected);
    }
}
