//! Which values may be shown, and what of them.
//!
//! Proxies and module servers are named by addresses that may hold a user's name and password; GOAUTH may hold commands
//! with tokens; and not every variable whose name begins with GO is Go's.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::place::pattern;
use super::variables::KNOWN;

/// Variables that name a proxy.
const PROXIES: &[&str] = &["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];

/// What stands for what is left out.
const LEFT_OUT: &[u8] = "…".as_bytes();

/// Whether we tell of this variable.
pub fn is_told(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let ours = name == "PATH" || name == "HOME" || PROXIES.contains(&name);
    plain && (ours || name.starts_with("CGO_") || name.starts_with("GO") && name.len() > 2)
}

/// Whether its value may be shown at all, with the secrets left out.
pub fn is_shown(name: &str) -> bool {
    // GOAUTH may hold a command with a token.
    let known = KNOWN.contains(&name) && name != "GOAUTH";
    known || matches!(name, "PATH" | "HOME") || PROXIES.contains(&name) || is_of_cgo(name)
}

/// Whether it is one of the variables of cgo.
fn is_of_cgo(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("CGO_") else { return false };
    let flags = rest.trim_end_matches("_DISALLOW").trim_end_matches("_ALLOW");
    rest == "ENABLED" || matches!(flags, "CFLAGS" | "CPPFLAGS" | "CXXFLAGS" | "FFLAGS" | "LDFLAGS")
}

/// What follows a question mark in an address.
static QUERY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(\?)[^,|\s]+"));

/// What stands behind the host of an address.
static PATH_OF_ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(https?://[^/,|\s]+/)[^,|\s]+"));

/// What stands behind the scheme of an address.
const SCHEME: &[u8] = b"://";

/// Flags whose values are anybody's.
const FLAGS: &[&[u8]] = &[b"-mod", b"-p", b"-buildvcs", b"-count", b"-timeout", b"-vet", b"-buildmode", b"-parallel"];

/// The words of a list of flags or of a command, without what may be secret in them: what a flag is set to, and what is
/// no flag.
fn words(value: &[u8], is_command: bool) -> Vec<u8> {
    let word = |(index, word): (usize, &[u8])| -> Vec<u8> {
        let at = word.iter().position(|byte| b"=,".contains(byte));
        let name = &word[..at.unwrap_or(word.len())];
        let long = name.starts_with(b"--") || name.len() <= 2;
        match at {
            _ if is_command && index == 0 => word.to_vec(),
            _ if !word.starts_with(b"-") => LEFT_OUT.to_vec(),
            _ if name.starts_with(b"-D") || is_command && !long => [&word[..2], LEFT_OUT].concat(),
            Some(at) if !FLAGS.contains(&name) => [&word[..=at], LEFT_OUT].concat(),
            _ => word.to_vec(),
        }
    };
    let all = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    all.enumerate().map(word).collect::<Vec<_>>().join(&b' ')
}

/// A value without its secrets: user names, passwords and queries of addresses, what module servers hide in their paths,
/// and what flags are set to.
pub fn without_secrets(name: &str, value: &[u8]) -> Vec<u8> {
    if name == "GOFLAGS" || name == "GOCACHEPROG" {
        return words(value, name == "GOCACHEPROG");
    }
    if name.starts_with("CGO_") && name.ends_with("FLAGS") {
        return words(value, false);
    }
    let is_server = name == "GOPROXY" || name == "GOSUMDB";
    let is_address = is_server || PROXIES.contains(&name);
    if !is_address && find(value, SCHEME).is_none() {
        return value.to_vec();
    }
    let mut shown = without_users(value, is_address);
    shown = QUERY.replace_all(&shown, [b"$1", LEFT_OUT].concat().as_slice()).into_owned();
    if is_server {
        shown = PATH_OF_ADDRESS.replace_all(&shown, [b"$1", LEFT_OUT].concat().as_slice()).into_owned();
    }
    shown
}

/// What a program said, with the addresses in it as they are shown of GOPROXY.
pub fn said(text: &[u8]) -> Vec<u8> {
    let is_address = |word: &&[u8]| find(word, SCHEME).is_some();
    let words = text.split_inclusive(u8::is_ascii_whitespace);
    let shown = words
        .map(|word| Some(word).filter(is_address).map_or_else(|| word.to_vec(), |it| without_secrets("GOPROXY", it)));
    shown.collect::<Vec<_>>().concat()
}

/// Addresses without their users. A password may hold what stands between two addresses, so that all up to the last `@`
/// in front of the next one is left out. `bare`: the first may have no scheme.
fn without_users(value: &[u8], bare: bool) -> Vec<u8> {
    let mut shown = Vec::new();
    let mut rest = value;
    let mut in_address = bare;
    loop {
        let end = find(rest, SCHEME);
        let piece = &rest[..end.unwrap_or(rest.len())];
        match piece.iter().rposition(|byte| *byte == b'@').filter(|_| in_address) {
            Some(at) => shown.extend([LEFT_OUT, &piece[at..]].concat()),
            None => shown.extend(piece),
        }
        let Some(end) = end else { return shown };
        shown.extend(SCHEME);
        rest = &rest[end + SCHEME.len()..];
        in_address = true;
    }
}

fn find(value: &[u8], wanted: &[u8]) -> Option<usize> {
    value.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        for (name, value, shown) in [
            ("GOPROXY", "https://me:pw@host/x,direct", "https://…@host/…,direct"),
            ("GOPROXY", "https://host/token/go/,https://b/|direct", "https://host/…,https://b/|direct"),
            ("GOFLAGS", "-mod=vendor -v -ldflags=-X=a=token more", "-mod=vendor -v -ldflags=… …"),
            ("GOCACHEPROG", "/bin/cache --key token --key=token -ktoken", "/bin/cache --key … --key=… -k…"),
            ("CGO_CFLAGS", "-O2 -I/usr/include -DKEY=token\t-DT=x", "-O2 -I/usr/include -D… -D…"),
            ("CGO_LDFLAGS", "-L/x -Wl,token", "-L/x -Wl,…"),
            ("GOPROXY", "https://a|https://u:p@b", "https://a|https://…@b"),
            ("GOPROXY", "https://host/?token=abc,off", "https://host/…,off"),
            ("HTTP_PROXY", "me:pw@host:3128", "…@host:3128"),
            ("https_proxy", "http://me:p@ss@host", "http://…@host"),
            ("HTTPS_PROXY", "http://me:p,w@host:1", "http://…@host:1"),
            ("HTTPS_PROXY", "me:p w|x@host:1", "…@host:1"),
            ("GOPROXY", "https://me:p,w|x@host,https://a.b/c|direct", "https://…@host,https://a.b/…|direct"),
            ("GOPROXY", "me:pw@host,https://a.b", "…@host,https://a.b"),
            ("GOPROXY", "https://a.b,direct", "https://a.b,direct"),
            ("PATH", "/opt/homebrew/opt/go@1.21/bin:/bin", "/opt/homebrew/opt/go@1.21/bin:/bin"),
            ("GOFLAGS", "-mod=mod", "-mod=mod"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_secrets(name, value.as_bytes())), shown, "{value}");
        }
    }

    #[test]
    fn what_a_program_said() {
        let text = b"a@v1: Get \"https://u:p@host/token/x\":\n no b@v2";
        assert_eq!(said(text), "a@v1: Get \"https://…@host/…\n no b@v2".as_bytes());
    }

    #[test]
    fn what_is_told_and_what_is_shown() {
        for name in ["PATH", "GOROOT", "GOAUTH", "CGO_CFLAGS", "http_proxy", "HOME", "GOOGLE_API_KEY"] {
            assert!(is_told(name), "{name}");
        }
        for name in ["TOKEN", "GO", "AWS_SECRET", "GO-X", "", "go", "GO$X", "path"] {
            assert!(!is_told(name), "{name}");
        }
        assert!(
            !is_shown("GOAUTH")
                && !is_shown("GOOGLE_API_KEY")
                && !is_shown("CGO_TOKEN")
                && is_shown("GOPROXY")
                && is_shown("CGO_CFLAGS")
        );
    }
}
