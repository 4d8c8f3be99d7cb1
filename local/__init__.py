"""The whole exchange on one machine, in one process: `python -m local`."""


class StartError(Exception):
    """The local stack cannot start; the text says why and what to do, in one line."""
