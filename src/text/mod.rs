//! text

pub mod udiff;
