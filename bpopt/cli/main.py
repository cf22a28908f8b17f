"""The click command line: one command a module, imported when it is used."""

from __future__ import annotations

from importlib import import_module

import click

from bpopt import __version__

# Command -> its first line of help, so that `bpopt --help` imports none of them.
COMMANDS = {
    "check": "Find what is wrong with the deployment of the apps in PATHS.",
    "fix": "Mend what can be mended without losing a comment.",
    "verify": "Run an app before and after the fixes and measure what they do.",
    "tune": "Find the best gunicorn configuration for a plan by measuring.",
    "plan": "Show which plans hold the app at a given load.",
    "explain": "Show the page of a rule.",
    "rules": "List all rules.",
    "settings": "Show every setting, its value and where it came from.",
    "status": "Show how much of the deployment is in order, and who does the rest.",
    "env": "Show and write the environment settings that the app needs.",
    "report": "Write the analysis, the settings, the deployment guide and an HTML page.",
    "wheels": "Compile once what has no wheel, and let every build use it.",
    "doctor": "Read a failed build or boot log and name the cause.",
    "apt": "Show what an apt list brings: size, tree, why.",
    "native": "Show the system libraries and programs that Python packages need.",
    "catalog": "List the package catalogs, or build them anew.",
    "completion": "Print the completion script of a shell.",
}


class Commands(click.Group):
    """A group that knows the names of its commands and imports a command's module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"bpopt.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names; a usage error that says what was meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from bpopt.suggest import meant

            raise click.UsageError(f"there is no command {args[0]!r}{meant(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


EPILOG = """\b
Examples:
  bpopt check                    the app in this folder
  bpopt check services/ api/     every app below these folders
  bpopt fix --diff               what bpopt fix would change
  bpopt explain redundant-blas   what a rule is about

Exit codes: 0 clean, 1 findings, 2 usage or configuration, 3 nothing to check, 4 internal error.
"""


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="bpopt")
def main() -> None:
    """Lint, fix and prove the deployment of Python apps to buildpack platforms."""


def invoke(arguments: list[str]) -> int:
    """Run click on a command line; usage errors are shown by click and give exit code 2."""
    try:
        code = main.main(arguments, prog_name="bpopt", standalone_mode=False)
    except click.exceptions.Exit as end:
        return int(end.exit_code)
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    return code if isinstance(code, int) else 0
