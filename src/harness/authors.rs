//! Values of an example that are its author's: the id of what is not here, a date that has passed.
//! Where the example's request is refused, and taken without those of them that need not be sent,
//! no request has them any more, but for what is tried of them themselves. So it is with values that
//! are made up from types, where nobody shows a request.

use std::borrow::Cow;

use serde_json::Value;

use crate::check::Subject;
use crate::contract::{FieldPath, Operation, Place, Row, enum_values};
use crate::exchange::Exchange;
use crate::generate::{
    Case, Expectation, Request, Validity, classify, optional_made_up, optional_of_author,
    shows_body,
};

use super::fixture::TrialContext;
use super::refusal::is_refusal;
use super::sender::Sender;
use super::unique::is_conflict;

/// The most made-up fields of which it is found out whether each is in the way.
const MOST_TRIED: usize = 8;

impl TrialContext {
    /// Whether a case names by a field a thing that nobody has, so that without it the case would be
    /// another.
    fn is_of_case(&self, operation: &Operation, case: &Case, field: &FieldPath) -> bool {
        let names_nothing = matches!(
            case.expectation,
            Expectation::UnknownResource
                | Expectation::AbsentResource
                | Expectation::RefusedResource
        );
        let index = self.sender.index_of(operation);
        let plain = self.sender.samples.documented(index);
        let plain = plain.and_then(|plain| plain.request.get(Place::Request, field));
        names_nothing && case.request.get(Place::Request, field) != plain
    }

    /// Sends a request without the values of its author that are known to be in the way; finds them
    /// out where a valid request is refused.
    pub(super) async fn send_without_authors(
        &self,
        operation: &Operation,
        case: &Case,
        request: &Request,
        about: Option<&Row>,
        scope: u64,
    ) -> Exchange {
        let learnt = self.sender.memory.authors(self.sender.index_of(operation));
        // What is about the whole body, its example, is sent as it is; that others are in the way
        // of it is found out all the same.
        let is_of_whole =
            about.is_some_and(|row| row.place == Place::Request && row.field.is_root());
        let others = about.filter(|_| !is_of_whole);
        if is_of_whole && learnt.initialized() {
            return self.sender.send(operation, case, request, scope).await;
        }
        let without = |fields: &[FieldPath]| {
            let kept: Vec<FieldPath> = fields
                .iter()
                .filter(|field| !self.is_of_case(operation, case, field))
                .cloned()
                .collect();
            without(operation, &kept, request, others)
        };
        if let Some(fields) = learnt.get() {
            let request = without(fields);
            return self.sender.send(operation, case, &request, scope).await;
        }
        let exchange = self.sender.send(operation, case, request, scope).await;
        let is_plain = case.expectation == Expectation::Success
            && request.method == operation.method
            && is_refusal(&exchange)
            && !is_conflict(&exchange);
        if !is_plain {
            return exchange;
        }
        let bindings = self.sender.suite.bindings(operation);
        let mut fields = optional_of_author(operation, &bindings, request);
        let made_up = optional_made_up(operation, &bindings, request);
        fields.extend(made_up.iter().cloned());
        fields.sort();
        fields.dedup();
        let index = self.sender.index_of(operation);
        if !matches!(without(&fields), Cow::Owned(_)) {
            return exchange;
        }
        let mut second = None;
        let find_out = async || {
            // Counted by whoever tries: the others wait for what comes of it.
            if self.sender.memory.leaves_out_too_often(index) {
                return Err(());
            }
            let request = without(&fields);
            let sending = self.sender.send(operation, case, &request, scope);
            let answered = Box::pin(sending).await;
            // What does not help one request, which is refused for something else, may help
            // another.
            let is_taken = answered.is_success() || is_conflict(&answered);
            second = is_taken.then_some(answered);
            if !is_taken {
                return Err(());
            }
            // Of what is made up, only what is in the way is left out.
            let mut left_out = fields.clone();
            for field in made_up.iter().take(MOST_TRIED) {
                let rest: Vec<FieldPath> = left_out
                    .iter()
                    .filter(|own| *own != field)
                    .cloned()
                    .collect();
                let request = without(&rest);
                let sending = self.sender.send(operation, case, &request, scope);
                let answered = Box::pin(sending).await;
                if answered.is_success() || is_conflict(&answered) {
                    left_out = rest;
                }
            }
            Ok(left_out)
        };
        let found = learnt.get_or_try_init(find_out).await;
        if is_of_whole {
            return exchange;
        }
        match (second, found) {
            (Some(second), _) => second,
            // Somebody else has found them out meanwhile.
            (None, Ok(fields)) => match without(fields) {
                Cow::Owned(request) => self.sender.send(operation, case, &request, scope).await,
                Cow::Borrowed(_) => exchange,
            },
            (None, Err(())) => exchange,
        }
    }

    /// Why a refusal says nothing of the endpoint, if it is of a request about a value that was its
    /// author's.
    pub(super) fn is_about_authors(
        &self,
        operation: &Operation,
        subject: &Subject,
    ) -> Option<String> {
        let learnt = self.sender.memory.authors(self.sender.index_of(operation));
        let rule = subject.fact.rule()?;
        let of_author = |field: &&FieldPath| {
            rule.place == Place::Request
                && (field.contains(&rule.field) || rule.field.contains(field))
        };
        let field = learnt.get()?.iter().find(of_author)?;
        let why = if shows_body(operation) {
            format!(
                "the example's `request.{field}` names what is not here, or another than its own"
            )
        } else {
            format!("`request.{field}` is made up from its type, and refused")
        };
        Some(format!(
            "{why}; bind it in cases/{}/bindings.toml",
            operation.service
        ))
    }
}

/// Whether requests of a service go without a field of this name, for its value was its author's.
pub(super) fn go_without(sender: &Sender, service: &str, name: &str) -> bool {
    let mut operations = sender.suite.operations.iter().enumerate();
    operations.any(|(index, operation)| {
        let learnt = sender.memory.authors(index);
        let mut fields = learnt.get().into_iter().flatten();
        operation.service == service && fields.any(|field| field.last_name() == Some(name))
    })
}

/// The fewest characters of a value that are known again in an answer.
const QUOTED: usize = 5;

/// Whether a refusal has a text of the documented body in it, word for word; a short one, or the key
/// of an entry, in quotes.
pub(super) fn quotes_example(operation: &Operation, base: &Case, exchange: &Exchange) -> bool {
    let Ok(answer) = &exchange.outcome else {
        return false;
    };
    let text = String::from_utf8_lossy(&answer.body);
    let is_in_quotes = |own: &str| {
        let mut quotes = ["'", "\"", "\\\"", "`"].into_iter();
        !own.is_empty() && quotes.any(|quote| text.contains(&format!("{quote}{own}{quote}")))
    };
    let is_field = |field: &FieldPath| {
        let body = operation.request_body.as_ref();
        body.is_some_and(|body| body.schema.field(field).is_some())
    };
    let mut open = vec![(base.request.body.value(), FieldPath::root())];
    while let Some((value, at)) = open.pop() {
        match value {
            Some(Value::String(own)) => {
                let is_long = own.chars().count() >= QUOTED;
                if is_long && text.contains(own.as_str()) {
                    return true;
                }
            }
            Some(Value::Array(items)) => {
                open.extend(items.iter().map(|item| (Some(item), at.item())));
            }
            Some(Value::Object(map)) => {
                for (key, value) in map {
                    let field = at.child(key.as_str());
                    if !is_field(&field) && is_in_quotes(key) {
                        return true;
                    }
                    open.push((Some(value), field));
                }
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_)) | None => {}
        }
    }
    false
}

/// The item of a list of texts in the documented body that a refusal has in quotes, or word for word:
/// no source lists what such an item may be, and so it names a thing of the example's author.
pub(super) fn quoted_item(
    operation: &Operation,
    base: &Case,
    exchange: &Exchange,
) -> Option<String> {
    let text = String::from_utf8_lossy(&exchange.outcome.as_ref().ok()?.body).into_owned();
    let body = operation.request_body.as_ref()?;
    let is_quoted = |own: &str| {
        let is_in = |quote: &str| text.contains(&format!("{quote}{own}{quote}"));
        let is_long = own.chars().count() >= QUOTED;
        !own.is_empty()
            && (is_long && text.contains(own) || ["'", "\"", "\\\"", "`"].into_iter().any(is_in))
    };
    let mut open = vec![(base.request.body.value()?, FieldPath::root())];
    while let Some((value, at)) = open.pop() {
        match value {
            Value::Array(items) => {
                let own = at.item();
                let is_listed = body
                    .schema
                    .field(&own)
                    .is_some_and(|item| !enum_values(body.schema.follow(item.node)).is_empty());
                let mut texts = items.iter().filter_map(Value::as_str);
                if !is_listed && let Some(item) = texts.find(|own| is_quoted(own)) {
                    return Some(item.to_owned());
                }
                open.extend(items.iter().map(|item| (item, own.clone())));
            }
            Value::Object(map) => {
                let fields = map.iter();
                open.extend(fields.map(|(name, value)| (value, at.child(name.as_str()))));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    None
}

/// A field of the documented body that a case goes without, where no row describes it: whether it has
/// to be sent, nobody says.
pub(super) fn undescribed(operation: &Operation, base: &Case, case: &Case) -> Option<String> {
    let schema = &operation.request_body.as_ref()?.schema;
    let shown = base.request.body.value()?.as_object()?;
    let sent = case.request.body.value()?.as_object()?;
    let is_untold = |name: &&String| {
        !sent.contains_key(*name) && schema.field(&FieldPath::name(name.as_str())).is_none()
    };
    let has_fields = schema.fields().any(|field| !field.path.is_root());
    shown.keys().find(is_untold).filter(|_| has_fields).cloned()
}

/// A request without some fields, where it stands in the same class as before; the field that it is
/// about stays.
fn without<'r>(
    operation: &Operation,
    fields: &[FieldPath],
    request: &'r Request,
    about: Option<&Row>,
) -> Cow<'r, Request> {
    let is_own = |field: &FieldPath| {
        about.is_some_and(|row| {
            row.place == Place::Request && (field.contains(&row.field) || row.field.contains(field))
        })
    };
    let mut sent = Cow::Borrowed(request);
    for field in fields.iter().filter(|field| !is_own(field)) {
        if sent.get(Place::Request, field).is_none() {
            continue;
        }
        let mut less = sent.as_ref().clone();
        less.set(Place::Request, field, None);
        let (before, class) = (classify(operation, &sent), classify(operation, &less));
        // Where nobody says what has to be sent, no page says that less is enough.
        let is_silent = before == Validity::Valid
            && matches!(class, Validity::Unspecified(_))
            && !shows_body(operation);
        // What only a field that goes left open is open no more.
        let is_told = matches!(before, Validity::Unspecified(_)) && class == Validity::Valid;
        if is_silent || is_told || class == before {
            sent = Cow::Owned(less);
        }
    }
    sent
}
