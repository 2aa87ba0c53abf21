//! The vocabulary of reference pages, as tables: header words, words for mandatory, names of types,
//! in the languages we read. Readers use it to tell a header from a row; `derive` uses it to know
//! what a column holds. One table each, no code.

mod headers;
mod types;

pub use headers::{header, header_place};
pub use types::{TypeName, parse_type};

/// What a column of a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The name of a parameter or field.
    Name,
    /// Whether it is mandatory.
    Mandatory,
    /// Whether it may be left out.
    Optional,
    /// Its type.
    Type,
    /// Its description, where constraints stand.
    Description,
    /// Its default value.
    Default,
    /// Its range of values.
    Range,
    /// An example value.
    Example,
    /// Where the parameter is sent (`path`, `query`, `header`, `body`).
    Location,
    /// A status code.
    Status,
    /// An error code.
    ErrorCode,
    /// An error message.
    ErrorMessage,
}

/// Where a field is sent, as the cell of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// As a header.
    Header,
    /// In the body, whatever its format.
    Body,
    /// As a cookie, or in an answer: with no request that is made here.
    Elsewhere,
}

/// The sections of a reference page that decide what stands in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Section {
    /// What the operation does.
    Function,
    /// Method and path, and the path and query parameters.
    Uri,
    /// The request's parameters.
    RequestParameters,
    /// The response's fields.
    ResponseParameters,
    /// Example requests.
    ExampleRequest,
    /// Example responses.
    ExampleResponse,
    /// The status codes.
    StatusCodes,
    /// The error codes.
    ErrorCodes,
    /// Sample code: nothing documented stands there.
    SampleCode,
    /// A section that holds nothing of the contract (calling method, feedback, debugging).
    Other,
}

/// Header words, folded (lower case, no spaces or punctuation): English, Chinese, Spanish,
/// Portuguese, German, French.
const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Name,
        &[
            "parameter",
            "parameters",
            "parametername",
            "name",
            "field",
            "fieldname",
            "attribute",
            "attributename",
            "key",
            "option",
            "argument",
            "property",
            "参数",
            "参数名",
            "参数名称",
            "名称",
            "字段",
            "字段名",
            "属性",
            "属性名",
            "parámetro",
            "parametro",
            "nombre",
            "parâmetro",
            "nome",
            "paramètre",
            "nom",
            "feld",
        ],
    ),
    (
        Column::Mandatory,
        &[
            "mandatory",
            "required",
            "mandatoryornot",
            "mandatory(yes/no)",
            "是否必选",
            "必选",
            "是否必填",
            "必填",
            "必须",
            "是否必须",
            "是否必需",
            "必需",
            "强制性",
            "obligatorio",
            "obligatoria",
            "obrigatório",
            "obrigatória",
            "erforderlich",
            "pflicht",
            "obligatoire",
        ],
    ),
    (
        Column::Type,
        &[
            "type",
            "parametertype",
            "datatype",
            "类型",
            "参数类型",
            "数据类型",
            "tipo",
            "tipodeparámetro",
            "tipodeparâmetro",
            "typ",
            "parametertyp",
        ],
    ),
    (
        Column::Description,
        &[
            "description",
            "desc",
            "meaning",
            "remarks",
            "说明",
            "描述",
            "参数说明",
            "含义",
            "描述信息",
            "参数描述",
            "descripción",
            "descrição",
            "beschreibung",
        ],
    ),
    (
        Column::Default,
        &[
            "default",
            "defaultvalue",
            "默认值",
            "默认取值",
            "valorpredeterminado",
            "valorpadrão",
            "standardwert",
            "valeurpardéfaut",
        ],
    ),
    (
        Column::Range,
        &[
            "range",
            "valuerange",
            "values",
            "possiblevalues",
            "allowedvalues",
            "取值范围",
            "取值",
            "rango",
            "intervalo",
            "wertebereich",
        ],
    ),
    (
        Column::Example,
        &[
            "example",
            "examplevalue",
            "示例",
            "样例",
            "ejemplo",
            "exemplo",
            "beispiel",
            "exemple",
        ],
    ),
    (
        Column::Location,
        &["location", "in", "位置", "参数位置", "ubicación"],
    ),
    (
        Column::Status,
        &[
            "statuscode",
            "status",
            "returnedvalue",
            "returnvalue",
            "httpstatuscode",
            "code",
            "状态码",
            "返回值",
            "códigodeestado",
            "códigodestatus",
            "statuscodes",
            "codedétat",
        ],
    ),
    (
        Column::ErrorCode,
        &[
            "errorcode",
            "errorcodes",
            "错误码",
            "códigodeerror",
            "códigodeerro",
        ],
    ),
    (
        Column::ErrorMessage,
        &[
            "errormessage",
            "message",
            "错误信息",
            "错误描述",
            "mensajedeerror",
        ],
    ),
];

/// Words of a cell that says where a field is sent: the first that the cell holds decides.
const PLACES: &[(Place, &[&str])] = &[
    (Place::Elsewhere, &["response", "cookie", "响应", "返回"]),
    (Place::Path, &["path", "路径"]),
    (Place::Query, &["query", "查询"]),
    (Place::Header, &["header", "请求头", "消息头"]),
    (
        Place::Body,
        &[
            "body",
            "form",
            "json",
            "payload",
            "multipart",
            "请求体",
            "消息体",
            "表单",
        ],
    ),
    // `URL` and `URI` are the path for a name that stands there, else the query.
    (Place::Path, &["uri", "url"]),
];

const MANDATORY: &[(bool, &[&str])] = &[
    (
        true,
        &[
            "yes",
            "y",
            "true",
            "mandatory",
            "required",
            "是",
            "必须",
            "必传",
            "☑",
            "必选",
            "必填",
            "必需",
            "✓",
            "✔",
            "√",
            "✅",
            "sí",
            "si",
            "sim",
            "ja",
            "oui",
        ],
    ),
    (
        false,
        &[
            "no",
            "n",
            "false",
            "optional",
            "✗",
            "✘",
            "❌",
            "notrequired",
            "notmandatory",
            "否",
            "可选",
            "选填",
            "非必需",
            "非必填",
            "非必选",
            "não",
            "nao",
            "nein",
            "non",
        ],
    ),
];

const SECTIONS: &[(Section, &[&str])] = &[
    (
        Section::Function,
        &[
            "function",
            "functions",
            "functiondescription",
            "功能介绍",
            "功能",
            "接口功能",
            "función",
            "função",
            "overview",
        ],
    ),
    (
        Section::Uri,
        &[
            "uri",
            "uriformat",
            "url",
            "request",
            "requests",
            "endpoint",
            "请求路径",
            "urisyntax",
        ],
    ),
    (
        Section::RequestParameters,
        &[
            "requestparameters",
            "requestparameter",
            "requestmessage",
            "requestheaders",
            "requestbody",
            "请求参数",
            "请求消息",
            "parámetrosdesolicitud",
            "parâmetrosdesolicitação",
            "requestheader",
            "parameters",
        ],
    ),
    (
        Section::ResponseParameters,
        &[
            "responseparameters",
            "responseparameter",
            "responsemessage",
            "response",
            "responses",
            "responsebody",
            "响应参数",
            "响应消息",
            "normalresponse",
            "abnormalresponse",
            "parámetrosderespuesta",
            "parâmetrosderesposta",
            "正常响应",
            "异常响应",
            "responseelements",
        ],
    ),
    (
        Section::ExampleRequest,
        &[
            "examplerequest",
            "examplerequests",
            "requestexample",
            "requestexamples",
            "samplerequest",
            "samplerequests",
            "请求示例",
            "请求样例",
            "请求消息样例",
            "ejemplosdesolicitudes",
            "exemplosdesolicitações",
        ],
    ),
    (
        Section::ExampleResponse,
        &[
            "exampleresponse",
            "exampleresponses",
            "responseexample",
            "responseexamples",
            "sampleresponse",
            "sampleresponses",
            "响应示例",
            "响应样例",
            "正常响应样例",
            "正常响应示例",
            "响应消息样例",
            "返回示例",
            "examplenormalresponse",
            "ejemplosderespuestas",
            "exemplosderespostas",
        ],
    ),
    (
        Section::StatusCodes,
        &[
            "statuscode",
            "statuscodes",
            "returnedvalue",
            "returnedvalues",
            "returncode",
            "returncodes",
            "returnvalues",
            "returnvalue",
            "状态码",
            "返回值",
            "返回码",
            "正常返回值",
            "códigosdeestado",
            "códigosdestatus",
        ],
    ),
    (
        Section::ErrorCodes,
        &[
            "errorcode",
            "errorcodes",
            "错误码",
            "códigosdeerror",
            "códigosdeerro",
        ],
    ),
    (
        Section::SampleCode,
        &[
            "sdksamplecode",
            "samplecode",
            "sdk代码示例",
            "代码示例",
            "códigodemuestradelsdk",
        ],
    ),
    (
        Section::Other,
        &[
            "callingmethod",
            "debugging",
            "调试",
            "调用方法",
            "feedback",
            "constraints",
            "约束限制",
            "authorizationinformation",
            "授权信息",
            "prerequisites",
            "example",
            "examples",
            "示例",
            "notes",
        ],
    ),
];

/// Words that part a description into what is meant, what restricts it, and what is the default.
const CELL_PARTS: &[&str] = &[
    "definition",
    "constraint",
    "constraints",
    "range",
    "valuerange",
    "defaultvalue",
    "explanation",
    "参数解释",
    "约束限制",
    "取值范围",
    "默认取值",
];

/// Lower case, without spaces and the punctuation that headers vary in.
fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| {
            !c.is_whitespace()
                && !matches!(
                    c,
                    ':' | '：' | '*' | '.' | '。' | '_' | '-' | '`' | '?' | '？'
                )
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn look_up<T: Copy>(table: &[(T, &[&str])], word: &str, longest: usize) -> Option<T> {
    if word.len() > longest {
        return None;
    }
    let folded = fold(word);
    table
        .iter()
        .find(|(_, words)| words.contains(&folded.as_str()))
        .map(|(meaning, _)| *meaning)
}

/// What a column with this header holds.
pub fn column(header: &str) -> Option<Column> {
    look_up(COLUMNS, header, 60)
}

/// Whether a word says that something is mandatory.
pub fn mandatory(word: &str) -> Option<bool> {
    look_up(MANDATORY, word, 20)
}

/// Where a cell says that a field is sent.
pub fn place(cell: &str) -> Option<Place> {
    if cell.len() > 60 {
        return None;
    }
    let lower = cell.to_lowercase();
    PLACES
        .iter()
        .find(|(_, words)| words.iter().any(|word| lower.contains(word)))
        .map(|(place, _)| *place)
}

/// Whether a line alone names a part of a description (`Constraints`, `Default Value`).
pub fn is_cell_part(line: &str) -> bool {
    line.len() <= 40 && CELL_PARTS.contains(&fold(line).as_str())
}

/// The section that a heading opens. A sentence (`Error code.`) or a field's name (`error_code`)
/// opens none.
pub fn section(heading: &str) -> Option<Section> {
    if heading.trim_end().ends_with(['.', '。']) || heading.contains('_') {
        return None;
    }
    look_up(SECTIONS, heading, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Parameter", Some(Column::Name))]
    #[case("是否必选", Some(Column::Mandatory))]
    #[case("Parameter Type", Some(Column::Type))]
    #[case("Obligatorio", Some(Column::Mandatory))]
    #[case("Status Code", Some(Column::Status))]
    #[case("Backup ID", None)]
    fn headers_tell_what_a_column_holds(#[case] header: &str, #[case] expected: Option<Column>) {
        assert_eq!(column(header), expected);
    }
}
