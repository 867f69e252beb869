//! PURE: facts and a request go in, a plan comes out.

pub mod edit;

pub use edit::{Action, After, Edit};
