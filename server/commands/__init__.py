"""The subcommands of `atiende`."""
