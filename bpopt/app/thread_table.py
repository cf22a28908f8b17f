"""What is known to go wrong when two threads do it at once, by the name that is called. Checked 2026-11-24."""

from __future__ import annotations

from bpopt.app.known import Known

# Objects that two threads must not use at once: made at the level of a module, used in a function.
SHARED_OBJECTS = (
    Known(
        ("dlib.get_frontal_face_detector", "dlib.fhog_object_detector", "dlib.simple_object_detector"),
        "a dlib detector, which changes while it works",
        "https://github.com/davisking/dlib/issues/340",
    ),
    Known(
        ("mediapipe.solutions.*",),
        "a MediaPipe graph, which takes one picture at a time",
        "https://github.com/google-ai-edge/mediapipe/issues/1553",
    ),
    Known(
        ("cv2.CascadeClassifier", "cv2.dnn.*", "cv2.face.*", "cv2.VideoCapture", "cv2.createBackgroundSubtractor*",
         "cv2.ORB_create", "cv2.SIFT_create", "cv2.FaceDetectorYN", "cv2.FaceRecognizerSF"),
        "an OpenCV object, which threads cannot share",
        "https://github.com/opencv/opencv_contrib/issues/1508",
    ),
    Known(
        ("sqlite3.connect*",),
        "an SQLite connection, which refuses any thread but the one that made it",
        "https://docs.python.org/3/library/sqlite3.html#sqlite3.connect",
    ),
    Known(
        ("pymysql.connect*", "MySQLdb.connect*", "mysql.connector.connect*", "mariadb.connect*", "pymssql.connect*"),
        "a MySQL connection, which threads may not share",
        "https://peps.python.org/pep-0249/#threadsafety",
    ),
    Known(
        ("psycopg2.connect*", "psycopg.connect*", "pyodbc.connect*", "cx_Oracle.connect*", "oracledb.connect*"),
        "a database connection, whose transaction all threads would share",
        "https://www.psycopg.org/docs/usage.html#thread-and-process-safety",
    ),
    Known(
        ("sqlalchemy.orm.Session", "sqlalchemy.orm.sessionmaker()*", "sqlalchemy.create_engine().connect*"),
        "a session or connection of SQLAlchemy, which threads may not share",
        "https://docs.sqlalchemy.org/en/20/orm/session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-concurrent-tasks",
    ),
)  # fmt: skip

# Functions that use what belongs to the whole process: unsafe in any function that two threads may run.
_PYTHON = "https://docs.python.org/3/library/"
SHARED_CALLS = (
    Known(
        ("face_recognition.face_locations", "face_recognition.face_landmarks", "face_recognition.face_encodings",
         "face_recognition.api.face_locations", "face_recognition.api.face_landmarks",
         "face_recognition.api.face_encodings"),
        "uses face_recognition's one detector: two threads in it crash the worker or get each other's faces",
        "https://github.com/ageitgey/face_recognition/issues/1409",
    ),
    Known(
        ("matplotlib.pyplot.*", "pylab.*", "seaborn.*"),
        "draws with pyplot, whose current figure belongs to the whole process",
        "https://matplotlib.org/stable/users/faq.html#work-with-threads",
    ),
    Known(
        ("asyncio.get_event_loop",),
        "asks for the event loop, which only the main thread has",
        _PYTHON + "asyncio-eventloop.html#asyncio.get_event_loop",
    ),
    Known(
        ("signal.signal",),
        "sets a signal handler, which only the main thread may",
        _PYTHON + "signal.html#signal.signal",
    ),
    Known(("locale.setlocale",), "sets the locale of the whole process", _PYTHON + "locale.html#locale.setlocale"),
    Known(("os.chdir",), "changes the folder of the whole process", _PYTHON + "os.html#os.chdir"),
    Known(
        ("contextlib.redirect_stdout", "contextlib.redirect_stderr"),
        "redirects the output of the whole process",
        _PYTHON + "contextlib.html#contextlib.redirect_stdout",
    ),
)  # fmt: skip
REBINDS = Known(
    (), "", "https://docs.python.org/3/faq/library.html#what-kinds-of-global-value-mutation-are-thread-safe"
)

# face_recognition does not detect when it is told where the faces are: function -> position of that argument.
TOLD_WHERE = {"face_encodings": ("known_face_locations", 1), "face_landmarks": ("face_locations", 1)}
