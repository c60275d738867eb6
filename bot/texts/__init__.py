"""Turns templates, messages and plain values into text that Telegram accepts."""
