//! The certificates that Go trusts on Linux: one bundle, and every file in some folders.
//!
//! Source: `crypto/x509/root_linux.go` and `root_unix.go`. `SSL_CERT_FILE` stands in for the bundle, `SSL_CERT_DIR` for the
//! folders.

use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, PemItem, parse_pem};

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

/// Reads them. `file` and `folders` (separated by `:`) stand in for the system's.
pub(super) fn gather(file: Option<&str>, folders: Option<&str>) -> Vec<Certificate<'static>> {
    let files: Vec<&str> = file.map_or_else(|| FILES.to_vec(), |file| vec![file]);
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
