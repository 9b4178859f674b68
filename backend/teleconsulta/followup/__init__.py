"""When a patient was last seen in person: a long follow-up by video needs that at least every 180 days."""
