"""What is known to go wrong when it happens before gunicorn forks, by the name that is called. Checked 2026-11-24."""

from __future__ import annotations

from bpopt.app.known import Known

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
STARTS = {"apscheduler.schedulers.": ".start"}
# Beginnings that match a table above and yet do nothing.
HARMLESS = (
    "tensorflow.config", "tensorflow.get_logger", "tensorflow.compat.v1.logging", "tensorflow.autograph",
    "tensorflow.keras.backend.clear_session", "tensorflow.keras.utils.custom_object_scope", "tensorflow.test",
    "tensorflow.__version__", "tensorflow.disable_v2_behavior", "keras.utils.get_custom_objects",
)  # fmt: skip

# Imports that take so long that loading them again for each new worker is felt.
HEAVY = frozenset({
    "cv2", "dlib", "easyocr", "face_recognition", "fastai", "gensim", "insightface", "keras", "librosa", "mediapipe",
    "mxnet", "nltk", "onnxruntime", "pandas", "scipy", "skimage", "sklearn", "spacy", "statsmodels", "tensorflow",
    "torch", "torchvision", "transformers", "ultralytics", "xgboost",
})  # fmt: skip
