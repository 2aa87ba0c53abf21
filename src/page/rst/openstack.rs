//! The directives of OpenStack's references whose fields and statuses are described in a YAML file
//! beside the page: `rest_parameters` and `rest_status_code`.

use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_saphyr::options::DuplicateKeyPolicy;

use super::super::block::{Block, BlockKind, Text, Unread};
use super::super::described::{Described, nest, statuses, table};
use super::super::words::{self, TypeName};
use super::blocks::Reader;
use super::{DEPTH, Line, read_lines};

/// What the YAML file says of a field, as it is spelled there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameter {
    #[serde(rename = "in")]
    place: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    required: Option<String>,
    description: Option<String>,
    min_version: Option<String>,
    max_version: Option<String>,
}

/// The fields that a file describes, by their keys; none for one that is empty.
pub(super) type Parameters = IndexMap<String, Option<Parameter>>;

/// The files that were read; none for one that is not there.
pub(super) type Files = BTreeMap<String, Option<Rc<Parameters>>>;

/// Reads a file of fields.
fn parse(text: &str) -> Option<Parameters> {
    let options = serde_saphyr::options! {
        // The reader that the references are built with lets the last of two entries hold.
        duplicate_keys: DuplicateKeyPolicy::LastWins,
    };
    serde_saphyr::from_str_with_options(text, options).ok()
}

/// The places that a field is sent in, as they are spelled.
pub(super) const PLACES: [&str; 6] = ["path", "query", "header", "body", "form", "cookie"];

impl Reader {
    /// Reads `rest_parameters`: the fields of a request or an answer, by the names in a file.
    pub(super) fn rest_parameters(
        &mut self,
        file: &str,
        lines: &[Line<'_>],
        line: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) {
        let known = self.parameters(file);
        let mut fields = Vec::new();
        let mut unread = Vec::new();
        if known.is_none() {
            let file = Unread::File(file.to_owned());
            unread.push(Block::new(line, BlockKind::Unread(file)));
        }
        for entry in lines {
            let Some((name, key)) = entry
                .text
                .trim()
                .strip_prefix("- ")
                .and_then(|pair| pair.split_once(": "))
            else {
                continue;
            };
            let (name, key) = (unquoted(name), unquoted(key));
            let found = known
                .as_ref()
                .map(|known| known.get(key).and_then(Option::as_ref));
            if matches!(found, Some(None)) {
                let missing = Unread::Entry(name.to_owned(), file.to_owned());
                unread.push(Block::new(entry.number, BlockKind::Unread(missing)));
            }
            let described = found.flatten().map_or_else(
                || Described {
                    line: entry.number,
                    name: name.to_owned(),
                    ..Described::default()
                },
                |parameter| described(name, parameter, entry.number, depth),
            );
            fields.push(described);
        }
        let mut fields = nest(fields);
        if self.is_response {
            forget_order(&mut fields);
        }
        blocks.extend(unread);
        blocks.extend(table(&fields, None));
    }

    /// What a file beside the page describes.
    fn parameters(&mut self, file: &str) -> Option<Rc<Parameters>> {
        let beside = &self.beside;
        self.files
            .entry(file.to_owned())
            .or_insert_with(|| beside.text(file).and_then(|text| parse(&text)).map(Rc::new))
            .clone()
    }
}

/// Reads `rest_status_code`: a list of codes, each with what the file says of it.
pub(super) fn rest_status_code(lines: &[Line<'_>], blocks: &mut Vec<Block>) {
    let listed: Vec<(usize, String, Vec<Block>)> = lines
        .iter()
        .filter_map(|line| {
            let entry = line.text.trim().strip_prefix("- ")?;
            let (code, reason) = entry.split_once(':').unwrap_or((entry, ""));
            let reason = reason.trim().replace('_', " ");
            let paragraph = Block::new(line.number, BlockKind::Paragraph(Text::of(reason)));
            Some((line.number, unquoted(code).to_owned(), vec![paragraph]))
        })
        .collect();
    blocks.extend(statuses(&listed));
}

/// The lists are flat where bodies are not: whether the fields that come after an object or an
/// array stand in it or beside it is not said, and so not whether they stand at the top of each
/// answer.
fn forget_order(fields: &mut [Described]) {
    let holder = fields.iter().position(|field| {
        field.place == "body"
            && field.inner.is_empty()
            && matches!(
                words::parse_type(&field.kind),
                Some(TypeName::Object(_) | TypeName::Array(_))
            )
    });
    let Some(holder) = holder else { return };
    for field in fields.iter_mut().skip(holder + 1) {
        if field.place == "body" {
            field.is_required = None;
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

/// A field as the file describes it, at the line of the page that names it.
fn described(name: &str, parameter: &Parameter, line: usize, depth: usize) -> Described {
    let stated = |said: &'_ Option<String>| said.as_deref().unwrap_or_default().trim().to_owned();
    let text = stated(&parameter.description);
    let from = stated(&parameter.min_version);
    let until = stated(&parameter.max_version);
    let mut description = if depth > DEPTH {
        Vec::new()
    } else {
        read_lines(text.lines().map(|text| (line, text)))
    };
    for (words, version) in [
        ("New in version", &from),
        ("Available until version", &until),
    ] {
        if !version.is_empty() {
            let mark = Text::of(format!("{words} {version}."));
            description.push(Block::new(line, BlockKind::Paragraph(mark)));
        }
    }
    // What only some versions know is required in those alone.
    let is_required = words::mandatory(&stated(&parameter.required))
        .filter(|is_required| !is_required || (from.is_empty() && until.is_empty()));
    Described {
        line,
        name: name.to_owned(),
        place: PLACES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(&stated(&parameter.place)))
            .unwrap_or_default(),
        kind: stated(&parameter.kind),
        is_required,
        description,
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::beside::Beside;
    use super::super::super::described::sketch;
    use super::super::read;

    const PAGE: &str = "\
Jobs
====

Update a job
------------

.. rest_method:: PUT /v1/jobs/{job}

Normal response codes: 200

Request
~~~~~~~

.. rest_parameters:: fields.yaml

   - job: job_path
   - dry-run: dry_query
   - owner: owner
   - tags: tags
   - tags.{key}: tag_value
   - steps: steps
   - steps.name: step_name
   - gone: nowhere

Response
~~~~~~~~

.. rest_parameters:: fields.yaml

   - X-Trace: trace
   - steps: steps
   - id: plain

.. rest_status_code:: success codes.yaml

   - 200
   - 202: later

.. rest_status_code:: error codes.yaml

   - 404: no_such_job

.. literalinclude:: ./samples/job.json
   :language: json
";

    const FIELDS: &str = "\
# a comment
job_path: &id
  in: path
  type: string
  required: true
  description: |
    The job.
dry_query:
  <<: *id
  in: query
  required: optional
  type: boolean
  min_version: 1.10
  description: >
    Whether nothing is done.
    Default is ``false``.
owner:
  in: body
  type: string
  required: true
  max_version: 2.30
  description: |
    The owner. One of:

    - ``me``
    - ``you``
tags: {in: body, type: object, required: false}
tag_value: {in: body, type: string, required: false, description: The value.}
steps: {in: body, type: array, required: true}
plain: {in: body, type: string, required: true, description: The id.}
step_name: {in: body, type: string, required: true}
trace: {in: header, type: string}
trace: {in: header, type: string, description: The last of two holds.}
";

    fn read_with(files: &[(&str, &str)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let file = folder.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        sketch(&read(PAGE, &Beside::page(&folder.path().join("page.rst"))))
    }

    #[test]
    fn names_are_looked_up_in_the_file() {
        let files = [
            ("fields.yaml", FIELDS),
            ("samples/job.json", "{\"owner\": \"me\"}"),
        ];
        insta::assert_snapshot!(read_with(&files));
    }

    #[test]
    fn without_the_file_names_are_read_and_it_is_said() {
        insta::assert_snapshot!(read_with(&[]));
    }

    #[test]
    fn a_file_that_is_no_yaml_is_as_good_as_none() {
        let text = read_with(&[("fields.yaml", "a: [\n")]);
        assert!(text.contains("unread File(\"fields.yaml\")"), "{text}");
    }
}
