//! Whether a refusal of a valid request can be held against the endpoint. It can where the source
//! spells the request out, or where it differs from one that this run saw taken by what a stated
//! rule allows. What was made up from types, or holds values of the source's author, is blocked,
//! with what would mend it.

mod things;

use serde_json::Value;

use crate::check::{Check, Subject};
use crate::contract::{
    DocumentationKind, Fact, Level, Location, Operation, Place, Row, Rule, SecurityScheme, Source,
    Suite, checks_credential, is_secret, words,
};
use crate::exchange::Exchange;
use crate::generate::{
    Case, Credential, Edits, Expectation, Footing, edits, footing, is_bound, is_placeholder,
    made_up_header, neighbour, with_edit_alone,
};

pub(in crate::harness) use self::things::undoes;

use self::things::{
    says_what_is_done, why_not_now, why_not_there, why_of_another_kind, why_of_what_was_made,
    why_unrelated,
};
use super::authors::{quoted_item, quotes_example, undescribed};
use super::finding::Finding;
use super::fixture::TrialContext;
use super::found::may_lack_what_is_asked;
use super::refusal::{is_refusal, lacks};
use super::run_context::RunContext;
use super::sender::Sender;
use super::trial::{TrialResult, Verdict};

/// Why the plainest request of an operation stands on no firm ground, if so: with what mends it.
/// The same for all that builds on it.
fn weakness(context: &RunContext, operation: &Operation, status: Option<u16>) -> Option<String> {
    let sender = &context.sender;
    let base = sender.samples.documented(sender.index_of(operation))?;
    let bindings = sender.suite.bindings(operation);
    // The service took the request without a value of the author's.
    let is_in_the_way = || {
        let learnt = sender.memory.authors(sender.index_of(operation));
        learnt.get().is_some_and(|fields| !fields.is_empty())
    };
    let (row, why) = match footing(operation, &bindings, &base.request) {
        Footing::Firm => return unread_part(&sender.suite, operation, status),
        Footing::MadeUp(row) => {
            let why =
                format!("no example of its request was read, and `{row}` is made up from its type");
            (row, why)
        }
        Footing::Silent(row) => {
            let why = format!("no page says whether `{row}` has to be sent");
            (row, why)
        }
        // A status that no page gives the refusal is not the author's.
        Footing::Authors(row)
            if !is_placeholder(&base.request, &row)
                && status.is_some_and(|status| !operation.is_documented(status))
                && !is_in_the_way() =>
        {
            return None;
        }
        Footing::Written(row) => {
            return Some(format!(
                "the request of {} is refused with the example that cases/{} gives of `{row}`: \
                 correct it",
                operation.id, operation.service
            ));
        }
        Footing::Authors(row) => {
            let why = format!("the example's `{row}` is a value of its author's");
            (row, why)
        }
    };
    // What the service itself names is more likely what is wrong.
    let named = sender.memory.named(sender.index_of(operation));
    let is_bound = |row: &Row| is_bound(&bindings, row.place, &row.field);
    let named = named.filter(|named| *named != row && !is_bound(named));
    let said = named.as_ref().map_or_else(String::new, |named| {
        format!(", and the answer names `{named}`")
    });
    Some(format!(
        "the request of {} is refused, and nobody spells it out: {why}{said}; {}",
        operation.id,
        advice(operation, named.as_ref().unwrap_or(&row))
    ))
}

/// The statuses with which a server refuses a request for lack of a body.
const OF_BODIES: [u16; 4] = [400, 411, 415, 422];

/// Whether an operation of a page makes or changes a thing, which has to be told what it is to be:
/// that no row describes its body says rather that the page has none that is read. What only sets
/// something going may well have none.
fn writes_what_is_sent(suite: &Suite, operation: &Operation) -> bool {
    let is_of_page = |fact: &Fact| matches!(fact.source, Source::Page(_));
    let is_item = |path: &str| {
        path.strip_prefix(operation.path.as_str())
            .and_then(|rest| rest.strip_prefix("/{"))
            .is_some_and(|rest| rest.find('}').is_some_and(|end| end + 1 == rest.len()))
    };
    // What is shown at the same path is what is sent there.
    let is_shown = |other: &Operation| other.method == "GET" && other.path == operation.path;
    let others = suite.operations.iter();
    let mut others = others.filter(|other| other.service == operation.service);
    operation.facts.iter().any(is_of_page)
        && (operation.method != "POST"
            || others.any(|other| is_item(&other.path) || is_shown(other)))
}

/// Why the refusal of a request says nothing, where the source has something of it that could not be
/// read: of its body, where it is sent without one, or of its query, where a wrong one is refused.
pub(super) fn unread_part(
    suite: &Suite,
    operation: &Operation,
    status: Option<u16>,
) -> Option<String> {
    let takes_body = matches!(operation.method.as_str(), "POST" | "PUT" | "PATCH");
    let lacks_body = takes_body && operation.request_body.is_none();
    // What is lacking may well name what the request is about.
    let is_of_request = matches!(status, Some(400 | 403 | 404 | 409 | 412 | 422));
    let mut services = suite.services.iter();
    let own = services.find(|service| service.name == operation.service)?;
    let mut unread = own.documentation().iter().filter(|finding| {
        let is_unread = match finding.kind {
            DocumentationKind::ParameterWithoutRow => is_of_request,
            DocumentationKind::TableWithoutPlace => lacks_body || !takes_body && is_of_request,
            DocumentationKind::TableNotRead => {
                lacks_body || !takes_body && matches!(status, Some(400 | 422))
            }
            DocumentationKind::RowNotRead => lacks_body,
            DocumentationKind::SectionWithoutTable | DocumentationKind::ExampleNotRead => {
                lacks_body
            }
            _ => false,
        };
        is_unread && finding.operation == operation.id
    });
    let Some(finding) = unread.next() else {
        let is_of_body = status.is_some_and(|status| OF_BODIES.contains(&status));
        let is_untold = lacks_body && is_of_body && writes_what_is_sent(suite, operation);
        return is_untold.then(|| {
            format!(
                "the request of {} is refused without a body, and no page says what it has",
                operation.id
            )
        });
    };
    let place = finding.rows.first().map_or_else(String::new, |row| {
        format!(" ({}, line {})", row.page(), row.line())
    });
    let what = if lacks_body && finding.kind != DocumentationKind::ParameterWithoutRow {
        "is refused without a body, and what may be its body was not read"
    } else {
        "is refused, and a part of what may be said of it was not read"
    };
    Some(format!(
        "the request of {} {what}{place}: {}",
        operation.id, finding.message
    ))
}

/// Why a refusal with a status that no page gives it says nothing: a header that each request has to
/// have was made up, and no request with it was ever taken.
pub(super) fn why_refused_otherwise(
    sender: &Sender,
    operation: &Operation,
    case: &Case,
    status: u16,
) -> Option<String> {
    if !(400..500).contains(&status) || operation.names(status) {
        return None;
    }
    let bindings = sender.suite.bindings(operation);
    let row = made_up_header(operation, &bindings, &case.request)?;
    let name = row.field.last_name().unwrap_or_default();
    let has_it = |other: &Operation| {
        let mut headers = other.parameters_in(Location::Header);
        other.service == operation.service
            && headers.any(|header| header.name.eq_ignore_ascii_case(name))
    };
    let mut taken = sender.memory.taken().into_iter();
    let is_taken = taken.any(|index| sender.suite.operations.get(index).is_some_and(has_it));
    (!is_taken).then(|| {
        format!(
            "refused ({status}), perhaps for its `{row}`, which is made up from its type: {}",
            advice(operation, &row)
        )
    })
}

/// How a place gets a value that the service takes.
fn advice(operation: &Operation, row: &Row) -> String {
    match (row.place, row.field.last_name()) {
        (Place::Header, Some(name)) => format!("give `--header '{name}: VALUE'`"),
        _ => format!(
            "give an example on the page, or bind it in cases/{}/bindings.toml: `{}`",
            operation.service,
            line(operation, row)
        ),
    }
}

/// The line of `bindings.toml` that binds a place.
fn line(operation: &Operation, row: &Row) -> String {
    let name = row.field.last_name().unwrap_or("value");
    let key: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("bind = {{ \"{row}\" = \"{}.{key}\" }}", operation.service)
}

/// Why the refusal of a request that was planned as valid says nothing of the endpoint, if so.
pub(super) async fn why_not_held(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
    exchange: &Exchange,
    requests: &mut u64,
) -> Option<String> {
    let sender = &context.sender;
    let index = sender.index_of(operation);
    let base = sender.samples.documented(index)?;
    let status = exchange.outcome.as_ref().ok()?.status;
    if let Some(reason) = lacks(exchange) {
        let reason = sender.redactor.redact(&reason);
        if sender.memory.is_refused(index) {
            sender.memory.note_off(index, &reason);
        }
        return Some(reason);
    }
    if !sender.memory.is_taken(index) {
        if status == 401 && operation.names(401) && tells_no_scheme(operation) {
            return Some(
                "answered 401, which is documented, to the credential that was given: no source \
                 says which one is taken here"
                    .to_owned(),
            );
        }
        if status == 403
            && case.request.credential == Credential::Given
            && !sender.lacks_credential()
        {
            return Some(LACKS_RIGHT.to_owned());
        }
        if let Some(said) = operation.where_set_up() {
            return Some(format!(
                "refused ({status}): {}, line {}, says that it serves only where the service is set up \
                 for it",
                said.page(),
                said.line()
            ));
        }
        let bindings = sender.suite.bindings(operation);
        let reason = may_lack_what_is_asked(&sender.target, &bindings, operation, status);
        if reason.is_some() {
            return reason;
        }
    }
    if let Some(reason) = context.is_about_authors(operation, subject) {
        return Some(reason);
    }
    if let Some(reason) = why_unrelated(context, operation, case, status) {
        return Some(reason);
    }
    if let Some(reason) = why_not_there(context, operation, case, base, status) {
        return Some(reason);
    }
    if operation.names(status)
        && let Some(reason) = why_of_what_was_made(sender, operation, case, status)
        && (says_what_is_done(operation, subject)
            || !is_plainest_taken(context, operation, base, subject, requests).await)
    {
        return Some(reason);
    }
    if let Some(reason) = why_of_another_kind(operation, case, base, status) {
        return Some(reason);
    }
    if let Some(reason) = why_not_now(context, operation, case, exchange) {
        return Some(reason);
    }
    // Of what names the copy that a change rests on, only what is there now is right.
    if let Some(rule) = subject.fact.rule()
        && rule.place == Place::Request
        && sender.bases.names(index, &rule.field)
    {
        return Some(format!(
            "refused ({status}): `{}` has to be that of what is there",
            rule.field
        ));
    }
    if matches!(status, 404 | 410)
        && let Some(item) = quoted_item(operation, base, exchange)
    {
        return Some(format!(
            "answered {status}, and the answer names `{}`, which the example's list has: what its \
             author had is not here; bind it in cases/{}/bindings.toml",
            sender.redactor.redact(&item),
            operation.service
        ));
    }
    if let Some(name) = undescribed(operation, base, case) {
        return Some(format!(
            "refused ({status}) without `{name}`, which the example sends, and no row describes"
        ));
    }
    let differs = of_base(context, operation, case, subject)?;
    if differs.count == 0 {
        // What the refusal quotes from an example of its author's is what is not here.
        let status = (!quotes_example(operation, base, exchange)).then_some(status);
        return weakness(context, operation, status);
    }
    let is_wrong = match status {
        401 | 403 => true,
        400 => subject.fact.rule().is_some_and(is_secret_field),
        _ => false,
    };
    if is_wrong && checks_credential(&operation.method, &operation.path) {
        return Some(format!(
            "refused ({status}): only a name and a password that are known there are taken"
        ));
    }
    if let Some(row) = differs.made_up {
        return Some(weakness_of_known_refusal(context, operation).unwrap_or_else(|| {
            format!(
                "refused ({status}) with a value of `{row}` that is made up from its type, since \
                 no page lists any; {}",
                advice(operation, &row)
            )
        }));
    }
    if differs.count > 1
        && let Some(row) = subject.fact.rule().map(Rule::row)
        && let Some(request) = with_edit_alone(operation, &base.request, &case.request, &row)
    {
        // What each field is allowed by itself may not be allowed together.
        let control = Case {
            label: "the same without other changes".to_owned(),
            request,
            expectation: Expectation::Success,
        };
        *requests += 1;
        let sending = context.send_unique(operation, &control, &subject.fact, context.scope());
        let (_, exchange) = Box::pin(sending).await;
        // What fails there is told of by itself.
        if !is_refusal(&exchange) {
            return Some(format!(
                "refused ({status}) together with fields that may be left out, and not without \
                 them: a rule between them, of which no page speaks?"
            ));
        }
    }
    if let Some(row) = refused_beside(
        context,
        operation,
        (case, base),
        subject,
        exchange,
        requests,
    )
    .await
    {
        return Some(format!(
            "refused ({status}) with a made-up value of `{row}`, and so is one of the size of what is \
             taken: what it may be is not told; {}",
            advice(operation, &row)
        ));
    }
    let weak = weakness(context, operation, None)?;
    // That this request was refused, or others that differ too, does not say that the plainest is.
    is_plainest_taken(context, operation, base, subject, requests).await;
    if sender.memory.is_refused(index) {
        return Some(weak);
    }
    // Another request may have been taken, and the one that this differs from not.
    let is_taken = is_base_taken(context, operation, base, subject, requests).await;
    (!is_taken).then_some(weak)
}

/// Whether the plainest request of an operation itself is taken; it is asked for once in a run.
async fn is_base_taken(
    context: &TrialContext,
    operation: &Operation,
    base: &Case,
    subject: &Subject,
    requests: &mut u64,
) -> bool {
    let known = context
        .sender
        .memory
        .base(context.sender.index_of(operation));
    *requests += u64::from(!known.initialized());
    let ask = || async {
        let sending = context.send_unique(operation, base, &subject.fact, context.scope());
        Box::pin(sending).await.1.is_success()
    };
    *known.get_or_init(ask).await
}

/// The field of which a made-up value of the size of what is taken is refused as the request was: then
/// it is not its size that is refused.
async fn refused_beside(
    context: &TrialContext,
    operation: &Operation,
    (case, base): (&Case, &Case),
    subject: &Subject,
    exchange: &Exchange,
    requests: &mut u64,
) -> Option<Row> {
    let status = |exchange: &Exchange| exchange.outcome.as_ref().ok().map(|answer| answer.status);
    let refused = status(exchange).filter(|status| matches!(status, 400 | 404 | 422))?;
    let (request, row) = neighbour(operation, &base.request, &case.request)?;
    let control = Case {
        label: "a made-up value of the size of what is taken".to_owned(),
        request,
        expectation: Expectation::Success,
    };
    *requests += 1;
    let sending = context.send_unique(operation, &control, &subject.fact, context.scope());
    let (_, answer) = Box::pin(sending).await;
    (status(&answer) == Some(refused)).then_some(row)
}

/// Whether a source that speaks of a refusal for want of a credential does not say of which kind one
/// is: `Authorization` may carry any.
fn tells_no_scheme(operation: &Operation) -> bool {
    let is_any = |scheme: &SecurityScheme| matches!(scheme, SecurityScheme::Header(name) if name.eq_ignore_ascii_case("authorization"));
    operation.security.is_none() && operation.security_schemes().iter().all(is_any)
}

/// Whether a valid request of an operation was taken. Where none was yet, the plainest is asked for,
/// once in a run.
pub(super) async fn is_plainest_taken(
    context: &TrialContext,
    operation: &Operation,
    base: &Case,
    subject: &Subject,
    requests: &mut u64,
) -> bool {
    let memory = &context.sender.memory;
    let index = context.sender.index_of(operation);
    if !memory.is_taken(index) {
        let asked = memory.asked(index);
        let ask = || async {
            context
                .send_unique(operation, base, &subject.fact, context.scope())
                .await;
        };
        *requests += u64::from(!asked.initialized());
        asked.get_or_init(ask).await;
    }
    memory.is_taken(index)
}

/// Whether a rule is about a field that is called as a name or a secret of an account is.
fn is_secret_field(rule: &Rule) -> bool {
    let name = rule.field.last_name().unwrap_or_default().to_lowercase();
    let words = words(&name);
    let is_name = ["user", "username", "login", "email", "account"];
    is_secret(&rule.field) || words.iter().any(|word| is_name.contains(&word.as_str()))
}

/// What the plainest request lacks, where it is known to be refused.
fn weakness_of_known_refusal(context: &TrialContext, operation: &Operation) -> Option<String> {
    let sender = &context.sender;
    sender
        .memory
        .is_refused(sender.index_of(operation))
        .then(|| weakness(context, operation, None))
        .flatten()
}

/// How a case differs from the plainest request of its operation.
fn of_base(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
) -> Option<Edits> {
    let sender = &context.sender;
    let base = sender.samples.documented(sender.index_of(operation))?;
    let mut base = base.request.clone();
    context.mark(operation, &subject.fact, &mut base);
    // What varies from request to request because it must is no change.
    let mut request = case.request.clone();
    let learnt = sender.memory.unique(sender.index_of(operation));
    let own = subject.fact.rule().map(|rule| &rule.field);
    for field in learnt.get().into_iter().flatten() {
        let value = base.get(Place::Request, field);
        let sent = request.get(Place::Request, field);
        if let (Some(value), Some(sent)) = (value, sent)
            && own != Some(field)
            && may_vary(&value, &sent)
        {
            request.set(Place::Request, field, Some(value));
        }
    }
    Some(edits(operation, &base, &request))
}

/// Whether a value may stand for another only so that no two are the same: a text with letters of
/// other kinds than the other has, or than a new ending brings, was chosen for them.
fn may_vary(value: &Value, sent: &Value) -> bool {
    let (Value::String(value), Value::String(sent)) = (value, sent) else {
        return true;
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    sent.chars()
        .all(|letter| is_plain(letter) || value.contains(letter))
}

/// Whether a case differs from the plainest request of its operation in several fields at once: that
/// each is allowed does not say that all together are.
pub(super) fn is_of_several_edits(
    context: &TrialContext,
    operation: &Operation,
    case: &Case,
    subject: &Subject,
) -> bool {
    of_base(context, operation, case, subject).is_some_and(|edits| edits.count > 1)
}

/// What a 403 to each request with the credential that was given comes to.
const LACKS_RIGHT: &str = "answered 403 to the credential that was given, which may lack the right \
                           to this: give one that has it";

/// Whether a finding stands whatever else the run sees of its operation.
pub(super) fn is_settled(context: &RunContext, operation: usize, finding: &Finding) -> bool {
    !(is_other_refusal(finding) || is_forbidden(finding))
        || context.sender.memory.is_taken(operation)
}

/// Whether a request that is to be refused was refused in a way that no page gives it.
fn is_other_refusal(finding: &Finding) -> bool {
    let is_refused = finding.status().is_some_and(|status| status / 100 == 4);
    let is_refusal = finding.expectation.is_some_and(Expectation::is_refusal);
    finding.check == Check::Status && is_refused && is_refusal
}

/// Whether a 403 is what is wrong.
fn is_forbidden(finding: &Finding) -> bool {
    finding.check == Check::Status && finding.status() == Some(403)
}

/// Sets aside, for an operation of which no valid request was taken and none is spelled out, that
/// requests were refused with a status that no page gives them: nobody knows what they were refused
/// for. What shows nothing is blocked for the one reason.
pub(super) fn set_aside(
    context: &RunContext,
    operation: &Operation,
    results: &mut [TrialResult],
    level: Level,
) {
    let index = context.sender.index_of(operation);
    let Some(refusal) = context.sender.memory.refusal(index) else {
        return;
    };
    let lacks_right = refusal == 403 && !context.sender.lacks_credential();
    let reason = if lacks_right {
        LACKS_RIGHT.to_owned()
    } else if let Some(reason) = weakness(context, operation, None) {
        reason
    } else {
        return;
    };
    // What the credential has no right to is no more answered than it is refused.
    let is_aside =
        |finding: &Finding| is_other_refusal(finding) || lacks_right && is_forbidden(finding);
    let id = operation.operation_id();
    for result in results.iter_mut().filter(|one| one.fact.operation == id) {
        let all = result.findings.len();
        result.findings.retain(|finding| !is_aside(finding));
        let is_cleared = result.findings.len() < all
            && result.verdict == Verdict::Failed
            && !result.findings.iter().any(|finding| finding.fails(level));
        let is_inconclusive = result.verdict == Verdict::Blocked
            && context.sender.samples.refusing.contains_key(&result.name);
        if is_cleared || is_inconclusive {
            result.verdict = Verdict::Blocked;
            result.reason = Some(context.sender.redactor.redact(&reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case::ending(json!("abcdefgh"), json!("abcdefgh-1x2y3z"), true)]
    #[case::of_its_kind(json!("a b.c"), json!("x y.z"), true)]
    #[case::number(json!(1), json!(7), true)]
    #[case::other_letters(json!("abcdefgh"), json!("Grüße-1x2y3z"), false)]
    #[case::blank(json!("abcdefgh"), json!("abc defgh"), false)]
    fn what_varies_is_told_from_what_was_chosen(
        #[case] value: Value,
        #[case] sent: Value,
        #[case] expected: bool,
    ) {
        assert_eq!(may_vary(&value, &sent), expected);
    }
}
