"""How a document looks: composed, set in its faces, typeset."""
