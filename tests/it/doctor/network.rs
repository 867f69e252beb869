//! Diseases of module proxies and of the checksum database. Every server is on this machine.

use std::path::Path;

use super::{Case, Cure, SERVER, append, doctor, findings, healthy, text as text_of};
use crate::support::server::{Manner, Server, certificates, closed, tree};
use crate::support::{Home, need};

/// Starts a good proxy and remembers it; gives its URL.
fn good(home: &Home) -> String {
    let url = Server::start(Manner::Good).url();
    home.file(SERVER, &url);
    url
}

fn text(home: &Home, file: &str) -> String {
    String::from_utf8(home.read(file).unwrap_or_default()).expect("text")
}

/// A line behind the block in `.zshrc`, which then is line 20; and a good proxy, if there is none yet.
fn line(home: &Home, line: &str) {
    if home.read(SERVER).is_none() {
        good(home);
    }
    home.file(".zshrc", format!("{}{line}\n", text(home, ".zshrc")));
}

/// A line in which `GOPROXY` has this value.
fn list(home: &Home, value: &str) {
    line(home, &format!("export GOPROXY='{value}'"));
}

/// A line in which `GOPROXY` names one server that behaves so.
fn ill(home: &Home, manner: Manner) {
    list(home, &Server::start(manner).url());
}

/// Line 20 is replaced by one that names the good proxy.
fn use_good(home: &mut Home) {
    let lines = text(home, ".zshrc");
    let kept: Vec<&str> = lines.lines().take(19).collect();
    home.file(".zshrc", format!("{}\nexport GOPROXY={}\n", kept.join("\n"), text(home, SERVER)));
}

const LINE: &[(&str, u64)] = &[(".zshrc", 20)];

/// The cases of this group.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "N-01",
        name: "nothing but separators",
        make: |home| list(home, " , |"),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-01",
        name: "stored as nothing",
        make: |home| {
            good(home);
            home.file(".config/go/env", "GOPROXY=\n");
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", format!("GOPROXY={}\n", text(home, SERVER)));
        }),
    },
    Case {
        id: "N-01",
        name: "a word",
        make: |home| list(home, "http://127.0.0.1:1|proxy"),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-01",
        name: "quotes in the value",
        make: |home| list(home, "\"https://ann:hunter2@127.0.0.1\""),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-01",
        name: "a semicolon",
        make: |home| list(home, &format!("{};direct", closed())),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-01",
        name: "a semicolon in a host",
        make: |home| list(home, "http://nowhere.invalid;direct"),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-02",
        name: "behind direct",
        make: |home| {
            let url = good(home);
            list(home, &format!("{url},direct,https://a.example|off"));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-03",
        name: "a dead proxy and a comma",
        make: |home| {
            let url = good(home);
            list(home, &format!("{},{url}", closed()));
        },
        lines: LINE,
        cure: Cure::Advice(|home| {
            let with_bar = text(home, ".zshrc").replace(",http", "|http");
            home.file(".zshrc", with_bar);
        }),
    },
    Case {
        id: "N-03",
        name: "one out of order, stored",
        make: |home| {
            let url = good(home);
            let value = format!("{},{url},direct", Server::start(Manner::Status(503)).url());
            home.file(".config/go/env", format!("GOPROXY={value}\n"));
        },
        lines: &[(".config/go/env", 1)],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", format!("GOPROXY={}\n", text(home, SERVER)));
        }),
    },
    Case {
        id: "N-04",
        name: "nobody listens",
        make: |home| list(home, &format!("{}|{}", closed(), closed())),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-04",
        name: "asked too often",
        make: |home| ill(home, Manner::Status(429)),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-04",
        name: "in a circle",
        make: |home| ill(home, Manner::Loop),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-05",
        name: "a page to log in",
        make: |home| ill(home, Manner::Portal),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-05",
        name: "nothing",
        make: |home| {
            let url = good(home);
            list(home, &format!("{},{url}", Server::start(Manner::Empty).url()));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-06",
        name: "401",
        make: |home| ill(home, Manner::Status(401)),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-06",
        name: "403",
        make: |home| ill(home, Manner::Status(403)),
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-07",
        name: "in front of a good one",
        make: |home| {
            let server = Server::start(Manner::Good);
            home.file(SERVER, server.url());
            list(home, &format!("{}|{}", server.url_of("ann:hunter2"), server.url()));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-07",
        name: "alone",
        make: |home| {
            good(home);
            list(home, &Server::start(Manner::Good).url_of("ann:hunter2"));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-08",
        name: "signed by nobody",
        make: |home| {
            let pki = certificates(home);
            list(home, &Server::with_tls(Manner::Good, &pki.join("host")).url());
        },
        lines: LINE,
        cure: Cure::Advice(trust_authority),
    },
    Case {
        id: "N-08",
        name: "of another host",
        make: |home| {
            let pki = certificates(home);
            line(home, "export SSL_CERT_FILE=$HOME/pki/ca.pem");
            list(home, &Server::with_tls(Manner::Good, &pki.join("other")).url());
        },
        lines: &[(".zshrc", 21)],
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-09",
        name: "a proxy that answers with an error",
        make: |home| ill(home, Manner::NoSumdb(500)),
        lines: &[],
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-09",
        name: "nobody listens at its own URL",
        make: |home| {
            let url = good(home);
            line(home, &format!("export GOPROXY={url} GOSUMDB='sum.golang.org {}'", closed()));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-09",
        name: "a folder has all modules, and no database",
        make: |home| {
            good(home);
            tree(home, "proxy");
            line(home, &format!("export GOPROXY=file://$HOME/proxy GOSUMDB='sum.golang.org {}'", closed()));
        },
        lines: LINE,
        cure: Cure::Advice(tree_with_database),
    },
    Case {
        id: "N-09",
        name: "no database at all",
        make: |home| {
            let url = good(home);
            line(home, &format!("export GOPROXY={url} GOSUMDB=sum.nowhere.example"));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-10",
        name: "GOPRIVATE without git",
        make: |home| {
            let url = good(home);
            line(home, &format!("export GOPROXY={url},direct GOPRIVATE=corp.example"));
            // As on NixOS: without any folder of the system's at all, something else would be wrong.
            line(home, "path=(${${path:#/usr/*}:#/bin} /run/current-system/sw/bin)");
        },
        lines: LINE,
        cure: Cure::Advice(|home| {
            home.file(".zshrc", text(home, ".zshrc").replace("path=", "#path="));
        }),
    },
    Case {
        id: "N-12",
        name: "left over",
        make: |home| {
            home.file(".config/go/env", format!("GOPROXY={}\nGOSUMDB=off\n", good(home)));
        },
        lines: &[(".config/go/env", 2)],
        cure: Cure::Advice(|home| {
            home.file(".config/go/env", format!("GOPROXY={}\n", text(home, SERVER)));
        }),
    },
    Case {
        id: "N-12",
        name: "for everything",
        make: |home| {
            let url = good(home);
            line(home, &format!("export GOPROXY={url} GOINSECURE='a.example,*'"));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case {
        id: "N-13",
        name: "404 and 410",
        make: |home| {
            let [one, two] = [404, 410].map(|status| Server::start(Manner::Status(status)).url());
            list(home, &format!("{one},{two}"));
        },
        lines: LINE,
        cure: Cure::Advice(use_good),
    },
    Case { id: "N-14", name: "off", make: |home| list(home, "off"), lines: LINE, cure: Cure::Advice(use_good) },
    Case {
        id: "N-11",
        name: "in the login file alone",
        make: |home| {
            append(home, ".zprofile", ". ~/corp\n");
            home.file("corp", "export NO_PROXY=corp.example HTTPS_PROXY=http://user:hunter2@proxy.example:3128\n");
        },
        lines: &[("corp", 1)],
        cure: Cure::Advice(|home| append(home, ".zshrc", ". ~/corp\n")),
    },
];

/// The folder gets what the database says, too.
fn tree_with_database(home: &mut Home) {
    home.file("proxy/sumdb/sum.golang.org/supported", "");
    home.file("proxy/sumdb/sum.golang.org/latest", "go.sum database tree\n1\nx\n");
    home.file(".zshrc", text(home, ".zshrc").replace(" GOSUMDB=", " # "));
}

/// What the advice says of an authority of one's own; on macOS that would change the keychain of whoever runs the tests.
fn trust_authority(home: &mut Home) {
    if cfg!(target_os = "macos") {
        use_good(home);
    } else {
        assert!(Path::new(&home.path("pki/ca.pem")).is_file());
        line(home, "export SSL_CERT_FILE=$HOME/pki/ca.pem");
    }
}

#[test]
fn entries_of_one_host_are_told_apart() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    let dead = closed();
    list(&home, &format!("{dead}/a|{dead}/b"));
    let (_, document) = doctor(&home);
    let what = text_of(findings(&document)[0], "what");
    assert!(what.contains(&format!("entry 2 ({dead})")), "{document:#}");
    let ran = home.run(&["doctor", "--shell", "zsh"]);
    ran.out_has(&format!("entry 1 ({dead})")).out_has(&format!("entry 2 ({dead})"));
}

#[test]
fn nobody_is_told_to_send_a_password_in_clear() {
    if !need("zsh") {
        return;
    }
    let home = healthy();
    ill(&home, Manner::Status(401));
    let (_, document) = doctor(&home);
    let advice = text_of(&findings(&document)[0]["fix"], "advice");
    assert!(advice.starts_with("write an https URL for it"), "{document:#}");
}
