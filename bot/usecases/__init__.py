"""What people can do: one keyword-only function each, which loads, asks the core and saves. Never commits, never
formats.
"""
