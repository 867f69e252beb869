//! One binary for all integration tests.

mod support;
mod support_works;
mod tidy;
