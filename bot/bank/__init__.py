"""Commands for who looks after the questions: how well they measure, what answers say about them, which count."""
