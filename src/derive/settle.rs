//! The last look at a contract: whatever a documented example still breaks is loosened, and the
//! difference reported. A contract never contradicts its own pages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{self, Documentation};
use super::draft::{Body, Draft, values};
use super::finding::Findings;
use super::findings::findings;
use super::statement::{Constraint, Node, Site};
use crate::contract::{
    DocumentationKind, Facet, Fact, FieldPath, Level, Service, Step, Violation, compile_file,
    unescape_token,
};

/// How often a contract is looked at: what is loosened may show what was hidden below.
const ROUNDS: usize = 6;

/// Writes the contract of a service, loosened until its examples break nothing.
pub(super) fn settle(name: &str, mut drafts: Vec<Draft>) -> Service {
    document::arrange(&mut drafts);
    let mut documentation = Documentation {
        stated: drafts.iter().map(findings).collect(),
        shown: vec![Findings::default(); drafts.len()],
    };
    let mut service = document::service(name, &mut drafts, &documentation);
    for _ in 0..ROUNDS {
        let broken: Vec<Vec<Breach>> = drafts.iter().map(|draft| broken(&service, draft)).collect();
        if broken.iter().all(Vec::is_empty) {
            break;
        }
        for (found, broken) in documentation.shown.iter_mut().zip(&broken) {
            for breach in broken {
                found.add(breach.kind, breach.message(), breach.rows.clone());
            }
        }
        loosen(&mut drafts, broken.into_iter().flatten());
        service = document::service(name, &mut drafts, &documentation);
    }
    service
}

/// A documented example against the schema of its body.
struct Breach {
    violation: Violation,
    /// What it is called.
    kind: DocumentationKind,
    /// The statement that allows what is shown.
    shown: Option<Constraint>,
    rows: Vec<Fact>,
    /// The field that is to be loosened; none where no row describes it.
    place: Option<Place>,
}

/// A field of a schema file. Nodes that are written to one file are one.
struct Place {
    file: String,
    path: FieldPath,
}

impl Breach {
    fn message(&self) -> String {
        let field = if self.violation.field.is_root() {
            "the body".to_owned()
        } else {
            self.violation.field.to_string()
        };
        format!(
            "in the documented example, `{field}` {}",
            self.violation.message
        )
    }

    /// That an example leaves out what it need not show is no contradiction, and a list that lacks
    /// what the example shows may have been weakened where it was read.
    fn is_settled(&self) -> bool {
        let facet = self.violation.facet;
        let stated = || self.rows.iter().filter(|row| row.facet == facet);
        if facet == Facet::Required {
            stated().count() == self.rows.len() && stated().all(|row| row.level < Level::Must)
        } else {
            facet == Facet::Enum
                && stated().next().is_some()
                && stated().all(|row| row.level == Level::May)
        }
    }
}

/// What a breach of a facet is called, and the statement that lets a field have a value that breaks
/// it; none where no statement can widen the facet.
fn remedy(facet: Facet, value: &Value) -> (DocumentationKind, Option<Constraint>) {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let length = count(value.as_str().map_or(0, |text| text.chars().count()));
    let items = count(value.as_array().map_or(0, Vec::len));
    let number = value.as_f64().unwrap_or_default();
    let limit = |shown| (DocumentationKind::ExampleBreaksLimit, Some(shown));
    let else_shown = Some(Constraint::ShownElse(value.clone()));
    match facet {
        Facet::Required => (
            DocumentationKind::ExampleLacksField,
            Some(Constraint::ShownAbsent),
        ),
        Facet::Type => (DocumentationKind::ExampleBreaksType, else_shown),
        // What is shown as an object or a list is no one of listed texts: the list is of something
        // else, such as its fields.
        Facet::Enum | Facet::Const => (
            DocumentationKind::ExampleBreaksEnum,
            else_shown.filter(|_| !value.is_object() && !value.is_array()),
        ),
        Facet::MinLength => limit(Constraint::MinLength(length)),
        Facet::MaxLength => limit(Constraint::MaxLength(length)),
        Facet::MinItems => limit(Constraint::MinItems(items)),
        Facet::MaxItems => limit(Constraint::MaxItems(items)),
        Facet::Minimum => limit(Constraint::Minimum(number)),
        Facet::Maximum => limit(Constraint::Maximum(number)),
        Facet::Format => (DocumentationKind::ExampleBreaksFormat, None),
        Facet::Pattern => (DocumentationKind::ExampleBreaksPattern, None),
        Facet::ExclusiveMinimum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::UniqueItems
        | Facet::Nullable
        | Facet::Items
        | Facet::Default
        | Facet::Example
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(_) => (DocumentationKind::ExampleBreaksLimit, None),
    }
}

/// Everything that the examples of an operation break: one breach a field.
fn broken(service: &Service, draft: &Draft) -> Vec<Breach> {
    let pages: BTreeSet<String> = draft.pages.iter().map(|(page, _)| page.clone()).collect();
    let mut found: Vec<Breach> = Vec::new();
    let responses = draft.responses.iter().map(|response| &response.body);
    for Body { node, examples, .. } in draft.request.iter().chain(responses) {
        let Some(file) = node.file.as_deref().filter(|_| !examples.is_empty()) else {
            continue;
        };
        let Ok(schema) = compile_file(service, file, pages.clone()) else {
            continue;
        };
        let mut fields: BTreeSet<FieldPath> = BTreeSet::new();
        for example in values(examples) {
            for violation in schema.violations(example) {
                let value = example.pointer(&violation.pointer).unwrap_or(&Value::Null);
                let (kind, shown) = remedy(violation.facet, value);
                let breach = Breach {
                    kind,
                    shown,
                    rows: schema.facts(&violation.pointer, violation.facet),
                    place: place(node, &violation),
                    violation,
                };
                if !breach.is_settled() && fields.insert(breach.violation.field.clone()) {
                    found.push(breach);
                }
            }
        }
    }
    found
}

/// The field that a violation is about.
fn place(root: &Node, violation: &Violation) -> Option<Place> {
    let mut tokens: Vec<String> = violation
        .pointer
        .split('/')
        .skip(1)
        .map(unescape_token)
        .collect();
    let absent = (violation.facet == Facet::Required)
        .then(|| tokens.pop())
        .flatten();
    let mut file = root.file.as_ref()?;
    let mut path = FieldPath::root();
    let mut above = vec![root];
    for token in &tokens {
        let (step, mut node) = above.last()?.child(token)?;
        path.push(step);
        if node.recursive && node.properties.is_empty() {
            node = above
                .iter()
                .rev()
                .find(|parent| parent.object == node.object)?;
        }
        if let Some(own) = &node.file {
            file = own;
            path = FieldPath::root();
        }
        above.push(node);
    }
    if let Some(name) = absent {
        path.push(Step::Name(name));
    }
    Some(Place {
        file: file.clone(),
        path,
    })
}

/// Lets the nodes allow what the examples show.
fn loosen(drafts: &mut [Draft], broken: impl Iterator<Item = Breach>) {
    let mut by_file: BTreeMap<String, Vec<(FieldPath, Facet, Option<Constraint>)>> =
        BTreeMap::new();
    for breach in broken {
        if let Some(place) = breach.place {
            let change = (place.path, breach.violation.facet, breach.shown);
            by_file.entry(place.file).or_default().push(change);
        }
    }
    for draft in drafts {
        let responses = draft
            .responses
            .iter_mut()
            .map(|response| &mut response.body);
        for body in draft.request.iter_mut().chain(responses) {
            body.node.each_mut(&mut |node| {
                let changes = node.file.as_ref().and_then(|file| by_file.get(file));
                for (path, facet, shown) in changes.into_iter().flatten() {
                    if let Some(field) = node.at_mut(path.steps()) {
                        allow(field, *facet, shown.clone());
                    }
                }
            });
        }
    }
}

fn allow(field: &mut Node, facet: Facet, shown: Option<Constraint>) {
    // What no statement can widen restricts nothing any more.
    let is_widened = shown.is_some_and(|shown| field.state(shown, &Site::default()));
    if !is_widened {
        field.loosen(facet);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use crate::contract::{Service, compile};

    /// The contract of a page with one table of an answer and examples of it.
    fn derived(rows: &str, examples: &[&str]) -> Service {
        let mut text = format!(
            "# T\n\n## URI\n\nGET /v1/x\n\n## Response parameters\n\n\
             | Parameter | Type | Description |\n|---|---|---|\n{rows}\n\n## Example Response\n"
        );
        for example in examples {
            text.push_str(&format!("\n```json\n{example}\n```\n"));
        }
        let page = crate::page::read("p.md", &text).unwrap();
        let derived = crate::derive::derive(&[page], &crate::derive::Options::default()).unwrap();
        derived.services.into_iter().next().unwrap()
    }

    #[rstest]
    #[case("| a | String | The length is 1 to 3 characters. |", &[r#"{"a": "long"}"#, r#"{"a": "longer"}"#])]
    #[case("| a | Integer | The value ranges from 1 to 3. |", &[r#"{"a": 7}"#])]
    #[case("| a | Integer | x |", &[r#"{"a": "<id>"}"#, r#"{"a": true}"#])]
    #[case("| a | Map<String,String> | x |", &[r#"{"a": {"b": 1, "c": 2, "d": null}}"#])]
    #[case("| a | String | UUID format. |", &[r#"{"a": "none"}"#])]
    #[case("| a | String | x |", &[r#"{"a": "b"}"#, r"{}"])]
    #[case("| a | String | The value can be X or Y. |", &[r#"{"a": "a longer text"}"#])]
    fn a_contract_allows_what_its_examples_show(#[case] row: &str, #[case] examples: &[&str]) {
        let service = derived(row, examples);
        let operations = compile(&service).unwrap();
        let response = &operations[0].responses[0];
        let schema = response.schema.as_ref().unwrap();
        assert_eq!(response.examples.len(), examples.len());
        for example in &response.examples {
            let broken = schema.violations(example);
            let is_expected =
                |row: &crate::contract::Fact| row.level < crate::contract::Level::Must;
            assert!(
                broken.iter().all(|violation| schema
                    .facts(&violation.pointer, violation.facet)
                    .iter()
                    .all(is_expected)),
                "{broken:?}"
            );
        }
    }

    #[rstest]
    #[case::text(r#"{"a": "c"}"#, true)]
    #[case::object(r#"{"a": {"b": 1}}"#, false)]
    #[case::list(r#"{"a": [{"b": 1}]}"#, false)]
    fn a_list_of_texts_lists_no_objects(#[case] example: &str, #[case] is_listed: bool) {
        let row = "| a | | The value can be `a` or `b`. |";
        let service = derived(row, &[example]);
        let file = service.schemas.values().next().unwrap();
        let listed = file.pointer("/properties/a/enum");
        assert_eq!(listed.is_some(), is_listed, "{file:#}");
    }

    #[test]
    fn types_that_examples_show_are_listed_once() {
        let service = derived(
            "| a | Map<String,String> | x |",
            &[r#"{"a": {"b": 1, "c": 2}}"#],
        );
        let file = service.schemas.values().next().unwrap();
        assert_eq!(
            file.pointer("/properties/a/additionalProperties/type"),
            Some(&json!(["string", "integer"]))
        );
    }
}
