//! The spellings in which a secret may come back: by what writers of URLs, JSON and HTML make of it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Shorter credentials are not searched for: they would match everywhere.
pub(super) const SHORTEST: usize = 4;

/// Credentials of at least this length are searched for in encodings too, and as the beginning that
/// is left where a text was cut.
pub(super) const SHORTEST_PART: usize = 6;

/// What writers of URLs escape: all but letters and digits, or as RFC 3986 has it, also of a whole
/// path, or as the two of JavaScript do.
const ESCAPED: [&AsciiSet; 5] = [
    NON_ALPHANUMERIC,
    BEYOND_UNRESERVED,
    BEYOND_PATH,
    BEYOND_COMPONENT,
    BEYOND_URL,
];
const BEYOND_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// As Python's `quote` does by itself.
const BEYOND_PATH: &AsciiSet = &BEYOND_UNRESERVED.remove(b'/');
const BEYOND_COMPONENT: &AsciiSet = &BEYOND_UNRESERVED
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');
const BEYOND_URL: &AsciiSet = &BEYOND_COMPONENT
    .remove(b';')
    .remove(b'/')
    .remove(b'?')
    .remove(b':')
    .remove(b'@')
    .remove(b'&')
    .remove(b'=')
    .remove(b'+')
    .remove(b'$')
    .remove(b',');

/// What writers of JSON escape by its number, beside what they must.
const NUMBERED: &[&str] = &["", "&+", "<>&", "\"&'+<>`"];

/// How writers of HTML escape each character that they may leave as it is.
const QUOTES: &[&str] = &["\"", "&quot;", "&#34;"];
const APOSTROPHES: &[&str] = &["'", "&#39;", "&#x27;", "&apos;"];
const SLASHES: &[&str] = &["/", "&#47;", "&#x2F;"];

/// The spellings in which a credential may be repeated: as it is, percent-encoded, escaped in JSON
/// and HTML, in Base64 and in hexadecimal digits.
pub(super) fn spellings(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let form: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let mut all = vec![
        secret.to_owned(),
        lower_escapes(&form),
        form,
        secret.replace('/', "\\/"),
        // As a literal of Python or a shell has it.
        secret.replace('\'', "\\'"),
    ];
    if secret.len() < SHORTEST_PART {
        return all;
    }
    for escaped in ESCAPED {
        let percent = utf8_percent_encode(secret, escaped).to_string();
        // A URL within a URL is escaped twice, such as that of a page to go back to.
        for again in ESCAPED {
            all.push(utf8_percent_encode(&percent, again).to_string());
            all.push(utf8_percent_encode(&lower_escapes(&percent), again).to_string());
        }
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
    all.extend(by_number(secret));
    if !secret.is_ascii() {
        all.extend(misread(secret));
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
        all.push(secret.to_uppercase());
        // What is left where somebody takes the first character for a mark.
        all.extend(
            secret
                .char_indices()
                .nth(1)
                .and_then(|(at, _)| secret.get(at..))
                .map(str::to_owned),
        );
    }
    all.retain(|spelling| spelling.len() >= SHORTEST);
    all.sort_unstable();
    all.dedup();
    all
}

/// A text whose characters are told by their numbers, all of them or all but letters and digits, as
/// writers of HTML and of string literals do.
fn by_number(text: &str) -> impl Iterator<Item = String> {
    let in_bytes = |c: char, number: fn(u8) -> String| -> String {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes).bytes().map(number).collect()
    };
    let in_units = |c: char, number: fn(u16) -> String| -> String {
        let mut units = [0; 2];
        c.encode_utf16(&mut units)
            .iter()
            .copied()
            .map(number)
            .collect()
    };
    let ways: [&dyn Fn(char) -> String; 9] = [
        &|c| format!("&#{};", u32::from(c)),
        &|c| format!("&#x{:x};", u32::from(c)),
        &|c| format!("&#x{:X};", u32::from(c)),
        &|c| format!("&#x{:02x};", u32::from(c)),
        &|c| format!("&#x{:04X};", u32::from(c)),
        &|c| in_bytes(c, |byte| format!("\\x{byte:02x}")),
        &|c| in_bytes(c, |byte| format!("\\x{byte:02X}")),
        &|c| in_units(c, lower_number),
        &|c| in_units(c, upper_number),
    ];
    let spelt = |way: &dyn Fn(char) -> String, spares: bool| -> String {
        text.chars()
            .map(|c| {
                if spares && c.is_ascii_alphanumeric() {
                    c.to_string()
                } else {
                    way(c)
                }
            })
            .collect()
    };
    ways.map(|way| [spelt(way, false), spelt(way, true)])
        .into_iter()
        .flatten()
}

/// What becomes of a text beyond ASCII where one side writes UTF-8 and the other reads Latin-1, or
/// the other way round.
fn misread(text: &str) -> [String; 3] {
    let is_latin = |c: char| u32::from(c) <= 0xff;
    let percent = |c: char| format!("%{:02X}", u32::from(c));
    [
        text.bytes().map(char::from).collect(),
        text.chars()
            .map(|c| {
                if c.is_ascii() {
                    c
                } else {
                    char::REPLACEMENT_CHARACTER
                }
            })
            .collect(),
        text.chars()
            .map(|c| match c {
                _ if c.is_ascii_alphanumeric() || !is_latin(c) => c.to_string(),
                _ => percent(c),
            })
            .collect(),
    ]
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
