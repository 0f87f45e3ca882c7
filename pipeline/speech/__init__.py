"""Who said what when: captions and speech recognition."""
