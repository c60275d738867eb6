"""Tests of what is sent by itself."""
