"""What can be seen: one module a question. Every table is disposable and is rebuilt from the log."""
