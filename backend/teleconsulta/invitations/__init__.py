"""Personal links: issue, send, redeem, resume, revoke."""
