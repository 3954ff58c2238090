"""Scenarios repeated on common random numbers, and compared."""
