//! How a page says that a credential is carried, and whether an operation asks for one: a line such
//! as `Authorization: Bearer <token>`, words such as "HTTP Basic authentication", the row of a query
//! parameter that is called a key.

mod told;

use std::collections::BTreeSet;

use self::told::{Told, sentences, told};
use super::credential_rows::{OF_API_KEY, descriptions, is_called_key, is_key, of_tables};
use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::schemes::{OF_KEY, again, schemes};
use crate::contract::{Location, SecurityScheme, carries_credential, hands_out_credential};
use crate::page::Block;

/// What a page says of credentials, for one operation.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Credential {
    /// The schemes, each once.
    pub schemes: Vec<SecurityScheme>,
    /// Whether the operation is said to need one of them.
    pub is_needed: bool,
    /// Whether it is said to need all of them at once: each has a row that calls it mandatory.
    pub is_all: bool,
    /// Whether it is said to be open to anybody.
    pub is_open: bool,
}

impl Credential {
    fn add(&mut self, scheme: SecurityScheme) {
        if !self.schemes.contains(&scheme) {
            self.schemes.push(scheme);
        }
    }

    /// Unites with what another edition says.
    pub(super) fn unite(&mut self, other: Self) {
        // Who is silent contradicts nothing; of two that say different things, any does.
        let is_same = self.schemes == other.schemes && self.is_all == other.is_all;
        self.is_all = if self.schemes.is_empty() {
            other.is_all
        } else {
            self.is_all && (is_same || other.schemes.is_empty())
        };
        other
            .schemes
            .into_iter()
            .for_each(|scheme| self.add(scheme));
        self.is_needed |= other.is_needed;
        self.is_open |= other.is_open;
    }
}

phrases! {
    Access:

    /// Words by which a sentence denies what it speaks of, or says it of the past.
    static DENIED;

    /// A sentence by which all requests need a credential.
    static OF_ALL;

    /// A sentence by which an operation needs one.
    static NEEDED;

    /// A sentence by which an API, or whoever uses it, is let in by what it names.
    static LET_IN;

    /// A sentence that tells its reader to send one.
    static TOLD_TO;

    /// Words by which a sentence is about a part of the requests, or leaves it to the reader.
    static OF_SOME;

    /// A word for one of several.
    static EITHER;

    /// Words for being let in.
    static OF_ACCESS;

    /// A sentence by which an operation is open to anybody.
    static OPEN;

    /// A sentence that says outright that no credential is needed.
    static NEEDS_NONE;

    /// Words by which a sentence says what becomes of a request without a credential.
    static REFUSED;

    /// What a sentence adds of requests without what it asks for: it denies nothing.
    static CONSEQUENCE;

    /// A sentence by which requests without a credential are refused.
    static WITHOUT;

    /// Words for credentials that go otherwise than in the header `Authorization`.
    static OTHER_WAYS;

    /// Paths that tell anybody whether a service is there; the status of one thing is another matter.
    static OF_ANYBODY;

    /// Words by which several are sent at once.
    static TOGETHER;

    /// Words by which one of several is enough.
    static OF_CHOICE;
}

/// The longest line that shows the header of a credential.
const LONGEST_HEADER: usize = 100;

/// What a page says of the credentials of all its operations. Of a page of several, `shared` are the
/// blocks that belong to none of them.
pub(super) fn of_page(blocks: &[&Block], shared: &[&Block], has_several: bool) -> Credential {
    let mut credential = Credential::default();
    let told_by = |blocks: &[&Block]| -> Vec<Told> {
        let blocks = blocks.iter();
        blocks
            .flat_map(|block| told(std::slice::from_ref(*block)))
            .collect()
    };
    for Told {
        text,
        ticked,
        is_code,
    } in told_by(blocks)
    {
        if !is_code && DENIED.is_match(&text) {
            continue;
        }
        let named = schemes(&ticked);
        if !is_code {
            let is_told = || {
                let asks = [&*NEEDED, &*TOLD_TO, &*OF_ALL, &*LET_IN];
                asks.iter().any(|asks| asks.is_match(&text))
            };
            credential.is_all |= named.len() > 1
                && TOGETHER.is_match(&text)
                && is_told()
                && !OF_SOME.is_match(&text)
                && !OF_CHOICE.is_match(&text);
            let is_about = !named.is_empty() || OF_ACCESS.is_match(&text);
            credential.is_needed |= is_about && OF_ALL.is_match(&text) && !OF_SOME.is_match(&text)
                || !named.is_empty() && !has_several && NEEDED.is_match(&text);
        }
        for scheme in named {
            credential.add(scheme);
        }
    }
    let shared = if has_several { shared } else { blocks };
    for (scheme, is_mandatory) in of_tables(shared) {
        credential.is_needed |= is_mandatory;
        credential.add(scheme);
    }
    // Who names the scheme says more than who names its header.
    let is_of_authorization = |scheme: &SecurityScheme| scheme.header() == Some("Authorization");
    let is_bare = |scheme: &SecurityScheme| matches!(scheme, SecurityScheme::Header(_));
    let all = &mut credential.schemes;
    if all
        .iter()
        .any(|one| is_of_authorization(one) && !is_bare(one))
    {
        all.retain(|one| !(is_of_authorization(one) && is_bare(one)));
    }
    // One more that is named elsewhere is another way in.
    let named = &credential.schemes;
    credential.is_all &= named.len() == 2;
    credential.is_needed |= told_by(shared)
        .iter()
        .any(|told| !told.is_code && WITHOUT.is_match(&told.text) && REFUSED.is_match(&told.text));
    let all = told_by(shared);
    credential.is_needed |= all.iter().enumerate().any(|(at, told)| {
        let text = &told.text;
        let asks = [&*NEEDED, &*TOLD_TO, &*LET_IN];
        let mut named = schemes(&told.ticked);
        // `The API expects your key in a header like this:`, and below it the header.
        if let Some(below) = all.get(at + 1)
            && named.is_empty()
            && (OF_KEY.is_match(text) || OF_ACCESS.is_match(text))
            && text.trim_end().ends_with([':', '：'])
            && below.text.len() <= LONGEST_HEADER
        {
            named = schemes(&below.ticked);
        }
        if named.is_empty() {
            named = again(&told.ticked, &credential.schemes);
        }
        !told.is_code
            && asks.iter().any(|asks| asks.is_match(text))
            && !is_of_some(&told.ticked, named.len())
            && !DENIED.is_match(text)
            && !named.is_empty()
    });
    credential.is_open = !credential.is_needed
        && told_by(shared)
            .iter()
            .any(|told| !told.is_code && is_open(&told.text));
    // Who asks for a credential and does not say how it is carried means the header that HTTP has for
    // it (RFC 9110, section 11.6.2), unless the page speaks of another way.
    let is_otherwise = || {
        let mut all = told_by(blocks).into_iter();
        all.any(|told| OTHER_WAYS.is_match(&told.text))
    };
    if credential.is_needed && credential.schemes.is_empty() && !is_otherwise() {
        credential.add(SecurityScheme::Header("Authorization".to_owned()));
    }
    credential
}

/// Whether a sentence that names some schemes is about a part of the requests, or leaves them to its
/// reader. Names in code are none of its words, and one of several ways in has to be taken.
fn is_of_some(ticked: &str, named: usize) -> bool {
    let mut parts = ticked.split('`').step_by(2);
    parts.any(|words| {
        let words = match named {
            0 | 1 => words.to_owned(),
            _ => EITHER.replace_all(words, "").into_owned(),
        };
        OF_SOME.is_match(&words)
    })
}

/// Whether a sentence says that an operation is open to anybody.
fn is_open(text: &str) -> bool {
    (OPEN.is_match(text) || needs_none(text)) && !REFUSED.is_match(text)
}

/// Whether a sentence says outright that no credential is needed.
pub(super) fn needs_none(text: &str) -> bool {
    NEEDS_NONE.is_match(text) && !REFUSED.is_match(text)
}

/// Whether the sentences of an operation say that it needs a credential, or that it is open to
/// anybody; the last of them counts.
fn said_of_access(items: &[Item<'_>]) -> Option<bool> {
    let mut all = Vec::new();
    for item in items {
        match item.kind {
            ItemKind::Paragraph(text) => sentences(text, &mut all),
            ItemKind::List(list) => list.iter().for_each(|item| all.extend(told(item))),
            ItemKind::Heading(_)
            | ItemKind::Table(_)
            | ItemKind::Code(_)
            | ItemKind::Target { .. }
            | ItemKind::Unread(_) => {}
        }
    }
    let sentences = all.iter().rev().filter(|told| !told.is_code);
    let mut said = sentences.filter_map(|Told { text, .. }| {
        if is_open(text) {
            return Some(false);
        }
        let is_told = NEEDED.is_match(text) && OF_ACCESS.is_match(text);
        (is_told && !OF_SOME.is_match(text) && !DENIED.is_match(text)).then_some(true)
    });
    said.next()
}

/// Adds what the tables of an operation say, and decides whether it needs a credential.
pub(super) fn read_security(draft: &mut Draft, items: &[Item<'_>], of_page: &Credential) {
    let mut own = Credential::default();
    let mut is_optional = false;
    let descriptions = descriptions(items);
    for parameter in &draft.parameters {
        let name = parameter.name.as_str();
        let Some(said) = descriptions.get(name) else {
            continue;
        };
        let known = own.schemes.len();
        let is_authorization = name.eq_ignore_ascii_case("authorization");
        match parameter.location {
            Location::Header if is_authorization => {
                let lower = said.to_lowercase();
                if lower.contains("bearer") {
                    own.add(SecurityScheme::Bearer);
                } else if lower.contains("basic") {
                    own.add(SecurityScheme::Basic);
                } else {
                    schemes(&format!("Authorization: {said}"))
                        .into_iter()
                        .filter(|scheme| matches!(scheme, SecurityScheme::Http(_)))
                        .for_each(|scheme| own.add(scheme));
                }
            }
            Location::Header if carries_credential(name) && OF_KEY.is_match(said) => {
                own.add(SecurityScheme::Header(name.to_owned()));
            }
            Location::Query
                if is_key(name) && OF_KEY.is_match(said)
                    || is_called_key(name) && OF_API_KEY.is_match(said) =>
            {
                own.add(SecurityScheme::Query(name.to_owned()));
            }
            Location::Header | Location::Query | Location::Path | Location::Cookie => continue,
        }
        let is_mandatory = parameter.node.mandatory() == Some(true);
        own.is_needed |= !own.schemes.is_empty() && is_mandatory;
        is_optional |= own.schemes.len() > known && !is_mandatory;
    }
    own.is_all = own.schemes.len() > 1 && !is_optional;
    let refuses =
        |response: &super::draft::Response| matches!(response.status.as_str(), "401" | "403");
    // Where a credential is handed out, a 401 is about what was sent for it.
    let said = said_of_access(items);
    own.is_open = said == Some(false) || said.is_none() && of_page.is_open;
    own.is_needed |= said.unwrap_or_else(|| {
        let is_of_anybody = OF_ANYBODY.is_match(&draft.path);
        !hands_out_credential(&draft.method, &draft.path)
            && (draft.responses.iter().any(refuses) || of_page.is_needed && !is_of_anybody)
    });
    // What a row says of an operation is said of it, whatever stands elsewhere on the page.
    if own.schemes.is_empty() {
        own.schemes.clone_from(&of_page.schemes);
        own.is_all = of_page.is_all;
    }
    // A header that has a row of its own is known; so is the one that is taken where nobody says
    // anything, as long as nobody says that it has to be there.
    let is_usual = |name: &str| name.eq_ignore_ascii_case("x-auth-token");
    let has_row = draft
        .parameters
        .iter()
        .any(|parameter| parameter.location == Location::Header && is_usual(&parameter.name));
    let is_needed = own.is_needed;
    own.schemes.retain(|scheme| match scheme {
        SecurityScheme::Header(name) if is_usual(name) => is_needed && !has_row,
        _ => !has_row,
    });
    draft.credential = own;
}

/// Takes the credential that another page says all requests need, where the page of the operation says
/// nothing of it; `known` are the headers that the operation describes itself, in lower case.
pub(super) fn take(draft: &mut Draft, said: &Credential, known: &BTreeSet<String>) {
    let own = &draft.credential;
    // The header that is meant where nobody says which.
    let is_bare = |scheme: &SecurityScheme| matches!(scheme, SecurityScheme::Header(name) if name.eq_ignore_ascii_case("authorization"));
    let has_row = |scheme: &SecurityScheme| {
        let name = scheme.header().map(str::to_lowercase);
        name.is_some_and(|name| known.contains(&name))
    };
    let is_known = !own.schemes.iter().all(is_bare) || said.schemes.iter().any(has_row);
    if said.schemes.is_empty() || is_known {
        return;
    }
    let is_exempt = own.is_open
        || OF_ANYBODY.is_match(&draft.path)
        || hands_out_credential(&draft.method, &draft.path);
    let own = &mut draft.credential;
    own.schemes.clone_from(&said.schemes);
    own.is_all = said.is_all;
    own.is_needed |= said.is_needed && !is_exempt;
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("No authentication is needed.", true)]
    #[case("It works without a token.", true)]
    #[case("Without a valid token the answer is `401 Unauthorized`.", false)]
    #[case("Requests without credentials are rejected.", false)]
    fn a_sentence_opens_an_operation(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_open(text), expected);
    }

    #[rstest]
    #[case("/v1/health", true)]
    #[case("/status", true)]
    #[case("/jobs/{id}/status", false)]
    #[case("/v1/jobs", false)]
    fn anybody_may_ask_whether_a_service_is_there(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(OF_ANYBODY.is_match(path), expected);
    }

    #[rstest]
    #[case(
        "Every request must include your API key in the `X-API-Key` header.",
        true
    )]
    #[case("Authenticate with a bearer token in the Authorization header.", true)]
    #[case(
        "All endpoints require an API key, sent in the `X-API-Key` header.",
        true
    )]
    #[case("All endpoints require authentication. Use a bearer token.", true)]
    #[case("All endpoints are protected by HTTP Basic authentication.", true)]
    #[case("Pass your token as `Authorization: Bearer <token>`.", true)]
    #[case("This API uses HTTP Basic authentication.", true)]
    #[case(
        "Requests are authenticated by `Authorization: Bearer {access_token}`.",
        true
    )]
    #[case("Requests are authenticated by the cookie `session`.", true)]
    #[case(
        "Requests are authenticated either by `Authorization: Bearer <token>` or by the header `X-API-Key: <key>`.",
        true
    )]
    #[case("Use basic auth with your user name and password.", true)]
    #[case("The API key is passed as the query parameter `api_key`.", true)]
    #[case("Append `?api_key=YOUR_KEY` to every request.", true)]
    #[case(
        "Authenticate with the header `PRIVATE-TOKEN: <your_access_token>`.",
        true
    )]
    #[case("Clients authenticate with a client certificate.", true)]
    #[case(
        "Use `X-Api-Key`.\n\n```\ncurl -H 'X-Api-Key: k' https://a.example\n```",
        true
    )]
    #[case("Key: header `X-Api-Key`.", true)]
    #[case(
        "The API expects your key in a header that looks like this:\n\n`X-Api-Key: meow`",
        true
    )]
    #[case("Use `X-Api-Key` if you want to be counted.", false)]
    #[case("The API uses HTTP Digest authentication.", true)]
    #[case("**Authentication:** Bearer token", true)]
    #[case(
        "Every call takes your key in the query: `GET /v1/kilns?key=YOUR_KEY`.",
        true
    )]
    #[case("You can send a bearer token in the Authorization header.", false)]
    #[case("Admin routes are protected with HTTP Basic authentication.", false)]
    #[case("Bearer tokens are described in RFC 6750.", false)]
    #[case("Upload the client certificate of the customer as PDF.", false)]
    #[case(
        "When we call your webhook we send `Authorization: Bearer <token>`.",
        false
    )]
    #[case(
        "All endpoints but the list require a bearer token in `Authorization: Bearer T`.",
        false
    )]
    #[case(
        "Some endpoints require a bearer token, sent as `Authorization: Bearer T`.",
        false
    )]
    #[case("Include the `X-Request-Id` header to trace a request.", false)]
    fn a_page_says_whether_all_need_one(#[case] sentence: &str, #[case] expected: bool) {
        let operation = "## List\n\n`GET /v1/things`\n\n## Add\n\n`POST /v1/things`\n";
        let page = format!("# Things\n\n{sentence}\n\n{operation}");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let own = flat.len() - 4;
        let shared: Vec<&Block> = flat.iter().take(own).copied().collect();
        assert_eq!(of_page(&flat, &shared, true).is_needed, expected);
    }

    #[rstest]
    #[case(
        "Send your token as `Authorization: Bearer <token>` and your API key as `X-Api-Key: <key>`.",
        true
    )]
    #[case(
        "Every request carries two headers: `Authorization: Bearer <t>` and `X-Api-Key: <key>`.",
        true
    )]
    #[case(
        "Send `Authorization: Bearer <token>` or your API key as `X-Api-Key: <key>`.",
        false
    )]
    #[case(
        "All requests need authentication: HTTP Basic authentication and bearer tokens are supported.",
        false
    )]
    fn a_page_says_whether_all_are_needed_at_once(#[case] sentence: &str, #[case] expected: bool) {
        let page = format!("# Things\n\n{sentence}\n\n## List\n\n`GET /v1/things`\n");
        let page = crate::page::read("things.md", &page).unwrap();
        let flat: Vec<&Block> = page.blocks.iter().collect();
        let read = of_page(&flat, &flat, false);
        assert_eq!(read.is_all, expected, "{read:?}");
    }
}
