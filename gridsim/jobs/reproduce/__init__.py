"""The sites beside what their reports print live here: printed figures, what the model gives, and contrasts.

It computes; tables and words are made above.
"""
