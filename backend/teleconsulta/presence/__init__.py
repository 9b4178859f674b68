"""Who sits where in a room: pure state and the store that keeps it."""
