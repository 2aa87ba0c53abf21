//! What people wrote about a service in `cases/SERVICE/*.toml`: the things that a page cannot say.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::contract::field_path::FieldPath;
use crate::contract::fixtures::FixtureCase;
use crate::contract::message::Location;
use crate::contract::operation::Operation;
use crate::contract::relation::Relation;
use crate::nearest::did_you_mean;
use crate::toml_reader;

use super::{Suite, SuiteError};

/// What `cases/<service>/*.toml` say: the things that a page cannot.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Settings by operation id.
    #[serde(default)]
    pub operations: BTreeMap<String, OperationCases>,
    /// Laws between the answers of several requests.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// Which operations make, show, change and delete one thing, where that is not as it was
    /// recognised.
    #[serde(default)]
    pub fixtures: Vec<FixtureCase>,
}

/// What is written about one operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationCases {
    /// Which resource of the target a parameter or body field is bound to: `"path.instance_id" =
    /// "dcs.instance_id"`.
    #[serde(default)]
    pub bind: BTreeMap<String, String>,
    /// Headers that the operation's requests carry beside the documented ones: `{ Accept =
    /// "text/plain" }`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What its request may have, by place: `{ "query.filter" = "size > 3", request = { name = "a" } }`.
    #[serde(default)]
    pub example: BTreeMap<String, serde_json::Value>,
    /// Further resources that the operation is tried on.
    #[serde(default)]
    pub resources: Vec<ResourceCase>,
    /// The kinds of relations that are not tried of the operation though the contract suggests
    /// them: `["pagination"]`.
    #[serde(default)]
    pub laws_off: Vec<String>,
    /// Whether the operation asks for a credential though no page says so.
    #[serde(default)]
    pub credential: bool,
}

/// One further resource that an operation is tried on, and what is documented for it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceCase {
    /// A word for the trial's name (`cluster`, `single-node`).
    pub name: String,
    /// What is documented.
    pub expect: ResourceExpectation,
    /// The bindings that differ from the operation's own.
    pub bind: BTreeMap<String, String>,
    /// Why this is expected, in a sentence: where the documentation says so.
    pub reason: String,
}

/// What is documented of an operation on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceExpectation {
    /// A documented success.
    Success,
    /// A documented refusal (4xx).
    Refused,
    /// A success without records: 204, or a body whose arrays are empty.
    Empty,
}

impl Suite {
    /// What is written about an operation; nothing, where nobody wrote anything.
    pub fn cases_of(&self, operation: &Operation) -> OperationCases {
        self.cases
            .get(&operation.service)
            .and_then(|file| file.operations.get(&operation.id))
            .cloned()
            .unwrap_or_default()
    }

    /// Refuses cases that name an operation or a parameter that the contract does not have.
    pub(super) fn check_cases(&self) -> Result<(), SuiteError> {
        for (service, file) in &self.cases {
            let fail = |message: String, hint: String| SuiteError::Cases {
                file: format!("cases/{service}"),
                line: None,
                message,
                hint: Some(hint),
            };
            let own: BTreeMap<&str, &Operation> = self
                .operations
                .iter()
                .filter(|operation| operation.service == *service)
                .map(|operation| (operation.id.as_str(), operation))
                .collect();
            let ids: Vec<&str> = own.keys().copied().collect();
            for relation in &file.relations {
                for id in relation.operations() {
                    if !own.contains_key(id) {
                        return Err(fail(
                            format!(
                                "a relation names operation `{id}`, which the contract does not have"
                            ),
                            did_you_mean(id, &ids),
                        ));
                    }
                }
            }
            for (id, cases) in &file.operations {
                let operation = own.get(id.as_str()).ok_or_else(|| {
                    fail(
                        format!("operation `{id}` is not in the contract of `{service}`"),
                        did_you_mean(id, &ids),
                    )
                })?;
                for kind in &cases.laws_off {
                    if !Relation::KINDS.contains(&kind.as_str()) {
                        return Err(fail(
                            format!("`{id}` switches off `{kind}`, which is no kind of relation"),
                            did_you_mean(kind, Relation::KINDS),
                        ));
                    }
                }
                let binds = cases.bind.keys().chain(
                    cases
                        .resources
                        .iter()
                        .flat_map(|resource| resource.bind.keys()),
                );
                for place in binds {
                    if !has_place(operation, place) {
                        return Err(fail(
                            format!("`{id}` binds `{place}`, which the contract does not have"),
                            "a place is `path.NAME`, `query.NAME`, `header.NAME` or `request.FIELD`, as the contract spells it".to_owned(),
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether a place such as `path.instance_id`, `query.limit` or `request.instance_id` exists.
fn has_place(operation: &Operation, place: &str) -> bool {
    let Some((head, field)) = place.split_once('.') else {
        return false;
    };
    let location = match head {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "request" => {
            return operation
                .request_body
                .as_ref()
                .is_some_and(|body| body.schema.field(&FieldPath::from(field)).is_some());
        }
        _ => return false,
    };
    operation.parameter(location, field).is_some()
}

/// What the case files of one service say together, by file name.
pub(crate) fn merge_case_files(
    service: &str,
    files: BTreeMap<String, String>,
) -> Result<CaseFile, SuiteError> {
    let mut merged = CaseFile::default();
    for (name, text) in files {
        let read = toml_reader::read::<CaseFile>(&text);
        if let Some(first) = read.problems.first() {
            return Err(SuiteError::Cases {
                file: format!("cases/{service}/{name}"),
                line: Some(first.line),
                message: first.message(),
                hint: first.hint(),
            });
        }
        let file = read.value.unwrap_or_default();
        for (id, cases) in file.operations {
            let known = merged.operations.entry(id).or_default();
            known.bind.extend(cases.bind);
            known.headers.extend(cases.headers);
            known.example.extend(cases.example);
            known.resources.extend(cases.resources);
            known.laws_off.extend(cases.laws_off);
            known.credential |= cases.credential;
        }
        merged.relations.extend(file.relations);
        merged.fixtures.extend(file.fixtures);
    }
    Ok(merged)
}
