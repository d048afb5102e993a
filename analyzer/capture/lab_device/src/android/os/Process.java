package android.os;

public class Process {
    public Process() {}

    public static final int myPid() {
        return (int) ProcessHandle.current().pid();
    }

    public static final int myUid() {
        return 10086;
    }

    public static final int myTid() {
        return (int) Thread.currentThread().getId();
    }

    public static final void killProcess(int pid) {
        if (pid == myPid()) {
            lab.runtime.Control.event("exited", "reason", "killed by itself");
            Runtime.getRuntime().halt(0);
        }
    }

    public static final void setThreadPriority(int priority) {}
}
