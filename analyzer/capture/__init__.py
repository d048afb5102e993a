"""Everything that touches a device, a process or a proxy."""
