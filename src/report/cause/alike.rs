//! What findings have in common that have one cause: a field, an answer as a whole, a value that is
//! taken or refused wherever it comes.

use crate::check::{Breach, Check, Seen, TransportFailure};
use crate::contract::{
    Facet, FieldPath, Level, OperationId, Place, Resource, Rule, StatusRange, Topic,
};
use crate::generate::Expectation;
use crate::harness::{AbortReason, Finding};

use super::Causes;
use super::shown::{is_of_whole, status_of};

/// What findings have in common that tell one cause.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Alike {
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

impl Alike {
    /// Whether all that is alike has one cause, whichever objects its fields belong to.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Null { .. }
            | Self::Absent { .. }
            | Self::Refused { .. }
            | Self::Denied { .. }
            | Self::Broken { .. }
            | Self::Unchecked { .. }
            | Self::Told { .. }
            | Self::Paged { .. }
            | Self::Answered { .. }
            | Self::Header { .. }
            | Self::Taken { .. }
            | Self::Lost { .. } => true,
            Self::Field { .. }
            | Self::Answer { .. }
            | Self::Credential { .. }
            | Self::Once { .. } => false,
        }
    }
}

impl Causes<'_> {
    /// What a finding has in common with others of its cause.
    pub(super) fn alike(&self, finding: &Finding) -> Option<Alike> {
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
    pub(super) fn holder(&self, operation: &OperationId, place: Option<Place>) -> String {
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

    /// Whether the request at fault is one of the operation that its fact is of, and no other of a
    /// law.
    fn is_of_own_request(&self, finding: &Finding) -> bool {
        let mut operations = self.suite.operations.iter();
        let own = operations.find(|own| own.operation_id() == finding.fact.operation);
        let exchange = finding.exchange.as_ref();
        own.zip(exchange)
            .is_some_and(|(own, exchange)| exchange.request.shown().method == own.method)
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

/// The shape that an answer of which a field is never there has: several of them are one.
pub(super) fn absent_in(finding: &Finding) -> Option<Alike> {
    let status = status_of(finding.fact.rule()?)?;
    (finding.fingerprint == Seen::NeverThere).then(|| Alike::Absent {
        operation: finding.fact.operation.clone(),
        status,
    })
}

/// What kind of value was taken wrongly, where a request breaks nothing but a type.
pub(super) fn taken_in(finding: &Finding) -> Option<Alike> {
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

/// Whether a finding's request breaks a rule, so that it was to be refused.
fn was_to_be_refused(finding: &Finding) -> bool {
    matches!(
        finding.expectation,
        Some(Expectation::Refusal | Expectation::ConventionalRefusal | Expectation::LenientRefusal)
    )
}
