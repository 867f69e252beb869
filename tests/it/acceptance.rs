//! What people who only knew the contract found, one test each.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use goenv_setup::text::fence;

use crate::support::{Home, Mode, launch, need, shell};

const APPLY: &[&str] = &["apply", "--yes", "--shell"];

fn apply(home: &Home, shell: &str) {
    home.run(&[APPLY, &[shell]].concat()).ok();
}

fn text(home: &Home, name: &str) -> String {
    String::from_utf8(home.read(name).expect("it is there")).expect("text")
}

#[test]
fn a_trailing_slash_on_path_does_not_spoil_goroot() {
    let mut home = Home::new();
    let root = home.fake_go("opt/go", "1.27.3");
    home.env("PATH", format!("{}//bin/:/usr/bin:/bin", root.display()));
    apply(&home, "bash");
    home.env("PATH", "/usr/bin:/bin");
    assert_eq!(launch(&home, "bash", Mode::Interactive).goroot, Some(root.into_os_string().into_encoded_bytes()));
}

#[test]
fn a_manager_that_was_told_where_to_live_keeps_its_own() {
    for (variable, below) in [("MISE_DATA_DIR", "installs/go/1.22.3"), ("GOENV_ROOT", "versions/1.22.3")] {
        let mut home = Home::new();
        let root = home.fake_go(format!("tools/{below}"), "1.22.3");
        home.env(variable, home.path("tools"));
        home.env("PATH", format!("{}/bin:/usr/bin:/bin", root.display()));
        apply(&home, "bash");
        let block = text(&home, ".bashrc");
        assert!(!block.contains("1.22.3") && !block.contains("GOROOT"), "{variable}: {block}");
    }
}

#[test]
fn a_goroot_that_is_no_folder_is_replaced_at_login() {
    if !need("zsh") {
        return;
    }
    let mut home = Home::with_go();
    apply(&home, "zsh");
    let other = home.fake_go("other", "1.22.0");
    home.env("GOROOT", "/nope");
    for path in ["/usr/bin:/bin".to_owned(), format!("{}/bin:/usr/bin:/bin", other.display())] {
        home.env("PATH", path);
        let ran = shell(&home, "zsh", &["-l", "-c", "print -r -- $GOROOT"]).ok();
        assert_eq!(ran.stdout, format!("{}\n", home.path("opt/go").display()).into_bytes());
    }
}

#[test]
fn an_open_here_document_takes_no_block() {
    let home = Home::with_go();
    home.file(".bashrc", "cat <<EOF\nabc\n");
    let before = home.tree();
    home.run(&[APPLY, &["bash"]].concat()).code(3).err_has("its end is open").err_has("hint: ");
    home.unchanged(&before);
    // One that is closed is no obstacle, and neither is a file that does not parse as it is.
    home.file(".bashrc", "cat >/dev/null <<EOF\nabc\nEOF\n");
    apply(&home, "bash");
    let home = Home::with_go();
    home.file(".bashrc", "echo 'abc\n");
    home.run(&[APPLY, &["bash"]].concat()).code(1).err_has("does not parse as it is").err_has("`bash -i` finds no go");
}

#[test]
fn a_zdotdir_that_a_zshenv_changes_is_asked_for() {
    if !need("zsh") {
        return;
    }
    let mut home = Home::with_go();
    home.file("one/.zshenv", "ZDOTDIR=$HOME/two\n").dir("two");
    home.env("ZDOTDIR", home.path("one"));
    home.run(&[APPLY, &["zsh"]].concat()).ok().err_has("ZDOTDIR, as it says itself");
    assert!(home.read("two/.zshrc").is_some() && home.read("one/.zshrc").is_none());
}

#[test]
fn bytecode_from_the_future_is_told() {
    if !need("zsh") {
        return;
    }
    let home = Home::with_go();
    home.file(".zshrc", "a=1\n").file(".zshrc.zwc", "");
    home.run(&["apply", "--dry-run", "--shell", "zsh"]).ok();
    let future = home.command("touch", &["-d", "2035-01-01", ".zshrc.zwc"]);
    crate::support::Ran::of(&future).ok();
    home.run(&["apply", "--dry-run", "--shell", "zsh"]).ok().err_has(".zshrc.zwc");
}

#[test]
fn output_that_cannot_be_written_is_an_error() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let home = Home::with_go();
    for args in ["print --shell zsh", "apply --dry-run --shell zsh", "apply --dry-run --json --shell zsh", "status"] {
        let ran = home.script(&format!("\"$0\" {args} >/dev/full"));
        assert_ne!(ran.status, 0, "{args}: {ran}");
        ran.err_has("cannot write to standard output");
    }
}

#[test]
fn nothing_is_promised_that_is_not_there() {
    let home = Home::new();
    let ran = home.run(&[APPLY, &["bash"]].concat()).ok();
    assert!(!String::from_utf8_lossy(&ran.stderr).contains("a new terminal has Go"), "{ran}");
    let home = Home::with_go();
    home.run(&[APPLY, &["bash"]].concat()).ok().err_has("a new terminal has Go");
}

#[test]
fn lines_of_a_newer_block_are_not_called_the_users() {
    let home = Home::with_go();
    apply(&home, "bash");
    for change in [" v2 sum=", " v1 more=1 sum="] {
        home.file(".bashrc", text(&home, ".bashrc").replace(" v1 sum=", change));
        let ran = home.run(&[APPLY, &["bash"]].concat()).code(3).err_has("newer");
        assert!(!String::from_utf8_lossy(&ran.stderr).contains("is yours"), "{ran}");
        home.file(".bashrc", text(&home, ".bashrc").replace(change, " v1 sum="));
    }
}

#[test]
fn an_unexpanded_tilde_makes_no_folder() {
    let home = Home::with_go();
    let before = home.tree();
    home.run(&["apply", "--yes", "--shell", "zsh", "--file", "~/x.zsh"]).code(3).err_has("is not expanded");
    home.unchanged(&before);
}

#[test]
fn the_lock_never_writes_into_another_file() {
    let home = Home::with_go();
    apply(&home, "bash");
    home.file("notes", "precious").mode("notes", 0o600);
    let lock = home.path(".local/state/goenv-setup/lock");
    fs_err::remove_file(&lock).expect("it is there");
    fs_err::hard_link(home.path("notes"), &lock).expect("a new name");
    home.run(&["uninstall", "--yes"]).code(3).err_has("hint: ");
    assert_eq!(home.read("notes").as_deref(), Some(&b"precious"[..]));
}

#[test]
fn a_receipt_puts_no_block_into_a_file_of_somebody_else() {
    let home = Home::with_go();
    apply(&home, "bash");
    let old = b"* * * * * true\n".to_vec();
    let new = fence::put(&old, old.len(), b"#", b"touch /tmp/pwned\n", 0);
    home.file("crontab", &old);
    let id = "20300101T000000.000000Z-1-0";
    let folder = home.path(format!(".local/state/goenv-setup/backups/{id}"));
    fs_err::create_dir(&folder).expect("a new folder");
    fs_err::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).expect("ours");
    let file = home.path("crontab");
    let owner = fs_err::metadata(&file).expect("it is there");
    let receipt = format!(
        r#"{{"schema":1,"id":"{id}","time":"2030-01-01T00:00:00Z","unix_time":1893456000,"command":"apply",
            "version":"0.1.0","files":[{{"asked":"{file}","real":"{file}","shell":"bash","named":true,
            "temp":".goenv-setup-{id}-0~","before":{{"state":"file","crc32":{},"size":{},"mode":420,"uid":{},"gid":{},
            "mtime":1,"mtime_nanos":0,"backup":"file-0"}},"after":{{"state":"file","crc32":{},"size":{}}}}}]}}"#,
        crc32fast::hash(&new),
        new.len(),
        owner.uid(),
        owner.gid(),
        crc32fast::hash(&old),
        old.len(),
        file = file.display(),
    );
    for (name, bytes) in [("file-0", &new[..]), ("receipt.json", receipt.as_bytes())] {
        fs_err::write(folder.join(name), bytes).expect("written");
        fs_err::set_permissions(folder.join(name), std::fs::Permissions::from_mode(0o600)).expect("ours");
    }
    home.run(&["backups"]).code(1).out_has(id);
    home.run(&["uninstall", "--yes"]).err_has("no startup file of this home");
    assert_eq!(home.read("crontab"), Some(old));
    home.run(&["restore", "--yes", "2030"]).code(3);
}

#[test]
fn a_signal_at_the_question_gives_the_terminal_back() {
    if !need("timeout") {
        return;
    }
    let home = Home::with_go();
    let before = home.tree();
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        let ask = format!("timeout --foreground -s {signal} 1 \"$0\" apply --shell zsh >/dev/null; stty -a");
        let (_, screen) = home.tty_script(&ask).end();
        assert!(screen.contains("[y/N]"), "{signal}: {screen}");
        assert!(screen.contains("isig icanon") && screen.contains(" icrnl"), "{signal}: {screen}");
    }
    home.unchanged(&before);
}
