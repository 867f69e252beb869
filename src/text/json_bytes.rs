//! Bytes in JSON: paths and file contents are bytes, JSON strings are not.
//!
//! Bytes that are UTF-8 become a string, so that the common case reads as what it is; all others become
//! `{"base64": "…"}` (RFC 4648, with padding). Both come back as exactly the same bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that serialise as text where they are UTF-8, else as base64.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonBytes(pub Vec<u8>);

/// The two forms, as they stand in the document.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Form<Text> {
    Utf8(Text),
    Other { base64: String },
}

fn write<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Form::Utf8(text),
        Err(_) => Form::Other { base64: STANDARD.encode(bytes) },
    }
    .serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Form::<String>::deserialize(deserializer)? {
        Form::Utf8(text) => Ok(text.into_bytes()),
        Form::Other { base64 } => STANDARD.decode(base64).map_err(serde::de::Error::custom),
    }
}

impl Serialize for JsonBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.0, serializer)
    }
}

impl<'de> Deserialize<'de> for JsonBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer).map(Self)
    }
}

/// The same for a path: `#[serde(with = "json_bytes::path")]`.
pub mod path {
    use std::ffi::OsString;
    use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
    use std::path::{Path, PathBuf};

    use serde::{Deserializer, Serializer};

    /// Writes the path's bytes.
    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        super::write(path.as_os_str().as_bytes(), serializer)
    }

    /// Reads what [`serialize`] wrote.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        super::read(deserializer).map(|bytes| OsString::from_vec(bytes).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_text_and_the_rest_is_base64() {
        let json = |bytes: &[u8]| serde_json::to_string(&JsonBytes(bytes.to_vec())).unwrap();
        assert_eq!(json("é\n".as_bytes()), r#""é\n""#);
        assert_eq!(json(b""), r#""""#);
        assert_eq!(json(b"a\xff"), r#"{"base64":"Yf8="}"#);
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        for bad in [r#"{"base64":"Yf8"}"#, r#"{"base64":7}"#, "[1]", "null", "{}"] {
            assert!(serde_json::from_str::<JsonBytes>(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let json = serde_json::to_string(&JsonBytes(bytes.clone())).unwrap();
            prop_assert_eq!(serde_json::from_str::<JsonBytes>(&json).unwrap().0, bytes);
        }
    }
}
