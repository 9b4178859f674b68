"""What only a demonstration has: its accounts shown, its letters readable, throw-away consultations."""
