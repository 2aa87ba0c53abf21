//! Routing: which operation a method and a path belong to, from the path templates of all
//! operations.

use std::borrow::Cow;
use std::collections::HashMap;

use super::uri;
use crate::contract::{Action, sent_path};

/// One segment of a path template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Text that stands as it is.
    Literal(String),
    /// Parameters, with the texts before, between and after them in the same segment (`{id}.json`,
    /// `{id}:start`, `{x}-{y}`): one text more than parameters.
    Parameters(Vec<String>),
}

/// The most ways in which one segment is parted into its parameters.
const MOST_WAYS: usize = 64;

/// What is asked of a way to part a path into its parameters: whether an operation takes it.
pub(super) type Takes<'t> = &'t dyn Fn(usize, &[Cow<'_, str>]) -> bool;

/// All paths of one shape: parameters are told apart by place, not by name, because services name
/// them differently.
#[derive(Debug)]
struct Shape {
    pieces: Vec<Piece>,
    /// The pair of the query that tells it from others of the same pieces.
    action: Option<(String, String)>,
    /// Method and the index of its operation.
    methods: Vec<(String, usize)>,
}

/// The routes of a suite.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// Shapes by number of segments, those with literals first.
    shapes: HashMap<usize, Vec<Shape>>,
}

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'p> {
    /// To an operation; the captured segments, decoded, in the template's order.
    Operation(usize, Vec<Cow<'p, str>>),
    /// To a documented path, with a method that no page documents; the methods that are, and their
    /// operations.
    Method(Vec<&'p str>, Vec<usize>),
    /// Nowhere.
    Unknown,
    /// To something that is no path: a broken escape.
    Broken,
}

impl Routes {
    /// Adds an operation. Of two with the same shape and method the first one stays.
    pub(super) fn add(&mut self, template: &str, method: &str, operation: usize) {
        let pieces: Vec<Piece> = segments(sent_path(template)).map(piece).collect();
        let action = Action::of(template)
            .map(|action| (action.parameter.to_owned(), action.name.to_owned()));
        let shapes = self.shapes.entry(pieces.len()).or_default();
        let index = shapes
            .iter()
            .position(|shape| shape.pieces == pieces && shape.action == action)
            .unwrap_or_else(|| {
                shapes.push(Shape {
                    pieces,
                    action,
                    methods: Vec::new(),
                });
                shapes.len() - 1
            });
        if let Some(shape) = shapes.get_mut(index)
            && !shape.methods.iter().any(|(known, _)| known == method)
        {
            shape.methods.push((method.to_owned(), operation));
        }
        // A literal is more specific than a parameter, from the left (OpenAPI: concrete paths
        // first). The sort is stable.
        shapes.sort_by_key(|shape| {
            shape
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(_) => 0,
                    Piece::Parameters(texts) => {
                        2 - u8::from(texts.iter().any(|text| !text.is_empty()))
                    }
                })
                .collect::<Vec<u8>>()
        });
    }

    /// Finds the route of a request: its path and query. Where a path can be parted into its
    /// parameters in several ways, it is the first that the operation takes.
    pub(super) fn find<'p>(
        &'p self,
        method: &str,
        path: &'p str,
        query: &str,
        takes: Takes<'_>,
    ) -> Route<'p> {
        let Some(shapes) = self.shapes.get(&segments(path).count()) else {
            return Route::Unknown;
        };
        let mut allowed = Vec::new();
        let mut operations = Vec::new();
        for shape in shapes {
            if !segments(path)
                .zip(&shape.pieces)
                .all(|(segment, piece)| piece.matches(segment))
                || !shape.is_asked(query)
            {
                continue;
            }
            if let Some((_, operation)) = shape.methods.iter().find(|(known, _)| known == method) {
                let ways = shape.ways(path);
                let decoded = |way: &Vec<&'p str>| -> Option<Vec<Cow<'p, str>>> {
                    way.iter().map(|text| uri::segment(text)).collect()
                };
                let taken = ways
                    .iter()
                    .filter_map(decoded)
                    .find(|way| ways.len() < 2 || takes(*operation, way));
                let captured = taken.or_else(|| ways.first().and_then(decoded));
                return captured.map_or(Route::Broken, |captured| {
                    Route::Operation(*operation, captured)
                });
            }
            allowed.extend(shape.methods.iter().map(|(known, _)| known.as_str()));
            operations.extend(shape.methods.iter().map(|(_, operation)| *operation));
        }
        allowed.sort_unstable();
        allowed.dedup();
        if operations.is_empty() {
            Route::Unknown
        } else {
            Route::Method(allowed, operations)
        }
    }
}

impl Shape {
    /// The ways to part a path that it matches into its parameters.
    fn ways<'p>(&self, path: &'p str) -> Vec<Vec<&'p str>> {
        let mut all: Vec<Vec<&'p str>> = vec![Vec::new()];
        for (segment, piece) in segments(path).zip(&self.pieces) {
            let own = piece.captures(segment);
            if own.is_empty() {
                continue;
            }
            let joined = all.iter().flat_map(|before| {
                own.iter()
                    .map(move |own| before.iter().chain(own).copied().collect::<Vec<&'p str>>())
            });
            all = joined.take(MOST_WAYS).collect();
        }
        all
    }

    /// Whether a query asks for its action, where it has one.
    fn is_asked(&self, query: &str) -> bool {
        self.action.as_ref().is_none_or(|(parameter, name)| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .any(|(own, value)| own == parameter && value == name)
        })
    }
}

impl Piece {
    fn matches(&self, segment: &str) -> bool {
        match self {
            Self::Literal(text) => {
                text == segment || uri::segment(segment).is_some_and(|decoded| decoded == *text)
            }
            Self::Parameters(_) => !self.captures(segment).is_empty(),
        }
    }

    /// The ways to part a segment into parameters of which none is empty; none of a literal.
    fn captures<'s>(&self, segment: &'s str) -> Vec<Vec<&'s str>> {
        let Self::Parameters(texts) = self else {
            return Vec::new();
        };
        let Some((first, texts)) = texts.split_first() else {
            return Vec::new();
        };
        let Some(rest) = segment.strip_prefix(first.as_str()) else {
            return Vec::new();
        };
        // What is parted so far, and what is left.
        let mut open: Vec<(Vec<&'s str>, &'s str)> = vec![(Vec::new(), rest)];
        for (index, text) in texts.iter().enumerate() {
            let is_last = index + 1 == texts.len();
            let parted = open.into_iter().flat_map(|(before, rest)| {
                parted(rest, text, is_last).map(move |(own, rest)| {
                    let mut all = before.clone();
                    all.push(own);
                    (all, rest)
                })
            });
            open = parted.take(MOST_WAYS).collect();
        }
        open.into_iter().map(|(all, _)| all).collect()
    }
}

/// The ways to part a text in two at another, the first not being empty; at its very end if it is
/// the last.
fn parted<'s, 't>(
    rest: &'s str,
    text: &'t str,
    is_last: bool,
) -> impl Iterator<Item = (&'s str, &'s str)> + use<'s, 't> {
    rest.char_indices()
        .map(|(at, _)| at)
        .chain([rest.len()])
        .filter(|at| *at > 0)
        .filter_map(move |at| {
            let (own, after) = rest.split_at_checked(at)?;
            let after = after.strip_prefix(text)?;
            (!is_last || after.is_empty()).then_some((own, after))
        })
}

/// The names of a template's parameters, in order.
pub(super) fn parameter_names(template: &str) -> Vec<&str> {
    let names = template.split('{').skip(1);
    names
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn piece(segment: &str) -> Piece {
    let mut texts = Vec::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{')
        && let Some((_, after)) = after.split_once('}')
    {
        texts.push(before.to_owned());
        rest = after;
    }
    if texts.is_empty() {
        return Piece::Literal(segment.to_owned());
    }
    texts.push(rest.to_owned());
    Piece::Parameters(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn routes() -> Routes {
        let mut routes = Routes::default();
        routes.add(
            "/v2/{project_id}/instances/{instance_id}/backups",
            "POST",
            0,
        );
        routes.add("/v2/{project}/instances/{instance}/backups", "GET", 1);
        routes.add("/v2/{project_id}/instances/{instance_id}/tags", "GET", 2);
        routes.add("/v2/{project_id}/instances/all/tags", "POST", 3);
        routes.add("/v1/things/{id}.json", "GET", 4);
        routes.add("/v1/maps/{x}-{y}.{ext}", "GET", 5);
        routes.add("/v1/pairs/{a}{b}", "GET", 6);
        routes
    }

    #[rstest]
    #[case("POST", "/v2/p/instances/i/backups", 0, &["p", "i"])]
    #[case("GET", "/v2/p/instances/i%2Fj/backups", 1, &["p", "i/j"])]
    #[case("GET", "/v2/p/instances/all/tags", 2, &["p", "all"])]
    #[case("POST", "/v2/p/instances/all/tags", 3, &["p"])]
    #[case("GET", "/v1/things/7.json", 4, &["7"])]
    #[case("GET", "/v1/maps/1-2.png", 5, &["1", "2", "png"])]
    #[case("GET", "/v1/maps/1-2-3.png", 5, &["1", "2-3", "png"])]
    #[case("GET", "/v1/pairs/abc", 6, &["ab", "c"])]
    fn paths_lead_to_operations(
        #[case] method: &str,
        #[case] path: &str,
        #[case] operation: usize,
        #[case] captured: &[&str],
    ) {
        let captured = captured.iter().map(|text| Cow::from(*text)).collect();
        assert_eq!(
            routes().find(method, path, "", &|_, way| way
                .first()
                .is_some_and(|a| a != "a")),
            Route::Operation(operation, captured)
        );
    }

    #[rstest]
    #[case("/v2/p/instances/i/backups/")]
    #[case("/v2/p/instances//backups")]
    #[case("/")]
    #[case("")]
    #[case("/v1/things/.json")]
    #[case("/v1/maps/1-.png")]
    #[case("/v1/pairs/a")]
    fn other_paths_lead_nowhere(#[case] path: &str) {
        assert_eq!(routes().find("GET", path, "", &|_, _| true), Route::Unknown);
    }

    #[rstest]
    #[case("Action=StopJob&Id=7", Route::Operation(0, Vec::new()))]
    #[case("Id=7&Action=ShowJob", Route::Operation(1, Vec::new()))]
    #[case("Action=Other", Route::Unknown)]
    #[case("", Route::Unknown)]
    fn actions_at_one_path_are_told_apart(#[case] query: &str, #[case] expected: Route<'_>) {
        let mut routes = Routes::default();
        routes.add("/?Action=StopJob", "GET", 0);
        routes.add("/?Action=ShowJob", "GET", 1);
        assert_eq!(routes.find("GET", "/", query, &|_, _| true), expected);
    }

    #[test]
    fn a_documented_path_names_its_methods() {
        assert_eq!(
            routes().find("PUT", "/v2/p/instances/i/backups", "", &|_, _| true),
            Route::Method(vec!["GET", "POST"], vec![0, 1])
        );
        assert_eq!(
            routes().find("GET", "/v2/%zz/instances/i/backups", "", &|_, _| true),
            Route::Broken
        );
    }
}
