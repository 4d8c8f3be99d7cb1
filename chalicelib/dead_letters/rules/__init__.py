"""What a dead letter is about, and what is to be done with it."""
