"""python ami_feed.py FILE TIMES: a manager that says what is in FILE, as fast as it is heard, to all who connect."""

import socket
import sys
from pathlib import Path

data, times = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
with socket.create_server(("127.0.0.1", 0)) as listening:
    print(listening.getsockname()[1], flush=True)
    while True:
        connection, _ = listening.accept()
        with connection:
            try:
                connection.sendall(b"Asterisk Call Manager/11.0.0\r\n")
                for _ in range(times):
                    connection.sendall(data)
            except OSError:
                pass  # heard enough
