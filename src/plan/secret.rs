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
    known || matches!(name, "PATH" | "HOME") || PROXIES.contains(&name) || name.starts_with("CGO_")
}

/// What stands between the scheme of an address and its host, and what follows a question mark.
static IN_ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(://)[^,|\s]*(@)|(\?)[^,|\s]+"));

/// The same for a proxy that is named without a scheme.
static IN_PROXY: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^,|\s/]+(@)"));

/// What stands behind the host of an address.
static PATH_OF_ADDRESS: LazyLock<Regex> = LazyLock::new(|| pattern(r"(https?://[^/,|\s]+/)[^,|\s]+"));

/// Flags whose values are anybody's.
const FLAGS: &[&[u8]] = &[b"-mod", b"-p", b"-buildvcs", b"-count", b"-timeout", b"-vet", b"-buildmode", b"-parallel"];

/// The words of a list of flags or of a command, without what may be secret in them: what a flag is set to, and what is
/// no flag.
fn words(value: &[u8], first: bool) -> Vec<u8> {
    let word = |(index, word): (usize, &[u8])| -> Vec<u8> {
        let at = word.iter().position(|byte| *byte == b'=');
        let name = &word[..at.unwrap_or(word.len())];
        match at {
            _ if word.is_empty() => Vec::new(),
            _ if first && index == 0 => word.to_vec(),
            _ if !word.starts_with(b"-") => LEFT_OUT.to_vec(),
            Some(_) if !FLAGS.contains(&name) => [name, b"=", LEFT_OUT].concat(),
            _ if name.starts_with(b"-D") => [b"-D", LEFT_OUT].concat(),
            _ => word.to_vec(),
        }
    };
    value.split(|byte| *byte == b' ').enumerate().map(word).collect::<Vec<_>>().join(&b' ')
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
    let has_address = value.windows(3).any(|window| window == b"://");
    let mut shown = value.to_vec();
    if has_address {
        let hide = [b"$1", LEFT_OUT, b"$2$3"].concat();
        shown = IN_ADDRESS.replace_all(&shown, &hide[..]).into_owned();
        if name == "GOPROXY" || name == "GOSUMDB" {
            shown = PATH_OF_ADDRESS.replace_all(&shown, [b"$1", LEFT_OUT].concat().as_slice()).into_owned();
        }
    } else if PROXIES.contains(&name) || name == "GOPROXY" || name == "GOSUMDB" {
        let hide = [LEFT_OUT, b"$1"].concat();
        shown = IN_PROXY.replace_all(&shown, &hide[..]).into_owned();
    }
    shown
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
            ("GOCACHEPROG", "/bin/cache --key token --key=token", "/bin/cache --key … --key=…"),
            ("CGO_CFLAGS", "-O2 -I/usr/include -DKEY=token", "-O2 -I/usr/include -DKEY=…"),
            ("GOPROXY", "https://a|https://u:p@b", "https://a|https://…@b"),
            ("GOPROXY", "https://host/?token=abc,off", "https://host/…,off"),
            ("HTTP_PROXY", "me:pw@host:3128", "…@host:3128"),
            ("https_proxy", "http://me:p@ss@host", "http://…@host"),
            ("PATH", "/opt/homebrew/opt/go@1.21/bin:/bin", "/opt/homebrew/opt/go@1.21/bin:/bin"),
            ("GOFLAGS", "-mod=mod", "-mod=mod"),
        ] {
            assert_eq!(String::from_utf8_lossy(&without_secrets(name, value.as_bytes())), shown, "{value}");
        }
    }

    #[test]
    fn what_is_told_and_what_is_shown() {
        for name in ["PATH", "GOROOT", "GOAUTH", "CGO_CFLAGS", "http_proxy", "HOME", "GOOGLE_API_KEY"] {
            assert!(is_told(name), "{name}");
        }
        for name in ["TOKEN", "GO", "AWS_SECRET", "GO-X", "", "go", "GO$X", "path"] {
            assert!(!is_told(name), "{name}");
        }
        assert!(!is_shown("GOAUTH") && !is_shown("GOOGLE_API_KEY") && is_shown("GOPROXY") && is_shown("CGO_CFLAGS"));
    }
}
