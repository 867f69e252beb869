//! One binary for all integration tests.

mod errors;
mod json;
mod patch_compat;
mod place;
mod prompt;
mod streams;
mod support;
mod support_works;
mod tidy;
