"""Whether a person's device and network are fit for a call: what was tested, and what stands in the way."""
