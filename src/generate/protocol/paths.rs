//! Requests of methods and paths that no page documents.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::body::Body;
use super::super::case::{Edit, Expectation, PlannedCase};
use super::super::request::Request;

/// The methods that are tried where no page documents them. `HEAD` and `OPTIONS` are left out:
/// servers answer them by themselves, rightly.
pub const UNDOCUMENTED_METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

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
