"""A stand-in for Telegram: a local Bot API with Telegram's rules and a phone in the browser."""
