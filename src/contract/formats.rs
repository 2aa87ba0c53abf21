//! String formats that pages document and JSON Schema does not know: date templates such as
//! `yyyyMMddHHmmss`.
//!
//! A template is read as Java's `SimpleDateFormat` would, with one liberty that pages take: `mm`
//! next to a year or day means the month, `hh` means the hour of the day (00 to 23). `Z` is a
//! numeric offset (`+0800`), `'Z'` the letter, `[Z]` either, or with a colon.

/// A part of a date template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
    Offset,
    AnyOffset,
    Literal(char),
}

/// A date template: tells whether a text has the form, and writes texts of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTemplate {
    tokens: Vec<Token>,
}

/// A civil date and time with an offset in minutes, as a template writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateParts {
    /// Year, 0 to 9999.
    pub year: u32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Hour, 0 to 23.
    pub hour: u32,
    /// Minute, 0 to 59.
    pub minute: u32,
    /// Second, 0 to 59, or 60 in a leap second.
    pub second: u32,
}

impl DateTemplate {
    /// Reads a template such as `yyyyMMddHHmmss`; `None` for what is no date template (it needs a
    /// year or an hour, and nothing but date letters and separators).
    pub fn parse(template: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut rest = template;
        while let Some(first) = rest.chars().next() {
            let run = rest.chars().take_while(|c| *c == first).count();
            let (token, taken) = match (first, run) {
                ('y' | 'Y', 4) => (Token::Year, 4),
                ('d' | 'D', 2) => (Token::Day, 2),
                ('h' | 'H', 2) => (Token::Hour, 2),
                ('m' | 'M', 2) => (
                    if is_minute(&tokens) {
                        Token::Minute
                    } else {
                        Token::Month
                    },
                    2,
                ),
                ('s' | 'S', 2) => (Token::Second, 2),
                ('s' | 'S', 3) => (Token::Millisecond, 3),
                ('Z', 1) => (Token::Offset, 1),
                ('\'', 1) if rest.starts_with("'Z'") => (Token::Literal('Z'), 3),
                ('\'', 1) if rest.starts_with("'T'") => (Token::Literal('T'), 3),
                ('[', 1) if rest.starts_with("[Z]") => (Token::AnyOffset, 3),
                ('T' | '-' | ':' | '/' | '.' | ' ' | '_', 1) => (Token::Literal(first), 1),
                _ => return None,
            };
            tokens.push(token);
            rest = rest.get(taken..)?;
        }
        let dated = tokens.contains(&Token::Year)
            || (tokens.contains(&Token::Hour) && tokens.contains(&Token::Minute));
        dated.then_some(Self { tokens })
    }

    /// Whether `text` has the template's form and is a date that exists (no month 13, no 24:00,
    /// leap days only in leap years).
    pub fn matches(&self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// The date that `text` states, if it has the template's form.
    pub fn read(&self, text: &str) -> Option<DateParts> {
        let mut parts = DateParts {
            year: 2000,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
        };
        let mut rest = text;
        for token in &self.tokens {
            let slot = match token {
                Token::Year => {
                    let (value, after) = digits(rest, 4)?;
                    parts.year = value;
                    rest = after;
                    continue;
                }
                Token::Millisecond => {
                    rest = digits(rest, 3)?.1;
                    continue;
                }
                Token::Literal(literal) => {
                    rest = rest.strip_prefix(*literal)?;
                    continue;
                }
                Token::Offset => {
                    rest = offset(rest, false)?;
                    continue;
                }
                Token::AnyOffset => {
                    rest = rest.strip_prefix('Z').or_else(|| offset(rest, true))?;
                    continue;
                }
                Token::Month => &mut parts.month,
                Token::Day => &mut parts.day,
                Token::Hour => &mut parts.hour,
                Token::Minute => &mut parts.minute,
                Token::Second => &mut parts.second,
            };
            let (value, after) = digits(rest, 2)?;
            *slot = value;
            rest = after;
        }
        (rest.is_empty() && parts.exists()).then_some(parts)
    }

    /// Writes a date in the template's form; offsets are written as UTC. The date need not exist:
    /// that is how impossible ones are made.
    pub fn write(&self, date: DateParts) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            match token {
                Token::Year => text.push_str(&format!("{:04}", date.year)),
                Token::Month => text.push_str(&format!("{:02}", date.month)),
                Token::Day => text.push_str(&format!("{:02}", date.day)),
                Token::Hour => text.push_str(&format!("{:02}", date.hour)),
                Token::Minute => text.push_str(&format!("{:02}", date.minute)),
                Token::Second => text.push_str(&format!("{:02}", date.second)),
                Token::Millisecond => text.push_str("000"),
                Token::Offset => text.push_str("+0000"),
                // As RFC 3339 writes it: what a `Z` of a page that says no more is most often.
                Token::AnyOffset => text.push('Z'),
                Token::Literal(literal) => text.push(*literal),
            }
        }
        text
    }

    /// A regular expression (in the words that ECMA 262 and other dialects share) of what has the
    /// template's form. It takes days that no month has, such as a 30 February.
    pub fn pattern(&self) -> String {
        let mut pattern = String::from("^");
        for token in &self.tokens {
            match token {
                Token::Year => pattern.push_str("[0-9]{4}"),
                Token::Month => pattern.push_str("(0[1-9]|1[0-2])"),
                Token::Day => pattern.push_str("(0[1-9]|[12][0-9]|3[01])"),
                Token::Hour => pattern.push_str("([01][0-9]|2[0-3])"),
                Token::Minute => pattern.push_str("[0-5][0-9]"),
                Token::Second => pattern.push_str("([0-5][0-9]|60)"),
                Token::Millisecond => pattern.push_str("[0-9]{3}"),
                Token::Offset => pattern.push_str("[+-](0[0-9]|1[0-4])[0-5][0-9]"),
                Token::AnyOffset => pattern.push_str("(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])"),
                Token::Literal('.') => pattern.push_str("[.]"),
                Token::Literal(literal) => pattern.push(*literal),
            }
        }
        pattern.push('$');
        pattern
    }

    /// Whether the template states a day (and so can be given one that does not exist).
    pub fn has_date(&self) -> bool {
        self.tokens.contains(&Token::Day)
    }

    /// Whether the template states a time of day.
    pub fn has_time(&self) -> bool {
        self.tokens.contains(&Token::Hour)
    }
}

impl DateParts {
    /// A day (year, month, day) and a time of it (hour, minute, second).
    pub fn new(
        (year, month, day): (u32, u32, u32),
        (hour, minute, second): (u32, u32, u32),
    ) -> Self {
        Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
        }
    }

    fn exists(&self) -> bool {
        let leap = self.year.is_multiple_of(4)
            && (!self.year.is_multiple_of(100) || self.year.is_multiple_of(400));
        let days = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return false,
        };
        // A day may end with a leap second, in whichever zone it is told.
        let most = if self.minute == 59 { 60 } else { 59 };
        (1..=days).contains(&self.day) && self.hour < 24 && self.minute < 60 && self.second <= most
    }
}

/// `mm` is a minute when an hour stands before it (or a minute already); else it is the month.
fn is_minute(tokens: &[Token]) -> bool {
    tokens
        .iter()
        .rev()
        .find(|token| !matches!(token, Token::Literal(_)))
        .is_some_and(|token| *token == Token::Hour)
}

fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let head = text.get(..count)?;
    if !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((head.parse().ok()?, text.get(count..)?))
}

fn offset(text: &str, colon: bool) -> Option<&str> {
    let rest = text.strip_prefix(['+', '-'])?;
    let (hours, rest) = digits(rest, 2)?;
    let rest = if colon {
        rest.strip_prefix(':').unwrap_or(rest)
    } else {
        rest
    };
    let (minutes, rest) = digits(rest, 2)?;
    (hours <= 14 && minutes < 60).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("yyyyMMddHHmmss", "20240229235959", true)]
    #[case("yyyyMMddHHmmss", "20230229000000", false)]
    #[case("yyyyMMddHHmmss", "20170718240000", false)]
    #[case("yyyyMMddHHmmss", "20161231235960", true)]
    #[case("yyyyMMddHHmmss", "20161231235860", false)]
    #[case("yyyyMMddHHmmss", "20161231235961", false)]
    #[case("yyyyMMddHHmmss", "00000101000000", true)]
    #[case("yyyyMMddHHmmss", "2017071823595", false)]
    #[case("yyyyMMddHHmmss", "201707182359590", false)]
    #[case("yyyyMMddHHmmss", "２０170718235959", false)]
    #[case("yyyy-mm-ddThh:mm:ssZ", "2022-05-09T18:02:31+0800", true)]
    #[case("yyyy-mm-ddThh:mm:ssZ", "2022-05-09T18:02:31Z", false)]
    #[case("yyyy-mm-ddThh:mm:ssZ", "2022-05-09T18:02:31+08:00", false)]
    #[case("yyyy-mm-ddThh:mm:ssZ", "2022-13-09T18:02:31+0800", false)]
    #[case("yyyy-mm-ddThh:mm:ss[Z]", "2022-05-09T18:02:31+08:00", true)]
    #[case("yyyy-MM-ddTHH:mm:ss'Z'", "2022-05-09T18:02:31Z", true)]
    fn template_matches_only_dates_of_its_form(
        #[case] template: &str,
        #[case] text: &str,
        #[case] expected: bool,
    ) {
        let template = DateTemplate::parse(template).unwrap();
        assert_eq!(template.matches(text), expected);
        // The pattern takes no less than the template does.
        let schema = serde_json::json!({ "pattern": template.pattern() });
        assert!(jsonschema::is_valid(&schema, &serde_json::json!(text)) || !expected);
    }

    #[rstest]
    #[case("uuid")]
    #[case("date-time")]
    #[case("int64")]
    #[case("")]
    fn other_formats_are_no_template(#[case] format: &str) {
        assert_eq!(DateTemplate::parse(format), None);
    }
}
