"""What every package stands on; without a word of medicine."""
