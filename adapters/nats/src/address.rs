//! Where the server is, as the variables say.

const ADDRESS_VARIABLE: &str = "SMARTCMS_HOST_ADDRESS";
const TOKEN_VARIABLE: &str = "SMARTCMS_HOST_TOKEN";
const BUCKET_VARIABLE: &str = "SMARTCMS_HOST_BUCKET";
const PORT: u16 = 4222;
const BUCKET: &str = "smartcms";

/// Where the server is, and the name of the stream there.
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) token: Option<String>,
    pub(crate) stream: String,
}

impl Address {
    pub(crate) fn of_variables() -> Result<Self, String> {
        let address = std::env::var(ADDRESS_VARIABLE).map_err(|_| {
            format!("{ADDRESS_VARIABLE} is not set: it says where NATS is, as nats://10.0.0.5:4222")
        })?;
        let wrong =
            || format!("{ADDRESS_VARIABLE} is {address:?}; it is like nats://10.0.0.5:4222");
        let place = address.strip_prefix("nats://").ok_or_else(wrong)?.trim_end_matches('/');
        let (host, port) = match place.rsplit_once(':') {
            // Colons within brackets are of the host.
            Some((host, port)) if !port.contains(']') => (host, port.parse().map_err(|_| wrong())?),
            _ => (place, PORT),
        };
        let stream = std::env::var(BUCKET_VARIABLE).unwrap_or_else(|_| BUCKET.to_owned());
        let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
        if host.is_empty() || stream.is_empty() || !stream.chars().all(plain) {
            return Err(format!(
                "{}; {BUCKET_VARIABLE} is {stream:?}, of letters, digits, `-` and `_`",
                wrong()
            ));
        }
        let token = std::env::var(TOKEN_VARIABLE).ok();
        Ok(Self { host: host.to_owned(), port, token, stream })
    }
}
