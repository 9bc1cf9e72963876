//! WASI 0.2 and 0.3 side by side, as far as a plugin imports them.

use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::filesystem::{WasiFilesystem, WasiFilesystemView};
use wasmtime_wasi::random::WasiRandom;
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsView};
use wasmtime_wasi::{p2, p3};
use wasmtime_wasi_http::{WasiHttp, WasiHttpView};

use super::waiting;
use crate::state::GuestState;

type Guest = GuestState;

/// Adds what `imports(package, line of versions)` says is wanted.
///
/// Sockets are here although nothing grants them: where an operator wants denials at the call, the context
/// of the store denies every use.
pub(super) fn add(
    linker: &mut Linker<Guest>,
    imports: impl Fn(&str, &str) -> bool,
) -> wasmtime::Result<()> {
    if imports("wasi:", "0.2.") {
        add_second(linker, &imports)?;
    }
    if imports("wasi:", "0.3.") {
        add_third(linker, &imports)?;
    }
    Ok(())
}

/// Adds what functions may import of WASI 0.2 in a form that ends each call where it begins.
pub(super) fn add_at_once(
    linker: &mut Linker<Guest>,
    imports: impl Fn(&str, &str) -> bool,
) -> wasmtime::Result<()> {
    p2::add_to_linker_proxy_interfaces_sync(linker)?;
    // In the place of the one that waits without an end.
    linker.allow_shadowing(true);
    waiting::add(linker)?;
    linker.allow_shadowing(false);
    if imports("wasi:cli/", "0.2.") || imports("wasi:random/", "0.2.") {
        add_second_cli(linker)?;
    }
    if imports("wasi:filesystem/", "0.2.") {
        use p2::bindings::{filesystem::preopens, sync::filesystem::types};
        let filesystem = <Guest as WasiFilesystemView>::filesystem;
        types::add_to_linker::<Guest, WasiFilesystem>(linker, filesystem)?;
        preopens::add_to_linker::<Guest, WasiFilesystem>(linker, filesystem)?;
    }
    Ok(())
}

fn add_second(
    linker: &mut Linker<Guest>,
    imports: impl Fn(&str, &str) -> bool,
) -> wasmtime::Result<()> {
    p2::add_to_linker_proxy_interfaces_async(linker)?;
    if imports("wasi:cli/", "0.2.") || imports("wasi:random/", "0.2.") {
        add_second_cli(linker)?;
    }
    if imports("wasi:filesystem/", "0.2.") {
        let filesystem = <Guest as WasiFilesystemView>::filesystem;
        p2::bindings::filesystem::types::add_to_linker::<Guest, WasiFilesystem>(
            linker, filesystem,
        )?;
        p2::bindings::filesystem::preopens::add_to_linker::<Guest, WasiFilesystem>(
            linker, filesystem,
        )?;
    }
    if imports("wasi:http/", "0.2.") {
        let options = wasmtime_wasi_http::p2::bindings::LinkOptions::default();
        let http = <Guest as WasiHttpView>::http;
        wasmtime_wasi_http::p2::bindings::http::types::add_to_linker::<Guest, WasiHttp>(
            linker,
            &(&options).into(),
            http,
        )?;
    }
    if imports("wasi:http/outgoing-handler", "0.2.") {
        let http = <Guest as WasiHttpView>::http;
        wasmtime_wasi_http::p2::bindings::http::outgoing_handler::add_to_linker::<Guest, WasiHttp>(
            linker, http,
        )?;
    }
    if imports("wasi:sockets/", "0.2.") {
        add_second_sockets(linker)?;
    }
    Ok(())
}

fn add_second_cli(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    use p2::bindings::{cli, random};
    let view = <Guest as WasiCliView>::cli;
    random::insecure::add_to_linker::<Guest, WasiRandom>(linker, |it| p2_random(it))?;
    random::insecure_seed::add_to_linker::<Guest, WasiRandom>(linker, |it| p2_random(it))?;
    cli::exit::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::environment::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::terminal_input::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::terminal_output::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::terminal_stdin::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::terminal_stdout::add_to_linker::<Guest, WasiCli>(linker, view)?;
    cli::terminal_stderr::add_to_linker::<Guest, WasiCli>(linker, view)
}

fn p2_random(guest: &mut Guest) -> &mut wasmtime_wasi::random::WasiRandomCtx {
    wasmtime_wasi::WasiView::ctx(guest).ctx.random()
}

fn add_second_sockets(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    use p2::bindings::sockets;
    let view = <Guest as WasiSocketsView>::sockets;
    let options = p2::bindings::LinkOptions::default();
    sockets::tcp::add_to_linker::<Guest, WasiSockets>(linker, view)?;
    sockets::udp::add_to_linker::<Guest, WasiSockets>(linker, view)?;
    sockets::udp_create_socket::add_to_linker::<Guest, WasiSockets>(linker, view)?;
    sockets::tcp_create_socket::add_to_linker::<Guest, WasiSockets>(linker, view)?;
    sockets::instance_network::add_to_linker::<Guest, WasiSockets>(linker, view)?;
    sockets::network::add_to_linker::<Guest, WasiSockets>(linker, &(&options).into(), view)?;
    sockets::ip_name_lookup::add_to_linker::<Guest, WasiSockets>(linker, view)
}

fn add_third(
    linker: &mut Linker<Guest>,
    imports: impl Fn(&str, &str) -> bool,
) -> wasmtime::Result<()> {
    p3::cli::add_to_linker(linker)?;
    p3::clocks::add_to_linker(linker)?;
    p3::random::add_to_linker(linker)?;
    if imports("wasi:filesystem/", "0.3.") {
        p3::filesystem::add_to_linker(linker)?;
    }
    if imports("wasi:sockets/", "0.3.") {
        p3::sockets::add_to_linker(linker)?;
    }
    let http = <Guest as WasiHttpView>::http;
    if imports("wasi:http/", "0.3.") {
        wasmtime_wasi_http::p3::bindings::http::types::add_to_linker::<Guest, WasiHttp>(
            linker, http,
        )?;
    }
    if imports("wasi:http/client", "0.3.") {
        wasmtime_wasi_http::p3::bindings::http::client::add_to_linker::<Guest, WasiHttp>(
            linker, http,
        )?;
    }
    Ok(())
}
