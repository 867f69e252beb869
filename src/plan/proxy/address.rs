//! The URL of a module proxy, as Go's net/url takes it apart; it never shows what may be a secret.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// The URL of a proxy. What it shows of itself, [`fmt::Debug`] included, is scheme and host: user-info is a secret, and so
/// may be a path or a query (some hosts put a token there).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    https: bool,
    user: Option<(String, String)>,
    host: String,
    path: String,
    query: Option<String>,
    /// Whether a `@` stands behind the host: a `/` in a password makes a host of what stands before it.
    murky: bool,
}

/// What a URL is.
#[derive(Clone, PartialEq, Eq)]
pub enum Parsed {
    /// `http` or `https`.
    Web(Address),
    /// `file`: the path, absolute.
    File(PathBuf),
}

impl Address {
    /// Whether its scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether it names a user.
    pub fn has_user(&self) -> bool {
        self.user.is_some()
    }

    /// Its host as it stands there, with the port if it has one: what a netrc file calls a machine.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its host without port and brackets.
    pub fn hostname(&self) -> &str {
        split_port(&self.host).0
    }

    /// Its port; the scheme's own where it names none.
    pub fn port(&self) -> &str {
        split_port(&self.host).1.filter(|port| !port.is_empty()).unwrap_or(if self.https { "443" } else { "80" })
    }

    /// A URL below this one.
    #[must_use]
    pub fn join(&self, path: &str) -> Self {
        let path = without_dots(&format!("{}/{path}", self.path.trim_end_matches('/')));
        Self { path, ..self.clone() }
    }

    /// Where a redirect from here leads to; `None`: it is no http or https URL. The user stays where only a path is named.
    /// Source: net/url, `ResolveReference`.
    pub fn follow(&self, location: &str) -> Option<Self> {
        let end = location.find(['?', '#']).unwrap_or(location.len());
        let (path, more) = location.split_at(end);
        let names_a_host = path.contains("://") || path.starts_with("//");
        let whole = if path.contains("://") {
            location.to_owned()
        } else if names_a_host {
            format!("{}:{location}", self.scheme())
        } else {
            let folder = self.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let path = match path {
                "" => self.path.clone(),
                path if path.starts_with('/') => path.to_owned(),
                path => format!("{folder}/{path}"),
            };
            format!("{}://{}{path}{more}", self.scheme(), self.host)
        };
        let Ok(Parsed::Web(to)) = parse(&whole) else { return None };
        let user = if names_a_host { to.user.clone() } else { self.user.clone() };
        Some(Self { user, path: without_dots(&to.path), ..to })
    }

    /// Whether what is meant for this host alone may go to another one too: to itself, whatever the port, and to what is
    /// below it. Source: net/http, `shouldCopyHeaderOnRedirect`.
    pub fn trusts(&self, other: &Self) -> bool {
        let (own, other) = (self.hostname().to_ascii_lowercase(), other.hostname().to_ascii_lowercase());
        let below = || !other.contains([':', '%']) && other.strip_suffix(&own).is_some_and(|rest| rest.ends_with('.'));
        own == other || below()
    }

    /// Host and path: what a netrc file may name as a machine. Never to be shown.
    pub fn secret_machine(&self) -> String {
        format!("{}{}", self.host, self.path)
    }

    /// The whole of it but for the user: to be sent, never to be shown.
    pub fn secret_url(&self) -> String {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}://{}{}{query}", self.scheme(), self.host, self.path)
    }

    /// Scheme and host alone: to be asked, never to be shown.
    pub fn secret_root(&self) -> String {
        format!("{}://{}/", self.scheme(), self.host)
    }

    /// The value of the header `Authorization` for the user that it names: to be sent, never to be shown.
    pub fn secret_header(&self) -> Option<String> {
        self.user.as_ref().map(|(name, password)| basic(name, password))
    }

    /// The user that it names and the password: to be sent, never to be shown.
    pub fn secret_user(&self) -> Option<(&str, &str)> {
        self.user.as_ref().map(|(name, password)| (name.as_str(), password.as_str()))
    }

    fn scheme(&self) -> &'static str {
        if self.https { "https" } else { "http" }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = if self.murky { "…" } else { &self.host };
        write!(f, "{}://{}", self.scheme(), crate::text::show::sanitise(host.as_bytes()))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value of the header `Authorization` for a user.
pub fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}")))
}

/// A host and its port, if one follows; brackets around the host are taken away.
pub fn split_port(host: &str) -> (&str, Option<&str>) {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    (name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name), port)
}

/// Takes a URL apart.
///
/// # Errors
/// What is odd about it, to follow "entry N". Source: net/url `Parse` and cmd/go's `newProxyRepo`.
pub fn parse(text: &str) -> Result<Parsed, &'static str> {
    if text.starts_with(['"', '\'']) {
        return Err("begins with a quote: quotes belong into a shell's file, and not into the value");
    }
    if text.chars().any(|char| char.is_ascii_control()) {
        return Err("holds a control character");
    }
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => return Err("has no scheme: write `https://` in front of it"),
    };
    match scheme.as_str() {
        "https" | "http" => web(scheme == "https", rest).map(Parsed::Web),
        "file" => file(rest).map(Parsed::File),
        _ => Err("has a scheme that is none of https, http and file"),
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn web(https: bool, rest: &str) -> Result<Address, &'static str> {
    // Without the two slashes all of it is a path, and there is no host.
    let bare = format!("/{rest}");
    let rest = rest.strip_prefix("//").unwrap_or(&bare).split('#').next().unwrap_or_default();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(self::user(user)?), host),
        None => (None, authority),
    };
    let (name, port) = split_port(host);
    if port.is_some_and(|port| !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("has a port that is no number");
    }
    // Go takes some others, and then finds no such host.
    if name.contains([' ', '^', '`', '{', '}', '|', '\\', '%']) {
        return Err("has a character in its host that no host has, such as a blank");
    }
    if name.starts_with('[') {
        return Err("has a bracket in its host that is not closed");
    }
    decode(path).ok_or("has a `%` without two hexadecimal digits behind it")?;
    let murky = path.contains('@') || query.is_some_and(|query| query.contains('@'));
    let query = query.map(encode);
    Ok(Address { https, user, host: host.to_owned(), path: encode(path), query, murky })
}

fn user(text: &str) -> Result<(String, String), &'static str> {
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !text.bytes().all(valid) {
        return Err("has a character in its user or password that must be written as `%` and two hexadecimal digits");
    }
    let decode = |text: &str| {
        let bytes = decode(text).ok_or("has a `%` without two hexadecimal digits in its user or password")?;
        String::from_utf8(bytes).map_err(|_| "has a user or password that is no text")
    };
    let (name, password) = text.split_once(':').unwrap_or((text, ""));
    Ok((decode(name)?, decode(password)?))
}

fn file(rest: &str) -> Result<PathBuf, &'static str> {
    let path = rest.strip_prefix("//").map(|path| if path.is_empty() { "/" } else { path });
    let path = path.filter(|path| path.starts_with('/') && !path.contains(['?', '#']));
    let path = path.ok_or("is no plain path: three slashes belong behind `file:`, and no host")?;
    let bytes = decode(path).ok_or("has a `%` without two hexadecimal digits behind it")?;
    Ok(PathBuf::from(OsStr::from_bytes(&bytes)))
}

/// The bytes that a text with `%` stands for.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        out.push(if byte == b'%' { u8::try_from(digit()? * 16 + digit()?).ok()? } else { byte });
    }
    Some(out)
}

/// A path in which `.` and `..` are followed.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for element in path.split('/').skip(1) {
        match element {
            "." => {}
            ".." => drop(kept.pop()),
            _ => kept.push(element),
        }
    }
    kept.iter().fold(String::new(), |path, element| path + "/" + element)
}

/// A path or query as it is sent: what may not stand there, as `%` and two digits.
fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte);
    text.bytes().fold(String::new(), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
