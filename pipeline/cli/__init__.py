"""The command line: parser, commands, terminal; the only place that prints or exits."""
