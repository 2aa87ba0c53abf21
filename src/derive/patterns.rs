//! Patterns and formats that stand in prose: which characters a text may have, and which form a
//! date has.

use std::borrow::Cow;

use super::signs;
use super::statement::{Constraint, Stand};
use crate::contract::formats::DateTemplate;
use crate::vocabulary::{self, Phrase};

phrases! {
    Characters:

    /// Phrases that name the characters allowed; `set` is the list, and nothing else may occur.
    static ALLOWED;

    /// Phrases that name the characters a text is made of, by which no other occurs either.
    static MADE_OF;

    /// What joins the words of a list: one word alone, as in `It can contain letters.`, leaves room
    /// for more.
    static LIST;

    /// So many characters of a class: `32 characters of 0-9 and a-f`, `40 hexadecimal digits`. With a
    /// number before it, that is the most.
    static COUNTED;

    /// So many to so many characters of a class: `consists of 3 to 20 lower case letters`.
    static RANGED;

    /// A pattern that a page gives as it is.
    static WRITTEN;

    /// What a text begins with.
    static FIRST;

    /// The signs that a text begins with, as they are: `begins with "pay_"`.
    static PREFIX;

    /// Signs that must not occur.
    static FORBIDDEN;

    /// Signs that must not occur, each of them marked as one.
    static FORBIDDEN_SIGNS;

    /// Words by which what follows is not all that a text is made of.
    static OF_A_PART;

    /// Words for a format.
    static FORMAT_WORD;

    /// Words for the offset of a time zone.
    static OFFSET;

    /// What follows the form of a date and time where its zone is told in words.
    static ZONED;

    /// Words by which more follows the form of a date and time than the form has.
    static GOES_ON;

    /// What stands before so many characters: a prefix that ends in a sign, or anything else.
    static BEFORE;

    /// How long a text is, beside a list of its characters.
    static HOW_LONG;

    /// Words for capital letters.
    static UPPER;

    /// Words for small letters.
    static LOWER;

    /// A number in a word, before the characters that it counts: its groups are `n2` to `n12`.
    static NUMBER_WORD;
}

pattern! {
    /// What a list of characters is told of: `Allowed characters: a-z, 0-9`.
    static LABELLED = r"^\s*(?P<label>[^:：]{1,60})[:：]\s*(?P<list>.+)$";
}

/// The ranges that the classes are made of, in the order in which they are written.
const RANGES: &[&str] = &["A-Z", "a-z", "0-9", "A-F", "a-f", "一-龥"];

/// The pattern that a text states, if it states one in words that are understood. The number is how
/// many phrases were read.
pub(super) fn pattern(text: &str) -> Option<String> {
    if let Some(written) = written(text) {
        return Some(written);
    }
    let text = &*signs::marked(text);
    let text = &*in_digits(text);
    if let Some(counted) = counted(text) {
        return Some(counted);
    }
    if let Some(ranged) = ranged(text) {
        return Some(ranged);
    }
    let forbidden = find(&FORBIDDEN, text)
        .map(signs::unmarked)
        .or_else(|| find(&FORBIDDEN_SIGNS, text).map(signs::alone));
    if let Some(set) = forbidden {
        let characters = unique(set.trim());
        if !characters.is_empty() && !characters.chars().any(char::is_alphanumeric) {
            return Some(format!("^[^{}]*$", escape(&characters)));
        }
    }
    let first = first(text);
    let allowed = find(&ALLOWED, text)
        .and_then(class)
        .or_else(|| made_of(text));
    match (first, allowed) {
        (Some(first), Some(allowed)) => Some(format!("^[{first}][{allowed}]*$")),
        (Some(first), None) => Some(format!("^[{first}]")),
        (None, Some(allowed)) => Some(format!("^[{allowed}]*$")),
        (None, None) => None,
    }
}

/// The pattern of a text that begins with certain signs; what follows them is not told.
pub(super) fn prefix(text: &str) -> Option<String> {
    let prefix = PREFIX.captures(text)?.name("prefix")?.as_str();
    Some(format!("^{}", regex::escape(prefix)))
}

/// The pattern that a text states: in words, or as it is.
pub(super) fn stated(text: &str) -> Option<Constraint> {
    let stand = if written(text).is_some() {
        Stand::Heading
    } else {
        Stand::Prose
    };
    pattern(text).map(|pattern| Constraint::Pattern(pattern, stand))
}

/// The pattern that a text gives as it is, where it is one that can be held against texts.
fn written(text: &str) -> Option<String> {
    let pattern = WRITTEN.captures(text)?.name("pattern")?.as_str();
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    regex_syntax::parse(&translated)
        .is_ok()
        .then(|| pattern.to_owned())
}

/// A text with the number of its characters in digits: `two capital letters`.
fn in_digits(text: &str) -> Cow<'_, str> {
    let Some(found) = NUMBER_WORD.captures(text) else {
        return Cow::Borrowed(text);
    };
    let word = (2..=12).find_map(|number| Some((number, found.name(&format!("n{number}"))?)));
    let Some((number, word)) = word else {
        return Cow::Borrowed(text);
    };
    let (before, after) = (text.get(..word.start()), text.get(word.end()..));
    let parts = [before.unwrap_or_default(), after.unwrap_or_default()];
    Cow::Owned(parts.join(&number.to_string()))
}

/// A text without what it says of the first character beside the others: `3 to 12 letters and digits
/// and begins with a letter`.
fn without_first(text: &str) -> Cow<'_, str> {
    let found = FIRST.captures(text).and_then(|found| found.get(0));
    let joined = found.and_then(|found| {
        let before = text.get(..found.start())?.trim_end().strip_suffix("and")?;
        Some((before.trim_end(), text.get(found.end()..)?))
    });
    match joined {
        Some((before, after)) => Cow::Owned(format!("{before}{after}")),
        None => Cow::Borrowed(text),
    }
}

/// The pattern of so many characters of a class.
fn counted(text: &str) -> Option<String> {
    let captures = COUNTED.captures(text)?;
    if captures.name("least").is_some() {
        return None;
    }
    let n = captures.name("n")?.as_str();
    let set = ["of", "in", "set"]
        .iter()
        .find_map(|role| captures.name(role))?
        .as_str();
    let class = class(set)?;
    let before = text.get(..captures.get(0)?.start())?;
    let Some(joined) = BEFORE.captures(before) else {
        return Some(format!("^[{class}]{{{n}}}$"));
    };
    // `evt_ and 16 hexadecimal digits`; of other words before them it is not told how they stand.
    let prefix = joined.name("prefix")?.as_str();
    let prefix = prefix.replace('.', "\\.");
    Some(format!("^{prefix}[{class}]{{{n}}}$"))
}

/// The letters that a text says it begins with one of.
fn first(text: &str) -> Option<&'static str> {
    let set = find(&FIRST, text)?;
    Some(if UPPER.is_match(set) {
        "A-Z"
    } else if LOWER.is_match(set) {
        "a-z"
    } else {
        "A-Za-z"
    })
}

/// The pattern of so many to so many characters of a class.
fn ranged(text: &str) -> Option<String> {
    let whole = without_first(text);
    let captures = RANGED.captures(&whole)?;
    let number = |role: &str| captures.name(role)?.as_str().parse::<u32>().ok();
    let (least, most) = (number("n")?, number("m")?);
    let class = class(captures.name("set")?.as_str())?;
    // `It starts with a letter and contains 3 to 20 letters and digits`: the first is one of them.
    let first = first(text).map(|first| match first {
        // A letter of those that there are.
        "A-Za-z" if class.contains("a-z") && !class.contains("A-Z") => "a-z",
        "A-Za-z" if class.contains("A-Z") && !class.contains("a-z") => "A-Z",
        first => first,
    });
    let first = first.zip(least.checked_sub(1).zip(most.checked_sub(1)));
    (least <= most).then(|| match first {
        Some((first, (least, most))) => format!("^[{first}][{class}]{{{least},{most}}}$"),
        None => format!("^[{class}]{{{least},{most}}}$"),
    })
}

/// The characters that a sentence says a text is made of. A sentence that is nothing but a list of
/// characters says so as well.
fn made_of(text: &str) -> Option<String> {
    let is_list = |set: &&str| LIST.is_match(set);
    let told = |text: &str| find(&MADE_OF, text).filter(is_list).and_then(class);
    super::sentences::sentences(text)
        .iter()
        .find_map(|sentence| told(sentence).or_else(|| told(&list_alone(sentence)?)))
}

/// The list of a sentence that is nothing but one, without what it is told of and how long a text of
/// it is: `The slug, 3 to 30 characters: letters, digits and hyphens`.
fn list_alone(sentence: &str) -> Option<String> {
    let labelled = LABELLED.captures(sentence);
    let part = |role: &str| Some(labelled.as_ref()?.name(role)?.as_str());
    let is_of_a_part = part("label").is_some_and(|label| OF_A_PART.is_match(label));
    if is_of_a_part {
        return None;
    }
    let list = part("list").unwrap_or(sentence);
    let mut lengths = HOW_LONG.all(list).filter_map(|own| own.get(0));
    // `At least 8 characters, letters and digits` may well mean some of each.
    if lengths.any(|length| OF_A_PART.is_match(length.as_str())) {
        return None;
    }
    let list = HOW_LONG.replace_all(list, "");
    let list = list
        .trim()
        .trim_end_matches(['.', ';', ',', '。', '；', '，']);
    (list != sentence.trim()).then(|| list.trim().to_owned())
}

fn find<'t>(phrase: &Phrase, text: &'t str) -> Option<&'t str> {
    let captures = phrase.captures(text)?;
    Some(captures.name("set")?.as_str())
}

/// The class that a list of characters means; `None` when a word of it is not understood.
fn class(list: &str) -> Option<String> {
    let mut ranges: Vec<&str> = Vec::new();
    let mut others = String::new();
    // What is written in capitals is meant so.
    let list = list
        .replace("A-Z", "capital letters")
        .replace("A-F", "capital hex");
    let lower = list.to_lowercase();
    let mut rest = lower.trim();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix(['(', '（']) {
            let end = inner.find([')', '）'])?;
            let inside = signs::unmarked(inner.get(..end)?);
            let plain = inside.trim();
            if !vocabulary::is_character_filler(plain) {
                // `hyphens (-)` repeats the sign; `special characters (~!@)` is refused below as a
                // word that is not understood.
                if plain.chars().count() > 3 || plain.chars().any(char::is_alphanumeric) {
                    return None;
                }
                others.push_str(&plain.replace(' ', ""));
            }
            rest = inner
                .get(end..)?
                .trim_start_matches([')', '）'])
                .trim_start();
            continue;
        }
        if let Some(sign) = rest.chars().next().and_then(signs::sign) {
            others.push(sign);
            rest = rest.get(signs::WIDTH..)?.trim_start();
            continue;
        }
        if let Some((length, class)) = vocabulary::characters(rest) {
            if class.len() > 1 {
                ranges.extend(RANGES.iter().filter(|range| class.contains(**range)));
            } else {
                others.push_str(class);
            }
            rest = rest.get(length..)?.trim_start();
            continue;
        }
        rest = rest
            .get(vocabulary::character_filler(rest)?..)?
            .trim_start();
    }
    if ranges.is_empty() {
        return None;
    }
    // The hyphen goes last, where it is no range.
    let mut known = String::new();
    for sign in others.chars() {
        if !known.contains(sign) {
            known.push(sign);
        }
    }
    let others = known;
    let mut ordered: String = others.chars().filter(|sign| *sign != '-').collect();
    let hyphen = others.contains('-');
    ordered = escape(&ordered);
    if hyphen {
        ordered.push('-');
    }
    let has = |range: &str| ranges.contains(&range);
    let ranges: String = RANGES
        .iter()
        .filter(|range| match **range {
            "A-F" => has("A-F") && !has("A-Z"),
            "a-f" => has("a-f") && !has("a-z"),
            range => has(range),
        })
        .copied()
        .collect();
    Some(format!("{ranges}{ordered}"))
}

/// Escapes what ECMA-262 reads specially inside a class.
fn escape(characters: &str) -> String {
    let mut text = String::new();
    for character in characters.chars() {
        if matches!(character, '\\' | ']' | '[' | '^' | '-') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

fn unique(characters: &str) -> String {
    let mut text = String::new();
    for character in characters.chars().filter(|c| !c.is_whitespace()) {
        if !text.contains(character) {
            text.push(character);
        }
    }
    text
}

pattern! {
    static TEMPLATE =
        r"(?:[yY]{4}[-/]?[mM]{2}[-/]?[dD]{2}(?:(?:T|'T'|\s)?[hH]{2}:?[mM]{2}(?::?[sS]{2})?(?:[.:][sS]{3})?)?(?:'Z'|Z)?|\b[dD]{2}[-/.][mM]{2}[-/.][yY]{4}\b|\b[mM]{2}/[dD]{2}/[yY]{4}\b|\b[hH]{2}:[mM]{2}(?::[sS]{2})?(?:\s?[-~]\s?[hH]{2}:[mM]{2}(?::[sS]{2})?)?)";
}

/// The date format that a text states. A `Z` keeps its meaning where the text explains it as a
/// numeric offset; else it is `[Z]`.
pub(super) fn date_format(text: &str) -> Option<String> {
    let found = TEMPLATE.find(text)?;
    let template = found.as_str();
    // The offset of a longer template that is not known: `T hh:mm:ss±hh:mm`.
    let before = text.get(..found.start()).unwrap_or_default().trim_end();
    if template.starts_with(['h', 'H']) && before.ends_with(['±', '+', '-', '−', '/', 'T']) {
        return None;
    }
    // A whole date needs no word for it: nothing else is written so.
    let is_whole = template.to_lowercase().contains("yyyy");
    if !is_whole && !FORMAT_WORD.is_match(text) {
        return None;
    }
    let offset = OFFSET.is_match(text);
    let rest = text.get(found.end()..).unwrap_or_default();
    let template = match template.strip_suffix('Z') {
        None if ZONED.is_match(rest) => format!("{template}[Z]"),
        None if GOES_ON.is_match(rest) => return None,
        Some(stem) if !template.ends_with("'Z'") && !offset => format!("{stem}[Z]"),
        _ => template.to_owned(),
    };
    DateTemplate::parse(&template).map(|_| template)
}

/// A date format with its zone settled by an example of the page.
pub(super) fn with_example(template: &str, example: &str) -> Option<String> {
    let stem = template.strip_suffix("[Z]")?;
    let numeric = example.len() > 5
        && example
            .get(example.len() - 5..)
            .is_some_and(|tail| tail.starts_with(['+', '-']) && !tail.contains(':'));
    if example.ends_with('Z') {
        Some(format!("{stem}'Z'"))
    } else if numeric {
        Some(format!("{stem}Z"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("7 to 15 digits", Some("^[0-9]{7,15}$"))]
    #[case("Digits only, 7 to 15 digits", Some("^[0-9]{7,15}$"))]
    #[case("4 to 6 digits, no blanks", None)]
    #[case("Exactly 4 digits.", Some("^[0-9]{4}$"))]
    fn the_last_number_alone_is_no_length(#[case] text: &str, #[case] expected: Option<&str>) {
        let found = counted(text).or_else(|| ranged(text));
        assert_eq!(found.as_deref(), expected);
    }

    #[rstest]
    #[case(
        "The format is YYYY-MM-DDTHH:MM:SS followed by Z or an offset such as +02:00.",
        Some("YYYY-MM-DDTHH:MM:SS[Z]")
    )]
    #[case("In the format YYYY-MM-DDTHH:MM:SS.", Some("YYYY-MM-DDTHH:MM:SS"))]
    #[case(
        "In the format YYYY-MM-DDTHH:MM:SS, optionally followed by a zone.",
        None
    )]
    fn a_zone_in_words_belongs_to_the_form(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(date_format(text).as_deref(), expected);
    }

    #[rstest]
    #[case("It consists of 3 to 20 lower case letters.", Some("^[a-z]{3,20}$"))]
    #[case("4-8 digits.", Some("^[0-9]{4,8}$"))]
    #[case("Between 2 and 6 capital letters.", Some("^[A-Z]{2,6}$"))]
    #[case(
        "It has 6 to 12 letters, digits or hyphens.",
        Some("^[A-Za-z0-9-]{6,12}$")
    )]
    #[case(
        "It contains 3 to 12 lowercase letters and digits and begins with a letter.",
        Some("^[a-z][a-z0-9]{2,11}$")
    )]
    #[case("It has 3 to 20 words.", None)]
    #[case("It takes 3 to 20 minutes.", None)]
    #[case("It contains 3 to 20 letters and must begin with one of them.", None)]
    fn so_many_characters_of_a_class_are_a_pattern(
        #[case] text: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(ranged(text).as_deref(), expected);
    }

    #[rstest]
    #[case(
        "Letters, digits, `.` and `_`; 3 to 20 characters",
        Some("^[A-Za-z0-9._]*$")
    )]
    #[case(
        "Letters, digits, . and _; 3 to 20 characters",
        Some("^[A-Za-z0-9._]*$")
    )]
    #[case(
        "May contain letters, numbers and the characters `.`, `-`, `_`. 3 to 20 characters",
        Some("^[A-Za-z0-9._-]*$")
    )]
    #[case(
        "Letters, digits, `.` and `_`; must begin with a letter.",
        Some("^[A-Za-z][A-Za-z0-9._]*$")
    )]
    #[case(
        "The name: letters, digits, dots (`.`), underscores (`_`) and hyphens (`-`), 3 to 20 characters",
        Some("^[A-Za-z0-9._-]*$")
    )]
    #[case(
        "The slug, 3 to 30 characters: lowercase letters, digits and hyphens",
        Some("^[a-z0-9-]*$")
    )]
    #[case(
        "Allowed characters: `a-z`, `A-Z`, 0-9, `-`, `_`.",
        Some("^[A-Za-z0-9_-]*$")
    )]
    #[case("Two capital letters, for example, DE.", Some("^[A-Z]{2}$"))]
    #[case("The colour: six hexadecimal digits.", Some("^[0-9A-Fa-f]{6}$"))]
    #[case("At least two digits.", None)]
    #[case("Letters, digits and spaces.", Some("^[A-Za-z0-9 ]*$"))]
    #[case(
        "名称，只能包含小写字母、数字和中划线，长度为3~20个字符",
        Some("^[a-z0-9-]*$")
    )]
    #[case(
        "由字母、数字、下划线(_)、中划线(-)和点(.)组成，长度1-64",
        Some("^[A-Za-z0-9_.-]*$")
    )]
    #[case(
        "支持汉字、英文字母、数字、中划线（-）和下划线（_），长度范围1~32。",
        Some("^[A-Za-z0-9一-龥_-]*$")
    )]
    #[case(
        "以字母开头，由字母、数字、下划线组成，4~64位。",
        Some("^[A-Za-z][A-Za-z0-9_]*$")
    )]
    #[case("描述。长度为0~255个字符，不能包含“<”和“>”。", Some("^[^<>]*$"))]
    #[case("It must not contain `<` or `>`.", Some("^[^<>]*$"))]
    #[case("不能包含“<”和“>”等特殊字符。", None)]
    #[case("Letters, digits, `.` and emojis; 3 to 20 characters", None)]
    #[case("At least 8 characters, letters and digits.", None)]
    #[case("Contains at least one of each: letters, digits.", None)]
    #[case("是否支持数字、字母", None)]
    fn a_set_of_characters_is_a_pattern(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(pattern(text).as_deref(), expected);
    }

    #[rstest]
    #[case("Begins with `pay_`.", Some("^pay_"))]
    #[case("The id. It always starts with \"cus_\".", Some("^cus_"))]
    #[case("It begins with a letter.", None)]
    fn what_a_text_begins_with_is_read(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(prefix(text).as_deref(), expected);
    }
}
