//! Who judges a server's certificate: where Go reads files, rustls with what is in them; on macOS the system, as for Go.
//!
//! Source: `crypto/x509/root_linux.go` and `root_darwin.go`.

use ureq::tls::TlsConfig;

use crate::plan::proxy::walk::{Answer, Distrust};
use crate::plan::proxy::web::Web;

pub(super) use judge::{answer, config};

#[cfg(not(target_os = "macos"))]
mod judge {
    use std::sync::Arc;

    use rustls::CertificateError;
    use ureq::tls::RootCerts;

    use super::super::roots;
    use super::{Answer, Distrust, TlsConfig, Web};
    use crate::plan::proxy::walk::Failure;

    /// How servers are judged.
    pub(in super::super) fn config(web: &Web) -> TlsConfig {
        let roots = RootCerts::from(roots::gather(web.file.as_deref(), web.folders.as_deref()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build()
    }

    /// What an error says of a server's certificate or of its TLS; `None` if it is about something else.
    pub(in super::super) fn answer(error: &ureq::Error) -> Option<Answer> {
        let error = match error {
            ureq::Error::Rustls(error) => error,
            ureq::Error::Io(error) => error.get_ref()?.downcast_ref()?,
            _ => return None,
        };
        let rustls::Error::InvalidCertificate(error) = error else { return Some(Answer::Failed(Failure::Tls)) };
        Some(Answer::Distrusted(match error {
            CertificateError::UnknownIssuer => Distrust::Signer,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Distrust::Date,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Distrust::Name,
            _ => Distrust::Other,
        }))
    }
}

#[cfg(target_os = "macos")]
mod judge {
    use ureq::tls::{RootCerts, TlsProvider};

    use super::{Answer, Distrust, TlsConfig, Web};

    /// Go does not read `SSL_CERT_FILE` and `SSL_CERT_DIR` here.
    pub(in super::super) fn config(_: &Web) -> TlsConfig {
        TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(RootCerts::PlatformVerifier).build()
    }

    /// The library keeps the number of an error to itself, but for its debug form: `Error { code: -9814, … }`.
    pub(in super::super) fn answer(error: &ureq::Error) -> Option<Answer> {
        let ureq::Error::NativeTls(error) = error else { return None };
        let text = format!("{error:?}");
        let number = text.split_once("code: ")?.1.split(|char: char| char != '-' && !char.is_ascii_digit()).next();
        Some(Answer::Distrusted(match number {
            // errSSLXCertChainInvalid, errSSLUnknownRootCert, errSSLNoRootCert, errSecNotTrusted, errSecCreateChainFailed
            Some("-9807" | "-9812" | "-9813" | "-67843" | "-25318") => Distrust::Signer,
            // errSSLCertExpired, errSSLCertNotYetValid, errSecCertificateExpired, errSecCertificateNotValidYet
            Some("-9814" | "-9815" | "-67818" | "-67819") => Distrust::Date,
            // errSSLHostNameMismatch, errSecHostNameMismatch
            Some("-9843" | "-67602") => Distrust::Name,
            _ => Distrust::Other,
        }))
    }
}
