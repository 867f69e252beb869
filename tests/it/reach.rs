//! `--reach`: which files hold the block, how it is remembered, widened and narrowed, and that Go is there in each launch
//! mode that a reach promises.

use crate::support::{Home, Mode, assert_same_tree, launch, need};

/// The files that hold a block, and whether each sets PATH.
fn blocks(home: &Home) -> Vec<(&'static str, bool)> {
    let files = [".zshenv", ".zprofile", ".zshrc", ".zlogin", ".bash_profile", ".profile", ".bashrc"];
    let block = |file: &&'static str| {
        let text = String::from_utf8(home.read(file)?).expect("text");
        text.contains("# >>> goenv-setup >>>").then(|| (*file, text.contains("export PATH")))
    };
    files.iter().filter_map(block).collect()
}

fn apply(home: &Home, flags: &[&str]) -> crate::support::Ran {
    home.run(&[&["apply", "--yes"], flags].concat())
}

const ZSH: &[&str] = &["--shell", "zsh"];
const INTERACTIVE: &[(&str, bool)] = &[(".zprofile", false), (".zshrc", true)];
const LOGIN: &[(&str, bool)] = &[(".zprofile", true), (".zshrc", true)];
const ALL: &[(&str, bool)] = &[(".zshenv", true), (".zprofile", true)];

#[test]
fn each_reach_has_its_files_in_zsh_and_is_remembered() {
    if !need("zsh") {
        return;
    }
    for own in [None, Some("alias ll='ls -l'"), Some("export A=1\n\n")] {
        let mut home = Home::with_go();
        home.env("SHELL", "/bin/zsh");
        for file in [".zshrc", ".zshenv", ".zprofile"].iter().filter(|_| own.is_some()) {
            home.file(file, own.unwrap_or_default());
        }
        let before = home.tree();
        // Every way from one reach to another.
        for reach in ["interactive", "all", "login", "interactive", "login", "all", "interactive", "all"] {
            let ran = apply(&home, &[ZSH, &["--reach", reach]].concat()).ok();
            let (files, gone) = match reach {
                "interactive" => (INTERACTIVE, "-l -c"),
                "login" => (LOGIN, "-c"),
                _ => (ALL, ""),
            };
            assert_eq!(blocks(&home), files, "{reach}");
            let ran = ran.err_has("covered: zsh -l -i, -i");
            if !gone.is_empty() {
                ran.err_has(&format!("not covered: {gone} (`--reach "));
            }
            let seen = home.tree();
            for again in [&[][..], ZSH] {
                home.run(&[&["apply", "--check"], again].concat()).ok();
                apply(&home, again).ok().err_has("nothing to do");
            }
            home.run(&["status"]).ok();
            home.unchanged(&seen);
            let modes: &[Mode] = match reach {
                "interactive" => &[Mode::LoginInteractive, Mode::Interactive],
                "login" => &[Mode::LoginInteractive, Mode::Interactive, Mode::Login],
                _ => &Mode::ALL,
            };
            for mode in modes {
                let seen = launch(&home, "zsh", *mode);
                assert_eq!(seen.go, Some(home.path("opt/go/bin/go")), "{reach} {mode:?}");
                assert_eq!(seen.goroot.as_deref(), Some(home.path("opt/go").as_os_str().as_encoded_bytes()));
            }
        }
        home.run(&["uninstall", "--purge", "--yes"]).ok();
        assert_same_tree(&before, &home.tree());
    }
}

/// Debian's file, which returns where nobody types.
const GUARDED: &str = "# ~/.bashrc\ncase $- in\n    *i*) ;;\n      *) return;;\nesac\nPS1='$ '\n";

#[test]
fn in_bash_the_block_moves_above_the_guard_and_back() {
    if !need("bash") {
        return;
    }
    for bashrc in [GUARDED, "PS1='$ '", "#!/bin/bash\n[ -z \"$PS1\" ] && return\n", ""] {
        let home = Home::with_go();
        home.file(".bashrc", bashrc).file(".profile", "umask 022\n");
        let before = home.tree();
        let line = |home: &Home| {
            let text = String::from_utf8(home.read(".bashrc").expect("it is there")).expect("text");
            text.lines().position(|line| line.starts_with("# >>> goenv-setup")).expect("a block")
        };
        let bash = ["--shell", "bash"];
        for _ in 0..2 {
            apply(&home, &bash).ok();
            let end = line(&home);
            apply(&home, &[&bash[..], &["--reach", "all"]].concat())
                .ok()
                .err_has("covered: bash -l -i, -i, -l -c, ssh command");
            assert!(line(&home) <= 2 && line(&home) <= end, "{}", line(&home));
            apply(&home, &bash).ok().err_has("nothing to do");
            let mut ssh = Home::command(&home, "bash", &["-c", "command -v go"]);
            let ssh = crate::support::Ran::of(ssh.env("SSH_CLIENT", "127.0.0.1 1 22").env("PATH", "/usr/bin:/bin"));
            assert_eq!(ssh.stdout, format!("{}\n", home.path("opt/go/bin/go").display()).into_bytes(), "{ssh}");
            apply(&home, &[&bash[..], &["--reach", "interactive"]].concat()).ok();
            assert_eq!(line(&home), end, "it stands where it stood");
        }
        home.run(&["uninstall", "--purge", "--yes"]).ok();
        assert_same_tree(&before, &home.tree());
    }
}

#[test]
fn lines_that_somebody_puts_above_are_no_reason_to_move_unless_they_may_end_the_file() {
    let home = Home::with_go();
    home.file(".bashrc", GUARDED);
    let all = ["--shell", "bash", "--reach", "all", "--no-verify"];
    apply(&home, &all).ok();
    let block = home.read(".bashrc").expect("it is there");
    home.file(".bashrc", [b"export A=1\n", &block[..]].concat());
    apply(&home, &all).ok().err_has("nothing to do");
    home.file(".bashrc", [b"[ -n \"$PS1\" ] || return\n", &block[..]].concat());
    apply(&home, &all).ok().err_has("the block moves above what may end the file early");
    assert!(home.read(".bashrc").expect("it is there").starts_with(b"# >>> goenv-setup"));
}

#[test]
fn a_home_without_login_files_gets_one_where_login_shells_are_promised() {
    let home = Home::with_go();
    let bash = ["--shell", "bash", "--no-verify"];
    apply(&home, &bash).ok();
    assert_eq!(blocks(&home), [(".bashrc", true)]);
    apply(&home, &[&bash[..], &["--reach", "login"]].concat()).ok();
    assert_eq!(blocks(&home), [(".profile", true), (".bashrc", true)]);
}

#[test]
fn all_shells_are_those_in_use() {
    if !need("zsh") || !need("bash") {
        return;
    }
    let mut home = Home::with_go();
    home.env("SHELL", "/bin/zsh");
    let fresh = ["apply", "--all-shells", "--yes", "--no-verify"];
    home.run(&fresh).ok();
    assert_eq!(blocks(&home), INTERACTIVE, "the login shell alone");
    home.file(".bashrc", "PS1='$ '\n");
    home.run(&fresh).ok();
    assert_eq!(blocks(&home), [INTERACTIVE, &[(".bashrc", true)]].concat());
    assert_eq!(home.read(".config"), None);
    for flag in ["--shell=zsh", "--file=x"] {
        home.run(&["apply", "--all-shells", flag]).code(2);
    }
}

#[test]
fn a_folder_is_no_startup_file_and_a_login_shell_that_is_not_known_is_named() {
    if !need("zsh") || !need("mksh") {
        return;
    }
    let mut home = Home::with_go();
    home.env("SHELL", "/bin/zsh").dir(".mkshrc").dir(".config/fish/config.fish");
    home.run(&["apply", "--all-shells", "--yes", "--no-verify"]).ok().err_lacks("not a shell that we know");
    assert_eq!(blocks(&home), INTERACTIVE);
    assert_eq!(home.read(".profile"), None);
    home.env("SHELL", "/opt/bin/nu");
    let ran = home.run(&["apply", "--all-shells", "--yes", "--no-verify", "--gopath", "/srv/go"]).ok();
    let ran = ran.err_has("warning: nu (SHELL=/opt/bin/nu) is not a shell that we know: it gets no block");
    ran.err_lacks("for this").err_lacks("a new terminal has Go");
}

#[test]
fn another_word_is_wrong_usage() {
    let home = Home::with_go();
    home.run(&["apply", "--reach", "everything"]).code(2).err_has("interactive, login, all");
    home.run(&["apply", "--shell", "zsh", "--reach", "all", "--dry-run"]).ok().out_has("+# Reach: all");
}
