"""What a document says: its sources read, understood and proofread."""
