package lab.truth;

import android.app.Application;
import android.util.Log;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes down what the app really read and sent, so that a recording can be held against it: one JSON object per line
 * of the log, under the tag `lab.truth`.
 */
public final class Truth {
    private static final String TAG = "lab.truth";
    private static String phase = "initial";
    private static long sequence;

    private Truth() {}

    /** Says what the person has chosen: `initial`, `accepted` or `refused`; each process knows its own. */
    public static synchronized void phase(String chosen) {
        phase = chosen;
    }

    /** An API returned personal data; `sdk` is the Java package prefix of the caller. */
    public static void read(String api, String dataType, Object value, String sdk) {
        write(start("read", now(), current()) + text("api", api) + text("data_type", dataType)
            + text("value", value == null ? null : value.toString()) + text("sdk", sdk));
    }

    /** An API was asked for personal data and gave none. */
    public static void denied(String api, String dataType, String sdk) {
        read(api, dataType, null, sdk);
    }

    /** A request is about to leave; call it before the first byte. */
    public static Sending sending(String host, String method, String path, String sdk) {
        return new Sending(text("host", host) + text("method", method) + text("path", path), sdk);
    }

    /** One outgoing request and the values in it. */
    public static final class Sending {
        private final List<String> lines = new ArrayList<>();
        private final long instant = now();
        private final String phase = current();
        private final String place;
        private final String sdk;

        private Sending(String place, String sdk) {
            this.place = place;
            this.sdk = sdk;
        }

        /** Notes a value: its carrier and its encodings from outer to inner. */
        public Sending value(String carrier, String dataType, Object value, String... encodings) {
            StringBuilder list = new StringBuilder();
            for (String one : encodings) {
                list.append(list.length() == 0 ? "" : ",").append('"').append(escape(one)).append('"');
            }
            lines.add(start("send", instant, phase) + place + text("carrier", carrier) + ",\"encodings\":[" + list + "]"
                + text("data_type", dataType) + text("value", String.valueOf(value)) + text("sdk", sdk));
            return this;
        }

        /** Writes the lines; `delivered` is false when the connection was refused before anything left. */
        public void done(boolean delivered) {
            for (String line : lines) {
                write(line + ",\"delivered\":" + delivered);
            }
        }
    }

    private static long now() {
        return android.os.SystemClock.elapsedRealtime() * 1000;
    }

    private static synchronized String current() {
        return phase;
    }

    private static String start(String what, long instant, String phase) {
        return "\"mono_us\":" + instant + text("process", Application.getProcessName()) + text("what", what) + text("phase", phase);
    }

    private static synchronized void write(String members) {
        sequence += 1;
        Log.i(TAG, "{\"seq\":" + sequence + "," + members + "}");
    }

    private static String text(String name, String value) {
        return ",\"" + name + "\":" + (value == null ? "null" : "\"" + escape(value) + "\"");
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\' || letter < ' ') {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        return out.toString();
    }
}
