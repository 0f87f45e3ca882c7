"""Pure text: boundaries, chunks, citations, fidelity, the transcript edition."""
