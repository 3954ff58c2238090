"""Scenarios repeated on common random numbers, and what is learned from that.

Rooms: runs (which, and who plays them), stores (where they are kept), methods (what is made of them). No tables for a reader.
"""
