//! All shells at once take no longer than 1.3 times what cannot be avoided: the slowest shell alone, one start after the
//! other, or the CPU time of all starts spread over the cores; measured in the same run.
//!
//! Where the system says that the cores work for others too, the spread over the cores is not to be had. Then the same
//! starts by a program for each shell, all at the same time, show what is.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;

use goenv_setup::probe;
use goenv_setup::shells::{self, Places};

use super::shells_are_here;
use crate::support::clock::{busy, cores, time};
use crate::support::{Cell, Home, Matrix, say};

/// The best of these rounds tells.
const ROUNDS: usize = 5;

/// Runs in a round, so that a short one can be measured: the system counts in hundredths of a second.
const RUNS: u32 = 3;

/// Runs of the program: the last one's matrix; in seconds, how long one took on average, the CPU time of it and of all
/// that it started and waited for, and what others used meanwhile, as far as the system tells.
struct Run {
    matrix: Matrix,
    wall: f64,
    cpu: f64,
    others: f64,
}

fn run(home: &Home, flags: &str, times: u32) -> Run {
    let before = busy();
    let (wall, cpu) = time(home, times, &format!(r#""$0" matrix --json {flags} >"$TMPDIR/out" 2>"$TMPDIR/talk""#));
    let others = ((busy() - before) / f64::from(times) - cpu).max(0.0);
    let out = home.read("../tmp/out").expect("it was written");
    Run { matrix: Matrix::of(1, &out), wall, cpu, others }
}

/// How long it takes when each shell has a program of its own, all at the same time, in seconds.
fn by_many(home: &Home) -> f64 {
    let shells: Vec<&str> = shells::ALL.iter().map(|shell| shell.name()).collect();
    let one = r#""$0" matrix --json --shell $shell >/dev/null 2>&1 &"#;
    time(home, RUNS, &format!("for shell in {}; do {one} done; wait", shells.join(" "))).0
}

/// How long the slowest executable takes for its starts, one after the other, in seconds: bash under all its names.
fn slowest_alone(home: &Home) -> f64 {
    let mut sums: BTreeMap<(u64, u64), u64> = BTreeMap::new();
    for shell in shells::ALL {
        let there = shell
            .programs()
            .iter()
            .filter_map(|program| Some((program, probe::which(program.file).or_else(|| probe::which("ksh"))?)));
        let there: Vec<_> = there.collect();
        if there.is_empty() {
            continue;
        }
        let one = run(home, &format!("--shell {}", shell.name()), 1);
        for (program, file) in there {
            let meta = fs_err::metadata(&file).expect("it is there");
            let cells = one.matrix.cells.iter().filter(|cell| cell.text("program") == program.label);
            *sums.entry((meta.dev(), meta.ino())).or_default() += cells.map(Cell::ms).sum::<u64>();
        }
    }
    let most = sums.values().max().copied().unwrap_or_default();
    f64::from(u32::try_from(most).expect("a short time")) / 1000.0
}

fn is_fast_enough(home: &Home, what: &str) {
    let cores = cores();
    let mut best = (f64::MAX, String::new());
    for _ in 0..ROUNDS {
        let one = slowest_alone(home);
        let Run { matrix, wall, cpu, others } = run(home, "--all-shells", RUNS);
        assert!(!matrix.cells.iter().any(|cell| cell.verdict() == "timed out"), "{matrix}");
        let mut bound = one.max(cpu / cores);
        let plain = wall / bound;
        let starts = matrix.cells.len();
        let mut figures = format!(
            "matrix: {what}: {starts} starts in {wall:.3} s: {plain:.2} × max(slowest shell {one:.3} s, CPU {cpu:.3} s / {cores} cores)"
        );
        if plain <= 1.3 {
            say(&figures);
            return;
        }
        if others > 0.1 * cores * wall {
            let many = by_many(home);
            bound = bound.max(many);
            figures +=
                &format!("; others use {:.1} cores, and a program for each shell takes {many:.3} s", others / wall);
        }
        if wall / bound < best.0 {
            best = (wall / bound, figures);
        }
    }
    assert!(best.0 <= 1.3, "too slow, {:.2}: {}", best.0, best.1);
    say(&best.1);
}

#[test]
fn shells_that_work() {
    if shells_are_here() {
        is_fast_enough(&Home::with_go(), "empty homes");
    }
}

/// Waiting costs no CPU, so only what runs at the same time is fast.
#[test]
fn shells_that_wait() {
    if !shells_are_here() {
        return;
    }
    let home = Home::with_go();
    for file in shells::ALL.iter().flat_map(|shell| shell.files(&Places::plain(&home.path("")))) {
        home.file(file.strip_prefix(home.path("")).expect("in the home"), "sleep 0.1\n");
    }
    is_fast_enough(&home, "a wait in each startup file");
}
