import hypothesis


def pytest_addoption(parser):
    """`--accept` writes what the commands print now into the transcripts and goldens."""
    parser.addoption(
        "--accept", action="store_true", help="rewrite transcripts and goldens with today's output"
    )


# A busy machine must not fail a law, and a failure must come again: examples follow the test's own
# name. The long run (CONTRIBUTING.md) asks for many more, at random.
hypothesis.settings.register_profile("fast", deadline=None, max_examples=40, derandomize=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2000)
hypothesis.settings.load_profile("fast")
