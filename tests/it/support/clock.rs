//! How long something takes, and what else the machine did meanwhile.

use super::Home;

/// How long a command line of bash takes, in which `$0` is the program, and the CPU time of it and of all that it starts and
/// waits for, in seconds; the average of several times.
pub(crate) fn time(home: &Home, times: u32, line: &str) -> (f64, f64) {
    let script =
        format!(r#"exec bash -c 'TIMEFORMAT="%R %U %S"; time for ((i = 0; i < {times}; i++)); do {line}; done' "$0""#);
    let ran = home.script(&script);
    let talk = String::from_utf8(ran.stderr.clone()).expect("text");
    let figures: Vec<f64> = talk.split_whitespace().map(|time| time.parse().expect("seconds")).collect();
    let [wall, user, system] = figures[..] else { panic!("{ran}") };
    let times = f64::from(times);
    (wall / times, (user + system) / times)
}

/// Seconds of all cores, since the system was started, that were not idle: proc(5), `/proc/stat`. Only Linux tells.
pub(crate) fn busy() -> f64 {
    let stat = fs_err::read_to_string("/proc/stat").unwrap_or_default();
    let all = stat.lines().next().unwrap_or_default().split_whitespace().skip(1);
    let hundredths: Vec<f64> = all.take(8).filter_map(|number| number.parse().ok()).collect();
    let [user, nice, system, _idle, _waiting, irq, softirq, steal] = hundredths[..] else { return 0.0 };
    (user + nice + system + irq + softirq + steal) / 100.0
}

/// How many cores there are.
pub(crate) fn cores() -> f64 {
    f64::from(u32::try_from(std::thread::available_parallelism().map_or(1, usize::from)).expect("a few"))
}
