//! What `goenv-setup matrix` measures, for a test to judge.

use std::fmt;

use serde_json::Value;

use super::{Home, run_under};

/// One row of the matrix.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The program and how it was started: `bash as sh -l -i`.
    pub(crate) name: String,
    /// The document's own words for it.
    pub(crate) json: Value,
}

impl Cell {
    /// A value that is text; `""` for one that is not there.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.json[key].as_str().unwrap_or_default()
    }

    /// The verdict.
    pub(crate) fn verdict(&self) -> &str {
        self.text("verdict")
    }

    /// How long it took to start, in milliseconds.
    pub(crate) fn ms(&self) -> u64 {
        self.json["ms"].as_u64().expect("a number")
    }
}

/// Every row, and how the run ended.
#[derive(Debug)]
pub(crate) struct Matrix {
    pub(crate) status: i32,
    pub(crate) cells: Vec<Cell>,
}

impl Matrix {
    /// From the document on standard output.
    #[track_caller]
    pub(crate) fn of(status: i32, document: &[u8]) -> Self {
        let one: Value = serde_json::from_slice(document).unwrap_or_else(|error| {
            panic!("not one JSON document: {error}\n{}", String::from_utf8_lossy(document));
        });
        let cells = one["cells"].as_array().unwrap_or_else(|| panic!("no cells: {one}"));
        let text = |cell: &Value, key: &str| cell[key].as_str().expect("text").to_owned();
        let name = |cell: &Value| format!("{} {}", text(cell, "program"), text(cell, "words"));
        Self { status, cells: cells.iter().map(|json| Cell { name: name(json), json: json.clone() }).collect() }
    }

    /// The row that is called so: `zsh -l -i`.
    #[track_caller]
    pub(crate) fn cell(&self, name: &str) -> &Cell {
        self.cells.iter().find(|cell| cell.name == name).unwrap_or_else(|| panic!("no row {name}\n{self}"))
    }

    /// The verdict of the row that is called so.
    #[track_caller]
    pub(crate) fn verdict(&self, name: &str) -> &str {
        self.cell(name).verdict()
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cell in &self.cells {
            writeln!(f, "{:20} {:26} {}", cell.name, cell.verdict(), cell.text("why"))?;
        }
        Ok(())
    }
}

/// Runs `goenv-setup matrix` with these flags, below an interactive shell that calls itself `parent`.
#[track_caller]
pub(crate) fn matrix(home: &Home, parent: &str, flags: &[&str]) -> Matrix {
    let ran = run_under(home, parent, &[&["matrix", "--json"], flags].concat());
    Matrix::of(ran.status, &ran.stdout)
}
