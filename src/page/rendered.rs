//! What a generator of references (os-api-ref) makes of an operation: method, path and title stand
//! in boxes of their own, which fold the details away.

use scraper::ElementRef;

/// The class of the box that an operation's method, path and title stand in.
const HEAD: &str = "detail-control";

/// The class of the box that holds the operation's details.
const DETAILS: &str = "api-detail";

/// The methods that a box names.
const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "COPY",
];

/// How many elements of a box are looked at.
const MOST: usize = 200;

/// The head of an operation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub method: String,
    pub path: String,
    pub title: String,
}

/// The head of the operation that an element is, if it is one.
pub(super) fn head(element: ElementRef<'_>) -> Option<Head> {
    if !element.value().classes().any(|class| class == HEAD) {
        return None;
    }
    let method = text_of(element, "badge")?.to_ascii_uppercase();
    let path = text_of(element, "endpoint-url")?;
    let is_target = METHODS.contains(&method.as_str()) && path.starts_with('/');
    is_target.then(|| Head {
        method,
        path,
        title: text_of(element, "url-subtitle").unwrap_or_default(),
    })
}

/// Whether an element holds the details of the operation whose head stands before it.
pub(super) fn holds_details(element: ElementRef<'_>) -> bool {
    element.value().classes().any(|class| class == DETAILS)
}

/// Whether a text is a method and nothing else.
pub(super) fn is_method(text: &str) -> bool {
    METHODS.contains(&text.trim())
}

/// The text of the first element of a class inside another.
fn text_of(element: ElementRef<'_>, class: &str) -> Option<String> {
    let found = element
        .descendants()
        .take(MOST)
        .filter_map(ElementRef::wrap)
        .find(|inner| inner.value().classes().any(|own| own == class))?;
    let text: String = found.text().take(MOST).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
