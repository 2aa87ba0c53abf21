//! A create that says where the new one is (RFC 9110, section 15.3.2) leads there.

use std::sync::Arc;

use url::Url;

use crate::check::Breach;

use super::{Life, Made, Outcome, text_of};

/// Follows the `Location` of a create whose record is shown, where it leads below the endpoint.
pub(super) async fn leads_there(
    life: &Life<'_>,
    made: &Made,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let show = life.resource.show.ok_or("nothing shows one")?;
    let operation = life.operation(show)?;
    let answer = made.seen.exchange.outcome.as_ref().ok();
    let location = answer.and_then(|answer| answer.header("location"));
    let Some(location) = location.filter(|_| made.seen.status == 201) else {
        return Ok(());
    };
    let target = &life.law.context.sender.target;
    let endpoint = target.endpoint(&operation.service).unwrap_or_default();
    let Some((path, query)) = below(endpoint, &made.request.target(), location) else {
        return Ok(());
    };
    let mut request = life.request_about(show, &made.id)?;
    request.template = path;
    request.query = query;
    request.path.clear();
    request.borrowed = Arc::default();
    let label = "what the create's `Location` names";
    let seen = life.law.look(operation, &request, label).await?;
    if matches!(seen.status, 404 | 410) {
        let message = format!(
            "`{}` was created with the `Location` {location}, which is answered {}",
            text_of(&made.id),
            seen.status
        );
        let breach = Breach::LeadsNowhere;
        life.broken(outcome, &seen.exchange, breach, message);
    }
    Ok(())
}

/// The path below an endpoint, and the query, of what an answer to a request there refers to; none
/// where it leads elsewhere.
fn below(endpoint: &str, target: &str, location: &str) -> Option<(String, Vec<(String, String)>)> {
    let endpoint = endpoint.trim_end_matches('/');
    let base = Url::parse(endpoint).ok()?;
    let found = Url::parse(&format!("{endpoint}{target}"))
        .ok()?
        .join(location)
        .ok()?;
    let root = base.path().trim_end_matches('/');
    let path = found.path().strip_prefix(root)?;
    let is_plain = path.starts_with('/') && !path.contains(['{', '}']);
    let query = found.query_pairs().into_owned().collect();
    (found.origin() == base.origin() && is_plain).then(|| (path.to_owned(), query))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/v1/boxes/7", Some("/boxes/7"))]
    #[case("boxes/7", Some("/boxes/7"))]
    #[case("http://a.example/v1/boxes/7?x=1", Some("/boxes/7"))]
    #[case("/boxes/7", None)]
    #[case("https://b.example/v1/boxes/7", None)]
    fn a_location_is_followed_below_the_endpoint(
        #[case] location: &str,
        #[case] expected: Option<&str>,
    ) {
        let found = below("http://a.example/v1/", "/boxes", location);
        assert_eq!(found.map(|(path, _)| path).as_deref(), expected);
    }
}
