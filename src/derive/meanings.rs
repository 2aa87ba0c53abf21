//! What sentences say of a value beyond its schema: that it is taken from an answer, that a list is
//! filtered by it, what it is on the last page, who sets it, in which order a list is.

use super::promised::{of_pages, promises};
use super::sentences::sentences;
use super::statement::{Constraint, Kind};
use super::wordings::limits;
use crate::contract::Meaning;
use crate::vocabulary::Phrase;

phrases! {
    Meanings:

    /// The value stands in an answer.
    static OPAQUE;

    /// The list is cut down to items that fit.
    static FILTER;

    /// The list is cut down to those items that have one of several values.
    static SEVERAL_OF;

    /// Commas part the values.
    static PARTED;

    /// A filter is no equality, wherever the row says so.
    static INEXACT;

    /// The list is cut down to items in which a text stands.
    static SEARCHED;

    /// A search that finds what is like a text, too.
    static LOOSE;

    /// A filter is no equality where the sentence that tells of it says so.
    static COMPARED;

    /// Words of a length or of an alphabet.
    static ALPHABET;

    /// What stands for nothing.
    static NOTHING;

    /// The end of a list.
    static END;

    /// The service sets the value, or keeps it in another form.
    static OF_SERVICE;

    /// Blanks around a text are taken away: what is between them is kept as it is.
    static TRIMMED;

    /// A sentence that tells what a truth value says.
    static TELLS_WHETHER;

    /// The service alone sets the value.
    static READ_ONLY;

    /// Words by which a sentence says so of some cases alone, or of something else.
    static SOMETIMES;

    /// The value is there only where something has failed.
    static OF_FAILURE;

    /// Words for what is sent.
    static IN_REQUESTS;

    /// A number counts pages.
    static PAGE_NUMBER;

    /// Several values are tried one after another, and the first that has something counts.
    static RANKED;

    /// A number below zero is meant, or may be.
    static SIGNED;

    /// Each request has a value of its own.
    static ONCE;

    /// A number counts all there is, not what a page has of it.
    static TOTAL;

    /// All pages, or whichever page.
    static ANY_PAGE;

    /// A number of things, of whichever.
    static COUNTED;

    /// It counts something else, or not what a filter leaves.
    static PARTIAL;

    /// A list is in the order of a field.
    static SORTED;

    /// The newest of a list comes first.
    static NEWEST;

    /// The oldest of a list comes first.
    static OLDEST;
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
    let says = |phrase: &Phrase| sentences.iter().any(|one| phrase.is_match(one));
    add(
        Meaning::Opaque,
        matches!(kind, Kind::String | Kind::Any) && says(&OPAQUE),
    );
    add(Meaning::PageNumber, kind.is_number() && says(&PAGE_NUMBER));
    add(Meaning::Filter, filters(&sentences, kind));
    add(
        Meaning::SeveralOf,
        matches!(kind, Kind::String | Kind::Any)
            && PARTED.is_match(text)
            && sentences
                .iter()
                .any(|one| SEVERAL_OF.is_match(one) && !COMPARED.is_match(one)),
    );
    add(
        Meaning::Total,
        kind.is_number() && sentences.iter().any(|sentence| is_total(sentence)),
    );
    add(
        Meaning::Searched,
        matches!(kind, Kind::String | Kind::Any)
            && sentences.iter().any(|sentence| {
                SEARCHED.is_match(sentence) && !COMPARED.is_match(sentence) && !LOOSE.is_match(text)
            }),
    );
    add(
        Meaning::LastPage,
        sentences
            .iter()
            .any(|sentence| NOTHING.is_match(sentence) && END.is_match(sentence)),
    );
    // Whether something is encrypted is what the truth value says, and no form that it is kept in.
    let is_told = |one: &String| kind == Kind::Boolean && TELLS_WHETHER.is_match(one);
    let mut of_service = sentences.iter().filter(|one| !is_told(one));
    add(
        Meaning::OfService,
        of_service.any(|one| OF_SERVICE.is_match(&TRIMMED.replace_all(one, ""))),
    );
    add(
        Meaning::ReadOnly,
        sentences
            .iter()
            .any(|sentence| READ_ONLY.is_match(sentence) && !is_of_some(sentence)),
    );
    add(Meaning::Signed, kind.is_number() && says(&SIGNED));
    add(
        Meaning::Once,
        matches!(kind, Kind::String | Kind::Any) && says(&ONCE),
    );
    add(Meaning::OfFailure, says(&OF_FAILURE));
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
    (TOTAL.is_match(&rest) || is_of_all) && !PARTIAL.is_match(&rest)
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

/// Whether a list has those items alone that have the value: a sentence says so, and none makes it
/// less than an equality.
fn filters(sentences: &[String], kind: Kind) -> bool {
    let is_of_form =
        |sentence: &str| ALPHABET.is_match(sentence) || !limits(sentence, kind).is_empty();
    let is_inexact = sentences
        .iter()
        .any(|sentence| !is_of_form(sentence) && INEXACT.is_match(sentence));
    // Which items a list of values chooses is told where each of them is a value that they have.
    let chooses = |sentence: &str| match kind {
        Kind::Object => false,
        Kind::Array => SEVERAL_OF.is_match(sentence),
        _ => FILTER.is_match(sentence),
    };
    !is_inexact
        && sentences
            .iter()
            .any(|sentence| chooses(sentence) && !COMPARED.is_match(sentence))
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
    #[case("Only users with one of these ids.", Kind::Array, true)]
    #[case("Only parcels of one of these kinds.", Kind::Array, true)]
    #[case("Only users with this role.", Kind::String, true)]
    #[case("Only these fields are shown.", Kind::Object, false)]
    #[case("The ids of the users.", Kind::Array, false)]
    #[case("Filters to apply.", Kind::Array, false)]
    fn a_list_chooses_where_items_have_one_of_its_values(
        #[case] text: &str,
        #[case] kind: Kind,
        #[case] expected: bool,
    ) {
        assert_eq!(meanings(text, kind).contains(&Meaning::Filter), expected);
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
    #[case(
        "Only the books with these ids, separated by commas, for example, ids=1,2.",
        true
    )]
    #[case("Ids of planets, separated by commas: only these are listed.", true)]
    #[case("Comma-separated ids: only these planets are returned.", true)]
    #[case("只返回这些ID的图书，多个ID以逗号分隔。", true)]
    #[case("The fields that are returned, separated by commas.", false)]
    #[case("Only the books with these ids.", false)]
    #[case("All books except those with these ids, separated by commas.", false)]
    fn one_of_several_values_is_told(#[case] text: &str, #[case] expected: bool) {
        let found = meanings(text, Kind::String).contains(&Meaning::SeveralOf);
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
    #[case("Repeated blanks are removed.", true)]
    #[case("Leading and trailing blanks are removed.", false)]
    #[case("Surrounding whitespace is discarded.", false)]
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
