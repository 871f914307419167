"""What launches, campaigns and other events do to contacts: learned, typed, found."""
