"""Who may do what, tried at every door."""
