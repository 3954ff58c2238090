"""What a study found lives here: its runs, the means of its measures with their intervals, and differences.

It takes finished runs and gives numbers; it starts none.
"""
