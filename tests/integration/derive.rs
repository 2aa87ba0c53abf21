//! Derivation, end to end: our own pages and the real ones give one contract, with the findings
//! that the pages deserve.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docproof::internal::contract::{Service, compile, without_provenance};
use docproof::internal::derive::{DeriveError, Derived, Options, derive};
use docproof::internal::page::{self, Page};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

fn read_folder(folder: &Path) -> Vec<Page> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| {
            let name = file.file_name().unwrap().to_string_lossy();
            page::read_bytes(&name, &std::fs::read(file).unwrap()).unwrap()
        })
        .collect()
}

fn own_pages() -> Vec<Page> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut pages = read_folder(&cases.join("dcs/pages"));
    pages.extend(read_folder(&cases.join("gaussdb/pages")));
    pages
}

/// The real pages.
fn seeds() -> Vec<Page> {
    read_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds"))
}

fn derived(pages: &[Page]) -> Derived {
    derive(pages, &Options::default()).unwrap()
}

#[test]
fn an_object_that_many_pages_describe_is_cited_from_each_operations_own() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/dcs/pages/list-backup-records.md");
    let text = std::fs::read_to_string(file).unwrap();
    let pages: Vec<Page> = ["a", "b", "c"]
        .iter()
        .map(|part| {
            let text = text
                .replace("{project_id}/", &format!("{{project_id}}/{part}/"))
                .replace("ListBackupRecords", &format!("List{part}"));
            page::read(&format!("{part}.md"), &text).unwrap()
        })
        .collect();
    let derived = derived(&pages);
    let operations = compile(&derived.services[0]).unwrap();
    assert_eq!(operations.len(), 3);
    for operation in operations {
        let facts = operation.facts();
        let fact = facts
            .iter()
            .find(|fact| fact.rule.to_string().ends_with("[].backup_id::type"))
            .unwrap();
        let cited: Vec<&str> = fact
            .rows
            .iter()
            .map(docproof::internal::contract::Fact::page)
            .collect();
        let own = operation.id.replace("List", "").to_lowercase() + ".md";
        assert_eq!(cited, [own], "{}", operation.id);
    }
}

/// A page of one request body, in Markdown.
fn page_of(name: &str, edition: &str, rows: &str) -> Page {
    let text = format!(
        "---\nservice: shop\nedition: {edition}\n---\n\n# Creating an Order\n\n## URI\n\n`POST /v1/{{shop_id}}/orders`\n\n\
         ## Request Parameters\n\nTable 1 Request body parameters\n\n| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n{rows}\n"
    );
    page::read(name, &text).unwrap()
}

/// The schema of the field `field` of a page with that one row.
pub(crate) fn field(kind: &str, description: &str) -> Value {
    let page = page_of(
        "page.md",
        "1",
        &format!("| field | No | {kind} | {description} |"),
    );
    let derived = derived(&[page]);
    without_provenance(
        &derived.services[0].schemas["CreateOrder/request.json"]["properties"]["field"],
    )
}

type Files = BTreeMap<String, Value>;

fn files_without_provenance(service: &Service) -> (Value, Files) {
    (
        without_provenance(&service.document),
        service
            .schemas
            .iter()
            .map(|(file, schema)| (file.clone(), without_provenance(schema)))
            .collect(),
    )
}

#[test]
fn own_pages_derive_to_three_operations_that_compile() {
    let derived = derived(&own_pages());
    let names: Vec<String> = derived
        .services
        .iter()
        .flat_map(|service| compile(service).unwrap())
        .map(|operation| operation.name())
        .collect();
    assert_eq!(
        names,
        [
            "dcs::ListBackupRecords",
            "dcs::CopyInstance",
            "gaussdb::CreateManualBackup"
        ]
    );
}

#[test]
#[cfg_attr(
    not(real_pages),
    ignore = "the real pages are not at hand: `../shared/seeds` is absent"
)]
fn own_pages_and_real_pages_give_the_same_contract() {
    let seeds = seeds();
    let (own, real) = (derived(&own_pages()), derived(&seeds));
    assert_eq!(own.services.len(), real.services.len());
    for (own, real) in own.services.iter().zip(&real.services) {
        assert_eq!(own.name, real.name);
        assert_eq!(
            files_without_provenance(own),
            files_without_provenance(real)
        );
    }
}

/// Every contradiction that the pages are known to have: operation, kind, and a word of the message
/// that names the field.
const KNOWN: &[(&str, &str, &str)] = &[
    (
        "ListBackupRecords",
        "example-names-parameter-otherwise",
        "beginTime",
    ),
    ("ListBackupRecords", "example-breaks-type", "period"),
    ("ListBackupRecords", "example-breaks-type", "error_code"),
    ("ListBackupRecords", "values-in-prose", "is_support_restore"),
    ("ListBackupRecords", "null-beside-type", "error_ext_msg"),
    ("ListBackupRecords", "same-name-other-field", "error_code"),
    ("CopyInstance", "values-lost", "backup_format"),
    ("CopyInstance", "only-some-editions", "default `rdb`"),
    ("CopyInstance", "only-some-editions", "error_code"),
    ("CopyInstance", "only-some-editions", "error_msg"),
    ("CopyInstance", "only-some-editions", "error_ext_msg"),
    ("CopyInstance", "null-beside-type", "error_ext_msg"),
    ("CopyInstance", "example-without-body", "body"),
    ("CreateManualBackup", "no-status", "status"),
    ("CreateManualBackup", "pattern-in-prose", "`name`"),
    ("CreateManualBackup", "pattern-in-prose", "`description`"),
    ("CreateManualBackup", "format-not-rfc3339", "begin_time"),
    ("CreateManualBackup", "values-in-prose", "backup.type"),
    ("CreateManualBackup", "example-answer-differs", "`name`"),
    (
        "CreateManualBackup",
        "example-answer-differs",
        "`description`",
    ),
    (
        "CreateManualBackup",
        "example-answer-differs",
        "`instance_id`",
    ),
];

fn assert_known_findings(derived: &Derived) {
    let found: Vec<_> = derived
        .services
        .iter()
        .flat_map(Service::documentation)
        .collect();
    for (operation, kind, word) in KNOWN {
        let finding = found
            .iter()
            .find(|finding| {
                finding.operation == *operation
                    && finding.kind.as_str() == *kind
                    && finding.message.contains(word)
            })
            .unwrap_or_else(|| panic!("{operation}: no {kind} about {word}"));
        assert!(!finding.rows.is_empty(), "{operation}: {kind} cites no row");
    }
    assert_eq!(found.len(), KNOWN.len(), "{found:#?}");
}

#[test]
fn own_pages_have_the_known_contradictions_and_no_other() {
    assert_known_findings(&derived(&own_pages()));
}

#[test]
#[cfg_attr(
    not(real_pages),
    ignore = "the real pages are not at hand: `../shared/seeds` is absent"
)]
fn real_pages_have_the_known_contradictions_and_no_other() {
    assert_known_findings(&derived(&seeds()));
}

#[test]
fn a_fact_cites_its_row() {
    let derived = derived(&own_pages());
    let schema = &derived.services[0].schemas["CopyInstance/request.json"];
    let facts = schema["properties"]["backup_format"]["x-docproof"]["facts"]
        .as_array()
        .unwrap();
    let default = facts
        .iter()
        .find(|fact| fact["facet"] == "default")
        .unwrap();
    assert_eq!(default["page"], "copy-instance.md");
    assert_eq!(default["edition"], "2025-08-05");
    assert_eq!(default["table"], "Table 2 Request body parameters");
    assert_eq!(default["row"], "backup_format");
    assert_eq!(default["level"], "should");
}

#[test]
fn no_sentence_of_a_page_is_kept() {
    let sentences = ["What went wrong", "The note kept"];
    let page = include_str!("../../cases/dcs/pages/list-backup-records.md");
    assert!(sentences.iter().all(|sentence| page.contains(sentence)));
    let services = derived(&own_pages()).services;
    assert_eq!(services.len(), 2);
    for service in services {
        for (file, text) in service.files() {
            for sentence in sentences {
                assert!(!text.contains(sentence), "{file}: {sentence}");
            }
        }
    }
}

#[test]
fn a_page_without_an_operation_is_refused_by_name() {
    let page = page::read("x.md", "# News\n\nNothing to call here.\n").unwrap();
    let error = derive(&[page], &Options::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`x.md` is not an API page: no line such as `GET /path` found"
    );
    assert!(!error.hint().is_empty());
    assert!(matches!(
        derive(&[], &Options::default()),
        Err(DeriveError::NoPages)
    ));
}

#[test]
fn the_service_can_be_told() {
    let options = Options {
        service: Some("other".to_owned()),
    };
    let derived = derive(&own_pages(), &options).unwrap();
    assert_eq!(derived.services.len(), 1);
    assert_eq!(derived.services[0].name, "other");
}

fn contract(pages: &[Page]) -> Vec<(Value, Files)> {
    derived(pages)
        .services
        .iter()
        .map(files_without_provenance)
        .collect()
}

#[test]
fn the_order_of_pages_does_not_matter() {
    let pages = own_pages();
    let mut reversed = pages.clone();
    reversed.reverse();
    assert_eq!(derived(&pages), derived(&reversed));
}

#[test]
fn an_edition_given_twice_is_one() {
    let pages = own_pages();
    let twice: Vec<Page> = pages.iter().chain(&pages).cloned().collect();
    assert_eq!(contract(&pages), contract(&twice));
}

/// What one row of an edition may say of a text.
fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        (1..300_u32).prop_map(|n| format!("Maximum characters: {n}")),
        (1..9_u32).prop_map(|n| format!("Minimum characters: {n}")),
        Just("Enumeration values:<br>- a<br>- b".to_owned()),
        Just("Enumeration values:<br>- b<br>- c".to_owned()),
        Just("Set to null.".to_owned()),
        Just("Format: yyyyMMddHHmmss".to_owned()),
        Just("The default value is a.".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn merging_is_commutative_idempotent_and_looser(
        first in statement(),
        second in statement(),
        text in "[a-c0-9]{0,12}",
    ) {
        let a = page_of("a.md", "1", &format!("| field | No | String | {first} |"));
        let b = page_of("b.md", "2", &format!("| field | No | String | {second} |"));
        let both = contract(&[a.clone(), b.clone()]);
        prop_assert_eq!(&both, &contract(&[b.clone(), a.clone()]));
        prop_assert_eq!(&both, &contract(&[a.clone(), b.clone(), a.clone()]));
        // Where both state a facet, what either allows the union allows: judged on the facet that
        // both have in common.
        let facet = |text: &str| text.split(':').next().unwrap_or_default().to_owned();
        if facet(&first) == facet(&second) {
            let valid = |pages: &[Page], text: &str| {
                let operations = compile(&derived(pages).services[0]).unwrap();
                let body = operations[0].request_body.as_ref().unwrap();
                body.schema.is_valid(&json!({ "field": text }))
            };
            if valid(std::slice::from_ref(&a), &text) || valid(std::slice::from_ref(&b), &text) {
                prop_assert!(valid(&[a, b], &text));
            }
        }
    }

    #[test]
    fn no_mix_of_page_parts_makes_derivation_panic(
        parts in proptest::collection::vec(prop_oneof![
            Just("# Creating a Thing\n\n".to_owned()), Just("## URI\n\n".to_owned()), Just("POST /v1/{id}/things?limit={n}\n\n".to_owned()),
            Just("## Request Parameters\n\n".to_owned()), Just("## Response Parameters\n\n".to_owned()), Just("Status code: 200\n\n".to_owned()),
            Just("Table 1 Request body parameters\n\n".to_owned()), Just("Table 2 Thing\n\n".to_owned()),
            Just("| Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n| a | Yes | Array of Thing objects | See Table 2. |\n\n".to_owned()),
            Just("| Parameter | Type | Description |\n|---|---|---|\n| thing | Thing object | See Table 2. |\n| b | Long | Range: 1-9 |\n\n".to_owned()),
            Just("## Example Requests\n\n```\nPOST /v1/1/things\n{\"a\": [{}]}\n```\n\n".to_owned()),
            Just("## Example Responses\n\n```\n{\"b\": \"x\"}\n```\n\n".to_owned()), Just("## Status Codes\n\nNormal 202\n\n".to_owned()),
            any::<String>(),
        ], 0..14),
    ) {
        if let Ok(page) = page::read("page.md", &format!("GET /x\n\n{}", parts.concat()))
            && let Ok(derived) = derive(&[page], &Options::default())
        {
            for service in derived.services {
                service.bundle().unwrap();
                compile(&service).unwrap();
            }
        }
    }
}

/// A page in each format, to be broken.
fn sound_pages() -> Vec<String> {
    let rows = "<tr><td>mode</td><td>No</td><td>String</td><td><p>Enumeration values:</p><ul><li>fast</li><li>slow</li></ul></td></tr>\
                <tr><td rowspan=2>part</td><td>Yes</td><td><a href=\"#part\">Part</a> object</td><td>See Table 2.</td></tr>";
    let table = format!(
        "<table><tr><th>Parameter</th><th>Mandatory</th><th>Type</th><th>Description</th></tr>\n{rows}\n</table>"
    );
    let json = "{\n  \"mode\": \"fast\",\n  \"part\": { \"size\": 1 }\n}";
    vec![
        format!(
            "# Making a Thing\n\n## URI\n\nPOST /v1/{{id}}/things\n\n## Request Parameters\n\n**Table 1** Request body parameters\n\n{table}\n\n\
             **Table 2** Part\n\n<a name=\"part\"></a>\n\n| Parameter | Type | Description |\n|---|---|---|\n| size | Long | Range: 1-9 |\n\n\
             ## Example Requests\n\n```\nPOST https://x/v1/1/things\n\n{json}\n```\n\n## Status Codes\n\n| Status Code | Description |\n|---|---|\n| 202 | Made |\n"
        ),
        format!(
            "<!DOCTYPE html><html><body><h1>Making a Thing</h1><h2>URI</h2><p>POST /v1/{{id}}/things</p><h2>Request Parameters</h2>\n\
             <p>Table 1 Request body parameters</p>{table}<h2>Example Requests</h2><pre>{json}</pre></body></html>"
        ),
        format!(
            ".. _MakeThing:\n\nMaking a Thing\n==============\n\nURI\n---\n\n-  URI format\n\n   POST /v1/{{id}}/things\n\nRequest Parameters\n------------------\n\n\
             .. table:: **Table 1** Request body parameters\n\n   +------+--------+---------------+\n   | Name | Type   | Description   |\n   +======+========+===============+\n\
             \x20  | mode | String | Options:      |\n   |      |        |               |\n   |      |        | -  **fast**: a|\n   |      |        | -  **slow**: b|\n\
             \x20  +------+--------+---------------+\n\n==== ======= ===========\nName Type    Description\n==== ======= ===========\nsize Integer A size.\n==== ======= ===========\n\n\
             Example Request\n---------------\n\n.. code-block::\n\n   {}\n",
            json.replace('\n', "\n   ")
        ),
        format!(
            "Updated on 2025-01-01 GMT+08:00\n\nMaking a Thing\n\nURI\n\nPOST /v1/{{id}}/things\n\nRequest Parameters\n\nTable 1 Request body parameters\n\n\
             Parameter\n\nMandatory\n\nType\n\nDescription\n\nmode\n\nNo\n\nString\n\nDefinition:\n\nA mode.\n\nRange:\n\nfast\n\nDefault Value:\n\nfast\n\n\
             size\n\nYes\n\nLong\n\nA size.\n\nExample Requests\n\n{json}\n"
        ),
        "Making a Thing\nURI\nPOST /v1/{id}/things\nRequest Parameters\nParameter |\nMandatory |\nType |\nDescription |\n---|---|---|---|\nmode |\nNo |\nString |\n\
         A mode. Enumeration values:\n|\nsize |\nYes |\nLong |\nA size. |\nExample Requests\n{ \"mode\": \"fast\" }\n"
            .to_owned(),
    ]
}

/// A way to break a text.
#[derive(Debug, Clone)]
enum Break {
    /// Everything after a place is lost.
    Cut(prop::sample::Index),
    /// Two lines change places.
    Swap(prop::sample::Index, prop::sample::Index),
    /// A line is lost.
    Drop(prop::sample::Index),
    /// A line is repeated.
    Repeat(prop::sample::Index, usize),
    /// Bytes are written over.
    Overwrite(prop::sample::Index, Vec<u8>),
    /// The rest comes from another page.
    Splice(prop::sample::Index, prop::sample::Index),
}

fn breaks() -> impl Strategy<Value = Vec<Break>> {
    let index = any::<prop::sample::Index>;
    proptest::collection::vec(
        prop_oneof![
            index().prop_map(Break::Cut),
            (index(), index()).prop_map(|(a, b)| Break::Swap(a, b)),
            index().prop_map(Break::Drop),
            (index(), 2..60_usize).prop_map(|(at, times)| Break::Repeat(at, times)),
            (
                index(),
                proptest::collection::vec(
                    prop_oneof![any::<u8>(), Just(b'|'), Just(b'<'), Just(b'`')],
                    1..9
                )
            )
                .prop_map(|(at, bytes)| Break::Overwrite(at, bytes)),
            (index(), index()).prop_map(|(at, page)| Break::Splice(at, page)),
        ],
        1..6,
    )
}

fn broken(mut bytes: Vec<u8>, ways: &[Break], pages: &[String]) -> Vec<u8> {
    for way in ways {
        if bytes.is_empty() {
            return bytes;
        }
        let mut lines: Vec<Vec<u8>> = bytes
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        match way {
            Break::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Break::Overwrite(at, new) => {
                let at = at.index(bytes.len());
                for (old, new) in bytes.iter_mut().skip(at).zip(new) {
                    *old = *new;
                }
            }
            Break::Splice(at, page) => {
                bytes.truncate(at.index(bytes.len()));
                let other = page.get(pages).as_bytes();
                bytes.extend(other.iter().skip(at.index(other.len())));
            }
            lined => {
                match lined {
                    Break::Swap(a, b) => {
                        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                        lines.swap(a, b);
                    }
                    Break::Drop(at) => {
                        lines.remove(at.index(lines.len()));
                    }
                    Break::Repeat(at, times) => {
                        let at = at.index(lines.len());
                        let line = lines[at].clone();
                        lines.splice(at..at, std::iter::repeat_n(line, *times));
                    }
                    _ => {}
                }
                bytes = lines.join(&b'\n');
            }
        }
    }
    bytes
}

#[test]
fn each_sound_page_tells_its_operation() {
    for (index, text) in sound_pages().iter().enumerate() {
        let page = page::read("page", text).unwrap();
        let operations = compile(&derived(&[page]).services[0]).unwrap();
        assert_eq!(operations[0].path, "/v1/{id}/things", "page {index}");
        assert!(operations[0].request_body.is_some(), "page {index}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_broken_page_makes_derivation_panic(which in any::<prop::sample::Index>(), ways in breaks()) {
        let pages = sound_pages();
        let bytes = broken(which.get(&pages).clone().into_bytes(), &ways, &pages);
        if let Ok(page) = page::read_bytes("page", &bytes)
            && let Ok(derived) = derive(&[page], &Options::default())
        {
            for service in derived.services {
                service.bundle().unwrap();
                compile(&service).unwrap();
            }
        }
    }
}

/// Pages that are large or deep without end: each is done with in a moment, where it once took
/// minutes.
#[rstest]
#[case::rows(format!("{}{}", HEAD, "| a | Yes | String | Options: x or y. |\n".repeat(20_000)))]
#[case::values(format!("{HEAD}| a | Yes | String | Enumeration values: {} |\n", "v1, ".repeat(50_000)))]
#[case::open_tables(format!("{HEAD}\n{}", "<table><tr><td>".repeat(20_000)))]
#[case::deep_lists(format!("<html><body>POST /v1/x{}", "<ul><li>".repeat(50_000)))]
#[case::merged(format!("<html><body>POST /v1/x<table>{}", "<tr><td rowspan=60000 colspan=1000>a</td></tr>".repeat(3_000)))]
#[case::portal(format!("Updated on 2025-01-01\nT\nURI\nPOST /v1/x\nParameter\nType\nDescription\n{}", "a\nString\n".repeat(20_000)))]
fn a_page_without_end_is_done_with(#[case] text: String) {
    let start = std::time::Instant::now();
    let page = page::read("page", &text).unwrap();
    assert!(derive(&[page], &Options::default()).is_ok());
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

const HEAD: &str = "# T\n\n## URI\n\nPOST /v1/x\n\n## Request Parameters\n\n**Table 1** Request body parameters\n\n\
                    | Parameter | Mandatory | Type | Description |\n|---|---|---|---|\n";

/// Objects that refer to each other have paths without end: telling their fields apart ends all the
/// same.
#[test]
fn objects_that_refer_to_each_other_have_a_bounded_number_of_fields() {
    let own = json!({ "$ref": "#/$defs/Node" });
    let root = json!({
        "$ref": "#/$defs/Node",
        "$defs": { "Node": { "type": "object", "properties": { "a": own, "b": own, "c": own } } },
    });
    let schema = docproof::internal::contract::Schema::compile(root).unwrap();
    assert!(schema.fields().len() <= 20_000);
}
