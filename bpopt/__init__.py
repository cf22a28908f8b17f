"""bpopt: the linter, fixer and prover of buildpack deployments."""

__version__ = "0.1.0"
