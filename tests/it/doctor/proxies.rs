//! `doctor` says of GOPROXY what a real Go makes of it: every behaviour of a server, and lists of several. Go gets no other
//! server to talk to than those of the test.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::SERVER;
use super::{doctor, findings, healthy, text};
use crate::support::server::{MODULE, Manner, Server, certificates, closed, tree};
use crate::support::{Home, Ran, need, real_go, say};

/// A home whose GOPROXY, and the rest of the file of `go env -w`, is this.
fn home(settings: &str) -> Home {
    let home = healthy();
    home.no_telemetry();
    home.file(SERVER, "");
    home.file(".config/go/env", settings);
    home
}

/// What doctor says of whether modules can be downloaded.
fn verdict(document: &Value) -> Option<bool> {
    let network = document["network"].as_array().expect("a list");
    assert_eq!(network.len(), 1, "{document:#}");
    network[0]["works"].as_bool()
}

/// Whether a real Go downloads the module, in a home of the same settings and variables.
fn go_works(go: &Path, home: &mut Home, variables: &[(&str, String)]) -> Ran {
    let empty = home.path("empty");
    home.dir("empty");
    for (name, value) in variables {
        home.env(*name, value);
    }
    let mut command = home.command(go.join("bin/go"), &["mod", "download", MODULE]);
    let cache = home.path("cache");
    command.env("GOMODCACHE", cache.join("mod")).env("GOCACHE", cache.join("build"));
    command.env("GOFLAGS", "-modcacherw").env("GOSUMDB", "off").env("GOTOOLCHAIN", "local");
    command.current_dir(empty);
    Ran::within(Duration::from_secs(60), &command)
}

/// Doctor and Go agree on these settings. `works`: so that a test in which nothing works is seen.
#[track_caller]
fn agree(go: &Path, settings: &str, variables: &[(&str, String)], works: bool) -> (Value, Home) {
    let mut home = home(settings);
    let exports: Vec<String> = variables.iter().map(|(name, value)| format!("export {name}='{value}'\n")).collect();
    let rc = [home.read(".zshrc").expect("it holds the block"), exports.concat().into_bytes()].concat();
    home.file(".zshrc", rc);
    let (_, document) = doctor(&home);
    let ran = go_works(go, &mut home, variables);
    assert_eq!(ran.status == 0, works, "go: {settings}\n{ran}");
    assert_eq!(verdict(&document), Some(works), "doctor: {settings}\n{document:#}\n{ran}");
    (document, home)
}

/// The newest of the real releases.
fn newest() -> Option<std::path::PathBuf> {
    if !need("zsh") {
        return None;
    }
    real_go().pop()
}

#[test]
fn a_server_in_clear() {
    let Some(go) = newest() else { return };
    let good = Server::start(Manner::Good);
    let again = |url: String| Server::start(Manner::Redirect(url)).url();
    let nine = (0..9).fold(good.url(), |url, _| again(url));
    for (manner, works) in [
        (Manner::Good, true),
        (Manner::Status(404), false),
        (Manner::Status(410), false),
        (Manner::Status(401), false),
        (Manner::Status(403), false),
        (Manner::Status(407), false),
        (Manner::Status(429), false),
        (Manner::Status(500), false),
        (Manner::Status(204), false),
        (Manner::Portal, false),
        (Manner::Empty, false),
        (Manner::OtherVersion, false),
        (Manner::Cut, false),
        (Manner::Loop, false),
        (Manner::Redirect(good.url()), true),
        (Manner::Redirect(closed()), false),
        (Manner::Redirect(format!("{}/a/./../b/..", good.url())), true),
        (Manner::Redirect((0..8).fold(good.url(), |url, _| again(url))), true),
        (Manner::Redirect(nine), false),
    ] {
        let server = Server::start(manner.clone());
        let (document, _) = agree(&go, &format!("GOPROXY={}\n", server.url()), &[], works);
        let asked = server.asked();
        assert!(asked.iter().any(|line| line.contains("/golang.org/x/text/@v/v0.3.0.info")), "{manner:?} {asked:?}");
        assert_eq!(findings(&document).is_empty(), works, "{manner:?}\n{document:#}");
    }
}

#[test]
fn lists_of_several() {
    let Some(go) = newest() else { return };
    let start = |manner| Server::start(manner).url();
    let (good, dead) = (start(Manner::Good), closed());
    let (gone, missing, busy) = (start(Manner::Status(410)), start(Manner::Status(404)), start(Manner::Status(500)));
    let (denied, portal) = (start(Manner::Status(403)), start(Manner::Portal));
    for (list, works) in [
        (format!("{missing},{good}"), true),
        (format!("{gone},{missing},{good}"), true),
        (format!("{missing}|{good}"), true),
        (format!("{dead},{good}"), false),
        (format!("{dead}|{good}"), true),
        (format!("{busy},{good}"), false),
        (format!("{busy}|{dead}|{good}"), true),
        (format!("{busy}|{dead},{good}"), false),
        (format!("{denied},{good}"), false),
        (format!("{denied}|{good}"), true),
        (format!("{portal},{good}"), false),
        // Go takes the page for the zip file.
        (format!("{portal}|{good}"), false),
        (format!("{missing},off"), false),
        (format!("{dead}|off"), false),
        (format!("{good},off"), true),
        (format!(" ,{missing} , {good} ,"), true),
        (format!("{missing},{missing}"), false),
        (format!("{busy}|{missing}"), false),
        ("off".to_owned(), false),
        (",|".to_owned(), false),
        ("proxy".to_owned(), false),
        (format!("{good},proxy"), false),
        (format!("\"{good}\""), false),
        (format!("{good};direct"), false),
        (format!("{good}/"), true),
        (format!("{good}/sub"), false),
        (format!("{good}?x=y"), true),
        (good.replace("http://", "http://ann:hunter2@"), false),
        (format!("{}|{good}", good.replace("http://", "http://ann:hunter2@")), true),
        ("ftp://127.0.0.1/".to_owned(), false),
        ("/nonexistent".to_owned(), false),
        ("http://127.0.0.1:port".to_owned(), false),
        ("http:///x".to_owned(), false),
        // What names no host, or one that cannot be, fails where Go comes to it.
        (format!("http:///x|{good}"), true),
        (format!("{good},https:/x"), true),
        (format!("https://|{good}"), true),
        (format!("http://a'b|{good}"), true),
        (format!("http://[::1|{good}"), false),
        (format!("{good}/x/../"), true),
        // What `go env -w GOPROXY=` leaves.
        (String::new(), false),
    ] {
        agree(&go, &format!("GOPROXY={list}\n"), &[], works);
    }
}

#[test]
fn a_folder() {
    let Some(go) = newest() else { return };
    let files = Home::new();
    tree(&files, "a b/proxy");
    files.dir("empty");
    let url = |folder: &str| format!("file://{}", files.path(folder).display()).replace(' ', "%20");
    let good = Server::start(Manner::Good).url();
    for (list, works) in [
        (url("a b/proxy"), true),
        (format!("{}/", url("a b/proxy")), true),
        (url("empty"), false),
        (url("gone"), false),
        (format!("{},{good}", url("gone")), true),
        (format!("{},{good}", url("a b/proxy/golang.org/x/text/@v/list")), false),
        (format!("file://localhost{}", files.path("a b/proxy").display()), false),
        (format!("file:{}", files.path("empty").display()), false),
        (format!("file://,{good}"), true),
    ] {
        agree(&go, &format!("GOPROXY={list}\nGOSUMDB=off\n"), &[], works);
    }
}

/// On macOS the keychain decides, which no test changes.
#[test]
fn certificates_and_passwords() {
    let Some(go) = newest().filter(|_| !cfg!(target_os = "macos")) else { return };
    if !need("openssl") {
        return;
    }
    let files = Home::new();
    let pki = certificates(&files);
    let start = |manner, name: &str| Server::with_tls(manner, &pki.join(name));
    let ca = [("SSL_CERT_FILE", pki.join("ca.pem").display().to_string())];
    let folder = [("SSL_CERT_FILE", "/nonexistent".to_owned()), ("SSL_CERT_DIR", pki.display().to_string())];
    let good = start(Manner::Good, "host");
    agree(&go, &format!("GOPROXY={}\n", good.url()), &ca, true);
    agree(&go, &format!("GOPROXY={}\n", good.url()), &folder, true);
    agree(&go, &format!("GOPROXY={}\n", good.url()), &[], false);
    let plain = Server::start(Manner::Good).url();
    for name in ["other", "old", "client"] {
        agree(&go, &format!("GOPROXY={},{plain}\n", start(Manner::Good, name).url()), &ca, false);
        agree(&go, &format!("GOPROXY={}|{plain}\n", start(Manner::Good, name).url()), &ca, true);
    }
    // One that has signed itself, as an authority does: where it may be trusted, nothing is said of it.
    let alone = start(Manner::Good, "alone").url();
    agree(&go, &format!("GOPROXY={alone},{plain}\n"), &[], false);
    let trusted = [("SSL_CERT_FILE", pki.join("alone.pem").display().to_string())];
    let mut itself = home(&format!("GOPROXY={alone}\n"));
    assert_eq!(go_works(&go, &mut itself, &trusted).status, 0);
    let (_, document) = doctor(&itself);
    assert_eq!((verdict(&document), findings(&document).len()), (None, 0), "{document:#}");
    // An authority that is out of date vouches for nobody.
    let over = [("SSL_CERT_FILE", pki.join("over.pem").display().to_string())];
    agree(&go, &format!("GOPROXY={}\n", start(Manner::Good, "late").url()), &over, false);
    // From https to http is refused, from one https to another followed; and what began in clear may end so.
    let down = start(Manner::Redirect(plain), "host").url();
    agree(&go, &format!("GOPROXY={down}\n"), &ca, false);
    agree(&go, &format!("GOPROXY={}\n", Server::start(Manner::Redirect(down)).url()), &ca, true);
    agree(&go, &format!("GOPROXY={}\n", start(Manner::Redirect(good.url()), "host").url()), &ca, true);
    // `ann:hunter2`.
    let only = start(Manner::Only("Basic YW5uOmh1bnRlcjI="), "host");
    agree(&go, &format!("GOPROXY={}\n", only.url()), &ca, false);
    agree(&go, &format!("GOPROXY={}\n", only.url_of("ann:hunter2")), &ca, true);
    files.file("netrc", format!("machine 127.0.0.1:{} login ann password hunter2\n", only.port));
    let mut netrc = ca.to_vec();
    netrc.push(("NETRC", files.path("netrc").display().to_string()));
    agree(&go, &format!("GOPROXY={}\n", only.url()), &netrc, true);
    agree(&go, &format!("GOPROXY={}\nGOAUTH=off\n", only.url()), &netrc, false);
    // A redirect takes it along to another port, and not to another host.
    let to = |url: String| {
        let front = start(Manner::Redirect(url), "host");
        files.file("netrc", format!("machine 127.0.0.1:{} login ann password hunter2\n", front.port));
        format!("GOPROXY={}\n", front.url())
    };
    agree(&go, &to(only.url()), &netrc, true);
    agree(&go, &to(only.url().replace("127.0.0.1", "localhost")), &netrc, false);
}

/// The same holds on macOS of its certificate. What is not on this machine comes through an HTTP proxy that leads back to it: <https://golang.org>, as `direct` asks it.
#[test]
fn through_an_http_proxy() {
    let Some(go) = newest().filter(|_| !cfg!(target_os = "macos")) else { return };
    if !need("openssl") {
        return;
    }
    let files = Home::new();
    let pki = certificates(&files);
    let origin = Server::with_tls(Manner::Origin, &pki.join("host"));
    let tunnel = Server::start(Manner::Tunnel(origin.port));
    let ca = ("SSL_CERT_FILE", pki.join("ca.pem").display().to_string());
    let through = |proxy: String| [ca.clone(), ("HTTPS_PROXY", proxy)];
    let missing = Server::start(Manner::Status(404)).url();
    for list in ["direct".to_owned(), format!("{missing},direct"), "https://golang.org/mod".to_owned()] {
        agree(&go, &format!("GOPROXY={list}\n"), &through(tunnel.url()), true);
        agree(&go, &format!("GOPROXY={list}\n"), &through(closed()), false);
    }
    agree(&go, "GOPROXY=https://golang.org/mod\n", &through(tunnel.url_of("ann:hunter2")), true);
    // Where GOINSECURE allows it, Go asks the origin without judging its certificate.
    let mut insecure = home("GOPROXY=direct\nGOINSECURE=golang.org\n");
    insecure.env("HTTPS_PROXY", tunnel.url());
    let (_, document) = doctor(&insecure);
    assert_eq!((verdict(&document), findings(&document).len()), (None, 0), "{document:#}");
    let asked = tunnel.asked();
    assert!(asked.iter().any(|line| line == "CONNECT golang.org:443 HTTP/1.1 Basic YW5uOmh1bnRlcjI="), "{asked:?}");
    let shut = Server::start(Manner::NoTunnel(407)).url();
    let (document, _) = agree(&go, "GOPROXY=https://golang.org/mod\n", &through(shut), false);
    assert_eq!(text(findings(&document)[0], "id"), "N-06", "{document:#}");
}

/// What goes in clear the HTTP proxy fetches itself.
#[test]
fn in_clear_through_an_http_proxy() {
    let Some(go) = newest() else { return };
    let in_clear =
        |proxy: String, works| agree(&go, "GOPROXY=http://goproxy.test:8081/\n", &[("HTTP_PROXY", proxy)], works).0;
    let good = Server::start(Manner::Good);
    in_clear(good.url(), true);
    in_clear(good.url().replace("http://", ""), true);
    assert!(good.asked().iter().all(|line| line.starts_with("GET http://goproxy.test:8081/")), "{:?}", good.asked());
    let only = Server::start(Manner::Only("Basic YW5uOmh1bnRlcjI="));
    in_clear(only.url_of("ann:hunter2"), true);
    in_clear(only.url(), false);
    in_clear(Server::start(Manner::Redirect("http://elsewhere.test".to_owned())).url(), false);
    in_clear(Server::start(Manner::Redirect(good.url())).url(), true);
    for manner in [Manner::Status(502), Manner::Portal, Manner::Empty, Manner::Cut] {
        in_clear(Server::start(manner).url(), false);
    }
    for proxy in [closed(), Server::start(Manner::Status(407)).url()] {
        let document = in_clear(proxy, false);
        assert!(text(&findings(&document)[0]["fix"], "advice").contains("`HTTP_PROXY`"), "{document:#}");
    }
    let missing = [("HTTP_PROXY", Server::start(Manner::Status(404)).url())];
    agree(&go, &format!("GOPROXY=http://goproxy.test,{}\n", good.url()), &missing, true);
}

/// Go has no limit of its own; ours is 10 s in all, however many are slow.
#[test]
fn slow_servers() {
    let Some(go) = newest() else { return };
    let slow = || Server::start(Manner::Slow(Duration::from_secs(11))).url();
    let good = Server::start(Manner::Good).url();
    std::thread::scope(|scope| {
        scope.spawn(|| agree(&go, &format!("GOPROXY={},{good}\n", slow()), &[], false));
        let begin = Instant::now();
        let (status, document) = doctor(&home(&format!("GOPROXY={}|{}|{good}\n", slow(), slow())));
        let took = begin.elapsed();
        assert_eq!((status, verdict(&document)), (0, Some(true)), "{document:#}");
        assert!(took < Duration::from_secs(14), "{took:?}");
        say(&format!("doctor with two servers that do not answer: {:.1} s", took.as_secs_f64()));
    });
}

/// Nothing of a password or token is told: not in text, not in JSON, not with `-v`, whatever goes wrong.
#[test]
fn nothing_secret_is_told() {
    if !need("zsh") || !need("openssl") {
        return;
    }
    let files = Home::new();
    let pki = certificates(&files);
    let host = Server::with_tls(Manner::Good, &pki.join("host"));
    let odd = Server::start(Manner::Status(500));
    let portal = Server::start(Manner::Portal);
    let user = "ann-hunter2:hunter2";
    let close = closed().replace("http://", &format!("https://{user}@"));
    for list in [
        format!("{}/hunter2?token=hunter2", host.url_of(user)),
        format!("{}/hunter2/x", odd.url()),
        format!("{}/hunter2,direct,hunter2", portal.url()),
        odd.url_of(user),
        format!("{close}/hunter2|{}", odd.url_of(user)),
        format!("'https://{user}@127.0.0.1:1'"),
        format!("https://{user}@hunter2 x,hunter2"),
        format!("hunter2{user}@127.0.0.1:1/hunter2"),
        format!("ftp://{user}@127.0.0.1/hunter2"),
        "https://hunter2:%zz@127.0.0.1".to_owned(),
        format!("{};https://{user}@127.0.0.1", odd.url()),
        Server::start(Manner::Redirect(format!("http://{user}@127.0.0.1:1/hunter2"))).url(),
    ] {
        let home = home(&format!("GOPROXY={list}\nGOAUTH=hunter2 command\nGOSUMDB=x+hunter2+y https://{user}@h\n"));
        let rc = [
            home.read(".zshrc").expect("it holds the block"),
            format!("export HTTPS_PROXY=http://{user}@127.0.0.1:1 NETRC=/hunter2\n").into_bytes(),
        ];
        home.file(".zshrc", rc.concat());
        for more in [&["--json"][..], &[], &["-v"], &["--json", "-v"]] {
            let args = [&["doctor", "--shell", "zsh"], more].concat();
            let ran = home.run(&args);
            let said = String::from_utf8_lossy(&[&ran.stdout[..], &ran.stderr].concat()).replace("token: hunter2", "");
            assert!(said.contains("N-") && !said.contains("hunter2"), "{list}\n{ran}");
        }
    }
}

#[test]
fn nothing_is_asked_offline_or_without_go() {
    if !need("zsh") {
        return;
    }
    let server = Server::start(Manner::Good);
    let mut ill = home(&format!("GOPROXY={}\n", server.url()));
    ill.run(&["doctor", "--shell", "zsh", "--offline"]).ok().out_has("nothing is wrong");
    fs_err::remove_dir_all(ill.path("opt/go")).expect("it is there");
    ill.env("PATH", "/usr/bin:/bin");
    let (_, document) = doctor(&ill);
    assert_eq!(document["network"].as_array().map(Vec::len), Some(0), "{document:#}");
    assert_eq!(server.asked(), [""; 0]);
    let (status, document) = doctor(&home(&format!("GOPROXY={}\n", server.url())));
    assert_eq!(status, 0, "{document:#}");
    let wanted =
        ["/golang.org/x/text/@v/v0.3.0.info", "/sumdb/sum.golang.org/supported", "/sumdb/sum.golang.org/latest"];
    assert_eq!(server.asked(), wanted.map(|path| format!("GET {path} HTTP/1.1")));
}

/// What a new terminal sees counts most, then what this process has, then the files.
#[test]
fn the_value_that_counts_and_where_it_comes_from() {
    if !need("zsh") {
        return;
    }
    let mut home = healthy();
    home.file(SERVER, "");
    let servers = [(); 4].map(|()| Server::start(Manner::Good));
    let [root, stored, session, terminal] = servers.each_ref().map(Server::url);
    let check = |home: &Home, url: &str, set_by: &str| {
        let (_, document) = doctor(home);
        let network = &document["network"][0];
        assert_eq!((text(network, "goproxy"), text(network, "set_by")), (url, set_by), "{document:#}");
    };
    home.file("opt/go/go.env", format!("GOPROXY={root}\n"));
    check(&home, &root, "go.env of Go itself");
    home.file(".config/go/env", format!("GOPROXY={stored}\n"));
    check(&home, &stored, "`go env -w`");
    home.env("GOPROXY", &session);
    check(&home, &session, "the environment");
    let rc = [home.read(".zshrc").expect("a block"), format!("export GOPROXY={terminal}\n").into_bytes()].concat();
    home.file(".zshrc", rc);
    check(&home, &terminal, "a startup file");
    for server in servers {
        let asked = server.asked();
        assert_eq!(asked.iter().filter(|line| line.contains(".info")).count(), 1, "{asked:?}");
    }
}
