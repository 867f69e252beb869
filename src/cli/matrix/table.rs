//! The matrix for a person: at most 80 columns, whatever the paths. What a shell sees has a number in the table and is
//! written out below it.

use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::Cell;
use crate::plan::cell::Verdict;
use crate::text::show::{tilde, tilde_list};

/// Columns of every line.
const WIDTH: usize = 80;

/// Columns of the names of starts: what the other columns leave.
const NAME: usize = 18;

/// What one start sees, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sees {
    pub(super) go: Option<String>,
    pub(super) goroot: Option<String>,
    pub(super) gopath: Option<String>,
}

impl Sees {
    /// `None`: the shell did not come so far.
    pub(super) fn of(cell: &Cell, home: &Path) -> Option<Self> {
        let seen = cell.seen.as_ref()?;
        let variable = |name| seen.variable(name).map(|value| plain(&tilde_list(value, home)));
        Some(Self {
            go: seen.go.as_ref().map(|go| plain(&tilde(go, home))),
            goroot: variable("GOROOT"),
            gopath: variable("GOPATH"),
        })
    }
}

/// A tab would move what stands behind it.
pub(in crate::cli) fn plain(text: &str) -> String {
    text.replace('\t', "^I")
}

/// The word for how Go could come there.
pub(super) fn by(cell: &Cell) -> &'static str {
    if cell.row.by_file { "file" } else { "inherited" }
}

/// The table, what its numbers stand for, and why starts are broken.
pub(super) fn table(cells: &[Cell], home: &Path, colour: bool) -> String {
    let mut sights: Vec<Sees> = Vec::new();
    let mut number = |cell: &Cell| {
        let Some(sees) = Sees::of(cell, home) else { return "-".to_owned() };
        let at = sights.iter().position(|known| *known == sees).unwrap_or_else(|| {
            sights.push(sees);
            sights.len() - 1
        });
        (at + 1).to_string()
    };
    let head = ["start", "verdict", "#", "version", "by", "ms"].map(str::to_owned);
    let rows: Vec<[String; 6]> = cells
        .iter()
        .map(|cell| {
            [
                cut(&plain(&cell.row.name()), NAME),
                cell.verdict.words().to_owned(),
                number(cell),
                cut(cell.version.as_deref().unwrap_or("-"), 11),
                by(cell).to_owned(),
                cell.took.as_millis().min(99_999).to_string(),
            ]
        })
        .collect();
    let widths: [usize; 6] =
        std::array::from_fn(|column| rows.iter().chain([&head]).map(|row| columns(&row[column])).max().unwrap_or(0));
    let mut out = String::new();
    let styles = [Style::new()].into_iter().chain(cells.iter().map(|cell| style(&cell.verdict)));
    for (row, style) in [&head].into_iter().chain(&rows).zip(styles) {
        let style = if colour { style } else { Style::new() };
        let pad = |column: usize| " ".repeat(widths[column] - columns(&row[column]));
        let [start, verdict, number, version, by, ms] = row;
        out.push_str(&format!("{start}{}  {style}{verdict}{style:#}{}  ", pad(0), pad(1)));
        out.push_str(&format!("{}{number}  {version}{}  {by}{}  {}{ms}\n", pad(2), pad(3), pad(4), pad(5)));
    }
    for (number, sees) in sights.iter().enumerate() {
        let Sees { go, goroot, gopath } = sees;
        let values = [("go", go, "none"), ("GOROOT", goroot, "unset"), ("GOPATH", gopath, "unset")];
        for (line, (name, value, none)) in values.into_iter().enumerate() {
            let lead = if line == 0 { format!("\n{:>2}", number + 1) } else { "  ".to_owned() };
            out.push_str(&format!("{lead}  {name:6}  "));
            fold(&mut out, value.as_deref().unwrap_or(none), 12);
        }
    }
    for (number, cell) in cells.iter().filter(|cell| cell.verdict.why().is_some()).enumerate() {
        let why = plain(cell.verdict.why().unwrap_or_default());
        out.push_str(if number == 0 { "\n" } else { "" });
        out.push_str("broken: ");
        fold(&mut out, &format!("{}: {why}", cell.row.name()), 8);
    }
    out
}

/// Appends text behind what takes `indent` columns, as many lines as it takes.
pub(in crate::cli) fn fold(out: &mut String, text: &str, indent: usize) {
    let mut at = indent;
    for char in text.chars() {
        let width = width(char);
        if at + width > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            at = indent;
        }
        out.push(char);
        at += width;
    }
    out.push('\n');
}

/// At most so many columns of a text.
fn cut(text: &str, most: usize) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let mut left = most - 2;
    let kept = text.chars().take_while(|char| {
        let fits = width(*char) <= left;
        left = left.saturating_sub(width(*char));
        fits
    });
    kept.chain(['…']).collect()
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// No terminal takes more columns for it.
fn width(char: char) -> usize {
    if char.is_ascii() { 1 } else { 2 }
}

fn style(verdict: &Verdict) -> Style {
    match verdict {
        Verdict::Ok => AnsiColor::Green.on_default(),
        Verdict::OtherGo | Verdict::NoGo => AnsiColor::Yellow.on_default(),
        Verdict::Unreachable => Style::new().dimmed(),
        Verdict::Broken(_) | Verdict::TimedOut => AnsiColor::Red.on_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_wider_than_it_may_be() {
        for text in ["", "short", &"x".repeat(79), &"/folder".repeat(40), &"漢".repeat(90), "aé漢b"] {
            for indent in [0, 12] {
                let mut out = " ".repeat(indent);
                fold(&mut out, text, indent);
                assert!(out.lines().all(|line| columns(line) <= WIDTH), "{out}");
                assert_eq!(out.split_whitespace().collect::<String>(), text, "nothing is lost");
            }
            for most in [5, 11, 18] {
                assert!(columns(&cut(text, most)) <= most, "{}", cut(text, most));
            }
        }
        assert_eq!(cut("busybox ash -l -i and more", 18), "busybox ash -l -…");
        assert_eq!(cut("zsh -l -i", 18), "zsh -l -i");
    }

    #[test]
    fn the_widest_row_fits() {
        let widest = NAME + Verdict::Unreachable.words().len() + 3 + 11 + "inherited".len() + 5;
        assert!(widest - 1 + 5 * 2 <= WIDTH, "{widest}");
    }
}
