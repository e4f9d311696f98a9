"""The test suites of other libraries, run against our faces for their users."""
