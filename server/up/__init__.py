"""`atiende up`: all processes of one machine, with a private PostgreSQL and Redis."""
