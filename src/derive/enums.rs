//! Values: which texts a cell lists, and where they stand. Precision goes before recall: a value that a page does not have is a false
//! alarm later, so a list is taken whole or not at all.

use std::sync::LazyLock;

use regex::Regex;

use super::description::{Label, Part, Passage};
use super::statement::{Constraint, Kind, Stand};

fn compile(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Ends of a paragraph that announce values in so many words.
static EXPLICIT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"(?i)(?:enumerat(?:ion|ed) values?(?: include)?|枚举值|枚举)\s*(?:[:：]|are as follows[:：.]?)?\s*$",
    )
});

/// Ends of a paragraph that announce values in other words.
static ANNOUNCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r"(?i)(?:(?:^|[.;,]\s*|\b)(?:valid |possible |available |supported |optional |the |its )*(?:values?|options?|value range|range|value options?)(?:\s+(?:is|are|include|includes|can be|may be|contains?)(?:\s+(?:as follows|any of the following|one of the following|either of the following|the following(?: values)?|shown below))?)?\s*[:：]?|(?:any|one|either) of the following(?: values| options)?\s*[:：.]?|as follows(?:, case-(?:in)?sensitive)?\s*[:：.]?|取值(?:范围|如下|包括|为|有|说明|包含)*(?:，?区分大小写)?\s*[:：]?|可选值\s*[:：]?|(?:包括|包含|如下|有)\s*[:：]|类型如下\s*[:：]?)\s*$",
    )
});

/// A bullet that is a value, alone or with its meaning.
static BULLET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r#"^["'“‘`]?(?P<value>[A-Za-z0-9_][A-Za-z0-9_.+/-]*)["'”’`]?\s*(?:[:：](?:[^0-9]|$)|[-–—]\s|\s[-–—]|——|[,，]\s*(?:表示|代表|indicat|which|represent|指|则|即|the |meaning)|[(（]|表示|代表|\s(?:indicates|means|represents|specifies)\b|[.;；。,，]?\s*$)"#,
    )
});

/// `If the value is X, ...`
static IF_VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r#"(?i)^(?:if|when) (?:the value|this parameter|it) is (?:set to )?["'“]?(?P<value>[A-Za-z0-9_][A-Za-z0-9_.+/-]*)["'”]?,"#,
    )
});

const VALUE: &str = r#"["'“‘`]?[A-Za-z0-9_][A-Za-z0-9_.+/-]*["'”’`]?(?:\s*[(（][^()（）]*[)）])?"#;

/// Values in one sentence after a label: `Options: TRUE and FALSE`, `Value: manual (manual full backup)`.
static LABELLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(&format!(
        r"(?P<other>(?i:\b(?:default|example|minimum|maximum|max|min|initial)|默认|缺省|示例|样例|最大|最小))?\s*(?i:\b(?:(?:the )?(?:valid |possible |available |supported )?(?:values?|options?|value options|value range)(?: (?:are|include|is))?|enumerat(?:ion|ed) values?|range)|取值(?:范围)?(?:为|包括|有|如下)?|值包括|枚举值|可选值)\s*[:：]\s*(?P<list>{VALUE}(?:\s*(?:,|、|，|/|\||;|；|\bor\b|\band\b|或者|或|和|以及|,\s*and\b|,\s*or\b)\s*{VALUE})*)\s*(?:[.。;；]|$|枚举值|(?i:enumerat))"
    ))
});

/// Values in a sentence without a label: `The value can be A or B`.
static SENTENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(&format!(
        r"(?:(?i:\b(?:value|it|parameter|options?|type|status) (?:can be|must be|may be|can only be|is|should be|can be set to|must be set to)(?: either)?)|取值为|取值可以为|可以为|取值是|值为)\s*[:：]?\s*(?P<list>{VALUE}(?:\s*(?:,|、|，|\bor\b|\band\b|或者|或|和|以及)+\s*{VALUE})+)\s*(?:[.,。;；，]|\s+for\b|$)"
    ))
});

static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    compile(
        r#"["'“‘`]?(?P<value>[A-Za-z0-9_][A-Za-z0-9_.+/-]*)["'”’`]?(?:\s*[(（][^()（）]*[)）])?"#,
    )
});

/// Words that stand where values do and are none.
const NO_VALUES: &[&str] = &[
    "a",
    "an",
    "the",
    "empty",
    "null",
    "left",
    "used",
    "set",
    "blank",
    "any",
    "not",
    "in",
    "is",
    "are",
    "be",
    "by",
    "one",
    "of",
    "or",
    "and",
    "from",
    "to",
    "only",
    "same",
    "either",
    "both",
    "N/A",
    "NA",
    "None",
    "none",
    "Note",
    "NOTE",
    "Notes",
    "letters",
    "digits",
    "numbers",
    "no",
    "unique",
    "case-sensitive",
    "case-insensitive",
    "obtained",
    "changed",
    "returned",
    "displayed",
    "greater",
    "less",
    "different",
    "Example",
    "example",
    "IPv4",
    "up",
    "this",
    "For",
    "It",
    "The",
    "If",
    "When",
    "This",
    "up-to-date",
    "modified",
    "specified",
];

/// The values that a cell lists; [`Constraint::ValuesLost`] where it announces some and gives none.
pub(super) fn values(passages: &[Passage], kind: Kind) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    if !matches!(
        kind,
        Kind::String | Kind::Integer | Kind::Number | Kind::Any
    ) {
        return found;
    }
    for passage in passages {
        let mut announced = (passage.label == Label::Range).then_some(true);
        for (index, part) in passage.parts.iter().enumerate() {
            match part {
                Part::Bullets(items) => {
                    let heading = announced.take().is_some();
                    let stand = if heading {
                        Stand::Heading
                    } else {
                        Stand::Bullets
                    };
                    if let Some(values) = bullets(items, kind, heading) {
                        found.push(Constraint::Enum(values, stand));
                    }
                }
                Part::Text(text) => {
                    let next = passage.parts.get(index + 1);
                    let explicit = matches(&EXPLICIT, text);
                    announced = (explicit || matches(&ANNOUNCES, text)).then_some(explicit);
                    if explicit && !matches!(next, Some(Part::Bullets(_))) {
                        // Bare values may follow as paragraphs of their own.
                        let bare: Vec<String> = passage
                            .parts
                            .iter()
                            .skip(index + 1)
                            .map_while(|part| match part {
                                Part::Text(text) => token(text),
                                Part::Bullets(_) => None,
                            })
                            .collect();
                        match checked(bare, kind, 1, false) {
                            Some(values) => found.push(Constraint::Enum(values, Stand::Heading)),
                            None => found.push(Constraint::ValuesLost),
                        }
                    }
                    if passage.label == Label::Range
                        && let Some(values) = labelled(&format!("Range: {text}"), kind)
                    {
                        found.push(Constraint::Enum(values, Stand::Prose));
                    }
                    if let Some(values) = labelled(text, kind).or_else(|| sentence(text, kind)) {
                        found.push(Constraint::Enum(values, Stand::Prose));
                    }
                }
            }
        }
    }
    let mut unique: Vec<Constraint> = Vec::new();
    for constraint in found {
        if !unique.contains(&constraint) {
            unique.push(constraint);
        }
    }
    unique
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern
        .as_ref()
        .is_some_and(|pattern| pattern.is_match(text))
}

/// A text that is one token.
fn token(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', '。', ';', '；']);
    let captures = TOKEN.as_ref()?.captures(text)?;
    let whole = captures.get(0)?;
    let value = captures.name("value")?.as_str();
    (whole.range() == (0..text.len())).then(|| value.to_owned())
}

/// The values of a list in which every bullet is one.
fn bullets(items: &[String], kind: Kind, announced: bool) -> Option<Vec<String>> {
    let mut values = Vec::new();
    let mut bare = 0;
    for item in items {
        let item = item.trim();
        let captures = BULLET
            .as_ref()?
            .captures(item)
            .or_else(|| IF_VALUE.as_ref()?.captures(item))?;
        let value = captures.name("value")?.as_str();
        if captures
            .get(0)
            .is_some_and(|whole| whole.end() == item.len())
        {
            bare += 1;
        }
        values.push(value.trim_end_matches('.').to_owned());
    }
    // Without a heading a lone bullet, or bullets that explain nothing, may be anything.
    let least = if announced { 1 } else { 2 };
    if !announced && bare > 0 && bare == values.len() && values.len() < 2 {
        return None;
    }
    checked(values, kind, least, announced)
}

fn labelled(text: &str, kind: Kind) -> Option<Vec<String>> {
    // `Default value: rdb` is no list of values.
    let list = LABELLED
        .as_ref()?
        .captures_iter(text)
        .find(|captures| captures.name("other").is_none())?
        .name("list")?
        .as_str();
    split(list, kind, 1)
}

fn sentence(text: &str, kind: Kind) -> Option<Vec<String>> {
    let list = SENTENCE.as_ref()?.captures(text)?.name("list")?.as_str();
    split(list, kind, 2)
}

fn split(list: &str, kind: Kind, least: usize) -> Option<Vec<String>> {
    let values: Vec<String> = TOKEN
        .as_ref()?
        .captures_iter(list)
        .filter_map(|captures| captures.name("value"))
        .map(|value| value.as_str().trim_end_matches('.').to_owned())
        .filter(|value| !matches!(value.to_lowercase().as_str(), "or" | "and"))
        .collect();
    checked(values, kind, least, false)
}

/// The values, each once, if all can be values of the type. In a list that is announced as values, any word is one.
fn checked(values: Vec<String>, kind: Kind, least: usize, announced: bool) -> Option<Vec<String>> {
    let mut unique: Vec<String> = Vec::new();
    for value in values {
        let fits = match kind {
            Kind::Integer => value.parse::<i64>().is_ok(),
            Kind::Number => value.parse::<f64>().is_ok(),
            _ => true,
        };
        // `1-100` is a range, no value.
        let range = value
            .split_once(['-', '~'])
            .is_some_and(|(from, to)| from.parse::<u64>().is_ok() && to.parse::<u64>().is_ok());
        if !fits || range || (!announced && NO_VALUES.contains(&value.as_str())) {
            return None;
        }
        if !unique.contains(&value) {
            unique.push(value);
        }
    }
    (unique.len() >= least).then_some(unique)
}
