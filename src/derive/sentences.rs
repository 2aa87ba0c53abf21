//! The sentences of a cell, and every statement that they make about a value.

use std::borrow::Cow;

use super::behaviour::left_out;
use super::conditions;
use super::description::{Label, Part, Passage, running, running_with_marks};
use super::enums;
use super::exempt;
use super::lists;
use super::nullability;
use super::patterns;
use super::samples;
use super::scope;
use super::statement::{Constraint, Kind, Stand};
use super::wordings::{Limit, is_default, is_suspect, limits};
use crate::contract::Meaning;
use crate::page::words;

phrases! {
    SentenceWords:

    /// Words by which a sentence speaks of each item of a list.
    static EACH;

    /// Words behind `default` by which there is none, or one that only the service knows.
    static UNSAID_DEFAULT;

    /// Words by which a text is a list of others.
    static OF_SEVERAL;

    /// What a number counts where it is the length of a text.
    static CHARACTERS;

    /// A word whose stop ends no sentence.
    static ABBREVIATED;

    /// Words by which a default is none of the values.
    static IN_WORDS;

    /// Words by which a value is that of some cases.
    static FOR_SOME;

    /// What a column of values says where any will do.
    static ANYTHING;

    /// Words that go on behind a whole value.
    static BESIDE;

    /// Words by which a sentence speaks of nothing but each item.
    static OF_EACH_ALONE;

    /// A second value behind the first.
    static OR_ANOTHER;

    /// Words by which a text has two parts with a sign between them.
    static OF_TWO_PARTS;

    /// Words by which a truth value asks for another kind of answer.
    static ANSWERS_ELSE;

    /// A sentence that only calls a field by what it is, and restricts nothing.
    static CALLED;
}

/// A default without the quotes that tell a text from a name: `"printer"`.
fn unquoted(value: &str, kind: Kind) -> &str {
    let inner = value
        .strip_prefix('"')
        .and_then(|own| own.strip_suffix('"'))
        .filter(|own| !own.is_empty() && !own.contains('"'));
    match (kind, inner) {
        (Kind::String | Kind::Any, Some(inner)) => inner,
        _ => value,
    }
}

/// Whether what stands for a default is told in words: `如不填，返回所有`.
fn is_told(value: &str) -> bool {
    value.contains(char::is_whitespace)
        || value.contains(['，', '。', '；'])
        || IN_WORDS.is_match(value)
}

/// Whether values that are listed have one.
fn lists(values: &[Constraint], value: &str) -> bool {
    values.iter().any(|own| match own {
        Constraint::Enum(values, _) => values.iter().any(|own| own == value),
        _ => false,
    })
}

/// Whether a text is only a dash or a question mark, as a cell has it that says nothing.
fn is_sign(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, '-' | '–' | '—' | '―' | 'ー' | '－' | '?' | '？');
    !text.is_empty() && text.chars().all(is_sign)
}

/// Whether a default is only the beginning of what is said of it: `Default: best match`, `30 for
/// users`.
fn is_cut(text: &str, limit: &Limit) -> bool {
    let Constraint::Default(value) = &limit.constraint else {
        return false;
    };
    let (Some(own), Some(rest)) = (text.get(limit.span.clone()), text.get(limit.span.end..)) else {
        return false;
    };
    let is_alone = |c: char| c.is_whitespace();
    // `o1 or o2`: each of them is one in a case of its own.
    if OR_ANOTHER.is_match(rest) && !own.ends_with(['.', ',', ';', '。', '，', '；', ')', '）'])
    {
        return true;
    }
    // Behind a mark or a stop something else begins.
    if !own.ends_with(is_alone) || !own.trim_end().ends_with(value.as_str()) {
        return false;
    }
    let next = rest.trim_start();
    let is_word = next.starts_with(|c: char| c.is_lowercase());
    is_word
        && match value.parse::<f64>() {
            Ok(_) => FOR_SOME.is_match(next),
            Err(_) => !BESIDE.is_match(next),
        }
}

/// What the sentences that speak of each item of a list say of one.
pub(super) fn of_each(text: &str, kind: Kind) -> Vec<Constraint> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        if !EACH.is_match(&sentence) {
            continue;
        }
        found.extend(
            limits(&sentence, kind)
                .into_iter()
                .map(|limit| limit.constraint),
        );
        if kind == Kind::String {
            found.extend(patterns::stated(&sentence));
        }
    }
    found
}

/// The statements of a cell about a value of one type.
pub(super) fn statements(passages: &[Passage], kind: Kind) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    let mut add = |constraint: Constraint| {
        if !found.contains(&constraint) {
            found.push(constraint);
        }
    };
    let mut prose: Option<Constraint> = None;
    let mut in_words: Vec<Constraint> = Vec::new();
    let values = enums::values(passages, kind);
    let listed = !values.is_empty();
    let whole = running(passages);
    let pattern = (kind == Kind::String)
        .then(|| patterns::stated(&running_with_marks(passages)))
        .flatten();
    // Where a text has two parts, a time is the form of one of them.
    let has_parts = kind == Kind::String && OF_TWO_PARTS.is_match(&whole);
    let format = (kind == Kind::String && !has_parts)
        .then(|| patterns::date_format(&whole))
        .flatten();
    for passage in passages {
        let label = match passage.label {
            Label::Text => "",
            Label::Range => "Range: ",
            Label::Default => "Default value: ",
        };
        for part in &passage.parts {
            let bulleted = matches!(part, Part::Bullets(_));
            let texts: Vec<&String> = match part {
                Part::Text(text) => vec![text],
                Part::Bullets(items) => items.iter().collect(),
            };
            for text in texts {
                if passage.label == Label::Default {
                    let value = unquoted(text.trim().trim_end_matches(['.', '。']), kind);
                    // What is set off as code, or is one of the values, is meant as it stands.
                    let is_meant = !passage.ticked.is_empty() || lists(&values, value);
                    if !is_meant && (words::is_nothing(value) || is_sign(value)) {
                        continue;
                    }
                    if !is_meant && words::tells_of_default(value) {
                        let says_presence = words::mandatory(value).is_some();
                        prose = prose.or((!says_presence).then_some(Constraint::Remark));
                        continue;
                    }
                    if is_default(value, kind) && !is_told(value) {
                        add(Constraint::Default(value.to_owned()));
                    } else if !value.contains(char::is_whitespace) && is_told(value) {
                        prose = prose.or(Some(Constraint::Remark));
                    }
                    continue;
                }
                for sentence in sentences(text) {
                    let sentence = samples::without_example(&sentence, kind).to_owned();
                    if let Some(left_out) = left_out(&sentence) {
                        add(Constraint::Meaning(left_out));
                    }
                    if kind == Kind::String && scope::takes_any_case(&sentence) {
                        add(Constraint::Meaning(Meaning::AnyCase));
                    }
                    let told = conditions::read(&sentence);
                    let is_told = told.is_some();
                    if let Some(told) = told {
                        add(Constraint::Told(Box::new(told)));
                    }
                    let labelled = format!("{label}{sentence}");
                    let nothing = nullability::says(&sentence, kind);
                    let is_of_each = kind == Kind::Array && EACH.is_match(&sentence);
                    let mut limits = if is_of_each && OF_EACH_ALONE.is_match(&sentence) {
                        Vec::new()
                    } else {
                        limits(&labelled, kind)
                    };
                    if limits.iter().any(|limit| is_cut(&labelled, limit)) {
                        prose = prose.or(Some(Constraint::Remark));
                        limits.retain(|limit| !is_cut(&labelled, limit));
                    }
                    limits.retain(|limit| scope::is_of_the_whole(&labelled, &limit.span));
                    // `email` among listed values is one of them, and no form of all.
                    if listed && (bulleted || lists(&values, sentence.trim())) {
                        limits.retain(|limit| !matches!(limit.constraint, Constraint::Format(_)));
                    }
                    // How long a text is that lists others is not how many it lists.
                    if kind == Kind::String && OF_SEVERAL.is_match(text) {
                        limits.retain(|limit| !is_bare_length(limit, &labelled));
                    }
                    // What is said of each item is read with the items.
                    let is_limited = !limits.is_empty() || is_of_each;
                    let understood = is_limited || !nothing.is_empty();
                    // Beside null, what else is said of the value may not be understood.
                    if !is_limited
                        && !nothing.is_empty()
                        && nullability::beside_null(&sentence)
                            .is_some_and(|rest| scope::restricts(rest, kind))
                    {
                        prose = Some(Constraint::Prose);
                    }
                    // Nor what else is said beside a limit.
                    if is_limited
                        && patterns::pattern(&sentence).is_none()
                        && scope::restricts_beside(&labelled, &limits, kind, pattern.is_some())
                    {
                        prose = Some(Constraint::Prose);
                    }
                    if kind == Kind::String && scope::is_of_now(&sentence)
                        || kind == Kind::Boolean && ANSWERS_ELSE.is_match(&sentence)
                    {
                        prose = Some(Constraint::Prose);
                    }
                    for constraint in nothing {
                        add(constraint);
                    }
                    for limit in limits {
                        if is_in_words(&limit, &labelled) {
                            in_words.push(limit.constraint.clone());
                        }
                        add(limit.constraint);
                    }
                    // What is said of which fields go together says nothing more of their values.
                    let read = understood
                        || is_told
                        || (listed
                            && (bulleted
                                || CALLED.is_match(&sentence)
                                || enums::reads(passages, &sentence, kind)))
                        || (pattern.is_some() && patterns::pattern(&sentence).is_some())
                        || (format.is_some() && patterns::date_format(&sentence).is_some());
                    if read {
                        continue;
                    }
                    // How several values are written restricts none of them.
                    let rest = match kind {
                        Kind::Array => lists::without_style(&sentence),
                        _ => Cow::Borrowed(sentence.as_str()),
                    };
                    let is_of_values = passage.label == Label::Range
                        && !listed
                        && matches!(kind, Kind::String | Kind::Integer | Kind::Number)
                        && !ANYTHING.is_match(&rest);
                    let is_of_a_case = || enums::lists_in_a_case(&sentence, kind);
                    if is_of_values || scope::restricts(&rest, kind) || is_of_a_case() {
                        prose = Some(Constraint::Prose);
                    } else if is_suspect(&sentence) {
                        prose = prose.or(Some(Constraint::Remark));
                    }
                }
            }
        }
    }
    for constraint in values {
        add(constraint);
    }
    if has_parts || kind == Kind::String && enums::joins(passages) {
        prose = Some(Constraint::Prose);
    }
    let is_list = |own: &Constraint| matches!(own, Constraint::Enum(..));
    if !found.iter().any(is_list) && enums::mentions(passages, kind) {
        prose = Some(Constraint::Prose);
    }
    // How a text goes on behind what it begins with is not told.
    if kind == Kind::String
        && pattern.is_none()
        && let Some(prefix) = patterns::prefix(&running_with_marks(passages))
    {
        found.push(Constraint::Pattern(prefix, Stand::Prose));
        prose = Some(Constraint::Prose);
    }
    let has_default = |own: &Constraint| matches!(own, Constraint::Default(_));
    if !found.iter().any(has_default)
        && let Some(value) = enums::preset(passages).filter(|value| is_default(value, kind))
    {
        found.push(Constraint::Default(value));
    }
    // `Default: none` has no value, unless it is one of those that are listed, or set off as code.
    let is_value = |value: &str| {
        let mut lists = found.iter().filter_map(|own| match own {
            Constraint::Enum(values, _) => Some(values),
            _ => None,
        });
        let mut ticked = passages.iter().flat_map(|passage| &passage.ticked);
        lists.any(|values| values.iter().any(|own| own == value))
            || ticked.any(|text| text.contains(&format!("`{value}`")))
            || whole.contains(&format!("\"{value}\""))
            // In capitals it is spelled as constants are.
            || value.chars().all(|c| c.is_ascii_uppercase())
    };
    let unsaid: Vec<Constraint> = found
        .iter()
        .filter(|own| match own {
            Constraint::Default(value) => {
                kind == Kind::String && UNSAID_DEFAULT.is_match(value) && !is_value(value)
            }
            _ => false,
        })
        .cloned()
        .collect();
    found.retain(|own| !unsaid.contains(own));
    leave_higher(&mut found, &in_words);
    // `Not empty` beside a length says nothing more.
    let lengths = found
        .iter()
        .filter(|constraint| matches!(constraint, Constraint::MinLength(_)))
        .count();
    if lengths > 1 {
        found.retain(|constraint| *constraint != Constraint::MinLength(1));
    }
    // What the cell allows all the same is no breach of a limit.
    let allowed = exempt::exempt(&whole, kind, &mut found);
    if prose != Some(Constraint::Prose) {
        prose = allowed.or(prose);
    }
    // `In ISO 8601 format: YYYY-MM-DDTHH:MM:SSZ`: the second is how the first is written here.
    if format.as_ref().is_some_and(|own| own.contains('T')) {
        let is_general = |own: &Constraint| matches!(own, Constraint::Format(name) if matches!(name.as_str(), "iso-8601" | "date-time"));
        found.retain(|own| !is_general(own));
    }
    let mut add = |constraint: Constraint| {
        if !found.contains(&constraint) {
            found.push(constraint);
        }
    };
    if let Some(pattern) = pattern {
        add(pattern);
    }
    if let Some(format) = format {
        add(Constraint::Format(format));
    }
    if let Some(prose) = prose {
        add(prose);
    }
    found
}

/// Whether a limit is a lower end that no number states: `A positive integer`.
fn is_in_words(limit: &Limit, text: &str) -> bool {
    let words = text.get(limit.span.clone()).unwrap_or_default();
    matches!(limit.constraint, Constraint::Minimum(_))
        && !words.contains(|c: char| c.is_ascii_digit())
        && !words.to_lowercase().contains("zero")
}

/// Leaves out the lower ends that words state where a number states a higher one beside them: `A positive
/// integer. Must be at least 50.`
fn leave_higher(found: &mut Vec<Constraint>, in_words: &[Constraint]) {
    let ends = found.iter().filter(|own| !in_words.contains(own));
    let highest = ends
        .filter_map(|own| match own {
            Constraint::Minimum(end) => Some(*end),
            _ => None,
        })
        .max_by(f64::total_cmp);
    let Some(highest) = highest else { return };
    found.retain(|own| match own {
        Constraint::Minimum(end) => *end >= highest || !in_words.contains(own),
        _ => true,
    });
}

/// Whether a limit is a length of which its words do not say that characters are counted.
fn is_bare_length(limit: &Limit, text: &str) -> bool {
    let is_length = matches!(
        limit.constraint,
        Constraint::MinLength(_) | Constraint::MaxLength(_)
    );
    let words = text.get(limit.span.clone()).unwrap_or_default();
    is_length && !CHARACTERS.is_match(words)
}

/// The sentences of a text. A stop ends one only before a space, so that `5.7` and `dcs.08` stay
/// whole.
pub(super) fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut current = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        current.push(character);
        let ends = match character {
            '。' | '；' | '!' | '！' | '\n' => true,
            // `max. 100` goes on.
            '.' if ABBREVIATED.is_match(&current) => false,
            // `[1 .. 80] characters` goes on as well.
            '.' if current.ends_with(" ..") => false,
            '.' | ';' => characters.peek().is_none_or(|next| next.is_whitespace()),
            _ => false,
        };
        if ends {
            sentences.push(std::mem::take(&mut current));
        }
    }
    sentences.push(current);
    sentences.retain(|sentence| !sentence.trim().is_empty());
    sentences
}
