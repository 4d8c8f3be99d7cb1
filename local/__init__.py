"""The whole exchange on one machine, in one process: `python -m local`."""


class StartError(Exception):
    """The local stack cannot start; the text gives the reason and the remedy, in one line."""


class NotSavedError(Exception):
    """The state could not be written to DATA; the text gives the error of the file system."""
