//! One binary for all integration tests.

mod patch_compat;
mod place;
mod support;
mod support_works;
mod tidy;
