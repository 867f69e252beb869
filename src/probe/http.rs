//! Asks a server for one small thing, as Go would: through the same HTTP proxy, trusting the same certificates, with the
//! same redirects. What goes wrong is told in words of ours: those of the library could repeat a URL with a password.

mod dates;
mod fetched;
mod roots;
mod tls;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use ureq::http::Uri;
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector as _, DefaultConnector};
use ureq::{Agent, Proxy, ProxyProtocol, Timeout};

use self::fetched::Whole;
use crate::plan::proxy::address::{self, Address, Parsed, basic};
use crate::plan::proxy::netrc::{self, Login};
use crate::plan::proxy::walk::{Answer, Distrust, Failure};
use crate::plan::proxy::web::{Way, Web};

/// How much of a body is read, in bytes.
const MOST: u64 = 64 * 1024;

/// How many requests Go sends until redirects lead to an answer (cmd/go/internal/web, `checkRedirect`).
const REQUESTS: usize = 10;

/// How long asking may take.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// In all.
    pub total: Duration,
}

/// What the product uses.
pub const LIMITS: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(10) };

/// Whoever asks.
pub struct Client {
    web: Web,
    logins: Vec<Login>,
    limits: Limits,
    deadline: Instant,
    home: PathBuf,
    tls: OnceLock<Option<TlsConfig>>,
}

impl Client {
    /// The time runs from here on. `logins`: those of the netrc file, if Go looks there. `home`: whose certificates count.
    pub fn new(web: Web, logins: Vec<Login>, home: &Path, limits: Limits) -> Self {
        let deadline = Instant::now() + limits.total;
        Self { web, logins, limits, deadline, home: home.to_owned(), tls: OnceLock::new() }
    }

    /// The status and body of what `path` is below an address.
    ///
    /// # Errors
    /// What kept it from being answered.
    pub fn get(&self, base: &Address, path: &str) -> Result<(u16, Vec<u8>), Answer> {
        if base.has_user() && !base.is_https() {
            return Err(Answer::Insecure);
        }
        let first = if path.is_empty() { base.clone() } else { base.join(path) };
        // What netrc says of the first host goes along until a redirect leads elsewhere; a user in a URL counts for that URL.
        let mut login = if first.has_user() { None } else { self.login(&first) };
        let mut at = first.clone();
        for _ in 0..REQUESTS {
            let header = login.clone().or_else(|| at.secret_header());
            let (status, location, body) = self.once(&at, header.as_deref())?;
            let is_redirect = |to: &String| !to.is_empty() && matches!(status, 301 | 302 | 303 | 307 | 308);
            let Some(location) = location.filter(is_redirect) else { return Ok((status, body)) };
            at = at.follow(&location).ok_or(Answer::Status(status))?;
            // By the first URL Go judges whether a redirect is one from https to http.
            if first.is_https() && !at.is_https() {
                return Err(Answer::Downgrade);
            }
            login = login.filter(|_| first.trusts(&at));
        }
        Err(Answer::Loop)
    }

    /// What the netrc file says of a host: never in clear.
    fn login(&self, to: &Address) -> Option<String> {
        let login = netrc::find(&self.logins, &to.secret_machine()).filter(|_| to.is_https())?;
        Some(basic(&login.name, &login.password))
    }

    fn once(&self, at: &Address, header: Option<&str>) -> Result<(u16, Option<String>, Vec<u8>), Answer> {
        let way = self.web.way(at);
        let through = match &way {
            Way::Straight => None,
            Way::Through(address) => Some(address),
            Way::Other => return Err(Answer::Unknown("only go itself can ask through this kind of proxy")),
        };
        let proxied = through.is_some();
        // To a server that speaks TLS the proxy opens a tunnel; what goes in clear it fetches itself.
        let tunnel = through.filter(|_| at.is_https()).map(proxy).transpose()?;
        let fetcher = through.filter(|_| !at.is_https());
        let left = self.deadline.saturating_duration_since(Instant::now());
        // What others used up says nothing of this one.
        if left < self.limits.total / 10 {
            return Err(Answer::Unknown("there was no time left to ask it"));
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(tunnel)
            .user_agent(concat!("goenv-setup/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(self.limits.connect))
            .timeout_connect(Some(self.limits.connect))
            .timeout_global(Some(left));
        // Reading the certificates takes a moment, and plain HTTP needs none.
        if at.is_https() || through.is_some_and(Address::is_https) {
            let tls = self.tls.get_or_init(|| tls::config(&self.web, &self.home)).clone();
            config = config.tls_config(tls.ok_or(Answer::Unknown("only go itself can speak TLS on this processor"))?);
        }
        let mut request = match fetcher {
            None => {
                let url: Uri = at.secret_url().parse().map_err(|_| Answer::Failed(Failure::NoHost))?;
                Agent::new_with_config(config.build()).get(url)
            }
            Some(fetcher) => {
                let url: Uri = fetcher.secret_root().parse().map_err(|_| Answer::HttpProxy(Failure::NoHost))?;
                let connector = DefaultConnector::new().chain(Whole(at.secret_url()));
                let agent = Agent::with_parts(config.build(), connector, DefaultResolver::default());
                let request = agent.get(url).header("host", at.host());
                match fetcher.secret_header() {
                    Some(header) => request.header("proxy-authorization", header),
                    None => request,
                }
            }
        };
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        let own_authorities = cfg!(target_os = "macos") || self.web.file.is_some() || self.web.folders.is_some();
        let tell = |error| match failed(&error, proxied) {
            // The library never takes the certificate of an authority for a server's, which Go does if it is trusted.
            Answer::Distrusted(Distrust::Other) if own_authorities => {
                Answer::Unknown("only go itself can judge its certificate")
            }
            answer => answer,
        };
        let mut response = request.call().map_err(tell)?;
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        let read = response.body_mut().as_reader().take(MOST).read_to_end(&mut body);
        read.map_err(|error| tell(ureq::Error::from(error)))?;
        Ok((response.status().as_u16(), location, body))
    }
}

fn proxy(address: &Address) -> Result<Proxy, Answer> {
    let protocol = if address.is_https() { ProxyProtocol::Https } else { ProxyProtocol::Http };
    let host = address.hostname();
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let mut proxy = Proxy::builder(protocol).host(&host);
    if let Ok(port) = address.port().parse() {
        proxy = proxy.port(port);
    }
    if let Some((name, password)) = address.secret_user() {
        proxy = proxy.username(name).password(password);
    }
    proxy.build().map_err(|_| Answer::HttpProxy(Failure::NoHost))
}

/// What went wrong. `proxied`: through an HTTP proxy.
fn failed(error: &ureq::Error, proxied: bool) -> Answer {
    if let Some(answer) = tls::answer(error) {
        return answer;
    }
    let failure = match error {
        ureq::Error::ConnectProxyFailed(reason) => {
            // The text of the library: "proxy server responded 407/407".
            let number = reason.split(|char: char| !char.is_ascii_digit()).find_map(|word| word.parse().ok());
            return match number {
                Some(407) => Answer::Denied(407),
                Some(status) => Answer::HttpProxy(Failure::Status(status)),
                None => Answer::HttpProxy(Failure::NoHttp),
            };
        }
        ureq::Error::Io(error) => of_system(error),
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => Failure::NoConnection,
        ureq::Error::Timeout(_) => Failure::Slow,
        ureq::Error::HostNotFound => Failure::NoHost,
        ureq::Error::ConnectionFailed => Failure::Closed,
        ureq::Error::Tls(_) => Failure::Tls,
        _ => Failure::NoHttp,
    };
    let early = matches!(failure, Failure::NoHost | Failure::Closed | Failure::NoConnection);
    if proxied && early { Answer::HttpProxy(failure) } else { Answer::Failed(failure) }
}

fn of_system(error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::ConnectionRefused => Failure::Closed,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Failure::Slow,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Failure::Cut,
        ErrorKind::InvalidData => Failure::NoHttp,
        // std has no kind for what getaddrinfo(3) says.
        _ if error.to_string().contains("lookup address") => Failure::NoHost,
        _ => Failure::Other,
    }
}

/// The logins in a netrc file; none where it cannot be read.
pub fn logins(file: &Path) -> Vec<Login> {
    fs_err::read(file).map(|bytes| netrc::parse(&String::from_utf8_lossy(&bytes))).unwrap_or_default()
}

/// An address from a text that is one.
pub fn address(text: &str) -> Option<Address> {
    match address::parse(text) {
        Ok(Parsed::Web(address)) => Some(address),
        _ => None,
    }
}

#[cfg(all(test, not(target_os = "macos")))]
mod tests;
