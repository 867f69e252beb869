//! Every way in which Go gets installed, as a tree of files: found, of its kind, under the name that stays, and what real
//! shells pick after `apply`.

mod able;
mod hints;
mod kinds;
pub(crate) mod machine;
mod managers;
mod report;
mod table;
