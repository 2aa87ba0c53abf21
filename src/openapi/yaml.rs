//! YAML 1.2 into JSON values with their lines. What YAML has beyond JSON is bounded (aliases), or an
//! error (keys that are no texts).

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Tag, options};
use serde_json::{Map, Number, Value};

use super::lines::Lines;
use crate::contract::escape_token;

/// How many values a document may have, those of aliases counted wherever they are used: a few
/// lines of aliases can stand for more values than any machine holds.
const MOST_VALUES: usize = 2_000_000;

/// How many values, and how many bytes of text, aliases may repeat in all.
const MOST_REPEATED: Size = Size {
    values: 500_000,
    bytes: 64 << 20,
};

/// How deep values may nest.
const DEEPEST: usize = 200;

/// What is wrong with a YAML text, and in which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    pub(super) line: usize,
    /// The JSON pointer of the place, where one tells more than the line.
    pub(super) pointer: Option<String>,
    pub(super) message: String,
}

/// A value with its lines.
type Located = (Value, Lines);

/// Reads the first document of a YAML text, which has no other.
pub(super) fn read(text: &str) -> Result<Located, YamlError> {
    let limits = options! {
        emit_comments: false,
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        simple_key_max_lookahead: 4_096,
    };
    let mut builder = Builder::default();
    let mut documents = 0;
    for event in Parser::new_from_str_with_options(text, limits) {
        let (event, span) = event.map_err(|error| YamlError {
            line: error.marker().line(),
            pointer: None,
            message: error.info(),
        })?;
        let line = span.start.line();
        if let Event::DocumentStart(..) = event {
            documents += 1;
            if documents > 1 {
                return Err(YamlError {
                    line,
                    pointer: None,
                    message: "a second YAML document begins".to_owned(),
                });
            }
        }
        builder.take(event, line)?;
    }
    Ok(builder.root.unwrap_or((Value::Null, Lines::leaf(1))))
}

/// A list or object that is not complete.
struct Open {
    line: usize,
    /// The anchor that it defines; 0 for none.
    anchor: usize,
    /// What had been read before it.
    before: Size,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Value>, Vec<Lines>),
    Object {
        map: Map<String, Value>,
        lines: HashMap<String, Lines>,
        /// The name whose value comes next, and its line.
        name: Option<(String, usize)>,
        /// What `<<` adds where the object itself says nothing.
        merged: Vec<Located>,
    },
}

/// How much was read: values, and bytes of their texts.
#[derive(Debug, Default, Clone, Copy)]
struct Size {
    values: usize,
    bytes: usize,
}

impl Size {
    fn with(self, other: Self) -> Self {
        Self {
            values: self.values.saturating_add(other.values),
            bytes: self.bytes.saturating_add(other.bytes),
        }
    }

    fn since(self, before: Self) -> Self {
        Self {
            values: self.values.saturating_sub(before.values),
            bytes: self.bytes.saturating_sub(before.bytes),
        }
    }
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Located>,
    anchors: HashMap<usize, (Located, Size)>,
    /// What was read, with what aliases repeat.
    size: Size,
    /// What aliases repeat.
    repeated: Size,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let before = self.size;
                self.size.bytes = self.size.bytes.saturating_add(text.len());
                let value = scalar(&text, style, tag.as_deref());
                let is_name = self.awaits_name();
                let value = if is_name {
                    Value::String(text.into_owned())
                } else {
                    value
                };
                self.complete((value, Lines::leaf(line)), line, anchor, before)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.begin(line, anchor, OpenKind::List(Vec::new(), Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                let kind = OpenKind::Object {
                    map: Map::new(),
                    lines: HashMap::new(),
                    name: None,
                    merged: Vec::new(),
                };
                self.begin(line, anchor, kind)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => {
                    let Open {
                        line,
                        anchor,
                        before,
                        ..
                    } = open;
                    self.complete(closed(open), line, anchor, before)
                }
                None => Ok(()),
            },
            Event::Alias(id) => {
                let before = self.size;
                let Some((_, size)) = self.anchors.get(&id) else {
                    return Err(wrong(line, "an alias stands within what it refers to"));
                };
                // Counted before anything is copied.
                self.size = self.size.with(*size);
                self.repeated = self.repeated.with(*size);
                self.check_size(line)?;
                let found = self.anchors.get(&id).map(|(value, _)| value.clone());
                self.complete(found.unwrap_or_default(), line, 0, before)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, line: usize, anchor: usize, kind: OpenKind) -> Result<(), YamlError> {
        if self.awaits_name() {
            return Err(wrong(line, "a name that is no text"));
        }
        self.open.push(Open {
            line,
            anchor,
            before: self.size,
            kind,
        });
        Ok(())
    }

    fn check_size(&self, line: usize) -> Result<(), YamlError> {
        let Size { values, bytes } = MOST_REPEATED;
        let message = if self.size.values > MOST_VALUES {
            format!("more than {MOST_VALUES} values, those of aliases counted")
        } else if self.repeated.values > values {
            format!("aliases repeat more than {values} values")
        } else if self.repeated.bytes > bytes {
            format!("aliases repeat more than {} MiB of text", bytes >> 20)
        } else {
            return Ok(());
        };
        Err(wrong(line, &message))
    }

    /// Whether the next text is the name of a member.
    fn awaits_name(&self) -> bool {
        matches!(
            self.open.last().map(|open| &open.kind),
            Some(OpenKind::Object { name: None, .. })
        )
    }

    /// Puts a value where it belongs.
    fn complete(
        &mut self,
        located: Located,
        line: usize,
        anchor: usize,
        before: Size,
    ) -> Result<(), YamlError> {
        self.size.values = self.size.values.saturating_add(1);
        self.check_size(line)?;
        if anchor > 0 {
            let size = self.size.since(before);
            self.anchors.insert(anchor, (located.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(located);
            return Ok(());
        };
        let (value, lines) = located;
        let mut twice = None;
        match &mut open.kind {
            OpenKind::List(items, all) => {
                items.push(value);
                all.push(lines.at(line));
            }
            OpenKind::Object { name, .. } if name.is_none() => {
                let Value::String(text) = value else {
                    return Err(wrong(line, "a name that is no text"));
                };
                *name = Some((text, line));
            }
            OpenKind::Object {
                map,
                lines: all,
                name,
                merged,
            } => {
                let (name, line) = name.take().unwrap_or_default();
                if name == "<<" && (value.is_object() || value.is_array()) {
                    merged.push((value, lines));
                } else if map.contains_key(&name) {
                    twice = Some((name, line));
                } else {
                    all.insert(name.clone(), lines.at(line));
                    map.insert(name, value);
                }
            }
        }
        match twice {
            Some((name, line)) => Err(YamlError {
                pointer: Some(format!("{}/{}", self.pointer(), escape_token(&name))),
                ..wrong(line, &format!("the key `{name}` stands twice"))
            }),
            None => Ok(()),
        }
    }

    /// The JSON pointer of what is open.
    fn pointer(&self) -> String {
        let token = |open: &Open| match &open.kind {
            OpenKind::List(items, _) => Some(items.len().to_string()),
            OpenKind::Object { name, .. } => name.as_ref().map(|(name, _)| escape_token(name)),
        };
        let tokens = self.open.iter().filter_map(token);
        tokens.fold(String::new(), |pointer, token| pointer + "/" + &token)
    }
}

fn wrong(line: usize, message: &str) -> YamlError {
    YamlError {
        line,
        pointer: None,
        message: message.to_owned(),
    }
}

/// A list or object that is complete.
fn closed(open: Open) -> Located {
    let line = open.line;
    match open.kind {
        OpenKind::List(items, lines) => (Value::Array(items), Lines::list(line, lines)),
        OpenKind::Object {
            mut map,
            mut lines,
            merged,
            ..
        } => {
            for (value, from) in merged {
                merge(&mut map, &mut lines, value, &from);
            }
            (Value::Object(map), Lines::object(line, lines))
        }
    }
}

/// Adds what `<<` brings: an object, or a list of objects of which the first has precedence.
fn merge(
    map: &mut Map<String, Value>,
    lines: &mut HashMap<String, Lines>,
    value: Value,
    from: &Lines,
) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if !map.contains_key(&name) {
                    let known = from.named(&name).cloned();
                    lines.insert(name.clone(), known.unwrap_or_default());
                    map.insert(name, value);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                if let Some(from) = from.item(index).filter(|_| item.is_object()) {
                    merge(map, lines, item, from);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A scalar by the core schema of YAML 1.2: what is quoted is a text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
    if style != ScalarStyle::Plain || is_text {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

/// The number that a plain scalar is; none for a text.
fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_digit = |byte: u8| byte.is_ascii_digit();
    if !unsigned.is_empty() && unsigned.bytes().all(is_digit) {
        let plain = text.strip_prefix('+').unwrap_or(text);
        let whole = plain.parse::<u64>().ok().map(Number::from);
        return whole
            .or_else(|| plain.parse::<i64>().ok().map(Number::from))
            .or_else(|| Number::from_f64(plain.parse().ok()?));
    }
    let begins = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let is_part = |byte: u8| is_digit(byte) || b".eE+-".contains(&byte);
    let is_number = begins.bytes().next().is_some_and(is_digit) && unsigned.bytes().all(is_part);
    is_number
        .then(|| text.parse().ok())
        .flatten()
        .and_then(Number::from_f64)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("a: 1\nb: [x, 'y', \"z\"]\n", json!({ "a": 1, "b": ["x", "y", "z"] }))]
    #[case("200: {}\n'404': ~\n", json!({ "200": {}, "404": null }))]
    #[case("[yes, no, on, true, null, 1.5, 1e3, 0x10, '1', 1.2.3, 2020-01-01, -3, .5]", json!(["yes", "no", "on", true, null, 1.5, 1000.0, 16, "1", "1.2.3", "2020-01-01", -3, 0.5]))]
    #[case("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\ne: *x", json!({ "a": { "b": 1, "c": 2 }, "d": { "c": 3, "b": 1 }, "e": { "b": 1, "c": 2 } }))]
    #[case("a: |\n  x\n  y\nb: !!str 1\n", json!({ "a": "x\ny\n", "b": "1" }))]
    #[case("{\"a\": [1, {\"b\": \"\\u00e9\"}]}", json!({ "a": [1, { "b": "é" }] }))]
    #[case("", json!(null))]
    fn values_are_those_of_the_core_schema(#[case] text: &str, #[case] expected: Value) {
        assert_eq!(read(text).unwrap().0, expected);
    }

    #[test]
    fn each_value_has_the_line_of_its_name() {
        let (_, lines) = read("# x\na:\n  b: 1\n  c:\n    - 2\n    - d: 3\n").unwrap();
        let a = lines.named("a").unwrap();
        let c = a.named("c").unwrap();
        let found = [a.line, a.named("b").unwrap().line, c.line];
        assert_eq!(found, [2, 3, 4]);
        let items = [c.item(0).unwrap().line, c.item(1).unwrap().line];
        assert_eq!(items, [5, 6]);
    }

    #[rstest]
    #[case("a: 1\nb: 2\na: 3\n", 3, "the key `a` stands twice")]
    #[case("a: [1,\nb", 1, "unclosed bracket")]
    #[case("? [a]\n: 1\n", 1, "a name that is no text")]
    #[case("a: 1\n---\nb: 1\n", 2, "a second YAML document begins")]
    #[case("a: &x [*x]\n", 1, "an alias stands within what it refers to")]
    fn what_is_wrong_has_a_line(#[case] text: &str, #[case] line: usize, #[case] message: &str) {
        let error = read(text).unwrap_err();
        assert_eq!(error.line, line, "{}", error.message);
        assert!(error.message.contains(message), "{}", error.message);
    }

    #[test]
    fn an_alias_bomb_and_depth_are_bounded() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let below = level - 1;
            let uses = vec![format!("*a{below}"); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{uses}]\n"));
        }
        assert!(read(&bomb).unwrap_err().message.contains("aliases"));
        let long = format!(
            "a: &a '{}'\nb: [{}]\n",
            "x".repeat(100_000),
            ["*a"; 1_000].join(",")
        );
        let error = read(&long).unwrap_err();
        assert_eq!((error.line, error.message.contains("64 MiB")), (2, true));
        let deep = format!("a: {}{}", "[".repeat(5_000), "]".repeat(5_000));
        assert!(read(&deep).is_err());
    }
}
