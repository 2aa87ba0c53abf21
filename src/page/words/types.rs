//! The names of types, as pages spell them.

use super::fold;

/// A type as pages spell them, resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeName {
    /// Text.
    String,
    /// The bytes of a file, which only a form carries.
    File,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    Long,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// `true` or `false`.
    Boolean,
    /// An object, with the name that the page gives its structure (`BackupRecordResponse`), if any.
    Object(Option<String>),
    /// An array of something.
    Array(Box<TypeName>),
    /// A map from text to something.
    Map(Box<TypeName>),
    /// Anything.
    Any,
}

/// Spellings of types, folded.
const TYPES: &[(TypeName, &[&str])] = &[
    (
        TypeName::String,
        &[
            "string",
            "strings",
            "str",
            "text",
            "char",
            "varchar",
            "enum",
            "uuid",
            "字符串",
            "datetime",
            "date",
            "timestamp",
            "iso8601timestamp",
            "iso8601",
            "snowflake",
            "snowflakes",
            "guid",
            "email",
            "binary",
            "cadena",
            "texto",
            "zeichenkette",
            "chaîne",
        ],
    ),
    (
        TypeName::Integer,
        &[
            "integer",
            "integers",
            "int",
            "ints",
            "interger",
            "integerinteger",
            "int32",
            "整型",
            "整数",
            "entero",
            "inteiro",
            "uint",
            "uint8",
            "uint16",
            "uint32",
            "int8",
            "int16",
            "ganzzahl",
            "entier",
        ],
    ),
    (
        TypeName::File,
        &[
            "file",
            "files",
            "filecontents",
            "文件",
            "archivo",
            "fichier",
            "datei",
        ],
    ),
    (
        TypeName::Long,
        &[
            "long",
            "longs",
            "int64",
            "uint64",
            "bigint",
            "长整型",
            "largo",
        ],
    ),
    (
        TypeName::Float,
        &["float", "floats", "number", "numbers", "float32", "浮点型"],
    ),
    (
        TypeName::Double,
        &[
            "double",
            "doubles",
            "doubule",
            "bigdecimal",
            "decimal",
            "float64",
        ],
    ),
    (
        TypeName::Boolean,
        &["boolean", "booleans", "bool", "布尔", "布尔型", "booleano"],
    ),
    (TypeName::Any, &["any", "anytype"]),
];

/// Words that mean an object without a name of its own.
const OBJECT_WORDS: &[&str] = &[
    "object",
    "objects",
    "dict",
    "dictionary",
    "json",
    "struct",
    "jsonobject",
    "dictionarydatastructure",
    "字典数据结构",
    "字典",
    "对象",
    "objeto",
    "map<string,object>object",
    "objekt",
    "objet",
];

/// Words that mean an array of nothing said.
const ARRAY_WORDS: &[&str] = &[
    "array",
    "list",
    "arrays",
    "listdatastructure",
    "列表数据结构",
    "列表",
    "数组",
    "jsonarray",
    "repeatlist",
    "matriz",
    "arreglo",
];

/// The type that a cell spells; `None` for what is no type.
pub fn parse_type(spelled: &str) -> Option<TypeName> {
    parse_type_at(spelled, 0)
}

fn parse_type_at(spelled: &str, depth: usize) -> Option<TypeName> {
    if spelled.len() > 120 || depth > 6 {
        return None;
    }
    let spelled = spelled
        .trim()
        .trim_end_matches(['。', '.', ',', '，'])
        .trim();
    let folded = fold(spelled);
    if let Some((name, _)) = TYPES
        .iter()
        .find(|(_, words)| words.contains(&folded.as_str()))
    {
        return Some(name.clone());
    }
    if OBJECT_WORDS.contains(&folded.as_str()) {
        return Some(TypeName::Object(None));
    }
    if ARRAY_WORDS.contains(&folded.as_str()) {
        return Some(TypeName::Array(Box::new(TypeName::Any)));
    }
    let lower = spelled.to_lowercase();
    for head in ["array of ", "arrays of ", "list of "] {
        if let Some(rest) = lower.strip_prefix(head) {
            let rest = spelled.get(spelled.len() - rest.len()..)?;
            let rest = without_count(rest);
            let rest = rest.strip_suffix(" arrays").map_or(rest, |inner| inner);
            return Some(TypeName::Array(Box::new(parse_type_at(rest, depth + 1)?)));
        }
    }
    if let Some(items) = spelled.strip_prefix("[]") {
        return Some(TypeName::Array(Box::new(parse_type_at(items, depth + 1)?)));
    }
    for tail in ["数组", "列表"] {
        if let Some(items) = spelled.strip_suffix(tail) {
            return Some(TypeName::Array(Box::new(parse_type_at(items, depth + 1)?)));
        }
    }
    for head in ["list<", "array<", "list[", "array[", "collection("] {
        if let Some(rest) = lower.strip_prefix(head) {
            let inner = spelled
                .get(spelled.len() - rest.len()..)?
                .trim_end_matches(['>', ']', ')']);
            let inner = parse_type_at(inner, depth + 1)
                .unwrap_or_else(|| TypeName::Object(identifier(inner)));
            return Some(TypeName::Array(Box::new(inner)));
        }
    }
    if let Some(rest) = lower.strip_prefix("map<") {
        let inner = spelled
            .get(spelled.len() - rest.len()..)?
            .trim_end_matches('>');
        let value = inner
            .split_once(',')
            .map_or(inner, |(_, value)| value)
            .trim();
        let value =
            parse_type_at(value, depth + 1).unwrap_or_else(|| TypeName::Object(identifier(value)));
        return Some(TypeName::Map(Box::new(value)));
    }
    for tail in [
        " objects",
        " object",
        " arrays",
        " structure",
        " data structure",
        "对象",
        "数据结构",
    ] {
        if lower.ends_with(tail) {
            let name = spelled.get(..spelled.len() - tail.len())?.trim();
            return Some(TypeName::Object(Some(identifier(name)?)));
        }
    }
    if let Some(items) = spelled.strip_suffix("[]") {
        return Some(TypeName::Array(Box::new(parse_type_at(items, depth + 1)?)));
    }
    None
}

/// The type of items without how many there may be, or that they are a part of a larger object:
/// `up to 10 jobs`, `partial job objects`.
fn without_count(items: &str) -> &str {
    let rest = items.strip_prefix("up to ").map_or(items, |rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start()
    });
    rest.strip_prefix("partial ").unwrap_or(rest)
}

fn identifier(name: &str) -> Option<String> {
    let name = name.trim();
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    plain.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("String。", Some(TypeName::String))]
    #[case("Interger", Some(TypeName::Integer))]
    #[case("Array of strings", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("Array of Tag objects", Some(TypeName::Array(Box::new(TypeName::Object(Some("Tag".to_owned()))))))]
    #[case("List<String>", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("Map<String,String>", Some(TypeName::Map(Box::new(TypeName::String))))]
    #[case("TagInfo object", Some(TypeName::Object(Some("TagInfo".to_owned()))))]
    #[case("字典数据结构", Some(TypeName::Object(None)))]
    #[case("Snowflake", Some(TypeName::String))]
    #[case("ISO8601 timestamp", Some(TypeName::String))]
    #[case("uint32", Some(TypeName::Integer))]
    #[case("DECIMAL", Some(TypeName::Double))]
    #[case("[]string", Some(TypeName::Array(Box::new(TypeName::String))))]
    #[case("Collection(Int)", Some(TypeName::Array(Box::new(TypeName::Integer))))]
    #[case("整数数组", Some(TypeName::Array(Box::new(TypeName::Integer))))]
    #[case("array of up to 10 job objects", Some(TypeName::Array(Box::new(TypeName::Object(Some("job".to_owned()))))))]
    #[case(
        "array of snowflakes",
        Some(TypeName::Array(Box::new(TypeName::String)))
    )]
    #[case("Match Rules", None)]
    #[case("Backup ID.", None)]
    fn types_are_read_as_pages_spell_them(
        #[case] spelled: &str,
        #[case] expected: Option<TypeName>,
    ) {
        assert_eq!(parse_type(spelled), expected);
    }
}
