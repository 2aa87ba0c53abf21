//! Redaction at the sink: no credential and no control character leaves the program.

use std::sync::{Arc, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The shortest secret, in bytes, that a text does not hold by chance.
const TELLING: usize = 10;

/// What stands for a credential.
const REPLACEMENT: &str = "[redacted]";

/// Shorter credentials are not searched for: they would match everywhere.
const SHORTEST: usize = 4;

/// Credentials of at least this length are searched for in encodings too, and as the beginning that
/// is left where a text was cut.
const SHORTEST_PART: usize = 6;

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
    /// of another.
    search: Option<AhoCorasick>,
    /// The secrets that no text holds by chance.
    telling: Option<AhoCorasick>,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Known({})", self.secrets.len())
    }
}

impl Known {
    fn add(&mut self, secret: Option<&str>, identifier: Option<&str>) {
        self.spell(secret, identifier);
        self.index();
    }

    /// Adds the spellings of a credential; they are found once they are indexed.
    fn spell(&mut self, secret: Option<&str>, identifier: Option<&str>) {
        let spelt = |text: Option<&str>| {
            text.filter(|text| text.len() >= SHORTEST && !self.has(text))
                .map_or_else(Vec::new, spellings)
        };
        let (secrets, identifiers) = (spelt(secret), spelt(identifier));
        self.secrets.extend(secrets);
        self.identifiers.extend(identifiers);
    }

    fn index(&mut self) {
        self.search = automaton(self.spellings());
        let telling = |spelling: &&String| spelling.len() >= TELLING;
        self.telling = automaton(self.secrets.iter().filter(telling));
    }

    fn has(&self, text: &str) -> bool {
        self.spellings().any(|spelling| spelling == text)
    }

    fn spellings(&self) -> impl Iterator<Item = &String> {
        self.secrets.iter().chain(&self.identifiers)
    }

    /// The text with every credential replaced.
    fn replace(&self, text: &str) -> String {
        match &self.search {
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
        self.telling
            .as_ref()
            .is_some_and(|telling| telling.is_match(text))
    }
}

/// What finds any of some texts in one pass; nothing where there are none.
fn automaton<'t>(texts: impl Iterator<Item = &'t String>) -> Option<AhoCorasick> {
    let texts: Vec<&String> = texts.collect();
    // Only gigabytes of credentials would be too many.
    (!texts.is_empty()).then(|| {
        AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts)
            .ok()
    })?
}

impl Redactor {
    /// A redactor of these credentials.
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
            let mut more = Known::default();
            for secret in secrets {
                more.spell(Some(secret), None);
            }
            more.index();
            redactor.more = Arc::new(more);
        }
        redactor
    }

    /// The text with every credential replaced.
    pub fn redact(&self, text: &str) -> String {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let spellings = || self.more.spellings().chain(known.spellings());
        let text = match self.more.search {
            Some(_) => known.replace(&self.more.replace(text)),
            None => known.replace(text),
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

/// What writers of URLs leave as it is, beside letters and digits.
const UNESCAPED: &[&str] = &["", "-._~", "-_.!~*'()", "-_.!~*'();/?:@&=+$,"];

/// What writers of JSON escape by its number, beside what they must.
const NUMBERED: &[&str] = &["", "&+", "<>&", "\"&'+<>`"];

/// How writers of HTML escape each character that they may leave as it is.
const QUOTES: &[&str] = &["\"", "&quot;", "&#34;"];
const APOSTROPHES: &[&str] = &["'", "&#39;", "&#x27;", "&apos;"];
const SLASHES: &[&str] = &["/", "&#47;", "&#x2F;"];

/// The spellings in which a credential may be repeated: as it is, percent-encoded, escaped in JSON
/// and HTML, in Base64 and in hexadecimal digits.
fn spellings(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let form: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let mut all = vec![
        secret.to_owned(),
        lower_escapes(&form),
        form,
        secret.replace('/', "\\/"),
    ];
    if secret.len() < SHORTEST_PART {
        return all;
    }
    for unescaped in UNESCAPED {
        let percent = in_url(secret, unescaped);
        all.push(lower_escapes(&percent));
        all.push(percent);
    }
    all.push(secret.replace('/', "%2F"));
    for numbered in NUMBERED {
        for is_ascii in [false, true] {
            for number in [lower_number, upper_number] {
                let json = in_json(secret, numbered, is_ascii, number);
                all.push(json.replace('/', "\\/"));
                all.push(json);
            }
        }
    }
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    for quote in QUOTES {
        for apostrophe in APOSTROPHES {
            for slash in SLASHES {
                let html = html.replace('"', quote).replace('\'', apostrophe);
                all.push(html.replace('/', slash));
            }
        }
    }
    // A spelling within JSON is escaped once more: a text of HTML, or JSON that is a string of JSON.
    let within: Vec<String> = all
        .iter()
        .map(|spelling| in_json(spelling, "", true, lower_number))
        .collect();
    all.extend(within.iter().map(|json| json.replace('/', "\\/")));
    all.extend(within);
    let hexadecimal = bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let every: String = hexadecimal
        .as_bytes()
        .chunks(2)
        .flat_map(|digits| std::iter::once('%').chain(digits.iter().copied().map(char::from)))
        .collect();
    all.push(every.to_uppercase());
    all.push(every);
    all.push(hexadecimal.to_uppercase());
    all.push(hexadecimal);
    // Within a longer text that is encoded, a credential begins at one of three places of a group
    // of three bytes.
    for before in 0..3_usize {
        let mut padded = vec![0; before];
        padded.extend_from_slice(bytes);
        let whole = padded.len() * 8 / 6;
        let first = (before * 8).div_ceil(6);
        for encoded in [
            STANDARD_NO_PAD.encode(&padded),
            URL_SAFE_NO_PAD.encode(&padded),
        ] {
            all.push(encoded.get(first..whole).unwrap_or_default().to_owned());
        }
    }
    // Header names arrive in lower case.
    if secret.len() >= 2 * SHORTEST_PART {
        all.push(secret.to_lowercase());
    }
    all.retain(|spelling| spelling.len() >= SHORTEST);
    all.sort_unstable();
    all.dedup();
    all
}

/// A text as a URL holds it, if its writer leaves these characters as they are.
fn in_url(text: &str, unescaped: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || unescaped.contains(c) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out
}

fn lower_number(unit: u16) -> String {
    format!("\\u{unit:04x}")
}

fn upper_number(unit: u16) -> String {
    format!("\\u{unit:04X}")
}

/// A text as a string of JSON holds it, if its writer escapes these characters by their numbers,
/// and perhaps all beyond ASCII.
fn in_json(text: &str, numbered: &str, is_ascii: bool, number: fn(u16) -> String) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if numbered.contains(c) || c.is_control() || (is_ascii && !c.is_ascii()) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&number(*unit));
            }
        } else {
            if matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// A percent-encoded text with its escapes in lower case.
fn lower_escapes(text: &str) -> String {
    let mut escape = 0;
    text.chars()
        .map(|c| {
            escape = if c == '%' {
                2
            } else {
                i32::max(escape - 1, -1)
            };
            if escape >= 0 {
                c.to_ascii_lowercase()
            } else {
                c
            }
        })
        .collect()
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

/// A text that is safe on a terminal: control characters (C0, C1, DEL) and bidirectional overrides
/// are written as `\u{..}`, line ends are kept.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c);
        let harmful = (c.is_control() && c != '\n')
            || matches!(code, 0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069);
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
