//! Changes that rest on a copy: a request that has to name one by its entity tag (RFC 9110, section
//! 13.1.1) gets the tag of what is there now, from the operation that shows it.

use crate::contract::{FieldPath, Location, Operation, Place, parameters_of_path};
use crate::generate::{Case, Expectation, Request};

use super::sender::Sender;

/// The header that names the copy which a change rests on.
const IF_MATCH: &str = "if-match";

impl Sender {
    /// The request with the entity tag of what it changes, where it has to name one and no case is
    /// about that: a tag that is made up is that of no copy.
    pub(super) async fn with_entity_tag(
        &self,
        operation: &Operation,
        request: &Request,
    ) -> Option<Request> {
        let mut headers = operation.parameters_in(Location::Header);
        let header =
            headers.find(|header| header.required && header.name.eq_ignore_ascii_case(IF_MATCH))?;
        let place = FieldPath::name(&header.name);
        let own = request.get(Place::Header, &place)?;
        let index = self.index_of(operation);
        let plain = self.baseline(index).ok()?;
        if own == "*" || plain.get(Place::Header, &place)? != own {
            return None;
        }
        let name = parameters_of_path(operation).pop()?;
        let key = self
            .suite
            .bindings(operation)
            .remove(&format!("path.{name}"))?;
        let mut resources = self.suite.resources.iter();
        let show = resources.find(|resource| resource.key == key)?.show?;
        let showing = self.suite.operations.get(show)?;
        let id = request.path.get(name)?;
        let mut asking = self.baseline_of_id(show, &key, &id.as_str().into()).ok()?;
        for (name, value) in &mut asking.path {
            if let Some(own) = request.path.get(name) {
                value.clone_from(own);
            }
        }
        let case = Case {
            label: "the copy that a change rests on".to_owned(),
            request: asking,
            expectation: Expectation::Success,
        };
        let exchange = self.send_anyway(showing, &case).await;
        let answer = exchange.outcome.as_ref().ok()?;
        let tag = answer.header("etag")?.trim().to_owned();
        let mut lent = request.clone();
        lent.set(Place::Header, &place, Some(tag.into()));
        Some(lent)
    }
}
