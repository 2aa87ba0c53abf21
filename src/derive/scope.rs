//! Of what a limit is told: of the whole value and always, or of a part of it, or under a condition.
//! And whether a sentence restricts a value at all.

use std::ops::Range;

use super::statement::Kind;
use super::wordings::Limit;

pattern! {
    /// Conditions on the field itself: whoever sends it meets them.
    static OWN_CONDITION =
        r"(?i)\b(?:if|when|unless|provided that)\s+(?:(?:it|this|they|(?:the|this) (?:value|parameter|field|attribute|property|key|header))\b(?:\s+(?:is|are|was|were))?\s*(?:not\s+)?(?:set|specified|given|provided|present|sent|used|passed|included|supplied|omitted|left|empty|blank|absent|null|there|needed|required|desired|known|unknown)?|(?:not\s+)?(?:set|specified|given|provided|present|sent|used|passed|omitted|left out|absent|empty|blank|null|any|needed|known|unknown|possible|applicable)|there (?:is|are)|none)\b";

    /// A condition on something else.
    static CONDITION =
        r"(?i)(?:^|[\s,;(])(?:if|when|unless|provided that|in case|depending on|depends on|as long as)\s+\S|[^同小临及实定此]时(?:[，,]|必须|需要?|不能|不得|只能|应|至[多少]|最[大小长短多少])|(?:场景|情况|模式|前提)下|仅[^，。；]{1,12}[:：]|当|如果|若|取决于|视[^。]{1,12}而定";

    /// What holds for some values, or in some versions.
    static SOME =
        r"(?i)^\W*(?:range:\s*)?(?:for|in version|since version|before version|until version)\s|^\s*对于?|\d\s*[(（]\s*\d[^()（）]*\b(?:for|if|when|in|on|with)\b[^()（）]*[)）]|\d\s*\([a-z][^()\d]{0,30}\)\s*[,;]\s*[^()]*\d\s*\([a-z]";

    /// Words for what lies between two times.
    static OF_SPAN = r"(?i)\b(?:intervals?|time (?:range|span)|(?:range|span|gap|difference|distance|period|duration) between)\b[^.;]{0,40}$|(?:间隔|跨度|相差|之差|时间差|时间范围)[^。；;]{0,12}$";
    static UNIT_OF_TIME = r"(?i)^\s*(?:天|日|小时|分钟|秒|周|个?月|年|days?|hours?|minutes?|seconds?|weeks?|months?|years?)";
    static OF_TIMESTAMP = r"(?i)时间戳|毫秒|\btime-?\s?stamps?\b|\bepoch\b|\bmillis(?:econds)?\b";
    /// What only shows a value.
    static SHOWN = r"(?i)(?:\b(?:for example|for instance|e\.?g\.?|such as)|例如|比如|如[:：]|示例)[^.。；;]*$";
    /// Another value that is allowed beside those of the limit: `0 or at least 5`.
    static OR_ANOTHER = r"(?i)(?:^|[^\d.])-?\d+\s*(?:,?\s*\bor|或者?)\s*$";

    /// A part of the value, as the subject of a limit.
    static PART =
        r"(?i)\b(?:each|every|any|(?:the|its|an?|this)\s+(?:[\w-]+\s+)?(?:suffix(?:es)?|prefix(?:es)?|parts?|segments?|components?|portions?|extension|section|pieces?|stem|remainder|rest|half))\b[^.;,]{0,60}$|\b(?:first|last|leading|trailing)\s+\d*\s*$|(?:前缀|后缀|部分|片段|每(?:个|段|一|行|项))[^。；，]{0,20}$";

    /// What says nothing of the form of a value: whether it is there, whether there is another like
    /// it, whether letters of both cases are told apart.
    static ASIDE = [
        r"(?i)\b(?:(?:must|should|has to|have to)\s+be\s+|is\s+|are\s+|,\s*)?(?:globally\s+)?unique\b(?:\s+(?:in|within|per|among|across|for|to)\b[^.;,]*)?",
        r"(?i)\b(?:not\s+)?case[- ](?:in)?sensitiv\w*|\b(?:un)?(?:distinguishes|distinguished by) case\b",
        r"(?i)\bin\s+(?:upper|lower)[- ]?(?:case)?\s+or\s+(?:in\s+)?(?:upper|lower)[- ]?case\b",
        r"(?i)\b(?:mandatory|required|optional|available|valid|effective|used|supported|returned|present|included|shown|needed|applies|applicable|takes? effect|ignored|set|sent|given)\s+only\b[^.;]*",
        r"(?i)\bonly\s+(?:mandatory|required|available|valid|effective|used|supported|returned|present|included|shown|needed|applies|applicable|takes? effect|for|when|if|in|where|to|with|on|after|before|while|by)\b[^.;]*",
        r"(?i)\b(?:mandatory|required|optional)\s+(?:when|if|for|unless|where)\b[^.;]*",
        r"(?i)\bmust\s+(?:also\s+)?be\s+(?:set|specified|given|provided|sent|present|supplied|included|used)\b[^.;]*",
        r"(?i)\b(?:cannot|can not|must not|may not)\s+be\s+(?:changed|modified|updated|edited|altered|deleted|removed|undone|used (?:with|together)|combined|set (?:with|together)|specified (?:with|together))\b[^.;]*",
        r"唯一|区分大小写",
    ];

    /// Letters of both cases are alike.
    static ANY_CASE =
        r"(?i)\bcase[- ]?insensitiv|\bnot\s+case[- ]?sensitive|\b(?:in\s+)?(?:upper|lower)[- ]?(?:case)?\s+or\s+(?:in\s+)?(?:upper|lower)[- ]?case\b|\b(?:in|of) (?:any|either) case\b|\b(?:regardless of|ignoring|irrespective of) (?:the )?(?:letter )?case\b|\bcase (?:is|does) (?:ignored|not matter)|不区分(?:字母)?大小写|忽略大小写|大小写不敏感";

    /// Words by which a sentence restricts the form of a text.
    static RESTRICTS =
        r"(?i)\b(?:must|cannot|can not|can only|may only|shall|should (?:be|start|begin|end|contain|match|have|consist)|only (?:be|[\w-]+ (?:and|or) [\w-]+|letters|digits|characters|lower|upper|[\w, -]{1,40} (?:are|is) (?:allowed|supported|permitted|accepted|valid))|at least|at most|no more than|not (?:exceed|exceeding|longer|more|allowed|permitted)|limited to|ranges?|maximum|minimum|max|min|length|characters?|letters|digits?|alphanumeric\w*|lower[- ]?case|upper[- ]?case|(?:in|of|following|this|the) (?:[\w:-]+ )?format|formats?\s*[:：]|formatted|regular expressions?|regex|regexp|patterns?\s*[:：]|matches|multiples?|an? valid|valid values?|allowed values?|accepted values?|possible values?|one of|either|enum|e-?mail|uuid|guid|ur[il]s?|urn|iso[- ]?\d+|rfc[- ]?\d+|bcp[- ]?\d+|ip (?:v4 |v6 )?address(?:es)?|ipv[46]|cidr|host ?names?|domain names?|dns|fqdn|mac address(?:es)?|percentage|base-?64|hex|hexadecimal|(?:greater|less|larger|smaller|longer|shorter) than|(?:start|begin|end)s? with|starting with|(?:from|between) \d+|\d+ to \d+|separated|delimited|cron|semver|semantic version|mime type|media type|country codes?|currency codes?|language (?:codes?|tags?)|locale|time ?zone|slug|sha-?\d+|md5|checksum|arn|crn|jwt|pem|x\.509|e\.164|phone number|json ?path|glob|wildcards?)\b|最[长短多少]|至[多少]|不(?:超过|少于|多于)|必须|不能|只能|仅(?:支持|能|限|可|允许)|取值|范围|长度|字符|格式|正则|字母|数字|大写|小写|邮箱|邮件地址|网址|域名|开头|结尾|分隔";

    /// Words that are parted as values are, and nothing else in their sentence or behind its colon:
    /// `red, green or blue`, `Status: open/closed`, `Order (asc | desc)`; values with what each means,
    /// or in quotation marks.
    static LISTS = r"(?:^\s*|[:：]\s*|[(（])[A-Za-z0-9_-]+(?:\s*[|/]\s*[A-Za-z0-9_-]+)+\s*[)）]?[.;]?\s*$|(?:^\s*|[:：]\s*|[(（])[A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)*,?\s+or\s+[A-Za-z0-9_-]+\s*[)）]?[.;]?\s*$|[:：]\s*[A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)+\s*[.;]?\s*$|[(（][A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)+[)）]\s*[.;]?\s*$|^\s*[A-Za-z0-9_-]+\s*(?:\s[-–]|[:=])\s+[^,;:=]{1,40}(?:[,;]\s*(?:or\s+)?[A-Za-z0-9_-]+\s*(?:\s[-–]|[:=])\s+[^,;:=]{1,40})+$|^\s*[\x22'“‘][^\x22'”’]{1,40}[\x22'”’](?:\s*(?:,|/|\||\bor\b|\band\b)\s*)+[\x22'“‘]";

    /// Words of languages of which no limits are read, or few, beside a number.
    static RESTRICTS_ELSEWHERE = [
        // German, French, Spanish, Portuguese.
        r"(?i)\b(?:mindestens|h(?:ö|oe)chstens|maximal|minimal|zwischen\s+\d|von\s+\d+\s+bis|(?:gr(?:ö|oe)(?:ß|ss)er|kleiner|l(?:ä|ae)nger|k(?:ü|ue)rzer)\s+als|au\s+(?:moins|plus|maximum|minimum)|entre\s+\d|(?:sup|inf)(?:é|e)rieur\w*|de\s+\d+\s+(?:à|a|até)\s+\d|m(?:á|a|í|i)xim[oa]s?|m(?:í|i)nim[oa]s?|al\s+menos|pelo\s+menos|hasta\s+\d|até\s+\d|jusqu'à\s+\d|(?:menor|mayor|maior|inferior|superior)\s+(?:o|ou|que|a|à)\b)",
        // Russian, Korean, Chinese, Japanese.
        r"(?i)не\s+(?:более|менее|больше|меньше|длиннее|короче)|от\s+\d+\s+до\s|максим|миним|최대|최소|\d\s*\S{0,2}\s*(?:이상|이하|미만|초과|以上|以下|以内|未満|之间|の間)|最[大小高低多少]|至[多少]|上限|下限|不(?:超过|少于|多于|高于|低于)",
    ];

    /// Words by which a sentence that has a limit says more of the form of a text: which characters it
    /// is made of, or which others it has to look like.
    static FORM = r"(?i)\b(?:letters?|digits?|alphanumeric\w*|alphabetic\w*|lower-?case|upper-?case|(?:lower|upper) case|ascii|printable|latin|(?:snake|kebab|camel|pascal)[-_ ]?case|blanks?|white-?spaces?|(?:no|without|any|or|and) spaces|hyphens?|dash(?:es)?|underscores?|hexadecimal|base-?(?:32|58|62|64))\b|字母|数字|下划线|中划线|连字符|汉字|空格|特殊字符";

    /// A text that is called the name of a host.
    static OF_HOST = r"(?i)^\W*(?:an?|the|its)?\s*(?:[\w-]+\s+)?(?:dns names?|domain(?: name)?s?|host ?names?|fqdn)\s*(?:[,;:(]|\b(?:of|for|to|at|on|in|where|that|which|with)\b)|(?:^|[，,。；])\s*\p{Han}{0,4}(?:域名|主机名)\s*[，,；。:：(（]";

    /// Words by which a sentence that has a limit says more of a number.
    static FORM_OF_NUMBER = r"(?i)\bmultiples?\b|\b(?:even|odd|prime) (?:numbers?|integers?|values?)\b|(?:^\s*|[,;(]\s*|\b(?:be|is|are) )(?:even|odd)\s*(?:[,.;)]|\band\b|$)|\bpowers? of (?:two|ten|\d+)\b|\bin (?:steps?|increments?)\b|\b(?:steps?|increments?) of \d|\bdivisible\b|步长|步进|倍数|整数倍|偶数|奇数|整除|[0-9]的?[次]?幂";

    /// Words by which a sentence restricts a number.
    static RESTRICTS_NUMBER =
        r"(?i)\b(?:must|cannot|can not|can only|may only|shall|at least|at most|no more than|up to \d+|(?:start|begin)(?:s|ing)? (?:at|from) -?\d+|not (?:exceed|exceeding|more|allowed)|limited to|ranges?|maximum|minimum|max|min|multiples?|valid values?|allowed values?|possible values?|one of|either|percentage|(?:greater|less|larger|smaller|more|fewer) than|(?:from|between) \d+|\d+ to \d+|positive|non-?negative)\b|必须|不能|只能|仅(?:支持|能|限|可|允许)|取值|范围|整数倍";
}

/// Whether a sentence says that letters of both cases are alike.
pub(super) fn takes_any_case(sentence: &str) -> bool {
    ANY_CASE.is_match(sentence)
}

/// Whether a limit that stands at this place of a text is one of the whole value, and holds always.
pub(super) fn is_of_the_whole(text: &str, span: &Range<usize>) -> bool {
    let (mut from, mut to) = (0, text.len());
    let mut at = 0;
    for sentence in super::sentences::sentences(text) {
        let end = at + sentence.len();
        if (at..end).contains(&span.start) {
            from = at;
        }
        if (at..=end).contains(&span.end) && at < span.end {
            to = end;
        }
        at = end;
    }
    let sentence = text.get(from..to.max(from)).unwrap_or(text);
    let before = text.get(from..span.start).unwrap_or_default();
    let rest = OWN_CONDITION.replace_all(sentence, " – ");
    let after = text.get(span.end..).unwrap_or_default();
    // A span of days is no bound of a time in milliseconds.
    let is_of_span =
        OF_SPAN.is_match(before) || UNIT_OF_TIME.is_match(after) && OF_TIMESTAMP.is_match(text);
    let is_shown = SHOWN.is_match(before) || OR_ANOTHER.is_match(before);
    !is_of_span
        && !is_shown
        && !CONDITION.is_match(&rest)
        && !SOME.is_match(sentence)
        && !PART.is_match(before)
}

/// A sentence without what says nothing of the form of a value.
fn without_asides(sentence: &str) -> String {
    ASIDE.iter().fold(sentence.to_owned(), |rest, aside| {
        aside.replace_all(&rest, " – ").into_owned()
    })
}

/// Whether a sentence says more of the form of a value than the limits that are read from it.
pub(super) fn restricts_beside(sentence: &str, limits: &[Limit], kind: Kind) -> bool {
    let is_read = |at: usize| limits.iter().any(|limit| limit.span.contains(&at));
    let rest: String = sentence
        .char_indices()
        .filter(|(at, _)| !is_read(*at))
        .map(|(_, character)| character)
        .collect();
    let rest = without_asides(&rest);
    match kind {
        Kind::String => FORM.is_match(&rest) || OF_HOST.is_match(&rest),
        Kind::Integer | Kind::Number => FORM_OF_NUMBER.is_match(&rest),
        Kind::Any | Kind::Array | Kind::Boolean | Kind::Object | Kind::Null => false,
    }
}

/// Whether a sentence restricts which values of a type are allowed.
pub(super) fn restricts(sentence: &str, kind: Kind) -> bool {
    let restricting = match kind {
        Kind::String | Kind::Any | Kind::Array => &RESTRICTS,
        Kind::Integer | Kind::Number => &RESTRICTS_NUMBER,
        // Both values of a boolean are known, and what an object has stands in its own rows.
        Kind::Boolean | Kind::Object | Kind::Null => return false,
    };
    let rest = without_asides(sentence);
    restricting.is_match(&rest)
        || rest.contains(|c: char| c.is_ascii_digit())
            && RESTRICTS_ELSEWHERE
                .iter()
                .any(|words| words.is_match(&rest))
        || matches!(kind, Kind::String | Kind::Any)
            && (rest.contains([',', ';', '|', '/']) || rest.contains(" or "))
            && LISTS.is_match(&rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("How many there are, at least 2.", "at least 2", true)]
    #[case("When the kind is a group, at least 2.", "at least 2", false)]
    #[case("At least 2 if the kind is a group.", "At least 2", false)]
    #[case("If it is set, at least 2.", "at least 2", true)]
    #[case("At least 2 if given.", "At least 2", true)]
    #[case("The suffix is a string of 1-64 characters.", "1-64 characters", false)]
    #[case("Each label has 1 to 63 characters.", "1 to 63 characters", false)]
    #[case("The name has 1 to 63 characters.", "1 to 63 characters", true)]
    #[case("当类型为组时，最小值：2。", "最小值：2", false)]
    #[case("For `x` at most 10 characters.", "at most 10 characters", false)]
    #[case("For guests, at most 5 characters.", "at most 5 characters", false)]
    #[case("In version 2, 1 to 64 characters.", "1 to 64 characters", false)]
    #[case("Length: 1-64 (names), 1-255 (paths).", "Length: 1-64", false)]
    #[case("Length: 1-64.", "Length: 1-64", true)]
    fn a_limit_is_of_the_whole_or_not(
        #[case] text: &str,
        #[case] limit: &str,
        #[case] expected: bool,
    ) {
        let start = text.find(limit).unwrap();
        assert_eq!(
            is_of_the_whole(text, &(start..start + limit.len())),
            expected
        );
    }

    #[rstest]
    #[case("The value is not case-sensitive.", true)]
    #[case("Case-insensitive.", true)]
    #[case("The mode, in upper or lower case.", true)]
    #[case("取值范围如下，不区分大小写", true)]
    #[case("The value is case-sensitive.", false)]
    #[case("In lower case.", false)]
    #[case("取值区分大小写", false)]
    fn both_cases_may_be_alike(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(takes_any_case(sentence), expected);
    }

    #[rstest]
    #[case("The tag: no blanks, 1 to 10 characters", Kind::String, true)]
    #[case("ASCII text of 1 to 10 characters", Kind::String, true)]
    #[case("A key in snake_case, at most 30 characters", Kind::String, true)]
    #[case("The DNS name, 1 to 63 characters", Kind::String, true)]
    #[case("The domain, at most 100 characters", Kind::String, true)]
    #[case("域名，长度不超过255个字符", Kind::String, true)]
    #[case("The title, 1 to 64 characters, case-sensitive", Kind::String, false)]
    #[case(
        "The name of the domain's owner, 1 to 64 characters",
        Kind::String,
        false
    )]
    #[case("名称，长度不超过64个字符", Kind::String, false)]
    #[case("取值范围：1~10000，步长为10", Kind::Integer, true)]
    #[case("A power of two, from 1 to 64", Kind::Integer, true)]
    #[case("Number of nodes; odd, 1 to 7", Kind::Integer, true)]
    #[case("The step of the query, 1 to 60", Kind::Integer, false)]
    #[case("From 1 to 10, even if it is shut", Kind::Integer, false)]
    fn a_sentence_says_more_than_its_limits(
        #[case] sentence: &str,
        #[case] kind: Kind,
        #[case] expected: bool,
    ) {
        let limits = crate::derive::wordings::limits(sentence, kind);
        assert_eq!(restricts_beside(sentence, &limits, kind), expected);
    }

    #[rstest]
    #[case("One of the colours of the team's palette.", true)]
    #[case("An ISO 3166 country code.", true)]
    #[case("It must be a palindrome.", true)]
    #[case("Words separated by commas.", true)]
    #[case("必须以字母开头。", true)]
    #[case("red, green or blue", true)]
    #[case("open or closed", true)]
    #[case("Status: open/closed", true)]
    #[case("Status (open, closed)", true)]
    #[case("Filter by status: open, closed, all", true)]
    #[case("The name or the title of the job.", false)]
    #[case("The name (optional).", false)]
    #[case("A name, a title or both.", false)]
    #[case("The name of the job.", false)]
    #[case("The name must be unique within the project.", false)]
    #[case("It is case-sensitive.", false)]
    #[case("This parameter is mandatory when kind is set to http.", false)]
    #[case("Only volumes of this name.", false)]
    #[case("The options of the job.", false)]
    #[case("It is available only when kind is function.", false)]
    #[case("The name cannot be changed later.", false)]
    #[case("名称，项目内唯一。", false)]
    #[case("a - first, b - second", true)]
    #[case("a: first, b: second", true)]
    #[case("'red' or 'dark blue'", true)]
    #[case("Note: it is slow, and so is the rest.", false)]
    #[case("每页最多50条。", true)]
    #[case("Höchstens 50 Einträge.", true)]
    #[case("Entre 1 et 50.", true)]
    #[case("Como máximo 50 elementos.", true)]
    #[case("No máximo 50 itens.", true)]
    #[case("От 1 до 50.", true)]
    #[case("50자 이하.", true)]
    #[case("50文字以内。", true)]
    #[case("Die Seite 2 der Liste.", false)]
    #[case("Der maximale Wert der Liste.", false)]
    fn a_sentence_restricts_or_describes(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(restricts(sentence, Kind::String), expected);
    }
}
