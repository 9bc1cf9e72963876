"""What the host gives a plugin, in one place that `testing` can put something else into."""

from wit_world.imports import config, logging


def setting(name: str) -> str | None:
    """A setting as it was written."""
    return config.get(name)


def settings() -> dict[str, str]:
    """Every setting by name."""
    return dict(config.get_all())


def line(level: str, message: str) -> None:
    """A line in the plugin's log."""
    logging.log(logging.Level[level.upper()], "plugin", message)
