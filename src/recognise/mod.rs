//! What paths and names of a contract tell of its operations: lists, what a request and its answer
//! have in common, and the laws between answers that follow. It knows the contract alone, so that
//! suites are begun, trials planned and mocks made from one reading.

mod chosen;
mod counts;
mod identity;
mod laws;
mod list;
mod message;
mod names;
mod omitted;
mod ranges;
mod sorting;

pub use laws::{Laws, Recognised, laws};

pub(crate) use counts::is_count;
pub(crate) use list::List;
pub(crate) use message::{created, is_of_another};
pub(crate) use names::{bounds_a_page, tells_next};
pub(crate) use ranges::{compared, ranged_by};
pub(crate) use sorting::{Sorting, sorted_by};
