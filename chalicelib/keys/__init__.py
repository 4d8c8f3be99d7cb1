"""Keys that rotate: secrets that are read again while a function runs, and names that outlast their key."""
