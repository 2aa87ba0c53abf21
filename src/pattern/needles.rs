//! What a pattern cannot do without: words of which each text that has the pattern has one.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// The fewest bytes of a word that is worth looking for.
const SHORTEST: usize = 2;

/// The most words, of which a text has one, that are looked for instead of the pattern.
const MOST: usize = 200;

/// Words, in lower case where they are ASCII's, of which each text that has the pattern has one,
/// whatever the case of their letters. None where nothing is certain of such texts.
///
/// Letters that Unicode folds to one of ASCII's (`K` for kelvin, `ſ`) are not thought of here.
pub(super) fn needles(pattern: &Hir) -> Option<Vec<String>> {
    in_part(pattern).filter(|words| shortest(words) >= SHORTEST && words.len() <= MOST)
}

fn shortest(words: &[String]) -> usize {
    words.iter().map(String::len).min().unwrap_or(0)
}

/// Of two sets of words that are both certain, the one that fewer texts have: its words are longer,
/// or they are fewer.
fn rarer(one: Option<Vec<String>>, other: Option<Vec<String>>) -> Option<Vec<String>> {
    let (Some(one), Some(other)) = (&one, &other) else {
        return one.or(other);
    };
    let worth = |words: &[String]| (shortest(words), usize::MAX - words.len());
    let kept = if worth(other) > worth(one) {
        other
    } else {
        one
    };
    Some(kept.clone())
}

fn in_part(part: &Hir) -> Option<Vec<String>> {
    match part.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => written(part).map(|word| vec![word]),
        HirKind::Repetition(repeated) if repeated.min > 0 => in_part(&repeated.sub),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
        HirKind::Capture(group) => in_part(&group.sub),
        HirKind::Concat(parts) => in_sequence(parts),
        HirKind::Alternation(parts) => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(in_part).collect();
            each.map(|words| words.concat())
        }
    }
}

/// What stands in a row makes one word; of several that do not touch, one is enough.
fn in_sequence(parts: &[Hir]) -> Option<Vec<String>> {
    let mut best = None;
    let mut word = String::new();
    for part in parts {
        if let Some(letters) = written(part) {
            word.push_str(&letters);
            continue;
        }
        // A boundary takes no room: what stands around it touches.
        if matches!(part.kind(), HirKind::Look(_)) {
            continue;
        }
        best = rarer(best, whole(&mut word));
        best = rarer(best, in_part(part));
    }
    rarer(best, whole(&mut word))
}

/// The word that ends here.
fn whole(word: &mut String) -> Option<Vec<String>> {
    (!word.is_empty()).then(|| vec![std::mem::take(word)])
}

/// The one text that a part is, but for the case of its letters.
fn written(part: &Hir) -> Option<String> {
    match part.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            Some(text.to_ascii_lowercase())
        }
        HirKind::Class(Class::Unicode(class)) => one_letter(class).map(String::from),
        _ => None,
    }
}

/// The letter of ASCII of which a class has nothing but the two cases.
fn one_letter(class: &ClassUnicode) -> Option<char> {
    let mut letters = class
        .ranges()
        .iter()
        .flat_map(|range| range.start()..=range.end())
        .map(|letter| match letter {
            '\u{212A}' => 'k',
            '\u{17F}' => 's',
            other => other.to_ascii_lowercase(),
        });
    let first = letters.next()?;
    (first.is_ascii() && letters.take(3).all(|letter| letter == first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::needles;
    use rstest::rstest;

    #[rstest]
    #[case("required", &["required"])]
    #[case("(?i)Required", &["required"])]
    #[case(r"(?i)\b(?:is|are)\s+(?:mandatory|needed)\b", &["mandatory", "needed"])]
    #[case("(?i)re(?:quired|commended)?", &["re"])]
    #[case("(?i)task(?:s)? of", &["task"])]
    #[case("(?:exactly)+ one", &["exactly"])]
    #[case("(?:at )*most", &["most"])]
    #[case("只读|(?:系统|自动)生成", &["只读", "生成"])]
    #[case("(?-u:\\b)re\\b-\\bad", &["re-ad"])]
    fn a_pattern_has_its_words(#[case] pattern: &str, #[case] expected: &[&str]) {
        let parsed = regex_syntax::parse(pattern).unwrap();
        assert_eq!(needles(&parsed).unwrap(), expected);
    }

    #[rstest]
    #[case("[0-9]+")]
    #[case("(?:read)?")]
    #[case("a")]
    #[case("read|[0-9]")]
    #[case("")]
    fn of_some_patterns_nothing_is_certain(#[case] pattern: &str) {
        let parsed = regex_syntax::parse(pattern).unwrap();
        assert_eq!(needles(&parsed), None);
    }
}
