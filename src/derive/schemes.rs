//! The ways of carrying a credential that a text names: a line such as `Authorization: Bearer
//! <token>`, or words such as "HTTP Basic authentication".

use serde::Deserialize;

use crate::contract::{
    AWS_SIGNATURE, SecurityScheme, carries_credential, may_carry_credential, words,
};
use crate::vocabulary::{Topic, Wordings};

/// What a wording says; a group `name` is the name of the header, parameter or cookie.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    Bearer,
    Basic,
    Http,
    /// The header `Authorization`, and not by which scheme.
    Authorization,
    /// Requests are signed as AWS does it (Signature Version 4).
    Aws,
    Header,
    /// A header of any name, which the words around it say to carry the key.
    KeyHeader,
    Query,
    /// The same of a parameter of the query.
    KeyQuery,
    Cookie,
    Certificate,
}

phrases! {
    Schemes:

    /// Words by which a cookie lets somebody in.
    static OF_SESSION;

    /// Names of cookies that are sessions.
    static SESSION_NAME;

    /// Words of the name of a token that lets nobody in: it goes on with a list, an upload or a
    /// form, or names a device.
    static OTHER_TOKEN;

    /// The same wherever they stand in a name.
    static OF_FORM;

    /// Words for a credential in the row of a parameter.
    pub(super) static OF_KEY;
}

pattern! {
    /// Every wording.
    static WORDINGS: Wordings<Says> = Wordings::of(Topic::Credentials);

    /// A line of a request that has cookies.
    static COOKIE_LINE = r"(?i)\bcookie:|\bcurl\b";
}

/// The schemes that a text names, as it is written and without its code marks.
pub(super) fn schemes(text: &str) -> Vec<SecurityScheme> {
    let mut found = Vec::new();
    named_in(text, &mut found);
    if text.contains('`') {
        named_in(&text.replace('`', ""), &mut found);
    }
    found
}

/// The known schemes whose header a text names in code marks.
pub(super) fn again(ticked: &str, known: &[SecurityScheme]) -> Vec<SecurityScheme> {
    let is_named = |scheme: &&SecurityScheme| {
        let header = scheme.header();
        header.is_some_and(|header| ticked.contains(&format!("`{header}`")))
    };
    known.iter().filter(is_named).cloned().collect()
}

fn named_in(text: &str, found: &mut Vec<SecurityScheme>) {
    for (pattern, says) in WORDINGS.in_text(text) {
        for captures in pattern.captures_iter(text) {
            let name = captures.name("name").or_else(|| captures.name("after"));
            let name = name.map_or("", |name| name.as_str()).to_owned();
            let scheme = match says {
                Says::Bearer => SecurityScheme::Bearer,
                Says::Basic => SecurityScheme::Basic,
                Says::Http => SecurityScheme::http(&name),
                Says::Authorization => SecurityScheme::Header("Authorization".to_owned()),
                Says::Aws => SecurityScheme::Http(AWS_SIGNATURE.to_owned()),
                Says::Header => {
                    let is_own = name.eq_ignore_ascii_case("authorization")
                        || name.eq_ignore_ascii_case("cookie")
                        || name.eq_ignore_ascii_case("set-cookie");
                    if is_own || !carries_credential(&name) || is_other_token(&name) {
                        continue;
                    }
                    SecurityScheme::Header(name)
                }
                Says::KeyHeader => {
                    let is_other =
                        name.to_ascii_lowercase().ends_with("key") && !may_carry_credential(&name);
                    if is_other
                        || is_other_token(&name)
                        || name.eq_ignore_ascii_case("authorization")
                    {
                        continue;
                    }
                    SecurityScheme::Header(name)
                }
                // These words alone name much else.
                Says::Query if matches!(name.as_str(), "key" | "token") => {
                    if !OF_KEY.is_match(&text.replace(&format!("`{name}`"), "")) {
                        continue;
                    }
                    SecurityScheme::Query(name)
                }
                Says::Query | Says::KeyQuery => SecurityScheme::Query(name),
                Says::Cookie
                    if !COOKIE_LINE.is_match(text)
                        && !OF_SESSION.is_match(text)
                        && !SESSION_NAME.is_match(&name) =>
                {
                    continue;
                }
                Says::Cookie if is_other_token(&name) => continue,
                Says::Cookie => SecurityScheme::Cookie(name),
                Says::Certificate => SecurityScheme::Certificate,
            };
            if !found.contains(&scheme) {
                found.push(scheme);
            }
        }
    }
}

/// Whether a token is none that lets its holder in, by the words of its name: it goes on with a
/// list, an upload or a form, or names a device.
fn is_other_token(name: &str) -> bool {
    words(name).iter().any(|word| OTHER_TOKEN.is_match(word)) || OF_FORM.is_match(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Every request must carry `Authorization: Bearer <token>`.", "bearer")]
    #[case("Authenticate with HTTP Basic authentication.", "basic")]
    #[case("Send your key as `X-API-Key: <key>`.", "header:X-API-Key")]
    #[case("Pass the key in the query parameter `api_key`.", "query:api_key")]
    #[case("Add `?depot_key=<your key>` to the URL.", "query:depot_key")]
    #[case("Add your access key as `depot` to the query string.", "query:depot")]
    #[case("Go on with `?page_token=<token>`, or `?after=<key>`.", "")]
    #[case("The session cookie `sid` authenticates you.", "cookie:sid")]
    #[case("Every request carries `Authorization: Sesame <word>`.", "http:Sesame")]
    #[case("Put it in Authorization: the <token> that you have.", "")]
    #[case("Content-Type: application/json", "")]
    #[case("Idempotency-Key: abc", "")]
    #[case("Sort by the parameter `key_name`.", "")]
    #[case("Include your API key in the X-API-Key header.", "header:X-API-Key")]
    #[case(
        "Authenticate with a bearer token in the Authorization header.",
        "bearer"
    )]
    #[case("The X-Request-Id header names the request.", "")]
    #[case("Send the token from the header `X-Next-Token` to continue.", "")]
    #[case("Send the token of the upload in the header `X-Upload-Token`.", "")]
    #[case("Requests must carry the header `X-CSRF-Token: <token>`.", "")]
    #[case("The CSRF token is set as the cookie `csrftoken`.", "")]
    #[case("Documents are signed with PDF signature version 4.", "")]
    #[case("Pass your API key in the `X-Depot-Key` header.", "header:X-Depot-Key")]
    #[case("Pass your API key in the header X-Depot-Key.", "header:X-Depot-Key")]
    #[case("Every request must carry `X-Depot-Key: <key>`.", "header:X-Depot-Key")]
    #[case(
        "Send your access token as the `depot` query parameter.",
        "query:depot"
    )]
    #[case("Every request may carry `Idempotency-Key: <key>`.", "")]
    #[case("Send the API key, and the id in the X-Request-Id header.", "")]
    #[case("Sort by the parameter `key`.", "")]
    #[case("The page is told by the parameter `token`.", "")]
    #[case("The cookie `theme` keeps the colours.", "")]
    #[case("Send the cookie `lang` with every request.", "")]
    #[case("Send the cookie `depot_sid` with every request.", "cookie:depot_sid")]
    #[case("The API key is passed in the cookie `depot_key`.", "cookie:depot_key")]
    #[case("Access is controlled by a cookie called `depot`.", "cookie:depot")]
    #[case("Send the key in the header `Idempotency-Key`.", "")]
    #[case("Give your key as the query parameter `depot_key`.", "query:depot_key")]
    #[case("Give the key as the query parameter `partition_key`.", "")]
    #[case(
        "Pass the access token in the `Authorization` header.",
        "header:Authorization"
    )]
    #[case(
        "All endpoints require a JWT in the Authorization header.",
        "header:Authorization"
    )]
    #[case("Page through with `?after=<key>`, and add your key.", "")]
    #[case("Every call takes it: `GET /v1/kilns?key=YOUR_KEY`.", "query:key")]
    #[case("`GET /v1/kilns?sort=KEY`", "")]
    #[case("{\"headers\": {\"X-Request-Id\": \"7\"}}", "")]
    #[case("Authenticate with the cookie `depot_sid`.", "cookie:depot_sid")]
    fn a_text_names_schemes(#[case] text: &str, #[case] expected: &str) {
        let found: Vec<String> = schemes(text).iter().map(ToString::to_string).collect();
        assert_eq!(found.join(" "), expected);
    }
}
