"""The settings of each stage, one section of config.yaml a file."""
