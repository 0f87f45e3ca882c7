"""The recognisers, and their models."""
