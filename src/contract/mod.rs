//! The contract: OpenAPI 3.1 documents and JSON Schemas with provenance; loading, saving and compiling them.

mod provenance;

pub use provenance::{ANNOTATION, DocumentationFinding, Fact, Level};
