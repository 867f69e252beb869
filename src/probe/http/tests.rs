use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use super::*;

/// A server that sends these bytes after some time to whoever asks, and tells what it was asked first.
fn serve(bytes: Vec<u8>, after: Duration) -> (Address, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody asks");
        let mut request = vec![0; 4096];
        let count = stream.read(&mut request).expect("a request");
        thread::sleep(after);
        // Whoever asks may be gone.
        drop(stream.write_all(&bytes));
        String::from_utf8_lossy(&request[..count]).into_owned()
    });
    (address(&format!("http://127.0.0.1:{port}")).expect("an address"), server)
}

fn client(web: Web) -> Client {
    let limits = Limits { connect: Duration::from_millis(300), total: Duration::from_millis(600) };
    Client::new(web, Vec::new(), Path::new("/nonexistent"), limits)
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";

#[test]
fn it_says_who_asks_and_reads_no_more_than_it_needs() {
    let body = vec![b'x'; 3 * 64 * 1024];
    let (address, server) = serve([OK, &body].concat(), Duration::ZERO);
    let got = client(Web::default()).get(&address, "a/b.info");
    assert_eq!(got.map(|(status, body)| (status, body.len())), Ok((200, 64 * 1024)));
    let request = server.join().expect("no panic");
    assert!(request.starts_with("GET /a/b.info HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(concat!("user-agent: goenv-setup/", env!("CARGO_PKG_VERSION"))), "{request}");
}

#[test]
fn nobody_waits_longer_than_the_limit() {
    // A body that ends too late counts as late too.
    for (bytes, after) in [(OK.to_vec(), 2000), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx".to_vec(), 0)] {
        let (address, server) = serve(bytes, Duration::from_millis(after));
        let begin = Instant::now();
        let got = client(Web::default()).get(&address, "x");
        assert!(matches!(got, Err(Answer::Failed(Failure::Slow | Failure::Cut))), "{got:?}");
        assert!(begin.elapsed() < Duration::from_millis(1800), "{:?}", begin.elapsed());
        drop(server);
    }
}

#[test]
fn what_is_used_up_says_nothing_of_the_next() {
    let (address, _server) = serve(OK.to_vec(), Duration::ZERO);
    let client = client(Web::default());
    thread::sleep(Duration::from_millis(580));
    assert!(matches!(client.get(&address, "x"), Err(Answer::Unknown(_))));
}

#[test]
fn where_tls_cannot_be_agreed_upon() {
    // A TLS alert: that no cipher or curve is in common, and that the version is too old.
    for (alert, wanted) in
        [(40, Answer::Unknown("only go itself can agree with it upon TLS")), (70, Answer::Failed(Failure::Tls))]
    {
        let (address, _server) = serve(vec![21, 3, 3, 0, 2, 2, alert], Duration::ZERO);
        let address = super::address(&format!("https://{}", address.host())).expect("an address");
        assert_eq!(client(Web::default()).get(&address, "x"), Err(wanted));
    }
}

#[test]
fn what_is_no_http_and_what_is_no_host() {
    let (address, _server) = serve(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Duration::ZERO);
    assert_eq!(client(Web::default()).get(&address, "x"), Err(Answer::Failed(Failure::NoHttp)));
    let address = super::address("http://nowhere.invalid").expect("an address");
    let got = client(Web::default()).get(&address, "x");
    // Where there is no network, looking up a name may take as long as the limit.
    assert!(matches!(got, Err(Answer::Failed(Failure::NoHost | Failure::NoConnection))), "{got:?}");
}

#[test]
fn an_http_proxy_that_is_not_there() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a free port").port();
    let proxy = Some(format!("http://ann:hunter2@127.0.0.1:{port}"));
    let web = Web { https: proxy.clone(), http: proxy, ..Web::default() };
    let address = super::address("https://nowhere.invalid").expect("an address");
    assert_eq!(client(web.clone()).get(&address, "x"), Err(Answer::HttpProxy(Failure::Closed)));
    let address = super::address("http://nowhere.invalid").expect("an address");
    assert_eq!(client(web).get(&address, "x"), Err(Answer::HttpProxy(Failure::Closed)));
}

#[test]
fn certificates_are_read_as_go_reads_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let pem = |der: &[u8]| {
        use base64::Engine as _;
        let text = base64::prelude::BASE64_STANDARD.encode(der);
        format!("some text\n-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
    };
    let write = |name: &str, text: &str| fs_err::write(folder.path().join(name), text).expect("a file");
    write("a.pem", &format!("{}{}", pem(b"one"), pem(b"two")));
    write("b.crt", &pem(b"two"));
    write("c", "no certificate");
    fs_err::os::unix::fs::symlink("a.pem", folder.path().join("0123abcd.0")).expect("a link");
    let name = folder.path().display().to_string();
    let ders = |file: &str, folders: &str| -> Vec<Vec<u8>> {
        {
            let web = Web { file: Some(file.to_owned()), folders: Some(folders.to_owned()), ..Web::default() };
            roots::gather(&web, Path::new("/nonexistent")).iter().map(|one| one.der().to_vec()).collect()
        }
    };
    let both = vec![b"one".to_vec(), b"two".to_vec()];
    let sorted = |mut found: Vec<Vec<u8>>| {
        found.sort();
        found
    };
    assert_eq!(ders(&format!("{name}/a.pem"), "/nonexistent"), both);
    assert_eq!(sorted(ders("/nonexistent", &format!("/nonexistent:{name}"))), both);
    assert_eq!(sorted(ders(&format!("{name}/b.crt"), &name)), both);
}
