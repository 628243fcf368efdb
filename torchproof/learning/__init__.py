"""What a learner runs beside `check`: start an assignment, see how far one is."""
