"""Telegram's edge: updates in, calls out, and what Telegram's errors mean."""
