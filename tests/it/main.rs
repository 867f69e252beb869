//! One binary for all integration tests.

mod patch_compat;
mod place;
mod plan_props;
mod readme;
mod real_go;
mod support;
mod support_works;
mod tidy;
