"""The command line: one thin function per workflow; results go to stdout, talk goes to stderr."""
