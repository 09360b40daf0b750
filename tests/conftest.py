def pytest_addoption(parser):
    """`--accept` writes what the commands print now into the transcripts."""
    parser.addoption(
        "--accept", action="store_true", help="rewrite tests/transcripts with today's output"
    )
