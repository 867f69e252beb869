//! A second run: what is in place stays as it is, what was chosen is read back, what a merge or a conversion did is
//! repaired.

use super::{APPLY, UNINSTALL};
use crate::support::{Home, Mode, assert_same_tree, launch, need};

const BASH: &[&str] = &["apply", "--shell", "bash", "-y"];

fn home() -> Home {
    let home = Home::with_go();
    home.file(".zshrc", "one=1\n").file(".profile", "A=1\n").file(".bashrc", "B=1\n");
    home
}

fn text(home: &Home, file: &str) -> String {
    String::from_utf8(home.read(file).expect("it is there")).expect("text")
}

#[test]
fn a_second_apply_touches_nothing() {
    for shell in ["zsh", "bash", "sh"] {
        let home = home();
        let apply = ["apply", "--shell", shell];
        home.run(&[&apply[..], &["-y"]].concat()).ok();
        let before = home.tree();
        for more in [&["-y"][..], &[], &["--dry-run"], &["--check"], &["--yes", "--force"]] {
            let ran = home.run(&[&apply[..], more].concat()).ok().err_has("nothing to do");
            assert_eq!(ran.stdout, b"", "{ran}");
            home.unchanged(&before);
        }
    }
}

#[test]
fn a_second_uninstall_touches_nothing() {
    let home = home();
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    let before = home.tree();
    home.run(UNINSTALL).ok().err_has("nothing to do");
    home.unchanged(&before);
}

#[test]
fn settings_are_read_back_from_the_block() {
    let mut home = home();
    let other = home.fake_go("other go", "1.23.1");
    let other = other.to_str().expect("text");
    let cases: [&[&str]; 4] = [
        &["--gopath", "/my/go path:/second"],
        &["--goroot", other],
        &["--no-goroot"],
        &["--goroot", other, "--no-goroot", "--gopath", "/g"],
    ];
    for flags in cases {
        home.run(&[APPLY, flags].concat()).ok();
        let before = home.tree();
        // As in cron: nothing but a home.
        home.unset("PATH").unset("TERM").unset("LANG").unset("TMPDIR");
        home.run(APPLY).ok().err_has("nothing to do");
        home.unchanged(&before);
        // As in a shell of another time.
        home.env("PATH", "/usr/bin:/bin").env("GOPATH", "/another/gopath").env("GOROOT", "/another/goroot");
        home.run(APPLY).ok().err_has("nothing to do");
        home.unchanged(&before);
        home.run(UNINSTALL).ok();
        let path = home.path("opt/go/bin");
        let path = format!("{}:/usr/bin:/bin", path.display());
        home.env("PATH", path).unset("GOPATH").unset("GOROOT");
    }
}

#[test]
fn goroot_comes_back_when_it_is_asked_for() {
    let home = home();
    home.run(&[APPLY, &["--no-goroot"]].concat()).ok();
    assert!(!text(&home, ".zshrc").contains("export GOROOT"));
    let goroot = home.path("opt/go");
    home.run(&[APPLY, &["--goroot", goroot.to_str().expect("text")]].concat()).ok();
    assert!(text(&home, ".zshrc").contains("export GOROOT"));
}

#[test]
fn two_shells_at_once() {
    let home = home();
    let before = home.tree();
    home.run(&["apply", "--shell", "zsh", "--shell", "bash", "-y"]).ok();
    for file in [".zprofile", ".zshrc", ".profile", ".bashrc"] {
        assert_eq!(text(&home, file).matches("# >>> goenv-setup >>>").count(), 1, "{file}");
    }
    let applied = home.tree();
    home.run(&["apply", "--shell", "bash", "--shell", "zsh", "--shell", "zsh", "-y"]).ok().err_has("nothing to do");
    home.unchanged(&applied);
    home.run(UNINSTALL).ok();
    assert_same_tree(&before, &home.tree().without_state());
}

#[test]
fn a_profile_that_bash_and_sh_share_is_edited_once() {
    let home = home();
    let ran = home.run(&["apply", "--shell", "bash", "--shell", "sh", "-y"]).ok();
    let diff = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(diff.matches("+++ b/.profile").count(), 1, "{ran}");
    assert_eq!(text(&home, ".profile").matches("# >>> goenv-setup >>>").count(), 1);
    let before = home.tree();
    for shell in ["bash", "sh", "dash"] {
        home.run(&["apply", "--shell", shell, "-y"]).ok().err_has("nothing to do");
    }
    home.unchanged(&before);
}

#[test]
fn two_names_of_one_file_are_one_file() {
    let home = Home::with_go();
    home.file(".zshrc", "one=1\n").link(".zprofile", ".zshrc");
    let before = home.tree();
    home.run(APPLY).ok();
    assert_eq!(text(&home, ".zshrc").matches("# >>> goenv-setup >>>").count(), 1);
    home.run(APPLY).ok().err_has("nothing to do");
    home.run(UNINSTALL).ok();
    assert_same_tree(&before, &home.tree().without_state());
}

/// What a merge of two branches makes of a file that got the block in both.
fn double(home: &Home, file: &str) {
    let once = text(home, file);
    let begin = once.find("# >>>").expect("a block");
    home.file(file, format!("{once}\nbetween=1\n\n{}after=1\n", &once[begin..]));
}

#[test]
fn a_block_that_a_merge_doubled_becomes_one_or_none() {
    let home = home();
    home.run(APPLY).ok();
    let once = text(&home, ".zshrc");
    double(&home, ".zshrc");
    home.run(APPLY).ok().err_has("2 blocks");
    assert_eq!(text(&home, ".zshrc"), format!("{once}\nbetween=1\nafter=1\n"));
    home.file(".zshrc", once);
    double(&home, ".zshrc");
    home.run(UNINSTALL).ok();
    assert_eq!(text(&home, ".zshrc"), "one=1\n\nbetween=1\nafter=1\n");
}

#[test]
fn a_block_that_got_carriage_returns_is_repaired_and_comes_out() {
    let home = home();
    home.run(BASH).ok();
    let good = text(&home, ".bashrc");
    home.file(".bashrc", good.replace('\n', "\r\n"));
    home.run(&["apply", "--shell", "bash", "--check"]).code(1);
    home.run(BASH).ok();
    let block = &good[good.find("# >>>").expect("a block")..];
    assert_eq!(text(&home, ".bashrc"), format!("B=1\r\n\r\n{block}"));
    if need("bash") {
        home.file(".bashrc", format!(": \r\n\r\n{block}"));
        let seen = launch(&home, "bash", Mode::Interactive);
        assert_eq!(seen.gopath.as_deref(), home.path("go").to_str().map(str::as_bytes));
    }

    home.file(".bashrc", good.replace('\n', "\r\n"));
    home.run(UNINSTALL).ok();
    assert_eq!(text(&home, ".bashrc"), "B=1\r\n");
    assert_eq!(text(&home, ".profile"), "A=1\n");
}

#[test]
fn a_block_of_another_go_is_updated_where_it_stands() {
    let home = home();
    home.run(APPLY).ok();
    let below = format!("{}below=1\n", text(&home, ".zshrc"));
    home.file(".zshrc", &below);
    home.run(&[APPLY, &["--gopath", "/new/gopath"]].concat()).ok().err_has("updated the block in ~/.zshrc");
    let now = text(&home, ".zshrc");
    assert!(now.starts_with("one=1\n\n# >>>") && now.ends_with("# <<< goenv-setup <<<\nbelow=1\n"), "{now}");
    assert!(now.contains("'/new/gopath'") || now.contains("/new/gopath"), "{now}");
    home.run(UNINSTALL).ok();
    assert_eq!(text(&home, ".zshrc"), "one=1\nbelow=1\n");
}
