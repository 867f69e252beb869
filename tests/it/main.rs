//! One binary for all integration tests.

mod block_rules;
mod homes;
mod launch;
mod patch_compat;
mod place;
mod quoting;
mod support;
mod support_works;
mod tidy;
