"""The subcommands of `layar`, one file per subject."""
