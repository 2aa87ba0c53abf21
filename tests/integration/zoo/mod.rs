//! A zoo of correct servers: small services, each with a convention of its own and with pages that
//! document it. docproof must be silent about every one of them, and must find each *breach*: what a
//! service does wrong of that very convention when it is started so.
//!
//! They speak HTTP on plain sockets and know nothing of docproof. The pages of a service are in
//! `pages/NAME`.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that cannot go on fails; nothing of a test is reached from outside"
)]

mod body;
pub mod forms;
pub mod frame;
pub mod guards;
pub mod headers;
pub mod keeping;
pub mod lists;
pub mod lives;
pub mod media;
pub mod paged;
pub mod refusals;
pub mod shapes;
pub mod styles;
pub mod values;
pub mod ways;
pub mod wire;
