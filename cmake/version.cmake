# The git hash is read at build time so that a new commit does not need a new configuration.
