# app_process of the double: runs uiautomator2's server, as that answers over HTTP (uiautomator2 3.7, core.py), and
# nothing else. What it runs is not in the jar here, which must only be there.
import ctypes
import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_NOT_FOUND, _FAILED = -32601, -32001


def call_itself(words):
    library = ctypes.CDLL(None)
    library.prctl(15, words[0].encode(), 0, 0, 0)
    with open("/proc/self/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    text = "\0".join(words).encode()
    ctypes.memmove(start, text[: end - start - 1].ljust(end - start, b"\0"), end - start)


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(b"pong" if self.path == "/ping" else b"", 200 if self.path == "/ping" else 404)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = {"jsonrpc": "2.0", "id": asked["id"]}
        if asked["method"] != "dumpWindowHierarchy" or [type(one) for one in asked["params"]] != [bool, int, bool]:
            told["error"] = {"code": _NOT_FOUND, "message": "method not found", "data": ""}
        else:
            done = subprocess.run(["/system/bin/uia2-windows"], capture_output=True, text=True, check=False)
            failed = {"code": _FAILED, "message": done.stderr, "data": "at a.b.C"}
            told.update({"error": failed} if done.returncode else {"result": done.stdout})
        self.answer(json.dumps(told).encode(), 200 if self.path == "/jsonrpc/0" else 404)

    def answer(self, data, status):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main():
    words, program = sys.argv[1:], os.environ.get("CLASSPATH", "")
    call_itself(["app_process", *words])
    if words[:2] != ["/", "com.wetest.uia2.Main"] or not os.path.isfile(program):
        sys.exit("java.lang.ClassNotFoundException: com.wetest.uia2.Main")
    print("[server] INFO: [UiAutomator2Server] Starting Server", flush=True)
    ThreadingHTTPServer(("", int(words[words.index("-p") + 1])), Server).serve_forever()


main()
