//! Documentation pages: text in whatever format -> one block tree.

mod block;
pub mod words;

pub use block::{Block, BlockKind, Cell, Format, Link, Page, Row, Table, Text, plain};
