//! One cause, one finding: the distinct findings of a run, each with what has its cause. What else
//! is wrong with an answer of the wrong status, what one value breaks beside its type, and what
//! several operations show alike stands with the finding that tells the cause. Each keeps its own
//! evidence and its own identity.

mod shown;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::{Breach, Check, Seen, TransportFailure};
use crate::contract::{
    Facet, FactId, FieldPath, Level, Operation, OperationId, Place, Resource, Rule, StatusRange,
    Suite, Topic,
};
use crate::generate::Expectation;
use crate::generate::NO_CREDENTIAL;
use crate::harness::{AbortReason, Because, Finding, TrialResult};

use self::shown::{Shown, is_of_whole, status_of};
use super::lost_id::is_of_lost_id;
use super::result::FindingReference;

/// What the causes are told by.
pub(super) struct Causes<'s> {
    /// The suite, which says what an object has.
    pub(super) suite: &'s Suite,
    /// The lowest severity that fails a run.
    pub(super) level: Level,
    /// Why the run ended early, if it did.
    pub(super) halted: Option<&'s AbortReason>,
}

/// What findings have in common that tell one cause.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Alike {
    /// A field of answers of a class is broken in one way.
    Field {
        service: String,
        check: Check,
        facet: Facet,
        seen: Seen,
        name: String,
        class: Option<u16>,
    },
    /// Answers of a status are wrong as a whole in one way; what they give away, of a class.
    Answer {
        service: String,
        check: Check,
        seen: Seen,
        status: u16,
    },
    /// A listed value of a field is refused.
    Refused {
        service: String,
        name: String,
        value: String,
    },
    /// What the laws of an operation ask for is refused by one status.
    Denied { operation: OperationId, code: u16 },
    /// Fields of an operation's answers are null where no source says that they may be.
    Null { operation: OperationId },
    /// Fields are in no answer of an operation with a status: it has another shape.
    Absent {
        operation: OperationId,
        status: StatusRange,
    },
    /// The operations of a resource break on values of one field, or one of them on requests that
    /// are about no one field.
    Broken {
        holder: String,
        code: u16,
        field: Option<(Place, FieldPath)>,
    },
    /// What a field may have is not looked at, whichever request of the resource brings it.
    Unchecked {
        holder: String,
        place: Place,
        field: FieldPath,
        facet: Facet,
    },
    /// A field of a resource is told in another way than it was asked for.
    Told {
        holder: String,
        name: String,
        is_default: bool,
    },
    /// The pages of a list are other ones than were asked for, or the total is not the number of what
    /// they have.
    Paged { operation: OperationId },
    /// A header of answers is not there, or wrong in one way.
    Answered {
        service: String,
        check: Check,
        facet: Facet,
        seen: Seen,
        name: String,
    },
    /// A header of requests is not looked at: whatever it holds is taken.
    Header { service: String, name: String },
    /// Values of one wrong kind are taken wherever another is documented: how the service reads a
    /// body, or a query.
    Taken {
        service: String,
        place: Place,
        level: Level,
        what: String,
    },
    /// Credentials are judged in one wrong way.
    Credential {
        service: String,
        check: Check,
        seen: Seen,
    },
    /// A failure that comes once and then no more.
    Once { service: String, seen: Seen },
    /// Requests that were on their way when the endpoint went away.
    Lost { service: String },
}

/// In how many facts a value of one wrong kind is taken where that is how a service reads: in fewer,
/// each may be a slip of its own.
const USUAL: usize = 3;

/// Findings that stand together only if they stand alike: accepted or not, failing the run or not.
type Standing = (bool, bool);

impl Causes<'_> {
    /// The distinct findings of trials, the gravest first, each with what has its cause; and the
    /// trials, which refer to them.
    pub(super) fn distinct(
        &self,
        trials: Vec<TrialResult>,
    ) -> (Vec<Finding>, Vec<TrialResult<FindingReference>>) {
        let mut findings: Vec<Finding> = Vec::new();
        let mut trials: Vec<TrialResult<FindingReference>> = trials
            .into_iter()
            .map(|trial| {
                let name = trial.name.clone();
                trial.tell(|finding| {
                    Some(FindingReference {
                        seen: finding.seen,
                        finding: finding.shown_by(&name).add_to(&mut findings),
                        related: None,
                    })
                })
            })
            .collect();
        let order = ranked(&findings);
        let owners = self.owners(&findings, &order);
        let mut places: HashMap<usize, (usize, Option<usize>)> = HashMap::new();
        let mut told: Vec<Finding> = Vec::new();
        for index in order.iter().filter(|index| !owners.contains_key(*index)) {
            places.insert(*index, (told.len(), None));
            told.extend(findings.get(*index).cloned());
        }
        for index in &order {
            let Some((owner, because)) = root(&owners, *index) else {
                continue;
            };
            let (Some((at, _)), Some(mut finding)) =
                (places.get(&owner).copied(), findings.get(*index).cloned())
            else {
                continue;
            };
            let Some(cause) = told.get_mut(at) else {
                continue;
            };
            for related in std::mem::take(&mut finding.related) {
                cause.relate(related.because, related.finding);
            }
            let related = cause.relate(because, finding);
            places.insert(*index, (at, Some(related)));
        }
        for reference in trials.iter_mut().flat_map(|trial| &mut trial.findings) {
            if let Some((finding, related)) = places.get(&reference.finding) {
                (reference.finding, reference.related) = (*finding, *related);
            }
        }
        (told, trials)
    }

    /// The findings that stand with another one, which is told before them.
    fn owners(&self, findings: &[Finding], order: &[usize]) -> BTreeMap<usize, (usize, Because)> {
        let mut owners = BTreeMap::new();
        let failing: Vec<Shown<'_>> = findings.iter().map(Shown::of).collect();
        for (index, shown) in failing.iter().enumerate() {
            let candidates = order.iter().filter_map(|at| Some((*at, failing.get(*at)?)));
            let cause = candidates
                .filter(|(at, _)| *at != index && !owners.contains_key(at))
                .find(|(_, other)| {
                    self.standing(shown.finding) == self.standing(other.finding)
                        && (shown.is_beside(other, &failing)
                            || shown.is_of_no_json(other)
                            || shown.is_of_value(other)
                            || shown.repeats(other)
                            || shown.is_of_refused(other))
                });
            if let Some((cause, _)) = cause {
                owners.insert(index, (cause, Because::SameAnswer));
            }
        }
        let open = order.iter().filter(|index| !owners.contains_key(*index));
        let mut taken: HashMap<Alike, usize> = HashMap::new();
        let usual_in = |finding: &Finding| taken_in(finding).or_else(|| absent_in(finding));
        for alike in open.filter_map(|index| usual_in(findings.get(*index)?)) {
            *taken.entry(alike).or_default() += 1;
        }
        let mut first: HashMap<(Alike, Standing), Vec<usize>> = HashMap::new();
        // What is served without a header or a credential says more than what is taken for it.
        let mut order = order.to_vec();
        order.sort_by_key(|index| {
            let finding = findings.get(*index);
            let level = Reverse(finding.map(|finding| finding.level));
            let law = finding.map_or(0, rank_of_law);
            (level, !finding.is_some_and(is_of_absence), law)
        });
        let order = order.as_slice();
        for index in order {
            let Some(finding) = findings.get(*index).filter(|_| !owners.contains_key(index)) else {
                continue;
            };
            let is_usual = |alike: &Alike| taken.get(alike).is_some_and(|count| *count >= USUAL);
            let usual = usual_in(finding).filter(is_usual);
            let Some(alike) = usual.or_else(|| self.alike(finding)) else {
                continue;
            };
            let is_whole = matches!(
                alike,
                Alike::Null { .. }
                    | Alike::Absent { .. }
                    | Alike::Refused { .. }
                    | Alike::Denied { .. }
                    | Alike::Broken { .. }
                    | Alike::Unchecked { .. }
                    | Alike::Told { .. }
                    | Alike::Paged { .. }
                    | Alike::Answered { .. }
                    | Alike::Header { .. }
                    | Alike::Taken { .. }
                    | Alike::Lost { .. }
            );
            let known = first.entry((alike, self.standing(finding))).or_default();
            let cause = known.iter().copied().find(|cause| {
                is_whole
                    || findings
                        .get(*cause)
                        .is_some_and(|cause| self.are_of_one_object(cause, finding))
            });
            match cause {
                Some(cause) => {
                    owners.insert(*index, (cause, Because::BrokenAlike));
                }
                None => known.push(*index),
            }
        }
        for (index, shown) in failing.iter().enumerate() {
            let is_open = |at: &usize| *at != index && !owners.contains_key(at);
            let mut candidates = order.iter().copied().filter(is_open);
            let cause = candidates.find(|at| {
                failing.get(*at).is_some_and(|other| {
                    self.standing(shown.finding) == self.standing(other.finding)
                        && (shown.breaks_a_law_of(other)
                            || shown.breaks_down_as(other) && self.is_of_one_holder(shown, other))
                })
            });
            if let Some(cause) = cause.filter(|_| !owners.contains_key(&index)) {
                owners.insert(index, (cause, Because::BrokenAlike));
            }
        }
        for (index, finding) in findings.iter().enumerate() {
            let is_open = |at: &usize| *at != index && !owners.contains_key(at);
            let mut candidates = order.iter().copied().filter(is_open);
            let cause = candidates.find(|at| {
                findings.get(*at).is_some_and(|other| {
                    self.standing(finding) == self.standing(other)
                        && is_of_lost_id(self.suite, finding, other)
                })
            });
            if let Some(cause) = cause.filter(|_| !owners.contains_key(&index)) {
                owners.insert(index, (cause, Because::BrokenAlike));
            }
        }
        owners
    }

    /// Whether the request at fault is one of the operation that its fact is of, and no other of a
    /// law.
    fn is_of_own_request(&self, finding: &Finding) -> bool {
        let mut operations = self.suite.operations.iter();
        let own = operations.find(|own| own.operation_id() == finding.fact.operation);
        let exchange = finding.exchange.as_ref();
        own.zip(exchange)
            .is_some_and(|(own, exchange)| exchange.request.shown().method == own.method)
    }

    fn standing(&self, finding: &Finding) -> Standing {
        (finding.known.is_some(), finding.fails(self.level))
    }

    /// What a finding has in common with others of its cause.
    fn alike(&self, finding: &Finding) -> Option<Alike> {
        let service = finding.fact.operation.service.clone();
        let (check, seen) = (finding.check, finding.fingerprint.clone());
        if finding.comes_once() && matches!(check, Check::Status | Check::Transport) {
            return Some(Alike::Once { service, seen });
        }
        let is_cut_off = matches!(
            seen,
            Seen::Transport {
                failure: TransportFailure::Broken | TransportFailure::NoConnection
            }
        );
        if is_cut_off && matches!(self.halted, Some(AbortReason::Gone { .. })) {
            return Some(Alike::Lost { service });
        }
        let operation = || finding.fact.operation.clone();
        let of_request = |rule: &Rule| !rule.place.is_response();
        match (&seen, &finding.fact.topic) {
            (Seen::Status { code: 400..500 }, Topic::Rule(rule))
                if check == Check::Status
                    && rule.facet == Facet::Enum
                    && of_request(rule)
                    && finding.expectation == Some(Expectation::Success) =>
            {
                return Some(Alike::Refused {
                    service,
                    name: rule.field.last_name()?.to_owned(),
                    value: finding.case.clone(),
                });
            }
            (
                Seen::Status {
                    code: code @ 400..500,
                },
                Topic::Law { .. },
            ) if check == Check::Status
                && self.is_of_own_request(finding)
                && finding.expectation == Some(Expectation::Success) =>
            {
                return Some(Alike::Denied {
                    operation: operation(),
                    code: *code,
                });
            }
            (Seen::Null, Topic::Rule(_)) if finding.level == Level::May => {
                return Some(Alike::Null {
                    operation: operation(),
                });
            }
            (Seen::Status { code: code @ 500.. }, topic)
                if check == Check::Status
                    && self.is_of_own_request(finding)
                    && match topic {
                        Topic::Rule(rule) => of_request(rule),
                        Topic::Law { .. } | Topic::Behaviour(_) => true,
                        Topic::Row(_)
                        | Topic::Property(_)
                        | Topic::Credential
                        | Topic::OtherMethods
                        | Topic::Snapshot(_) => false,
                    } =>
            {
                let rule = finding.fact.rule();
                return Some(Alike::Broken {
                    holder: match rule {
                        Some(rule) => self.holder(&finding.fact.operation, Some(rule.place)),
                        None => finding.fact.operation.to_string(),
                    },
                    code: *code,
                    field: rule.map(|rule| (rule.place, rule.field.clone())),
                });
            }
            (Seen::Status { code: 200..300 }, Topic::Rule(rule))
                if check == Check::Status
                    && matches!(rule.place, Place::Request | Place::Query | Place::Path)
                    && was_to_be_refused(finding) =>
            {
                return Some(Alike::Unchecked {
                    holder: self.holder(&finding.fact.operation, Some(rule.place)),
                    place: rule.place,
                    field: rule.field.clone(),
                    facet: either_end(rule.facet),
                });
            }
            (Seen::Law(breach), Topic::Law { relation, law }) if check == Check::Relation => {
                let of_field = |is_default| {
                    Some(Alike::Told {
                        holder: self.holder(&finding.fact.operation, None),
                        name: breach.field_name()?.to_owned(),
                        is_default,
                    })
                };
                return match breach {
                    Breach::NotEchoed { .. }
                    | Breach::NotKept { .. }
                    | Breach::ShownOtherwise { .. } => of_field(false),
                    Breach::DefaultNotApplied { .. } => of_field(true),
                    _ if is_of_pages(relation, law) => Some(Alike::Paged {
                        operation: operation(),
                    }),
                    _ => None,
                };
            }
            _ => {}
        }
        let of_credential = |seen: Seen| Alike::Credential {
            service: service.clone(),
            check,
            // Which success it is hangs on the operation.
            seen: match seen {
                Seen::Status { code: 200..300 } => Seen::Status { code: 200 },
                seen => seen,
            },
        };
        let is_unauthorised = || {
            let exchange = finding.exchange.as_ref();
            exchange.is_some_and(|exchange| exchange.request.is_unauthorised())
        };
        match &finding.fact.topic {
            Topic::Credential => Some(of_credential(seen)),
            Topic::Rule(rule) if rule.place == Place::Header => {
                let is_taken = matches!(seen, Seen::Status { code: 200..300 });
                (is_taken && check == Check::Status).then_some(Alike::Header {
                    service,
                    name: rule.field.last_name()?.to_ascii_lowercase(),
                })
            }
            Topic::Rule(rule) if matches!(rule.place, Place::ResponseHeader(_)) => {
                Some(Alike::Answered {
                    service,
                    check,
                    facet: rule.facet,
                    seen,
                    name: rule.field.last_name()?.to_ascii_lowercase(),
                })
            }
            Topic::Rule(rule) => {
                let Place::Response(status) = rule.place else {
                    return None;
                };
                // That a wrong credential is not refused is no matter of the refusal's own row.
                if check == Check::Status
                    && rule.facet == Facet::Status
                    && matches!(status, StatusRange::Code(401 | 403))
                    && is_unauthorised()
                {
                    return Some(of_credential(seen));
                }
                let is_of_field =
                    !rule.field.is_root() && matches!(check, Check::Schema | Check::ErrorBody);
                if is_of_field {
                    return Some(Alike::Field {
                        service,
                        check,
                        facet: rule.facet,
                        seen,
                        name: rule.field.last_name()?.to_owned(),
                        class: status.class(),
                    });
                }
                is_of_whole(check).then_some(Alike::Answer {
                    service,
                    check,
                    seen,
                    status: match check {
                        // One that answers is called by one name whichever success it is.
                        Check::ContentType | Check::Leak => finding.status()? / 100 * 100,
                        _ => finding.status()?,
                    },
                })
            }
            Topic::Row(_)
            | Topic::OtherMethods
            | Topic::Property(_)
            | Topic::Law { .. }
            | Topic::Snapshot(_)
            | Topic::Behaviour(_) => None,
        }
    }

    /// What the requests of an operation are about: a resource, where it makes, shows or changes one
    /// as a whole, else the operation itself. What a query says belongs to the operation alone.
    fn holder(&self, operation: &OperationId, place: Option<Place>) -> String {
        let mut operations = self.suite.operations.iter();
        let index = operations.position(|own| own.operation_id() == *operation);
        let is_its = |resource: &&Resource| {
            let create = resource.create.as_ref().map(|create| create.operation);
            let list = resource.list.as_ref().map(|list| list.operation);
            let own = [
                create,
                resource.show,
                resource.replace,
                resource.change,
                resource.delete,
                list,
            ];
            index.is_some() && own.contains(&index)
        };
        let mut resources = self.suite.resources.iter();
        match place {
            Some(Place::Query) => None,
            _ => resources.find(is_its),
        }
        .map_or_else(|| operation.to_string(), |own| own.key.clone())
    }

    /// Whether two findings are about requests of one resource.
    fn is_of_one_holder(&self, one: &Shown<'_>, other: &Shown<'_>) -> bool {
        let holder = |shown: &Shown<'_>| self.holder(&shown.finding.fact.operation, None);
        holder(one) == holder(other)
    }

    /// Whether fields of one name belong to one object, as far as their documented neighbours tell:
    /// a list may show less of it.
    fn are_of_one_object(&self, one: &Finding, other: &Finding) -> bool {
        let (Some(rule), Some(second)) = (one.fact.rule(), other.fact.rule()) else {
            return true;
        };
        if rule.field.is_root() || second.field.is_root() {
            return true;
        }
        if !one.rows.is_empty() && one.rows == other.rows {
            return true;
        }
        // The errors of a service have one form, though it may have one field alone.
        let is_of_errors = [rule, second].iter().all(|rule| {
            let status = status_of(rule);
            status.is_some_and(|status| status.class() == Some(4))
        });
        let (first, second) = (
            self.neighbours(&one.fact, rule),
            self.neighbours(&other.fact, second),
        );
        let (small, large) = if first.len() < second.len() {
            (first, second)
        } else {
            (second, first)
        };
        small.len() > 1 && small.is_subset(&large) || is_of_errors && small == large
    }

    /// The documented fields of the object that a field of an answer belongs to.
    fn neighbours(&self, fact: &FactId, rule: &Rule) -> BTreeSet<String> {
        let operation = self
            .suite
            .operations
            .iter()
            .find(|operation| operation.operation_id() == fact.operation);
        let Some((status, operation)) = status_of(rule).zip(operation) else {
            return BTreeSet::new();
        };
        let parent = rule.field.parent().unwrap_or_else(FieldPath::root);
        names_below(operation, status, &parent)
    }
}

/// A limit at either end of a range is one thing to look at.
fn either_end(facet: Facet) -> Facet {
    match facet {
        Facet::MinLength => Facet::MaxLength,
        Facet::MinItems => Facet::MaxItems,
        Facet::Minimum | Facet::ExclusiveMinimum | Facet::ExclusiveMaximum => Facet::Maximum,
        // Who takes any value takes those of other types too.
        Facet::Enum => Facet::Type,
        other => other,
    }
}

/// Whether a law is one of those about the pages of a list, and about their total.
fn is_of_pages(relation: &str, law: &str) -> bool {
    matches!(
        (relation, law),
        ("pagination" | "filter", "total")
            | (
                "pagination",
                "limit" | "offset" | "marker" | "pages" | "beyond-end" | "end" | "more"
            )
    )
}

/// Of the laws of pages, and of those that tell of one field, the one comes first that says most of
/// what is wrong in the fewest requests.
fn rank_of_law(finding: &Finding) -> u8 {
    let Topic::Law { relation, law } = &finding.fact.topic else {
        return 0;
    };
    match (relation.as_str(), law.as_str()) {
        ("pagination", "offset" | "marker") | ("lifecycle", "create-then-read") => 1,
        ("pagination", "pages") | ("lifecycle", "create-then-list") => 2,
        ("pagination", "limit") => 0,
        // A total is held against what the pages have.
        ("pagination" | "filter", "total") => 4,
        ("pagination" | "lifecycle", _) => 3,
        _ => 0,
    }
}

/// The shape that an answer of which a field is never there has: several of them are one.
fn absent_in(finding: &Finding) -> Option<Alike> {
    let status = status_of(finding.fact.rule()?)?;
    (finding.fingerprint == Seen::NeverThere).then(|| Alike::Absent {
        operation: finding.fact.operation.clone(),
        status,
    })
}

/// What kind of value was taken wrongly, where a request breaks nothing but a type.
fn taken_in(finding: &Finding) -> Option<Alike> {
    let Topic::Rule(rule) = &finding.fact.topic else {
        return None;
    };
    let is_success = matches!(finding.fingerprint, Seen::Status { code: 200..300 });
    let is_taken = finding.check == Check::Status
        && is_success
        && rule.facet == Facet::Type
        && matches!(rule.place, Place::Request | Place::Query)
        && was_to_be_refused(finding);
    is_taken.then(|| Alike::Taken {
        service: finding.fact.operation.service.clone(),
        place: rule.place,
        level: finding.level,
        what: finding.case.clone(),
    })
}

/// Whether a finding is about a request that lacks a header, or a credential.
fn is_of_absence(finding: &Finding) -> bool {
    match &finding.fact.topic {
        Topic::Rule(rule) => rule.place == Place::Header && rule.facet == Facet::Required,
        Topic::Credential => finding.exchange.as_ref().is_some_and(|exchange| {
            exchange.request.is_unauthorised() && finding.case == NO_CREDENTIAL
        }),
        _ => false,
    }
}

fn names_below(operation: &Operation, status: StatusRange, parent: &FieldPath) -> BTreeSet<String> {
    let mut responses = operation.responses.iter();
    let response = responses.find(|response| response.status == status);
    let schema = response.and_then(|response| response.schema.as_ref());
    let fields = schema.into_iter().flat_map(|schema| schema.fields());
    fields
        .filter(|field| field.path.parent().unwrap_or_else(FieldPath::root) == *parent)
        .filter_map(|field| field.path.last_name().map(str::to_owned))
        .collect()
}

/// The gravest first, then in the order of their facts.
fn ranked(findings: &[Finding]) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..findings.len()).collect();
    ranked.sort_by_cached_key(|index| {
        let finding = findings.get(*index);
        (
            Reverse(finding.map(|finding| finding.level)),
            finding.map(|finding| finding.fact.to_string()),
        )
    });
    ranked
}

/// The finding that tells the cause of one, where that is another.
fn root(owners: &BTreeMap<usize, (usize, Because)>, index: usize) -> Option<(usize, Because)> {
    let (mut owner, because) = owners.get(&index).copied()?;
    while let Some((next, _)) = owners.get(&owner) {
        owner = *next;
    }
    Some((owner, because))
}

/// Whether a finding's request breaks a rule, so that it was to be refused.
fn was_to_be_refused(finding: &Finding) -> bool {
    matches!(
        finding.expectation,
        Some(Expectation::Refusal | Expectation::ConventionalRefusal | Expectation::LenientRefusal)
    )
}
