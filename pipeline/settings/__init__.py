"""Every setting: the sections of config.yaml."""
