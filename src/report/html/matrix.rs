//! The ledger as a matrix for each operation: a row for each documented row, a column for each kind of facet, and the state in the cell.

use serde::Serialize;

use crate::harness::{LedgerLine, State, Tally};
use crate::report::result::Report;
use crate::report::view::{one_line, places, split_fact};

/// The columns: a heading, and the facets under it. What is in none of them stands under the last.
const COLUMNS: [(&str, &[&str]); 7] = [
    (
        "presence",
        &[
            "required",
            "nullable",
            "emptyBody",
            "body",
            "status",
            "method",
            "name",
        ],
    ),
    ("type", &["type", "items", "contentType"]),
    ("values", &["enum", "const", "default", "example"]),
    (
        "length",
        &["minLength", "maxLength", "minItems", "maxItems", "maxBytes"],
    ),
    (
        "bounds",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
    ),
    ("form", &["pattern", "format"]),
    ("other", &[]),
];

/// The matrix of one operation.
#[derive(Serialize)]
pub(super) struct Matrix {
    operation: String,
    tally: Tally,
    columns: Vec<&'static str>,
    groups: Vec<Group>,
}

/// The rows of one place: the request, an answer of one status.
#[derive(Serialize)]
struct Group {
    place: String,
    rows: Vec<Row>,
}

/// A documented row.
#[derive(Serialize)]
struct Row {
    name: String,
    cells: Vec<Vec<Cell>>,
}

/// A fact.
#[derive(Serialize)]
struct Cell {
    id: String,
    fact: String,
    facet: String,
    state: &'static str,
    words: &'static str,
    sign: &'static str,
    reason: Option<String>,
    evidence: Vec<String>,
    shown: Option<u64>,
    /// The numbers of its findings.
    findings: Vec<usize>,
    rows: Vec<String>,
}

/// The ledger as matrices, in the order of the operations. A finding is known by its number and its fact.
pub(super) fn matrices(report: &Report, findings: &[(usize, &str)]) -> Vec<Matrix> {
    report
        .coverage
        .operations
        .iter()
        .map(|operation| {
            let mut groups: Vec<Group> = Vec::new();
            let mut used = [false; COLUMNS.len()];
            for (index, line) in report.ledger.iter().enumerate() {
                let (of, rest) = split_fact(&line.fact);
                if of != operation.operation {
                    continue;
                }
                let (spelled, facet) = rest.rsplit_once("::").unwrap_or(("operation", rest));
                let (place, field) = spelled.split_once('.').unwrap_or((spelled, ""));
                let column = column_of(facet);
                if let Some(used) = used.get_mut(column) {
                    *used = true;
                }
                let cell = cell(index, line, facet, findings);
                add(&mut groups, place, field, column, cell);
            }
            keep(&mut groups, &used);
            Matrix {
                operation: operation.operation.clone(),
                tally: operation.tally,
                columns: COLUMNS
                    .iter()
                    .zip(used)
                    .filter(|(_, used)| *used)
                    .map(|((heading, _), _)| *heading)
                    .collect(),
                groups,
            }
        })
        .collect()
}

fn column_of(facet: &str) -> usize {
    COLUMNS
        .iter()
        .position(|(_, facets)| facets.contains(&facet))
        .unwrap_or(COLUMNS.len() - 1)
}

fn add(groups: &mut Vec<Group>, place: &str, field: &str, column: usize, cell: Cell) {
    let at = groups
        .iter()
        .position(|group| group.place == place)
        .unwrap_or_else(|| {
            groups.push(Group {
                place: place.to_owned(),
                rows: Vec::new(),
            });
            groups.len() - 1
        });
    let Some(group) = groups.get_mut(at) else {
        return;
    };
    let at = group
        .rows
        .iter()
        .position(|row| row.name == field)
        .unwrap_or_else(|| {
            group.rows.push(Row {
                name: field.to_owned(),
                cells: COLUMNS.iter().map(|_| Vec::new()).collect(),
            });
            group.rows.len() - 1
        });
    if let Some(cells) = group
        .rows
        .get_mut(at)
        .and_then(|row| row.cells.get_mut(column))
    {
        cells.push(cell);
    }
}

/// Takes the columns away in which an operation has nothing.
fn keep(groups: &mut [Group], used: &[bool]) {
    for row in groups.iter_mut().flat_map(|group| &mut group.rows) {
        let mut index = 0;
        row.cells.retain(|_| {
            index += 1;
            used.get(index - 1).copied().unwrap_or(true)
        });
    }
}

fn cell(index: usize, line: &LedgerLine, facet: &str, findings: &[(usize, &str)]) -> Cell {
    Cell {
        id: format!("fact-{}", index + 1),
        fact: line.fact.clone(),
        facet: facet.to_owned(),
        state: line.state.as_str(),
        words: line.state.words(),
        sign: match line.state {
            State::Proven => "✓",
            State::Contradicted => "✗",
            State::NotTested => "–",
            State::NotTestable => "¶",
        },
        reason: line.reason.as_deref().map(one_line),
        evidence: line.evidence.clone(),
        shown: line.shown,
        findings: findings
            .iter()
            .filter(|(_, fact)| *fact == line.fact)
            .map(|(number, _)| *number)
            .collect(),
        rows: places(&line.rows),
    }
}
