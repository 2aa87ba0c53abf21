//! The field lists of sphinx httpdomain: `:param team:`, `:query number limit:`, `:<json string
//! title:`, `:reqheader X-Token:`, `:code 404:`.

use super::super::block::{Block, BlockKind, Subject, Unread, plain};
use super::super::described::{Described, nest, statuses, table};
use super::super::requiredness::requiredness;
use super::super::words;
use super::blocks::{Reader, explicit};
use super::sense::Sense;
use super::{Line, dedent};

/// The way that a mark points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrow {
    /// `<`
    Left,
    /// `>`
    Right,
}

/// What an entry of a field list describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Path,
    Query,
    Form,
    /// A field of a body; which, the arrow tells.
    Json(Arrow),
    /// A header; of which side, the arrow tells.
    Header(Arrow),
    /// A field of the request's body.
    Sent,
    /// A field of the answer's body.
    Answered,
    SentHeader,
    AnsweredHeader,
    /// A field of a body, of which is not said.
    Undirected,
    /// A field of each item of a body that is an array; of which, the arrow tells.
    Item(Arrow),
    SentItem,
    AnsweredItem,
    /// The type of a parameter that is described elsewhere in the list.
    Type,
    Status,
}

/// The words that entries begin with.
const KEYS: &[(Key, &[&str])] = &[
    (Key::Path, &["param", "parameter", "arg", "argument"]),
    (
        Key::Query,
        &["query", "queryparam", "queryparameter", "qparam"],
    ),
    (Key::Form, &["form", "formparam", "formparameter", "fparam"]),
    (Key::Json(Arrow::Left), &["<json", "<jsonobj"]),
    (Key::Json(Arrow::Right), &[">json", ">jsonobj"]),
    (Key::Header(Arrow::Left), &["<header"]),
    (Key::Header(Arrow::Right), &[">header"]),
    (Key::Sent, &["reqjson", "reqjsonobj"]),
    (Key::Answered, &["resjson", "resjsonobj"]),
    (Key::SentHeader, &["reqheader", "requestheader"]),
    (Key::AnsweredHeader, &["resheader", "responseheader"]),
    (Key::Undirected, &["json", "jsonparam", "jsonparameter"]),
    (Key::Item(Arrow::Left), &["<jsonarr"]),
    (Key::Item(Arrow::Right), &[">jsonarr"]),
    (Key::SentItem, &["reqjsonarr"]),
    (Key::AnsweredItem, &["resjsonarr"]),
    (Key::Type, &["type"]),
    (Key::Status, &["code", "status", "statuscode"]),
];

/// The longest beginning of an entry.
const LONGEST: usize = 200;

/// What a word is followed by where it labels a list of fields or of statuses.
const PLURALS: [&str; 10] = [
    "parameters",
    "params",
    "fields",
    "headers",
    "arguments",
    "args",
    "strings",
    "variables",
    "objects",
    "codes",
];

/// The same of one thing, which may be the name of a field as well.
const SINGULARS: [&str; 7] = [
    "parameter",
    "string",
    "header",
    "object",
    "body",
    "json object",
    "code",
];

/// Headers that say which forms the body may have: they follow from the body's own description.
const NEGOTIATION: [&str; 2] = ["accept", "content-type"];

/// An entry of a field list: what it describes, the type, the name, and the text behind.
pub(super) fn entry(text: &str) -> Option<(Key, &str, &str, &str)> {
    let inner = text.strip_prefix(':')?;
    let head_end = inner
        .match_indices(':')
        .map(|(at, _)| at)
        .take_while(|at| *at <= LONGEST)
        .find(|at| {
            inner
                .get(at + 1..)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })?;
    let head = inner.get(..head_end)?.trim();
    let (word, rest) = head.split_once(char::is_whitespace).unwrap_or((head, ""));
    let (key, _) = KEYS
        .iter()
        .find(|(_, words)| words.iter().any(|known| known.eq_ignore_ascii_case(word)))?;
    let rest = rest.trim();
    let text = inner.get(head_end + 1..).unwrap_or_default().trim_start();
    if is_label(word, rest, text.is_empty()) {
        return None;
    }
    let (kind, name) = match rest.rsplit_once(char::is_whitespace) {
        Some((kind, name)) => (kind.trim(), name),
        // A lone word that is a type names no field: the whole body is described.
        None if words::parse_type(rest).is_some()
            && matches!(key, Key::Json(_) | Key::Sent | Key::Answered) =>
        {
            (rest, "")
        }
        None => ("", rest),
    };
    let is_name = !name.is_empty()
        && name.chars().all(|c| {
            c.is_alphanumeric()
                || matches!(
                    c,
                    '_' | '-' | '.' | '[' | ']' | '{' | '}' | '$' | ':' | '*' | '@'
                )
        });
    let name = if is_name { name } else { "" };
    Some((*key, kind, name, text))
}

/// Whether the head of an entry labels what stands below it (`:Query Parameters:`) and names no
/// field.
fn is_label(word: &str, rest: &str, is_alone: bool) -> bool {
    let is_one_of = |words: &[&str]| words.iter().any(|own| own.eq_ignore_ascii_case(rest));
    let is_written_as_label = word.starts_with(char::is_uppercase);
    is_one_of(&PLURALS) && (is_alone || is_written_as_label) || is_alone && is_one_of(&SINGULARS)
}

/// The fields of one list, by where they go.
#[derive(Default)]
struct Lists {
    sent: Vec<Described>,
    answered: Vec<Described>,
    answered_headers: Vec<Described>,
    statuses: Vec<(usize, String, Vec<Block>)>,
    unread: Vec<Block>,
    /// The types that stand in entries of their own: name and type.
    kinds: Vec<(String, String)>,
    is_unsure: bool,
}

impl Reader {
    /// Reads the field list that starts at a line; the line after it.
    pub(super) fn field_list(
        &mut self,
        lines: &[Line<'_>],
        at: usize,
        depth: usize,
        blocks: &mut Vec<Block>,
    ) -> usize {
        let mut lists = Lists::default();
        let mut next = at;
        while let Some(line) = lines.get(next) {
            if line.is_blank() {
                next += 1;
                continue;
            }
            let Some((key, kind, name, text)) = entry(line.text) else {
                break;
            };
            let end = explicit(lines, next);
            let mut body = vec![Line {
                number: line.number,
                text,
            }];
            body.extend(dedent(lines.get(next + 1..end).unwrap_or_default()));
            let described = Described {
                line: line.number,
                name: name.to_owned(),
                kind: kind.to_owned(),
                description: self.blocks(&body, depth + 1),
                ..Described::default()
            };
            let operation = self.operation.as_ref();
            lists.add(key, described, line, (self.sense, operation));
            next = end;
        }
        if let Some((_, paths)) = &self.operation {
            lists.take_variables(paths);
        }
        lists.put(blocks);
        next
    }
}

/// Whether paths have a parameter of a name.
fn is_in_path(paths: &str, name: &str) -> bool {
    paths
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .any(|word| word == name)
}

/// Whether paths have a variable of a name, in one of its spellings.
fn is_variable(paths: &str, name: &str) -> bool {
    let spelled = [("{", "}"), ("<", ">"), (":", ")"), (":", ">"), ("(", ")")];
    spelled
        .iter()
        .any(|(open, close)| paths.contains(&format!("{open}{name}{close}")))
}

impl Lists {
    fn add(
        &mut self,
        key: Key,
        mut field: Described,
        line: &Line<'_>,
        (sense, operation): (Sense, Option<&(String, String)>),
    ) {
        let text = plain(&field.description);
        let (method, paths) = operation.map_or(("", ""), |(method, paths)| (method, paths));
        // What is sent and what is answered have one word in lists of old; where both have a body
        // and the entry does not say, it is what is sent that a list of parameters describes.
        let key = match key {
            Key::Undirected if matches!(method, "POST" | "PUT" | "PATCH") => Key::Sent,
            key => key,
        };
        if key == Key::Status {
            self.statuses
                .push((line.number, field.name, field.description));
            return;
        }
        let is_readable = key != Key::Undirected && !field.name.is_empty();
        if !is_readable {
            let entry = line.text.trim().chars().take(80).collect();
            let unread = Unread::Field(entry);
            self.unread
                .push(Block::new(line.number, BlockKind::Unread(unread)));
            return;
        }
        field.is_required = requiredness(&text);
        if matches!(key, Key::Item(_) | Key::SentItem | Key::AnsweredItem) {
            field.name = format!("[].{}", field.name);
        }
        let arrow = match key {
            Key::Json(arrow) | Key::Header(arrow) | Key::Item(arrow) => Some(arrow),
            _ => None,
        };
        let is_sent = match (arrow, sense) {
            (Some(Arrow::Left), Sense::Sent | Sense::Uncertain)
            | (Some(Arrow::Right), Sense::Answered) => true,
            (Some(_), _) => false,
            (None, _) => !matches!(key, Key::Answered | Key::AnsweredHeader | Key::AnsweredItem),
        };
        if matches!(key, Key::Json(_) | Key::Item(_))
            && sense == Sense::Uncertain
            && !self.is_unsure
        {
            self.is_unsure = true;
            let subject = if is_sent {
                Subject::Request
            } else {
                Subject::Response
            };
            let entry = line.text.trim().chars().take(80).collect();
            let unread = Unread::Side(entry, subject);
            self.unread
                .push(Block::new(line.number, BlockKind::Unread(unread)));
        }
        match key {
            Key::Path if is_in_path(paths, &field.name) => {
                field.place = "path";
                field.is_required = Some(true);
            }
            // A parameter of the URL that is not in the path is in the query.
            Key::Path | Key::Query => field.place = "query",
            Key::Form => field.place = "form",
            Key::Header(_) | Key::SentHeader | Key::AnsweredHeader => {
                field.place = "header";
                if NEGOTIATION.contains(&field.name.to_ascii_lowercase().as_str()) {
                    return;
                }
            }
            Key::Type => {
                self.kinds.push((field.name, text));
                return;
            }
            Key::Json(_)
            | Key::Sent
            | Key::Answered
            | Key::Undirected
            | Key::Item(_)
            | Key::SentItem
            | Key::AnsweredItem
            | Key::Status => field.place = "body",
        }
        if is_sent {
            self.sent.push(field);
        } else if field.place == "header" {
            self.answered_headers.push(field);
        } else {
            self.answered.push(field);
        }
    }

    /// Puts into the path what the list calls a parameter of the query and the path has a variable
    /// for, where no entry describes that variable: both are one parameter.
    fn take_variables(&mut self, paths: &str) {
        let described: Vec<String> = self
            .sent
            .iter()
            .filter(|field| field.place == "path")
            .map(|field| field.name.clone())
            .collect();
        for field in self.sent.iter_mut().filter(|own| own.place == "query") {
            if is_variable(paths, &field.name) && !described.contains(&field.name) {
                field.place = "path";
                field.is_required = Some(true);
            }
        }
    }

    /// The tables of the list.
    fn put(mut self, blocks: &mut Vec<Block>) {
        for field in &mut self.sent {
            let kind = self.kinds.iter().find(|(name, _)| *name == field.name);
            if let Some((_, kind)) = kind.filter(|_| field.kind.is_empty()) {
                field.kind.clone_from(kind);
            }
        }
        blocks.extend(self.unread);
        blocks.extend(table(&nest(self.sent), Some(Subject::Request)));
        blocks.extend(statuses(&self.statuses));
        blocks.extend(table(&nest(self.answered), Some(Subject::Response)));
        blocks.extend(table(&self.answered_headers, Some(Subject::Response)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::described::sketch;
    use super::super::tests::read;
    use super::*;
    use rstest::rstest;

    #[test]
    fn field_lists_become_tables() {
        insta::assert_snapshot!(sketch(&read(
            "\
Jobs
====

.. http:post:: /{team}/_find
   :synopsis: Find jobs.

   Finds jobs.

   :param team: The team.
   :query string mode: - **fast**: at once
                       - **slow**: at
                         night
   :query after: Where to begin.
   :type after: string
   :<header Accept: - :mimetype:`application/json`
   :<header If-Match: The tag.
   :<json object filter: What to look for. *Required*
   :<json string filter.state: The state.
   :<json number limit: At most so many.
     Default is ``25``. *Optional*
   :<json object: The whole body.
   :>json array jobs: The jobs.
   :>header ETag: The tag.
   :code 200: Found.
   :code 404: No such team.

   **Request**:

   .. code-block:: http

      POST /red/_find HTTP/1.1

      {\"limit\": 3}
"
        )));
    }

    #[rstest]
    #[case(":param team: The team.", Some((Key::Path, "", "team", "The team.")))]
    #[case(":<json object a.b: x", Some((Key::Json(Arrow::Left), "object", "a.b", "x")))]
    #[case(":>jsonarr string id:", Some((Key::Item(Arrow::Right), "string", "id", "")))]
    #[case(":<json array of string a: x", Some((Key::Json(Arrow::Left), "array of string", "a", "x")))]
    #[case(":<json object: x", Some((Key::Json(Arrow::Left), "object", "", "x")))]
    #[case(":code 404: Not there: gone.", Some((Key::Status, "", "404", "Not there: gone.")))]
    #[case(":query parameters: Which.", Some((Key::Query, "", "parameters", "Which.")))]
    #[case(":param body: The body.", Some((Key::Path, "", "body", "The body.")))]
    #[case(":Query Parameters:", None)]
    #[case(":query parameters:", None)]
    #[case(":Form Parameters: All may be left out.", None)]
    #[case(":Query String:", None)]
    #[case(":Status Codes:", None)]
    #[case(":synopsis: x", None)]
    #[case(":ref:`x`", None)]
    #[case("text", None)]
    fn entries_are_taken_apart(
        #[case] text: &str,
        #[case] expected: Option<(Key, &str, &str, &str)>,
    ) {
        assert_eq!(entry(text), expected);
    }

    #[rstest]
    #[case::variable("/racks/{rack}", "rack", true)]
    #[case::typed("/racks/(int:rack)", "rack", true)]
    #[case::word("/racks", "racks", false)]
    #[case::another("/racks/{rack_id}", "rack", false)]
    fn a_query_may_be_a_variable_of_the_path(
        #[case] path: &str,
        #[case] name: &str,
        #[case] expected: bool,
    ) {
        let page =
            format!(".. http:get:: {path}\n\n   :query {name}: It.\n   :query limit: Most.\n");
        let text = sketch(&read(&page));
        assert_eq!(text.contains(&format!("{name} | path")), expected, "{text}");
        assert!(text.contains("limit | query"), "{text}");
    }

    #[test]
    fn lists_of_names_below_a_heading_are_bullets() {
        let text = sketch(&read(
            ":orphan: yes\n\nRacks\n=====\n\nParameters:\n\n:name: (string) The name\n  of it\n:size: (integer, required) The size\n\nThat is all.\n",
        ));
        assert!(
            text.contains("item\n  8 name (string) The name of it"),
            "{text}"
        );
        assert!(
            text.contains("item\n  10 size (integer, required) The size"),
            "{text}"
        );
        assert!(!text.contains("orphan"), "{text}");
    }

    #[test]
    fn what_no_page_decides_is_said() {
        let text = sketch(&read(
            ".. http:post:: /jobs\n\n   :<json string a: A.\n   :>json string b: B.\n",
        ));
        assert!(
            text.contains("unread Side(\":<json string a: A.\", Request)"),
            "{text}"
        );
    }

    #[test]
    fn field_lists_elsewhere_are_none() {
        let text = sketch(&read(
            ":param a: x\n\n.. py:function:: f(a)\n\n   :param a: x\n",
        ));
        assert!(!text.contains("table"), "{text}");
    }
}
