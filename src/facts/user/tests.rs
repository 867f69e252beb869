use super::*;

fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn at(home: &Path) -> Result<User, UserError> {
    look(Some(home), me(), &Sudo::default())
}

#[test]
fn a_home_of_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("link");
    std::os::unix::fs::symlink(dir.path(), &link).unwrap();
    let user = at(&link).unwrap();
    assert_eq!(user.home, link);
    assert_eq!(user.real_home, dir.path().canonicalize().unwrap());
    assert_eq!(user.euid, me());
    assert_eq!(user.sudo_user, None);
    let name = ask("id", &["-un"]).unwrap();
    assert_eq!(user.name.unwrap().as_bytes(), name.trim_ascii_end());
}

#[test]
fn no_home() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs_err::write(&file, "").unwrap();
    let error = look(None, me(), &Sudo::default()).unwrap_err();
    assert!(matches!(error.what, HomeError::Unset));
    let known = Entry::of(me()).unwrap().home;
    assert_eq!(error.known_home, known.is_dir().then_some(known));
    assert!(matches!(at(Path::new("some/home")).unwrap_err().what, HomeError::Relative(_)));
    assert!(matches!(at(&dir.path().join("none")).unwrap_err().what, HomeError::Missing(_)));
    assert!(matches!(at(&file).unwrap_err().what, HomeError::NotAFolder(_)));
    assert!(matches!(at(&file.join("below")).unwrap_err().what, HomeError::NotAFolder(_)));
    let error = at(Path::new("some/home")).unwrap_err();
    assert_eq!(error.to_string(), "cannot use `some/home` as home folder: `HOME` is a relative path");
}

#[test]
fn a_home_of_somebody_else() {
    let dir = tempfile::tempdir().unwrap();
    let stranger = 3_999_999_999;
    let error = look(Some(dir.path()), stranger, &Sudo::default()).unwrap_err();
    let owner = Entry::of(me()).unwrap().name;
    let text =
        format!("cannot use `{}` as home folder: it belongs to {owner}, not to #{stranger}", dir.path().display());
    assert_eq!(error.to_string(), text);
    assert_eq!(error.hint("goenv-setup apply"), format!("run it as the owner: `sudo -H -u {owner} goenv-setup apply`"));
}

#[test]
fn hints_can_be_copied() {
    let foreign = |owner: &str, through_sudo| UserError {
        what: HomeError::Foreign { home: "/home/bob".into(), owner: owner.into(), me: "root".into(), through_sudo },
        known_home: None,
    };
    assert_eq!(foreign("bob", true).hint("goenv-setup apply"), "run it without sudo: `goenv-setup apply`");
    assert_eq!(foreign("#1000", false).hint("x"), "run it as the owner: `sudo -H -u '#1000' x`");
    let unset = UserError { what: HomeError::Unset, known_home: Some("/home/it's me".into()) };
    assert_eq!(unset.hint("x"), r"name your own home: `HOME='/home/it'\''s me' x`");
}

#[test]
fn sudo_names_its_caller() {
    let caller =
        |uid: Option<&str>, user: Option<&str>| Sudo { uid: uid.map(Into::into), user: user.map(Into::into) }.caller();
    assert_eq!(caller(Some("1000"), Some("bob")).as_deref(), Some("bob"));
    assert_eq!(caller(Some("1000"), None).as_deref(), Some("#1000"));
    assert_eq!(caller(None, Some("bob")).as_deref(), Some("bob"));
    assert_eq!(caller(Some("0"), Some("root")), None);
    assert_eq!(caller(Some("0"), Some("toor")), None);
    assert_eq!(caller(None, None), None);
}

#[test]
fn lines_of_the_user_database() {
    let linux = Entry::parse(b"bob:x:1000:1000:Bob,,,:/home/bob:/bin/zsh").unwrap();
    let macos = Entry::parse(b"bob:********:1000:20::0:0:Bob B:/home/bob:/bin/zsh").unwrap();
    assert_eq!(linux, macos);
    assert_eq!((linux.uid, linux.name.as_str(), linux.shell), (1000, "bob", Some("/bin/zsh".into())));
    assert_eq!(Entry::parse(b"bob:x:1000:1000::/home/bob:").unwrap().shell, None);
    for line in [
        &b""[..],
        b"+::::::",
        b"# User Database",
        b"bob:x:many:1000::/home/bob:/bin/sh",
        b"a:b",
        b"a:x:1:1:one:more:/home/a:/bin/sh",
        b":x:1:1::/:/",
    ] {
        assert_eq!(Entry::parse(line), None, "{}", line.escape_ascii());
    }
}
