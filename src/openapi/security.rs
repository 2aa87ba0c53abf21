//! The credentials that an operation asks for: by the headers that carry them.

use super::spot::Spot;

/// A credential that an operation asks for.
pub(super) struct Credential<'l> {
    /// Where it is asked for.
    pub(super) spot: Spot<'l>,
    /// The header that carries it, where it is one that is sent.
    pub(super) header: Option<String>,
    /// Why it is not sent, where it is not.
    pub(super) message: String,
}

/// Headers that carry a credential and are sent.
const SENT: [&str; 3] = ["authorization", "x-auth-token", "x-security-token"];

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
    if ways.iter().any(is_open) {
        return Vec::new();
    }
    let schemes = document
        .at("/components/securitySchemes")
        .or_else(|| document.get("securityDefinitions"));
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

/// The header of a scheme, or why there is none.
fn carrier(scheme: &Spot<'_>) -> (Option<String>, String) {
    let kind = scheme.text("type").unwrap_or_default();
    match kind {
        "apiKey" => {
            let name = scheme.text("name").unwrap_or_default();
            let place = scheme.text("in").unwrap_or_default();
            let is_sent = place == "header" && SENT.contains(&name.to_ascii_lowercase().as_str());
            if is_sent {
                (Some(name.to_owned()), String::new())
            } else {
                let message = format!("the credential in `{name}` ({place}) is not sent");
                (None, message)
            }
        }
        "http" | "basic" | "oauth2" | "openIdConnect" => {
            (Some("Authorization".to_owned()), String::new())
        }
        other => (
            None,
            format!("credentials of the type `{other}` are not sent"),
        ),
    }
}
