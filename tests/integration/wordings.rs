//! The wordings of limits and values, one line each: what a description states, and what it does
//! not.

use rstest::rstest;
use serde_json::{Value, json};

use crate::derive::field;

#[rstest]
#[case("String", "4 to 64 characters.", json!({"type": "string", "minLength": 4, "maxLength": 64}))]
#[case("String", "It contains up to 256 characters.", json!({"type": "string", "maxLength": 256}))]
#[case("String", "Maximum: 1024", json!({"type": "string", "maxLength": 1024}))]
#[case("Integer", "Maximum: 1024", json!({"type": "integer", "format": "int32", "maximum": 1024}))]
#[case("String", "最大长度：9", json!({"type": "string", "maxLength": 9}))]
#[case("String", "长度为4~64个字符。", json!({"type": "string", "minLength": 4, "maxLength": 64}))]
#[case("String", "Minimum characters: 4<br>Maximum characters: 64", json!({"type": "string", "minLength": 4, "maxLength": 64}))]
#[case("Integer", "The value ranges from 1 to 1,000.", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 1000}))]
#[case("Integer", "Range: 1–1000", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 1000}))]
#[case("Integer", "取值范围：0～732。", json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 732}))]
#[case("Long", "The value must be greater than or equal to 0.", json!({"type": "integer", "format": "int64", "minimum": 0}))]
#[case("Integer", "Range: ≥ 0", json!({"type": "integer", "format": "int32", "minimum": 0}))]
#[case("Integer", "必须为10的整数倍。", json!({"type": "integer", "format": "int32", "multipleOf": 10}))]
#[case("Integer", "The default value is 10.", json!({"type": "integer", "format": "int32", "default": 10}))]
#[case("String", "Set to null.", json!({"type": ["string", "null"]}))]
#[case("String", "扩展信息(暂未使用，赋值为null)", json!({"type": ["string", "null"]}))]
#[case("String", "Enumeration values:<br>- a<br>- b", json!({"type": "string", "enum": ["a", "b"]}))]
#[case("String", "枚举值：<br>- a<br>- b", json!({"type": "string", "enum": ["a", "b"]}))]
#[case("Integer", "Options:<br>- 1: one<br>- 2: two", json!({"type": "integer", "format": "int32", "enum": [1, 2]}))]
#[case("String", "Options: TRUE and FALSE.", json!({"type": "string", "enum": ["TRUE", "FALSE"]}))]
#[case("String", "Value: manual (by hand).", json!({"type": "string", "enum": ["manual"]}))]
#[case("String", "Enumeration values:", json!({"type": "string"}))]
#[case("String", "Default value: rdb", json!({"type": "string", "default": "rdb"}))]
#[case("String", "Format: yyyyMMddHHmmss", json!({"type": "string", "format": "yyyyMMddHHmmss"}))]
#[case("String", "Time in the \"yyyy-mm-ddThh:mm:ssZ\" format.", json!({"type": "string", "format": "yyyy-mm-ddThh:mm:ss[Z]"}))]
#[case("String", "It cannot contain special characters (>!<\"&'=).", json!({"type": "string", "pattern": "^[^>!<\"&'=]*$"}))]
#[case("String", "It must start with a letter. Only letters, digits, hyphens (-), and underscores (_) are allowed.", json!({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}))]
#[case("Array of strings", "Names.", json!({"type": "array", "items": {"type": "string"}}))]
#[case("String", "非空，长度8~32个字符。", json!({"type": "string", "minLength": 8, "maxLength": 32}))]
#[case("String", "取值范围：<br>4~64个字符之间，必须以字母开头，可以包含字母、数字、中划线或者下划线，不能包含其他的特殊字符。", json!({"type": "string", "minLength": 4, "maxLength": 64, "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}))]
#[case("Integer", "取值范围：40GB~4000GB。必须为10的整数倍。", json!({"type": "integer", "format": "int32", "minimum": 40, "maximum": 4000, "multipleOf": 10}))]
#[case("Integer", "The value range is [1, 20]. The default value is 10.", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 20, "default": 10}))]
#[case("String", "The value can be create or delete.", json!({"type": "string", "enum": ["create", "delete"]}))]
#[case("String", "Value range: 1-10,240 (an integer).", json!({"type": "string"}))]
#[case("Double", "A ratio.", json!({"type": "number", "format": "double"}))]
#[case("Double", "A ratio from 0 to 1.", json!({"type": "number", "format": "double", "minimum": 0, "maximum": 1}))]
#[case("Integer", "The level, from 1 to 100, default 10.", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 100}))]
#[case("Integer", "Must be between 1 and 100 inclusive.", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 100}))]
#[case("Integer", "The size, 1 to 100.", json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": 100}))]
#[case("Integer", "Several may be given (for example, 1-5).", json!({"type": "integer", "format": "int32"}))]
#[case("Integer", "How many are returned, up to 100.", json!({"type": "integer", "format": "int32"}))]
#[case("Integer", "The delay in seconds. Delays vary from 1 to 5.", json!({"type": "integer", "format": "int32"}))]
#[case("Integer", "The group. A user is in at most 5.", json!({"type": "integer", "format": "int32"}))]
#[case("String", "The mode, which can be used with either Redis or Memcached.", json!({"type": "string"}))]
#[case("Integer", "At most 100.", json!({"type": "integer", "format": "int32", "maximum": 100}))]
#[case("Integer", "The days since then, kept from 2020 to 2025 in the archive.", json!({"type": "integer", "format": "int32"}))]
#[case("Integer", "Valid for versions, such as those up to 5 of the engine.", json!({"type": "integer", "format": "int32"}))]
#[case("String", "A note. Max 32 chars.", json!({"type": "string", "maxLength": 32}))]
#[case("String", "A UUID.", json!({"type": "string", "format": "uuid"}))]
#[case("String", "The mode. One of: fast, slow.", json!({"type": "string", "enum": ["fast", "slow"]}))]
#[case("String", "Definition: A format. Constraints: N/A Range: N/A Default Value: N/A", json!({"type": "string"}))]
fn wording_becomes_keywords(
    #[case] kind: &str,
    #[case] description: &str,
    #[case] expected: Value,
) {
    assert_eq!(field(kind, description), expected, "{description}");
}

#[rstest]
#[case("The value can be changed or deleted later.")]
#[case("For details, see the console or the guide.")]
#[case("It is unique and case-sensitive.")]
#[case("Notes:<br>- Restart the instance after the change.<br>- Back it up before.")]
fn no_value_is_invented(#[case] description: &str) {
    assert_eq!(field("String", description)["enum"], Value::Null);
}
