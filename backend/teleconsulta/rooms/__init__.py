"""A consultation's room: owner, window, participants, state."""
