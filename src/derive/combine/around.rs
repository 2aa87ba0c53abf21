//! The fields of one object, as a sentence about one of them sees them: which field its words name,
//! and what they ask of it.

use serde_json::{Value, json};

use super::super::keywords::spelled;
use super::super::statement::{Kind, Node};
use crate::contract::{Guard, Test};

/// The fields of one object, as a sentence about one of them sees them.
pub(super) struct Around<'n> {
    /// Each with its name.
    pub(super) fields: Vec<(&'n str, &'n Node)>,
}

/// A name without what joins its words.
fn folded(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

impl<'n> Around<'n> {
    pub(super) fn field(&self, name: &str) -> Option<&'n Node> {
        let known = self.fields.iter().find(|(known, _)| *known == name);
        known.map(|(_, node)| *node)
    }

    /// The field that words name.
    pub(super) fn named(&self, words: &str) -> Option<&'n str> {
        let is_it = |(known, _): &&(&str, &Node)| *known == words.trim();
        if let Some((known, _)) = self.fields.iter().find(is_it) {
            return Some(known);
        }
        let words = FILLER.replace_all(words.trim(), " ");
        let words = words.trim().trim_matches([',', '，', '.', '。', ':', '：']);
        if words.is_empty() {
            return None;
        }
        let exact = self.fields.iter().find(|(known, _)| *known == words);
        let wanted = folded(words);
        exact
            .or_else(|| {
                self.fields
                    .iter()
                    .find(|(known, _)| folded(known) == wanted)
            })
            .map(|(known, _)| *known)
    }

    /// The fields that words name, all of them; none where one is not known.
    pub(super) fn all_named(&self, words: &str) -> Option<Vec<&'n str>> {
        let mut found = Vec::new();
        for part in BETWEEN_NAMES.split(words) {
            if !part.trim().is_empty() {
                found.push(self.named(part)?);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// The fields whose names stand in a sentence, but for one.
    pub(super) fn mentioned(&self, sentence: &str, own: &str) -> Vec<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let words: Vec<&str> = sentence
            .split(|c: char| !is_part(c))
            .map(|word| word.trim_matches('.'))
            .collect();
        self.fields
            .iter()
            .filter(|(name, _)| *name != own && words.contains(name))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    }

    /// The values that a field lists, typed; both values of a boolean.
    pub(super) fn listed(&self, name: &str) -> Vec<Value> {
        let Some(node) = self.field(name) else {
            return Vec::new();
        };
        let kind = node.kind().unwrap_or(Kind::String);
        let listed = node.listed();
        if listed.is_empty() && kind == Kind::Boolean {
            return vec![json!(true), json!(false)];
        }
        let values = listed.into_iter().chain(node.shown());
        values.filter_map(|value| spelled(value, kind)).collect()
    }

    /// The values of a field that words name; none where one is not surely one of them.
    fn values(&self, name: &str, words: &str) -> Option<Vec<Value>> {
        let kind = self.field(name)?.kind().unwrap_or(Kind::String);
        let listed = self.listed(name);
        let mut found = Vec::new();
        for part in BETWEEN_VALUES.split(words) {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            let value = spelled(part, kind)?;
            let folded = part.to_lowercase();
            let is_it = |one: &&Value| {
                **one == value || one.as_str().is_some_and(|one| one.to_lowercase() == folded)
            };
            found.push(match listed.iter().find(is_it) {
                Some(value) => value.clone(),
                None if listed.is_empty() && kind.is_number() => value,
                None => return None,
            });
        }
        (!found.is_empty()).then_some(found)
    }

    /// What a condition asks of the fields, where it is plain.
    pub(super) fn guard(&self, condition: &str) -> Option<Guard> {
        if let Some((field, test)) = self.test(condition) {
            return Some(Guard::of(field, test));
        }
        if let Some(captures) = NEITHER.captures(condition) {
            let mut guard = Guard::default();
            for name in self.all_named(captures.name("names")?.as_str())? {
                guard = guard.and(name, Test::Absent);
            }
            return Some(guard);
        }
        let parts: Vec<&str> = AND.split(condition).collect();
        let mut guard = Guard::default();
        for part in parts.iter().filter(|_| parts.len() > 1) {
            let (field, test) = self.test(part)?;
            if guard.tests.iter().any(|(known, _)| known == field) {
                return None;
            }
            guard = guard.and(field, test);
        }
        (!guard.tests.is_empty()).then_some(guard)
    }

    /// What a part of a condition asks of one field.
    pub(super) fn test(&self, part: &str) -> Option<(&'n str, Test)> {
        let part = part.trim();
        for (pattern, is_absent) in PRESENCE.iter() {
            let Some(captures) = pattern.captures(part) else {
                continue;
            };
            let Some(name) = captures
                .name("name")
                .and_then(|name| self.named(name.as_str()))
            else {
                continue;
            };
            let is_denied = captures.name("not").is_some_and(|not| !not.is_empty());
            let is_absent = *is_absent != is_denied;
            let test = if is_absent {
                Test::Absent
            } else {
                Test::Present
            };
            return Some((name, test));
        }
        for (pattern, value) in SWITCHED.iter() {
            let name = pattern
                .captures(part)
                .and_then(|found| self.named(found.name("name")?.as_str()));
            if let Some(name) =
                name.filter(|name| self.field(name).is_some_and(|node| node.is(Kind::Boolean)))
            {
                return Some((name, Test::In(vec![json!(value)])));
            }
        }
        for pattern in VALUE.iter() {
            let Some(captures) = pattern.captures(part) else {
                continue;
            };
            let words = |role: &str| captures.name(role).map(|found| found.as_str());
            let Some(name) = words("name").and_then(|name| self.named(name)) else {
                continue;
            };
            let Some(values) = words("values").and_then(|values| self.values(name, values)) else {
                continue;
            };
            let is_denied = words("not").is_some_and(|not| !not.is_empty());
            let test = if is_denied {
                Test::NotIn(values)
            } else {
                Test::In(values)
            };
            return Some((name, test));
        }
        None
    }
}

pattern! {
    /// Words of a name that are no part of it.
    static FILLER =
        r"(?i)\b(?:the|a|an|value of|values of|parameters?|fields?|attributes?|propert(?:y|ies)|options?|headers?|both|following|also)\b|参数|字段|的值|取值";

    static BETWEEN_NAMES = r"(?i)\s*(?:,\s*(?:and|or)\b|,|，|、|/|&|\band\b|\bor\b|\bnor\b|和|与|或|及)\s*";

    static BETWEEN_VALUES =
        r"(?i)\s*(?:,\s*or\b|,\s*and\b|,|，|、|\bor\b|或者?|和)\s*|^\s*(?:either|one of|any of)\s+";

    static AND = r"(?i)\s*,?\s*(?:\band\b|且|并且|同时)\s*";

    static NEITHER =
        r"(?i)^(?:neither )?(?P<names>.+? (?:nor|and|or) .+?) (?:is|are) (?:specified|set|present|provided|given|sent|used|included|not (?:specified|set|present|provided|given|sent|used|included))$";

    /// Words for a field that is there, or is not; whether they deny it.
    static PRESENCE: Vec<(regex::Regex, bool)> = [
        (r"(?i)^(?P<name>[\w .\-]+?)\s+(?:is|are|was|has been)\s+(?P<not>not )?(?:also )?(?:specified|set|present|provided|given|sent|used|included|configured|passed|supplied|defined|there|filled in|not empty|in (?:the )?(?:request|body|query))(?:\s+(?:in the (?:request|body|query)|too|as well))?$", false),
        (r"(?i)^(?P<name>[\w .\-]+?)\s+(?:is|are|was|has been)\s+(?:absent|omitted|missing|left out|unspecified|unset|left empty)$", true),
        (r"(?i)^(?:no|without)\s+(?P<name>[\w .\-]+?)(?:\s+(?:is|are)\s+(?:specified|set|present|provided|given|sent|used|included|configured|passed))?$", true),
        (r"(?i)^(?:you|the (?:user|client|caller)|the request)\s+(?P<not>(?:do|does) not |don't |doesn't )?(?:also )?(?:specify|specifies|set|sets|use|uses|provide|provides|give|gives|send|sends|include|includes|pass|passes|has|contains)\s+(?P<name>[\w .\-]+?)$", false),
        (r"^(?:已|有)?(?:设置|指定|传入|填写|配置|填|传|使用|提供|存在|携带)(?:了)?\s*(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?$", false),
        (r"^(?:未|没有|不)(?:设置|指定|传入|填写|配置|填|传|使用|提供|携带)\s*(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?$", true),
        (r"^(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?\s*(?:已|被)?(?:设置|指定|传入|填写|配置|提供|携带|存在|不为空|非空)$", false),
        (r"^(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?\s*(?:未|没有|不)(?:被)?(?:设置|指定|传入?|填写?|配置|提供|携带|存在)$", true),
        (r"^(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?\s*为空$", true),
    ]
    .into_iter()
    .map(|(text, is_absent)| (crate::pattern::compile(text), is_absent))
    .collect();

    /// Words for a boolean that is on, or off.
    static SWITCHED: Vec<(regex::Regex, bool)> = [
        (r"(?i)^(?P<name>[\w .\-]+?)\s+(?:is|are)\s+(?:enabled|on|true)$", true),
        (r"(?i)^(?P<name>[\w .\-]+?)\s+(?:is|are)\s+(?:disabled|off|false|not enabled)$", false),
    ]
    .into_iter()
    .map(|(text, value)| (crate::pattern::compile(text), value))
    .collect();

    /// Words for a field that has one of some values.
    static VALUE = [
        r"(?i)^(?:the\s+)?(?:value\s+of\s+)?(?P<name>[\w .\-]+?)(?:'?s value)?\s*(?:\b(?:is|are|was|has been|equals?|takes|has)\b|==?|:)\s*(?P<not>(?:not|!)\s*)?(?:also\s+)?(?:set\s+to|equal\s+to|equals|specified\s+as|configured\s+as|one\s+of|either|the\s+value|a\s+value\s+of|any\s+of|of\s+type)?\s*(?P<values>.+)$",
        r"(?i)^(?P<name>[\w .\-]+?)\s+(?:set|equal)\s+to\s+(?P<values>.+)$",
        r"(?i)^(?P<name>[\w .\-]+?)\s*(?P<not>!=)\s*(?P<values>.+)$",
        r"(?i)^(?:[\w \-]+?\s+(?:of|with|in|whose)\s+)?(?:the\s+)?(?P<name>[\w\-]+)\s+(?P<values>\S+(?:\s+or\s+\S+)*)$",
        r"(?i)^(?:the\s+)?(?P<values>[\w-]+(?:\s+or\s+[\w-]+)*)\s+(?P<name>[\w-]+?)s?(?:\s+only)?$",
        r"(?i)^you\s+(?:set|specify|choose|select)\s+(?P<name>[\w .\-]+?)\s+(?:to|as)\s+(?P<values>.+)$",
        r"^(?:参数|字段)?\s*(?P<name>[A-Za-z_][\w.\-]*)\s*(?:参数|字段)?(?:的)?(?:取值|值)?\s*(?P<not>不|非)?\s*(?:设置为|取值为|指定为|配置为|选择为?|等于|设为|取|为|是|=+)\s*(?P<values>.+?)\s*$",
    ];
}
