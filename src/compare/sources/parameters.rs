//! Parameters and bodies of requests, as pages and document have them.

use crate::contract::{
    Facet, FieldPath, Location, Operation, Parameter, Place, RequestBody, SecurityScheme,
};

use super::fields::{Side, stated};
use super::{Walk, first, of_schema};
use crate::compare::operations::in_order;

/// Headers that OpenAPI says elsewhere: in media types and in security schemes.
const SAID_ELSEWHERE: &[&str] = &["accept", "authorization", "content-type", "content-length"];

impl<'o> Walk<'o> {
    /// The parameters of each place.
    pub(super) fn parameters(&mut self, document: &'o Operation) {
        for location in [
            Location::Path,
            Location::Query,
            Location::Header,
            Location::Cookie,
        ] {
            self.parameters_in(document, location);
        }
    }

    fn parameters_in(&mut self, document: &'o Operation, location: Location) {
        let place = location.place();
        let before = in_order(self.pages, location);
        let after = in_order(document, location);
        let is_one =
            |(at, one): (usize, &Parameter), (index, other): (usize, &Parameter)| match location {
                Location::Path => at == index,
                Location::Query | Location::Cookie => plain(&one.name) == plain(&other.name),
                Location::Header => one.name.eq_ignore_ascii_case(&other.name),
            };
        for (at, parameter) in before.iter().enumerate() {
            let mut others = after.iter().enumerate();
            let partner = others.find(|(index, other)| is_one((at, parameter), (*index, other)));
            if let Some((_, partner)) = partner {
                self.parameter(place, parameter, partner);
            } else if location != Location::Path
                && !is_said_elsewhere(parameter, document, location)
            {
                let message = format!(
                    "{place} parameter `{}` stands in the pages and not in the document",
                    parameter.name
                );
                let pages = of_schema(&parameter.schema);
                self.differs(message, pages, first(&document.facts));
            }
        }
        // Pages without any parameter of a place may leave them all to another page.
        for (index, parameter) in after.iter().enumerate() {
            let mut others = before.iter().enumerate();
            let is_known = others.any(|(at, other)| is_one((at, other), (index, parameter)));
            if is_known
                || location == Location::Path
                || is_said_elsewhere(parameter, self.pages, location)
            {
                continue;
            }
            let message = format!(
                "{place} parameter `{}` stands in the document and not in the pages",
                parameter.name
            );
            let pages = first(&self.pages.facts);
            self.missing(
                &parameter.name,
                message,
                pages,
                of_schema(&parameter.schema),
            );
        }
    }

    fn parameter(&mut self, place: Place, pages: &Parameter, document: &Parameter) {
        let name = format!("{place} parameter `{}`", pages.name);
        let (own, other) = (pages.schema.own_facts(), document.schema.own_facts());
        // A parameter of a document is optional unless it says otherwise; one of the path never is.
        let is_stated = stated(own, Facet::Required);
        if place != Place::Path && is_stated && pages.required != document.required {
            self.required(&name, pages.required, (own, other));
        }
        // What pages call a text may be one that the document tells the parts of.
        if pages.is_json != document.is_json {
            return;
        }
        let sides = Side {
            pages: &pages.schema,
            document: &document.schema,
        };
        self.fields(place, &FieldPath::name(&pages.name), sides);
    }

    /// The bodies of the request.
    pub(super) fn request(&mut self, document: &'o Operation) {
        match (&self.pages.request_body, &document.request_body) {
            (None, None) => {}
            (Some(body), None) => {
                if has_fields(body) {
                    let message = "the request has a body in the pages and none in the document";
                    let pages = of_schema(&body.schema);
                    self.differs(message.to_owned(), pages, first(&document.facts));
                }
            }
            (None, Some(body)) => {
                let message = "the request has a body in the document and none in the pages";
                let facts = of_schema(&body.schema);
                let document = if facts.is_empty() {
                    first(&document.facts)
                } else {
                    facts
                };
                self.differs(message.to_owned(), first(&self.pages.facts), document);
            }
            (Some(pages), Some(document)) => {
                let sides = Side {
                    pages: &pages.schema,
                    document: &document.schema,
                };
                self.fields(Place::Request, &FieldPath::root(), sides);
            }
        }
    }
}

fn has_fields(body: &RequestBody) -> bool {
    body.schema.fields().any(|field| !field.path.is_root())
}

/// The name of a parameter without the brackets that lists are written with.
fn plain(name: &str) -> &str {
    name.strip_suffix("[]").unwrap_or(name)
}

/// Whether the other side says a parameter by other means: as a credential, or as the media type of
/// a body.
fn is_said_elsewhere(parameter: &Parameter, other: &Operation, location: Location) -> bool {
    let is_header = location == Location::Header;
    let is_credential = other.security.as_ref().is_some_and(|security| {
        security.schemes().any(|scheme| match scheme {
            SecurityScheme::Query(name) => location == Location::Query && *name == parameter.name,
            SecurityScheme::Cookie(name) => location == Location::Cookie && *name == parameter.name,
            other => {
                let header = other.header().unwrap_or_default();
                is_header && header.eq_ignore_ascii_case(&parameter.name)
            }
        })
    });
    let name = parameter.name.to_ascii_lowercase();
    is_credential || is_header && SAID_ELSEWHERE.contains(&name.as_str())
}
