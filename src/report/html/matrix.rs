//! The ledger as a matrix for each operation: a row for each documented row, a column for each kind
//! of facet, and the state in the cell.

use serde::Serialize;

use crate::contract::{Facet, Wire};
use crate::harness::{LedgerLine, State, Tally};
use crate::report::result::Report;
use crate::report::view::{one_line, places};

/// The headings of the columns.
const COLUMNS: [&str; 7] = [
    "presence", "type", "values", "length", "bounds", "form", "other",
];

/// The column of a facet.
fn column_of(facet: Facet) -> usize {
    match facet {
        Facet::Required
        | Facet::Nullable
        | Facet::EmptyBody
        | Facet::Body
        | Facet::Status
        | Facet::Method
        | Facet::Name => 0,
        Facet::Type | Facet::Items | Facet::Wire(Wire::ContentType) => 1,
        Facet::Enum | Facet::Const | Facet::Default | Facet::Example => 2,
        Facet::MinLength | Facet::MaxLength | Facet::MinItems | Facet::MaxItems => 3,
        Facet::Minimum
        | Facet::Maximum
        | Facet::ExclusiveMinimum
        | Facet::ExclusiveMaximum
        | Facet::MultipleOf => 4,
        Facet::Pattern | Facet::Format => 5,
        Facet::UniqueItems
        | Facet::Prose
        | Facet::Meaning(_)
        | Facet::Keyword(_)
        | Facet::Wire(
            Wire::Allow
            | Wire::ContentLength
            | Wire::Json
            | Wire::Leak
            | Wire::Malformed
            | Wire::Size
            | Wire::ResponseTime,
        ) => 6,
    }
}

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

/// The ledger as matrices, in the order of the operations. A finding is known by its number and its
/// fact.
pub(super) fn matrices(report: &Report, findings: &[(usize, &str)]) -> Vec<Matrix> {
    report
        .coverage
        .operations
        .iter()
        .map(|operation| {
            let mut groups: Vec<Group> = Vec::new();
            let mut used = [false; COLUMNS.len()];
            for (index, line) in report.ledger.iter().enumerate() {
                // A line of the ledger is about a rule.
                let Some(rule) = line.fact.rule() else {
                    continue;
                };
                if line.fact.operation.to_string() != operation.operation {
                    continue;
                }
                let column = column_of(rule.facet);
                if let Some(used) = used.get_mut(column) {
                    *used = true;
                }
                let cell = cell(index, line, rule.facet, findings);
                let (place, field) = (rule.place.to_string(), rule.field.to_string());
                add(&mut groups, &place, &field, column, cell);
            }
            keep(&mut groups, &used);
            Matrix {
                operation: operation.operation.clone(),
                tally: operation.tally,
                columns: COLUMNS
                    .iter()
                    .zip(used)
                    .filter(|(_, used)| *used)
                    .map(|(heading, _)| *heading)
                    .collect(),
                groups,
            }
        })
        .collect()
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

fn cell(index: usize, line: &LedgerLine, facet: Facet, findings: &[(usize, &str)]) -> Cell {
    let name = line.fact.to_string();
    Cell {
        id: format!("fact-{}", index + 1),
        fact: name.clone(),
        facet: facet.to_string(),
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
            .filter(|(_, fact)| *fact == name)
            .map(|(number, _)| *number)
            .collect(),
        rows: places(&line.rows),
    }
}
