"""Going to sleep without dropping anybody: a process that nobody needs ends; its host starts it again when needed."""
