"""A small process that speaks the control protocol as a lab JVM does; `argv`: control address, token, name, wish."""

import json
import os
import socket
import sys
import threading
import time

address, token, name, wish = sys.argv[1:5]
host, port = address.split(":")
print(f"{name} wishes {wish}", flush=True)
if wish == "die-early":
    os._exit(3)
line = socket.create_connection((host, int(port)))


def say(message):
    line.sendall(json.dumps(message).encode() + b"\n")


def obey():
    for text in line.makefile("rb"):
        asked = json.loads(text)
        if asked["do"] == "stop" and wish == "hang":
            continue
        say({"id": asked["id"], "ok": {"did": asked["do"], "x": asked.get("x", 0)}})
        if asked["do"] == "stop":
            say({"event": "exited", "reason": "stopped"})
            os._exit(0)
    if wish != "hang":
        os._exit(0)


say({"hello": {"process": name, "pid": os.getpid(), "token": token}})
say({"event": "resumed", "activity": "Main"})
threading.Thread(target=obey, daemon=True).start()
if wish == "second" and ":" not in name:
    for _ in range(3):
        say({"event": "start_process", "name": f"{name}:remote", "component": "S"})
    say({"event": "start_process", "name": "/bin/sh", "component": "S"})
    say({"event": "start_process", "name": "org.other:remote", "component": "S"})
if wish == "crash":
    say({"event": "crashed", "trace": "java.lang.IllegalStateException: boom"})
    os._exit(10)
if wish == "exit":
    say({"event": "exited", "reason": "ended by itself"})
    os._exit(0)
if wish == "vanish":
    print("last words", flush=True)
    os._exit(9)
if wish == "cut":
    line.shutdown(socket.SHUT_RDWR)
time.sleep(600)
