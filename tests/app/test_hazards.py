from __future__ import annotations

import pytest

from bpopt.app import App, hazards
from bpopt.app.files import DiskFiles, MemoryFiles
from bpopt.app.hazard import Hazard


def read(files: dict[str, str], wsgi: str = "app:app", roots: tuple[str, ...] = ("",)) -> hazards.Hazards:
    app = App(MemoryFiles({path: text.encode() for path, text in files.items()}))
    return hazards.find(app, wsgi, roots)


def places(found: tuple[Hazard, ...]) -> list[str]:
    return [hazard.place for hazard in found]


FLASK = "from flask import Flask\napp = Flask(__name__)\n"


def test_the_sample_app_has_none() -> None:
    found = hazards.find(App(DiskFiles("sample_app")), "app:app")
    assert (found.preload, found.threads, found.gaps) == ((), (), ())
    assert [h.what for h in found.heavy] == ["imports dlib", "imports face_recognition"]


def test_a_naive_face_app_shares_one_detector() -> None:
    text = FLASK + (
        "import face_recognition\n"
        "known = face_recognition.face_encodings(face_recognition.load_image_file('me.jpg'))[0]\n"
        "@app.post('/recognise')\n"
        "def recognise():\n"
        "    image = face_recognition.load_image_file('x')\n"
        "    places = face_recognition.face_locations(image)\n"
        "    return face_recognition.face_encodings(image, places)\n"
    )
    found = read({"app.py": text})
    assert places(found.threads) == ["app.py:8"], "encoding at import and with known places uses no detector"
    assert found.preload == ()


@pytest.mark.parametrize(
    "text",
    [
        "import threading\nlock = threading.Lock()\ndef f(i):\n    with lock:\n        return fr.face_locations(i)\n",
        "import threading\nguard = threading.Lock()\ndef f(i):\n    with guard:\n        return g(i)\n"
        "def g(i):\n    return fr.face_encodings(i)\n",
        "def f(i):\n    return fr.face_locations(i, model='cnn')\n",
        "def f(i, boxes):\n    return fr.face_encodings(i, known_face_locations=boxes)\n",
        "def load():\n    return fr.face_encodings('me.jpg')\nknown = load()\n",
        "from concurrent.futures import ThreadPoolExecutor\none = ThreadPoolExecutor(max_workers=1)\n"
        "def f(i):\n    return one.submit(look, i).result()\ndef look(i):\n    return fr.face_locations(i)\n",
        "if __name__ == '__main__':\n    print(fr.face_locations('x'))\n",
        "def main():\n    print(fr.face_locations('x'))\nif __name__ == '__main__':\n    main()\n",
    ],
    ids=[
        "lock",
        "lock around the caller",
        "cnn",
        "told where",
        "only at import",
        "one thread",
        "script",
        "main",
    ],
)
def test_guarded_detection_is_no_hazard(text: str) -> None:
    found = read({"app.py": FLASK + "import face_recognition as fr\n" + text})
    assert found.threads == ()


@pytest.mark.parametrize(
    "text",
    [
        "def f(i):\n    return fr.face_locations(i)\n",
        "def f(i):\n    return fr.face_encodings(i, None)\n",
        "def f(i):\n    with open('x'):\n        return fr.face_locations(i)\n",
        "from concurrent.futures import ThreadPoolExecutor\nfour = ThreadPoolExecutor(max_workers=4)\n"
        "def f(i):\n    return four.submit(look, i).result()\ndef look(i):\n    return fr.face_locations(i)\n",
        "import threading\nlock = threading.Lock()\ndef f(i):\n    with lock:\n        g(i)\n    return g(i)\n"
        "def g(i):\n    return fr.face_locations(i)\n",
        "class Finder:\n    def find(self, i):\n        return fr.face_locations(i)\nfinder = Finder()\n"
        "@app.post('/')\ndef view():\n    return finder.find(1)\n",
        "app.add_url_rule('/', view_func=lambda: fr.face_locations(1))\n",
    ],
    ids=["plain", "told nothing", "other context", "four threads", "lock left out once", "method", "lambda"],
)
def test_unguarded_detection_is_one(text: str) -> None:
    found = read({"app.py": FLASK + "import face_recognition as fr\n" + text})
    assert len(found.threads) == 1


def test_a_detector_of_the_module_is_shared_and_one_per_thread_is_not() -> None:
    shared = (
        "import dlib\ndetector = dlib.get_frontal_face_detector()\ndef f(i):\n    return detector(i, 1)\n"
    )
    assert places(read({"app.py": shared}).threads) == ["app.py:4"]
    elsewhere = "import faces\ndef f(i):\n    return faces.detector(i)\n"
    found = read(
        {"app.py": elsewhere, "faces.py": "import dlib\ndetector = dlib.get_frontal_face_detector()\n"}
    )
    assert places(found.threads) == ["app.py:3"]
    own = (
        "import dlib\ndef f(i):\n    detector = dlib.get_frontal_face_detector()\n    return detector(i, 1)\n"
    )
    assert read({"app.py": own}).threads == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import psycopg2\nconnection = psycopg2.connect('x')\n", 2),
        ("from psycopg2 import connect as c\ndb = c('x')\n", 2),
        ("from pymongo import MongoClient\nclient = MongoClient('x')\n", 2),
        ("import sqlite3\ndef get():\n    return sqlite3.connect('x')\ndb = get()\n", 3),
        ("from sqlalchemy import create_engine\nengine = create_engine('x')\nc = engine.connect()\n", 3),
        ("from db import db\nwith app.app_context():\n    db.create_all()\n", 3),
        ("import threading\nthreading.Thread(target=print).start()\n", 2),
        ("from threading import Thread\nt = Thread(target=print)\nt.daemon = True\nt.start()\n", 4),
        ("import apscheduler.schedulers.background as b\ns = b.BackgroundScheduler()\ns.start()\n", 3),
        ("import threading\nclass W(threading.Thread):\n    pass\nW().start()\n", 4),
        ("import prometheus_client\nprometheus_client.start_http_server(8000)\n", 2),
        ("from tensorflow.keras.models import load_model\nmodel = load_model('m.h5')\n", 2),
        ("import torch\nmodel = torch.load('m.pt')\n", 2),
        ("import grpc\nchannel = grpc.insecure_channel('x')\n", 2),
        ("def make():\n    import sqlite3\n    x.db = sqlite3.connect('x')\n    return x\napp = make()\n", 3),
    ],
)  # fmt: skip
def test_what_import_leaves_behind(text: str, line: int) -> None:
    assert places(read({"app.py": text, "db.py": ""}).preload) == [f"app.py:{line}"]


@pytest.mark.parametrize(
    "text",
    [
        "import sqlite3\ndef get():\n    return sqlite3.connect('x')\n",
        "import sqlite3\ndb = sqlite3.connect('x')\ndb.execute('')\ndb.close()\n",
        "import sqlite3\ndef make():\n    db = sqlite3.connect('x')\n    db.execute('')\nmake()\n",
        "from sqlalchemy import create_engine\nengine = create_engine('x')\n",
        "from pymongo import MongoClient\nclient = MongoClient('x', connect=False)\n",
        "import redis\nr = redis.from_url('x')\n",
        "import requests\nsession = requests.Session()\n",
        "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\n",
        "import threading\nif __name__ == '__main__':\n    threading.Thread(target=print).start()\n",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(4)\n",
        "import threading\ndef later():\n    threading.Thread(target=print).start()\n",
    ],
)
def test_what_import_does_not_leave_behind(text: str) -> None:
    assert read({"app.py": text}).preload == ()


def test_a_factory_that_gunicorn_calls_runs_before_the_fork() -> None:
    files = {
        "pkg/__init__.py": "from .db import start\ndef create_app():\n    start()\n    return object()\n",
        "pkg/db.py": "import psycopg2\ndef start():\n    global conn\n    conn = psycopg2.connect('x')\n",
    }
    assert places(read(files, "pkg:create_app()").preload) == ["pkg/db.py:4"]
    assert read(files, "pkg:app").preload == ()


def test_imports_are_followed_through_packages_folders_and_functions() -> None:
    files = {
        "src/site/wsgi.py": "from .factory import make\napp = make()\n",
        "src/site/__init__.py": "",
        "src/site/factory.py": "def make():\n    from . import jobs\n    return 1\n",
        "src/site/jobs.py": "import threading\nthreading.Thread(target=print).start()\n",
    }
    assert places(read(files, "site.wsgi:app", ("src", "")).preload) == ["src/site/jobs.py:2"]


def test_django_apps_are_read() -> None:
    files = {
        "proj/__init__.py": "",
        "proj/settings.py": "INSTALLED_APPS = ['django.contrib.admin', 'jobs']\nROOT_URLCONF = 'proj.urls'\n",
        "proj/urls.py": "from jobs import views\n",
        "proj/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')\napplication = get_wsgi_application()\n",
        "jobs/__init__.py": "",
        "jobs/apps.py": "from .scheduler import start\nclass Jobs(AppConfig):\n    def ready(self):\n        start()\n",
        "jobs/scheduler.py": "from apscheduler.schedulers.background import BackgroundScheduler\n"
        "def start():\n    s = BackgroundScheduler()\n    s.start()\n",
        "jobs/views.py": "import matplotlib.pyplot as plt\ndef chart(request):\n    plt.plot([1])\n",
    }
    found = read(files, "proj.wsgi")
    assert found.gaps == ()
    assert places(found.preload) == ["jobs/scheduler.py:4"]
    assert places(found.threads) == ["jobs/views.py:3"]


WSGI = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'conf.production')\n"


@pytest.mark.parametrize(
    ("base", "complete"),
    [
        (
            "DJANGO_APPS = ['django.contrib.auth']\nLOCAL_APPS = ['jobs']\nINSTALLED_APPS = DJANGO_APPS + LOCAL_APPS\n",
            True,
        ),
        ("INSTALLED_APPS = ['django.contrib.auth', *LOCAL_APPS]\nINSTALLED_APPS += ('jobs',)\n", True),
        ("INSTALLED_APPS = ['jobs'] + read_apps()\n", False),
        ("DEBUG = True\n", False),
    ],
)
def test_django_settings_in_several_files(base: str, complete: bool) -> None:
    files = {
        "app.py": WSGI,
        "conf/__init__.py": "",
        "conf/production.py": "from .base import *\nDEBUG = False\n",
        "conf/base.py": base,
        "jobs/__init__.py": "",
        "jobs/models.py": "import sqlite3\ndb = sqlite3.connect('x')\n",
    }
    found = read(files)
    assert found.complete == complete
    assert places(found.preload) == (["jobs/models.py:2"] if "jobs" in base else [])


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"app.py": "def broken(:\n"},
        {"app.py": "import importlib\nfor n in names:\n    importlib.import_module(n)\n"},
        {"app.py": "import sys\nsys.path.append('vendor')\nimport thing\n"},
        {"app.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'gone')\n"},
        {"app.py": "import engine\n", "libs/engine/__init__.py": "import threading\n"},
    ],
    ids=["missing", "broken", "dynamic", "path", "settings", "elsewhere"],
)
def test_what_cannot_be_followed_is_said(files: dict[str, str]) -> None:
    assert not read(files).complete


def test_many_and_circular_modules_end() -> None:
    files = {f"m{n}.py": f"import m{n + 1}\nimport m0\n" for n in range(300)}
    found = read({"app.py": "import m0\n", **files})
    assert found.gaps == ("the app is too large to follow all of its imports",)
    assert read({"app.py": "import b\n", "b.py": "import app\nfrom app import *\nx = y()\n"}).complete


def test_a_variable_of_the_module_that_a_view_assigns() -> None:
    view = "count = 0\n@app.get('/')\ndef view():\n    global count\n    count += 1\n"
    assert places(read({"app.py": FLASK + view}).threads) == ["app.py:7"]
    once = "model = None\n@app.get('/')\ndef view():\n    global model\n    if model is None:\n        model = 1\n"
    assert read({"app.py": FLASK + once}).threads == ()
    at_start = "count = 0\ndef setup():\n    global count\n    count = 1\nsetup()\n"
    assert read({"app.py": FLASK + at_start}).threads == ()


def test_long_chains_of_calls_and_star_imports_end() -> None:
    chain = "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(3000))
    text = f"import face_recognition as fr\n{chain}def f3000():\n    fr.face_locations(1)\n"
    assert len(read({"app.py": text}).threads) == 1
    everything = "".join(f"from m{n} import *\n" for n in range(60))
    files = {f"m{n}.py": everything for n in range(60)}
    assert read({"app.py": f"{everything}app = create_app()\nx = a.b.c()\n", **files}).complete
