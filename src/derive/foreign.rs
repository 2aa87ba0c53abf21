//! Examples of other operations among those of one: the block that begins with the line of another
//! request, and the answer below it. Nothing of them is this operation's.

use super::curl;
use super::outline::{Item, ItemKind};
use super::section::Section;
use super::target::Stated;

pattern! {
    /// The line of a request at the beginning of a block.
    static ASKED = r"\A\s*(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS)[ \t]+(?P<url>(?:https?://|/)\S+)";
}

/// What targets share with the path of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    /// The one ends as the other does.
    Tail,
    Whole,
}

/// Takes the examples of other operations out of the items of one; the line of each, and why.
pub(super) fn leave_out(
    items: &mut Vec<Item<'_>>,
    own: &[&Stated],
    all: &[Stated],
) -> Vec<(usize, String)> {
    let mut told = Vec::new();
    let mut is_foreign = false;
    items.retain(|item| {
        let text = match item.kind {
            ItemKind::Code(text) => text,
            ItemKind::Table(_) => {
                is_foreign = false;
                return true;
            }
            _ => {
                is_foreign &= !opens_own(item.section);
                return true;
            }
        };
        if let Some(captures) = ASKED.captures(text) {
            let (method, url) = (&captures["method"], &captures["url"]);
            is_foreign = is_of_another(method, url, own, all);
            if is_foreign {
                let why = format!(
                    "the example of `{method} {}` shows another operation, and is not read",
                    path_of(url)
                );
                told.push((item.line, why));
            }
        } else if curl::is_call(text) {
            is_foreign = false;
        }
        !is_foreign
    });
    told
}

/// Whether what stands in a section is described, not shown.
fn opens_own(section: Section) -> bool {
    matches!(
        section,
        Section::Uri
            | Section::Operation
            | Section::Request
            | Section::StatusCodes
            | Section::ErrorCodes
    )
}

/// Whether a request of an example is another operation's: its path is that of another and not this
/// one's, or neither its method nor its path is this one's.
fn is_of_another(method: &str, url: &str, own: &[&Stated], all: &[Stated]) -> bool {
    let path = path_of(url);
    let is_asked = |stated: &&Stated| stated.method.eq_ignore_ascii_case(method);
    let mut fits = own.iter().map(|stated| fit(path, &stated.path));
    let best = fits.clone().max().unwrap_or(Fit::None);
    let is_own_method = own.iter().any(is_asked);
    if is_own_method && best == Fit::Whole {
        return false;
    }
    let is_another_s = |stated: &Stated| fit(path, &stated.path) == Fit::Whole;
    let mut others = all.iter().filter(is_asked);
    others.any(is_another_s) || !is_own_method && fits.all(|fit| fit == Fit::None)
}

/// The path of an address.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = if rest.len() < url.len() {
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
    } else {
        rest
    };
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Whether the path of a call is that of a target, perhaps behind or without the path of its base.
pub(super) fn fits(path: &str, target: &str) -> bool {
    let (shown, stated) = (parts(path), parts(target));
    let both = shown.len().min(stated.len());
    let base = stated.get(..stated.len() - both).unwrap_or_default();
    let mut ends = shown.iter().rev().zip(stated.iter().rev());
    let is_whole = base.iter().all(|part| !is_open(part));
    let is_named = ends.clone().any(|(shown, stated)| shown == stated) || stated.is_empty();
    is_whole && is_named && ends.all(|(shown, stated)| shown == stated || is_open(stated))
}

/// How the path of an example fits that of a target.
fn fit(path: &str, target: &str) -> Fit {
    let (shown, stated) = (parts(path), parts(target));
    let mut pairs = shown.iter().rev().zip(stated.iter().rev());
    if !pairs.all(|(shown, stated)| shown == stated || is_open(shown) || is_open(stated)) {
        Fit::None
    } else if shown.len() == stated.len() {
        Fit::Whole
    } else {
        Fit::Tail
    }
}

/// The parts of a path.
fn parts(path: &str) -> Vec<&str> {
    let own = path_of(path).split('/');
    own.filter(|part| !part.is_empty()).collect()
}

/// Whether a part of a path stands for any value.
fn is_open(part: &str) -> bool {
    part.starts_with([':', '<', '$']) || part.contains('{')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("/v1/boxes/7", "/boxes/{box}", true)]
    #[case("/boxes/7", "/v1/boxes/{box}", true)]
    #[case("/boxes", "/boxes", true)]
    #[case("/boxes", "/boxes/{box}", false)]
    #[case("/lids/7", "/boxes/{box}", false)]
    #[case("/7", "/boxes/{box}", false)]
    fn a_call_is_of_a_target(#[case] path: &str, #[case] target: &str, #[case] expected: bool) {
        assert_eq!(fits(path, target), expected);
    }

    #[rstest]
    #[case("GET", "/boxes/7", false)]
    #[case("GET", "https://api.example/v1/boxes/7?full=1", false)]
    #[case("GET", "/boxes/root", false)]
    #[case("GET", "/teams/7/boxes/root", true)]
    #[case("GET", "/elsewhere", false)]
    #[case("POST", "/boxes/7", false)]
    #[case("POST", "/lids/7", true)]
    fn the_examples_of_others_are_told_from_an_operation_s(
        #[case] method: &str,
        #[case] url: &str,
        #[case] expected: bool,
    ) {
        let stated = |path: &str| Stated {
            method: "GET".to_owned(),
            path: path.to_owned(),
            has_host: false,
            has_version: false,
            is_alone: false,
        };
        let all = [stated("/boxes/{box}"), stated("/teams/{team}/boxes/root")];
        assert_eq!(is_of_another(method, url, &[&all[0]], &all), expected);
    }
}
