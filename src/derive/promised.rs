//! What sentences promise of a value that only several answers show: that no two have the same, that
//! null takes it away, that the service leaves aside what a request says, that no answer shows it.

use super::meanings::is_of_some;
use super::statement::Kind;
use crate::contract::Meaning;

phrases! {
    Promises:

    /// A word without which none of it is said: one look at a text tells that most have none.
    static HINT;

    /// No two of a kind have the same value.
    static UNIQUE;

    /// Something else is unique, or this sometimes.
    static NOT_UNIQUE;

    /// The same in words for a value that somebody has already.
    static TAKEN;

    /// Something else is taken, or this by nobody.
    static NOT_TAKEN;

    /// What a conflict is about: the `name` that something has already.
    static CONFLICT;

    /// Null takes a value away.
    static CLEARED;

    /// What a request says of the value is left aside.
    static IGNORED;

    /// The value is in no answer.
    static HIDDEN;

    /// It may be in some.
    static SEEN_ONCE;

    /// The answer that makes a thing shows the value, and no other does.
    static SHOWN_ONCE;

    /// The value is null where a request gave none.
    static NULL_IF_NONE;

    /// No change of the thing changes the value.
    static FIXED;

    /// The value is the time of the last change.
    static TOUCHED;

    /// The number goes up by one with each change.
    static RISES;

    /// Of two things that are made, the later one has the greater number.
    static GROWS;

    /// A list has nothing that was deleted.
    static UNLISTED;

    /// A list has some of the things alone, or has them later than they are made.
    static SOME_ALONE;

    /// An operation serves only where its service is set up for it.
    static SET_UP;

    /// A key that was sent with one body is refused with another.
    static OTHER_BODY;

    /// Words by which it is not, or may be.
    static NOT_REFUSED;

    /// True where a page follows.
    static MORE;

    /// True on the last page.
    static LAST;

    /// Words by which either says the contrary, or something of a page before.
    static DENIED;

    /// A `PUT` makes what is not there.
    static CREATES;

    /// What is sent to the path of one thing makes it.
    static MAKES;

    /// It does so for some, or does not.
    static NO_MAKER;

    /// A change is answered with what was there before it.
    static BEFORE;

    /// Null takes away the value of whatever field has it.
    static CLEARED_ANY;

    /// A change makes another thing, and leaves what was there.
    static ANEW;

    /// A delete takes away what belongs to what is deleted.
    static CASCADES;

    /// A word by which a sentence about a page that follows says that none does.
    static NONE_FOLLOWS;
}

/// Whether a sentence says that null takes away the value of whatever field has it in a change.
pub(super) fn null_clears_any(sentence: &str) -> bool {
    CLEARED_ANY.is_match(sentence)
}

/// What the sentences of a row promise of a value.
pub(super) fn promises(sentences: &[String], kind: Kind) -> Vec<Meaning> {
    let is_scalar = !matches!(
        kind,
        Kind::Array | Kind::Object | Kind::Boolean | Kind::Null
    );
    let is_text = matches!(kind, Kind::String | Kind::Integer | Kind::Any);
    let mut found = Vec::new();
    for sentence in sentences.iter().filter(|one| HINT.is_match(one)) {
        let mut add = |meaning: Meaning, holds: bool| {
            if holds && !found.contains(&meaning) {
                found.push(meaning);
            }
        };
        add(Meaning::Unique, is_text && is_unique(sentence));
        add(Meaning::Cleared, CLEARED.is_match(sentence));
        let is_ignored = IGNORED.is_match(sentence) && !is_of_some(sentence);
        add(Meaning::Ignored, is_scalar && is_ignored);
        let is_hidden = HIDDEN.is_match(sentence) && !SEEN_ONCE.is_match(sentence);
        add(Meaning::Hidden, is_scalar && is_hidden);
        add(Meaning::ShownOnce, is_text && SHOWN_ONCE.is_match(sentence));
        add(Meaning::NullIfNone, NULL_IF_NONE.is_match(sentence));
        add(Meaning::Fixed, is_scalar && FIXED.is_match(sentence));
        add(
            Meaning::Touched,
            kind == Kind::String && TOUCHED.is_match(sentence),
        );
        add(Meaning::Rises, kind.is_number() && RISES.is_match(sentence));
        add(
            Meaning::Grows,
            kind == Kind::Integer && GROWS.is_match(sentence),
        );
        add(Meaning::OtherBody, is_text && refuses_other_body(sentence));
    }
    found
}

/// Whether a sentence says that no two of a kind have the same value.
pub(super) fn is_unique(sentence: &str) -> bool {
    UNIQUE.is_match(sentence) && !NOT_UNIQUE.is_match(sentence)
        || TAKEN.is_match(sentence) && !NOT_TAKEN.is_match(sentence)
}

/// What a sentence about a conflict says that something has already.
pub(super) fn conflict(sentence: &str) -> Option<&str> {
    let found = CONFLICT.captures(sentence)?.name("name");
    found
        .map(|found| found.as_str())
        .filter(|_| !NOT_TAKEN.is_match(sentence))
}

/// What the sentences of a truth value in an answer say of the pages of a list.
pub(super) fn of_pages(sentences: &[String], kind: Kind) -> Option<Meaning> {
    let of_truth = || sentences.iter().filter(|one| !DENIED.is_match(one));
    if kind != Kind::Boolean {
        return None;
    }
    if of_truth().any(|one| LAST.is_match(one)) {
        return Some(Meaning::Last);
    }
    of_truth()
        .any(|one| MORE.is_match(one) && !NONE_FOLLOWS.is_match(one))
        .then_some(Meaning::More)
}

/// Whether a sentence about a request to one thing says that it makes what is not there: of a `PUT`,
/// and of a `POST` to a path that ends with what is made.
pub(super) fn creates(method: &str, path: &str, sentence: &str) -> bool {
    let is_to_one = path.trim_end_matches('/').ends_with('}');
    (method == "PUT" || method == "POST" && is_to_one)
        && (CREATES.is_match(sentence) || is_to_one && MAKES.is_match(sentence))
        && !NO_MAKER.is_match(sentence)
}

/// Whether a sentence about a list says that it has nothing that was deleted.
pub(super) fn leaves_out_deleted(method: &str, sentence: &str) -> bool {
    method == "GET" && UNLISTED.is_match(sentence)
}

/// Whether a sentence about a list says that it has some of the things alone, or has them later than
/// they are made.
pub(crate) fn lists_some(method: &str, sentence: &str) -> bool {
    method == "GET" && SOME_ALONE.is_match(sentence) && !UNLISTED.is_match(sentence)
}

/// Whether a sentence about an operation says that it serves only where its service is set up for it.
pub(crate) fn serves_where_set_up(sentence: &str) -> bool {
    SET_UP.is_match(sentence)
}

/// Whether a sentence says that a key which was sent with one body is refused with another.
pub(super) fn refuses_other_body(sentence: &str) -> bool {
    OTHER_BODY.is_match(sentence) && !NOT_REFUSED.is_match(sentence)
}

/// Whether a sentence about a change says that its answer shows what was there before it.
pub(crate) fn answers_before(method: &str, sentence: &str) -> bool {
    matches!(method, "PUT" | "PATCH" | "POST") && BEFORE.is_match(sentence)
}

/// Whether a sentence about a delete says that it takes away what belongs to what is deleted.
pub(crate) fn cascades(method: &str, sentence: &str) -> bool {
    method == "DELETE" && CASCADES.is_match(sentence)
}

/// Whether a sentence about a change says that it makes another thing, and leaves what was there.
pub(crate) fn makes_anew(method: &str, sentence: &str) -> bool {
    matches!(method, "PUT" | "PATCH" | "POST") && ANEW.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::super::sentences::sentences;
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("The name. It must be unique.", &[Meaning::Unique])]
    #[case("Must be unique within the project.", &[Meaning::Unique])]
    #[case("Unique name of the patient.", &[Meaning::Unique])]
    #[case("No two roles have the same name.", &[Meaning::Unique])]
    #[case("A second patient with the same name is refused with 409.", &[Meaning::Unique])]
    #[case("名称，不能重复。", &[Meaning::Unique])]
    #[case("Usernames cannot be reused, not even after the user was deleted.", &[Meaning::Unique])]
    #[case("Must not be in use already (409).", &[Meaning::Unique])]
    #[case("It must not already exist.", &[Meaning::Unique])]
    #[case("Two users can't have the same username.", &[Meaning::Unique])]
    #[case("A username can be taken only once.", &[Meaning::Unique])]
    #[case("If the username is taken, you get a `409`.", &[Meaning::Unique])]
    #[case("409 if taken.", &[Meaning::Unique])]
    #[case("Unique, otherwise `409 Conflict`.", &[Meaning::Unique])]
    #[case("Only one account per e-mail address.", &[Meaning::Unique])]
    #[case("A duplicate is refused with 409.", &[Meaning::Unique])]
    #[case("名称已存在时返回409。", &[Meaning::Unique])]
    #[case("Must not be used with `port`.", &[])]
    #[case("It cannot be changed once it is in use.", &[])]
    #[case("If the room is taken, another is given.", &[])]
    #[case("Two users can have the same name.", &[])]
    #[case("Duplicates are removed.", &[])]
    #[case("The unique id of the user.", &[])]
    #[case("The name. It need not be unique.", &[])]
    #[case("A token that is unique for each request.", &[])]
    #[case("The items must be unique.", &[])]
    #[case("The template. `null` removes the template.", &[Meaning::Cleared])]
    #[case("Set it to null to clear the note.", &[Meaning::Cleared])]
    #[case("null if there is none.", &[Meaning::NullIfNone])]
    #[case("The value is null if none was given.", &[Meaning::NullIfNone])]
    #[case("null if the job failed.", &[])]
    #[case("The owner. A value in a request is ignored.", &[Meaning::Ignored])]
    #[case("Set by the server.", &[Meaning::Ignored])]
    #[case("Set by the server if it is left out.", &[])]
    #[case("8 to 64 characters. It is never shown.", &[Meaning::Hidden])]
    #[case("Write-only.", &[Meaning::Hidden])]
    #[case("It is never shown again.", &[Meaning::ShownOnce])]
    #[case("It is shown only once, in this answer.", &[Meaning::ShownOnce])]
    #[case("It can be used only once.", &[])]
    #[case("The same key with another body gets a 422.", &[Meaning::OtherBody])]
    #[case("The same key with another body may be refused.", &[])]
    #[case("It is not returned in lists.", &[])]
    fn a_row_promises(#[case] text: &str, #[case] expected: &[Meaning]) {
        assert_eq!(promises(&sentences(text), Kind::String), expected);
    }

    #[rstest]
    #[case("Whether there are more rows after this page.", Some(Meaning::More))]
    #[case("True if another page follows.", Some(Meaning::More))]
    #[case("是否还有更多。", Some(Meaning::More))]
    #[case("Whether no record comes after this page.", Some(Meaning::Last))]
    #[case("Whether this is the last page.", Some(Meaning::Last))]
    #[case("Whether there is a previous page.", None)]
    #[case("Whether there are no more rows.", None)]
    #[case("Whether the widget is more expensive.", None)]
    fn a_truth_tells_of_pages(#[case] text: &str, #[case] expected: Option<Meaning>) {
        assert_eq!(of_pages(&sentences(text), Kind::Boolean), expected);
        assert_eq!(of_pages(&sentences(text), Kind::String), None);
    }

    #[rstest]
    #[case("Response 200: the post as it was before the change.", true)]
    #[case("Returns the previous version of the document.", true)]
    #[case("200: the vehicle before it was replaced", true)]
    #[case("返回修改前的记录。", true)]
    #[case("Returns the post.", false)]
    #[case("Checks the post before it is changed.", false)]
    fn a_change_answers_what_was_there(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(answers_before("PATCH", sentence), expected);
        assert!(!answers_before("GET", sentence));
    }

    #[rstest]
    #[case("Makes a new revision and returns it.", true)]
    #[case("A change is stored as a new version of the page.", true)]
    #[case("Policies are never changed in place.", true)]
    #[case("每次修改都会生成一个新版本。", true)]
    #[case("Each change gives a new version number.", false)]
    #[case("Returns the new version.", false)]
    fn a_change_makes_another(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(makes_anew("PATCH", sentence), expected);
        assert!(!makes_anew("GET", sentence));
    }

    #[rstest]
    #[case("Deletes the post and all its comments.", true)]
    #[case("Removes a project, including everything in it.", true)]
    #[case("All its tasks are deleted too.", true)]
    #[case("删除文章及其所有评论。", true)]
    #[case("Deletes all posts.", false)]
    #[case("Deletes the post; all its comments stay.", false)]
    fn a_delete_takes_along_what_belongs_to_it(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(cascades("DELETE", sentence), expected);
        assert!(!cascades("POST", sentence));
    }

    #[rstest]
    #[case("Registers a sensor or replaces what is known of it.", true)]
    #[case("Creates the key or changes its value.", true)]
    #[case("Replaces a sensor, or creates it.", true)]
    #[case("The key is created if it does not exist.", true)]
    #[case("This endpoint is used to create a named key.", true)]
    #[case("Creates a new virtual host.", true)]
    #[case("Creates a new version of the secret.", false)]
    #[case("Replaces a sensor.", false)]
    #[case("Create a part of a sensor", false)]
    #[case("Updates a sensor; it is not created if it does not exist.", false)]
    fn a_put_makes_what_is_not_there(#[case] sentence: &str, #[case] expected: bool) {
        assert_eq!(creates("PUT", "/sensors/{id}", sentence), expected);
        assert_eq!(creates("POST", "/sensors/{name}", sentence), expected);
        assert!(!creates("POST", "/sensors", sentence));
    }
}
