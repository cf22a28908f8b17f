"""Generated apps for the benchmarks: eight files each, no two alike, a third of them with something to find."""

from __future__ import annotations

from pathlib import Path

PACKAGES = ("ffmpeg", "graphviz", "pandoc", "sox", "antiword", "catdoc", "unrtf", "mediainfo")


def write(root: Path, count: int) -> None:
    """Write `count` apps of eight files below `root`, a hundred to a folder."""
    for number in range(count):
        folder = root / f"group{number // 100:04}" / f"app{number:05}"
        folder.mkdir(parents=True)
        for name, text in files(number).items():
            (folder / name).write_text(text)


GOOD = "--threads 4 --max-requests 1000 --max-requests-jitter 100 --preload --timeout 25"


def files(number: int) -> dict[str, str]:
    """The eight files of one app; every third app has a package twice and bare gunicorn options."""
    packages = [PACKAGES[(number + i) % len(PACKAGES)] for i in range(4)]
    options = GOOD
    if number % 3 == 0:
        packages += packages[:1]
        options = "--timeout 25"
    return {
        "Aptfile": "# system packages\n" + "".join(f"{p}\n" for p in packages),
        "Procfile": f"web: gunicorn wsgi:application --workers {2 + number % 4} {options}\n"
        f"worker: celery --app tasks{number} worker\n",
        ".slugignore": "# not needed to run\n/tests\n/docs\n",
        ".python-version": f"3.{12 + number % 2}\n",
        "requirements.txt": f"Django==5.2.{number % 7}\ngunicorn==27.0.1\npsycopg2-binary==2.9.10\ncelery==5.5.0\nredis==5.0.{number % 9}\n",
        "app.json": f'{{"name": "app{number}", "stack": "heroku-24", '
        '"buildpacks": [{"url": "heroku-community/apt"}, {"url": "heroku/python"}], '
        f'"env": {{"SECRET_KEY": {{"generator": "secret"}}, "LEVEL": "{number % 5}"}}}}\n',
        ".env.example": f"DATABASE_URL=\nDEBUG=0\nNUMBER={number}\n",
        "requirements-dev.txt": f"-r requirements.txt\npytest==8.{number % 4}\nruff==0.8.{number % 9}\n",
    }
