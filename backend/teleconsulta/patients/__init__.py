"""The only home of patients' personal data."""
