"""What mentorship is: people, consents, matches and rounds. No database, web or solver."""
