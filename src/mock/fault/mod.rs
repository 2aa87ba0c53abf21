//! Faults: deliberate breaches of the contract, derived from it, one or more for each documented fact. A suite that does not notice one
//! of them does not prove that fact. Everything here is data made from any contract's tables; `serve` is the layer that acts on it.

mod answers;
mod behaviour;
mod requests;
mod serve;
mod slips;
mod transport;
mod wrong;

use std::time::Duration;

use serde_json::Value;

use super::breach::Reason;
use crate::contract::{Fact, Listing, NamedFact, Operation, Suite};

pub(super) use serve::{FaultLayer, covers, each};

/// One deliberate breach.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// A stable name: the fact, and in which way it is broken (`dcs::ListBackupRecords::response-200.total_num::type::text`).
    pub id: String,
    /// What kind of breach it is.
    pub kind: FaultKind,
    /// The operation (`dcs::ListBackupRecords`).
    pub operation: String,
    /// The fact that it breaks, as [`Operation::facts`] names it; a name of the same form where no row states it (`dcs::CopyInstance::auth`).
    pub fact: String,
    /// What the mock does wrong, in one clause.
    pub what: String,
    /// The rows that state the fact; those of the operation where none does.
    pub rows: Vec<Fact>,
    /// The relations whose laws it breaks too, by kind: a finding of one of them names the fault as well as one of its fact does.
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
    /// A method that no page documents is served.
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
    /// Alters answers of one documented status.
    Answer {
        /// The status as the contract spells it; empty for every refusal of credentials.
        status: String,
        /// How.
        alter: Alter,
    },
    /// Does not see a breach.
    Hole {
        place: &'static str,
        field: String,
        facet: String,
    },
    /// Refuses what is valid.
    Strict {
        place: String,
        field: String,
        when: When,
    },
    /// Breaks on a request that is too long in this way.
    Oversized(Reason),
    /// Serves other methods.
    Method,
    /// Takes a request for another one, or tells something else than it did.
    Behave(Behaviour),
    /// Sends every n-th answer in another way.
    Travel { every: u64, how: Travel },
}

/// How an answer is altered.
#[derive(Debug, Clone, PartialEq)]
enum Alter {
    /// A field takes a value, wherever its parent is.
    Set(String, Value),
    /// A field is left out.
    Remove(String),
    /// Another status, the body as it was.
    Status(u16),
    /// Another status, no body.
    EmptyStatus(u16),
    /// Another content type, or none.
    ContentType(Option<&'static str>),
    /// No body where one belongs.
    NoBody,
    /// A body where none belongs.
    ExtraBody,
    /// The bytes of the body are spoilt.
    Spoil(Spoil),
    /// A field tells what it should not.
    Tell(String, slips::Told),
    /// A length and a transfer encoding, both.
    TwoLengths,
}

/// How the bytes of a body are spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoil {
    /// The last byte is missing.
    Truncated,
    /// Something follows the value.
    Trailing,
    /// A field stands there twice.
    Duplicate,
    /// A byte-order mark comes first.
    Mark,
    /// A byte that is not UTF-8.
    NotUtf8,
    /// `NaN` where a value belongs.
    NotANumber,
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

/// What a stateful service gets wrong. Requests are rewritten, or answers; the backends know nothing of it.
#[derive(Debug, Clone, PartialEq)]
enum Behaviour {
    /// A body's field that is not sent takes another value than the documented default.
    Default { field: String, value: Value },
    /// A body's field is kept as something else than what was sent.
    Kept { field: String, values: Vec<Value> },
    /// A field of the answer says something else than the request did.
    Echo { path: String },
    /// What is created is not kept.
    Lost { place: String },
    /// Every creation gets the same id.
    SameId { path: String },
    /// A count in the query is taken for another one.
    Count { name: String, add: i64 },
    /// A parameter of the query is ignored.
    Ignored { name: String },
    /// A time in the query is taken for one a second off.
    Shifted { name: String, seconds: i64 },
    /// The number of matches is that of the page.
    PageTotal { total: String, items: String },
    /// The order of a list changes from call to call.
    Order { items: String },
    /// The order of a list is the other way round.
    Reversed { items: String },
    /// A page begins with the item that its marker names, once more.
    Again { list: Box<Listing> },
    /// A page leaves out the item after its marker.
    Skips { list: Box<Listing> },
    /// A field of a list's items takes another of its values on every other call.
    Wavers {
        items: String,
        field: String,
        value: Value,
    },
    /// Another resource's records are told.
    Foreign { place: String, key: String },
}

/// How an answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Travel {
    /// A 5xx instead of it.
    ServerError(u16),
    /// A redirection instead of it.
    Redirect,
    /// Later than anybody waits.
    Late(Duration),
    /// The connection is reset.
    Reset,
    /// The connection is closed in the middle of the body.
    Cut,
    /// Something that is not HTTP.
    NotHttp,
}

/// Every fault of a suite, in a stable order.
pub fn faults(suite: &Suite) -> Vec<Fault> {
    let mut all = Vec::new();
    for operation in &suite.operations {
        let mut maker = Maker {
            suite,
            operation,
            facts: operation.facts(),
            faults: Vec::new(),
        };
        maker.answers();
        maker.requests();
        maker.behaviours();
        maker.transport();
        all.append(&mut maker.faults);
    }
    all
}

/// Makes the faults of one operation.
struct Maker<'s> {
    suite: &'s Suite,
    operation: &'s Operation,
    facts: &'s [NamedFact],
    faults: Vec<Fault>,
}

impl Maker<'_> {
    /// Adds a fault; one of an id that is there already is the same fault.
    fn add(&mut self, kind: FaultKind, fact: String, way: &str, what: String, effect: Effect) {
        let id = format!("{fact}::{way}");
        if self.faults.iter().any(|fault| fault.id == id) {
            return;
        }
        let rows = self
            .facts
            .iter()
            .find(|known| known.name == fact)
            .map_or_else(|| self.operation.facts.clone(), |known| known.rows.clone());
        self.faults.push(Fault {
            id,
            kind,
            operation: self.operation.name(),
            fact,
            what,
            rows,
            relations: &[],
            inapplicable: None,
            effect,
        });
    }

    /// Adds a fault that nobody could notice, with the reason.
    fn skip(&mut self, kind: FaultKind, fact: String, way: &str, reason: &str) {
        self.add(kind, fact, way, "nothing".to_owned(), Effect::None);
        if let Some(fault) = self.faults.last_mut()
            && fault.effect == Effect::None
        {
            fault.inapplicable = Some(reason.to_owned());
        }
    }
}
