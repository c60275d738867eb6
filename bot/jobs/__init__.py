"""What is done by itself, without a tap: sending what is owed, the timetable of wishes, releases, and clearing up."""
