//! Values: which texts a cell lists, and where they stand. Precision goes before recall: a value
//! that a page does not have is a false alarm later, so a list is taken whole or not at all.

mod bullets;
mod marked;
mod sentence;
mod token;
mod turned;
mod worded;

use self::bullets::{Announcement, bullets};
use self::token::{checked, token};
use super::description::{Label, Part, Passage};
use super::sentences::sentences;
use super::statement::{Constraint, Kind, Stand};

phrases! {
    Values:

    /// Announcements of something else than values.
    static OTHERWISE;

    /// Words by which a text leaves room for values of a kind beside those that it names.
    static BESIDE;

    /// Words by which several values may be sent as one text.
    static JOINED;

    /// The last of several in a sentence, which announces nothing: `all, one and range`.
    static LAST;

    /// A text after which bullets are examples, not values.
    static EXAMPLES;

    /// Sentences by which values may come that are not listed, or do already.
    static MORE_TO_COME;

    /// Ends of a paragraph that announce values in so many words.
    static EXPLICIT;

    /// Ends of a paragraph that announce values in other words.
    static ANNOUNCES;

    /// What a field is, at the end of a text: `The tolerance value`.
    static NAMED;

    /// Words before `value` that only announce it.
    static OF_VALUES;

    /// What stands behind values of which others are not told: `BTC, ETH...`, `A, B and others`.
    static OPEN;

    /// A rule for values, as validators call it, that is no value itself.
    static RULE;

    /// A word that is such a rule where rules or values are expected.
    static RULE_IN_RANGE;

    /// Two numbers between which all values lie.
    static RANGE;

    /// The one truth value that a field takes.
    static TRUTH;
}

pattern! {
    /// A bullet with a further one in it: `sail: with sails - motor: with a motor`.
    static RUN_ON = r"^\S{1,40}(?:\s*[:：]|\s[-–—])\s.*\s[-–*•+]\s+[\w./+-]{1,40}(?:\s*[:：]|\s[-–—]\s)";
    /// A bullet that is several values: `sail, motor`.
    static SEVERAL = r"^[\w./+-]{1,40}(?:\s*\([^()]*\))?(?:\s*[,，、]\s*[\w./+-]{1,40}(?:\s*\([^()]*\))?)+$";
}

/// The one truth value that a cell says a field takes: `Must be true.`
fn truth(passages: &[Passage]) -> Option<Constraint> {
    let said = running(passages);
    let said = sentences(&said);
    let mut told = said.iter().filter_map(|sentence| TRUTH.captures(sentence));
    let value = told.next()?.name("value")?.as_str().to_lowercase();
    let is_one = told.next().is_none();
    is_one.then(|| Constraint::Enum(vec![value], Stand::Prose))
}

/// Whether the end of a text only says what a field is, or is the last of several.
fn names_itself(clause: &str) -> bool {
    let is_noun = NAMED.captures(clause).is_some_and(|captures| {
        captures
            .name("word")
            .is_some_and(|word| !OF_VALUES.is_match(word.as_str()))
    });
    is_noun || LAST.is_match(clause)
}

/// How the end of a text announces what follows.
fn announcement(text: &str) -> Announcement {
    let clause = text
        .rsplit(['.', '。', '；', ';'])
        .find(|clause| !clause.trim().is_empty())
        .unwrap_or(text);
    if EXPLICIT.is_match(text) {
        Announcement::Explicit
    } else if ANNOUNCES.is_match(text) && !OTHERWISE.is_match(clause) && !names_itself(clause) {
        Announcement::Loose
    } else {
        Announcement::None
    }
}

/// Whether a text announces something else than values, such as ways or rules.
fn announces_otherwise(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with([':', '：'])
        && OTHERWISE.is_match(text.rsplit(['.', '。', '；', ';']).next().unwrap_or(text))
}

/// The values that a cell lists; [`Constraint::ValuesLost`] where it announces some and gives none.
pub(super) fn values(passages: &[Passage], kind: Kind) -> Vec<Constraint> {
    let mut found: Vec<Constraint> = Vec::new();
    // Where no type is told, a text may stand for what is one.
    if matches!(kind, Kind::Boolean | Kind::String | Kind::Any) {
        found.extend(truth(passages));
    }
    if !matches!(
        kind,
        Kind::String | Kind::Integer | Kind::Number | Kind::Any
    ) {
        return found;
    }
    let said = running(passages);
    if BESIDE.is_match(&said) || kind == Kind::String && joins(passages) {
        return found;
    }
    for passage in passages.iter().filter(|own| own.label != Label::Default) {
        of_passage(passage, kind, &mut found);
    }
    let listed = found
        .iter()
        .any(|constraint| matches!(constraint, Constraint::Enum(..)));
    if !listed {
        let told = in_code(passages, kind)
            .map(|(values, _)| (values, Stand::Code))
            .or_else(|| Some((sentence::told(&running(passages), kind)?, Stand::Prose)));
        found.extend(told.map(|(values, stand)| Constraint::Enum(values, stand)));
    }
    if found
        .iter()
        .any(|own| matches!(own, Constraint::Enum(values, _) if is_open(&said, values)))
    {
        found.retain(|own| !matches!(own, Constraint::Enum(..)));
        found.push(Constraint::Prose);
    }
    // `NotNull, unique` are rules for values, in the column that has lists of them too.
    let has_range = passages.iter().any(|own| own.label == Label::Range);
    let is_rule =
        |value: &String| RULE.is_match(value) || has_range && RULE_IN_RANGE.is_match(value);
    if found
        .iter()
        .any(|own| matches!(own, Constraint::Enum(values, _) if values.iter().any(is_rule)))
    {
        found.retain(|own| !matches!(own, Constraint::Enum(..)));
        found.push(Constraint::Prose);
    }
    if kind == Kind::String {
        turned::add(&mut found, &said);
    }
    // Where a heading announces values, bullets elsewhere in the cell explain something else.
    let headed = found
        .iter()
        .any(|constraint| matches!(constraint, Constraint::Enum(_, Stand::Heading)));
    if headed {
        found.retain(|constraint| !matches!(constraint, Constraint::Enum(_, Stand::Bullets)));
    }
    found.retain(|constraint| match constraint {
        Constraint::Enum(values, Stand::Prose | Stand::Code | Stand::Bullets) => {
            !ends_of_range(values, passages)
        }
        _ => true,
    });
    let mut unique: Vec<Constraint> = Vec::new();
    for constraint in found {
        if !unique.contains(&constraint) {
            unique.push(constraint);
        }
    }
    unique
}

/// Whether the values that a cell lists are the two truth values and nothing else, as no text in
/// quotes is; a word before both in code marks is no third.
pub(super) fn are_truth(statements: &[Constraint], passages: &[Passage]) -> bool {
    let said = running(passages).to_lowercase();
    let is_quoted = ["\"true", "'true", "“true", "\"false", "'false", "“false"];
    if is_quoted.iter().any(|own| said.contains(own)) {
        return false;
    }
    let mut lists = statements.iter().filter_map(|own| match own {
        Constraint::Enum(values, stand) => Some((values, *stand)),
        _ => None,
    });
    let (Some((values, stand)), None) = (lists.next(), lists.next()) else {
        return false;
    };
    let is_truth = |value: &&String| matches!(value.to_lowercase().as_str(), "true" | "false");
    let others: Vec<&String> = values.iter().filter(|own| !is_truth(own)).collect();
    let is_marked = |value: &str| {
        let marked = format!("`{value}`");
        let mut texts = passages.iter().flat_map(|own| &own.ticked);
        texts.any(|text| text.contains(&marked))
    };
    let is_word = |other: &&String| {
        stand == Stand::Prose && is_marked("true") && is_marked("false") && !is_marked(other)
    };
    values.len() == others.len() + 2 && others.len() < 2 && others.iter().all(is_word)
}

/// Whether a cell says that several of its values may be sent as one text.
pub(super) fn joins(passages: &[Passage]) -> bool {
    let said = running(passages);
    JOINED.is_match(&said)
}

/// Whether a text leaves a list of values open: a sentence that more may come does, and what stands
/// right behind one of them.
fn is_open(text: &str, values: &[String]) -> bool {
    if MORE_TO_COME.is_match(text) && !turned::is_told(text) {
        return true;
    }
    OPEN.pattern().find_iter(text).any(|found| {
        let head = text.get(..found.start()).unwrap_or_default();
        let head = head.trim_end_matches(['`', '"', '”', '’', '\'', ' ']);
        values.iter().any(|value| head.ends_with(value.as_str()))
    })
}

/// Whether values only explain the ends of a range that the cell states:
/// `1-7, where 1 indicates Monday and 7 indicates Sunday`.
fn ends_of_range(values: &[String], passages: &[Passage]) -> bool {
    let numbers: Option<Vec<i64>> = values.iter().map(|value| value.parse().ok()).collect();
    let Some(numbers) = numbers else {
        return false;
    };
    let text = super::description::running(passages);
    RANGE.all(&text).any(|captures| {
        let end = |name: &str| captures.name(name)?.as_str().parse::<i64>().ok();
        let (Some(from), Some(to)) = (end("from"), end("to")) else {
            return false;
        };
        // A list as long as the range is the range, spelled out.
        let spelled_out = usize::try_from(to - from).is_ok_and(|span| span < numbers.len());
        from < to && !spelled_out && numbers.iter().all(|value| (from..=to).contains(value))
    })
}

/// The values that a cell lists in code marks, and the sentence that does.
fn in_code(passages: &[Passage], kind: Kind) -> Option<(Vec<String>, String)> {
    let texts = || {
        let told = passages.iter().filter(|own| own.label != Label::Default);
        told.flat_map(|own| &own.ticked)
    };
    let listed = texts().find_map(|text| marked::listed(text, kind));
    // Beside a further value in the cell it is not the only one.
    let is_alone = texts().count() == 1;
    let mut fixed = texts().filter(|_| is_alone);
    listed.or_else(|| fixed.find_map(|text| marked::fixed(text, kind)))
}

/// Whether a cell names several values in code marks, whatever it says of others.
pub(super) fn mentions(passages: &[Passage], kind: Kind) -> bool {
    let takes_text = matches!(kind, Kind::String | Kind::Any);
    let mut texts = passages.iter().flat_map(|own| &own.ticked);
    takes_text && texts.any(|text| marked::mentions(text))
}

/// The default that a cell has in code marks.
pub(super) fn preset(passages: &[Passage]) -> Option<String> {
    let mut texts = passages.iter().flat_map(|own| &own.ticked);
    texts.find_map(|text| marked::preset(text))
}

/// Whether a sentence lists values that are those of one case only.
pub(super) fn lists_in_a_case(sentence: &str, kind: Kind) -> bool {
    sentence::lists_in_a_case(sentence, kind)
}

/// Whether a sentence of a cell lists values.
pub(super) fn reads(passages: &[Passage], sentence: &str, kind: Kind) -> bool {
    announcement(sentence) != Announcement::None
        || sentence::listed(sentence, kind).is_some()
        || in_code(passages, kind).is_some_and(|(_, own)| own == sentence)
}

fn of_passage(passage: &Passage, kind: Kind, found: &mut Vec<Constraint>) {
    if passage.is_lost() {
        found.push(Constraint::ValuesLost);
        return;
    }
    // A number alone is a limit, of which it is not told what it limits.
    if passage.label == Label::Range
        && let [Part::Text(text)] = passage.parts.as_slice()
        && text.trim().parse::<f64>().is_ok()
    {
        found.push(Constraint::Prose);
        return;
    }
    let mut announced = if passage.label == Label::Range {
        Announcement::Explicit
    } else {
        Announcement::None
    };
    let mut examples = false;
    // Each value on a line of its own, as text without marks has a list.
    let bare = bare_paragraphs(&passage.parts);
    if passage.label == Label::Range
        && bare.len() > 1
        && bare.len() == passage.parts.len()
        && let Some(values) = checked(bare, kind, 2, false)
    {
        found.push(Constraint::Enum(values, Stand::Heading));
        return;
    }
    // The same, each with its meaning.
    let texts: Vec<&str> = passage
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Bullets(_) => None,
        })
        .collect();
    if passage.label == Label::Range
        && texts.len() > 1
        && texts.len() == passage.parts.len()
        && let items = bullets::paragraphs(&texts, kind)
        && items.len() == texts.len()
        && let Some(values) = bullets(&items, kind, Announcement::Loose)
    {
        found.push(Constraint::Enum(values, Stand::Heading));
        return;
    }
    for (index, part) in passage.parts.iter().enumerate() {
        match part {
            Part::Text(text) if sentence::are_run_together(text) => {
                found.push(Constraint::ValuesLost);
            }
            Part::Bullets(items) => {
                let own = std::mem::replace(&mut announced, Announcement::None);
                if own == Announcement::None && std::mem::take(&mut examples) {
                    continue;
                }
                of_bullets(items, own, kind, found);
            }
            Part::Text(text) => {
                let next = passage.parts.get(index + 1);
                announced = announcement(text);
                examples = EXAMPLES.is_match(text) || announces_otherwise(text);
                if announced == Announcement::Loose
                    && next.is_none()
                    && text.trim_end().ends_with([':', '：'])
                {
                    found.push(Constraint::ValuesLost);
                }
                if announced == Announcement::Explicit && !matches!(next, Some(Part::Bullets(_))) {
                    let bare = bare_paragraphs(passage.parts.get(index + 1..).unwrap_or_default());
                    match checked(bare, kind, 1, false) {
                        Some(values) => found.push(Constraint::Enum(values, Stand::Heading)),
                        None => found.push(Constraint::ValuesLost),
                    }
                }
                let texts = passage.parts.get(index + 1..).unwrap_or_default();
                let texts = texts.iter().map_while(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    Part::Bullets(_) => None,
                });
                let items = if announced != Announcement::None {
                    bullets::paragraphs(&texts.collect::<Vec<_>>(), kind)
                } else if text.trim_end().ends_with([':', '：']) && !examples {
                    bullets::constants(texts)
                } else {
                    Vec::new()
                };
                if items.len() > 1
                    && let Some(values) = bullets(&items, kind, Announcement::Loose)
                {
                    found.push(Constraint::Enum(values, Stand::Heading));
                }
                if passage.label == Label::Range
                    && let Some(values) = sentence::labelled(&format!("Range: {text}"), kind)
                {
                    found.push(Constraint::Enum(values, Stand::Prose));
                }
                if let Some(values) = sentence::listed(text, kind) {
                    found.push(Constraint::Enum(values, Stand::Prose));
                }
            }
        }
    }
}

/// Bare values that follow an announcement as paragraphs of their own.
fn bare_paragraphs(parts: &[Part]) -> Vec<String> {
    parts
        .iter()
        .map_while(|part| match part {
            Part::Text(text) => token(text),
            Part::Bullets(_) => None,
        })
        .collect()
}

fn of_bullets(items: &[String], announced: Announcement, kind: Kind, found: &mut Vec<Constraint>) {
    // The last bullet of a list may announce values that were meant to follow it.
    let split = items
        .iter()
        .position(|item| announcement(item) != Announcement::None)
        .filter(|place| place + 1 < items.len());
    if let Some(place) = split
        && announced == Announcement::None
        && let (Some(head), Some(rest)) = (items.get(place), items.get(place + 1..))
    {
        of_bullets(rest, announcement(head), kind, found);
        return;
    }
    let stand = if announced == Announcement::None {
        Stand::Bullets
    } else {
        Stand::Heading
    };
    // Of bullets that a tool ran together without any marks it is not told where each begins.
    if announced != Announcement::None && are_run_together(items) {
        found.push(Constraint::ValuesLost);
        return;
    }
    if let Some(values) = bullets(items, kind, announced) {
        found.push(Constraint::Enum(values, stand));
    }
}

/// Whether a bullet goes on with what looks like another, or is a list itself.
fn are_run_together(items: &[String]) -> bool {
    items.iter().any(|item| RUN_ON.is_match(item))
        || matches!(items, [item] if SEVERAL.is_match(item.trim()))
}

/// The running text of a cell, its bullets left out: what they mean is read from them alone.
fn running(passages: &[Passage]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for passage in passages.iter().filter(|own| own.label != Label::Default) {
        for part in &passage.parts {
            if let Part::Text(text) = part {
                texts.push(text);
            }
        }
    }
    texts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Range: btcusdt, ethbtc...（取值参考GET /v1/symbols）", &["btcusdt", "ethbtc"], true)]
    #[case("btc, ltc, etc ...(available currencies in X)", &["btc", "ltc", "etc"], true)]
    #[case("A, B and others", &["A", "B", "others"], true)]
    #[case("A, B, etc.", &["A", "B", "etc"], true)]
    #[case("A、B等", &["A", "B"], true)]
    #[case("A, B (available in region X)", &["A", "B"], true)]
    #[case("Values: A, B. Enter the name...", &["A", "B"], false)]
    #[case("one of male, female, other", &["male", "female", "other"], false)]
    #[case("A, B等级", &["A", "B"], false)]
    #[case("One of A, B. Other values may be added.", &["A", "B"], true)]
    #[case("A or B. Clients must ignore unknown values.", &["A", "B"], true)]
    #[case("Including but not limited to A, B.", &["A", "B"], true)]
    #[case("取值为A、B，后续可能新增。", &["A", "B"], true)]
    #[case("A or B. Other values are refused.", &["A", "B"], false)]
    fn some_lists_are_open(#[case] text: &str, #[case] values: &[&str], #[case] expected: bool) {
        let values: Vec<String> = values.iter().map(|own| (*own).to_owned()).collect();
        assert_eq!(is_open(text, &values), expected);
    }

    fn of(text: &str, kind: Kind) -> Vec<String> {
        let mut parts: Vec<Part> = Vec::new();
        for line in text.split('|') {
            match (line.trim().strip_prefix("- "), parts.last_mut()) {
                (Some(item), Some(Part::Bullets(items))) => items.push(item.to_owned()),
                (Some(item), _) => parts.push(Part::Bullets(vec![item.to_owned()])),
                (None, _) => parts.push(Part::Text(line.trim().to_owned())),
            }
        }
        let mut passage = Passage::text(String::new());
        passage.parts = parts;
        let passages = [passage];
        values(&passages, kind)
            .into_iter()
            .filter_map(|constraint| match constraint {
                Constraint::Enum(values, _) => Some(values),
                _ => None,
            })
            .flatten()
            .collect()
    }

    #[rstest]
    #[case::both("Either `true` or `false`.", true)]
    #[case::behind_a_word("Whether it is sealed, `true` or `false`", true)]
    #[case::a_third("One of `auto`, `true` or `false`.", false)]
    #[case::others("Either `on` or `off`.", false)]
    fn the_two_truth_values_are_no_texts(#[case] text: &str, #[case] expected: bool) {
        let mut passage = Passage::text(text.replace('`', ""));
        passage.ticked = vec![text.to_owned()];
        let passages = [passage];
        let listed = values(&passages, Kind::String);
        assert_eq!(are_truth(&listed, &passages), expected, "{listed:?}");
    }

    #[rstest]
    #[case("A mode. Enumeration values:|- fast|- slow", "fast slow")]
    #[case("枚举值：|- fast|- slow down", "fast,slow down")]
    #[case(
        "The options are as follows:|- fast: quickly|- slow: gently",
        "fast slow"
    )]
    #[case(
        "实例模型，包括如下类型：|- ha，主备实例。|- single，单实例。",
        "ha single"
    )]
    #[case("目前支持引擎如下：|- MySQL|- PostgreSQL", "MySQL PostgreSQL")]
    #[case(
        "取值范围如下，区分大小写：|- COMMON，表示SATA。|- HIGH，表示SAS。",
        "COMMON HIGH"
    )]
    #[case("A state.|- The value 1 indicates on.|- 0 indicates off.", "1 0")]
    #[case("说明：|- “async”为异步模式。|- “sync”为同步模式。", "async sync")]
    #[case(
        "- First all is moved.|- Then the rest. Options:|- full_copy: all|- delta_copy: the rest",
        "full_copy delta_copy"
    )]
    #[case(
        "If this parameter is openIt, it is opened.|If this parameter is closeIt, it is closed.",
        "openIt closeIt"
    )]
    #[case(
        "版本状态。|取值“CURRENT”，表示主推版本。|取值“OLD”，表示废弃版本。",
        "CURRENT OLD"
    )]
    #[case("支持instance、ram两种。", "instance ram")]
    #[case("机型。枚举值[\"N\", \"C\", \"G\"]。", "N C G")]
    #[case(
        "Which field, possible values: [\"a_b\", \"c_d\"], default: \"c_d\"",
        "a_b c_d"
    )]
    #[case(
        "特性。枚举值：Normal，不开启;  Super，开启；Ultra，开启",
        "Normal Super Ultra"
    )]
    #[case(
        "枚举值: \"Traffic\", 流量; \"Share\",共享. 默认为 \"Traffic\"",
        "Traffic Share"
    )]
    #[case(
        "模式。Firewall：防火墙；SecGroup：安全组；默认值：Firewall。",
        "Firewall SecGroup"
    )]
    #[case("方法。只支持GET和HEAD。", "GET HEAD")]
    #[case("级别：1-低 2-中 3-高", "1 2 3")]
    #[case("目前只支持以下值：0, 5000, 10000", "0 5000 10000")]
    #[case("一天，对应的枚举值为60、300；一月，对应的枚举值为3600", "60 300 3600")]
    #[case("是否开启，0表示关闭，1表示开启。", "0 1")]
    #[case("Options: 0: off; 1: on", "0 1")]
    #[case("The value can be 4.0, 5.0, or 6.0.", "4.0 5.0 6.0")]
    #[case("取值为“self”，表示本地链接。", "self")]
    #[case("The value can be A, B, or C. The default is A.", "A B C")]
    #[case(
        "The value can be 1 or 2. For several nodes, the value can be 2 or 4.",
        "1 2 4"
    )]
    #[case("Options: on/off.", "on off")]
    #[case("Direction. Either f for forwards or b for backwards.", "f b")]
    #[case(
        "The level. Supported values (in order of detail) are \"trace\", \"warn\", and \"error\".",
        "trace warn error"
    )]
    #[case("Options: image/video.", "image video")]
    #[case("The value is fixed to application/json.", "application/json")]
    #[case("A flag (Y/N).", "Y N")]
    #[case("Medium, which can be disk, tape, or card.", "disk tape card")]
    #[case("Medium type: disk, tape, or card.", "disk tape card")]
    #[case("Mode: soon indicates now; late indicates then.", "soon late")]
    #[case("Y indicates yes, and N indicates no.", "Y N")]
    #[case("状态：0-关闭，1-开启", "0 1")]
    #[case("付费，取值范围为“pre”（先付）、“post”（后付）。", "pre post")]
    #[case("存储引擎，目前支持A1、B2和C3。", "A1 B2 C3")]
    #[case("取值：|UP：表示运行。|DOWN：表示停止。", "UP DOWN")]
    #[case(
        "Los valores posibles son los siguientes. Valores: subir o bajar.",
        "subir bajar"
    )]
    #[case("复制。|- X为“p”或“q”。|- Y为“p”或“r”。", "p q r")]
    fn values_are_found(#[case] text: &str, #[case] expected: &str) {
        let mark = if expected.contains(',') { ',' } else { ' ' };
        let expected: Vec<&str> = expected.split(mark).collect();
        assert_eq!(of(text, Kind::String), expected, "{text}");
    }

    #[rstest]
    #[case(
        "Obtain it by using either of the following methods: Method 1: Log in. Method 2: Call the API."
    )]
    #[case("Get it in one of two ways. Option 1: Log in. Option 2: Call the API.")]
    #[case("获取方法如下。方法 1：登录。方法 2：调用接口。")]
    #[case("For one node, the value can be 1, 2, or 4. For several, the value can be 4 or 8.")]
    #[case("The value can be A, B, or any other name.")]
    #[case("当参数值为“true”时，返回全部。|参数值为“false”或者其他值，返回部分。")]
    #[case(
        "Lengths differ.|- MySQL: The value contains 1 to 32 characters.|- PostgreSQL: 1 to 63 characters."
    )]
    #[case("A code. For example:|- one.two: the first|- three.four: the second")]
    #[case(
        "资源规格编码。例如：rds.m1。其中形如“x”是高性能型。|- “rds”代表产品。|- “mysql”代表引擎。"
    )]
    #[case("If the engine is X, the value can be 1.0 or 2.0.")]
    #[case("取值范围：0～732。取0值，表示关闭。")]
    #[case("The value is unique.")]
    #[case("Value range: 1-7, where 1 indicates the first and 7 indicates the last.")]
    #[case("Its keys are:|- name: what it is called|- size: how large it is")]
    #[case("ID indicates the thing. NAME indicates what it is called.")]
    #[case("Server time: 10:00; client time: 11:00")]
    #[case("Encodings:|- X: small by default|- Y: large by default")]
    #[case("取值如A、B等。")]
    #[case("Obtain it in one of the following methods:|- Console: log in.|- API: call it.")]
    #[case("Range: UUID")]
    #[case("枚举值：[1, 100]")]
    #[case("Set it to all or any positive integer. Valid values are:|- all: wait for all.")]
    #[case("Valid values are all or a number of seconds.")]
    #[case("Supported values are true and all. Any other non-empty value is taken for true.")]
    #[case("A coin.|- Supports near, far and option|- option: all of them by default")]
    #[case("Size tolerance value|- near: range is 1 to 9|- far: range is 10 to 99")]
    #[case("A coin.|- near: either this or that is required|- far: not supported")]
    #[case("Possible values are a, b or \"empty string\".")]
    #[case("Either a list for all or nothing to see for none.")]
    #[case(
        "An indicator. Options:|- true: all are deleted.|- false or other values: some are deleted."
    )]
    fn none_is_invented(#[case] text: &str) {
        assert_eq!(of(text, Kind::String), Vec::<String>::new(), "{text}");
    }
}
