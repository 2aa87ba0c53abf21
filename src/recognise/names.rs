//! The names by which lists, pages, times and identities are recognised.

use crate::contract::is_called;

/// Names of a query parameter that bounds a page.
pub(super) const LIMITS: &[&str] = &[
    "limit",
    "page_size",
    "pageSize",
    "per_page",
    "perPage",
    "page_limit",
    "max_results",
    "maxResults",
    "max_items",
    "maxItems",
];

/// Names of one that bounds a page where another numbers the pages, or passes items over.
pub(super) const SIZES: &[&str] = &["size", "count", "rows", "take", "top"];

/// Names of a query parameter that passes items over.
pub(super) const OFFSETS: &[&str] = &["offset", "page_offset", "skip"];

/// Names of one that does so where it begins at zero: else it may be a time, or count from one.
pub(super) const STARTS: &[&str] = &["start", "start_at", "startAt"];

/// Names of a query parameter that numbers pages.
pub(super) const PAGES: &[&str] = &[
    "page",
    "page_no",
    "page_num",
    "page_number",
    "pageNo",
    "pageNum",
    "pageNumber",
    "current_page",
];

/// Names of a total of a list that has no pages.
pub(super) const COUNTS: &[&str] = &["count", "total", "number"];

/// Names of a total, whichever page is asked for.
pub(super) const TOTALS: &[&str] = &[
    "total",
    "total_count",
    "total_num",
    "total_number",
    "totalCount",
    "totalElements",
    "total_items",
    "totalItems",
    "total_results",
    "totalResults",
];

/// Names of what is true where a page follows.
pub(super) const MORES: &[&str] = &["has_more", "has_next", "has_next_page", "has_more_items"];

/// Names of what is true on the last page.
pub(super) const LASTS: &[&str] = &["is_last_page", "is_last"];

/// Names of a header that has it.
pub(super) const TOTAL_HEADERS: &[&str] = &[
    "x-total-count",
    "x-total",
    "total-count",
    "x-total-items",
    "x-total-results",
    "x-pagination-total-count",
];

/// Names of a number beside a list that may be of its page or of all: what is said of it decides.
pub(super) const AMOUNTS: &[&str] = &["count", "number", "num", "size", "hits", "matches"];

/// Names of the two ends of a time window.
pub(super) const WINDOWS: &[(&str, &str)] = &[
    ("begin_time", "end_time"),
    ("start_time", "end_time"),
    ("begin_at", "end_at"),
    ("start_at", "end_at"),
    ("start_date", "end_date"),
    ("beginTime", "endTime"),
    ("startTime", "endTime"),
    ("from", "to"),
];

/// Names of the parameter that says after which item a page begins.
pub(super) const MARKERS: &[&str] = &[
    "marker",
    "page_token",
    "pageToken",
    "next_token",
    "cursor",
    "start_after",
    "starting_after",
    "continuation_token",
    "continuationToken",
    "nextToken",
    "next_marker",
    "page_marker",
    "page_cursor",
];

/// Those of them that are the id of an item, by custom.
pub(super) const IDS: &[&str] = &["marker", "start_after", "starting_after"];

/// Names of what tells the marker of the next page.
pub(super) const NEXTS: &[&str] = &[
    "next_marker",
    "nextMarker",
    "next_page_token",
    "nextPageToken",
    "next_token",
    "next_cursor",
    "nextCursor",
    "nextToken",
    "continuation_token",
    "continuationToken",
    "next",
];

/// Whether a field is called like what tells the marker of the next page: the last page has none.
pub(crate) fn tells_next(name: &str) -> bool {
    NEXTS.contains(&name)
}

/// Names of an item's time, the likeliest first.
pub(super) const TIMES: &[&str] = &[
    "created_at",
    "create_time",
    "created",
    "createTime",
    "createdAt",
    "begin_time",
    "start_time",
    "time",
    "timestamp",
];

/// Names of two times of which the second is not before the first.
pub(super) const ORDERED: &[(&str, &str)] = &[
    ("created_at", "updated_at"),
    ("create_time", "update_time"),
    ("created", "updated"),
    ("begin_time", "end_time"),
    ("start_time", "end_time"),
];

/// Query parameters that say which part of a list is wanted, or in which order: none is a filter.
const PAGING: &[&str] = &[
    "size", "count", "start", "sort", "sort_by", "sort_key", "sort_dir", "order", "order_by",
    "fields",
];

/// Fields that a service does not tell as they were sent, or that say what is to be done.
pub(super) const UNTOLD: &[&str] = &[
    "status",
    "state",
    "version",
    "revision",
    "etag",
    "action",
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "updated_at",
    "update_time",
    "created_at",
    "create_time",
];

/// Objects of an item that hold what it is, beside what it is called by (JSON:API).
pub(super) const ATTRIBUTES: &[&str] = &["attributes"];

/// Whether a query parameter is called by one of some names: `page[size]` is a `page_size`.
pub(super) fn is_one_of(name: &str, names: &[&str]) -> bool {
    let plain = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((outer, inner)) => &format!("{outer}_{inner}"),
        None => name,
    };
    names.iter().any(|known| is_called(plain, known))
}

/// What a query parameter in brackets filters by: `state` of `filter[state]`.
pub(super) fn filtered(name: &str) -> Option<&str> {
    let inner = name.strip_suffix(']')?.strip_prefix("filter[")?;
    (!inner.is_empty() && !inner.contains(['[', ']'])).then_some(inner)
}

/// Whether a query parameter of this name says which part of a list is wanted.
pub(super) fn is_paging(name: &str) -> bool {
    [LIMITS, OFFSETS, PAGES, MARKERS, PAGING]
        .iter()
        .any(|names| is_one_of(name, names))
}

/// Whether a query parameter of this name says how many items a page has.
pub(crate) fn bounds_a_page(name: &str) -> bool {
    is_one_of(name, LIMITS)
}

/// Whether a query parameter is one end of a time window.
pub(super) fn is_of_window(name: &str) -> bool {
    WINDOWS
        .iter()
        .any(|(begin, end)| *begin == name || *end == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("page[size]", LIMITS, true)]
    #[case("page[number]", PAGES, true)]
    #[case("page[offset]", OFFSETS, true)]
    #[case("pageSize", LIMITS, true)]
    #[case("page[size][max]", LIMITS, false)]
    #[case("limits", LIMITS, false)]
    fn a_parameter_in_brackets_is_called_by_both_words(
        #[case] name: &str,
        #[case] names: &[&str],
        #[case] expected: bool,
    ) {
        assert_eq!(is_one_of(name, names), expected);
    }

    #[rstest]
    #[case("filter[state]", Some("state"))]
    #[case("filter[]", None)]
    #[case("filter[state][eq]", None)]
    #[case("state", None)]
    fn a_filter_in_brackets_names_its_field(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(filtered(name), expected);
    }
}
