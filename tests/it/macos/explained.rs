//! `explain` names the line of Apple's files that runs `path_helper`, and says that it is what puts the system in front.

use serde_json::Value;

use super::stage;

#[test]
fn path_helper_is_named_by_its_line() {
    let Some(stage) = stage() else { return };
    let zsh = if std::path::Path::new("/etc/zsh").is_dir() { "/etc/zsh/zprofile" } else { "/etc/zprofile" };
    let bin = stage.bin().display().to_string();
    stage.home.file(".zshenv", "export PATH=~/sdk/go/bin:$PATH\n");
    for (shell, mode, file, line) in [
        ("zsh", "login-interactive", zsh, 7),
        ("zsh", "login", zsh, 7),
        ("bash", "login-interactive", "/etc/profile", 4),
        ("dash", "login", "/etc/profile", 4),
        ("ksh93", "login", "/etc/profile", 4),
        ("mksh", "login-interactive", "/etc/profile", 4),
        ("tcsh", "login-interactive", "/etc/csh.login", 4),
        ("csh", "login-interactive", "/etc/csh.login", 4),
    ] {
        let ran = stage.run(&["explain", "--shell", shell, "--mode", mode, "--json"]).ok();
        let told: Value = serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{ran}"));
        let changes = told["changes"].as_array().expect("a list");
        let last = changes.last().unwrap_or_else(|| panic!("{shell} {mode}: {told}"));
        assert_eq!((last["file"].as_str(), last["line"].as_u64()), (Some(file), Some(line)), "{shell} {mode}: {told}");
        let words: Vec<&str> =
            last["did"].as_array().expect("a list").iter().filter_map(|did| did["what"].as_str()).collect();
        if shell == "zsh" {
            assert!(words.contains(&"reordered") && changes.len() == 2, "{shell} {mode}: {told}");
            assert_eq!(changes[0]["did"][0]["entries"][0], bin.as_str(), "{told}");
            assert_eq!(told["gos"][1]["go"], format!("{bin}/go"), "the old one hides it: {told}");
            assert_eq!(
                (&told["gos"][0]["from"]["file"], &told["gos"][0]["from"]["line"]),
                (&file.into(), &line.into())
            );
        } else {
            assert!(words.contains(&"inserted") && !words.contains(&"set"), "{shell} {mode}: {told}");
        }
    }
}
