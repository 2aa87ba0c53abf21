//! Cases about HTTP itself rather than a documented field: credentials, methods, malformed bodies,
//! unknown resources.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::contract::{
    EVERYWHERE, FieldPath, Location, MediaType, Operation, Place, Row, Security, SecurityScheme,
    types_of,
};

use super::body::Body;
use super::case::{Edit, Expectation, PlannedCase};
use super::oracle::{Validity, classify};
use super::request::{Credential, Request};
use super::scheme::Scheme;
use super::slot::slots;

/// The methods that are tried where no page documents them. `HEAD` and `OPTIONS` are left out:
/// servers answer them by themselves, rightly.
pub const UNDOCUMENTED_METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

/// What the request without a credential is called.
pub const NO_CREDENTIAL: &str = "no credential";

/// Requests without a credential, with an empty and with a wrong one, and with the right one but
/// for its end: whoever compares the beginning alone takes it. A signature and a password are wrong
/// in two ways; the right token or password under another scheme of `Authorization` is wrong too.
/// Where several credentials are asked for at once, each is left out and wrong by itself.
pub fn auth(
    baseline: &Arc<Request>,
    scheme: &Scheme,
    security: Option<&Security>,
) -> Vec<(&'static str, Vec<PlannedCase>)> {
    let has = |wanted: &SecurityScheme| scheme.schemes().contains(wanted);
    // A certificate is shown, another is, or none.
    let is_text = *scheme == Scheme::Signature
        || scheme.schemes().is_empty()
        || scheme
            .schemes()
            .iter()
            .any(|one| *one != SecurityScheme::Certificate);
    let wrong: &[(&str, Credential)] = match scheme {
        Scheme::Signature => &[
            ("a signature by another secret", Credential::Wrong),
            ("a signature by an unknown key", Credential::UnknownKey),
        ],
        Scheme::Carried(_) if has(&SecurityScheme::Basic) => &[
            ("a wrong password", Credential::Wrong),
            ("the password of an unknown user", Credential::UnknownKey),
        ],
        Scheme::None | Scheme::Carried(_) => &[("a wrong credential", Credential::Wrong)],
    };
    let empty: &[(&str, Credential)] = if has(&SecurityScheme::Basic) {
        &[
            ("an empty credential", Credential::Empty),
            ("the user with an empty password", Credential::EmptyPassword),
        ]
    } else {
        &[("an empty credential", Credential::Empty)]
    };
    let mut trials: Vec<(&'static str, &[(&str, Credential)])> =
        vec![("absent", &[(NO_CREDENTIAL, Credential::Absent)])];
    if is_text {
        trials.extend([
            ("empty", empty),
            (
                "cut",
                &[("the credential without its last character", Credential::Cut)],
            ),
            (
                "extended",
                &[(
                    "the credential with a character after it",
                    Credential::Extended,
                )],
            ),
            ("wrong", wrong),
        ]);
    }
    if !is_text {
        trials.push((
            "wrong",
            &[(
                "a certificate that nobody has issued but its holder",
                Credential::Wrong,
            )],
        ));
    }
    // The others stay as they are, and one of them may be enough.
    let needed = security.map(|security| security.indispensable(scheme.schemes()));
    let needed = needed.unwrap_or_default();
    let counts =
        |one: &SecurityScheme| has(one) && (scheme.schemes().len() == 1 || needed.contains(&one));
    if counts(&SecurityScheme::Bearer) || counts(&SecurityScheme::Basic) {
        let case: &[(&str, Credential)] = &[(
            "the credential under another scheme of `Authorization`",
            Credential::OtherScheme,
        )];
        trials.push(("other-scheme", case));
    }
    let of_all = trials.into_iter().map(|(name, cases)| {
        let cases = cases
            .iter()
            .map(|(label, credential)| {
                PlannedCase::of(baseline, *label, Expectation::Unauthorised)
                    .with(Edit::Credential(*credential))
            })
            .collect();
        (name, cases)
    });
    let one = |wrong: Credential, what: &str| -> Vec<PlannedCase> {
        let cases = needed.iter().map(|one| {
            let label = format!("{what} {}", one.in_words());
            PlannedCase::of(baseline, label, Expectation::Unauthorised)
                .with(Edit::CredentialOf((*one).clone(), wrong))
        });
        cases.collect()
    };
    let of_one = [
        ("one-absent", one(Credential::Absent, "without")),
        ("one-wrong", one(Credential::Wrong, "a wrong value of")),
    ];
    let of_one = of_one.into_iter().filter(|(_, cases)| !cases.is_empty());
    of_all.chain(of_one).collect()
}

/// The documented request without a credential, where none is needed.
pub fn open(baseline: &Arc<Request>) -> PlannedCase {
    PlannedCase::of(baseline, NO_CREDENTIAL, Expectation::Success)
        .with(Edit::Credential(Credential::Absent))
}

/// Requests with a method that no operation documents on the path.
pub fn method(baseline: &Arc<Request>, method: &'static str) -> Vec<PlannedCase> {
    let case = |label: String| {
        PlannedCase::of(baseline, label, Expectation::UndocumentedMethod).with(Edit::Method(method))
    };
    let bare = |label: String| {
        case(label)
            .with(Edit::Body(Body::Absent))
            .with(Edit::ContentType(None))
    };
    match method {
        "GET" => vec![bare(method.to_owned())],
        "DELETE" => vec![case(method.to_owned())],
        _ => {
            let with_body = case(method.to_owned());
            let with_body = if matches!(baseline.body, Body::Absent) {
                with_body
                    .with(Edit::Body(Body::Json(Value::Object(Map::new()))))
                    .with(Edit::ContentType(Some("application/json")))
            } else {
                with_body
            };
            // Who reads the body before the method may stumble over none.
            vec![with_body, bare(format!("{method} without a body"))]
        }
    }
}

/// A part of a path that nobody documents.
pub const UNDOCUMENTED_PART: &str = "docproof-no-such-path-9f3ac2e1b7";

/// Requests of a path that no page documents.
pub fn undocumented_path(path: &str, methods: &[&'static str]) -> Vec<PlannedCase> {
    let request = Arc::new(Request::bare("GET", path));
    let case = |name: &'static str| {
        let label = format!("{name} of a path that no page documents");
        let case = PlannedCase::of(&request, label, Expectation::UndocumentedPath);
        if name == "GET" {
            return case;
        }
        case.with(Edit::Method(name))
            .with(Edit::Body(Body::Json(Value::Object(Map::new()))))
            .with(Edit::ContentType(Some("application/json")))
    };
    methods.iter().copied().map(case).collect()
}

/// A path that none of some templates documents, below what those of a service begin with; `all`
/// are those of the whole endpoint. None where every path is documented.
pub fn path_of_nobody(own: &[&str], all: &[&str]) -> Option<String> {
    const MOST_PARTS: usize = 24;
    let parts = |path: &str| -> Vec<String> {
        let path = path.trim_matches('/');
        path.split('/').map(str::to_owned).collect()
    };
    let mut common: Option<Vec<String>> = None;
    for path in own {
        let fixed = parts(path)
            .into_iter()
            .take_while(|part| !part.contains('{'));
        let mut fixed: Vec<String> = fixed.collect();
        if let Some(common) = &common {
            let same = fixed
                .iter()
                .zip(common)
                .take_while(|(one, other)| one == other);
            let same = same.count();
            fixed.truncate(same);
        } else if fixed.len() == parts(path).len() {
            // The last part names what the operation is about.
            fixed.pop();
        }
        common = Some(fixed);
    }
    let mut path = common?;
    let is_documented = |path: &[String]| {
        all.iter().any(|template| {
            let template = parts(template);
            let takes_all = |part: &String| part.contains("+}") || part.contains('*');
            if template.iter().any(takes_all) {
                return true;
            }
            template.len() == path.len()
                && template
                    .iter()
                    .zip(path)
                    .all(|(part, sent)| part == sent || part.contains('{'))
        })
    };
    path.push(UNDOCUMENTED_PART.to_owned());
    while is_documented(&path) {
        if path.len() > MOST_PARTS {
            return None;
        }
        path.push(UNDOCUMENTED_PART.to_owned());
    }
    Some(format!("/{}", path.join("/")))
}

/// Bodies that are not what is documented, by kind: no JSON object, of another media type, empty.
pub fn malformed(
    operation: &Operation,
    baseline: &Arc<Request>,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(&'static str, PlannedCase)> {
    let unacceptable = unacceptable(operation, baseline);
    let Some(body) = &operation.request_body else {
        let stray = stray_type(baseline).into_iter();
        return stray.chain(unacceptable).collect();
    };
    let Some(valid) = baseline.body_bytes() else {
        return unacceptable.into_iter().collect();
    };
    let mut cases = if body.form.is_some() {
        Vec::new()
    } else {
        no_json(operation, baseline, &valid, bound)
    };
    cases.extend(other_types(operation, baseline));
    let is_json = body.media.is_json();
    let nothing = baseline.body.with(Value::Object(Map::new()));
    let empty = PlannedCase::of(baseline, "", Expectation::Unspecified);
    let empty = empty.with(Edit::Body(nothing.clone()));
    let class = classify(operation, &empty.make().request);
    let is_emptiness_taken = !matches!(class, Validity::Invalid(_));
    for (name, label, body) in [
        ("empty-body", "no body at all", Body::Absent),
        ("empty-object", "an empty object", nothing),
    ] {
        if name == "empty-object" && body.bytes().is_none_or(|bytes| bytes.is_empty()) {
            continue;
        }
        // The content type stays: an endpoint may look at it first, and it is not what the case is
        // about.
        let mut case =
            PlannedCase::of(baseline, label, Expectation::Unspecified).with(Edit::Body(body));
        // Whether nothing is enough is for the contract to say.
        case.expectation = match classify(operation, &case.make().request) {
            Validity::Valid => Expectation::Success,
            // Many read no body as an empty object, and that may be all that is asked for.
            Validity::Invalid(_) if name == "empty-body" && is_emptiness_taken => {
                Expectation::LenientRefusal
            }
            // Nothing at all is no JSON either.
            Validity::Invalid(_) if name == "empty-body" && is_json => Expectation::Malformed,
            Validity::Invalid(_) => Expectation::Refusal,
            Validity::Unspecified(_) => Expectation::Unspecified,
        };
        cases.push((name, case));
    }
    cases.extend(unacceptable);
    cases
}

/// What a case is called that asks for a media type of nobody.
pub const UNACCEPTABLE: &str = "not-acceptable";

/// A media type that nothing is answered as.
const NO_TYPE: &str = "application/x-docproof-none";

/// An `Accept` that names no media type of the operation's successes, where its refusal is
/// documented.
fn unacceptable(
    operation: &Operation,
    baseline: &Arc<Request>,
) -> Option<(&'static str, PlannedCase)> {
    let wanted = MediaType::read(NO_TYPE)?;
    let mut offered = operation.successes().flat_map(|own| &own.media);
    let is_refused =
        operation.refuses_media_types() && !offered.any(|offered| offered.covers(&wanted));
    let case = PlannedCase::of(
        baseline,
        "an `Accept` of a media type that is not offered",
        Expectation::Refusal,
    );
    let accept = Edit::Set {
        place: Place::Header,
        field: FieldPath::name("Accept"),
        value: Some(Arc::new(Value::from(NO_TYPE))),
    };
    is_refused.then(|| (UNACCEPTABLE, case.with(accept)))
}

/// The content type of a form, and no body where none is documented: whoever reads forms looks for
/// the boundary of its parts.
fn stray_type(baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    if !matches!(baseline.body, Body::Absent) {
        return Vec::new();
    }
    let label = "the content type of a form, without a body";
    let case = PlannedCase::of(baseline, label, Expectation::Unspecified);
    vec![(
        "stray-type",
        case.with(Edit::ContentType(Some("multipart/form-data"))),
    )]
}

/// The body as what it is not. Which content types an endpoint forgives, no page says, and it must
/// not break on one; whoever documents the refusal of a media type (RFC 9110, section 15.5.16)
/// refuses these.
fn other_types(operation: &Operation, baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    let refused = if operation.names(415) {
        Expectation::Malformed
    } else {
        Expectation::Unspecified
    };
    let own = baseline.content_type.as_deref().and_then(MediaType::read);
    let kinds = [
        ("plain-type", "the body as text/plain", "text/plain"),
        ("xml-type", "the body as application/xml", "application/xml"),
        (
            "json-type",
            "the body as application/json",
            "application/json",
        ),
    ];
    let is_json = own.as_ref().is_none_or(MediaType::is_json);
    let others = kinds.into_iter().filter(|(_, _, kind)| {
        // Of JSON by another name nobody knows whether its own name is forgiven.
        MediaType::read(kind) != own && !(is_json && *kind == "application/json")
    });
    let case = |name: &'static str, label: &str, kind: Option<&'static str>, expected| {
        let case = PlannedCase::of(baseline, label, expected);
        (name, case.with(Edit::ContentType(kind)))
    };
    let none = (
        "no-type",
        "the body without a content type",
        None,
        Expectation::Unspecified,
    );
    others
        .map(|(name, label, kind)| (name, label, Some(kind), refused))
        .chain([none])
        .map(|(name, label, kind, expected)| case(name, label, kind, expected))
        .collect()
}

/// Bodies that are no JSON object, by kind.
fn no_json(
    operation: &Operation,
    baseline: &Arc<Request>,
    valid: &[u8],
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Vec<(&'static str, PlannedCase)> {
    let text = String::from_utf8_lossy(valid).into_owned();
    let truncated = valid
        .get(..valid.len().saturating_sub(1))
        .unwrap_or_default()
        .to_vec();
    let mut kinds: Vec<(&'static str, &str, Vec<u8>)> = vec![
        (
            "broken-json",
            "a JSON object without quotes",
            b"{backup: yes".to_vec(),
        ),
        (
            "truncated-json",
            "the body without its last byte",
            truncated,
        ),
        (
            "trailing-text",
            "the body, then more text",
            format!("{text} x").into_bytes(),
        ),
        (
            "two-values",
            "the body twice",
            format!("{text}{text}").into_bytes(),
        ),
        (
            "array",
            "an array around the body",
            format!("[{text}]").into_bytes(),
        ),
        (
            "text",
            "a JSON text instead of an object",
            b"\"text\"".to_vec(),
        ),
        (
            "number",
            "a JSON number instead of an object",
            b"12".to_vec(),
        ),
        ("plain-text", "words that are no JSON", b"hello".to_vec()),
    ];
    if let Some(bytes) = not_utf8(operation, baseline, bound) {
        kinds.insert(4, ("not-utf-8", "a byte that is not UTF-8", bytes));
    }
    // Where the body may be a text, a number or anything, some of these are bodies as documented.
    let is_documented = |bytes: &[u8]| {
        let value = serde_json::from_slice::<Value>(bytes).ok();
        let body = operation.request_body.as_ref();
        value.is_some_and(|value| body.is_some_and(|body| body.schema.is_valid(&value)))
    };
    kinds
        .into_iter()
        // Of a body of one byte nothing is left, which is no body at all.
        .filter(|(_, _, bytes)| !bytes.is_empty() && !is_documented(bytes))
        .map(|(name, label, bytes)| {
            let case = PlannedCase::of(baseline, label, Expectation::Malformed);
            (name, case.with(Edit::Body(Body::Raw(bytes))))
        })
        .collect()
}

/// The body with a byte in it that is not UTF-8: within a text that takes any character, if there
/// is one, for there it breaks nothing else. None where the body has no text at all.
fn not_utf8(
    operation: &Operation,
    baseline: &Request,
    bound: &dyn Fn(Place, &FieldPath) -> bool,
) -> Option<Vec<u8>> {
    const MARK: &str = "\u{10fffd}";
    let marked = slots(operation)
        .into_iter()
        .filter(|slot| {
            slot.is_free_text() && !bound(slot.place, &slot.field) && !slot.field.has_item()
        })
        .find_map(|slot| {
            let mut request = baseline.clone();
            request.set(slot.place, &slot.field, Some(Value::from(MARK)));
            let bytes = request.body_bytes()?;
            let at = bytes
                .windows(MARK.len())
                .position(|window| window == MARK.as_bytes())?;
            Some([bytes.get(..at)?, &[0xff], bytes.get(at + MARK.len()..)?].concat())
        });
    marked.or_else(|| {
        let mut bytes = baseline.body_bytes()?;
        // In front of the last quote: inside the last text of the body.
        let at = bytes.iter().rposition(|byte| *byte == b'"')?;
        bytes.insert(at, 0xff);
        Some(bytes)
    })
}

/// How long a URI, a header and a body are that no page shows, in bytes: beyond what common servers
/// take by default.
const LONG_URI: usize = 16 * 1024;
const LONG_HEADER: usize = 32 * 1024;
const LONG_BODY: usize = 1_200_000;

/// The documented request made very long in one way, by kind: with what no page documents in the
/// query or a header, or with white space after the body, which is a part of JSON (RFC 8259,
/// section 2).
pub fn oversized(baseline: &Arc<Request>) -> Vec<(&'static str, PlannedCase)> {
    let case = |label: String, edit: Edit| {
        PlannedCase::of(baseline, label, Expectation::Oversized).with(edit)
    };
    let uri = Edit::PadQuery("padding", LONG_URI);
    let header = Edit::PadHeader("X-Docproof-Padding", LONG_HEADER);
    let mut cases = vec![
        ("uri", case(format!("a URI of over {LONG_URI} bytes"), uri)),
        (
            "header",
            case(format!("a header of {LONG_HEADER} bytes"), header),
        ),
    ];
    if let Body::Json(_) = &baseline.body {
        let label = format!("a body with {LONG_BODY} blanks after it");
        cases.push(("body", case(label, Edit::Blanks(LONG_BODY))));
    }
    cases
}

/// An id that nobody has: one that looks made up, such as a row of zeros or a single letter, may
/// well be somebody's where ids are names.
const UNKNOWN_ID: &str = "7d0c3f5e-2b64-4e8a-9f17-c6a85d3b9e42";

/// An id of another form than most have, and a name that nobody has.
const NOBODY: &str = "nobody-9f3ac2e1b7";

/// A number that no resource has.
const UNKNOWN_NUMBER: &str = "2147480000";

/// A request about a resource that is not there.
#[derive(Debug)]
pub struct UnknownResource {
    /// Where the id stands.
    pub row: Row,
    /// A word for the trial's name.
    pub kind: &'static str,
    /// The case.
    pub case: PlannedCase,
}

/// Requests about resources that are not there: the path's parameters, and each other place that is
/// bound to a resource, take ids that nobody has, well-formed and not.
pub fn unknown_resources(
    operation: &Operation,
    baseline: &Arc<Request>,
    bindings: &BTreeMap<String, String>,
) -> Vec<UnknownResource> {
    // A project stands for the credential's scope: asking for another is a matter of authorisation,
    // which no page describes.
    let mut path: Vec<&str> = operation
        .parameters_in(Location::Path)
        .map(|parameter| parameter.name.as_str())
        .filter(|name| *name != "project_id")
        .collect();
    path.sort_by_key(|name| std::cmp::Reverse(operation.path.find(&format!("{{{name}}}"))));
    let in_path: Vec<Row> = path
        .into_iter()
        .map(|name| Row {
            place: Place::Path,
            field: FieldPath::name(name),
        })
        .collect();
    let innermost = in_path.first().cloned();
    let elsewhere = bindings
        .iter()
        // What goes with every request names no resource.
        .filter(|(_, key)| !key.starts_with(EVERYWHERE))
        .filter_map(|(place, key)| Some((place.parse::<Row>().ok()?, key)))
        // What the path names already, a body only repeats: many services look at the path alone.
        .filter(|(row, key)| !repeats_path(bindings, row, key))
        .map(|(row, _)| row)
        .filter(|row| row.place != Place::Path)
        // One of a list that nobody has may be left out, or made.
        .filter(|row| !row.field.has_item())
        .filter(|row| baseline.get(row.place, &row.field).is_some());
    let rows: Vec<Row> = in_path.into_iter().chain(elsewhere).collect();
    // What a database takes for a condition that always holds is for requests that change nothing.
    let quote = if operation.writes() {
        format!("{NOBODY}'")
    } else {
        format!("{NOBODY}' OR '1'='1")
    };
    let ids: [(&'static str, &str, String, Expectation); 6] = [
        (
            "unknown",
            "an id that nobody has",
            UNKNOWN_ID.to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "malformed",
            "an id of another form",
            NOBODY.to_owned(),
            Expectation::UnknownResource,
        ),
        (
            "quote",
            "an id with a quotation mark",
            quote,
            Expectation::UnknownResource,
        ),
        (
            "not-ascii",
            "an id that is not ASCII",
            format!("{NOBODY}-экземпляр"),
            Expectation::UnknownResource,
        ),
        (
            "empty",
            "an empty id",
            String::new(),
            Expectation::UnknownResource,
        ),
        (
            "over-long",
            "an id of 6,000 characters",
            "x".repeat(6_000),
            Expectation::TooLarge,
        ),
    ];
    let mut unknown = Vec::new();
    for row in rows {
        let is_in_path = row.place == Place::Path;
        // A read whose query names what nobody has may find nothing, where no page says that it is
        // refused for that.
        let finds_nothing =
            row.place == Place::Query && !operation.writes() && !operation.names(404);
        // So may one whose path does: an id that is too long is one more that nobody has.
        let reads_unknown = is_in_path && !operation.writes() && !operation.names(404);
        let may_be_gone = operation.may_take_unknown() || finds_nothing;
        let is_number = operation.parameters.iter().any(|parameter| {
            parameter.location.place() == row.place
                && row.field.top() == Some(parameter.name.as_str())
                && types_of(&parameter.schema.root).contains(&"integer")
        });
        for (kind, label, id, expectation) in &ids {
            // An empty part of a path is another path; of the outer parts, one unknown id is
            // enough.
            let is_outer = is_in_path && Some(&row) != innermost.as_ref();
            if is_in_path && id.is_empty() || is_outer && *kind != "unknown" {
                continue;
            }
            let id = match *kind {
                "unknown" if is_number => UNKNOWN_NUMBER,
                _ => id.as_str(),
            };
            let expectation = match *expectation {
                Expectation::UnknownResource | Expectation::TooLarge if may_be_gone => {
                    Expectation::AbsentResource
                }
                Expectation::TooLarge if reads_unknown => Expectation::AbsentResource,
                other => other,
            };
            let case = PlannedCase::of(baseline, *label, expectation).with(Edit::Set {
                place: row.place,
                field: row.field.clone(),
                value: Some(Arc::new(Value::from(id))),
            });
            unknown.push(UnknownResource {
                row: row.clone(),
                kind,
                case,
            });
        }
    }
    unknown
}

/// Whether a place of a body only repeats which resource of a key the path names.
fn repeats_path(bindings: &BTreeMap<String, String>, row: &Row, key: &str) -> bool {
    let name = row.field.last_name().unwrap_or_default();
    let mut of_key = bindings.iter().filter(|(_, own)| *own == key);
    of_key.any(|(place, _)| {
        let in_path = place.strip_prefix("path.");
        in_path.is_some_and(|own| own == name || matches!(name, "id" | "uuid" | "uid"))
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::one(&["/v1/disks"], &[], Some("/v1/*"))]
    #[case::root(&["/disks"], &[], Some("/*"))]
    #[case::several(&["/v1/disks", "/v1/disks/{id}", "/v1/hosts"], &[], Some("/v1/*"))]
    #[case::parameter(&["/v2/{project_id}/disks/{id}"], &[], Some("/v2/*"))]
    #[case::versions(&["/v1/disks", "/v2/disks"], &[], Some("/*"))]
    #[case::any_name(&["/{bucket}"], &[], Some("/*/*"))]
    #[case::of_another_service(&["/v1/disks"], &["/{one}/{other}"], Some("/v1/*/*"))]
    #[case::everything(&["/files/{path+}"], &[], None)]
    #[case::nothing(&[], &[], None)]
    fn a_path_is_chosen_that_no_page_documents(
        #[case] own: &[&str],
        #[case] more: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let all: Vec<&str> = own.iter().chain(more).copied().collect();
        let found = path_of_nobody(own, &all);
        let expected = expected.map(|path| path.replace('*', UNDOCUMENTED_PART));
        assert_eq!(found, expected);
    }
}
