"""Generated apps for the benchmarks: eight files each, no two alike, a third of them with something to find."""

from __future__ import annotations

from pathlib import Path

PACKAGES = (
    "libpq-dev",
    "libjpeg-dev",
    "libxml2-dev",
    "libxslt1-dev",
    "libffi-dev",
    "ffmpeg",
    "libgeos-dev",
    "gdal-bin",
)


def write(root: Path, count: int) -> None:
    """Write `count` apps of eight files below `root`, a hundred to a folder."""
    for number in range(count):
        folder = root / f"group{number // 100:04}" / f"app{number:05}"
        folder.mkdir(parents=True)
        for name, text in files(number).items():
            (folder / name).write_text(text)


def files(number: int) -> dict[str, str]:
    """The eight files of one app."""
    packages = [PACKAGES[(number + i) % len(PACKAGES)] for i in range(4)]
    packages += packages[:1] if number % 3 == 0 else []
    workers = 1 + number % 4
    return {
        "Aptfile": "# system packages\n" + "".join(f"{p}\n" for p in packages),
        "Procfile": f"web: gunicorn app{number}.wsgi:application --workers {workers} --timeout 60\n"
        f"worker: celery -A app{number} worker --loglevel info\n",
        ".slugignore": "# not needed to run\ntests/\ndocs/\n*.md\n",
        ".python-version": f"3.{11 + number % 3}\n",
        "requirements.txt": f"Django==5.2.{number % 7}\ngunicorn==23.0.0\ncelery==5.4.0\npsycopg2-binary==2.9.10\n",
        "app.json": f'{{"name": "app{number}", "stack": "heroku-24", "buildpacks": [{{"url": "heroku/python"}}], '
        f'"env": {{"SECRET_KEY": {{"generator": "secret"}}, "LEVEL": "{number % 5}"}}}}\n',
        ".env.example": f"DATABASE_URL=\nDEBUG=0\nNUMBER={number}\n",
        "gunicorn.conf.py": f"accesslog = '-'\nkeepalive = {number % 9}\n",
    }
