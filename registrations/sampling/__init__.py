"""What came of the samples that CMS draws after the close."""
