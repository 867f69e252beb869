//! One binary for all integration tests.

mod patch_compat;
mod support;
mod support_works;
mod tidy;
