//! Redaction at the sink: no credential and no control character leaves the program.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::spelling::{SHORTEST, SHORTEST_PART, spellings};

/// The shortest secret, in bytes, that a text does not hold by chance.
pub(super) const TELLING: usize = 10;

/// What stands for a credential.
const REPLACEMENT: &str = "[redacted]";

/// Replaces credentials in whatever is about to be written. Clones share what they know: a token
/// that is renewed is known to all.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
    more: Arc<Known>,
}

/// Credentials in every spelling that an answer may repeat them in.
#[derive(Default)]
struct Known {
    secrets: Vec<String>,
    identifiers: Vec<String>,
    /// All spellings at once, the longest of those that begin at one place first: one may be a part
    /// of another. Made when a text is first redacted.
    search: OnceLock<Option<AhoCorasick>>,
    /// The secrets that no text holds by chance. Made when a text is first searched for them.
    telling: OnceLock<Option<AhoCorasick>>,
    /// Whether they are for the texts of one exchange.
    is_of_one_exchange: bool,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Known({})", self.secrets.len())
    }
}

impl Known {
    /// Adds the spellings of a credential.
    fn add(&mut self, secret: Option<&str>, identifier: Option<&str>) {
        let spelt = |text: Option<&str>| {
            text.filter(|text| text.len() >= SHORTEST && !self.has(text))
                .map_or_else(Vec::new, spellings)
        };
        let (secrets, identifiers) = (spelt(secret), spelt(identifier));
        self.secrets.extend(secrets);
        self.identifiers.extend(identifiers);
        self.search = OnceLock::new();
        self.telling = OnceLock::new();
    }

    /// What finds all spellings.
    fn search(&self) -> Option<&AhoCorasick> {
        // Few texts are redacted: what is soon built is better than what is fastest.
        let kind = AhoCorasickKind::ContiguousNFA;
        let search = || automaton(self.spellings(), Some(kind));
        self.search.get_or_init(search).as_ref()
    }

    /// What finds the secrets that no text holds by chance.
    fn telling(&self) -> Option<&AhoCorasick> {
        // Every answer is searched for those of a run, by the automaton that is fastest.
        let kind = AhoCorasickKind::NoncontiguousNFA;
        let kind = self.is_of_one_exchange.then_some(kind);
        let is_telling = |spelling: &&String| spelling.len() >= TELLING;
        let telling = || automaton(self.secrets.iter().filter(is_telling), kind);
        self.telling.get_or_init(telling).as_ref()
    }

    fn has(&self, text: &str) -> bool {
        self.spellings().any(|spelling| spelling == text)
    }

    fn spellings(&self) -> impl Iterator<Item = &String> {
        self.secrets.iter().chain(&self.identifiers)
    }

    /// The text with every credential replaced.
    fn replace(&self, text: &str) -> String {
        match self.search() {
            Some(search) => {
                let mut out = String::with_capacity(text.len());
                search.replace_all_with(text, &mut out, |_, _, out| {
                    out.push_str(REPLACEMENT);
                    true
                });
                out
            }
            None => text.to_owned(),
        }
    }

    fn finds(&self, text: &[u8]) -> bool {
        self.telling().is_some_and(|telling| telling.is_match(text))
    }
}

/// What finds any of some texts in one pass; nothing where there are none.
fn automaton<'t>(
    texts: impl Iterator<Item = &'t String>,
    kind: Option<AhoCorasickKind>,
) -> Option<AhoCorasick> {
    let texts: Vec<&String> = texts.collect();
    // Only gigabytes of credentials would be too many.
    (!texts.is_empty()).then(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(kind)
            .build(texts)
            .ok()
    })?
}

impl Redactor {
    /// A redactor of these credentials.
    #[cfg(test)]
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let redactor = Self::default();
        for secret in secrets {
            redactor.add_secret(&secret);
        }
        redactor
    }

    /// Adds what nobody may see: it is replaced, and an answer that shows it leaks.
    pub fn add_secret(&self, secret: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.add(Some(secret), None);
    }

    /// Adds what only names a credential, such as an access key: it is replaced, but an endpoint
    /// may well repeat it.
    pub fn add_identifier(&self, identifier: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.add(None, Some(identifier));
    }

    /// The same with secrets of one exchange.
    #[must_use]
    pub fn with(&self, secrets: &[String]) -> Self {
        let mut redactor = self.clone();
        if !secrets.is_empty() {
            let mut more = Known {
                is_of_one_exchange: true,
                ..Known::default()
            };
            for secret in secrets {
                more.add(Some(secret), None);
            }
            redactor.more = Arc::new(more);
        }
        redactor
    }

    /// The text with every credential replaced.
    pub fn redact(&self, text: &str) -> String {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let spellings = || self.more.spellings().chain(known.spellings());
        let text = if self.more.secrets.is_empty() {
            known.replace(text)
        } else {
            known.replace(&self.more.replace(text))
        };
        // What was cut before it came here may end in the beginning of a credential.
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find("...") {
            let (head, tail) = rest.split_at(at);
            out.push_str(head);
            cut_end(&mut out, spellings());
            out.push_str("...");
            rest = tail.get(3..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// The beginning of a text of which the rest is left out, redacted: the beginning of a
    /// credential at its very end too.
    pub fn redact_beginning(&self, text: &str) -> String {
        let mut out = self.redact(text);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        cut_end(&mut out, self.more.spellings().chain(known.spellings()));
        out
    }

    /// Whether a text holds a secret that no text holds by chance: a short one may be a word.
    pub fn finds(&self, text: impl AsRef<[u8]>) -> bool {
        let text = text.as_ref();
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        self.more.finds(text) || known.finds(text)
    }
}

/// Replaces the beginning of a credential at the end of a text.
fn cut_end<'s>(text: &mut String, spellings: impl Iterator<Item = &'s String>) {
    if text.is_empty() || text.ends_with(['.', ']', ' ']) {
        return;
    }
    let longest = spellings
        .flat_map(|spelling| {
            spelling
                .char_indices()
                .map(|(end, _)| spelling.get(..end).unwrap_or_default())
        })
        .filter(|part| part.len() >= SHORTEST_PART && text.ends_with(part))
        .map(str::len)
        .max();
    if let Some(length) = longest {
        text.truncate(text.len() - length);
        text.push_str(REPLACEMENT);
    }
}

/// JSON text in which what a terminal or an editor would obey is escaped: it stands in texts only,
/// where an escape means the same.
pub fn printable_json(text: String) -> String {
    if !text.chars().any(is_harmful_in_json) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if is_harmful_in_json(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters and what changes the direction or the lines of a text. Those below U+0020 are
/// escaped by JSON itself.
fn is_harmful_in_json(c: char) -> bool {
    matches!(c,
        '\u{7f}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}')
}

/// A text that is safe on a terminal: control characters (C0, C1, DEL), bidirectional overrides and
/// what nobody would see are written as `\u{..}`, line ends are kept.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        let harmful = (c.is_control() && c != '\n')
            || matches!(code, 0xAD | 0x061C | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x2069 | 0xFEFF);
        if harmful {
            out.push_str(&format!("\\u{{{code:x}}}"));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;

    use super::*;

    #[test]
    fn credentials_are_redacted_wherever_they_stand() {
        let redactor = Redactor::new(["s3cret-token".to_owned()]);
        assert_eq!(
            redactor.redact("a s3cret-token b s3cret-token"),
            "a [redacted] b [redacted]"
        );
    }

    #[test]
    fn every_spelling_is_redacted_the_longest_first() {
        let redactor = Redactor::new(["abcd".to_owned(), "abcd/+ef".to_owned()]);
        let same = redactor.clone();
        same.add_identifier("ACCESS");
        assert_eq!(
            redactor
                .with(&["0123abcd".to_owned()])
                .redact("abcd/+ef abcd%2F%2Bef abcd\\/+ef ACCESS 0123abcd"),
            "[redacted] [redacted] [redacted] [redacted] [redacted]"
        );
        assert!(!redactor.finds("ACCESS"));
        assert!(redactor.finds("x%2Fabcd%2F%2Bef"));
    }

    #[rstest]
    #[case::percent(
        "x%73%33 s3cr%2Fet%2BTo%3Dken%269f8e7d s3cr%2fet%2bTo%3dken%269f8e7d",
        2
    )]
    #[case::base64("czNjci9ldCtUbz1rZW4mOWY4ZTdk", 1)]
    #[case::base64_within("YXM", 0)]
    #[case::hexadecimal(
        "733363722f65742b546f3d6b656e263966386537 64733363722f65742b546f3d6b656e26396638653764",
        1
    )]
    #[case::html("s3cr/et+To=ken&amp;9f8e7d", 1)]
    #[case::go("s3cr/et+To=ken\\u00269f8e7d", 1)]
    #[case::lower_case("s3cr/et+to=ken&9f8e7d", 1)]
    #[case::cut("a s3cr/et+To... b", 1)]
    #[case::too_little("a s3cr... b", 0)]
    fn encodings_are_redacted_too(#[case] text: &str, #[case] times: usize) {
        let redactor = Redactor::new(["s3cr/et+To=ken&9f8e7d".to_owned()]);
        assert_eq!(redactor.redact(text).matches(REPLACEMENT).count(), times);
    }

    #[rstest]
    #[case::json(r#"s3\"cr\\eté<'9f8e"#)]
    #[case::json_of_ascii(r#"s3\"cr\\et\u00e9<'9f8e"#)]
    #[case::json_for_html(r"s3\u0022cr\\et\u00E9\u003C\u00279f8e")]
    #[case::html(r"s3&quot;cr\eté&lt;&#39;9f8e")]
    #[case::url("s3%22cr%5Cet%C3%A9%3C'9f8e")]
    #[case::entities(
        "&#115;&#51;&#34;&#99;&#114;&#92;&#101;&#116;&#233;&#60;&#39;&#57;&#102;&#56;&#101;"
    )]
    #[case::entities_by_hexadecimal("s3&#x22;cr&#x5C;et&#xE9;&#x3C;&#x27;9f8e")]
    #[case::bytes(r"\x73\x33\x22\x63\x72\x5c\x65\x74\xc3\xa9\x3c\x27\x39\x66\x38\x65")]
    #[case::bytes_in_json(r"s3\\x22cr\\x5Cet\\xC3\\xA9\\x3C\\x279f8e")]
    #[case::units(
        r"\u0073\u0033\u0022\u0063\u0072\u005c\u0065\u0074\u00e9\u003c\u0027\u0039\u0066\u0038\u0065"
    )]
    #[case::read_as_latin("s3\"cr\\et\u{c3}\u{a9}<'9f8e")]
    #[case::written_as_latin("s3\"cr\\et\u{fffd}<'9f8e")]
    #[case::latin_in_a_url("s3%22cr%5Cet%E9%3C%279f8e")]
    #[case::url_in_a_url("s3%2522cr%255Cet%25C3%25A9%253C%25279f8e")]
    fn what_has_to_be_escaped_is_redacted(#[case] text: &str) {
        let redactor = Redactor::new([r#"s3"cr\eté<'9f8e"#.to_owned()]);
        assert_eq!(redactor.redact(text), REPLACEMENT);
    }

    #[test]
    fn base64_is_found_wherever_it_begins() {
        let secret = "s3cr/et+To=ken&9f8e7d";
        let redactor = Redactor::new([secret.to_owned()]);
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "x", "xy"] {
                let encoded = STANDARD_NO_PAD.encode(format!("{before}{secret}{after}"));
                assert!(redactor.finds(&encoded), "{before} {after}: {encoded}");
            }
        }
    }

    #[test]
    fn the_beginning_of_a_credential_at_a_cut_is_redacted() {
        let redactor = Redactor::new(["s3cret-token".to_owned()]);
        assert_eq!(redactor.redact_beginning("a s3cret-to"), "a [redacted]");
        assert_eq!(redactor.redact_beginning("a token"), "a token");
    }

    #[test]
    fn json_is_escaped_where_a_terminal_would_obey() {
        let text = "\"a\u{7f}\u{9b}31m\u{202e}\u{2028}é\"".to_owned();
        assert_eq!(
            printable_json(text.clone()),
            r#""a\u007f\u009b31m\u202e\u2028é""#
        );
        let same: String = serde_json::from_str(&printable_json(text.clone())).unwrap();
        assert_eq!(format!("\"{same}\""), text);
    }

    #[test]
    fn control_characters_are_spelled_out() {
        assert_eq!(
            printable("a\u{1b}[31mb\u{202e}\n"),
            "a\\u{1b}[31mb\\u{202e}\n"
        );
    }
}
