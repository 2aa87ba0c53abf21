//! What the name of a field says of it: whether a service changes it by itself, whether it is a
//! secret, and whether two names are one.

use super::field_path::{FieldPath, Step};
use super::operation::is_credential;

/// Words in the names of what a service changes by itself, whoever asks.
const VOLATILE: [&str; 31] = [
    "status",
    "state",
    "phase",
    "progress",
    "version",
    "revision",
    "etag",
    "generation",
    "updated",
    "modified",
    "changed",
    "last",
    "accessed",
    "access",
    "seen",
    "views",
    "used",
    "usage",
    "time",
    "timestamp",
    "date",
    "at",
    "link",
    "links",
    "href",
    "expires",
    "expiry",
    "expiration",
    "age",
    "remaining",
    "uptime",
];

/// Whether a parameter, or the key of a resource, names what all others of a caller belong to: the
/// scope of its credential. Another one, and another form of it, are matters of authorisation, of
/// which pages say little.
pub fn is_scope(name: &str) -> bool {
    matches!(name, "project_id" | "tenant_id")
}

/// What all that a caller has may belong to.
const OWNERS: [&str; 16] = [
    "tenant",
    "account",
    "organization",
    "organisation",
    "org",
    "workspace",
    "project",
    "realm",
    "company",
    "merchant",
    "customer",
    "subscription",
    "site",
    "store",
    "shop",
    "team",
];

/// Whether a header or a parameter names what a request is for by its id or name: a tenant, an
/// account. Only what is there is taken, whatever form it has.
pub fn names_owner(name: &str) -> bool {
    const ENDS: [&str; 7] = ["id", "uuid", "name", "key", "slug", "code", "number"];
    let words = words(name);
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    match all.as_slice() {
        [.., owner, end] if ENDS.contains(end) => OWNERS.contains(owner),
        [.., owner] => OWNERS.contains(owner),
        [] => false,
    }
}

/// Words of a name for the lower end of a range.
pub const LOW: [&str; 13] = [
    "from", "since", "after", "start", "begin", "min", "minimum", "gte", "ge", "gt", "newer",
    "later", "earliest",
];

/// Words of a name for the upper end of a range.
pub const HIGH: [&str; 14] = [
    "to", "until", "till", "before", "end", "max", "maximum", "lte", "le", "lt", "older",
    "earlier", "latest", "upto",
];

/// Parts of names of what a service rightly shows otherwise than it was sent.
const SECRET: [&str; 7] = [
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "passphrase",
    "private",
];

/// Whole words that say so too.
const SECRET_WORDS: [&str; 5] = ["pass", "pwd", "pin", "passcode", "otp"];

/// What a key that serves one request is called, whatever joins the words.
const ONE_TIME: [&str; 9] = [
    "idempotency-key",
    "idempotent-key",
    "idempotency-token",
    "client-token",
    "client-request-token",
    "client-request-id",
    "request-token",
    "request-id",
    "nonce",
];

/// Whether a name is that of a key which serves one request. A header may have more before it.
pub fn is_one_time(is_header: bool, name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let ends = |wanted: &str| {
        let start = parts.len().checked_sub(wanted.split('-').count());
        let end = start.and_then(|start| parts.get(start..));
        end.is_some_and(|end| is_called(&end.join("-"), wanted))
    };
    let mut names = ONE_TIME.iter();
    names.any(|wanted| is_called(name, wanted) || is_header && ends(wanted))
}

/// Whether a field may change between two looks though nobody changed it.
pub fn is_volatile(path: &FieldPath) -> bool {
    path.steps().iter().any(|step| match step {
        Step::Name(name) => words(name)
            .iter()
            .any(|word| VOLATILE.contains(&word.as_str())),
        Step::Item | Step::Entry => false,
    })
}

/// The words that a name consists of, in lower case: `created_at` and `createdAt` have two.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() && was_small {
            words.push(String::new());
        }
        was_small = letter.is_lowercase() || letter.is_numeric();
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a field is rightly shown otherwise than it was sent, if at all.
pub fn is_secret(path: &FieldPath) -> bool {
    let name = path.last_name().unwrap_or_default().to_lowercase();
    let is_word = |word: &String| SECRET_WORDS.contains(&word.as_str());
    SECRET.iter().any(|part| name.contains(part))
        || words(path.last_name().unwrap_or_default())
            .iter()
            .any(is_word)
}

/// Last words of the names of headers that carry a credential.
const CREDENTIALS: [&str; 11] = [
    "token",
    "secret",
    "password",
    "passphrase",
    "auth",
    "authorization",
    "credential",
    "credentials",
    "apikey",
    "session",
    "jwt",
];

/// What stands before `key` in the names of such headers: others are keys of another kind, as in
/// `Idempotency-Key`.
const KEYS: [&str; 9] = [
    "api",
    "app",
    "application",
    "access",
    "auth",
    "secret",
    "private",
    "subscription",
    "account",
];

/// Whether a header carries a credential, as far as its name tells.
pub fn carries_credential(header: &str) -> bool {
    let words = words(header);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    is_credential(header)
        || match words.as_slice() {
            [.., before, "key"] => KEYS.contains(before),
            [.., last] => CREDENTIALS.contains(last),
            [] => false,
        }
}

/// What stands before `key` in the names of headers that carry no credential, whatever a user gives
/// by them.
const OTHER_KEYS: [&str; 14] = [
    "idempotency",
    "idempotent",
    "deduplication",
    "partition",
    "routing",
    "shard",
    "sort",
    "range",
    "cache",
    "surrogate",
    "primary",
    "foreign",
    "public",
    "correlation",
];

/// Last words of the names of headers by which a user may give a credential.
const SECRETS: [&str; 28] = [
    "key",
    "signature",
    "sig",
    "pass",
    "passwd",
    "pwd",
    "pw",
    "pin",
    "otp",
    "totp",
    "bearer",
    "ticket",
    "cred",
    "creds",
    "csrf",
    "xsrf",
    "cert",
    "certificate",
    "licence",
    "license",
    "login",
    "code",
    "passcode",
    "sid",
    "pat",
    "hmac",
    "authentication",
    "access",
];

/// Whether a header that a user gives may carry a credential, as far as its name tells: nobody minds
/// that a value is not shown which is none.
pub fn may_carry_credential(header: &str) -> bool {
    let words = words(header);
    let is_number = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    // `X-Hub-Signature-256` is a signature.
    while words.pop_if(|word| is_number(&&**word)).is_some() {}
    carries_credential(header)
        || match words.as_slice() {
            [.., before, "key" | "keys"] => !OTHER_KEYS.contains(before),
            [.., "session", "id"] => true,
            [.., last] => SECRETS.contains(last),
            [] => false,
        }
}

/// Last parts of paths where a credential is handed out to who has none yet.
const HANDED_OUT: [&str; 9] = [
    "login",
    "signin",
    "signup",
    "register",
    "auth",
    "authenticate",
    "token",
    "oauth",
    "session",
];

/// Whether an operation hands out a credential, as far as its method and path tell: what it refuses
/// with 401 is a wrong password, and nobody needs a credential to get one.
pub fn hands_out_credential(method: &str, path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next();
    let plain: String = last
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_lowercase)
        .collect();
    method == "POST" && HANDED_OUT.contains(&plain.as_str())
}

/// Whether an operation hands one out to who has an account already: it takes no other names and
/// passwords than those.
pub fn checks_credential(method: &str, path: &str) -> bool {
    let path = path.to_lowercase().replace('-', "");
    hands_out_credential(method, &path)
        && !["signup", "register"]
            .iter()
            .any(|end| path.trim_end_matches('/').ends_with(end))
}

/// What a body may put its one record into, beside an object of the record's own name.
const WRAPPERS: [&str; 7] = [
    "data", "result", "item", "response", "body", "payload", "metadata",
];

/// Whether a field of a name may be all that a body has: the object around its one record.
pub fn is_wrapper(name: &str) -> bool {
    WRAPPERS.iter().any(|wrapper| is_called(name, wrapper))
}

/// Whether two names are one but for the way that their words are joined: `widget_id`, `widgetId`,
/// `widget-id`, `widget[id]`.
pub fn is_called(name: &str, wanted: &str) -> bool {
    plain(name).eq(plain(wanted))
}

/// The letters and digits of a name, in small letters.
fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .filter(|letter| !matches!(letter, '_' | '-' | '$' | '[' | ']'))
        .flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(true, "Idempotency-Key", true)]
    #[case(true, "X-Idempotency-Key", true)]
    #[case(true, "Shop-Request-Id", true)]
    #[case(true, "X-Client-Token", true)]
    #[case(true, "X-Request", false)]
    #[case(false, "client_token", true)]
    #[case(false, "clientToken", true)]
    #[case(false, "ClientToken", true)]
    #[case(false, "idempotency_key", true)]
    #[case(false, "approval-request-id", false)]
    #[case(false, "token", false)]
    #[case(false, "key", false)]
    fn keys_of_one_request_are_known_by_their_names(
        #[case] is_header: bool,
        #[case] name: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_one_time(is_header, name), expected);
    }

    #[rstest]
    #[case("widget_id", "widgetId", true)]
    #[case("widget-id", "WIDGET_ID", true)]
    #[case("widget", "widgets", false)]
    fn names_are_one_whatever_joins_their_words(
        #[case] one: &str,
        #[case] other: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(is_called(one, other), expected);
    }

    #[rstest]
    #[case("Authorization", true)]
    #[case("PRIVATE-TOKEN", true)]
    #[case("Ocp-Apim-Subscription-Key", true)]
    #[case("DD-API-KEY", true)]
    #[case("Idempotency-Key", false)]
    #[case("OpenStack-API-Version", false)]
    #[case("X-Roles", false)]
    #[case("X-Project-Id", false)]
    fn a_header_with_a_credential_is_told_by_its_name(
        #[case] header: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(carries_credential(header), expected);
    }

    #[rstest]
    #[case("name", false)]
    #[case("state", true)]
    #[case("updated_at", true)]
    #[case("createdAt", true)]
    #[case("format", false)]
    #[case("size.width", false)]
    #[case("elastic_image", false)]
    #[case("lastUsed", true)]
    fn some_fields_change_by_themselves(#[case] path: &str, #[case] expected: bool) {
        assert_eq!(is_volatile(&FieldPath::from(path)), expected);
    }
}
