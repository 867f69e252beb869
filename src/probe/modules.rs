//! Asks every entry of GOPROXY for one module, and the checksum database for its newest state, all at once.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::http::{self, Client, Limits};
use crate::plan::proxy::settings::{Database, Settings};
use crate::plan::proxy::walk::{Answer, Body, Failure, Route, Verdict, route, walk};
use crate::plan::proxy::{List, MODULE, Source, VERSION, pattern};

/// After how long a server that is out of order is asked once more.
const AGAIN: Duration = Duration::from_millis(500);

/// How many entries are asked: nobody has more.
const MOST: usize = 16;

/// What the entries, and the database, answered.
pub struct Asked {
    /// What each entry answered, as far as Go could come to it.
    pub answers: Vec<Option<Answer>>,
    /// What the checksum database answered, and how it was asked; `None`: Go would not ask it.
    pub database: Option<(Route, Answer)>,
}

/// What one entry answered: on the module, and on whether it passes on what the checksum database is asked.
type Both = (Option<Answer>, Option<Answer>);

/// Asks. It may take as long as the limit, and hardly longer. `tell` hears of each entry that has answered.
pub fn ask(list: &List, settings: &Settings, home: &Path, limits: Limits, tell: &(dyn Fn() + Sync)) -> Asked {
    let netrc = settings.web.netrc.as_ref().map_or_else(|| home.join(".netrc"), PathBuf::from);
    let logins = if settings.uses_netrc() { http::logins(&netrc) } else { Vec::new() };
    let client = Arc::new(Client::new(settings.web.clone(), logins, home, limits));
    let database = settings.database();
    let supported = match &database {
        Database::Named { name, always: false, .. } => Some(format!("sumdb/{name}/supported")),
        _ => None,
    };
    let bypassed = settings.bypasses_proxy();
    let one = |source: &Source| -> Both {
        let both = match source {
            Source::Proxy(_) | Source::Folder(_) => {
                let module = info(&client, source);
                (Some(honest(module, settings)), supported.as_deref().map(|path| passes_on(&client, source, path)))
            }
            Source::Direct | Source::Off => (None, None),
        };
        tell();
        both
    };
    let both: Vec<Both> = std::thread::scope(|scope| {
        let one = &one;
        let threads: Vec<_> =
            list.entries.iter().take(MOST).map(|entry| scope.spawn(move || one(&entry.source))).collect();
        // A thread that panicked has no answer.
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let (mut answers, passing): (Vec<_>, Vec<_>) = both.into_iter().unzip();
    // The origin is a third party, of which nothing is asked as long as Go would not.
    let direct = list.entries.iter().take(MOST).position(|entry| entry.source == Source::Direct);
    if let Some(index) = direct.filter(|_| walk(list, &answers) == Verdict::Unknown || bypassed) {
        answers[index] = Some(origin(&client, settings));
    }
    let asks = bypassed || matches!(walk(list, &answers), Verdict::Works(_));
    let database = Some(database).filter(|_| asks).and_then(|database| checksums(&client, list, &passing, &database));
    Asked { answers, database }
}

/// Where a program that goenv-setup may not start would bring name and password, a refusal says nothing.
fn honest(answer: Answer, settings: &Settings) -> Answer {
    match answer {
        Answer::Denied(401 | 403) | Answer::Missing(_) if settings.asks_a_program() => {
            Answer::Unknown("only go itself can ask the program in GOAUTH for a user and a password")
        }
        answer => answer,
    }
}

/// A file of a proxy: status and body.
fn get(client: &Client, source: &Source, path: &str) -> Result<(u16, Vec<u8>), Answer> {
    match source {
        Source::Proxy(address) => {
            let first = client.get(address, path);
            if !matches!(first, Ok((429 | 500.., _))) {
                return first;
            }
            std::thread::sleep(AGAIN);
            client.get(address, path)
        }
        Source::Folder(folder) => match fs_err::read(folder.join(path)) {
            Ok(bytes) => Ok((200, bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((404, Vec::new())),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => Ok((403, Vec::new())),
            Err(_) => Err(Answer::Failed(Failure::Other)),
        },
        Source::Direct | Source::Off => Err(Answer::Failed(Failure::Other)),
    }
}

fn info(client: &Client, source: &Source) -> Answer {
    match get(client, source, &format!("{MODULE}/@v/{VERSION}.info")) {
        Ok((200, body)) => Answer::of_info(&body),
        Ok((status, _)) => Answer::of_status(status),
        Err(answer) => answer,
    }
}

fn passes_on(client: &Client, source: &Source, path: &str) -> Answer {
    match get(client, source, path) {
        Ok((200, _)) => Answer::Good,
        Ok((status, _)) => Answer::of_status(status),
        Err(answer) => answer,
    }
}

/// The origin of the module: the page that tells where its repository is. Whether git gets at that is not asked.
fn origin(client: &Client, settings: &Settings) -> Answer {
    let Some(address) = http::address(&format!("https://{MODULE}?go-get=1")) else { return Answer::Unknown("") };
    match client.get(&address, "") {
        // There Go judges no certificate, and takes http where https fails.
        Err(_) if pattern::covers(&settings.insecure.text, MODULE) => {
            Answer::Unknown("only go itself can ask as GOINSECURE allows it")
        }
        Ok((200, body)) if body.windows(9).any(|window| window == b"go-import") => Answer::Good,
        Ok((200, _)) => Answer::Odd(Body::Other),
        Ok((status, _)) => Answer::of_status(status),
        Err(answer) => answer,
    }
}

fn checksums(client: &Client, list: &List, passing: &[Option<Answer>], database: &Database) -> Option<(Route, Answer)> {
    let Database::Named { name, direct, always } = database else {
        return (*database == Database::Unknown)
            .then_some((Route::Unknown, Answer::Unknown("GOSUMDB names no database")));
    };
    let route = if *always { Route::Straight } else { route(list, passing) };
    let latest = match &route {
        Route::Unknown => return None,
        Route::Blocked(index) => return Some((route.clone(), passing[*index].clone()?)),
        Route::Straight => get(client, &Source::Proxy(direct.clone()), "latest"),
        Route::Proxy(index) => get(client, &list.entries[*index].source, &format!("sumdb/{name}/latest")),
    };
    let answer = match latest {
        Ok((200, body)) if body.starts_with(b"go.sum database tree\n") => Answer::Good,
        Ok((200, body)) if body.trim_ascii_start().starts_with(b"<") => Answer::Odd(Body::Html),
        Ok((200, body)) => Answer::Odd(if body.is_empty() { Body::Empty } else { Body::Other }),
        Ok((status, _)) => Answer::of_status(status),
        Err(answer) => answer,
    };
    Some((route, answer))
}
