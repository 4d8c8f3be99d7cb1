"""Files that are made to harm whoever reads them: made anew each time, never stored."""
