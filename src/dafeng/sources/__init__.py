"""What comes in from outside: documents, tables, map files, devices."""
