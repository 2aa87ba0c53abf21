//! Property cases: documented-valid, single-violation and unspecified requests, drawn from
//! strategies and classified on the wire. Each case is a function of the seed and its number alone:
//! they can be drawn side by side, and one that fails is drawn again to be shrunk.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::strategy::{SBoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::contract::{FieldPath, Operation, Place, Rule};

use super::case::{Case, Expectation};
use super::convention::refusal_of;
use super::local::Base;
use super::oracle::{Validity, classify};
use super::request::Request;
use super::slot::Slot;
use super::strategy;
use super::violate::ViolationKind;

/// How often one case is drawn until it stands in its class.
const TRIES: u32 = 64;

/// So many cases of which none can be drawn, and there are none.
const FRUITLESS: u64 = 8;

/// What a property trial tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    /// Documented-valid requests are accepted.
    Valid,
    /// Requests that break exactly one rule are refused.
    Invalid,
    /// Requests that no page speaks of get a documented answer, and nothing breaks.
    Unspecified,
}

impl Property {
    /// Whether an operation of these slots has anything to vary: whether there is a [`Source`].
    pub fn can_vary(
        self,
        slots: &[Slot<'_>],
        bound: &dyn Fn(Place, &FieldPath) -> bool,
        omitted: Option<ViolationKind>,
    ) -> bool {
        match self {
            Self::Valid => strategy::has_valid(slots, bound),
            Self::Invalid => strategy::has_invalid(slots, omitted),
            // A parameter or field that no page documents is always one thing to try.
            Self::Unspecified => true,
        }
    }

    /// The word in the trial's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unspecified => "unspecified",
        }
    }
}

/// A drawn case that can be made simpler while it fails.
pub struct Drawn {
    tree: Box<dyn ValueTree<Value = Request>>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Drawn")
            .field("request", &self.tree.current())
            .finish()
    }
}

impl Drawn {
    /// The request as it is now.
    pub fn request(&self) -> Request {
        self.tree.current()
    }

    /// Takes the next simpler request (`failed`) or goes back a step; whether there is one.
    pub fn step(&mut self, failed: bool) -> bool {
        if failed {
            self.tree.simplify()
        } else {
            self.tree.complicate()
        }
    }
}

/// The cases of one property of one operation, by their numbers.
pub struct Source {
    property: Property,
    strategy: SBoxedStrategy<Request>,
    seed: u64,
    label: String,
    dropped: AtomicU64,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Source")
            .field("property", &self.property)
            .finish_non_exhaustive()
    }
}

impl Source {
    /// A source; `None` where the operation has nothing to vary. `bound` says which places keep the
    /// baseline's value. The cases are a function of seed, operation, property and number alone.
    pub fn new(
        operation: &Operation,
        base: &Base,
        property: Property,
        seed: u64,
        bound: &dyn Fn(Place, &FieldPath) -> bool,
        omitted: Option<ViolationKind>,
    ) -> Option<Self> {
        let strategy = match property {
            Property::Valid => strategy::valid(operation, base, bound),
            Property::Invalid => strategy::invalid(operation, base, omitted),
            Property::Unspecified => strategy::unspecified(operation, base, bound),
        }?;
        let mut hasher = DefaultHasher::new();
        (operation.name(), property).hash(&mut hasher);
        Some(Self {
            property,
            strategy,
            seed: seed ^ hasher.finish(),
            label: format!("a generated {} request", property.as_str()),
            dropped: AtomicU64::new(0),
        })
    }

    /// The case of a number, and the rule that it breaks; `None` where no draw stands in its class
    /// on the wire, within a bound. Draws that do not are counted.
    pub fn generate(&self, operation: &Operation, number: u64) -> Option<(Case, Option<Rule>)> {
        let (dropped, found) = self.find(operation, number);
        self.dropped.fetch_add(dropped, Ordering::Relaxed);
        found.map(|(_, case)| case)
    }

    /// The case of a number as it was drawn, to be shrunk.
    pub fn draw(&self, operation: &Operation, number: u64) -> Option<Drawn> {
        self.find(operation, number).1.map(|(drawn, _)| drawn)
    }

    /// Whether there are cases at all: some properties of some operations have none that stands in
    /// its class.
    pub fn is_fruitful(&self, operation: &Operation) -> bool {
        (0..FRUITLESS).any(|number| self.find(operation, number).1.is_some())
    }

    /// The first draw for a number that stands in its class, after how many that do not.
    #[expect(clippy::type_complexity, reason = "a draw and its case, told once")]
    fn find(
        &self,
        operation: &Operation,
        number: u64,
    ) -> (u64, Option<(Drawn, (Case, Option<Rule>))>) {
        let mut runner = runner(self.seed, number);
        let mut dropped = 0;
        for _ in 0..TRIES {
            let Ok(tree) = self.strategy.new_tree(&mut runner) else {
                break;
            };
            if let Some(case) = self.case(operation, tree.current()) {
                return (dropped, Some((Drawn { tree }, case)));
            }
            dropped += 1;
        }
        (dropped, None)
    }

    /// How many drawn requests were dropped because they did not stand in their class on the wire.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// The case of a request, if it can be sent and stands in its class, and the rule that it
    /// breaks.
    pub fn case(&self, operation: &Operation, request: Request) -> Option<(Case, Option<Rule>)> {
        if !request.is_sendable() {
            return None;
        }
        let (expectation, broken) = match (self.property, classify(operation, &request)) {
            (Property::Valid, Validity::Valid) => (Expectation::Success, None),
            (Property::Invalid, Validity::Invalid(mut broken)) if broken.len() == 1 => {
                let broken = broken.pop()?;
                (refusal_of(operation, &request, &broken), Some(broken))
            }
            (Property::Unspecified, Validity::Unspecified(_)) => (Expectation::Unspecified, None),
            _ => return None,
        };
        let case = Case {
            label: self.label.clone(),
            request,
            expectation,
        };
        Some((case, broken))
    }
}

/// A runner whose draws depend on the seed and the number of the case, not on which other cases
/// were drawn.
fn runner(seed: u64, number: u64) -> TestRunner {
    let mut state = seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    let mut bytes = [0_u8; 32];
    for chunk in bytes.chunks_mut(8) {
        // splitmix64: spreads a small seed over all bits.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes());
    }
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}
