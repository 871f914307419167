"""An object store of the tests' own, over HTTP."""

import os
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from staffing.store.places import Place


@contextmanager
def object_store(bucket: str):
    """An empty bucket of a store that speaks S3, and its server."""
    from pyarrow import fs

    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"}
    os.environ.update(keys)
    host, port = server.get_host_and_port()
    options = f"endpoint_override={host}:{port}&scheme=http&allow_bucket_creation=true"
    fs.FileSystem.from_uri(f"s3://{bucket}?{options}")[0].create_dir(bucket)
    try:
        yield Place(f"s3://{bucket}?{options}"), server
    finally:
        server.stop()
        for name in keys:
            del os.environ[name]
