//! Two contracts compared: each change with what it means to whoever relied on the old one, by direction, from one table of rules.

mod compare;
mod facet;
mod fields;
mod responses;
mod rule;

pub use compare::{Change, changes};
pub use rule::{Alteration, Aspect, Direction, Rule, Verdict, rule_of, rules};
