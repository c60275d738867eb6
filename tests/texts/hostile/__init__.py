"""Templates written to break out of a lesson card, or to wear the machine down."""
