use proptest::prelude::*;

use super::*;
use crate::shells;

fn variables() -> Vec<String> {
    ["PATH", "GOPATH"].map(str::to_owned).into()
}

/// A trace, read as that of a shell whose start reads `/h/rc`.
fn told(shell: &str, log: &[u8], files: &[(&str, &str)], last: Option<&[Value]>) -> Told {
    let shell = shells::by_name(shell).unwrap();
    let tracing = shell.tracing();
    let variables = variables();
    let inherited = [Some(b"/bin".to_vec()), None];
    let startup = ["/h/rc".into()];
    let files: Vec<(PathBuf, Vec<u8>)> =
        files.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect();
    let ground = Ground {
        tracing: &tracing,
        dialect: shell.dialect(),
        token: "T",
        variables: &variables,
        inherited: &inherited,
        last,
        startup: &startup,
        home: Path::new("/h"),
        files: &files,
    };
    for file in super::files(log, &ground) {
        assert!(file.is_absolute(), "{}", file.display());
    }
    read(log, &ground)
}

/// `file:lines after`, for each change of PATH.
fn path_lines(told: &Told) -> Vec<String> {
    let text =
        |value: &Value| value.as_ref().map_or("unset".into(), |value| String::from_utf8_lossy(value).into_owned());
    let line = |change: &Change| {
        let place = change.place.as_ref();
        let place = place.map_or("-".to_owned(), |place| format!("{}:{:?}", place.file.display(), place.lines));
        format!("{place} {}", text(&change.after))
    };
    told.changes.iter().filter(|change| change.variable == 0).map(line).collect()
}

#[test]
fn a_value_that_differs_was_changed_by_the_command_before() {
    let log = b"noise\n+T|/h/rcT|1T|/h/rcT|0T|=/binT|T>PATH=/a:/bin\n+T|/h/rcT|2T|/h/rcT|0T|=/a:/binT|T>true\n\
                +T|/h/rcT|3T|/h/rcT|1T|=/a:/binT|T>PATH=/sub\n+T|/h/rcT|3T|/h/rcT|1T|=/subT|T>ls\n\
                +T|/h/rcT|3T|/h/rcT|0T|=/a:/binT|T>unset PATH\n+T|/h/rcT|4T|/h/rcT|0T|T|=/gT>true\n+T|/h/rcT|5";
    let told = told("zsh", log, &[], None);
    assert_eq!(path_lines(&told), ["/h/rc:[1] /a:/bin", "/h/rc:[3] unset"]);
    assert_eq!(told.last, Some(Place { file: "/h/rc".into(), lines: vec![4] }));
    assert_eq!(told.values, [None, Some(b"/g".to_vec())]);
}

#[test]
fn what_was_not_told_is_said_to_be_so() {
    let log = b"+T|/h/rcT|7T|sourceT|0T|=/binT|T>set +x\n";
    let last = [Some(b"/x".to_vec()), None];
    let told = told("bash", log, &[], Some(&last));
    assert_eq!(path_lines(&told), ["/h/rc:[7] /x"]);
    assert_eq!(told.changes[0].sure, Sure::Runs);
}

#[test]
fn a_shell_that_names_no_file_is_followed() {
    let files = [("/h/rc", "PATH=$HOME/a\n. ~/b\nPATH=/c\n"), ("/h/b", "# b\nPATH=/b:$PATH\n")];
    let log = b"+T|TTT".to_vec();
    assert!(told("dash", &log, &files, None).changes.is_empty());
    let record = |value: &str, text: &str| format!("+T|T|T|T|T|={value}T|T>{text}\n");
    let log = [
        record("/h/a", "PATH=/h/a"),
        record("/h/a", ". /h/b"),
        record("/b:/h/a", "PATH=/b:/h/a"),
        record("/c", "PATH=/c"),
    ];
    let told = told("dash", log.concat().as_bytes(), &files, None);
    assert_eq!(path_lines(&told), ["/h/rc:[1] /h/a", "/h/b:[2] /b:/h/a", "/h/rc:[3] /c"]);
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: Vec<&[u8]> = vec![
        b"+T|",
        b"T|",
        b"T>",
        b"=",
        b"/h/rc",
        b"1",
        b"PATH",
        b"PATH=/x",
        b"path=(",
        b" )",
        b"\n",
        b"> ",
        b"-",
        b"---> ",
        b"set ",
        b"set -gx PATH /a",
        b"set -e PATH[1]",
        b"set -e PATH[-9]",
        b"source ",
        b". ",
        b"setenv PATH /a",
        b"function f",
        b"f",
        b"eval ",
        b"export ",
        b"unset PATH",
        b"'",
        b"\"",
        b"\\",
        b"$",
        b"${",
        b"`",
        b"(",
        b")",
        b"<<X",
        b"~",
        b"/h/b",
        b"fish_user_paths",
        b" ",
        b"set path = ( ",
        b"goto ;",
        b"__report",
        b"(eval)",
        b"config.fish",
        b"#",
    ];
    let known: Vec<Vec<u8>> = known.into_iter().map(<[u8]>::to_vec).collect();
    prop_oneof![8 => proptest::sample::select(known), 1 => proptest::collection::vec(any::<u8>(), 0..6)]
}

proptest! {
    /// Whatever a shell and its files say, it is read, and no line is named that a file does not have.
    #[test]
    fn any_bytes_are_read(
        log in proptest::collection::vec(piece(), 0..60),
        rc in proptest::collection::vec(piece(), 0..30),
        more in proptest::collection::vec(piece(), 0..30),
        last in proptest::option::of(proptest::option::of(piece())),
    ) {
        let (rc, more) = (String::from_utf8_lossy(&rc.concat()).into_owned(), String::from_utf8_lossy(&more.concat()).into_owned());
        let files = [("/h/rc", &rc[..]), ("/h/b", &more[..])];
        let last = last.map(|value| [value, None]);
        for shell in shells::ALL {
            let told = told(shell.name(), &log.concat(), &files, last.as_ref().map(<[Value; 2]>::as_slice));
            prop_assert_eq!(told.values.len(), 2);
            if let Some([Some(value), _]) = &last {
                prop_assert_eq!(told.values[0].as_ref(), Some(value), "{}", shell.name());
            }
            // Each change begins with what the one before left.
            let mut now: Vec<Value> = vec![Some(b"/bin".to_vec()), None];
            for change in &told.changes {
                prop_assert_eq!(&now[change.variable], &change.before);
                now[change.variable].clone_from(&change.after);
            }
            prop_assert_eq!(&now, &told.values);
        }
    }
}

/// That a line is run often says nothing of each of the commands in it. The command before says something.
#[test]
fn of_two_lines_that_look_the_same_either_may_be_it() {
    let record = |value: &str, text: &str| format!("+T|T|T|T|T|={value}T|T>{text}\n");
    let log = [record("/a", "PATH=/a"), record("/a", "GOPATH=1"), record("/c", "PATH=/c")];
    for (text, line) in [
        ("PATH=/a; GOPATH=1\n[ -d /y ] && PATH=/c\n[ -d /x ] && PATH=/c\n", "/h/rc:[2, 3] /c"),
        ("PATH=/a; GOPATH=1; PATH=/c\n[ -d /x ] && PATH=/c\n", "/h/rc:[1] /c"),
    ] {
        let told = told("dash", log.concat().as_bytes(), &[("/h/rc", text)], None);
        assert_eq!(path_lines(&told), ["/h/rc:[1] /a", line]);
    }
}
