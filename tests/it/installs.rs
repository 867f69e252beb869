//! Every way in which Go gets installed, as a tree of files: found, of its kind, under the name that stays, and what real
//! shells pick after `apply`.

mod kinds;
pub(crate) mod machine;
mod report;
mod table;
