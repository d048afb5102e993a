"""The command `analyzer`."""

import sys

try:
    from analyzer.cli.main import main
except KeyboardInterrupt:  # Ctrl-C while the libraries load: nothing has begun yet
    sys.stderr.write("Interrupted before anything was done.\n")
    sys.exit(130)

if __name__ == "__main__":
    main()
