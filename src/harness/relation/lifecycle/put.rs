//! A `PUT` says by its status whether it made something (201) or replaced it (200, 204), where the
//! page documents both (RFC 9110, section 9.3.4).

use crate::check::Breach;
use crate::contract::{Identity, Operation, Resource};
use crate::generate::{Case, Expectation};

use super::{Life, Outcome, Seen, text_of};

/// Whether an operation puts something where the run says, and documents how it tells the two apart.
pub(super) fn is_told(resource: &Resource, operation: &Operation) -> bool {
    let create = resource.create.as_ref();
    let is_chosen = create.is_some_and(|create| create.identity == Identity::Chosen);
    let replaces = operation.names(200) || operation.names(204);
    is_chosen
        && operation.method == "PUT"
        && operation.names(201)
        && replaces
        && resource.show.is_some()
}

pub(super) async fn hold(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let request = life.plain_create()?;
    let parameter = &life.resource.parameter;
    let id = request.path.get(parameter).ok_or("its path names none")?;
    // What is there without anybody having made it is replaced.
    let id = serde_json::Value::from(id.as_str());
    if life.show(&id).await?.is_some_and(|seen| seen.is_success()) {
        return Err(format!("`{}` is there before it is made", text_of(&id)));
    }
    let first = life.make(&request).await?;
    if text_of(&first.id) == text_of(&id) && matches!(first.seen.status, 200 | 204) {
        let status = first.seen.status;
        let message = format!(
            "a PUT to `{}`, which was not there, was answered {status}, and 201 is documented",
            text_of(&id)
        );
        let breach = Breach::MadeOrReplaced { status };
        life.broken(&mut outcome, &first.seen.exchange, breach, message);
        return Ok(outcome);
    }
    let shown = life.shown_new(&first.id).await?;
    if first.seen.status != 201 || !shown.is_some_and(|seen| Seen::is_success(&seen)) {
        return Ok(outcome);
    }
    let case = Case {
        label: "the same once more".to_owned(),
        request: first.request.clone(),
        expectation: Expectation::Unspecified,
    };
    let again = life.law.context.send_again(operation, &case).await;
    life.law.requests.set(life.law.requests.get() + 1);
    life.law.step(&again);
    if again
        .outcome
        .as_ref()
        .is_ok_and(|answer| answer.status == 201)
    {
        let message = format!(
            "a PUT to `{}`, which was there already, was answered 201",
            text_of(&first.id)
        );
        let breach = Breach::MadeOrReplaced { status: 201 };
        life.broken(&mut outcome, &again, breach, message);
    }
    Ok(outcome)
}
