//! `--json`: one document on standard output, whatever happens, with the real exit code and no line of the user's own.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use goenv_setup::text::json_bytes::JsonBytes;
use serde_json::{Value, json};

use crate::support::{Home, Ran};

/// Stands in every file of the user's, right above and below where the block comes.
const SECRET: &str = "hunter2";

const APPLY: &[&str] = &["apply", "--shell", "zsh", "--json"];

/// A home whose files hold secrets: on their first and last lines, and in lines of the user's own that set Go's variables.
fn home() -> Home {
    let home = Home::with_go();
    for file in [".zshrc", ".zprofile", ".bashrc", ".profile"] {
        home.file(file, format!("export TOKEN={SECRET}\nexport GOPATH=/{SECRET}\nlast={SECRET}\n"));
    }
    home
}

/// The one document on standard output, which names the command and the exit code.
#[track_caller]
fn document(ran: &Ran, command: &str, exit: i32, result: &str) -> Value {
    let one: Result<Value, _> = serde_json::from_slice(&ran.stdout);
    let one = one.unwrap_or_else(|error| panic!("not one JSON document: {error}\n{ran}"));
    assert_eq!(ran.status, exit, "{ran}");
    let head = ["schema", "command", "exit", "result"].map(|key| one[key].clone());
    assert_eq!(head, [json!(1), json!(command), json!(exit), json!(result)], "{ran}");
    assert!(!one.to_string().contains(SECRET), "a line of the user's own\n{ran}");
    one
}

/// The states of the edits: file name and action.
fn edits(document: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().expect("a string").to_owned();
    let name = |value: &Value| word(value).rsplit('/').next().expect("a name").to_owned();
    let list = document["edits"].as_array().expect("a list");
    list.iter().map(|edit| (name(&edit["file"]), word(&edit["action"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_dry_run_and_a_check() {
    let home = home();
    let before = home.tree();
    let dry = document(&home.run(&[APPLY, &["--dry-run"]].concat()), "apply", 0, "dry run");
    let check = document(&home.run(&[APPLY, &["--check"]].concat()), "apply", 1, "would change");
    home.unchanged(&before);
    for one in [dry, check] {
        assert_eq!(edits(&one), pairs(&[(".zprofile", "insert"), (".zshrc", "insert")]));
        let block = one["edits"][1]["after"]["text"].as_str().expect("text");
        assert!(block.starts_with("# >>> goenv-setup >>> v1 ") && block.ends_with("# <<< goenv-setup <<<\n"));
        assert_eq!(one["edits"][1]["after"]["line"], 5);
        assert_eq!((&one["edits"][1]["before"], &one["backup"]), (&Value::Null, &Value::Null));
        assert_eq!(one["settings"]["gopath"], json!({"value": home.path("go"), "from": "default"}));
        assert_eq!(one["settings"]["go"]["bin"], json!(home.path("opt/go/bin")));
        assert_eq!(one["shells"][0]["name"], "zsh");
        assert_eq!(one["promises"][0]["goroot"], json!(home.path("opt/go")));
    }
}

#[test]
fn success_and_nothing_to_do() {
    let home = home();
    document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 0, "nothing to do");
    let done = document(&home.run(&[APPLY, &["-y"]].concat()), "apply", 0, "done");
    let backup = done["backup"].as_str().expect("a path");
    assert!(std::path::Path::new(backup).is_dir(), "{backup}");
    let before = home.tree();
    let again = document(&home.run(&[APPLY, &["-y"]].concat()), "apply", 0, "nothing to do");
    assert_eq!((edits(&again), &again["backup"]), (pairs(&[]), &Value::Null));
    document(&home.run(&[APPLY, &["--check"]].concat()), "apply", 0, "nothing to do");
    document(&home.run(&["uninstall", "--json", "--dry-run"]), "uninstall", 0, "dry run");
    document(&home.run(&["uninstall", "--json", "--check"]), "uninstall", 1, "would change");
    home.unchanged(&before);
    let gone = document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 0, "done");
    assert_eq!(edits(&gone), pairs(&[(".zprofile", "remove"), (".zshrc", "remove")]));
}

#[test]
fn a_question_without_a_terminal() {
    let home = home();
    let before = home.tree();
    let one = document(&home.run(APPLY), "apply", 2, "not done");
    assert!(one["refused"][0]["message"].as_str().expect("text").contains("cannot ask"), "{one}");
    assert!(one["refused"][0]["hint"].as_str().expect("text").contains("`goenv-setup apply --yes`"), "{one}");
    home.unchanged(&before);
}

#[test]
fn an_answer_at_a_terminal() {
    for (key, exit, result) in [("n", 1, "declined"), ("y", 0, "done"), ("\x03", 130, "interrupted")] {
        let home = home();
        let before = home.tree();
        let mut tty = home.tty_script(r#""$0" apply --shell zsh --json >"$TMPDIR/out"; echo "status $?""#);
        let screen = tty.sees("Apply these changes? [y/N] ");
        assert!(screen.contains("+++ b/.zshrc"), "nobody can answer what they did not see: {screen}");
        tty.types(key).sees(&format!("status {exit}\r\n"));
        let out = home.read("../tmp/out").expect("it was written");
        let one: Value = serde_json::from_slice(&out).expect("one JSON document");
        assert_eq!((&one["schema"], &one["exit"], &one["result"]), (&json!(1), &json!(exit), &json!(result)));
        if exit != 0 {
            home.unchanged(&before);
        }
    }
}

#[test]
fn refusals_name_the_file() {
    let damaged = format!("{SECRET}=1\n# >>> goenv-setup >>> v1 sum=00000000\n{SECRET}=2\n");
    let home = home();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    home.file(".zshrc", damaged);
    let before = home.tree();
    for more in [&["-y"][..], &["--dry-run"], &["--check"], &[]] {
        let one = document(&home.run(&[APPLY, more].concat()), "apply", 3, "refused");
        assert_eq!(one["refused"][0]["file"], json!(home.path(".zshrc")), "{one}");
        assert!(one["refused"][0]["message"].as_str().expect("text").contains("damaged at line 2"), "{one}");
        assert!(one["refused"][0]["hint"].is_string(), "{one}");
    }
    home.unchanged(&before);
    let one = document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 1, "done");
    assert_eq!(edits(&one), pairs(&[(".zprofile", "remove")]));
    assert_eq!(one["refused"][0]["file"], json!(home.path(".zshrc")), "{one}");
    let one = document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 3, "refused");
    assert_eq!(one["refused"][0]["file"], json!(home.path(".zshrc")), "{one}");
}

#[test]
fn other_refusals() {
    let mut home = home();
    let before = home.tree();
    document(&home.run(&["apply", "--shell", "nosuch", "--json", "-y"]), "apply", 3, "refused");
    document(&home.run(&["uninstall", "--shell", "nosuch", "--json", "-y"]), "uninstall", 3, "refused");
    document(&home.run(&["print", "--shell", "nosuch", "--json"]), "print", 3, "refused");
    document(&home.run(&[APPLY, &["--gopath", "relative"]].concat()), "apply", 3, "refused");
    document(&home.run(&["print", "--shell", "zsh", "--gopath", "~/x", "--json"]), "print", 3, "refused");
    home.unset("HOME");
    for command in ["apply", "uninstall", "status", "print"] {
        document(&home.run(&[command, "--json"]), command, 3, "refused");
    }
    home.unchanged(&before);
}

#[test]
fn a_block_edited_by_hand() {
    let home = home();
    home.run(&["apply", "--shell", "zsh", "-y"]).ok();
    let text = String::from_utf8(home.read(".zshrc").expect("it is there")).expect("text");
    home.file(".zshrc", text.replace("unset _go\n", "unset _go # mine\n"));
    let one = document(&home.run(&[APPLY, &["-y"]].concat()), "apply", 3, "refused");
    assert!(one["refused"][0]["message"].as_str().expect("text").contains("edited by hand"), "{one}");
    assert_eq!(one["refused"][0]["file"], json!(home.path(".zshrc")), "{one}");
    let one = document(&home.run(&[APPLY, &["--dry-run"]].concat()), "apply", 0, "dry run");
    assert_eq!(one["edits"][0]["edited_by_hand"], true);
    assert!(one["edits"][0]["before"]["text"].as_str().expect("text").contains("# mine"));
}

#[test]
fn a_transaction_that_failed() {
    let mut home = home();
    home.file("state", "");
    let state = home.path("state");
    home.env("XDG_STATE_HOME", state);
    let before = home.tree();
    let ran = home.run(&[APPLY, &["-y"]].concat());
    let result = if ran.status == 4 { "failed" } else { "refused" };
    assert!(matches!(ran.status, 3 | 4), "{ran}");
    document(&ran, "apply", ran.status, result);
    home.unchanged(&before);
}

#[test]
fn status_and_print() {
    let home = home();
    home.run(&["apply", "--shell", "zsh", "--shell", "bash", "-y"]).ok();
    let one = document(&home.typed_in("zsh", "\"$GOENV_SETUP\" status --json"), "status", 0, "in place");
    let states: Vec<_> = one["files"].as_array().expect("a list").iter().map(|file| &file["state"]).collect();
    assert_eq!(states, [&json!("in place"); 4], "{one}");
    fs_err::remove_file(home.path(".zshrc")).expect("it is there");
    home.file(".bashrc", format!("{SECRET}=1\n# >>> goenv-setup >>> v9\n{SECRET}=2\n# <<< goenv-setup <<<\n"));
    let one = document(&home.typed_in("zsh", "\"$GOENV_SETUP\" status --json"), "status", 1, "not as wished");
    assert!(one["files"].to_string().contains("\"newer\""), "{one}");
    let one = document(&home.run(&["print", "--shell", "zsh", "--json"]), "print", 0, "done");
    assert_eq!(one["shell"], "zsh");
    let printed = home.run(&["print", "--shell", "zsh"]).ok().stdout;
    assert_eq!(one["block"].as_str().map(str::as_bytes), Some(&printed[..]));
}

#[test]
fn paths_that_are_not_text_are_base64() {
    let mut home = Home::named_with_go(b"h\xff me");
    let zdotdir = home.path(OsStr::from_bytes(b"z\xfe"));
    home.env("ZDOTDIR", zdotdir.clone());
    let base64 = |path: std::path::PathBuf| serde_json::to_value(JsonBytes(path.into_os_string().into_encoded_bytes()));
    let base64 = |path| base64(path).expect("a value");
    let one = document(&home.run(&[APPLY, &["-y"]].concat()), "apply", 0, "done");
    assert!(one["edits"][0]["file"]["base64"].is_string(), "{one}");
    assert_eq!(one["edits"][0]["file"], base64(zdotdir.join(".zprofile")));
    assert_eq!(one["edits"][1]["real"], base64(zdotdir.join(".zshrc")));
    assert_eq!(one["settings"]["go"]["bin"], base64(home.path("opt/go/bin")));
    assert_eq!(one["settings"]["gopath"]["value"], base64(home.path("go")));
    assert!(one["backup"]["base64"].is_string(), "{one}");
    let one = document(&home.typed_in("zsh", "\"$GOENV_SETUP\" status --json"), "status", 0, "in place");
    assert_eq!(one["home"], base64(home.path("")));
    let one = document(&home.run(&["print", "--shell", "zsh", "--gopath", "/x", "--json"]), "print", 0, "done");
    assert!(one["block"].is_string(), "the block has `$HOME`: {one}");
    document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 0, "done");
}

#[test]
fn the_shells_complaint_shows_no_line_of_the_users() {
    if !crate::support::need("bash") {
        return;
    }
    let home = home();
    home.run(&["apply", "--shell", "bash", "-y"]).ok();
    let text = String::from_utf8(home.read(".bashrc").expect("it is there")).expect("text");
    let begin = text.find("# >>>").expect("a block");
    home.file(".bashrc", format!("{}if true; then\n{}fi # {SECRET}\n", &text[..begin], &text[begin..]));
    let one = document(&home.run(&["uninstall", "--json", "-y"]), "uninstall", 1, "done");
    assert!(one["refused"][0]["message"].as_str().expect("text").contains("syntax error"), "{one}");
}

#[test]
fn quiet_and_colour_do_not_change_the_document() {
    let home = home();
    let plain = home.run(&[APPLY, &["--dry-run"]].concat()).ok().stdout;
    let quiet = home.run(&[APPLY, &["--dry-run", "-q", "--color", "always"]].concat()).ok();
    assert_eq!(quiet.stdout, plain);
}
