"""What runs inside the sandbox; it is mounted there as the package ``inside``."""
