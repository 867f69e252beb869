//! One binary for all integration tests.

mod errors;
mod json;
mod patch_compat;
mod place;
mod plan_props;
mod prompt;
mod readme;
mod real_go;
mod streams;
mod support;
mod support_works;
mod tidy;
