"""How many merchants stand in each state of corroboration, by platform and by province, counted from the log."""
