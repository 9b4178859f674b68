"""A doctor's standing room: an address that stays, where people without an appointment may wait while it is open."""
