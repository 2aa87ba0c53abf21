//! What sentences say of the behaviour of an operation: what becomes of a field that a change leaves
//! out, and how a delete of what is gone is answered. A sentence that only may say so is not read: a
//! law rests on what is.

use serde::Deserialize;

use super::combine::{self, Between};
use super::conditions;
use super::draft::Draft;
use super::outline::{Item, ItemKind};
use super::promised;
use super::section::Section;
use super::sentences::sentences;
use super::statement::{Constraint, Node, Site, Statement};
use crate::contract::{Combination, Effect, Facet, Guard, Level, Meaning, Test};
use crate::page::plain;
use crate::vocabulary::{Topic, Wordings};

/// What a sentence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Says {
    /// The field that is left out stays as it is.
    Kept,
    /// It goes back to its default.
    Reset,
    /// The request replaces all that is there, whatever it leaves out.
    Replaces,
    /// Deleting what is gone is a success.
    Repeatable,
    /// A change has at least one field.
    Something,
    /// Deleting may be repeated: the effect is the same, and most likely the answer.
    Idempotent,
    /// What is asked for was done before.
    DoneAlready,
}

phrases! {
    BehaviourWords:

    /// Words for what is gone, and for what is no error: they deny nothing.
    static NO_DENIAL;

    /// Words by which a sentence denies what it speaks of, or says it of some cases alone.
    static UNSURE;

    /// The same for a sentence about what is left out, which has a `not` of its own.
    static UNSURE_OF_FIELD;

    /// Words by which a sentence is about all fields of a request.
    static OF_ALL;
}

pattern! {
    /// Every wording. The first that a sentence has counts.
    static WORDINGS: Wordings<Says> = Wordings::of(Topic::Behaviour);
}

/// What a sentence says of the wordings that count.
fn says(sentence: &str, counts: impl Fn(Says) -> bool) -> Option<Says> {
    let (_, says) = WORDINGS
        .in_text(sentence)
        .find(|(_, says)| counts(**says))?;
    let is_unsure = match says {
        Says::Kept | Says::Reset | Says::Replaces | Says::Something => {
            UNSURE_OF_FIELD.is_match(sentence)
        }
        Says::Repeatable | Says::Idempotent | Says::DoneAlready => {
            UNSURE.is_match(&NO_DENIAL.replace_all(sentence, ""))
        }
    };
    (!is_unsure).then_some(*says)
}

/// What a sentence of a row says becomes of its field where a change leaves it out.
pub(super) fn left_out(sentence: &str) -> Option<Meaning> {
    let counts = |says| matches!(says, Says::Kept | Says::Reset);
    match says(sentence, counts)? {
        Says::Kept => Some(Meaning::Kept),
        Says::Reset => Some(Meaning::Reset),
        Says::Replaces
        | Says::Repeatable
        | Says::Idempotent
        | Says::Something
        | Says::DoneAlready => None,
    }
}

/// What a sentence beside the tables says becomes of every field that a change leaves out.
pub(super) fn of_all(method: &str, sentence: &str) -> Option<Meaning> {
    let is_of_all = OF_ALL.is_match(sentence);
    let counts = |says| matches!(says, Says::Kept | Says::Reset | Says::Replaces);
    match says(sentence, counts)? {
        Says::Kept if is_of_all => Some(Meaning::Kept),
        Says::Reset if is_of_all => Some(Meaning::Reset),
        Says::Replaces if method == "PUT" => Some(Meaning::Reset),
        _ => None,
    }
}

/// How strongly a sentence says that deleting what is gone is a success.
pub(super) fn repeatable(sentence: &str) -> Option<Level> {
    let counts = |says| matches!(says, Says::Repeatable | Says::Idempotent);
    match says(sentence, counts)? {
        Says::Repeatable => Some(Level::Must),
        Says::Idempotent => Some(Level::Should),
        Says::Kept | Says::Reset | Says::Replaces | Says::Something | Says::DoneAlready => None,
    }
}

/// Whether a sentence about a refusal says that what is asked for was done before.
pub(super) fn done_already(sentence: &str) -> bool {
    says(sentence, |says| says == Says::DoneAlready).is_some()
}

/// Lets null take away the value of each field of a change that may be null.
fn clear(draft: &mut Draft, site: &Site) {
    let Some(body) = &mut draft.request else {
        return;
    };
    for (name, field) in &mut body.node.properties {
        let mut stated = field.statements.iter();
        if stated.any(|own| own.constraint == Constraint::Nullable) {
            let own = site.at(name.as_str(), site.line);
            field.state(Constraint::Meaning(Meaning::Cleared), &own);
        }
    }
}

/// Reads what the sentences beside the tables say of the operation's behaviour, and drops what rows
/// say that only a change can keep.
pub(super) fn read_behaviour(draft: &mut Draft, items: &[Item<'_>], site: &Site) {
    let changes = matches!(draft.method.as_str(), "PUT" | "PATCH");
    if !changes && let Some(body) = &mut draft.request {
        body.node.each_mut(&mut forget);
    }
    for parameter in &mut draft.parameters {
        parameter.node.each_mut(&mut forget);
    }
    for response in &mut draft.responses {
        response.body.node.each_mut(&mut forget);
    }
    let (answers, told) = (answers(items), told(items));
    if changes && let Some((_, line, heading)) = first(&told, promised::null_clears_any) {
        let own = Site {
            table: heading.to_owned(),
            ..site.at("", line)
        };
        clear(draft, &own);
    }
    let method = draft.method.as_str();
    let titles = items
        .iter()
        .filter(|item| item.section == Section::Operation)
        .filter(|item| matches!(item.kind, ItemKind::Heading(_)))
        .map(|item| (item.heading.to_owned(), item.line, item.heading));
    // Where each meaning is first said, and by what.
    let said: [(Meaning, Option<Told>); 8] = [
        (
            Meaning::OtherBody,
            first(&answers, promised::refuses_other_body),
        ),
        (
            Meaning::Unlisted,
            first(&answers, |said| promised::leaves_out_deleted(method, said)),
        ),
        (
            Meaning::SomeAlone,
            first(&told, |said| promised::lists_some(method, said)),
        ),
        (
            Meaning::WhereSetUp,
            first(&told, promised::serves_where_set_up),
        ),
        (
            Meaning::Before,
            first(&answers, |said| promised::answers_before(method, said)),
        ),
        (
            Meaning::Anew,
            first(&answers, |said| promised::makes_anew(method, said)),
        ),
        (
            Meaning::Cascades,
            first(&answers, |said| promised::cascades(method, said)),
        ),
        (
            Meaning::Creates,
            titles
                .chain(told.iter().cloned())
                .find(|(said, ..)| promised::creates(method, &draft.path, said)),
        ),
    ];
    for (meaning, told) in said {
        if let Some((_, line, heading)) = told {
            let site = site.below(heading, "sentence", line);
            let fact = site.fact(Facet::Meaning(meaning), Level::Must);
            draft.facts.push(fact);
        }
    }
    for (sentence, line, heading) in told {
        let site = site.below(heading, "sentence", line);
        if says(&sentence, |says| says == Says::Something).is_some() {
            if let Some(body) = &mut draft.request {
                need_one(&mut body.node, &site);
            }
        } else if let Some(body) = &mut draft.request
            && let Some(told) = conditions::read(&sentence)
            && let Some((own, between)) = combine::among(&body.node, &told)
        {
            let mut fields = body.node.properties.iter_mut();
            if let Some((_, field)) = fields.find(|(name, _)| *name == own) {
                field.state(Constraint::Between(Box::new(between)), &site);
            }
        } else if changes {
            let Some(left_out) = of_all(&draft.method, &sentence) else {
                continue;
            };
            if let Some(body) = &mut draft.request {
                state(&mut body.node, left_out, &site);
            }
        } else if draft.method == "DELETE" {
            let Some(level) = repeatable(&sentence) else {
                continue;
            };
            draft
                .facts
                .push(site.fact(Facet::Meaning(Meaning::Repeatable), level));
        }
    }
}

/// What a page says above its operations of where they serve, as a fact of each.
pub(super) fn where_set_up(items: &[Item<'_>], page: &Site, drafts: &mut [Draft]) {
    let Some((_, line, heading)) = first(&answers(items), promised::serves_where_set_up) else {
        return;
    };
    let site = page.below(heading, "sentence", line);
    let facet = Facet::Meaning(Meaning::WhereSetUp);
    for draft in drafts {
        if !draft.facts.iter().any(|fact| fact.facet == facet) {
            draft.facts.push(site.fact(facet, Level::Must));
        }
    }
}

/// A sentence, its line, and the heading that it stands below.
pub(super) type Told<'p> = (String, usize, &'p str);

/// The first of some sentences that says something.
fn first<'p>(told: &[Told<'p>], says: impl Fn(&str) -> bool) -> Option<Told<'p>> {
    told.iter().find(|(sentence, ..)| says(sentence)).cloned()
}

/// The sentences of a page that tell what its operation does.
pub(super) fn told<'p>(items: &[Item<'p>]) -> Vec<Told<'p>> {
    let is_about_it = |section: Section| {
        matches!(
            section,
            Section::Operation | Section::Other | Section::Uri | Section::Request
        )
    };
    said(items, is_about_it)
}

/// The same of all that is said of its answers too.
fn answers<'p>(items: &[Item<'p>]) -> Vec<Told<'p>> {
    said(items, |_| true)
}

/// The sentences of the sections that count.
fn said<'p>(items: &[Item<'p>], counts: impl Fn(Section) -> bool) -> Vec<Told<'p>> {
    let mut told = Vec::new();
    for item in items {
        if !counts(item.section) {
            continue;
        }
        let texts: Vec<String> = match item.kind {
            ItemKind::Paragraph(text) => vec![text.plain.clone()],
            ItemKind::List(entries) => entries.iter().map(|entry| plain(entry)).collect(),
            ItemKind::Heading(_)
            | ItemKind::Table(_)
            | ItemKind::Code(_)
            | ItemKind::Target { .. }
            | ItemKind::Unread(_) => continue,
        };
        for text in texts {
            let own = sentences(&text).into_iter();
            told.extend(own.map(|sentence| (sentence, item.line, item.heading)));
        }
    }
    told
}

/// States of every field that need not be sent, and of which no row says it, what becomes of it.
fn state(body: &mut Node, left_out: Meaning, site: &Site) {
    for (_, field) in &mut body.properties {
        let is_said = field.statements.iter().any(is_of_change);
        if !is_said && field.mandatory() != Some(true) {
            field.state(Constraint::Meaning(left_out), site);
        }
    }
}

/// States that one of the fields of a body has to be sent, where each of them may be left out.
fn need_one(body: &mut Node, site: &Site) {
    let is_free = |(_, field): &(String, Node)| field.mandatory() != Some(true);
    let names: Vec<String> = body
        .properties
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    let Some((first, others)) = names.split_first().filter(|(_, others)| !others.is_empty()) else {
        return;
    };
    if !body.properties.iter().all(is_free) {
        return;
    }
    let none_of = |guard: Guard, name: &String| guard.and(name.as_str(), Test::Absent);
    let between = Between {
        rules: vec![Combination {
            field: first.clone(),
            guard: others.iter().fold(Guard::default(), none_of),
            effect: Effect::Needed,
        }],
        ..Between::default()
    };
    if let Some((_, field)) = body.properties.first_mut() {
        field.state(Constraint::Between(Box::new(between)), site);
    }
}

fn forget(node: &mut Node) {
    node.statements.retain(|statement| !is_of_change(statement));
}

/// Whether a statement says what becomes of a field that is left out.
fn is_of_change(statement: &Statement) -> bool {
    matches!(
        statement.constraint,
        Constraint::Meaning(Meaning::Kept | Meaning::Reset)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn each_wording_reads_its_examples() {
        for (example, pattern, expected) in WORDINGS.examples() {
            assert!(pattern.is_match(example), "{example}");
            assert_eq!(says(example, |_| true), Some(*expected), "{example}");
        }
    }

    #[rstest]
    #[case("Specify at least one field.", true)]
    #[case("At least one of the following parameters is required:", true)]
    #[case("You must provide one or more of these fields.", true)]
    #[case("At least one attribute must be changed.", true)]
    #[case("At least one field must be given if the state is `open`.", false)]
    #[case("At least one field of the list is shown.", false)]
    #[case("At least one of a and b must be given.", false)]
    fn a_change_of_something_is_asked_for(#[case] sentence: &str, #[case] expected: bool) {
        let found = says(sentence, |says| says == Says::Something);
        assert_eq!(found.is_some(), expected);
    }

    #[rstest]
    #[case("The note. If it is omitted, it remains unchanged.", Some(Says::Kept))]
    #[case("The name is not changed if it is not specified.", Some(Says::Kept))]
    #[case(
        "If this parameter is not set, the existing value is kept.",
        Some(Says::Kept)
    )]
    #[case("The fields that are not sent are left as they are.", Some(Says::Kept))]
    #[case("未传的参数保持不变。", Some(Says::Kept))]
    #[case("不填时，保持原有的值。", Some(Says::Kept))]
    #[case("It is cleared if it is left out.", Some(Says::Reset))]
    #[case("未传的参数会恢复为默认值。", Some(Says::Reset))]
    #[case("If it is not specified, the backup is kept for 7 days.", None)]
    #[case("If it is left out, the default is used.", None)]
    #[case("The name cannot be changed.", None)]
    #[case("不传时不可修改。", None)]
    #[case("Deleting what does not exist is no error.", Some(Says::Repeatable))]
    #[case(
        "Deleting a widget that was already removed also succeeds.",
        Some(Says::Repeatable)
    )]
    #[case("A delete may be repeated.", Some(Says::Idempotent))]
    #[case("The operation is not idempotent.", None)]
    #[case("Deleting a widget that does not exist is an error.", None)]
    #[case("Deleting a widget that does not exist is answered with 404.", None)]
    #[case("删除不存在的密钥不会成功。", None)]
    #[case("该接口不保证幂等。", None)]
    fn a_sentence_says_what_it_says(#[case] sentence: &str, #[case] expected: Option<Says>) {
        assert_eq!(says(sentence, |_| true), expected);
    }

    /// The facts of behaviour of an operation, as names with lines.
    fn facts(method: &str, sentence: &str, rows: &str) -> Vec<String> {
        let text = format!(
            "# An operation\n\nIt does something. {sentence}\n\n## URI\n\n\
             `{method} /v1/keys/{{key_id}}`\n\n## Request parameters\n\n\
             | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{rows}\n\n\
             ## Status codes\n\n| Status code | Description |\n|---|---|\n| 204 | Done. |\n"
        );
        let page = crate::page::read("p.md", &text).unwrap();
        let derived = crate::derive::derive(&[page], &crate::derive::Options::default()).unwrap();
        let operations = crate::contract::compile(&derived.services[0]).unwrap();
        let of_behaviour = [
            Facet::Meaning(Meaning::Kept),
            Facet::Meaning(Meaning::Reset),
            Facet::Meaning(Meaning::Repeatable),
            Facet::Prose,
        ];
        operations[0]
            .facts()
            .iter()
            .filter(|fact| of_behaviour.contains(&fact.rule.facet))
            .map(|fact| format!("{} {}", fact.rule, fact.rows[0].line()))
            .collect()
    }

    #[rstest]
    #[case::row("PATCH", "", "| a | No | String | It is kept as it was. What is left out stays as it is. |", &["request.a::kept 13"])]
    #[case::sentence("PUT", "What is left out stays as it is.", "| a | No | String | x |\n| b | Yes | String | x |", &["request.a::kept 3"])]
    #[case::row_before_sentence("PUT", "What is left out goes back to its default.", "| a | No | String | It remains unchanged if it is omitted. |\n| b | No | String | x |", &["request.a::kept 13", "request.b::reset 3"])]
    #[case::create("POST", "What is left out stays as it is.", "| a | No | String | What is left out stays as it is. |", &[])]
    #[case::delete("DELETE", "Whoever removes a key that is gone already gets the same answer.", "| key_id | Yes | String | x |", &["operation::repeatable 3"])]
    #[case::change("PUT", "The operation is idempotent.", "| a | No | String | x |", &[])]
    fn behaviour_becomes_facts(
        #[case] method: &str,
        #[case] sentence: &str,
        #[case] rows: &str,
        #[case] expected: &[&str],
    ) {
        assert_eq!(facts(method, sentence, rows), expected);
    }
}
