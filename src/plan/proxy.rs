//! GOPROXY as Go reads it: the entries of the list, and what is wrong with one that Go does not take.
//!
//! Source: cmd/go/internal/modfetch/proxy.go, `proxyList` and `newProxyRepo`. Nothing here ever shows the value of a list:
//! it may hold a password. [`redacted`] is what may be shown.

pub mod address;
pub mod netrc;
pub mod pattern;
pub mod settings;
pub mod walk;
pub mod web;

use std::path::PathBuf;

use address::{Address, Parsed};

/// The module that is asked for: small, and so old and so common that every public proxy carries it.
pub const MODULE: &str = "golang.org/x/text";

/// The release of [`MODULE`] that is asked for.
pub const VERSION: &str = "v0.3.0";

/// Where modules come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A module proxy.
    Proxy(Address),
    /// A folder in the form of a module proxy, absolute.
    Folder(PathBuf),
    /// The origin of each module.
    Direct,
    /// Nowhere.
    Off,
}

/// One entry of GOPROXY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which one it is; the first is 1. Empty ones do not count.
    pub at: usize,
    /// Where modules come from.
    pub source: Source,
    /// Whether Go goes on after any failure of this one: a `|` follows. After a comma only a module that is not there
    /// lets it go on.
    pub after_any: bool,
    /// What is odd about it, though Go takes it and fails only where it comes to it; to follow "entry N of GOPROXY".
    pub odd: Option<&'static str>,
}

impl Entry {
    /// Its name, fit to be shown: never more than scheme and host of a URL.
    pub fn shown(&self) -> String {
        match &self.source {
            Source::Proxy(address) => address.to_string(),
            Source::Folder(path) => {
                format!("file://{}", crate::text::show::sanitise(path.as_os_str().as_encoded_bytes()))
            }
            Source::Direct => "direct".to_owned(),
            Source::Off => "off".to_owned(),
        }
    }
}

/// The entries of GOPROXY that Go may come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// In order.
    pub entries: Vec<Entry>,
    /// How many stand behind `direct` or `off`, where Go never comes to.
    pub unreachable: usize,
}

impl List {
    /// The name of an entry, fit to be shown; with its number, where another one has the same: of a path nothing is shown.
    pub fn name(&self, entry: &Entry) -> String {
        let shown = entry.shown();
        let same = self.entries.iter().filter(|other| other.shown() == shown).count();
        if same > 1 { format!("entry {} ({shown})", entry.at) } else { shown }
    }
}

/// Why Go does not take a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It holds nothing but separators.
    NoEntries,
    /// Entry `.0` is no URL and no word that Go knows; what is odd about it, to follow "entry N".
    Entry(usize, &'static str),
}

/// Reads a list.
///
/// # Errors
/// Where Go refuses the whole of it.
pub fn parse(value: &str) -> Result<List, Flaw> {
    let (mut entries, mut unreachable, mut rest) = (Vec::new(), 0, Some(value));
    while let Some(text) = rest {
        let end = text.find([',', '|']);
        let after_any = end.is_some_and(|at| text[at..].starts_with('|'));
        rest = end.map(|at| &text[at + 1..]);
        let text = text[..end.unwrap_or(text.len())].trim();
        if text.is_empty() {
            continue;
        }
        if matches!(entries.last(), Some(Entry { source: Source::Direct | Source::Off, .. })) {
            unreachable += 1;
            continue;
        }
        let at = entries.len() + 1;
        let source = match text {
            "direct" => Source::Direct,
            "off" => Source::Off,
            _ => source(text).map_err(|why| Flaw::Entry(at, why))?,
        };
        let odd = match &source {
            Source::Proxy(address) if address.hostname().is_empty() => {
                Some("names no host: two slashes and a host belong behind the scheme")
            }
            _ if text.contains(';') => Some("holds a `;`, which separates nothing"),
            _ => None,
        };
        entries.push(Entry { at, source, after_any, odd });
    }
    if entries.is_empty() { Err(Flaw::NoEntries) } else { Ok(List { entries, unreachable }) }
}

fn source(text: &str) -> Result<Source, &'static str> {
    // A word with a `.`, `:` or `/` is a host; a scheme, or a path, is not completed.
    let host = text.contains(['.', ':', '/']) && !text.contains(":/") && !text.starts_with('/');
    let parsed = if host { address::parse(&format!("https://{text}")) } else { address::parse(text) };
    Ok(match parsed? {
        Parsed::Web(address) => Source::Proxy(address),
        Parsed::File(path) => Source::Folder(path),
    })
}

/// A list as it may be shown: of each URL scheme and host, and nothing at all of what is none.
pub fn redacted(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    loop {
        let end = rest.find([',', '|']).unwrap_or(rest.len());
        let text = rest[..end].trim();
        match text {
            "" | "direct" | "off" => out.push_str(text),
            _ => match source(text) {
                Ok(source) => {
                    out.push_str(&Entry { at: 0, source, after_any: false, odd: None }.shown());
                }
                Err(_) => out.push('…'),
            },
        }
        let Some(separator) = rest[end..].chars().next() else { return out };
        out.push(separator);
        rest = &rest[end + 1..];
    }
}

#[cfg(test)]
mod tests;
