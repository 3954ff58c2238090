"""Who plays the runs of a study lives here: this process, a pool, an executor, or the store that has them already.

Only the parent process writes to a store. Nothing is weighed here.
"""
