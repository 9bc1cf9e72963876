"""The greet component in Python."""

import wit_world


class WitWorld(wit_world.WitWorld):
    """The export `greet: func(name: string) -> string`."""

    def greet(self, name: str) -> str:
        """Greets a name as it is written."""
        return f"Hello, {name}!"
