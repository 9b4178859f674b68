"""The texts, one folder a version; a published one is never changed, a new version is added."""
