"""Having faulty passages written again."""
