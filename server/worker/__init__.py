"""The process of jobs and of the clock."""
