"""Simulation: what a staffing or a roster really delivers, call by call."""
