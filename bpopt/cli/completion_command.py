"""`bpopt completion SHELL`: the script that makes a shell complete bpopt's commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command("completion", epilog='\b\nExample:\n  eval "$(bpopt completion bash)"\n')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of a SHELL; put it into your shell's start-up file."""
    from bpopt.cli.main import main

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(main, {}, "bpopt", "_BPOPT_COMPLETE").source())
