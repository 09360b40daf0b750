"""
Above the pipeline: a run becomes the tables that the commands print.
"""
