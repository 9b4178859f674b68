"""The record of one call in HL7 FHIR R4, for the clinic's own system."""
