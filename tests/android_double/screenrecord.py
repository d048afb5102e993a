# screenrecord of the double. As Android's does: something is in the file once there was a picture, and only its end, by
# a signal or the limit, makes it readable. It is a program of its own, not one of the framework: signals reach it.
import ctypes
import signal
import sys
import time

_MOST = 180


def call_itself(words):
    """Be to `pidof` what a binary is: this is a script, whose first word is Python's."""
    library = ctypes.CDLL(None)
    library.prctl(15, words[0].encode(), 0, 0, 0)
    with open("/proc/self/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    text = "\0".join(words).encode()
    ctypes.memmove(start, text[: end - start - 1].ljust(end - start, b"\0"), end - start)


def main():
    call_itself(["screenrecord", *sys.argv[1:]])
    options, path = dict(zip(sys.argv[1:-1:2], sys.argv[2:-1:2], strict=True)), sys.argv[-1]
    limit = int(options.get("--time-limit", _MOST))
    if set(options) - {"--time-limit", "--bit-rate"} or not 1 <= limit <= _MOST:
        sys.exit(f"Time limit {limit} is outside acceptable range [1,{_MOST}]" if limit else "unrecognized option")
    over = []
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: over.append(1))
    end = time.monotonic() + limit
    with open(path, "wb", buffering=0) as file:
        while not over and time.monotonic() < end:
            if not file.tell():
                file.write(b"\0\0\0\x18ftypmp42\0\0\0\0isommp42")
            file.write(f"{time.monotonic()}\n".encode())
            time.sleep(0.05)
        file.write(b"\0\0\0\x08moov")


main()
