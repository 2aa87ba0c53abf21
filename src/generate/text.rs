//! Texts of an exact length that match a pattern: what boundary cases and generated answers are
//! made of.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// The characters that are preferred where a pattern allows them, in order: plain ones first, so
/// that cases are easy to read.
const PREFERRED: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. ";

/// A text of exactly `length` characters that matches a JSON Schema pattern (ECMA-262), or `None`
/// where none is found. `variety` selects among the characters that a place allows: equal numbers
/// give equal texts.
pub fn text_of_length(pattern: Option<&str>, length: usize, variety: usize) -> Option<String> {
    let Some(pattern) = pattern else {
        return Some(filler(length, variety));
    };
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let hir = regex_syntax::ParserBuilder::new()
        .utf8(true)
        .build()
        .parse(&translated)
        .ok()?;
    let mut writer = Writer {
        out: String::new(),
        next: variety,
        last: None,
    };
    writer.write(&hir, length)?;
    Some(writer.out)
}

/// A text of `length` plain letters.
pub fn filler(length: usize, variety: usize) -> String {
    PREFERRED
        .chars()
        .take(26)
        .cycle()
        .skip(variety % 26)
        .take(length)
        .collect()
}

/// The least and the greatest number of characters that a pattern's matches have; no greatest where
/// it is unbounded.
pub fn length_bounds(pattern: &str) -> Option<(usize, Option<usize>)> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let hir = regex_syntax::ParserBuilder::new()
        .utf8(true)
        .build()
        .parse(&translated)
        .ok()?;
    Some(bounds(&hir))
}

struct Writer<'h> {
    out: String,
    next: usize,
    /// The class that was written last, with the characters that are preferred of it: most texts
    /// are one class many times over.
    last: Option<(&'h ClassUnicode, Vec<char>)>,
}

impl<'h> Writer<'h> {
    /// Writes a match of `hir` that has exactly `length` characters.
    fn write(&mut self, hir: &'h Hir, length: usize) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => (length == 0).then_some(()),
            HirKind::Literal(literal) => {
                let text = std::str::from_utf8(&literal.0).ok()?;
                self.out.push_str(text);
                (text.chars().count() == length).then_some(())
            }
            HirKind::Class(Class::Unicode(class)) => {
                let picked = self.pick(class)?;
                self.out.push(picked);
                self.next += 1;
                (length == 1).then_some(())
            }
            HirKind::Class(Class::Bytes(_)) => None,
            HirKind::Capture(capture) => self.write(&capture.sub, length),
            HirKind::Repetition(repetition) => {
                let (least, most) = bounds(&repetition.sub);
                let min = usize::try_from(repetition.min).ok()?;
                let max = repetition
                    .max
                    .and_then(|max| usize::try_from(max).ok())
                    .unwrap_or(usize::MAX);
                let mut count = min.max(
                    most.filter(|most| *most > 0)
                        .map_or(0, |most| length.div_ceil(most)),
                );
                if most.is_none() {
                    count = count.max(usize::from(length > 0));
                }
                if count > max || count.saturating_mul(least) > length {
                    return None;
                }
                let mut left = length;
                for remaining in (1..=count).rev() {
                    // The copies after this one need at least `least` characters each.
                    let mine = (left - (remaining - 1) * least).min(most.unwrap_or(usize::MAX));
                    self.write(&repetition.sub, mine)?;
                    left -= mine;
                }
                (left == 0).then_some(())
            }
            HirKind::Concat(parts) => {
                let mut left = length;
                for (index, part) in parts.iter().enumerate() {
                    let (least, most) = bounds(part);
                    let rest = parts.get(index + 1..).unwrap_or_default();
                    let rest_most = rest.iter().try_fold(0_usize, |sum, part| {
                        bounds(part).1.map(|most| sum.saturating_add(most))
                    });
                    // As little as possible here, but no more left over than the rest can take.
                    let mine =
                        least.max(rest_most.map_or(0, |rest_most| left.saturating_sub(rest_most)));
                    if mine > left || most.is_some_and(|most| mine > most) {
                        return None;
                    }
                    self.write(part, mine)?;
                    left -= mine;
                }
                (left == 0).then_some(())
            }
            HirKind::Alternation(options) => {
                let kept = self.out.len();
                options.iter().find_map(|option| {
                    self.out.truncate(kept);
                    self.write(option, length)
                })
            }
        }
    }

    fn pick(&mut self, class: &'h ClassUnicode) -> Option<char> {
        if self
            .last
            .as_ref()
            .is_none_or(|(last, _)| !std::ptr::eq(*last, class))
        {
            self.last = Some((class, characters(class)));
        }
        let (_, characters) = self.last.as_ref()?;
        characters
            .get(self.next.checked_rem(characters.len())?)
            .copied()
    }
}

/// The preferred characters of a class; one other where it has none of them.
fn characters(class: &ClassUnicode) -> Vec<char> {
    let holds = |c: char| {
        class
            .ranges()
            .iter()
            .any(|range| range.start() <= c && c <= range.end())
    };
    let preferred: Vec<char> = PREFERRED.chars().filter(|c| holds(*c)).collect();
    if preferred.is_empty() {
        let first = class.ranges().first();
        return first
            .map(|range| range.start().max('!').min(range.end()))
            .into_iter()
            .collect();
    }
    preferred
}

fn bounds(hir: &Hir) -> (usize, Option<usize>) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => (0, Some(0)),
        HirKind::Literal(literal) => {
            let count = std::str::from_utf8(&literal.0)
                .map_or(literal.0.len(), |text| text.chars().count());
            (count, Some(count))
        }
        HirKind::Class(_) => (1, Some(1)),
        HirKind::Capture(capture) => bounds(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = bounds(&repetition.sub);
            let min = usize::try_from(repetition.min).unwrap_or(usize::MAX);
            let max = repetition.max.and_then(|max| usize::try_from(max).ok());
            let most = match (most, max) {
                (Some(most), Some(max)) => Some(most.saturating_mul(max)),
                (Some(0), None) => Some(0),
                _ => None,
            };
            (least.saturating_mul(min), most)
        }
        HirKind::Concat(parts) => {
            parts
                .iter()
                .map(bounds)
                .fold((0, Some(0)), |(least, most), (l, m)| {
                    (
                        least.saturating_add(l),
                        most.zip(m)
                            .map(|(a, b): (usize, usize)| a.saturating_add(b)),
                    )
                })
        }
        HirKind::Alternation(options) => {
            options
                .iter()
                .map(bounds)
                .fold((usize::MAX, Some(0)), |(least, most), (l, m)| {
                    (
                        least.min(l),
                        most.zip(m).map(|(a, b): (usize, usize)| a.max(b)),
                    )
                })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("^[A-Za-z][A-Za-z0-9_-]*$", 4)]
    #[case("^[A-Za-z][A-Za-z0-9_-]*$", 64)]
    #[case("^[^>!<\"&'=]*$", 256)]
    #[case("^[^>!<\"&'=]*$", 0)]
    #[case("^\\d{4}-\\d{2}$", 7)]
    #[case("^(aof|rdb)$", 3)]
    #[case("^([a-z]{2,4},)*[a-z]+$", 9)]
    fn text_matches_its_pattern_at_the_length_asked_for(
        #[case] pattern: &str,
        #[case] length: usize,
    ) {
        let text = text_of_length(Some(pattern), length, 3).unwrap();
        assert_eq!(text.chars().count(), length);
        assert!(crate::pattern::compile(pattern).is_match(&text), "{text}");
    }

    #[rstest]
    #[case("^[a-z]{4}$", 5)]
    #[case("^[a-z]+$", 0)]
    fn impossible_lengths_have_no_text(#[case] pattern: &str, #[case] length: usize) {
        assert_eq!(text_of_length(Some(pattern), length, 0), None);
    }

    proptest! {
        #[test]
        fn every_length_of_the_name_pattern_is_met(length in 1_usize..300, variety in 0_usize..1000) {
            let text = text_of_length(Some("^[A-Za-z][A-Za-z0-9_-]*$"), length, variety).unwrap();
            prop_assert_eq!(text.chars().count(), length);
        }
    }
}
