//! Where the mock can be made to deviate: hooks around validation and answers. Without a layer the
//! mock is as documented.

use axum::http::HeaderMap;

use super::call::Call;
use super::operation::MockOperation;
use super::rejection::Rejection;
use super::reply::Reply;

/// A deliberate known finding. Every hook does nothing unless it is written.
pub(super) trait Layer: std::fmt::Debug + Send + Sync {
    /// Whether a method that is not documented on the path is served as the operation.
    fn serves_method(&self, _operation: &MockOperation) -> bool {
        false
    }

    /// Changes what a request is said to break.
    fn judge(
        &self,
        _operation: &MockOperation,
        _call: &Call<'_>,
        _rejections: &mut Vec<Rejection>,
    ) {
    }

    /// Changes what an accepted request is taken to say.
    fn rewrite(&self, _operation: &MockOperation, _call: &mut Call<'_>) {}

    /// Changes the answer.
    fn reply(&self, _answered: &Answered<'_>, _reply: &mut Reply) {}
}

/// What an answer answers.
pub(super) struct Answered<'a> {
    /// The operation, where the request reached one (a refused method counts for the first
    /// operation of its path).
    pub(super) operation: Option<&'a MockOperation>,
    /// The request, where it was read.
    pub(super) call: Option<&'a Call<'a>>,
    /// What it was refused for; `None` when it was accepted.
    pub(super) rejection: Option<&'a Rejection>,
    /// The request's headers.
    pub(super) headers: &'a HeaderMap,
}
