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
    /// A parameter, with the text before and after it in the same segment (`{id}.json`,
    /// `{id}:start`).
    Parameter { before: String, after: String },
}

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
                    Piece::Parameter { before, after } => {
                        2 - u8::from(before.len() + after.len() > 0)
                    }
                })
                .collect::<Vec<u8>>()
        });
    }

    /// Finds the route of a request: its path and query.
    pub(super) fn find<'p>(&'p self, method: &str, path: &'p str, query: &str) -> Route<'p> {
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
                let captured: Option<Vec<Cow<'p, str>>> = segments(path)
                    .zip(&shape.pieces)
                    .filter_map(|(segment, piece)| piece.capture(segment))
                    .map(uri::segment)
                    .collect();
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
            Self::Parameter { .. } => self.capture(segment).is_some_and(|text| !text.is_empty()),
        }
    }

    fn capture<'s>(&self, segment: &'s str) -> Option<&'s str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter { before, after } => segment
                .strip_prefix(before.as_str())
                .and_then(|rest| rest.strip_suffix(after.as_str())),
        }
    }
}

/// The names of a template's parameters, in order.
pub(super) fn parameter_names(template: &str) -> Vec<&str> {
    segments(template)
        .filter_map(|segment| {
            let (_, rest) = segment.split_once('{')?;
            rest.split_once('}').map(|(name, _)| name)
        })
        .collect()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split('/')
}

fn piece(segment: &str) -> Piece {
    match segment
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)))
    {
        Some((before, after)) => Piece::Parameter {
            before: before.to_owned(),
            after: after.to_owned(),
        },
        None => Piece::Literal(segment.to_owned()),
    }
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
        routes
    }

    #[rstest]
    #[case("POST", "/v2/p/instances/i/backups", 0, &["p", "i"])]
    #[case("GET", "/v2/p/instances/i%2Fj/backups", 1, &["p", "i/j"])]
    #[case("GET", "/v2/p/instances/all/tags", 2, &["p", "all"])]
    #[case("POST", "/v2/p/instances/all/tags", 3, &["p"])]
    #[case("GET", "/v1/things/7.json", 4, &["7"])]
    fn paths_lead_to_operations(
        #[case] method: &str,
        #[case] path: &str,
        #[case] operation: usize,
        #[case] captured: &[&str],
    ) {
        let captured = captured.iter().map(|text| Cow::from(*text)).collect();
        assert_eq!(
            routes().find(method, path, ""),
            Route::Operation(operation, captured)
        );
    }

    #[rstest]
    #[case("/v2/p/instances/i/backups/")]
    #[case("/v2/p/instances//backups")]
    #[case("/")]
    #[case("")]
    #[case("/v1/things/.json")]
    fn other_paths_lead_nowhere(#[case] path: &str) {
        assert_eq!(routes().find("GET", path, ""), Route::Unknown);
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
        assert_eq!(routes.find("GET", "/", query), expected);
    }

    #[test]
    fn a_documented_path_names_its_methods() {
        assert_eq!(
            routes().find("PUT", "/v2/p/instances/i/backups", ""),
            Route::Method(vec!["GET", "POST"], vec![0, 1])
        );
        assert_eq!(
            routes().find("GET", "/v2/%zz/instances/i/backups", ""),
            Route::Broken
        );
    }
}
