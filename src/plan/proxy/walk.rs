//! What Go would do with a list of module proxies, given what each of them answered.
//!
//! Source: cmd/go/internal/modfetch/proxy.go, `TryProxies`; cmd/go/internal/web.

use serde_json::Value;

use super::settings::Settings;
use super::{Flaw, List, Source, VERSION};

/// What came of asking for the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was asked for.
    Good,
    /// 404 or 410: it is not there.
    Missing(u16),
    /// 200, and something else than what was asked for.
    Odd(Body),
    /// 401, 403 or 407: not for everybody.
    Denied(u16),
    /// Any other status.
    Status(u16),
    /// A certificate that is not trusted.
    Distrusted(Distrust),
    /// An `http` URL with a user and a password, which Go does not send in clear.
    Insecure,
    /// More than ten redirects.
    Loop,
    /// A redirect from `https` to `http`.
    Downgrade,
    /// Nothing was answered.
    Failed(Failure),
    /// The HTTP proxy on the way did not let it through.
    HttpProxy(Failure),
    /// Only go itself can tell; why.
    Unknown(&'static str),
}

/// What a server sent that is not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// A web page.
    Html,
    /// Nothing.
    Empty,
    /// Another release.
    OtherVersion,
    /// Something else.
    Other,
}

/// Why a certificate is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Nobody that is trusted here has signed it.
    Signer,
    /// It is out of date, or this machine's clock is.
    Date,
    /// It is for another host.
    Name,
    /// It is not for servers.
    Purpose,
    /// Another reason.
    Other,
}

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The host has no address.
    NoHost,
    /// Nobody listens there.
    Closed,
    /// There was no connection within the limit.
    NoConnection,
    /// It took longer than the limit.
    Slow,
    /// The connection was cut.
    Cut,
    /// TLS could not be agreed upon.
    Tls,
    /// What was answered is no HTTP.
    NoHttp,
    /// This status, where a proxy was to open the way.
    Status(u16),
    /// Another reason of the system.
    Other,
}

impl Failure {
    const fn words(self) -> &'static str {
        match self {
            Self::NoHost => "no such host",
            Self::Closed => "connection refused",
            Self::NoConnection => "no connection within 5 s",
            Self::Slow => "no answer within 10 s",
            Self::Cut => "the connection was cut",
            Self::Tls => "TLS could not be agreed upon",
            Self::NoHttp => "it speaks no HTTP",
            Self::Status(_) => "an error status",
            Self::Other => "the network is out of reach",
        }
    }
}

impl Answer {
    /// What a body with status 200 is, where the release [`VERSION`] of the module was asked for.
    pub fn of_info(body: &[u8]) -> Self {
        let text = body.trim_ascii();
        let version = match serde_json::from_slice::<Value>(text) {
            Ok(Value::Object(map)) => {
                map.iter().find(|(name, _)| name.eq_ignore_ascii_case("version")).map(|(_, value)| value.clone())
            }
            Ok(_) => None,
            Err(_) if text.is_empty() => return Self::Odd(Body::Empty),
            Err(_) if text.starts_with(b"<") => return Self::Odd(Body::Html),
            Err(_) => return Self::Odd(Body::Other),
        };
        if version.as_ref().and_then(Value::as_str) == Some(VERSION) {
            Self::Good
        } else {
            Self::Odd(Body::OtherVersion)
        }
    }

    /// What a status other than 200 means.
    pub fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::Missing(status),
            401 | 403 | 407 => Self::Denied(status),
            _ => Self::Status(status),
        }
    }

    /// The words for messages and JSON.
    pub fn words(&self) -> String {
        match self {
            Self::Good => "it has the module".to_owned(),
            Self::Missing(status) => format!("{status}, so it has not the module"),
            Self::Odd(Body::Html) => "200 with a web page".to_owned(),
            Self::Odd(Body::Empty) => "200 with nothing".to_owned(),
            Self::Odd(Body::OtherVersion) => "200 with another release than was asked for".to_owned(),
            Self::Odd(Body::Other) => "200 with something that is no module".to_owned(),
            Self::Denied(407) => "407, so the HTTP proxy on the way asks for a user and a password".to_owned(),
            Self::Denied(status) => format!("{status}, so it is not open to you"),
            Self::Status(429) => "429, so it was asked too often".to_owned(),
            Self::Status(status @ 500..) => format!("{status}, so it is out of order"),
            Self::Status(status) => format!("status {status}"),
            Self::Distrusted(Distrust::Signer) => {
                "its certificate is signed by nobody that is trusted here, or whose own certificate is out of date"
                    .to_owned()
            }
            Self::Distrusted(Distrust::Date) => "its certificate is out of date, or the clock here is wrong".to_owned(),
            Self::Distrusted(Distrust::Name) => "its certificate is for another host".to_owned(),
            Self::Distrusted(Distrust::Purpose) => "its certificate is not for servers".to_owned(),
            Self::Distrusted(Distrust::Other) => "its certificate is not valid".to_owned(),
            Self::Insecure => "a user and a password in an http URL, which Go refuses to send".to_owned(),
            Self::Loop => "more than ten redirects".to_owned(),
            Self::Downgrade => "a redirect from https to http, which Go refuses".to_owned(),
            Self::Failed(failure) => failure.words().to_owned(),
            Self::HttpProxy(Failure::Status(status)) => format!("{status} from the HTTP proxy on the way"),
            Self::HttpProxy(failure) => format!("the HTTP proxy on the way: {}", failure.words()),
            Self::Unknown(why) => (*why).to_owned(),
        }
    }
}

/// What Go would do with the whole list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It gets the module from the entry with this index.
    Works(usize),
    /// It stops at the entry with this index, and fails.
    Fails {
        /// The entry whose failure it tells.
        at: usize,
        /// An entry behind it that has the module, and to which it never comes.
        healthy: Option<usize>,
    },
    /// Each entry says that it has not the module.
    Missing,
    /// It comes to `off`.
    Off,
    /// It cannot be told.
    Unknown,
}

impl Verdict {
    /// Whether modules can be downloaded; `None`: it cannot be told.
    pub const fn works(&self) -> Option<bool> {
        match self {
            Self::Works(_) => Some(true),
            Self::Fails { .. } | Self::Missing | Self::Off => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Walks down a list as Go does. `answers`: of each entry, as far as it was asked.
pub fn walk(list: &List, answers: &[Option<Answer>]) -> Verdict {
    let mut failed = None;
    for (index, entry) in list.entries.iter().enumerate() {
        if entry.source == Source::Off {
            return failed.map_or(Verdict::Off, |at| Verdict::Fails { at, healthy: None });
        }
        let Some(answer) = answers.get(index).and_then(Option::as_ref) else { return Verdict::Unknown };
        match answer {
            Answer::Good => return Verdict::Works(index),
            Answer::Missing(_) if entry.source != Source::Direct => continue,
            Answer::Unknown(_) if !entry.after_any => return Verdict::Unknown,
            _ => failed = Some(index),
        }
        // Go walks the list anew for each file, and takes whatever comes with a 200 for the `go.mod` and the zip file: only
        // of the first file does it see that it is odd, so a bar does not help.
        if !entry.after_any || matches!(answer, Answer::Odd(_)) {
            let good = |later: &usize| answers.get(*later).is_some_and(|answer| *answer == Some(Answer::Good));
            return Verdict::Fails { at: index, healthy: (index + 1..list.entries.len()).find(good) };
        }
    }
    failed.map_or(Verdict::Missing, |at| Verdict::Fails { at, healthy: None })
}

/// How Go gets at the checksum database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Through the entry with this index.
    Proxy(usize),
    /// Straight.
    Straight,
    /// Not at all: the entry with this index is in the way.
    Blocked(usize),
    /// It cannot be told.
    Unknown,
}

/// Walks down a list for the checksum database. `answers`: what each entry said of whether it passes on what is asked.
pub fn route(list: &List, answers: &[Option<Answer>]) -> Route {
    let mut blocked = None;
    for (index, entry) in list.entries.iter().enumerate() {
        match entry.source {
            Source::Direct => return Route::Straight,
            // Go then tells of the entry that failed before.
            Source::Off => break,
            _ => {}
        }
        match answers.get(index).and_then(Option::as_ref) {
            Some(Answer::Good) => return Route::Proxy(index),
            Some(Answer::Missing(_)) => {}
            None | Some(Answer::Unknown(_)) => return Route::Unknown,
            Some(_) if entry.after_any => blocked = Some(index),
            Some(_) => return Route::Blocked(index),
        }
    }
    blocked.map_or(Route::Straight, Route::Blocked)
}

/// What came of asking, for the terminals that share these settings.
pub struct Outlook {
    /// The terminals: `zsh -l -i`.
    pub starts: Vec<String>,
    /// The settings.
    pub settings: Settings,
    /// The list in GOPROXY.
    pub list: Result<List, Flaw>,
    /// What each entry answered, as far as it was asked.
    pub answers: Vec<Option<Answer>>,
    /// What the checksum database answered, and how it was asked; `None`: it was not.
    pub database: Option<(Route, Answer)>,
    /// Whether git is on PATH.
    pub has_git: bool,
}

impl Outlook {
    /// What Go would do.
    pub fn verdict(&self) -> Option<Verdict> {
        let list = self.list.as_ref().ok()?;
        Some(walk(list, &self.answers))
    }

    /// Whether modules can be downloaded; `None`: it cannot be told.
    pub fn works(&self) -> Option<bool> {
        if self.list.is_err() {
            return Some(false);
        }
        self.verdict().filter(|_| !self.settings.bypasses_proxy())?.works()
    }
}
