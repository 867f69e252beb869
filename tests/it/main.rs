//! One binary for all integration tests.

mod patch_compat;
