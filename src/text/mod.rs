//! PURE: text in bytes: the fence around our block, and the unified diff.

pub mod fence;
pub mod json_bytes;
