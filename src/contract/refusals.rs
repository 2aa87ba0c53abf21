//! Which refusals an operation documents, and what their statuses are for.

use super::facet::{Facet, Meaning};
use super::message::{Location, Response};
use super::operation::Operation;
use super::provenance::{Fact, Source};
use super::schema::enum_values;

impl Operation {
    /// Whether a document says that a media type which is not offered is refused (RFC 9110, section
    /// 15.5.7). The 406 in a page's table of statuses is as often one of a list that each page has, and
    /// who does not document it may answer what there is (section 12.4.1): a page counts that says what
    /// its 406 is for.
    pub fn refuses_media_types(&self) -> bool {
        let is_of_document = |fact: &Fact| matches!(fact.source, Source::Document(_));
        let mut headers = self.parameters_in(Location::Header);
        let is_chosen = headers.any(|own| {
            let listed = enum_values(own.schema.follow(&own.schema.root));
            own.name.eq_ignore_ascii_case("accept") && !listed.is_empty()
        });
        let told = Facet::Meaning(Meaning::OfUnacceptable);
        let is_told = || self.refused_for(told).is_some();
        let is_json = |own: &Response| !own.media.is_empty() || own.schema.is_some();
        self.names(406)
            && (is_chosen || self.facts.iter().all(is_of_document) || is_told())
            && self.successes().any(is_json)
    }

    /// The one documented refusal whose status is said to be for something.
    pub fn refused_for(&self, cause: Facet) -> Option<&Response> {
        let is_for = |own: &&Response| own.facts.iter().any(|fact| fact.facet == cause);
        let mut all = self.responses.iter().filter(is_for);
        all.next().filter(|_| all.next().is_none())
    }
}
