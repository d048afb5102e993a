from __future__ import annotations

import io
import os
import subprocess
import sys
import threading

from analyzer.capture.proxy_channel import ParentChannel
from analyzer.capture.proxy_messages import ProxyLost, Ready, decode


def test_messages_go_out_one_per_line() -> None:
    out = io.BytesIO()
    channel = ParentChannel(io.BytesIO(), out)
    channel.tell(Ready(1))
    channel.tell(ProxyLost("x"))
    assert [decode(line) for line in out.getvalue().splitlines()] == [Ready(1), ProxyLost("x")]


def test_the_word_stop_stops_and_other_lines_are_handed_on() -> None:
    reader, writer = os.pipe()
    stopped = threading.Event()
    heard: list[bytes] = []
    with os.fdopen(reader, "rb") as commands, os.fdopen(writer, "wb") as parent:
        ParentChannel(commands, io.BytesIO()).listen(stopped.set, heard.append)
        parent.write(b"hello\n")
        parent.flush()
        assert not stopped.wait(0.05)
        parent.write(b"stop\n")
        parent.flush()
        assert stopped.wait(60)
    assert heard == [b"hello\n"]


def test_a_parent_that_no_longer_listens_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    messages = os.fdopen(writer, "wb", buffering=0)
    ParentChannel(io.BytesIO(), messages).tell(Ready(1))
    messages.close()


CHILD = """
import threading, time
from analyzer.capture import proxy_channel
from analyzer.capture.proxy_messages import Ready
proxy_channel.ORPHAN_GRACE_S = 0.1
channel = proxy_channel.process_channel()
print("just talk")
channel.tell(Ready(7))
channel.listen(lambda: channel.tell(Ready(8)), print)
time.sleep(60)
"""


def test_an_orphan_stops_and_is_ended_and_its_prints_stay_out_of_the_messages() -> None:
    done = subprocess.run([sys.executable, "-c", CHILD], input=b"", capture_output=True, timeout=60, check=False)
    assert [decode(line) for line in done.stdout.splitlines()] == [Ready(7), Ready(8)]
    assert done.returncode == 1
