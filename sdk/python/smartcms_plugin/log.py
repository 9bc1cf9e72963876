"""Lines in the plugin's log, which `smartcms plugin logs` shows. No grant is needed."""

from . import _host


def debug(message: object) -> None:
    """For those who look for a fault."""
    _host.line("debug", str(message))


def info(message: object) -> None:
    """Good to know."""
    _host.line("info", str(message))


def warn(message: object) -> None:
    """Somebody should look."""
    _host.line("warn", str(message))


def error(message: object) -> None:
    """Somebody must act."""
    _host.line("error", str(message))
