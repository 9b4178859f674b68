"""What a doctor writes down about a call: every saved version stays, and nobody but that doctor reads the text."""
