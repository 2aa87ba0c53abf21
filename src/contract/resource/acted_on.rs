//! What is made, and of which nothing but acts is documented: `POST /batches` and
//! `POST /batches/{batch_id}/start`.

use super::paths::Paths;
use super::template::{Part, parts};
use super::{Resource, noun, takes_id};
use crate::contract::message::Location;
use crate::contract::operation::Operation;

impl<'o> Paths<'o> {
    /// The resources that have no path of their own, each with the path that it would have. `key`
    /// gives the resource key that a parameter of an operation's path is bound to.
    pub(super) fn acted_on(
        &self,
        key: &dyn Fn(&Operation, &str) -> String,
    ) -> Vec<(&'o str, Vec<Part<'o>>, Resource)> {
        let mut found: Vec<(&str, Vec<Part<'_>>, Resource)> = Vec::new();
        for ((service, path), own) in &self.by_path {
            let Some((item, operation)) = self.acted(service, path, own) else {
                continue;
            };
            let names = parts(&operation.path).1;
            let Some(name) = names.get(item.len() - 1).copied().flatten() else {
                continue;
            };
            let is_known = found
                .iter()
                .any(|(of, known, _)| of == service && *known == item);
            let parameter = operation.parameter(Location::Path, name);
            if is_known || !parameter.is_none_or(takes_id) {
                continue;
            }
            let collection = item.get(..item.len() - 1).unwrap_or_default();
            let Some(Part::Fixed(last)) = collection.last() else {
                continue;
            };
            let mut resource = Resource::bare(service, noun(last), key(operation, name), name);
            resource.create = self.creation(&resource, collection);
            if resource.create.is_some() {
                found.push((service, item, resource));
            }
        }
        found
    }

    /// The path of what a `POST` acts on by a word below it, where no operation stands on that path
    /// and the collection is served.
    fn acted(
        &self,
        service: &str,
        path: &[Part<'o>],
        own: &[usize],
    ) -> Option<(Vec<Part<'o>>, &'o Operation)> {
        let [item @ .., Part::Fixed(_)] = path else {
            return None;
        };
        let is_served = |path: &[Part<'o>]| {
            let mut known = self.by_path.keys();
            known.any(|(of, own)| *of == service && own == path)
        };
        let (Part::Parameter, collection) = item.split_last()? else {
            return None;
        };
        let mut acts = own.iter().filter_map(|index| self.operations.get(*index));
        let operation = acts.find(|operation| operation.method == "POST")?;
        (!is_served(item) && is_served(collection)).then(|| (item.to_vec(), operation))
    }
}
