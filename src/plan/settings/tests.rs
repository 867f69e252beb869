use super::paths::parent;
use super::*;
use crate::facts::GoDir;
use crate::plan::binary::Form;
use crate::plan::request::Source;

/// A folder with Go in it: a root of its own where `rooted`.
fn dir(bin: &str, rooted: bool) -> GoDir {
    let bin = PathBuf::from(bin);
    let root = rooted.then(|| parent(&bin));
    let version = Some("go1.27.3".to_owned());
    GoDir {
        has_go: true,
        real_go: Some(bin.join("go")),
        real_root: root.clone(),
        root,
        version,
        program: None,
        flaw: None,
        has_version: rooted,
        has_tools: rooted,
        bin,
    }
}

fn nothing(bin: &str) -> GoDir {
    GoDir { bin: bin.into(), ..GoDir::default() }
}

#[derive(Default)]
struct Case {
    request: Request,
    carried: Option<Carried>,
    env: Env,
    go: GoFacts,
}

impl Case {
    fn choose(&self) -> (Result<Settings, Refusal>, Vec<Note>) {
        let home = Path::new("/home/me");
        let (request, carried) = (&self.request, self.carried.as_ref());
        let ground = Ground { request, carried, env: &self.env, go: &self.go, home, real_home: home };
        let mut notes = Vec::new();
        let chosen = choose(&ground, &mut notes);
        (chosen, notes)
    }

    /// The folder of `go`, GOROOT and where they are from.
    fn go(&self) -> (Option<String>, Option<String>, Source) {
        let go = self.choose().0.unwrap().go;
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        (go.value.bin.map(text), go.value.goroot.map(text), go.from)
    }

    fn refused(&self) -> String {
        self.choose().0.unwrap_err().what
    }
}

fn some(bin: &str, root: &str, from: Source) -> (Option<String>, Option<String>, Source) {
    (Some(bin.to_owned()), (!root.is_empty()).then(|| root.to_owned()), from)
}

#[test]
fn the_order_of_sources() {
    let mut case = Case::default();
    assert_eq!(case.go(), some("/usr/local/go/bin", "/usr/local/go", Source::Default));
    assert!(case.choose().1[0].text.contains("does nothing until Go is there"));
    case.go.well_known = vec![dir("/home/me/.local/go/bin", true)];
    assert_eq!(case.go(), some("/home/me/.local/go/bin", "/home/me/.local/go", Source::WellKnown));
    case.go.on_path = vec![dir("/usr/bin", false), dir("/opt/go/bin", true)];
    assert_eq!(case.go(), some("/usr/bin", "", Source::Path));
    case.env.goroot = Some("/srv/go".into());
    case.go.asked = vec![dir("/srv/go/bin", true)];
    assert_eq!(case.go(), some("/srv/go/bin", "/srv/go", Source::Env));
    case.carried = Some(Carried {
        go: Some("/block/go/bin".into()),
        goroot: false,
        gopath: Some("/block".into()),
        ..Carried::default()
    });
    assert_eq!(case.go(), some("/block/go/bin", "", Source::Block));
    assert_eq!(case.choose().0.unwrap().gopath.value, "/block");
    case.request.goroot = Some("/flag/go/".into());
    assert_eq!(case.go(), some("/flag/go/bin", "/flag/go", Source::Flag));
    case.request.no_goroot = true;
    assert_eq!(case.go(), some("/flag/go/bin", "", Source::Flag));
}

#[test]
fn a_root_in_the_environment_must_be_one() {
    for (goroot, asked) in [("/srv/go", nothing("/srv/go/bin")), ("/srv/go", dir("/srv/go/bin", false))] {
        let env = Env { goroot: Some(goroot.into()), ..Env::default() };
        let go = GoFacts { asked: vec![asked], on_path: vec![dir("/opt/go/bin", true)], ..GoFacts::default() };
        let case = Case { env, go, ..Case::default() };
        assert_eq!(case.go(), some("/opt/go/bin", "/opt/go", Source::Path));
        assert!(case.choose().1[0].text.contains("no Go root"));
    }
}

#[test]
fn what_an_upgrade_removes_is_never_kept() {
    let stable = "/opt/homebrew/opt/go/libexec/bin";
    let mut case = Case::default();
    case.go.on_path = vec![dir("/opt/homebrew/Cellar/go/1.22.5/libexec/bin", true), dir("/usr/bin", false)];
    assert_eq!(case.go(), some("/usr/bin", "", Source::Path), "its stable name is not there");
    case.go.asked = vec![dir(stable, true)];
    assert_eq!(case.go(), some(stable, "/opt/homebrew/opt/go/libexec", Source::Path));
    case.request.goroot = Some("/opt/homebrew/Cellar/go/1.22.5/libexec".into());
    assert_eq!(case.go(), some(stable, "/opt/homebrew/opt/go/libexec", Source::Flag));
    case.go.asked = vec![nothing(stable)];
    assert!(case.refused().contains("the next upgrade removes"));
    case.request.goroot = Some("/nix/store/abc-go-1.22/share/go".into());
    assert!(case.refused().starts_with("cannot use `--goroot /nix/store"));
    case.request.goroot = None;
    case.go.on_path = vec![dir("/nix/store/abc-go-1.22/bin", false)];
    assert_eq!(case.go().2, Source::Default);
}

#[test]
fn a_versioned_folder_that_stays_gives_way_only_to_the_same_go() {
    let mut case = Case::default();
    case.go.on_path = vec![dir("/usr/lib/go-1.19/bin", true)];
    assert_eq!(case.go(), some("/usr/lib/go-1.19/bin", "/usr/lib/go-1.19", Source::Path));
    case.go.asked = vec![dir("/usr/lib/go/bin", true)];
    assert_eq!(case.go(), some("/usr/lib/go-1.19/bin", "/usr/lib/go-1.19", Source::Path), "another Go");
    case.go.asked[0].real_go = Some("/usr/lib/go-1.19/bin/go".into());
    assert_eq!(case.go(), some("/usr/lib/go/bin", "/usr/lib/go", Source::Path));
}

#[test]
fn an_environment_is_taken_only_where_there_is_no_other() {
    let venv = "/srv/venv/lib/python3.12/site-packages/go";
    let mut case = Case::default();
    case.go.on_path = vec![dir(&format!("{venv}/bin"), true)];
    assert_eq!(case.go(), some(&format!("{venv}/bin"), "", Source::Path));
    case.go.well_known = vec![dir("/usr/local/go/bin", true)];
    assert_eq!(case.go(), some("/usr/local/go/bin", "/usr/local/go", Source::WellKnown));
    case.request.goroot = Some(venv.into());
    assert_eq!(case.go(), some(&format!("{venv}/bin"), venv, Source::Flag));
    assert!(case.choose().1[0].text.contains("Python package"));
}

#[test]
fn a_version_manager_keeps_its_own() {
    let mut case = Case::default();
    case.go.on_path = vec![dir("/home/me/.gvm/gos/go1.22/bin", true), dir("/usr/local/go/bin", true)];
    assert_eq!(case.go(), (None, None, Source::Path));
    let (settings, notes) = case.choose();
    assert_eq!(
        settings.unwrap().values(Reach::All),
        Values {
            go: None,
            places: Vec::new(),
            goroot: false,
            gopath: "/home/me/go".into(),
            gobin: None,
            reach: Reach::All,
            loads: None,
        }
    );
    assert!(notes[0].text.contains("gvm"), "{notes:?}");
}

#[test]
fn a_block_whose_go_is_gone_is_kept_and_told() {
    let carried = Carried { go: Some("/usr/local/go/bin".into()), goroot: true, ..Carried::default() };
    let go = GoFacts {
        asked: vec![nothing("/usr/local/go/bin")],
        well_known: vec![dir("/home/me/sdk/it's/bin", true)],
        ..GoFacts::default()
    };
    let case = Case { carried: Some(carried), go, ..Case::default() };
    assert_eq!(case.go(), some("/usr/local/go/bin", "/usr/local/go", Source::Block));
    assert!(case.choose().1[0].text.ends_with("`goenv-setup apply --goroot \"$HOME\"'/sdk/it'\\''s'`"));
}

#[test]
fn bad_values_are_refused_with_the_reason() {
    let goroot =
        |root: &str| Case { request: Request { goroot: Some(root.into()), ..Request::default() }, ..Case::default() };
    for (root, why) in [
        ("go", "not an absolute"),
        ("~/go", "`~` is not expanded"),
        ("/a\nb", "newline"),
        ("/a:b", "colon"),
        ("", "empty"),
    ] {
        assert!(goroot(root).refused().contains(why), "{root}");
    }
    let gopath = |list: &str| Case {
        request: Request { gopath: Some(list.into()), goroot: Some("/usr/local/go".into()), ..Request::default() },
        ..Case::default()
    };
    for (list, why) in [
        ("go", "not an absolute"),
        ("/a:go", "not an absolute"),
        ("~/go", "`~` is not expanded"),
        ("/a\nb", "newline"),
        ("", "empty"),
        (":/a", "empty"),
        ("/usr/local/go/", "it is GOROOT"),
    ] {
        assert!(gopath(list).refused().contains(why), "{list}");
        let mut env =
            Case { request: Request { goroot: Some("/usr/local/go".into()), ..Request::default() }, ..Case::default() };
        env.env.gopath = Some(list.into()).filter(|list: &OsString| !list.is_empty());
        let (settings, notes) = env.choose();
        assert_eq!(settings.unwrap().gopath, Setting { value: "/home/me/go".into(), from: Source::Default });
        assert!(list.is_empty() || notes.iter().any(|note| note.text.contains(why)), "{list}: {notes:?}");
    }
    assert_eq!(gopath("/a:/b c").choose().0.unwrap().gopath.value, "/a:/b c");
    let hint = gopath("~/work").choose().0.unwrap_err().hint.unwrap();
    assert_eq!(hint, "use `goenv-setup apply --gopath \"$HOME/work\"`");
}

#[test]
fn go_unpacked_into_the_default_gopath() {
    let mut case = Case::default();
    case.request.goroot = Some("/home/me/go".into());
    let gopath = |case: &Case| case.choose().0.unwrap().gopath;
    let moved = Setting { value: "/home/me/gopath".into(), from: Source::Default };
    assert_eq!(gopath(&case), moved);
    assert!(case.choose().1.iter().any(|note| note.text.contains("GOPATH is `~/gopath`")), "{:?}", case.choose().1);
    case.request.goroot = None;
    case.go.well_known = vec![dir("/home/me/go/bin", true)];
    assert_eq!(gopath(&case), moved);
    // Through a link, too: what `go install` brings would get into the Go root.
    case.go.well_known = vec![GoDir { real_root: Some("/home/me/go".into()), ..dir("/usr/local/go/bin", true) }];
    assert_eq!(gopath(&case), moved);
    case.go.well_known = vec![dir("/usr/local/go/bin", true)];
    assert_eq!(gopath(&case).value, "/home/me/go");
    // What the user says counts as it is.
    case.go.well_known = vec![dir("/home/me/go/bin", true)];
    case.env.gopath = Some("/home/me/work".into());
    assert_eq!(gopath(&case), Setting { value: "/home/me/work".into(), from: Source::Env });
    case.request.gopath = Some("/home/me/go".into());
    assert!(case.refused().contains("it is GOROOT"));
}

#[test]
fn no_place_of_a_portable_block_is_gopath() {
    let mut case = Case::default();
    case.request.portable = Some(true);
    case.request.goroot = Some("/home/me/go".into());
    let gopath = case.choose().0.unwrap().gopath;
    assert_eq!(gopath, Setting { value: "/home/me/gopath".into(), from: Source::Default });
    // Whatever holds Go on this machine.
    case.go.asked = vec![dir("/usr/local/go/bin", true), dir("/home/me/go/bin", true)];
    assert_eq!(case.choose().0.unwrap().gopath, gopath);
    for list in ["/opt/go", "/home/me/go", "/srv:/home/me/.local/go/"] {
        case.request.gopath = Some(list.into());
        assert!(case.refused().contains("it is GOROOT"), "{list}");
    }
}

#[test]
fn a_manager_that_is_not_at_work_is_the_last_resort() {
    let mut case = Case::default();
    case.go.well_known = vec![dir("/home/me/.gvm/gos/go1.22/bin", true)];
    assert_eq!(case.go(), (None, None, Source::WellKnown));
    let (settings, notes) = case.choose();
    let go = settings.unwrap().go.value;
    assert_eq!((go.manager, go.present), (Some("gvm"), false));
    assert!(notes[0].level == crate::plan::Level::Warning && notes[0].text.contains("load gvm"), "{notes:?}");
    case.go.well_known.insert(0, dir("/usr/local/go/bin", true));
    assert_eq!(case.go(), some("/usr/local/go/bin", "/usr/local/go", Source::WellKnown));
}

#[test]
fn a_go_for_another_processor_is_told() {
    let built = |form, archs: &[&'static str]| Some(Program { form, archs: archs.to_vec() });
    let said = |program, machine| {
        let mut case = Case::default();
        case.go.machine = Some(machine);
        case.go.on_path = vec![GoDir { program, ..dir("/usr/local/go/bin", true) }];
        case.choose().1.into_iter().map(|note| note.text).collect::<String>()
    };
    let rosetta = said(built(Form::MachO, &["amd64"]), "arm64");
    assert!(rosetta.contains("Rosetta") && rosetta.contains("built for amd64"), "{rosetta}");
    assert!(said(built(Form::Elf, &["arm64"]), "amd64").contains("may not run here"));
    for (form, archs, machine) in [
        (Form::MachO, &["amd64", "arm64"][..], "arm64"),
        (Form::Elf, &["amd64"], "amd64"),
        (Form::Elf, &["386"], "amd64"),
        (Form::Script, &[], "arm64"),
    ] {
        assert_eq!(said(built(form, archs), machine), "", "{form:?} {archs:?}");
    }
    assert_eq!(said(None, "arm64"), "");
}

#[test]
fn an_old_go_is_told() {
    let mut case = Case::default();
    case.go.on_path = vec![GoDir { version: Some("go1.9.7".to_owned()), ..dir("/opt/go/bin", true) }];
    assert!(case.choose().1.iter().any(|note| note.text.starts_with("go1.9.7 is older than go1.14")));
}
