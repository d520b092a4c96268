"""Scripts for the private environment, which has more than the standard library."""
