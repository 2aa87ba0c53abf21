//! What sentences say of a value beyond its schema: that it is taken from an answer, that a list is
//! filtered by it, what it is on the last page, who sets it, in which order a list is.

use super::promised::{of_pages, promises};
use super::sentences::sentences;
use super::statement::{Constraint, Direction, Kind, Node, Site, Statement};
use super::wordings::limits;
use crate::contract::{Location, Meaning};

/// Names of a parameter that says where a page begins, in the word of an answer.
const MARKERS: &[&str] = &[
    "marker",
    "cursor",
    "page_token",
    "pagetoken",
    "next_token",
    "nexttoken",
    "page_marker",
    "continuation_token",
    "continuationtoken",
];

/// Headers that name what an answer gave: an entity tag, or a date of it (RFC 9110, section 13.1).
const VALIDATORS: &[&str] = &[
    "if-match",
    "if-none-match",
    "if-range",
    "if-modified-since",
    "if-unmodified-since",
];

pattern! {
    /// The value stands in an answer.
    static OPAQUE = [
        r"(?i)\bopaque\b",
        r"(?i)\bnext[_ -]?(?:page[_ -]?)?(?:marker|token|cursor)\b",
        r"(?i)\b(?:returned|obtained|issued|given|provided|sent|supplied|received|taken|copied|told)\b[^.;]{0,20}\b(?:by|in|from|with)\b[^.;]{0,60}\b(?:answers?|responses?|page|calls?|requests?|results?|quer(?:y|ies)|lists?|[A-Z][a-z]+[A-Z]\w+)\b",
        r"(?i)\b(?:previous|preceding|prior|last|earlier) (?:page|responses?|answers?|calls?|requests?|results?|query)\b",
        r"(?i)\b(?:page|response|answer|call|request|result|query) before\b",
        r"上一页|前一页|上一?次(?:查询|请求|调用|响应|返回)|响应(?:中|体|里)?(?:返回)?的|返回的",
    ];

    /// The list is cut down to items that fit.
    static FILTER = [
        r"(?i)\bfilter(?:s|ed|ing)?\b",
        r"(?i)\bonly\b[^.;]{0,60}\b(?:this|that|these|such|whose|whom|(?:given|specified|same|requested|corresponding))\b",
        r"(?i)^\W*(?:returns?|lists?|shows?|quer(?:y|ies)|gets?|displays?|selects?|limits?|restricts?|narrows?|finds?)\b[^.;]{0,60}\b(?:by|whose|(?:in|of|with|at|that (?:have|are in|are of)) (?:this|the (?:given|specified|same)))\b",
        r"(?i)^\W*(?:limits?|restricts?|narrows?|cuts?)\b[^.;]{0,40}\bto (?:this|that|those of this|the (?:given|specified|same))\b",
        r"(?i)\bwhose\b[^.;]{0,40}\b(?:are|is) (?:listed|returned|shown|included)\b",
        r"(?i)\b(?:of|for) (?:the |which |all )?[\w -]{1,40}\bto (?:be )?(?:list|return|query|queried|show|find|get|retrieve|include|display)",
        r"(?:按照?|根据|通过|依据)[^。；]{0,20}(?:查询|过滤|筛选|检索)",
        r"过滤|筛选",
        r"(?:只|仅)(?:返回|列出|查询|显示)",
    ];

    /// A filter is no equality, wherever the row says so.
    static INEXACT =
        r"(?i)\b(?:fuzzy|fuzzily|contain(?:s|ed|ing)?|includ(?:es|ing)|begin(?:s|ning)? with|start(?:s|ing)? with|end(?:s|ing)? with|prefix(?:es)?|suffix|partial(?:ly)?|sub-?strings?|wild-?cards?|regular expressions?|regex|patterns?|case[ -]insensitiv\w*|ignor\w+ (?:the )?case|regardless of (?:the )?case|keywords?|search(?:es|ed)?|full-text|commas?|separated|multiple|several|one or more)\b|模糊|包含|前缀|后缀|开头|结尾|关键字|多个|逗号|不区分大小写|忽略大小写";

    /// The list is cut down to items in which a text stands.
    static SEARCHED = [
        r"(?i)\b(?:contain(?:s|ing)?|includ(?:es|ing))\s+(?:(?:in (?:it|them|its \w+)|as a (?:part|substring))\s+)?(?:this|that|the|a)\s+(?:(?:given|specified|search|query|following|same)\s+)*(?:text|string|sub-?string|term|phrase|word|value|query)\b",
        r"(?i)\bsub-?string (?:match|search|filter)\w*\b|\b(?:match|search|filter)\w* (?:as|by|on|for) (?:a )?sub-?strings?\b|\bas a sub-?string of\b",
        r"(?:名称|标题|描述)[^。；]{0,6}(?:中)?包含(?:该|此|指定的?)(?:字符串|文本|内容|关键字)",
    ];

    /// A search that finds what is like a text, too.
    static LOOSE =
        r"(?i)\b(?:fuzzy|fuzzily|similar\w*|semantic\w*|relevan\w+|rank\w*|synonyms?|stem\w*|typos?|approximate\w*|full-text|wild-?cards?|regular expressions?|regex|patterns?|separated|commas?)\b|模糊|相似|通配|正则";

    /// A filter is no equality where the sentence that tells of it says so.
    static COMPARED =
        r"(?i)\b(?:not|no longer|except\w*|exclud\w+|without|other than|before|after|since|until|up to|from|later|earlier|greater|less|larger|smaller|more|fewer|at least|at most|older|newer|above|below|between|range|min(?:imum)?|max(?:imum)?|sort\w*|order(?:ed|ing)|orders? by|(?:the|in|which|what|\w+ending|reverse) order|group\w*|period|interval|number of|how many|(?:start|begin|end)(?:ning|ing)? (?:time|date|point)|only (?:when|if|where|valid|supported|available|applicable|effective|takes? effect|administrators?|for|one)|administrators?)\b|大于|小于|之前|之后|不等于|范围|排序|早于|晚于|开始时间|结束时间|起始|个数|条数|数量|管理员";

    /// Words of a length or of an alphabet.
    static ALPHABET =
        r"(?i)\bcontains? (?:only |at (?:least|most) |up to |no |from )?(?:\d|letters|digits|characters|lower|upper|english|chinese)|(?:包含|支持)[^。；]{0,6}(?:\d|字母|数字|字符|中文|英文)";

    /// What stands for nothing.
    static NOTHING =
        r"(?i)\b(?:null|empty|absent|omitted|missing|blank|left out|none|no value|not (?:be )?(?:returned|present|included|there|set|given|sent)|only (?:returned|present|included|there|set|given|sent|if|when|where|while))\b|空|不返回|不存在|null";

    /// The end of a list.
    static END =
        r"(?i)\b(?:last|final) (?:page|one)\b|\b(?:no|any|are|is|has) (?:more|further|other)\b|\bno (?:next|following) page\b|\b(?:is|there is|exists?) (?:a|another|one more) (?:next |further )?page\b|\bend of (?:the |a )?(?:list|results?|data)\b|\bnothing (?:follows|is left|more)\b|\blist ends\b|最后一页|末页|尾页|(?:没有|无)(?:更多|下一页|后续)|(?:还|仍)?有(?:更多|下一页)";

    /// The service sets the value, or keeps it in another form.
    static OF_SERVICE = [
        r"(?i)\b(?:ignored|read-?only|write-?only|computed|calculated|normali[sz]ed|canonicali[sz]ed|trimmed|stripped|rounded|truncated|masked|redacted|encrypted|hashed|adjusted|overrid\w+|overwritten|sanitized|deduplicated)\b|\b(?:set|chosen|generated|assigned|made|filled in|determined|replaced) (?:automatically )?by the (?:service|server|system|endpoint|backend)\b|\b(?:convert|chang|turn|fold|stor|sav|kept|return)\w* (?:\w+ )?(?:to|in|into|as) (?:all )?(?:lower|upper)[ -]?case\b|\b(?:is|are|gets?) (?:\w+ )?(?:sorted|deduplicated)\b|\bcut (?:off|to|at)\b|\b(?:not|never) (?:be )?(?:echoed|returned|shown|stored|sent (?:back )?by the (?:server|service))\b|忽略|只读|(?:系统|自动)生成|转换?为(?:小写|大写)|截断|四舍五入|加密|脱敏",
        r"(?i)\b(?:white ?space|blanks?|spaces?|tabs?|line breaks?|duplicates?|repeated (?:\w+ )?(?:items|values|entries)|accents?|case)\b[^.;]{0,30}\b(?:is|are|gets?|will be)\s+(?:\w+ )?(?:removed|discarded|dropped|deleted|eliminated|collapsed|squeezed|condensed|merged|cut|lost|left out|filtered(?: out)?|taken (?:away|out)|not (?:kept|preserved|significant))\b",
        r"(?i)\b(?:remov|discard|drop|collaps|squeez|condens|strip|trim)(?:e?s|ing)\b[^.;]{0,30}\b(?:white ?space|blanks?|spaces|duplicates?)\b",
        r"(?i)\b(?:kept|stored|saved|returned|answered|shown|held|brought)\b[^.;]{0,40}\b(?:without (?:duplicates|repetitions?|(?:leading|trailing|surrounding) \w+)|once(?: only)?\s*(?:[.;,]|$)|in (?:\w+ )?(?:alphabetical|alphabetic|ascending|descending|sorted|lexical|lexicographic(?:al)?|numerical|numeric|canonical|normal|normali[sz]ed|another) (?:order|form)|in UTC)\b",
        r"(?i)\b(?:missing|lacking)\b[^.;]{0,40}\b(?:is|are) (?:added|appended|prepended|filled in|completed|supplied)\b|\b(?:lower|upper)-?cased\b|\bmade (?:lower|upper)[ -]?case\b",
        r"(?:首尾|前后|两端|多余)的?空(?:格|白)[^。；]{0,10}(?:去除|删除|去掉|截去)|去重|排序后(?:保存|返回)",
    ];

    /// The service alone sets the value.
    static READ_ONLY = [
        r"(?i)(?:^\s*|[.;,(:]\s*|\b(?:is|are|and|field|parameter|property|attribute|value|strictly)\s+)read[- ]?only(?:\s*[.;,):]|\s*$|\s+(?:field|parameter|property|attribute|value)\b|\s+and\b)",
        r"(?i)\b(?:set|generated|assigned|filled in|maintained|managed|computed|calculated|populated|determined|created|issued|chosen|allocated|provided)\s+(?:automatically\s+)?by the (?:service|server|system|back-?end|platform|api)\b",
        r"(?i)\b(?:automatically|auto-?) ?(?:generated|assigned|set|filled|computed|calculated)\b|\b(?:server|system|service)[- ](?:generated|assigned|set|managed)\b",
        r"(?i)\bignored (?:in|on|by|if (?:it is )?(?:sent|set|given|specified|present) in|when (?:it is )?(?:sent|set|given|specified|present) in) (?:the |a |all |any )?(?:requests?(?: body| bodies)?|input|create|creation|writes?)\b",
        r"(?i)\b(?:must not|cannot|can not|can't|may not|should not|need not) be (?:set|sent|specified|supplied|provided|changed|modified|written|given) (?:by (?:the )?(?:user|client|caller)s?|in (?:a |the )?requests?)\b",
        r"(?i)\b(?:output|response)[- ]only\b|\bnot (?:settable|writable|writeable)\b|\bonly (?:returned|present|included|appears?|used|available) in (?:the )?(?:responses?|answers?|output)\b|\bonly in (?:the )?(?:responses?|answers?)\b",
        r"只读|由(?:系统|服务端?|后台|服务器|平台)(?:自动)?(?:生成|设置|分配|填充|维护|返回)|(?:系统|后台|服务端?)自动(?:生成|设置|分配|填充)|请求(?:中|时|体)?[^。；]{0,4}(?:忽略|无需(?:填写|传入|设置))|(?:仅|只)(?:在)?响应(?:中|体)?(?:返回|存在|有)?",
    ];

    /// Words by which a sentence says so of some cases alone, or of something else.
    static SOMETIMES =
        r"(?i)\b(?:if|when|unless|where|otherwise|default|omitted|left out|not specified|empty|mode|replicas?|nodes?|access|permissions?|or|after|once)\b|不填|不传|未指定|不指定|如果|默认|若|当|为空|实例|节点|权限|模式|副本";

    /// The value is there only where something has failed.
    static OF_FAILURE = [
        r"(?i)\bonly\b[^.;]{0,24}\b(?:for|of|in|when|if|where|while|after|in case)\b[^.;]{0,40}\b(?:fail(?:s|ed|ure)?|in error|error(?:ed)?)\b",
        r"(?i)\bfor (?:a |an |the |any |each )?failed \w+",
        r"(?i)\b(?:returned|present|included|there|set|given|shown|available) (?:when|if|where|in case) (?:the |a |an |its |this )?[\w`*' -]{1,40}\b(?:fails|failed|has failed)\b",
        r"(?:仅|只)[^。；]{0,12}失败|失败时才?(?:返回|有值|显示|存在)",
    ];

    /// Words for what is sent.
    static IN_REQUESTS =
        r"(?i)\b(?:if|when) (?:it is )?(?:sent|set|given|specified|present) in (?:the |a |all |any )?(?:requests?(?: body| bodies)?|input)\b|请求(?:中|时|体)";

    /// A number counts pages.
    static PAGE_NUMBER =
        r"(?i)\b(?:page (?:number|index|offset|no)|(?:number|index) of (?:the |a )?pages?|(?:which|what) page)\b|页码|第几页";

    /// Several values are tried one after another, and the first that has something counts.
    static RANKED =
        r"(?i)\b(?:prefer(?:s|red|ence|ences)?|fall(?:s|ing)?[- ]?backs?|order of (?:priority|importance)|highest priority|precedence|first (?:one |of them |value )?(?:that|which|to|with|match\w*|found|available)|(?:first|last) (?:one|value|of them) (?:counts|wins|is used|applies|takes)|overrid\w+|only the (?:first|last)|(?:tried|looked (?:for|up)|consulted) in (?:this|that|the) order)\b|优先|依次|回退";

    /// A value that is a mode of access.
    static MODE = r"(?i)^(?:read[-_ ]?only|ro|只读)$";

    /// Names of what refers to something by its id.
    static ID = r"^\w+(?:[_-]id|[_-]uuid|[a-z]Id|[a-z]ID|[a-z]Uuid)$";

    /// The same of several.
    static IDS = r"^\w+(?:[_-]ids|[_-]uuids|[a-z]Ids|[a-z]IDs)$";

    /// A number below zero is meant, or may be.
    static SIGNED = r"(?i)(?:^|[\s(:：,`'\x22])[-−]\s?\d|\bnegative\b|\bminus\b|负";

    /// Each request has a value of its own.
    static ONCE = [
        r"(?i)\bidempoten(?:t|cy|ce)\b",
        r"(?i)\b(?:unique|new|fresh|different|another|distinct|own)\b[^.;]{0,30}\b(?:to|for|of|per|in|with|across|identifying|identif(?:y|ies))\b (?:the |each |every |a |this |all )?(?:single |new |api )?(?:requests?|calls?)\b",
        r"(?i)\b(?:us(?:e|ed|able)|sent|serves?) (?:only |at most |exactly )?once\b|\bnever (?:be )?(?:re-?used|used (?:again|twice))\b|\b(?:must|may|can) ?not be re-?used\b",
        r"幂等|每次(?:请求|调用)[^。；]{0,8}(?:不同|唯一)",
    ];

    /// A number counts all there is, not what a page has of it.
    static TOTAL = [
        r"(?i)\btotal (?:number|count|amount|quantity) of\b",
        r"(?i)\b(?:number|count) of all\b",
        r"(?i)\bhow many\b[^.;]{0,40}\b(?:there are|in all|in total|altogether|fit|match)\b",
        r"(?i)\b(?:number|count) of\b[^.;]{0,40}(?:\b(?:in all|in total|altogether|that (?:fit|match)\w*|matching)\b)",
        r"总(?:条|个|记录)?数",
    ];

    /// All pages, or whichever page.
    static ANY_PAGE =
        r"(?i),?\s*\b(?:(?:over|across|on|in|from) all (?:the )?pages|(?:whichever|whatever|regardless of|ignoring|independent of|irrespective of|before|without)(?: the)? (?:pag\w+|limit|offset)(?: (?:and|or)(?: the)? (?:pag\w+|limit|offset))?(?: is asked for)?)";

    /// A number of things, of whichever.
    static COUNTED = r"(?i)\b(?:number|count) of\b";

    /// It counts something else, or not what a filter leaves.
    static PARTIAL =
        r"(?i)\bpages?\b|\breturned\b|\bin th(?:is|e) (?:answer|response|list|result|batch)\b|\b(?:un)?filter\w*\b|\b(?:system|database|collection|account|project|store|bytes|tokens|limit|maximum|allowed|remaining|left)\b|(?:本|当前|每)页|页数";

    /// A list is in the order of a field.
    static SORTED =
        r"(?i)\b(?:sorted|ordered|arranged|in (?:the )?(?:(?P<before>ascending|descending|alphabetical|alphabetic|numeric(?:al)?) )?order)\b[^.;]{0,24}?\b(?:by|of)\s+(?:the |their |its )?[`*]*(?P<name>[a-z_][\w-]*)[`*]*(?P<after>[^.;]{0,30})";

    static NEWEST =
        r"(?i)\b(?:newest|latest|most recent(?:ly [a-z]+)?)\b[^.;]{0,24}\b(?:first|at the top)\b|\breverse chronological\b|\bdescending (?:order )?(?:of|by) (?:the )?(?:creation|creat|time|date)|(?:时间|日期)(?:的)?(?:倒序|降序)|从新到旧|最新的?(?:在前|排在最前|优先)";

    static OLDEST =
        r"(?i)\b(?:oldest|earliest)\b[^.;]{0,24}\b(?:first|at the top)\b|\bascending (?:order )?(?:of|by) (?:the )?(?:creation|creat|time|date)|(?:时间|日期)(?:的)?(?:正序|升序)|从旧到新|最早的?(?:在前|排在最前|优先)";
}

fn any(patterns: &[regex::Regex], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.is_match(text))
}

/// What the running text of a row says of the value beside its schema, whatever the row's place.
pub(super) fn meanings(text: &str, kind: Kind) -> Vec<Meaning> {
    let sentences = sentences(text);
    let mut found = Vec::new();
    let mut add = |meaning: Meaning, holds: bool| {
        if holds {
            found.push(meaning);
        }
    };
    let says = |pattern: &regex::Regex| sentences.iter().any(|one| pattern.is_match(one));
    add(
        Meaning::Opaque,
        matches!(kind, Kind::String | Kind::Any)
            && sentences.iter().any(|sentence| any(&OPAQUE, sentence)),
    );
    add(Meaning::PageNumber, kind.is_number() && says(&PAGE_NUMBER));
    add(Meaning::Filter, filters(&sentences, kind));
    add(
        Meaning::Total,
        kind.is_number() && sentences.iter().any(|sentence| is_total(sentence)),
    );
    add(
        Meaning::Searched,
        matches!(kind, Kind::String | Kind::Any)
            && sentences.iter().any(|sentence| {
                any(&SEARCHED, sentence) && !COMPARED.is_match(sentence) && !LOOSE.is_match(text)
            }),
    );
    add(
        Meaning::LastPage,
        sentences
            .iter()
            .any(|sentence| NOTHING.is_match(sentence) && END.is_match(sentence)),
    );
    add(
        Meaning::OfService,
        sentences.iter().any(|sentence| any(&OF_SERVICE, sentence)),
    );
    add(
        Meaning::ReadOnly,
        sentences
            .iter()
            .any(|sentence| any(&READ_ONLY, sentence) && !is_of_some(sentence)),
    );
    add(Meaning::Signed, kind.is_number() && says(&SIGNED));
    add(
        Meaning::Once,
        matches!(kind, Kind::String | Kind::Any)
            && sentences.iter().any(|sentence| any(&ONCE, sentence)),
    );
    add(
        Meaning::OfFailure,
        sentences.iter().any(|sentence| any(&OF_FAILURE, sentence)),
    );
    add(Meaning::Ranked, kind == Kind::Array && says(&RANKED));
    found.extend((kind == Kind::Array).then(|| in_time(text)).flatten());
    found.extend(promises(&sentences, kind));
    found.extend(of_pages(&sentences, kind));
    found
}

/// Whether a sentence says of a number that it counts all there is: what it says of all pages is
/// left aside, for any other word of a page makes it the count of one, or of pages.
fn is_total(sentence: &str) -> bool {
    let rest = ANY_PAGE.replace_all(sentence, "");
    let is_of_all = rest.len() < sentence.len() && COUNTED.is_match(&rest);
    (any(&TOTAL, &rest) || is_of_all) && !PARTIAL.is_match(&rest)
}

/// Whether a sentence is about some cases alone, or about something else.
pub(super) fn is_of_some(sentence: &str) -> bool {
    SOMETIMES.is_match(&of_request(sentence))
}

/// A sentence without the words by which it says that it is about requests.
fn of_request(sentence: &str) -> String {
    IN_REQUESTS.replace_all(sentence, "").into_owned()
}

/// Which end of a list in time comes first, where a text says so.
pub(super) fn in_time(text: &str) -> Option<Meaning> {
    match (NEWEST.is_match(text), OLDEST.is_match(text)) {
        (true, false) => Some(Meaning::NewestFirst),
        (false, true) => Some(Meaning::OldestFirst),
        // A text that speaks of both says how to choose.
        (true, true) | (false, false) => None,
    }
}

/// The field that a list is in the order of, where a text says so.
pub(super) fn sorted(text: &str) -> Option<Constraint> {
    let found = SORTED.captures(text)?;
    let name = found.name("name")?.as_str().to_owned();
    let says = |role: &str, word: &str| {
        let said = found.name(role).map_or("", |found| found.as_str());
        said.to_lowercase().contains(word)
    };
    let is_descending = says("before", "descending") || says("after", "desc");
    Some(Constraint::SortedBy(name, is_descending))
}

/// Names of the time at which an item was made.
const CREATION: &[&str] = &["creation", "create", "created", "time", "date"];

/// Gives what is said of a list's order to the field of an item that it is about. `told` is what the
/// page says of the list beside its row.
pub(super) fn settle_answer(node: &mut Node, told: &[(Constraint, Site)]) {
    let mut is_first = true;
    node.each_mut(&mut |list| {
        let has_fields = |item: &Node| !item.properties.is_empty();
        if !list.items.as_deref().is_some_and(has_fields) {
            return;
        }
        if std::mem::take(&mut is_first) {
            for (constraint, site) in told {
                list.state(constraint.clone(), site);
            }
        }
        let ordered: Vec<Statement> = list
            .statements
            .iter()
            .filter(|statement| matches!(statement.constraint, Constraint::SortedBy(..)))
            .cloned()
            .collect();
        for Statement { constraint, site } in ordered {
            let Constraint::SortedBy(name, is_descending) = constraint else {
                continue;
            };
            let (of_field, of_time) = if is_descending {
                (Meaning::Descending, Meaning::NewestFirst)
            } else {
                (Meaning::Ascending, Meaning::OldestFirst)
            };
            let fields = list.items.iter_mut().flat_map(|item| &mut item.properties);
            let field = fields.into_iter().find(|(known, _)| *known == name);
            if let Some((_, field)) = field {
                field.state(Constraint::Meaning(of_field), &site);
            } else if CREATION.contains(&name.to_lowercase().as_str()) {
                list.state(Constraint::Meaning(of_time), &site);
            }
        }
    });
    node.each_mut(&mut |field| {
        field
            .statements
            .retain(|statement| !matches!(statement.constraint, Constraint::SortedBy(..)));
        for (name, own) in &mut field.properties {
            // What is called a total is one without a word.
            let is_called_so = name.to_lowercase().contains("total");
            own.statements.retain(|statement| {
                !is_called_so || statement.constraint != Constraint::Meaning(Meaning::Total)
            });
        }
    });
}

/// Whether a list has those items alone that have the value: a sentence says so, and none makes it
/// less than an equality.
fn filters(sentences: &[String], kind: Kind) -> bool {
    let is_of_form =
        |sentence: &str| ALPHABET.is_match(sentence) || !limits(sentence, kind).is_empty();
    let is_inexact = sentences
        .iter()
        .any(|sentence| !is_of_form(sentence) && INEXACT.is_match(sentence));
    !is_inexact
        && kind != Kind::Array
        && kind != Kind::Object
        && sentences
            .iter()
            .any(|sentence| any(&FILTER, sentence) && !COMPARED.is_match(sentence))
}

/// Whether what a sentence says can be meant of a value that goes in a direction.
pub(super) fn goes(meaning: Meaning, direction: Direction) -> bool {
    match meaning {
        Meaning::Opaque
        | Meaning::Filter
        | Meaning::Searched
        | Meaning::NotBelow
        | Meaning::NotAbove
        | Meaning::Above
        | Meaning::Below
        | Meaning::PageNumber
        | Meaning::Kept
        | Meaning::Reset
        | Meaning::Repeatable
        | Meaning::Widened
        | Meaning::EmptyForUnknown
        | Meaning::Unsent
        | Meaning::Ranked
        | Meaning::Once
        | Meaning::Unique
        | Meaning::Cleared
        | Meaning::Ignored
        | Meaning::Hidden
        | Meaning::Creates
        | Meaning::ReadOnly => direction == Direction::Request,
        Meaning::LastPage
        | Meaning::More
        | Meaning::Last
        | Meaning::Total
        | Meaning::NewestFirst
        | Meaning::OldestFirst
        | Meaning::Ascending
        | Meaning::Descending
        | Meaning::OfFailure
        | Meaning::Signed => direction == Direction::Response,
        Meaning::OfService | Meaning::Conditional | Meaning::Blank | Meaning::AnyCase => true,
    }
}

/// Leaves a parameter what can be meant of it, and takes the marker of a page for one of an answer
/// where no row gives it a form.
pub(super) fn settle_parameter(name: &str, location: Location, node: &mut Node) {
    node.statements
        .retain(|statement| match statement.constraint {
            Constraint::Meaning(
                Meaning::Opaque
                | Meaning::Filter
                | Meaning::Searched
                | Meaning::PageNumber
                | Meaning::Ranked,
            ) => location == Location::Query,
            Constraint::Meaning(Meaning::Conditional | Meaning::Once) => location != Location::Path,
            // What widens the values of a body's field widens those of a parameter.
            Constraint::Meaning(Meaning::Blank | Meaning::AnyCase | Meaning::Widened) => true,
            Constraint::Meaning(_) => false,
            _ => true,
        });
    let has_form = node.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Enum(..)
                | Constraint::Pattern(..)
                | Constraint::Format(_)
                | Constraint::Default(_)
        )
    });
    let has_list = |statement: &Statement| matches!(statement.constraint, Constraint::Enum(..));
    if node.statements.iter().any(has_list) {
        // Whoever lists the values takes none of them from an answer.
        let opaque = Constraint::Meaning(Meaning::Opaque);
        node.statements
            .retain(|statement| statement.constraint != opaque);
    }
    let is_text = node.kind().is_none_or(|kind| kind == Kind::String);
    let name = name.to_lowercase();
    let is_of_answer = match location {
        Location::Query => MARKERS.contains(&name.as_str()),
        Location::Header => VALIDATORS.contains(&name.as_str()),
        Location::Path | Location::Cookie => false,
    };
    if is_of_answer
        && is_text
        && !has_form
        && let Some(site) = node.rows.first().cloned()
    {
        node.state(Constraint::Meaning(Meaning::Opaque), &site);
    }
}

/// Leaves the fields of a body what can be meant of them.
pub(super) fn settle_body(node: &mut Node) {
    node.each_mut(&mut |field| {
        field.statements.retain(|statement| {
            !matches!(
                statement.constraint,
                Constraint::Meaning(
                    Meaning::Filter | Meaning::Searched | Meaning::PageNumber | Meaning::Ranked
                )
            )
        });
        let is_listed = field.statements.iter().any(|statement| {
            matches!(
                statement.constraint,
                Constraint::Enum(..) | Constraint::Default(_)
            )
        });
        let is_mandatory = field.mandatory() == Some(true);
        field
            .statements
            .retain(|statement| match statement.constraint {
                // Whoever lists the values takes none of them from an answer.
                Constraint::Meaning(Meaning::Opaque) => !is_listed && !is_mandatory,
                // What has to be sent is not the service's to set.
                Constraint::Meaning(Meaning::ReadOnly | Meaning::Ignored) => !is_mandatory,
                _ => true,
            });
        let is_mode = field.listed().iter().any(|value| MODE.is_match(value));
        if is_mode {
            let read_only = Constraint::Meaning(Meaning::ReadOnly);
            field
                .statements
                .retain(|statement| statement.constraint != read_only);
        }
    });
    refer(node);
}

/// Takes what refers to something that is there for what an answer gave, where it may be left out:
/// nobody makes up an id that exists.
fn refer(object: &mut Node) {
    object.each_mut(&mut |object| {
        for (name, field) in &mut object.properties {
            let site = field.rows.first().cloned();
            if is_reference(name, field)
                && let Some(site) = site
            {
                field.state(Constraint::Meaning(Meaning::Opaque), &site);
            }
        }
    });
}

/// Whether a field of this name refers to something by its id.
pub(super) fn names_id(name: &str) -> bool {
    ID.is_match(name)
}

/// Whether an optional field names something else by its id, or several.
fn is_reference(name: &str, field: &Node) -> bool {
    let is_text = |node: &Node| node.kind().is_none_or(|kind| kind == Kind::String);
    let is_one = is_text(field) && names_id(name);
    let is_many =
        field.is(Kind::Array) && IDS.is_match(name) && field.items.as_deref().is_some_and(is_text);
    let has_form = field.statements.iter().any(|statement| {
        matches!(
            statement.constraint,
            Constraint::Enum(..) | Constraint::Default(_) | Constraint::Pattern(..)
        )
    });
    (is_one || is_many) && !has_form && field.mandatory() != Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("The error code. Only for a failed widget.", true)]
    #[case("Why it failed; for a failed backup.", true)]
    #[case("The error code. It is returned only if the backup fails.", true)]
    #[case("Only when `state` is `failed`.", true)]
    #[case("The code, returned if the job failed.", true)]
    #[case("仅当备份失败时返回。", true)]
    #[case("How often it was tried again after it failed.", false)]
    #[case("The time at which the backup failed or ended.", false)]
    #[case("The state: ready, failed.", false)]
    fn some_values_are_there_for_failures_alone(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::OfFailure);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("A UUID that is unique to the request.", true)]
    #[case("A token that makes the request idempotent.", true)]
    #[case("A unique identifier of the request.", true)]
    #[case("It may be used once.", true)]
    #[case("Use a new value for each request.", true)]
    #[case("A key must not be reused.", true)]
    #[case("用于保证请求幂等性的令牌。", true)]
    #[case("The name. It is unique within the project.", false)]
    #[case("The token of the account that makes the request.", false)]
    fn what_serves_one_request_is_told(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::Once);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("Where the page begins: the next_marker of the page before.")]
    #[case("The cursor that was returned by the previous call.")]
    #[case("A token obtained from the response of ListThings.")]
    #[case("The ID of the last record displayed on the previous page.")]
    #[case("Value of next_page_token in the last answer.")]
    #[case("上一页最后一条记录的ID。")]
    fn what_an_answer_gave_is_opaque(#[case] text: &str) {
        assert!(meanings(text, Kind::String).contains(&Meaning::Opaque));
    }

    #[rstest]
    #[case("Only volumes of this name. It contains 1 to 16 characters.", true)]
    #[case("Only volumes in this state.", true)]
    #[case("Only orders of this customer.", true)]
    #[case("Limit to this customer.", true)]
    #[case("The customer whose orders are listed.", true)]
    #[case("Only the field that the list is ordered by this way.", false)]
    #[case("Filters the list by owner.", true)]
    #[case("Filter by status.", true)]
    #[case("Lists the items with the specified type.", true)]
    #[case("The state of the volumes to be listed.", true)]
    #[case("按状态过滤。", true)]
    #[case("根据名称查询。", true)]
    #[case("Filter by name. Fuzzy match is supported.", false)]
    #[case("Only volumes whose name contains this text.", false)]
    #[case("Filter by name prefix.", false)]
    #[case("Only volumes created after this time.", false)]
    #[case("Only volumes that are not in this state.", false)]
    #[case("Start time of the period to be queried.", false)]
    #[case("The number of records to be queried.", false)]
    #[case(
        "This parameter is valid only when the specified engine is MySQL.",
        false
    )]
    #[case("按名称模糊查询。", false)]
    #[case("How many items a page has.", false)]
    #[case("The name.", false)]
    fn a_filter_is_told_from_a_search(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::Filter);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("Only volumes whose name contains this text.", true)]
    #[case("Volumes with names containing the given string.", true)]
    #[case("A substring match on the name.", true)]
    #[case("Only volumes whose name does not contain this text.", false)]
    #[case("Fuzzy search: names that contain the text, or are like it.", false)]
    #[case("A text. It contains the characters a to z.", false)]
    #[case("The name.", false)]
    fn a_search_is_told(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::Searched);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("Number of all machines that fit", true)]
    #[case("The total number of machines.", true)]
    #[case("Total number of machines, over all pages.", true)]
    #[case("The number of machines, whichever page is asked for.", true)]
    #[case("How many articles there are.", true)]
    #[case("符合条件的总数。", true)]
    #[case("The number of machines.", false)]
    #[case("The number of machines on this page.", false)]
    #[case("The total number of pages.", false)]
    #[case("Total number of machines returned.", false)]
    #[case("The total number of machines before filtering.", false)]
    #[case("How many items a page has.", false)]
    fn a_total_is_told_from_the_count_of_a_page(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::Integer).contains(&Meaning::Total);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("The value is null on the last page.", true)]
    #[case("Empty if there are no more items.", true)]
    #[case("Not returned when there is no next page.", true)]
    #[case("Present only if there are more items.", true)]
    #[case("最后一页为空。", true)]
    #[case("The marker of the next page.", false)]
    fn the_end_of_a_list_is_read(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::LastPage);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("The name. It is converted to lower case.", true)]
    #[case("This parameter is ignored.", true)]
    #[case("Set by the service.", true)]
    #[case("Leading and trailing blanks are removed.", true)]
    #[case("Surrounding whitespace is discarded.", true)]
    #[case("The service drops repeated spaces.", true)]
    #[case("Tags. They are kept without duplicates, in alphabetical order.", true)]
    #[case("Duplicates are dropped.", true)]
    #[case("A missing trailing slash is added.", true)]
    #[case("It is answered in UTC.", true)]
    #[case("首尾空格会被去除。", true)]
    #[case("It must not have blanks at its ends.", false)]
    #[case(
        "It may be sent when creating, and MUST NOT be sent by the server.",
        true
    )]
    #[case("The items are listed in this order.", false)]
    #[case("The name can contain uppercase letters.", false)]
    fn what_the_service_makes_of_a_value_is_read(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::OfService);
        assert_eq!(found, expected);
    }

    #[rstest]
    #[case("The events, newest first.", Some(Meaning::NewestFirst))]
    #[case("The logs with the oldest log first.", Some(Meaning::OldestFirst))]
    #[case("备份列表，按创建时间倒序。", Some(Meaning::NewestFirst))]
    #[case("The events.", None)]
    #[case("Newest first if desc is true, else oldest first.", None)]
    fn an_order_in_time_is_read(#[case] text: &str, #[case] expected: Option<Meaning>) {
        assert_eq!(in_time(text), expected);
    }

    #[rstest]
    #[case("The volumes, sorted by name.", Some(("name", false)))]
    #[case("Sorted by `size` in descending order.", Some(("size", true)))]
    #[case("In descending order of created_at.", Some(("created_at", true)))]
    #[case("In alphabetical order of the name.", Some(("name", false)))]
    #[case("The volumes of this name.", None)]
    fn an_order_by_a_field_is_read(#[case] text: &str, #[case] expected: Option<(&str, bool)>) {
        let expected =
            expected.map(|(name, descending)| Constraint::SortedBy(name.to_owned(), descending));
        assert_eq!(sorted(text), expected);
    }

    #[rstest]
    #[case("-1 means that there is no limit.", true)]
    #[case("The value is -1 where it is not known.", true)]
    #[case("May be negative.", true)]
    #[case("The size in GB, 1-10.", false)]
    fn a_number_below_zero_is_told(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::Integer).contains(&Meaning::Signed);
        assert_eq!(found, expected);
    }
}
