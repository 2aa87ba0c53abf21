//! What changes from run to run, replaced: ids by references (`<backup_id:1>`: the same id, the
//! same reference), times by their form, counts, and resources of the target by their keys. What
//! was drawn to be unique is what it was drawn from. What stands in lists is replaced by what kind
//! of value it is: lists hold what others put there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::drawn::Draws;

pattern! {
    /// What changes from run to run within a text. In this order: what an earlier one took is no
    /// longer there.
    static VOLATILE = [
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        r"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?",
        r"(?i)\b[0-9a-f]*\d[0-9a-f]{15,}(?:(?:in|no)\d+)?\b",
    ];

    /// Names of fields that hold counts, sizes and other numbers that nobody chose.
    static COUNT =
        r"(?i)(?:^|_)(?:count|num|number|total|size|progress|duration|elapsed|length)$|(?:Count|Num|Total|Size)$";

    /// Names of fields that hold identities.
    static IDENTITY = r"(?:^|_)(?i:u?u?id)$|[a-z](?:Id|ID)$";

    /// A moment, and nothing else.
    static MOMENT =
        r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?$";

    /// An id as machines make them, and nothing else.
    static MACHINE =
        r"(?i)^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]*\d[0-9a-f]{15,}(?:(?:in|no)\d+)?)$";

    /// Long runs of digits within a text: days, moments and serial numbers.
    static DIGITS = r"\d{8,}";
}

/// One snapshot's redaction: it knows which ids it has seen.
#[derive(Debug)]
pub struct Redaction<'r> {
    /// The target's resources, ids to keys.
    resources: BTreeMap<&'r str, &'r str>,
    /// What the run drew anew.
    draws: &'r Draws,
    /// Ids that were seen, with their references.
    seen: BTreeMap<String, String>,
    /// How many references each name has.
    counts: BTreeMap<String, usize>,
}

impl<'r> Redaction<'r> {
    /// A redaction for a target with these resources, by key, and what the run drew anew.
    pub fn new(resources: &'r BTreeMap<String, String>, draws: &'r Draws) -> Self {
        Self {
            draws,
            resources: resources
                .iter()
                .map(|(key, id)| (id.as_str(), key.as_str()))
                .collect(),
            seen: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// A body. `enumerated` says whether the values of a field, by its path, are documented as an
    /// enumeration.
    pub fn body(&mut self, body: &Value, enumerated: &dyn Fn(&str) -> bool) -> Value {
        self.value("", "", body, enumerated)
    }

    /// A body that is sent: only what belongs to the target, or was drawn, is replaced.
    pub fn sent(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => match self.resources.get(text.as_str()) {
                Some(key) => Value::from(format!("<{key}>")),
                None => Value::from(self.draws.text(name, text)),
            },
            Value::Number(_) => self.draws.number(name, value).clone(),
            Value::Array(items) => items.iter().map(|item| self.sent(name, item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(key, value)| (key.clone(), self.sent(key, value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    /// A text that stands by itself, such as the value of a parameter.
    pub fn parameter(&mut self, name: &str, text: &str) -> String {
        match self.value(name, name, &Value::from(text), &|_| false) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    fn value(
        &mut self,
        path: &str,
        name: &str,
        value: &Value,
        enumerated: &dyn Fn(&str) -> bool,
    ) -> Value {
        match value {
            Value::Object(fields) => sorted(fields)
                .into_iter()
                .map(|(key, value)| {
                    let path = join(path, key);
                    (key.clone(), self.value(&path, key, value, enumerated))
                })
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) if items.is_empty() => value.clone(),
            Value::Array(items) => {
                let items: Vec<&Value> = items.iter().collect();
                Value::Array(vec![self.alike(
                    &format!("{path}[]"),
                    name,
                    &items,
                    enumerated,
                )])
            }
            Value::String(text) => Value::from(self.text(name, text)),
            Value::Number(_) if COUNT.is_match(name) => Value::from("<count>"),
            Value::Number(number) if is_moment(name, number.as_f64()) => Value::from("<time>"),
            Value::Number(_) if IDENTITY.is_match(name) => {
                Value::from(self.reference(name, &value.to_string()))
            }
            Value::Number(_) => self.draws.number(name, value).clone(),
            _ => value.clone(),
        }
    }

    fn text(&mut self, name: &str, text: &str) -> String {
        if let Some(key) = self.resources.get(text) {
            return format!("<{key}>");
        }
        if MOMENT.is_match(text) {
            return moment(text);
        }
        if !text.is_empty() && IDENTITY.is_match(name) {
            return self.reference(name, text);
        }
        let text = &*self.draws.text(name, text);
        if MACHINE.is_match(text) {
            return self.reference(name, text);
        }
        if COUNT.is_match(name) && text.parse::<f64>().is_ok() {
            return "<count>".to_owned();
        }
        let text = stable(text);
        DIGITS.replace_all(&text, "<digits>").into_owned()
    }

    /// The reference of an id.
    fn reference(&mut self, name: &str, id: &str) -> String {
        if let Some(known) = self.seen.get(id) {
            return known.clone();
        }
        let count = self.counts.entry(name.to_owned()).or_default();
        *count += 1;
        let reference = format!("<{name}:{count}>");
        self.seen.insert(id.to_owned(), reference.clone());
        reference
    }

    /// What the items of a list have in common: objects become one, with every field that any has;
    /// other values the kinds of values that they are.
    fn alike(
        &self,
        path: &str,
        name: &str,
        items: &[&Value],
        enumerated: &dyn Fn(&str) -> bool,
    ) -> Value {
        let objects: Vec<&Map<String, Value>> =
            items.iter().filter_map(|item| item.as_object()).collect();
        if !objects.is_empty() {
            let keys: BTreeSet<&String> = objects.iter().flat_map(|object| object.keys()).collect();
            return keys
                .into_iter()
                .map(|key| {
                    let values: Vec<&Value> = objects
                        .iter()
                        .filter_map(|object| object.get(key))
                        .collect();
                    let mut value = self.alike(&join(path, key), key, &values, enumerated);
                    if let (Value::String(kinds), true) = (&mut value, values.len() < objects.len())
                    {
                        kinds.push_str(" or absent");
                    }
                    (key.clone(), value)
                })
                .collect::<Map<_, _>>()
                .into();
        }
        let lists: Vec<&Value> = items
            .iter()
            .filter_map(|item| item.as_array())
            .flatten()
            .collect();
        if !lists.is_empty() {
            return Value::Array(vec![self.alike(
                &format!("{path}[]"),
                name,
                &lists,
                enumerated,
            )]);
        }
        let kinds: BTreeSet<String> = items
            .iter()
            .map(|item| self.kind(path, name, item, enumerated))
            .collect();
        Value::from(kinds.into_iter().collect::<Vec<_>>().join(" or "))
    }

    /// What kind of value it is.
    fn kind(
        &self,
        path: &str,
        name: &str,
        value: &Value,
        enumerated: &dyn Fn(&str) -> bool,
    ) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(_) => "<true or false>".to_owned(),
            Value::Number(number) if is_moment(name, number.as_f64()) => "<time>".to_owned(),
            Value::Number(_) => "<number>".to_owned(),
            Value::String(text) => {
                if let Some(key) = self.resources.get(text.as_str()) {
                    format!("<{key}>")
                } else if MOMENT.is_match(text) {
                    moment(text)
                } else if IDENTITY.is_match(name) || MACHINE.is_match(text) {
                    format!("<{name}>")
                } else if enumerated(path) {
                    "<one of its values>".to_owned()
                } else {
                    "<text>".to_owned()
                }
            }
            Value::Array(_) => "[]".to_owned(),
            Value::Object(_) => "{}".to_owned(),
        }
    }
}

/// A moment's form: every digit is a nine.
fn moment(text: &str) -> String {
    let form: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '9' } else { c })
        .collect();
    format!("<time {form}>")
}

/// Whether a number counts the seconds or milliseconds of a moment of these decades.
fn is_moment(name: &str, number: Option<f64>) -> bool {
    let name = name.to_ascii_lowercase();
    let is_named = name.contains("time") || name.ends_with("_at") || name.contains("date");
    is_named && number.is_some_and(|number| number >= 1e9)
}

fn sorted(fields: &Map<String, Value>) -> BTreeMap<&String, &Value> {
    fields.iter().collect()
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

/// The words that stand for what changes within a text, pattern by pattern.
const WORDS: [&str; 3] = ["<id>", "<time>", "<id>"];

/// A text without identities and times.
pub(crate) fn stable(text: &str) -> String {
    VOLATILE
        .iter()
        .zip(WORDS)
        .fold(text.to_owned(), |text, (pattern, word)| {
            pattern.replace_all(&text, word).into_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn redacted(value: &Value) -> Value {
        let resources = BTreeMap::from([("s.instance_id".to_owned(), "i-1".to_owned())]);
        Redaction::new(&resources, &Draws::default()).body(value, &|path| path.ends_with("status"))
    }

    #[test]
    fn one_id_has_one_reference() {
        let value = json!({
            "backup_id": "4f2a1c9e-1d3b-4b7c-9a55-1f2e3d4c5b6a",
            "other": { "id": "x-1", "parent_id": "4f2a1c9e-1d3b-4b7c-9a55-1f2e3d4c5b6a", "self_id": "x-1" },
            "instance_id": "i-1",
        });
        assert_eq!(
            redacted(&value),
            json!({
                "backup_id": "<backup_id:1>",
                "instance_id": "<s.instance_id>",
                "other": { "id": "<id:1>", "parent_id": "<backup_id:1>", "self_id": "<id:1>" },
            })
        );
    }

    #[rstest]
    #[case::moment(json!({"created_at": "2019-05-10T16:31:00.000Z"}), json!({"created_at": "<time 9999-99-99T99:99:99.999Z>"}))]
    #[case::form(json!({"begin_time": "2019-05-10T16:31:00+0800"}), json!({"begin_time": "<time 9999-99-99T99:99:99+9999>"}))]
    #[case::milliseconds(json!({"time": 1_700_000_000_000_u64}), json!({"time": "<time>"}))]
    #[case::count(json!({"total_num": 17}), json!({"total_num": "<count>"}))]
    #[case::code(json!({"code": 17, "error_code": "DCS.0001"}), json!({"code": 17, "error_code": "DCS.0001"}))]
    #[case::name(json!({"name": "backup_20240409123456"}), json!({"name": "backup_<digits>"}))]
    #[case::within(json!({"error_msg": "no instance 4f2a1c9e-1d3b-4b7c-9a55-1f2e3d4c5b6a"}), json!({"error_msg": "no instance <id>"}))]
    #[case::order(json!({"b": true, "a": null}), json!({"a": null, "b": true}))]
    #[case::empty(json!({"items": []}), json!({"items": []}))]
    fn what_nobody_chose_is_replaced(#[case] value: Value, #[case] expected: Value) {
        assert_eq!(redacted(&value).to_string(), expected.to_string());
    }

    #[test]
    fn a_list_shows_what_its_items_are_like_however_many() {
        let item = |id: &str, status: &str, remark: Value| json!({ "id": id, "status": status, "remark": remark });
        let few =
            json!({ "items": [item("a", "done", json!("x")), item("b", "failed", Value::Null)] });
        let many = json!({ "items": [item("c", "done", Value::Null), item("d", "done", json!("y")), item("e", "x", json!("z"))] });
        assert_eq!(redacted(&few), redacted(&many));
        assert_eq!(
            redacted(&few)["items"][0],
            json!({ "id": "<id>", "remark": "<text> or null", "status": "<one of its values>" })
        );
        let absent = json!({ "items": [{ "a": 1 }, {}] });
        assert_eq!(redacted(&absent)["items"][0]["a"], "<number> or absent");
    }
}
