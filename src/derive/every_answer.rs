//! What sentences say of the headers of every answer, and of a request that names the copy which its
//! sender holds: ``Every response has an `ETag`. Send it back in `If-None-Match`, and the answer is 304
//! as long as nothing has changed.`` Said above the operations, it holds for all of them.

use super::draft::{Draft, Parameter};
use super::mandatory::Said;
use super::outline::{Item, ItemKind};
use super::rows::FieldRow;
use super::sentences::sentences;
use super::statement::{Constraint, Site, Stand};
use crate::contract::{Facet, Level, Location};
use crate::page::words::TypeName;
use crate::page::{Block, BlockKind};

phrases! {
    EveryAnswer:

    /// A sentence about every answer; its group `which` says of which alone, `rest` what they have.
    static EVERY;

    /// Words by which it is about some after all.
    static NOT_EVERY;

    /// A sentence that tells of the answer to whoever holds the newest copy.
    static NOT_MODIFIED;

    /// Words by which it tells of something else.
    static NOT_COPIES;
}

pattern! {
    /// A header in code marks, and the value that it always has; a name of one word is one of HTTP's.
    static NAME = r"`(?P<name>(?i:etag|vary|server|date|location|link)|[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+)(?::\s*(?P<value>[^`]+))?`";

    /// What stands in code marks.
    static CODE = r"`[^`]*`";

    /// A number of a status, or of a class of them.
    static STATUS = r"\b(?P<first>[1-5])(?P<rest>\d\d|xx|XX)\b";
}

/// The header of whoever holds a copy.
const HELD: &str = "If-None-Match";

/// What is said of every answer.
#[derive(Debug, Clone, Default)]
pub(super) struct EveryAnswer {
    headers: Vec<Told>,
    /// Where it is said what who holds the newest copy gets.
    copies: Option<Site>,
}

/// A header that every answer has.
#[derive(Debug, Clone, PartialEq)]
struct Told {
    name: String,
    value: Option<String>,
    which: Which,
    site: Site,
}

/// Which answers have a header.
#[derive(Debug, Clone, PartialEq)]
enum Which {
    All,
    Successes,
    Errors,
    /// Those of a status, or of a class of them by its first digit.
    Of(String),
}

impl Which {
    fn counts(&self, status: &str) -> bool {
        match self {
            Self::All => true,
            Self::Successes => status.starts_with('2'),
            Self::Errors => status.starts_with(['4', '5']),
            Self::Of(own) => status.starts_with(own.as_str()),
        }
    }
}

impl EveryAnswer {
    /// What items say; `page` is where they stand.
    pub(super) fn of(items: &[Item<'_>], page: &Site) -> Self {
        let mut told = Self::default();
        for item in items {
            let texts: Vec<String> = match item.kind {
                ItemKind::Paragraph(text) => vec![text.ticked()],
                ItemKind::List(entries) => entries.iter().map(|entry| in_ticks(entry)).collect(),
                ItemKind::Heading(_)
                | ItemKind::Table(_)
                | ItemKind::Code(_)
                | ItemKind::Target { .. }
                | ItemKind::Unread(_) => continue,
            };
            for text in texts {
                for sentence in sentences(&text) {
                    let site = |row: &str| Site {
                        table: item.heading.to_owned(),
                        ..page.at(row, item.line)
                    };
                    for (name, value, which) in headers(&sentence) {
                        let site = site(&name);
                        told.headers.push(Told {
                            name,
                            value,
                            which,
                            site,
                        });
                    }
                    if tells_of_copies(&sentence) {
                        told.copies.get_or_insert_with(|| site(HELD));
                    }
                }
            }
        }
        told
    }

    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.copies.is_none()
    }

    /// Gives an operation what holds for it too.
    pub(super) fn give(&self, draft: &mut Draft) {
        for told in &self.headers {
            let row = FieldRow {
                mandatory: Some(Said::Mandatory),
                ..FieldRow::bare(told.name.clone(), TypeName::String, told.site.clone())
            };
            let mut node = row.node();
            if let Some(value) = &told.value {
                node.state(Constraint::Pattern(within(value), Stand::Code), &told.site);
            }
            for answer in &mut draft.responses {
                let is_number = answer
                    .status
                    .parse::<u16>()
                    .is_ok_and(|status| status != 304);
                if is_number && told.which.counts(&answer.status) {
                    answer.add_header(&told.name, node.clone());
                }
            }
        }
        if let Some(site) = &self.copies {
            give_copies(draft, site);
        }
    }
}

/// Lets a read take the header of whoever holds a copy, and answer 304.
fn give_copies(draft: &mut Draft, site: &Site) {
    let shows = draft.responses.iter().any(|own| own.status == "200");
    let is_known = |own: &Parameter| own.name.eq_ignore_ascii_case(HELD);
    if draft.method != "GET" || !shows || draft.parameters.iter().any(is_known) {
        return;
    }
    let row = FieldRow::bare(HELD.to_owned(), TypeName::String, site.clone());
    draft.parameters.push(Parameter {
        name: HELD.to_owned(),
        location: Location::Header,
        node: row.node(),
        styles: Vec::new(),
        example: None,
    });
    let fact = site.fact(Facet::Status, Level::Must);
    draft.respond("304", |answer| {
        if !answer.facts.iter().any(|own| own.facet == Facet::Status) {
            answer.facts.push(fact);
        }
    });
}

/// A pattern of the texts in which a value stands by itself: others may stand beside it.
fn within(value: &str) -> String {
    let value = regex::escape(value.trim());
    format!("(^|[,; ]){value}([,; ]|$)")
}

/// The running text of some blocks with its code marks.
fn in_ticks(blocks: &[Block]) -> String {
    let texts = blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(text) => Some(text.ticked()),
        _ => None,
    });
    texts.collect::<Vec<String>>().join(" ")
}

/// The headers that a sentence says every answer has.
fn headers(sentence: &str) -> Vec<(String, Option<String>, Which)> {
    // What stands in code marks denies nothing: `no-store`.
    let words = CODE.replace_all(sentence, "");
    let is_of_some = NOT_EVERY.is_match(&words);
    let Some(found) = EVERY.captures(sentence).filter(|_| !is_of_some) else {
        return Vec::new();
    };
    let part = |name: &str| found.name(name).map_or("", |found| found.as_str());
    let word = part("which").to_lowercase();
    let which = match STATUS.captures(&word) {
        Some(status) if status["rest"].eq_ignore_ascii_case("xx") => {
            Which::Of(status["first"].to_owned())
        }
        Some(status) => Which::Of(format!("{}{}", &status["first"], &status["rest"])),
        None if word.contains("success") => Which::Successes,
        None if word.contains("error") => Which::Errors,
        None => Which::All,
    };
    NAME.captures_iter(part("rest"))
        .map(|name| {
            let value = name.name("value").map(|value| value.as_str().to_owned());
            (name["name"].to_owned(), value, which.clone())
        })
        .collect()
}

/// Whether a sentence says that whoever holds the newest copy gets a 304.
fn tells_of_copies(sentence: &str) -> bool {
    NOT_MODIFIED.is_match(sentence) && !NOT_COPIES.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Schema;
    use rstest::rstest;
    use serde_json::{Value, json};

    #[rstest]
    #[case("Every response carries the header `X-Request-Id`.", &["X-Request-Id"])]
    #[case("All responses include `X-A-Limit` and `X-A-Left`.", &["X-A-Limit", "X-A-Left"])]
    #[case("Every `200` response has an `ETag`.", &["ETag"])]
    #[case("Each response has `Cache-Control: no-store`.", &["Cache-Control"])]
    #[case("Every response except errors has `X-Request-Id`.", &[])]
    #[case("Every response may have `X-Request-Id`.", &[])]
    #[case("Every response has the field `id`.", &[])]
    #[case("Every request carries the header `X-Request-Id`.", &[])]
    fn the_headers_of_every_answer_are_read(#[case] sentence: &str, #[case] expected: &[&str]) {
        let found = headers(sentence);
        let names: Vec<&str> = found.iter().map(|own| own.0.as_str()).collect();
        assert_eq!(names, expected);
    }

    #[rstest]
    #[case("Every response has `X-A-Id`.", "404", true)]
    #[case("Every `200` response has `X-A-Id`.", "404", false)]
    #[case("Every successful response has `X-A-Id`.", "201", true)]
    #[case("All 2xx responses have `X-A-Id`.", "201", true)]
    #[case("Every error response has `X-A-Id`.", "200", false)]
    fn they_are_those_of_some_statuses(
        #[case] sentence: &str,
        #[case] status: &str,
        #[case] expected: bool,
    ) {
        let found = headers(sentence);
        assert_eq!(found[0].2.counts(status), expected);
    }

    #[rstest]
    #[case("no-store", true)]
    #[case("private, no-store", true)]
    #[case("no-store-at-all", false)]
    #[case("max-age=60", false)]
    fn a_value_may_have_others_beside_it(#[case] value: &str, #[case] expected: bool) {
        let schema = json!({ "type": "string", "pattern": within("no-store") });
        let schema = Schema::compile(schema).unwrap();
        assert_eq!(schema.is_valid(&Value::from(value)), expected);
    }

    #[rstest]
    #[case(
        "Send it back in `If-None-Match` and you get `304 Not Modified`.",
        true
    )]
    #[case(
        "A request with this value in `If-None-Match` is answered `304`, without a body.",
        true
    )]
    #[case("`If-None-Match` is not supported: 304 is never answered.", false)]
    #[case("Send it back in `If-Match`.", false)]
    fn the_answer_to_a_held_copy_is_read(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(tells_of_copies(sentence), expected);
    }
}
