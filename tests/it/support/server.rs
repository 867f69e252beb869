//! A module proxy on this machine, well or ill, in clear or with TLS; and an HTTP proxy that leads everything to it.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{Home, Ran};

/// The module that it has.
pub(crate) const MODULE: &str = "golang.org/x/text@v0.3.0";

/// What a server does with whatever it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It has the module, and passes on what the checksum database is asked.
    Good,
    /// The same, and says that it does not pass on what the checksum database is asked.
    NoSumdb(u16),
    /// This status.
    Status(u16),
    /// A page to log in.
    Portal,
    /// 200, and nothing.
    Empty,
    /// 200, and information on another release.
    OtherVersion,
    /// It takes this long, and then cuts the connection.
    Slow(Duration),
    /// It cuts the connection.
    Cut,
    /// A redirect to the same path below this URL.
    Redirect(String),
    /// A redirect to where it was asked.
    Loop,
    /// The module, for those who send this user and password; 401 for others.
    Only(&'static str),
    /// What <https://golang.org> would say of the module, which it then has below `/mod`.
    Origin,
    /// An HTTP proxy that leads every tunnel to this port.
    Tunnel(u16),
    /// An HTTP proxy that opens none, with this status.
    NoTunnel(u16),
}

/// Such a server. It runs for as long as the tests do.
pub(crate) struct Server {
    /// Its port.
    pub(crate) port: u16,
    scheme: &'static str,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// In clear.
    pub(crate) fn start(manner: Manner) -> Self {
        Self::run(manner, None)
    }

    /// With TLS, and a certificate of [`certificates`].
    pub(crate) fn with_tls(manner: Manner, certificate: &Path) -> Self {
        let certs = CertificateDer::pem_file_iter(certificate.with_extension("pem")).expect("it is there");
        let certs: Vec<_> = certs.map(|cert| cert.expect("a certificate")).collect();
        let key = PrivateKeyDer::from_pem_file(certificate.with_extension("key")).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(certs, key)
            .expect("a pair");
        Self::run(manner, Some(Arc::new(config)))
    }

    fn run(manner: Manner, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (manner, tls, log) = (manner.clone(), tls.clone(), Arc::clone(&log));
                // Whoever asks may leave early.
                thread::spawn(move || match tls {
                    None => match manner {
                        Manner::Tunnel(port) => drop(tunnel(stream, port, &log)),
                        manner => drop(answer(stream, &manner, &log)),
                    },
                    Some(tls) => {
                        let tls = ServerConnection::new(tls).expect("a connection");
                        let mut stream = StreamOwned::new(tls, stream);
                        drop(answer(&mut stream, &manner, &log));
                        stream.conn.send_close_notify();
                        drop(stream.flush());
                    }
                });
            }
        });
        Self { port, scheme, asked }
    }

    /// Its URL, without a slash at the end.
    pub(crate) fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    /// The same with a user and a password.
    pub(crate) fn url_of(&self, user: &str) -> String {
        format!("{}://{user}@127.0.0.1:{}", self.scheme, self.port)
    }

    /// Every request line, and with it the header `Authorization` if there was one.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no thread panicked").clone()
    }
}

/// A port on which nobody listens.
pub(crate) fn closed() -> String {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    format!("http://127.0.0.1:{port}")
}

/// Makes the folder `pki` in a home: an authority, `ca.pem`, and what it signs (by `openssl`): `host` for 127.0.0.1 and
/// golang.org, `other` for another host, `old` out of date, `client` not for servers. `alone` has signed itself; so has `over`, an authority out of date, which has signed `late`.
pub(crate) fn certificates(home: &Home) -> PathBuf {
    home.dir("pki");
    let script = r#"
        set -e; cd pki
        key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        by=ca
        key ca
        openssl req -x509 -new -key ca.key -days 30 -subj /CN=ca -out ca.pem \
          -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
        sign() { # name, alternative names, more
          key "$1"
          openssl req -new -key "$1.key" -subj /CN=host -out "$1.csr"
          use=server; [ "$1" != client ] || use=client
          printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=%sAuth\n' "$2" "$use" >"$1.ext"
          name=$1; shift 2
          openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -CAcreateserial -extfile "$name.ext" -out "$name.pem" "$@"
        }
        sign host IP:127.0.0.1,DNS:golang.org -days 20
        sign other DNS:elsewhere.example -days 20
        sign old IP:127.0.0.1 -days -1 || [ "$(uname)" = Darwin ] # not every openssl goes back
        sign client IP:127.0.0.1 -days 20
        key over
        openssl req -new -key over.key -subj /CN=over -out over.csr
        printf 'basicConstraints=critical,CA:TRUE\n' >over.ext
        openssl x509 -req -in over.csr -signkey over.key -days -1 -extfile over.ext -out over.pem || [ "$(uname)" = Darwin ]
        [ ! -f over.pem ] || { by=over; sign late IP:127.0.0.1 -days 20; by=ca; }
        key alone
        openssl req -x509 -new -key alone.key -days 30 -subj /CN=alone -addext subjectAltName=IP:127.0.0.1 -out alone.pem"#;
    Ran::of(&home.command("/bin/sh", &["-c", script])).ok();
    home.path("pki")
}

/// Files in the form of a module proxy, with the module in them.
pub(crate) fn tree(home: &Home, folder: &str) {
    for name in ["list", "v0.3.0.info", "v0.3.0.mod", "v0.3.0.zip"] {
        let path = format!("golang.org/x/text/@v/{name}");
        home.file(format!("{folder}/{path}"), file(&path).expect("it has it"));
    }
}

fn answer(mut stream: impl Read + Write, manner: &Manner, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let Some((line, authorization)) = request(&mut stream)? else { return Ok(()) };
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    // Whoever takes it for an HTTP proxy asks for the whole URL.
    let path = match path.strip_prefix("http://").and_then(|rest| rest.find('/').map(|at| rest[at..].to_owned())) {
        Some(path) => path,
        None => path,
    };
    log.lock().expect("no thread panicked").push(format!("{line} {authorization}").trim_end().to_owned());
    let sumdb = path.starts_with("/sumdb/");
    let plain = |path: &str| file(path.split('?').next().unwrap_or_default().trim_start_matches('/'));
    let good = |stream: &mut _, path: &str| match plain(path) {
        Some(body) => send(stream, 200, &[], &body),
        None => send(stream, 404, &[], b"not found\n"),
    };
    match manner {
        Manner::NoSumdb(status) if sumdb => send(&mut stream, *status, &[], b""),
        Manner::Good | Manner::NoSumdb(_) => good(&mut stream, &path),
        Manner::Status(status) => send(&mut stream, *status, &[], b"it has a token: hunter2\n"),
        Manner::Portal => send(&mut stream, 200, &["Content-Type: text/html"], b"<!doctype html><title>Log in</title>"),
        Manner::Empty => send(&mut stream, 200, &[], b""),
        Manner::OtherVersion => send(&mut stream, 200, &[], br#"{"Version":"v0.3.1","Time":"2017-11-14T18:55:55Z"}"#),
        Manner::Slow(time) => {
            thread::sleep(*time);
            Ok(())
        }
        Manner::Redirect(to) => send(&mut stream, 302, &[&format!("Location: {to}{path}")], b""),
        Manner::Loop => send(&mut stream, 302, &[&format!("Location: {path}")], b""),
        Manner::Only(wanted) if authorization == *wanted => good(&mut stream, &path),
        Manner::Only(_) => send(&mut stream, 401, &["WWW-Authenticate: Basic"], b""),
        Manner::Origin if path.ends_with("?go-get=1") => {
            let page = br#"<meta name="go-import" content="golang.org/x/text mod https://golang.org/mod">"#;
            send(&mut stream, 200, &["Content-Type: text/html"], page)
        }
        Manner::Origin => good(&mut stream, path.strip_prefix("/mod").unwrap_or("/")),
        Manner::Cut | Manner::Tunnel(_) => Ok(()),
        Manner::NoTunnel(status) => send(&mut stream, *status, &[], b""),
    }
}

/// The first line of a request, and the header `Authorization` or that of an HTTP proxy.
fn request(stream: &mut impl Read) -> std::io::Result<Option<(String, String)>> {
    // Byte by byte: what follows in a tunnel is not ours.
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        bytes.push(byte[0]);
    }
    let mut lines = BufReader::new(&bytes[..]).lines().map_while(Result::ok);
    let line = lines.next().unwrap_or_default();
    let header = lines.find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        ["authorization", "proxy-authorization"]
            .iter()
            .any(|wanted| name.eq_ignore_ascii_case(wanted))
            .then(|| value.to_owned())
    });
    Ok(Some((line, header.unwrap_or_default())))
}

fn send(stream: &mut impl Write, status: u16, headers: &[&str], body: &[u8]) -> std::io::Result<()> {
    let headers = headers.iter().map(|header| format!("{header}\r\n")).collect::<Vec<_>>().concat();
    let length = body.len();
    write!(stream, "HTTP/1.1 {status} .\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(body)?;
    stream.flush()
}

/// Opens the way to a port of this machine.
fn tunnel(mut stream: TcpStream, port: u16, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let Some((line, authorization)) = request(&mut stream)? else { return Ok(()) };
    log.lock().expect("no thread panicked").push(format!("{line} {authorization}").trim_end().to_owned());
    let mut to = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let (mut from_client, mut to_server) = (stream.try_clone()?, to.try_clone()?);
    thread::spawn(move || {
        drop(std::io::copy(&mut from_client, &mut to_server));
        drop(to_server.shutdown(Shutdown::Write));
    });
    std::io::copy(&mut to, &mut stream)?;
    stream.shutdown(Shutdown::Both)
}

/// What a good proxy has at a path.
fn file(path: &str) -> Option<Vec<u8>> {
    let tree = "go.sum database tree\n1\nMyqVUnZn7eEVvcGqLv8TQOmVPrqCEHJzNVnW2ESjUJU=\n\n";
    Some(match path {
        "golang.org/x/text/@v/list" => b"v0.3.0\n".to_vec(),
        "golang.org/x/text/@v/v0.3.0.info" => br#"{"Version":"v0.3.0","Time":"2017-12-14T13:08:43Z"}"#.to_vec(),
        "golang.org/x/text/@v/v0.3.0.mod" => b"module golang.org/x/text\n".to_vec(),
        "golang.org/x/text/@v/v0.3.0.zip" => zip("golang.org/x/text@v0.3.0/go.mod", b"module golang.org/x/text\n"),
        "sumdb/sum.golang.org/supported" => Vec::new(),
        "sumdb/sum.golang.org/latest" => [tree.as_bytes(), "\u{2014} sum.golang.org AAAA\n".as_bytes()].concat(),
        _ => return None,
    })
}

/// A zip file with one file in it, not compressed (APPNOTE.TXT of PKWARE, 4.3).
fn zip(name: &str, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len()).expect("it is small").to_le_bytes();
    let length = u16::try_from(name.len()).expect("it is short").to_le_bytes();
    let crc = crc32fast::hash(body).to_le_bytes();
    // Version 2.0, no flags, stored, at the beginning of 1980.
    let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0][..], &crc, &size, &size, &length, &[0; 2]].concat();
    let local = [b"PK\x03\x04", &common[..], name.as_bytes(), body].concat();
    let central = [b"PK\x01\x02\x14\0", &common[..], &[0; 14], name.as_bytes()].concat();
    let [at, central_size] = [local.len(), central.len()].map(|len| u32::try_from(len).expect("small").to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &central_size[..], &at, &[0; 2]].concat();
    [local, central, end].concat()
}
