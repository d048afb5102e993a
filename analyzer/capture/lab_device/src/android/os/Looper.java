package android.os;

public final class Looper {
    private static final ThreadLocal<Looper> OWN = new ThreadLocal<>();
    private static volatile Looper main;

    final MessageQueue queue = new MessageQueue();
    private final Thread thread = Thread.currentThread();

    private Looper() {}

    public static void prepare() {
        if (OWN.get() != null) {
            throw new RuntimeException("Only one Looper may be created per thread");
        }
        OWN.set(new Looper());
    }

    public static void prepareMainLooper() {
        prepare();
        main = myLooper();
    }

    public static Looper getMainLooper() {
        return main;
    }

    public static Looper myLooper() {
        return OWN.get();
    }

    public static void loop() {
        Looper own = myLooper();
        if (own == null) {
            throw new RuntimeException("No Looper; Looper.prepare() wasn't called on this thread.");
        }
        for (Message message = own.queue.next(); message != null; message = own.queue.next()) {
            message.target.dispatchMessage(message);
        }
    }

    public void quit() {
        queue.quit();
    }

    public void quitSafely() {
        queue.quit();
    }

    public Thread getThread() {
        return thread;
    }

    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }
}
