//! Snapshots: what an endpoint answered to fixed requests, without what changes from run to run,
//! held against files that people reviewed. The files have insta's form, so that `cargo insta
//! review` works on them too.

mod difference;
mod drawn;
mod redact;
mod store;
mod text;

pub use difference::unified;
pub use drawn::{Drawn, Draws};
pub(crate) use redact::stable;
pub use store::{Held, Pending, Store, StoreError, accept, contents_of, note_of, pending, reject};
pub use text::{Part, render};
