//! Links: which operation takes a value of an answer, and as what. Those whose value is an id that a
//! request or an answer tells stay in the contract: resources are recognised by them.

use serde_json::{Map, Value};

use super::error::OpenApiError;
use super::operation::Operations;
use super::spot::Spot;
use crate::contract::{DocumentationKind, Fact, LinkedValue};

/// A link of an answer, before it is known which operations there are.
pub(super) struct OpenLink<'l> {
    /// Where it stands.
    spot: Spot<'l>,
    /// Its own name.
    name: String,
    /// The parameters and what each takes.
    parameters: Map<String, Value>,
}

/// The links of one answer, and where the answer stands in the contract.
pub(super) struct OfAnswer<'l> {
    pub(super) path: String,
    pub(super) method: String,
    pub(super) status: String,
    pub(super) links: Vec<OpenLink<'l>>,
}

impl<'l> Operations<'l> {
    /// The links of an answer that say where an id comes from; the others are noted.
    pub(super) fn links(
        &mut self,
        response: &Spot<'l>,
        prose: &mut Vec<Fact>,
    ) -> Result<Vec<OpenLink<'l>>, OpenApiError> {
        let mut open = Vec::new();
        let given = response.get("links");
        for given in given.iter().flat_map(Spot::members) {
            let name = given.key();
            if name.starts_with("x-") {
                continue;
            }
            let spot = self.resolved(&given)?;
            let mut parameters = Map::new();
            let mut left_out = Vec::new();
            for taken in spot.get("parameters").iter().flat_map(Spot::members) {
                let parameter = taken.key();
                let parameter = parameter.strip_prefix("path.").unwrap_or(&parameter);
                let value = taken.value.as_str();
                if value.is_some_and(|value| LinkedValue::read(value).is_some()) {
                    parameters.insert(parameter.to_owned(), taken.value.clone());
                } else {
                    left_out.push(parameter.to_owned());
                }
            }
            if parameters.is_empty() {
                let message = format!(
                    "the link `{name}` is not followed: no parameter takes a value of the body"
                );
                self.not_tried(&spot, &message, prose);
                continue;
            }
            for parameter in left_out {
                let message = format!(
                    "of the link `{name}` the parameter `{parameter}` is not read: it takes no field of \
                     a body"
                );
                self.not_tried(&spot, &message, prose);
            }
            open.push(OpenLink {
                spot,
                name,
                parameters,
            });
        }
        Ok(open)
    }

    /// Writes the links of which it is known now which operation each leads to, and notes the others.
    pub(super) fn settle_links(&mut self) {
        for answer in std::mem::take(&mut self.linked) {
            let mut written = Map::new();
            for link in answer.links {
                let Some(id) = self.target_of(&link.spot) else {
                    let message = format!(
                        "the link `{}` is not followed: it leads to no operation that is read",
                        link.name
                    );
                    let kind = DocumentationKind::PartNotTried;
                    self.schemas.notes.add(kind, &link.spot, message);
                    continue;
                };
                let mut node = Map::new();
                node.insert("operationId".to_owned(), Value::from(id));
                node.insert("parameters".to_owned(), Value::Object(link.parameters));
                written.insert(link.name, Value::Object(node));
            }
            let item = self.paths.get_mut(&answer.path);
            let node = item.and_then(|item| item.get_mut(&answer.method));
            let node = node.and_then(|node| node["responses"].get_mut(&answer.status));
            if let (Some(Value::Object(node)), false) = (node, written.is_empty()) {
                node.insert("links".to_owned(), Value::Object(written));
            }
        }
    }

    /// The id in the contract of the operation that a link leads to.
    fn target_of(&self, link: &Spot<'l>) -> Option<&str> {
        let at = match (link.text("operationId"), link.text("operationRef")) {
            (Some(id), _) => {
                let named = &self.ids.get(id)?.pointer;
                named.trim_end_matches("/operationId").to_owned()
            }
            (None, Some(reference)) => reference.strip_prefix('#')?.to_owned(),
            (None, None) => return None,
        };
        self.assigned.get(&at).map(String::as_str)
    }
}
