"""What pages say of values, listings, tasks and disputes, in the words of the visitor's language."""
