//! Faults: deliberate breaches of the contract, derived from it, one or more for each documented
//! fact. A suite that does not notice one of them does not prove that fact. Everything here is data
//! made from any contract's tables; `serve` is the layer that acts on it.

mod access;
mod alter;
mod answers;
mod behaviour;
mod lawless;
mod lifecycle;
mod misreport;
mod promised;
mod requests;
mod rewrite;
mod serve;
mod slips;
mod strictness;
mod transport;
mod wholes;
mod wrong;

use std::collections::HashSet;

use serde_json::Value;

use super::backend::StoreFault;
use super::rejection::{Cause, Reason};
use crate::contract::{
    Facet, Fact, FactId, FieldPath, Operation, Place, Row, Rule, StatusRange, Suite,
};
use crate::recognise::Laws;

use alter::Alter;
use misreport::Misreport;
use rewrite::Rewrite;
use transport::Travel;

pub(super) use serve::FaultLayer;

/// One deliberate breach.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// A stable name: the fact, and in which way it is broken
    /// (`dcs::ListBackupRecords::response-200.total_num::type::text`).
    pub id: String,
    /// What kind of breach it is.
    pub kind: FaultKind,
    /// The fact that it breaks; one that no row states where there is none
    /// (`dcs::CopyInstance::auth`).
    pub fact: FactId,
    /// What the mock does wrong, in one clause.
    pub what: String,
    /// The rows that state the fact; those of the operation where none does.
    pub rows: Vec<Fact>,
    /// The relations whose laws it breaks too, by kind: a finding of one of them names the fault as
    /// well as one of its fact does.
    pub relations: &'static [&'static str],
    /// Why nobody could notice it, where that is so: it is listed, but never counted as caught.
    pub inapplicable: Option<String>,
    effect: Effect,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// An answer is not as documented.
    Answer,
    /// A rule for requests is not enforced.
    Hole,
    /// A valid request is refused.
    Strictness,
    /// Credentials are not checked, or not answered as they should be.
    Auth,
    /// A method or a path that no page documents is served, or not refused as it should be.
    Method,
    /// State is not kept as documented.
    Behaviour,
    /// The answer does not arrive as it should.
    Transport,
}

impl FaultKind {
    /// The kind's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Hole => "hole",
            Self::Strictness => "strictness",
            Self::Auth => "auth",
            Self::Method => "method",
            Self::Behaviour => "behaviour",
            Self::Transport => "transport",
        }
    }
}

impl std::fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq)]
enum Effect {
    /// Nothing: the fault is not applicable.
    None,
    /// Alters answers.
    Answer {
        /// Which.
        meant: Meant,
        /// How.
        alter: Alter,
    },
    /// Does not see a breach.
    Hole { row: Row, cause: Cause },
    /// Refuses what is valid.
    Strict { row: Row, when: When },
    /// Takes a value that names nothing the first time, and refuses it from then on.
    Once { row: Row },
    /// Breaks on a request that is too long in this way.
    Oversized(Reason),
    /// Breaks on a content type where there is no body.
    StrayType,
    /// Breaks on a value, whether it is taken or not.
    Breaks { row: Row, value: Value },
    /// An error repeats what was sent.
    Repeats {
        status: StatusRange,
        field: FieldPath,
    },
    /// Serves other methods.
    Method,
    /// Serves other paths.
    Path,
    /// Takes an accepted request for another one.
    Rewrite(Rewrite),
    /// Tells something else than it did.
    Misreport(Misreport),
    /// Keeps something else than it should.
    Store(StoreFault),
    /// Sends every n-th answer in another way.
    Travel { every: u64, how: Travel },
}

/// Which answers are altered.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Meant {
    /// Those of one documented response.
    Statuses(StatusRange),
    /// Every refusal of credentials.
    Denials,
}

/// When a valid request is refused.
#[derive(Debug, Clone, PartialEq)]
enum When {
    /// The field has this value.
    Is(Value),
    /// The field's text has this many characters.
    Characters(usize),
    /// The field's text has more bytes than this.
    MoreBytes(usize),
    /// The field's text has a character beyond ASCII.
    NonAscii,
    /// The field's text has this character.
    Contains(char),
    /// The field is sent.
    Present,
    /// The field is not sent.
    Absent,
    /// There is no body.
    NoBody,
    /// The field names the mock's resource of this key.
    Resource(String),
}

/// Every fault of a suite, in a stable order.
pub fn faults(suite: &Suite) -> Vec<Fault> {
    let mut all = Vec::new();
    let laws = Laws::new(suite);
    for operation in &suite.operations {
        let mut maker = Maker {
            suite,
            laws: &laws,
            operation,
            ids: HashSet::new(),
            faults: Vec::new(),
        };
        if let Some(media) = operation.unwritten_body() {
            let fact = operation.fact_id(Rule::of_place(Place::Request, Facet::Body));
            let reason = format!("the body is {media}: no case is written in it");
            maker.skip(FaultKind::Hole, fact, "any", &reason);
            all.append(&mut maker.faults);
            continue;
        }
        if let Some(fact) = operation.unsent() {
            let rule = Rule::of_place(Place::Operation, fact.facet);
            let reason = "it needs what no run sends: no case of it is tried";
            maker.skip(FaultKind::Hole, operation.fact_id(rule), "any", reason);
            all.append(&mut maker.faults);
            continue;
        }
        maker.answers();
        maker.requests();
        maker.behaviours();
        maker.lifecycles();
        maker.hidden();
        maker.transport();
        all.append(&mut maker.faults);
    }
    all
}

impl Fault {
    /// How a store fails by it.
    pub(super) fn of_store(&self) -> Option<&StoreFault> {
        match &self.effect {
            Effect::Store(fault) => Some(fault),
            Effect::None
            | Effect::Answer { .. }
            | Effect::Hole { .. }
            | Effect::Strict { .. }
            | Effect::Once { .. }
            | Effect::Oversized(_)
            | Effect::StrayType
            | Effect::Breaks { .. }
            | Effect::Repeats { .. }
            | Effect::Method
            | Effect::Path
            | Effect::Rewrite(_)
            | Effect::Misreport(_)
            | Effect::Travel { .. } => None,
        }
    }
}

/// Makes the faults of one operation.
struct Maker<'s> {
    suite: &'s Suite,
    laws: &'s Laws,
    operation: &'s Operation,
    ids: HashSet<String>,
    faults: Vec<Fault>,
}

impl Maker<'_> {
    /// Where a request chooses the id of what it makes.
    fn chosen(&self) -> Option<Row> {
        let mut operations = self.suite.operations.iter();
        let at = operations.position(|one| std::ptr::eq(one, self.operation))?;
        self.suite.chosen_by(at)
    }

    /// Adds a fault and gives it back; one of an id that is there already is the same fault.
    fn add(
        &mut self,
        kind: FaultKind,
        fact: FactId,
        way: &str,
        what: String,
        effect: Effect,
    ) -> Option<&mut Fault> {
        let id = format!("{fact}::{way}");
        if !self.ids.insert(id.clone()) {
            return None;
        }
        let documented = fact.rule().and_then(|rule| self.operation.documented(rule));
        let rows = documented.map_or(&self.operation.facts, |fact| &fact.rows);
        self.faults.push(Fault {
            id,
            kind,
            fact,
            what,
            rows: rows.clone(),
            relations: &[],
            inapplicable: None,
            effect,
        });
        self.faults.last_mut()
    }

    /// Adds a fault that nobody could notice, with the reason.
    fn skip(&mut self, kind: FaultKind, fact: FactId, way: &str, reason: &str) {
        if let Some(fault) = self.add(kind, fact, way, "nothing".to_owned(), Effect::None) {
            fault.inapplicable = Some(reason.to_owned());
        }
    }

    /// The documented rules of a place and field, in the order of the pages.
    fn rules_at(&self, row: &Row) -> Vec<Rule> {
        self.operation
            .facts()
            .iter()
            .map(|fact| &fact.rule)
            .filter(|rule| rule.place == row.place && rule.field == row.field)
            .cloned()
            .collect()
    }
}
