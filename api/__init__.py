"""How people and programs reach the service: HTTP, pages, command line, and the composition root."""
