//! What an error of the validator says: the facet that it is about, and what is wrong in a clause.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::combination::{BETWEEN, Combination, Effect};
use super::facet::{Facet, Keyword};
use super::field_path::unescape_token;
use super::schema::enum_values;

/// How deep unions are looked into.
const UNIONS: usize = 24;

/// Calls `tell` with an error; of a union with the errors of the one branch that is meant, where one
/// is: the others want another type, or nothing but an empty text.
pub(super) fn each_cause(
    error: &ValidationError<'_>,
    depth: usize,
    tell: &mut dyn FnMut(&ValidationError<'_>),
) {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return tell(error);
    };
    let is_own = |inner: &ValidationError<'_>| inner.instance_path() == error.instance_path();
    let is_mistyped = |inner: &ValidationError<'_>| {
        is_own(inner) && matches!(inner.kind(), ValidationErrorKind::Type { .. })
    };
    let is_other = |branch: &Vec<ValidationError<'_>>| {
        branch.iter().any(|inner| {
            let is_constant = matches!(inner.kind(), ValidationErrorKind::Constant { .. });
            is_mistyped(inner) || is_own(inner) && is_constant
        })
    };
    let own = error.instance_path().as_str();
    // A field with one value, or a few, tells which kind of object is meant.
    let is_of_other_kind = |branch: &Vec<ValidationError<'_>>| {
        branch.iter().any(|inner| {
            let below = inner.instance_path().as_str().strip_prefix(own);
            let is_of_field = below.is_some_and(|below| below.matches('/').count() == 1);
            let is_listed = matches!(
                inner.kind(),
                ValidationErrorKind::Constant { .. } | ValidationErrorKind::Enum { .. }
            );
            is_of_field && is_listed
        })
    };
    let mut meant: Vec<&Vec<ValidationError<'_>>> =
        context.iter().filter(|branch| !is_other(branch)).collect();
    if meant.len() > 1 {
        let of_kind = meant.iter().filter(|branch| !is_of_other_kind(branch));
        let of_kind: Vec<_> = of_kind.copied().collect();
        if of_kind.len() == 1 {
            meant = of_kind;
        }
    }
    match meant.as_slice() {
        [branch] if depth < UNIONS => {
            for inner in *branch {
                each_cause(inner, depth + 1, tell);
            }
        }
        [] => {
            let mut inner = context.iter().flatten();
            tell(inner.find(|inner| is_mistyped(inner)).unwrap_or(error));
        }
        _ => tell(error),
    }
}

/// The facet that an error of the validator is about.
pub(super) fn facet_of(kind: &ValidationErrorKind) -> Facet {
    use ValidationErrorKind as Kind;
    match kind {
        Kind::Type { .. } => Facet::Type,
        Kind::Required { .. } => Facet::Required,
        // A union of types keeps its values in branches: what is broken is the list of values.
        Kind::AnyOf { .. } | Kind::Constant { .. } | Kind::Enum { .. } => Facet::Enum,
        Kind::MinLength { .. } => Facet::MinLength,
        Kind::MaxLength { .. } => Facet::MaxLength,
        Kind::Pattern { .. }
        | Kind::BacktrackLimitExceeded { .. }
        | Kind::RegexEngineFailure { .. } => Facet::Pattern,
        Kind::Format { .. } => Facet::Format,
        Kind::Minimum { .. } => Facet::Minimum,
        Kind::ExclusiveMinimum { .. } => Facet::ExclusiveMinimum,
        Kind::Maximum { .. } => Facet::Maximum,
        Kind::ExclusiveMaximum { .. } => Facet::ExclusiveMaximum,
        Kind::MultipleOf { .. } => Facet::MultipleOf,
        Kind::MinItems { .. } => Facet::MinItems,
        Kind::MaxItems { .. } => Facet::MaxItems,
        Kind::UniqueItems => Facet::UniqueItems,
        Kind::AdditionalItems { .. } => Facet::Keyword(Keyword::AdditionalItems),
        Kind::AdditionalProperties { .. } => Facet::Keyword(Keyword::AdditionalProperties),
        Kind::Contains => Facet::Keyword(Keyword::Contains),
        Kind::ContentEncoding { .. } | Kind::FromUtf8 { .. } => {
            Facet::Keyword(Keyword::ContentEncoding)
        }
        Kind::ContentMediaType { .. } => Facet::Keyword(Keyword::ContentMediaType),
        Kind::MaxProperties { .. } => Facet::Keyword(Keyword::MaxProperties),
        Kind::MinProperties { .. } => Facet::Keyword(Keyword::MinProperties),
        Kind::Not { .. } => Facet::Keyword(Keyword::Not),
        Kind::OneOfMultipleValid { .. } | Kind::OneOfNotValid { .. } => {
            Facet::Keyword(Keyword::OneOf)
        }
        Kind::PropertyNames { .. } => Facet::Keyword(Keyword::PropertyNames),
        Kind::UnevaluatedItems { .. } => Facet::Keyword(Keyword::UnevaluatedItems),
        Kind::UnevaluatedProperties { .. } => Facet::Keyword(Keyword::UnevaluatedProperties),
        Kind::Referencing(_) => Facet::Keyword(Keyword::Reference),
        // No keyword is defined here beside those of JSON Schema.
        Kind::FalseSchema | Kind::Custom { .. } => Facet::Keyword(Keyword::FalseSchema),
    }
}

/// What is wrong with a value, in one clause that names the documented limit and what was seen.
pub(super) fn describe(facet: Facet, value: Option<&Value>, node: Option<&Value>) -> String {
    let stated = node.and_then(|node| node.get(facet.as_str()));
    let seen = value.map_or_else(|| "nothing".to_owned(), excerpt);
    let breaks = || match stated {
        Some(stated) => format!("is {seen}, documented {facet} {stated}"),
        None => format!("is {seen}, which breaks {facet}"),
    };
    let has_length = |bound: &str, limit: &Value| {
        let length = value
            .and_then(Value::as_str)
            .map_or(0, |text| text.chars().count());
        format!("has {length} characters, documented {bound} {limit}: {seen}")
    };
    match facet {
        Facet::Required => "is absent".to_owned(),
        BETWEEN => match node.and_then(Combination::from_json) {
            Some(rule) => {
                let (state, rule_is) = match rule.effect {
                    Effect::Needed => ("is absent", "mandatory"),
                    Effect::Barred => ("is there", "not allowed"),
                };
                let when = rule.guard.clause(&rule.field);
                format!("{state}, documented as {rule_is} {when}")
            }
            None => breaks(),
        },
        Facet::Type => stated.map_or_else(breaks, |stated| {
            if value.is_some_and(Value::is_null) {
                format!("is null, documented type {}", type_list(stated))
            } else {
                let kind = type_word(value);
                format!("is {kind} {seen}, documented type {}", type_list(stated))
            }
        }),
        Facet::Enum => {
            let values = node.map(enum_values).unwrap_or_default();
            let listed: Vec<String> = values.iter().map(excerpt).collect();
            if listed.is_empty() {
                return format!("is {seen}, which fits none of the documented kinds");
            }
            format!("is {seen}, documented values {}", listed.join(", "))
        }
        Facet::MaxLength => stated.map_or_else(breaks, |limit| has_length("maximum", limit)),
        Facet::MinLength => stated.map_or_else(breaks, |limit| has_length("minimum", limit)),
        Facet::Format | Facet::Pattern => stated.map_or_else(breaks, |stated| {
            let stated = stated.as_str().unwrap_or_default();
            format!("is {seen}, documented {facet} `{stated}`")
        }),
        Facet::Const
        | Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf
        | Facet::MinItems
        | Facet::MaxItems
        | Facet::UniqueItems
        | Facet::Nullable
        | Facet::Items
        | Facet::Default
        | Facet::Example
        | Facet::Status
        | Facet::Body
        | Facet::EmptyBody
        | Facet::Method
        | Facet::Name
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(_) => breaks(),
    }
}

/// What is wrong with a value that breaks a rule of the whole by something within it: at `within`,
/// the way from the value, what breaks `inner`.
pub(super) fn describe_whole(
    facet: Facet,
    within: Option<&str>,
    inner: Facet,
    wrong: Option<&Value>,
) -> String {
    let names = within.unwrap_or_default().split('/').skip(1);
    let names: Vec<String> = names.map(unescape_token).collect();
    let seen = wrong.map_or_else(|| "nothing".to_owned(), excerpt);
    match (names.as_slice(), inner) {
        ([], _) => format!("is {seen}, which breaks {facet}"),
        (names, Facet::Required) => format!("breaks {facet}: `{}` is absent", names.join(".")),
        (names, inner) if inner == facet => {
            format!("breaks {facet}: `{}` is {seen}", names.join("."))
        }
        (names, inner) => format!(
            "breaks {facet}: `{}` is {seen}, which breaks its {inner}",
            names.join(".")
        ),
    }
}

fn type_list(stated: &Value) -> String {
    match stated {
        Value::Array(many) => many
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" or "),
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

/// The JSON type of a value, as a word with its article.
fn type_word(value: Option<&Value>) -> &'static str {
    match value {
        None => "nothing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(number)) if number.is_f64() => "a number",
        Some(Value::Number(_)) => "an integer",
        Some(Value::String(_)) => "a string",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    }
}

/// A value as JSON text, cut to a length that fits on a line.
fn excerpt(value: &Value) -> String {
    const MOST: usize = 80;
    let text = match value {
        // Of a long text no more is spelled than is shown.
        Value::String(text) if text.len() > 8 * MOST => {
            Value::from(text.chars().take(2 * MOST).collect::<String>()).to_string()
        }
        value => value.to_string(),
    };
    if text.chars().count() <= MOST {
        return text;
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head}...")
}
