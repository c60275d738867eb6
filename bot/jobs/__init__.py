"""What is sent later, by itself: messages owed to people; reminders, probes and broadcasts get their engine here."""
