"""What leaves the record: the signed dossier, the FHIR bundle, files of a period."""
