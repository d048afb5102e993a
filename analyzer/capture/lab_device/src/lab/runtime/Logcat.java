package lab.runtime;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes log lines to standard output as logcat prints them. */
public final class Logcat {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private Logcat() {}

    /** Writes one message; each of its lines gets the prefix. */
    public static void line(char level, String tag, String message) {
        long pid = ProcessHandle.current().pid();
        String prefix = CLOCK.format(LocalDateTime.now()) + String.format(Locale.ROOT, " %5d %5d %c %-8s: ", pid, Thread.currentThread().getId(), level, tag);
        StringBuilder out = new StringBuilder();
        for (String line : String.valueOf(message).split("\n", -1)) {
            out.append(prefix).append(line).append('\n');
        }
        System.out.print(out);
        System.out.flush();
    }
}
