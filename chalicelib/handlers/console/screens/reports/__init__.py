"""Reports: a file looked at and sent, how far it is, its rejected rows mended, listings withdrawn."""
