//! What sentences say, as data: patterns, what each states, and texts that have it.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::DIALECTS;
use super::shared::SHARED;
use crate::pattern::Sieve;

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Topic {
    /// The limits of a value.
    Limits,
    /// Which fields go together.
    Conditions,
    /// Whether a field is there.
    Presence,
    /// What an operation does.
    Behaviour,
    /// How a credential is carried.
    Credentials,
    /// Which headers an answer has.
    Headers,
    /// Which body errors have.
    Errors,
    /// Which errors a sentence is about.
    ErrorWords,
    /// What a page is about, by its title.
    Titles,
    /// What headings of one of several cases say.
    Cases,
    /// That one of several fields is there, or not all of them.
    Choice,
    /// What is meant by a value beyond its schema.
    Meanings,
    /// What is promised of a value that only several answers show.
    Promises,
    /// What names of values, and values, mean by themselves.
    ValueNames,
    /// Whether a credential is needed, and what is one.
    Access,
    /// What tells a credential from other tokens.
    Schemes,
    /// Which rows of tables describe a credential.
    CredentialRows,
    /// With which statuses an operation answers.
    Statuses,
    /// Which rows a table of an operation's properties has.
    Sheets,
    /// What tables describe.
    Roles,
    /// Which values are taken beside those that are listed, and which answers are empty.
    Widening,
    /// Which values beyond a limit are taken.
    Exempt,
    /// Which end of a range a value is.
    Ranges,
    /// Of what the sentences of a cell speak.
    SentenceWords,
    /// Whether what a sentence says of an operation holds, and of how much.
    BehaviourWords,
    /// What conditions are about, and which cells have one.
    ConditionWords,
    /// Which fields a sentence calls mandatory.
    Demands,
    /// What a part of a page without a table says instead.
    Unread,
    /// What the label of a block of code says that it shows.
    CodeLabels,
    /// Which headers all requests have.
    CommonHeaders,
    /// Which bodies are forms, and which sentences tell of a body.
    Forms,
    /// Of what a limit holds, and whether a sentence has more of them.
    Scope,
    /// Which answers have a header, and where else a field may be.
    ParameterWords,
    /// Which fields alone can be changed, and what no server has.
    Said,
    /// What stands around the link to an object.
    Links,
    /// Which names a sentence calls parameters.
    ToldNames,
    /// Which sentences are nothing but the values of a field.
    ToldValues,
    /// Which bodies take no further field.
    Closed,
    /// In which state a sentence says that an operation leaves something.
    ToldStates,
    /// What a refusal's status is said to be for.
    StatusCauses,
    /// Which headers every answer has.
    EveryAnswer,
    /// What a value is in the beginning.
    AtFirst,
    /// From what a number is computed.
    ComputedWords,
    /// Which list a number counts.
    Counted,
    /// Which sentences are of some answers alone.
    ToldHeaders,
    /// Which value a row shows as an example.
    ShownSamples,
    /// What values are called, and one that is like them.
    Samples,
    /// Whose body a request has, too.
    Borrowed,
    /// Which fields must be sent, where no cell says so.
    MandatoryWords,
    /// Which objects have keys that are values.
    Nesting,
    /// Which columns have values.
    Listed,
    /// Which bodies are lists.
    OfItems,
    /// Which words say that each item is one of several values.
    SomeOf,
    /// Which characters a text is made of.
    Characters,
    /// Whether a value may be null, or empty.
    Nullability,
    /// Whether a sentence means to constrain.
    LimitWords,
    /// Which parts of a cell say something.
    Descriptions,
    /// What stands beside a type.
    TypeDetails,
    /// Whether a time is a number.
    Moments,
    /// Where a default is called by a name.
    NamedDefaults,
    /// Which bullets are values.
    Bullets,
    /// Which words in code marks are all values.
    MarkedValues,
    /// Which values may have a sign before them.
    TurnedValues,
    /// Which lists are of values, and of all.
    Values,
    /// Which values a sentence lists.
    ListedValues,
    /// What a number counts, and does not mean.
    WordedValues,
    /// Which paragraphs call what follows an example.
    ExampleWords,
    /// What the lines before a request announce.
    Announcements,
    /// Which headings are of examples, and of targets.
    Candidates,
    /// Which labels go on with the section around an example.
    Outline,
    /// Which sentences are about an answer.
    Answers,
    /// What a row says of the place of its field.
    RowWords,
    /// What a row says of the form of its field.
    RowValues,
    /// Which status is the usual one.
    NormalStatuses,
    /// Which tables are of the path.
    OperationWords,
    /// Which headings are those of no operation.
    Splits,
    /// Which columns have methods, paths and bodies.
    TargetColumns,
    /// What stands above a method or a path alone.
    TargetHalves,
    /// Which object a title names.
    Objects,
    /// Whether a description calls a field mandatory.
    DescribedRequiredness,
    /// Which lists are of fields, and of which side.
    Definitions,
    /// Which rows are there for those below them.
    Parents,
    /// Which answers are of any refusal, and of which status a title speaks.
    Refusals,
    /// What stands before the title of an operation.
    OperationTitles,
    /// Which bodies are sent instead of others.
    Alternatives,
    /// How several values of one parameter are sent.
    ListStyles,
    /// How large a file may be.
    FileWords,
    /// Of which kinds a file may be.
    FileKinds,
    /// What conditions ask of the fields around one.
    Around,
    /// Which versions a heading names.
    Versions,
    /// Which headings are a status.
    SectionWords,
    /// Which sentences list status codes.
    StatusLists,
    /// Which sentences name an action.
    Actions,
    /// What labels of targets, and sentences with one, are made of.
    TargetWords,
    /// Which texts are captions of tables, or refer to them.
    Captions,
    /// What is said of a field before its description.
    FieldWords,
    /// What brackets behind a name say.
    Annotations,
    /// Which lines say one thing of a field.
    FieldLines,
    /// How bullets spell types.
    BulletTypes,
    /// Which words stand before an example of an answer.
    ExampleSides,
    /// Which orders the caller chooses.
    Orders,
    /// Which lines tell of a page's edition.
    Editions,
    /// What a service says that refuses.
    Refused,
    /// Which types list not all values.
    Literals,
    /// Which labels of the parts of anything are of what is sent.
    LabelsOfParts,
    /// Which headings are of values by field.
    ValueTables,
    /// Which words of a list are no values.
    ValueWords,
    /// What stands behind a path, and is no part of it.
    PathWords,
    /// Which bodies are those of requests.
    Payloads,
    /// Which columns have values.
    ValueColumns,
    /// By which words a service says that a value is there already.
    Taken,
    /// How types are spelled that are made of others.
    TypeSpellings,
    /// Which place brackets name.
    FieldPlaces,
}

/// An entry of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sentence {
    /// What it states: a value of the type that its topic has.
    pub(super) says: toml::Value,
    /// The regular expression. Without one, the file's fragment `of-the-form` is taken.
    pub(super) pattern: Option<String>,
    /// The words that `{{form}}` stands for.
    form: Option<String>,
    /// Texts that have it.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "each wording is tested by them")
    )]
    examples: Vec<String>,
    /// Texts that look like it, and do not have it.
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "each wording is tested by them")
    )]
    not: Vec<String>,
}

/// Parts of patterns, by name.
pub(super) type Fragments = BTreeMap<String, String>;

/// The wordings of a topic whose entries state a `T`: those of one file in its order, the files by
/// name.
pub(crate) struct Wordings<T> {
    patterns: Sieve,
    each: Vec<Wording<T>>,
}

struct Wording<T> {
    says: T,
    #[cfg(test)]
    examples: Vec<String>,
}

/// The most fragments within fragments.
const DEPTH: usize = 4;

/// A pattern with what its names in braces stand for.
pub(super) fn within(pattern: &str, fragments: &Fragments) -> String {
    let mut whole = pattern.to_owned();
    for _ in 0..DEPTH {
        if !whole.contains("{{") {
            break;
        }
        for (name, part) in fragments {
            whole = whole.replace(&format!("{{{{{name}}}}}"), part);
        }
    }
    whole
}

impl Sentence {
    /// The whole pattern.
    pub(super) fn whole(&self, fragments: &Fragments) -> String {
        let own = self.pattern.as_deref().unwrap_or("{{of-the-form}}");
        let mut whole = within(own, fragments);
        if let Some(form) = &self.form {
            whole = whole.replace("{{form}}", form);
        }
        within(&within(&whole, fragments), &SHARED)
    }
}

impl<T: DeserializeOwned> Wordings<T> {
    /// Those of a topic.
    #[expect(
        clippy::expect_used,
        reason = "every entry stands in the source, and a test reads each"
    )]
    pub(crate) fn of(topic: Topic) -> Self {
        let entries = DIALECTS.iter().flat_map(|(_, dialect)| {
            let own = dialect.sentences.get(&topic).into_iter().flatten();
            own.map(|sentence| (sentence, &dialect.fragments))
        });
        let (patterns, each): (Vec<String>, Vec<Wording<T>>) = entries
            .map(|(sentence, fragments)| {
                let own = Wording {
                    says: (sentence.says.clone().try_into())
                        .expect("what an entry of the source says is of its topic"),
                    #[cfg(test)]
                    examples: sentence.examples.clone(),
                };
                (sentence.whole(fragments), own)
            })
            .unzip();
        Self {
            patterns: Sieve::of(patterns),
            each,
        }
    }
}

impl<T> Wordings<T> {
    /// Those that a text has, in their order: the pattern and what it states.
    pub(crate) fn in_text(&self, text: &str) -> impl Iterator<Item = (&Regex, &T)> {
        let found = self.patterns.in_text(text);
        found.filter_map(|(index, pattern)| {
            let own = self.each.get(index)?;
            Some((pattern, &own.says))
        })
    }

    /// Each example, with the pattern and what it has to be read as.
    #[cfg(test)]
    pub(crate) fn examples(&self) -> impl Iterator<Item = (&str, &Regex, &T)> {
        let each = self.each.iter().enumerate();
        each.flat_map(|(index, own)| {
            let pattern = self.patterns.pattern(index).unwrap();
            let examples = own.examples.iter();
            examples.map(move |text| (text.as_str(), pattern, &own.says))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::compile;

    #[test]
    fn each_entry_is_whole_and_has_its_examples() {
        for (name, dialect) in DIALECTS.iter() {
            for sentence in dialect.sentences.values().flatten() {
                let whole = sentence.whole(&dialect.fragments);
                assert!(!whole.contains("{{"), "{name}: no fragment of {whole}");
                assert!(!sentence.examples.is_empty(), "{name}: {whole}");
                let pattern = compile(&whole);
                for example in &sentence.examples {
                    assert!(pattern.is_match(example), "{name}: {whole}: {example}");
                }
                for other in &sentence.not {
                    assert!(!pattern.is_match(other), "{name}: {whole}: {other}");
                }
            }
        }
    }
}
