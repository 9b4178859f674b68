"""The register of security incidents (ANPD Resolution 15/2024): what happened, what was done, who was told by when."""
