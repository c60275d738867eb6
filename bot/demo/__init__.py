"""The demo: who plays in it, what they did before it began, and how it runs."""

from bot.demo.run import run_demo

__all__ = ["run_demo"]
