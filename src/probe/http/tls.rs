//! Who judges a server's certificate: rustls, with the certificates that Go trusts.

use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};
use ureq::tls::{RootCerts, TlsConfig};

use super::roots;
use crate::plan::proxy::walk::{Answer, Distrust, Failure};
use crate::plan::proxy::web::Web;

/// How servers are judged; `None`: this processor cannot.
pub(super) fn config(web: &Web, home: &Path) -> Option<TlsConfig> {
    let provider = Arc::new(provider()?);
    let roots = RootCerts::from(roots::gather(web, home));
    Some(TlsConfig::builder().root_certs(roots).unversioned_rustls_crypto_provider(provider).build())
}

#[cfg(not(target_os = "macos"))]
#[expect(clippy::unnecessary_wraps, reason = "macOS may have none")]
fn provider() -> Option<CryptoProvider> {
    Some(rustls::crypto::ring::default_provider())
}

#[cfg(target_os = "macos")]
fn provider() -> Option<CryptoProvider> {
    // What graviola asks for, and what every Mac since 2015 has but for an older Rosetta.
    #[cfg(target_arch = "x86_64")]
    if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("adx") && is_x86_feature_detected!("bmi2")) {
        return None;
    }
    Some(rustls_graviola::default_provider())
}

/// What an error says of a server's certificate or of its TLS; `None` if it is about something else.
pub(super) fn answer(error: &ureq::Error) -> Option<Answer> {
    let error = match error {
        ureq::Error::Rustls(error) => error,
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref()?,
        _ => return None,
    };
    let error = match error {
        rustls::Error::InvalidCertificate(error) => error,
        // Go knows older ciphers and more curves than the library.
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity)
        | rustls::Error::PeerIncompatible(
            PeerIncompatible::NoCipherSuitesInCommon
            | PeerIncompatible::NoKxGroupsInCommon
            | PeerIncompatible::NoSignatureSchemesInCommon,
        ) => return Some(Answer::Unknown("only go itself can agree with it upon TLS")),
        _ => return Some(Answer::Failed(Failure::Tls)),
    };
    Some(Answer::Distrusted(match error {
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            return Some(Answer::Unknown("only go itself can judge its certificate"));
        }
        CertificateError::UnknownIssuer => Distrust::Signer,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Distrust::Date,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Distrust::Name,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Distrust::Purpose,
        _ => Distrust::Other,
    }))
}
