"""The version, in a room of its own so that every stage can tell it."""

VERSION = "0.1.0"
