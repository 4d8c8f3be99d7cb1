"""What is said of deliveries that wait for a person."""
