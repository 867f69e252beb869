//! The matrix as one table for GitHub, with every column: `matrix --all-shells --format markdown` gives the README's.

use std::path::Path;

use super::Cell;
use super::table::{Sees, by, plain};

/// The table.
pub(super) fn table(cells: &[Cell], home: &Path) -> String {
    let mut out = "| start | verdict | go | version | GOROOT | GOPATH | by | ms |\n".to_owned();
    out.push_str("|---|---|---|---|---|---|---|--:|\n");
    for cell in cells {
        let value = |value: Option<&String>, none: &str| value.map_or_else(|| none.to_owned(), |text| code(text));
        let sees = Sees::of(cell, home);
        let [go, goroot, gopath] = match &sees {
            Some(Sees { go, goroot, gopath }) => {
                [value(go.as_ref(), "none"), value(goroot.as_ref(), "unset"), value(gopath.as_ref(), "unset")]
            }
            None => ["-"; 3].map(str::to_owned),
        };
        let words = cell.verdict.words();
        let verdict =
            cell.verdict.why().map_or_else(|| words.to_owned(), |why| format!("{words}: {}", code(&plain(why))));
        let (start, by, ms) = (code(&cell.row.name()), by(cell), cell.took.as_millis());
        let version = cell.version.as_deref().unwrap_or("-");
        out.push_str(&format!("| {start} | {verdict} | {go} | {version} | {goroot} | {gopath} | {by} | {ms} |\n"));
    }
    out
}

/// Text that stays what it is: a code span, fenced by more backticks than it holds in a row. A bar would end the cell
/// even there (GitHub Flavored Markdown, 4.10).
fn code(text: &str) -> String {
    let longest = text.split(|char| char != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{}{pad}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn any_text_is_one_code_span() {
        for (text, expected) in
            [("~/go", "`~/go`"), ("a|b\\", "`a\\|b\\`"), ("`", "`` ` ``"), ("a``b", "``` a``b ```"), ("*_<", "`*_<`")]
        {
            assert_eq!(code(text), expected);
        }
    }
}
