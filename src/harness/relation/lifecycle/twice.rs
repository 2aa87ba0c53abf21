//! What can be done once is refused the second time, where the page says so: an order that is paid.

use crate::check::Breach;

use super::{Life, Outcome, text_of};

/// Asks for the same thing twice of something that was made for it.
pub(super) async fn is_refused(life: &Life<'_>) -> Result<Outcome, String> {
    let mut outcome = Outcome::default();
    let operation = life.law.operation;
    let index = life.law.context.sender.index_of(operation);
    let made = life.make(&life.plain_create()?).await?;
    life.shown_new(&made.id).await?;
    let first = life.ask_about(index, &made.id, "what is done once").await?;
    // What is only started may well be started again.
    if !first.is_success() || first.status == 202 {
        return Err(format!("it was answered {} the first time", first.status));
    }
    let second = life
        .ask_about(index, &made.id, "the same once more")
        .await?;
    if second.is_success() {
        let status = second.status;
        let message = format!(
            "`{}` was asked for it twice, and the second time is answered {status}: 409 is documented \
             for what is done already",
            text_of(&made.id)
        );
        let breach = Breach::DoneTwice { status };
        life.broken(&mut outcome, &second.exchange, breach, message);
    }
    Ok(outcome)
}
