//! Statuses and bodies of answers, as pages and document have them.

use std::collections::BTreeSet;

use crate::contract::{Fact, FieldPath, Operation, Place, Response, StatusRange};

use super::Walk;
use super::fields::Side;

/// The classes whose statuses are compared: of redirections and of what went wrong within the
/// service hardly any source says all.
const CLASSES: &[u16] = &[2, 4];

impl<'o> Walk<'o> {
    /// The statuses that only one side names, in classes of which both name some.
    pub(super) fn statuses(&mut self, document: &'o Operation) {
        for class in CLASSES {
            let (own, other) = (named(self.pages, *class), named(document, *class));
            if own.is_empty() || other.is_empty() {
                continue;
            }
            let sides = [
                (self.pages, document, &own, &other, "pages", "document"),
                (document, self.pages, &other, &own, "document", "pages"),
            ];
            for (has, lacks, these, those, here, there) in sides {
                for status in these.difference(those) {
                    // A class or a default stands for each of its statuses.
                    if lacks.response(*status).is_some() {
                        continue;
                    }
                    let message =
                        format!("status {status} stands in the {here} and not in the {there}");
                    let stated = facts(has, *status);
                    let mut others = those.iter().flat_map(|status| facts(lacks, *status));
                    let near: Vec<Fact> = others.next().into_iter().collect();
                    if here == "pages" {
                        self.differs(message, stated, near);
                    } else if *class == 4 && self.mentions.has_status(self.pages, *status) {
                        // Numbers such as 200 stand in sentences about other things as well.
                        self.silent(message, near, stated);
                    } else {
                        self.differs(message, near, stated);
                    }
                }
            }
        }
    }

    /// The bodies and headers of answers that both describe.
    pub(super) fn answers(&mut self, document: &'o Operation) {
        for own in &self.pages.responses {
            let Some(other) = partner(own, self.pages, document) else {
                continue;
            };
            if let (Some(pages), Some(document)) = (&own.schema, &other.schema) {
                let place = Place::Response(other.status);
                self.fields(place, &FieldPath::root(), Side { pages, document });
            }
            for header in &own.headers {
                let mut others = other.headers.iter();
                let known = others.find(|other| other.name.eq_ignore_ascii_case(&header.name));
                if let Some(known) = known {
                    let sides = Side {
                        pages: &header.schema,
                        document: &known.schema,
                    };
                    let place = Place::ResponseHeader(other.status);
                    self.fields(place, &FieldPath::name(&header.name), sides);
                }
            }
        }
    }
}

/// The statuses of a class that an operation names.
fn named(operation: &Operation, class: u16) -> BTreeSet<u16> {
    let responses = operation.responses.iter();
    responses
        .filter_map(|response| response.status.code())
        .filter(|code| code / 100 == class)
        .collect()
}

fn facts(operation: &Operation, status: u16) -> Vec<Fact> {
    let exact = StatusRange::Code(status);
    let mut responses = operation.responses.iter();
    let found = responses.find(|response| response.status == exact);
    found
        .map(|response| super::first(&response.facts))
        .unwrap_or_default()
}

/// The answer of the document to hold one of the pages against: of its status, or the only one of
/// its class where one of the two names no status.
fn partner<'o>(own: &Response, pages: &Operation, document: &'o Operation) -> Option<&'o Response> {
    if let Some(code) = own.status.code()
        && document.names(code)
    {
        return document.response(code);
    }
    let class = own.class()?;
    let of_class = |operation: &'o Operation| -> Vec<&'o Response> {
        let responses = operation.responses.iter();
        responses
            .filter(|response| response.class() == Some(class))
            .collect()
    };
    let is_only = pages
        .responses
        .iter()
        .filter(|response| response.class() == Some(class))
        .count()
        == 1;
    let others = of_class(document);
    let only = others.first().filter(|_| is_only && others.len() == 1)?;
    let is_open = own.status.code().is_none() || only.status.code().is_none();
    is_open.then_some(*only)
}
