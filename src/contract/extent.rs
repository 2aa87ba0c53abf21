//! How many fields the schemas of a suite tell apart. A large document describes the same objects in
//! hundreds of requests and answers, and each field there is a fact: without a bound their number is
//! that of the fields times that of the operations.

use std::sync::Arc;

use super::operation::Operation;
use super::rule::{Place, Rule};
use super::schema::Schema;
use super::{Facet, FieldPath};

/// How many fields of bodies are told apart in all operations together. Beyond that each body has a
/// share, and its fields are told apart as deep as the share reaches.
const MOST: usize = 120_000;

/// The bodies of an operation, with their places.
fn bodies(operation: &Operation) -> impl Iterator<Item = (Place, &Arc<Schema>)> {
    let request = operation.request_body.iter();
    let request = request.map(|body| (Place::Request, &body.schema));
    let responses = operation.responses.iter();
    request.chain(responses.filter_map(|response| {
        let schema = response.schema.as_ref()?;
        Some((Place::Response(response.status), schema))
    }))
}

/// Gives each body its share where all operations together have too many fields.
pub(super) fn share(operations: &[Operation]) {
    let schemas = operations.iter().flat_map(bodies).map(|(_, schema)| schema);
    let counted: Vec<(&Arc<Schema>, usize)> = schemas
        .map(|schema| (schema, schema.count_fields()))
        .collect();
    let counts: Vec<usize> = counted.iter().map(|(_, count)| *count).collect();
    let Some(share) = share_of(counts, MOST) else {
        return;
    };
    for (schema, count) in counted {
        if count > share {
            schema.tell_few(share);
        }
    }
}

/// The most that each may have for all together not to have more; nothing where they have not.
fn share_of(mut counts: Vec<usize>, most: usize) -> Option<usize> {
    counts.sort_unstable();
    let (mut left, mut others) = (most, counts.len());
    for count in counts {
        let share = left / others.max(1);
        if count > share {
            return Some(share);
        }
        left -= count;
        others -= 1;
    }
    None
}

/// The places of an operation of whose fields the deepest are not told apart: each with a rule that
/// stands for them, how many fields there are, and how many of them are told.
pub fn untold(operation: &Operation) -> Vec<(Rule, usize, usize)> {
    let told = |(place, schema): (Place, &Arc<Schema>)| {
        schema.tells_few().then(|| {
            let rule = Rule::new(place, FieldPath::root().entry(), Facet::Prose);
            (rule, schema.count_fields(), schema.fields().len())
        })
    };
    bodies(operation).filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::share_of;

    #[rstest]
    #[case::all(&[3, 4, 5], 12, None)]
    #[case::even(&[5, 5, 5], 9, Some(3))]
    #[case::small_ones_are_whole(&[1, 2, 100], 20, Some(17))]
    #[case::large_ones_share(&[1, 50, 50], 21, Some(10))]
    fn each_has_what_it_needs_or_an_even_share(
        #[case] counts: &[usize],
        #[case] most: usize,
        #[case] expected: Option<usize>,
    ) {
        assert_eq!(share_of(counts.to_vec(), most), expected);
    }
}
