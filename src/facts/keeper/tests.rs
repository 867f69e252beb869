#![expect(clippy::disallowed_methods, reason = "the real git and real shells are started here")]

use std::os::unix::fs::symlink;
use std::process::Command;

use super::*;
use crate::facts::scratch::Home;
use crate::facts::snapshot::take;

impl Home {
    /// Runs git, with nothing read from the developer's own settings.
    fn git(&self, folder: &str, args: &[&str]) {
        let status = Command::new("git")
            .arg("-C")
            .arg(self.at(folder))
            .args(args)
            .env("HOME", &self.user.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            .stdout(std::process::Stdio::null())
            .status();
        assert!(status.unwrap().success(), "git {args:?}");
    }

    fn keeper(&self, name: &str) -> Option<Keeper> {
        take(&self.at(name), &self.user).keeper
    }
}

#[test]
fn a_link_into_a_checkout() {
    let home = Home::new();
    for name in ["zsh/zshrc", "zsh/zshrc.local", "shrc", "deep/zsh/new"] {
        home.write(&format!("dotfiles/{name}"), "x\n");
    }
    symlink("dotfiles/zsh/zshrc", home.at(".zshrc")).unwrap();
    symlink("dotfiles/shrc", home.at(".shrc")).unwrap();
    symlink("dotfiles/deep", home.at(".config")).unwrap();
    let kept = Some(Keeper::GitCheckout(home.at("dotfiles")));
    assert_eq!(home.keeper(".zshrc"), None, "no checkout yet");
    home.git("dotfiles", &["init", "-q"]);
    assert_eq!(home.keeper(".zshrc"), kept, "without an index a link is enough");

    // `shrc` is the end of a tracked name, but not one itself.
    home.git("dotfiles", &["add", "zsh"]);
    for version in ["2", "4"] {
        home.git("dotfiles", &["update-index", "--index-version", version]);
        assert_eq!(home.keeper(".zshrc"), kept, "version {version}");
    }
    home.git("dotfiles", &["update-index", "--index-version", "2"]);
    assert_eq!(home.keeper(".shrc"), None);
    assert_eq!(home.keeper(".config/zsh/new"), None);

    // Entries that are only intended make it version 3.
    home.git("dotfiles", &["add", "-N", "deep", "shrc"]);
    assert_eq!(fs_err::read(home.at("dotfiles/.git/index")).unwrap()[..8], *b"DIRC\0\0\0\x03");
    for name in [".zshrc", ".shrc", ".config/zsh/new"] {
        assert_eq!(home.keeper(name), kept, "{name}");
    }
    // Asked for by its own name, it is a file like any other.
    assert_eq!(home.keeper("dotfiles/zsh/zshrc"), None);
}

#[test]
fn a_checkout_elsewhere() {
    let home = Home::new();
    home.write("main/zshrc", "x\n");
    home.git("main", &["init", "-q"]);
    fs_err::rename(home.at("main/.git"), home.at("store")).unwrap();
    home.write("main/.git", "gitdir: ../store\n");
    home.git("main", &["add", "."]);
    symlink("main/zshrc", home.at(".zshrc")).unwrap();
    symlink("main/other", home.at(".other")).unwrap();
    home.write("main/other", "");
    assert_eq!(home.keeper(".zshrc"), Some(Keeper::GitCheckout(home.at("main"))));
    assert_eq!(home.keeper(".other"), None);
}

#[test]
fn the_home_as_a_checkout() {
    let home = Home::new();
    home.write(".zshrc", "x\n");
    home.write(".bashrc", "x\n");
    home.git(".", &["init", "-q"]);
    home.git(".", &["add", ".zshrc"]);
    assert_eq!(home.keeper(".zshrc"), Some(Keeper::GitCheckout(home.user.home.clone())));
    assert_eq!(home.keeper(".bashrc"), None);
    assert_eq!(home.keeper(".profile"), None);
}

#[test]
fn yadm_tracks_it() {
    let home = Home::new();
    home.write(".zshrc", "x\n");
    home.write(".bashrc", "x\n");
    fs_err::create_dir_all(home.at(".local/share/yadm/repo.git")).unwrap();
    home.git(".local/share/yadm/repo.git", &["init", "-q", "--bare"]);
    home.git(".", &["--git-dir=.local/share/yadm/repo.git", "--work-tree=.", "add", ".zshrc"]);
    assert_eq!(home.keeper(".zshrc"), Some(Keeper::Yadm));
    assert_eq!(home.keeper(".bashrc"), None);
}

#[test]
fn chezmoi_has_a_source() {
    let home = Home::new();
    let source = |name: &str| Some(Keeper::Chezmoi(home.at(name)));
    home.write(".zshrc", "x\n");
    home.write(".local/share/chezmoi/private_dot_zshrc.tmpl", "");
    home.write(".local/share/chezmoi/dot_config/exact_fish/conf.d/goenv-setup.fish", "");
    home.write(".local/share/chezmoi/run_once_dot_profile", "");
    assert_eq!(home.keeper(".zshrc"), source(".local/share/chezmoi/private_dot_zshrc.tmpl"));
    let fish = ".config/fish/conf.d/goenv-setup.fish";
    assert_eq!(home.keeper(fish), source(".local/share/chezmoi/dot_config/exact_fish/conf.d/goenv-setup.fish"));
    assert_eq!(home.keeper(".profile"), None);
    assert_eq!(home.keeper(".bashrc"), None);

    home.write(".config/chezmoi/chezmoi.toml", "[data]\n  sourceDir  = \"~/my dots\" # here\n");
    assert_eq!(home.keeper(".zshrc"), None);
    home.write("my dots/.chezmoiroot", "home\n");
    home.write("my dots/home/dot_zshrc", "");
    assert_eq!(home.keeper(".zshrc"), source("my dots/home/dot_zshrc"));
}

#[test]
fn names_in_chezmois_source() {
    for (source, is_file, target) in [
        ("dot_zshrc", true, Some(".zshrc")),
        ("private_readonly_dot_zshrc", true, Some(".zshrc")),
        ("modify_dot_bashrc", true, Some(".bashrc")),
        ("encrypted_private_dot_zshrc.tmpl.age", true, Some(".zshrc")),
        ("symlink_dot_zshrc.tmpl", true, Some(".zshrc")),
        ("literal_dot_zshrc", true, Some("dot_zshrc")),
        ("dot_zshrc.tmpl.literal", true, Some(".zshrc.tmpl")),
        ("run_onchange_dot_zshrc", true, None),
        ("exact_private_dot_config", false, Some(".config")),
        ("executable_dot_config", false, Some("executable_dot_config")),
    ] {
        let found = target_name(source.as_bytes(), is_file).map(|name| String::from_utf8(name).unwrap());
        assert_eq!(found.as_deref(), target, "{source}");
    }
}

#[test]
fn headers_that_say_so() {
    for (text, line) in [
        ("# This file is managed by Ansible\n", Some(1)),
        ("#!/bin/sh\n\n  ## DO NOT EDIT ##\r\n", Some(3)),
        ("# Ansible managed", Some(1)),
        ("\n\n\n\n# Generated by Puppet", Some(5)),
        ("\n\n\n\n\n# Generated by Puppet", None),
        ("echo managed by me\n", None),
        ("# my own settings\n", None),
        ("# >>> goenv-setup >>> v1 sum=00000000\n# managed by us\n# <<< goenv-setup <<<\n# Puppet\n", Some(4)),
        ("# >>> conda initialize >>>\n# !! Contents within this block are managed by 'conda init' !!\n", None),
        (
            "# >>> goenv-setup >>> v1 sum=00000000\n# Go in every terminal. To take this out again: goenv-setup uninstall\n",
            None,
        ),
    ] {
        assert_eq!(header(text.as_bytes()), line, "{text}");
    }
    let home = Home::new();
    home.write(".zshrc", "# puppet\n");
    assert_eq!(home.keeper(".zshrc"), Some(Keeper::Header(1)));
}

#[test]
fn odd_indexes_do_not_panic() {
    for index in [&b""[..], b"DIRC", b"DIRC\0\0\0", b"DIRC\0\0\0\x02", b"DIRC\0\0\0\x03a\0", b"DIRC\0\0\0\x04", b"x"] {
        for path in ["", "a", "a/b"] {
            assert_ne!(names(index, Path::new(path)), Some(true), "{}", index.escape_ascii());
        }
    }
    let long = "n".repeat(5000);
    let entry = [b"DIRC\0\0\0\x02".as_slice(), b"\x0f\xff", long.as_bytes(), b"\0"].concat();
    assert_eq!(names(&entry, Path::new(&long)), Some(true));
}
