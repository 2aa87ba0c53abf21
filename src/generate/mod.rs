//! The generator: contract -> cases. Values, requests, and what may be expected of their answers.

mod baseline;
mod body;
mod boundary;
mod boundary_values;
mod case;
mod char_runs;
mod convention;
mod dates;
mod drawn_value;
mod edits;
mod files;
mod footing;
#[cfg(test)]
mod laws;
mod lists;
mod local;
mod neighbour;
mod oracle;
mod plain;
mod property;
mod protocol;
mod request;
mod sample;
mod scheme;
mod slot;
mod strategy;
pub mod text;
mod together;
mod unusual;
mod violate;
mod wholes;

pub use baseline::{Supply, baseline, is_bound, says_nothing, stand_in, supplied, with_one_more};
pub use body::Body;
pub use boundary::{Boundary, BoundarySide};
pub use case::{Case, Edit, Expectation, PlannedCase};
pub use dates::extreme as extreme_dates;
pub use edits::{Edits, edits, with_edit_alone};
pub use footing::{
    Footing, footing, is_placeholder, is_told_by_rule, made_up_header, optional_made_up,
    optional_of_author, shows_body,
};
pub use local::{Base, Local};
pub use neighbour::neighbour;
pub use oracle::{Validity, classify, is_structured, is_wish, typed, unapplicable_patch};
pub use plain::{is_map, of_branches, plain_requests};
pub use property::{Drawn, Property, Source};
pub use protocol::{
    NO_CREDENTIAL, UNACCEPTABLE, UNDOCUMENTED_METHODS, UNDOCUMENTED_PART, auth, id_of_nobody,
    malformed, method, open, oversized, path_of_nobody, path_values, undocumented_path,
    unknown_resources,
};
pub use request::{Borrowed, COOKIE, Credential, Request, Whose, is_protocol_header, text_of};
pub use sample::{limit, sample, size};
pub use scheme::{Scheme, TOKEN_HEADER};
pub use slot::{Slot, is_in_words, is_opaque, slot, slots};
pub use unusual::unusual_requests;
pub use violate::ViolationKind;
pub use wholes::{is_of_whole, states_condition, whole_cases};
