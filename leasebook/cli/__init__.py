"""
Room 9: the command line. Each command is a module here, imported only when it is run.
"""
