use super::*;

/// A process from one line: an optional mark for what it reads (`<` something else than a terminal, `?` cannot be told,
/// `?j` the same with job control, `?n` the same without), then its words, separated by single blanks.
fn process(line: &str) -> Process {
    let (mark, words) = match line.split_once(' ') {
        Some((mark @ ("<" | "?" | "?j" | "?n"), words)) => (mark, words),
        _ => ("", line),
    };
    let stdin = match mark {
        "" => Stdin::Terminal,
        "<" => Stdin::Other,
        _ => Stdin::Unknown,
    };
    let job_control = match mark {
        "?j" => Some(true),
        "?n" => Some(false),
        _ => None,
    };
    Process { pid: 2, argv: words.split(' ').map(|w| w.as_bytes().to_vec()).collect(), exe: None, stdin, job_control }
}

fn walk(chain: &[&str]) -> Option<(String, bool)> {
    let parents: Vec<Process> = chain.iter().map(|line| process(line)).collect();
    detect(None, &parents, None, None, Platform::Linux, &[]).map(|found| (found.name, found.login))
}

#[test]
fn the_users_shell_is_found() {
    for (chain, name, login) in [
        // Terminals.
        (&["zsh"][..], "zsh", false),
        (&["-zsh"], "zsh", true),
        (&["-bash"], "bash", true),
        (&["bash"], "bash", false),
        (&["-sh"], "sh", true),
        (&["-dash"], "dash", true),
        (&["-fish"], "fish", true),
        (&["-tcsh"], "tcsh", true),
        (&["-csh"], "csh", true),
        (&["-ksh93"], "ksh93", true),
        (&["-mksh"], "mksh", true),
        (&["-yash"], "yash", true),
        (&["-ash"], "ash", true),
        (&["/usr/bin/zsh", "kitty"], "zsh", false),
        (&["/bin/bash", "/usr/libexec/gnome-terminal-server"], "bash", false),
        (&["-/bin/zsh"], "zsh", true),
        (&["/usr/local/bin/zsh-5.9"], "zsh", false),
        (&["bash-5.2 -l"], "bash", true),
        (&["ZSH -l"], "zsh", true),
        (&["rbash"], "bash", false),
        (&["-rzsh"], "zsh", true),
        (&["rksh -i"], "ksh", false),
        (&["rksh93"], "ksh93", false),
        (&["-rmksh"], "mksh", true),
        (&["mksh-static -l"], "mksh", true),
        (&["lksh"], "lksh", false),
        (&["-oksh"], "oksh", true),
        (&["ksh -o vi"], "ksh", false),
        (&["ksh93 -R /tmp/xref -i"], "ksh93", false),
        (&["ksh93 --login_shell"], "ksh93", true),
        (&["ksh93 -o login_shell"], "ksh93", true),
        (&["mksh -T /dev/tty3"], "mksh", false),
        (&["mksh -T- script", "zsh"], "zsh", false),
        (&["yash -o login -i"], "yash", true),
        (&["zsh -l"], "zsh", true),
        (&["zsh --login"], "zsh", true),
        (&["bash -login"], "bash", true),
        (&["bash --login -i"], "bash", true),
        (&["zsh -o login"], "zsh", true),
        (&["zsh -ologin -i"], "zsh", true),
        (&["bash -o vi"], "bash", false),
        (&["bash -O globstar +O extglob"], "bash", false),
        (&["bash +o history -i"], "bash", false),
        (&["bash -norc"], "bash", false),
        (&["bash -noprofile -norc"], "bash", false),
        (&["bash --rcfile /tmp/rc"], "bash", false),
        (&["bash --rcfile /tmp/rc -il"], "bash", true),
        (&["zsh -f"], "zsh", false),
        (&["zsh --emulate sh -l"], "zsh", true),
        (&["zsh -i --"], "zsh", false),
        (&["bash -"], "bash", false),
        (&["yash --rcfile=/tmp/x --login"], "yash", true),
        // Editors.
        (&["/usr/bin/bash --init-file /usr/share/code/shellIntegration-bash.sh", "code --type=ptyHost"], "bash", false),
        (&["/bin/zsh -il", "Code Helper"], "zsh", true),
        (&["/bin/zsh -i", "code"], "zsh", false),
        (&["< bash -i", "emacs"], "bash", false),
        (&["fish --init-command source-integration", "code"], "fish", false),
        (&["fish -C source-integration -l"], "fish", true),
        (&["fish --init-command=x -d none"], "fish", false),
        (&["pwsh -noexit -command try"], "pwsh", false),
        (&["pwsh -NoLogo -l"], "pwsh", true),
        (&["nu -e source -l"], "nu", true),
        (&["nu --config /tmp/c.nu --login"], "nu", true),
        (&["elvish -norc"], "elvish", false),
        (&["xonsh -DX=1 -l"], "xonsh", true),
        // busybox.
        (&["busybox sh"], "sh", false),
        (&["/bin/busybox ash -l"], "ash", true),
        (&["-busybox ash"], "ash", true),
        // Somebody in between.
        (&["make", "-zsh"], "zsh", true),
        (&["sh -c goenv-setup", "make", "zsh"], "zsh", false),
        (&["sh -c goenv-setup apply", "node npx", "npm exec", "-zsh"], "zsh", true),
        (&["< sh", "-zsh"], "zsh", true),
        (&["< sh -s -- -y", "zsh -l"], "zsh", true),
        (&["< bash", "bash"], "bash", false),
        (&["< bash -s", "bash"], "bash", false),
        (&["< bash -is", "zsh"], "zsh", false),
        (&["bash -s -- -y"], "bash", false),
        (&["bash -oi vi"], "bash", false),
        (&["bash ./install.sh", "fish"], "fish", false),
        (&["bash -- ./install.sh", "fish"], "fish", false),
        (&["bash - ./install.sh", "fish"], "fish", false),
        (&["bash -e ./install.sh", "fish"], "fish", false),
        (&["bash -eo pipefail ./install.sh", "zsh"], "zsh", false),
        (&["bash --noprofile --norc -eo pipefail run.sh", "-zsh"], "zsh", true),
        (&["/bin/sh /usr/bin/xdg-thing", "zsh"], "zsh", false),
        (&["bash -lc goenv-setup", "zsh"], "zsh", false),
        (&["bash -ilc goenv-setup", "zsh"], "zsh", false),
        (&["zsh -ec goenv-setup", "-bash"], "bash", true),
        (&["bash -i -c goenv-setup", "-zsh"], "zsh", true),
        (&["fish -ic goenv-setup", "zsh"], "zsh", false),
        (&["fish --command=goenv-setup", "zsh"], "zsh", false),
        (&["fish --command goenv-setup", "zsh"], "zsh", false),
        (&["fish -C x script.fish", "zsh"], "zsh", false),
        (&["tcsh -fc goenv-setup", "zsh"], "zsh", false),
        (&["tcsh -f script.csh", "zsh"], "zsh", false),
        (&["nu --commands goenv-setup", "zsh"], "zsh", false),
        (&["elvish -c goenv-setup", "zsh"], "zsh", false),
        (&["pwsh -Command goenv-setup", "zsh"], "zsh", false),
        (&["pwsh -File x.ps1", "zsh"], "zsh", false),
        (&["yash --cmdline goenv-setup", "zsh"], "zsh", false),
        (&["busybox sh -c x", "zsh"], "zsh", false),
        (&["busybox make", "zsh"], "zsh", false),
        (&["zsh -oerrexit script.zsh", "dash"], "dash", false),
        (&["sudo -i", "-bash"], "bash", true),
        (&["env A=b goenv-setup", "tmux: server", "zsh"], "zsh", false),
        (&["-zsh", "login -pf me", "Terminal"], "zsh", true),
        (&["-bash", "sshd: me@pts/0", "sshd"], "bash", true),
        (&["bash.exe", "zsh"], "zsh", false),
        (&["bash-language-server", "zsh"], "zsh", false),
        (&["zsh", "-bash"], "zsh", false),
        // Standard input cannot be told, as on macOS.
        (&["? -zsh"], "zsh", true),
        (&["? zsh"], "zsh", false),
        (&["?j zsh"], "zsh", false),
        (&["?n sh", "?j -zsh"], "zsh", true),
        (&["?n -zsh"], "zsh", true),
        (&["?n bash -i"], "bash", false),
        (&["? sh -s -- -y", "?j -zsh"], "zsh", true),
        (&["?j zsh -is"], "zsh", false),
    ] {
        assert_eq!(walk(chain), Some((name.to_owned(), login)), "{chain:?}");
    }
}

#[test]
fn nobody_sits_there() {
    for chain in [
        &[][..],
        &["systemd"],
        &["/bin/sh -c goenv-setup", "cron"],
        &["< sh", "cron"],
        &["?n sh", "launchd"],
        &["bash script.sh"],
        &["< zsh -s script"],
        &["busybox"],
        &["", "-", "--", "/", "-/"],
    ] {
        assert_eq!(walk(chain), None, "{chain:?}");
    }
}

#[test]
fn the_file_tells_where_the_name_does_not() {
    let mut su = process("-su");
    su.exe = Some("/usr/bin/bash".into());
    let found = detect(None, &[su.clone()], None, None, Platform::Linux, &[]).unwrap();
    assert_eq!((found.name.as_str(), found.login), ("bash", true));

    su.argv.clear();
    su.exe = Some("/usr/bin/zsh-5.9".into());
    let found = detect(None, &[su.clone()], None, None, Platform::Linux, &[]).unwrap();
    assert_eq!(found.line(), "zsh, not login (parent process /usr/bin/zsh-5.9)");

    // What it calls itself wins: bash as `sh` reads the files of sh.
    su.argv = vec![b"sh".to_vec()];
    su.exe = Some("/usr/bin/bash".into());
    assert_eq!(detect(None, &[su], None, None, Platform::Linux, &[]).unwrap().name, "sh");
}

/// `ksh` is ksh93 here and mksh there.
#[test]
fn what_is_called_ksh() {
    let kshs: [(PathBuf, &str); 3] =
        [("/bin/ksh".into(), "mksh"), ("/opt/bin/ksh".into(), "ksh93"), ("/opt/old/ksh".into(), "oksh")];
    let found = |asked, parents: &[Process], env: Option<&str>| {
        let found = detect(asked, parents, env.map(Path::new), None, Platform::Linux, &kshs).unwrap();
        (found.name, found.login, found.from)
    };
    let ksh = |argv, exe: Option<&str>| Process { exe: exe.map(PathBuf::from), ..process(argv) };
    for (exe, name) in [
        (Some("/usr/bin/ksh93"), "ksh93"),
        (Some("/usr/bin/lksh"), "lksh"),
        (Some("/opt/bin/ksh"), "ksh93"),
        (Some("/opt/old/ksh"), "oksh"),
        (Some("/elsewhere/ksh"), "mksh"),
        (None, "mksh"),
    ] {
        for argv in ["-ksh", "-rksh"] {
            assert_eq!(found(None, &[ksh(argv, exe)], None).0, name, "{argv} {exe:?}");
        }
    }
    assert_eq!(found(None, &[], Some("/opt/bin/ksh")).0, "ksh93");
    assert_eq!(found(None, &[], Some("/bin/ksh")).0, "mksh");
    assert_eq!(found(Some("ksh"), &[], None).0, "mksh");
    assert_eq!(found(Some("/opt/bin/ksh"), &[], None).0, "ksh93");
    let running = [ksh("-ksh", Some("/usr/bin/mksh"))];
    assert_eq!(found(Some("ksh"), &running, None), ("mksh".into(), true, "--shell; parent process -ksh".into()));
    assert!(found(Some("mksh"), &running, None).1);
    assert_eq!(found(Some("ksh93"), &running, None), ("ksh93".into(), false, "--shell".into()));
    let running = [ksh("-ksh", Some("/opt/bin/ksh"))];
    assert_eq!(found(Some("ksh"), &running, None).0, "ksh93", "the one that runs, not the one that is installed");
    let none = detect(Some("ksh"), &[], None, None, Platform::Linux, &[]).unwrap();
    assert_eq!(crate::shells::by_name(&none.name).unwrap().name(), "ksh93");
}

#[test]
fn the_order_of_sources_and_their_words() {
    let (zsh, bash) = (Path::new("/bin/zsh"), Path::new("/usr/bin/bash"));
    let login = [process("sh -c x"), process("-zsh")];
    let line = |asked, parents: &[Process], env, passwd, platform| {
        detect(asked, parents, env, passwd, platform, &[]).map(|found| found.line()).unwrap_or_default()
    };
    for (got, wanted) in [
        (line(None, &[process("-zsh")], Some(bash), None, Platform::Linux), "zsh, login (parent process -zsh)"),
        (line(None, &login, Some(bash), None, Platform::Linux), "zsh, login (ancestor process -zsh)"),
        (
            line(None, &[], Some(bash), Some(zsh), Platform::Linux),
            "bash, not login (SHELL=/usr/bin/bash; terminals here do not start login shells)",
        ),
        (
            line(None, &[], None, Some(zsh), Platform::MacOs),
            "zsh, login (user database: /bin/zsh; terminals here start login shells)",
        ),
        (
            line(Some("bash"), &login, Some(zsh), Some(zsh), Platform::Linux),
            "bash, not login (--shell; terminals here do not start login shells)",
        ),
        (line(Some("zsh"), &login, None, None, Platform::Linux), "zsh, login (--shell; ancestor process -zsh)"),
        (
            line(Some("/bin/ZSH"), &[process("zsh")], None, None, Platform::MacOs),
            "zsh, not login (--shell; parent process zsh)",
        ),
        (line(None, &[], Some(Path::new("/usr/sbin/nologin")), Some(Path::new("/bin/false")), Platform::Linux), ""),
        (
            line(None, &[], Some(Path::new("/opt/Oil/osh")), None, Platform::Linux),
            "osh, not login (SHELL=/opt/Oil/osh; terminals here do not start login shells)",
        ),
    ] {
        assert_eq!(got, wanted);
    }
}

#[test]
fn long_command_lines_are_cut() {
    let long = format!("bash --init-file /{}", "ü".repeat(100));
    let found = detect(None, &[process(&long)], None, None, Platform::Linux, &[]).unwrap();
    assert!(found.from.ends_with("üü…"), "{}", found.from);
    assert_eq!(found.from.chars().count(), "parent process ".len() + SHOWN + 1);
}

#[test]
fn odd_bytes_do_not_panic() {
    for argv in
        [vec![], vec![vec![]], vec![b"\xff\xfe".to_vec()], vec![b"zsh".to_vec(), b"-\xff".to_vec(), b"".to_vec()]]
    {
        let process = Process { pid: 1, argv, exe: None, stdin: Stdin::Unknown, job_control: None };
        let _ = detect(None, &[process], None, None, Platform::Linux, &[]);
    }
    assert_eq!(walk(&["bash -o"]), Some(("bash".to_owned(), false)));
    assert_eq!(walk(&["bash --rcfile"]), Some(("bash".to_owned(), false)));
}
