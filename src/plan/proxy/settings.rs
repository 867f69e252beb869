//! The settings of Go that say where modules come from, as they count in a terminal, and where each comes from.
//!
//! Source: cmd/go/internal/cfg; golang.org/x/mod/sumdb; cmd/go/internal/modfetch/sumdb.go, `dbDial`.

use std::ffi::{OsStr, OsString};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::address::{self, Address, Parsed};
use super::web::Web;
use super::{MODULE, pattern};
use crate::facts::EnvFile;

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A startup file, or whatever else a new terminal goes through.
    Terminal,
    /// The environment of this process, which a new terminal may inherit from the session as well.
    Session,
    /// The file of `go env -w`.
    Stored,
    /// `go.env` in the root of Go.
    Root,
    /// Go itself.
    Default,
}

impl Origin {
    /// The words for messages, to follow "set by".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Terminal => "a startup file",
            Self::Session => "the environment",
            Self::Stored => "`go env -w`",
            Self::Root => "go.env of Go itself",
            Self::Default => "nothing, so Go's own",
        }
    }
}

/// A value, and where it comes from. It may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    /// The value; empty: there is none.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// The settings.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// `GOPROXY`.
    pub proxy: Value,
    /// `GOSUMDB`.
    pub sumdb: Value,
    /// `GONOPROXY`, else `GOPRIVATE`.
    pub no_proxy: Value,
    /// `GONOSUMDB`, else `GOPRIVATE`.
    pub no_sumdb: Value,
    /// `GOINSECURE`.
    pub insecure: Value,
    /// `GOFLAGS`.
    pub flags: Value,
    /// `GOAUTH`.
    pub auth: Value,
    /// HTTP proxies and certificates.
    pub web: Web,
}

impl Settings {
    /// What counts in a terminal: what it saw, else what this process has, else the files, else Go's own.
    pub fn of(
        terminal: &dyn Fn(&str) -> Option<OsString>,
        session: &dyn Fn(&str) -> Option<OsString>,
        stored: Option<&EnvFile>,
        root: Option<&EnvFile>,
    ) -> Self {
        let text = |value: &OsStr| value.to_string_lossy().into_owned();
        let find = |name: &str| {
            let of = |value: Option<OsString>, origin| value.map(|value| Value { text: text(&value), origin });
            let file = |file: Option<&EnvFile>| file.and_then(|file| file.value(name).map(OsStr::to_owned));
            of(terminal(name), Origin::Terminal)
                .or_else(|| of(session(name), Origin::Session))
                .or_else(|| of(file(stored), Origin::Stored))
                .or_else(|| of(file(root), Origin::Root))
        };
        let or = |name: &str, default: &str| {
            find(name).unwrap_or_else(|| Value { text: default.to_owned(), origin: Origin::Default })
        };
        // Since Go 1.21 these have their default in `go.env`, from which a stored line without a value keeps it.
        let emptied = |name: &str| root.is_some() && stored.is_some_and(|file| file.is_empty(name));
        let own = |name: &str, default: &str| match or(name, default) {
            Value { origin: Origin::Root | Origin::Default, .. } if emptied(name) => {
                Value { text: String::new(), origin: Origin::Stored }
            }
            value => value,
        };
        let private = or("GOPRIVATE", "");
        let web = |name: &str| terminal(name).or_else(|| session(name)).map(|value| text(&value));
        Self {
            proxy: own("GOPROXY", "https://proxy.golang.org,direct"),
            sumdb: own("GOSUMDB", "sum.golang.org"),
            no_proxy: find("GONOPROXY").unwrap_or_else(|| private.clone()),
            no_sumdb: find("GONOSUMDB").unwrap_or(private),
            insecure: or("GOINSECURE", ""),
            flags: or("GOFLAGS", ""),
            auth: or("GOAUTH", "netrc"),
            web: Web::of(&web),
        }
    }

    /// Whether the module that is asked for comes from its origin, whatever GOPROXY says.
    pub fn bypasses_proxy(&self) -> bool {
        pattern::covers(&self.no_proxy.text, MODULE)
    }

    /// Whether Go takes names and passwords from the netrc file.
    pub fn uses_netrc(&self) -> bool {
        self.auth.text.split(';').any(|command| command.trim() == "netrc")
    }

    /// Whether Go asks a program for names and passwords, which nobody else may start.
    pub fn asks_a_program(&self) -> bool {
        self.auth.text.split(';').any(|command| !matches!(command.trim(), "" | "off" | "netrc"))
    }

    /// Which checksum database Go asks about the module.
    pub fn database(&self) -> Database {
        if self.sumdb.text == "off" || pattern::covers(&self.no_sumdb.text, MODULE) {
            return Database::None;
        }
        let text = match self.sumdb.text.as_str() {
            "sum.golang.google.cn" => "sum.golang.org https://sum.golang.google.cn",
            text => text,
        };
        let mut words = text.split_whitespace();
        let (key, base, more) = (words.next().unwrap_or_default(), words.next(), words.next());
        let name = key.split('+').next().unwrap_or_default();
        if more.is_some() || !(key == "sum.golang.org" || is_verifier(key)) {
            return Database::Unknown;
        }
        let parse = |text: &str| match address::parse(text) {
            Ok(Parsed::Web(address)) => Some(address),
            _ => None,
        };
        let Some(direct) = parse(&format!("https://{name}")) else { return Database::Unknown };
        match base {
            None => Database::Named { name: name.to_owned(), direct, always: false },
            Some(base) => parse(base).map_or(Database::Unknown, |direct| Database::Named {
                name: name.to_owned(),
                direct,
                always: true,
            }),
        }
    }
}

/// Whether it is the key of a database: a name, 8 hexadecimal digits, and an Ed25519 key in base64, which may hold more of
/// the `+` that separates them. Source: golang.org/x/mod/sumdb/note, `NewVerifier`; the digits are not compared with the key.
fn is_verifier(text: &str) -> bool {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(digits), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let key = BASE64_STANDARD.decode(key).unwrap_or_default();
    let is_hex = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    !name.is_empty() && is_hex && key.len() == 33 && key.first() == Some(&1)
}

/// A checksum database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// Go asks none.
    None,
    /// The value names none that Go knows.
    Unknown,
    /// This one.
    Named {
        /// Its name, as proxies know it.
        name: String,
        /// Where it is, unless a proxy passes on what is asked.
        direct: Address,
        /// Whether no proxy is asked whether it passes it on.
        always: bool,
    },
}
