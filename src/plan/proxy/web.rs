//! How to reach a host: through which HTTP proxy, if any. Source: golang.org/x/net/http/httpproxy.

use std::net::IpAddr;

use super::address::{self, Address, Parsed};

/// What the environment says of HTTP proxies and certificates.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Web {
    /// `HTTP_PROXY`, else `http_proxy`.
    pub http: Option<String>,
    /// `HTTPS_PROXY`, else `https_proxy`.
    pub https: Option<String>,
    /// `NO_PROXY`, else `no_proxy`.
    pub none: Option<String>,
    /// `SSL_CERT_FILE`: the file with the certificates that are trusted.
    pub file: Option<String>,
    /// `SSL_CERT_DIR`: folders with more of them, separated by `:`.
    pub folders: Option<String>,
    /// `NETRC`: where that file is.
    pub netrc: Option<String>,
}

/// The variables that [`Web`] is read from.
pub const VARIABLES: &[&str] = &[
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NETRC",
];

/// The way to a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// There is no proxy between.
    Straight,
    /// Through this HTTP proxy.
    Through(Address),
    /// Through one that only Go itself can speak to, such as SOCKS.
    Other,
}

impl Web {
    /// Reads it. `variable`: the value of a variable, `None` where it is unset or empty.
    pub fn of(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let any = |upper: &str, lower: &str| variable(upper).or_else(|| variable(lower));
        Self {
            http: any("HTTP_PROXY", "http_proxy"),
            https: any("HTTPS_PROXY", "https_proxy"),
            none: any("NO_PROXY", "no_proxy"),
            file: variable("SSL_CERT_FILE"),
            folders: variable("SSL_CERT_DIR"),
            netrc: variable("NETRC"),
        }
    }

    /// The way to the host of an address.
    pub fn way(&self, to: &Address) -> Way {
        let proxy = if to.is_https() { &self.https } else { &self.http };
        let Some(proxy) = proxy else { return Way::Straight };
        if !self.is_used(to.hostname(), to.port()) {
            return Way::Straight;
        }
        let web = |text: &str| match address::parse(text) {
            Ok(Parsed::Web(address)) if !address.host().is_empty() => Some(address),
            _ => None,
        };
        let scheme = proxy.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            None | Some("http" | "https") => {}
            Some(_) => return Way::Other,
        }
        // What is no URL has no scheme to Go; and what is none with one in front either counts for nothing.
        let found = scheme.as_ref().and_then(|_| web(proxy)).or_else(|| web(&format!("http://{proxy}")));
        let none = if scheme.is_some() { Way::Straight } else { Way::Other };
        found.map_or(none, Way::Through)
    }

    /// Whether a proxy is used for a host: never for this machine, nor for what `NO_PROXY` names.
    fn is_used(&self, host: &str, port: &str) -> bool {
        let ip: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || ip.is_some_and(|ip| ip.is_loopback()) {
            return false;
        }
        let host = host.to_ascii_lowercase();
        let none = self.none.as_deref().unwrap_or_default().to_ascii_lowercase();
        !none.split(',').map(str::trim).filter(|rule| !rule.is_empty()).any(|rule| excepts(rule, &host, port, ip))
    }
}

/// Whether a rule of `NO_PROXY` names a host.
fn excepts(rule: &str, host: &str, port: &str, ip: Option<IpAddr>) -> bool {
    if rule == "*" {
        return true;
    }
    if let Some((net, bits)) =
        rule.split_once('/').and_then(|(net, bits)| Some((net.parse().ok()?, bits.parse().ok()?)))
    {
        return ip.is_some_and(|ip| is_within(ip, net, bits));
    }
    // An IPv6 address without brackets has colons, and no port.
    let bare: Option<IpAddr> = rule.parse().ok();
    let (name, wanted) = if bare.is_some() { (rule, None) } else { address::split_port(rule) };
    let same_port = wanted.is_none_or(|wanted| wanted.is_empty() || wanted == port);
    if let Ok(named) = name.parse::<IpAddr>() {
        return ip == Some(named) && same_port;
    }
    if name.is_empty() || ip.is_some() {
        return false;
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    let (suffix, itself) = name.strip_prefix('.').map_or((name, true), |rest| (rest, false));
    let below = host.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('.'));
    (below || (itself && host == suffix)) && same_port
}

fn is_within(ip: IpAddr, net: IpAddr, bits: u32) -> bool {
    let shift = |width: u32| width.checked_sub(bits);
    match (ip, net) {
        (IpAddr::V4(ip), IpAddr::V4(net)) => shift(32).is_some_and(|shift| {
            ip.to_bits().checked_shr(shift).unwrap_or(0) == net.to_bits().checked_shr(shift).unwrap_or(0)
        }),
        (IpAddr::V6(ip), IpAddr::V6(net)) => shift(128).is_some_and(|shift| {
            ip.to_bits().checked_shr(shift).unwrap_or(0) == net.to_bits().checked_shr(shift).unwrap_or(0)
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(none: &str, to: &str) -> Way {
        let web = Web {
            http: Some("plain.example:3128".to_owned()),
            https: Some("http://ann:s3cret@secure.example:3128".to_owned()),
            none: Some(none.to_owned()),
            ..Web::default()
        };
        let Ok(Parsed::Web(to)) = address::parse(to) else { panic!("{to}") };
        web.way(&to)
    }

    #[test]
    fn each_scheme_has_its_own() {
        assert_eq!(format!("{:?}", way("", "http://a.example")), "Through(http://plain.example:3128)");
        assert_eq!(format!("{:?}", way("", "https://a.example")), "Through(http://secure.example:3128)");
        let socks = Web { https: Some("socks5://s.example".to_owned()), ..Web::default() };
        let Ok(Parsed::Web(to)) = address::parse("https://a.example") else { panic!() };
        assert_eq!(socks.way(&to), Way::Other);
        assert_eq!(Web::default().way(&to), Way::Straight);
        for (proxy, wanted) in [
            ("proxy.example:3128", "Through(http://proxy.example:3128)"),
            ("HTTPS://p.example", "Through(https://p.example)"),
            // To Go, the host is `http`.
            ("http://p.example:port", "Through(http://http:)"),
            ("http://ann:%zz@p.example", "Straight"),
            ("p.example:port", "Other"),
        ] {
            let web = Web { https: Some(proxy.to_owned()), ..Web::default() };
            assert_eq!(format!("{:?}", web.way(&to)), wanted, "{proxy}");
        }
    }

    #[test]
    fn no_proxy_as_go_reads_it() {
        for (none, to) in [
            ("", "https://localhost:8443"),
            ("", "https://127.0.0.9"),
            ("", "https://[::1]:1"),
            ("*", "https://a.example"),
            ("x, A.example", "https://a.example"),
            ("example", "https://a.example"),
            (".example", "https://a.example"),
            ("*.example", "https://a.example"),
            ("a.example:443", "https://a.example"),
            ("10.0.0.0/8", "https://10.1.2.3"),
            ("10.1.2.3", "https://10.1.2.3:8443"),
            ("fd00::/8", "https://[fd00::1]"),
            ("0.0.0.0/0", "https://10.1.2.3"),
        ] {
            assert_eq!(way(none, to), Way::Straight, "{none} {to}");
        }
        for (none, to) in [
            ("ample", "https://a.example"),
            (".a.example", "https://a.example"),
            ("a.example:80", "https://a.example"),
            ("10.0.0.0/16", "https://10.1.2.3"),
            ("10.1.2.3:80", "https://10.1.2.3"),
        ] {
            assert!(matches!(way(none, to), Way::Through(_)), "{none} {to}");
        }
    }
}
