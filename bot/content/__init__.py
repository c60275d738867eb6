"""Reads the content, refuses anything doubtful with file and line, and hands over a release of core objects."""
