//! The credentials that an operation asks for, and the headers that carry them.

use super::spot::Spot;
use crate::contract::{SecurityScheme, is_credential};
use crate::derive::said;

/// A credential that an operation asks for.
pub(super) struct Credential<'l> {
    /// Where it is asked for.
    pub(super) spot: Spot<'l>,
    /// The header that carries it, where it is one that is sent.
    pub(super) header: Option<String>,
    /// Why it is not sent, where it is not; empty where it is sent in another way than a header.
    pub(super) message: String,
}

/// The credentials of an operation: those of the first way in; none where it may be called without.
pub(super) fn credentials<'l>(document: &Spot<'l>, operation: &Spot<'l>) -> Vec<Credential<'l>> {
    let Some(ways) = operation
        .get("security")
        .or_else(|| document.get("security"))
    else {
        return Vec::new();
    };
    let is_open = |way: &Spot<'l>| way.value.as_object().is_some_and(serde_json::Map::is_empty);
    let ways: Vec<Spot<'l>> = ways.items().collect();
    if ways.iter().any(is_open) || is_said_open(operation) {
        return Vec::new();
    }
    let schemes = schemes(document);
    let Some(first) = ways.first() else {
        return Vec::new();
    };
    first
        .members()
        .map(|asked| {
            let name = asked.key();
            let scheme = schemes.as_ref().and_then(|schemes| schemes.get(&name));
            let (header, message) = match scheme {
                Some(scheme) => carrier(&scheme),
                None => (
                    None,
                    format!("the security scheme `{name}` is not described"),
                ),
            };
            Credential {
                spot: asked,
                header,
                message,
            }
        })
        .collect()
}

/// What an operation asks for: any one of the alternatives, and all schemes of that one. What cannot
/// be sent is no alternative; a list of none says that nothing is asked for.
pub(super) fn alternatives(document: &Spot<'_>, operation: &Spot<'_>) -> Vec<Vec<SecurityScheme>> {
    let Some(ways) = operation
        .get("security")
        .or_else(|| document.get("security"))
    else {
        return Vec::new();
    };
    if ways.items().next().is_none() {
        return vec![Vec::new()];
    }
    let known = of_ways(document, &ways);
    let mut all: Vec<_> = known.into_iter().filter(|way| !collide(way)).collect();
    if is_said_open(operation) && !all.contains(&Vec::new()) {
        all.push(Vec::new());
    }
    all
}

/// Whether the words of an operation say that it needs no credential, where what it asks for is said
/// of all operations of the document alone.
fn is_said_open(operation: &Spot<'_>) -> bool {
    let mut texts = ["summary", "description"].into_iter();
    operation.get("security").is_none()
        && texts.any(|word| operation.text(word).is_some_and(said::needs_no_credential))
}

/// Where an operation asks for credentials that no request has together, each time: two in one header.
pub(super) fn unsendable<'l>(document: &Spot<'l>, operation: &Spot<'l>) -> Option<Spot<'l>> {
    let ways = operation.get("security");
    let ways = ways.or_else(|| document.get("security"))?;
    let known = of_ways(document, &ways);
    let is_none = !known.is_empty()
        && known.len() == ways.items().count()
        && known.iter().all(|way| collide(way));
    is_none.then_some(ways)
}

/// The schemes of each of several ways in, but for those that are not known. Names of one way of
/// carrying a credential, as those of two flows that both give a token, are one.
fn of_ways(document: &Spot<'_>, ways: &Spot<'_>) -> Vec<Vec<SecurityScheme>> {
    let schemes = schemes(document);
    let known = |name: &str| scheme_of(&schemes.as_ref()?.get(name)?);
    ways.items()
        .filter_map(|way| {
            let all: Option<Vec<_>> = way.members().map(|asked| known(&asked.key())).collect();
            let mut distinct: Vec<SecurityScheme> = Vec::new();
            for scheme in all? {
                if !distinct.contains(&scheme) {
                    distinct.push(scheme);
                }
            }
            Some(distinct)
        })
        .collect()
}

/// Whether two schemes are carried by one header, which has one value.
fn collide(way: &[SecurityScheme]) -> bool {
    let headers: Vec<String> = way
        .iter()
        .filter_map(|scheme| scheme.header().map(str::to_ascii_lowercase))
        .collect();
    let is_twice =
        |(at, header): (usize, &String)| headers.iter().skip(at + 1).any(|other| other == header);
    headers.iter().enumerate().any(is_twice)
}

/// The schemes that a document describes, by their names.
fn schemes<'l>(document: &Spot<'l>) -> Option<Spot<'l>> {
    document
        .at("/components/securitySchemes")
        .or_else(|| document.get("securityDefinitions"))
}

/// The scheme that an object describes, in the words of OpenAPI or of Swagger 2.0.
fn scheme_of(spot: &Spot<'_>) -> Option<SecurityScheme> {
    if spot.text("type") == Some("basic") {
        return Some(SecurityScheme::Basic);
    }
    SecurityScheme::of_openapi(spot.value)
}

/// The header of a scheme that is told by its name, or why a credential is not sent.
fn carrier(spot: &Spot<'_>) -> (Option<String>, String) {
    if let Some(scheme) = scheme_of(spot) {
        let header = scheme.header().filter(|name| is_credential(name));
        (header.map(str::to_owned), String::new())
    } else {
        let kind = spot.text("type").unwrap_or_default();
        let message = format!("credentials of the type `{kind}` are not sent");
        (None, message)
    }
}
