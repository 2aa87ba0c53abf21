//! Sentences about which fields go together: when one must be sent, when it may be, and what it
//! excludes. Here a sentence is only told apart: what its condition means is read where the fields
//! around it are known (`combine`).

use serde::Deserialize;

use crate::contract::Sense;
use crate::vocabulary::{Topic, Wordings};

/// What a sentence says of a field and others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Says {
    /// It must be there where the condition holds; `free` where the sentence says that it may be
    /// there otherwise.
    Needed { free: bool },
    /// It must not be there where the condition holds.
    Barred,
    /// It must not be there but where the condition holds.
    Allowed,
    /// It has its effect only where the condition holds: what is said of it otherwise, no page
    /// says.
    Effective,
    /// It has no effect where the condition holds.
    Ignored,
    /// It is a part of what the condition names, such as one of several commands: what is said of
    /// it elsewhere, and of its absence there, no page says.
    Belongs,
    /// It must be there together with these fields.
    Together,
    /// It is used together with these fields.
    Beside,
    /// It must not be there together with these fields.
    Excludes,
    /// Of these fields, at least one must be there, or at most one may be, or both.
    Among { least: bool, most: bool },
    /// Its value lies so to that of another field.
    Lies(Sense),
    /// It depends on others in a way that is not read any further.
    InWords,
}

/// A sentence about fields that go together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Told {
    /// What it says.
    pub says: Says,
    /// The field that it says it of, where it names one.
    pub subject: Option<String>,
    /// The words of the condition, or the names of the fields.
    pub when: String,
    /// The whole sentence, which may name further fields.
    pub sentence: String,
}

impl Told {
    /// Whether it is about whether a field is there, and not about its value.
    pub(super) fn is_of_presence(&self) -> bool {
        !matches!(self.says, Says::Lies(_))
    }
}

phrases! {
    ConditionWords:

    /// Words by which a condition ends, and says that the field may be there otherwise.
    static FREE;

    /// Words by which a condition is about the sentence's own field, or about its default: that is
    /// no rule between fields.
    static OWN;

    /// Words by which something else decides further.
    static DEPENDING;

    /// What begins a condition in Chinese.
    static BEGINS;

    /// Words by which a sentence is about several values of its own field.
    static OF_VALUES;

    /// A sentence about a default.
    static OF_DEFAULT;

    /// Words by which the order of two values is that of some cases, or a wish.
    static NOT_ALWAYS;

    /// A cell that says that it depends, and no more.
    static DEPENDS;

    /// A cell that begins with a plain answer.
    static ANSWER;

    /// A rest that says when.
    static WHEN;
}

pattern! {
    /// Every wording. The first that a sentence has counts.
    static WORDINGS: Wordings<Says> = Wordings::of(Topic::Conditions);
}

/// The marks of emphasis and code, which a condition is read without.
fn unmarked(sentence: &str) -> String {
    let is_mark = |c: &char| matches!(c, '*' | '`' | '"' | '“' | '”' | '‘' | '’' | '\'');
    sentence.chars().filter(|c| !is_mark(c)).collect()
}

/// What a sentence says of which fields go together; none where it says nothing of the kind.
pub(super) fn read(sentence: &str) -> Option<Told> {
    let whole = unmarked(sentence.trim());
    let plain = FREE.replace(&whole, "");
    let is_free = plain.len() < whole.len();
    let (pattern, says) = WORDINGS.in_text(&plain).next()?;
    let captures = pattern.captures(&plain)?;
    let text = |role: &str| captures.name(role).map(|found| found.as_str().trim());
    let condition = text("when").unwrap_or_default();
    if matches!(says, Says::Lies(_)) && NOT_ALWAYS.is_match(&whole) {
        return None;
    }
    let is_of_values = matches!(says, Says::Among { .. }) && OF_VALUES.is_match(&plain);
    if is_of_values
        || OWN.is_match(condition)
        || *says == Says::InWords && OF_DEFAULT.is_match(&plain)
    {
        return None;
    }
    let says = match says {
        Says::Needed { .. } => Says::Needed { free: is_free },
        // What is said of all of them together, something else decides further.
        Says::Among { .. } | Says::Together | Says::Beside if DEPENDING.is_match(&plain) => {
            Says::InWords
        }
        other => *other,
    };
    let is_other = |word: &&str| {
        let folded = word.to_lowercase();
        !folded.contains(' ') && folded != "it" && word.is_ascii()
    };
    Some(Told {
        says,
        subject: text("subject").filter(is_other).map(str::to_owned),
        when: BEGINS
            .replace(condition, "")
            .trim_end_matches([',', '，'])
            .to_owned(),
        sentence: whole,
    })
}

/// What a cell of the column that says what is mandatory says beside yes and no: the plain answer,
/// if there is one that holds in every case, and the condition.
pub(super) fn read_cell(cell: &str) -> Option<(Option<bool>, Told)> {
    let plain = unmarked(cell);
    let in_words = |sentence: &str| Told {
        says: Says::InWords,
        subject: None,
        when: String::new(),
        sentence: sentence.to_owned(),
    };
    if DEPENDS.is_match(&plain) {
        return Some((None, in_words(&plain)));
    }
    let captures = ANSWER.captures(&plain);
    let text = |role: &str| Some(captures.as_ref()?.name(role)?.as_str());
    let rest = text("rest").unwrap_or(&plain);
    let (answer, told) = if text("no").is_some() {
        (Some(false), read(rest).or_else(|| read(&plain)))
    } else if text("yes").is_some() && WHEN.is_match(rest) && rest.is_ascii() {
        (None, read(&format!("required {rest}")))
    } else if text("yes").is_some() {
        (None, read(&format!("{rest}必选")).or_else(|| read(rest)))
    } else {
        (None, read(&plain))
    };
    let told = told.or_else(|| WHEN.is_match(rest).then(|| in_words(&plain)))?;
    Some((answer, told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// What must be there.
    const NEEDED: Says = Says::Needed { free: false };

    #[test]
    fn each_wording_reads_its_examples() {
        for (example, pattern, expected) in WORDINGS.examples() {
            assert!(pattern.is_match(example), "{example}");
            let told = read(example).map(|told| told.says);
            assert_eq!(told, Some(*expected), "{example}");
        }
    }

    #[rstest]
    #[case("The address. This parameter is mandatory when kind is set to http.", Some((NEEDED, "kind is set to http")))]
    #[case("(mandatory if the Redis instance ID is not specified)", Some((NEEDED, "the Redis instance ID is not specified")))]
    #[case("This parameter is mandatory when **action** is set to **create** and is optional when **action** is set to **delete**.", Some((Says::Needed { free: true }, "action is set to create")))]
    #[case("Required if `kind` is `http`", Some((NEEDED, "kind is http")))]
    #[case("When `hash_on` is set to `vars`, `key` is a required parameter.", Some((NEEDED, "hash_on is set to vars")))]
    #[case("action为create时必选。", Some((NEEDED, "action为create")))]
    #[case("如果设置了 vpcId，则 subnetId 必填。", Some((NEEDED, "设置了 vpcId")))]
    #[case("除关闭自动备份策略外，必选。", Some((Says::InWords, "除关闭自动备份策略")))]
    #[case("This parameter is supported only when the instance type is cluster.", Some((Says::Effective, "the instance type is cluster")))]
    #[case("It should be used together with `parents_as_list`.", Some((Says::Beside, "parents_as_list")))]
    #[case("Cannot be used with b", Some((Says::Excludes, "b")))]
    #[case("仅当备份失败时返回。", Some((Says::Effective, "备份失败")))]
    #[case("不能与 b 参数同时指定。", Some((Says::Excludes, "b")))]
    #[case("The default depends on the plan.", None)]
    #[case(
        "Servers may restrict the value of it depending on performance requirements.",
        None
    )]
    #[case("If it is left out, the default is used.", None)]
    #[case("The name must be set to a value of at most 64 characters.", None)]
    #[case("The time when the backup was made.", None)]
    #[case("Whether the disk is released together with the instance.", None)]
    #[case("It must be later than start_at.", Some((Says::Lies(Sense::Above), "start_at")))]
    #[case("It must not be less than `min`.", Some((Says::Lies(Sense::NotBelow), "min")))]
    #[case("It must be later than start_at if both are given.", None)]
    #[case(
        "Up to microversion 1.25, this value has to be less than the value of total.",
        None
    )]
    #[case("The name of the backup.", None)]
    #[case("Use this field to name the backup.", None)]
    fn a_rule_between_fields_is_told_from_other_sentences(
        #[case] sentence: &str,
        #[case] expected: Option<(Says, &str)>,
    ) {
        let told = read(sentence);
        let told = told.as_ref().map(|told| (told.says, told.when.as_str()));
        assert_eq!(told, expected);
    }

    #[rstest]
    #[case("Conditional", Some((None, Says::InWords)))]
    #[case("Yes (if kind is http)", Some((None, NEEDED)))]
    #[case("Required when kind is http", Some((None, NEEDED)))]
    #[case("True, only if `type` is `server`", Some((None, NEEDED)))]
    #[case("No (cannot be used with b)", Some((Some(false), Says::Excludes)))]
    #[case("Optional, cannot be used with b", Some((Some(false), Says::Excludes)))]
    #[case("条件必选", Some((None, Says::InWords)))]
    #[case("当 kind 为 http 时必选", Some((None, NEEDED)))]
    #[case("Yes", None)]
    #[case("No", None)]
    #[case("-", None)]
    #[case("Yes (string)", None)]
    fn a_cell_may_say_when_a_field_is_mandatory(
        #[case] cell: &str,
        #[case] expected: Option<(Option<bool>, Says)>,
    ) {
        let read = read_cell(cell).map(|(answer, told)| (answer, told.says));
        assert_eq!(read, expected);
    }
}
