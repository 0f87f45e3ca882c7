"""Where cells run: the sandboxes of this machine, and the session in one."""
