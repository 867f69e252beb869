//! Nothing of the secrets in a home and its environment is in anything that doctor and explain print: healthy or ill, as
//! text, as JSON, with `-v`, as a patch.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;

use super::{Case, append, cases, healthy};
use crate::support::{Home, Ran, need, say};

/// What every secret begins with; two digits and an end follow, so that each is known by its name.
const MARK: &str = "Zq7hunter2x";

/// A secret of this number.
fn secret(number: u32) -> String {
    format!("{MARK}{number:02}k")
}

/// A secret in which a URL holds something quoted.
fn quoted(number: u32) -> String {
    format!("{MARK}%40{number:02}k")
}

/// How the mark looks in base64, wherever it begins among the bytes around it.
fn in_base64() -> [String; 3] {
    [0, 1, 2].map(|shift| {
        let text = [&"---"[..shift], MARK].concat();
        let coded = base64::engine::general_purpose::STANDARD.encode(&text);
        // The characters at both ends depend on what stands around it.
        let (from, to) = ([0, 2, 3][shift], text.len() / 3 * 4);
        coded[from..to].to_owned()
    })
}

#[track_caller]
fn silent(what: &str, ran: &Ran) {
    let coded = in_base64();
    for stream in [&ran.stdout, &ran.stderr] {
        let text = String::from_utf8_lossy(stream).to_lowercase();
        let digits: Vec<String> = MARK.bytes().map(|byte| format!("{byte:02x}")).collect();
        let (hex, escaped) = (digits.concat(), digits.join("%"));
        for form in [MARK.to_lowercase(), hex, escaped].iter().chain(&coded.clone().map(|form| form.to_lowercase())) {
            assert!(!text.contains(form), "{what}: a secret ({form})\n{ran}");
        }
    }
}

/// The environment of somebody who has secrets.
fn environment(home: &mut Home) {
    for (number, name) in ["AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "GOOGLE_API_KEY", "GO_TOKEN"].iter().enumerate() {
        home.env(*name, secret(u32::try_from(number).expect("a few")));
    }
    home.env("GOAUTH", format!("git {}", secret(10)));
    home.env("GOPROXY", format!("https://me:{}@127.0.0.1:9/{},direct", quoted(11), secret(12)));
    home.env("GOFLAGS", format!("-ldflags=-X=main.key={}", secret(13)));
    home.env("GONOSUMDB", format!("{}.example", secret(14)));
    for (number, name) in ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"].iter().enumerate() {
        let number = 15 + u32::try_from(number).expect("a few");
        home.env(*name, format!("http://me:{}@127.0.0.1:9", secret(number)));
    }
}

/// Files of all kinds that hold secrets, and lines above those of a disease.
fn plant(home: &Home) {
    home.file(".netrc", format!("machine 127.0.0.1 login me password {}\n", secret(20))).mode(".netrc", 0o600);
    home.file(
        ".gitconfig",
        format!("[url \"https://{}@git.example/\"]\n  insteadOf = https://git.example/\n", secret(21)),
    );
    home.file(format!("{}.txt", secret(22)), secret(23)).file(".aws/credentials", secret(24));
    home.file(
        ".zshenv",
        format!(
            "export NPM_TOKEN={} # {}\ndeploy() {{\n  curl -H 'Authorization: {}'\n}}\nread -r x <<E\n{}\nE\n\
             {} 2>/dev/null\ncat /nonexistent/{}\nexport GOPRIVATE_TOKEN={}\nalias up='upload {}'\n",
            secret(25),
            secret(26),
            secret(27),
            secret(28),
            secret(29),
            secret(30),
            secret(31),
            secret(32)
        ),
    );
    append(home, ".zshrc", &format!("export ABOVE={}\n{} --token={}\n", secret(33), secret(34), secret(35)));
}

/// Lines below those of a disease, and what `go env -w` has stored beside it.
fn plant_behind(home: &Home) {
    append(home, ".zshrc", &format!("export BELOW={}\n: {}\n", secret(40), secret(41)));
    append(
        home,
        ".config/go/env",
        &format!(
            "GOAUTH=netrc {}\nGOSUMDB=sum.golang.org https://me:{}@sum.example/{}\n",
            secret(42),
            secret(43),
            secret(44)
        ),
    );
}

/// Every way in which doctor tells.
const WAYS: [&[&str]; 3] = [&["-v"], &["-v", "--json"], &["-v", "--patch"]];

/// Does this for each of them, a few at a time; the names of those in which something was wrong.
pub(super) fn each<T: Sync>(all: &[T], name: impl Fn(&T) -> String + Sync, work: impl Fn(&T) + Sync) -> Vec<String> {
    let (next, ill) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| work(one))).is_err() {
                        ill.lock().expect("nobody panics with it").push(name(one));
                    }
                }
            });
        }
    });
    ill.into_inner().expect("nobody panics with it")
}

#[test]
fn nothing_secret_in_any_disease() {
    if !need("zsh") || !need("patch") || !need("openssl") {
        return;
    }
    let cases: Vec<&Case> = cases().collect();
    let name = |case: &&Case| format!("{} {}", case.id, case.name);
    let ill = each(&cases, name, |case| {
        let mut home = healthy();
        plant(&home);
        (case.make)(&mut home);
        plant_behind(&home);
        environment(&mut home);
        let shell =
            home.read(super::SHELL).map_or_else(|| "zsh".to_owned(), |name| String::from_utf8(name).expect("text"));
        // The diseases of the network are shown by servers that answer at once.
        let online = home.read(super::SERVER).is_some();
        for way in WAYS {
            let more: &[&str] = if online { &[] } else { &["--offline"] };
            let ran = home.run(&[&["doctor", "--shell", &shell], way, more].concat());
            assert!(matches!(ran.status, 0 | 1), "{ran}");
            silent(&name(case), &ran);
        }
    });
    assert!(ill.is_empty(), "secrets in: {}", ill.join("; "));
    say(&format!("doctor: nothing secret in {} diseases, {} ways each", cases.len(), WAYS.len()));
}

/// A shell, its file, and lines that end it, most of them early, while it says a secret.
const ENDS: &[(&str, &str, &str)] = &[
    ("zsh", ".zshrc", "print -u2 -- \"$S\"\nexit 3\n"),
    ("zsh", ".zshrc", "setopt xtrace\nTOKEN=$S\nexit 3\n"),
    ("zsh", ".zshrc", "if true; then echo $S\n"),
    ("bash", ".bashrc", "export 1$S=x\nset -x\n: $S\nexit 3\n"),
    ("bash", ".bashrc", "set -eu\necho \"${NONE:?$S}\"\n"),
    ("bash", ".bashrc", "$S --now; exit 127\n"),
    ("dash", ".profile", "$S; . /nonexistent/file $S\n"),
    ("dash", ".profile", "set -x; TOKEN=$S; exit 2\n"),
    ("ksh93", ".profile", "set -u; print \"$NONE\"; typeset -i x=$S; exit 4\n"),
    ("mksh", ".mkshrc", "print -u2 $S; exit 4\n"),
    ("yash", ".yashrc", "echo $S >&2; exit 5\n"),
    ("fish", ".config/fish/config.fish", "echo $S >&2; $S; exit 6\n"),
    ("tcsh", ".tcshrc", "echo $S; $S\nexit 7\n"),
];

#[test]
fn nor_where_a_shell_ends_early() {
    if !ENDS.iter().all(|(shell, ..)| need(shell)) {
        return;
    }
    let early = AtomicUsize::new(0);
    let ill = each(
        ENDS,
        |(shell, _, lines)| format!("{shell}: {lines}"),
        |(shell, file, lines)| {
            let mut home = Home::with_go();
            environment(&mut home);
            let set = match *shell {
                "fish" => format!("set S {}\n", secret(50)),
                "tcsh" => format!("set S = {}\n", secret(50)),
                _ => format!("S={}\n", secret(50)),
            };
            home.file(file, format!("{set}{lines}"));
            let name = if *shell == "dash" { "sh" } else { shell };
            for way in WAYS {
                let ran = home.run(&[&["doctor", "--offline", "--shell", name], way].concat());
                assert_eq!(ran.status, 1, "{ran}");
                silent(shell, &ran);
            }
            let ran = home.run(&["doctor", "--offline", "--shell", name]).code(1);
            let out = String::from_utf8_lossy(&ran.stdout).into_owned();
            early.fetch_add(usize::from(out.contains(" S-01: ") || out.contains(" S-07: ")), Ordering::Relaxed);
        },
    );
    assert!(early.into_inner() >= 9, "hardly any of them ended early");
    assert!(ill.is_empty(), "secrets in: {}", ill.join("; "));
}

/// The shells of explain, and the file that each reads in a terminal.
const SHELLS: &[(&str, &str)] = &[
    ("zsh", ".zshrc"),
    ("bash", ".bashrc"),
    ("ksh93", ".kshrc"),
    ("mksh", ".mkshrc"),
    ("yash", ".yashrc"),
    ("fish", ".config/fish/config.fish"),
    ("tcsh", ".tcshrc"),
];

/// What is asked of explain.
const VARIABLES: &[&str] = &[
    "PATH",
    "GOROOT",
    "GOPATH",
    "GOBIN",
    "GOPROXY",
    "GOAUTH",
    "GOFLAGS",
    "GOSUMDB",
    "HTTPS_PROXY",
    "http_proxy",
    "GOOGLE_API_KEY",
    "GOCACHEPROG",
    "CGO_CFLAGS",
    "GO_TOKEN",
    "HOME",
];

#[test]
fn nor_in_the_life_of_any_variable() {
    if !SHELLS.iter().all(|(shell, _)| need(shell)) {
        return;
    }
    let pairs: Vec<(&str, &str, &str)> =
        SHELLS.iter().flat_map(|(shell, file)| VARIABLES.iter().map(move |name| (*shell, *file, *name))).collect();
    let ill = each(
        &pairs,
        |(shell, _, name)| format!("{name} in {shell}"),
        |(shell, file, variable)| {
            let mut home = Home::with_go();
            environment(&mut home);
            let lines = [
                ("GOPROXY", format!("https://me:{}@proxy.example/{},direct", secret(60), secret(61))),
                ("GOAUTH", format!("git {}", secret(62))),
                ("GOFLAGS", format!("-mod=mod -ldflags=-X=key={}", secret(63))),
                ("GOSUMDB", format!("sum.golang.org https://{}@sum.example/{}", secret(64), secret(65))),
                ("HTTPS_PROXY", format!("me:{}@proxy:3128", secret(66))),
                ("http_proxy", format!("http://me:{}@proxy:3128", secret(67))),
                ("GOOGLE_API_KEY", secret(68)),
                ("GO_TOKEN", secret(69)),
                ("GOCACHEPROG", format!("/bin/prog --key {}", secret(70))),
                ("CGO_CFLAGS", format!("-O2 -DKEY={}", secret(71))),
                ("TOKEN", secret(72)),
                ("PATH", "/opt/x/bin:/usr/bin:/bin".to_owned()),
                ("GOPATH", "/opt/go".to_owned()),
            ];
            let line = |(name, value): &(&str, String)| match *shell {
                "fish" => format!("set -gx {name} '{value}'\n"),
                "tcsh" => format!("setenv {name} '{value}'\n"),
                _ => format!("export {name}='{value}'; : '{}'\n", secret(73)),
            };
            let text: String = lines.iter().map(line).collect();
            home.file(file, format!("{text}echo {}\n", secret(74)));
            if *shell == "ksh93" {
                home.env("ENV", home.path(file));
            }
            for way in [&["-v"][..], &["-v", "--json"]] {
                let ran = home.run(&[&["explain", *variable, "--shell", shell], way].concat()).ok();
                silent(variable, &ran);
            }
        },
    );
    assert!(ill.is_empty(), "secrets in: {}", ill.join("; "));
    say(&format!("explain: nothing secret in the lives of {} variables in {} shells", VARIABLES.len(), SHELLS.len()));
}

#[test]
fn a_patch_shows_only_what_it_changes() {
    if !need("zsh") || !need("patch") {
        return;
    }
    let home = healthy();
    plant(&home);
    append(&home, ".zshrc", "export GOROOT=/nonexistent\n");
    plant_behind(&home);
    append(&home, ".zshrc", "export GOENV=off\n");
    let before = String::from_utf8(home.read(".zshrc").expect("it is there")).expect("text");
    home.script("\"$0\" doctor --shell zsh --offline --patch >\"$TMPDIR/cure\"; patch -s -p1 -d ~ <\"$TMPDIR/cure\"")
        .ok();
    let after = String::from_utf8(home.read(".zshrc").expect("it is there")).expect("text");
    let why = "# goenv-setup doctor: ";
    let kept: Vec<&str> = after.lines().filter(|line| !line.starts_with(why)).collect();
    let wanted =
        before.replace("export GOROOT=/non", "# export GOROOT=/non").replace("export GOENV=off", "# export GOENV=off");
    assert_eq!(kept, wanted.lines().collect::<Vec<_>>());
    assert_eq!(after.lines().filter(|line| line.starts_with(why)).count(), 2, "{after}");
    // A line that may hold a secret itself is named, not shown.
    append(&home, ".zshrc", &format!("export GOFLAGS='-mod=vendor -ldflags=-X=key={}'\n", secret(80)));
    let ran = home.run(&["doctor", "--shell", "zsh", "--offline", "--patch"]).code(1);
    assert!(ran.stdout.is_empty(), "{ran}");
    silent("GOFLAGS", &ran);
    home.run(&["doctor", "--shell", "zsh", "--offline"]).code(1).out_has("sets GOFLAGS").out_has("take that line out");
}
