"""The library page, the queue of conversions, and the files of chapters over HTTP."""
