//! ui

pub mod diffview;
