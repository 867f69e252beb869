//! The fence in marker soup: nothing of the user's is lost, whatever the file looks like.

use std::time::Duration;

use goenv_setup::text::fence::{FenceState, find, lines, put, strip, takes_only_our_block_out, update};

use super::{mutate, search};
use crate::support::Dice;

const PIECES: &[&[u8]] = &[
    b"# >>> goenv-setup >>> v1 sum=00000000\n",
    b"# >>> goenv-setup >>> v1 sum=46ea081f noeol\n",
    b"# >>> goenv-setup >>> v1 sum=46ea081f new=3\n",
    b"  # >>> goenv-setup >>> v1 sum=46ea081f noeol new=1  \r\n",
    b"# >>> goenv-setup >>> v2 sum=46ea081f\n",
    b"# >>> goenv-setup >>> v1 sum=46ea081f reach=all\n",
    b"# >>> goenv-setup >>> v1 sum=xyz new=999\n",
    b"# >>> goenv-setup >>>\n",
    b"# <<< goenv-setup <<<\n",
    b"\t# <<< goenv-setup <<<\r\n",
    b"# <<< goenv-setup <<<",
    b"## <<< goenv-setup <<<\n",
    b"# >>> goenv-setup >>>> v1\n",
    b"x\n",
    b"mine\n",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\r",
    b"alias ls='ls -F' \\\n",
    b"no newline",
    b"\xff\0\n",
    b"if true; then\n",
    b"fi\n",
];

fn soup(dice: &mut Dice, most: usize) -> Vec<u8> {
    let mut file = Vec::new();
    for _ in 0..dice.below(most) {
        if dice.one_in(5) {
            // One of ours, whole.
            let body = if dice.one_in(2) { b"x\n".to_vec() } else { body(dice) };
            let at = line_start(&file, dice);
            file = put(&file, at, b"#", &body, u8::try_from(dice.below(4)).expect("small"));
        } else {
            file.extend_from_slice(dice.pick::<&[u8]>(PIECES));
        }
    }
    if dice.one_in(2) {
        mutate(&mut file, dice);
    }
    file
}

/// Whole lines without a marker.
fn body(dice: &mut Dice) -> Vec<u8> {
    let mut body = soup_lines(dice);
    if find(&body, b"#") != FenceState::Absent {
        body = b"_go='/usr/local/go/bin'\n".to_vec();
    }
    body
}

fn soup_lines(dice: &mut Dice) -> Vec<u8> {
    let mut text: Vec<u8> = (0..dice.below(4)).flat_map(|_| dice.pick(&PIECES[11..]).iter().copied()).collect();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text
}

fn line_start(file: &[u8], dice: &mut Dice) -> usize {
    let count = lines(file).count();
    lines(file).nth(dice.below(count + 1)).map_or(file.len(), |line| line.start)
}

/// The lines that hold something, without their ends.
fn words(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect()
}

fn one(dice: &mut Dice) {
    let file = soup(dice, 9);
    match find(&file, b"#") {
        FenceState::Absent => {
            // Whatever is put in and however often it changes, it comes out again.
            let new = if file.is_empty() { u8::try_from(dice.below(4)).expect("small") } else { 0 };
            let at = line_start(&file, dice);
            let mut now = put(&file, at, b"#", &body(dice), new);
            for _ in 0..dice.below(3) {
                let body = body(dice);
                now = update(&now, find(&now, b"#").blocks(), b"#", &body);
                let found = find(&now, b"#");
                assert_eq!(found.blocks().len(), 1, "{}", now.escape_ascii());
                assert!(!found.blocks()[0].edited && now[found.blocks()[0].body.clone()] == body);
                assert!(
                    update(&now, found.blocks(), b"#", &body) == now,
                    "an update with the same body changes something"
                );
            }
            let found = find(&now, b"#");
            assert_eq!(found.blocks().len(), 1, "{}", now.escape_ascii());
            assert!(strip(&now, found.blocks()) == file, "{} became {}", file.escape_ascii(), now.escape_ascii());
            assert!(takes_only_our_block_out(&file, &now, b"#") && !takes_only_our_block_out(&now, &file, b"#"));
        }
        FenceState::Blocks(blocks) => {
            let mut end = 0;
            let mut outside = Vec::new();
            for block in &blocks {
                assert!(end <= block.outer.start && block.outer.start < block.body.start, "{}", file.escape_ascii());
                assert!(block.body.start <= block.body.end && block.body.end < block.outer.end);
                assert_eq!(lines(&file[..block.outer.start]).count() + 1, block.line);
                outside.extend(words(&file[end..block.outer.start]));
                end = block.outer.end;
            }
            outside.extend(words(&file[end..]));
            // Every line of the user's is left, and no marker.
            let left = strip(&file, &blocks);
            assert!(words(&left) == outside, "{} became {}", file.escape_ascii(), left.escape_ascii());
            assert_eq!(find(&left, b"#"), FenceState::Absent, "{} became {}", file.escape_ascii(), left.escape_ascii());
            // An update leaves one, right, and the rest as it is.
            let body = body(dice);
            let now = update(&file, &blocks, b"#", &body);
            let found = find(&now, b"#");
            assert_eq!(found.blocks().len(), 1, "{} became {}", file.escape_ascii(), now.escape_ascii());
            assert!(!found.blocks()[0].edited && found.blocks()[0].undo == blocks[0].undo);
            assert!(now[found.blocks()[0].body.clone()] == body);
            assert!(
                words(&strip(&now, found.blocks())) == outside,
                "{} became {}",
                file.escape_ascii(),
                now.escape_ascii()
            );
        }
        FenceState::Newer { line } => assert!(line >= 1 && line <= lines(&file).count()),
        FenceState::Damaged { lines: bad } => {
            assert!(bad.is_sorted() && bad.iter().all(|line| (1..=lines(&file).count()).contains(line)));
            assert!(!bad.is_empty());
        }
    }
}

#[test]
fn marker_soup() {
    search("fence", Duration::from_millis(2500), 10_000_000, one);
}
