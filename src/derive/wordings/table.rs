//! The wordings of limits, as one table: pattern, language, what it states. The named captures are
//! the roles: `min`, `max`, `n`, `value`, `noun` and `second` for the words behind a count, and
//! `other` and `denied` for words by which the numbers after them are no limit. A new wording is a
//! new line.

/// The language of a wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
    /// Signs that are read alike in every language.
    Any,
}

/// What a wording states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `min` to `max` characters.
    Length,
    /// Exactly `n` characters.
    ExactLength,
    /// `n` characters at least.
    MinLength,
    /// `n` characters at most.
    MaxLength,
    /// `n` at least: characters of a text, the value of a number.
    Least,
    /// `n` at most: characters of a text, the value of a number.
    Most,
    /// A number from `min` to `max`.
    Range,
    /// A number from `n`.
    Minimum,
    /// A number above `n`.
    Above,
    /// A number to `n`.
    Maximum,
    /// A number below `n`.
    Below,
    /// A number from 0.
    NotNegative,
    /// A number from 1.
    Positive,
    /// A multiple of `n`.
    MultipleOf,
    /// At least one character.
    NotEmpty,
    /// The default is `value`.
    Default,
    /// `n` items at least.
    MinItems,
    /// `n` items at most.
    MaxItems,
    /// `min` to `max` items.
    Items,
    /// A text of the form that the format of JSON Schema names.
    Format(&'static str),
}

/// One wording.
pub(super) struct Wording {
    pub(super) pattern: &'static str,
    pub(super) language: Language,
    pub(super) keyword: Keyword,
}

const fn english(keyword: Keyword, pattern: &'static str) -> Wording {
    Wording {
        pattern,
        language: Language::English,
        keyword,
    }
}

const fn chinese(keyword: Keyword, pattern: &'static str) -> Wording {
    Wording {
        pattern,
        language: Language::Chinese,
        keyword,
    }
}

const fn signs(keyword: Keyword, pattern: &'static str) -> Wording {
    Wording {
        pattern,
        language: Language::Any,
        keyword,
    }
}

/// The number of a limit.
macro_rules! number {
    () => {
        r"(?P<n>-?\d[\d,]*\d(?:\.\d+)?|-?\d(?:\.\d+)?|zero)"
    };
}

/// A limit that begins its sentence or a part of it, or follows a word for the value itself.
/// `Delays vary from 1 to 5.` says nothing of a value.
macro_rules! of_the_value {
    ($($limit:tt)+) => {
        concat!(
            r"(?i)(?P<other>\b(?:example|e\.g\.|such as|default|like|see|section|chapter|version)[^.;]{0,12})?",
            r"(?:^\s*|[,(]\s*|\b(?:be|is|integer|number|value|ratio|percentage|level|size|count|score|priority|port|weight)\s+)",
            $($limit)+
        )
    };
}

/// A limit of the value that no word before it denies: `It cannot be lower than 1`.
macro_rules! not_denied {
    ($($limit:tt)+) => {
        concat!(
            r"(?i)(?P<denied>\b(?:cannot|can not|not|never|no)\s+)?",
            of_the_value!($($limit)+)
        )
    };
}

/// A form that the value is said to have: `A valid e-mail address`, `in URL format`. A sentence
/// that only mentions it, as `The e-mail address of the owner` does, promises nothing.
macro_rules! of_the_form {
    ($noun:literal) => {
        concat!(
            r"(?i)(?:^\s*an?\s+",
            $noun,
            r"\s*[.;]?\s*$|\b(?:valid|well-formed)\s+",
            $noun,
            r"\b|\b",
            $noun,
            r"\s+(?:format|notation)\b|\b(?:must|should|has to) be an?\s+",
            $noun,
            r"\b|\bin the form(?:at)? of an?\s+",
            $noun,
            r"\b)"
        )
    };
}

/// A count of items before the word for them: which words are none, `constraints` knows.
macro_rules! of_items {
    ($words:literal) => {
        concat!(
            r"(?i)\b",
            $words,
            r"\s+(?P<n>\d+)\s+(?P<noun>[a-z-]+)(?:\s+(?P<second>[a-z]+))?\b"
        )
    };
}

/// Every wording of a limit.
pub(super) const WORDINGS: &[Wording] = &[
    // Lengths of a text.
    english(
        Keyword::Length,
        r"(?i)(?P<min>\d+)\s*(?:to|-|–|~|—)\s*(?P<max>\d+)(?:\s+[a-z]+)?\s+(?:characters|chars|bytes? characters)\b",
    ),
    english(
        Keyword::Length,
        r"(?i)between\s+(?P<min>\d+)\s+and\s+(?P<max>\d+)\s+characters\b",
    ),
    english(
        Keyword::Length,
        r"(?i)\blength\b[^.;]{0,40}?(?P<min>\d+)\s*(?:to|-|–|~|and)\s*(?P<max>\d+)\b",
    ),
    english(
        Keyword::MaxLength,
        r"(?i)(?:up to|(?:a )?maximum of|at most|no more than|not more than|(?:cannot|must not|can not|not) (?:be longer than|exceed)|(?:cannot|must not) contain more than|fewer than or equal to|less than or equal to|limited to|within)\s+(?P<n>\d+)(?:\s+[a-z]+)?\s+(?:characters|chars)\b",
    ),
    english(
        Keyword::MaxLength,
        r"(?i)\bmax(?:imum|\.)?\s+(?P<n>\d+)\s+(?:characters|chars)\b",
    ),
    english(
        Keyword::MinLength,
        r"(?i)\bmin(?:imum|\.)?\s+(?P<n>\d+)\s+(?:characters|chars)\b",
    ),
    english(
        Keyword::MinLength,
        r"(?i)(?:at least|(?:a )?minimum of|no (?:less|fewer) than)\s+(?P<n>\d+)\s+characters\b",
    ),
    english(
        Keyword::ExactLength,
        r"(?i)(?:can contain|contains?|consists? of|must be|is|contain exactly|has)\s+(?P<n>\d+)\s+(?:characters|digits and letters)\b",
    ),
    english(
        Keyword::MaxLength,
        r"(?i)maximum (?:characters|length|number of characters)\s*[:：]?\s*(?:is\s+)?(?P<n>\d+)",
    ),
    english(
        Keyword::MinLength,
        r"(?i)minimum (?:characters|length|number of characters)\s*[:：]?\s*(?:is\s+)?(?P<n>\d+)",
    ),
    chinese(Keyword::MaxLength, r"最大长度\s*[:：为是]?\s*(?P<n>\d+)"),
    chinese(Keyword::MinLength, r"最小长度\s*[:：为是]?\s*(?P<n>\d+)"),
    chinese(
        Keyword::Length,
        r"(?P<min>\d+)\s*(?:个|位)?(?:字符)?\s*(?:~|～|-|–|到|至)\s*(?P<max>\d+)\s*(?:个|位)?(?:字符|字母|之间的?字符|个字符)",
    ),
    chinese(
        Keyword::Length,
        r"长度(?:范围|限制)?(?:必须)?(?:为|在|是)?\s*[:：]?\s*(?P<min>\d+)\s*(?:个|位)?\s*(?:~|～|-|–|到|至)\s*(?P<max>\d+)",
    ),
    chinese(
        Keyword::MaxLength,
        r"(?:不超过|不大于|不能超过|不可超过|不得超过|最多|最长|最大|小于等于)(?:支持|输入|为|包含)?\s*(?P<n>\d+)\s*(?:个|位)?字符",
    ),
    chinese(
        Keyword::MinLength,
        r"(?:不少于|不小于|至少|最少)(?:为|包含)?\s*(?P<n>\d+)\s*(?:个|位)?字符",
    ),
    chinese(
        Keyword::ExactLength,
        r"长度(?:为|是)\s*(?P<n>\d+)\s*(?:个|位)?(?:字符)?(?:[。，,;；]|$)",
    ),
    // Bounds that mean characters for a text and the value for a number.
    english(
        Keyword::Most,
        r"(?i)\bmaximum(?: value)?\s*[:：]\s*(?P<n>-?\d+(?:\.\d+)?)",
    ),
    english(
        Keyword::Least,
        r"(?i)\bminimum(?: value)?\s*[:：]\s*(?P<n>-?\d+(?:\.\d+)?)",
    ),
    // Bounds of a number.
    english(
        Keyword::Range,
        r"(?i)\b(?:values?|it|number|port|parameter)?\s*(?:range|ranges|ranging|rang)(?:\s+is)?\s*(?:is|[:：])?\s*(?:is\s+)?(?:from\s+|between\s+)?(?P<min>-?\d[\d,]*(?:\.\d+)?)\s*(?:[a-z]{1,3}\s*)?(?:to|and|-|–|—|~|～)\s*(?P<max>-?\d[\d,]*(?:\.\d+)?)",
    ),
    english(
        Keyword::Range,
        r"(?i)\bvalue (?:must be |is |can be |should be )?(?:an integer |a number )?(?:from|between|in the range of|in the range from|within)\s+(?P<min>-?\d[\d,]*)\s*(?:to|and|-|–|~)\s*(?P<max>-?\d[\d,]*)",
    ),
    // Numbers alone limit the value only where nothing else stands before them that they could be
    // of.
    english(
        Keyword::Range,
        of_the_value!(
            r"(?:from|between)\s+(?P<min>-?\d[\d,]*(?:\.\d+)?)\s*(?:to|through|and|-|–|~)\s*(?P<max>-?\d[\d,]*\d(?:\.\d+)?|-?\d(?:\.\d+)?)\s*(?:[.,;:)]|inclusive\b|$)"
        ),
    ),
    english(
        Keyword::Range,
        of_the_value!(
            r"(?P<min>-?\d[\d,]*(?:\.\d+)?)\s*(?:to|-|–|~)\s*(?P<max>-?\d[\d,]*\d(?:\.\d+)?|-?\d(?:\.\d+)?)\s*(?:[.;)]|inclusive\b|$)"
        ),
    ),
    english(
        Keyword::Maximum,
        of_the_value!(
            r"(?:at most|no more than|not more than)\s+",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Minimum,
        of_the_value!(
            r"(?:at least|no fewer than)\s+",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Minimum,
        r"(?i)(?:greater than or equal to|no less than|not less than|larger than or equal to|(?:cannot|can not|must not) be (?:less|smaller|lower) than)\s+(?P<n>-?\d[\d,]*(?:\.\d+)?)\b",
    ),
    english(
        Keyword::Minimum,
        r"(?i)minimum value (?:is|of)\s+(?P<n>-?\d[\d,]*)",
    ),
    english(
        Keyword::Maximum,
        r"(?i)maximum value (?:is|of)\s+(?P<n>-?\d[\d,]*)",
    ),
    english(
        Keyword::Maximum,
        r"(?i)(?:less than or equal to|smaller than or equal to|value cannot exceed|(?:cannot|can not|must not) be (?:greater|larger|higher) than)\s+(?P<n>-?\d[\d,]*(?:\.\d+)?)\b",
    ),
    english(
        Keyword::Above,
        r"(?i)(?:must be |should be |value is )(?:greater|larger) than\s+(?P<n>-?\d[\d,]*)\b",
    ),
    english(
        Keyword::Below,
        r"(?i)(?:must be |should be |value is )(?:less|smaller) than\s+(?P<n>-?\d[\d,]*)\b",
    ),
    english(
        Keyword::NotNegative,
        r"(?i)non-?negative|(?:cannot|can not|must not) be (?:a )?negative",
    ),
    english(
        Keyword::Above,
        not_denied!(
            r"(?:strictly\s+)?(?:greater|larger|more|higher) than\s+",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Below,
        not_denied!(
            r"(?:strictly\s+)?(?:less|smaller|lower|fewer) than\s+",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Minimum,
        of_the_value!(
            number!(),
            r" or (?:more|greater|higher|larger|above)\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Maximum,
        of_the_value!(
            number!(),
            r" or (?:less|fewer|lower|smaller|below)\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Range,
        of_the_value!(r"(?P<min>-?\d+)\s*\.\.\.?\s*(?P<max>-?\d+)\s*(?:[.,;)]|$)"),
    ),
    // `Max 100`, `min. 1`.
    english(
        Keyword::Most,
        concat!(
            r"(?i)(?:^\s*|[.,;(]\s*)max(?:imum|\.)?\s*(?:of\s+|is\s+|=\s*)?",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(
        Keyword::Least,
        concat!(
            r"(?i)(?:^\s*|[.,;(]\s*)min(?:imum|\.)?\s*(?:of\s+|is\s+|=\s*)?",
            number!(),
            r"\s*(?:[.,;)]|$)"
        ),
    ),
    english(Keyword::Positive, r"(?i)\bpositive integers?\b"),
    english(
        Keyword::Positive,
        r"(?i)(?:^\s*|[,(]\s*|\b(?:be|is)\s+)(?:an?\s+)?(?:strictly\s+)?positive(?:\s+(?:whole\s+)?(?:integers?|numbers?|values?))?\s*(?:[.,;)]|$)",
    ),
    english(Keyword::MultipleOf, r"(?i)multiples? of\s+(?P<n>\d+)"),
    signs(Keyword::Minimum, r"(?:≥|>=)\s*(?P<n>-?\d[\d,]*(?:\.\d+)?)"),
    signs(Keyword::Maximum, r"(?:≤|<=)\s*(?P<n>-?\d[\d,]*(?:\.\d+)?)"),
    signs(
        Keyword::Range,
        r"[\[［]\s*(?P<min>-?\d+)\s*[,，]\s*(?P<max>-?\d+)\s*[\]］]",
    ),
    chinese(
        Keyword::Range,
        r"(?:取值|范围|大小)(?:范围)?(?:为|是|在)?\s*[:：]?\s*(?P<min>-?\d+)\s*(?:[A-Za-z%]{1,2}|天|个|秒|分钟)?\s*(?:~|～|-|–|到|至)\s*(?P<max>-?\d+)",
    ),
    chinese(
        Keyword::Minimum,
        r"(?:大于等于|大于或等于|不小于|不能小于)\s*(?P<n>-?\d+)",
    ),
    chinese(
        Keyword::Maximum,
        r"(?:小于等于|小于或等于|不能大于)\s*(?P<n>-?\d+)",
    ),
    chinese(Keyword::Least, r"最小值\s*[:：为是]?\s*(?P<n>-?\d+)"),
    chinese(Keyword::Most, r"最大值\s*[:：为是]?\s*(?P<n>-?\d+)"),
    chinese(Keyword::NotNegative, r"非负整?数|不能为负"),
    chinese(Keyword::Positive, r"正整数"),
    chinese(Keyword::MultipleOf, r"(?P<n>\d+)\s*(?:GB)?的?(?:整数)?倍"),
    // Defaults.
    english(
        Keyword::Default,
        r#"(?i)\bdefault(?: value)?\s*(?:is|[:：=])\s*["'“`]?(?P<value>[A-Za-z0-9_+./:-]*[A-Za-z0-9_])["'”`]?(?:[.,;)]|\s|$)"#,
    ),
    english(
        Keyword::Default,
        r#"(?i)\b(?:defaults|defaulting) to\s+["'“`]?(?P<value>[A-Za-z0-9_+./:-]*[A-Za-z0-9_])["'”`]?\s*(?:[.,;)(]|$|\b(?:if|when|seconds|items|minutes|hours|days|bytes)\b)"#,
    ),
    english(
        Keyword::Default,
        r#"(?i)(?:^\s*|[.,;(]\s*)["'“`]?(?P<value>-?[0-9][0-9.]*[0-9]|-?[0-9]|true|false)["'”`]? by default\s*(?:[.,;)]|$)"#,
    ),
    chinese(
        Keyword::Default,
        r#"(?:默认值?|缺省值?)\s*(?:[:：]|为|是)\s*["'“`]?(?P<value>[A-Za-z0-9_+./:-]*[A-Za-z0-9_])["'”`]?(?:[。，,;；.)）]|\s|$)"#,
    ),
    // The rest.
    english(
        Keyword::NotEmpty,
        r"(?i)(?:cannot|must not|can not) be (?:left )?(?:empty|blank|null or empty)",
    ),
    chinese(Keyword::NotEmpty, r"非空|不能为空|不可为空"),
    english(
        Keyword::MaxItems,
        of_items!(r"(?:up to|maximum of|max\.?|at most|no more than|not more than)"),
    ),
    english(
        Keyword::MinItems,
        of_items!(r"(?:at least|minimum of|min\.?|no fewer than)"),
    ),
    english(
        Keyword::Items,
        r"(?i)\b(?:(?:array|list) (?:length|size)|(?:number|count) of (?:items|elements|entries|members)|(?:item|element) count)\s*(?:[:：]|\bis\b|\bof\b)?\s*(?:from\s+|between\s+)?(?P<min>\d+)\s*(?:to|-|–|~|and)\s*(?P<max>\d+)\b",
    ),
    chinese(
        Keyword::Items,
        r"(?:数组|列表)(?:长度|大小)\s*(?:[:：]|为|是)?\s*(?P<min>\d+)\s*(?:-|–|~|到|至)\s*(?P<max>\d+)",
    ),
    english(
        Keyword::Items,
        r"(?i)(?:^\s*|[.,;(:]\s*|\b(?:be|are|contains?|has|have|of|holds?|takes?)\s+)(?:from\s+|between\s+)?(?P<min>\d+)\s*(?:to|-|–|~|and)\s*(?P<max>\d+)\s+(?P<noun>[a-z-]+)(?:\s+(?P<second>[a-z]+))?\b",
    ),
    english(
        Keyword::Format("email"),
        of_the_form!(r"e-?mail(?:\s+address)?"),
    ),
    english(
        Keyword::Format("uri"),
        of_the_form!(r"(?:https?\s+|absolute\s+)?ur[il]"),
    ),
    english(Keyword::Format("hostname"), of_the_form!(r"host\s?names?")),
    english(
        Keyword::Format("ipv4"),
        of_the_form!(r"ipv4(?:\s+address)?"),
    ),
    english(
        Keyword::Format("ipv6"),
        of_the_form!(r"ipv6(?:\s+address)?"),
    ),
    english(Keyword::Format("date-time"), r"(?i)\brfc[- ]?3339\b"),
    english(
        Keyword::Format("uuid"),
        r"(?i)\bUUID (?:format|regular expression)|in (?:the )?UUID format|^\s*(?:an?|the) UUID\s*[.;]?\s*$",
    ),
    chinese(Keyword::Format("uuid"), r"UUID(?:正则|格式)"),
    chinese(
        Keyword::Format("email"),
        r"(?:合法|有效)的?(?:邮箱|邮件地址)|邮箱格式",
    ),
];
