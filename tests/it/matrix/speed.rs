//! All shells at once take no longer than 1.3 times what cannot be avoided: the slowest shell alone, one start after the
//! other, or the CPU time of all starts spread over the cores; measured in the same run.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use goenv_setup::probe;
use goenv_setup::shells::{self, Places};

use super::shells_are_here;
use crate::support::{Cell, Home, Matrix, say};

/// On a machine that does other things too, the best of these runs tells.
const RUNS: usize = 5;

/// A run of the program: how long it took, and the CPU time of it and of all that it started and waited for.
struct Run {
    matrix: Matrix,
    wall: Duration,
    cpu: Duration,
}

fn run(home: &Home, flags: &str) -> Run {
    let script = format!(
        r#"exec bash -c 'TIMEFORMAT="%R %U %S"; time "$0" matrix --json {flags} >"$TMPDIR/out" 2>"$TMPDIR/talk"' "$0""#
    );
    let ran = home.script(&script);
    let out = home.read("../tmp/out").expect("it was written");
    let talk = String::from_utf8(ran.stderr.clone()).expect("text");
    let times: Vec<f64> = talk.split_whitespace().map(|time| time.parse().expect("seconds")).collect();
    let [wall, user, system] = times[..] else { panic!("{ran}") };
    let seconds = Duration::from_secs_f64;
    Run { matrix: Matrix::of(ran.status, &out), wall: seconds(wall), cpu: seconds(user + system) }
}

/// How long each executable takes for its starts, one after the other, while no other shell's run: bash under all its names.
fn alone(home: &Home, into: &mut BTreeMap<(u64, u64), Duration>) {
    let mut sums: BTreeMap<(u64, u64), Duration> = BTreeMap::new();
    for shell in shells::ALL {
        let there = shell.programs().iter().filter_map(|program| Some((program, probe::which(program.file)?)));
        let there: Vec<_> = there.collect();
        if there.is_empty() {
            continue;
        }
        let one = run(home, &format!("--shell {}", shell.name()));
        for (program, file) in there {
            let meta = fs_err::metadata(&file).expect("it is there");
            let cells = one.matrix.cells.iter().filter(|cell| cell.text("program") == program.label);
            *sums.entry((meta.dev(), meta.ino())).or_default() += Duration::from_millis(cells.map(Cell::ms).sum());
        }
    }
    for (file, sum) in sums {
        into.entry(file).and_modify(|least| *least = sum.min(*least)).or_insert(sum);
    }
}

fn is_fast_enough(home: &Home, what: &str) {
    let cores = u32::try_from(std::thread::available_parallelism().map_or(1, usize::from)).expect("a few");
    let (mut slowest, mut cpu, mut wall) = (BTreeMap::new(), Duration::MAX, Duration::MAX);
    let mut starts = 0;
    let mut figures = String::new();
    for number in 1..=RUNS {
        alone(home, &mut slowest);
        let all = run(home, "--all-shells");
        starts = all.matrix.cells.len();
        let bad: Vec<_> = all.matrix.cells.iter().filter(|cell| cell.verdict() == "timed out").collect();
        assert!(bad.is_empty(), "{}", all.matrix);
        cpu = cpu.min(all.cpu);
        wall = wall.min(all.wall);
        let one = slowest.values().max().copied().unwrap_or_default();
        let bound = one.max(cpu / cores);
        let factor = wall.as_secs_f64() / bound.as_secs_f64();
        figures = format!(
            "matrix: {what}: {starts} starts in {wall:.3?}, {factor:.2} × max(slowest shell {one:.3?}, CPU {cpu:.3?} / {cores}), run {number}"
        );
        if factor <= 1.3 {
            say(&figures);
            return;
        }
    }
    panic!("{starts} starts are too slow: {figures}");
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
