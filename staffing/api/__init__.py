"""The planner from Python: the flat names of ``staffing``, each a function over the door or a frozen object."""
