// Lets functions without a body stand in this package: the host has them.
