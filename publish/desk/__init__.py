"""Who asks for it: documents built, proofread and kept."""
