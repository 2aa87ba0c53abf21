//! The real pages through tools that publish and convert them: each rendering gives the contract of
//! the page that it was made of. What a tool loses may be missing; nothing may be added.

#![cfg_attr(
    not(all(real_pages, any(docutils, sphinx, pandoc))),
    allow(
        dead_code,
        reason = "without the pages or the tools nothing is rendered"
    )
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use docproof::internal::derive::{Options, derive};
use docproof::internal::page;
use tempfile::TempDir;

use crate::tools::fields;

const PYTHON: Option<&str> = option_env!("PYTHON");
const PANDOC: Option<&str> = option_env!("PANDOC");

/// Renders pages of reStructuredText with docutils, which knows no role of Sphinx: a reference
/// becomes the link that it is on the published page.
const DOCUTILS: &str = r#"
import pathlib, re, sys
from docutils import nodes
from docutils.core import publish_file
from docutils.parsers.rst import roles

def link(name, raw, text, line, inliner, options=None, content=None):
    found = re.match(r"(?s)(.*?)\s*<(.*)>$", text)
    words, target = found.groups() if found else (text, text)
    return [nodes.reference(raw, words, refid=nodes.make_id(target))], []

for role in ("ref", "numref", "doc"):
    roles.register_local_role(role, link)
source, out = map(pathlib.Path, sys.argv[1:])
for page in sorted(source.glob("*.rst")):
    publish_file(
        source_path=str(page), destination_path=str(out / (page.stem + ".html")), writer_name="html5",
        settings_overrides={"report_level": 5, "halt_level": 5, "raw_enabled": False, "file_insertion_enabled": False},
    )
"#;

/// The real pages of one format.
fn pages(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/pages/real");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| file.extension().is_some_and(|own| own == ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there are no pages");
    files
}

/// A folder with copies of pages.
fn copies(ending: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in pages(ending) {
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    folder
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// The fields of a page; none for one that is refused.
fn of(file: &Path) -> BTreeSet<String> {
    let name = file.file_stem().unwrap().to_string_lossy();
    let page = page::read_bytes(&name, &std::fs::read(file).unwrap()).unwrap();
    derive(&[page], &Options::default())
        .map(|derived| fields(&derived).into_iter().collect())
        .unwrap_or_default()
}

/// How renderings compare with their pages.
#[derive(Debug, Default)]
struct Compared {
    equal: usize,
    /// What is missing or added, by page.
    lost: Vec<String>,
    added: Vec<String>,
}

fn compare(ending: &str, folder: &Path, rendered: &str) -> Compared {
    let mut compared = Compared::default();
    for file in pages(ending) {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let (own, other) = (of(&file), of(&folder.join(format!("{stem}.{rendered}"))));
        if own == other {
            compared.equal += 1;
        }
        let lines = |one: &BTreeSet<String>, two: &BTreeSet<String>| -> Vec<String> {
            one.difference(two)
                .map(|line| format!("{stem}: {line}"))
                .collect()
        };
        compared.lost.extend(lines(&own, &other));
        compared.added.extend(lines(&other, &own));
    }
    compared
}

fn assert_all_equal(ending: &str, folder: &Path, rendered: &str) {
    let compared = compare(ending, folder, rendered);
    assert_eq!(compared.equal, pages(ending).len(), "{compared:#?}");
}

#[test]
#[cfg_attr(
    not(all(real_pages, docutils)),
    ignore = "needs `../shared/pages` and a `python3` (or PYTHON) with docutils"
)]
fn docutils_gives_the_same_contract() {
    let out = tempfile::tempdir().unwrap();
    let source = copies("rst");
    run(Command::new(PYTHON.unwrap())
        .args(["-c", DOCUTILS])
        .args([source.path(), out.path()]));
    assert_all_equal("rst", out.path(), "html");
}

#[test]
#[cfg_attr(
    not(all(real_pages, sphinx)),
    ignore = "needs `../shared/pages` and a `python3` (or PYTHON) with Sphinx"
)]
fn sphinx_gives_the_same_contract() {
    let source = copies("rst");
    let out = tempfile::tempdir().unwrap();
    std::fs::write(source.path().join("conf.py"), "project = 'pages'\n").unwrap();
    let index = "Pages\n=====\n\n.. toctree::\n   :glob:\n\n   *\n";
    std::fs::write(source.path().join("index.rst"), index).unwrap();
    run(Command::new(PYTHON.unwrap())
        .args(["-m", "sphinx", "-q", "-b", "html"])
        .args([source.path(), out.path()]));
    assert_all_equal("rst", out.path(), "html");
}

/// Renders pages with pandoc.
fn pandoc(ending: &str, from: &str, to: &str) -> TempDir {
    let out = tempfile::tempdir().unwrap();
    for file in pages(ending) {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        run(Command::new(PANDOC.unwrap())
            .args(["-s", "--metadata", "title=page", "-f", from, "-t", to])
            // In lines of 72 signs old editions of pandoc tear the words of narrow columns.
            .args(["--columns=400", "-o"])
            .arg(out.path().join(format!("{stem}.{to}")))
            .arg(&file));
    }
    out
}

#[test]
#[cfg_attr(
    not(all(real_pages, pandoc)),
    ignore = "needs `../shared/pages` and `pandoc` 3 or later in the path (or PANDOC)"
)]
fn pandoc_gives_the_same_contract_of_markdown() {
    for to in ["html", "gfm"] {
        let out = pandoc("md", "gfm", to);
        assert_all_equal("md", out.path(), to);
    }
}

#[test]
#[cfg_attr(
    not(all(real_pages, pandoc)),
    ignore = "needs `../shared/pages` and `pandoc` 3 or later in the path (or PANDOC)"
)]
fn pandoc_gives_the_same_contract_of_restructured_text() {
    let out = pandoc("rst", "rst", "rst");
    assert_all_equal("rst", out.path(), "rst");
}

/// Pandoc keeps of a reference to a table neither a link nor a mark of its own, so that the fields
/// of objects are lost; what is there must be right.
#[test]
#[cfg_attr(
    not(all(real_pages, pandoc)),
    ignore = "needs `../shared/pages` and `pandoc` 3 or later in the path (or PANDOC)"
)]
fn pandoc_adds_nothing_to_restructured_text() {
    for (to, equal) in [("html", 23), ("gfm", 21)] {
        let out = pandoc("rst", "rst", to);
        let compared = compare("rst", out.path(), to);
        assert!(compared.equal >= equal, "{to}: {compared:#?}");
        let added: Vec<&String> = compared
            .added
            .iter()
            // An array or object of which no structure is known has a type of its own.
            .filter(|line| {
                !line.contains(" any") && !line.ends_with(" array") && !line.ends_with(" object")
            })
            .collect();
        assert!(added.is_empty(), "{to}: {added:#?}");
    }
}
