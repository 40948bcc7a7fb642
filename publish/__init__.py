"""A press for official multilingual documents: structured sources in, print-ready PDFs out."""
