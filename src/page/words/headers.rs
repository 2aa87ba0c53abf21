//! Header words that say what a column holds in the header of a table alone: elsewhere they are
//! words as any other, so that no reader may tell a header from a row by them.

use super::{Column, Place, fold, look_up};

/// Header words, folded.
const HEADERS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "queryparameter",
            "pathparameter",
            "urlparameter",
            "bodyparameter",
            "requestparameter",
            "formparameter",
            "queryparam",
            "pathparam",
            "bodyparam",
            "param",
            "params",
            "paramname",
            "header",
            "headers",
            "headername",
            "requestheader",
            "httpheader",
            "variable",
            "variablename",
            "propertyname",
            "properties",
            "fields",
            "arguments",
            "attributes",
            "options",
            "element",
            "elementname",
            "member",
            "fieldkey",
            "keyname",
            "parameter(s)",
            "请求参数",
            "请求头",
            "参数字段",
            "参数代码",
            "变量",
            "变量名",
            "字段名称",
            "元素",
            "名字",
            "键",
            "键名",
            "header名称",
        ],
    ),
    (
        Column::Mandatory,
        &[
            "isrequired",
            "ismandatory",
            "requirement",
            "required/optional",
            "optional/required",
            "mandatory/optional",
            "m/o",
            "req",
            "req'd",
            "need",
            "necessary",
            "necessity",
            "compulsory",
            "presence",
            "required(yes/no)",
            "required(y/n)",
            "mandatory(y/n)",
            "是否必传",
            "必传",
            "是否必须传",
            "是否必要",
            "必要",
            "必要性",
            "必选/可选",
            "可选/必选",
            "必填项",
            "是否需要",
            "requerido",
            "requerida",
            "requis",
        ],
    ),
    (
        Column::Optional,
        &["optional", "isoptional", "是否可选", "可选"],
    ),
    (
        Column::Type,
        &[
            "fieldtype",
            "valuetype",
            "variabletype",
            "jsontype",
            "propertytype",
            "attributetype",
            "字段类型",
            "变量类型",
            "参数数据类型",
            "值类型",
            "tipodedato",
            "tipodedados",
        ],
    ),
    (
        Column::Description,
        &[
            "descriptions",
            "detail",
            "details",
            "comment",
            "comments",
            "note",
            "notes",
            "remark",
            "explanation",
            "purpose",
            "usage",
            "definition",
            "summary",
            "information",
            "备注",
            "解释",
            "详细说明",
            "描述说明",
            "详细描述",
            "字段说明",
            "字段描述",
            "用途",
            "注释",
            "descripcion",
            "descricao",
            "description/notes",
        ],
    ),
    (
        Column::Default,
        &[
            "defaults",
            "缺省值",
            "默认",
            "缺省",
            "pordefecto",
            "standard",
        ],
    ),
    (
        Column::Range,
        &[
            "constraint",
            "constraints",
            "validvalues",
            "acceptedvalues",
            "allowedvalue",
            "supportedvalues",
            "legalvalues",
            "enum",
            "limits",
            "可选值",
            "允许值",
            "有效值",
            "枚举值",
            "取值说明",
            "约束",
            "限制",
            "valeurs",
            "valores",
            "werte",
        ],
    ),
    (
        Column::Example,
        &[
            "examples",
            "examplevalues",
            "sample",
            "samplevalue",
            "e.g.",
            "示例值",
            "例子",
            "举例",
            "参考值",
            "样例值",
        ],
    ),
    (
        Column::Location,
        &[
            "parameterlocation",
            "paramlocation",
            "parameterin",
            "sentin",
            "传参位置",
            "所在位置",
        ],
    ),
];

/// What a column of a table with this header holds.
pub fn header(text: &str) -> Option<Column> {
    super::column(text).or_else(|| look_up(HEADERS, text, 60))
}

/// Where the fields of a table are sent whose column of names has this header.
pub fn header_place(text: &str) -> Option<Place> {
    let folded = fold(text);
    let places = [
        (Place::Header, ["header", "请求头"]),
        (Place::Query, ["queryparam", "查询参数"]),
        (Place::Path, ["pathparam", "路径参数"]),
        (Place::Body, ["bodyparam", "formparam"]),
    ];
    places
        .into_iter()
        .find(|(_, words)| words.iter().any(|word| folded.contains(word)))
        .map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Parameter", Some(Column::Name))]
    #[case("Query Parameter", Some(Column::Name))]
    #[case("Required?", Some(Column::Mandatory))]
    #[case("Optional", Some(Column::Optional))]
    #[case("是否必传", Some(Column::Mandatory))]
    #[case("Details", Some(Column::Description))]
    #[case("示例值", Some(Column::Example))]
    #[case("Weight", None)]
    fn headers_of_tables_have_further_words(#[case] text: &str, #[case] expected: Option<Column>) {
        assert_eq!(header(text), expected);
    }

    #[rstest]
    #[case("Header", Some(Place::Header))]
    #[case("Query parameter", Some(Place::Query))]
    #[case("Parameter", None)]
    fn the_header_of_names_may_say_the_place(#[case] text: &str, #[case] expected: Option<Place>) {
        assert_eq!(header_place(text), expected);
    }
}
