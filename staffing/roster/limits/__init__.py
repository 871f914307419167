"""The rules a tour obeys while it is built: one small class per rule (see `engine.automaton.TourRule`)."""
