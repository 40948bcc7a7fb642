"""What leaves the house: documents issued together, on time, once."""
