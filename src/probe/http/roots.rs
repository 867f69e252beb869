//! The certificates that Go trusts: on macOS those of the keychains, elsewhere those in files.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::tls::{Certificate, PemItem, parse_pem};

use super::dates;
use crate::plan::proxy::web::Web;
use crate::probe::{Outcome, Run, run};

/// Gathers them, as Go does on this system: one that is over vouches for nobody.
pub(super) fn gather(web: &Web, home: &Path) -> Vec<Certificate<'static>> {
    let mut found = if cfg!(target_os = "macos") { ask(home) } else { read(web) };
    #[expect(clippy::disallowed_methods, reason = "the clock is read here, at the edge")]
    let now = SystemTime::now();
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    found.retain(|one| !dates::is_over(one.der(), now));
    found
}

/// Where macOS keeps certificates; below the home, those that the user added.
const KEYCHAINS: &[&str] =
    &["/System/Library/Keychains/SystemRootCertificates.keychain", "/Library/Keychains/System.keychain"];
const OF_USER: &str = "Library/Keychains/login.keychain-db";

/// Asks security(1), which every macOS has. Go leaves the judgement to the system (`crypto/x509/root_darwin.go`, which
/// heeds no `SSL_CERT_FILE`); unlike it, this trusts a certificate that the user has marked as not to be trusted.
fn ask(home: &Path) -> Vec<Certificate<'static>> {
    let mut list = Run::new(PathBuf::from("/usr/bin/security"), Duration::from_secs(3));
    list.args = ["find-certificate", "-a", "-p"].map(Into::into).to_vec();
    list.args.extend(KEYCHAINS.iter().map(Into::into));
    list.args.push(home.join(OF_USER).into());
    match run(&list) {
        Outcome::Ended { stdout, .. } => certificates(&stdout).collect(),
        _ => Vec::new(),
    }
}

/// Where distributions keep the bundle; the first that can be read counts.
const FILES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Folders of certificates; all of them count.
const FOLDERS: &[&str] = &["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Reads them: one bundle, and every file in some folders. `SSL_CERT_FILE` stands in for the bundle, `SSL_CERT_DIR` for the
/// folders. Source: `crypto/x509/root_linux.go` and `root_unix.go`.
fn read(web: &Web) -> Vec<Certificate<'static>> {
    let files: Vec<&str> = web.file.as_deref().map_or_else(|| FILES.to_vec(), |file| vec![file]);
    let folders = web.folders.as_deref();
    let folders: Vec<&str> = folders.map_or_else(|| FOLDERS.to_vec(), |folders| folders.split(':').collect());
    let mut found: Vec<Certificate> = Vec::new();
    if let Some(bytes) = files.iter().find_map(|file| fs_err::read(file).ok()) {
        found.extend(certificates(&bytes));
    }
    let mut known: std::collections::HashSet<Vec<u8>> = found.iter().map(|one| one.der().to_vec()).collect();
    for file in folders.iter().flat_map(|folder| files_in(Path::new(folder))) {
        let Ok(bytes) = fs_err::read(file) else { continue };
        found.extend(certificates(&bytes).filter(|one| known.insert(one.der().to_vec())));
    }
    found
}

/// The files in a folder; a link to another name in the same folder is passed over.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs_err::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_second_name = |path: &PathBuf| fs_err::read_link(path).is_ok_and(|to| to.components().count() == 1);
    paths.filter(|path| !is_second_name(path) && path.is_file()).collect()
}

fn certificates(bytes: &[u8]) -> impl Iterator<Item = Certificate<'static>> + '_ {
    parse_pem(bytes).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    })
}
