"""Published cases: read into deals, reported by the engine's figures."""
