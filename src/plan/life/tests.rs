use super::*;

fn value(text: &str) -> Value {
    (!text.is_empty()).then(|| text.as_bytes().to_vec())
}

fn words(before: &str, after: &str) -> Vec<String> {
    let entries =
        |entries: &[Vec<u8>]| entries.iter().map(|entry| String::from_utf8_lossy(entry)).collect::<Vec<_>>().join(" ");
    list(&value(before), &value(after), false)
        .iter()
        .map(|did| match did {
            Did::Set => "set".to_owned(),
            Did::Unset => "unset".to_owned(),
            Did::Exported => "exported".to_owned(),
            Did::Prepended(new) => format!("prepended {}", entries(new)),
            Did::Appended(new) => format!("appended {}", entries(new)),
            Did::Inserted(new) => format!("inserted {}", entries(new)),
            Did::Lost(gone) => format!("lost {}", entries(gone)),
            Did::Reordered => "reordered".to_owned(),
            Did::Deduplicated => "deduplicated".to_owned(),
        })
        .collect()
}

#[test]
fn what_was_done_to_a_list() {
    for (before, after, did) in [
        ("/a:/b", "/x:/a:/b", &["prepended /x"][..]),
        ("/a:/b", "/a:/b:/x:/y", &["appended /x /y"]),
        ("/a:/b", "/a:/x:/b", &["inserted /x"]),
        ("/a:/b", "/x:/b:/y", &["prepended /x", "appended /y", "lost /a"]),
        ("/a:/b", "/b:/a", &["reordered"]),
        ("/a:/b:/a", "/a:/b", &["deduplicated"]),
        ("/a:/b", "/c", &["set", "lost /a /b"]),
        ("", "/c", &["set"]),
        ("/a", "", &["unset"]),
        ("/a:/b", "/a:/a:/b", &["prepended /a"]),
        ("/a:/b", "/a:/b:/a", &["appended /a"]),
        ("/a:/b:/c", "/a", &["lost /b /c"]),
    ] {
        assert_eq!(words(before, after), did, "{before} → {after}");
    }
}

#[test]
fn lines_that_throw_the_old_value_away() {
    for line in [
        "PATH=/usr/bin",
        "  export PATH=\"/a:/b\"",
        "path=(/a /b)",
        "setenv PATH /a:/b",
        "set path = (/a)",
        "set -gx PATH /a /b",
        "x && PATH=/a",
    ] {
        assert!(overwrites(line.as_bytes(), "PATH", false), "{line}");
    }
    for line in [
        "PATH=/a:$PATH",
        "path=(/a $path)",
        "setenv PATH /a:${PATH}",
        "set -gx PATH /a $PATH",
        "eval x",
        "PATH=$(helper)",
        "set -gp PATH /a",
        "set -gxp PATH /a",
        "set -gx --append PATH /a",
        "path=(\n  /a\n  $path\n)",
        "MYPATH=/a",
        "typeset -U path",
        "f PATH",
    ] {
        assert!(!overwrites(line.as_bytes(), "PATH", false), "{line}");
    }
    // What is expanded may be the old value, where that is kept; the home is not.
    for (line, overwritten) in
        [("PATH=$NEW", false), ("PATH=/a:/b", true), ("PATH=$HOME/a:/b", true), ("PATH=${HOMES}", false)]
    {
        assert_eq!(overwrites(line.as_bytes(), "PATH", true), overwritten, "{line}");
        assert!(overwrites(line.as_bytes(), "PATH", false), "{line}");
    }
}

#[test]
fn a_command_goes_on_where_something_is_open() {
    let text = b"a # it's (\nPATH='/b\nc'\nx=(\n y\n)\nz \\\n w\nlast";
    let command = |line| String::from_utf8_lossy(command_from(text, line)).into_owned();
    let expected = ["a # it's (", "PATH='/b\nc'", "x=(\n y\n)", "z \\\n w", "last", ""];
    assert_eq!([1, 2, 4, 7, 9, 12].map(command), expected);
}

fn life(values: &[&str]) -> Life {
    let changes: Vec<Change> = values
        .windows(2)
        .enumerate()
        .map(|(index, pair)| Change {
            variable: 0,
            before: value(pair[0]),
            after: value(pair[1]),
            place: Some(Place { file: "/f".into(), lines: vec![index + 1] }),
            sure: Sure::Line,
        })
        .collect();
    let last = value(values[values.len() - 1]);
    let names = ["PATH".to_owned()];
    lives(&names, &[value(values[0])], &changes, std::slice::from_ref(&last), Some(std::slice::from_ref(&last)), &[])
        .remove(0)
}

#[test]
fn which_line_brought_and_lost_a_folder() {
    let life = life(&["/usr/bin", "/go:/usr/bin", "/x:/go:/usr/bin", "/x:/usr/bin", "/x:/usr/bin:/go2"]);
    assert_eq!(life.source(b"/usr/bin"), Source::Inherited);
    assert_eq!(life.source(b"/x"), Source::Event(1));
    assert_eq!(life.lost(), [(PathBuf::from("/go"), 2)]);
    let on_path = life.on_path(&["/go2".into(), "/usr/bin".into(), "/go".into()]);
    let folders: Vec<_> = on_path.iter().map(|go| (go.folder.to_str().unwrap(), go.source)).collect();
    assert_eq!(folders, [("/usr/bin", Source::Inherited), ("/go2", Source::Event(3))]);
    assert_eq!(life.exported, Some(true));
}

#[test]
fn our_own_block_is_known() {
    let file = crate::text::fence::put(b"a\n", 2, b"#", b"PATH=/x\n", 0);
    let at = |line| is_ours(&file, line);
    assert_eq!([1, 2, 3, 4, 5, 6].map(at), [false, false, true, true, true, false]);
}
