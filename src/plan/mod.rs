//! PURE: facts and a request go in, a plan comes out.

pub mod edit;
pub mod own_lines;
pub mod place;
pub mod scan;

pub use edit::{Action, After, Edit};
