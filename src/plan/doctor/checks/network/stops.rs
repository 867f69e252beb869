//! Where Go stops on its way down GOPROXY: each kind of failure has a check of its own.

use super::super::super::super::proxy::walk::{Answer, Outlook, Verdict};
use super::super::super::super::proxy::{Entry, Source};
use super::super::super::Case;
use super::super::super::scene::Scene;
use super::{answers, each, of_list};

/// The entry at which Go stops, what it answered, and a good one behind it.
pub(super) fn stop(outlook: &Outlook) -> Option<(usize, &Answer, Option<usize>)> {
    // What comes from its origin says nothing of the list.
    let Some(Verdict::Fails { at, healthy }) = outlook.verdict().filter(|_| !outlook.settings.bypasses_proxy()) else {
        return None;
    };
    Some((at, outlook.answers.get(at)?.as_ref()?, healthy))
}

/// What kind of failure has a check of its own.
#[derive(PartialEq, Eq)]
enum Cause {
    Odd,
    Denied,
    Distrusted,
    /// Told by another check already.
    Told,
    Plain,
}

fn cause(outlook: &Outlook, at: usize, answer: &Answer) -> Cause {
    let entry = outlook.list.as_ref().ok().and_then(|list| list.entries.get(at));
    match answer {
        _ if entry.is_some_and(|entry| entry.odd.is_some()) => Cause::Told,
        _ if entry.is_some_and(|entry| entry.source == Source::Direct) && !outlook.has_git => Cause::Told,
        Answer::Insecure => Cause::Told,
        Answer::Odd(_) => Cause::Odd,
        Answer::Denied(_) => Cause::Denied,
        Answer::Distrusted(_) => Cause::Distrusted,
        _ => Cause::Plain,
    }
}

/// Where Go stops.
struct Stop<'a> {
    /// The entry.
    entry: &'a Entry,
    /// Its name.
    name: String,
    /// What it answered.
    answer: &'a Answer,
    /// The name of a good entry behind it.
    healthy: Option<String>,
}

/// A case for each outlook in which Go stops for this cause: what is wrong and what to do.
fn stopped(scene: &Scene, wanted: &Cause, say: impl Fn(&Stop) -> Option<(String, String)>) -> Vec<Case> {
    each(scene, |outlook| {
        let list = outlook.list.as_ref().ok()?;
        let (at, answer, healthy) = stop(outlook)?;
        if cause(outlook, at, answer) != *wanted {
            return None;
        }
        let entry = &list.entries[at];
        let healthy = healthy.map(|index| list.name(&list.entries[index]));
        let (what, advice) = say(&Stop { entry, name: list.name(entry), answer, healthy })?;
        Some(of_list(scene, outlook, what, &advice).with(answers(list, outlook)))
    })
}

pub(super) fn in_the_way(scene: &Scene) -> Vec<Case> {
    stopped(scene, &Cause::Plain, |Stop { name, answer, healthy, .. }| {
        let healthy = healthy.as_ref()?;
        let what = format!(
            "{name} fails ({}), and the comma behind it keeps Go from {healthy}, which has the module",
            answer.words()
        );
        let advice = format!(
            "put {healthy} in front of it, or a `|` in the place of the comma: Go goes on after a comma only where a \
             module is not there"
        );
        Some((what, advice))
    })
}

pub(super) fn none_answers(scene: &Scene) -> Vec<Case> {
    stopped(scene, &Cause::Plain, |Stop { entry, name, answer, healthy }| {
        if healthy.is_some() {
            return None;
        }
        let what = format!("Go can download no module: {name} fails ({})", answer.words());
        let advice = match answer {
            Answer::HttpProxy(_) => {
                let variable = if is_in_clear(entry) { "HTTP_PROXY" } else { "HTTPS_PROXY" };
                format!("see whether `{variable}` and `NO_PROXY` are right")
            }
            Answer::Loop | Answer::Downgrade => "see whether the URL in GOPROXY is whole and right".to_owned(),
            Answer::Status(_) => "try again later, or use another proxy".to_owned(),
            _ => format!(
                "see whether this machine is online and needs an HTTP proxy (`HTTPS_PROXY`), or use a module proxy that \
                 you can reach: `curl -sI {}`",
                entry.shown()
            ),
        };
        Some((what, advice))
    })
}

pub(super) fn no_proxy(scene: &Scene) -> Vec<Case> {
    stopped(scene, &Cause::Odd, |Stop { name, answer, .. }| {
        let what = format!("{name} answers, and not as a module proxy does ({})", answer.words());
        let advice = "log in where a network asks for it (open any page in a browser), or correct the path in GOPROXY";
        Some((what, advice.to_owned()))
    })
}

pub(super) fn denied(scene: &Scene) -> Vec<Case> {
    stopped(scene, &Cause::Denied, |Stop { entry, name, answer, .. }| {
        let is_folder = matches!(entry.source, Source::Folder(_));
        let what = if is_folder {
            format!("{name} may not be read by you")
        } else {
            format!("{name} answers {}", answer.words())
        };
        let advice = match answer {
            Answer::Denied(407) if is_in_clear(entry) => {
                "put user and password into `HTTP_PROXY`, as its operator says"
            }
            Answer::Denied(407) => "put user and password into `HTTPS_PROXY`, as its operator says",
            _ if is_folder => "make the folder readable: `ls -ld` shows whose it is",
            _ if is_in_clear(entry) => {
                "write an https URL for it, if it has one: Go sends no user and password to an http URL, whatever \
                 `~/.netrc` says"
            }
            _ => {
                "put user and password for that host into `~/.netrc` (`machine HOST login NAME password WORD`, mode \
                 600), or what its operator gives you into GOAUTH; they are sent over https only"
            }
        };
        Some((what, advice.to_owned()))
    })
}

/// Whether what is asked of it goes over http.
fn is_in_clear(entry: &Entry) -> bool {
    matches!(&entry.source, Source::Proxy(address) if !address.is_https())
}

pub(super) fn distrusted(scene: &Scene) -> Vec<Case> {
    stopped(scene, &Cause::Distrusted, |Stop { name, answer, .. }| {
        let what = format!("{name}: {}", answer.words());
        let advice = if cfg!(target_os = "macos") {
            "if your company signs with an authority of its own, add that to the keychain as trusted for SSL; never turn \
             the check off"
        } else {
            "if your company signs with an authority of its own, install that as `update-ca-certificates` or \
             `update-ca-trust` wants it, or name its file in `SSL_CERT_FILE`; never turn the check off"
        };
        Some((what, advice.to_owned()))
    })
}
