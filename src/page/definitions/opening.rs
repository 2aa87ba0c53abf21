//! What is said of a field before its description: in brackets, after a sign, without one, or in the
//! texts below its name.

use super::super::block::{Block, BlockKind, Text};
use super::super::words;
use super::annotated::{Annotated, annotated};
use super::head::{Head, bracketed};
use super::kind::kind_of;
use crate::vocabulary::Phrase;

/// How many texts below a name may say something of it under a label.
const LABELLED: usize = 12;

phrases! {
    FieldWords:

    /// Words beside a type that say whether the field must be sent.
    static BESIDE;

    /// A text that says one thing of a field under its label, the group `value`: its type.
    static TYPE_LABEL;

    /// An array of things that are called by a word for them, at the beginning of a description.
    static THINGS;

    /// Where it is sent.
    static PLACE_LABEL;

    /// Whether it must be sent.
    static REQUIRED_LABEL;

    /// Whether it may be left out.
    static OPTIONAL_LABEL;
}

pattern! {
    /// Words that may be a type that is not known.
    static SOME_TYPE = r"^[\pL][\w\[\]<>|/, -]{0,40}$";

    static NULLABLE = r"(?i)^(?:(?P<kind>.+?)\s+or\s+null|nullable\s+(?P<own>.+))$";

    /// What parts what is said of a field from more of it, or from the description.
    static PART = r"\s*[·•,，]\s*|\s+[-–—]+\s+|\s*[:：]\s+|\s*[.。](?:\s+|$)";

    /// A type with a note behind it in brackets.
    static NOTED = r"^(?P<kind>[A-Za-z]+)\s*\((?P<note>[^()]{1,40})\)\s*[.:]\s+";
}

impl Head<'_> {
    /// Takes a type; whether the words are one.
    pub(super) fn take_type(&mut self, words: &str) -> bool {
        let mut words = words.trim().trim_matches(['`', '*']);
        if let Some(kind) = NULLABLE
            .captures(words)
            .and_then(|captures| captures.name("kind").or_else(|| captures.name("own")))
        {
            self.is_nullable = true;
            words = kind.as_str();
        }
        let is_known = kind_of(words).map(|kind| self.kind = kind).is_some();
        self.is_nullable &= is_known;
        self.is_typed |= is_known;
        is_known
    }

    /// Takes the word before a type that says whether the field must be sent; what follows it.
    fn requiredness_before<'i>(&mut self, inner: &'i str) -> &'i str {
        let Some((word, rest)) = inner.split_once(',') else {
            return inner;
        };
        let Some(said) = words::mandatory(word.trim().trim_matches(['*', '_'])) else {
            return inner;
        };
        self.is_required = Some(said);
        self.is_typed = true;
        rest.trim_start()
    }

    /// What brackets say: `string: <required>`, `int: 0`, `string, optional`, `required`.
    pub(super) fn annotate(&mut self, inner: &str) {
        let Annotated {
            rest,
            default,
            notes,
        } = annotated(inner);
        self.notes.extend(notes);
        let inner = self.requiredness_before(&rest);
        let (kind, value) = inner.split_once(':').unwrap_or((inner, ""));
        let mut parts = kind.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let mut words: Vec<&str> = parts.collect();
        if let Some((word, own)) = first.split_once(' ')
            && let Some(said) = words::mandatory(word)
            && self.take_type(own)
        {
            // `optional integer`
            self.is_required = Some(said);
        } else if !self.take_type(first) && kind_of(kind).is_some() {
            // A type that has a comma in it (`map<string, string>`).
            self.take_type(kind);
            words.clear();
        } else if self.kind.is_empty() {
            words.push(first);
        }
        if words.iter().any(|word| kind_of(word).is_some()) {
            // One of several types.
            self.kind.clear();
        }
        for word in words {
            if let Some(is_required) = words::mandatory(word) {
                self.is_required = Some(is_required);
                self.is_typed = true;
            }
        }
        match default {
            Some(default) if self.kind.is_empty() => {
                self.notes.push(Text::of(format!("Default: {default}")));
            }
            Some(default) => {
                self.is_required = self.is_required.or(Some(false));
                self.default = default;
            }
            None => {}
        }
        let value = value.trim().trim_matches('`');
        let lower = value.to_lowercase();
        if lower == "<required>" || lower == "required" {
            self.is_required = Some(true);
        } else if lower == "<optional>" || lower == "optional" {
            self.is_required = Some(false);
        } else if lower.contains("required") {
            // `<required - if generate is true>`
            self.is_conditional = true;
        } else if !lower.is_empty() && (!self.kind.is_empty() || SOME_TYPE.is_match(kind)) {
            self.is_required = Some(false);
            let is_unset = ["nil", "null", "none", "\"\"", "''", "[]", "{}", "unset"]
                .contains(&lower.as_str());
            if !is_unset && !self.kind.is_empty() && !value.contains(['<', '>']) {
                value
                    .trim_matches(['"', '\''])
                    .clone_into(&mut self.default);
            }
        }
    }

    /// What the first words of a description say (`string, optional, defaults to 3.`): how many
    /// bytes they take.
    pub(super) fn opening(&mut self, said: &str) -> usize {
        let mut taken = 0;
        for _ in 0..3 {
            let rest = said.get(taken..).unwrap_or_default();
            let skipped = rest.len() - rest.trim_start_matches([',', ' ']).len();
            let words = rest.get(skipped..).unwrap_or_default();
            let end = words_end(words);
            let part = words.get(..end).unwrap_or_default();
            let is_first = taken == 0;
            let is_known = if is_first && self.take_type(part) {
                true
            } else if let Some(is_required) =
                words::mandatory(part).filter(|_| part.to_lowercase().ends_with(['d', 'l', 'y']))
            {
                self.is_required = Some(is_required);
                self.is_typed = true;
                true
            } else {
                false
            };
            if !is_known {
                break;
            }
            taken += skipped + end;
        }
        // What the items are is told by the words, and by a link among them.
        if taken == 0 && THINGS.is_match(said) {
            "array".clone_into(&mut self.kind);
            self.is_typed = true;
        }
        taken
    }

    /// A type with a remark in brackets behind it, and nothing else in its sentence: `String (one of
    /// several). The kind.`: how many bytes it takes.
    fn noted(&mut self, said: &str) -> usize {
        let Some(found) = NOTED.captures(said) else {
            return 0;
        };
        let word = |name: &str| found.name(name).map_or("", |own| own.as_str());
        let note = word("note").to_lowercase();
        let is_more = ["required", "mandatory", "optional"]
            .iter()
            .any(|own| note.contains(own));
        if is_more || !self.take_type(word("kind")) {
            return 0;
        }
        self.notes.push(Text::of(word("note")));
        found.get(0).map_or(0, |own| own.end())
    }

    /// What words that follow a name without any sign say (`string **required**`,
    /// `integer — At most so many.`): how many bytes they take; none where they say something else.
    pub(super) fn bare(&mut self, said: &str) -> Option<usize> {
        let mut taken = 0;
        // `required — string`: the type may follow the word.
        let mut may_be_type = true;
        for _ in 0..4 {
            let rest = said.get(taken..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            let parting = PART.find(rest);
            let (end, next) = parting.map_or((rest.len(), rest.len()), |found| {
                (found.start(), found.end())
            });
            let part = rest.get(..end).unwrap_or_default();
            let is_unknown = taken == 0 && !part.contains(' ') && is_told(rest, next);
            if !part.is_empty() && !self.beside(part, may_be_type) && !is_unknown {
                break;
            }
            may_be_type &= part.is_empty() || words::mandatory(part).is_some();
            taken += next;
        }
        (self.is_typed && taken > 0).then_some(taken)
    }

    /// A word that follows a name and says whether the field must be sent: how many bytes it takes,
    /// with the blank behind it.
    pub(super) fn word(&mut self, said: &str) -> Option<usize> {
        let (word, _) = said.split_once(' ')?;
        let own = words::mandatory(word.trim_matches(['(', ')', '*', '_', '.', ',', ':']))?;
        self.is_required = Some(own);
        Some(word.len() + 1)
    }

    /// What stands behind a name whose type is in code marks of so many bytes (`` `string` required
    /// The name``): how many bytes say something before the description.
    pub(super) fn coded(&mut self, said: &str, code: usize) -> Option<usize> {
        let kind = said.get(..code)?;
        let rest = said.get(code..)?;
        let word = rest.trim_start();
        let end = word.find(char::is_whitespace).unwrap_or(word.len());
        let own = word.get(..end)?;
        // One of several types.
        let is_one_of = matches!(own.to_lowercase().as_str(), "or" | "|" | "/");
        if is_one_of || !self.take_type(kind) {
            return None;
        }
        self.is_coded = true;
        match words::mandatory(own.trim_matches(['(', ')', '*', '_', '.', ',', ':'])) {
            Some(said_so) => {
                self.is_required = Some(said_so);
                Some(said.len() - word.len() + end)
            }
            None => Some(said.len() - word.len()),
        }
    }

    /// Takes a type, and whether the field must be sent; whether the words say nothing else.
    fn beside(&mut self, part: &str, is_first: bool) -> bool {
        let Some(found) = BESIDE.captures(part) else {
            return false;
        };
        let said = found.name("before").or_else(|| found.name("after"));
        let said = said.and_then(|word| words::mandatory(word.as_str()));
        let kind = found.name("kind").map_or("", |kind| kind.as_str());
        let kind = kind.trim().trim_matches(['`', '*']);
        let is_known = !kind.is_empty() && is_first && self.take_type(kind);
        // A word beside a mark is a type that is not known.
        let is_told = said.is_some() && (kind.is_empty() || is_first && !kind.contains(' '));
        if !is_known && !is_told {
            return false;
        }
        if said.is_some() {
            self.is_required = said;
            self.is_typed = true;
        }
        true
    }

    /// Takes what the texts below a name say of it: `(Required, string) The name.`,
    /// `String. The name.`, or `Type: String` and `Required: Yes` on lines of their own.
    pub(super) fn below(&mut self, below: &[Block]) {
        let Some(Block {
            line,
            kind: BlockKind::Paragraph(text),
        }) = below.first()
        else {
            return;
        };
        let mut left: Vec<Block> = Vec::new();
        let mut taken = 0;
        if self.kind.is_empty() && !is_labelled(text) {
            let plain = text.plain.as_str();
            taken = bracketed(plain).map_or(0, |(inner, after)| {
                self.annotate(inner);
                if self.is_typed {
                    plain.len() - after.len()
                } else {
                    0
                }
            });
            if self.kind.is_empty() {
                let rest = plain.get(taken..).unwrap_or_default();
                let before = rest.len() - rest.trim_start().len();
                let more = match self.noted(rest.trim_start()) {
                    0 => self.opening(rest.trim_start()),
                    more => more,
                };
                let more = match more {
                    0 => match self.leading(rest.trim_start()) {
                        0 => self.bare(rest.trim_start()).unwrap_or(0),
                        more => more,
                    },
                    more => more,
                };
                taken += if more > 0 { before + more } else { 0 };
            }
        }
        for (at, block) in below.iter().enumerate() {
            match &block.kind {
                BlockKind::Paragraph(own) if at < LABELLED && self.labelled(own) => {}
                _ => left.push(block.clone()),
            }
        }
        if taken > 0
            && let Some(first) = left.first_mut()
        {
            let rest = text.plain.get(taken..).unwrap_or_default();
            let rest = rest.trim_start_matches(['.', ',', ':', ' ']);
            *first = Block::new(*line, BlockKind::Paragraph(text.part(rest)));
        }
        if taken > 0 || left.len() < below.len() {
            self.below = Some(left);
        }
    }

    /// What the first word of a text says where another sentence, or a word for whether the field must
    /// be sent, follows it without any sign (`integer The id.`): how many bytes it takes.
    fn leading(&mut self, said: &str) -> usize {
        let Some((word, rest)) = said.split_once(' ') else {
            return 0;
        };
        let next = rest.split(' ').next().unwrap_or_default();
        let is_required = words::mandatory(next.trim_end_matches(['.', ',', ';']));
        let goes_on = is_required.is_some() || next.starts_with(char::is_uppercase);
        if !goes_on || !self.take_type(word) {
            return 0;
        }
        match is_required {
            Some(_) => {
                self.is_required = is_required;
                word.len() + 1 + next.len()
            }
            None => word.len(),
        }
    }

    /// Takes what a text says under a label; whether it says that alone.
    fn labelled(&mut self, text: &Text) -> bool {
        if let Some(kind) = value_of(&TYPE_LABEL, text) {
            let is_known = self.take_type(kind);
            self.is_typed = true;
            return is_known;
        }
        if let Some(place) = value_of(&PLACE_LABEL, text) {
            let place = super::head::place_of(place);
            self.place = place.unwrap_or(self.place);
            return place.is_some();
        }
        let required = value_of(&REQUIRED_LABEL, text).map(|own| (own, true));
        let Some((said, is_required)) =
            required.or_else(|| Some((value_of(&OPTIONAL_LABEL, text)?, false)))
        else {
            return false;
        };
        let Some(said) = words::mandatory(said) else {
            return false;
        };
        self.is_required = Some(said == is_required);
        self.is_typed = true;
        true
    }
}

/// What a text says under a label.
fn value_of<'t>(label: &Phrase, text: &'t Text) -> Option<&'t str> {
    let found = label.captures(&text.plain)?.name("value")?;
    Some(found.as_str())
}

/// Whether what follows in a text says whether a field must be sent, and nothing else.
fn is_told(text: &str, from: usize) -> bool {
    let rest = text.get(from..).unwrap_or_default();
    let end = PART.find(rest).map_or(rest.len(), |found| found.start());
    rest.get(..end)
        .is_some_and(|word| words::mandatory(word).is_some())
}

/// Whether a text says one thing of a field under a label.
pub(super) fn is_labelled(text: &Text) -> bool {
    let mut labels = [&TYPE_LABEL, &PLACE_LABEL, &REQUIRED_LABEL, &OPTIONAL_LABEL].into_iter();
    labels.any(|label| label.is_match(&text.plain))
}

/// Where the first words of a text end: before a comma, a stop or a dash.
fn words_end(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth = depth.saturating_sub(1),
            ',' | '.' | ';' | ':' | '，' | '。' if depth == 0 => return at,
            '-' | '–' | '—' if depth == 0 && text.get(..at).is_some_and(|t| t.ends_with(' ')) =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}
