//! A connection over the TCP that the host gives, on which nothing waits for ever.

use std::net::IpAddr;

use wasip2::clocks::monotonic_clock::{now, subscribe_instant};
use wasip2::io::poll::{Pollable, poll};
use wasip2::io::streams::{InputStream, OutputStream, StreamError};
use wasip2::sockets::instance_network::instance_network;
use wasip2::sockets::ip_name_lookup::resolve_addresses;
use wasip2::sockets::network::{
    ErrorCode, IpAddress, IpAddressFamily, IpSocketAddress, Ipv4SocketAddress, Ipv6SocketAddress,
    Network,
};
use wasip2::sockets::tcp::TcpSocket;
use wasip2::sockets::tcp_create_socket::create_tcp_socket;

/// How long one exchange may take, in nanoseconds: 10 seconds.
const TIME_MAX: u64 = 10_000_000_000;
/// How many bytes are read at once.
const READ_LEN_MAX: u64 = 64 * 1024;

/// An open connection. What it is made of is dropped in this order: streams before their socket.
pub(crate) struct Socket {
    input: InputStream,
    output: OutputStream,
    _socket: TcpSocket,
    /// When the exchange that is under way has to be done.
    ends_at: u64,
    /// What was read and not taken yet.
    read: Vec<u8>,
}

impl Socket {
    /// Connects to the first address of a host that answers.
    pub(crate) fn connect(host: &str, port: u16) -> Result<Self, String> {
        let network = instance_network();
        let ends_at = now() + TIME_MAX;
        let mut last = "it has no address".to_owned();
        for address in addresses(&network, host, ends_at)? {
            match connected(&network, address, port, ends_at) {
                Ok((input, output, socket)) => {
                    return Ok(Self { input, output, _socket: socket, ends_at, read: Vec::new() });
                }
                Err(error) => last = format!("{error:?}"),
            }
        }
        Err(format!("could not connect to {host}:{port}: {last}"))
    }

    /// From here on there is time for one exchange.
    pub(crate) fn begin(&mut self) {
        self.ends_at = now() + TIME_MAX;
    }

    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            let room = usize::try_from(self.output.check_write().map_err(cut)?);
            let (piece, rest) = bytes.split_at(room.unwrap_or(usize::MAX).min(bytes.len()));
            if piece.is_empty() {
                wait(&self.output.subscribe(), self.ends_at)?;
                continue;
            }
            self.output.write(piece).map_err(cut)?;
            bytes = rest;
        }
        self.output.flush().map_err(cut)
    }

    /// Up to the next end of a line, without it.
    pub(crate) fn line(&mut self) -> Result<String, String> {
        let mut looked_at = 0;
        loop {
            let end = self.read.get(looked_at..).unwrap_or_default();
            if let Some(end) = end.windows(2).position(|it| it == b"\r\n") {
                let line = self.take(looked_at + end)?;
                self.take(2)?;
                return String::from_utf8(line).map_err(|_| "it sent no text".to_owned());
            }
            looked_at = self.read.len().saturating_sub(1);
            self.fill()?;
        }
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, len: usize) -> Result<Vec<u8>, String> {
        while self.read.len() < len {
            self.fill()?;
        }
        self.take(len)
    }

    fn take(&mut self, len: usize) -> Result<Vec<u8>, String> {
        if self.read.len() < len {
            return Err("it sent less than it said".to_owned());
        }
        let rest = self.read.split_off(len);
        Ok(std::mem::replace(&mut self.read, rest))
    }

    fn fill(&mut self) -> Result<(), String> {
        let bytes = self.input.read(READ_LEN_MAX).map_err(cut)?;
        if bytes.is_empty() {
            return wait(&self.input.subscribe(), self.ends_at);
        }
        self.read.extend_from_slice(&bytes);
        Ok(())
    }
}

fn addresses(network: &Network, host: &str, ends_at: u64) -> Result<Vec<IpAddress>, String> {
    let host = host.trim_matches(['[', ']']);
    // An address is no name: some hosts look up only what a component was allowed to.
    if let Ok(address) = host.parse() {
        return Ok(vec![as_of_host(address)]);
    }
    let failed = |error: ErrorCode| format!("could not look {host} up: {error:?}");
    let found = resolve_addresses(network, host).map_err(failed)?;
    let mut addresses = Vec::new();
    loop {
        match found.resolve_next_address() {
            Ok(Some(address)) => addresses.push(address),
            Ok(None) => return Ok(addresses),
            Err(ErrorCode::WouldBlock) => wait(&found.subscribe(), ends_at)?,
            Err(error) => return Err(failed(error)),
        }
    }
}

fn as_of_host(address: IpAddr) -> IpAddress {
    match address {
        IpAddr::V4(it) => IpAddress::Ipv4(it.octets().into()),
        IpAddr::V6(it) => IpAddress::Ipv6(it.segments().into()),
    }
}

fn connected(
    network: &Network,
    address: IpAddress,
    port: u16,
    ends_at: u64,
) -> Result<(InputStream, OutputStream, TcpSocket), String> {
    let failed = |error: ErrorCode| format!("{error:?}");
    let (family, address) = match address {
        IpAddress::Ipv4(address) => {
            let address = Ipv4SocketAddress { port, address };
            (IpAddressFamily::Ipv4, IpSocketAddress::Ipv4(address))
        }
        IpAddress::Ipv6(address) => {
            let address = Ipv6SocketAddress { port, address, flow_info: 0, scope_id: 0 };
            (IpAddressFamily::Ipv6, IpSocketAddress::Ipv6(address))
        }
    };
    let socket = create_tcp_socket(family).map_err(failed)?;
    socket.start_connect(network, address).map_err(failed)?;
    loop {
        match socket.finish_connect() {
            Ok((input, output)) => return Ok((input, output, socket)),
            Err(ErrorCode::WouldBlock) => wait(&socket.subscribe(), ends_at)?,
            Err(error) => return Err(failed(error)),
        }
    }
}

fn wait(event: &Pollable, ends_at: u64) -> Result<(), String> {
    let end = subscribe_instant(ends_at);
    if poll(&[event, &end]).contains(&0) {
        return Ok(());
    }
    Err(format!("it was silent for {} seconds", TIME_MAX / 1_000_000_000))
}

fn cut(error: StreamError) -> String {
    match error {
        StreamError::Closed => "it closed the connection".to_owned(),
        StreamError::LastOperationFailed(error) => error.to_debug_string(),
    }
}
