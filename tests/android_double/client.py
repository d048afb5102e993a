# Every program of the framework: hands its words and its three files to the framework, and ends as that says.
# It runs hundreds of times in a test: only what is built into Python is imported.
import _socket as s
import posix
import sys


def word(text):
    return text.encode("utf-8", "surrogateescape")


name = sys.argv[0].rpartition("/")[2]
wire = s.socket(s.AF_UNIX, s.SOCK_STREAM)
try:
    wire.connect("/dev/socket/framework")
except OSError:
    sys.exit("cmd: Can't find service: " + name)
text = b"\0".join([word(posix.getcwd()), posix.environ.get(b"PATH", b""), *map(word, [name, *sys.argv[1:]])])
files = b"".join(number.to_bytes(4, sys.byteorder) for number in range(3))
text = len(text).to_bytes(4, "big") + text
rest = text[wire.sendmsg([text], [(s.SOL_SOCKET, s.SCM_RIGHTS, files)]) :]
if rest:
    wire.sendall(rest)
answer = wire.recv(4)
posix._exit(int.from_bytes(answer, "big", signed=True) & 255 if len(answer) == 4 else 255)
