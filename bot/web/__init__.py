"""The browser's side; for now only what machines ask about a process. Dashboard and editor find their place here."""
