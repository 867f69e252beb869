//! One binary for all integration tests.

mod acceptance;
mod block_rules;
mod crowd;
mod errors;
mod fuzz;
mod homes;
mod json;
mod ksh;
mod launch;
mod patch_compat;
mod place;
mod plan_props;
mod prompt;
mod proof;
mod quoting;
mod reach;
mod readme;
mod real_go;
mod restore;
mod shapes;
mod streams;
mod support;
mod support_works;
mod sweep;
mod tidy;
mod trust;
