"""What is known to go wrong under `--preload` and `--threads`, by the name that is called. Checked 2026-11-24."""

from __future__ import annotations

from typing import NamedTuple


class Known(NamedTuple):
    """One thing known of the calls of some names, what it is, and where that is written.

    Names have variables traced to what they were made of; one that ends in `*` stands for all that begin so.
    """

    names: tuple[str, ...]
    what: str
    url: str


_FORK = "https://docs.sqlalchemy.org/en/20/core/pooling.html#using-connection-pools-with-multiprocessing-or-os-fork"
_LIBPQ = "https://www.postgresql.org/docs/current/libpq-connect.html"
_THREADS = "https://github.com/benoitc/gunicorn/issues/1666"
_LIBRDKAFKA = "https://github.com/confluentinc/confluent-kafka-python/issues/351"
_GRPC = "https://github.com/grpc/grpc/blob/master/doc/fork_support.md"
_MODELS = "https://github.com/pytorch/pytorch/issues/49555"
_KERAS = "https://github.com/benoitc/gunicorn/issues/2369"

# Connections that are open when the call returns: forked workers would all talk over the same one.
CONNECTIONS = (
    Known(("sqlite3.connect",), "opens an SQLite connection", "https://www.sqlite.org/howtocorrupt.html"),
    Known(
        ("psycopg2.connect", "psycopg.connect", "psycopg2.pool.*", "psycopg_pool.*", "pg8000.connect"),
        "opens a PostgreSQL connection",
        _LIBPQ,
    ),
    Known(
        (
            "pymysql.connect", "MySQLdb.connect", "MySQLdb.Connection", "mysql.connector.connect", "mariadb.connect",
            "mysql.connector.pooling.*", "pymysql.connections.Connection",
        ),
        "opens a MySQL connection",
        _FORK,
    ),
    Known(
        ("pyodbc.connect", "cx_Oracle.connect", "oracledb.connect", "pymssql.connect", "snowflake.connector.connect"),
        "opens a database connection",
        _FORK,
    ),
    Known(
        ("sqlalchemy.create_engine().connect", "sqlalchemy.create_engine().execute", "sqlalchemy.create_engine().begin",
         "sqlalchemy.create_engine().raw_connection", "sqlalchemy.orm.sessionmaker()().*", "sqlalchemy.inspect"),
        "takes a connection from the engine's pool",
        _FORK,
    ),
    Known(
        ("pymongo.MongoClient", "pymongo.mongo_client.MongoClient", "mongoengine.connect"),
        "makes a MongoClient, which is not fork-safe",
        "https://pymongo.readthedocs.io/en/stable/faq.html#is-pymongo-fork-safe",
    ),
    Known(
        ("grpc.insecure_channel", "grpc.secure_channel", "google.cloud.firestore.Client", "google.cloud.pubsub_v1.*",
         "google.cloud.spanner.Client", "firebase_admin.firestore.client"),
        "opens a gRPC channel",
        _GRPC,
    ),
    Known(
        ("kafka.KafkaProducer", "kafka.KafkaConsumer", "confluent_kafka.Producer", "confluent_kafka.Consumer"),
        "starts a Kafka client with threads and sockets of its own",
        _LIBRDKAFKA,
    ),
    Known(
        ("socket.create_connection", "socket.socket().connect", "smtplib.SMTP", "ftplib.FTP", "imaplib.IMAP4",
         "telnetlib.Telnet", "paramiko.SSHClient().connect", "ldap3.Connection", "websocket.create_connection",
         "paho.mqtt.client.Client().connect", "pika.BlockingConnection",
         "cassandra.cluster.Cluster().connect", "serial.Serial"),
        "opens a socket",
        _FORK,
    ),
)  # fmt: skip

# Calls on anything: `db.create_all()`, `Base.metadata.create_all(engine)`, `User.objects.get()`.
QUERIES = (
    ".create_all", ".session.query", ".session.execute", ".session.commit", ".objects.get", ".objects.create",
    ".objects.first", ".objects.count", ".objects.exists", ".objects.get_or_create", ".objects.update_or_create",
    ".objects.bulk_create", ".query.first", ".query.all", ".query.count", ".connection.cursor",
)  # fmt: skip
QUERY = Known((), "queries the database, whose connection then stays open in the pool", _FORK)

# What is running when the call returns, and does not exist in a forked worker.
THREADS = (
    Known(("threading.Thread().start", "threading.Timer().start", "Thread().start", "_thread.start_new_thread"),
          "starts a thread", _THREADS),
    Known(
        ("apscheduler.schedulers.*", "flask_apscheduler.APScheduler().start", "rocketry.*", "schedule.run_pending"),
        "starts a scheduler",
        "https://github.com/benoitc/gunicorn/issues/1045",
    ),
    Known(
        ("multiprocessing.Process().start", "multiprocessing.Pool", "multiprocessing.Manager",
         "multiprocessing.pool.*", "concurrent.futures.ProcessPoolExecutor().submit",
         "concurrent.futures.ProcessPoolExecutor().map"),
        "starts processes",
        "https://docs.python.org/3/library/multiprocessing.html#contexts-and-start-methods",
    ),
    Known(
        ("concurrent.futures.ThreadPoolExecutor().submit", "concurrent.futures.ThreadPoolExecutor().map",
         "concurrent.futures.thread.ThreadPoolExecutor().submit", "prometheus_client.start_http_server",
         "watchdog.observers.Observer().start", "paho.mqtt.client.Client().loop_start", "ldclient.set_config",
         "telegram.ext.Updater().start_polling"),
        "starts threads",
        _THREADS,
    ),
    Known(
        ("tensorflow.*", "keras.models.load_model", "keras.*", "tflearn.*", "tensorflow_hub.*"),
        "uses TensorFlow, whose threads do not survive the fork",
        _KERAS,
    ),
    Known(
        ("torch.load", "torch.hub.*", "torch.jit.*", "transformers.pipeline", "transformers.Auto*", "stanza.*",
         "sentence_transformers.*", "ultralytics.*", "easyocr.*", "whisper.*", "facenet_pytorch.*", "insightface.*",
         "onnxruntime.InferenceSession", "fastai.*", "deepface.*", "detoxify.*", "flair.*"),
        "loads a model whose native threads may hang in forked workers",
        _MODELS,
    ),
)  # fmt: skip

# Factories of schedulers and models are harmless; these ends make them run.
STARTS = {"apscheduler.schedulers.*": ".start"}
# Beginnings that match a table above and yet do nothing.
HARMLESS = (
    "tensorflow.config", "tensorflow.get_logger", "tensorflow.compat.v1.logging", "tensorflow.autograph",
    "tensorflow.keras.backend.clear_session", "tensorflow.keras.utils.custom_object_scope", "tensorflow.test",
    "tensorflow.__version__", "tensorflow.disable_v2_behavior", "keras.utils.get_custom_objects",
)  # fmt: skip

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

# Imports that take so long that loading them again for each new worker is felt.
HEAVY = frozenset({
    "cv2", "dlib", "easyocr", "face_recognition", "fastai", "gensim", "insightface", "keras", "librosa", "mediapipe",
    "mxnet", "nltk", "onnxruntime", "pandas", "scipy", "skimage", "sklearn", "spacy", "statsmodels", "tensorflow",
    "torch", "torchvision", "transformers", "ultralytics", "xgboost",
})  # fmt: skip
