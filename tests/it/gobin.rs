//! GOBIN: what is given or set is exported, and its folder is on PATH instead of GOPATH's; and what `go env -w` says.

use std::path::Path;

use crate::csh;
use crate::support::{COMPILER, Home, Ran, find, need, real_go, shell};

const FILES: [&str; 5] = [".zprofile", ".zshrc", ".bashrc", ".config/fish/conf.d/goenv-setup.fish", ".cshrc"];
const SHELLS: [&str; 8] = ["--shell", "zsh", "--shell", "bash", "--shell", "fish", "--shell", "tcsh"];

fn all_here() -> bool {
    ["zsh", "bash", "fish", "tcsh", "csh"].into_iter().all(need)
}

fn apply(home: &Home, more: &[&str]) -> crate::support::Ran {
    home.run(&[&["apply", "--yes", "--no-verify"][..], &SHELLS, more].concat())
}

fn texts(home: &Home) -> Vec<String> {
    let text = |file: &&str| String::from_utf8(home.read(file).expect("it was written")).expect("plain");
    FILES.iter().map(text).collect()
}

#[test]
fn it_is_kept_until_it_is_taken_out() {
    let home = Home::with_go();
    let mut other = Home::with_go();
    apply(&home, &[]).ok();
    let without = texts(&home);
    apply(&home, &["--gobin", "/srv/it's bin/"]).ok().err_has("GOBIN: /srv/it's bin, from flag");
    let with = texts(&home);
    for (file, text) in FILES.iter().zip(&with) {
        assert!(text.contains("GOBIN") && text.contains("bin"), "{file}\n{text}");
        // .zprofile holds the variables alone; csh cannot do without the name.
        assert!(!text.contains("GOPATH%%") && !text.contains("gopath[1]"), "{file}\n{text}");
    }
    apply(&home, &[]).ok().err_has("nothing to do").err_has("GOBIN: /srv/it's bin, from block");
    home.run(&["status", "--json"]).out_has("\"gobin\": {");
    apply(&home, &["--gobin", ""]).ok().err_has("keep the GOBIN that they have");
    assert_eq!(texts(&home), without);

    // An old terminal still has what was taken out.
    other.env("GOBIN", "/srv/old");
    apply(&other, &["--gobin", ""]).ok();
    apply(&other, &[]).ok().err_has("nothing to do").err_has("`goenv-setup apply --gobin '/srv/old'`");
    // Without a block, what is set is what is wished for.
    other.run(&["uninstall", "--yes"]).ok();
    apply(&other, &[]).ok().err_has("GOBIN: /srv/old, from environment");
    other.env("GOBIN", "relative");
    other.run(&["uninstall", "--yes"]).ok();
    apply(&other, &[]).ok().err_has("it is not an absolute path; it is left alone");
    for file in FILES {
        let text = other.read(file).expect("it was written");
        assert!(!text.windows(5).any(|part| part == b"GOBIN"), "{file}");
    }
}

#[test]
fn what_go_refuses_is_refused() {
    let home = Home::with_go();
    for (value, why) in [
        ("bin", "not an absolute path"),
        ("~/bin", "the `~` is not expanded"),
        ("/a:/b", "a folder with a colon"),
        ("/a\nb", "a newline"),
    ] {
        apply(&home, &["--gobin", value]).code(3).err_has(why).err_has("goenv-setup apply --gobin \"$HOME/bin\"");
        assert!(home.read(".zshrc").is_none());
    }
}

/// It fills a gap, stands on PATH last and once, and GOPATH's bin does not.
#[test]
fn each_shell_has_its_folder_once() {
    if !all_here() {
        return;
    }
    for portable in [&[][..], &["--portable"]] {
        let home = csh::home(b"home", &[]);
        let root = home.path("sdk/go").display().to_string();
        let gobin = home.path("my tools").display().to_string();
        apply(&home, &[&["--goroot", &root, "--gobin", &gobin][..], portable].concat()).ok();
        for (set, value) in [(None, gobin.as_str()), (Some(""), &gobin), (Some("/own"), "/own"), (Some("/a:b"), "/a:b")]
        {
            for (name, flag, file) in [
                ("zsh", "-f", FILES[1]),
                ("bash", "--norc", FILES[2]),
                ("fish", "--no-config", FILES[3]),
                ("tcsh", "-f", FILES[4]),
                ("csh", "-f", FILES[4]),
            ] {
                let (set, read) = match (name, set) {
                    ("fish", Some(value)) => (format!("set -gx GOBIN '{value}'; "), "source"),
                    ("tcsh" | "csh", Some(value)) => (format!("setenv GOBIN '{value}'; "), "source"),
                    ("fish" | "tcsh" | "csh", None) => (String::new(), "source"),
                    (_, Some(value)) => (format!("GOBIN='{value}'; "), "."),
                    (_, None) => (String::new(), "."),
                };
                let file = home.path(file).display().to_string();
                let line = format!("{set}{read} {file}; {read} {file}; /usr/bin/env");
                let ran = shell(&home, name, &[flag, "-c", &line]).ok();
                let exported = !matches!(name, "zsh" | "bash") || set.is_empty() || set == "GOBIN=''; ";
                let told = String::from_utf8_lossy(&ran.stdout).into_owned();
                assert!(
                    !exported
                        || told.contains(&format!("\nGOBIN={value}\n"))
                        || told.starts_with(&format!("GOBIN={value}\n")),
                    "{name}\n{ran}"
                );
                let added = if value.contains(':') && !matches!(name, "zsh" | "bash") {
                    String::new()
                } else {
                    format!(":{value}")
                };
                ran.out_has(&format!("PATH={root}/bin:/usr/bin:/bin{added}\n"));
            }
        }
        // The login file of zsh carries the variable too.
        shell(&home, "zsh", &["-l", "-c", "echo \"$GOBIN\""]).ok().out_has(&format!("{gobin}\n"));
    }
}

#[test]
fn what_go_env_has_stored_is_compared() {
    let home = Home::with_go();
    home.file(".config/go/env", "# GOBIN=/no\nGOBIN=/stored/bin\nGOPATH=/stored/go\nGOROOT=/stored/root\n");
    let ran = apply(&home, &[]).ok();
    let ran = ran.err_has("GOBIN: /stored/bin, from go env -w").err_has("GOPATH: ~/go, from default");
    let ran = ran.err_has("`~/.config/go/env` sets GOPATH to `/stored/go`").err_has("`go env -u GOPATH`");
    let ran = ran.err_has("goenv-setup apply --gopath '/stored/go'`");
    let ran = ran.err_has("sets GOROOT to `/stored/root`").err_has("`${EDITOR:-vi} \"$HOME/.config/go/env\"`");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!said.contains("sets GOBIN"), "it agrees\n{said}");
    apply(&home, &["--gobin", "/other"]).ok().err_has("sets GOBIN to `/stored/bin`: the block's `/other` wins");
    let ran = apply(&home, &["--gobin", "", "--gopath", "/stored/go"]).ok();
    let ran = ran.err_has("Go installs there, but the block puts GOPATH's bin on PATH");
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("sets GOPATH"), "{ran}");

    // Not what Go reads, or nothing that could be read.
    for (name, value) in [("GOENV", "off"), ("XDG_CONFIG_HOME", "/nonexistent")] {
        let mut home = Home::with_go();
        home.file(".config/go/env", "GOBIN=/stored/bin\n");
        home.env(name, value);
        let ran = home.run(&["print", "--shell", "zsh"]).ok();
        assert!(!String::from_utf8_lossy(&ran.stdout).contains("GOBIN"), "{name}\n{ran}");
    }
    let mut home = Home::with_go();
    home.dir(".config/go/env");
    home.run(&["print", "--shell", "zsh"]).ok();
    home.file("other", "GOBIN=/by/goenv\n");
    home.env("GOENV", home.path("other"));
    home.run(&["print", "--shell", "zsh"]).ok().out_has("GOBIN='/by/goenv'");
    home.script("mkfifo fifo").ok();
    home.env("GOENV", home.path("fifo"));
    home.run(&["print", "--shell", "zsh"]).ok();
}

/// A real `go install` lands there, and what it brought runs by name in a new terminal.
#[test]
fn an_installed_tool_runs_by_name() {
    let roots = real_go();
    if !all_here() || roots.len() < 2 {
        return;
    }
    for root in roots {
        let mut home = Home::new();
        home.no_telemetry();
        home.file("hello/go.mod", "module example.com/hello\n\ngo 1.22\n");
        home.file("hello/cmd/our-tool/main.go", "package main\n\nfunc main() { println(\"it runs\") }\n");
        home.link(".local/go", &root);
        let release = root.file_name().expect("a release has a name");
        home.env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("gocache").join(release));
        for (name, value) in
            [("GOFLAGS", "-mod=mod"), ("GOPROXY", "off"), ("GOTOOLCHAIN", "local"), ("CGO_ENABLED", "0")]
        {
            home.env(name, value);
        }
        let gobin = home.path("my tools").display().to_string();
        for portable in [&[][..], &["--portable"]] {
            apply(&home, &[&["--gobin", &gobin][..], portable].concat()).ok();
            for name in ["zsh", "bash", "fish"] {
                let script = "cd ~/hello && go install ./cmd/our-tool";
                let program = find(name).expect("all are here");
                Ran::within(COMPILER, &home.command(program, &["-i", "-c", script])).ok();
                assert!(home.path("my tools/our-tool").is_file() && !home.path("go/bin").exists(), "{name}");
                shell(&home, name, &["-i", "-c", "our-tool"]).ok().err_has("it runs");
                fs_err::remove_file(home.path("my tools/our-tool")).expect("it is there");
            }
        }
    }
}
