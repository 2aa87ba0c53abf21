//! The public API as a whole: what a user of the library can name, and of which types it speaks. A
//! difference from the snapshot is a change that the changelog tells, and a version number follows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The types of other crates that the API may speak of; all but the last two are of `std`.
const TYPES: &[&str] = &[
    "AsRef",
    "Display",
    "Duration",
    "ExitCode",
    "Formatter",
    "From",
    "Into",
    "Option",
    "Path",
    "PathBuf",
    "Result",
    "Self",
    "String",
    "Vec",
    "StatusCode",
    "Value",
];

/// The files that the API is declared in.
fn files() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files: Vec<PathBuf> = std::fs::read_dir(source.join("suite"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.splice(0..0, [source.join("lib.rs"), source.join("error.rs")]);
    files
}

/// What a file declares, in its order: public items and fields, the variants of public enums, and
/// what public types are said to implement. The source is as `rustfmt` leaves it.
fn declared(source: &str) -> Vec<String> {
    let source = source.split("mod tests {").next().unwrap();
    let source = source.split("#[doc(hidden)]").next().unwrap();
    let mut declared = Vec::new();
    let mut attributes = Vec::new();
    let mut is_enum = false;
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let text = line.trim();
        let is_outer = !line.starts_with(' ');
        if text.starts_with("#[derive") || text.starts_with("#[non_exhaustive") {
            attributes.push(line.to_owned());
            continue;
        }
        if text.is_empty() || text.starts_with("//") || text.starts_with("#[") {
            continue;
        }
        let is_variant = is_enum && text.ends_with(',');
        let is_item = text.starts_with("pub ") || text.starts_with("macro_rules!");
        let is_implementation = is_outer && text.starts_with("impl");
        if is_outer {
            is_enum = text.starts_with("pub enum");
        }
        if is_item || is_variant || is_implementation {
            let mut whole = text.to_owned();
            while !whole.ends_with(['{', ';', ',', '}']) {
                let more = lines.next().unwrap().trim();
                let between = if whole.ends_with('(') || more == ")" {
                    ""
                } else {
                    " "
                };
                whole = format!("{whole}{between}{more}");
            }
            // The parameters of a function may stand on several lines.
            while whole.matches('(').count() > whole.matches(')').count() {
                let more = lines.next().unwrap().trim();
                let between = if whole.ends_with('(') { "" } else { " " };
                whole = match more.strip_prefix(')') {
                    Some(rest) => format!("{}){rest}", whole.trim_end_matches(',')),
                    None => format!("{whole}{between}{more}"),
                };
            }
            let whole = whole.trim_end_matches(['{', ';', ',']).trim_end();
            let within = if is_outer { "" } else { "    " };
            declared.append(&mut attributes);
            declared.push(format!("{within}{whole}"));
        } else {
            attributes.clear();
        }
    }
    declared
}

/// The whole API, without what private types have.
fn api() -> Vec<String> {
    let of_files = files();
    let of_files = of_files
        .iter()
        .flat_map(|file| declared(&std::fs::read_to_string(file).unwrap()));
    let mut api: Vec<String> = of_files.collect();
    let exported = own(&api);
    // From one of our types into an inner one, and the other way, is nobody's business.
    let is_ours = |line: &String| {
        line.strip_prefix("impl ").is_none_or(|of| {
            let modules = of.split("::").count() - 1;
            let of_std = ["fmt::", "std::", "error::"];
            let of_std: usize = of_std.iter().map(|part| of.matches(part).count()).sum();
            let named = names(of);
            let known = |name: &String| exported.contains(name) || TYPES.contains(&name.as_str());
            modules == of_std
                && named.iter().any(|name| exported.contains(name))
                && named.iter().all(known)
        })
    };
    api.retain(is_ours);
    let empty: Vec<bool> = (0..api.len())
        .map(|at| {
            let is_header = api[at].starts_with("impl ") && !api[at].contains(" for ");
            is_header && api.get(at + 1).is_none_or(|next| !next.starts_with(' '))
        })
        .collect();
    let mut empty = empty.into_iter();
    api.retain(|_| !empty.next().unwrap());
    api
}

/// The types that the crate exports.
fn own(api: &[String]) -> BTreeSet<String> {
    let exports = api.iter().filter(|line| line.starts_with("pub use"));
    exports.flat_map(|line| names(line)).collect()
}

/// The names of types in a line: those that begin with a capital letter.
fn names(line: &str) -> Vec<String> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| word.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_api_is_the_one_that_was_reviewed() {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("public-api", api().join("\n"));
    });
}

/// What stands there must be usable without another crate but `http` and `serde_json`.
#[test]
fn no_type_of_another_crate_stands_in_it() {
    let api = api();
    let own = own(&api);
    assert!(own.contains("Suite") && own.contains("Report"), "{own:?}");
    let mut foreign = BTreeSet::new();
    for line in api
        .iter()
        .filter(|line| !line.trim_start().starts_with("#["))
    {
        // A variant is a name of its own.
        let is_signature = line.contains("pub ") || line.starts_with("impl");
        let of = names(line).into_iter().filter(|_| is_signature);
        foreign.extend(of.filter(|name| !own.contains(name) && !TYPES.contains(&name.as_str())));
    }
    assert_eq!(foreign, BTreeSet::new());
}
