"""Use cases: each joins sources, store and engines for one verb. The only room that sees both sides."""
