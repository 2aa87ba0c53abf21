//! Where the mock can be made to deviate: hooks around validation and answers. Without a layer the mock is as documented.

use super::breach::Breach;
use super::call::Call;
use super::reply::Reply;
use super::served::Served;

/// A deliberate deviation. Every hook does nothing unless it is written.
pub(super) trait Layer: std::fmt::Debug + Send + Sync {
    /// Whether a method that is not documented on the path is served as the operation.
    fn serves_method(&self, _served: &Served, _method: &str) -> bool {
        false
    }

    /// Changes what a request is said to break.
    fn judge(&self, _call: &Call<'_>, _breaches: &mut Vec<Breach>) {}

    /// Changes what an accepted request is taken to say.
    fn rewrite(&self, _call: &mut Call<'_>) {}

    /// Changes the answer. `accepted` tells an answer from a refusal.
    fn reply(&self, _call: &Call<'_>, _accepted: bool, _reply: &mut Reply) {}
}
