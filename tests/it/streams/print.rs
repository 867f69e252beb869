//! `print`: the block alone, to paste.

use crate::support::{Home, Ran, find, need};

/// What a shell ends up with that starts bare, runs what `print` printed, and says PATH, GOROOT and GOPATH.
#[track_caller]
fn pasted(home: &Home, shell: &str, flags: &[&str]) -> [String; 3] {
    let ran = home.run(&[&["print", "--shell", shell], flags].concat()).ok();
    let lines = String::from_utf8(ran.stdout.clone()).expect("text");
    assert!(!lines.is_empty() && !lines.contains("goenv-setup"), "a fence or our name\n{ran}");
    let comment = lines.lines().find(|line| line.trim_start().starts_with('#'));
    assert_eq!(comment, None, "a prompt of zsh would run it\n{ran}");
    let file = home.path("../tmp/lines");
    fs_err::write(&file, &lines).expect("a new file");
    let script = r#"PATH=/usr/bin:/bin; unset GOROOT GOPATH; set -eu
        eval "$(cat "$TMPDIR/lines")"; printf '%s\n' "$PATH" "${GOROOT-unset}" "${GOPATH-unset}""#;
    let args: &[&str] = if shell == "zsh" { &["-f", "-c", script] } else { &["-c", script] };
    let said = Ran::of(&home.command(find(shell).expect("the caller asked"), args)).ok();
    assert!(said.stderr.is_empty(), "{said}");
    let said = String::from_utf8(said.stdout).expect("text");
    let words: Vec<String> = said.lines().map(Into::into).collect();
    words.try_into().unwrap_or_else(|words| panic!("not three lines: {words:?}"))
}

#[test]
fn what_is_printed_works_when_it_is_pasted() {
    for shell in ["zsh", "bash", "dash"] {
        if !need(shell) {
            continue;
        }
        let home = Home::with_go();
        let before = home.tree();
        let at = |name: &str| home.path(name).to_str().expect("text").to_owned();
        let other = home.path("..").join("other go's $HOME");
        let other = other.to_str().expect("text");
        let tail = format!(":/usr/bin:/bin:{}", at("go/bin"));

        let default = [format!("{}{tail}", at("opt/go/bin")), at("opt/go"), at("go")];
        assert_eq!(pasted(&home, shell, &[]), default, "{shell}");
        let mut bare = default.clone();
        bare[1] = "unset".to_owned();
        assert_eq!(pasted(&home, shell, &["--no-goroot"]), bare, "{shell}");
        let gopath = format!("{}:/usr/bin:/bin:/my/go path/bin", at("opt/go/bin"));
        let wanted = [gopath, at("opt/go"), "/my/go path:/second".to_owned()];
        assert_eq!(pasted(&home, shell, &["--gopath", "/my/go path:/second"]), wanted, "{shell}");
        home.unchanged(&before);

        fs_err::create_dir_all(format!("{other}/bin")).expect("a new folder");
        let copy =
            home.command("cp", &[home.path("opt/go/bin/go").to_str().expect("text"), &format!("{other}/bin/go")]);
        Ran::of(&copy).ok();
        let wanted = [format!("{other}/bin{tail}"), other.to_owned(), at("go")];
        assert_eq!(pasted(&home, shell, &["--goroot", other]), wanted, "{shell}");
    }
}

#[test]
fn print_needs_no_file_and_writes_none() {
    let home = Home::with_go();
    let before = home.tree();
    let ran = home.run(&["print", "--shell", "bash"]).ok();
    assert!(ran.stdout.ends_with(b"unset _go\n"), "{ran}");
    home.unchanged(&before);
}

#[test]
fn print_uses_the_settings_of_the_block() {
    let home = Home::with_go();
    home.run(&["apply", "--shell", "zsh", "--gopath", "/from/the/block", "-y"]).ok();
    home.run(&["print", "--shell", "zsh"]).ok().out_has("/from/the/block");
}
