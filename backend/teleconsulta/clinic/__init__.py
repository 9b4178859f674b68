"""Who the clinic and its doctors are on paper: the profile of the one, and of each of the others."""
