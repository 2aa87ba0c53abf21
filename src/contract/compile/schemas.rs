//! The schemas of an operation, each compiled with the facts of the operation's own pages.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::border::Spot;
use super::super::bundle::{self, Bundled};
use super::super::error::ContractError;
use super::super::facet::Facet;
use super::super::provenance::Fact;
use super::super::schema::Schema;
use super::super::service::{DOCUMENT, Service};

/// The schemas that are files of their own, as operations of the same pages see them: many operations
/// of a large document answer the same.
pub(super) type Shared = RefCell<HashMap<(String, BTreeSet<String>), Arc<Schema>>>;

/// A schema that is not compiled yet.
pub(super) enum Open {
    /// One that is a file of its own.
    File {
        file: String,
        /// What refers to it.
        node: Value,
        from: Spot,
    },
    /// Any other.
    Bundled(Bundled),
}

/// The schemas of one operation.
pub(super) struct Schemas<'s> {
    service: &'s Service,
    shared: &'s Shared,
    /// The pages that the operation itself cites.
    pub(super) pages: BTreeSet<String>,
}

impl<'s> Schemas<'s> {
    /// Those of an operation of a service, of which no page is known yet.
    pub(super) fn new(service: &'s Service, shared: &'s Shared) -> Self {
        Self {
            service,
            shared,
            pages: BTreeSet::new(),
        }
    }

    /// Takes note of the pages that facts are from.
    pub(super) fn cite(&mut self, facts: &[Fact]) {
        self.pages
            .extend(facts.iter().map(|fact| fact.page().to_owned()));
    }

    /// The schema below a place of the document; where none is, anything is allowed.
    pub(super) fn bundled(
        &mut self,
        node: Option<&Value>,
        spot: &Spot,
    ) -> Result<Bundled, ContractError> {
        let anything = json!({});
        let spot = spot.join("schema");
        let bundled = bundle::schema(self.service, node.unwrap_or(&anything), &spot)?;
        self.cite(&bundled.inline);
        Ok(bundled)
    }

    /// The schema of a body, which is bundled when it is compiled if it is a file of its own: that has
    /// no facts of the document itself.
    pub(super) fn open(&mut self, node: &Value, spot: &Spot) -> Result<Open, ContractError> {
        let alone = node.as_object().filter(|map| map.len() == 1);
        let target = alone.and_then(|map| map.get("$ref")?.as_str());
        Ok(
            match target.filter(|file| self.service.schemas.contains_key(*file)) {
                Some(file) => Open::File {
                    file: file.to_owned(),
                    node: node.clone(),
                    from: spot.clone(),
                },
                None => Open::Bundled(self.bundled(Some(node), spot)?),
            },
        )
    }

    /// Compiles a schema, or finds the same one.
    pub(super) fn close(&mut self, open: Open) -> Result<Arc<Schema>, ContractError> {
        let (file, node, from) = match open {
            Open::File { file, node, from } => (file, node, from),
            Open::Bundled(bundled) => return self.finish(bundled),
        };
        let key = (file, self.pages.clone());
        if let Some(known) = self.shared.borrow().get(&key) {
            return Ok(Arc::clone(known));
        }
        let bundled = self.bundled(Some(&node), &from)?;
        let schema = self.finish(bundled)?;
        self.shared.borrow_mut().insert(key, Arc::clone(&schema));
        Ok(schema)
    }

    /// Compiles a schema. Of an object that the pages of many operations describe, the facts of
    /// this operation's pages are kept.
    pub(super) fn finish(&self, mut bundled: Bundled) -> Result<Arc<Schema>, ContractError> {
        bundled
            .facts
            .values_mut()
            .for_each(|facts| self.keep_own(facts));
        let Bundled { root, facts, .. } = &mut bundled;
        let schema = Schema::with_facts(std::mem::take(root), std::mem::take(facts));
        schema.map(Arc::new).map_err(|error| {
            let spot = bundled.origin(&error.pointer);
            spot.unwrap_or_else(|| Spot::file(&self.service.name, DOCUMENT))
                .error(error.message)
        })
    }

    /// Leaves of each facet's facts those of the operation's pages, where there are any: who looks
    /// at an operation wants the rows of its own page, and not those of every other that shares an
    /// object with it.
    fn keep_own(&self, facts: &mut Vec<Fact>) {
        let is_own = |fact: &Fact| self.pages.contains(fact.page());
        let told: BTreeSet<Facet> = facts
            .iter()
            .filter(|fact| is_own(fact))
            .map(|fact| fact.facet)
            .collect();
        facts.retain(|fact| is_own(fact) || !told.contains(&fact.facet));
    }
}
