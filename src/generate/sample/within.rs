//! Where a sample stands: in which nodes, and how deep. A schema may lead back to itself, and its
//! samples have to end.

use serde_json::Value;

use crate::contract::Schema;

/// From here on samples have no more than what has to be there.
const DEPTH: usize = 12;

/// Here they end, whatever has to be there.
const END: usize = 100;

/// How far a branch is looked into for what it leads back to.
const LOOKED_AT: usize = 64;

/// The nodes that a sample is made within, the innermost first.
#[derive(Clone, Copy, Default)]
pub(super) struct Within<'w> {
    node: Option<&'w Value>,
    outer: Option<&'w Within<'w>>,
    depth: usize,
}

impl<'w> Within<'w> {
    /// The same, one node deeper.
    pub(super) fn inside(&'w self, node: &'w Value) -> Self {
        Self {
            node: Some(node),
            outer: Some(self),
            depth: self.depth + 1,
        }
    }

    /// Whether nothing stands here that may be left out.
    pub(super) fn is_deep(&self) -> bool {
        self.depth > DEPTH
    }

    /// Whether nothing stands here at all.
    pub(super) fn is_at_end(&self) -> bool {
        self.depth > END
    }

    /// Whether a node is one that the sample stands in.
    fn has(&self, node: &Value) -> bool {
        let mut at = Some(self);
        while let Some(within) = at {
            if within.node.is_some_and(|known| std::ptr::eq(known, node)) {
                return true;
            }
            at = within.outer;
        }
        false
    }

    /// Whether a node leads back to one that the sample stands in: itself, or by what its values
    /// hold.
    pub(super) fn leads_back(&self, schema: &Schema, node: &Value) -> bool {
        let mut open = vec![node];
        let mut looked_at = 0;
        while let Some(node) = open.pop() {
            looked_at += 1;
            if looked_at > LOOKED_AT {
                return false;
            }
            let target = schema.follow(node);
            if self.has(target) {
                return true;
            }
            // What has to stand in it, and nothing that may be left out of it.
            let has_items = target.get("minItems").is_some();
            open.extend(target.get("items").filter(|_| has_items));
            let required = target.get("required").and_then(Value::as_array);
            let properties = target.get("properties");
            open.extend(
                required
                    .into_iter()
                    .flatten()
                    .filter_map(|name| properties?.get(name.as_str()?)),
            );
        }
        false
    }
}
