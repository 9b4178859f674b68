"""Letters: how they are worded, composed and handed over."""
