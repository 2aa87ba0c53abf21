//! Words around targets, and labels that are made of them.

use std::sync::LazyLock;

phrases! {
    TargetWords:

    /// A word for the method, in a label before it.
    pub(super) static METHOD_WORD;

    /// Another, which labels no method in the middle of a text.
    pub(super) static VERB_WORD;

    /// One of anything, which labels a method that stands alone.
    pub(super) static KIND_WORD;

    /// A whole label by which the word behind it is the method.
    pub(super) static KIND_OF_REQUEST;

    /// A word for the path, in a label before it.
    pub(super) static PATH_WORD;

    /// Another, where the method stands beside it.
    pub(super) static ROUTE_WORD;

    /// A word for the path, where it stands alone.
    pub(super) static SYNTAX_WORD;

    /// The beginning of a sentence that tells its reader to send a request.
    pub(super) static SEND;

    /// What stands there between the method and the path.
    pub(super) static REQUEST_TO;

    /// What a sentence begins with before its method, if it says how an operation is asked for.
    pub(super) static OPENS_SENTENCE;

    /// What stands between method and path in prose.
    pub(super) static REQUEST_BETWEEN;

    /// Words behind a path in prose by which more of it is to be added.
    pub(super) static GOES_ON;

    /// A sentence that says below which path, the group `base`, all operations stand.
    pub(super) static BASE;

    /// Words by which all paths of the page stand below one, the group `base`, also those that begin
    /// with a slash.
    pub(super) static BASE_OF_ALL;

    /// The end of a title that goes on with what stands behind it: `Changes to`.
    pub(super) static LEADING_ON;

    /// What stands between the targets of one line.
    pub(super) static BETWEEN_TARGETS;
}

/// A label of the method, where the path stands on the same line.
pub(super) static METHOD_LABEL: LazyLock<String> = LazyLock::new(|| {
    let words = [METHOD_WORD.part(), VERB_WORD.part()].join("|");
    format!(r"(?i:[^.。\n/:：]{{0,20}}(?:{words}))\s*[:：]\s*")
});

/// The same of the path.
pub(super) static PATH_LABEL: LazyLock<String> = LazyLock::new(|| {
    let words = [PATH_WORD.part(), ROUTE_WORD.part()].join("|");
    format!(r"(?i:[^.。\n/:：]{{0,20}}(?:{words}))\s*[:：]\s*")
});
