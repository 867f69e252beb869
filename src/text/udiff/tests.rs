//! Headers, numbers and the cutting of common lines. That real tools accept it all is tested in `tests/it`.

use super::*;

fn side<'a>(name: &'a str, bytes: &'a [u8]) -> Side<'a> {
    Side { name: Some(name.as_bytes()), bytes }
}

const ABSENT: Side = Side { name: None, bytes: b"" };

/// The patch between two texts, as text, without its header.
fn body(old: &str, new: &str) -> String {
    let patch = patch(&side("f", old.as_bytes()), &side("f", new.as_bytes()));
    let text = String::from_utf8(patch).unwrap();
    text.strip_prefix("--- a/f\n+++ b/f\n").unwrap_or(&text).to_owned()
}

fn header(name: &[u8]) -> String {
    let side = Side { name: Some(name), bytes: b"" };
    String::from_utf8(file_header(&side, &side)).unwrap()
}

/// Rebuilds the new bytes from the old ones, believing the hunks' numbers: a strict patch tool in ten lines.
fn apply(old: &[u8], hunks: &[Hunk]) -> Vec<u8> {
    let old = lines(old);
    let (mut at, mut printed, mut out) = (0, 0, Vec::new());
    for hunk in hunks {
        let start = hunk.old_start - usize::from(hunk.old_len > 0);
        let copied = &old[at..start];
        out.extend(copied.concat());
        printed += copied.len();
        at = start;
        assert_eq!(hunk.new_start, printed + usize::from(hunk.new_len > 0));
        let (mut old_len, mut new_len) = (0, 0);
        for line in &hunk.lines {
            let end: &[u8] = if line.newline { b"\n" } else { b"" };
            let whole = [line.bytes, end].concat();
            if line.tag != Tag::Added {
                assert_eq!(old[at], whole);
                at += 1;
                old_len += 1;
            }
            if line.tag != Tag::Removed {
                out.extend(whole);
                new_len += 1;
            }
        }
        assert_eq!((old_len, new_len), (hunk.old_len, hunk.new_len));
        printed += new_len;
    }
    out.extend(old[at..].concat());
    out
}

#[test]
fn says_nothing_about_equal_files() {
    assert_eq!(body("a\n", "a\n"), "");
    assert_eq!(body("", ""), "");
    assert!(hunks(b"a\nb", b"a\nb").is_empty());
}

#[test]
fn a_block_at_the_end() {
    assert_eq!(body("1\n2\n3\n4\n", "1\n2\n3\n4\n\nx\ny\n"), "@@ -2,3 +2,6 @@\n 2\n 3\n 4\n+\n+x\n+y\n");
}

#[test]
fn a_block_in_the_middle_has_three_lines_on_both_sides() {
    assert_eq!(
        body("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n"),
        "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n"
    );
}

#[test]
fn far_changes_are_hunks_of_their_own() {
    let old = (1..=20).map(|n| n.to_string()).collect::<Vec<_>>().join("\n") + "\n";
    let new = old.replace("2\n3\n", "2\nthree\n").replace("19\n", "");
    assert_eq!(
        body(&old, &new),
        "@@ -1,6 +1,6 @@\n 1\n 2\n-3\n+three\n 4\n 5\n 6\n@@ -16,5 +16,4 @@\n 16\n 17\n 18\n-19\n 20\n"
    );
}

#[test]
fn a_missing_final_newline_is_said_where_it_is() {
    let end = "\\ No newline at end of file\n";
    assert_eq!(body("a", "a\nb\n"), format!("@@ -1 +1,2 @@\n-a\n{end}+a\n+b\n"));
    assert_eq!(body("a\nb", "b"), format!("@@ -1,2 +1 @@\n-a\n b\n{end}"));
    assert_eq!(body("a\n", "a"), format!("@@ -1 +1 @@\n-a\n+a\n{end}"));
}

#[test]
fn an_empty_side_names_line_zero() {
    assert_eq!(body("", "a\n"), "@@ -0,0 +1 @@\n+a\n");
    assert_eq!(body("a\nb\n", ""), "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

#[test]
fn lines_end_at_line_feeds_only() {
    assert_eq!(body("a\rb\r\n", "a\rc\r\n"), "@@ -1 +1 @@\n-a\rb\r\n+a\rc\r\n");
    let old: &[u8] = b"\xff\x00\x1b\xe2\x80\xa8\x0b\x0c\x85\n";
    assert_eq!(
        patch(&side("f", old), &side("f", b"")),
        [b"--- a/f\n+++ b/f\n@@ -1 +0,0 @@\n-".as_slice(), old].concat()
    );
}

#[test]
fn a_created_and_a_removed_file() {
    assert_eq!(patch(&ABSENT, &side("d/f", b"x\n")), b"--- /dev/null\n+++ b/d/f\n@@ -0,0 +1 @@\n+x\n");
    assert_eq!(patch(&side("d/f", b"x\n"), &ABSENT), b"--- a/d/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n");
}

#[test]
fn an_empty_file_comes_and_goes_in_gits_words() {
    let created = String::from_utf8(patch(&ABSENT, &side("a b", b""))).unwrap();
    assert!(created.starts_with("diff --git \"a/a b\" \"b/a b\"\nnew file mode 100644\nindex 000"), "{created}");
    let removed = String::from_utf8(patch(&side("f", b""), &ABSENT)).unwrap();
    assert!(removed.contains("\ndeleted file mode 100644\n"), "{removed}");
    assert_eq!(patch(&ABSENT, &ABSENT), b"");
}

#[test]
fn names_are_quoted_when_they_must_be() {
    assert_eq!(header(b".zshrc"), "--- a/.zshrc\n+++ b/.zshrc\n");
    assert_eq!(header(b"-f"), "--- a/-f\n+++ b/-f\n");
    assert_eq!(header(b"a b"), "--- a/a b\t\n+++ b/a b\t\n");
    for (name, quoted) in [
        (b"a ".as_slice(), r"/a "),
        (b"a\tb", r"/a\tb"),
        (b"a\nb\r", r"/a\nb\r"),
        (b"a\"b c", r#"/a\"b c"#),
        (b"a\\b", r"/a\\b"),
        (b"\xff\x01\x7f", r"/\377\001\177"),
        ("é".as_bytes(), r"/\303\251"),
    ] {
        assert_eq!(header(name), format!("--- \"a{quoted}\"\n+++ \"b{quoted}\"\n"));
    }
}

/// Every pair of short files over a few bytes: cutting common bytes must never cut a line.
#[test]
fn every_short_pair_comes_out_right() {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..5 {
        last =
            last.iter().flat_map(|bytes: &Vec<u8>| b"ab\n".map(|byte| [bytes.as_slice(), &[byte]].concat())).collect();
        all.extend(last.iter().cloned());
    }
    for old in &all {
        for new in &all {
            assert_eq!(&apply(old, &hunks(old, new)), new, "{old:?} → {new:?}");
        }
    }
}

#[test]
fn a_small_edit_of_a_large_file_is_one_small_hunk() {
    let line = b"export SOMETHING=something\n";
    let old = line.repeat(40_000);
    for at in [0, 1, 151, 152, 20_000, 39_999, 40_000] {
        let (above, below) = old.split_at(at * line.len());
        let new = [above, b"# block\n", below].concat();
        let hunks = hunks(&old, &new);
        assert_eq!(hunks.len(), 1);
        assert!(hunks[0].lines.len() <= 7);
        assert_eq!(apply(&old, &hunks), new);
    }
}
