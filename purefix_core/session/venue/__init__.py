"""Applications to try sessions against: one that sends orders back, one that plays a venue."""
