//! Two findings side by side: whether one only tells what the other is the cause of.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::check::{Breach, Check, Part, Seen};
use crate::contract::{Facet, MediaType, Place, Rule, StatusRange, Topic};
use crate::exchange::{RecordedRequest, RecordedResponse};
use crate::generate::Expectation;
use crate::harness::Finding;

/// A finding, and what it is told by beside others.
pub(super) struct Shown<'f> {
    pub(super) finding: &'f Finding,
    pub(super) trials: BTreeSet<&'f str>,
}

impl<'f> Shown<'f> {
    pub(super) fn of(finding: &'f Finding) -> Self {
        Self {
            finding,
            trials: finding.trials.iter().map(String::as_str).collect(),
        }
    }

    /// Whether a finding of another check is about the answers alone whose status is wrong: an
    /// error page is no JSON, has another type, and tells what has failed.
    pub(super) fn is_beside(&self, cause: &Self, all: &[Self]) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let is_of_answer =
            is_of_whole(own.check) || matches!(own.check, Check::Schema | Check::ErrorBody);
        if !is_of_answer || !cause.is_of_status(self) || self.trials.is_disjoint(&cause.trials) {
            return false;
        }
        let told = |trial: &&str| {
            let mut causes = all.iter().filter(|cause| cause.is_of_status(self));
            causes.any(|cause| cause.trials.contains(trial))
        };
        own.level <= other.level && self.trials.iter().all(told)
    }

    /// Whether a finding says that answers have another media type of which another says that they
    /// are no JSON: a text is no JSON, and is rightly called a text.
    pub(super) fn is_of_no_json(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let place = |finding: &Finding| finding.fact.rule().map(|rule| rule.place);
        // What is called JSON and is none is called so wrongly.
        let is_called_json = || {
            let answer = own.exchange.as_ref().map(|exchange| &exchange.response);
            let Some(RecordedResponse::Received { headers, .. }) = answer else {
                return false;
            };
            let named = headers.get("content-type");
            let media = named.and_then(|named| MediaType::read(named));
            media.is_some_and(|media| media.is_json())
        };
        own.check == Check::ContentType
            && other.check == Check::Json
            && !is_called_json()
            && own.fact.operation == other.fact.operation
            && place(own) == place(other)
            && self.trials.is_subset(&cause.trials)
    }

    /// Whether it says of a documented refusal what another finding says of the rule, or of the
    /// credential, that is not held to: the same requests of an operation have the same wrong status.
    pub(super) fn repeats(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let is_refusal = own.fact.rule().is_some_and(|rule| {
            rule.facet == Facet::Status
                && status_of(rule).is_some_and(|status| status.class() == Some(4))
        });
        let is_cause = match &other.fact.topic {
            Topic::Credential => true,
            Topic::Rule(rule) => !rule.place.is_response(),
            _ => false,
        };
        let request = |finding: &Finding| {
            let request = finding.exchange.as_ref()?.request.shown();
            Some((request.method, finding.case.clone()))
        };
        own.check == Check::Status
            && other.check == Check::Status
            && is_refusal
            && is_cause
            && own.level <= other.level
            && own.fact.operation == other.fact.operation
            && own.status() == other.status()
            && request(own).is_some_and(|own| request(other) == Some(own))
    }

    /// Whether a valid request was refused alike that has the listed value which another finding
    /// says is refused: it tries something else, and its plain value is that one.
    pub(super) fn is_of_refused(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let (Some(rule), Some(listed)) = (own.fact.rule(), other.fact.rule()) else {
            return false;
        };
        let is_refused = |finding: &Finding| {
            let is_valid = finding.expectation == Some(Expectation::Success);
            let is_refusal = matches!(finding.fingerprint, Seen::Status { code: 400..500 });
            finding.check == Check::Status && is_valid && is_refusal
        };
        let value = |finding: &Finding| match &finding.exchange.as_ref()?.request {
            RecordedRequest::Sent(sent) => sent.request.get(listed.place, &listed.field),
            RecordedRequest::Partial(_) => None,
        };
        rule.facet != Facet::Enum
            && listed.facet == Facet::Enum
            && is_refused(own)
            && is_refused(other)
            && own.fact.operation == other.fact.operation
            && own.status() == other.status()
            && value(own).is_some_and(|own| value(other) == Some(own))
    }

    /// Whether it is about the status that another finding's answer has.
    pub(super) fn is_of_status(&self, other: &Self) -> bool {
        self.finding.check == Check::Status
            && self.finding.fact.operation == other.finding.fact.operation
            && self.finding.status().is_some()
            && self.finding.status() == other.finding.status()
    }

    /// Whether it is about a law that a value breaks because answers do not tell it as documented.
    pub(super) fn breaks_a_law_of(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let Seen::Law(breach) = &own.fingerprint else {
            return false;
        };
        // What no answer has is not told of any change either.
        let is_absent = other.fingerprint == Seen::NeverThere;
        let field = match breach {
            Breach::NotEchoed { .. } | Breach::NotKept { .. } | Breach::ShownOtherwise { .. } => {
                breach.field()
            }
            Breach::DefaultNotApplied { .. } | Breach::ChangedBeside { .. } if is_absent => {
                breach.field()
            }
            Breach::DoesNotFit { parameter } => parameter.rsplit(['.', '/']).next(),
            _ => return false,
        };
        let Some(field) = field else { return false };
        let is_of_answer = other
            .fact
            .rule()
            .filter(|rule| status_of(rule).is_some_and(|status| status.class() == Some(2)));
        // A value that is wrong as a whole is so by a part of it.
        let is_told = |rule: &Rule| {
            let name = rule.field.last_name();
            let mut parts = field.rsplit(['.', '/']);
            parts.next() == name || rule.facet.is_of_kinds() && parts.any(|part| Some(part) == name)
        };
        own.check == Check::Relation
            && other.check == Check::Schema
            && own.level <= other.level
            && own.fact.operation.service == other.fact.operation.service
            && is_of_answer.is_some_and(is_told)
    }

    /// Whether it is a law, or a property, of which a request failed (5xx) for a value of a field that
    /// the cause says fails: the same value, or one about as long.
    pub(super) fn breaks_down_as(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let failure = |finding: &Finding| match finding.fingerprint {
            Seen::Status { code: code @ 500.. } if finding.check == Check::Status => Some(code),
            _ => None,
        };
        let is_of_many = matches!(own.fact.topic, Topic::Law { .. } | Topic::Property(_));
        let Some(rule) = other
            .fact
            .rule()
            .filter(|rule| rule.place == Place::Request)
        else {
            return false;
        };
        let value = |finding: &Finding| match &finding.exchange.as_ref()?.request {
            RecordedRequest::Sent(sent) => sent.request.get(rule.place, &rule.field),
            RecordedRequest::Partial(_) => None,
        };
        let is_as_bad = match (value(own), value(other)) {
            (Some(Value::String(own)), Some(Value::String(other))) => {
                // How long a text has to be to fail nobody knows: somewhat less may do.
                let length = |text: &str| text.chars().count();
                let is_long =
                    rule.facet == Facet::MaxLength && length(&own) * 4 >= length(&other) * 3;
                own == other || is_long
            }
            (Some(own), Some(other)) => own == other,
            _ => false,
        };
        is_of_many && failure(own).is_some() && failure(own) == failure(other) && is_as_bad
    }

    /// Whether it is about a value whose type is wrong, or that breaks another rule first.
    pub(super) fn is_of_value(&self, cause: &Self) -> bool {
        let (own, other) = (self.finding, cause.finding);
        let (Some(rule), Some(first)) = (own.fact.rule(), other.fact.rule()) else {
            return false;
        };
        let is_same_value = own.check == Check::Schema
            && other.check == Check::Schema
            && own.fact.operation == other.fact.operation
            && rule.place == first.place
            && rule.field == first.field
            && matches!(own.at, Some(Part::Body(_)))
            && own.level <= other.level
            && self.trials.is_subset(&cause.trials);
        // A field that is null in each answer has its one finding there.
        let is_null = first.facet != Facet::Required && other.fingerprint == Seen::Null;
        if own.fingerprint == Seen::NeverThere && is_null {
            return own.fact.operation == other.fact.operation
                && rule.place == first.place
                && rule.field == first.field;
        }
        is_same_value
            && match (rule.facet, first.facet) {
                (Facet::Required | Facet::Type | Facet::Meaning(_), _) => false,
                (_, Facet::Type) => true,
                _ => {
                    own.observed == other.observed
                        && !own.observed.is_empty()
                        && self.trials == cause.trials
                }
            }
    }
}

/// The status that a rule of answers is about.
pub(super) fn status_of(rule: &Rule) -> Option<StatusRange> {
    match rule.place {
        Place::Response(status) => Some(status),
        Place::Operation
        | Place::Path
        | Place::Query
        | Place::Header
        | Place::Cookie
        | Place::ResponseHeader(_)
        | Place::Request => None,
    }
}

/// Whether a check looks at an answer as a whole.
pub(super) fn is_of_whole(check: Check) -> bool {
    match check {
        Check::Allow
        | Check::EmptyBody
        | Check::ContentType
        | Check::Json
        | Check::ContentLength
        | Check::Leak => true,
        Check::Status
        | Check::Headers
        | Check::Schema
        | Check::ErrorBody
        | Check::Transport
        | Check::ResponseTime
        | Check::Relation
        | Check::Snapshot
        | Check::Example => false,
    }
}
