//! What an HTTP proxy is to fetch itself is asked for by its whole URL, where the path stands otherwise (RFC 9112, 3.2.2).
//! The library writes that only as a path; here the one is put in the place of the other on its way out.

use std::fmt;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// The beginning of what the library writes when it is asked for `/`.
const WRITTEN: &[u8] = b"GET / ";

/// Where the `/` is in it.
const PATH: usize = 4;

/// Puts this URL in the place of the path `/`. It may hold a secret.
pub(super) struct Whole(pub(super) String);

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whole")
    }
}

impl<In: Transport> Connector<In> for Whole {
    type Out = Fetched<In>;

    fn connect(&self, _: &ConnectionDetails, inner: Option<In>) -> Result<Option<Self::Out>, Error> {
        Ok(inner.map(|inner| Fetched { inner, whole: Some(Self(self.0.clone())) }))
    }
}

/// A connection on which the first thing that is sent is changed so.
#[derive(Debug)]
pub(super) struct Fetched<In> {
    inner: In,
    whole: Option<Whole>,
}

impl<In: Transport> Transport for Fetched<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let Some(Whole(url)) = self.whole.take() else { return self.inner.transmit_output(amount, timeout) };
        let output = self.inner.buffers().output();
        let longer = amount + url.len() - 1;
        if !output.starts_with(WRITTEN) || output.len() < longer {
            return Err(Error::ConnectionFailed);
        }
        output.copy_within(PATH + 1..amount, PATH + url.len());
        output[PATH..PATH + url.len()].copy_from_slice(url.as_bytes());
        self.inner.transmit_output(longer, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
