"""What is owed later (reminders, lessons, probes, broadcasts) has its place here, with the engine that delivers it."""
