//! The content of an answer (RFC 9110, section 6.4): its bytes, and what they are as JSON, read once,
//! whoever asks for it and however often. Services answer the same again and again: an answer whose
//! bytes came before shares what is known of them.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::Value;

use crate::contract::{Malformed, Reading};

/// How many contents are kept to be known again, and how long each may be, in bytes.
const KEPT: usize = 128;
const LONGEST_KEPT: usize = 8 * 1024;

/// What an answer holds, decompressed. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Content(Arc<Held>);

#[derive(Debug, Default)]
struct Held {
    bytes: Vec<u8>,
    json: OnceLock<Reading>,
    /// Whether a search of its bytes found nothing.
    is_plain: OnceLock<bool>,
}

impl Content {
    /// The one JSON value that the bytes are, or what keeps them from being one.
    pub fn strict(&self) -> Result<&Value, &Malformed> {
        self.json().strict()
    }

    /// The same as lenient readers take it: of a key that stands twice in one object, the last.
    pub fn value(&self) -> Option<&Value> {
        self.json().value()
    }

    /// What stands at a JSON pointer (RFC 6901) of it.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.value()?.pointer(pointer)
    }

    /// A copy of the value, to be changed or kept.
    pub fn to_value(&self) -> Option<Value> {
        self.value().cloned()
    }

    fn json(&self) -> &Reading {
        self.0.json.get_or_init(|| Reading::of(&self.0.bytes))
    }

    /// Whether a search of the bytes finds nothing. The search is made once for each content: who asks
    /// later, by whatever search, gets what the first one found.
    pub fn is_plain(&self, finds: impl FnOnce() -> bool) -> bool {
        *self.0.is_plain.get_or_init(|| !finds())
    }

    /// Whether another answer with the same bytes would share it: those that are long are not kept.
    pub fn may_come_again(&self) -> bool {
        self.len() <= LONGEST_KEPT
    }

    /// Where it is held, which no other is as long as this one lives.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Held {
            bytes,
            json: OnceLock::new(),
            is_plain: OnceLock::new(),
        }))
    }
}

impl Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.bytes
    }
}

impl AsRef<[u8]> for Content {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl Borrow<[u8]> for Content {
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Content {}

impl Hash for Content {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

/// The contents that came last.
#[derive(Debug, Default)]
pub(super) struct Contents(Mutex<HashSet<Content>>);

impl Contents {
    /// The content of these bytes: that of an answer before, where they are short and the same.
    pub(super) fn of(&self, mut bytes: Vec<u8>) -> Content {
        if bytes.len() > LONGEST_KEPT {
            bytes.shrink_to_fit();
            return bytes.into();
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(bytes.as_slice()) {
            return known.clone();
        }
        // Which of them come again, nobody knows.
        if kept.len() >= KEPT {
            kept.clear();
        }
        bytes.shrink_to_fit();
        let new = Content::from(bytes);
        kept.insert(new.clone());
        new
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_bytes_are_read_once() {
        let contents = Contents::default();
        let first = contents.of(b"{\"a\":1}".to_vec());
        let other = contents.of(b"{\"a\":2}".to_vec());
        let again = contents.of(b"{\"a\":1}".to_vec());
        assert_eq!(first.address(), again.address());
        assert_ne!(first.address(), other.address());
        assert_eq!(again.strict(), Ok(&json!({ "a": 1 })));
        assert!(std::ptr::eq(first.value().unwrap(), again.value().unwrap()));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let contents = Contents::default();
        let kept = |contents: &Contents| contents.0.lock().unwrap().len();
        for number in 0..3 * KEPT {
            contents.of(number.to_string().into_bytes());
            assert!(kept(&contents) <= KEPT);
        }
        let before = kept(&contents);
        let long = vec![b' '; LONGEST_KEPT + 1];
        let (one, other) = (contents.of(long.clone()), contents.of(long));
        assert_ne!(one.address(), other.address());
        assert_eq!(kept(&contents), before);
    }

    #[test]
    fn lenient_readers_take_the_last_of_two_keys() {
        let content = Content::from(b"{\"a\":1,\"a\":2}".to_vec());
        assert_eq!(content.value(), Some(&json!({ "a": 2 })));
        assert_eq!(
            content.strict(),
            Err(&Malformed::DuplicateKey("a".to_owned()))
        );
    }
}
