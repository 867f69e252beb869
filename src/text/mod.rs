//! PURE: text in bytes: the fence around our block, the unified diff, and what a person may see of bytes.

pub mod crontab;
pub mod fence;
pub mod json_bytes;
pub mod plist_line;
pub mod show;
pub mod systemd;
pub mod udiff;
