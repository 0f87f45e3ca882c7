"""The stages: thin files, artifacts in, artifact out."""
