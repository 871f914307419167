"""What the morning says of the afternoon."""
