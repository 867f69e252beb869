//! PURE: facts and a request go in, a plan comes out.

pub mod detect;
pub mod edit;
pub mod goversion;
pub mod stable;

pub use edit::{Action, After, Edit};
