"""Where finished runs are kept lives here: one file, checked row by row, so that nothing is played twice or mixed.

A store knows rows and digests, and nothing of what they mean.
"""
