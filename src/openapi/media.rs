//! Bodies of a document: which of the media types is read, its schema and its examples.

use serde_json::Value;

use super::spot::Spot;
use crate::contract::MediaType;

/// A body by one of its media types.
pub(super) struct Body<'l> {
    /// Its media type as the contract has it.
    pub(super) media: MediaType,
    /// Whether it is a JSON text, so that a schema says something of it.
    pub(super) is_json: bool,
    /// The media type as it is spelled.
    pub(super) name: String,
    /// The schema.
    pub(super) schema: Option<Spot<'l>>,
    /// The parameters that its fields are, where they have no schema of their own.
    pub(super) form: Vec<Spot<'l>>,
    /// The values of the examples.
    pub(super) examples: Vec<Spot<'l>>,
}

impl Body<'_> {
    /// Whether nothing says what it holds.
    pub(super) fn is_undescribed(&self) -> bool {
        self.schema.is_none() && self.form.is_empty() && !self.is_json
    }
}

/// The parts of a media type without its parameters, in lower case.
fn essence(name: &str) -> String {
    let bare = name.split(';').next().unwrap_or_default();
    bare.trim().to_ascii_lowercase()
}

/// How well a media type serves: JSON by its own name, JSON of a kind of its own, anything, a form.
fn rank(name: &str) -> usize {
    let essence = essence(name);
    match essence.as_str() {
        "application/json" => 0,
        "*/*" | "application/*" => 2,
        "application/x-www-form-urlencoded" => 3,
        "multipart/form-data" => 4,
        other if other.ends_with("+json") => 1,
        _ => 5,
    }
}

/// The body of the media type that serves best, and the media types beside it.
pub(super) fn body<'l>(content: &Spot<'l>) -> Option<(Body<'l>, Vec<Spot<'l>>)> {
    let mut all: Vec<Spot<'l>> = content.members().collect();
    all.sort_by_key(|member| rank(&member.key()));
    let mut all = all.into_iter();
    let best = all.next()?;
    Some((of_media(&best), all.collect()))
}

fn of_media<'l>(spot: &Spot<'l>) -> Body<'l> {
    let name = spot.key();
    let mut examples: Vec<Spot<'l>> = spot.get("example").into_iter().collect();
    let named = spot.get("examples");
    for example in named.iter().flat_map(Spot::members) {
        examples.extend(example.get("value"));
    }
    Body {
        media: media_type(&name),
        is_json: is_json(&name),
        schema: spot.get("schema"),
        form: Vec::new(),
        examples,
        name,
    }
}

/// The media type of the contract that a media type is sent as.
pub(super) fn media_type(name: &str) -> MediaType {
    match rank(name) {
        0 | 2 => MediaType::Json,
        _ => MediaType::read(name).unwrap_or_else(|| MediaType::Other("*/*".to_owned())),
    }
}

/// Whether a body of a media type is a JSON text, or may be one.
pub(super) fn is_json(name: &str) -> bool {
    rank(name) < 3
}

/// The media type of a JSON text that is called so: one of any type is plain JSON.
pub(super) fn json_type(name: &str) -> MediaType {
    let known = MediaType::read(name).filter(MediaType::is_json);
    known.unwrap_or_default()
}

/// The examples that stand in a schema of a body itself.
pub(super) fn shown_by<'l>(schema: &Spot<'l>) -> Vec<Spot<'l>> {
    let one = schema.get("example");
    let many = schema
        .get("examples")
        .filter(|examples| examples.value.is_array());
    one.into_iter()
        .chain(many.iter().flat_map(Spot::items))
        .filter(|spot| !matches!(spot.value, Value::Null))
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("application/json", MediaType::Json)]
    #[case("Application/JSON; charset=utf-8", MediaType::Json)]
    #[case("*/*", MediaType::Json)]
    #[case("application/merge-patch+json", MediaType::MergePatch)]
    #[case("application/x-www-form-urlencoded", MediaType::Form)]
    #[case("multipart/form-data", MediaType::Multipart)]
    #[case("text/csv", MediaType::Other("text/csv".to_owned()))]
    fn a_media_type_is_sent_as_one_of_the_contract(
        #[case] name: &str,
        #[case] expected: MediaType,
    ) {
        assert_eq!(media_type(name), expected);
    }
}
