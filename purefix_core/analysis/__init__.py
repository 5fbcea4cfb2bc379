"""What a log means: the sentence that a message says."""
