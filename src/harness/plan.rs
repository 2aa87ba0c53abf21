//! The plan: contract + target -> trials, each named by the fact that it is about. Nothing is sent here.

use std::collections::BTreeMap;

use crate::check::{Subject, observed_offline};
use crate::contract::{Fact, Level, NamedFact, Operation, Relation, ResourceExpectation, Suite};
use crate::generate::{
    self, Case, Expectation, Property, Request, Scheme, Slot, Source, UNDOCUMENTED_METHODS,
    accepts, baseline, rejects, slots,
};

use super::finding::Finding;
use super::omission::Omission;
use super::target::{Mode, Target};
use super::trial::{Kind, Trial, Work};

/// Plans every trial of a suite for a target.
pub fn plan(suite: &Suite, target: &Target, scheme: Scheme) -> Vec<Trial> {
    plan_without(suite, target, scheme, Omission::default())
}

/// The resources whose absence leaves nothing to be sent of these trials; none where something can be sent, or something else is in the way too.
pub fn missing_resources<'t>(
    suite: &Suite,
    target: &Target,
    trials: impl IntoIterator<Item = &'t Trial>,
) -> Vec<String> {
    let mut missing = std::collections::BTreeSet::new();
    for trial in trials {
        match (&trial.work, suite.operations.get(trial.operation)) {
            (Work::Offline(_), _) | (_, None) => {}
            (Work::Skip(_), Some(operation)) if target.endpoint(&operation.service).is_none() => {}
            (Work::Skip(_), Some(operation)) => {
                let absent: Vec<String> = suite
                    .bindings(operation)
                    .into_values()
                    .filter(|key| !target.resources.contains_key(key))
                    .collect();
                if absent.is_empty() {
                    return Vec::new();
                }
                missing.extend(absent);
            }
            _ => return Vec::new(),
        }
    }
    missing.into_iter().collect()
}

/// Plans every trial but for the cases that are left out.
pub(super) fn plan_without(
    suite: &Suite,
    target: &Target,
    scheme: Scheme,
    omission: Omission,
) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (index, operation) in suite.operations.iter().enumerate() {
        let mut planner = Planner::new(suite, target, operation, index, scheme);
        planner.omission = omission;
        planner.plan();
        trials.append(&mut planner.trials);
    }
    trials
}

struct Planner<'s> {
    suite: &'s Suite,
    target: &'s Target,
    operation: &'s Operation,
    index: usize,
    scheme: Scheme,
    bindings: BTreeMap<String, String>,
    facts: Vec<NamedFact>,
    baseline: Result<Request, String>,
    omission: Omission,
    trials: Vec<Trial>,
}

impl<'s> Planner<'s> {
    fn new(
        suite: &'s Suite,
        target: &'s Target,
        operation: &'s Operation,
        index: usize,
        scheme: Scheme,
    ) -> Self {
        let bindings = suite.bindings(operation);
        let baseline = baseline(operation, &bindings, &target.resources);
        Self {
            suite,
            target,
            operation,
            index,
            scheme,
            bindings,
            facts: operation.facts(),
            baseline,
            omission: Omission::default(),
            trials: Vec::new(),
        }
    }

    fn plan(&mut self) {
        self.examples();
        self.fields();
        self.resources();
        self.protocol();
        self.properties();
        self.relations();
        self.answers();
    }

    /// Whether a kind of violation is left out on purpose.
    fn omits(&self, violation: &str) -> bool {
        self.omission.violation == Some(violation)
    }

    /// Why nothing of this operation can be sent, if so.
    fn obstacle(&self, writes: bool) -> Option<String> {
        if self.target.endpoint(&self.operation.service).is_none() {
            return Some(format!(
                "no endpoint for `{}`: give `--endpoint {}=URL`",
                self.operation.service, self.operation.service
            ));
        }
        if let Err(key) = &self.baseline {
            return Some(format!("no resource `{key}`: give `--set {key}=VALUE`"));
        }
        (writes && self.target.mode == Mode::ReadOnly).then(|| {
            "read-only mode: the request could write; `--mode sandbox` or `full` sends it"
                .to_owned()
        })
    }

    /// The fact of a name, as the subject of a trial; a name that no row states takes the operation's own rows.
    fn subject(&self, fact: &str, level: Level) -> Subject {
        let known = self.facts.iter().find(|known| known.name == fact);
        let rows = known.map_or_else(|| self.operation.facts.clone(), |known| known.rows.clone());
        let level = known.map_or(level, NamedFact::level);
        let documented = known.map_or_else(
            || "the operation".to_owned(),
            |known| self.documented(known),
        );
        Subject {
            fact: fact.to_owned(),
            rows,
            level,
            documented,
        }
    }

    /// A fact's facet with its value: `maxLength 64`.
    fn documented(&self, fact: &NamedFact) -> String {
        let slot = slots(self.operation)
            .into_iter()
            .find(|slot| slot.place == fact.place && slot.field == fact.field);
        match slot.and_then(|slot| slot.node.get(&fact.facet)) {
            Some(value) => format!("{} {value}", fact.facet),
            None if fact.facet == "required" => {
                let slot = slots(self.operation)
                    .into_iter()
                    .find(|slot| slot.place == fact.place && slot.field == fact.field);
                if slot.is_some_and(|slot| slot.required) {
                    "mandatory".to_owned()
                } else {
                    "optional".to_owned()
                }
            }
            None => fact.facet.clone(),
        }
    }

    /// The resource that requests of this operation are about: the innermost one bound.
    fn resource(&self) -> Option<String> {
        self.bindings
            .values()
            .find(|key| *key != "project_id")
            .or_else(|| self.bindings.values().next())
            .cloned()
    }

    fn push(&mut self, name: String, kind: Kind, subject: Subject, work: Work, exclusive: bool) {
        let work = match self.obstacle(self.operation.writes()) {
            Some(reason) if !matches!(work, Work::Offline(_) | Work::Skip(_)) => Work::Skip(reason),
            _ => work,
        };
        let lock = self
            .resource()
            .map(|resource| (resource, exclusive && self.operation.writes()));
        self.trials.push(Trial {
            name,
            kind,
            operation: self.index,
            subject,
            work,
            lock,
        });
    }

    fn examples(&mut self) {
        let operation = self.operation;
        let name = operation.fact("request", "", "example");
        let subject = Subject {
            documented: "the documented example".to_owned(),
            ..self.subject(&name, Level::Must)
        };
        let mut cases: Vec<Case> = Vec::new();
        if let Ok(request) = &self.baseline {
            cases.push(Case {
                label: "the documented request".to_owned(),
                request: request.clone(),
                expectation: Expectation::Success,
            });
        }
        self.push(name, Kind::Example, subject, Work::Cases(cases), true);
        // Documented answers are held against the documented tables: offline, for they are the page's own.
        for response in &operation.responses {
            let Some(schema) = &response.schema else {
                continue;
            };
            if response.examples.is_empty() {
                continue;
            }
            let place = format!("response-{}", response.status);
            let name = operation.fact(&place, "", "example");
            let mut findings = Vec::new();
            for example in &response.examples {
                for violation in schema.violations(example) {
                    let rows = schema.facts(&violation.pointer, &violation.facet);
                    // An example may leave out what is expected and not promised.
                    let promised = rows
                        .iter()
                        .any(|row| row.facet != "required" || row.level == Level::Must);
                    if violation.facet == "required" && !rows.is_empty() && !promised {
                        continue;
                    }
                    let fact = operation.fact(&place, &violation.field, &violation.facet);
                    let stated = rows.iter().filter(|row| row.facet == violation.facet);
                    let finding = Finding {
                        behaviour: observed_offline(&fact, &violation.message),
                        fact,
                        check: "example".to_owned(),
                        // What the page itself contradicts has been weakened already.
                        level: stated.map(|row| row.level).max().unwrap_or(Level::Must),
                        message: format!(
                            "in the documented example, `{}` {}",
                            violation.field, violation.message
                        ),
                        documented: violation.facet.clone(),
                        rows,
                        case: "the documented answer".to_owned(),
                        exchange: serde_json::Value::Null,
                        curl: String::new(),
                        seen: 1,
                        at: None,
                        observed: String::new(),
                        again: None,
                        trials: Vec::new(),
                        expected: None,
                        recorded: None,
                    };
                    finding.add(&mut findings);
                }
            }
            let subject = Subject {
                rows: response.facts.clone(),
                ..self.subject(&name, Level::Must)
            };
            self.push(name, Kind::Example, subject, Work::Offline(findings), false);
        }
    }

    /// Both sides of every documented facet of every field of the request.
    fn fields(&mut self) {
        for slot in slots(self.operation) {
            let bound = self
                .bindings
                .contains_key(&format!("{}.{}", slot.place, slot.field));
            let facets: Vec<String> = self
                .facts
                .iter()
                .filter(|fact| fact.place == slot.place && fact.field == slot.field)
                .map(|fact| fact.facet.clone())
                .collect();
            for facet in facets {
                self.side(&slot, &facet, bound, Kind::Accepts);
                self.side(&slot, &facet, bound, Kind::Rejects);
            }
        }
    }

    fn side(&mut self, slot: &Slot<'_>, facet: &str, bound: bool, kind: Kind) {
        let fact = self.operation.fact(slot.place, &slot.field, facet);
        let word = if kind == Kind::Accepts {
            "accepts"
        } else {
            "rejects"
        };
        let subject = self.subject(&fact, Level::Must);
        let cases = match &self.baseline {
            Ok(baseline) if kind == Kind::Accepts => {
                accepts(self.operation, baseline, slot, facet, bound)
            }
            Ok(baseline) => rejects(
                self.operation,
                baseline,
                slot,
                facet,
                self.omission.violation,
            ),
            // Without its resource the trial is planned all the same, so that its name is there, with the reason why it is not run.
            Err(_) if self.could_have(slot, facet, kind) => {
                self.push(
                    format!("{fact}::{word}"),
                    kind,
                    subject,
                    Work::Cases(Vec::new()),
                    false,
                );
                return;
            }
            Err(_) => return,
        };
        if !cases.is_empty() {
            self.push(
                format!("{fact}::{word}"),
                kind,
                subject,
                Work::Cases(cases),
                kind == Kind::Accepts,
            );
        }
    }

    /// Whether a side of a facet would have cases if the resources were given.
    fn could_have(&self, slot: &Slot<'_>, facet: &str, kind: Kind) -> bool {
        let resources: BTreeMap<String, String> = self
            .bindings
            .values()
            .map(|key| (key.clone(), "placeholder".to_owned()))
            .collect();
        let Ok(request) = baseline(self.operation, &self.bindings, &resources) else {
            return false;
        };
        let cases = if kind == Kind::Accepts {
            accepts(self.operation, &request, slot, facet, false)
        } else {
            rejects(
                self.operation,
                &request,
                slot,
                facet,
                self.omission.violation,
            )
        };
        !cases.is_empty()
    }

    /// The further resources that people named, and one that nobody has.
    fn resources(&mut self) {
        let operation = self.operation;
        for resource in self.suite.cases_of(operation).resources {
            let place = resource.bind.keys().next().cloned().unwrap_or_default();
            let fact = format!("{}::{place}", operation.name());
            let mut bindings = self.bindings.clone();
            bindings.extend(resource.bind.clone());
            let (expectation, documented) = match resource.expect {
                ResourceExpectation::Success => (Expectation::Success, "is served"),
                ResourceExpectation::Refused => (Expectation::RefusedResource, "is refused"),
                ResourceExpectation::Empty => (Expectation::EmptyResource, "has no records"),
            };
            let level = if resource.expect == ResourceExpectation::Empty {
                Level::Should
            } else {
                Level::Must
            };
            let subject = Subject {
                documented: format!(
                    "a {} resource {documented}: {}",
                    resource.name, resource.reason
                ),
                ..self.subject(&fact, level)
            };
            let work = match baseline(operation, &bindings, &self.target.resources) {
                Ok(request) => Work::Cases(vec![Case {
                    label: format!("the {} resource", resource.name),
                    request,
                    expectation,
                }]),
                Err(key) => Work::Skip(format!("no resource `{key}`: give `--set {key}=VALUE`")),
            };
            let name = format!("{fact}::resource::{}", resource.name);
            self.push(
                name,
                Kind::Resource,
                subject,
                work,
                resource.expect == ResourceExpectation::Success,
            );
            // The lock is the further resource's own.
            if let (Some(trial), Some(key)) =
                (self.trials.last_mut(), resource.bind.values().next())
            {
                trial.lock = Some((
                    key.clone(),
                    operation.writes() && resource.expect == ResourceExpectation::Success,
                ));
            }
        }
        let unknown = match &self.baseline {
            Ok(baseline) if !self.omits("unknown-resource") => {
                generate::unknown_resources(operation, baseline, &self.bindings)
            }
            _ => Vec::new(),
        };
        for unknown in unknown {
            let (place, field) = (&unknown.place, &unknown.field);
            let fact = operation.fact(place, field, "type");
            let subject = Subject {
                documented: "an existing resource".to_owned(),
                level: Level::Should,
                ..self.subject(&fact, Level::Should)
            };
            let name = format!(
                "{}::{place}.{field}::resource::{}",
                operation.name(),
                unknown.kind
            );
            self.push(
                name,
                Kind::Resource,
                subject,
                Work::Cases(vec![unknown.case]),
                false,
            );
        }
    }

    /// Credentials, methods and malformed bodies.
    fn protocol(&mut self) {
        let operation = self.operation;
        let Ok(baseline) = self.baseline.clone() else {
            return;
        };
        for (name, cases) in generate::auth(&baseline, self.scheme) {
            if self.omits("credential") {
                break;
            }
            let fact = format!("{}::auth", operation.name());
            let subject = Subject {
                documented: "a credential is needed".to_owned(),
                ..self.subject(&fact, Level::Should)
            };
            let work = if self.scheme == Scheme::None {
                Work::Skip(
                    "no credential was given: give `--token`, or `--ak` and `--sk`".to_owned(),
                )
            } else {
                Work::Cases(cases)
            };
            self.push(format!("{fact}::{name}"), Kind::Auth, subject, work, false);
        }
        for method in UNDOCUMENTED_METHODS {
            if self.omits("method") {
                break;
            }
            let documented = self.suite.operations.iter().any(|other| {
                self.target.endpoint(&other.service) == self.target.endpoint(&operation.service)
                    && same_path(&other.path, &operation.path)
                    && other.method == method
            });
            // One operation of a path stands for it.
            let first = self.suite.operations.iter().position(|other| {
                other.service == operation.service && other.path == operation.path
            });
            if documented || first != Some(self.index) {
                continue;
            }
            let fact = format!("{}::method", operation.name());
            let subject = Subject {
                documented: format!("{} only", operation.method),
                ..self.subject(&fact, Level::Should)
            };
            let work = if self.target.mode != Mode::Full && method != "GET" {
                // What an undocumented `DELETE` does to a real resource, nobody knows.
                Work::Skip(format!(
                    "{} mode: nobody knows what an undocumented {method} does; `--mode full` sends it",
                    self.target.mode.as_str()
                ))
            } else {
                Work::Cases(vec![generate::method(&baseline, method)])
            };
            self.push(
                format!("{fact}::{method}"),
                Kind::Method,
                subject,
                work,
                false,
            );
        }
        for (name, case) in generate::malformed(operation, &baseline, self.omission.violation) {
            let fact = operation.fact("request", "", "malformed");
            let subject = Subject {
                documented: "a JSON object".to_owned(),
                ..self.subject(&fact, Level::Should)
            };
            let exclusive = case.expectation == Expectation::Success;
            self.push(
                format!("{fact}::{name}"),
                Kind::Malformed,
                subject,
                Work::Cases(vec![case]),
                exclusive,
            );
        }
    }

    /// Generated requests of each property.
    fn properties(&mut self) {
        let operation = self.operation;
        for property in [Property::Valid, Property::Invalid, Property::Unspecified] {
            let Ok(baseline) = self.baseline.clone() else {
                return;
            };
            let bindings = &self.bindings;
            let bound =
                |place: &str, field: &str| bindings.contains_key(&format!("{place}.{field}"));
            if Source::new(operation, &baseline, property, 0, &bound, None).is_none() {
                continue;
            }
            let name = format!("{}::property::{}", operation.name(), property.as_str());
            let subject = Subject {
                documented: "the documented rows together".to_owned(),
                level: Level::Must,
                ..self.subject(&name, Level::Must)
            };
            self.push(
                name,
                Kind::Property,
                subject,
                Work::Property {
                    property,
                    baseline: Box::new(baseline),
                },
                property != Property::Invalid,
            );
        }
    }

    /// The laws that people declared.
    fn relations(&mut self) {
        let operation = self.operation;
        let relations = self
            .suite
            .cases
            .get(&operation.service)
            .map(|file| file.relations.clone())
            .unwrap_or_default();
        for relation in relations {
            if relation.operations().first() != Some(&operation.id.as_str()) {
                continue;
            }
            let Ok(baseline) = self.baseline.clone() else {
                return;
            };
            for law in relation.laws() {
                let name = format!("{}::relation::{}::{law}", operation.name(), relation.kind());
                let rows = self.rows_of(&relation, law);
                let fact = format!("{}::relation::{}", operation.name(), relation.kind());
                let subject = Subject {
                    documented: format!("the law `{law}` of the relation `{}`", relation.kind()),
                    rows: if rows.is_empty() {
                        operation.facts.clone()
                    } else {
                        rows
                    },
                    fact: format!("{fact}::{law}"),
                    level: Level::Should,
                };
                let work = Work::Relation {
                    relation: Box::new(relation.clone()),
                    law,
                    baseline: Box::new(baseline.clone()),
                };
                self.push(name, Kind::Relation, subject, work, true);
            }
        }
    }

    /// The rows that a law rests on.
    fn rows_of(&self, relation: &Relation, law: &str) -> Vec<Fact> {
        let all: Vec<NamedFact> = self
            .suite
            .operations
            .iter()
            .filter(|other| {
                other.service == self.operation.service
                    && relation.operations().contains(&other.id.as_str())
            })
            .flat_map(Operation::facts)
            .collect();
        let ends = |pointer: &str| pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let fields: Vec<String> = match (relation, law) {
            (Relation::Pagination { list }, "limit") => list.limit.iter().cloned().collect(),
            (Relation::Pagination { list }, "offset" | "pages" | "beyond-end") => {
                list.offset.iter().cloned().collect()
            }
            (Relation::Pagination { list }, "total") => {
                list.total.iter().map(|pointer| ends(pointer)).collect()
            }
            (Relation::Pagination { list }, _) => vec![ends(&list.items)],
            (Relation::TimeWindow { begin, .. }, "begin") => vec![begin.clone()],
            (Relation::TimeWindow { end, .. }, "end") => vec![end.clone()],
            (Relation::TimeWindow { begin, end, .. }, _) => vec![begin.clone(), end.clone()],
            (
                Relation::Items {
                    owner: Some(owner), ..
                },
                "owner",
            ) => vec![ends(&owner.field)],
            (
                Relation::Items {
                    not_before: Some(times),
                    ..
                },
                "not-before",
            ) => times.iter().map(|pointer| ends(pointer)).collect(),
            (Relation::Items { list, .. }, _) => vec![ends(&list.id)],
            (
                Relation::CreatedAppears {
                    status: Some(status),
                    ..
                },
                "status",
            ) => vec![ends(status)],
            (
                Relation::Echo {
                    created: Some(created),
                    ..
                },
                "unique",
            ) => vec![ends(created)],
            (Relation::CreatedAppears { same, .. } | Relation::Echo { same, .. }, _) => {
                same.keys().cloned().collect()
            }
        };
        let mut rows: Vec<Fact> = Vec::new();
        for fact in all {
            let last = fact.field.rsplit(['.', ']']).next().unwrap_or_default();
            let wanted = if law == "default" { "default" } else { "type" };
            if fact.facet == wanted && fields.iter().any(|field| field == last) {
                rows.extend(fact.rows);
            }
        }
        rows
    }

    /// Every documented fact of the answers that a request can bring about. Server errors cannot be.
    fn answers(&mut self) {
        let facts: Vec<NamedFact> = self
            .facts
            .iter()
            .filter(|fact| fact.place.starts_with("response-"))
            .cloned()
            .collect();
        for fact in facts {
            let status = fact.place.trim_start_matches("response-").to_owned();
            if status.starts_with('5')
                || fact.facet == "prose"
                || fact.facet == "default"
                || fact.facet == "nullable"
            {
                continue;
            }
            let subject = Subject {
                documented: fact.facet.clone(),
                ..self.subject(&fact.name, fact.level())
            };
            let work = Work::Answers {
                status,
                field: fact.field.clone(),
            };
            self.push(
                format!("{}::answers", fact.name),
                Kind::Answers,
                subject,
                work,
                false,
            );
        }
    }
}

/// Whether two path templates are one, names of parameters aside.
fn same_path(one: &str, other: &str) -> bool {
    let shape = |path: &str| -> Vec<String> {
        path.trim_matches('/')
            .split('/')
            .map(|part| {
                if part.starts_with('{') {
                    "{}".to_owned()
                } else {
                    part.to_owned()
                }
            })
            .collect()
    };
    shape(one) == shape(other)
}
