//! What the widget server can do wrong, one word each, and the laws that the word breaks.

/// A way in which the server breaks a law of its pages.
pub struct Breach {
    /// The word by which a test asks for it.
    pub name: &'static str,
    /// How a part of the name of a trial that has to fail begins: any of these.
    pub laws: &'static [&'static str],
}

const fn breach(name: &'static str, laws: &'static [&'static str]) -> Breach {
    Breach { name, laws }
}

/// What tells that a create keeps what it was given.
const KEPT: &[&str] = &["echo", "create-then-read"];

/// Every breach.
pub const BREACHES: &[Breach] = &[
    // A create.
    breach("create-forgets-note", &["create-then-read"]),
    breach("create-rounds-serial", KEPT),
    breach("create-flips-active", KEPT),
    breach("create-loses-nested", KEPT),
    breach("create-is-not-listed", &["create-then-list"]),
    breach("create-is-not-shown", &["create-then-read"]),
    breach("list-shows-otherwise", &["create-then-list"]),
    breach("ids-repeat", &["create-then-read", "isolation", "unique"]),
    // A change.
    breach("patch-replaces", &["update-changes-this-alone"]),
    breach(
        "patch-is-not-kept",
        &["update-changes-this-alone", "update-then-read"],
    ),
    breach(
        "patch-changes-another-widget",
        &["update-changes-this-alone", "isolation"],
    ),
    breach("put-keeps-the-rest", &["replace-restores-defaults"]),
    // A delete.
    breach("deleted-is-shown", &["delete-then-gone"]),
    breach("deleted-is-listed", &["delete-then-gone"]),
    breach("delete-does-nothing", &["delete-then-gone"]),
    breach("delete-again-is-204", &["delete-again"]),
    // What has no effect.
    breach("show-changes", &["read-is-safe"]),
    breach("list-changes", &["read-is-safe"]),
    breach("refused-create-stays", &["refused-leaves-nothing"]),
    breach("refused-change-stays", &["refused-leaves-nothing"]),
    // Lists.
    breach("parts-of-all", &["isolation"]),
    breach("filter-is-ignored", &["filter"]),
    breach("filter-misses-some", &["filter"]),
    breach("filter-by-prefix", &["filter"]),
    breach("total-of-the-page", &["total"]),
    breach("total-ignores-filter", &["total"]),
    breach("oldest-first", &["sorted"]),
    breach("pages-overlap", &["pages", "cursor"]),
    breach("pages-skip", &["pages", "cursor"]),
    breach("marker-never-ends", &["end"]),
    // What the server itself says of a widget.
    breach("created-at-in-local-time", &["clock"]),
    breach("negative-size", &["minimum"]),
    breach("negative-count", &["minimum"]),
    breach("error-code-on-ready", &["ofFailure"]),
];
