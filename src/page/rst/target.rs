//! Directives that are an operation's method and path: those of sphinx httpdomain (`http:get::`)
//! and of OpenStack's references (`rest_method::`).

use super::super::block::{Block, BlockKind};
use super::Line;

/// The longest word that is taken for a method.
const LONGEST_METHOD: usize = 12;

/// The targets that a directive names, and how many of the lines below it they go on over: a
/// directive of httpdomain may name several paths, one a line.
pub(super) fn targets(
    name: &str,
    argument: &str,
    line: usize,
    below: &[Line<'_>],
) -> (Vec<Block>, usize) {
    if name.eq_ignore_ascii_case("rest_method") {
        let target = argument
            .split_once(char::is_whitespace)
            .and_then(|(method, path)| target(method, path.trim(), line));
        return (target.into_iter().collect(), 0);
    }
    let Some((domain, method)) = name.split_once(':') else {
        return (Vec::new(), 0);
    };
    if !domain.eq_ignore_ascii_case("http") {
        return (Vec::new(), 0);
    }
    let mut targets: Vec<Block> = target(method, argument, line).into_iter().collect();
    let more: Vec<Block> = below
        .iter()
        .map_while(|line| target(method, line.text.trim(), line.number))
        .collect();
    let taken = if targets.is_empty() { 0 } else { more.len() };
    if taken > 0 {
        targets.extend(more);
    }
    (targets, taken)
}

/// The method that targets have, and all their paths.
pub(super) fn together(targets: &[Block]) -> (String, String) {
    let mut own = (String::new(), String::new());
    for block in targets {
        if let BlockKind::Target { method, path } = &block.kind {
            own.0.clone_from(method);
            own.1.push_str(path);
            own.1.push(' ');
        }
    }
    own
}

pub(super) fn target(method: &str, path: &str, line: usize) -> Option<Block> {
    let is_method = !method.is_empty()
        && method.len() <= LONGEST_METHOD
        && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    // A query may stand behind the path, and words in brackets behind both.
    let path = path
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_matches('`');
    (is_method && path.starts_with('/')).then(|| {
        Block::new(
            line,
            BlockKind::Target {
                method: method.to_ascii_uppercase(),
                path: path.to_owned(),
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::openstack(".. rest_method::  GET /v1/jobs/{job}\n\nLists.\n", &["1 GET /v1/jobs/{job}"])]
    #[case::httpdomain(".. http:post:: /{team}/_find\n   :synopsis: Find jobs.\n\n   Text.\n", &["1 POST /{team}/_find"])]
    #[case::several(".. http:get:: /jobs\n              /jobs/{job}\n\n   Text.\n", &["1 GET /jobs", "2 GET /jobs/{job}"])]
    #[case::unusual(".. http:copy:: /{team}/{job}\n", &["1 COPY /{team}/{job}"])]
    #[case::sentence(".. rest_method:: the method of a call\n", &[])]
    #[case::no_path(".. http:get:: jobs\n", &[])]
    fn directives_name_targets(#[case] source: &str, #[case] expected: &[&str]) {
        let found: Vec<String> = read(source)
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::Target { method, path } => {
                    Some(format!("{} {method} {path}", block.line))
                }
                _ => None,
            })
            .collect();
        assert_eq!(found, expected);
    }
}
