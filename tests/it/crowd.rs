//! Many runs at once on one home, and an editor that keeps saving: nothing that was saved is lost.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use goenv_setup::text::fence;

use crate::support::{Dice, Home, Ran, long, need, say};

const STATE: &str =
    if cfg!(target_os = "macos") { "Library/Application Support/goenv-setup" } else { ".local/state/goenv-setup" };
const APPLY: &[&str] = &["apply", "--shell", "zsh", "--shell", "bash", "-y", "--no-verify"];
const UNINSTALL: &[&str] = &["uninstall", "-y"];
const WAITING: &str = "waiting for another goenv-setup that is at work";

/// How an editor saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// A new file beside it, renamed over it.
    Rename,
    /// The file itself, emptied and written.
    InPlace,
}

/// An editor with one file open. It knows every line that it ever saved.
struct Editor {
    file: PathBuf,
    style: Style,
    dice: Dice,
    lines: Vec<u8>,
    saves: usize,
    /// Saves whose last bytes went into a file that had been taken out of its place meanwhile.
    raced: usize,
    /// Contents of finished saves that did not show up in the file.
    missed: Vec<Vec<u8>>,
}

impl Editor {
    fn new(file: PathBuf, style: Style, seed: u64) -> Self {
        let lines = b"# line 0\n".to_vec();
        fs_err::write(&file, &lines).expect("a new file");
        Self { file, style, dice: Dice::new(seed), lines, saves: 0, raced: 0, missed: Vec::new() }
    }

    /// What is in the file besides our block.
    fn outside(&self) -> (Vec<u8>, Vec<u8>) {
        let now = fs_err::read(&self.file).expect("a startup file is always there");
        let outside = fence::strip(&now, fence::find(&now, b"#").blocks());
        (now, outside)
    }

    /// Looks whether the last save is in the file; a run that was surprised by it has a moment to put it back.
    fn check(&mut self) -> Vec<u8> {
        let deadline = Instant::now() + Duration::from_secs(2);
        loop {
            let (now, outside) = self.outside();
            if outside == self.lines {
                return now;
            }
            if Instant::now() > deadline {
                self.missed.push(self.lines.clone());
                return self.lines.clone();
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn save(&mut self) {
        // Either what was just read, with our block if it is there, or what the editor has had open all the time.
        let read = self.check();
        let mut text = if self.dice.one_in(3) { self.lines.clone() } else { read };
        let line = format!("# line {} of {:?}\n", self.saves + 1, self.style);
        text.extend_from_slice(line.as_bytes());
        self.lines.extend_from_slice(line.as_bytes());
        match self.style {
            Style::Rename => {
                let beside = self.file.with_extension("swp");
                fs_err::write(&beside, &text).expect("a new file");
                fs_err::rename(&beside, &self.file).expect("the file is there");
            }
            Style::InPlace => {
                let mut open = File::create(&self.file).expect("the file is there");
                // A busy machine stops a program anywhere.
                if self.dice.one_in(4) {
                    thread::sleep(Duration::from_micros(self.dice.next() % 8000));
                }
                open.write_all(&text).expect("there is space");
                let (mine, there) = (open.metadata().expect("open"), fs_err::metadata(&self.file).expect("there"));
                self.raced += usize::from(mine.ino() != there.ino());
            }
        }
        self.saves += 1;
    }

    fn keep_saving(mut self, stop: &AtomicBool) -> Self {
        while !stop.load(Ordering::Relaxed) {
            self.save();
            // In bursts, or no run would ever come through.
            let most = if self.dice.one_in(5) { 1_000_000 } else { 4000 };
            thread::sleep(Duration::from_micros(self.dice.next() % most));
        }
        self.check();
        self
    }
}

/// What came of one round.
#[derive(Debug, Default)]
struct Figures {
    applied: usize,
    taken_out: usize,
    refused: usize,
    saves: usize,
    raced: usize,
    missed: usize,
}

/// 64 runs at once while two editors save.
fn round(seed: u64) -> Figures {
    let home = Home::with_go();
    let mut dice = Dice::new(seed);
    let styles = *dice.pick(&[
        [Style::Rename, Style::InPlace],
        [Style::InPlace, Style::Rename],
        [Style::Rename, Style::Rename],
        [Style::InPlace, Style::InPlace],
    ]);
    let files = [".zshrc", ".bashrc"];
    // All at the same time, or one upon the heels of the other.
    let spread = if seed.is_multiple_of(3) { 200 } else { 3000 };
    let editors = [0, 1].map(|n| Editor::new(home.path(files[n]), styles[n], dice.next()));
    home.file(".profile", "# mine\n").file(".zprofile", "# mine\n");
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let (runs, editors): (Vec<Ran>, Vec<Editor>) = thread::scope(|scope| {
        let editors = editors.map(|editor| scope.spawn(|| editor.keep_saving(&stop)));
        let runs: Vec<_> = (0..64)
            .map(|_| {
                let zsh = &["apply", "--shell", "zsh", "-y", "--no-verify"][..];
                let bash = &["apply", "--shell", "bash", "-y", "--no-verify"][..];
                let args =
                    *dice.pick(&[APPLY, zsh, bash, UNINSTALL, UNINSTALL, &["uninstall", "--shell", "zsh", "-y"]]);
                let pause = Duration::from_millis(dice.next() % spread);
                let home = &home;
                scope.spawn(move || {
                    thread::sleep(pause);
                    home.run(args)
                })
            })
            .collect();
        let looks = scope.spawn(|| {
            let mut looks = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                looks.push(home.run(&["backups"]));
            }
            looks
        });
        let runs = runs.into_iter().map(|run| run.join().expect("it ended")).collect();
        stop.store(true, Ordering::Relaxed);
        for look in looks.join().expect("it ended") {
            let said = String::from_utf8_lossy(&look.stderr).into_owned();
            assert!(
                look.status == 0 && !said.contains("interrupted"),
                "seed {seed}: a run at work is no dead one\n{look}"
            );
        }
        (runs, editors.into_iter().map(|editor| editor.join().expect("it ended")).collect())
    });
    assert!(begun.elapsed() < Duration::from_secs(60), "seed {seed}: somebody waited for ever");

    let mut figures = Figures::default();
    let said: Vec<String> = runs.iter().map(|ran| String::from_utf8_lossy(&ran.stderr).into_owned()).collect();
    for ran in &runs {
        match ran.status {
            0 => {
                figures.applied += usize::from(says(ran, "added the block to"));
                figures.taken_out += usize::from(says(ran, "the block is out"));
            }
            3 => figures.refused += 1,
            _ => panic!("seed {seed}: a status that nobody expects\n{ran}"),
        }
    }
    for editor in editors {
        figures.saves += editor.saves;
        figures.raced += editor.raced;
        figures.missed += editor.missed.len();
        for lines in &editor.missed {
            let kept = kept(&home)
                .into_iter()
                .find(|(_, bytes)| fence::strip(bytes, fence::find(bytes, b"#").blocks()) == *lines);
            let Some((path, _)) = kept else {
                panic!(
                    "seed {seed}: a save of {} is lost: {:?}\n{}",
                    editor.file.display(),
                    editor.style,
                    said.join("\n")
                );
            };
            let named = said.iter().any(|said| said.contains(&path.display().to_string()));
            assert!(named, "seed {seed}: nobody names {}", path.display());
        }
        // As an editor would that is told of it: so that the end is one that can be compared.
        if !editor.missed.is_empty() {
            fs_err::write(&editor.file, &editor.lines).expect("the file is there");
        }
        let now = fs_err::read(&editor.file).expect("it is there");
        assert!(fence::find(&now, b"#").blocks().len() < 2, "seed {seed}: doubled in {}", editor.file.display());
        let name = editor.file.file_name().expect("a name");
        let wanted = editor.lines;
        home.run(APPLY).ok();
        let now = home.read(name).expect("it is there");
        assert_eq!(fence::find(&now, b"#").blocks().len(), 1, "seed {seed}");
        home.run(UNINSTALL).ok();
        assert!(home.read(name).expect("it is there") == wanted, "seed {seed}: {} is not exact", name.display());
    }
    no_stray_file(&home);
    figures
}

fn says(ran: &Ran, text: &str) -> bool {
    String::from_utf8_lossy(&ran.stderr).contains(text)
}

/// What a run put aside because another program had written it at the wrong moment.
fn kept(home: &Home) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = fs_err::read_dir(home.path(STATE).join("backups")).into_iter().flatten();
    let files = folders.flat_map(|folder| fs_err::read_dir(folder.expect("readable").path()).into_iter().flatten());
    files
        .map(|file| file.expect("readable").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("kept-")))
        .map(|path| (path.clone(), fs_err::read(path).expect("readable")))
        .collect()
}

#[track_caller]
fn no_stray_file(home: &Home) {
    let stray: Vec<_> =
        home.tree().0.into_keys().filter(|path| path.to_string_lossy().contains(".goenv-setup-")).collect();
    assert!(stray.is_empty(), "left behind: {stray:?}");
}

#[test]
fn no_save_is_lost_among_64_runs() {
    let seeds = if long() { 1..=60 } else { 1..=3 };
    let (mut rounds, mut sum, begun) = (0, Figures::default(), Instant::now());
    for seed in seeds {
        let figures = round(seed);
        rounds += 1;
        sum.applied += figures.applied;
        sum.taken_out += figures.taken_out;
        sum.refused += figures.refused;
        sum.saves += figures.saves;
        sum.raced += figures.raced;
        sum.missed += figures.missed;
    }
    assert!(sum.applied > 0 && sum.taken_out > 0 && sum.refused > 0, "nobody met anybody: {sum:?}");
    say(&format!(
        "crowd: {rounds} rounds of 64 runs in {:.1} s: {} applied, {} taken out, {} refused; {} saves, {} into a file that was just replaced, \
         {} only in the backup, 0 lost",
        begun.elapsed().as_secs_f32(),
        sum.applied,
        sum.taken_out,
        sum.refused,
        sum.saves,
        sum.raced,
        sum.missed
    ));
}

/// Creates the state folder, as the first run would, and opens its lock file.
fn lock_file(home: &Home) -> File {
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    File::options().read(true).write(true).open(home.path(STATE).join("lock")).expect("a lock file")
}

#[test]
fn the_second_run_waits_and_then_gives_up() {
    let home = Home::with_go();
    let mut lock = lock_file(&home);
    lock.lock().expect("nobody has it");
    lock.set_len(0).and_then(|()| write!(lock, "4711")).expect("it can be written");
    let before = home.tree();
    let begun = Instant::now();
    let (apply, restore) = thread::scope(|scope| {
        let restore = scope.spawn(|| home.run(&["restore", "-y"]));
        (home.run(APPLY), restore.join().expect("it ended"))
    });
    assert!(begun.elapsed() >= Duration::from_secs(5), "it did not wait: {:?}", begun.elapsed());
    for ran in [apply, restore] {
        let ran =
            ran.code(3).err_has(&format!("{WAITING}\nerror: another goenv-setup is at work (process 4711); nothing"));
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(said.matches(WAITING).count(), 1, "{said}");
        assert!(said.contains("hint: wait until it is done"), "{said}");
    }
    home.unchanged(&before);
    // Looking needs no lock.
    home.run(&["apply", "--shell", "zsh", "--dry-run"]).ok();
    home.run(&["backups"]).ok();
    home.run(&["status"]).code(1);
}

#[test]
fn the_second_run_goes_on_when_the_first_is_done() {
    let home = Home::with_go();
    let lock = lock_file(&home);
    lock.lock().expect("nobody has it");
    let ran = thread::scope(|scope| {
        let run = scope.spawn(|| home.run(APPLY));
        thread::sleep(Duration::from_millis(700));
        drop(lock);
        run.join().expect("it ended")
    });
    ran.ok().err_has(WAITING);
    assert!(home.read(".zshrc").is_some());
}

#[test]
fn the_lock_of_a_dead_process_never_blocks() {
    if !need("perl") {
        return;
    }
    let home = Home::with_go();
    drop(lock_file(&home));
    let script = r#"use Fcntl ":flock"; $| = 1; open(F, "+<", $ARGV[0]) or die; flock(F, LOCK_EX) or die;
        truncate(F, 0); syswrite(F, $$); print "locked\n"; sleep 60"#;
    let path = home.path(STATE).join("lock");
    let mut command = home.command("perl", &[Path::new("-e"), Path::new(script), &path]);
    let mut holder = command.stdout(Stdio::piped()).spawn().expect("perl starts");
    let mut line = String::new();
    BufReader::new(holder.stdout.take().expect("a pipe")).read_line(&mut line).expect("it talks");
    assert_eq!(line, "locked\n");
    let other = File::open(&path).expect("it is there");
    assert!(other.try_lock().is_err(), "it does not hold the lock");
    holder.kill().expect("it is ours");
    holder.wait().expect("it is ours");
    drop(other);
    let ran = home.run(APPLY).ok();
    assert!(!String::from_utf8_lossy(&ran.stderr).contains(WAITING), "{ran}");
}

#[test]
fn no_lock_is_held_while_the_question_waits() {
    let home = Home::with_go();
    home.file(".zshrc", "one\n");
    drop(lock_file(&home));
    let mut first = home.tty(&["apply", "--shell", "zsh"]);
    first.sees("Apply these changes? [y/N] ");
    let mut second = home.tty(&["apply", "--shell", "zsh"]);
    let screen = second.sees("Apply these changes? [y/N] ");
    assert!(!screen.contains(WAITING), "{screen}");
    second.types("y");
    let (status, screen) = second.end();
    assert_eq!(status, 0, "{screen}");
    assert!(!screen.contains(WAITING), "{screen}");
    let applied = home.tree();
    first.types("y");
    let (status, screen) = first.end();
    assert_eq!(status, 3, "{screen}");
    assert!(screen.contains("changed after the diff was made") && screen.contains("nothing was changed"), "{screen}");
    let differences = applied.differences(&home.tree());
    assert!(differences.iter().all(|line| line.contains("/lock`")), "{differences:?}");
}

/// Starts a run under strace, which lets it wait before the `when`th exchange of two files, and saves meanwhile.
/// Gives what came of the run.
#[track_caller]
fn saved_before_exchange(home: &Home, inject: &[&str], save: impl FnOnce()) -> Ran {
    let mut args = vec!["-f", "-qq", "-o", "/dev/null"];
    args.extend(inject.iter().flat_map(|inject| ["-e", inject]));
    args.extend([env!("CARGO_BIN_EXE_goenv-setup"), "apply", "--shell", "zsh", "-y"]);
    thread::scope(|scope| {
        let run = scope.spawn(|| Ran::of(&home.command("strace", &args)));
        let deadline = Instant::now() + Duration::from_secs(10);
        let staged = || {
            let names = fs_err::read_dir(home.path("")).expect("a home").flatten();
            names.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(b".goenv-setup-")).count()
        };
        while staged() < 2 {
            assert!(Instant::now() < deadline, "nothing was staged");
            thread::sleep(Duration::from_millis(1));
        }
        // Past the last look and into the call.
        thread::sleep(Duration::from_millis(250));
        save();
        run.join().expect("it ended")
    })
}

/// The second exchange of a run on `.zprofile` and `.zshrc`, kept waiting for 600 ms.
const SECOND: &str = "inject=renameat2:delay_enter=600000:when=2";

fn race_home() -> Option<Home> {
    let home = Home::with_go();
    home.file(".zprofile", "one\n").file(".zshrc", "two\n");
    // So that no call is about the state folder.
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    need("strace").then_some(home)
}

/// What a save in that moment must come to: it stands, everything else is as it was, and nothing is left behind.
#[track_caller]
fn the_save_stands(home: &Home, ran: Ran, saved: &[u8]) {
    ran.code(3).err_has("it was saved at the very moment of the change").err_has("nothing was changed");
    assert_eq!(home.read(".zshrc").as_deref(), Some(saved));
    assert_eq!(home.read(".zprofile").as_deref(), Some(&b"one\n"[..]));
    no_stray_file(home);
    home.run(APPLY).ok();
    home.run(UNINSTALL).ok();
    assert_eq!(home.read(".zshrc").as_deref(), Some(saved));
}

#[test]
fn a_save_at_the_very_moment_of_the_exchange_stands() {
    for style in [Style::Rename, Style::InPlace] {
        let Some(home) = race_home() else { return };
        let ran = saved_before_exchange(&home, &[SECOND], || save(&home, style, b"two\nthree\n"));
        the_save_stands(&home, ran, b"two\nthree\n");
    }
}

#[test]
fn a_save_at_the_moment_of_putting_back_stands_too() {
    for style in [Style::Rename, Style::InPlace] {
        let Some(home) = race_home() else { return };
        // The first save is found by the exchange; the second comes when that is about to be put back.
        let back = "inject=renameat2:delay_enter=600000:when=2..3";
        // A plain rename would be one too many, after that of the receipt.
        let plain = "inject=?rename,?renameat:delay_enter=600000:when=2";
        let ran = saved_before_exchange(&home, &[back, plain], || {
            save(&home, Style::Rename, b"two\nthree\n");
            thread::sleep(Duration::from_millis(700));
            save(&home, style, b"two\nthree\nfour\n");
        });
        the_save_stands(&home, ran, b"two\nthree\nfour\n");
    }
}

/// A program that has the old file open writes into it when another already stands in its place.
#[test]
fn what_is_written_into_the_old_file_is_kept_and_named() {
    let Some(home) = race_home() else { return };
    let mut open = File::options().append(true).open(home.path(".zprofile")).expect("it is there");
    let ran = saved_before_exchange(&home, &[SECOND], || open.write_all(b"late\n").expect("it is open")).ok();
    let kept = kept(&home);
    let [(path, bytes)] = &kept[..] else { panic!("nothing was kept\n{ran}") };
    assert_eq!(bytes, b"one\nlate\n");
    ran.err_has("was saved by another program while it was being replaced").err_has(&path.display().to_string());
    no_stray_file(&home);
}

fn save(home: &Home, style: Style, bytes: &[u8]) {
    match style {
        Style::Rename => {
            home.file("beside", bytes);
            fs_err::rename(home.path("beside"), home.path(".zshrc")).expect("both are there");
        }
        Style::InPlace => fs_err::write(home.path(".zshrc"), bytes).expect("it is there"),
    }
}
