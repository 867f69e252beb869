use proptest::prelude::*;

use super::*;

const BODY: &[u8] = b"_go='/usr/local/go/bin'\nexport PATH\n";

/// Pieces that startup files, and nasty ones, are made of.
pub(crate) fn file_without_fence() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[ -~]{0,40}\n".prop_map(String::into_bytes),
        2 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\r".to_vec()),
        1 => Just(b"alias ls='ls -F' \\\n".to_vec()),
        1 => Just(b"# >>> conda initialize >>>\n# <<< conda initialize <<<\n".to_vec()),
        1 => Just(b"echo '# >>> goenv-setup >>> v1'\n".to_vec()),
        1 => Just(b"## >>> goenv-setup >>> v1 sum=00000000\n## <<< goenv-setup <<<\n".to_vec()),
        1 => Just(b"# >>> goenv-setup >>>> v1\n# <<< goenv-setup <<< x\n".to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..24),
        1 => Just(b"\xef\xbb\xbfexport A=1\nexport B=\xff\0\n".to_vec()),
    ];
    (proptest::collection::vec(piece, 0..8), any::<bool>())
        .prop_map(|(pieces, cut)| {
            let mut file = pieces.concat();
            if cut {
                while file.ends_with(b"\n") {
                    file.pop();
                }
            }
            file
        })
        .prop_filter("holds a marker", |file| find(file, b"#") == FenceState::Absent)
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(BODY.to_vec()),
        "([ -~]{0,30}\n){0,4}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(|mut bytes| {
            bytes.retain(|byte| *byte != b'\n');
            bytes.push(b'\n');
            bytes
        }),
    ]
    .prop_filter("holds a marker", |body| find(body, b"#") == FenceState::Absent)
}

/// An offset where a block may go: the start of a line, or the end.
fn line_start(file: &[u8], choice: prop::sample::Index) -> usize {
    let mut starts: Vec<usize> = lines(file).map(|line| line.start).collect();
    starts.push(file.len());
    starts[choice.index(starts.len())]
}

fn blocks(file: &[u8]) -> Vec<Block> {
    find(file, b"#").blocks().to_vec()
}

/// `git` converting a file to CRLF.
fn to_crlf(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines(file) {
        match file[line.clone()].strip_suffix(b"\n") {
            Some(text) => {
                out.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
                out.extend_from_slice(b"\r\n");
            }
            None => out.extend_from_slice(&file[line]),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn strip_undoes_any_sequence_of_puts_and_updates(
        file in file_without_fence(),
        place in any::<prop::sample::Index>(),
        bodies in proptest::collection::vec(body(), 1..5),
        new in 0u8..4,
    ) {
        let at = line_start(&file, place);
        let new = if file.is_empty() { new } else { 0 };
        let mut now = put(&file, at, b"#", &bodies[0], new);
        for body in &bodies {
            now = update(&now, &blocks(&now), b"#", body);
            let found = blocks(&now);
            prop_assert_eq!(found.len(), 1);
            prop_assert!(!found[0].edited);
            prop_assert_eq!(found[0].undo.new, new);
            prop_assert_eq!(&now[found[0].body.clone()], &body[..]);
            let again = update(&now, &found, b"#", body);
            prop_assert_eq!(&again, &now, "an update with the same body changes nothing");
        }
        prop_assert_eq!(strip(&now, &blocks(&now)), file);
    }

    #[test]
    fn text_added_below_survives_unglued(
        file in file_without_fence(),
        added in file_without_fence().prop_filter("adds nothing", |added| !added.is_empty()),
        body in body(),
    ) {
        let mut now = put(&file, file.len(), b"#", &body, u8::from(file.is_empty()));
        now.extend_from_slice(&added);
        let left = strip(&now, &blocks(&now));
        let expected = if file.is_empty() || file.ends_with(b"\n") {
            [&file[..], &added].concat()
        } else {
            [&file[..], b"\n", &added].concat()
        };
        prop_assert_eq!(left, expected);
    }

    #[test]
    fn text_added_above_and_below_survives(
        file in file_without_fence(),
        above in "[ -~]{1,20}\n",
        below in "[ -~]{1,20}\n",
        body in body(),
    ) {
        let mut now = above.clone().into_bytes();
        now.extend(put(&file, file.len(), b"#", &body, 0));
        now.extend_from_slice(below.as_bytes());
        prop_assume!(blocks(&now).len() == 1);
        let left = strip(&now, &blocks(&now));
        prop_assert!(left.starts_with(above.as_bytes()));
        prop_assert!(left.ends_with(below.as_bytes()));
        let kept = &left[above.len()..left.len() - below.len()];
        prop_assert_eq!(kept.strip_suffix(b"\n").unwrap_or(kept), file.strip_suffix(b"\n").unwrap_or(&file));
    }

    #[test]
    fn a_file_converted_to_crlf_still_gives_back_its_text(file in "([ -~]{0,20}\n){0,6}[ -~]{0,8}", body in body()) {
        let file = file.into_bytes();
        prop_assume!(find(&file, b"#") == FenceState::Absent);
        let now = to_crlf(&put(&file, file.len(), b"#", &body, 0));
        let found = blocks(&now);
        prop_assert_eq!(found.len(), 1);
        prop_assert!(!found[0].edited, "a conversion of line ends is not an edit");
        prop_assert_eq!(strip(&now, &found), to_crlf(&file));
    }

    #[test]
    fn any_bytes_at_all(file in proptest::collection::vec(any::<u8>(), 0..200)) {
        let found = find(&file, b"#");
        let _ = strip(&file, found.blocks());
    }

    #[test]
    fn marker_soup(picks in proptest::collection::vec(0usize..12, 0..12)) {
        let pieces: [&[u8]; 12] = [
            b"# >>> goenv-setup >>> v1 sum=00000000\n", b"# <<< goenv-setup <<<\n", b"  # <<< goenv-setup <<<\r\n",
            b"# >>> goenv-setup >>> v2 sum=00000000\n", b"# >>> goenv-setup >>> v1 sum=00000000 reach=all\n",
            b"# >>> goenv-setup >>>\n", b"# >>> goenv-setup >>> v1 sum=xyz\n", b"mine\n", b"\n", b"\r\n", b"tail\n",
            b"# >>> goenv-setup >>> v1 sum=00000000 noeol new=3\n",
        ];
        let file = picks.iter().map(|pick| pieces[*pick]).collect::<Vec<_>>().concat();
        let marked = picks.iter().any(|pick| [0, 1, 2, 3, 4, 5, 6, 11].contains(pick));
        match find(&file, b"#") {
            FenceState::Absent => prop_assert!(!marked),
            FenceState::Blocks(blocks) => {
                // What is left holds each of the user's lines.
                let left = strip(&file, &blocks);
                let inside: usize = blocks.iter().map(|block| count(&file[block.body.clone()], b"mine")).sum();
                prop_assert_eq!(count(&left, b"mine") + inside, count(&file, b"mine"));
                prop_assert_eq!(find(&left, b"#"), FenceState::Absent);
            }
            FenceState::Newer { line } => prop_assert!(line >= 1),
            FenceState::Damaged { lines } => prop_assert!(!lines.is_empty()),
        }
    }
}

/// Number of cases: the promise is 10,000; `GOENV_SETUP_CASES` raises it.
pub(crate) fn cases() -> u32 {
    option_env!("GOENV_SETUP_CASES").and_then(|cases| cases.parse().ok()).unwrap_or(10_000)
}

fn count(text: &[u8], line: &[u8]) -> usize {
    text.windows(line.len()).filter(|window| *window == line).count()
}

#[test]
fn the_form_is_the_documented_one() {
    let file = put(b"a\n", 2, b"#", b"x\n", 0);
    assert_eq!(file, b"a\n\n# >>> goenv-setup >>> v1 sum=46ea081f\nx\n# <<< goenv-setup <<<\n");
    assert_eq!(
        put(b"", 0, b"#", b"x\n", 3),
        b"# >>> goenv-setup >>> v1 sum=46ea081f new=3\nx\n# <<< goenv-setup <<<\n"
    );
    assert!(put(b"a", 1, b"#", b"x\n", 0).starts_with(b"a\n\n# >>> goenv-setup >>> v1 sum=46ea081f noeol\n"));
}

#[test]
fn states() {
    let good = put(b"", 0, b"#", BODY, 0);
    let text = String::from_utf8(good.clone()).unwrap();
    assert_eq!(find(b"", b"#"), FenceState::Absent);
    assert!(find(text.replace("export", "exprot").as_bytes(), b"#").blocks()[0].edited);
    assert_eq!(find(text.replace("v1", "v2").as_bytes(), b"#"), FenceState::Newer { line: 1 });
    assert_eq!(find(text.replace(" sum=", " mode=x sum=").as_bytes(), b"#"), FenceState::Newer { line: 1 });
    assert_eq!(find(text.replace(" sum=", " ").as_bytes(), b"#"), FenceState::Damaged { lines: vec![1] });
    assert_eq!(
        find(format!("a\n{}", text.replace("# <<<", "# <<")).as_bytes(), b"#"),
        FenceState::Damaged { lines: vec![2] }
    );
    assert_eq!(find(b"a\n# <<< goenv-setup <<<\n", b"#"), FenceState::Damaged { lines: vec![2] });
    let indented = text.replace("# >>>", "   # >>>").replace("<<<\n", "<<<  \r\n");
    assert!(!find(indented.as_bytes(), b"#").blocks()[0].edited);
    let twice = [&good[..], b"mine\n", &good].concat();
    assert_eq!(find(&twice, b"#").blocks().len(), 2);
    assert_eq!(strip(&twice, &blocks(&twice)), b"mine\n");
    assert_eq!(update(&twice, &blocks(&twice), b"#", BODY), [&good[..], b"mine\n"].concat());
}

/// The second block says that the user's last line had no end; the line above it is one of ours.
#[test]
fn a_block_right_below_another_takes_nothing_of_it() {
    let first = put(b"a\n", 2, b"#", BODY, 0);
    let second = put(b"b", 1, b"#", BODY, 0).split_off(3);
    let both = [first, second].concat();
    assert_eq!(strip(&both, &blocks(&both)), b"a\n");
    assert_eq!(update(&both, &blocks(&both), b"#", BODY), put(b"a\n", 2, b"#", BODY, 0));
}

#[test]
fn two_blocks_in_a_row_of_which_both_ended_the_users_last_line() {
    let block = put(b"a", 1, b"#", BODY, 0).split_off(3);
    let twice = [b"a\n\n", &block[..], &block].concat();
    assert_eq!(blocks(&twice).len(), 2);
    assert_eq!(strip(&twice, &blocks(&twice)), b"a");
}

#[test]
fn a_block_that_lost_its_line_end_is_still_one() {
    let mut file = put(b"a\n", 2, b"#", BODY, 0);
    file.pop();
    assert_eq!(strip(&file, &blocks(&file)), b"a\n");
}
