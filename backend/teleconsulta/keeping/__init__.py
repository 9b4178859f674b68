"""What is kept of people: for how long, and what of it they may have."""
