"""The plugin's own settings, as the operator gave them. No grant is needed."""

from . import _host


class SettingError(ValueError):
    """A setting that cannot be used."""


def get(name: str) -> str | None:
    """A setting as it was written: text as it is, anything else as JSON. None when it was not given."""
    return _host.setting(name)


def text(name: str, otherwise: str) -> str:
    """A text, or the default."""
    value = _host.setting(name)
    return otherwise if value is None else value


def integer(name: str, otherwise: int) -> int:
    """A whole number, or the default. Raises SettingError when the setting is none."""
    value = _host.setting(name)
    if value is None:
        return otherwise
    try:
        return int(value)
    except ValueError:
        raise SettingError(f"the setting `{name}` cannot be used: {value!r} is no whole number") from None


def all() -> dict[str, str]:  # noqa: A001 - reads well as settings.all()
    """Every setting by name."""
    return _host.settings()
