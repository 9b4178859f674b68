"""Opening, moving and closing a consultation: what touches room, invitation and record at once."""
