"""An installation examines itself: each line is fine, or says what is wrong and what to do about it."""
