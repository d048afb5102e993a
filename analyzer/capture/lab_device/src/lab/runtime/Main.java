package lab.runtime;

import android.app.ActivityThread;
import android.os.Handler;
import android.os.Looper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** Starts one process of a lab app: the control line, the main looper, then the app's own lifecycle. */
public final class Main {
    private static final int CRASHED = 10;
    private static final long BETWEEN_TRIES_NS = 20_000_000;

    private Main() {}

    /** Runs until the app ends; exit code 10 after a crash. */
    public static void main(String[] arguments) throws Exception {
        System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        Thread.setDefaultUncaughtExceptionHandler(Main::crash);
        App.load();
        Persona.load(System.getProperty("lab.persona"));
        System.setProperty("http.agent", "Dalvik/2.1.0 (Linux; U; Android 7.1.2; Lab One Build/N2G47O)");
        Permissions.install();
        Control.connect();
        Runtime.getRuntime().addShutdownHook(new Thread(Main::exited, "lab-exit"));
        Looper.prepareMainLooper();
        new Handler(Looper.getMainLooper()).post(Main::bind);
        Control.listen();
        Looper.loop();
    }

    private static void bind() {
        ActivityThread.bindApplication(App.fact("application", "android.app.Application"));
        if (App.isMainProcess()) {
            String activity = App.fact("activity", "");
            if (!activity.isEmpty()) {
                ActivityThread.launch(activity);
            }
            return;
        }
        String service = App.serviceOfThisProcess();
        if (service != null) {
            ActivityThread.startService(service, null);
        }
    }

    private static void exited() {
        Control.event("exited", "reason", "ended by itself");
    }

    private static void crash(Thread thread, Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace, true));
        Logcat.line('E', "AndroidRuntime", "FATAL EXCEPTION: " + thread.getName() + "\nProcess: " + App.processName() + "\n" + trace);
        Control.event("crashed", "thread", thread.getName(), "trace", trace.toString());
        die(CRASHED);
    }

    /**
     * Ends the process at once, whatever comes between: when the analyzer is killed, its agent is taken out of this
     * process just now, and for a moment a hooked method is neither the agent's nor itself and throws.
     */
    static void die(int code) {
        while (true) {
            try {
                Runtime.getRuntime().halt(code);
            } catch (Throwable refused) {
                LockSupport.parkNanos(BETWEEN_TRIES_NS);
            }
        }
    }
}
