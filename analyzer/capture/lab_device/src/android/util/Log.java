package android.util;

import java.io.PrintWriter;
import java.io.StringWriter;
import lab.runtime.Logcat;

public final class Log {
    Log() {}

    private static int write(char level, String tag, String msg) {
        Logcat.line(level, tag, msg);
        return msg == null ? 4 : msg.length();
    }

    public static int v(String tag, String msg) {
        return write('V', tag, msg);
    }

    public static int d(String tag, String msg) {
        return write('D', tag, msg);
    }

    public static int i(String tag, String msg) {
        return write('I', tag, msg);
    }

    public static int w(String tag, String msg) {
        return write('W', tag, msg);
    }

    public static int w(String tag, String msg, Throwable tr) {
        return write('W', tag, msg + '\n' + getStackTraceString(tr));
    }

    public static int e(String tag, String msg) {
        return write('E', tag, msg);
    }

    public static int e(String tag, String msg, Throwable tr) {
        return write('E', tag, msg + '\n' + getStackTraceString(tr));
    }

    public static String getStackTraceString(Throwable tr) {
        if (tr == null) {
            return "";
        }
        StringWriter out = new StringWriter();
        tr.printStackTrace(new PrintWriter(out, true));
        return out.toString();
    }
}
